//! The panel of frame times.

/// The panel of frame times.
pub struct Timing {
    pub title: &'static str,
    pub frames: &'static str,
    pub frames_help: &'static str,
    pub responses: &'static str,
    pub responses_help: &'static str,
    /// Number, median, 95th percentile, 99th percentile, all but the first in milliseconds.
    pub summary: fn(usize, f32, f32, f32) -> String,
    pub none: &'static str,
    pub clear: &'static str,
}

/// English.
pub static ENGLISH: Timing = Timing {
    title: "Frame times (F12)",
    frames: "Frame",
    frames_help: "Work of the window's thread for one frame. The line marks 33 ms.",
    responses: "Parameter to picture",
    responses_help: "From a changed parameter to the first new iterate on screen.",
    summary: |number, median, p95, p99| {
        format!("{number}: median {median:.1} ms, 95 % {p95:.1} ms, 99 % {p99:.1} ms")
    },
    none: "nothing measured yet",
    clear: "Start over",
};

/// Japanese.
pub static JAPANESE: Timing = Timing {
    title: "フレーム時間（F12）",
    frames: "フレーム",
    frames_help: "1フレームの画面処理にかかった時間です。線は33 msを示します。",
    responses: "設定変更から表示まで",
    responses_help: "設定を変えてから最初の新しい反復画像が表示されるまでの時間です。",
    summary: |number, median, p95, p99| {
        format!("{number}回：中央値 {median:.1} ms、95 % {p95:.1} ms、99 % {p99:.1} ms")
    },
    none: "まだ計測していません",
    clear: "計測し直す",
};
