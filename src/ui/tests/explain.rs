//! What the window says of the method: formulas with numbers, and lessons.

use egui::accesskit::Role;

use super::*;
use crate::ui::layers::Layer;
use crate::ui::panels::numbers::short;
use crate::ui::state::comparing::AbSide;
use crate::ui::state::history::Moment;
use crate::ui::state::lesson::Lesson;
use crate::ui::state::viewer::Pixel;
use crate::ui::viewing::Compare;

const SIZE: [f32; 2] = [1280.0, 800.0];

fn hover(harness: &mut Harness<'static, App>, label: &str) {
    let at = harness
        .get_all_by_label(label)
        .next()
        .unwrap()
        .rect()
        .center();
    harness.event(egui::Event::PointerMoved(at));
    harness.run_steps(3);
}

#[test]
fn a_pinned_pixel_has_its_numbers_in_the_update() {
    let (mut harness, _) = inspecting(SIZE);
    harness.remove_cursor();
    harness.run_steps(3);
    harness.get_by_label("Point at a pixel or click one to see its numbers.");
    harness.get_by_role_and_label(Role::Button, "Gradient");
    let pixel = Pixel { x: 4, y: 5 };
    harness.state_mut().state_mut().viewer.toggle_pin(pixel);
    harness
        .state_mut()
        .state_mut()
        .inspecting
        .timeline
        .set(Cursor::At(3));
    harness.run_steps(3);
    harness.get_by_label("Pixel 4, 5");
    let recording = harness.state().state().inspecting.recording();
    let at = recording.frame(3).unwrap();
    let mean = |of: &dyn Fn(usize) -> f32| (0..3).map(of).sum::<f32>() / 3.0;
    let gradient = mean(&|c| at.gradient.at(c, 5, 4));
    let gate = mean(&|c| (at.iterate.at(c, 5, 4) - at.reconstruction.at(c, 5, 4)).powi(2));
    let [now, next] = [3, 4].map(|t| recording.course(5, 4)[t].iterate);
    for (term, number) in [
        ("Next iterate", next),
        ("Iterate", now),
        ("Gradient", gradient),
        ("Gate", gate),
    ] {
        harness.get_by_label(&format!("{term} {}", short(number)));
    }
    // The last iterate has none after it.
    harness
        .state_mut()
        .state_mut()
        .inspecting
        .timeline
        .set(Cursor::Follow);
    harness.run_steps(3);
    harness.get_by_label("Next iterate");
}

#[test]
fn what_belongs_to_the_slider_or_the_picture_below_the_pointer_is_lit() {
    let (mut harness, _) = inspecting(SIZE);
    let lit = |harness: &Harness<'static, App>| {
        let tint = crate::ui::theme::Palette::of(&harness.ctx.global_style().visuals).tint;
        let shapes = &harness.output().shapes;
        let is_lit = |shape: &egui::Shape| matches!(shape, egui::Shape::Rect(rect) if rect.fill == tint && rect.rect.height() < 24.0);
        shapes
            .iter()
            .filter(|clipped| is_lit(&clipped.shape))
            .count()
    };
    harness.remove_cursor();
    harness.run_steps(3);
    let before = lit(&harness);
    hover(&mut harness, "Weight λ");
    assert_eq!(lit(&harness), before + 1, "the regulariser");
    hover(&mut harness, "3 Inspect");
    assert!(lit(&harness) <= before + 1, "only while it is pointed at");
}

#[test]
fn a_term_shows_its_layer() {
    let (mut harness, script) = inspecting(SIZE);
    harness.remove_cursor();
    harness.run_steps(3);
    harness
        .get_by_role_and_label(Role::Button, "Gradient")
        .click();
    harness.run_steps(2);
    assert_eq!(
        harness.state().state().settings.viewing.layer,
        Layer::Gradient
    );
    assert_eq!(script.asked(), [], "looking computes nothing");
}

#[test]
fn lessons_arrange_the_view_and_closing_them_puts_it_back() {
    let (mut harness, _) = inspecting(SIZE);
    let before = harness.state().state().settings.viewing;
    harness.get_by_label("Menu").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Help").click();
    harness.run_steps(3);
    harness.get_by_label("How it works").click();
    harness.run_steps(3);
    harness.get_by_label("The network knows only what is normal");
    let viewing = |harness: &Harness<'static, App>| harness.state().state().settings.viewing;
    assert_eq!(viewing(&harness).layer, Layer::Reconstruction);
    let mut seen = 1;
    while !harness
        .get_by_label("Next lesson")
        .accesskit_node()
        .is_disabled()
    {
        harness.get_by_label("Next lesson").click();
        harness.run_steps(3);
        seen += 1;
        if seen == 3 {
            assert_eq!(viewing(&harness).layer, Layer::Residual);
            assert_eq!(harness.state().state().shown(), 0, "x_0");
        }
        if seen == 4 {
            assert_eq!(viewing(&harness).compare, Compare::Swipe);
            harness.get_by_label("Play from x₀").click();
            harness.run_steps(2);
            assert!(harness.state().state().inspecting.timeline.is_playing());
        }
        assert!(seen < 20, "it never ends");
    }
    assert_eq!(seen, 6);
    harness
        .get_by_label("Close; settings and view come back")
        .click();
    harness.run_steps(3);
    assert_eq!(viewing(&harness), before);
    assert!(harness.query_by_label("Next lesson").is_none());
}

