//! The panel of frame times.

use kizumi_report::words;

words! {
    /// The panel of frame times.
    pub struct Timing;

    title = "Frame times (F12)", "フレーム時間（F12）";
    frames = "Frame", "フレーム";
    frames_help = "Work of the window's thread for one frame. The line marks 33 ms.",
        "1フレームの画面処理にかかった時間です。線は33 msを示します。";
    responses = "Parameter to picture", "設定変更から表示まで";
    responses_help = "From a changed parameter to the first new iterate on screen.",
        "設定を変えてから最初の新しい反復画像が表示されるまでの時間です。";
    /// Number, median, 95th percentile, 99th percentile, all but the first in milliseconds.
    summary: fn(usize, f32, f32, f32) -> String =
        |number, median, p95, p99| {
            format!("{number}: median {median:.1} ms, 95 % {p95:.1} ms, 99 % {p99:.1} ms")
        },
        |number, median, p95, p99| {
            format!("{number}回：中央値 {median:.1} ms、95 % {p95:.1} ms、99 % {p99:.1} ms")
        };
    none = "nothing measured yet", "まだ計測していません";
    clear = "Start over", "計測し直す";
}
