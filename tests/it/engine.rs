//! The real worker on the CPU: order of events, stopping soon, races, and going on after failures.

use std::time::Duration;

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{About, Command, Event, Extent, Job, Outcome, RunRequest, RunTicket};
use kizumi_image::picture::Picture;
use kizumi_method::config::{DeviceChoice, MapConfig, ProjectionConfig};
use kizumi_method::mapper::Mapper;

use crate::common::SIZE_PX;
use crate::rig::{
    Rig, barriers, ended, failed, iterated, outcome, projection_ended, saved, write_images,
};

#[test]
fn training_runs_through_its_phases_in_order() {
    let rig = Rig::with_data(12);
    rig.train(32);
    let events = rig.until(saved);
    let jobs = [Job::Device, Job::Loading, Job::Training, Job::Finishing];
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
    assert!(rig.model_file().exists());
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
    let events = rig.until(saved);
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
    assert!(!rig.model_file().exists());
}

#[test]
fn a_kept_model_can_be_trained_further() {
    let rig = Rig::with_model();
    rig.train_more(16);
    let events = rig.until(saved);
    let seen = events.iter().find_map(|event| match event {
        Event::ModelReady(model) => Some(model.images_seen),
        _ => None,
    });
    assert_eq!(seen, Some(48));
}

#[test]
fn every_iterate_arrives_in_order_with_its_result() {
    let rig = Rig::with_model();
    rig.ask_for(rig.image_file());
    let mut asked = rig.project(6);
    let events = rig.until(projection_ended);
    let ts: Vec<usize> = events
        .iter()
        .filter_map(|event| match event {
            Event::Iterated { of, iterate } if *of == asked.ticket => Some(iterate.scalars.t),
            _ => None,
        })
        .collect();
    assert_eq!(ts, [0, 1, 2, 3, 4, 5, 6]);
    let inspection = events.iter().find_map(|event| match event {
        Event::Inspected { of, inspection } if *of == asked.ticket => Some(inspection),
        _ => None,
    });
    assert_eq!(inspection.expect("a result").iterations, 6);

    asked.projection.iterations = 9;
    rig.engine.send(Command::Project(asked));
    let more = rig.until(projection_ended);
    let ts: Vec<usize> = more
        .iter()
        .filter_map(|event| match event {
            Event::Iterated { of, iterate } if *of == asked.ticket => Some(iterate.scalars.t),
            _ => None,
        })
        .collect();
    assert_eq!(ts, [7, 8, 9], "more iterations go on from the last iterate");
}

#[test]
fn a_new_request_cancels_the_stale_run() {
    let rig = Rig::with_model();
    rig.ask_for(rig.image_file());
    let stale = rig.project(50_000);
    rig.until(iterated);
    let new = rig.project(1);
    let end_of =
        |request: &RunRequest, outcome| Event::Ended(Job::Projecting(request.ticket.run), outcome);
    let events = rig.until(projection_ended);
    assert_eq!(events.last(), Some(&end_of(&stale, Outcome::Stopped)));
    let events = rig.until(projection_ended);
    assert_eq!(events.last(), Some(&end_of(&new, Outcome::Done)));
}

#[test]
fn a_request_that_is_overtaken_before_it_begins_ends_too() {
    let rig = Rig::with_model();
    rig.open(rig.image_file());
    let requests = [1, 2, 3].map(|iterations| rig.project(iterations));
    let last = Event::Ended(Job::Projecting(requests[2].ticket.run), Outcome::Done);
    let events = rig.until(|event| *event == last);
    for request in requests {
        let run = request.ticket.run;
        let ends = events.iter().filter(
            |event| matches!(event, Event::Ended(Job::Projecting(ended), _) if *ended == run),
        );
        assert_eq!(ends.count(), 1);
    }
}

