//! Step 1: data.

use std::collections::BTreeSet;

use crate::ui::state::Dataset;
use kizumi_dataset::catalog::{Entry, Kind};

/// Step 1: data.
pub struct Data {
    pub open_heading: &'static str,
    pub open_help: &'static str,
    pub path: &'static str,
    pub path_hint: &'static str,
    pub open: &'static str,
    pub browse: &'static str,
    pub browse_folder: &'static str,
    pub drop_hint: &'static str,
    pub drop_now: &'static str,
    pub recent_heading: &'static str,
    pub recent_images_heading: &'static str,
    pub demo_heading: &'static str,
    pub demo_help: &'static str,
    pub demo_washer: &'static str,
    pub demo_fabric: &'static str,
    pub try_demo: &'static str,
    pub model_heading: &'static str,
    pub model_help: &'static str,
    pub open_model: &'static str,
    pub open_image: &'static str,
    pub empty: &'static str,
    pub next_train: &'static str,
    pub next_inspect: &'static str,
    pub broken: fn(usize) -> String,
    pub test_images: &'static str,
    pub train_images: &'static str,
    pub preview: &'static str,
    pub preview_empty: &'static str,
    pub inspect_this: &'static str,
    pub normal: &'static str,
    /// What the data set holds, in a sentence.
    pub summary: fn(&Dataset) -> String,
}

impl Data {
    pub fn kind(&self, kind: &Kind) -> String {
        match kind {
            Kind::Normal => self.normal.to_owned(),
            Kind::Defect(name) => name.replace(['_', '-'], " "),
        }
    }
}

/// English.
pub static ENGLISH: Data = Data {
    open_heading: "Open images",
    open_help: "A folder of normal images, or one with train/good, test and ground_truth.",
    path: "Path of a folder, an image or a model",
    path_hint: "Path of a folder, image or model",
    open: "Open",
    browse: "Browse…",
    browse_folder: "Open a folder…",
    drop_hint: "Or drop a folder, an image or a model onto the window.",
    drop_now: "Drop to open",
    recent_heading: "Recent folders",
    recent_images_heading: "Recent images",
    demo_heading: "Sample data",
    demo_help: "Two small sets with known defects, made on this machine.",
    demo_washer: "Washer (object)",
    demo_fabric: "Fabric (texture)",
    try_demo: "Try it with demo data",
    model_heading: "Already trained?",
    model_help: "Open a model and go straight to inspecting.",
    open_model: "Open model…",
    open_image: "Open image…",
    empty: "Open a folder of images of good parts. Kizumi learns from them what is normal.",
    next_train: "Next: train",
    next_inspect: "Inspect images",
    broken: |number| match number {
        1 => "1 file could not be used".to_owned(),
        _ => format!("{number} files could not be used"),
    },
    test_images: "Test images",
    train_images: "Normal images",
    preview: "Preview",
    preview_empty: "Choose an image on the left to look at it.",
    inspect_this: "Inspect this image",
    normal: "normal",
    summary: |dataset| dataset.summary.clone(),
};

/// Japanese.
pub static JAPANESE: Data = Data {
    open_heading: "画像を開く",
    open_help: "良品画像のフォルダ、または train/good、test、ground_truth を含むフォルダを選びます。",
    path: "フォルダ・画像・モデルのパス",
    path_hint: "フォルダ・画像・モデルのパス",
    open: "開く",
    browse: "参照…",
    browse_folder: "フォルダを開く…",
    drop_hint: "フォルダ・画像・モデルをウィンドウにドロップしても開けます。",
    drop_now: "ドロップして開く",
    recent_heading: "最近使ったフォルダ",
    recent_images_heading: "最近使った画像",
    demo_heading: "サンプルデータ",
    demo_help: "欠陥の位置が分かっている小さなデータを、このPC上で2種類生成します。",
    demo_washer: "ワッシャー（物体）",
    demo_fabric: "布地（テクスチャ）",
    try_demo: "サンプルデータで試す",
    model_heading: "学習済みモデル",
    model_help: "モデルを開けば、すぐに検査できます。",
    open_model: "モデルを開く…",
    open_image: "画像を開く…",
    empty: "良品画像のフォルダを開いてください。Kizumiは、そこから正常な状態を学習します。",
    next_train: "次へ：学習",
    next_inspect: "画像を検査する",
    broken: |number| format!("{number}個のファイルを使用できませんでした"),
    test_images: "テスト画像",
    train_images: "良品画像",
    preview: "プレビュー",
    preview_empty: "左の一覧から画像を選ぶと表示されます。",
    inspect_this: "この画像を検査",
    normal: "良品",
    summary: |dataset| {
        let Counts {
            normal,
            defective,
            kinds,
            masks,
        } = Counts::of(&dataset.catalog.test);
        let train = dataset.catalog.train.len();
        match (normal, defective) {
            (0, 0) => format!("学習用 良品{train}枚"),
            _ => format!(
                "学習用 良品{train}枚、テスト用 良品{normal}枚・欠陥品{defective}枚\
                 （{kinds}種類）、マスク{masks}枚"
            ),
        }
    },
};

/// How many test images are what.
struct Counts {
    normal: usize,
    defective: usize,
    kinds: usize,
    masks: usize,
}

impl Counts {
    fn of(test: &[Entry]) -> Self {
        let is_normal = |entry: &&Entry| entry.kind == Kind::Normal;
        let normal = test.iter().filter(is_normal).count();
        let defects = test.iter().filter(|entry| !is_normal(entry));
        let kinds: BTreeSet<&Kind> = defects.map(|entry| &entry.kind).collect();
        Self {
            normal,
            defective: test.len() - normal,
            kinds: kinds.len(),
            masks: test.iter().filter(|entry| entry.mask.is_some()).count(),
        }
    }
}
