//! The worker's grid of projections of one image: every pair of step size and weight, all of them
//! one iteration further a round.

use std::ops::Range;
use std::time::{Duration, Instant};

use kizumi_compute::inspector::{Inspector, Step, Subject};
use kizumi_compute::projector::Pair;
use kizumi_compute::tensors::ComputeError;
use kizumi_compute::tiling::Tiling;
use kizumi_image::picture::Picture;
use kizumi_image::setting::{Setting, require_not_negative, require_positive};

use super::detector::Detector;
use super::message::{
    Denial, Event, Failure, Job, Outcome, Sheet, SheetCell, SheetId, SheetRequest,
};
use super::outbox::Outbox;
use super::pace::Pace;

/// The most pairs of a grid.
pub const PAIRS: usize = 64;

/// The most bytes of pictures in a grid's cells.
const CELLS_LIMIT_BYTES: usize = 256 << 20;

/// Network inputs of 128 x 128 pixels whose iterates are kept on the device at a time: about
/// 300 MB in RGB. Grids with more, of textures, are worked off in parts.
const HELD_PX: usize = 256 * 128 * 128;

/// How often the window is shown the grid while it changes.
const REPORT_EVERY: Duration = Duration::from_millis(200);

/// A grid in the making.
pub struct SheetJob {
    detector: Detector,
    subject: Subject,
    pairs: Vec<Pair>,
    sheet: Sheet,
    /// Pairs projected as one batch.
    batch: usize,
    /// Pairs that move at a time, and which ones do.
    part: usize,
    moving: Range<usize>,
    batches: Vec<Batch>,
    /// The batch whose turn it is in this round.
    turn: usize,
    reported_at: Option<Instant>,
}

/// Some of the pairs.
struct Batch {
    pairs: Range<usize>,
    inspector: Inspector,
    moves: bool,
}

impl SheetJob {
    /// Nothing computed yet.
    ///
    /// # Errors
    /// Which part of the request is out of range, or that its cells need too much memory.
    pub fn new(
        id: SheetId,
        detector: Detector,
        subject: Subject,
        request: SheetRequest,
        pace: Pace,
    ) -> Result<Self, Failure> {
        let pairs = pairs_of(&request)?;
        let Picture {
            channels,
            height,
            width,
            ..
        } = subject.picture;
        let cell_bytes = (channels + 1) * height * width * size_of::<f32>();
        if pairs.len() * cell_bytes > CELLS_LIMIT_BYTES {
            let most = CELLS_LIMIT_BYTES / cell_bytes.max(1);
            return Err(Denial::HeavyGrid {
                projections: pairs.len(),
                picture_px: (width, height),
                most,
            }
            .into());
        }
        let size_px = detector.network.config.size_px;
        // A picture that is too small is refused when its projection begins.
        let tiles = match height.min(width) >= size_px {
            true => Tiling::new(height, width, size_px).len(),
            false => 1,
        };
        let batch = (pace.sheet_inputs(size_px) / tiles).max(1);
        let part = (HELD_PX / (size_px.pow(2) * tiles)).max(batch);
        Ok(Self {
            detector,
            subject,
            moving: 0..part.min(pairs.len()),
            pairs,
            sheet: Sheet {
                id,
                request,
                ..Default::default()
            },
            batch,
            part,
            batches: Vec::new(),
            turn: 0,
            reported_at: None,
        })
    }

    /// Begins one batch or does one iteration of one; `true` when nothing is left to do.
    pub fn advance(&mut self, out: &mut Outbox) -> Result<bool, ComputeError> {
        let begun = self.batches.last().map(|batch| batch.pairs.end);
        let begun = begun.unwrap_or(self.moving.start);
        if begun < self.moving.end {
            self.begin(begun..(begun + self.batch).min(self.moving.end))?;
            return Ok(false);
        }
        match self.batches[self.turn..].iter().position(|one| one.moves) {
            Some(ahead) => {
                self.turn += ahead + 1;
                self.batches[self.turn - 1].step()?;
            }
            None if self.turn > 0 => {
                self.turn = 0;
                self.report(out)?;
            }
            None => {
                self.collect()?;
                self.batches.clear();
                let start = self.moving.end;
                self.moving = start..(start + self.part).min(self.pairs.len());
            }
        }
        Ok(self.moving.is_empty())
    }

    /// Tells the grid as far as it came, and that it is over.
    pub fn finish(mut self, outcome: Outcome, out: &mut Outbox) {
        if outcome == Outcome::Stopped {
            // A device that fails now leaves the cells of the last report.
            let _ = self.collect();
        }
        let job = Job::Sheet(self.sheet.id);
        if !self.sheet.cells.is_empty() {
            out.send(Event::Sheet(Box::new(self.sheet)));
        }
        out.send(Event::Ended(job, outcome));
    }

    fn begin(&mut self, pairs: Range<usize>) -> Result<(), ComputeError> {
        let SheetRequest {
            projection, map, ..
        } = self.sheet.request;
        let subjects = self.pairs[pairs.clone()]
            .iter()
            .map(|pair| (self.subject.clone(), *pair))
            .collect();
        let inspector = self.detector.inspect(subjects, projection, map)?;
        if self.sheet.cells.is_empty() {
            self.lay_out(&inspector)?;
        }
        let moves = inspector.stopped()?.contains(&None);
        self.batches.push(Batch {
            pairs,
            inspector,
            moves,
        });
        Ok(())
    }

