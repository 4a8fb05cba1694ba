//! Projects: what belongs to a data set, reopened as it was left.

use std::path::Path;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::ui::action::Action;
use crate::ui::app::App;
use crate::ui::state::Step;
use kizumi_method::decision::Thresholds;

use super::session::{close, window_in, worked_in};
use super::*;

fn text_of(harness: &Harness<'static, App>) -> String {
    let notices = harness.state().state().notices.all();
    let texts: Vec<&str> = notices.iter().map(|it| it.what.text.as_str()).collect();
    texts.join("\n")
}

fn asks_for_model(asked: &[Command]) -> bool {
    asked.iter().any(|command| matches!(command, Command::OpenModel { path, .. } if path.ends_with("washer.safetensors")))
}

/// A window on what was worked on in `folder`, which keeps the project in `file` from now on.
fn kept_in(file: &Path, folder: &Path) -> (Harness<'static, App>, Script) {
    let (mut harness, script) = window_in(folder, Startup::default());
    script.say([dataset(), model(), image("dent-1.png")]);
    harness.run_steps(3);
    harness.state_mut().keep_in(file);
    harness.run_steps(2);
    (harness, script)
}

fn perform(harness: &mut Harness<'static, App>, action: Action) {
    harness.state_mut().act(action);
    harness.run_steps(3);
}

/// A catalog of other images than those that [`dataset`] tells of.
fn other_dataset() -> Event {
    let Event::DatasetOpened {
        mut catalog,
        dataset,
        summary,
    } = dataset()
    else {
        unreachable!("it is one");
    };
    catalog.root = "/parts/line3".into();
    for entry in catalog.train.iter_mut().chain(&mut catalog.test) {
        entry.path =
            Path::new("/parts/line3").join(entry.path.strip_prefix("/parts/washer").unwrap());
        entry.mask = None;
    }
    Event::DatasetOpened {
        catalog,
        dataset,
        summary,
    }
}

#[test]
fn a_recent_project_reopens_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    // Another folder is opened after it: that is another project.
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model(), image("dent-1.png")]);
    harness.run_steps(3);
    perform(&mut harness, Action::CloseModel);
    script.say([Event::ModelGone]);
    perform(&mut harness, Action::OpenDataset("/parts/line3".into()));
    script.say([other_dataset()]);
    harness.run_steps(3);
    close(harness);

    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([other_dataset()]);
    harness.run_steps(3);
    assert!(!asks_for_model(&script.asked()), "line3 has none");
    harness.get_by_label("washer").click();
    harness.run_steps(3);
    assert!(asks_for_model(&script.asked()));
    script.say([dataset(), model(), image("dent-1.png")]);
    harness.run_steps(3);
    let state = harness.state().state();
    assert_eq!(state.step, Step::Review);
    assert_eq!((state.set.done(), state.set.images().len()), (2, 3));
    let by_hand = Thresholds {
        review: 0.5,
        reject: 0.75,
    };
    assert_eq!(state.settings.decision.by_hand, Some(by_hand));
}

#[test]
fn a_folder_that_is_opened_by_its_path_brings_its_project_where_nothing_is_open() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model()]);
    harness.run_steps(3);
    perform(&mut harness, Action::StartFresh);
    script.asked();
    perform(&mut harness, Action::OpenPath("/parts/washer".into()));
    assert!(asks_for_model(&script.asked()));
}

#[test]
fn a_review_is_found_again_when_folder_and_model_are_opened_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model()]);
    harness.run_steps(3);
    perform(&mut harness, Action::StartFresh);
    assert!(harness.state().state().set.images().is_empty());
    // The model first: the folder has no project with another one to bring along then.
    perform(
        &mut harness,
        Action::OpenModel("/models/washer.safetensors".into()),
    );
    script.say([model()]);
    harness.run_steps(3);
    perform(&mut harness, Action::OpenDataset("/parts/washer".into()));
    script.say([dataset()]);
    harness.run_steps(3);
    harness.state_mut().keep_now();
    harness.run_steps(3);
    assert_eq!(
        harness.state().state().set.done(),
        2,
        "it was kept with both of them"
    );
}

