//! What the worker says changes what the window knows.
//!
//! An answer counts by the id that it brings back. What the worker has open, it has open: the window
//! shows that, and asks for another thing by another id.

use kizumi_dataset::catalog::Catalog;
use kizumi_engine::message::{
    About, Command, Event, Failure, Job, ModelInfo, OpenedImage, Outcome, SetId,
};
use kizumi_method::config::ProjectionConfig;
use kizumi_method::mapper::Mapper;

use super::State;
use super::history::Snapshot;
use super::notice::{Level, Remedy, Scope};
use super::restoring::News;
use super::training::{Features, Phase};
use crate::ui::layer::Layer;
use crate::ui::settings::remember;

impl State {
    /// Takes in what the worker says.
    pub fn apply(&mut self, event: Event) {
        let news = News::of(&event);
        self.take_in(event);
        if let Some(news) = news {
            self.note_restored(news);
        }
        self.restore_a();
    }

    fn take_in(&mut self, event: Event) {
        match event {
            Event::DeviceReady(device) => {
                self.device = Some(device);
                self.inspecting.retry();
            }
            Event::Started(job) => self.started(job),
            Event::Progress { job, done, total } => self.jobs.progress(job, done, total),
            Event::Ended(job, outcome) => self.ended(job, outcome),
            Event::DatasetOpened {
                dataset,
                catalog,
                summary,
            } => self.dataset_opened(dataset, catalog, summary),
            Event::Labelled { dataset, labels } => self.labels_read(dataset, labels),
            Event::LabelsAlike { dataset, alike } => self.labels_alike(dataset, alike),
            Event::DatasetUnclear {
                dataset,
                path,
                groups,
                doubts,
                unread,
            } => self.dataset_unclear(dataset, path, groups, doubts, unread),
            Event::DatasetNote { dataset, note } => {
                if let Some(open) = self.dataset.as_mut().filter(|open| open.id == dataset) {
                    open.note(note);
                }
            }
            Event::Suspects {
                dataset,
                suspects,
                thumbnails,
            } => self.suspects_found(dataset, *suspects, thumbnails),
            Event::BrokenFiles(broken) => {
                if let Some(dataset) = &mut self.dataset {
                    dataset.broken = broken;
                }
            }
            Event::Paused => self.set_phase(Phase::Running, Phase::Paused),
            Event::Resumed => self.set_phase(Phase::Paused, Phase::Running),
            Event::Training(progress) => self.training.report(progress),
            Event::Interrupted(interrupted) => {
                self.interrupted = interrupted;
                self.to_discard = None;
            }
            Event::ValidationPreview(previews) => {
                self.training.previews = previews;
                self.training.generation += 1;
            }
            Event::TestPreview {
                image,
                model,
                preview,
            } => {
                self.inspecting.preview(image, model, &preview);
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
            Event::ModelSaved { model, path } => {
                remember(&mut self.settings.recent.models, &path);
                if let Some(known) = self.model.as_mut().filter(|known| known.id == model) {
                    known.path = Some(path);
                }
            }
            Event::ImageOpened(image) => self.image_opened(*image),
            Event::RivalOpened(image) => self.inspecting.rival_opened(*image),
            Event::Iterated { of, iterate } => self.inspecting.iterated(of, *iterate),
            Event::Inspected { of, inspection } => self.inspecting.inspected(of, *inspection),
            Event::ImageRefused(refused) => self.inspecting.image_refused(*refused),
            Event::TruthRead(truth) => self.truth_read(*truth),
            Event::SourceOpened(source) => self.inspecting.source_opened(*source),
            Event::InputPreviewed(preview) => self.part.previewed(*preview),
            Event::Sheet(sheet) => self.sheet.computed(*sheet),
            Event::SetInspected(result) => self.set.inspected(*result),
            Event::SetPixels(pixels) => self.set.pixels_counted(*pixels),
            Event::FilesFound {
                changed,
                unreachable,
            } => self.set.files_found(&changed, &unreachable),
            Event::Tried { tuning, trials } => self.tuning.tried(tuning, trials),
            Event::Tuned { tuning, result } => self.tuning.tuned(tuning, *result),
            Event::SetPaused(set) => self.set.paused(set, true),
            Event::SetResumed(set) => self.set.paused(set, false),
            Event::Warning(news) => self.notices.push(Level::of(&news), news, None),
            Event::Failed { about, reason } => self.failed(about, reason),
            Event::WorkerLost(text) => self.worker_lost(text),
            Event::DeviceLost(text) => {
                self.jobs.clear();
                self.set.lost();
                self.training.phase = Phase::Idle;
                self.notices
                    .push(Level::Error, text, Some(Remedy::ContinueOnCpu));
            }
        }
    }

    fn started(&mut self, job: Job) {
        self.jobs.start(job);
        match job {
            Job::Features => self.training.features = Features::Learning,
            Job::Training => self.training.started(),
            Job::Finishing => self.training.finishing(),
            Job::Projecting(run) => self.inspecting.run_started(run),
            Job::InspectingSet(set) => self.set_started(set),
            Job::Tuning(tuning) => self.tuning.started(tuning),
            _ => {}
        }
    }

    fn ended(&mut self, job: Job, outcome: Outcome) {
        self.jobs.end(job);
        if let Outcome::Failed(reason) = &outcome {
            let scope = match job {
                Job::Loading | Job::Features | Job::Training | Job::Finishing => Scope::Training,
                _ => Scope::Program,
            };
            self.notices.push_about(scope, Level::Error, reason.clone());
        }
        match job {
            Job::Projecting(run) => self.inspecting.run_ended(run),
            Job::InspectingSet(set) => self.set.ended(set, outcome),
            Job::Features if outcome == Outcome::Done => self.training.features = Features::Ready,
            Job::Training => self.training.ended(outcome),
            Job::Finishing => self.training.finished(outcome),
            // Training that never began has no end of its own.
            Job::Loading | Job::Features
                if self.training.is_active() && outcome != Outcome::Done =>
            {
                self.training.ended(outcome);
            }
            _ => {}
        }
    }

    /// A request was refused. It concerns what it was about; everything else goes on.
    fn failed(&mut self, about: About, reason: Failure) {
        match about {
            About::Image(image) => {
                if let Some(entry) = self.inspecting.image_failed(image) {
                    self.reopen = Some(entry);
                }
            }
            About::Run(run) => self.inspecting.run_ended(run),
            About::Set(set) => self.set.ended(set, Outcome::Failed(reason.clone())),
            About::Training(model) => self.training.refused(model),
            About::Model(model) if self.opening == Some(model) => {
                self.opening = None;
                let (projection, map) = self.parameters();
                self.inspecting.model_stays(projection, map);
            }
            _ => {}
        }
        let scope = match about {
            About::Image(_) | About::Source(_) | About::Run(_) | About::Suspects(_) => {
                Scope::Dataset
            }
            About::Training(_) => Scope::Training,
            _ => Scope::Program,
        };
        self.notices.push_about(scope, Level::Error, reason);
    }

    /// A new worker has nothing open: what was open is asked for again. A model that has no file is
    /// lost.
    fn worker_lost(&mut self, text: Failure) {
        self.jobs.clear();
        self.set.lost();
        self.training.phase = Phase::Idle;
        self.opening = None;
        self.kept_model = None;
        let model = self.model.take().and_then(|model| model.path);
        let image = self.inspecting.selected.clone();
        self.inspecting.forget_trajectory();
        self.sheet.forget();
        self.tuning.forget();
        self.part.forget();
        if let Some(dataset) = &mut self.dataset {
            dataset.id = self.ids.give();
            let path = dataset.catalog.root.clone();
            self.pending.push_back(Command::OpenDataset {
                dataset: dataset.id,
                roles: self.settings.recent.roles(&path),
                path,
            });
        }
        if let Some(path) = model {
            let command = self.open_model(path);
            self.pending.push_back(command);
        }
        self.reopen = image;
        self.notices.push(Level::Error, text, None);
    }

    fn set_phase(&mut self, from: Phase, to: Phase) {
        if self.training.phase == from {
            self.training.phase = to;
        }
    }

    /// The image that was opened by itself may be one of the data set, which knows its kind and
    /// its mask.
    pub(super) fn adopt(&mut self, catalog: &Catalog) {
        let Some(selected) = &self.inspecting.selected else {
            return;
        };
        let mut entries = catalog.test.iter().chain(&catalog.train);
        if let Some(entry) = entries.find(|entry| entry.path == selected.path)
            && entry != selected
        {
            self.reopen = Some(entry.clone());
        }
    }

    fn image_opened(&mut self, image: OpenedImage) {
        let notes = image.notes.clone();
        let before = self.inspecting.opened.as_ref();
        let same_file = before.is_some_and(|before| before.entry.path == image.entry.path);
        let noted = same_file && before.is_some_and(|before| before.notes == notes);
        let (width, height) = (image.picture.width, image.picture.height);
        let painted = image.painted;
        let in_dataset = self.is_in_dataset(&image.entry);
        let file = image.entry.path.clone();
        if !self.inspecting.image_opened(image, self.parameters()) {
            return;
        }
        if !in_dataset {
            remember(&mut self.settings.recent.images, &file);
        }
        if !same_file {
            self.notices.leave(Scope::Image);
        }
        for note in notes.iter().filter(|_| !noted) {
            let odd = match note.path {
                // It lies in another file, a mask.
                Some(_) => note.clone(),
                None => note.clone().of(&file),
            };
            self.notices.push_about(Scope::Image, Level::Info, odd);
        }
        if !painted {
            self.painter.forget();
        }
        self.truth_may_differ();
        self.viewer.keep_pins_inside(width, height);
        self.sheet.forget();
    }

    /// A set begins: whatever was looked at belongs to the one before.
    fn set_started(&mut self, set: SetId) {
        if self.set.started(set) {
            self.review.cursor = None;
            self.review.clear_filters();
        }
    }

    fn model_ready(&mut self, model: ModelInfo) {
        if let Some(path) = &model.path {
            remember(&mut self.settings.recent.models, path);
        }
        self.opening.take_if(|opening| *opening == model.id);
        // The first model of a training and the last one have one id.
        let same = self
            .model
            .as_ref()
            .is_some_and(|known| known.id == model.id && known.mark == model.mark);
        // Thresholds set by hand are raw scores: they mean nothing for another model or other settings.
        let maker = match &model.calibration {
            Some(calibration) => Mapper::calibrated(model.mark, calibration),
            None => Mapper::new(model.mark, Default::default(), Default::default(), None),
        }
        .projected_maker();
        if self.settings.thresholds_of != maker {
            self.settings.thresholds_of = maker;
            self.settings.decision.by_hand = None;
            self.settings.decision.pixel_by_hand = None;
        }
        if let Some((projection, _)) = model.settings()
            && self.settings.projection_of != Some(model.mark.weights)
        {
            self.settings.projection_of = Some(model.mark.weights);
            self.adopt_calibrated(projection);
        }
        self.model = Some(model);
        let layers = self.layers();
        let viewing = &mut self.settings.viewing;
        for layer in [&mut viewing.layer, &mut viewing.reference] {
            if !layers.contains(layer) {
                *layer = Layer::Heatmap;
            }
        }
        if !same {
            self.inspecting.model_changed();
            self.sheet.forget();
            self.tuning.forget();
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
}
