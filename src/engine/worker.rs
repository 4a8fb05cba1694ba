//! What the worker does with commands and with its time. Pause and cancel live here alone.

use std::path::{Path, PathBuf};

use crate::compute::artifact::Artifact;
use crate::compute::device::{self, Compute, Device};
use crate::compute::training_run::{TrainingPlan, TrainingRun};
use crate::data::catalog::{Catalog, Entry, Kind};
use crate::data::config::{DeviceChoice, MapConfig, ProjectionConfig, TrainingLimit};
use crate::data::fingerprint::leak_note;
use crate::data::sample::{SampleWriter, Set};
use crate::data::scan;

use super::image::{self, Lens, OpenImage};
use super::message::{Command, Event, Job, ModelInfo, Outcome, TrainRequest};
use super::outbox::Outbox;
use super::projection::ProjectionJob;
use super::training::{Slice, TrainingJob};

/// The model in memory, with a copy on the host that outlives the device.
struct Model {
    artifact: Artifact,
    path: Option<PathBuf>,
    bytes: Vec<u8>,
}

/// Owns every tensor. [`Worker::obey`] takes a command, [`Worker::advance`] does one small slice
/// of whatever runs; neither waits for anybody.
pub struct Worker {
    out: Outbox,
    choice: DeviceChoice,
    device: Option<Compute>,
    catalog: Option<Catalog>,
    /// Sample data being written, and where to.
    demo: Option<(SampleWriter, PathBuf)>,
    model: Option<Model>,
    training: Option<TrainingJob>,
    image: Option<OpenImage>,
    wanted: Option<(ProjectionConfig, MapConfig)>,
    projection: Option<ProjectionJob>,
}

impl Worker {
    /// Nothing open, no device chosen.
    pub fn new(out: Outbox) -> Self {
        Self {
            out,
            choice: DeviceChoice::Auto,
            device: None,
            catalog: None,
            demo: None,
            model: None,
            training: None,
            image: None,
            wanted: None,
            projection: None,
        }
    }

