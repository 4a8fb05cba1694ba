//! What fails, and what is left of the rest.

use super::*;

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
