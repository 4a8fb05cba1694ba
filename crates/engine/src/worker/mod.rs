//! What the worker does with commands and with its time. Pause and cancel live here alone.

mod calibrating;
mod hardware;
mod ignoring;
mod image;
mod interrupted;
mod model;
mod opening;
mod projecting;
mod rival;
mod set;
mod sheet;
pub(crate) mod suspects;
mod thumbnails;
mod training;
mod tuning;

use std::path::PathBuf;

use kizumi_compute::artifact::Artifact;
use kizumi_compute::device::Compute;
use kizumi_compute::recalibration::Recalibration;
use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::labels::Read;
use kizumi_dataset::sample::SampleWriter;
use kizumi_method::config::DeviceChoice;
use kizumi_method::maker::ModelMark;

use super::checking::Checking;
use super::image::OpenImage;
use super::message::{
    About, Cause, Command, DatasetId, Denial, Event, Failure, ModelId, Outcome, RunRequest,
};
use super::outbox::Outbox;
use super::previewing::{Known, Previewing};
use super::projection::ProjectionJob;
use super::set::SetJob;
use super::sheet::SheetJob;
use super::training::TrainingJob;
use rival::Rival;
use suspects::SuspectsJob;
use tuning::TuningJob;

/// The model in memory, with a copy on the host that outlives the device.
struct Model {
    id: ModelId,
    artifact: Artifact,
    path: Option<PathBuf>,
    bytes: Vec<u8>,
    mark: ModelMark,
}

/// The data set that is open.
struct Dataset {
    id: DatasetId,
    /// As its folders say.
    by_folder: Catalog,
    /// The same with the labels of its images.
    catalog: Catalog,
    /// What is known of its files, to tell which hold the same.
    read: Read,
}

/// What the worker is at: it tells what a panic costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// A command that does not compute.
    Command,
    /// Reading and preparing an image.
    Image,
    /// Preparing the open image anew.
    Refocusing,
    /// Writing sample data.
    Demo,
    /// Comparing the training images with each other.
    Suspects,
    /// Something that is computed on the device, and belongs to no job.
    Device,
    Projecting,
    Rival,
    Sheet,
    Recalibrating,
    Tuning,
    Set,
    Training,
}

/// Owns every tensor. [`Worker::obey`] takes a command, [`Worker::advance`] does one small slice
/// of whatever runs; neither waits for anybody.
pub struct Worker {
    out: Outbox,
    doing: Doing,
    /// What the last command is about.
    about: About,
    choice: DeviceChoice,
    device: Option<Compute>,
    /// The device that was asked for while the old one trained.
    next_device: Option<DeviceChoice>,
    /// Where models go that cannot be written where they belong.
    spare_models: Option<PathBuf>,
    /// Where interrupted trainings are looked for.
    autosaved_in: Vec<PathBuf>,
    dataset: Option<Dataset>,
    /// The comparison of its files, on a thread of its own.
    check: Option<Checking>,
    suspects: Option<SuspectsJob>,
    /// Sample data being written, where to, and what it will be called.
    demo: Option<(SampleWriter, PathBuf, DatasetId)>,
    model: Option<Model>,
    /// The model from before, or that there was none, once the one in training has taken its place: it
    /// tells by features already.
    earlier: Option<Option<Model>>,
    training: Option<TrainingJob>,
    image: Option<OpenImage>,
    /// A look at what a network would get, on a thread of its own, and what was last learned for one.
    preview: Option<Previewing>,
    learned: Known,
    wanted: Option<RunRequest>,
    projection: Option<ProjectionJob>,
    sheet: Option<SheetJob>,
    /// The model that the one at hand is compared with.
    rival: Option<Rival>,
    set: Option<SetJob>,
    /// A new calibration of the model, and what the model is called with it.
    recalibration: Option<(Recalibration, ModelId)>,
    tuning: Option<TuningJob>,
    /// What panics when it is begun.
    #[cfg(test)]
    sabotaged: Option<Doing>,
}

impl Worker {
    /// Nothing open, no device chosen. Models that cannot be written where they belong go into a folder of
    /// their own, if there is one.
    pub fn new(out: Outbox, spare_models: Option<PathBuf>) -> Self {
        Self {
            out,
            doing: Doing::Command,
            about: About::Device,
            choice: DeviceChoice::Auto,
            device: None,
            next_device: None,
            spare_models,
            autosaved_in: Vec::new(),
            dataset: None,
            check: None,
            suspects: None,
            demo: None,
            model: None,
            earlier: None,
            training: None,
            image: None,
            preview: None,
            learned: Known::default(),
            wanted: None,
            projection: None,
            sheet: None,
            rival: None,
            set: None,
            recalibration: None,
            tuning: None,
            #[cfg(test)]
            sabotaged: None,
        }
    }

    fn begin(&mut self, doing: Doing) {
        self.doing = doing;
        #[cfg(test)]
        assert!(self.sabotaged != Some(doing), "sabotaged");
    }

