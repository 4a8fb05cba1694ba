//! The rounds of a search: which measurements follow from which.

use std::collections::VecDeque;
use std::sync::Arc;

use super::cases::{Amount, Cases, VERSIONS};
use super::grid;
use super::measurement::{Ground, Measured, Measurement};
use crate::memories::Memories;
use crate::network::Vae;
use crate::normals::Normals;
use crate::tensors::ComputeError;
use kizumi_image::picture::Picture;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{DataConfig, MapConfig, ProjectionConfig};
use kizumi_method::maker::ModelMark;
use kizumi_method::metrics::standard_error;
use kizumi_method::tuning::{Comparison, Round, Setting, Trial, TuningResult};

/// The projections of the coarse round that the fine round starts with, beside the start.
const KEPT: usize = 3;

/// The most projections of the fine round: the start, those kept, and four around the best.
const FINE: usize = 1 + KEPT + 4;

/// What a search needs to know.
pub struct Task {
    /// The network.
    pub network: Vae,
    /// How files become inputs.
    pub data: DataConfig,
    /// Which model it is.
    pub model: ModelMark,
    /// What it remembers of the features of normal images.
    pub memories: Option<Memories>,
    /// Regions that are left out.
    pub ignored: Option<Picture>,
    /// The model's own: of what projections stop at.
    pub calibration: Arc<Calibration>,
    /// The setting to start with.
    pub start: Setting,
    /// Decides the defects, and which images.
    pub seed: u64,
    /// Spoilt images of the last round; the fine round has half, the coarse one a quarter.
    pub images: usize,
}

/// A search in the making.
pub struct Search {
    task: Task,
    normals: Arc<Normals>,
    ground: Arc<Ground>,
    /// Projections of this round that were not begun, and what they are looked at with.
    waiting: VecDeque<ProjectionConfig>,
    marks: Vec<usize>,
    maps: Vec<MapConfig>,
    measuring: Option<Measurement>,
    /// What this round found.
    measured: Vec<Measured>,
    tried: Vec<Trial>,
    /// Work done in measurements that are over.
    done: u64,
    is_hurried: bool,
    comparison: Option<Comparison>,
    is_done: bool,
}

impl Search {
    /// Nothing measured yet.
    pub fn new(task: Task, normals: Arc<Normals>) -> Self {
        let (projection, map) = task.start;
        Self {
            ground: Arc::new(ground(&task, &normals, Round::Coarse)),
            waiting: grid::coarse(&projection, task.model).into(),
            marks: grid::marks(&projection),
            maps: grid::coarse_maps(&map, task.model),
            task,
            normals,
            measuring: None,
            measured: Vec::new(),
            tried: Vec::new(),
            done: 0,
            is_hurried: false,
            comparison: None,
            is_done: false,
        }
    }

    /// Images with a synthetic defect in this round.
    pub fn spoilt(&self) -> usize {
        self.ground.cases.spoilt()
    }

    /// What was tried so far, in order.
    pub fn tried(&self) -> &[Trial] {
        &self.tried
    }

    /// Compares the best so far with the start, and that is it.
    pub fn hurry(&mut self) {
        self.is_hurried = true;
    }

    /// Work done, and work in all; the latter is a guess that gets better.
    pub fn progress(&self) -> (u64, u64) {
        let current = self.measuring.as_ref().map_or(0, Measurement::progress);
        let done = self.done + current;
        if self.is_done {
            return (done, done);
        }
        let images = self.ground.cases.all.len();
        let own = Measurement::work(images, &self.marks, self.maps.len());
        let mut left = match self.is_hurried {
            true => 0,
            false => own * self.waiting.len() as u64,
        };
        if self.measuring.is_some() {
            left += own.saturating_sub(current);
        }
        let (projection, map) = self.task.start;
        let later = |round: Round, projections: usize, maps: usize| -> u64 {
            let amount = amount(&self.task, &self.normals, round);
            let images = 2 * amount.spoilt + amount.others;
            let one = Measurement::work(images, &grid::marks(&projection), maps);
            projections as u64 * one
        };
        if self.ground.round == Round::Coarse && !self.is_hurried {
            let maps = grid::fine_maps(&map, self.task.model).len();
            left += later(Round::Fine, FINE, maps);
        }
        if self.ground.round != Round::Final {
            left += later(Round::Final, 2, 1);
        }
        (done, done + left)
    }