#[test]
fn the_lesson_of_the_norms_compares_both_and_leaves_nothing_behind() {
    let (mut harness, script) = inspecting(SIZE);
    let before = harness.state().state().settings.projection;
    harness.state_mut().state_mut().show_lesson(
        Some(Lesson::Norms),
        Moment {
            now_secs: 0.0,
            held: false,
        },
    );
    harness.run_steps(A_WHILE);
    assert!(
        matches!(script.asked()[..], [Command::Project(_)]),
        "the paper's settings"
    );
    script.say(iterates(0, 25));
    harness.run_steps(3);
    // What came of it is measured, not foretold.
    harness.get_by_label_contains("A (L1): ");
    harness.get_by_label("Run it with the other norm").click();
    harness.run_steps(A_WHILE);
    let state = harness.state().state();
    assert_eq!(state.inspecting.ab_side(), AbSide::Both);
    assert_ne!(state.settings.projection.regulariser, before.regulariser);
    assert!(matches!(script.asked()[..], [Command::Project(_)]));
    script.say(iterates(0, 25));
    harness.run_steps(3);
    for run in ["A (L1): ", "B (L2): "] {
        harness.get_by_label_contains(run);
    }
    harness.get_by_label("Previous lesson").click();
    harness.run_steps(3);
    let state = harness.state().state();
    assert!(state.inspecting.a().is_none(), "A was the lesson's own");
    assert_eq!(state.settings.projection, before);
}

#[test]
fn a_large_or_squeezed_photograph_is_shown_itself_until_a_person_says_otherwise() {
    let (mut harness, script) = inspecting(SIZE);
    harness.state_mut().state_mut().settings.viewing.photograph = None;
    let mut shows = |source_px| {
        let mut opened = image("good-1.png");
        if let Event::ImageOpened(opened) = &mut opened {
            opened.placement.source_px = source_px;
        }
        script.say([opened]);
        harness.run_steps(3);
        script.asked();
        harness.state().state().shows_photograph()
    };
    assert!(!shows((32, 32)) && !shows((64, 62)));
    assert!(shows((32, 40)), "squeezed");
    assert!(shows((512, 512)), "large");
    harness.key_press(Key::H);
    harness.run_steps(2);
    assert_eq!(
        harness.state().state().settings.viewing.photograph,
        Some(false)
    );
}

#[test]
fn a_network_that_has_learned_nothing_teaches_nothing_and_says_so() {
    let (mut harness, script) = inspecting(SIZE);
    script.say([model_with(|model| model.mark.features_only = true)]);
    harness.run_steps(3);
    let viewing = harness.state().state().settings.viewing;
    let moment = Moment {
        now_secs: 0.0,
        held: false,
    };
    let state = harness.state_mut().state_mut();
    state.show_lesson(Some(Lesson::Residual), moment);
    harness.run_steps(3);
    harness.get_by_label_contains("its network has learned nothing yet.");
    assert_eq!(harness.state().state().settings.viewing, viewing);
    harness.get_by_label("Next: train").click();
    harness.run_steps(3);
    assert_eq!(harness.state().state().step, crate::ui::state::Step::Train);
}

#[test]
fn the_legend_of_the_energy_is_not_covered_beside_the_course_of_pins() {
    let (mut harness, _) = inspecting(SIZE);
    for x in [4, 9] {
        let viewer = &mut harness.state_mut().state_mut().viewer;
        viewer.toggle_pin(Pixel { x, y: 5 });
    }
    harness.run_steps(3);
    let last = harness
        .get_all_by_role(Role::CheckBox)
        .filter(|node| {
            node.accesskit_node()
                .label()
                .is_some_and(|it| it.contains('λ'))
        })
        .map(|node| node.rect().right())
        .fold(0.0, f32::max);
    assert!(last > 0.0, "the regulariser has its switch");
    if let Some(tick) = harness.query_by_label("Log scale") {
        assert!(tick.rect().left() >= last, "{last} {:?}", tick.rect());
    }
}
