#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use kizumi_dataset::catalog::Layout;
use kizumi_engine::message::{OpenedImage, Preview, TrainingProgress};
use kizumi_image::picture::Picture;
use kizumi_method::config::{DataConfig, NetworkConfig, ProjectionConfig, TrainingConfig};
use kizumi_method::iterate::{Inspection, Iterate, IterateScalars, StopRule};

fn entry(name: &str, kind: Kind) -> Entry {
    Entry {
        path: format!("/set/test/{name}").into(),
        kind,
        mask: None,
    }
}

fn dataset() -> Event {
    Event::DatasetOpened {
        catalog: Catalog {
            root: "/set".into(),
            layout: Layout::Mvtec,
            train: vec![entry("t", Kind::Normal)],
            test: vec![
                entry("a", Kind::Normal),
                entry("b", Kind::Defect("dent".into())),
            ],
            notes: Vec::new(),
        },
        summary: "one normal".into(),
    }
}

fn model(images_seen: u64) -> Event {
    Event::ModelReady(Box::new(ModelInfo {
        path: None,
        network: NetworkConfig::default(),
        data: DataConfig::default(),
        training: TrainingConfig::default(),
        images_seen,
        calibration: None,
        ignored: None,
        data_summary: String::new(),
    }))
}

fn image(name: &str) -> Event {
    Event::ImageOpened(Box::new(OpenedImage {
        entry: entry(name, Kind::Normal),
        picture: Picture::filled(1, 2, 2, 0.5),
        mask: None,
        counted: None,
        painted: false,
        hole: None,
        source_px: (2, 2),
        notes: vec!["converted to grey".into()],
    }))
}

fn iterate(t: usize) -> Event {
    Event::Iterated(Box::new(Iterate {
        scalars: IterateScalars {
            t,
            ..Default::default()
        },
        iterate: Picture::filled(1, 2, 2, 0.5),
        reconstruction: Picture::filled(1, 2, 2, 0.5),
        gradient: Picture::filled(1, 2, 2, 0.5),
    }))
}

fn inspected(iterations: usize) -> Event {
    let map = Picture::filled(1, 2, 2, 0.1);
    Event::Inspected(Box::new(Inspection {
        plain_map: map.clone(),
        projected_map: map.clone(),
        projected: map.clone(),
        reconstruction: map,
        plain_score: 0.1,
        projected_score: 0.2,
        iterations,
        stop: StopRule::Iterations,
        mapper: Default::default(),
    }))
}

#[test]
fn an_open_image_is_projected_as_soon_as_there_is_a_model_and_nothing_else_runs() {
    let mut state = State::default();
    state.apply(dataset());
    state.apply(image("a"));
    assert_eq!(state.due(1.0), None, "no model");
    state.apply(Event::Started(Job::Training));
    state.apply(model(10));
    assert_eq!(state.due(2.0), None, "training goes on");
    state.apply(Event::Ended(Job::Training, Outcome::Done));
    assert!(
        matches!(state.due(3.0), Some(Command::OpenImage(_))),
        "decoded as the model wants it"
    );
    state.apply(image("a"));
    assert!(matches!(state.due(4.0), Some(Command::Project(..))));
    assert_eq!(state.due(5.0), None);
}

#[test]
fn saving_a_model_does_not_project_again() {
    let mut state = State::default();
    state.apply(image("a"));
    state.apply(model(10));
    while state.due(1.0).is_some() {}
    state.apply(Event::ModelSaved("/m.safetensors".into()));
    state.apply(model(10));
    assert_eq!(state.due(9.0), None);
    assert_eq!(
        state.settings.recent.models,
        [PathBuf::from("/m.safetensors")]
    );
}

