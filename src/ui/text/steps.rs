//! The steps.

use crate::ui::state::training::Phase;
use crate::ui::state::{Step, file_name};
use kizumi_engine::message::ModelInfo;
use kizumi_report::words;

words! {
    /// The steps.
    pub struct Steps;

    titles: [&'static str; 4] = ["Data", "Train", "Inspect", "Review"],
        ["データ", "学習", "検査", "一覧判定"];
    no_dataset = "Open a folder of images", "画像フォルダ未選択";
    /// Name, training images, test images.
    dataset: fn(&str, usize, usize) -> String =
        |name, train, test| format!("{name}: {train} normal, {test} test"),
        |name, train, test| format!("{name}：良品{train}、テスト{test}");
    no_model = "No model yet", "モデルなし";
    opens_model = "Opening the model…", "モデルを開いています…";
    model_unsaved = "Model ready, not saved", "モデルあり（未保存）";
    unsaved = "not saved", "未保存";
    /// Names of a model and of the data set that it was trained on.
    foreign_model: fn(&str, &str) -> String = |model, data| format!("{model}, of {data}"),
        |model, data| format!("{model}（{data} のモデル）");
    no_image = "No image chosen", "画像未選択";
    interrupted = "An interrupted training", "中断した学習があります";
    phases: [&'static str; 6] =
        [
            "Idle",
            "Preparing…",
            "Training…",
            "Paused",
            "Stopping…",
            "Finishing…",
        ],
        [
            "待機中",
            "準備中…",
            "学習中…",
            "一時停止中",
            "停止中…",
            "仕上げ中…",
        ];
}

impl Steps {
    /// The model's file, or that it has none.
    pub fn model_name(&self, model: &ModelInfo) -> String {
        match &model.path {
            Some(path) => file_name(path),
            None => self.unsaved.into(),
        }
    }

    pub fn title(&self, step: Step) -> &'static str {
        let [data, train, inspect, review] = self.titles;
        match step {
            Step::Data => data,
            Step::Train => train,
            Step::Inspect => inspect,
            Step::Review => review,
        }
    }

    pub fn phase(&self, phase: Phase) -> &'static str {
        let [idle, preparing, running, paused, stopping, finishing] = self.phases;
        match phase {
            Phase::Idle => idle,
            Phase::Preparing => preparing,
            Phase::Running => running,
            Phase::Paused => paused,
            Phase::Stopping => stopping,
            Phase::Finishing => finishing,
        }
    }
}