#[test]
fn a_projection_comes_along_with_its_image() {
    let rig = Rig::with_model();
    let image = rig.id();
    rig.image.set(image);
    let projection = ProjectionConfig {
        iterations: 2,
        ..Default::default()
    };
    let request = rig.request(projection, MapConfig::default());
    rig.engine.send(Command::OpenImage {
        image,
        entry: Entry::alone(rig.image_file()),
        then: Some(request),
    });
    let events = rig.until(projection_ended);
    assert_eq!(outcome(&events, projection_ended), Some(&Outcome::Done));
    let opened = events
        .iter()
        .position(|event| matches!(event, Event::ImageOpened(opened) if opened.id == image));
    let first = events.iter().position(iterated);
    assert!(opened.expect("an image") < first.expect("an iterate"));
}

#[test]
fn nothing_is_computed_about_an_image_or_a_model_that_was_left() {
    let rig = Rig::with_model();
    rig.open(rig.image_file());
    let request = rig.request(ProjectionConfig::default(), MapConfig::default());
    let others = [
        RunTicket {
            image: rig.id(),
            ..request.ticket
        },
        RunTicket {
            model: rig.id(),
            ..request.ticket
        },
    ];
    for ticket in others {
        rig.engine
            .send(Command::Project(RunRequest { ticket, ..request }));
        let events = rig.until(projection_ended);
        assert_eq!(outcome(&events, projection_ended), Some(&Outcome::Stopped));
        assert!(!events.iter().any(iterated));
    }
}

#[test]
fn an_image_that_cannot_be_read_leaves_the_one_before_open_and_its_projection_going() {
    let rig = Rig::with_model();
    rig.open(rig.image_file());
    let broken = rig.folder.path().join("broken.png");
    std::fs::write(&broken, "no picture").expect("writes");
    let open = rig.image.get();
    let going = rig.project(50_000);
    rig.until(iterated);
    let refused = rig.ask_for(broken);
    let events = rig.until(failed);
    assert!(
        matches!(events.last(), Some(Event::Failed { about: About::Image(id), reason })
            if *id == refused && reason.text.contains("broken.png"))
    );
    assert!(!events.iter().any(projection_ended));
    rig.image.set(open);
    rig.project(1);
    let events = rig.until(projection_ended);
    let stopped = Event::Ended(Job::Projecting(going.ticket.run), Outcome::Stopped);
    assert_eq!(events.last(), Some(&stopped));
    let events = rig.until(projection_ended);
    assert_eq!(outcome(&events, projection_ended), Some(&Outcome::Done));
}

#[test]
fn the_network_in_training_is_measured_by_nobodys_calibration() {
    let rig = Rig::with_model();
    let (projection, map) = (ProjectionConfig::default(), MapConfig::default());
    rig.open(rig.image_file());
    let (_, calibrated) = rig.projected(projection, map);
    assert_ne!(calibrated.mapper, Mapper::from(map));
    rig.train(1_000_000);
    rig.until(|event| matches!(event, Event::Training(_)));
    let (_, inspection) = rig.projected(projection, map);
    assert_eq!(inspection.mapper, Mapper::from(map));
    assert_eq!(
        inspection.iterations, projection.iterations,
        "nothing stops it early"
    );
    rig.until(|event| matches!(event, Event::Training(_)));
    rig.engine.send(Command::Stop { keep: false });
    // The image is seen by the model from before again.
    rig.model_ready();
    rig.opened();
    let (_, again) = rig.projected(projection, map);
    assert_eq!(again.projected_score, calibrated.projected_score);
}