    /// All cells at t = 0, where they differ in nothing but their step size.
    fn lay_out(&mut self, inspector: &Inspector) -> Result<(), ComputeError> {
        let Some(first) = cells(inspector, inspector.observe()?).next() else {
            return Ok(());
        };
        let cell = |pair: &Pair| {
            let mut cell = first.clone();
            cell.scalars.alpha = pair.alpha;
            cell
        };
        self.sheet.cells = self.pairs.iter().map(cell).collect();
        Ok(())
    }

    fn report(&mut self, out: &mut Outbox) -> Result<(), ComputeError> {
        let cap = self.sheet.request.projection.iterations;
        let before = self.moving.start * cap;
        let now = self.batches.iter().map(|batch| {
            batch.pairs.len()
                * if batch.moves {
                    batch.inspector.t()
                } else {
                    cap
                }
        });
        out.offer(Event::Progress {
            job: Job::Sheet(self.sheet.id),
            done: (before + now.sum::<usize>()) as u64,
            total: (self.pairs.len() * cap) as u64,
        });
        let is_due = self
            .reported_at
            .is_none_or(|at| at.elapsed() >= REPORT_EVERY);
        if is_due && out.is_idle() {
            self.collect()?;
            out.offer(Event::Sheet(Box::new(self.sheet.clone())));
            self.reported_at = Some(Instant::now());
        }
        Ok(())
    }

    /// Brings the cells of the pairs that move up to date.
    fn collect(&mut self) -> Result<(), ComputeError> {
        for Batch {
            pairs, inspector, ..
        } in &self.batches
        {
            let now = cells(inspector, inspector.observe()?);
            let places = &mut self.sheet.cells[pairs.clone()];
            places
                .iter_mut()
                .zip(now)
                .for_each(|(cell, now)| *cell = now);
        }
        let ts = self.sheet.cells.iter().map(|cell| cell.scalars.t);
        self.sheet.t = ts.max().unwrap_or(0);
        Ok(())
    }
}

impl Batch {
    fn step(&mut self) -> Result<(), ComputeError> {
        self.inspector.step();
        // Waits for the device, so that no queue of work builds up before a more urgent request.
        self.moves = self.inspector.stopped()?.contains(&None);
        Ok(())
    }
}

fn cells(inspector: &Inspector, step: Step) -> impl Iterator<Item = SheetCell> {
    let inspections = inspector.inspections(&step).into_iter();
    let now = step.iterates.into_iter().zip(step.stopped);
    now.zip(inspections)
        .map(|((iterate, stop), inspection)| SheetCell {
            scalars: iterate.scalars,
            iterate: iterate.iterate,
            map: inspection.projected_map.values,
            score: inspection.projected_score.value,
            stop,
        })
}

/// The pairs row after row: a weight each row, a step size each column.
fn pairs_of(request: &SheetRequest) -> Result<Vec<Pair>, Failure> {
    let SheetRequest {
        alphas,
        lambdas,
        projection,
        map,
    } = request;
    projection.validate()?;
    map.validate()?;
    if alphas.is_empty() || lambdas.is_empty() {
        return Err(Denial::EmptyGrid.into());
    }
    if alphas.len().saturating_mul(lambdas.len()) > PAIRS {
        return Err(Denial::LargeGrid {
            asked: (alphas.len(), lambdas.len()),
            most: PAIRS,
        }
        .into());
    }
    for alpha in alphas {
        require_positive(Setting::Alpha, *alpha)?;
    }
    for lambda in lambdas {
        require_not_negative(Setting::Lambda, *lambda)?;
    }
    let row = |&lambda: &f32| alphas.iter().map(move |&alpha| Pair { alpha, lambda });
    Ok(lambdas.iter().flat_map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(alphas: &[f32], lambdas: &[f32]) -> String {
        let request = SheetRequest {
            alphas: alphas.into(),
            lambdas: lambdas.into(),
            ..Default::default()
        };
        pairs_of(&request).expect_err("this is out of range").text
    }

    #[test]
    fn rows_are_weights_and_columns_step_sizes() {
        let request = SheetRequest {
            alphas: vec![0.5, 1.0],
            lambdas: vec![0.0, 0.1, 0.2],
            ..Default::default()
        };
        let pairs = pairs_of(&request).expect("in range");
        assert_eq!(pairs.len(), 6);
        let [alpha, lambda] = [0.5, 0.1];
        assert_eq!(pairs[2], Pair { alpha, lambda });
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        assert!(complaint(&[], &[0.1]).contains("at least one"));
        assert!(complaint(&[0.5], &[]).contains("at least one"));
        assert!(complaint(&[0.5, 0.0], &[0.1]).contains("alpha 0"));
        assert!(complaint(&[f32::NAN], &[0.1]).contains("alpha NaN"));
        assert!(complaint(&[0.5], &[0.1, -1.0]).contains("lambda -1"));
        assert!(complaint(&[0.5], &[f32::INFINITY]).contains("lambda inf"));
        assert!(complaint(&[0.5; 13], &[0.1; 5]).contains("more than 64"));
    }
}
