//! The line at the bottom.

use kizumi_engine::message::{Job, ModelInfo};
use kizumi_method::config::NetworkConfig;
use kizumi_report::words;

use crate::ui::panels::numbers::{count, duration};

words! {
    /// The line at the bottom.
    pub struct Status;

    ready = "Ready", "準備完了";
    paused = "Training paused", "学習を一時停止中";
    jobs: [&'static str; 10] =
        [
            "Warming up the device",
            "Writing sample data",
            "Loading images",
            "Training",
            "Measuring normal images",
            "Projecting",
            "Computing the contact sheet",
            "Inspecting images",
            "Choosing settings",
            "Comparing training and test images",
        ],
        [
            "デバイスをウォームアップ中",
            "サンプルデータを書き出し中",
            "画像を読み込み中",
            "学習中",
            "良品を測定中",
            "投影中",
            "コンタクトシートを計算中",
            "画像を検査中",
            "設定を自動調整中",
            "学習画像とテスト画像を照合中",
        ];
    time_left: fn(f64) -> String = |seconds| format!("{} left", duration(seconds)),
        |seconds| format!("残り {}", duration(seconds));
    cancel = "Cancel", "中止";
    cancel_help = "Ends what runs; training is stopped and kept.",
        "実行中の処理を中止します。学習は終了し、モデルは保存されます。";
    software = "software", "ソフトウェア描画";
    no_device = "Choosing a device…", "デバイスを選択中…";
    no_model = "No model", "モデルなし";
    unsaved = "not saved", "未保存";
    model: fn(&str) -> String = |name| format!("Model: {name}"), |name| format!("モデル：{name}");
    model_help: fn(&ModelInfo) -> String =
        |model| {
            let NetworkConfig { channels, size_px, latent, width, .. } = model.network;
            let seen = count(model.images_seen);
            with_path(model, &format!(
                "{size_px} × {size_px} px, {channels} channels, latent {latent}, width {width}\n\
                 {seen} training images seen"
            ))
        },
        |model| {
            let NetworkConfig { channels, size_px, latent, width, .. } = model.network;
            let seen = count(model.images_seen);
            with_path(model, &format!(
                "{size_px} × {size_px} px、{channels}チャネル、潜在次元数 {latent}、幅 {width}\n\
                 学習画像 のべ{seen}枚"
            ))
        };
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
            checking,
        ] = self.jobs;
        match job {
            Job::Device => device,
            Job::Demo => demo,
            Job::Loading => loading,
            Job::Training => training,
            Job::Calibrating => calibrating,
            Job::Projecting(_) => projecting,
            Job::Sheet(_) => sheet,
            Job::InspectingSet(_) => set,
            Job::Tuning(_) => tuning,
            Job::Checking(_) => checking,
        }
    }
}

/// The data, what is known of the network, and the file.
fn with_path(model: &ModelInfo, network: &str) -> String {
    let path = model.path.as_ref();
    let path = path.map_or(String::new(), |path| format!("\n{}", path.display()));
    format!("{}\n{network}{path}", model.data_summary)
}
