//! Images labelled one after another by keys, in the list and on the wall.

use egui::Modifiers;
use kizumi_dataset::labels::{Label, Labels, Missing, Unmatched};

use super::review::reviewed;
use super::*;
use crate::ui::state::set::Source;

fn labels(harness: &Harness<'static, App>) -> Vec<(String, Label)> {
    let dataset = harness.state().state().dataset.as_ref().unwrap();
    let labels = dataset.labels.iter();
    labels
        .map(|(name, label)| (name.to_owned(), label.clone()))
        .collect()
}

fn press(harness: &mut Harness<'static, App>, keys: &[Key]) {
    for key in keys {
        harness.key_press(*key);
    }
    harness.run_steps(3);
}

fn undo(harness: &mut Harness<'static, App>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
}

fn ng(kind: &str) -> Label {
    Label::Ng {
        kind: Some(kind.into()),
    }
}

/// Step 1 with the first of three images chosen.
fn listing(size: [f32; 2]) -> (Harness<'static, App>, Script) {
    let (mut harness, script) = window(size);
    script.say([dataset()]);
    harness.run_steps(2);
    harness.get_by_label("good-1.png").click();
    harness.run_steps(2);
    script.say([image("good-1.png")]);
    harness.run_steps(3);
    script.asked();
    (harness, script)
}

#[test]
fn what_is_ok_already_and_set_apart_to_test_with_says_why_it_is_not_learned_from() {
    let (mut harness, _) = listing([1280.0, 800.0]);
    let why = "This image is OK by its folder already";
    press(&mut harness, &[Key::J]);
    harness.get_by_label_contains(why);
    // Of one that its folder calls defective there is nothing to explain.
    let (mut harness, script) = listing([1280.0, 800.0]);
    press(&mut harness, &[Key::N]);
    script.say([image("dent-1.png")]);
    harness.run_steps(3);
    press(&mut harness, &[Key::J]);
    assert!(harness.query_by_label_contains(why).is_none());
}

#[test]
fn keys_label_the_images_of_the_list_one_after_another_and_undo_takes_all_back() {
    let (mut harness, script) = listing([1280.0, 800.0]);
    // In one frame, as from whoever types faster than the window draws.
    press(&mut harness, &[Key::J, Key::Z, Key::F2]);
    let expected = [
        ("test/dent-1.png".to_owned(), Label::NG),
        ("test/dent-2.png".to_owned(), ng("dent")),
        ("test/good-1.png".to_owned(), Label::Ok),
    ];
    assert_eq!(labels(&harness), expected);
    harness.get_by_label("good-1.png, OK");
    harness.get_by_label("dent-1.png, NG");
    harness.get_by_label("dent-2.png, NG dent");
    harness.get_by_label("1 OK · 2 NG · 0 left out");
    let asked = script.asked();
    let opened = asked.iter().filter_map(|command| match command {
        Command::OpenImage { entry, .. } => entry.path.file_name(),
        _ => None,
    });
    assert!(opened.eq(["dent-1.png", "dent-2.png"]), "{asked:?}");
    assert!(
        asked.iter().any(|command| matches!(command, Command::SetLabels { labels, .. } if labels.counts().ng == 2)),
        "{asked:?}"
    );
    for left in [2, 1, 0] {
        undo(&mut harness);
        assert_eq!(labels(&harness).len(), left);
    }
    assert!(harness.query_by_label("good-1.png, OK").is_none());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Y);
    harness.run_steps(3);
    harness.get_by_label("good-1.png, OK");
    harness.check_accessibility();
}

#[test]
fn buttons_label_the_image_that_is_shown_and_take_its_label_away() {
    let (mut harness, _) = listing([1280.0, 800.0]);
    for (button, label) in [
        ("Label OK", Some(Label::Ok)),
        ("Label NG", Some(Label::NG)),
        ("Leave out of training", Some(Label::LeftOut)),
        ("Remove the label", None),
    ] {
        let state = harness.state_mut().state_mut();
        let first = state.listed_images()[0].clone();
        state.inspecting.selected = Some(first);
        harness.get_by_label(button).click();
        harness.run_steps(3);
        let first = labels(&harness)
            .into_iter()
            .find(|(name, _)| name.ends_with("good-1.png"));
        assert_eq!(first.map(|(_, label)| label), label, "{button}");
    }
}

