//! All that the window knows. Events change it in [`State::apply`], people in the methods that
//! `action.rs` calls; there are no clocks, files or widgets in here.

pub mod comparing;
pub mod history;
pub mod inspecting;
pub mod jobs;
pub mod marks;
pub mod notice;
pub mod overlay;
pub mod painting;
pub mod review_view;
pub mod runs;
pub mod set;
pub mod sheet;
pub mod small_map;
pub mod timeline;
pub mod training;
pub mod tuning;
pub mod viewer;

use std::path::{Path, PathBuf};

use kizumi_dataset::catalog::{Catalog, Entry, Kind};
use kizumi_engine::message::{
    Broken, Command, DeviceInfo, Event, Job, ModelInfo, Outcome, TrainRequest,
};
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{MapConfig, ProjectionConfig, TrainingPlan};
use kizumi_method::mapper::Mapper;
use kizumi_method::settings_text::SettingsText;

use super::settings::{Settings, remember};
use history::{History, Moment, Snapshot};
use inspecting::Inspecting;
use jobs::Jobs;
use notice::{Level, Notices, Remedy};
use overlay::Overlay;
use painting::Painter;
use review_view::ReviewView;
use set::{Conditions, InspectedSet, ModelMark, Source, Stale};
use sheet::ContactSheet;
use training::{Phase, Training};
use tuning::TuningView;
use viewer::Viewer;

/// The steps from images to verdicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// Choose images.
    #[default]
    Data,
    /// Learn what is normal.
    Train,
    /// Look at test images.
    Inspect,
    /// Inspect many images and decide.
    Review,
}

impl Step {
    /// In order.
    pub const ALL: [Self; 4] = [Self::Data, Self::Train, Self::Inspect, Self::Review];
}

/// The data set that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Its images.
    pub catalog: Catalog,
    /// The same in a sentence.
    pub summary: String,
    /// Files that could not be used.
    pub broken: Vec<Broken>,
}

impl Dataset {
    /// The folder's name.
    pub fn name(&self) -> String {
        file_name(&self.catalog.root)
    }

    /// The images to look at: the test images, or the normal ones where there are no others.
    pub fn images(&self) -> &[Entry] {
        images_of(&self.catalog, Source::Test)
    }
}

/// Everything the window shows.
#[derive(Debug, Default)]
pub struct State {
    /// What is remembered for the next start.
    pub settings: Settings,
    /// The step on screen.
    pub step: Step,
    /// What computes, once it is known.
    pub device: Option<DeviceInfo>,
    /// The work that is going on.
    pub jobs: Jobs,
    /// The data set that is open.
    pub dataset: Option<Dataset>,
    /// What is known of training.
    pub training: Training,
    /// The model in memory.
    pub model: Option<ModelInfo>,
    /// The image under inspection.
    pub inspecting: Inspecting,
    /// The grid of its projections.
    pub sheet: ContactSheet,
    /// The search for settings.
    pub tuning: TuningView,
    /// What can be undone.
    pub history: History,
    /// The images that were inspected one after another.
    pub set: InspectedSet,
    /// What is looked at of them.
    pub review: ReviewView,
    /// Banners.
    pub notices: Notices,
    /// What is looked at.
    pub viewer: Viewer,
    /// What is painted.
    pub painter: Painter,
    /// What is being typed as a path.
    pub path_input: String,
    /// Whether the frame times are shown.
    pub timing_open: bool,
    /// Whether a file dialog is open.
    pub dialog_open: bool,
    /// What lies over the window.
    pub overlay: Option<Overlay>,
    /// How often the layout was reset: panels forget the sizes that they were dragged to.
    pub layout_generation: u32,
    /// Whether the image must be decoded anew, because the network now takes others.
    reopen: bool,
}

