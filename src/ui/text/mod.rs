//! Every word on screen. A language is one value of [`Text`] in a file of its own; the compiler
//! sees to it that none of them lacks a word. Formulas mark what is lowered with `_`.

mod english;

pub use english::ENGLISH;

use crate::data::catalog::Kind;
use crate::data::colormap::Colormap;
use crate::data::iterate::StopRule;
use crate::engine::message::{Job, ModelInfo};

use super::action::Browse;
use super::layers::{Layer, Scale};
use super::settings::ThemeChoice;
use super::state::Step;
use super::state::notice::Level;
use super::state::training::Phase;

/// All words of a language.
pub struct Text {
    pub common: Common,
    pub steps: Steps,
    pub data: Data,
    pub train: Train,
    pub inspect: Inspect,
    pub status: Status,
}

/// Words that are used in several places.
pub struct Common {
    pub name: &'static str,
    pub reset: &'static str,
    pub dismiss: &'static str,
    pub continue_on_cpu: &'static str,
    pub log_axis: &'static str,
    pub no_file_dialog: &'static str,
    pub no_display: &'static str,
    pub more_notices: fn(usize) -> String,
    pub themes: [&'static str; 3],
    pub levels: [&'static str; 3],
    pub browse_titles: [&'static str; 4],
}

impl Common {
    pub fn theme(&self, theme: ThemeChoice) -> &'static str {
        let [system, light, dark] = self.themes;
        match theme {
            ThemeChoice::System => system,
            ThemeChoice::Light => light,
            ThemeChoice::Dark => dark,
        }
    }

    pub fn level(&self, level: Level) -> &'static str {
        let [info, warning, error] = self.levels;
        match level {
            Level::Info => info,
            Level::Warning => warning,
            Level::Error => error,
        }
    }

    pub fn browse_title(&self, what: Browse) -> &'static str {
        let [dataset, model, image, save] = self.browse_titles;
        match what {
            Browse::Dataset => dataset,
            Browse::Model => model,
            Browse::Image => image,
            Browse::SaveModel => save,
        }
    }
}

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

/// Step 1.
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
}

impl Data {
    pub fn kind(&self, kind: &Kind) -> String {
        match kind {
            Kind::Normal => self.normal.to_owned(),
            Kind::Defect(name) => name.replace(['_', '-'], " "),
        }
    }
}

/// Step 2.
pub struct Train {
    pub form_heading: &'static str,
    pub form_help: &'static str,
    pub network_heading: &'static str,
    pub training_heading: &'static str,
    pub augment_heading: &'static str,
    pub mode: &'static str,
    pub mode_help: &'static str,
    pub mode_object: &'static str,
    pub mode_texture: &'static str,
    pub size: &'static str,
    pub size_help: &'static str,
    pub aspect: &'static str,
    pub aspect_help: &'static str,
    pub aspect_stretch: &'static str,
    pub aspect_letterbox: &'static str,
    pub side: &'static str,
    pub side_help: &'static str,
    pub channels: &'static str,
    pub channels_help: &'static str,
    pub channels_auto: &'static str,
    pub channels_grey: &'static str,
    pub channels_rgb: &'static str,
    pub latent: &'static str,
    pub latent_help: &'static str,
    pub width: &'static str,
    pub width_help: &'static str,
    pub beta: &'static str,
    pub beta_help: &'static str,
    pub epochs: &'static str,
    pub epochs_help: &'static str,
    pub epoch_images: &'static str,
    pub epoch_images_help: &'static str,
    pub minutes: &'static str,
    pub minutes_help: &'static str,
    pub no_limit: &'static str,
    pub batch: &'static str,
    pub batch_help: &'static str,
    pub learning_rate: &'static str,
    pub learning_rate_help: &'static str,
    pub seed: &'static str,
    pub seed_help: &'static str,
    pub rotation: &'static str,
    pub rotation_help: &'static str,
    pub shift: &'static str,
    pub shift_help: &'static str,
    pub scale: &'static str,
    pub scale_help: &'static str,
    pub flip_horizontal: &'static str,
    pub flip_vertical: &'static str,
    pub flip_help: &'static str,
    pub reset_all: &'static str,
    pub start: &'static str,
    pub start_needs_data: &'static str,
    pub more: &'static str,
    pub more_help: &'static str,
    pub save_as: &'static str,
    pub pause: &'static str,
    pub resume: &'static str,
    pub stop_keep: &'static str,
    pub stop_keep_help: &'static str,
    pub discard: &'static str,
    pub discard_help: &'static str,
    pub empty: &'static str,
    pub empty_no_data: &'static str,
    pub empty_with_model: fn(&ModelInfo) -> String,
    pub to_data: &'static str,
    pub preparing_help: &'static str,
    pub starting_help: &'static str,
    pub images_seen: &'static str,
    pub images_per_sec: &'static str,
    pub elapsed: &'static str,
    pub left: &'static str,
    pub reconstruction: &'static str,
    pub kl: &'static str,
    pub validation: &'static str,
    pub curves_heading: &'static str,
    pub previews_heading: &'static str,
    pub previews_help: &'static str,
    pub previews_empty: &'static str,
    pub preview_test: &'static str,
    pub preview_test_help: &'static str,
    pub preview_validation: fn(usize) -> String,
}