#[test]
fn a_kind_that_is_typed_labels_the_image_and_is_known_from_then_on() {
    let (mut harness, _) = listing([1280.0, 800.0]);
    harness.get_by_label("Kind of defect").click();
    harness.run_steps(3);
    harness.get_by_label("New kind").focus();
    harness.run_steps(1);
    harness.get_by_label("New kind").type_text("burr");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(
        labels(&harness),
        [("test/good-1.png".to_owned(), ng("burr"))]
    );
    let dataset = harness.state().state().dataset.as_ref().unwrap();
    assert!(dataset.defect_kinds().iter().eq(["burr", "dent"]));
}

#[test]
fn normal_images_are_looked_at_in_the_list_and_leave_training_when_they_are_ng() {
    let (mut harness, script) = listing([1280.0, 800.0]);
    harness.get_by_label("Normal images").click();
    harness.run_steps(3);
    assert_eq!(harness.state().state().listed, Source::Normals);
    harness.get_by_label("train-0.png").click();
    harness.run_steps(3);
    script.asked();
    press(&mut harness, &[Key::Z, Key::E]);
    let expected = [
        ("test/train-0.png".to_owned(), Label::NG),
        ("test/train-1.png".to_owned(), Label::LeftOut),
    ];
    assert_eq!(labels(&harness), expected);
    harness.get_by_label("1 image is left out of training");
    harness.get_by_label("Labels").click();
    harness.run_steps(3);
    harness.get_by_label("Not labelled").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("train-0.png, NG").is_none());
    harness.get_by_label("train-2.png");
}

#[test]
fn tiles_of_the_wall_are_labelled_by_keys_and_several_at_once() {
    let (mut harness, _) = reviewed([1280.0, 800.0], 6, 6);
    let order = harness.state().state().set.images().len();
    assert_eq!(order, 12);
    // The first press shows which image it would be.
    press(&mut harness, &[Key::J]);
    assert_eq!(labels(&harness), []);
    assert!(harness.state().state().review.cursor.is_some());
    press(&mut harness, &[Key::J, Key::Z, Key::E]);
    let given: Vec<Label> = labels(&harness)
        .into_iter()
        .map(|(_, label)| label)
        .collect();
    assert_eq!(given.len(), 3);
    for label in [Label::Ok, Label::NG, Label::LeftOut] {
        assert!(given.contains(&label));
    }
    harness.get_by_label("1 OK · 1 NG · 1 left out");
    harness.get_by_label("Labels").click();
    harness.run_steps(3);
    harness.get_by_label("Not labelled").click();
    harness.run_steps(3);
    harness.get_by_label("9 of 12");
    for _ in 0..3 {
        undo(&mut harness);
    }
    assert_eq!(labels(&harness), []);
    let state = harness.state_mut().state_mut();
    state.review.chosen = [1, 2, 3].into();
    press(&mut harness, &[Key::Z]);
    assert_eq!(labels(&harness).len(), 3);
    undo(&mut harness);
    assert_eq!(labels(&harness), [], "one step");
}

#[test]
fn labels_of_images_that_are_gone_are_said() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([dataset()]);
    harness.run_steps(2);
    let mut found: Labels = [("test/good-1.png".to_owned(), Label::Ok)]
        .into_iter()
        .collect();
    found.unmatched.push(Unmatched {
        image: "test/old.png".into(),
        label: Label::NG,
        why: Missing::Gone,
    });
    script.say([Event::Labelled {
        dataset: DatasetId::default(),
        labels: found,
    }]);
    harness.run_steps(3);
    harness.get_by_label("1 OK · 0 NG · 0 left out");
    harness.get_by_label("1 label is kept and not used");
    harness.get_by_label("good-1.png, OK");
}

