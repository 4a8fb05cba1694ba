//! The three steps.

use crate::ui::state::Step;
use crate::ui::state::training::Phase;

/// The three steps.
pub struct Steps {
    pub titles: [&'static str; 3],
    pub no_dataset: &'static str,
    /// Name, training images, test images.
    pub dataset: fn(&str, usize, usize) -> String,
    pub no_model: &'static str,
    pub model_unsaved: &'static str,
    pub no_image: &'static str,
    pub phases: [&'static str; 5],
}

impl Steps {
    pub fn title(&self, step: Step) -> &'static str {
        let [data, train, inspect] = self.titles;
        match step {
            Step::Data => data,
            Step::Train => train,
            Step::Inspect => inspect,
        }
    }

    pub fn phase(&self, phase: Phase) -> &'static str {
        let [idle, preparing, running, paused, stopping] = self.phases;
        match phase {
            Phase::Idle => idle,
            Phase::Preparing => preparing,
            Phase::Running => running,
            Phase::Paused => paused,
            Phase::Stopping => stopping,
        }
    }
}

/// English.
pub static ENGLISH: Steps = Steps {
    titles: ["Data", "Train", "Inspect"],
    no_dataset: "Open a folder of images",
    dataset: |name, train, test| format!("{name}: {train} normal, {test} test"),
    no_model: "No model yet",
    model_unsaved: "Model ready, not saved",
    no_image: "No image chosen",
    phases: ["Idle", "Preparing…", "Training…", "Paused", "Finishing…"],
};

/// Japanese.
pub static JAPANESE: Steps = Steps {
    titles: ["データ", "学習", "検査"],
    no_dataset: "画像フォルダを開いてください",
    dataset: |name, train, test| format!("{name}：良品 {train}、テスト {test}"),
    no_model: "モデルなし",
    model_unsaved: "モデルあり（未保存）",
    no_image: "画像未選択",
    phases: ["待機中", "準備中…", "学習中…", "一時停止中", "終了処理中…"],
};
