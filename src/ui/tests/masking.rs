//! True defects drawn on the open image: kept, taken back, drawn again.

use egui::accesskit::Role;
use egui::{Modifiers, PointerButton, Pos2, vec2};
use kizumi_dataset::labels::{Label, Labels};
use kizumi_engine::message::OpenedTruth;
use kizumi_image::bitmap::Bitmap;
use kizumi_image::decode::Limits;
use kizumi_image::drawn_mask::DrawnMask;
use kizumi_image::input::{Aspect, DataConfig as Input};
use kizumi_image::mask_source::MaskSource;
use kizumi_image::outlines::Runs;
use kizumi_image::placement::Placement;

use super::*;
use crate::ui::state::painting::Tool;

const FILE_PX: (usize, usize) = (640, 320);

/// Step 3 with an image of 640 x 320 pixels, the tool for true defects in hand, and nothing known of them.
fn drawing() -> (Harness<'static, App>, Script) {
    let (mut harness, script) = inspecting([1280.0, 1200.0]);
    let Event::ImageOpened(mut opened) = image("good-1.png") else {
        unreachable!("an image");
    };
    let data = Input {
        size_px: 32,
        aspect: Aspect::Stretch,
        ..Input::default()
    };
    opened.placement = Placement::new(FILE_PX, &data).unwrap();
    opened.mask = None;
    script.say([Event::ImageOpened(opened)]);
    harness.run_steps(2);
    script.asked();
    harness.key_press_modifiers(Modifiers::SHIFT, Key::D);
    harness.run_steps(3);
    assert_eq!(harness.state().state().painter.tool, Tool::Truth);
    answer(&mut harness, &script);
    (harness, script)
}

/// Answers what was asked about the truth last, as the worker does. Gives which image it was asked about, and what
/// else was asked.
fn answer(harness: &mut Harness<'static, App>, script: &Script) -> (Entry, Vec<Command>) {
    let asked = script.asked();
    let entry = asked.iter().rev().find_map(|command| match command {
        Command::ReadTruth { entry, .. } => Some(entry.clone()),
        _ => None,
    });
    let entry = entry.expect("it is asked what is known");
    let marks = match &entry.mask {
        Some(MaskSource::Drawn(drawn)) => drawn.marks(Limits::HARD).unwrap(),
        _ => Bitmap::empty(FILE_PX),
    };
    let at = |x, y| f32::from(u8::from(marks.at(x * 20 + 10, y * 10 + 5)));
    let mask = (!marks.is_empty()).then(|| Picture::from_fn(1, 32, 32, |_, y, x| at(x, y)));
    script.say([Event::TruthRead(Box::new(OpenedTruth {
        image: ImageId::default(),
        entry: entry.clone(),
        mask,
        marks: Some(Runs::of(&marks)),
        notes: Vec::new(),
    }))]);
    harness.run_steps(3);
    (entry, asked)
}

fn large(harness: &Harness<'static, App>) -> Pos2 {
    let picture = harness.get_by_role_and_label(Role::Image, "Large view: Overlay");
    picture.rect().center()
}

fn drag(harness: &mut Harness<'static, App>, from: Pos2, to: Pos2) {
    let button = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    harness.hover_at(from);
    harness.run_steps(2);
    harness.event(button(from, true));
    harness.run_steps(2);
    harness.hover_at(to);
    harness.run_steps(2);
    harness.event(button(to, false));
    harness.run_steps(3);
}

fn undo(harness: &mut Harness<'static, App>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
}

/// The label of the image, and how many pixels of its file are drawn.
fn said(harness: &Harness<'static, App>) -> (Option<Label>, Option<usize>) {
    let labels = &harness.state().state().dataset.as_ref().unwrap().labels;
    let name = "test/good-1.png";
    let marks = labels.drawn(name).map(|drawn| {
        let marks = drawn.marks(Limits::HARD).unwrap();
        assert_eq!(marks.size_px, FILE_PX);
        marks.marked.iter().filter(|marked| **marked).count()
    });
    (labels.get(name).cloned(), marks)
}

fn truth(harness: &Harness<'static, App>) -> Option<f32> {
    let opened = harness.state().state().inspecting.opened.as_ref()?;
    Some(opened.mask.as_ref()?.pixels.iter().sum())
}

