//! The pictures of step 3: layers, comparing, looking closely.

use crate::ui::layers::{Layer, Scale};
use crate::ui::viewing::Compare;
use kizumi_report::words;

words! {
    /// The pictures of step 3.
    pub struct Viewer;

    /// Title and formula, in the order of [`Layer::ALL`].
    layers: [(&'static str, &'static str); Layer::COUNT] =
        [
            ("Original", "x_0"),
            ("Plain reconstruction", "f(x_0)"),
            ("Projected", "x_t"),
            ("Its reconstruction", "f(x_t)"),
            ("Plain residual", "|x_0 − f(x_0)|"),
            ("Heatmap", "map of x_t"),
            ("Signed difference", "x_t − x_0"),
            ("Gate", "step ×"),
            ("Distance of features", "√D(x_t)"),
            ("Gradient", "∇E(x_t)"),
            ("Ground truth", "mask"),
            ("Overlay", "x_0 + map"),
        ],
        [
            ("元画像", "x_0"),
            ("通常の再構成", "f(x_0)"),
            ("投影画像", "x_t"),
            ("その再構成", "f(x_t)"),
            ("再構成の残差", "|x_0 − f(x_0)|"),
            ("ヒートマップ", "x_t のマップ"),
            ("符号付き差分", "x_t − x_0"),
            ("ゲート", "ステップ ×"),
            ("特徴量の距離", "√D(x_t)"),
            ("勾配", "∇E(x_t)"),
            ("正解マスク", "マスク"),
            ("重ね合わせ", "x_0 + マップ"),
        ];
    /// Where a map's range comes from, in the order of [`Scale`].
    scales: [&'static str; 3] =
        ["scale: 99.5 % of normals", "scale: this image only", "scale: set by hand"],
        ["尺度：良品の99.5 %点", "尺度：この画像のみ", "尺度：手動設定"];
    large_view: fn(&str) -> String = |name| format!("Large view: {name}"),
        |name| format!("拡大表示：{name}");
    computing = "computing…", "計算中…";
    after_training = "after training", "学習後に表示";
    after_a_model = "needs a model", "モデルが必要";
    no_truth = "no ground truth", "正解マスクなし";
    view_help = "Wheel zooms, drag pans, double click fits, click pins a pixel. Hold Space: \
        original.",
        "ホイールで拡大、ドラッグで移動、ダブルクリックで全体表示、クリックで画素を固定、\
        Spaceを押す間は元画像。";
    fit = "Fit", "全体";
    fit_help = "Shows the whole picture (double click).",
        "画像全体を表示します（ダブルクリック）。";
    one_to_one = "1:1", "1:1";
    one_to_one_help = "One picture pixel on one screen pixel.",
        "画像の1画素を画面の1画素で表示します。";
    magnification_help = "Screen pixels per picture pixel.", "画像1画素あたりの画面画素数です。";
    arrangement = "One large picture", "大きな画像を1枚表示";
    /// In the order of [`Compare::ALL`].
    compare: [&'static str; 4] =
        [
            "Single picture",
            "Swipe: a divider between two pictures",
            "Onion skin: one picture shines through the other",
            "Flicker: two pictures in turn",
        ],
        [
            "1枚だけ表示",
            "スワイプ：2枚を仕切り線で比較",
            "オニオンスキン：2枚を透かして比較",
            "フリッカー：2枚を交互に表示",
        ];
    reference = "Compared with", "比較対象";
    reference_help = "The other picture: left of the divider, below, or in turn.",
        "もう1枚の画像です。仕切り線の左側、下側、または交互に表示します。";
    divider = "Divider", "仕切り線";
    divider_help = "Drag, or nudge with the arrow keys; a double click centres it.",
        "ドラッグか矢印キーで動かします。ダブルクリックで中央に戻ります。";
    onion = "Share of the upper picture", "上の画像の割合";
    flicker_hz = "Changes a second", "毎秒の切替回数";
    squares = "Pixels as squares", "画素を四角で表示";
    probe = "Loupe and values below the pointer", "ルーペとポインター位置の値";
    photograph = "The photograph at its own size", "撮影画像を原寸で表示";
    photograph_waits = "Reading the photograph…", "撮影画像を読み込んでいます…";
    /// The panel.
    link: fn(&str) -> String = |name| format!("{name}: move with the other panels"),
        |name| format!("{name}：ほかの画像と連動させる");
    /// The panel.
    unlink: fn(&str) -> String = |name| format!("{name}: move by itself"),
        |name| format!("{name}：連動を解除する");
    held = "Original, while Space is held", "Spaceを押している間は元画像です";
    /// Column, row.
    pixel: fn(usize, usize) -> String = |x, y| format!("Pixel {x}, {y}"),
        |x, y| format!("画素 {x}, {y}");
    pin_colors: [&'static str; 6] =
        ["orange", "sky blue", "green", "yellow", "vermilion", "purple"],
        ["橙", "空色", "緑", "黄", "朱", "紫"];
    unpin: fn(&str) -> String = |name| format!("Unpin {name}"),
        |name| format!("固定を解除：{name}");
    unpin_all = "Unpin all", "すべての固定を解除";
    pin_plot = "Course of the pinned pixels", "固定した画素の推移";
    pin_values = "x_t and f(x_t)", "x_t と f(x_t)";
    pin_gate = "Residual²", "残差²";
    profile = "Profile along the line between the last two pins",
        "最後に固定した2つの画素を結ぶ線上の値";
    profile_tab = "Profile", "線上の値";
    profile_needs = "Pin two pixels: the profile runs from one to the other.",
        "画素を2つ固定すると、その間の値が表示されます。";
    /// With its unit.
    profile_length: fn(&str) -> String = |length| format!("{length} long"),
        |length| format!("長さ {length}");
    loupe = "Loupe", "ルーペ";
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
