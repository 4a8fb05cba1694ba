//! Runs that are kept, against a worker that behaves like the real one: one iterate a turn, only its
//! last projection can be extended, and its news arrive late.

#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;

use kizumi_dataset::catalog::Kind;
use proptest::prelude::*;

use super::*;
use crate::ui::state::comparing::AbSide;
use kizumi_image::placement::Placement;
use kizumi_method::anomaly_map::AnomalyMap;
use kizumi_method::maker::Score;
use kizumi_method::mapper::Mapper;

/// What the worker says of projections.
enum News {
    Started(RunId),
    Iterated(RunTicket, Box<Iterate>),
    Inspected(RunTicket, Box<Inspection>),
    Ended(RunId),
}

#[derive(Default)]
struct FakeWorker {
    commands: VecDeque<RunRequest>,
    /// The last projection and its t.
    last: Option<(RunRequest, usize)>,
    running: bool,
    news: VecDeque<News>,
}

fn picture(level: f32) -> Picture {
    Picture::filled(1, 2, 2, level)
}

/// An iterate that tells whose it is: its energy is the step size.
fn iterate(config: &ProjectionConfig, t: usize) -> Iterate {
    Iterate {
        scalars: IterateScalars {
            t,
            energy: config.alpha,
            ..Default::default()
        },
        iterate: picture(0.5 + 0.001 * t as f32),
        reconstruction: picture(0.4),
        gradient: picture(0.0),
        distance: None,
    }
}

fn inspection(iterations: usize, stop: StopRule) -> Inspection {
    let map = |level| AnomalyMap {
        values: picture(level),
        ..Default::default()
    };
    let score = |value| Score {
        value,
        ..Default::default()
    };
    Inspection {
        plain_map: map(0.1),
        projected_map: map(0.001 * iterations as f32),
        projected: picture(0.5 + 0.001 * iterations as f32),
        reconstruction: picture(0.4),
        plain_score: score(0.1),
        projected_score: score(0.001 * iterations as f32),
        unlike: None,
        iterations,
        stop,
        mapper: MapConfig::paper().into(),
    }
}

impl FakeWorker {
    fn end(&mut self, stop: StopRule) {
        if let Some((request, t)) = self.last.filter(|_| self.running) {
            let of = request.ticket;
            self.news
                .push_back(News::Inspected(of, Box::new(inspection(t, stop))));
            self.news.push_back(News::Ended(of.run));
        }
        self.running = false;
    }

    /// One command and one iteration.
    fn turn(&mut self) {
        if let Some(request) = self.commands.pop_front() {
            let of = request.ticket;
            match &mut self.last {
                Some((last, _)) if last.ticket == of => {
                    last.projection = request.projection;
                    if !std::mem::replace(&mut self.running, true) {
                        self.news.push_back(News::Started(of.run));
                    }
                }
                _ => {
                    self.end(StopRule::Cancelled);
                    self.last = Some((request, 0));
                    self.running = true;
                    self.news.push_back(News::Started(of.run));
                    let first = iterate(&request.projection, 0);
                    self.news.push_back(News::Iterated(of, Box::new(first)));
                }
            }
        }
        if !self.running {
            return;
        }
        let (request, t) = self.last.as_mut().unwrap();
        if *t >= request.projection.iterations {
            self.end(StopRule::Iterations);
        } else {
            *t += 1;
            let next = iterate(&request.projection, *t);
            self.news
                .push_back(News::Iterated(request.ticket, Box::new(next)));
        }
    }
}

/// The window's half and the worker's.
struct Bench {
    inspecting: Inspecting,
    worker: FakeWorker,
    config: ProjectionConfig,
    now_secs: f64,
    commands: usize,
    ids: Ids,
}

impl Bench {
    fn new() -> Self {
        let mut inspecting = Inspecting::default();
        let image = OpenedImage {
            id: ImageId::from(1),
            model: Some(ModelId::from(1)),
            entry: Entry {
                path: "a.png".into(),
                kind: Kind::Normal,
                mask: Some(std::path::PathBuf::from("m.png").into()),
            },
            picture: picture(0.5),
            mask: None,
            counted: None,
            painted: false,
            hole: None,
            distance: None,
            gate: None,
            placement: Placement::whole((2, 2)),
            notes: Vec::new(),
        };
        inspecting.image_opened(image, (config(1.0, 5), MapConfig::default()));
        Self {
            inspecting,
            worker: FakeWorker::default(),
            config: config(1.0, 5),
            now_secs: 0.0,
            commands: 0,
            ids: Ids::default(),
        }
    }

    fn want(&mut self, alpha: f32, iterations: usize) {
        self.config = config(alpha, iterations);
        let map = MapConfig::default();
        self.inspecting.want(self.config, map, self.now_secs);
    }

