//! The real worker on the CPU: order of events, stopping soon, races, and going on after failures.

use std::time::Duration;

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{Command, Event, Job, Outcome};
use kizumi_method::config::{DeviceChoice, MapConfig, ProjectionConfig};

use crate::rig::{Rig, barriers, ended, failed, write_images};

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
