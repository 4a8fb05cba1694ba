//! Choosing the settings automatically.

use kizumi_method::tuning::Comparison;
use kizumi_report::words;

words! {
    /// Choosing the settings automatically.
    pub struct Tuning;

    open = "Auto…", "自動調整…";
    open_help = "Tries many settings on the held-out normal images, with synthetic defects drawn \
        onto them, and proposes better ones.",
        "学習に使わなかった良品に人工の欠陥を描き、多数の設定を試して、より良い設定を提案します。";
    heading = "Automatic settings", "設定の自動調整";
    help = "Synthetic defects on held-out normal images. Nothing changes until it is taken over.",
        "良品に描いた人工の欠陥で試します。採用するまで何も変わりません。";
    close = "Close", "閉じる";
    start = "Search again", "もう一度試す";
    stop = "Stop", "中止";
    adopt = "Adopt", "採用";
    adopt_help = "Takes these settings over and measures the normal images again. Undo brings the \
        parameters back.",
        "この設定を採用し、良品を再測定します。パラメータは元に戻せます。";
    /// How many settings were tried.
    tried: fn(usize) -> String = |count| format!("{count} settings tried"),
        |count| format!("{count} 通りの設定を試しました");
    nothing_yet = "Reading the normal images…", "良品を読み込み中…";
    plot = "Mean of pixel and image AUROC by step size α",
        "ステップ幅 α ごとの画素 AUROC と画像 AUROC の平均";
    axis = "Found ↑ by step size α", "ステップ幅 α ごとの検出性能 ↑";
    lower = "λ lower", "λ が小さい";
    same = "λ as before", "λ は現在値";
    higher = "λ higher", "λ が大きい";
    before = "as before", "現在の設定";
    best = "best", "最良";
    map = "Map", "マップ";
    /// In the order of [`kizumi_method::config::MapKind`].
    kinds: [&'static str; 5] = ["Pixels", "Structure", "Both", "Features", "Features and change"], ["画素", "構造", "両方", "特徴", "特徴と変化"];
    relative = "relative", "相対";
    smoothing = "Smoothing", "平滑化";
    pixels = "Pixel AUROC", "画素 AUROC";
    precision = "Precision", "適合率";
    images = "Image AUROC", "画像 AUROC";
    left = "Defect left", "欠陥の残り";
    nothing_better = "Nothing was better than the settings as they are.",
        "現在の設定より良い設定はありませんでした。";
    stays: fn(&Comparison) -> String =
        |comparison| {
            format!(
                "The settings stay: on new defects the best one gains {:+.3}, at least {:+.3} are wanted.",
                comparison.gain(),
                comparison.margin()
            )
        },
        |comparison| {
            format!(
                "現在の設定のままです。新しい欠陥での最良の差は {:+.3}、必要な差は {:+.3} です。",
                comparison.gain(),
                comparison.margin()
            )
        };
    better: fn(&Comparison) -> String =
        |comparison| {
            format!(
                "Better settings: on new defects they gain {:+.3} ({:.3} instead of {:.3}).",
                comparison.gain(),
                comparison.found.criterion(),
                comparison.start.criterion()
            )
        },
        |comparison| {
            format!(
                "より良い設定です。新しい欠陥での差は {:+.3}（{:.3}、現在は {:.3}）です。",
                comparison.gain(),
                comparison.found.criterion(),
                comparison.start.criterion()
            )
        };
}
