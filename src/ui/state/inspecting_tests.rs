#![allow(clippy::unwrap_used)]

use kizumi_dataset::catalog::Kind;
use kizumi_image::placement::Placement;
use kizumi_method::anomaly_map::AnomalyMap;
use kizumi_method::maker::Score;

use super::*;

fn entry(name: &str) -> Entry {
    Entry {
        path: name.into(),
        kind: Kind::Normal,
        mask: None,
    }
}

fn image(id: u64, name: &str) -> OpenedImage {
    OpenedImage {
        id: ImageId::from(id),
        model: Some(model()),
        entry: entry(name),
        picture: Picture::filled(1, 2, 2, 0.5),
        mask: None,
        counted: None,
        painted: false,
        hole: None,
        distance: None,
        gate: None,
        placement: Placement::whole((2, 2)),
        notes: Vec::new(),
    }
}

fn model() -> ModelId {
    ModelId::from(7)
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
        distance: None,
    }
}

fn inspection(iterations: usize, stop: StopRule) -> Inspection {
    let map = Picture::filled(1, 2, 2, 0.1);
    Inspection {
        plain_map: AnomalyMap::default(),
        projected_map: AnomalyMap::default(),
        projected: map.clone(),
        reconstruction: map,
        plain_score: Score::default(),
        projected_score: Score::default(),
        unlike: None,
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

/// An image, and who gives out ids for it.
#[derive(Default)]
struct Desk {
    inspecting: Inspecting,
    ids: Ids,
}

impl Desk {
    /// An image whose projection of `iterations` iterates is complete, and that projection.
    fn finished(iterations: usize) -> (Self, RunTicket) {
        let mut desk = Self::default();
        let config = CONFIG(iterations);
        desk.open(image(1, "a.png"), config);
        let request = desk.due(0.0, config).unwrap();
        let of = request.ticket;
        desk.inspecting.run_started(of.run);
        for t in 0..=iterations {
            desk.inspecting.iterated(of, iterate(t));
        }
        let result = inspection(iterations, StopRule::Iterations);
        desk.inspecting.inspected(of, result);
        desk.inspecting.run_ended(of.run);
        (desk, of)
    }

    fn open(&mut self, image: OpenedImage, now: ProjectionConfig) -> bool {
        self.inspecting
            .image_opened(image, (now, MapConfig::default()))
    }

    fn want(&mut self, config: ProjectionConfig, now_secs: f64) {
        self.inspecting.want(config, MapConfig::default(), now_secs);
    }

    fn due(&mut self, now_secs: f64, config: ProjectionConfig) -> Option<RunRequest> {
        let now = (config, MapConfig::default());
        self.inspecting.due(now_secs, model(), now, &mut self.ids)
    }
}

#[test]
fn what_was_there_stays_until_the_first_iterate_of_what_is_wanted() {
    let (mut desk, _) = Desk::finished(5);
    assert!(!desk.inspecting.is_stale());
    desk.want(ALPHA(5, 0.1), 10.0);
    assert_eq!(desk.inspecting.next_due_secs(10.0), Some(0.0));
    desk.want(ALPHA(5, 0.2), 10.02);
    assert!(desk.inspecting.is_stale());
    assert_eq!(desk.inspecting.recording().len(), 6);
    assert_eq!(desk.due(10.03, ALPHA(5, 0.2)), None);
    let request = desk.due(10.3, ALPHA(5, 0.2)).unwrap();
    assert_eq!(desk.due(10.3, ALPHA(5, 0.2)), None);
    desk.inspecting.run_started(request.ticket.run);
    assert!(desk.inspecting.is_stale() && desk.inspecting.recording().len() == 6);
    desk.inspecting.iterated(request.ticket, iterate(0));
    assert!(!desk.inspecting.is_stale() && desk.inspecting.recording().len() == 1);
}

#[test]
fn fewer_iterations_only_limit_what_is_shown() {
    let (mut desk, _) = Desk::finished(20);
    desk.want(CONFIG(8), 1.0);
    assert_eq!(desk.due(9.0, CONFIG(8)), None);
    assert_eq!(desk.inspecting.shown(8), 8);
    assert_eq!(desk.inspecting.scalars(8).len(), 9);
    assert_eq!(desk.inspecting.shown(20), 20);
}

#[test]
fn more_iterations_are_asked_for_once_and_of_the_same_run() {
    let (mut desk, of) = Desk::finished(20);
    desk.want(CONFIG(30), 1.0);
    desk.want(CONFIG(40), 1.02);
    assert_eq!(desk.due(1.05, CONFIG(40)), None);
    let request = desk.due(2.0, CONFIG(40)).unwrap();
    assert_eq!((request.ticket, request.projection), (of, CONFIG(40)));
    for t in 21..=40 {
        desk.inspecting.iterated(of, iterate(t));
    }
    assert_eq!(desk.inspecting.shown(40), 40);
    desk.want(CONFIG(35), 3.0);
    assert_eq!(desk.due(9.0, CONFIG(35)), None);
}

#[test]
fn a_run_that_met_its_threshold_is_not_extended() {
    let (mut desk, of) = Desk::finished(20);
    let result = inspection(20, StopRule::Threshold);
    desk.inspecting.inspected(of, result);
    desk.want(CONFIG(40), 1.0);
    assert_eq!(desk.due(9.0, CONFIG(40)), None);
    assert!(desk.inspecting.judged().is_some());
}

#[test]
fn a_cancelled_run_gives_no_verdict() {
    let (mut desk, of) = Desk::finished(20);
    assert!(desk.inspecting.judged().is_some());
    desk.want(CONFIG(40), 1.0);
    desk.due(2.0, CONFIG(40)).unwrap();
    assert!(desk.inspecting.judged().is_none(), "it is not there yet");
    desk.inspecting.iterated(of, iterate(21));
    let cancelled = inspection(21, StopRule::Cancelled);
    desk.inspecting.inspected(of, cancelled);
    desk.inspecting.run_ended(of.run);
    assert!(desk.inspecting.result.is_some() && desk.inspecting.judged().is_none());
    desk.want(CONFIG(20), 3.0);
    let judged = desk.inspecting.judged().unwrap();
    assert_eq!(judged.iterations, 20, "so many were done");
}

#[test]
fn a_run_that_is_asked_for_more_and_cancelled_at_once_keeps_its_verdict() {
    let (mut desk, of) = Desk::finished(20);
    desk.want(CONFIG(40), 1.0);
    desk.due(2.0, CONFIG(40)).unwrap();
    let cancelled = inspection(20, StopRule::Cancelled);
    desk.inspecting.inspected(of, cancelled);
    desk.inspecting.run_ended(of.run);
    desk.want(CONFIG(20), 3.0);
    assert!(desk.inspecting.judged().is_some());
}

#[test]
fn iterates_of_the_image_before_are_ignored() {
    let (mut desk, of) = Desk::finished(5);
    desk.inspecting
        .select(ImageId::from(2), entry("b.png"), None);
    assert!(desk.open(image(2, "b.png"), CONFIG(5)));
    desk.inspecting.iterated(of, iterate(6));
    let late = inspection(6, StopRule::Cancelled);
    desk.inspecting.inspected(of, late);
    let inspecting = &desk.inspecting;
    assert!(inspecting.recording().is_empty() && inspecting.result.is_none());
    assert!(!desk.open(image(1, "a.png"), CONFIG(5)), "nor the image");
}

#[test]
fn a_projection_that_came_along_with_its_image_counts_if_it_is_still_wanted() {
    for (wanted, asks) in [(CONFIG(5), false), (ALPHA(5, 0.1), true)] {
        let mut desk = Desk::default();
        let then = RunRequest {
            ticket: RunTicket {
                image: ImageId::from(2),
                model: model(),
                run: RunId::from(3),
            },
            projection: CONFIG(5),
            map: MapConfig::default(),
        };
        let inspecting = &mut desk.inspecting;
        inspecting.select(ImageId::from(2), entry("b.png"), Some(then));
        desk.open(image(2, "b.png"), wanted);
        assert_eq!(desk.due(1.0, wanted).is_some(), asks);
    }
}

#[test]
fn a_cancelled_run_does_not_end_the_wait_for_the_next() {
    let (mut desk, of) = Desk::finished(5);
    desk.want(ALPHA(5, 0.1), 1.0);
    let next = desk.due(2.0, ALPHA(5, 0.1)).unwrap().ticket;
    desk.inspecting.run_ended(of.run);
    assert!(desk.inspecting.is_waiting());
    desk.inspecting.run_ended(next.run);
    assert!(!desk.inspecting.is_waiting());
    assert!(
        desk.inspecting.is_stale(),
        "what is shown is of other parameters"
    );
}
