//! The line at the bottom.

use crate::engine::message::{Job, ModelInfo};
use crate::ui::panels::numbers::{count, duration};

/// The line at the bottom.
pub struct Status {
    pub ready: &'static str,
    pub paused: &'static str,
    pub jobs: [&'static str; 8],
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
        }
    }
}

/// English.
pub static ENGLISH: Status = Status {
    ready: "Ready",
    paused: "Training paused",
    jobs: [
        "Preparing the device",
        "Making sample data",
        "Loading images",
        "Training",
        "Measuring normal images",
        "Projecting",
        "Computing the contact sheet",
        "Inspecting images",
    ],
    time_left: |seconds| format!("{} left", duration(seconds)),
    cancel: "Cancel",
    cancel_help: "Ends what runs; training is stopped and kept.",
    software: "software",
    no_device: "Choosing a device…",
    no_model: "No model",
    unsaved: "not saved",
    model: |name| format!("Model: {name}"),
    model_help: |model| model_help(model),
};

fn model_help(model: &ModelInfo) -> String {
    let network = &model.network;
    let mut help = format!(
        "{}\n{} × {} px, {} channels, latent {}, width {}\n{} training images seen",
        model.data_summary,
        network.size_px,
        network.size_px,
        network.channels,
        network.latent,
        network.width,
        count(model.images_seen),
    );
    if let Some(path) = &model.path {
        help.push('\n');
        help.push_str(&path.display().to_string());
    }
    help
}