    /// Whether [`Worker::advance`] has something to do.
    pub fn is_busy(&self) -> bool {
        self.is_projecting()
            || self.sheet.is_some()
            || self.rival.as_ref().is_some_and(Rival::is_at_work)
            || self.demo.is_some()
            || self.suspects.is_some()
            || self.recalibration.is_some()
            || self.tuning.is_some()
            || self.is_inspecting_set()
            || self.training.as_ref().is_some_and(|job| !job.is_paused)
    }

    /// Whether nobody listens to the events any more.
    pub fn is_abandoned(&self) -> bool {
        self.out.is_abandoned()
    }

    fn is_projecting(&self) -> bool {
        self.wanted.is_some()
            || self
                .projection
                .as_ref()
                .is_some_and(ProjectionJob::is_running)
    }

    fn is_inspecting_set(&self) -> bool {
        self.set.as_ref().is_some_and(SetJob::is_going)
    }

    /// Carries out a command, or says why not.
    pub fn obey(&mut self, command: Command) {
        let about = command.about();
        self.about = about;
        self.begin(Doing::Command);
        let outcome = match command {
            Command::UseDevice(choice) => {
                self.use_device(choice);
                Ok(())
            }
            Command::OpenDataset {
                dataset,
                path,
                roles,
            } => self.open_dataset(dataset, &path, &roles).map(|_| ()),
            Command::OpenDemo { dataset, into, set } => {
                self.open_demo(dataset, &into, set);
                Ok(())
            }
            Command::SetLabels { dataset, labels } => self.set_labels(dataset, &labels),
            Command::FindSuspects {
                dataset,
                resolution,
            } => self.find_suspects(dataset, resolution),
            Command::StopFindingSuspects(dataset) => {
                if self
                    .suspects
                    .as_ref()
                    .is_some_and(|job| job.dataset == dataset)
                {
                    self.end_suspects(Outcome::Stopped);
                }
                Ok(())
            }
            Command::Train(request) => self.train(*request),
            Command::ResumeTraining {
                of,
                model,
                dataset,
                exclusions,
                images,
                save_to,
            } => self.resume_training(of, (model, dataset), &exclusions, images, save_to),
            Command::Pause => self.with_training(TrainingJob::pause),
            Command::Resume => self.with_training(TrainingJob::resume),
            Command::Stop { keep } => {
                self.stop_training(keep);
                Ok(())
            }
            Command::SkipMeasuring => self.with_training(|job, _| job.skip_measuring()),
            Command::FindInterrupted(folders) => {
                self.find_interrupted(folders);
                Ok(())
            }
            Command::ResumeInterrupted {
                model,
                dataset,
                autosave,
                roles,
                keep,
            } => self.resume_interrupted((model, dataset), &autosave, &roles, keep),
            Command::DiscardInterrupted(autosave) => self.discard_interrupted(&autosave),
            Command::OpenModel { model, path } => self.open_model(model, path),
            Command::SaveModel { model, path } => self.save_model(model, path),
            Command::OpenImage { image, entry, then } => self.open_image(image, entry, then),
            Command::Project(request) => {
                self.want_projection(request);
                Ok(())
            }
            Command::Repaint {
                of,
                image,
                picture,
                mask,
                hole,
            } => self.repaint((of, image), picture, mask, hole),
            Command::OpenSource(image) => self.open_source(image),
            Command::ReadTruth { image, entry } => self.read_truth(image, entry),
            Command::PreviewInput(request) => {
                self.preview = Some(Previewing::start(*request, &self.learned, &mut self.out));
                Ok(())
            }
            Command::KeepRival(model) => self.keep_rival(model),
            Command::DropRival => {
                self.drop_rival();
                Ok(())
            }
            Command::ProjectByRival { request, entry } => self.project_by_rival(request, entry),
            Command::ProjectSheet {
                sheet,
                image,
                model,
                request,
            } => self.project_sheet(sheet, (image, model), *request),
            Command::InspectSet(request) => self.inspect_set(*request),
            Command::PauseSet(set) => {
                self.with_set(set, SetJob::pause);
                Ok(())
            }
            Command::ResumeSet(set) => {
                self.with_set(set, SetJob::resume);
                Ok(())
            }
            Command::StopSet(set) => {
                if self.set.as_ref().is_some_and(|job| job.id() == set) {
                    self.stop_set();
                }
                Ok(())
            }
            Command::FindChanged(files) => {
                self.find_changed(files);
                Ok(())
            }
            Command::SetIgnored { of, model, mask } => self.set_ignored(of, model, mask),
            Command::Recalibrate {
                of,
                model,
                projection,
                map,
            } => self.recalibrate(of, model, projection, map),
            Command::Tune { of, tuning } => self.tune(of, tuning),
            Command::StopTuning(tuning) => {
                if self.tuning.as_ref().is_some_and(|job| job.id == tuning) {
                    self.end_tuning(Outcome::Stopped);
                }
                Ok(())
            }
            Command::CancelAll => {
                self.cancel_projection();
                self.end_rival(&Outcome::Stopped);
                self.cancel_sheet();
                self.stop_set();
                self.end_demo(Outcome::Stopped);
                self.end_check();
                self.preview = None;
                self.end_suspects(Outcome::Stopped);
                self.end_recalibration(Outcome::Stopped);
                self.end_tuning(Outcome::Stopped);
                self.stop_training(true);
                Ok(())
            }
            Command::Close(extent) => self.let_go(extent),
        };
        if let Err(reason) = outcome.and_then(|()| self.change_device()) {
            self.out.send(Event::Failed { about, reason });
        }
    }

