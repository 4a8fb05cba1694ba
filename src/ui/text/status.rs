//! The line at the bottom.

use kizumi_engine::message::{DeviceInfo, Job, ModelInfo};
use kizumi_image::shown::shown;
use kizumi_method::config::NetworkConfig;
use kizumi_report::words;

use crate::language::Language;
use crate::text::device_name;
use crate::ui::panels::numbers::{count, duration};

words! {
    /// The line at the bottom.
    pub struct Status;

    ready = "Ready", "準備完了";
    paused = "Training paused", "学習を一時停止中";
    job_device = "Warming up the device", "デバイスをウォームアップ中";
    job_demo = "Writing sample data", "サンプルデータを書き出し中";
    job_features = "Learning the features of normal images", "良品の特徴を学習中";
    job_loading = "Loading images", "画像を読み込み中";
    job_training = "Training", "学習中";
    job_finishing = "Finishing: measuring normal images", "仕上げ中：良品を測定中";
    job_calibrating = "Measuring normal images", "良品を測定中";
    job_projecting = "Projecting", "投影中";
    job_sheet = "Computing the contact sheet", "コンタクトシートを計算中";
    job_set = "Inspecting images", "画像を検査中";
    job_tuning = "Choosing settings", "設定を自動調整中";
    job_suspects = "Comparing the normal images", "良品画像を比較中";
    job_checking = "Looking at the files", "ファイルを確認中";
    time_left: fn(f64) -> String = |seconds| format!("{} left", duration(seconds)),
        |seconds| format!("残り {}", duration(seconds));
    stop = "Stop", "中止";
    stop_help = "Ends what is computed; what there is stays.",
        "実行中の処理を中止します。途中までの結果は残ります。";
    software = "software", "ソフトウェア描画";
    device: fn(&DeviceInfo) -> String = |device| device.name.clone(),
        |device| device_name(device, Language::Japanese);
    /// What a model was trained on.
    trained_on: fn(&ModelInfo) -> String = |model| model.data_summary.clone(),
        |model| {
            let images = count(model.normal_images as u64);
            let crop = model.data.crop.map_or_else(String::new, |crop| {
                let (width, height) = crop.area.size_px();
                let (x, y) = (crop.area.x, crop.area.y);
                format!("、切り出し範囲 {width} × {height} px（x {x}、y {y}）")
            });
            let align = model.data.align.as_ref().map_or_else(String::new, |_| "、位置合わせあり".into());
            format!("「{}」の良品{images}枚{crop}{align}", model.trained_on)
        };
    no_device = "Choosing a device…", "デバイスを選択中…";
    no_model = "No model", "モデルなし";
    model: fn(&str) -> String = |name| format!("Model: {name}"), |name| format!("モデル：{name}");
    model_help: fn(&ModelInfo) -> String =
        |model| {
            let NetworkConfig { channels, size_px, latent, width, .. } = model.network;
            let seen = count(model.images_seen);
            let data = (ENGLISH.trained_on)(model);
            with_path(model, &format!(
                "{data}\n{size_px} × {size_px} px, {channels} channels, latent {latent}, width {width}\n\
                 {seen} training images seen"
            ))
        },
        |model| {
            let NetworkConfig { channels, size_px, latent, width, .. } = model.network;
            let seen = count(model.images_seen);
            let data = (JAPANESE.trained_on)(model);
            with_path(model, &format!(
                "{data}\n{size_px} × {size_px} px、{channels}チャネル、潜在次元数 {latent}、幅 {width}\n\
                 学習画像 のべ{seen}枚"
            ))
        };
}

impl Status {
    pub fn job(&self, job: Job) -> &'static str {
        match job {
            Job::Device => self.job_device,
            Job::Demo => self.job_demo,
            Job::Loading => self.job_loading,
            Job::Features => self.job_features,
            Job::Training => self.job_training,
            Job::Finishing => self.job_finishing,
            Job::Calibrating => self.job_calibrating,
            Job::Projecting(_) => self.job_projecting,
            Job::Sheet(_) => self.job_sheet,
            Job::InspectingSet(_) => self.job_set,
            Job::Tuning(_) => self.job_tuning,
            Job::Checking(_) => self.job_checking,
            Job::FindingSuspects(_) => self.job_suspects,
        }
    }
}

/// What is known of the model, and its file.
fn with_path(model: &ModelInfo, known: &str) -> String {
    let path = model.path.as_ref();
    let path = path.map_or(String::new(), |path| format!("\n{}", shown(path)));
    format!("{known}{path}")
}