#[test]
fn false_alarms_that_are_ok_join_the_normals_and_what_is_ng_among_them_leaves() {
    let (mut harness, script) = reviewed([1280.0, 800.0], 6, 6);
    let of = |name: &str| vec![PathBuf::from(format!("/parts/washer/test/{name}"))];
    let state = harness.state_mut().state_mut();
    state.label(&of("good-1.png"), Some(&Label::Ok));
    assert_eq!(
        state.label_news(),
        None,
        "it is a normal image to test with"
    );
    state.label(
        &[of("dent-1.png"), of("dent-2.png")].concat(),
        Some(&Label::Ok),
    );
    harness.run_steps(3);
    script.asked();
    harness.get_by_label("Measure thresholds again").click();
    harness.run_steps(3);
    let asked = script.asked();
    assert!(
        matches!(asked[..], [Command::Recalibrate { .. }]),
        "{asked:?}"
    );
    let joined = || ["test/dent-1.png".to_owned(), "test/dent-2.png".to_owned()].into();
    script.say([model_with(|model| model.also_measured = joined())]);
    harness.run_steps(3);
    assert!(harness.query_by_label("Measure thresholds again").is_none());
    harness.get_by_label("Train again with 2 more").click();
    harness.run_steps(3);
    let asked = script.asked();
    assert!(matches!(asked[..], [Command::Train(_)]), "{asked:?}");
    script.say([model_with(|model| model.joined = joined())]);
    harness.run_steps(3);
    let state = harness.state_mut().state_mut();
    assert_eq!(state.label_news(), None);
    state.label(&of("train-3.png"), Some(&Label::NG));
    state.label(&of("dent-1.png"), None);
    harness.get_by_label("4 Review").click();
    harness.run_steps(3);
    harness.get_by_label("Train again without 2");
    assert!(harness.query_by_label("Measure thresholds again").is_none());
}

/// A folder of images alone, as the worker opens one that is to be inspected.
fn unknown(images: usize) -> Event {
    let image = |i| Entry::alone(format!("/parts/monday/{i}.png").into());
    Event::DatasetOpened {
        dataset: DatasetId::default(),
        catalog: Catalog {
            root: "/parts/monday".into(),
            layout: Layout::Given,
            train: Vec::new(),
            test: (0..images).map(image).collect(),
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
            joined: Default::default(),
        },
        summary: format!("0 normal for training, {images} unknown for test, 0 masks"),
    }
}

#[test]
fn a_folder_that_is_opened_while_a_model_is_is_there_to_be_inspected() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([dataset(), model()]);
    harness.run_steps(2);
    open_typed(&mut harness, "/parts/monday");
    let asked = script.asked();
    let [Command::OpenDataset { roles, .. }] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert!(roles.to_inspect);
    assert_eq!(
        roles.normal,
        [PathBuf::from("/parts/washer")],
        "which stays beside it"
    );
    script.say([unknown(10)]);
    harness.run_steps(3);
    harness.get_by_label("Images to inspect");
    harness.get_by_label("To inspect: nobody has said what these images show.");
    assert!(!harness.state().state().model_is_foreign());
    harness
        .get_by_label("Learn from them: they are normal")
        .click();
    harness.run_steps(3);
    let asked = script.asked();
    let [Command::OpenDataset { roles, .. }] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(roles.normal, [PathBuf::from("/parts/monday")]);
    // The model's own folder is what it learned from.
    open_typed(&mut harness, "/elsewhere/washer");
    let asked = script.asked();
    assert!(
        matches!(&asked[..], [Command::OpenDataset { roles, .. }] if roles.is_empty()),
        "{asked:?}"
    );
}