#[test]
fn what_is_drawn_is_the_truth_of_the_image_at_once_and_undo_goes_through_all_of_it() {
    let (mut harness, script) = drawing();
    let at = large(&harness);
    drag(&mut harness, at - vec2(60.0, 0.0), at + vec2(60.0, 0.0));
    let (label, first) = said(&harness);
    assert_eq!(label, Some(Label::NG));
    let first = first.unwrap();
    assert!(first > 500, "{first}");
    let (entry, asked) = answer(&mut harness, &script);
    let is_told = |command: &Command| matches!(command, Command::SetLabels { labels, .. } if labels.counts().drawn == 1);
    assert!(asked.iter().any(is_told), "{asked:?}");
    assert_eq!(entry.kind, Kind::Defect("NG".into()));
    assert!(truth(&harness).is_some_and(|pixels| pixels > 0.0));
    harness.check_accessibility();

    // More of it, and less again: the pen goes on from what is there.
    drag(&mut harness, at + vec2(0.0, 40.0), at + vec2(40.0, 40.0));
    answer(&mut harness, &script);
    let both = said(&harness).1.unwrap();
    assert!(both > first, "{both}");
    harness.get_by_label("Eraser").click_accesskit();
    harness.run_steps(2);
    drag(&mut harness, at - vec2(60.0, 0.0), at + vec2(60.0, 0.0));
    answer(&mut harness, &script);
    let rest = said(&harness).1.unwrap();
    assert!(rest < both && rest >= both - first, "{rest}");

    for expected in [Some(both), Some(first), None] {
        undo(&mut harness);
        answer(&mut harness, &script);
        assert_eq!(said(&harness).1, expected);
        assert_eq!(truth(&harness).is_some(), expected.is_some());
    }
    assert_eq!(said(&harness).0, None, "nobody has said anything");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Y);
    harness.run_steps(3);
    answer(&mut harness, &script);
    assert_eq!(said(&harness), (Some(Label::NG), Some(first)));
}

#[test]
fn a_mask_keeps_the_kind_goes_with_the_label_and_can_be_taken_away() {
    let (mut harness, script) = drawing();
    let state = harness.state_mut().state_mut();
    let path = PathBuf::from("/parts/washer/test/good-1.png");
    let dent = Label::Ng {
        kind: Some("dent".into()),
    };
    state.label(std::slice::from_ref(&path), Some(&dent));
    harness.run_steps(2);
    answer(&mut harness, &script);
    let at = large(&harness);
    drag(&mut harness, at, at + vec2(30.0, 0.0));
    answer(&mut harness, &script);
    let (label, drawn) = said(&harness);
    assert_eq!(label, Some(dent.clone()));
    assert!(drawn.is_some());

    // Normal: the mask waits for the image to be defective again.
    let state = harness.state_mut().state_mut();
    state.label(std::slice::from_ref(&path), Some(&Label::Ok));
    harness.run_steps(2);
    let (entry, _) = answer(&mut harness, &script);
    assert_eq!((entry.kind, entry.mask), (Kind::Normal, None));
    assert_eq!(truth(&harness), None);
    undo(&mut harness);
    answer(&mut harness, &script);
    assert_eq!(said(&harness), (Some(dent.clone()), drawn));

    // Without a label there is no mask, and both come back.
    let state = harness.state_mut().state_mut();
    state.label(std::slice::from_ref(&path), None);
    harness.run_steps(2);
    answer(&mut harness, &script);
    assert_eq!(said(&harness), (None, None));
    undo(&mut harness);
    answer(&mut harness, &script);
    assert_eq!(said(&harness), (Some(dent.clone()), drawn));

    harness
        .get_by_label("Remove the drawn mask")
        .click_accesskit();
    harness.run_steps(3);
    answer(&mut harness, &script);
    assert_eq!(said(&harness), (Some(dent), None));
}

/// A mask of the image as it was drawn on an earlier day, of 100 pixels.
fn of_an_earlier_day(folder: &std::path::Path) -> PathBuf {
    let mut marks = Bitmap::empty(FILE_PX);
    marks.marked[..100].fill(true);
    let file = folder.join("earlier.png");
    let drawn = DrawnMask::new(file.clone(), &marks);
    drawn.write(&file).unwrap();
    file
}

fn has_mask(harness: &mut Harness<'static, App>, script: &Script, file: PathBuf) {
    let mut labels = Labels::default();
    labels.set("test/good-1.png", Some(Label::NG));
    labels.set_drawn("test/good-1.png", Some(DrawnMask::kept(file)));
    let dataset = harness.state().state().dataset.as_ref().unwrap().id;
    script.say([Event::Labelled { dataset, labels }]);
    harness.run_steps(3);
}

#[test]
fn a_mask_of_an_earlier_day_comes_back_by_undo() {
    let (mut harness, script) = drawing();
    let folder = tempfile::tempdir().unwrap();
    has_mask(&mut harness, &script, of_an_earlier_day(folder.path()));
    answer(&mut harness, &script);
    assert_eq!(said(&harness).1, Some(100));
    let at = large(&harness);
    drag(&mut harness, at, at + vec2(60.0, 0.0));
    answer(&mut harness, &script);
    assert!(said(&harness).1.unwrap() > 500);
    // Whatever the stroke has written by now.
    std::fs::remove_file(folder.path().join("earlier.png")).unwrap();
    undo(&mut harness);
    answer(&mut harness, &script);
    assert_eq!(said(&harness).1, Some(100));
    harness
        .get_by_label("Remove the drawn mask")
        .click_accesskit();
    harness.run_steps(3);
    answer(&mut harness, &script);
    undo(&mut harness);
    assert_eq!(said(&harness).1, Some(100));
}

