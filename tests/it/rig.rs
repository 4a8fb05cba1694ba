//! The real worker on the CPU with a temporary folder, driven by commands.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kizumi_dataset::catalog::Entry;
use kizumi_engine::Engine;
use kizumi_engine::message::{Command, Event, Job, ModelInfo, OpenedImage, TrainRequest};
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
}

impl Rig {
    pub fn new() -> Self {
        let engine = Engine::spawn(|| {}).expect("a thread");
        engine.send(Command::UseDevice(DeviceChoice::Cpu));
        Self {
            engine,
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A rig with an open data set of `count` normal images.
    pub fn with_data(count: u64) -> Self {
        let rig = Self::new();
        write_images(&rig.data(), count);
        rig.engine.send(Command::OpenDataset(rig.data()));
        rig
    }

    /// A rig with a finished model, all events consumed.
    pub fn with_model() -> Self {
        let rig = Self::with_data(12);
        rig.train(32);
        rig.until(|event| matches!(event, Event::ModelSaved(_)));
        rig.until(|event| matches!(event, Event::ModelReady(_)));
        rig
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("normals")
    }

    pub fn model(&self) -> PathBuf {
        self.folder.path().join("models").join("model.safetensors")
    }

    pub fn image(&self) -> PathBuf {
        self.data().join("000.png")
    }

    pub fn train(&self, images: u64) {
        let recipe = Recipe {
            data: DataConfig {
                size_px: SIZE_PX,
                validation_fraction: 0.25,
                ..Default::default()
            },
            latent: 4,
            width: 4,
            skips: 0,
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
        let request = TrainRequest {
            plan: TrainingPlan {
                recipe,
                projection,
                map: MapConfig::default(),
            },
            save_to: Some(self.model()),
        };
        self.engine.send(Command::Train(Box::new(request)));
    }

    pub fn project(&self, iterations: usize) {
        let config = ProjectionConfig {
            iterations,
            stop_early: false,
            ..Default::default()
        };
        self.engine
            .send(Command::Project(config, MapConfig::default()));
    }

    /// Opens an image and waits for it.
    pub fn open(&self, image: PathBuf) -> OpenedImage {
        self.engine.send(Command::OpenImage(Entry::alone(image)));
        self.opened()
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
            Event::Failed(reason) => Some(reason),
            _ => None,
        })
    }

    /// Projects the open image to the end: its last iterate, its result.
    pub fn projected(&self, config: ProjectionConfig, map: MapConfig) -> (Iterate, Inspection) {
        self.engine.send(Command::Project(config, map));
        let mut last = None;
        for event in self.until(ended(Job::Projecting)) {
            match event {
                Event::Iterated(iterate) => last = Some(*iterate),
                Event::Inspected(inspection) => return (last.expect("an iterate"), *inspection),
                _ => {}
            }
        }
        panic!("a projection ends with its result");
    }

    /// Waits for an event and takes something out of it; the others are dropped.
    pub fn wait_for<T>(&self, mut take: impl FnMut(Event) -> Option<T>) -> T {
        loop {
            let event = self.engine.recv_timeout(PATIENCE);
            if let Some(found) = take(event.expect("waited in vain")) {
                return found;
            }
        }
    }

    /// The events up to the first that matches, that one included.
    pub fn until(&self, matches: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut seen = Vec::new();
        loop {
            let event = self.engine.recv_timeout(PATIENCE);
            let event = event.unwrap_or_else(|| panic!("waited in vain after {seen:#?}"));
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
            Event::Started(job) => Some((*job, true)),
            Event::Ended(job, _) => Some((*job, false)),
            _ => None,
        })
        .collect()
}

pub fn ended(job: Job) -> impl Fn(&Event) -> bool {
    move |event| matches!(event, Event::Ended(ended, _) if *ended == job)
}

pub fn failed(event: &Event) -> bool {
    matches!(event, Event::Failed(_))
}