    /// The window's turn: so many news are heard, so much time passes.
    fn window(&mut self, heard: usize, secs: f64) {
        for _ in 0..heard {
            match self.worker.news.pop_front() {
                Some(News::Started(run)) => self.inspecting.run_started(run),
                Some(News::Iterated(of, iterate)) => self.inspecting.iterated(of, *iterate),
                Some(News::Inspected(of, result)) => self.inspecting.inspected(of, *result),
                Some(News::Ended(run)) => self.inspecting.run_ended(run),
                None => break,
            }
        }
        self.now_secs += secs;
        let now = (self.config, MapConfig::default());
        let model = ModelId::from(1);
        let due = self
            .inspecting
            .due(self.now_secs, model, now, &mut self.ids);
        self.commands += usize::from(due.is_some());
        self.worker.commands.extend(due);
    }

    /// Until nothing happens any more.
    fn settle(&mut self) {
        for _ in 0..300 {
            self.window(100, 0.2);
            self.worker.turn();
        }
    }

    fn is_right(&self) -> Result<(), TestCaseError> {
        let run = self.inspecting.current().unwrap();
        prop_assert!(!self.inspecting.is_waiting() && !self.inspecting.is_stale());
        prop_assert_eq!(run.projection.alpha, self.config.alpha);
        let wanted = self.config.iterations;
        prop_assert_eq!(self.inspecting.last_shown(wanted), wanted);
        let result = self.inspecting.result.as_ref().unwrap();
        prop_assert_eq!(result.iterations, wanted);
        Ok(())
    }

    fn no_iterate_is_in_a_wrong_run(&self) -> Result<(), TestCaseError> {
        for run in [self.inspecting.current(), self.inspecting.a()] {
            let Some(run) = run else { continue };
            for (t, scalars) in run.recording.scalars().iter().enumerate() {
                prop_assert_eq!(scalars.t, t);
                prop_assert_eq!(scalars.energy, run.projection.alpha);
            }
        }
        Ok(())
    }
}

fn config(alpha: f32, iterations: usize) -> ProjectionConfig {
    ProjectionConfig {
        alpha,
        iterations,
        ..Default::default()
    }
}

#[test]
fn going_back_shows_what_was_computed_at_once_and_asks_for_nothing() {
    let mut bench = Bench::new();
    bench.settle();
    bench.want(2.0, 5);
    bench.settle();
    assert_eq!(bench.commands, 2);
    let generation = bench.inspecting.generation();
    bench.want(1.0, 5);
    assert!(!bench.inspecting.is_stale() && !bench.inspecting.is_waiting());
    assert_eq!(bench.inspecting.current().unwrap().projection.alpha, 1.0);
    assert_ne!(bench.inspecting.generation(), generation);
    bench.settle();
    assert_eq!(bench.commands, 2);
    bench.is_right().unwrap();
}

#[test]
fn more_of_a_kept_run_is_asked_for_by_its_name() {
    let mut bench = Bench::new();
    bench.settle();
    let first = bench.inspecting.current().unwrap().ticket();
    bench.want(2.0, 5);
    bench.settle();
    bench.want(1.0, 9);
    assert_eq!(bench.inspecting.last_shown(9), 5, "what there is is shown");
    assert!(!bench.inspecting.is_stale(), "it is the beginning of it");
    bench.window(0, 1.0);
    let asked = bench.worker.commands[0];
    assert_eq!((asked.ticket, asked.projection), (first, config(1.0, 9)));
    bench.settle();
    bench.is_right().unwrap();
    assert_eq!(bench.inspecting.current().unwrap().ticket(), first);
}

#[test]
fn a_run_that_was_left_while_it_ran_goes_on_unseen() {
    let mut bench = Bench::new();
    bench.settle();
    bench.want(2.0, 5);
    bench.window(0, 0.2);
    bench.worker.turn();
    bench.worker.turn();
    bench.want(1.0, 5);
    bench.settle();
    bench.is_right().unwrap();
    bench.want(2.0, 5);
    bench.is_right().unwrap();
    assert_eq!(bench.commands, 2);
}

#[test]
fn fewer_iterations_have_their_own_scores() {
    let mut bench = Bench::new();
    bench.settle();
    bench.want(1.0, 2);
    let result = bench.inspecting.result.clone().unwrap();
    assert_eq!((result.iterations, result.stop), (2, StopRule::Iterations));
    // To the last bit what a run of two iterations gives, whose maps are |x_0 - x_t|.
    let moved = (picture(0.5).pixels[0] - iterate(&bench.config, 2).iterate.pixels[0]).abs();
    assert_eq!(result.projected_score.value, moved);
    assert_eq!(
        result.projected_score.by,
        Mapper::from(MapConfig::paper()).after(2).projected_maker()
    );
    bench.want(1.0, 5);
    assert_eq!(bench.inspecting.result.as_ref().unwrap().iterations, 5);
}

