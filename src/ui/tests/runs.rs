//! Going back, A and B, the contact sheet, curves, playback, divergence, settings as text.

use egui::{Event as Input, Modifiers};
use kizumi_engine::message::{Sheet, SheetCell, SheetRequest};
use kizumi_method::config::{Distance, Gate, MapKind, ProjectionConfig, Regulariser, StepRule};

use super::*;
use crate::ui::settings::PlotTab;
use crate::ui::state::comparing::AbSide;
use crate::ui::state::history::Moment;
use crate::ui::text::ENGLISH;

const SIZE: [f32; 2] = [1440.0, 1000.0];

fn alpha(harness: &Harness<'_, App>) -> f32 {
    harness.state().state().settings.projection.alpha
}

fn press(harness: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(3);
}

fn click(harness: &mut Harness<'_, App>, name: &str) {
    harness.get_by_label(name).click();
    harness.run_steps(3);
}

/// Changes alpha by its rail, waits, and answers what the worker is asked for.
fn raise_alpha(harness: &mut Harness<'_, App>, script: &Script) {
    let rail = harness
        .get_all_by_label("Step size α")
        .find(|node| node.value().is_some())
        .unwrap();
    rail.increment_accesskit();
    harness.run_steps(60);
    answer(harness, script);
}

fn answer(harness: &mut Harness<'_, App>, script: &Script) {
    let asked = script.asked();
    let [Command::Project(request)] = &asked[..] else {
        panic!("{asked:?}");
    };
    let config = &request.projection;
    script.say(iterates(0, config.iterations));
    harness.run_steps(4);
}

#[test]
fn undo_and_redo_show_what_was_computed_at_once() {
    let (mut harness, script) = inspecting(SIZE);
    let before = alpha(&harness);
    raise_alpha(&mut harness, &script);
    let after = alpha(&harness);
    assert_ne!(before, after);

    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(alpha(&harness), before);
    assert!(!harness.state().state().inspecting.is_waiting());
    harness.get_by_label("t = 25 / 25");
    press(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(alpha(&harness), after);
    click(&mut harness, "Undo");
    assert_eq!(alpha(&harness), before);
    press(&mut harness, Modifiers::COMMAND, Key::Y);
    assert_eq!(alpha(&harness), after);
    harness.run_steps(60);
    assert_eq!(script.asked(), [], "all of it was known");
    harness.check_accessibility();
}

#[test]
fn display_settings_can_be_undone_too() {
    let (mut harness, script) = inspecting(SIZE);
    press(&mut harness, Modifiers::NONE, Key::M);
    assert!(!harness.state().state().settings.display.show_mask);
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert!(harness.state().state().settings.display.show_mask);
    assert_eq!(script.asked(), []);
}

#[test]
fn a_long_setting_does_not_widen_the_column_of_the_controls() {
    let (mut harness, script) = inspecting(SIZE);
    click(&mut harness, "Keep as A");
    let state = harness.state_mut().state_mut();
    let mut projection = state.settings.projection;
    projection.step = StepRule {
        through: false,
        gate: Gate::Both,
    };
    let moment = Moment {
        now_secs: 0.0,
        held: false,
    };
    state.change_projection(projection, moment);
    harness.run_steps(A_WHILE);
    script.say(iterates(0, 25));
    harness.run_steps(3);
    let state = harness.state().state();
    let name = ENGLISH.inspect.step_name(state.settings.projection.step);
    let edge = state.settings.layout.controls_width_pt;
    let cells = harness.get_all_by_label(&name);
    let right = cells.map(|cell| cell.rect().right()).fold(0.0, f32::max);
    assert!(right > 0.0 && right <= edge, "{name}: {right}, {edge}");
}

#[test]
fn two_runs_are_compared_swapped_and_dropped() {
    let (mut harness, script) = inspecting(SIZE);
    let first = alpha(&harness);
    click(&mut harness, "Keep as A");
    raise_alpha(&mut harness, &script);
    let second = alpha(&harness);
    harness.get_by_label("Pixel AUROC");
    harness.get_by_label(&first.to_string());
    harness.get_by_label("Projected score");

    let on_screen = |harness: &Harness<'_, App>| {
        let inspecting = &harness.state().state().inspecting;
        inspecting.on_screen().unwrap().projection.alpha
    };
    assert_eq!(on_screen(&harness), second);
    press(&mut harness, Modifiers::NONE, Key::B);
    assert_eq!(on_screen(&harness), first);
    press(&mut harness, Modifiers::NONE, Key::B);
    assert_eq!(on_screen(&harness), second);
    click(&mut harness, "A | B");
    let side = harness.state().state().inspecting.ab_side();
    assert_eq!(side, AbSide::Both);

    click(&mut harness, "Swap A and B");
    assert_eq!(alpha(&harness), first);
    let a = harness.state().state().inspecting.a().unwrap();
    assert_eq!(a.projection.alpha, second);
    click(&mut harness, "Go back to A's parameters");
    assert_eq!(alpha(&harness), second);
    harness.run_steps(60);
    assert_eq!(script.asked(), [], "both are kept");
    harness.get_by_label("The parameters are the same.");
    harness.check_accessibility();
    click(&mut harness, "End the comparison");
    assert!(harness.state().state().inspecting.a().is_none());
}

