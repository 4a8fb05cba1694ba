//! Whether the scores of parts have left those of the normal images that a model was calibrated with.
//!
//! Light, focus and position change slowly; long before good parts are rejected, the bulk of the scores has
//! moved. Defective parts are few and move the largest scores alone, so the bulk is what is compared.

use std::collections::VecDeque;

/// How many of the last scores are compared.
pub const WINDOW: usize = 100;

/// Scores have drifted when one of the last ones is above a normal one with this probability, or, below, with
/// what this leaves; 0.5 is no drift, and with one defective part in ten it is 0.55 at most.
const DRIFTED: f64 = 0.75;

/// Drift that was found is over when the probability is back within this.
const BACK: f64 = 0.65;

/// By how many standard deviations of chance the probability must be off.
const SURE: f64 = 4.0;

/// Where the scores have gone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Drift {
    /// They are higher than those of normal images: false alarms are about to climb.
    Higher,
    /// They are lower: the pictures are others than those that were measured, and defects may hide.
    Lower,
}

/// Follows the scores of parts as they come.
#[derive(Clone, Debug)]
pub struct DriftWatch {
    /// In ascending order.
    normals: Vec<f32>,
    last: VecDeque<f32>,
    drift: Option<Drift>,
}

impl DriftWatch {
    /// Against the scores of normal images, in any order; those that are not finite are left out.
    pub fn new(normals: &[f32]) -> Self {
        let mut normals: Vec<f32> = finite(normals).collect();
        normals.sort_by(f32::total_cmp);
        Self {
            normals,
            last: VecDeque::with_capacity(WINDOW),
            drift: None,
        }
    }

    /// Takes the next score; one that is not finite says nothing.
    ///
    /// Returns where the scores have gone if that has just become another answer: `Some(None)` when they are
    /// back. Nothing is said before [`WINDOW`] of them.
    pub fn add(&mut self, score: f32) -> Option<Option<Drift>> {
        if !score.is_finite() {
            return None;
        }
        if self.last.len() == WINDOW {
            self.last.pop_front();
        }
        self.last.push_back(score);
        let now = self.now()?;
        (now != self.drift).then(|| {
            self.drift = now;
            now
        })
    }

    /// Where the scores have gone; `None` where too few tell.
    fn now(&self) -> Option<Option<Drift>> {
        if self.last.len() < WINDOW || self.normals.is_empty() {
            return None;
        }
        let above = self.probability_above();
        let off = (above - 0.5).abs();
        // Of the Mann-Whitney statistic without any difference: (m + n + 1) / (12 m n).
        let (m, n) = (self.last.len() as f64, self.normals.len() as f64);
        let chance = ((m + n + 1.0) / (12.0 * m * n)).sqrt();
        let where_to = match above > 0.5 {
            true => Drift::Higher,
            false => Drift::Lower,
        };
        let least = match self.drift == Some(where_to) {
            true => BACK,
            false => DRIFTED,
        };
        Some((off >= least - 0.5 && off >= SURE * chance).then_some(where_to))
    }

    /// The probability that one of the last scores is above one of the normals', equal ones counted half.
    fn probability_above(&self) -> f64 {
        let sum: usize = self
            .last
            .iter()
            .map(|score| {
                let below = self.normals.partition_point(|normal| normal < score);
                let up_to = self.normals.partition_point(|normal| normal <= score);
                below + up_to
            })
            .sum();
        sum as f64 / (2 * self.last.len() * self.normals.len()) as f64
    }
}

fn finite(scores: &[f32]) -> impl Iterator<Item = f32> {
    scores.iter().copied().filter(|score| score.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evenly spread scores.
    fn spread(count: usize, from: f32, to: f32) -> Vec<f32> {
        let step = (to - from) / count as f32;
        // 37 is prime to the counts used: neighbours come at different times.
        (0..count)
            .map(|i| from + step * ((37 * i % count) as f32 + 0.5))
            .collect()
    }

    fn said(watch: &mut DriftWatch, scores: &[f32]) -> Vec<Option<Drift>> {
        scores
            .iter()
            .filter_map(|score| watch.add(*score))
            .collect()
    }

    #[test]
    fn scores_like_those_of_normals_are_no_drift() {
        let mut watch = DriftWatch::new(&spread(40, 1.0, 2.0));
        assert_eq!(said(&mut watch, &spread(500, 1.0, 2.0)), []);
    }

    #[test]
    fn one_defective_part_in_ten_is_no_drift() {
        let mut watch = DriftWatch::new(&spread(40, 1.0, 2.0));
        let mut scores = spread(500, 1.0, 2.0);
        scores.iter_mut().step_by(10).for_each(|score| *score = 9.0);
        assert_eq!(said(&mut watch, &scores), []);
    }

    #[test]
    fn drift_is_said_once_before_good_parts_are_rejected_and_so_is_its_end() {
        let normals = spread(40, 1.0, 2.0);
        let highest = normals.iter().copied().fold(0.0, f32::max);
        let mut watch = DriftWatch::new(&normals);
        let higher = spread(100, 1.7, 1.95);
        assert!(
            higher.iter().all(|score| *score < highest),
            "none is rejected"
        );
        assert_eq!(said(&mut watch, &spread(100, 1.2, 1.6)), []);
        assert_eq!(said(&mut watch, &higher), [Some(Drift::Higher)]);
        assert_eq!(said(&mut watch, &spread(100, 1.0, 2.0)), [None]);
        assert_eq!(
            said(&mut watch, &spread(100, 0.2, 1.1)),
            [Some(Drift::Lower)]
        );
    }

    #[test]
    fn few_scores_and_few_normals_say_nothing() {
        let mut watch = DriftWatch::new(&spread(40, 1.0, 2.0));
        assert_eq!(said(&mut watch, &[9.0; WINDOW - 1]), []);
        assert_eq!(watch.add(f32::NAN), None);
        assert_eq!(watch.add(9.0), Some(Some(Drift::Higher)));
        let mut of_none = DriftWatch::new(&[f32::NAN]);
        assert_eq!(said(&mut of_none, &[9.0; 200]), []);
        // Three normals tell nothing for sure.
        let mut of_three = DriftWatch::new(&[1.0, 1.1, 1.2]);
        assert_eq!(said(&mut of_three, &spread(200, 1.0, 1.6)), []);
    }
}