impl Train {
    pub fn phase_help(&self, phase: Phase) -> &'static str {
        match phase {
            Phase::Preparing => self.preparing_help,
            _ => self.starting_help,
        }
    }
}

/// Step 3.
pub struct Inspect {
    pub image_heading: &'static str,
    pub next_image: &'static str,
    pub previous_image: &'static str,
    pub no_list: &'static str,
    pub result_heading: &'static str,
    pub truth_help: &'static str,
    pub no_result: &'static str,
    pub plain: &'static str,
    pub plain_help: &'static str,
    pub projected: &'static str,
    pub projected_help: &'static str,
    pub above_normals: fn(f32) -> String,
    pub not_calibrated: &'static str,
    /// Which rule, after how many iterations.
    pub ended_by: fn(StopRule, usize) -> String,
    pub other_parameters: &'static str,
    pub other_parameters_help: &'static str,
    pub projection_heading: &'static str,
    pub projection_help: &'static str,
    pub reset_projection: &'static str,
    pub alpha: &'static str,
    pub alpha_help: &'static str,
    pub lambda: &'static str,
    pub lambda_help: &'static str,
    pub iterations: &'static str,
    pub iterations_help: &'static str,
    pub step_rule: &'static str,
    pub step_rule_help: &'static str,
    pub step_weighted: &'static str,
    pub step_plain: &'static str,
    pub regulariser: &'static str,
    pub regulariser_help: &'static str,
    pub regulariser_l1: &'static str,
    pub regulariser_l2: &'static str,
    pub stop_early: &'static str,
    pub stop_early_help: &'static str,
    pub back_off: &'static str,
    pub back_off_help: &'static str,
    pub display_heading: &'static str,
    pub display_help: &'static str,
    pub colormap: &'static str,
    pub colormaps: [&'static str; 4],
    pub range: &'static str,
    pub range_help: &'static str,
    pub range_normals: &'static str,
    pub range_image: &'static str,
    pub range_custom: &'static str,
    pub custom_high: &'static str,
    pub opacity: &'static str,
    pub smoothing: &'static str,
    pub smoothing_help: &'static str,
    pub show_mask: &'static str,
    pub show_mask_help: &'static str,
    pub no_mask: &'static str,
    /// Title and formula, in the order of [`Layer`].
    pub layers: [(&'static str, &'static str); 6],
    /// Of the heatmap's colours, in the order of [`Scale`].
    pub scales: [&'static str; 3],
    pub computing: &'static str,
    pub recomputing: &'static str,
    pub waits_for_training: &'static str,
    pub needs_model: &'static str,
    pub train_first: &'static str,
    pub view_help: &'static str,
    pub fit: &'static str,
    pub fit_help: &'static str,
    pub one_to_one: &'static str,
    pub one_to_one_help: &'static str,
    pub first: &'static str,
    pub back: &'static str,
    pub play: &'static str,
    pub pause: &'static str,
    pub forward: &'static str,
    pub last: &'static str,
    pub live: &'static str,
    pub live_help: &'static str,
    pub scrubber: &'static str,
    pub iteration: fn(usize, usize) -> String,
    pub curve_energy: &'static str,
    pub curve_reconstruction: &'static str,
    pub curve_l1: &'static str,
    pub curve_l2: &'static str,
    pub curve_moved: &'static str,
    pub moved_help: &'static str,
    pub energy_plot: &'static str,
    pub moved_plot: &'static str,
    pub empty_nothing: &'static str,
    pub empty_no_image: &'static str,
    pub first_image: &'static str,
}

impl Inspect {
    pub fn layer(&self, layer: Layer) -> (&'static str, &'static str) {
        self.layers[layer as usize]
    }

    pub fn scale(&self, scale: Scale) -> &'static str {
        self.scales[scale as usize]
    }

    pub fn colormap_name(&self, map: Colormap) -> &'static str {
        let [inferno, viridis, cividis, grey] = self.colormaps;
        match map {
            Colormap::Inferno => inferno,
            Colormap::Viridis => viridis,
            Colormap::Cividis => cividis,
            Colormap::Grey => grey,
        }
    }
}

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
