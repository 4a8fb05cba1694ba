//! Looking: layers, comparing, linked views, the probe, pins.

use egui::{Modifiers, PointerButton, Pos2, Rect, pos2, vec2};
use kizumi_engine::message::Source;
use kizumi_image::crop::Area;
use kizumi_image::placement::Placement;
use kizumi_image::rgb8::Rgb8;

use super::*;
use crate::ui::canvas::Canvas;
use crate::ui::layers::Layer;
use crate::ui::state::viewer::{Pixel, Place};
use crate::ui::view::View;
use crate::ui::viewing::{Arrangement, Compare, Sampling, Viewing};

const SIZE: [f32; 2] = [1280.0, 800.0];

fn viewing(harness: &Harness<'_, App>) -> Viewing {
    harness.state().state().settings.viewing
}

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(2);
}

fn center(harness: &Harness<'_, App>, name: &str) -> Pos2 {
    harness.get_by_label(name).rect().center()
}

/// The middle of a layer's small picture.
fn picture_center(harness: &Harness<'_, App>, name: &str) -> Pos2 {
    let picture = harness.get_by_role_and_label(egui::accesskit::Role::Image, name);
    picture.rect().center()
}

fn point_at(harness: &mut Harness<'_, App>, pos: Pos2) {
    harness.hover_at(pos);
    harness.run_steps(2);
}