#[test]
fn the_pictures_are_those_of_the_side_that_is_looked_at() {
    let (mut harness, script) = inspecting(SIZE);
    click(&mut harness, "Keep as A");
    raise_alpha(&mut harness, &script);
    let generation = |harness: &Harness<'_, App>| harness.state().state().inspecting.generation();
    let b = generation(&harness);
    press(&mut harness, Modifiers::NONE, Key::B);
    assert_ne!(generation(&harness), b, "pictures are drawn anew");
}

#[test]
fn the_term_of_the_features_has_a_curve_where_the_energy_has_it() {
    let (mut harness, script) = inspecting(SIZE);
    harness.get_by_label("Curve Lr");
    assert!(harness.query_by_label("Curve ω D").is_none());
    let state = harness.state_mut().state_mut();
    let projection = ProjectionConfig {
        omega: 0.5,
        ..state.settings.projection
    };
    let moment = Moment {
        now_secs: 0.0,
        held: false,
    };
    state.change_projection(projection, moment);
    harness.run_steps(60);
    answer(&mut harness, &script);
    harness.get_by_label("Curve ω D");
    // Half of 7.5.
    harness.get_by_label("3.75");
}

fn sheet(request: &SheetRequest, t: usize) -> Event {
    let cell = |index: usize| SheetCell {
        scalars: IterateScalars {
            t,
            energy: 90.0,
            ..Default::default()
        },
        iterate: picture(0.5),
        map: Picture::filled(1, 32, 32, 0.01 * index as f32),
        score: 0.01 * index as f32,
        stop: (t == 25).then_some(StopRule::Iterations),
    };
    let cells = request.alphas.len() * request.lambdas.len();
    Event::Sheet(Box::new(Sheet {
        id: Default::default(),
        request: request.clone(),
        t,
        cells: (0..cells).map(cell).collect(),
    }))
}

#[test]
fn a_cell_of_the_contact_sheet_is_adopted_and_undone() {
    let (mut harness, script) = inspecting(SIZE);
    click(&mut harness, "Contact sheet…");
    let asked = script.asked();
    let [Command::ProjectSheet { request, .. }] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(request.alphas, [0.175, 0.35, 0.7, 1.4, 2.8]);
    assert_eq!(request.lambdas, [0.0075, 0.03, 0.12]);
    script.say([
        Event::Started(Job::Sheet(Default::default())),
        sheet(request, 7),
    ]);
    harness.run_steps(3);
    harness.get_by_label_contains("t = 7 / 25");
    script.say([
        sheet(request, 25),
        Event::Ended(Job::Sheet(Default::default()), Outcome::Done),
    ]);
    harness.run_steps(3);
    harness.check_accessibility();

    click(&mut harness, "α 0.175, λ 0.12");
    let projection = harness.state().state().settings.projection;
    assert_eq!((projection.alpha, projection.lambda), (0.175, 0.12));
    harness.run_steps(60);
    answer(&mut harness, &script);
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(alpha(&harness), ProjectionConfig::default().alpha);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_label("Recentre").is_none());
    press(&mut harness, Modifiers::NONE, Key::C);
    harness.get_by_label("Recentre");
    harness.run_steps(60);
    assert_eq!(script.asked(), [], "the grid is still known");
}

#[test]
fn the_distance_is_a_choice_that_runs_again_and_can_be_undone() {
    let (mut harness, script) = inspecting(SIZE);
    let chosen = |harness: &Harness<'_, App>| harness.state().state().settings.projection.distance;
    let choice = (egui::accesskit::Role::ComboBox, "Reconstruction");
    harness.get_by_role_and_label(choice.0, choice.1).click();
    harness.run_steps(3);
    click(&mut harness, "Cross-entropy");
    assert_eq!(chosen(&harness), Distance::CrossEntropy);
    harness.run_steps(60);
    let asked = script.asked();
    let [Command::Project(request)] = &asked[..] else {
        panic!("{asked:?}");
    };
    let config = &request.projection;
    assert_eq!(config.distance, Distance::CrossEntropy);

    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(chosen(&harness), Distance::SquaredError);
}

#[test]
fn the_other_regulariser_is_a_page_of_its_own() {
    let (mut harness, script) = inspecting(SIZE);
    click(&mut harness, "Contact sheet…");
    script.asked();
    click(&mut harness, "L2");
    harness.run_steps(60);
    let asked = script.asked();
    let [Command::ProjectSheet { request, .. }] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(request.projection.regulariser, Regulariser::L2);
}

#[test]
fn curves_are_switched_and_tabs_are_turned() {
    let (mut harness, script) = inspecting(SIZE);
    click(&mut harness, "Curve Lr");
    assert!(!harness.state().state().settings.plots.reconstruction);
    click(&mut harness, "Curve Lr");
    assert!(harness.state().state().settings.plots.reconstruction);
    for (name, tab) in [
        ("Change", PlotTab::LargestChange),
        ("Step size", PlotTab::StepSize),
    ] {
        click(&mut harness, name);
        assert_eq!(harness.state().state().settings.plots.tab, tab);
    }
    assert_eq!(script.asked(), []);
}

