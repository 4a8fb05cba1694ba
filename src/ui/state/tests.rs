#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use kizumi_dataset::catalog::Kind;
use kizumi_dataset::catalog::Layout;
use kizumi_engine::message::{
    About, Command, Event, ImageId, Job, OpenedImage, Outcome, Preview, RunId, RunTicket,
    TrainingProgress,
};
use kizumi_image::picture::Picture;
use kizumi_method::anomaly_map::AnomalyMap;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{DataConfig, NetworkConfig, ProjectionConfig, TrainingConfig};
use kizumi_method::iterate::{Inspection, Iterate, IterateScalars, StopRule};
use kizumi_method::maker::{Fingerprint, ModelMark, Score};
use proptest::prelude::*;

use super::notice::{Level, Remedy};
use super::training::Phase;
use super::*;

fn entry(name: &str, kind: Kind) -> Entry {
    Entry {
        path: format!("/set/test/{name}").into(),
        kind,
        mask: None,
    }
}

fn dataset() -> Event {
    Event::DatasetOpened {
        dataset: DatasetId::from(1),
        catalog: Catalog {
            root: "/set".into(),
            layout: Layout::Mvtec,
            train: vec![entry("t", Kind::Normal)],
            test: vec![
                entry("a", Kind::Normal),
                entry("b", Kind::Defect("dent".into())),
            ],
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
        },
        summary: "one normal".into(),
    }
}

fn model(images_seen: u64) -> Event {
    Event::ModelReady(Box::new(ModelInfo {
        id: ModelId::from(images_seen),
        path: None,
        network: NetworkConfig::default(),
        data: DataConfig::default(),
        features: FeatureConfig::NONE,
        training: TrainingConfig::default(),
        images_seen,
        calibration: None,
        outdated: None,
        ignored: None,
        mark: ModelMark {
            weights: Fingerprint::of([&[images_seen as f32][..]]),
            ..Default::default()
        },
        data_summary: String::new(),
        trained_on: "set".into(),
        normal_images: 1,
    }))
}

/// An image as model 10 sees it.
fn image(id: u64, name: &str) -> Event {
    Event::ImageOpened(Box::new(OpenedImage {
        id: ImageId::from(id),
        model: Some(ModelId::from(10)),
        entry: entry(name, Kind::Normal),
        picture: Picture::filled(1, 2, 2, 0.5),
        mask: None,
        counted: None,
        painted: false,
        hole: None,
        distance: None,
        gate: None,
        source_px: (2, 2),
        notes: vec!["converted to grey".into()],
    }))
}

fn iterate(of: RunTicket, t: usize) -> Event {
    Event::Iterated {
        of,
        iterate: Box::new(Iterate {
            scalars: IterateScalars {
                t,
                ..Default::default()
            },
            iterate: Picture::filled(1, 2, 2, 0.5),
            reconstruction: Picture::filled(1, 2, 2, 0.5),
            gradient: Picture::filled(1, 2, 2, 0.5),
            distance: None,
        }),
    }
}

fn inspected(of: RunTicket, iterations: usize) -> Event {
    let map = Picture::filled(1, 2, 2, 0.1);
    Event::Inspected {
        of,
        inspection: Box::new(Inspection {
            plain_map: AnomalyMap::default(),
            projected_map: AnomalyMap::default(),
            projected: map.clone(),
            reconstruction: map,
            plain_score: Score::default(),
            projected_score: Score::default(),
            unlike: None,
            iterations,
            stop: StopRule::Iterations,
            mapper: Default::default(),
        }),
    }
}

fn failed(about: About) -> Event {
    Event::Failed {
        about,
        reason: "no".into(),
    }
}

