//! Closing the window and opening it again.

use std::path::Path;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use serde_json::Value;

use crate::ui::app::App;
use crate::ui::state::Step;
use crate::ui::state::review_view::KindFilter;
use kizumi_engine::message::{SetResult, SetScores};
use kizumi_image::compact::{CompactPicture, Samples};
use kizumi_image::stamp::Stamp;
use kizumi_method::decision::Thresholds;
use kizumi_method::maker::{Fingerprint, Maker, Score};

use super::*;

/// A window that keeps its things in `folder`.
pub(super) fn window_in(folder: &Path, startup: Startup) -> (Harness<'static, App>, Script) {
    let script = Script::default();
    let engine = script.clone();
    let folders = Folders {
        home: folder.join("home"),
        settings: Some(folder.join("settings.json")),
        state: Some(folder.join("state")),
    };
    let mut harness = Harness::builder()
        .with_size([1280.0, 800.0])
        .with_max_steps(30)
        .build_eframe(move |creation| {
            App::new(&creation.egui_ctx, Box::new(engine), &folders, startup)
        });
    harness.run_steps(2);
    (harness, script)
}

pub(super) fn close(mut harness: Harness<'static, App>) {
    eframe::App::on_exit(harness.state_mut(), None);
}

fn made(value: f32) -> Score {
    let by = Maker::default();
    Score { value, by }
}

/// The file of an image when it was inspected.
fn stamp(index: usize) -> Stamp {
    Stamp {
        bytes: 100 + index as u64,
        modified_ns: None,
    }
}

fn scored(index: usize, score: f32) -> Event {
    Event::SetInspected(Box::new(SetResult {
        set: SetId::default(),
        index,
        outcome: Ok(SetScores {
            stamp: Some(stamp(index)),
            plain_score: made(score),
            projected_score: made(score * 2.0),
            unlike: None,
            iterations: 7,
            stop: StopRule::Threshold,
            regions: None,
            thumbnail: CompactPicture {
                channels: 1,
                height: 2,
                width: 2,
                samples: Samples::U8(vec![1, 2, 3, 4]),
            },
            map: Picture::filled(1, 2, 2, score),
        }),
    }))
}

/// Thresholds that a person set.
const BY_HAND: Thresholds = Thresholds {
    review: 0.5,
    reject: 0.75,
};

/// A window in step 4 with a review of two of three images and thresholds set by hand, closed again.
pub(super) fn worked_in(folder: &Path) {
    let (mut harness, script) = window_in(folder, Startup::default());
    script.say([dataset(), model()]);
    harness.run_steps(2);
    script.say([image("dent-1.png")]);
    harness.run_steps(2);
    let state = harness.state_mut().state_mut();
    let conditions = state.set_conditions().unwrap();
    let images = state.set_images().to_vec();
    let (set, model) = (state.ids.give(), state.model.as_ref().unwrap().id);
    state.set.ask(set, model, images, conditions);
    script.tickets.borrow_mut().set = set;
    state.step = Step::Review;
    script.say([
        Event::Started(Job::InspectingSet(Default::default())),
        scored(0, 0.25),
        scored(1, 4.0),
        Event::Ended(Job::InspectingSet(Default::default()), Outcome::Stopped),
    ]);
    harness.run_steps(3);
    let state = harness.state_mut().state_mut();
    state.review.kind = Some(KindFilter::Defective);
    state.settings.decision.by_hand = Some(BY_HAND);
    harness.run_steps(2);
    close(harness);
}

/// The file that the project is kept in which was open last.
fn project_file(folder: &Path) -> PathBuf {
    let session = std::fs::read(folder.join("state/session.json")).unwrap();
    let session: Value = serde_json::from_slice(&session).unwrap();
    session["project"].as_str().unwrap().into()
}

fn project_in(folder: &Path) -> Value {
    let bytes = std::fs::read(project_file(folder)).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn opens_data(asked: &[Command]) -> bool {
    let mut asked = asked.iter();
    asked.any(|command| {
        matches!(command, Command::OpenDataset { path, .. } if *path == Path::new("/parts/washer"))
    })
}

fn opens_nothing(asked: &[Command]) -> bool {
    let opens = |command: &Command| {
        matches!(
            command,
            Command::OpenDataset { .. } | Command::OpenModel { .. } | Command::OpenImage { .. }
        )
    };
    !asked.iter().any(opens)
}

#[test]
fn a_closed_window_reopens_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    let asked = script.asked();
    assert!(opens_data(&asked), "{asked:?}");
    let model_asked = asked.iter().any(|command| {
        matches!(command, Command::OpenModel { path, .. } if path.ends_with("washer.safetensors"))
    });
    assert!(model_asked, "{asked:?}");
    let defect = Kind::Defect("dent".into());
    let image_asked = asked
        .iter()
        .any(|command| matches!(command, Command::OpenImage { entry, .. } if entry.kind == defect));
    assert!(image_asked, "{asked:?}");
    assert_eq!(harness.state().state().step, Step::Review);
    script.say([dataset(), model(), image("dent-1.png")]);
    harness.run_steps(3);
    let state = harness.state().state();
    assert_eq!(state.set_stale(), None, "the review is as good as new");
    assert_eq!((state.set.done(), state.set.images().len()), (2, 3));
    let Some(Ok(second)) = &state.set.results()[1] else {
        panic!("the second image was inspected");
    };
    assert_eq!((second.projected_score.value, second.iterations), (8.0, 7));
    assert_eq!(second.thumbnail.samples, Samples::U8(vec![1, 2, 3, 4]));
    assert_eq!(state.review.kind, Some(KindFilter::Defective));
    assert_eq!(state.settings.decision.by_hand, Some(BY_HAND));
    assert_eq!(state.place_in_list(), Some((1, 3)));
    assert!(
        state
            .notices
            .all()
            .iter()
            .all(|notice| !notice.what.text.contains("last"))
    );
}

