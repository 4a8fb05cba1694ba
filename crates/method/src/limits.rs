//! What the scores of normal images make of a score: thresholds, how sure they are, and a confidence.

use super::anomaly_map::percentile;
use super::decision::{Decision, Thresholds};
use super::interval::Interval;

/// Turns a median absolute deviation into the standard deviation of a normal distribution.
const DEVIATION_OF_MAD: f32 = 1.4826;

/// Turns a standard deviation into the scale of the logistic distribution that has it: sqrt(3) / pi.
const LOGISTIC_SCALE: f32 = 0.551_329;

/// The scale is at least this share of the threshold, however much alike few normals are.
const LEAST_SCALE: f32 = 0.05;

/// How scores of one kind are judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// What is good enough.
    pub thresholds: Thresholds,
    /// How far from the threshold a score has to be to be clear: the scale of the logistic distribution
    /// that spreads as the normals do, `1.4826 MAD sqrt(3) / pi`, and at least 5 % of the threshold.
    pub scale: f32,
    /// Where the reject threshold would lie if all normals there are had been measured; `None` where it
    /// was set by hand or nothing was measured.
    pub interval: Option<Interval>,
    /// How many normals were measured.
    pub normals: usize,
    /// Whether they are too few to measure the accepted share of false alarms.
    pub too_few: bool,
}

impl Limits {
    /// Of projected scores: thresholds set by hand if there are any, else
    /// [`automatic`](Self::automatic) ones. `None` where neither is known.
    pub fn new(decision: &Decision, normals: &[f32]) -> Option<Self> {
        match decision.by_hand {
            Some(by_hand) => Some(Self {
                thresholds: by_hand,
                scale: scale(normals, by_hand.reject),
                interval: None,
                normals: normals.len(),
                too_few: false,
            }),
            None => Self::automatic(decision, normals),
        }
    }

    /// What the accepted shares make of the scores of normal images, in any order; `None` without a
    /// finite one.
    pub fn automatic(decision: &Decision, normals: &[f32]) -> Option<Self> {
        let thresholds = decision.automatic_thresholds(normals)?;
        let mut sorted = finite(normals);
        sorted.sort_by(f32::total_cmp);
        let needed = decision.needed_normals();
        Some(Self {
            thresholds,
            scale: scale(&sorted, thresholds.reject),
            interval: Interval::of_quantile(&sorted, decision.false_alarms),
            normals: sorted.len(),
            too_few: needed.is_some_and(|needed| sorted.len() < needed),
        })
    }

    /// How confidently a score tells a defect, `0.0..=1.0`: `1 / (1 + exp(-(score - threshold) / scale))`,
    /// 0.5 at the reject threshold. NaN stays NaN.
    pub fn confidence(&self, score: f32) -> f32 {
        1.0 / (1.0 + (-(score - self.thresholds.reject) / self.scale).exp())
    }

    /// From which score on an image is to be looked at: where too few normals leave the threshold open, that is as low as
    /// it may lie.
    pub fn review_from(&self) -> f32 {
        let review = self.thresholds.review;
        let open = self.interval.filter(|_| self.too_few);
        open.map_or(review, |between| review.min(between.low))
    }

    /// Whether too few normals leave it open on which side of the threshold the score is.
    pub fn is_open(&self, score: f32) -> bool {
        self.too_few && self.interval.is_some_and(|between| score >= between.low)
    }
}

fn finite(scores: &[f32]) -> Vec<f32> {
    let finite = scores.iter().copied().filter(|score| score.is_finite());
    finite.collect()
}

fn scale(normals: &[f32], threshold: f32) -> f32 {
    let least = (LEAST_SCALE * threshold.abs()).max(f32::MIN_POSITIVE);
    let median = |values: Vec<f32>| percentile(values, 50.0);
    let normals = finite(normals);
    let Some(middle) = median(normals.clone()) else {
        return least;
    };
    let off = normals.iter().map(|score| (score - middle).abs());
    let spread = median(off.collect()).unwrap_or(0.0);
    (LOGISTIC_SCALE * DEVIATION_OF_MAD * spread).max(least)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(normals: &[f32]) -> Limits {
        Limits::new(&Decision::default(), normals).unwrap()
    }

    #[test]
    fn confidence_is_logistic_around_the_threshold() {
        // numpy: percentile 98 of 0..=100, 1.4826 * median(|x - 50|) * sqrt(3) / pi.
        let normals: Vec<f32> = (0..=100).map(|value| value as f32).collect();
        let limits = of(&normals);
        assert!((limits.thresholds.reject - 98.0).abs() < 1e-4);
        assert!((limits.scale - 20.435_1).abs() < 1e-3, "{}", limits.scale);
        assert!(!limits.too_few);
        for (score, confidence) in [
            (98.0, 0.5),
            (98.0 + limits.scale, 0.731_058_6),
            (50.0, 0.087),
        ] {
            let found = limits.confidence(score);
            assert!((found - confidence).abs() < 1e-3, "{score}: {found}");
        }
        assert_eq!(limits.confidence(f32::INFINITY), 1.0);
        assert_eq!(limits.confidence(-1e9), 0.0);
        assert!(limits.confidence(f32::NAN).is_nan());
    }

    #[test]
    fn normals_that_are_all_alike_make_nothing_certain() {
        let limits = of(&[4.0, 4.0, 4.0]);
        assert!((limits.scale - 0.2).abs() < 1e-6);
        assert!(of(&[0.0]).scale > 0.0);
    }

    #[test]
    fn few_normals_leave_scores_near_the_threshold_open() {
        let limits = of(&[1.0, 3.0, 2.0, f32::NAN]);
        assert_eq!((limits.normals, limits.too_few), (3, true));
        assert_eq!(limits.interval.unwrap().high, None);
        assert!(!limits.is_open(1.9) && limits.is_open(2.0));
        let many: Vec<f32> = (0..60).map(|value| value as f32).collect();
        assert!(!of(&many).is_open(59.0));
    }

    #[test]
    fn what_a_person_sets_is_not_uncertain() {
        let decision = Decision {
            by_hand: Some([1.0, 2.0].into()),
            ..Decision::default()
        };
        let limits = Limits::new(&decision, &[]).unwrap();
        assert_eq!((limits.interval, limits.is_open(1.9)), (None, false));
        assert_eq!(limits.confidence(2.0), 0.5);
        assert_eq!(Limits::automatic(&decision, &[]), None);
    }
}
