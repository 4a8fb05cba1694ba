//! Step 1: a folder of which nothing says which images are normal.

use super::*;
use crate::ui::state::question::Answer;
use egui::{Key, Modifiers};
use kizumi_dataset::scan::{Doubt, Roles};
use kizumi_engine::message::UnclearGroup;
use kizumi_image::thumbnail::thumbnail;

fn unclear() -> Event {
    let group = |name: &str, images, guess| UnclearGroup {
        folder: format!("/parts/{name}").into(),
        images,
        guess,
        samples: vec![Some(thumbnail(&picture(1.0), 8)), None],
    };
    Event::DatasetUnclear {
        dataset: DatasetId::default(),
        path: "/parts".into(),
        groups: vec![
            group("left", 12, Kind::Unknown),
            group("right", 5, Kind::Unknown),
            group("NG", 3, Kind::Defect("NG".into())),
        ],
        doubts: vec![Doubt::Made(
            ["left/1 - Copy.png".to_owned()].into_iter().collect(),
        )],
        unread: vec!["/parts/labels.xlsx".into()],
    }
}

/// The last folder that was asked for, and what was said of it.
fn opened(script: &Script) -> (PathBuf, Roles) {
    let asked = script.asked();
    let [Command::OpenDataset { path, roles, .. }] = &asked[..] else {
        panic!("no folder is opened: {asked:?}");
    };
    (path.clone(), roles.clone())
}

#[test]
fn a_person_says_which_images_are_normal_and_is_not_asked_again() {
    let (mut harness, script) = window([1024.0, 640.0]);
    open_typed(&mut harness, "/parts");
    assert_eq!(opened(&script), ("/parts".into(), Roles::default()));
    script.say([unclear()]);
    harness.run_steps(3);
    harness.get_by_label("Which of these images are normal?");
    harness.get_by_label_contains("labels.xlsx names images here");
    harness.get_by_label_contains("not the same: left/1 - Copy.png.");
    harness.check_accessibility();
    harness.get_by_label("Open the data set").click();
    harness.run_steps(3);
    assert!(script.asked().is_empty(), "not answered yet");
    harness.get_by_label("left: Normal: learn").click();
    harness.run_steps(3);
    harness.get_by_label("right: Leave out").click();
    harness.run_steps(3);
    harness.get_by_label("Open the data set").click();
    harness.run_steps(3);
    let roles = Roles {
        normal: vec!["/parts/left".into()],
        defective: vec!["/parts/NG".into()],
        unused: vec!["/parts/right".into()],
        of_all: true,
        ..Roles::default()
    };
    assert_eq!(opened(&script), ("/parts".into(), roles.clone()));
    let state = harness.state().state();
    assert_eq!(state.roles_of(Path::new("/parts")), roles);
}

#[test]
fn a_question_can_be_left_unanswered_and_what_was_said_be_said_anew() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([dataset()]);
    harness.run_steps(3);
    open_typed(&mut harness, "/parts");
    script.say([unclear()]);
    harness.run_steps(3);
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    assert_eq!(harness.state().state().question, None);
    let root = {
        let state = harness.state_mut().state_mut();
        let root = state.dataset.as_ref().unwrap().catalog.root.clone();
        let normal = vec![root.join("left")];
        let roles = Roles {
            normal,
            ..Roles::default()
        };
        state.settings.recent.remember_roles(&root, roles);
        state.dataset.as_mut().unwrap().catalog.layout = Layout::Given;
        root
    };
    script.asked();
    harness.run_steps(3);
    harness.get_by_label("Say it anew…").click();
    harness.run_steps(3);
    assert_eq!(opened(&script), (root.clone(), Roles::default()));
    // Whoever thinks better of it has lost nothing.
    let state = harness.state().state();
    assert_eq!(state.roles_of(&root).normal, [root.join("left")]);
    harness.get_by_label("Say it anew…");
}

#[test]
fn a_question_is_answered_and_closed_with_the_keys() {
    let (mut harness, script) = window([1024.0, 640.0]);
    open_typed(&mut harness, "/parts");
    script.say([unclear()]);
    harness.run_steps(3);
    assert!(harness.get_by_label("left: Normal: learn").is_focused());
    harness.key_press(Key::Space);
    harness.run_steps(3);
    let question = harness.state().state().question.as_ref().unwrap();
    assert_eq!(question.answers[0], Some(Answer::Normal));
    // What lies on top is closed first.
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    harness.run_steps(3);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.state().state().overlay.is_none());
    assert!(harness.state().state().question.is_some());
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!(harness.state().state().question, None);
}

#[test]
fn a_question_does_not_say_that_names_say_nothing_where_they_do() {
    let (mut harness, script) = window([1024.0, 640.0]);
    open_typed(&mut harness, "/parts");
    let Event::DatasetUnclear {
        dataset,
        path,
        mut groups,
        doubts,
        unread,
    } = unclear()
    else {
        unreachable!("that is what it makes")
    };
    groups[0].guess = Kind::Normal;
    groups[1].guess = Kind::Defect("right".into());
    script.say([Event::DatasetUnclear {
        dataset,
        path,
        groups,
        doubts,
        unread,
    }]);
    harness.run_steps(3);
    assert!(
        harness
            .query_by_label_contains("do not say which")
            .is_none()
    );
    harness.get_by_label_contains("What the names say is filled in below");
}

#[test]
fn what_was_said_of_folders_that_are_gone_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("left")).unwrap();
    for (named, remains) in [("left", true), ("renamed", false)] {
        let (mut harness, script) = window([1024.0, 640.0]);
        let roles = Roles {
            normal: vec![folder.path().join(named)],
            ..Roles::default()
        };
        let recent = &mut harness.state_mut().state_mut().settings.recent;
        recent.remember_roles(folder.path(), roles.clone());
        open_typed(&mut harness, &folder.path().display().to_string());
        let expected = if remains { roles } else { Roles::default() };
        assert_eq!(opened(&script), (folder.path().into(), expected));
    }
}

#[test]
fn a_flat_folder_can_be_opened_to_be_labelled_instead() {
    let (mut harness, script) = window([1024.0, 640.0]);
    open_typed(&mut harness, "/parts");
    script.asked();
    let mut flat = unclear();
    if let Event::DatasetUnclear { groups, .. } = &mut flat {
        groups.truncate(1);
    }
    script.say([flat]);
    harness.run_steps(3);
    harness.get_by_label("Open and label the images").click();
    harness.run_steps(3);
    let (folder, roles) = opened(&script);
    assert_eq!(folder, PathBuf::from("/parts"));
    assert!(roles.to_inspect && roles.normal.is_empty());
}