/// Asks for an image, and says what it and its projection are called.
fn ask(state: &mut State, name: &str) -> (ImageId, RunTicket) {
    match state.select(entry(name, Kind::Normal)) {
        Command::OpenImage { image, then, .. } => {
            (image, then.map(|then| then.ticket).unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

fn select(state: &mut State, name: &str) -> ImageId {
    ask(state, name).0
}

/// Asks for an image, and gets it. Gives what its projection is called.
fn open(state: &mut State, name: &str) -> RunTicket {
    let (id, of) = ask(state, name);
    let Event::ImageOpened(mut opened) = image(0, name) else {
        unreachable!("an image");
    };
    opened.id = id;
    state.apply(Event::ImageOpened(opened));
    of
}

#[test]
fn an_open_image_is_projected_as_soon_as_there_is_a_model_and_nothing_else_runs() {
    let mut state = State::default();
    state.apply(dataset());
    open(&mut state, "a");
    assert_eq!(state.due(1.0), None, "no model");
    state.apply(Event::Started(Job::Training));
    state.apply(model(10));
    assert_eq!(state.due(2.0), None, "training goes on");
    assert_eq!(state.next_due_secs(2.0), None, "so no frame is needed");
    state.apply(Event::Ended(Job::Training, Outcome::Done));
    assert_eq!(state.next_due_secs(3.0), Some(0.0));
    assert!(matches!(state.due(3.0), Some(Command::Project(_))));
    assert_eq!(state.due(5.0), None);
}

#[test]
fn an_image_is_not_projected_before_it_is_there_as_the_model_sees_it() {
    let mut state = State::default();
    open(&mut state, "a");
    state.apply(model(11));
    assert_eq!(state.due(1.0), None);
    assert_eq!(state.next_due_secs(1.0), None);
    let Some(opened) = &state.inspecting.opened else {
        panic!("it is open");
    };
    let seen = OpenedImage {
        model: Some(ModelId::from(11)),
        ..opened.clone()
    };
    state.apply(Event::ImageOpened(Box::new(seen)));
    assert!(matches!(state.due(1.0), Some(Command::Project(_))));
}

#[test]
fn what_waits_for_a_calibration_asks_for_no_frames() {
    let mut state = State::default();
    state.apply(model(10));
    open(&mut state, "a");
    state.apply(Event::Started(Job::Calibrating));
    let mut new = state.snapshot();
    new.projection.alpha *= 2.0;
    let moment = Moment {
        now_secs: 1.0,
        held: true,
    };
    state.change(new, moment);
    assert_eq!((state.due(2.0), state.next_due_secs(2.0)), (None, None));
    state.apply(Event::Ended(Job::Calibrating, Outcome::Done));
    assert_eq!(state.next_due_secs(2.0), Some(0.0));
    assert!(state.due(2.0).is_some());
}

#[test]
fn an_image_brings_its_projection_along() {
    let mut state = State::default();
    state.apply(model(10));
    let Command::OpenImage { image, then, .. } = state.select(entry("a", Kind::Normal)) else {
        panic!("an image is asked for");
    };
    let of = then.expect("and its projection").ticket;
    assert_eq!((of.image, of.model), (image, ModelId::from(10)));
    let Event::ImageOpened(mut opened) = self::image(0, "a") else {
        unreachable!("an image");
    };
    opened.id = image;
    state.apply(Event::ImageOpened(opened));
    assert_eq!(state.due(1.0), None, "it is on its way");
    assert!(state.inspecting.is_waiting());
    state.apply(iterate(of, 0));
    assert!(!state.inspecting.is_waiting() && state.inspecting.recording().len() == 1);
}

#[test]
fn saving_a_model_does_not_project_again() {
    let mut state = State::default();
    state.apply(model(10));
    open(&mut state, "a");
    while state.due(1.0).is_some() {}
    state.apply(Event::ModelSaved {
        model: ModelId::from(10),
        path: "/m.safetensors".into(),
    });
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
    state.training.begin(None);
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
    state.training.begin(None);
    state.apply(Event::Started(Job::Loading));
    state.apply(Event::Ended(
        Job::Loading,
        Outcome::Failed("/set: no images".into()),
    ));
    assert!(!state.training.is_active());
    assert_eq!(state.notices.all()[0].what.text, "/set: no images");
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
    open(&mut state, "a");
    let refused = select(&mut state, "b");
    state.apply(failed(About::Image(refused)));
    assert_eq!(state.place_in_list(), Some((0, 2)));
    assert_eq!(state.notices.all()[0].level, Level::Error);
}

#[test]
fn a_broken_image_leaves_the_later_one_shown() {
    let mut state = State::default();
    state.apply(dataset());
    open(&mut state, "a");
    let broken = select(&mut state, "x");
    let good = select(&mut state, "b");
    state.apply(failed(About::Image(broken)));
    assert_eq!(state.place_in_list(), Some((1, 2)), "b is still wanted");
    let Event::ImageOpened(mut opened) = image(0, "b") else {
        unreachable!("an image");
    };
    opened.id = good;
    state.apply(Event::ImageOpened(opened));
    let opened = state.inspecting.opened.as_ref().unwrap();
    assert!(opened.entry.path.ends_with("b") && opened.id == good);
}

#[test]
fn a_failure_of_something_else_moves_nothing() {
    for about in [
        About::Saving(ModelId::from(10)),
        About::Training(ModelId::from(3)),
        About::Model(ModelId::from(4)),
        About::Source(ImageId::from(9)),
        About::Device,
    ] {
        let mut state = State::default();
        state.apply(dataset());
        state.apply(model(10));
        open(&mut state, "a");
        state.training.begin(Some(ModelId::from(5)));
        select(&mut state, "b");
        state.apply(failed(about));
        assert_eq!(state.place_in_list(), Some((1, 2)), "{about:?}");
        assert_eq!(state.training.phase, Phase::Preparing, "{about:?}");
    }
}

#[test]
fn the_end_of_an_older_run_is_not_that_of_the_present_one() {
    let mut state = State::default();
    state.apply(model(10));
    let old = open(&mut state, "a");
    let mut new = state.snapshot();
    new.projection.alpha *= 2.0;
    let moment = Moment {
        now_secs: 2.0,
        held: false,
    };
    state.change(new, moment);
    let Some(Command::Project(new)) = state.due(2.0) else {
        panic!("another projection");
    };
    let ended = |of: RunTicket| Event::Ended(Job::Projecting(of.run), Outcome::Stopped);
    state.apply(Event::Started(Job::Projecting(new.ticket.run)));
    state.apply(iterate(new.ticket, 0));
    state.apply(inspected(old, 25));
    state.apply(ended(old));
    assert!(state.jobs.are_projecting() && state.inspecting.result.is_none());
}

#[test]
fn a_model_on_its_way_takes_the_verdict_of_the_one_before_away() {
    let mut state = State::default();
    state.apply(model(10));
    let of = open(&mut state, "a");
    let iterations = state.settings.projection.iterations;
    (0..=iterations).for_each(|t| state.apply(iterate(of, t)));
    state.apply(inspected(of, iterations));
    assert!(state.inspecting.judged().is_some());
    let Command::OpenModel { model: other, .. } = state.open_model("/m".into()) else {
        panic!("a model is asked for");
    };
    assert!(state.inspecting.judged().is_none() && state.inspecting.is_stale());
    assert_eq!(state.due(2.0), None);
    state.apply(failed(About::Model(other)));
    assert!(state.inspecting.judged().is_some(), "it did not come");
    assert!(!state.inspecting.is_stale());
}

#[test]
fn a_second_dab_outlives_the_news_of_the_first() {
    let mut state = State::default();
    state.apply(model(10));
    open(&mut state, "a");
    let dab = |state: &mut State| {
        let id = state.ids.give();
        state.inspecting.painting_begins(id);
        state.inspecting.opened_for_painting().unwrap().clone()
    };
    let first = dab(&mut state);
    let sent = state.inspecting.painting_ended();
    assert_eq!(sent.map(|(_, becomes)| becomes), Some(first.id));
    let second = dab(&mut state);
    state.apply(Event::ImageOpened(Box::new(OpenedImage {
        painted: true,
        ..first.clone()
    })));
    let opened = state.inspecting.opened.as_ref().unwrap();
    assert_eq!(opened.id, second.id, "the second dab is on screen");
    assert_eq!(state.due(9.0), None, "nothing is asked about half a stroke");
    let sent = state.inspecting.painting_ended();
    assert_eq!(sent, Some((first.id, second.id)), "and it is told");
}

#[test]
fn a_picture_that_the_worker_does_not_take_is_opened_again() {
    let mut state = State::default();
    open(&mut state, "a");
    let painted = state.ids.give();
    state.inspecting.painting_begins(painted);
    state.inspecting.painting_ended();
    state.apply(failed(About::Image(painted)));
    assert!(matches!(state.due(1.0), Some(Command::OpenImage { .. })));
}

#[test]
fn a_new_worker_is_asked_for_what_was_open() {
    let mut state = State::default();
    state.apply(dataset());
    let Event::ModelReady(mut info) = model(10) else {
        unreachable!("a model");
    };
    info.path = Some("/m.safetensors".into());
    state.apply(Event::ModelReady(info));
    open(&mut state, "a");
    state.apply(Event::Started(Job::Training));
    state.apply(Event::WorkerLost("on fire".into()));
    assert!(!state.training.is_active() && state.jobs.foremost().is_none());
    assert_eq!(state.notices.all()[0].what.text, "on fire");
    let asked: Vec<Command> = std::iter::from_fn(|| state.due(1.0)).collect();
    let [
        Command::OpenDataset { path, .. },
        Command::OpenModel { path: file, .. },
        Command::OpenImage { entry, .. },
    ] = &asked[..]
    else {
        panic!("{asked:?}");
    };
    assert_eq!(
        (path.as_path(), file.as_path()),
        (Path::new("/set"), Path::new("/m.safetensors"))
    );
    assert!(entry.path.ends_with("a"));
}

#[test]
fn notes_go_with_their_image_and_their_data_set() {
    let mut state = State::default();
    open(&mut state, "a");
    let told = |state: &State| state.notices.all().len();
    assert_eq!(told(&state), 1);
    open(&mut state, "b");
    assert!(told(&state) == 1 && state.notices.all()[0].what.text.starts_with("/set/test/b"));
    let broken = select(&mut state, "x");
    state.apply(failed(About::Image(broken)));
    assert_eq!(told(&state), 2);
    state.apply(dataset());
    assert_eq!(told(&state), 0);
}

#[test]
fn regions_to_ignore_leave_parameters_and_thresholds_alone() {
    let mut state = State::default();
    let Event::ModelReady(mut info) = calibrated(1, 0.25) else {
        unreachable!("a model");
    };
    let calibration = info.calibration.as_mut().unwrap();
    calibration.plain_scores = vec![0.1, 0.2];
    calibration.regions = Some(info.mark.regions);
    state.apply(Event::ModelReady(info.clone()));
    state.settings.projection.alpha = 3.0;
    state.settings.decision.pixel_by_hand = Some(0.5);
    // As the worker answers: the calibration is that of the regions from before.
    info.id = ModelId::from(2);
    info.ignored = Some(Picture::filled(1, 2, 2, 1.0));
    info.mark.regions = ModelMark::regions_of(info.ignored.as_ref());
    state.apply(Event::ModelReady(info));
    assert_eq!(state.settings.projection.alpha, 3.0);
    assert_eq!(state.settings.decision.pixel_by_hand, Some(0.5));
}

#[test]
fn an_image_that_turns_out_to_be_in_the_data_set_gets_its_kind() {
    let mut state = State::default();
    open(&mut state, "b");
    state.apply(dataset());
    let Some(Command::OpenImage { entry, .. }) = state.due(1.0) else {
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
    select(&mut state, "a");
    assert_eq!(state.neighbour(-1).unwrap().path, Path::new("/set/test/a"));
    assert_eq!(state.neighbour(7).unwrap().path, Path::new("/set/test/b"));
}

#[test]
fn the_next_image_is_the_one_behind_a_broken_one() {
    let mut state = State::default();
    let mut opened = dataset();
    if let Event::DatasetOpened { catalog, .. } = &mut opened {
        catalog.test = ["a", "b", "c"].map(|name| entry(name, Kind::Normal)).into();
    }
    state.apply(opened);
    open(&mut state, "a");
    let broken = state.neighbour(1).unwrap();
    assert_eq!(broken.path, Path::new("/set/test/b"));
    let Command::OpenImage { image, .. } = state.select(broken) else {
        panic!("an image is asked for");
    };
    state.apply(Event::Failed {
        about: About::Image(image),
        reason: "it is broken".into(),
    });
    let selected = state.inspecting.selected.as_ref().unwrap();
    assert_eq!(selected.path, Path::new("/set/test/a"), "what is shown");
    assert_eq!(state.neighbour(1).unwrap().path, Path::new("/set/test/c"));
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
    assert_eq!(state.usual_projection(), ProjectionConfig::healing());
    state.settings.train.features = FeatureConfig::NONE;
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

#[test]
fn a_model_whose_calibration_is_outdated_begins_with_its_own_settings() {
    let mut state = State::default();
    let Event::ModelReady(mut info) = model(1) else {
        unreachable!("a model");
    };
    let projection = ProjectionConfig {
        alpha: 0.25,
        ..Default::default()
    };
    let map = MapConfig::paper();
    info.outdated = Some((projection, map));
    state.apply(Event::ModelReady(info));
    assert_eq!(state.settings.projection, projection);
    assert_eq!(state.usual_projection(), projection);
    assert_eq!(state.score_map(), map);
}

fn any_job() -> impl Strategy<Value = Job> {
    prop_oneof![
        Just(Job::Device),
        Just(Job::Loading),
        Just(Job::Training),
        Just(Job::Calibrating),
        (0..9u64).prop_map(|run| Job::Projecting(RunId::from(run))),
    ]
}

fn any_ticket() -> impl Strategy<Value = RunTicket> {
    (0..9u64, 0..3u64, 0..9u64).prop_map(|(image, model, run)| RunTicket {
        image: ImageId::from(image),
        model: ModelId::from(model),
        run: RunId::from(run),
    })
}

fn any_about() -> impl Strategy<Value = About> {
    prop_oneof![
        (0..9u64).prop_map(|id| About::Image(ImageId::from(id))),
        (0..9u64).prop_map(|id| About::Run(RunId::from(id))),
        (0..3u64).prop_map(|id| About::Model(ModelId::from(id))),
        Just(About::Device),
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
        any::<Option<f32>>().prop_map(|reconstruction| Event::Training(TrainingProgress {
            reconstruction,
            ..Default::default()
        })),
        (0..3u64).prop_map(model),
        Just(Event::ModelGone),
        (0..3u64).prop_map(|id| Event::ModelSaved {
            model: ModelId::from(id),
            path: "/m".into()
        }),
        (0..9u64, prop_oneof![Just("a"), Just("b")]).prop_map(|(id, name)| image(id, name)),
        Just(Event::TestPreview {
            image: ImageId::from(1),
            model: ModelId::from(1),
            preview: Preview {
                original: Picture::filled(1, 2, 2, 0.5),
                reconstruction: Picture::filled(1, 2, 2, 0.5),
            },
        }),
        (any_ticket(), 0..6usize).prop_map(|(of, t)| iterate(of, t)),
        (any_ticket(), 0..6usize).prop_map(|(of, iterations)| inspected(of, iterations)),
        any_about().prop_map(failed),
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
            if let Some(Command::Project(request)) = state.due(now_secs) {
                let of = request.ticket;
                prop_assert_eq!(state.model.as_ref().map(|model| model.id), Some(of.model));
                let opened = state.inspecting.opened.as_ref();
                prop_assert_eq!(opened.map(|opened| opened.id), Some(of.image));
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

#[test]
fn a_training_that_is_stopped_before_it_begins_leaves_the_window_usable() {
    let refused = |model| Event::Failed {
        about: About::Training(model),
        reason: "there are no normal images".into(),
    };
    let ended = |_| Event::Ended(Job::Loading, Outcome::Stopped);
    for end in [&refused as &dyn Fn(ModelId) -> Event, &ended] {
        let mut state = State::default();
        let model = state.ids.give();
        state.training.begin(Some(model));
        state.apply(Event::Started(Job::Loading));
        state.training.phase = Phase::Stopping;
        state.apply(end(model));
        assert_eq!(state.training.phase, Phase::Idle);
    }
}
