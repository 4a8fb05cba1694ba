//! Painting on the image.

use crate::ui::state::masking::Obstacle;
use crate::ui::state::painting::{MaskShape, Tool};
use kizumi_report::words;

words! {
    /// Painting on the image.
    pub struct Painting;

    heading = "Paint", "描画";
    /// In the order of [`Tool::ALL`].
    tools: [&'static str; 5] =
        ["Look", "Draw the true defect", "Paint a defect", "Fill a hole", "Mark regions to ignore"],
        ["閲覧", "正解の欠陥を描く", "欠陥を描き込む", "穴を補完", "無視する領域を指定"];
    /// What to do with each.
    helps: [&'static str; 5] =
        [
            "Draw a defect on a normal image and watch the projection remove it.",
            "Draw on the photograph what is defective. The image is labelled NG, and the mask is kept beside \
                the labels: figures, evaluation and the data set that is saved go by it.",
            "Draw on any picture. What is painted is the ground truth; the image is \
                projected when the button is released.",
            "Draw a hole in the picture. It starts as noise, and the projection fills it with what \
                is normal there; nothing else moves.",
            "Mark what does not count: it is left out of energy, scores and figures.",
        ],
        [
            "良品画像に欠陥を描き、投影で消える様子を確かめられます。",
            "写真の上に実際の欠陥部分を描きます。画像はNGになり、マスクはラベルの隣に保存され、評価値や評価、\
                データセットの保存に使われます。",
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
    truth_size_help = "In pixels of the photograph.", "写真の画素数で指定します。";
    /// In the order of [`MaskShape::ALL`].
    shapes: [&'static str; 3] = ["Brush", "Polygon", "Found region"], ["ブラシ", "多角形", "検出領域"];
    /// How to use each.
    shape_helps: [&'static str; 3] =
        [
            "Draw with the button held. The photograph is zoomed with the wheel and moved with the middle button.",
            "Click corners. Enter or a double click closes the polygon, Backspace takes a corner back, Esc \
                leaves it.",
            "Click into a region that the heatmap shows: what is above the threshold of pixels there is marked.",
        ],
        [
            "ボタンを押したまま描きます。ホイールで拡大し、中ボタンで移動します。",
            "頂点をクリックします。Enterかダブルクリックで閉じ、Backspaceで1つ戻り、Escで中止します。",
            "ヒートマップの領域をクリックすると、画素のしきい値を超える部分がマスクになります。",
        ];
    no_region = "Nothing in the heatmap is above the threshold of pixels there.",
        "ヒートマップのその位置に、画素のしきい値を超える領域はありません。";
    needs_threshold = "There is no threshold of pixels yet: measure the normal images, or set it in the histogram.",
        "画素のしきい値がありません。良品を測定するか、ヒストグラムで設定してください。";
    remove_mask = "Remove the drawn mask", "描いたマスクを消す";
    remove_mask_help = "What the folder says of the image holds again. Ctrl+Z brings the mask back.",
        "フォルダの情報に戻ります。Ctrl+Zで元に戻せます。";
    /// In the order of [`Obstacle`].
    obstacles: [&'static str; 4] =
        [
            "Only images of the folder that is open can be marked: the mask is kept there.",
            "There is paint on the image. Remove it to draw what is truly defective.",
            "What is known of the image is being read.",
            "The image has a mask that cannot be read. Remove it, or mend it, to draw another one.",
        ],
        [
            "開いているフォルダの画像にのみ描けます（マスクはそこに保存されます）。",
            "画像に描き込みがあります。実際の欠陥を描くには、先に描き込みを消してください。",
            "画像の情報を読み込んでいます。",
            "この画像のマスクを読み込めません。描き直すには、そのマスクを消すか修復してください。",
        ];
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

    pub fn shape(&self, shape: MaskShape) -> (&'static str, &'static str) {
        (
            self.shapes[shape as usize],
            self.shape_helps[shape as usize],
        )
    }

    pub fn obstacle(&self, obstacle: Obstacle) -> &'static str {
        self.obstacles[obstacle as usize]
    }
}