    /// Whether [`Worker::advance`] has something to do.
    pub fn is_busy(&self) -> bool {
        self.is_projecting()
            || self.demo.is_some()
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

    /// Carries out a command, or says why not.
    pub fn obey(&mut self, command: Command) {
        let outcome = match command {
            Command::UseDevice(choice) => self.use_device(choice),
            Command::OpenDataset(path) => self.open_dataset(&path),
            Command::OpenDemo { into, set } => {
                self.open_demo(&into, set);
                Ok(())
            }
            Command::Train(request) => self.train(*request),
            Command::ResumeTraining { images, save_to } => self.resume_training(images, save_to),
            Command::Pause => self.with_training(TrainingJob::pause),
            Command::Resume => self.with_training(TrainingJob::resume),
            Command::Stop { keep } => self.stop_training(keep),
            Command::OpenModel(path) => self.open_model(path),
            Command::SaveModel(path) => self.save_model(path),
            Command::OpenImage(entry) => self.open_image(entry),
            Command::Project(config, map) => self.want_projection(config, map),
            Command::ExtendProjection { iterations } => match &mut self.projection {
                Some(job) => job
                    .extend(iterations, &mut self.out)
                    .map_err(|error| error.to_string()),
                None => Ok(()),
            },
            Command::CancelProjection => {
                self.cancel_projection();
                Ok(())
            }
            Command::CancelAll => {
                self.cancel_projection();
                self.end_demo(Outcome::Stopped);
                self.stop_training(true)
            }
        };
        if let Err(reason) = outcome {
            self.out.send(Event::Failed(reason));
        }
    }

    /// One iteration of the projection if there is one, else one slice of training: whoever looks
    /// at an image does not wait for training.
    pub fn advance(&mut self) {
        if self.is_projecting() {
            self.advance_projection();
        } else if self.demo.is_some() {
            self.advance_demo();
        } else {
            self.advance_training();
        }
    }

    /// Saves what is in training; called when the window has gone.
    pub fn close(&mut self) {
        let Some(job) = self.training.take() else {
            return;
        };
        if let (Some(path), Some(artifact)) = (job.save_to(), job.artifact()) {
            // A folder that cannot be made shows when the file is written.
            let _ = path.parent().map(std::fs::create_dir_all);
            if artifact.save(path).is_ok() {
                job.remove_autosave();
            }
        }
    }

    /// Ends every job after a panic of the device. What is on the host stays: the data set, the
    /// model, the image.
    pub fn device_failed(&mut self, reason: &str) {
        self.wanted = None;
        if self.projection.take().is_some_and(|job| job.is_running()) {
            let outcome = Outcome::Failed(reason.into());
            self.out.send(Event::Ended(Job::Projecting, outcome));
        }
        // Its tensors are gone, its last autosave is not.
        if let Some(job) = self.training.take() {
            job.abandon(Outcome::Failed(reason.into()), &mut self.out);
        }
        self.device = None;
        self.out.send(Event::DeviceLost(reason.into()));
    }

    // Device.

    fn use_device(&mut self, choice: DeviceChoice) -> Result<(), String> {
        self.cancel_projection();
        self.projection = None;
        if self.training.is_some() {
            self.stop_training(true)?;
            while self.training.is_some() {
                self.advance_training();
            }
        }
        self.choice = choice;
        self.device = None;
        self.device()?;
        self.reload_model()
    }

    /// The device, opened when it is first needed.
    fn device(&mut self) -> Result<Compute, String> {
        if let Some(device) = &self.device {
            return Ok(device.clone());
        }
        self.out.send(Event::Started(Job::Device));
        match device::open(self.choice) {
            Ok(compute) => {
                self.out.send(Event::DeviceReady(compute.info.clone()));
                self.out.send(Event::Ended(Job::Device, Outcome::Done));
                self.device = Some(compute.clone());
                Ok(compute)
            }
            Err(error) => {
                let outcome = Outcome::Failed(error.to_string());
                self.out.send(Event::Ended(Job::Device, outcome));
                Err(error.to_string())
            }
        }
    }

    // Data.

    fn open_dataset(&mut self, path: &Path) -> Result<(), String> {
        let mut catalog = scan::scan(path).map_err(|error| error.to_string())?;
        catalog.notes.extend(leak_note(&catalog));
        let summary = catalog.summary();
        self.out.send(Event::DatasetOpened {
            catalog: catalog.clone(),
            summary,
        });
        self.catalog = Some(catalog);
        Ok(())
    }

    fn open_demo(&mut self, into: &Path, set: Set) {
        self.end_demo(Outcome::Stopped);
        let folder = into.join(set.name());
        self.demo = Some((SampleWriter::new(set, &folder), folder));
        self.out.send(Event::Started(Job::Demo));
    }

    fn advance_demo(&mut self) {
        let Some((writer, folder)) = &mut self.demo else {
            return;
        };
        let outcome = writer.step().map_err(|error| error.to_string());
        let (done, total) = writer.progress();
        let (done, total) = (done as u64, total as u64);
        self.out.offer(Event::Progress {
            job: Job::Demo,
            done,
            total,
        });
        let folder = folder.clone();
        match outcome {
            Err(reason) => self.end_demo(Outcome::Failed(reason)),
            Ok(()) if done == total => {
                self.end_demo(Outcome::Done);
                self.obey(Command::OpenDataset(folder));
            }
            Ok(()) => {}
        }
    }

    fn end_demo(&mut self, outcome: Outcome) {
        if self.demo.take().is_some() {
            self.out.send(Event::Ended(Job::Demo, outcome));
        }
    }

    fn open_image(&mut self, entry: Entry) -> Result<(), String> {
        self.cancel_projection();
        self.projection = None;
        let (image, opened) = image::open(entry, self.lens()).map_err(|error| error.to_string())?;
        self.image = Some(image);
        self.out.send(Event::ImageOpened(Box::new(opened)));
        Ok(())
    }

    /// How the network at hand sees images: the one in training before the one in memory.
    fn lens(&self) -> Lens {
        let model = self.model.as_ref().map(|model| {
            let header = &model.artifact.header;
            (&header.data, header.network.channels)
        });
        let training = self.training.as_ref().and_then(TrainingJob::lens);
        training
            .or(model)
            .map_or_else(Lens::default, |(data, channels)| Lens {
                data: data.clone(),
                channels: Some(channels),
            })
    }

    /// Prepares the open image anew when another network sees it differently.
    fn refocus(&mut self) -> Result<(), String> {
        let lens = self.lens();
        match self.image.take() {
            Some(image) if image.lens != lens => self.open_image(image.entry),
            image => {
                self.image = image;
                Ok(())
            }
        }
    }

    // Model.

    fn open_model(&mut self, path: PathBuf) -> Result<(), String> {
        let device = self.device()?.device;
        let artifact = Artifact::load(&path, &device).map_err(|error| error.to_string())?;
        self.set_model(artifact, Some(path))
    }

    fn save_model(&mut self, path: PathBuf) -> Result<(), String> {
        let model = self
            .model
            .as_mut()
            .ok_or("There is no model to save yet.")?;
        crate::data::atomic::write_atomic(&path, &model.bytes)
            .map_err(|error| format!("{error:#}"))?;
        model.path = Some(path.clone());
        self.out.send(Event::ModelSaved(path));
        self.announce_model();
        Ok(())
    }

    fn set_model(&mut self, artifact: Artifact, path: Option<PathBuf>) -> Result<(), String> {
        self.cancel_projection();
        self.projection = None;
        let bytes = artifact.to_bytes().map_err(|error| error.to_string())?;
        self.model = Some(Model {
            artifact,
            path,
            bytes,
        });
        self.announce_model();
        self.refocus()
    }

    /// Brings the model in memory to the device that computes now.
    fn reload_model(&mut self) -> Result<(), String> {
        let device = self.device()?.device;
        if let Some(model) = &mut self.model {
            model.artifact = Artifact::from_bytes(&model.bytes, &device)?;
        }
        Ok(())
    }

    fn announce_model(&mut self) {
        let event = match &self.model {
            Some(model) => {
                let header = model.artifact.header.clone();
                let dataset = &header.dataset;
                let data_summary = format!(
                    "{}: {} normal images, {} held out",
                    dataset.name, dataset.training_images, dataset.validation_images
                );
                Event::ModelReady(Box::new(ModelInfo {
                    path: model.path.clone(),
                    network: header.network,
                    data: header.data,
                    training: header.training,
                    images_seen: header.images_seen,
                    calibration: header.calibration,
                    data_summary,
                }))
            }
            None => Event::ModelGone,
        };
        self.out.send(event);
    }

    // Training.

    fn train(&mut self, request: TrainRequest) -> Result<(), String> {
        let seconds = request.training.limit.seconds;
        let plan = TrainingPlan {
            data: request.data,
            latent: request.latent,
            width: request.width,
            training: request.training,
            projection: request.projection,
            map: request.map,
        };
        let save_to = request.save_to;
        self.begin_training(save_to, seconds, |catalog, device| {
            TrainingRun::new(catalog, plan, device)
        })
    }

    fn resume_training(&mut self, images: u64, save_to: Option<PathBuf>) -> Result<(), String> {
        let device = self.device()?.device;
        let model = self
            .model
            .as_ref()
            .ok_or("There is no model to go on with.")?;
        let artifact = Artifact::from_bytes(&model.bytes, &device)?;
        let save_to = save_to.or_else(|| model.path.clone());
        self.begin_training(save_to, None, |catalog, device| {
            let more = TrainingLimit {
                images: Some(images),
                ..Default::default()
            };
            TrainingRun::resume(artifact, catalog, more, device)
        })
    }

    fn begin_training(
        &mut self,
        save_to: Option<PathBuf>,
        seconds: Option<f64>,
        run: impl FnOnce(&Catalog, &Device) -> Result<TrainingRun, String>,
    ) -> Result<(), String> {
        if self.training.is_some() {
            return Err("A model is being trained already.".into());
        }
        let device = self.device()?.device;
        let catalog = self
            .catalog
            .as_ref()
            .ok_or("Open a folder of normal images first.")?;
        let run = run(catalog, &device)?;
        self.training = Some(TrainingJob::new(run, save_to, seconds, &mut self.out));
        Ok(())
    }

    fn with_training(
        &mut self,
        act: impl FnOnce(&mut TrainingJob, &mut Outbox),
    ) -> Result<(), String> {
        if let Some(job) = &mut self.training {
            act(job, &mut self.out);
        }
        Ok(())
    }

    fn stop_training(&mut self, keep: bool) -> Result<(), String> {
        let Some(job) = &mut self.training else {
            return Ok(());
        };
        if !(keep && job.stop_and_keep())
            && let Some(job) = self.training.take()
        {
            job.end(Outcome::Stopped, &mut self.out);
            self.announce_model();
        }
        Ok(())
    }

    fn advance_training(&mut self) {
        let Some(mut job) = self.training.take() else {
            return;
        };
        let subject = self.image.as_ref().map(|image| &image.subject);
        match job.advance(subject, &mut self.out) {
            Slice::More => {
                self.training = Some(job);
                if let Err(reason) = self.refocus() {
                    self.out.send(Event::Failed(reason));
                }
            }
            Slice::Failed => {}
            Slice::Finished(artifact) => {
                if let Err(reason) = self.keep_model(*artifact, &job) {
                    self.out.send(Event::Failed(reason));
                }
            }
        }
    }

    fn keep_model(&mut self, artifact: Artifact, job: &TrainingJob) -> Result<(), String> {
        let path = job.save_to().map(Path::to_path_buf);
        self.set_model(artifact, None)?;
        if let Some(path) = path {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .map_err(|error| format!("{}: {error}", folder.display()))?;
            }
            self.save_model(path)?;
            job.remove_autosave();
        }
        Ok(())
    }