#[test]
fn a_project_in_a_file_takes_everything_along() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("line 3.kizumi");
    worked_in(folder.path());
    let (harness, _) = kept_in(&file, folder.path());
    assert!(text_of(&harness).contains("line 3.kizumi"));
    close(harness);

    // Somebody else, who has nothing but that file.
    let elsewhere = tempfile::tempdir().unwrap();
    let startup = Startup {
        project: Some(file.clone()),
        ..Startup::default()
    };
    let (mut harness, script) = window_in(elsewhere.path(), startup);
    assert!(asks_for_model(&script.asked()));
    script.say([dataset(), model(), image("dent-1.png")]);
    harness.run_steps(3);
    let state = harness.state().state();
    assert_eq!((state.set.done(), state.step), (2, Step::Review));
    close(harness);
    assert!(
        !elsewhere.path().join("state/projects").exists(),
        "it has a file"
    );
}

#[test]
fn a_folder_that_has_moved_is_asked_for_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("line 3.kizumi");
    worked_in(folder.path());
    let (mut harness, script) = kept_in(&file, folder.path());
    perform(&mut harness, Action::StartFresh);
    perform(&mut harness, Action::OpenProject(file.clone()));
    assert!(
        text_of(&harness).contains("/parts/washer"),
        "it is not there"
    );
    harness.get_by_label("Find the folder…");

    let new = folder.path().join("washer");
    std::fs::create_dir(&new).unwrap();
    harness.state_mut().state_mut().sought = Some(file.clone());
    harness.state_mut().find(&new);
    harness.run_steps(3);
    let opens =
        |command: &Command| matches!(command, Command::OpenDataset { path, .. } if *path == new);
    assert!(script.asked().iter().any(opens));
    close(harness);
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(kept["data"], new.to_str().unwrap());
    assert_eq!(kept["model"], "/models/washer.safetensors");
    let first = &kept["results"]["images"][0][0]["path"];
    assert!(Path::new(first.as_str().unwrap()).starts_with(&new));
}

#[test]
fn what_is_no_project_is_said_and_nothing_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("line.kizumi");
    std::fs::write(&file, "{\"version\": 9}").unwrap();
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model()]);
    harness.run_steps(3);
    perform(&mut harness, Action::OpenPath(file.clone()));
    let text = text_of(&harness);
    assert!(
        text.contains("line.kizumi") && text.contains("version 9"),
        "{text}"
    );
    assert!(harness.state().state().model.is_some());
    assert_eq!(std::fs::read(&file).unwrap(), b"{\"version\": 9}");
}

#[test]
fn the_second_window_on_a_project_reads_it_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("line.kizumi");
    let (mut first, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model()]);
    first.run_steps(3);
    first.state_mut().keep_in(&file);
    while !file.exists() {
        std::thread::yield_now();
    }
    let startup = Startup {
        project: Some(file.clone()),
        ..Startup::default()
    };
    let other_home = tempfile::tempdir().unwrap();
    let (second, script) = window_in(other_home.path(), startup);
    assert!(asks_for_model(&script.asked()));
    assert!(text_of(&second).contains("another window"));
    close(second);
    let before = std::fs::read(&file).unwrap();
    close(first);
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn a_project_that_cannot_be_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model()]);
    harness.run_steps(3);
    // A file stands where its folder would be.
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    harness.state_mut().keep_in(&file.join("line.kizumi"));
    harness.run_steps(2);
    let text = text_of(&harness);
    assert!(
        text.contains("will not be saved") && !text.contains("kept in"),
        "{text}"
    );
}

#[test]
fn a_folder_and_another_model_on_the_command_line_bring_no_project_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    let startup = Startup {
        data: Some("/parts/washer".into()),
        model: Some("/models/other.safetensors".into()),
        ..Startup::default()
    };
    let (harness, script) = window_in(folder.path(), startup);
    let asked = script.asked();
    assert!(!asks_for_model(&asked), "{asked:?}");
    let opens = |command: &&Command| {
        matches!(
            command,
            Command::OpenModel { .. } | Command::OpenDataset { .. }
        )
    };
    assert_eq!(asked.iter().filter(opens).count(), 2);
    assert!(harness.state().state().set.images().is_empty());
}

#[test]
fn a_folder_and_its_model_on_the_command_line_bring_their_project() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    // Something else was open last.
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model()]);
    harness.run_steps(3);
    perform(&mut harness, Action::StartFresh);
    close(harness);
    let startup = Startup {
        data: Some("/parts/washer".into()),
        model: Some("/models/washer.safetensors".into()),
        ..Startup::default()
    };
    let (mut harness, script) = window_in(folder.path(), startup);
    script.say([dataset(), model()]);
    harness.run_steps(3);
    assert_eq!(harness.state().state().set.done(), 2);
}
