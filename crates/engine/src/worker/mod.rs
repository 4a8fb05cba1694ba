//! What the worker does with commands and with its time. Pause and cancel live here alone.

mod calibrating;
mod hardware;
mod ignoring;
mod image;
mod model;
mod opening;
mod projecting;
mod set;
mod sheet;
mod training;
mod tuning;

use std::path::PathBuf;

use kizumi_compute::artifact::Artifact;
use kizumi_compute::device::Compute;
use kizumi_compute::recalibration::Recalibration;
use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::fingerprint::LeakCheck;
use kizumi_dataset::sample::SampleWriter;
use kizumi_method::config::DeviceChoice;
use kizumi_method::maker::ModelMark;

use super::image::OpenImage;
use super::message::{Command, DatasetId, Event, ModelId, Outcome, RunRequest};
use super::outbox::Outbox;
use super::projection::ProjectionJob;
use super::set::SetJob;
use super::sheet::SheetJob;
use super::training::TrainingJob;
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
    catalog: Catalog,
}

/// Why a request about a model is refused that is not at hand any more.
const ANOTHER_MODEL: &str = "Another model has taken its place meanwhile.";

/// Owns every tensor. [`Worker::obey`] takes a command, [`Worker::advance`] does one small slice
/// of whatever runs; neither waits for anybody.
pub struct Worker {
    out: Outbox,
    choice: DeviceChoice,
    device: Option<Compute>,
    dataset: Option<Dataset>,
    /// The comparison of its files.
    check: Option<(DatasetId, LeakCheck)>,
    /// Sample data being written, where to, and what it will be called.
    demo: Option<(SampleWriter, PathBuf, DatasetId)>,
    model: Option<Model>,
    training: Option<TrainingJob>,
    image: Option<OpenImage>,
    wanted: Option<RunRequest>,
    projection: Option<ProjectionJob>,
    sheet: Option<SheetJob>,
    set: Option<SetJob>,
    /// A new calibration of the model, and what the model is called with it.
    recalibration: Option<(Recalibration, ModelId)>,
    tuning: Option<TuningJob>,
}

impl Worker {
    /// Nothing open, no device chosen.
    pub fn new(out: Outbox) -> Self {
        Self {
            out,
            choice: DeviceChoice::Auto,
            device: None,
            dataset: None,
            check: None,
            demo: None,
            model: None,
            training: None,
            image: None,
            wanted: None,
            projection: None,
            sheet: None,
            set: None,
            recalibration: None,
            tuning: None,
        }
    }

    /// Whether [`Worker::advance`] has something to do.
    pub fn is_busy(&self) -> bool {
        self.is_projecting()
            || self.sheet.is_some()
            || self.demo.is_some()
            || self.check.is_some()
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
        let outcome = match command {
            Command::UseDevice(choice) => self.use_device(choice),
            Command::OpenDataset { dataset, path } => self.open_dataset(dataset, &path),
            Command::OpenDemo { dataset, into, set } => {
                self.open_demo(dataset, &into, set);
                Ok(())
            }
            Command::Train(request) => self.train(*request),
            Command::ResumeTraining {
                of,
                model,
                dataset,
                images,
                save_to,
            } => self.resume_training(of, (model, dataset), images, save_to),
            Command::Pause => self.with_training(TrainingJob::pause),
            Command::Resume => self.with_training(TrainingJob::resume),
            Command::Stop { keep } => self.stop_training(keep),
            Command::OpenModel { model, path } => self.open_model(model, path),
            Command::SaveModel { model, path } => self.save_model(model, path),
            Command::OpenImage { image, entry, then } => self.open_image(image, entry, then),
            Command::Project(request) => {
                self.want_projection(request);
                Ok(())
            }
            Command::CancelProjection => {
                self.cancel_projection();
                self.cancel_sheet();
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
                self.cancel_sheet();
                self.stop_set();
                self.end_demo(Outcome::Stopped);
                self.end_check(Outcome::Stopped);
                self.end_tuning(Outcome::Stopped);
                self.stop_training(true)
            }
        };
        if let Err(reason) = outcome {
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
            self.advance_projection();
        } else if self.sheet.is_some() {
            self.advance_sheet();
        } else if self.demo.is_some() {
            self.advance_demo();
        } else if self.check.is_some() {
            self.advance_check();
        } else if self.recalibration.is_some() {
            self.advance_recalibration();
        } else if self.tuning.is_some() {
            self.advance_tuning();
        } else if self.is_inspecting_set() {
            self.advance_set();
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
            let folder = path.parent().unwrap_or(path);
            if let Err(error) = std::fs::create_dir_all(folder) {
                tracing::error!("{}: {error}", folder.display());
            }
            match artifact.save(path) {
                Ok(()) => {
                    tracing::info!("saved the model in training as {}", path.display());
                    job.remove_autosave();
                }
                Err(error) => tracing::error!("the model in training is not saved: {error}"),
            }
        }
    }

