//! Choosing the settings automatically as a person meets it.

#![allow(clippy::unwrap_used)]

use egui_kittest::kittest::Queryable as _;
use kizumi_engine::message::{Command, Event, Job, Outcome, TuningId};
use kizumi_method::config::{MapConfig, MapKind, ProjectionConfig};
use kizumi_method::tuning::{Comparison, Round, Trial, TuningFigures, TuningResult};

use super::inspecting;

fn trial(alpha: f32, figure: f64) -> Trial {
    Trial {
        round: Round::Fine,
        projection: ProjectionConfig {
            alpha,
            ..Default::default()
        },
        map: MapConfig::default(),
        figures: TuningFigures {
            pixel_auroc: figure,
            pixel_average_precision: 0.5,
            image_auroc: figure,
            defect_left: Some(0.35),
        },
        images: 32,
    }
}

fn result(is_better: bool) -> TuningResult {
    let usual = ProjectionConfig::default().alpha;
    let (start, mut found) = (trial(usual, 0.8), trial(2.0 * usual, 0.9));
    found.map.kind = MapKind::Structure;
    TuningResult {
        start: start.setting(),
        best: if is_better { &found } else { &start }.setting(),
        comparison: Some(Comparison {
            projection: found.projection,
            map: found.map,
            found: found.figures,
            start: start.figures,
            standard_error: if is_better { 0.001 } else { 0.2 },
        }),
        tried: vec![start, found],
    }
}

#[test]
fn what_the_search_finds_can_be_taken_over_and_taken_back() {
    let (mut harness, script) = inspecting([1440.0, 900.0]);
    script.asked();
    harness.get_by_label("Auto…").click();
    harness.run_steps(2);
    assert!(matches!(script.asked()[..], [Command::Tune { .. }]));
    script.say([Event::Started(Job::Tuning(Default::default()))]);
    harness.run_steps(2);
    harness.get_by_label("Stop").click();
    harness.run_steps(2);
    assert!(matches!(script.asked()[..], [Command::StopTuning(_)]));

    script.say([Event::Tried {
        tuning: TuningId::default(),
        trials: vec![trial(0.5, 0.8)],
    }]);
    harness.run_steps(2);
    harness.get_by_label("1 settings tried");
    assert!(harness.query_by_label("Adopt").is_none());
    let better = result(true);
    script.say([
        Event::Tuned {
            tuning: TuningId::default(),
            result: Box::new(better.clone()),
        },
        Event::Ended(Job::Tuning(Default::default()), Outcome::Done),
    ]);
    harness.run_steps(2);
    harness.get_by_label_contains("Better settings");
    harness.get_by_label("Adopt").click();
    harness.run_steps(2);
    let (projection, map) = better.best;
    let asked = script.asked();
    let adopted = asked.iter().any(|command| {
        matches!(command, Command::Recalibrate { projection: p, map: m, .. }
            if (*p, *m) == (projection, map))
    });
    assert!(adopted, "{asked:?}");
    let state = harness.state_mut().state_mut();
    assert_eq!(state.settings.projection, projection);
    assert!(!state.tuning.is_open());
    state.undo(1e9);
    assert_eq!(state.settings.projection, better.start.0);
}

#[test]
fn what_is_not_clearly_better_cannot_be_taken_over() {
    let (mut harness, script) = inspecting([1440.0, 900.0]);
    script.asked();
    harness.get_by_label("Auto…").click();
    harness.run_steps(2);
    script.say([
        Event::Started(Job::Tuning(Default::default())),
        Event::Tuned {
            tuning: TuningId::default(),
            result: Box::new(result(false)),
        },
        Event::Ended(Job::Tuning(Default::default()), Outcome::Done),
    ]);
    harness.run_steps(3);
    harness.get_by_label_contains("The settings stay");
    assert!(harness.query_by_label("Adopt").is_none());
    script.asked();
    // Put away and back again it is still there.
    harness.key_press(egui::Key::Escape);
    harness.run_steps(2);
    assert!(harness.query_by_label("Search again").is_none());
    harness.get_by_label("Auto…").click();
    harness.run_steps(2);
    harness.get_by_label("Search again").click();
    harness.run_steps(2);
    assert!(matches!(script.asked()[..], [Command::Tune { .. }]));
}