#[test]
fn a_restored_review_tells_which_files_have_changed_since() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model(), image("dent-1.png")]);
    harness.run_steps(3);
    let images = harness.state().state().set.images().to_vec();
    let file = |index: usize| (images[index].path.clone(), stamp(index));
    let asked = Command::FindChanged(vec![file(0), file(1)]);
    assert!(script.asked().contains(&asked));
    script.say([Event::FilesFound {
        changed: vec![file(1)],
        unreachable: Vec::new(),
    }]);
    harness.run_steps(3);
    harness.get_by_label("1 file has changed since it was inspected and is left out.");
    let set = &harness.state().state().set;
    assert_eq!((set.is_changed(0), set.is_changed(1)), (false, true));
    // What is in the file now was not inspected.
    harness.get_by_label("dent-1.png, file changed");
}

#[test]
fn a_review_of_a_model_that_has_changed_is_left_out_and_said() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    let changed = model_with(|model| model.mark.weights = Fingerprint::of([&[1.0][..]]));
    script.say([dataset(), changed]);
    harness.run_steps(3);
    harness.get_by_label("The last review is not shown: its model has changed since.");
    assert!(harness.state().state().set.images().is_empty());
}

#[test]
fn a_file_that_is_gone_is_said_and_the_rest_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    let results = project_in(folder.path())["results"].clone();
    assert!(results["images"].is_array());
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([
        dataset(),
        Event::Failed {
            about: About::Model(ModelId::default()),
            reason: "/models/washer.safetensors: No such file".into(),
        },
        image("dent-1.png"),
    ]);
    harness.run_steps(3);
    harness.get_by_label(
        "Not everything that was open last time could be opened again. The rest is here.",
    );
    let state = harness.state().state();
    assert!(state.dataset.is_some() && state.inspecting.opened.is_some());
    assert!(state.model.is_none() && state.set.images().is_empty());
    close(harness);
    let kept = project_in(folder.path());
    assert_eq!(
        kept["model"], "/models/washer.safetensors",
        "it may be there again the next time"
    );
    assert_eq!(kept["data"], "/parts/washer");
    assert!(kept["results"] == results, "so may its review");
}

#[test]
fn a_window_that_is_closed_before_all_is_open_again_forgets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    let files = [
        folder.path().join("state/session.json"),
        project_file(folder.path()),
    ];
    let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    let before = files.each_ref().map(read);
    let (harness, _) = window_in(folder.path(), Startup::default());
    close(harness);
    assert_eq!(files.each_ref().map(read), before);
}

#[test]
fn a_session_of_a_later_version_is_kept_aside_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/session.json");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, r#"{"version": 4, "project": "/a.kizumi"}"#).unwrap();
    let (harness, script) = window_in(folder.path(), Startup::default());
    assert!(opens_nothing(&script.asked()));
    let notices = harness.state().state().notices.all();
    assert!(notices.iter().any(|it| it.what.text.contains("version 4")));
    assert!(folder.path().join("state/session.broken.json").is_file());
}

#[test]
fn a_second_window_starts_empty_and_leaves_the_session_alone() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    let (first, _) = window_in(folder.path(), Startup::default());
    let (second, script) = window_in(folder.path(), Startup::default());
    assert!(opens_nothing(&script.asked()));
    close(second);
    close(first);
    let (_third, script) = window_in(folder.path(), Startup::default());
    assert!(opens_data(&script.asked()));
}

#[test]
fn starting_fresh_leaves_nothing_for_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    worked_in(folder.path());
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model()]);
    harness.run_steps(2);
    harness.get_by_label("1 Data").click();
    harness.run_steps(2);
    harness.get_by_label("Start fresh").click();
    harness.run_steps(3);
    assert!(harness.state().state().dataset.is_none());
    close(harness);
    let (_harness, script) = window_in(folder.path(), Startup::default());
    assert!(opens_nothing(&script.asked()));
}