    // Projection.

    fn want_projection(&mut self, config: ProjectionConfig, map: MapConfig) -> Result<(), String> {
        config.validate()?;
        map.validate()?;
        self.cancel_projection();
        // Begun in the next slice: of many requests in a row only the last one is computed.
        self.wanted = Some((config, map));
        Ok(())
    }

    fn cancel_projection(&mut self) {
        self.wanted = None;
        if let Some(job) = &mut self.projection {
            job.cancel(&mut self.out);
        }
    }

    fn advance_projection(&mut self) {
        let outcome = match self.wanted.take() {
            Some((config, map)) => self.begin_projection(config, map),
            None => match &mut self.projection {
                Some(job) => job
                    .advance(&mut self.out)
                    .map_err(|error| error.to_string()),
                None => Ok(()),
            },
        };
        if let Err(reason) = outcome {
            if self.projection.take().is_some_and(|job| job.is_running()) {
                let outcome = Outcome::Failed(reason);
                self.out.send(Event::Ended(Job::Projecting, outcome));
            } else {
                self.out.send(Event::Failed(reason));
            }
        }
    }

    fn begin_projection(&mut self, config: ProjectionConfig, map: MapConfig) -> Result<(), String> {
        self.projection = None;
        let image = self.image.as_ref().ok_or("Open an image first.")?;
        let model = self.model.as_ref().map(|model| &model.artifact);
        let in_training = self.training.as_ref().and_then(TrainingJob::network);
        let network = in_training.or(model.map(|model| &model.network));
        let network = network.ok_or("Train or open a model first.")?;
        // The threshold belongs to a finished network, not to one that still changes.
        let calibration = model.and_then(|model| model.header.calibration.as_ref());
        let threshold = match in_training {
            Some(_) => 0.0,
            None => calibration.map_or(0.0, |calibration| calibration.stop_threshold),
        };
        let job = ProjectionJob::start(
            network,
            &image.lens.data,
            image.subject.clone(),
            config,
            map,
            threshold,
            &mut self.out,
        );
        self.projection = Some(job.map_err(|error| error.to_string())?);
        Ok(())
    }
}

impl Entry {
    /// An image that belongs to no data set.
    pub fn alone(path: PathBuf) -> Self {
        Self {
            path,
            kind: Kind::Normal,
            mask: None,
        }
    }
}