impl State {
    /// The state before anything happened.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// Takes in what the worker says.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::DeviceReady(device) => {
                self.device = Some(device);
                self.inspecting.worker_forgot();
            }
            Event::Started(job) => {
                self.jobs.start(job);
                if job != Job::Projecting {
                    self.inspecting.worker_forgot();
                }
                match job {
                    Job::Training => self.training.started(),
                    Job::InspectingSet => self.set_started(),
                    Job::Tuning => self.tuning.started(),
                    _ => {}
                }
            }
            Event::Progress { job, done, total } => self.jobs.progress(job, done, total),
            Event::Ended(job, outcome) => self.ended(job, outcome),
            Event::DatasetOpened { catalog, summary } => {
                remember(&mut self.settings.recent.datasets, &catalog.root);
                self.path_input = catalog.root.display().to_string();
                self.adopt(&catalog);
                if let Some(conditions) = self.set.conditions() {
                    let source = conditions.source;
                    self.set.compare(images_of(&catalog, source));
                }
                self.dataset = Some(Dataset {
                    catalog,
                    summary,
                    broken: Vec::new(),
                });
            }
            Event::BrokenFiles(broken) => {
                if let Some(dataset) = &mut self.dataset {
                    dataset.broken = broken;
                }
            }
            Event::Paused => self.set_phase(Phase::Running, Phase::Paused),
            Event::Resumed => self.set_phase(Phase::Paused, Phase::Running),
            Event::Training(progress) => self.training.report(progress),
            Event::ValidationPreview(previews) => {
                self.training.previews = previews;
                self.training.generation += 1;
            }
            Event::TestPreview(preview) => {
                self.inspecting.preview(preview.clone());
                self.training.test_preview = Some(preview);
                self.training.generation += 1;
            }
            Event::ModelReady(model) => self.model_ready(*model),
            Event::ModelGone => {
                self.model = None;
                self.inspecting.forget_trajectory();
                self.sheet.forget();
                self.sheet.close();
                self.tuning.forget();
            }
            Event::ModelSaved(path) => {
                remember(&mut self.settings.recent.models, &path);
                if let Some(model) = &mut self.model {
                    model.path = Some(path);
                }
            }
            Event::ImageOpened(image) => {
                for note in &image.notes {
                    let text = format!("{}: {note}", image.entry.path.display());
                    self.notices.push(Level::Info, text, None);
                }
                if !image.painted {
                    self.painter.forget();
                }
                let (width, height) = (image.picture.width, image.picture.height);
                self.viewer.keep_pins_inside(width, height);
                self.inspecting.image_opened(*image);
                self.sheet.forget();
            }
            Event::ProjectionStarted(config) => self.inspecting.projection_started(config),
            Event::Iterated(iterate) => self.inspecting.iterated(*iterate),
            Event::Inspected(inspection) => self.inspecting.inspected(*inspection),
            Event::SourceOpened(source) => self.inspecting.source_opened(*source),
            Event::Sheet(sheet) => self.sheet.computed(*sheet),
            Event::SetInspected(result) => self.set.inspected(*result),
            Event::SetPixels(pixels) => self.set.pixels_counted(*pixels),
            Event::Tried(trials) => self.tuning.tried(trials),
            Event::Tuned(result) => self.tuning.tuned(*result),
            Event::SetPaused => self.set.paused(true),
            Event::SetResumed => self.set.paused(false),
            Event::Warning(text) => self.notices.push(Level::Warning, text, None),
            Event::Failed(text) => {
                self.request_failed();
                self.notices.push(Level::Error, text, None);
            }
            Event::DeviceLost(text) => {
                self.request_failed();
                self.jobs.clear();
                self.set.lost();
                self.training.phase = Phase::Idle;
                self.notices
                    .push(Level::Error, text, Some(Remedy::ContinueOnCpu));
            }
        }
    }

    /// The image that was opened by itself may be one of the data set, which knows its kind and
    /// its mask.
    fn adopt(&mut self, catalog: &Catalog) {
        let Some(selected) = &mut self.inspecting.selected else {
            return;
        };
        let mut entries = catalog.test.iter().chain(&catalog.train);
        if let Some(entry) = entries.find(|entry| entry.path == selected.path)
            && entry != selected
        {
            *selected = entry.clone();
            self.reopen = true;
        }
    }

    fn ended(&mut self, job: Job, outcome: Outcome) {
        self.jobs.end(job);
        let failed = matches!(outcome, Outcome::Failed(_));
        if let Outcome::Failed(reason) = &outcome {
            self.notices.push(Level::Error, reason.clone(), None);
        }
        match job {
            Job::Projecting => self.inspecting.projection_ended(failed),
            Job::InspectingSet => self.set.ended(outcome),
            Job::Training => self.training.ended(outcome),
            // Training that never began has no end of its own.
            Job::Loading if self.training.phase == Phase::Preparing && outcome != Outcome::Done => {
                self.training.ended(outcome);
            }
            _ => {}
        }
    }

    fn set_phase(&mut self, from: Phase, to: Phase) {
        if self.training.phase == from {
            self.training.phase = to;
        }
    }

    fn request_failed(&mut self) {
        if self.training.phase == Phase::Preparing && !self.jobs.runs(Job::Loading) {
            self.training.phase = Phase::Idle;
        }
        self.inspecting.give_up_waiting();
        self.inspecting.worker_forgot();
        self.set.give_up_waiting();
        // Whatever was chosen did not come; what is open is what is shown.
        if let Some(opened) = &self.inspecting.opened {
            self.inspecting.selected = Some(opened.entry.clone());
        }
    }

    fn model_ready(&mut self, model: ModelInfo) {
        if let Some(path) = &model.path {
            remember(&mut self.settings.recent.models, path);
        }
        let same = self.model.as_ref().is_some_and(|known| {
            known.network == model.network
                && known.data == model.data
                && known.images_seen == model.images_seen
                && known.calibration == model.calibration
        });
        // Thresholds set by hand are raw scores: they mean nothing for another model.
        let mark = ModelMark::of(&model);
        if self.settings.decided_for != Some(mark) {
            self.settings.decided_for = Some(mark);
            self.settings.decision.by_hand = None;
            self.settings.decision.pixel_by_hand = None;
            if let Some(calibration) = &model.calibration {
                self.adopt_calibrated(calibration.projection);
            }
        }
        self.model = Some(model);
        if !same {
            self.tuning.forget();
            self.reopen = self.inspecting.selected.is_some();
        }
    }

    /// A model begins with the projection that its normal images were measured with: its thresholds
    /// and the levels of its maps belong to that one. What was set before is an undo away.
    fn adopt_calibrated(&mut self, projection: ProjectionConfig) {
        let new = Snapshot {
            projection,
            ..self.snapshot()
        };
        self.history.note(self.snapshot(), new);
        self.settings.projection = projection;
    }

    /// The projection to go back to: the model's own, as it was calibrated, or else the default.
    pub fn usual_projection(&self) -> ProjectionConfig {
        self.calibration()
            .map_or_else(Default::default, |calibration| calibration.projection)
    }

    /// The commands that are due at this time of the window's clock.
    pub fn due(&mut self, now_secs: f64) -> Option<Command> {
        self.set.keep_time(now_secs);
        if self.jobs.block_projection() || self.training.is_active() {
            return None;
        }
        if std::mem::take(&mut self.reopen)
            && let Some(entry) = self.inspecting.selected.clone()
        {
            return Some(Command::OpenImage(entry));
        }
        if self.settings.viewing.photograph && self.inspecting.wants_source() {
            return Some(Command::OpenSource);
        }
        self.model.as_ref()?;
        let map = self.score_map();
        let projection = self.settings.projection;
        if let Some(command) = self.inspecting.due(now_secs, projection, map) {
            return Some(command);
        }
        self.inspecting.opened.as_ref()?;
        self.sheet.due(now_secs, &projection, &map)
    }

    /// Seconds until [`State::due`] has something to say, as far as it depends on time.
    pub fn next_due_secs(&self, now_secs: f64) -> Option<f64> {
        if self.model.is_none() || self.training.is_active() {
            return None;
        }
        let times = [
            self.inspecting.next_due_secs(now_secs),
            self.sheet.next_due_secs(now_secs),
        ];
        times.into_iter().flatten().min_by(f64::total_cmp)
    }

    /// What undo would bring back.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            projection: self.settings.projection,
            display: self.settings.display,
        }
    }

    /// Changes what an inspection shows, and notes it for undo.
    pub fn change(&mut self, new: Snapshot, moment: Moment) {
        self.history.record(self.snapshot(), new, moment);
        self.put(new, moment.now_secs);
    }

    /// Changes the projection alone.
    pub fn change_projection(&mut self, projection: ProjectionConfig, moment: Moment) {
        let new = Snapshot {
            projection,
            ..self.snapshot()
        };
        self.change(new, moment);
    }

    /// One step back.
    pub fn undo(&mut self, now_secs: f64) {
        if let Some(earlier) = self.history.undo(self.snapshot()) {
            self.put(earlier, now_secs);
        }
    }

    /// One step on, after an undo.
    pub fn redo(&mut self, now_secs: f64) {
        if let Some(later) = self.history.redo(self.snapshot()) {
            self.put(later, now_secs);
        }
    }

    fn put(&mut self, new: Snapshot, now_secs: f64) {
        let projects = new.projection != self.settings.projection;
        self.settings.projection = new.projection;
        self.settings.display = new.display;
        if projects {
            let map = self.score_map();
            self.inspecting.want(new.projection, map, now_secs);
        }
    }

    /// The settings that people copy as text.
    pub fn settings_text(&self) -> SettingsText {
        SettingsText {
            projection: self.settings.projection,
            map: self.settings.map,
            decision: self.settings.decision,
        }
    }

    /// Takes settings over from text.
    pub fn adopt_settings_text(&mut self, text: &SettingsText, moment: Moment) {
        self.settings.map = text.map;
        self.settings.decision = text.decision;
        self.change_projection(text.projection, moment);
        let map = self.score_map();
        self.inspecting.want(text.projection, map, moment.now_secs);
    }

    /// Puts the current run aside as A.
    pub fn keep_as_a(&mut self) {
        self.inspecting.keep_as_a(self.settings.projection);
    }

    /// Goes back to A's parameters.
    pub fn adopt_a(&mut self, moment: Moment) {
        if let Some(projection) = self.inspecting.recall_a() {
            self.change_projection(projection, moment);
        }
    }

    /// A becomes the current run, the current run becomes A.
    pub fn swap_ab(&mut self, moment: Moment) {
        if self.inspecting.current().is_none() || self.inspecting.is_stale() {
            return;
        }
        if let Some(projection) = self.inspecting.recall_a() {
            let new = Snapshot {
                projection,
                ..self.snapshot()
            };
            self.inspecting.keep_as_a(self.settings.projection);
            self.change(new, moment);
        }
    }

    /// How maps become scores: as the calibration did it, so that its percentages hold.
    pub fn score_map(&self) -> MapConfig {
        self.calibration()
            .map_or(self.settings.map, |calibration| calibration.map)
    }

    /// How the heatmap's maps are made: as those that are scored, with the smoothing of the display.
    pub fn shown_mapper(&self) -> Mapper {
        let config = MapConfig {
            smoothing_px: self.settings.display.smoothing_px,
            ..self.score_map()
        };
        Mapper::new(config, self.calibration())
    }

    /// The calibration of the model at hand.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.model.as_ref()?.calibration.as_ref()
    }

    /// The images that would be inspected now.
    pub fn set_images(&self) -> &[Entry] {
        let catalog = self.dataset.as_ref().map(|dataset| &dataset.catalog);
        catalog.map_or(&[], |catalog| images_of(catalog, self.review.source))
    }

    /// The conditions under which images would be inspected now; `None` without a model.
    pub fn set_conditions(&self) -> Option<Conditions> {
        let model = self.model.as_ref()?;
        Some(Conditions {
            source: self.review.source,
            model: ModelMark::of(model),
            ignored: model.ignored.clone(),
            projection: self.settings.projection,
            map: self.score_map(),
        })
    }

    /// Why the inspected images are not what inspecting them now would give.
    pub fn set_stale(&self) -> Option<Stale> {
        let now = self.set_conditions();
        self.set.stale(now.as_ref())
    }

    /// A set begins: whatever was looked at belongs to the one before.
    fn set_started(&mut self) {
        self.set.started();
        self.review.cursor = None;
        self.review.clear_filters();
    }

    /// What the training form asks for.
    pub fn train_request(&self, save_to: Option<PathBuf>) -> TrainRequest {
        let plan = TrainingPlan {
            recipe: self.settings.train.clone(),
            projection: self.settings.projection,
            map: self.settings.map,
        };
        TrainRequest { plan, save_to }
    }

    /// The newest iterate that is shown.
    pub fn last_shown(&self) -> usize {
        self.inspecting
            .last_shown(self.settings.projection.iterations)
    }

    /// The iterate that is shown.
    pub fn shown(&self) -> usize {
        self.inspecting.shown(self.settings.projection.iterations)
    }

    /// The entry of an image file: as in the data set, or by itself.
    pub fn entry_of(&self, path: &Path) -> Entry {
        let known = self.dataset.iter().flat_map(|dataset| {
            let catalog = &dataset.catalog;
            catalog.test.iter().chain(&catalog.train)
        });
        known
            .into_iter()
            .find(|entry| entry.path == path)
            .cloned()
            .unwrap_or_else(|| Entry {
                path: path.to_path_buf(),
                kind: Kind::Normal,
                mask: None,
            })
    }

    /// Place of the chosen image in the list, and the list's length.
    pub fn place_in_list(&self) -> Option<(usize, usize)> {
        let images = self.dataset.as_ref()?.images();
        let selected = self.inspecting.selected.as_ref()?;
        let index = images
            .iter()
            .position(|entry| entry.path == selected.path)?;
        Some((index, images.len()))
    }

    /// The image so many places on; the first one when none is chosen.
    pub fn neighbour(&self, by: isize) -> Option<Entry> {
        let images = self.dataset.as_ref()?.images();
        let last = images.len().checked_sub(1)?;
        let index = match self.place_in_list() {
            Some((index, _)) => index.saturating_add_signed(by).min(last),
            None => 0,
        };
        Some(images[index].clone())
    }
}

/// The images of a source; the normal ones where there are no others.
fn images_of(catalog: &Catalog, source: Source) -> &[Entry] {
    match source {
        Source::Test if !catalog.test.is_empty() => &catalog.test,
        _ => &catalog.train,
    }
}

/// The last part of a path, for people.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

#[cfg(test)]
mod tests;
