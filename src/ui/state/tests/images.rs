//! The images that are open or in the list.

use super::*;

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