#[test]
fn training_goes_through_its_phases() {
    let mut state = State::default();
    state.training.begin();
    state.apply(Event::Started(Job::Loading));
    state.apply(Event::Ended(Job::Loading, Outcome::Done));
    assert_eq!(state.training.phase, Phase::Preparing);
    state.apply(Event::Started(Job::Training));
    state.apply(Event::Paused);
    assert_eq!(state.training.phase, Phase::Paused);
    state.apply(Event::Resumed);
    assert_eq!(state.training.phase, Phase::Running);
    state.apply(Event::Ended(Job::Training, Outcome::Stopped));
    assert_eq!(state.training.phase, Phase::Idle);
    state.apply(Event::Paused);
    assert_eq!(
        state.training.phase,
        Phase::Idle,
        "late news change nothing"
    );
}

#[test]
fn a_data_set_that_cannot_be_loaded_ends_the_preparation() {
    let mut state = State::default();
    state.training.begin();
    state.apply(Event::Started(Job::Loading));
    state.apply(Event::Ended(
        Job::Loading,
        Outcome::Failed("/set: no images".into()),
    ));
    assert!(!state.training.is_active());
    assert_eq!(state.notices.all()[0].text, "/set: no images");
}

#[test]
fn a_lost_device_offers_the_cpu_and_leaves_nothing_running() {
    let mut state = State::default();
    state.apply(Event::Started(Job::Training));
    state.apply(Event::DeviceLost("out of memory".into()));
    assert_eq!(state.notices.all()[0].remedy, Some(Remedy::ContinueOnCpu));
    assert!(state.jobs.foremost().is_none() && !state.training.is_active());
}

#[test]
fn a_refused_image_leaves_the_open_one_chosen() {
    let mut state = State::default();
    state.apply(dataset());
    state.apply(image("a"));
    state.inspecting.select(entry("b", Kind::Normal));
    state.apply(Event::Failed("/set/test/b: empty file".into()));
    assert_eq!(state.place_in_list(), Some((0, 2)));
    assert_eq!(state.notices.all()[0].level, Level::Error);
}

#[test]
fn an_image_that_turns_out_to_be_in_the_data_set_gets_its_kind() {
    let mut state = State::default();
    state.apply(image("b"));
    state.apply(dataset());
    let Some(Command::OpenImage(entry)) = state.due(1.0) else {
        panic!("decoded again, with its mask");
    };
    assert_eq!(entry.kind, Kind::Defect("dent".into()));
    assert_eq!(state.due(1.0), None);
}

#[test]
fn neighbours_stay_in_the_list() {
    let mut state = State::default();
    assert_eq!(state.neighbour(1), None);
    state.apply(dataset());
    assert_eq!(
        state.neighbour(5).unwrap().path,
        Path::new("/set/test/a"),
        "none chosen: the first"
    );
    state.inspecting.select(entry("a", Kind::Normal));
    assert_eq!(state.neighbour(-1).unwrap().path, Path::new("/set/test/a"));
    assert_eq!(state.neighbour(7).unwrap().path, Path::new("/set/test/b"));
}

#[test]
fn scores_use_the_map_settings_of_the_calibration() {
    let mut state = State::default();
    state.settings.map.smoothing_px = 9.0;
    assert_eq!(state.score_map().smoothing_px, 9.0);
    state.apply(model(1));
    state.model.as_mut().unwrap().calibration = Some(Default::default());
    assert_eq!(state.score_map(), MapConfig::default());
}

/// The same model, calibrated with this step size.
fn calibrated(images_seen: u64, alpha: f32) -> Event {
    let Event::ModelReady(mut info) = model(images_seen) else {
        unreachable!("a model");
    };
    info.calibration = Some(Calibration {
        projection: ProjectionConfig {
            alpha,
            ..Default::default()
        },
        ..Default::default()
    });
    Event::ModelReady(info)
}

