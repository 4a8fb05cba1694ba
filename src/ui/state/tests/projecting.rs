//! When an image is projected, and what becomes of its runs.

use super::*;

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
fn scores_use_the_map_settings_of_the_calibration() {
    let mut state = State::default();
    state.settings.map.smoothing_px = 9.0;
    assert_eq!(state.score_map().smoothing_px, 9.0);
    state.apply(model(1));
    state.model.as_mut().unwrap().calibration = Some(Default::default());
    assert_eq!(state.score_map(), MapConfig::default());
}