#[test]
fn a_key_for_a_kind_that_nobody_has_named_says_how_to_name_one() {
    let (mut harness, _) = listing([1280.0, 800.0]);
    press(&mut harness, &[Key::F3]);
    assert_eq!(labels(&harness), []);
    harness.get_by_label_contains("Only one kind of defect is known (F2)");
    let state = harness.state_mut().state_mut();
    let open = state.dataset.as_mut().unwrap();
    open.catalog.test.truncate(1);
    press(&mut harness, &[Key::F2]);
    assert_eq!(labels(&harness), []);
    harness.get_by_label_contains("No kind of defect is known yet");
}

#[test]
fn images_that_were_labelled_together_are_chosen_again_after_undo_and_redo() {
    let (mut harness, _) = reviewed([1280.0, 800.0], 6, 6);
    let chosen = [1, 2, 3].into();
    harness.state_mut().state_mut().review.chosen = chosen;
    press(&mut harness, &[Key::Z]);
    let now = |harness: &Harness<'static, App>| harness.state().state().review.chosen.clone();
    assert!(now(&harness).is_empty());
    undo(&mut harness);
    assert_eq!(now(&harness), [1, 2, 3].into());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Y);
    harness.run_steps(3);
    assert_eq!(now(&harness), [1, 2, 3].into());
    assert_eq!(labels(&harness).len(), 3);
    press(&mut harness, &[Key::J]);
    let all_ok = labels(&harness)
        .iter()
        .all(|(_, label)| *label == Label::Ok);
    assert!(all_ok, "another label for all of them");
}

#[test]
fn the_list_shows_images_of_one_label() {
    let (mut harness, _) = listing([1280.0, 800.0]);
    press(&mut harness, &[Key::J, Key::Z, Key::E]);
    for (filter, listed, others) in [
        (
            "OK",
            "good-1.png, OK",
            ["dent-1.png, NG", "dent-2.png, left out"],
        ),
        (
            "NG",
            "dent-1.png, NG",
            ["good-1.png, OK", "dent-2.png, left out"],
        ),
        (
            "Left out",
            "dent-2.png, left out",
            ["good-1.png, OK", "dent-1.png, NG"],
        ),
    ] {
        harness.get_by_label("Labels").click();
        harness.run_steps(3);
        harness.get_by_label(filter).click();
        harness.run_steps(3);
        harness.get_by_label(listed);
        for other in others {
            assert!(harness.query_by_label(other).is_none(), "{filter}: {other}");
        }
    }
}

#[test]
fn images_are_labelled_by_the_names_of_their_files_after_their_number_is_shown() {
    let (mut harness, _) = listing([1280.0, 1000.0]);
    harness.get_by_label("Label by file name…").click();
    harness.run_steps(3);
    // The names themselves suggest some.
    let form = harness.state().state().sorting.clone().unwrap();
    let rules: Vec<String> = form.rules.iter().map(ToString::to_string).collect();
    assert_eq!(rules, ["dent*=NG", "good*=OK"]);
    harness.get_by_label("Remove pattern 1").click();
    harness.run_steps(3);
    harness.get_by_label("Add a pattern").click();
    harness.run_steps(3);
    harness.get_by_label("Pattern 2").focus();
    harness.run_steps(1);
    harness.get_by_label("Pattern 2").type_text("dent-?");
    harness.run_steps(2);
    harness.get_by_label("Kind of pattern 2").focus();
    harness.run_steps(1);
    harness.get_by_label("Kind of pattern 2").type_text("burr");
    harness.run_steps(3);
    assert_eq!(labels(&harness), [], "not before it is asked for");
    harness.get_by_label("0 keep another label, 20 fit no pattern");
    harness.check_accessibility();
    harness.get_by_label("Label 3 images").click();
    harness.run_steps(3);
    let expected = [
        ("test/dent-1.png".to_owned(), ng("burr")),
        ("test/dent-2.png".to_owned(), ng("burr")),
        ("test/good-1.png".to_owned(), Label::Ok),
    ];
    assert_eq!(labels(&harness), expected);
    undo(&mut harness);
    assert_eq!(labels(&harness), [], "one step");
}