    /// Ends every job after a panic of the device. What is on the host stays: the data set, the
    /// model, the image.
    pub fn device_failed(&mut self, reason: &str) {
        let failed = || Outcome::Failed(reason.into());
        self.abandon_projection(&failed());
        self.end_sheet(failed());
        self.end_set(failed());
        self.end_recalibration(failed());
        self.end_tuning(failed());
        // Its tensors are gone, its last autosave is not.
        if let Some(job) = self.training.take() {
            job.abandon(Outcome::Failed(reason.into()), &mut self.out);
        }
        self.device = None;
        self.out.send(Event::DeviceLost(reason.into()));
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::{Receiver, bounded};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use kizumi_compute::artifact::{DatasetSummary, FORMAT, Header};
    use kizumi_compute::device::{self, Device};
    use kizumi_compute::network::Vae;
    use kizumi_method::config::{DataConfig, NetworkConfig, TrainingConfig};

    fn worker() -> (Worker, Receiver<Event>) {
        let (sender, events) = bounded(1000);
        (Worker::new(Outbox::new(sender, Box::new(|| {}))), events)
    }

    fn artifact(device: &Device) -> Artifact {
        let network = NetworkConfig {
            channels: 1,
            size_px: 64,
            latent: 2,
            width: 2,
            skips: 0,
        };
        Artifact {
            network: Vae::random(&network, &mut ChaCha8Rng::seed_from_u64(0), device),
            optimiser: None,
            ignored: None,
            normal_mean: None,
            header: Header {
                format: FORMAT,
                program: Header::this_program(),
                data: DataConfig {
                    size_px: 64,
                    ..DataConfig::default()
                },
                network,
                training: TrainingConfig::default(),
                step: 0,
                images_seen: 0,
                calibration: None,
                dataset: DatasetSummary::default(),
            },
        }
    }

    #[test]
    fn after_a_lost_device_the_cpu_goes_on_with_the_same_model() {
        let (mut worker, events) = worker();
        worker.obey(Command::UseDevice(DeviceChoice::Cpu));
        let cpu = device::open(DeviceChoice::Cpu)
            .expect("there is a CPU")
            .device;
        let model = ModelId::from(1);
        worker
            .set_model(model, artifact(&cpu), None)
            .expect("a model");

        worker.device_failed("out of memory");
        let lost = Event::DeviceLost("out of memory".into());
        assert!(events.try_iter().any(|event| event == lost));
        assert!(!worker.is_busy());

        worker.obey(Command::UseDevice(DeviceChoice::Cpu));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("model.safetensors");
        worker.obey(Command::SaveModel {
            model,
            path: path.clone(),
        });
        let news: Vec<Event> = events.try_iter().collect();
        let saved = Event::ModelSaved {
            model,
            path: path.clone(),
        };
        assert!(news.contains(&saved), "{news:?}");
        assert!(Artifact::load(&path, &cpu).is_ok());
    }
}
