//! The real worker on the CPU with a temporary folder, driven by commands.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kizumi_dataset::catalog::Entry;
use kizumi_dataset::scan::Roles;
use kizumi_engine::Engine;
use kizumi_engine::message::{
    Command, DatasetId, Event, Ids, ImageId, Interrupted, Job, ModelId, ModelInfo, OpenedImage,
    Outcome, RunRequest, RunTicket, TrainRequest, TuningId,
};
use kizumi_image::picture::Picture;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{
    DataConfig, DeviceChoice, MapConfig, ProjectionConfig, Recipe, TrainingConfig, TrainingLimit,
    TrainingPlan,
};
use kizumi_method::iterate::{Inspection, Iterate};
use tempfile::TempDir;

use crate::common::{SIZE_PX, pictures};

/// Far more than anything here takes: only a hang reaches it.
pub const PATIENCE: Duration = Duration::from_secs(120);

pub struct Rig {
    pub engine: Engine,
    pub folder: TempDir,
    ids: RefCell<Ids>,
    /// What was asked for last.
    pub dataset: Cell<DatasetId>,
    pub model: Cell<ModelId>,
    pub image: Cell<ImageId>,
}

impl Rig {
    pub fn new() -> Self {
        let engine = Engine::spawn(|| {}, None).expect("a thread");
        engine.send(Command::UseDevice(DeviceChoice::Cpu));
        Self {
            engine,
            folder: tempfile::tempdir().expect("a temporary folder"),
            ids: RefCell::default(),
            dataset: Cell::default(),
            model: Cell::default(),
            image: Cell::default(),
        }
    }

    /// An id that was not given out before.
    pub fn id<Id: From<u64>>(&self) -> Id {
        self.ids.borrow_mut().give()
    }

    /// A rig with an open data set of `count` normal images.
    pub fn with_data(count: u64) -> Self {
        let rig = Self::new();
        write_images(&rig.data(), count);
        rig.open_dataset(rig.data());
        rig
    }

    /// A rig with a finished model, all events consumed.
    pub fn with_model() -> Self {
        let rig = Self::with_data(12);
        rig.train(32);
        rig.until(saved);
        rig
    }

    /// The same folder after the program was closed and started again.
    pub fn reopened(self) -> Self {
        let Self { engine, folder, .. } = self;
        drop(engine);
        Self {
            folder,
            ..Self::new()
        }
    }

    /// Goes on with a training that was interrupted.
    pub fn resume(&self, interrupted: &Interrupted, keep: bool) {
        self.model.set(self.id());
        self.dataset.set(self.id());
        self.engine.send(Command::ResumeInterrupted {
            model: self.model.get(),
            dataset: self.dataset.get(),
            autosave: interrupted.autosave.clone(),
            keep,
            roles: Roles::default(),
        });
    }

    /// The trainings that are offered to go on.
    pub fn interrupted(&self) -> Vec<Interrupted> {
        let folders = vec![self.folder.path().join("models")];
        self.engine.send(Command::FindInterrupted(folders));
        self.wait_for(|event| match event {
            Event::Interrupted(interrupted) => Some(interrupted),
            _ => None,
        })
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("normals")
    }

    pub fn model_file(&self) -> PathBuf {
        self.folder.path().join("models").join("model.safetensors")
    }

    pub fn image_file(&self) -> PathBuf {
        self.data().join("000.png")
    }

    pub fn train(&self, images: u64) {
        self.train_with(images, FeatureConfig::NONE);
    }

    pub fn train_with(&self, images: u64, features: FeatureConfig) {
        let recipe = Recipe {
            data: DataConfig {
                size_px: SIZE_PX,
                validation_fraction: 0.25,
                ..Default::default()
            },
            latent: 4,
            width: 4,
            skips: 0,
            features,
            training: TrainingConfig {
                batch: 4,
                limit: TrainingLimit {
                    images: Some(images),
                    ..Default::default()
                },
                ..Default::default()
            },
        };
        let projection = ProjectionConfig {
            iterations: 2,
            ..Default::default()
        };
        self.model.set(self.id());
        let request = TrainRequest {
            model: self.model.get(),
            dataset: self.dataset.get(),
            excluded: Default::default(),
            plan: TrainingPlan {
                recipe,
                projection,
                map: MapConfig::default(),
            },
            save_to: Some(self.model_file()),
        };
        self.engine.send(Command::Train(Box::new(request)));
    }

