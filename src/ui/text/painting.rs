//! Painting on the image.

use crate::ui::state::painting::Tool;
use kizumi_report::words;

words! {
    /// Painting on the image.
    pub struct Painting;

    heading = "Paint", "描画";
    /// In the order of [`Tool::ALL`].
    tools: [&'static str; 4] = ["Look", "Paint a defect", "Fill a hole", "Mark regions to ignore"],
        ["閲覧", "欠陥を描く", "穴を補完", "無視する領域を指定"];
    /// What to do with each.
    helps: [&'static str; 4] =
        [
            "Draw a defect on a normal image and watch the projection remove it.",
            "Draw on any picture. What is painted is the ground truth; the image is \
                projected when the button is released.",
            "Draw a hole in the picture. It starts as noise, and the projection fills it with what \
                is normal there; nothing else moves.",
            "Mark what does not count: it is left out of energy, scores and figures.",
        ],
        [
            "良品画像に欠陥を描き、投影で消える様子を確かめられます。",
            "どの画像の上にも描けます。描いた部分が正解マスクになり、ボタンを離すと投影します。",
            "画像に穴を描きます。穴はノイズから始まり、投影で正常な内容が補われます。他の画素は動きません。",
            "評価しない領域を指定します。エネルギー、異常度、評価値から除かれます。",
        ];
    /// Beside the pictures, while the pointer draws; from the tool's name.
    draws: fn(&str) -> String = |tool| format!("{tool}: draw on a picture. V ends it."),
        |tool| format!("{tool}：ドラッグで描画、V で終了");
    color = "Colour", "色";
    color_help = "Colour of the paint.", "描く色です。";
    size = "Size", "太さ";
    hardness = "Hardness", "硬さ";
    noise = "Noise", "ノイズ";
    noise_help = "Each pixel of the stroke is lighter or darker by up to this.",
        "線の各画素の明るさを、この値まで不規則に変えます。";
    eraser = "Eraser", "消しゴム";
    other_steps = "The present step rule hardly moves noise.",
        "現在のステップ規則ではノイズがほとんど動きません。";
    use_steps = "Step towards f(x)", "f(x) へ向かうステップを使う";
    remove_paint = "Remove the paint", "描いた内容を消す";
    apply = "Apply", "適用";
    apply_help = "The marked regions are saved with the model.",
        "指定した領域をモデルとともに保存します。";
    discard = "Discard", "破棄";
    clear = "Mark nothing", "指定をすべて消す";
    measure = "Measure the normal images again", "良品を再測定";
    measure_help = "Scores of normal images were measured with other regions.",
        "良品の異常度は別の領域指定で測定されています。";
    object_only = "Regions can be ignored in object mode only.",
        "領域の無視は物体モードでのみ使えます。";
    painted = "painted", "描画あり";
}

impl Painting {
    pub fn tool(&self, tool: Tool) -> &'static str {
        self.tools[tool as usize]
    }

    pub fn help(&self, tool: Tool) -> &'static str {
        self.helps[tool as usize]
    }
}
