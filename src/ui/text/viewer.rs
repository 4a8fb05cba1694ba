//! The pictures of step 3: layers, comparing, looking closely.

use crate::ui::layers::{Layer, Scale};
use crate::ui::viewing::Compare;

/// The pictures of step 3.
pub struct Viewer {
    /// Title and formula, in the order of [`Layer::ALL`].
    pub layers: [(&'static str, &'static str); Layer::COUNT],
    /// Where a map's range comes from, in the order of [`Scale`].
    pub scales: [&'static str; 3],
    pub large_view: fn(&str) -> String,
    pub computing: &'static str,
    pub no_truth: &'static str,
    pub view_help: &'static str,
    pub fit: &'static str,
    pub fit_help: &'static str,
    pub one_to_one: &'static str,
    pub one_to_one_help: &'static str,
    pub magnification_help: &'static str,
    pub arrangement: &'static str,
    /// In the order of [`Compare::ALL`].
    pub compare: [&'static str; 4],
    pub reference: &'static str,
    pub reference_help: &'static str,
    pub divider: &'static str,
    pub divider_help: &'static str,
    pub onion: &'static str,
    pub flicker_hz: &'static str,
    pub squares: &'static str,
    pub probe: &'static str,
    pub photograph: &'static str,
    pub photograph_waits: &'static str,
    /// The panel.
    pub link: fn(&str) -> String,
    /// The panel.
    pub unlink: fn(&str) -> String,
    pub held: &'static str,
    /// Column, row.
    pub pixel: fn(usize, usize) -> String,
    pub pin_colors: [&'static str; 6],
    pub unpin: fn(&str) -> String,
    pub unpin_all: &'static str,
    pub pin_plot: &'static str,
    pub pin_values: &'static str,
    pub pin_gate: &'static str,
    pub loupe: &'static str,
}

impl Viewer {
    pub fn layer(&self, layer: Layer) -> (&'static str, &'static str) {
        self.layers[layer as usize]
    }

    pub fn scale(&self, scale: Scale) -> &'static str {
        self.scales[scale as usize]
    }

    pub fn compare(&self, compare: Compare) -> &'static str {
        self.compare[compare as usize]
    }
}

/// English.
pub static ENGLISH: Viewer = Viewer {
    layers: [
        ("Original", "x_0"),
        ("Plain reconstruction", "f(x_0)"),
        ("Projected", "x_t"),
        ("Its reconstruction", "f(x_t)"),
        ("Heatmap", "map of x_t"),
        ("Signed difference", "x_t − x_0"),
        ("Gate", "(x_t − f(x_t))²"),
        ("Gradient", "∇E(x_t)"),
        ("Ground truth", "mask"),
        ("Overlay", "x_0 + map"),
    ],
    scales: [
        "scale: 99.5 % of normals",
        "scale: this image only",
        "scale: set by hand",
    ],
    large_view: |name| format!("Large view: {name}"),
    computing: "computing…",
    no_truth: "no ground truth",
    view_help: "Wheel zooms, drag pans, double click fits, click pins a pixel. Hold Space: original.",
    fit: "Fit",
    fit_help: "Shows the whole picture (double click).",
    one_to_one: "1:1",
    one_to_one_help: "One picture pixel on one screen pixel.",
    magnification_help: "Screen pixels per picture pixel.",
    arrangement: "One large picture",
    compare: [
        "Single picture",
        "Swipe: a divider between two pictures",
        "Onion skin: one picture shines through the other",
        "Flicker: two pictures in turn",
    ],
    reference: "Compared with",
    reference_help: "The other picture: left of the divider, below, or in turn.",
    divider: "Divider",
    divider_help: "Drag, or nudge with the arrow keys; a double click centres it.",
    onion: "Share of the upper picture",
    flicker_hz: "Changes a second",
    squares: "Pixels as squares",
    probe: "Loupe and values below the pointer",
    photograph: "The photograph at its own size",
    photograph_waits: "Reading the photograph…",
    link: |name| format!("{name}: move with the other panels"),
    unlink: |name| format!("{name}: move by itself"),
    held: "Original, while Space is held",
    pixel: |x, y| format!("Pixel {x}, {y}"),
    pin_colors: [
        "orange",
        "sky blue",
        "green",
        "yellow",
        "vermilion",
        "purple",
    ],
    unpin: |name| format!("Unpin {name}"),
    unpin_all: "Unpin all",
    pin_plot: "Course of the pinned pixels",
    pin_values: "x_t and f(x_t)",
    pin_gate: "Gate",
    loupe: "Loupe",
};

/// Japanese.
pub static JAPANESE: Viewer = Viewer {
    layers: [
        ("元画像", "x_0"),
        ("通常の再構成", "f(x_0)"),
        ("投影画像", "x_t"),
        ("その再構成", "f(x_t)"),
        ("ヒートマップ", "x_t のマップ"),
        ("符号付き差分", "x_t − x_0"),
        ("ゲート", "(x_t − f(x_t))²"),
        ("勾配", "∇E(x_t)"),
        ("正解マスク", "マスク"),
        ("重ね合わせ", "x_0 + マップ"),
    ],
    scales: [
        "尺度：良品の99.5 %点",
        "尺度：この画像のみ",
        "尺度：手動設定",
    ],
    large_view: |name| format!("拡大表示：{name}"),
    computing: "計算中…",
    no_truth: "正解マスクなし",
    view_help: "ホイールで拡大、ドラッグで移動、ダブルクリックで全体表示、クリックで画素を固定、Spaceを押す間は元画像。",
    fit: "全体",
    fit_help: "画像全体を表示します（ダブルクリック）。",
    one_to_one: "1:1",
    one_to_one_help: "画像の1画素を画面の1画素で表示します。",
    magnification_help: "画像1画素あたりの画面画素数です。",
    arrangement: "大きな画像を1枚表示",
    compare: [
        "1枚だけ表示",
        "スワイプ：2枚を仕切り線で比較",
        "オニオンスキン：2枚を透かして比較",
        "フリッカー：2枚を交互に表示",
    ],
    reference: "比較対象",
    reference_help: "もう1枚の画像です。仕切り線の左側、下側、または交互に表示します。",
    divider: "仕切り線",
    divider_help: "ドラッグか矢印キーで動かします。ダブルクリックで中央に戻ります。",
    onion: "上の画像の割合",
    flicker_hz: "毎秒の切替回数",
    squares: "画素を四角で表示",
    probe: "ルーペとポインター位置の値",
    photograph: "撮影画像を原寸で表示",
    photograph_waits: "撮影画像を読み込んでいます…",
    link: |name| format!("{name}：ほかの画像と連動させる"),
    unlink: |name| format!("{name}：連動を解除する"),
    held: "Spaceを押している間は元画像です",
    pixel: |x, y| format!("画素 {x}, {y}"),
    pin_colors: ["橙", "空色", "緑", "黄", "朱", "紫"],
    unpin: |name| format!("固定を解除：{name}"),
    unpin_all: "すべての固定を解除",
    pin_plot: "固定した画素の推移",
    pin_values: "x_t と f(x_t)",
    pin_gate: "ゲート",
    loupe: "ルーペ",
};
