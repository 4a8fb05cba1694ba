use std::path::PathBuf;

use kizumi_dataset::catalog::{Catalog, Entry, Kind, Layout, Note};
use kizumi_dataset::labels::{Label, Labels};
use kizumi_engine::message::{Command, Event};

use super::*;
use crate::ui::state::State;
use crate::ui::state::set::Source;

fn opened(images: usize) -> State {
    opened_with(0, images)
}

/// The first of them are normal, to learn from.
fn opened_with(train: usize, images: usize) -> State {
    let mut state = State::default();
    let image = |i| Entry::alone(path(i));
    state.apply(Event::DatasetOpened {
        dataset: 1.into(),
        catalog: Catalog {
            root: "/a".into(),
            layout: Layout::Given,
            train: (0..train).map(|i| Entry::normal(path(i))).collect(),
            test: (train..images).map(image).collect(),
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: BTreeSet::new(),
            joined: Default::default(),
        },
        summary: String::new(),
    });
    state
}

fn path(i: usize) -> PathBuf {
    format!("/a/{i}.png").into()
}

fn labels(state: &State) -> Vec<(String, Label)> {
    let open = state.dataset.as_ref().expect("one is open");
    let labels = open.labels.iter();
    labels
        .map(|(name, label)| (name.to_owned(), label.clone()))
        .collect()
}

/// What the worker is told, if anything.
fn told(state: &mut State) -> Option<Labels> {
    match state.due(0.0) {
        Some(Command::SetLabels { labels, .. }) => Some(labels),
        _ => None,
    }
}

#[test]
fn undo_and_redo_go_through_all_labels() {
    let mut state = opened(300);
    for i in 0..300 {
        let label = match i % 3 {
            0 => Label::Ok,
            1 => Label::NG,
            _ => Label::LeftOut,
        };
        state.label(&[path(i)], Some(&label));
    }
    let all = labels(&state);
    assert_eq!(all.len(), 300);
    for _ in 0..300 {
        assert!(state.history.has_past());
        state.undo(0.0);
    }
    assert_eq!(labels(&state), []);
    assert!(!state.history.has_past());
    assert!(state.exclusions().excluded.is_empty());
    for _ in 0..300 {
        state.redo(0.0);
    }
    assert_eq!(labels(&state), all);
    assert_eq!(state.exclusions().excluded.len(), 100);
}

#[test]
fn a_label_goes_before_the_folder_and_the_worker_hears_of_it_once() {
    let mut state = opened(3);
    let unknown = Entry::alone(path(1));
    assert_eq!(state.known_kind(&unknown), Kind::Unknown);
    state.label(&[path(1)], Some(&Label::NG));
    state.label(&[path(2), path(0)], Some(&Label::Ok));
    assert_eq!(state.known_kind(&unknown), Kind::Defect("NG".into()));
    assert_eq!(told(&mut state).map(|labels| labels.counts().ok), Some(2));
    assert_eq!(told(&mut state), None);
    // What is left out of training the worker hears when it trains.
    state.label(&[path(1)], None);
    told(&mut state);
    state.label(&[path(1)], Some(&Label::LeftOut));
    assert_eq!(told(&mut state), None);
    let unsaved = state.unsaved_labels.iter().flat_map(|one| &one.changes);
    let names: Vec<&str> = unsaved.map(|change| change.image.as_str()).collect();
    assert_eq!(names, ["1.png", "2.png", "0.png", "1.png", "1.png"]);
}

#[test]
fn what_the_file_calls_by_another_name_is_written_by_the_one_of_now() {
    let mut state = opened(3);
    let mut labels: Labels = [("1.png".to_owned(), Label::Ok)].into_iter().collect();
    labels.renamed.push(("old.png".into(), "1.png".into()));
    state.apply(Event::Labelled {
        dataset: 1.into(),
        labels,
    });
    assert_eq!(state.unsaved_labels, [], "opening a folder writes nothing");
    state.label(&[path(0)], Some(&Label::Ok));
    let changes = &state.unsaved_labels[0].changes;
    let earlier: Vec<_> = changes
        .iter()
        .map(|one| (one.image.as_str(), one.earlier_name.as_deref()))
        .collect();
    assert_eq!(earlier, [("0.png", None), ("1.png", Some("old.png"))]);
}

#[test]
fn labels_of_another_data_set_are_not_taken_back() {
    let mut state = opened(3);
    state.label(&[path(1)], Some(&Label::NG));
    let catalog = state.dataset.as_ref().map(|open| open.catalog.clone());
    let mut other = catalog.expect("one is open");
    other.root = "/b".into();
    state.apply(Event::DatasetOpened {
        dataset: 2.into(),
        catalog: other,
        summary: String::new(),
    });
    assert!(!state.history.has_past());
    assert_eq!(labels(&state), []);
}

#[test]
fn the_list_shows_normal_images_or_those_without_a_label() {
    let mut state = opened(4);
    state.inspecting.selected = Some(Entry::alone(path(0)));
    state.label(&[path(1), path(2)], Some(&Label::Ok));
    let next = |state: &State| state.neighbour(1).map(|entry| entry.path);
    assert_eq!(next(&state), Some(path(1)));
    state.label_filter = LabelFilter::Unlabelled;
    assert_eq!(next(&state), Some(path(3)));
    state.label_filter = LabelFilter::Labelled;
    assert_eq!(next(&state), Some(path(1)));
    state.listed = Source::Normals;
    assert!(state.listed_images().is_empty());
}

#[test]
fn what_is_counted_image_by_image_is_what_the_labelled_data_set_holds() {
    counted_anew_each_time(opened_with(4, 8));
}

#[test]
fn what_is_said_of_one_image_is_counted_for_those_that_hold_the_same() {
    let mut state = opened_with(4, 8);
    let open = state.dataset.as_ref().expect("one is open");
    let all = open.catalog.train.iter().chain(&open.catalog.test);
    let names: Vec<String> = all.map(|entry| open.catalog.name_of(&entry.path)).collect();
    let (of_train, of_test) = (&names[0], &names[5]);
    let alike = serde_json::json!({
        "groups": [[of_train, of_test]],
        "group_of": { of_train: 0, of_test: 0 },
    });
    state.apply(Event::LabelsAlike {
        dataset: open.id,
        alike: serde_json::from_value(alike).expect("it is one"),
    });
    let left_out = |state: &State| {
        let notes = state.dataset.as_ref().map(|open| open.notes());
        let mut notes = notes.into_iter().flatten();
        notes.any(|note| matches!(note, Note::LeftOut { .. }))
    };
    state.label(&[path(5)], Some(&Label::NG));
    let train = state.dataset.as_ref().map(|open| open.tally().train);
    assert_eq!((train, left_out(&state)), (Some(3), true));
    state.undo(0.0);
    assert!(!left_out(&state));
    counted_anew_each_time(state);
}

fn counted_anew_each_time(mut state: State) {
    let labels = [
        None,
        Some(Label::Ok),
        Some(Label::NG),
        Some(Label::LeftOut),
        Some(Label::Ng {
            kind: Some("dent".into()),
        }),
    ];
    for step in 0..200 {
        let label = &labels[step * 7 % labels.len()];
        state.label(&[path(step * 5 % 8), path(step % 3)], label.as_ref());
        if step % 4 == 3 {
            state.undo(0.0);
        }
        let open = state.dataset.as_ref().expect("one is open");
        let labelled = open.labels.applied(&open.catalog);
        assert_eq!(*open.tally(), Tally::of(&labelled), "{step}");
    }
}