#[test]
fn fewer_iterations_leave_out_the_same_pixels() {
    let mut bench = Bench::new();
    // Everything but one pixel is to be filled.
    let hole = Picture::new(1, 2, 2, vec![0.0, 1.0, 1.0, 1.0]);
    let image = bench.inspecting.opened.as_mut().unwrap();
    image.hole = Some(hole);
    image.mask = Some(Picture::new(1, 2, 2, vec![0.0, 1.0, 1.0, 1.0]));
    bench.settle();
    bench.want(1.0, 2);
    let result = bench.inspecting.result.clone().unwrap();
    assert!(result.projected_map.pixels[0] > 0.0);
    assert_eq!(result.projected_map.pixels[1..], [0.0; 3]);
    assert_eq!(result.projected_score.value, result.projected_map.pixels[0]);
    assert_eq!(bench.inspecting.pixels, None, "no defective pixel counts");
}

#[test]
fn a_is_kept_whatever_becomes_of_its_run() {
    let mut bench = Bench::new();
    bench.settle();
    bench.inspecting.keep_as_a(bench.config);
    bench.want(1.0, 9);
    bench.settle();
    assert_eq!(bench.inspecting.a().unwrap().done(), 5);
    assert_eq!(bench.inspecting.current().unwrap().done(), 9);
    assert_eq!(bench.inspecting.a_result().unwrap().iterations, 5);
    bench.want(3.0, 9);
    bench.settle();
    bench.inspecting.set_ab_side(AbSide::A);
    assert_eq!(bench.inspecting.on_screen().unwrap().projection.alpha, 1.0);
    assert_eq!(bench.inspecting.shown(9), 5, "A's own newest");
    assert_eq!(bench.inspecting.shown_of(AbSide::B, 9), 9);
    bench.inspecting.timeline.set(Cursor::At(3));
    assert_eq!(bench.inspecting.shown_of(AbSide::A, 9), 3);
    assert_eq!(bench.inspecting.shown_of(AbSide::B, 9), 3);
    bench.inspecting.drop_a();
    assert_eq!(bench.inspecting.ab_side(), AbSide::B);
    assert_eq!(bench.inspecting.on_screen().unwrap().projection.alpha, 3.0);
}

#[test]
fn a_that_was_kept_early_is_completed() {
    let mut bench = Bench::new();
    bench.window(0, 0.2);
    bench.worker.turn();
    bench.worker.turn();
    bench.window(9, 0.0);
    bench.inspecting.keep_as_a(bench.config);
    assert!(bench.inspecting.a().unwrap().done() < 5);
    bench.settle();
    assert_eq!(bench.inspecting.a().unwrap().done(), 5);
    assert_eq!(bench.inspecting.a_result().unwrap().iterations, 5);
}

#[test]
fn another_image_forgets_every_run() {
    let mut bench = Bench::new();
    bench.settle();
    bench.inspecting.keep_as_a(bench.config);
    let image = bench.inspecting.opened.clone().unwrap();
    let now = (bench.config, MapConfig::default());
    bench.inspecting.image_opened(image, now);
    assert!(bench.inspecting.current().is_none() && bench.inspecting.a().is_none());
    assert!(bench.inspecting.recording().is_empty() && bench.inspecting.result.is_none());
    bench.settle();
    bench.is_right().unwrap();
}

#[derive(Clone, Debug)]
enum Act {
    Want(u8, usize),
    Window(usize, f64),
    Worker(usize),
    Keep,
    Recall,
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (1..4u8, 1..12usize).prop_map(|(alpha, n)| Act::Want(alpha, n)),
        3 => (0..9usize, 0.0..0.3f64).prop_map(|(heard, secs)| Act::Window(heard, secs)),
        3 => (1..6usize).prop_map(Act::Worker),
        1 => Just(Act::Keep),
        1 => Just(Act::Recall),
    ]
}

proptest! {
    /// However changes, time, the worker's turns and its news interleave, every iterate lies in the
    /// run of its own parameters, and in the end what was wanted is shown.
    #[test]
    fn no_interleaving_mixes_trajectories(acts in prop::collection::vec(any_act(), 0..60)) {
        let mut bench = Bench::new();
        for act in acts {
            match act {
                Act::Want(alpha, iterations) => bench.want(f32::from(alpha), iterations),
                Act::Window(heard, secs) => bench.window(heard, secs),
                Act::Worker(turns) => (0..turns).for_each(|_| bench.worker.turn()),
                Act::Keep => bench.inspecting.keep_as_a(bench.config),
                Act::Recall => {
                    if let Some(a) = bench.inspecting.recall_a() {
                        bench.want(a.alpha, a.iterations);
                    }
                }
            }
            bench.no_iterate_is_in_a_wrong_run()?;
        }
        bench.settle();
        bench.no_iterate_is_in_a_wrong_run()?;
        bench.is_right()?;
    }
}
