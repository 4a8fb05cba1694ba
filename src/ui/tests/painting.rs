//! Painting defects and regions to ignore; the histogram, regions and saving.

use std::collections::HashSet;

use egui::{Modifiers, PointerButton, Pos2, vec2};
use image::AnimationDecoder as _;
use image::codecs::png::PngDecoder;
use kizumi_method::config::ProjectionConfig;
use kizumi_method::tail::Tail;

use super::*;
use crate::ui::language::Language;
use crate::ui::saving::{Export, content};
use crate::ui::settings::MapRange;
use crate::ui::state::painting::Tool;
use crate::ui::text::Text;

const SIZE: [f32; 2] = [1280.0, 1200.0];

fn picture_center(harness: &Harness<'_, App>, name: &str) -> Pos2 {
    let picture = harness.get_by_role_and_label(egui::accesskit::Role::Image, name);
    picture.rect().center()
}

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(2);
}

fn drag(harness: &mut Harness<'_, App>, from: Pos2, to: Pos2) {
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
    for step in 1..=5 {
        harness.hover_at(from.lerp(to, step as f32 / 5.0));
        harness.run_steps(1);
    }
    harness.event(button(to, false));
    harness.run_steps(2);
}

#[test]
fn a_key_that_chooses_a_brush_brings_it_into_view() {
    let (mut harness, _script) = inspecting([1024.0, 640.0]);
    let bottom = |harness: &Harness<'static, App>| {
        let brushes = harness.query_all_by_label("Paint a defect");
        brushes.map(|node| node.rect().bottom()).fold(0.0, f32::max)
    };
    assert!(bottom(&harness) > 640.0);
    press(&mut harness, Key::D);
    harness.run_steps(60);
    assert!(bottom(&harness) < 640.0);
}

#[test]
fn a_painted_defect_is_projected_and_is_the_truth() {
    let (mut harness, script) = inspecting(SIZE);
    press(&mut harness, Key::D);
    assert_eq!(harness.state().state().painter.tool, Tool::Paint);
    assert!(harness.query_all_by_label("Hardness").next().is_some());
    harness.get_by_label("Paint a defect: draw on a picture. V ends it.");
    let at = picture_center(&harness, "Original");
    drag(&mut harness, at - vec2(10.0, 0.0), at + vec2(10.0, 0.0));
    let asked = script.asked();
    let [
        Command::Repaint {
            picture: painted,
            mask,
            hole: None,
            ..
        },
    ] = &asked[..]
    else {
        panic!("{asked:?}");
    };
    assert_eq!(painted.at(0, 16, 16), 0.0, "black paint");
    assert_eq!(mask.at(0, 16, 16), 1.0);
    assert_eq!(mask.at(0, 2, 2), 0.0);
    assert_eq!(mask.at(0, 30, 30), 1.0, "the file's own truth stays");
    let mut opened = harness.state().state().inspecting.opened.clone().unwrap();
    opened.painted = true;
    script.say([Event::ImageOpened(Box::new(opened))]);
    harness.run_steps(2);
    assert!(matches!(script.asked()[..], [Command::Project(..)]));
    harness.get_by_label("painted");
    harness.get_by_label("Remove the paint").click_accesskit();
    harness.run_steps(2);
    assert!(
        matches!(&script.asked()[..], [Command::OpenImage { entry, .. }] if entry.path.ends_with("good-1.png"))
    );
    script.say([image("good-1.png")]);
    harness.run_steps(2);
    assert!(harness.query_by_label("painted").is_none());
    assert!(!harness.state().state().painter.is_painted());
}

#[test]
fn a_hole_is_noise_that_the_projection_fills() {
    let (mut harness, script) = inspecting(SIZE);
    press(&mut harness, Key::U);
    assert_eq!(harness.state().state().painter.tool, Tool::Fill);
    let text = &Text::of(Language::English).painting;
    harness.get_by_label(text.other_steps);
    harness.get_by_label(text.use_steps).click_accesskit();
    harness.run_steps(2);
    let used = harness.state().state().settings.projection;
    assert_eq!(used, ProjectionConfig::filling());
    assert!(harness.query_by_label(text.use_steps).is_none());
    script.asked();
    let before = harness.state().state().inspecting.opened.clone().unwrap();
    let at = picture_center(&harness, "Original");
    drag(&mut harness, at - vec2(10.0, 0.0), at + vec2(10.0, 0.0));
    let asked = script.asked();
    let [
        Command::Repaint {
            picture,
            mask,
            hole: Some(hole),
            ..
        },
    ] = &asked[..]
    else {
        panic!("{asked:?}");
    };
    assert_eq!((hole.at(0, 16, 16), hole.at(0, 2, 2)), (1.0, 0.0));
    assert_ne!(picture.at(0, 16, 16), before.picture.at(0, 16, 16));
    assert_eq!(picture.at(0, 2, 2), before.picture.at(0, 2, 2));
    assert_eq!(mask.at(0, 30, 30), 1.0, "the file's own truth stays");
}