#[test]
fn failures_are_named_and_leave_the_engine_usable() {
    let rig = Rig::new();
    let missing = rig.folder.path().join("nowhere");
    rig.open_dataset(missing.clone());
    assert!(rig.complaint().contains("nowhere"));
    let empty = rig.folder.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    rig.open_dataset(empty);
    assert!(rig.complaint().contains("empty"));
    rig.open_model(missing);
    assert!(rig.complaint().contains("nowhere"));
    let text = rig.folder.path().join("text.png");
    std::fs::write(&text, "no picture").expect("writes");
    rig.ask_for(text);
    assert!(rig.complaint().contains("text.png"));
    rig.project(1);
    let reason = rig.complaint();
    assert!(reason.contains("image"), "{reason}");
    let infinite = ProjectionConfig {
        alpha: f32::INFINITY,
        ..Default::default()
    };
    let request = rig.request(infinite, MapConfig::default());
    rig.engine.send(Command::Project(request));
    assert!(rig.complaint().contains("alpha"));
    rig.save_model(rig.model_file());
    assert!(rig.complaint().contains("model"));

    write_images(&rig.data(), 12);
    rig.open_dataset(rig.data());
    rig.train(16);
    rig.until(saved);
}

#[test]
fn an_unwritable_target_loses_nothing() {
    let rig = Rig::with_model();
    let before = std::fs::read(rig.model_file()).expect("a model");
    let file = rig.folder.path().join("file");
    std::fs::write(&file, "precious").expect("writes");
    rig.save_model(file.join("model.safetensors"));
    assert!(rig.complaint().contains("file"));
    assert_eq!(
        std::fs::read(rig.model_file()).expect("still there"),
        before
    );
}

#[test]
fn a_training_that_was_closed_is_offered_again_and_can_go_on() {
    let rig = Rig::with_data(12);
    rig.train(1_000_000);
    rig.until(|event| matches!(event, Event::Training(_)));
    let rig = rig.reopened();
    assert!(!rig.model_file().exists(), "it is not finished");
    let offered = rig.interrupted();
    assert_eq!(offered.len(), 1, "{offered:?}");
    assert_eq!(offered[0].data, rig.data());
    assert!(offered[0].share.is_some_and(|share| share > 0.0));

    rig.resume(&offered[0], false);
    let events = rig.until(|event| matches!(event, Event::Training(_)));
    assert!(events.contains(&Event::Interrupted(Vec::new())), "it runs");
    let seen = events.iter().rev().find_map(|event| match event {
        Event::Training(progress) => Some(progress.images),
        _ => None,
    });
    assert!(seen > Some(offered[0].images));

    let rig = rig.reopened();
    let offered = rig.interrupted();
    assert_eq!(offered.len(), 1, "{offered:?}");
    rig.resume(&offered[0], true);
    let events = rig.until(saved);
    let model = rig.model.get();
    let path = rig.model_file();
    assert_eq!(events.last(), Some(&Event::ModelSaved { model, path }));
    assert_eq!(rig.interrupted(), []);
}

#[test]
fn an_interrupted_training_can_be_discarded() {
    let rig = Rig::with_data(12);
    rig.train(1_000_000);
    rig.until(|event| matches!(event, Event::Training(_)));
    let rig = rig.reopened();
    let offered = rig.interrupted();
    let autosave = offered[0].autosave.clone();
    rig.engine
        .send(Command::DiscardInterrupted(autosave.clone()));
    rig.until(|event| *event == Event::Interrupted(Vec::new()));
    assert!(!autosave.exists());
}

#[test]
fn closing_while_a_model_is_trained_further_leaves_the_calibrated_one() {
    let rig = Rig::with_model();
    let before = std::fs::read(rig.model_file()).expect("a model");
    rig.engine.send(Command::ResumeTraining {
        of: rig.model.get(),
        model: rig.id(),
        dataset: rig.dataset.get(),
        exclusions: Default::default(),
        images: 1_000_000,
        save_to: None,
    });
    rig.until(|event| matches!(event, Event::Training(_)));
    let rig = rig.reopened();
    assert_eq!(std::fs::read(rig.model_file()).expect("a model"), before);
    let offered = rig.interrupted();
    assert_eq!(offered.len(), 1, "{offered:?}");
    assert_eq!(offered[0].target, rig.model_file());
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
    for order in orders {
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
            // Whoever asks is answered, and nothing broke on the way.
            let image = rig.ask_for(rig.image_file());
            let events = rig
                .until(|event| matches!(event, Event::ImageOpened(opened) if opened.id == image));
            let broke = |event: &Event| match event {
                Event::Failed { reason, .. } => reason.text.contains("made a mistake"),
                // A projection may be asked for before there is an image.
                Event::Ended(job, Outcome::Failed(_)) => !matches!(job, Job::Projecting(_)),
                event => matches!(event, Event::DeviceLost(_) | Event::WorkerLost(_)),
            };
            assert!(!events.iter().any(broke), "{order:?}: {events:?}");
            rig.project(2);
            // Events are left unread on purpose: closing must not wait for a full channel.
            drop(rig);
        }
    }
}