#[test]
fn a_model_begins_with_the_projection_that_it_was_calibrated_with() {
    let mut state = State::default();
    state.settings.projection.alpha = 3.0;
    assert_eq!(state.usual_projection(), ProjectionConfig::default());
    state.apply(calibrated(1, 0.25));
    assert_eq!(state.settings.projection.alpha, 0.25);
    assert_eq!(state.usual_projection().alpha, 0.25);
    state.undo(0.0);
    assert_eq!(state.settings.projection.alpha, 3.0, "not lost");

    state.apply(calibrated(1, 0.25));
    let alpha = state.settings.projection.alpha;
    assert_eq!(
        alpha, 3.0,
        "saved, or opened again: what was set since stays"
    );
    state.apply(calibrated(2, 0.5));
    assert_eq!(state.settings.projection.alpha, 0.5);
    state.apply(model(3));
    let alpha = state.settings.projection.alpha;
    assert_eq!(alpha, 0.5, "not calibrated: nothing to begin with");
}

fn any_job() -> impl Strategy<Value = Job> {
    prop_oneof![
        Just(Job::Device),
        Just(Job::Loading),
        Just(Job::Training),
        Just(Job::Calibrating),
        Just(Job::Projecting),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let outcome = prop_oneof![
        Just(Outcome::Done),
        Just(Outcome::Stopped),
        Just(Outcome::Failed("no".into())),
    ];
    prop_oneof![
        any_job().prop_map(Event::Started),
        (any_job(), outcome).prop_map(|(job, outcome)| Event::Ended(job, outcome)),
        (any_job(), 0..9u64, 0..9u64).prop_map(|(job, done, total)| Event::Progress {
            job,
            done,
            total
        }),
        Just(dataset()),
        Just(Event::Paused),
        Just(Event::Resumed),
        any::<f32>().prop_map(|reconstruction| Event::Training(TrainingProgress {
            reconstruction,
            ..Default::default()
        })),
        (0..3u64).prop_map(model),
        Just(Event::ModelGone),
        Just(Event::ModelSaved("/m".into())),
        prop_oneof![Just("a"), Just("b")].prop_map(image),
        Just(Event::TestPreview(Preview {
            original: Picture::filled(1, 2, 2, 0.5),
            reconstruction: Picture::filled(1, 2, 2, 0.5),
        })),
        Just(Event::ProjectionStarted(ProjectionConfig::default())),
        (0..6usize).prop_map(iterate),
        (0..6usize).prop_map(inspected),
        Just(Event::Failed("f".into())),
        Just(Event::DeviceLost("d".into())),
    ]
}

proptest! {
    /// Whatever arrives, in whatever order, what is shown fits together.
    #[test]
    fn any_sequence_of_events_leaves_the_state_consistent(
        events in prop::collection::vec(any_event(), 0..60),
        iterations in 0..8usize,
        change_at in 0..60usize,
    ) {
        let mut state = State::default();
        state.settings.projection.iterations = iterations;
        for (index, event) in events.into_iter().enumerate() {
            let now_secs = index as f64 * 0.05;
            state.apply(event);
            if index == change_at {
                let mut new = state.snapshot();
                new.projection.alpha *= 2.0;
                state.change(new, Moment { now_secs, held: false });
                state.inspecting.timeline.step(-3, state.last_shown());
            }
            if let Some(command) = state.due(now_secs) {
                let needs_model = matches!(command, Command::Project(..) | Command::ExtendProjection { .. });
                prop_assert!(!needs_model || state.model.is_some() && state.inspecting.opened.is_some());
                prop_assert!(!state.training.is_active());
            }
            let recording = state.inspecting.recording();
            prop_assert!(state.shown() <= state.last_shown());
            prop_assert!(recording.is_empty() || state.last_shown() < recording.len());
            prop_assert!(state.inspecting.scalars(iterations).len() <= iterations + 1);
            for (t, scalars) in recording.scalars().iter().enumerate() {
                prop_assert_eq!(scalars.t, t, "iterates are in order and without gaps");
            }
            prop_assert!(recording.is_empty() || state.inspecting.opened.is_some());
            prop_assert!(state.inspecting.opened.is_none() || state.inspecting.selected.is_some());
            prop_assert!(state.notices.all().len() <= 20);
        }
    }
}