    pub fn open_dataset(&self, path: PathBuf) {
        let dataset = self.id();
        self.dataset.set(dataset);
        self.engine.send(Command::OpenDataset {
            dataset,
            path,
            roles: Roles::default(),
        });
    }

    pub fn open_model(&self, path: PathBuf) {
        let model = self.id();
        self.model.set(model);
        self.engine.send(Command::OpenModel { model, path });
    }

    pub fn save_model(&self, path: PathBuf) {
        let model = self.model.get();
        self.engine.send(Command::SaveModel { model, path });
    }

    pub fn set_ignored(&self, mask: Option<Picture>) {
        let (of, model) = (self.model.get(), self.id());
        self.engine.send(Command::SetIgnored { of, model, mask });
    }

    pub fn recalibrate(&self, projection: ProjectionConfig, map: MapConfig) {
        let (of, model) = (self.model.get(), self.id());
        self.engine.send(Command::Recalibrate {
            of,
            model,
            projection,
            map,
        });
    }

    /// Goes on with the model in memory.
    pub fn train_more(&self, images: u64) {
        let (of, model) = (self.model.get(), self.id());
        self.model.set(model);
        self.engine.send(Command::ResumeTraining {
            of,
            model,
            dataset: self.dataset.get(),
            exclusions: Default::default(),
            images,
            save_to: None,
        });
    }

    /// Looks for settings of the model at hand.
    pub fn tune(&self) -> TuningId {
        let (of, tuning) = (self.model.get(), self.id());
        self.engine.send(Command::Tune { of, tuning });
        tuning
    }

    /// Asks for an image.
    pub fn ask_for(&self, file: PathBuf) -> ImageId {
        let image = self.id();
        self.image.set(image);
        self.engine.send(Command::OpenImage {
            image,
            entry: Entry::alone(file),
            then: None,
        });
        image
    }

    /// Asks for the open image with other pixels.
    pub fn repaint(&self, picture: Picture, mask: Picture, hole: Option<Picture>) {
        let (of, image) = (self.image.get(), self.id());
        self.engine.send(Command::Repaint {
            of,
            image,
            picture,
            mask,
            hole,
        });
    }

    /// A projection of the image and by the model that were asked for last.
    pub fn request(&self, projection: ProjectionConfig, map: MapConfig) -> RunRequest {
        RunRequest {
            ticket: RunTicket {
                image: self.image.get(),
                model: self.model.get(),
                run: self.id(),
            },
            projection,
            map,
        }
    }

    /// Asks for a projection of so many iterations.
    pub fn project(&self, iterations: usize) -> RunRequest {
        let config = ProjectionConfig {
            iterations,
            stop_early: false,
            ..Default::default()
        };
        let request = self.request(config, MapConfig::default());
        self.engine.send(Command::Project(request));
        request
    }

    /// Opens an image and waits for it.
    pub fn open(&self, file: PathBuf) -> OpenedImage {
        let image = self.ask_for(file);
        self.wait_for(|event| match event {
            Event::ImageOpened(opened) if opened.id == image => Some(*opened),
            _ => None,
        })
    }

    /// Waits for the next news of the open image.
    pub fn opened(&self) -> OpenedImage {
        self.wait_for(|event| match event {
            Event::ImageOpened(opened) => Some(*opened),
            _ => None,
        })
    }

    /// Waits for the next news of the model.
    pub fn model_ready(&self) -> ModelInfo {
        self.wait_for(|event| match event {
            Event::ModelReady(model) => Some(*model),
            _ => None,
        })
    }

    /// Waits for the next complaint.
    pub fn complaint(&self) -> String {
        self.wait_for(|event| match event {
            Event::Failed { reason, .. } | Event::Ended(_, Outcome::Failed(reason)) => {
                Some(reason.text)
            }
            _ => None,
        })
    }