    /// One slice of the most urgent work: whoever looks at an image waits neither for the other
    /// images nor for training.
    pub fn advance(&mut self) {
        if let Some(job) = &mut self.training {
            job.stand_aside();
        }
        if self.is_projecting() {
            self.begin(Doing::Projecting);
            self.advance_projection();
        } else if self.rival.as_ref().is_some_and(Rival::is_at_work) {
            self.begin(Doing::Rival);
            self.advance_rival();
        } else if self.sheet.is_some() {
            self.begin(Doing::Sheet);
            self.advance_sheet();
        } else if self.demo.is_some() {
            self.begin(Doing::Demo);
            self.advance_demo();
        } else if self.recalibration.is_some() {
            self.begin(Doing::Recalibrating);
            self.advance_recalibration();
        } else if self.tuning.is_some() {
            self.begin(Doing::Tuning);
            self.advance_tuning();
        } else if self.suspects.is_some() {
            self.begin(Doing::Suspects);
            self.advance_suspects();
        } else if self.is_inspecting_set() {
            self.begin(Doing::Set);
            self.advance_set();
        } else {
            self.begin(Doing::Training);
            self.advance_training();
        }
        if let Err(reason) = self.change_device() {
            let about = About::Device;
            self.out.send(Event::Failed { about, reason });
        }
    }

    /// Saves what is in training; called when the window has gone.
    pub fn close(&mut self) {
        let Some(job) = self.training.take() else {
            return;
        };
        let images = job.images_seen();
        match job.close() {
            Ok(Some(path)) => {
                tracing::info!("the model in training is kept in {}", path.display());
            }
            Ok(None) => {
                tracing::info!("nothing of the training is kept: it has seen {images} images")
            }
            Err(error) => tracing::error!("the model in training is not saved: {error}"),
        }
    }

    /// Ends what panicked, and no more than that: unless a graphics card was at work, which may be gone.
    /// Drivers and kernels report a lost device, or too little memory, by panicking.
    pub fn panicked(&mut self, reason: &str) {
        let reads = match self.doing {
            Doing::Command | Doing::Image | Doing::Refocusing | Doing::Demo | Doing::Suspects => {
                true
            }
            Doing::Set => self.set.as_ref().is_some_and(SetJob::is_reading),
            _ => false,
        };
        if self.computes_on_gpu() && !reads {
            return self.device_failed(reason);
        }
        let reason = Failure::from(Denial::Mistake(reason.into()));
        let failed = Outcome::Failed(reason.clone());
        let about = self.about;
        match self.doing {
            Doing::Command | Doing::Image | Doing::Device => {
                self.out.send(Event::Failed { about, reason });
            }
            Doing::Refocusing => {
                if let Some(image) = self.image.take() {
                    let about = About::Image(image.opened().id);
                    self.out.send(Event::Failed { about, reason });
                }
            }
            Doing::Demo => self.end_demo(failed),
            Doing::Suspects => self.end_suspects(failed),
            Doing::Projecting => self.abandon_projection(&failed),
            Doing::Rival => self.end_rival(&failed),
            Doing::Sheet => self.end_sheet(failed),
            Doing::Recalibrating => self.end_recalibration(failed),
            Doing::Tuning => self.end_tuning(failed),
            Doing::Set => self.end_set(failed),
            Doing::Training => {
                if let Some(job) = self.training.take() {
                    job.stopped_by(reason.text, &mut self.out);
                }
                self.training_came_to_nothing();
            }
        }
    }

    /// Ends every job after the device has failed. What is on the host stays: the data set, the model,
    /// the image.
    pub fn device_failed(&mut self, reason: &str) {
        let failure = Failure::new(Cause::Device, reason);
        let failed = || Outcome::Failed(failure.clone());
        self.abandon_projection(&failed());
        self.forget_rival_tensors(&failed());
        self.end_sheet(failed());
        self.end_set(failed());
        self.end_recalibration(failed());
        self.end_tuning(failed());
        self.end_suspects(failed());
        if let Some(job) = self.training.take() {
            job.stopped_by(reason.into(), &mut self.out);
        }
        self.training_came_to_nothing();
        self.device = None;
        self.out.send(Event::DeviceLost(failure));
    }
}

#[cfg(test)]
mod tests;