#[test]
fn it_plays_in_a_loop_while_iterates_arrive() {
    let (mut harness, script) = inspecting(SIZE);
    raise_alpha_halfway(&mut harness, &script);
    click(&mut harness, "Repeat");
    press(&mut harness, Modifiers::NONE, Key::Home);
    press(&mut harness, Modifiers::NONE, Key::K);
    harness.run_steps(300);
    let state = harness.state().state();
    assert!(state.inspecting.timeline.is_playing());
    assert!(state.settings.playback.looped);
    assert!(state.shown() <= 10);
}

/// A run that has come to its tenth iterate.
fn raise_alpha_halfway(harness: &mut Harness<'_, App>, script: &Script) {
    let rail = harness
        .get_all_by_label("Step size α")
        .find(|node| node.value().is_some())
        .unwrap();
    rail.increment_accesskit();
    harness.run_steps(60);
    let asked = script.asked();
    assert!(matches!(asked[..], [Command::Project(_)]), "{asked:?}");
    let mut events = iterates(0, 10);
    events.truncate(events.len() - 2);
    script.say(events);
    harness.run_steps(3);
}

#[test]
fn divergence_is_said_and_halving_alpha_answers_it() {
    let (mut harness, script) = inspecting(SIZE);
    assert!(harness.query_by_label("Halve α").is_none());
    let rail = harness
        .get_all_by_label("Step size α")
        .find(|node| node.value().is_some())
        .unwrap();
    rail.increment_accesskit();
    harness.run_steps(60);
    let asked = script.asked();
    let [Command::Project(request)] = &asked[..] else {
        panic!("{asked:?}");
    };
    let config = &request.projection;
    let mut events = iterates(0, 3);
    for event in &mut events {
        if let Event::Inspected { inspection, .. } = event {
            inspection.stop = StopRule::NotFinite;
        }
    }
    script.say(events);
    harness.run_steps(3);
    harness.get_by_label("Diverged: overflow");
    click(&mut harness, "Halve α");
    assert_eq!(alpha(&harness), config.alpha / 2.0);
    harness.run_steps(60);
    assert!(matches!(script.asked()[..], [Command::Project(..)]));
}

#[test]
fn settings_are_pasted_from_text_and_nonsense_is_refused() {
    let (mut harness, script) = inspecting(SIZE);
    click(&mut harness, "Copy settings as text");
    let text = harness.state().state().settings_text().to_string();
    assert!(text.contains("alpha = 0.7"), "{text}");

    let pasted = text.replace("alpha = 0.7", "alpha = 0.125");
    harness.event(Input::Paste(pasted));
    harness.run_steps(60);
    assert_eq!(alpha(&harness), 0.125);
    answer(&mut harness, &script);
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(alpha(&harness), ProjectionConfig::default().alpha);

    harness.event(Input::Paste("Dear all,".into()));
    harness.run_steps(3);
    assert_eq!(alpha(&harness), ProjectionConfig::default().alpha);
    let refused = harness.query_by_label_contains("The clipboard holds no settings");
    assert!(refused.is_some());
}

#[test]
fn a_score_of_other_parameters_has_no_verdict() {
    let (mut harness, script) = inspecting(SIZE);
    harness.get_by_label("Reject");
    harness.get_by_label("above 100 % of normals");
    let text = harness.state().state().settings_text().to_string();
    harness.event(Input::Paste(text.replace("alpha = 0.7", "alpha = 0.125")));
    harness.run_steps(60);
    answer(&mut harness, &script);
    assert!(harness.query_by_label("Reject").is_none());
    assert!(harness.query_by_label("above 100 % of normals").is_none());
    harness.get_by_label("Normals were measured with other parameters.");
    harness.event(Input::Paste(text));
    harness.run_steps(60);
    harness.get_by_label("Reject");
}

#[test]
fn copied_settings_are_those_in_force_and_a_pasted_map_without_effect_is_said() {
    let (mut harness, _) = inspecting(SIZE);
    // The next model is to be measured otherwise; this one's scores are not.
    harness.state_mut().state_mut().settings.map = MapConfig::paper();
    let text = harness.state().state().settings_text().to_string();
    assert!(text.contains("kind = \"joint\""), "{text}");
    let without_effect = "The pasted map settings have no effect on this model";
    harness.event(Input::Paste(text.clone()));
    harness.run_steps(3);
    assert!(harness.query_by_label_contains(without_effect).is_none());
    let state = harness.state().state();
    assert_eq!(
        state.settings.map,
        MapConfig::paper(),
        "nothing was said of it"
    );

    harness.event(Input::Paste(text.replace("\"joint\"", "\"structure\"")));
    harness.run_steps(3);
    harness.get_by_label_contains(without_effect);
    let state = harness.state().state();
    assert_eq!(
        state.settings.map.kind,
        MapKind::Structure,
        "for the next one"
    );
    assert_eq!(state.score_map().kind, MapKind::Joint);
}
