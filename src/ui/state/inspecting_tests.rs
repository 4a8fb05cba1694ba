#![allow(clippy::unwrap_used)]

use super::*;
use kizumi_dataset::catalog::Kind;
use kizumi_method::iterate::StopRule;

fn entry(name: &str) -> Entry {
    Entry {
        path: name.into(),
        kind: Kind::Normal,
        mask: None,
    }
}

fn image(name: &str) -> OpenedImage {
    OpenedImage {
        entry: entry(name),
        picture: Picture::filled(1, 2, 2, 0.5),
        mask: None,
        counted: None,
        painted: false,
        hole: None,
        source_px: (2, 2),
        notes: Vec::new(),
    }
}

fn iterate(t: usize) -> Iterate {
    Iterate {
        scalars: IterateScalars {
            t,
            ..Default::default()
        },
        iterate: Picture::filled(1, 2, 2, 0.5),
        reconstruction: Picture::filled(1, 2, 2, 0.4),
        gradient: Picture::filled(1, 2, 2, 0.4),
    }
}

fn inspection(iterations: usize, stop: StopRule) -> Inspection {
    let map = Picture::filled(1, 2, 2, 0.1);
    Inspection {
        plain_map: map.clone(),
        projected_map: map.clone(),
        projected: map.clone(),
        reconstruction: map,
        plain_score: 0.1,
        projected_score: 0.1,
        iterations,
        stop,
        mapper: Default::default(),
    }
}

const CONFIG: fn(usize) -> ProjectionConfig = |iterations| ProjectionConfig {
    iterations,
    ..Default::default()
};

const ALPHA: fn(usize, f32) -> ProjectionConfig = |iterations, alpha| ProjectionConfig {
    alpha,
    ..CONFIG(iterations)
};

/// An image whose projection of `iterations` iterates is complete.
fn finished(iterations: usize) -> Inspecting {
    let mut inspecting = Inspecting::default();
    inspecting.image_opened(image("a.png"));
    assert!(matches!(
        inspecting.due(0.0, CONFIG(iterations), MapConfig::default()),
        Some(Command::Project(..))
    ));
    inspecting.projection_started(CONFIG(iterations));
    for t in 0..=iterations {
        inspecting.iterated(iterate(t));
    }
    inspecting.inspected(inspection(iterations, StopRule::Iterations));
    inspecting.projection_ended(false);
    inspecting
}

#[test]
fn the_first_change_is_due_at_once_and_those_after_it_wait_for_the_last() {
    let mut inspecting = finished(5);
    assert!(!inspecting.is_stale());
    inspecting.want(ALPHA(5, 0.1), MapConfig::default(), 10.0);
    assert_eq!(inspecting.next_due_secs(10.0), Some(0.0));
    inspecting.want(ALPHA(5, 0.2), MapConfig::default(), 10.02);
    assert!(inspecting.is_stale());
    assert_eq!(inspecting.recording().len(), 6);
    assert_eq!(
        inspecting.due(10.03, ALPHA(5, 0.2), MapConfig::default()),
        None
    );
    assert!((inspecting.next_due_secs(10.03).unwrap() - 0.04).abs() < 1e-9);
    let command = inspecting.due(10.3, ALPHA(5, 0.2), MapConfig::default());
    assert!(matches!(command, Some(Command::Project(..))));
    assert_eq!(
        inspecting.due(10.3, ALPHA(5, 0.2), MapConfig::default()),
        None
    );
    inspecting.projection_started(ALPHA(5, 0.2));
    assert!(inspecting.is_stale() && inspecting.recording().len() == 6);
    inspecting.iterated(iterate(0));
    assert!(!inspecting.is_stale() && inspecting.recording().len() == 1);
}

#[test]
fn fewer_iterations_only_limit_what_is_shown() {
    let mut inspecting = finished(20);
    inspecting.want(CONFIG(8), MapConfig::default(), 1.0);
    assert_eq!(inspecting.due(9.0, CONFIG(8), MapConfig::default()), None);
    assert_eq!(inspecting.shown(8), 8);
    assert_eq!(inspecting.scalars(8).len(), 9);
    assert_eq!(inspecting.shown(20), 20);
}

#[test]
fn more_iterations_extend_once() {
    let mut inspecting = finished(20);
    inspecting.want(CONFIG(30), MapConfig::default(), 1.0);
    inspecting.want(CONFIG(40), MapConfig::default(), 1.02);
    assert_eq!(inspecting.due(1.05, CONFIG(40), MapConfig::default()), None);
    assert_eq!(
        inspecting.due(2.0, CONFIG(40), MapConfig::default()),
        Some(Command::ExtendProjection { iterations: 40 })
    );
    for t in 21..=40 {
        inspecting.iterated(iterate(t));
    }
    assert_eq!(inspecting.shown(40), 40);
    inspecting.want(CONFIG(35), MapConfig::default(), 3.0);
    assert_eq!(inspecting.due(9.0, CONFIG(35), MapConfig::default()), None);
}

#[test]
fn a_run_that_met_its_threshold_is_not_extended() {
    let mut inspecting = finished(20);
    inspecting.inspected(inspection(20, StopRule::Threshold));
    inspecting.want(CONFIG(40), MapConfig::default(), 1.0);
    assert_eq!(inspecting.due(9.0, CONFIG(40), MapConfig::default()), None);
}

#[test]
fn iterates_of_the_image_before_are_ignored() {
    let mut inspecting = finished(5);
    inspecting.select(entry("b.png"));
    inspecting.image_opened(image("a.png"));
    assert_eq!(
        inspecting.recording().len(),
        6,
        "a stale image changes nothing"
    );
    inspecting.image_opened(image("b.png"));
    inspecting.iterated(iterate(6));
    inspecting.inspected(inspection(6, StopRule::Cancelled));
    assert!(inspecting.recording().is_empty() && inspecting.result.is_none());
}

#[test]
fn a_cancelled_run_does_not_end_the_wait_for_the_next() {
    let mut inspecting = finished(5);
    inspecting.want(ALPHA(5, 0.1), MapConfig::default(), 1.0);
    inspecting
        .due(2.0, ALPHA(5, 0.1), MapConfig::default())
        .unwrap();
    inspecting.projection_ended(false);
    assert!(inspecting.is_stale());
    inspecting.projection_ended(true);
    assert!(!inspecting.is_stale());
}