    /// Projects the open image to the end: its last iterate, its result.
    pub fn projected(&self, config: ProjectionConfig, map: MapConfig) -> (Iterate, Inspection) {
        let request = self.request(config, map);
        self.engine.send(Command::Project(request));
        let mut last = None;
        for event in self.until(ended(Job::Projecting(request.ticket.run))) {
            match event {
                Event::Iterated { of, iterate } if of == request.ticket => last = Some(*iterate),
                Event::Inspected { of, inspection } if of == request.ticket => {
                    return (last.expect("an iterate"), *inspection);
                }
                _ => {}
            }
        }
        panic!("a projection ends with its result");
    }

    /// Waits for an event and takes something out of it; the others are dropped.
    pub fn wait_for<T>(&self, mut take: impl FnMut(Event) -> Option<T>) -> T {
        loop {
            let event = self.engine.recv_timeout(PATIENCE).expect("waited in vain");
            self.hear(&event);
            if let Some(found) = take(event) {
                return found;
            }
        }
    }

    /// What is at hand from now on.
    fn hear(&self, event: &Event) {
        match event {
            Event::ModelReady(model) => self.model.set(model.id),
            Event::ImageOpened(opened) => self.image.set(opened.id),
            _ => {}
        }
    }

    /// The events up to the first that matches, that one included.
    pub fn until(&self, matches: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut seen = Vec::new();
        loop {
            let event = self.engine.recv_timeout(PATIENCE);
            let event = event.unwrap_or_else(|| panic!("waited in vain after {seen:#?}"));
            self.hear(&event);
            let found = matches(&event);
            seen.push(event);
            if found {
                return seen;
            }
        }
    }
}

pub fn write_images(folder: &Path, count: u64) {
    std::fs::create_dir_all(folder).expect("a folder");
    for (i, picture) in pictures(1, count).into_iter().enumerate() {
        let bytes = picture
            .pixels
            .iter()
            .map(|value| (value * 255.0) as u8)
            .collect();
        let image = image::GrayImage::from_raw(SIZE_PX as u32, SIZE_PX as u32, bytes);
        let image = image.expect("the size is right");
        image
            .save(folder.join(format!("{i:03}.png")))
            .expect("saves");
    }
}

/// The jobs that began and ended, in order.
pub fn barriers(events: &[Event]) -> Vec<(Job, bool)> {
    events
        .iter()
        .filter_map(|event| match event {
            // Files are compared beside everything else.
            Event::Started(Job::Checking(_)) | Event::Ended(Job::Checking(_), _) => None,
            Event::Started(job) => Some((*job, true)),
            Event::Ended(job, _) => Some((*job, false)),
            _ => None,
        })
        .collect()
}

pub fn ended(job: Job) -> impl Fn(&Event) -> bool {
    move |event| matches!(event, Event::Ended(ended, _) if *ended == job)
}

/// The end of a projection, whichever it is.
pub fn projection_ended(event: &Event) -> bool {
    matches!(event, Event::Ended(Job::Projecting(_), _))
}

/// The end of a grid of projections.
pub fn sheet_ended(event: &Event) -> bool {
    matches!(event, Event::Ended(Job::Sheet(_), _))
}

/// The end of an inspection of many images.
pub fn set_ended(event: &Event) -> bool {
    matches!(event, Event::Ended(Job::InspectingSet(_), _))
}

/// The end of a search for settings.
pub fn tuning_ended(event: &Event) -> bool {
    matches!(event, Event::Ended(Job::Tuning(_), _))
}

/// How the last job of a kind ended; `ended` says which events are such ends.
pub fn outcome(events: &[Event], ended: fn(&Event) -> bool) -> Option<&Outcome> {
    let last = events.iter().rev().find(|event| ended(event));
    last.and_then(|event| match event {
        Event::Ended(_, outcome) => Some(outcome),
        _ => None,
    })
}

pub fn iterated(event: &Event) -> bool {
    matches!(event, Event::Iterated { .. })
}

pub fn saved(event: &Event) -> bool {
    matches!(event, Event::ModelSaved { .. })
}

pub fn failed(event: &Event) -> bool {
    matches!(event, Event::Failed { .. })
}
