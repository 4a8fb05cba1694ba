//! Choosing the settings automatically.

use kizumi_method::tuning::Comparison;

/// Choosing the settings automatically.
pub struct Tuning {
    pub open: &'static str,
    pub open_help: &'static str,
    pub heading: &'static str,
    pub help: &'static str,
    pub close: &'static str,
    pub start: &'static str,
    pub stop: &'static str,
    pub adopt: &'static str,
    pub adopt_help: &'static str,
    /// How many settings were tried.
    pub tried: fn(usize) -> String,
    pub nothing_yet: &'static str,
    pub plot: &'static str,
    pub axis: &'static str,
    pub lower: &'static str,
    pub same: &'static str,
    pub higher: &'static str,
    pub before: &'static str,
    pub best: &'static str,
    pub map: &'static str,
    /// In the order of [`kizumi_method::config::MapKind`].
    pub kinds: [&'static str; 3],
    pub relative: &'static str,
    pub smoothing: &'static str,
    pub pixels: &'static str,
    pub precision: &'static str,
    pub images: &'static str,
    pub nothing_better: &'static str,
    pub stays: fn(&Comparison) -> String,
    pub better: fn(&Comparison) -> String,
}

/// English.
pub static ENGLISH: Tuning = Tuning {
    open: "Auto…",
    open_help: "Tries many settings on the held-out normal images, with synthetic defects drawn \
        onto them, and proposes better ones.",
    heading: "Automatic settings",
    help: "Synthetic defects on held-out normal images. Nothing changes until it is taken over.",
    close: "Close",
    start: "Search again",
    stop: "Stop",
    adopt: "Adopt",
    adopt_help: "Takes these settings over and measures the normal images again. Undo brings the \
        parameters back.",
    tried: |count| format!("{count} settings tried"),
    nothing_yet: "Reading the normal images…",
    plot: "Mean of pixel and image AUROC by step size α",
    axis: "Found ↑ by step size α",
    lower: "λ lower",
    same: "λ as before",
    higher: "λ higher",
    before: "as before",
    best: "best",
    map: "Map",
    kinds: ["Pixels", "Structure", "Both"],
    relative: "relative",
    smoothing: "Smoothing",
    pixels: "Pixel AUROC",
    precision: "Precision",
    images: "Image AUROC",
    nothing_better: "Nothing was better than the settings as they are.",
    stays: |comparison| {
        format!(
            "The settings stay: on new defects the best one gains {:+.3}, at least {:+.3} are wanted.",
            comparison.gain(),
            comparison.margin()
        )
    },
    better: |comparison| {
        format!(
            "Better settings: on new defects they gain {:+.3} ({:.3} instead of {:.3}).",
            comparison.gain(),
            comparison.found.criterion(),
            comparison.start.criterion()
        )
    },
};

/// Japanese.
pub static JAPANESE: Tuning = Tuning {
    open: "自動調整…",
    open_help: "学習に使わなかった良品に人工の欠陥を描き、多数の設定を試して、より良い設定を提案します。",
    heading: "設定の自動調整",
    help: "良品に描いた人工の欠陥で試します。採用するまで何も変わりません。",
    close: "閉じる",
    start: "もう一度試す",
    stop: "中止",
    adopt: "採用",
    adopt_help: "この設定を採用し、良品を再測定します。パラメータは元に戻せます。",
    tried: |count| format!("{count} 通りの設定を試しました"),
    nothing_yet: "良品を読み込み中…",
    plot: "ステップ幅 α ごとの画素 AUROC と画像 AUROC の平均",
    axis: "ステップ幅 α ごとの検出性能 ↑",
    lower: "λ が小さい",
    same: "λ は現在値",
    higher: "λ が大きい",
    before: "現在の設定",
    best: "最良",
    map: "マップ",
    kinds: ["画素", "構造", "両方"],
    relative: "相対",
    smoothing: "平滑化",
    pixels: "画素 AUROC",
    precision: "適合率",
    images: "画像 AUROC",
    nothing_better: "現在の設定より良い設定はありませんでした。",
    stays: |comparison| {
        format!(
            "現在の設定のままです。新しい欠陥での最良の差は {:+.3}、必要な差は {:+.3} です。",
            comparison.gain(),
            comparison.margin()
        )
    },
    better: |comparison| {
        format!(
            "より良い設定です。新しい欠陥での差は {:+.3}（{:.3}、現在は {:.3}）です。",
            comparison.gain(),
            comparison.found.criterion(),
            comparison.start.criterion()
        )
    },
};