    /// A small step; the result at the end.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn step(&mut self) -> Result<Option<TuningResult>, ComputeError> {
        let Some(measuring) = &mut self.measuring else {
            // The start is always measured: everything is compared with it.
            let goes_on =
                !self.is_hurried || self.measured.is_empty() || self.ground.round == Round::Final;
            let next = goes_on.then(|| self.waiting.pop_front()).flatten();
            return Ok(match next {
                Some(projection) => {
                    self.begin(projection);
                    None
                }
                None => self.end_of_round(),
            });
        };
        measuring.step()?;
        if let Some(measured) = measuring.finished() {
            self.done += measuring.progress();
            self.measuring = None;
            let trials = measured.iter().map(|measured| measured.trial.clone());
            self.tried.extend(trials);
            self.measured.extend(measured);
        }
        Ok(None)
    }

    fn begin(&mut self, projection: ProjectionConfig) {
        // In the last round each setting is looked at with its own maps and iterations alone.
        let (marks, maps) = match (self.ground.round, &self.comparison) {
            (Round::Final, Some(comparison)) => {
                let is_start = projection == self.task.start.0 && self.measured.is_empty();
                let map = if is_start {
                    self.task.start.1
                } else {
                    comparison.map
                };
                (vec![projection.iterations], vec![map])
            }
            _ => (self.marks.clone(), self.maps.clone()),
        };
        let measurement = Measurement::new(self.ground.clone(), projection, marks, maps);
        self.measuring = Some(measurement);
    }

    fn end_of_round(&mut self) -> Option<TuningResult> {
        match self.ground.round {
            Round::Coarse if !self.is_hurried => {
                self.begin_fine();
                None
            }
            Round::Coarse | Round::Fine => match self.best() {
                Some(best) => {
                    self.begin_final(best);
                    None
                }
                None => Some(self.finish()),
            },
            Round::Final => Some(self.finish()),
        }
    }

    fn begin_fine(&mut self) {
        let (start, map) = self.task.start;
        // The best that each projection did, whatever the iterations and the maps.
        let mut ranked: Vec<(f64, ProjectionConfig)> = Vec::new();
        for Measured { trial, .. } in &self.measured {
            let projection = ProjectionConfig {
                iterations: start.iterations,
                ..trial.projection
            };
            let criterion = trial.figures.criterion();
            match ranked.iter_mut().find(|(_, known)| *known == projection) {
                Some((best, _)) => *best = best.max(criterion),
                None => ranked.push((criterion, projection)),
            }
        }
        ranked.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let mut next = vec![start];
        let kept = ranked.iter().map(|(_, projection)| *projection);
        next.extend(kept.take(KEPT));
        if let Some((_, best)) = ranked.first() {
            next.extend(grid::around(best));
        }
        self.waiting = grid::without_repeats(next).into();
        self.maps = grid::fine_maps(&map, self.task.model);
        self.measured.clear();
        self.ground = Arc::new(ground(&self.task, &self.normals, Round::Fine));
    }

    /// The best setting of this round, if it is better than the start and worse in no figure. Of
    /// equals the one with the fewest iterations.
    fn best(&self) -> Option<Setting> {
        let of_start = self
            .measured
            .iter()
            .find(|measured| measured.trial.setting() == self.task.start)?;
        let start = of_start.trial.figures;
        let better = self.measured.iter().filter(|measured| {
            let figures = &measured.trial.figures;
            figures.criterion() > start.criterion() && figures.is_nowhere_worse_than(&start)
        });
        let best = better.max_by(|a, b| {
            let rank = |measured: &Measured| measured.trial.figures.criterion();
            let iterations = |measured: &Measured| measured.trial.projection.iterations;
            rank(a)
                .total_cmp(&rank(b))
                .then(iterations(b).cmp(&iterations(a)))
        });
        best.map(|best| best.trial.setting())
    }

    fn begin_final(&mut self, (projection, map): Setting) {
        self.comparison = Some(Comparison {
            projection,
            map,
            found: Default::default(),
            start: Default::default(),
            standard_error: f64::INFINITY,
        });
        self.measured.clear();
        self.waiting = [self.task.start.0, projection].into();
        self.ground = Arc::new(ground(&self.task, &self.normals, Round::Final));
    }

    fn finish(&mut self) -> TuningResult {
        self.is_done = true;
        let comparison = match (self.comparison, &self.measured[..]) {
            (Some(comparison), [start, found]) => {
                let pairs = start.influence.iter().zip(&found.influence);
                Some(Comparison {
                    found: found.trial.figures,
                    start: start.trial.figures,
                    standard_error: standard_error(pairs.map(|(a, b)| b - a)),
                    ..comparison
                })
            }
            // Not both could be measured.
            (comparison, _) => comparison,
        };
        let taken = comparison.filter(Comparison::is_clear);
        TuningResult {
            start: self.task.start,
            best: taken.map_or(self.task.start, |taken| (taken.projection, taken.map)),
            comparison,
            tried: self.tried.clone(),
        }
    }
}

/// How much a round is tried on.
fn amount(task: &Task, normals: &Normals, round: Round) -> Amount {
    let share = match round {
        Round::Coarse => 4,
        Round::Fine => 2,
        Round::Final => 1,
    };
    let spoilt = (task.images / share).max(1);
    let held_out = normals.held_out.len();
    Amount {
        spoilt: spoilt.min(VERSIONS * held_out),
        // Few held-out images say little about what normal images show.
        others: spoilt.min(normals.training.len()),
    }
}

fn ground(task: &Task, normals: &Normals, round: Round) -> Ground {
    let draw = match round {
        Round::Coarse => "tuning, coarse",
        Round::Fine => "tuning, fine",
        Round::Final => "tuning, final",
    };
    Ground {
        round,
        network: task.network.clone(),
        data: task.data.clone(),
        calibration: task.calibration.clone(),
        model: task.model,
        cases: Cases::new(
            normals,
            &task.data,
            task.ignored.as_ref(),
            task.memories.as_ref(),
            amount(task, normals, round),
            task.seed,
            draw,
        ),
    }
}
