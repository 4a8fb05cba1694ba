//! The line at the bottom.

use crate::ui::panels::numbers::{count, duration};
use kizumi_engine::message::{Job, ModelInfo};

/// The line at the bottom.
pub struct Status {
    pub ready: &'static str,
    pub paused: &'static str,
    pub jobs: [&'static str; 9],
    pub time_left: fn(f64) -> String,
    pub cancel: &'static str,
    pub cancel_help: &'static str,
    pub software: &'static str,
    pub no_device: &'static str,
    pub no_model: &'static str,
    pub unsaved: &'static str,
    pub model: fn(&str) -> String,
    pub model_help: fn(&ModelInfo) -> String,
}

impl Status {
    pub fn job(&self, job: Job) -> &'static str {
        let [
            device,
            demo,
            loading,
            training,
            calibrating,
            projecting,
            sheet,
            set,
            tuning,
        ] = self.jobs;
        match job {
            Job::Device => device,
            Job::Demo => demo,
            Job::Loading => loading,
            Job::Training => training,
            Job::Calibrating => calibrating,
            Job::Projecting => projecting,
            Job::Sheet => sheet,
            Job::InspectingSet => set,
            Job::Tuning => tuning,
        }
    }
}

/// English.
pub static ENGLISH: Status = Status {
    ready: "Ready",
    paused: "Training paused",
    jobs: [
        "Warming up the device",
        "Making sample data",
        "Loading images",
        "Training",
        "Measuring normal images",
        "Projecting",
        "Computing the contact sheet",
        "Inspecting images",
        "Choosing settings",
    ],
    time_left: |seconds| format!("{} left", duration(seconds)),
    cancel: "Cancel",
    cancel_help: "Ends what runs; training is stopped and kept.",
    software: "software",
    no_device: "Choosing a device…",
    no_model: "No model",
    unsaved: "not saved",
    model: |name| format!("Model: {name}"),
    model_help: |model| {
        let network = &model.network;
        let help = format!(
            "{}\n{} × {} px, {} channels, latent {}, width {}\n{} training images seen",
            model.data_summary,
            network.size_px,
            network.size_px,
            network.channels,
            network.latent,
            network.width,
            count(model.images_seen),
        );
        with_path(help, model)
    },
};

/// Japanese.
pub static JAPANESE: Status = Status {
    ready: "準備完了",
    paused: "学習を一時停止中",
    jobs: [
        "デバイスをウォームアップ中",
        "サンプルデータを生成中",
        "画像を読み込み中",
        "学習中",
        "良品を測定中",
        "投影中",
        "コンタクトシートを計算中",
        "画像を検査中",
        "設定を自動調整中",
    ],
    time_left: |seconds| format!("残り {}", duration(seconds)),
    cancel: "中止",
    cancel_help: "実行中の処理を中止します。学習は終了し、モデルは保存されます。",
    software: "ソフトウェア描画",
    no_device: "デバイスを選択中…",
    no_model: "モデルなし",
    unsaved: "未保存",
    model: |name| format!("モデル：{name}"),
    model_help: |model| {
        let network = &model.network;
        let help = format!(
            "{}\n{} × {} px、{}チャネル、潜在次元数 {}、幅 {}\n学習画像 のべ{}枚",
            model.data_summary,
            network.size_px,
            network.size_px,
            network.channels,
            network.latent,
            network.width,
            count(model.images_seen),
        );
        with_path(help, model)
    },
};

fn with_path(mut help: String, model: &ModelInfo) -> String {
    if let Some(path) = &model.path {
        help.push('\n');
        help.push_str(&path.display().to_string());
    }
    help
}
