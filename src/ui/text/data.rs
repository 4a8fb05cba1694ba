//! Step 1: data.

use crate::ui::state::Dataset;
use kizumi_dataset::catalog::Kind;
use kizumi_report::words;

use super::plural;
use crate::text::{Summary, Worded as _};

words! {
    /// Step 1: data.
    pub struct Data;

    open_heading = "Open images", "画像を開く";
    open_help = "Any folder: of normal images alone, or with folders of good and bad ones, masks or a list. \
         What its names do not say is asked.",
        "どのようなフォルダでも開けます。良品だけのもの、良品と不良品に分かれたもの、マスクや一覧表が\
         あるもの。名前から分からないことは確認します。";
    path = "Path of a folder, an image or a model", "フォルダ・画像・モデルのパス";
    path_hint = "Path of a folder, image or model", "フォルダ・画像・モデルのパス";
    open = "Open", "開く";
    browse = "Browse…", "参照…";
    browse_folder = "Open a folder…", "フォルダを開く…";
    drop_hint = "Or drop a folder, an image or a model onto the window.",
        "フォルダ・画像・モデルをウィンドウにドロップしても開けます。";
    drop_now = "Drop to open", "ドロップして開く";
    recent_images_heading = "Recent images", "最近使った画像";
    demo_heading = "Sample data", "サンプルデータ";
    demo_help = "Two small sets with known defects.",
        "欠陥の位置が分かっている小さなデータが2種類あります。";
    demo_washer = "Washer (object)", "ワッシャー（物体）";
    demo_fabric = "Fabric (texture)", "布地（テクスチャ）";
    demo_is_open = "This set is open.", "このデータセットは開いています。";
    try_demo = "Try it with demo data", "サンプルデータで試す";
    model_heading = "Already trained?", "学習済みモデル";
    model_help = "Open a model and go straight to inspecting.",
        "モデルを開けば、すぐに検査できます。";
    open_model = "Open model…", "モデルを開く…";
    open_image = "Open image…", "画像を開く…";
    empty = "Open a folder of images of good parts. Kizumi learns from them what is normal.",
        "良品画像のフォルダを開いてください。Kizumiは、そこから正常な状態を学習します。";
    next_train = "Next: train", "次へ：学習";
    next_inspect = "Inspect images", "画像を検査する";
    /// Names of a model and of the data set that it was trained on.
    foreign_model: fn(&str, &str) -> String =
        |model, data| format!("The open model, {model}, was trained on other images: {data}."),
        |model, data| format!("開いているモデル {model} は、別の画像（{data}）で学習したものです。");
    inspect_all_the_same = "Inspect with it all the same", "このモデルで検査する";
    close_model = "Close the model", "モデルを閉じる";
    start_fresh = "Start fresh", "最初から始める";
    start_fresh_help = "Closes data, model and images; no file is changed.",
        "データ・モデル・画像を閉じます。ファイルは変更しません。";
    broken: fn(usize) -> String =
        |number| plural(number, "1 file could not be used", "{} files could not be used"),
        |number| format!("{number}個のファイルを使用できませんでした");
    test_images = "Test images", "テスト画像";
    to_inspect_images = "Images to inspect", "検査する画像";
    train_images = "Normal images", "良品画像";
    preview = "Preview", "プレビュー";
    preview_empty = "Choose an image on the left to look at it.",
        "左の一覧から画像を選ぶと表示されます。";
    inspect_this = "Inspect this image", "この画像を検査";
    normal = "normal", "良品";
    unknown = "unknown", "不明";
    /// What the data set holds, in a sentence.
    summary: fn(&Dataset) -> String =
        |dataset| match dataset.labels.is_empty() {
            true => dataset.summary.clone(),
            false => dataset.tally().summary(),
        },
        |dataset| Summary::from(dataset.tally()).japanese();
}

impl Data {
    pub fn kind(&self, kind: &Kind) -> String {
        match kind {
            Kind::Normal => self.normal.to_owned(),
            Kind::Defect(name) => name.replace(['_', '-'], " "),
            Kind::Unknown => self.unknown.to_owned(),
        }
    }
}
