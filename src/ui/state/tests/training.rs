//! The phases of a training.

use super::*;

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
