//! The real worker on the CPU: order of events, stopping soon, races, and going on after failures.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kizumi::data::catalog::Entry;
use kizumi::data::config::{
    DataConfig, DeviceChoice, MapConfig, ProjectionConfig, Recipe, TrainingConfig, TrainingLimit,
    TrainingPlan,
};
use kizumi::engine::Engine;
use kizumi::engine::message::{Command, Event, Job, Outcome, TrainRequest};
use tempfile::TempDir;

use crate::common::{SIZE_PX, pictures};

/// Far more than anything here takes: only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(120);

struct Rig {
    engine: Engine,
    folder: TempDir,
}

impl Rig {
    fn new() -> Self {
        let engine = Engine::spawn(|| {}).expect("a thread");
        engine.send(Command::UseDevice(DeviceChoice::Cpu));
        Self {
            engine,
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A rig with an open data set of `count` normal images.
    fn with_data(count: u64) -> Self {
        let rig = Self::new();
        write_images(&rig.data(), count);
        rig.engine.send(Command::OpenDataset(rig.data()));
        rig
    }

    /// A rig with a finished model, all events consumed.
    fn with_model() -> Self {
        let rig = Self::with_data(12);
        rig.train(32);
        rig.until(|event| matches!(event, Event::ModelSaved(_)));
        rig.until(|event| matches!(event, Event::ModelReady(_)));
        rig
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("normals")
    }

    fn model(&self) -> PathBuf {
        self.folder.path().join("models").join("model.safetensors")
    }

    fn image(&self) -> PathBuf {
        self.data().join("000.png")
    }

    fn train(&self, images: u64) {
        let recipe = Recipe {
            data: DataConfig {
                size_px: SIZE_PX,
                validation_fraction: 0.25,
                ..Default::default()
            },
            latent: 4,
            width: 4,
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

    fn project(&self, iterations: usize) {
        let config = ProjectionConfig {
            iterations,
            stop_early: false,
            ..Default::default()
        };
        self.engine
            .send(Command::Project(config, MapConfig::default()));
    }

    /// The events up to the first that matches, that one included.
    fn until(&self, matches: impl Fn(&Event) -> bool) -> Vec<Event> {
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

fn write_images(folder: &Path, count: u64) {
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
fn barriers(events: &[Event]) -> Vec<(Job, bool)> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Started(job) => Some((*job, true)),
            Event::Ended(job, _) => Some((*job, false)),
            _ => None,
        })
        .collect()
}

fn ended(job: Job) -> impl Fn(&Event) -> bool {
    move |event| matches!(event, Event::Ended(ended, _) if *ended == job)
}

fn failed(event: &Event) -> bool {
    matches!(event, Event::Failed(_))
}

#[test]
fn training_runs_through_its_phases_in_order() {
    let rig = Rig::with_data(12);
    rig.train(32);
    let events = rig.until(|event| matches!(event, Event::ModelSaved(_)));
    let jobs = [Job::Device, Job::Loading, Job::Training, Job::Calibrating];
    let expected: Vec<_> = jobs
        .iter()
        .flat_map(|job| [(*job, true), (*job, false)])
        .collect();
    assert_eq!(barriers(&events), expected);
    let recognised = events.iter().any(
        |event| matches!(event, Event::DatasetOpened { catalog, .. } if catalog.train.len() == 12),
    );
    assert!(recognised);
    let ready = events.iter().find_map(|event| match event {
        Event::ModelReady(model) => Some(model),
        _ => None,
    });
    let model = ready.expect("a model");
    assert_eq!(model.images_seen, 32);
    let calibration = model.calibration.as_ref().expect("calibrated");
    assert_eq!(calibration.plain_scores.len(), 3);
    assert!(calibration.stop_threshold > 0.0);
    assert!(rig.model().exists());
}

#[test]
fn pausing_halts_training_and_resuming_goes_on() {
    let rig = Rig::with_data(12);
    rig.train(1_000_000);
    rig.until(|event| matches!(event, Event::Training(_)));
    rig.engine.send(Command::Pause);
    let before = rig.until(|event| matches!(event, Event::Paused));
    let step = |events: &[Event]| {
        events.iter().rev().find_map(|event| match event {
            Event::Training(progress) => Some(progress.step),
            _ => None,
        })
    };
    assert!(
        rig.engine
            .recv_timeout(Duration::from_millis(200))
            .is_none(),
        "nothing while paused"
    );
    rig.engine.send(Command::Resume);
    let after = rig.until(|event| matches!(event, Event::Training(_)));
    assert!(after.iter().any(|event| matches!(event, Event::Resumed)));
    assert!(step(&after) > step(&before));
    rig.engine.send(Command::Stop { keep: true });
    let events = rig.until(|event| matches!(event, Event::ModelSaved(_)));
    assert!(events.contains(&Event::Ended(Job::Training, Outcome::Stopped)));
}

#[test]
fn discarding_brings_the_model_from_before_back() {
    let rig = Rig::with_data(12);
    rig.train(1_000_000);
    rig.until(|event| matches!(event, Event::Training(_)));
    rig.engine.send(Command::Stop { keep: false });
    let events = rig.until(|event| matches!(event, Event::ModelGone));
    assert!(events.contains(&Event::Ended(Job::Training, Outcome::Stopped)));
    assert!(!rig.model().exists());
}

#[test]
fn a_kept_model_can_be_trained_further() {
    let rig = Rig::with_model();
    rig.engine.send(Command::ResumeTraining {
        images: 16,
        save_to: None,
    });
    let events = rig.until(|event| matches!(event, Event::ModelSaved(_)));
    let seen = events.iter().find_map(|event| match event {
        Event::ModelReady(model) => Some(model.images_seen),
        _ => None,
    });
    assert_eq!(seen, Some(48));
}

#[test]
fn every_iterate_arrives_in_order_with_its_result() {
    let rig = Rig::with_model();
    rig.engine
        .send(Command::OpenImage(Entry::alone(rig.image())));
    rig.project(6);
    let events = rig.until(ended(Job::Projecting));
    let ts: Vec<usize> = events
        .iter()
        .filter_map(|event| match event {
            Event::Iterated(iterate) => Some(iterate.scalars.t),
            _ => None,
        })
        .collect();
    assert_eq!(ts, [0, 1, 2, 3, 4, 5, 6]);
    let inspection = events.iter().find_map(|event| match event {
        Event::Inspected(inspection) => Some(inspection),
        _ => None,
    });
    assert_eq!(inspection.expect("a result").iterations, 6);

    rig.engine.send(Command::ExtendProjection { iterations: 9 });
    let more = rig.until(ended(Job::Projecting));
    let ts: Vec<usize> = more
        .iter()
        .filter_map(|event| match event {
            Event::Iterated(iterate) => Some(iterate.scalars.t),
            _ => None,
        })
        .collect();
    assert_eq!(ts, [7, 8, 9], "more iterations go on from the last iterate");
}

#[test]
fn a_new_request_cancels_the_stale_run() {
    let rig = Rig::with_model();
    rig.engine
        .send(Command::OpenImage(Entry::alone(rig.image())));
    rig.project(50_000);
    rig.until(|event| matches!(event, Event::Iterated(_)));
    rig.project(1);
    let events = rig.until(ended(Job::Projecting));
    assert!(events.contains(&Event::Ended(Job::Projecting, Outcome::Stopped)));
    let events = rig.until(ended(Job::Projecting));
    assert!(events.contains(&Event::Ended(Job::Projecting, Outcome::Done)));
}

#[test]
fn an_image_can_be_projected_while_training_goes_on() {
    let rig = Rig::with_model();
    rig.engine
        .send(Command::OpenImage(Entry::alone(rig.image())));
    rig.train(1_000_000);
    rig.until(|event| matches!(event, Event::Training(_)));
    rig.project(3);
    let events = rig.until(ended(Job::Projecting));
    assert!(events.contains(&Event::Ended(Job::Projecting, Outcome::Done)));
    rig.until(|event| matches!(event, Event::Training(_)));
}

#[test]
fn failures_are_named_and_leave_the_engine_usable() {
    let rig = Rig::new();
    let complaint = |command: Command| {
        rig.engine.send(command);
        match rig.until(failed).pop() {
            Some(Event::Failed(reason)) => reason,
            _ => unreachable!("the last event matched"),
        }
    };
    let missing = rig.folder.path().join("nowhere");
    assert!(complaint(Command::OpenDataset(missing.clone())).contains("nowhere"));
    let empty = rig.folder.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    assert!(complaint(Command::OpenDataset(empty)).contains("empty"));
    assert!(complaint(Command::OpenModel(missing)).contains("nowhere"));
    let text = rig.folder.path().join("text.png");
    std::fs::write(&text, "no picture").expect("writes");
    assert!(complaint(Command::OpenImage(Entry::alone(text))).contains("text.png"));
    let config = ProjectionConfig::default();
    let reason = complaint(Command::Project(config, MapConfig::default()));
    assert!(reason.contains("image"), "{reason}");
    let infinite = ProjectionConfig {
        alpha: f32::INFINITY,
        ..config
    };
    assert!(complaint(Command::Project(infinite, MapConfig::default())).contains("alpha"));
    assert!(complaint(Command::SaveModel(rig.model())).contains("model"));

    write_images(&rig.data(), 12);
    rig.engine.send(Command::OpenDataset(rig.data()));
    rig.train(16);
    rig.until(|event| matches!(event, Event::ModelSaved(_)));
}

#[test]
fn an_unwritable_target_loses_nothing() {
    let rig = Rig::with_model();
    let before = std::fs::read(rig.model()).expect("a model");
    let file = rig.folder.path().join("file");
    std::fs::write(&file, "precious").expect("writes");
    rig.engine
        .send(Command::SaveModel(file.join("model.safetensors")));
    let events = rig.until(failed);
    assert!(matches!(events.last(), Some(Event::Failed(reason)) if reason.contains("file")));
    assert_eq!(std::fs::read(rig.model()).expect("still there"), before);
}

#[test]
fn closing_in_the_middle_of_training_keeps_what_was_learned() {
    let rig = Rig::with_data(12);
    rig.train(1_000_000);
    rig.until(|event| matches!(event, Event::Training(_)));
    let model = rig.model();
    let Rig { engine, folder } = rig;
    drop(engine);
    assert!(model.exists(), "the model was saved");
    drop(folder);
}

#[test]
fn start_pause_stop_and_close_in_any_order_neither_hang_nor_panic() {
    let stop = |keep| Command::Stop { keep };
    let orders: [&[Command]; 7] = [
        &[],
        &[Command::Pause],
        &[Command::Pause, stop(true)],
        &[stop(true), Command::Pause, Command::Resume],
        &[Command::Pause, Command::Resume, stop(false)],
        &[stop(false), stop(true), Command::CancelAll],
        &[
            Command::CancelAll,
            Command::Pause,
            stop(true),
            Command::UseDevice(DeviceChoice::Cpu),
        ],
    ];
    for (i, order) in orders.into_iter().enumerate() {
        for waits_for_training in [false, true] {
            let rig = Rig::with_data(8);
            rig.train(100_000);
            if waits_for_training {
                rig.until(|event| matches!(event, Event::Training(_)));
            }
            for command in order {
                rig.engine.send(command.clone());
            }
            rig.project(2);
            // Events are left unread on purpose: closing must not wait for a full channel.
            drop(rig);
            assert!(i < 7);
        }
    }
}