fn click(harness: &mut Harness<'_, App>, pos: Pos2) {
    point_at(harness, pos);
    for pressed in [true, false] {
        harness.event(egui::Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        harness.run_steps(1);
    }
    // Long enough that the next click is not a double click.
    harness.run_steps(25);
}

fn drag(harness: &mut Harness<'_, App>, from: Pos2, to: Pos2) {
    let button = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    point_at(harness, from);
    harness.event(button(from, true));
    harness.run_steps(1);
    for step in 1..=5 {
        point_at(harness, from.lerp(to, step as f32 / 5.0));
    }
    harness.event(button(to, false));
    harness.run_steps(2);
}

#[test]
fn every_digit_shows_its_layer_large() {
    let (mut harness, script) = inspecting(SIZE);
    let names = [
        (Key::Num1, Layer::Original, "Original"),
        (Key::Num2, Layer::Reconstruction, "Plain reconstruction"),
        (Key::Num3, Layer::Iterate, "Projected"),
        (
            Key::Num4,
            Layer::IterateReconstruction,
            "Its reconstruction",
        ),
        (Key::R, Layer::Residual, "Plain residual"),
        (Key::Num5, Layer::Heatmap, "Heatmap"),
        (Key::Num6, Layer::Difference, "Signed difference"),
        (Key::Num7, Layer::Gate, "Gate"),
        (Key::Num8, Layer::Gradient, "Gradient"),
        (Key::Num9, Layer::Truth, "Ground truth"),
        (Key::Num0, Layer::Overlay, "Overlay"),
    ];
    for (key, layer, name) in names {
        press(&mut harness, key);
        assert_eq!(viewing(&harness).layer, layer);
        let large = format!("Large view: {name}");
        // The picture, and the tag of the small one.
        assert_eq!(harness.query_all_by_label(&large).count(), 2, "{large}");
    }
    assert_eq!(script.asked(), [], "looking computes nothing");
    harness.check_accessibility();
}

#[test]
fn a_name_tag_makes_its_layer_the_large_one() {
    let (mut harness, _) = inspecting(SIZE);
    harness.get_by_label("Large view: Gate").click();
    harness.run_steps(2);
    assert_eq!(viewing(&harness).layer, Layer::Gate);
    press(&mut harness, Key::G);
    assert_eq!(viewing(&harness).arrangement, Arrangement::Grid);
    assert!(
        harness.query_by_label("Gate").is_none(),
        "not one of the six"
    );
    harness.get_by_label("Large view: Heatmap").click();
    harness.run_steps(2);
    assert_eq!(viewing(&harness).arrangement, Arrangement::Large);
    assert_eq!(viewing(&harness).layer, Layer::Heatmap);
}

#[test]
fn the_divider_is_dragged_nudged_and_centred() {
    let (mut harness, _) = inspecting(SIZE);
    press(&mut harness, Key::W);
    assert_eq!(viewing(&harness).compare, Compare::Swipe);
    let at = center(&harness, "Divider");
    drag(&mut harness, at, at + vec2(-100.0, 0.0));
    let dragged = viewing(&harness).divider;
    assert!(dragged < 0.45, "{dragged}");
    let shown = harness.state().state().shown();
    press(&mut harness, Key::ArrowRight);
    press(&mut harness, Key::ArrowRight);
    let nudged = viewing(&harness).divider;
    assert!((nudged - dragged - 0.02).abs() < 1e-4, "{dragged} {nudged}");
    assert_eq!(
        harness.state().state().shown(),
        shown,
        "arrows moved only it"
    );
    let at = center(&harness, "Divider");
    drag(&mut harness, at, pos2(-500.0, 300.0));
    assert_eq!(viewing(&harness).divider, 0.0, "it stays inside");
    let at = center(&harness, "Divider");
    point_at(&mut harness, at);
    for pressed in [true, false, true, false] {
        harness.event(egui::Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        harness.run_steps(1);
    }
    harness.run_steps(1);
    assert_eq!(viewing(&harness).divider, 0.5);
}

#[test]
fn onion_skin_and_flicker_have_their_controls() {
    let (mut harness, _) = inspecting(SIZE);
    press(&mut harness, Key::O);
    assert_eq!(viewing(&harness).compare, Compare::Onion);
    let share = harness.get_by_label("Share of the upper picture");
    let before = viewing(&harness).onion;
    share.increment_accesskit();
    harness.run_steps(2);
    assert!(viewing(&harness).onion > before);
    press(&mut harness, Key::T);
    assert_eq!(viewing(&harness).compare, Compare::Flicker);
    harness.get_by_label("Changes a second");
    harness.get_by_label("Compared with");
    press(&mut harness, Key::S);
    assert_eq!(viewing(&harness).compare, Compare::Single);
    assert!(harness.query_by_label("Compared with").is_none());
}

#[test]
fn panels_zoom_together_unless_one_is_unlinked() {
    let (mut harness, _) = inspecting(SIZE);
    let view = |harness: &Harness<'_, App>, place| harness.state().state().viewer.view(place);
    let (gate, heatmap) = (Place::Small(Layer::Gate), Place::Small(Layer::Heatmap));
    harness.get_by_label("Gate: move by itself").click();
    harness.run_steps(2);
    assert!(!harness.state().state().viewer.is_linked(gate));
    harness.get_by_label("Gate: move with the other panels");
    let at = picture_center(&harness, "Heatmap");
    point_at(&mut harness, at);
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: vec2(0.0, 3.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(15);
    assert_ne!(view(&harness, heatmap), View::default());
    assert_eq!(view(&harness, Place::Large), view(&harness, heatmap));
    assert_eq!(view(&harness, gate), View::default());
    let zoomed = view(&harness, heatmap);
    press(&mut harness, Key::Home);
    assert_eq!(view(&harness, heatmap), zoomed, "scrubbing keeps the view");
    harness.get_by_label("Fit").click();
    harness.run_steps(2);
    assert_eq!(view(&harness, heatmap), View::default());
}

#[test]
fn the_probe_shows_every_value_below_the_pointer() {
    let (mut harness, _) = inspecting(SIZE);
    point_at(&mut harness, pos2(5.0, 5.0));
    assert!(harness.query_by_label("Loupe").is_none());
    let at = picture_center(&harness, "Original");
    point_at(&mut harness, at);
    harness.run_steps(2);
    harness.get_by_label("Loupe");
    harness.get_by_label("Pixel 16, 16");
    // x_0 = 32 / 62, x_t three quarters of it, f = a half; the gate is the square of the rest.
    harness.get_by_label("0.516  0.516  0.516");
    harness.get_by_label("0.387  0.387  0.387");
    harness.get_by_label("-0.13");
    press(&mut harness, Key::L);
    assert!(harness.query_by_label("Loupe").is_none());
}

#[test]
fn the_probe_leaves_the_corners_of_a_picture_free() {
    let (mut harness, _) = inspecting(SIZE);
    press(&mut harness, Key::Num1);
    let name = "Large view: Original";
    let at = picture_center(&harness, name);
    let padlock = format!("{name}: move by itself");
    let padlock = harness.get_by_label(&padlock).rect();
    // It is drawn in the corner that is farthest from the pointer.
    point_at(&mut harness, at + vec2(-20.0, 60.0));
    harness.run_steps(2);
    let loupe = harness.get_by_label("Loupe").rect();
    assert!(loupe.center().x > at.x && loupe.center().y < at.y);
    assert!(
        !loupe.expand(6.0).intersects(padlock),
        "{loupe:?} {padlock:?}"
    );
}

#[test]
fn a_click_pins_a_pixel_and_its_course_is_drawn() {
    let (mut harness, _) = inspecting(SIZE);
    let at = picture_center(&harness, "Projected");
    click(&mut harness, at);
    let pins = |harness: &Harness<'_, App>| harness.state().state().viewer.pins().to_vec();
    assert_eq!(pins(&harness)[0].pixel, Pixel { x: 16, y: 16 });
    harness.get_by_label("Course of the pinned pixels");
    click(&mut harness, at + vec2(20.0, 0.0));
    assert_eq!(pins(&harness).len(), 2);
    harness.get_by_label("Unpin orange").click();
    harness.run_steps(2);
    assert_eq!(pins(&harness).len(), 1);
    press(&mut harness, Key::Escape);
    assert!(pins(&harness).is_empty());
    assert!(
        harness
            .query_by_label("Course of the pinned pixels")
            .is_none()
    );
}

#[test]
fn holding_space_shows_the_original() {
    let (mut harness, _) = inspecting(SIZE);
    harness.key_down(Key::Space);
    harness.run_steps(2);
    assert!(!harness.state().state().inspecting.timeline.is_playing());
    assert_eq!(
        viewing(&harness).layer,
        Layer::Overlay,
        "nothing is changed by it"
    );
    harness.key_up(Key::Space);
    harness.run_steps(2);
}

#[test]
fn the_photograph_is_asked_for_once_and_drawn() {
    let (mut harness, script) = inspecting(SIZE);
    press(&mut harness, Key::H);
    assert!(matches!(script.asked()[..], [Command::OpenSource(_)]));
    harness.run_steps(3);
    assert_eq!(script.asked(), [], "only once");
    let path = entry("good-1.png", Kind::Normal).path;
    script.say([Event::SourceOpened(Box::new(Source {
        id: Default::default(),
        path,
        image: Rgb8::filled(64, 32, [9; 3]),
        placement: Placement {
            source_px: (64, 32),
            seen: Area::whole((64, 32)),
            pose: None,
            canvas_px: (32, 32),
            x: 0,
            y: 8,
            width: 32,
            height: 16,
        },
    }))]);
    harness.run_steps(3);
    assert!(harness.state().state().inspecting.source().is_some());
    // The picture's middle is the photograph's.
    let large = harness.get_all_by_label("Large view: Overlay");
    let at = large
        .map(|node| node.rect())
        .max_by(|a, b| a.area().total_cmp(&b.area()));
    click(&mut harness, at.unwrap().center());
    let pin = harness.state().state().viewer.pins()[0];
    assert_eq!(pin.pixel, Pixel { x: 16, y: 16 });
    script.say([image("good-1.png")]);
    harness.run_steps(2);
    let asked = script.asked();
    let again = |command: &Command| matches!(command, Command::OpenSource(_));
    assert!(asked.iter().any(again), "another image, another photograph");
}

#[test]
fn in_a_photograph_with_a_crop_only_what_the_model_sees_has_pixels() {
    let (mut harness, script) = inspecting(SIZE);
    press(&mut harness, Key::H);
    harness.run_steps(3);
    let path = entry("good-1.png", Kind::Normal).path;
    script.say([Event::SourceOpened(Box::new(Source {
        id: Default::default(),
        path,
        image: Rgb8::filled(128, 64, [9; 3]),
        placement: Placement {
            source_px: (128, 64),
            seen: Area {
                x: 48,
                y: 16,
                width: 32,
                height: 32,
            },
            pose: None,
            canvas_px: (32, 32),
            x: 0,
            y: 0,
            width: 32,
            height: 32,
        },
    }))]);
    harness.run_steps(3);
    let large = harness.get_all_by_label("Large view: Overlay");
    let at = large
        .map(|node| node.rect())
        .max_by(|a, b| a.area().total_cmp(&b.area()))
        .unwrap();
    let pins = |harness: &Harness<'_, App>| harness.state().state().viewer.pins().to_vec();
    // As wide as the panel or as high.
    let scale = (at.width() / 128.0).min(at.height() / 64.0);
    click(&mut harness, at.center() - vec2(20.0, 0.0) * scale);
    assert_eq!(pins(&harness), [], "left of the crop");
    click(&mut harness, at.center() - vec2(7.5, 0.0) * scale);
    assert_eq!(pins(&harness)[0].pixel, Pixel { x: 8, y: 16 });
}

#[test]
fn pixels_are_squares_or_smooth() {
    let (mut harness, _) = inspecting(SIZE);
    press(&mut harness, Key::X);
    assert_eq!(viewing(&harness).sampling, Sampling::Linear);
    harness.get_by_label("Pixels as squares").click();
    harness.run_steps(2);
    assert_eq!(viewing(&harness).sampling, Sampling::Nearest);
}

#[test]
fn two_pins_make_a_profile() {
    let (mut harness, _) = inspecting(SIZE);
    let at = picture_center(&harness, "Projected");
    click(&mut harness, at);
    harness.get_by_label("Profile").click();
    harness.run_steps(2);
    harness.get_by_label("Pin two pixels: the profile runs from one to the other.");
    click(&mut harness, at + vec2(20.0, 0.0));
    harness.get_by_label("Profile along the line between the last two pins");
    harness.get_by_label_contains(" px long");
}

#[test]
fn a_scale_is_said_once_and_kept_with_the_folder() {
    let (mut harness, _) = inspecting(SIZE);
    assert_eq!(harness.state().state().mm_per_px(), None);
    let mut form = harness.state().state().settings.train.clone();
    form.data.mm_per_px = Some(0.25);
    harness
        .state_mut()
        .act(crate::ui::action::Action::SetTrainForm(Box::new(form)));
    harness.run_steps(3);
    let state = harness.state().state();
    assert_eq!(state.mm_per_px(), Some(0.25));
    let root = state.dataset.as_ref().unwrap().catalog.root.clone();
    let kept = state.settings.recent.recipe(&root).unwrap();
    assert_eq!(kept.data.mm_per_px, Some(0.25));
    assert_eq!(state.training_plan().recipe.data.mm_per_px, Some(0.25));
    harness.get_by_label("Scale");
}

#[test]
fn going_between_photograph_and_input_never_leaves_the_picture_out_of_sight() {
    let panel = Rect::from_min_size(pos2(0.0, 0.0), vec2(200.0, 200.0));
    let placement = Placement {
        source_px: (400, 400),
        seen: Area {
            x: 300,
            y: 300,
            width: 100,
            height: 100,
        },
        pose: None,
        canvas_px: (32, 32),
        x: 0,
        y: 0,
        width: 32,
        height: 32,
    };
    let input = |view| Canvas::new(panel, vec2(32.0, 32.0), view, Sampling::Nearest);
    let photograph = |view| input(view).over_photograph(placement);
    let corners = [pos2(0.0, 0.0), pos2(32.0, 32.0)];
    let on_screen = |canvas: &Canvas| {
        let [min, max] = corners.map(|corner| canvas.on_screen(corner));
        Rect::from_min_max(min, max)
    };
    // Zoomed out, all of the photograph is seen, wherever the part lies in it.
    let whole = on_screen(&photograph(View::default()));
    assert!(panel.expand(0.1).contains_rect(whole), "{whole:?}");
    // The other corner of the photograph is looked at, then the input.
    let mut view = View::default();
    view.zoom_about(panel, vec2(400.0, 400.0), pos2(0.0, 0.0), 4.0, 1.0);
    let far = View::default().recentred(vec2(-2.5, -2.5));
    let zoomed = view.recentred(far.center());
    let seen = on_screen(&input(zoomed)).intersect(panel);
    assert!(seen.width() > 50.0 && seen.height() > 50.0, "{seen:?}");
    assert_eq!(input(zoomed).shared_view(), zoomed, "looking moves nothing");
    assert_eq!(photograph(zoomed).shared_view(), zoomed);
}

#[test]
fn a_key_that_needs_a_network_says_so_where_it_has_learned_nothing() {
    let (mut harness, script) = inspecting(SIZE);
    script.say([model_with(|model| model.mark.features_only = true)]);
    harness.run_steps(2);
    let told = "The model's network has learned nothing yet.";
    assert_eq!(harness.query_all_by_label(told).count(), 0);
    press(&mut harness, Key::R);
    harness.get_by_label(told);
    let layer = viewing(&harness).layer;
    assert_ne!(layer, Layer::Residual);
}