#[test]
fn maps_on_screen_and_in_films_leave_a_hole_out() {
    let (mut harness, script) = inspecting(SIZE);
    let Event::ImageOpened(mut opened) = image("good-1.png") else {
        unreachable!("an image");
    };
    let hole = Picture::from_fn(1, 32, 32, |_, y, _| f32::from(y < 16));
    opened.hole = Some(hole);
    script.say([Event::ImageOpened(opened)]);
    harness.run_steps(2);
    script.say(iterates(0, 25));
    harness.run_steps(3);
    let screen = harness.state_mut().screen();
    let map = screen.layers.shown().unwrap().map.as_ref().unwrap();
    let (hole, rest) = map.pixels.split_at(16 * 32);
    assert!(hole.iter().all(|value| *value == 0.0));
    assert!(rest.iter().any(|value| *value > 0.0));

    let film = content(Export::Apng, screen).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.png");
    film(&path).unwrap();
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let frames = PngDecoder::new(file).unwrap().apng().unwrap().into_frames();
    let last = frames.last().unwrap().unwrap().into_buffer();
    // The heatmap is the last of three pictures.
    let heatmap = 2 * last.width() / 3 + 20..last.width();
    let colours = |y: u32| {
        let row = heatmap.clone().map(|x| last.get_pixel(x, y));
        row.collect::<HashSet<_>>().len()
    };
    assert_eq!(colours(last.height() / 4), 1, "the colour of nothing");
    assert!(colours(last.height() * 3 / 4) > 1);
}

#[test]
fn regions_to_ignore_are_marked_and_handed_to_the_model() {
    let (mut harness, script) = inspecting(SIZE);
    press(&mut harness, Key::I);
    let at = picture_center(&harness, "Heatmap");
    drag(&mut harness, at, at + vec2(20.0, 0.0));
    assert_eq!(script.asked(), [], "not before it is applied");
    let marked = harness.state().state().painter.ignored();
    assert!(marked.is_some_and(|mask| mask.at(0, 16, 16) == 1.0));
    let pinned = harness.state().state().viewer.pins().len();
    assert_eq!(pinned, 0, "drawing pins nothing");
    harness.get_by_label("Apply").click_accesskit();
    harness.run_steps(2);
    let asked = script.asked();
    let [
        Command::SetIgnored {
            mask: Some(mask), ..
        },
    ] = &asked[..]
    else {
        panic!("{asked:?}");
    };
    assert_eq!((mask.at(0, 16, 16), mask.at(0, 1, 1)), (1.0, 0.0));
    harness.get_by_label("Mark nothing").click_accesskit();
    harness.run_steps(2);
    harness.get_by_label("Apply").click_accesskit();
    harness.run_steps(2);
    assert!(matches!(
        script.asked()[..],
        [Command::SetIgnored { mask: None, .. }]
    ));
}

/// A model whose normals have map values of at most 0.05.
fn measured_model() -> Event {
    model_with(|model| {
        model.id = ModelId::from(1);
        let calibration = model.calibration.as_mut().unwrap();
        calibration.projected_pixels = Tail::new((0..1000).map(|i| i as f32 * 5e-5).collect());
    })
}

/// Inspecting with that model.
fn measured() -> (Harness<'static, App>, Script) {
    let (mut harness, script) = inspecting(SIZE);
    script.say([measured_model()]);
    harness.run_steps(2);
    script.say([image("good-1.png")]);
    harness.run_steps(2);
    script.say(iterates(0, 25));
    harness.run_steps(3);
    script.asked();
    (harness, script)
}

#[test]
fn a_report_says_where_regions_lie_in_the_file() {
    let (mut harness, _script) = measured();
    let report = content(Export::Report, harness.state_mut().screen()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    report(&path).unwrap();
    let html = std::fs::read_to_string(path).unwrap();
    assert!(html.contains("512 × 512 px"));
    assert!(html.contains("In the file x, y"));
    assert!(!html.contains("<i>x<sub>T</sub></i> − <i>x</i><sub>0</sub>|"));
}

#[test]
fn handles_set_the_range_and_the_threshold() {
    let (mut harness, script) = measured();
    harness.get_by_label("Values of the heatmap");
    let high = harness
        .get_by_label("Value of the highest colour")
        .rect()
        .center();
    drag(&mut harness, high, high + vec2(30.0, 0.0));
    let display = harness.state().state().settings.display;
    assert_eq!(display.range, MapRange::Custom);
    assert!(display.custom_high > 0.05, "{}", display.custom_high);
    let place = harness.get_by_label("Threshold of defective pixels").rect();
    let before = harness.query_all_by_label_contains("region").count();
    assert!(before > 0);
    drag(
        &mut harness,
        place.center(),
        place.center() + vec2(25.0, 0.0),
    );
    let decision = harness.state().state().settings.decision;
    assert!(decision.pixel_by_hand.is_some());
    press(&mut harness, Key::ArrowRight);
    let nudged = harness.state().state().settings.decision.pixel_by_hand;
    assert!(nudged > decision.pixel_by_hand);
    assert_eq!(script.asked(), [], "nothing is computed again");
    harness.get_by_label_contains("precision");
}

#[test]
fn a_right_click_saves_and_copies() {
    let (mut harness, _) = inspecting(SIZE);
    let at = picture_center(&harness, "Gradient");
    harness.hover_at(at);
    harness.run_steps(1);
    for pressed in [true, false] {
        harness.event(egui::Event::PointerButton {
            pos: at,
            button: PointerButton::Secondary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        harness.run_steps(2);
    }
    harness.get_by_label("Save the values (float TIFF)…");
    harness.get_by_label("Copy the picture").click();
    harness.run_steps(2);
    harness.get_by_label("The picture is on the clipboard.");
}