#[test]
fn a_mask_that_cannot_be_read_is_not_drawn_over() {
    let (mut harness, script) = drawing();
    has_mask(&mut harness, &script, "/gone/mask.png".into());
    let entry = script
        .asked()
        .into_iter()
        .find_map(|command| match command {
            Command::ReadTruth { entry, .. } => Some(entry),
            _ => None,
        });
    script.say([Event::TruthRead(Box::new(OpenedTruth {
        image: ImageId::default(),
        entry: entry.expect("it is asked what is known"),
        mask: None,
        marks: None,
        notes: Vec::new(),
    }))]);
    harness.run_steps(3);
    harness.get_by_label_contains("a mask that cannot be read");
    let before = said_of_mask(&harness);
    let at = large(&harness);
    drag(&mut harness, at, at + vec2(60.0, 0.0));
    assert_eq!(said_of_mask(&harness), before);
}

fn said_of_mask(harness: &Harness<'static, App>) -> Option<DrawnMask> {
    let labels = &harness.state().state().dataset.as_ref().unwrap().labels;
    labels.drawn("test/good-1.png").cloned()
}

#[test]
fn a_kind_is_given_to_the_image_that_is_drawn_on_which_stays_open() {
    let (mut harness, script) = drawing();
    let at = large(&harness);
    drag(&mut harness, at, at + vec2(30.0, 0.0));
    answer(&mut harness, &script);
    harness.get_by_label("Kind of defect").click_accesskit();
    harness.run_steps(3);
    harness.get_by_label("dent  F2").click_accesskit();
    harness.run_steps(3);
    let (label, drawn) = said(&harness);
    assert!(matches!(label, Some(Label::Ng { kind: Some(kind) }) if kind == "dent"));
    assert!(drawn.is_some());
    let (_, asked) = answer(&mut harness, &script);
    let leaves = |command: &Command| matches!(command, Command::OpenImage { .. });
    assert!(!asked.iter().any(leaves), "{asked:?}");
}

#[test]
fn what_stands_in_the_way_of_drawing_is_said() {
    let (mut harness, script) = drawing();
    let state = harness.state_mut().state_mut();
    let Event::ImageOpened(mut opened) = image("good-1.png") else {
        unreachable!("an image");
    };
    opened.entry.path = "/elsewhere/1.png".into();
    script.say([Event::ImageOpened(opened.clone())]);
    state.step = crate::ui::state::Step::Inspect;
    harness.run_steps(3);
    harness.get_by_label_contains("Only images of the folder that is open");
    let at = large(&harness);
    drag(&mut harness, at, at + vec2(30.0, 0.0));
    let labels = &harness.state().state().dataset.as_ref().unwrap().labels;
    assert!(labels.is_empty());
    opened.entry = entry("good-1.png", Kind::Normal);
    opened.painted = true;
    script.say([Event::ImageOpened(opened)]);
    harness.run_steps(3);
    harness.get_by_label_contains("There is paint on the image.");
}

fn click(harness: &mut Harness<'static, App>, at: Pos2) {
    drag(harness, at, at);
    // Far enough apart in time for no double click.
    harness.run_steps(30);
}

#[test]
fn a_polygon_is_clicked_corner_by_corner_and_closed_with_a_key() {
    let (mut harness, script) = drawing();
    harness.get_by_label("Polygon").click_accesskit();
    harness.run_steps(2);
    let at = large(&harness);
    let corners = |harness: &Harness<'static, App>| harness.state().state().masking.corners().len();
    for corner in [
        vec2(-60.0, -60.0),
        vec2(60.0, -60.0),
        vec2(0.0, 0.0),
        vec2(60.0, 60.0),
    ] {
        click(&mut harness, at + corner);
    }
    assert_eq!(corners(&harness), 4);
    harness.key_press(Key::Backspace);
    harness.run_steps(2);
    assert_eq!(corners(&harness), 3);
    assert_eq!(said(&harness), (None, None), "not before it is closed");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(corners(&harness), 0);
    let (label, drawn) = said(&harness);
    assert_eq!(label, Some(Label::NG));
    let drawn = drawn.unwrap();
    assert!(drawn > 100, "{drawn}");
    answer(&mut harness, &script);

    // Escape leaves another one, and what is drawn stays.
    click(&mut harness, at);
    assert_eq!(corners(&harness), 1);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!(corners(&harness), 0);
    assert_eq!(said(&harness).1, Some(drawn));
}

#[test]
fn a_click_into_a_region_of_the_map_marks_it() {
    let (mut harness, script) = drawing();
    script.say(iterates(0, 25));
    harness.run_steps(3);
    let state = harness.state_mut().state_mut();
    state.settings.decision.pixel_by_hand = Some(1e9);
    harness.get_by_label("Found region").click_accesskit();
    harness.run_steps(3);
    let at = large(&harness);
    click(&mut harness, at);
    assert_eq!(said(&harness), (None, None));
    harness.get_by_label_contains("Nothing in the heatmap is above the threshold");
    let state = harness.state_mut().state_mut();
    state.settings.decision.pixel_by_hand = Some(1e-9);
    harness.run_steps(3);
    click(&mut harness, at);
    let (label, drawn) = said(&harness);
    assert_eq!(label, Some(Label::NG));
    assert!(drawn.is_some_and(|pixels| pixels > 0));
    undo(&mut harness);
    assert_eq!(said(&harness), (None, None));
}
