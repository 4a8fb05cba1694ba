//! Painting on the image.

use crate::ui::state::painting::Tool;

/// Painting on the image.
pub struct Painting {
    pub heading: &'static str,
    /// In the order of [`Tool::ALL`].
    pub tools: [&'static str; 4],
    /// What to do with each.
    pub helps: [&'static str; 4],
    /// Beside the pictures, while the pointer draws; from the tool's name.
    pub draws: fn(&str) -> String,
    pub color: &'static str,
    pub color_help: &'static str,
    pub size: &'static str,
    pub hardness: &'static str,
    pub noise: &'static str,
    pub noise_help: &'static str,
    pub eraser: &'static str,
    pub other_steps: &'static str,
    pub use_steps: &'static str,
    pub remove_paint: &'static str,
    pub apply: &'static str,
    pub apply_help: &'static str,
    pub discard: &'static str,
    pub clear: &'static str,
    pub measure: &'static str,
    pub measure_help: &'static str,
    pub object_only: &'static str,
    pub painted: &'static str,
}

impl Painting {
    pub fn tool(&self, tool: Tool) -> &'static str {
        self.tools[tool as usize]
    }

    pub fn help(&self, tool: Tool) -> &'static str {
        self.helps[tool as usize]
    }
}

/// English.
pub static ENGLISH: Painting = Painting {
    heading: "Paint",
    tools: [
        "Look",
        "Paint a defect",
        "Fill a hole",
        "Mark regions to ignore",
    ],
    helps: [
        "Draw a defect on a normal image and watch the projection remove it.",
        "Draw on any picture. What is painted is the ground truth; the image is \
            projected when the button is released.",
        "Draw a hole in the picture. It starts as noise, and the projection fills it with what \
            is normal there; nothing else moves.",
        "Mark what does not count: it is left out of energy, scores and figures.",
    ],
    draws: |tool| format!("{tool}: draw on a picture. V ends it."),
    color: "Colour",
    color_help: "Colour of the paint.",
    size: "Size",
    hardness: "Hardness",
    noise: "Noise",
    noise_help: "Each pixel of the stroke is lighter or darker by up to this.",
    eraser: "Eraser",
    other_steps: "The present step rule hardly moves noise.",
    use_steps: "Step towards f(x)",
    remove_paint: "Remove the paint",
    apply: "Apply",
    apply_help: "The marked regions are saved with the model.",
    discard: "Discard",
    clear: "Mark nothing",
    measure: "Measure the normal images again",
    measure_help: "Scores of normal images were measured with other regions.",
    object_only: "Regions can be ignored in object mode only.",
    painted: "painted",
};

/// Japanese.
pub static JAPANESE: Painting = Painting {
    heading: "描画",
    tools: ["閲覧", "欠陥を描く", "穴を補完", "無視する領域を指定"],
    helps: [
        "良品画像に欠陥を描き、投影で消える様子を確かめられます。",
        "どの画像の上にも描けます。描いた部分が正解マスクになり、ボタンを離すと投影します。",
        "画像に穴を描きます。穴はノイズから始まり、投影で正常な内容が補われます。他の画素は動きません。",
        "評価しない領域を指定します。エネルギー、異常度、評価値から除かれます。",
    ],
    draws: |tool| format!("{tool}：ドラッグで描画、V で終了"),
    color: "色",
    color_help: "描く色です。",
    size: "太さ",
    hardness: "硬さ",
    noise: "ノイズ",
    noise_help: "線の各画素の明るさを、この値まで不規則に変えます。",
    eraser: "消しゴム",
    other_steps: "現在のステップ規則ではノイズがほとんど動きません。",
    use_steps: "f(x) へ向かうステップを使う",
    remove_paint: "描いた内容を消す",
    apply: "適用",
    apply_help: "指定した領域をモデルとともに保存します。",
    discard: "破棄",
    clear: "指定をすべて消す",
    measure: "良品を再測定",
    measure_help: "良品の異常度は別の領域指定で測定されています。",
    object_only: "領域の無視は物体モードでのみ使えます。",
    painted: "描画あり",
};