#[test]
fn copies_among_the_test_images_are_told_once_the_data_set_is_open() {
    let rig = Rig::new();
    let good = |part: &str| rig.folder.path().join("parts").join(part).join("good");
    write_images(&good("train"), 6);
    write_images(&good("test"), 2);
    rig.open_dataset(rig.folder.path().join("parts"));
    let opened = rig.until(|event| matches!(event, Event::DatasetOpened { .. }));
    assert!(
        !opened
            .iter()
            .any(|event| matches!(event, Event::DatasetNote { .. }))
    );
    let checking = Job::Checking(rig.dataset.get());
    let events = rig.until(ended(checking));
    assert!(events.contains(&Event::Started(checking)));
    let note = events.iter().find_map(|event| match event {
        Event::DatasetNote { dataset, note } if *dataset == rig.dataset.get() => Some(note),
        _ => None,
    });
    let note = note.expect("a note").to_string();
    assert!(note.starts_with("2 test images are identical"), "{note}");
}

#[test]
fn doubtful_masks_are_told_once_the_data_set_is_open() {
    let rig = Rig::new();
    let parts = rig.folder.path().join("parts");
    write_images(&parts.join("train/good"), 6);
    write_images(&parts.join("test/dent"), 1);
    // It is no normal image, too.
    std::fs::remove_file(parts.join("train/good/000.png")).expect("removes");
    let masks = parts.join("ground_truth/dent");
    std::fs::create_dir_all(&masks).expect("a folder");
    let side = SIZE_PX as u32;
    let white = image::GrayImage::from_pixel(side, side, image::Luma([255]));
    white.save(masks.join("000_mask.png")).expect("saves");
    rig.open_dataset(parts);
    let events = rig.until(ended(Job::Checking(rig.dataset.get())));
    let said = events.iter().any(|event| {
        let Event::DatasetNote { note, .. } = event else {
            return false;
        };
        note.to_string().contains("000_mask.png (100 %)")
    });
    assert!(said, "{events:?}");
}

#[test]
fn what_is_closed_is_gone_and_training_is_not_closed() {
    let rig = Rig::with_model();
    let first = rig.open(rig.image_file()).id;
    let second = rig.open(rig.image_file()).id;
    rig.engine.send(Command::Close(Extent::Image(first)));
    rig.project(2);
    let events = rig.until(projection_ended);
    assert!(
        !events.iter().any(failed),
        "a later image stays: {events:?}"
    );
    rig.engine.send(Command::Close(Extent::Image(second)));
    rig.repaint(Picture::default(), Picture::default(), None);
    assert!(rig.complaint().contains("Open an image first"));
    rig.engine
        .send(Command::Close(Extent::Model(rig.model.get())));
    rig.until(|event| matches!(event, Event::ModelGone));
    rig.save_model(rig.model_file());
    assert!(rig.complaint().contains("no model"));
    rig.train(1_000_000);
    rig.until(|event| matches!(event, Event::Training(_)));
    rig.engine.send(Command::Close(Extent::Everything));
    assert!(rig.complaint().contains("being trained"));
    rig.engine.send(Command::Stop { keep: false });
    rig.until(ended(Job::Training));
    rig.engine.send(Command::Close(Extent::Everything));
    rig.train(32);
    assert!(rig.complaint().contains("Open a folder"));
}
