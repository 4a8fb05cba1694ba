//! Counts of right and wrong verdicts, and the rates that follow.

use serde::{Deserialize, Serialize};

use crate::decision::{Thresholds, Verdict};

/// What became of normal and of defective images (or pixels).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Confusion {
    /// Normal and passed (a true negative).
    pub true_pass: u64,
    /// Normal and to be looked at.
    pub review_normal: u64,
    /// Normal and rejected (a false positive).
    pub false_alarm: u64,
    /// Defective and passed (a false negative).
    pub missed: u64,
    /// Defective and to be looked at.
    pub review_defective: u64,
    /// Defective and rejected (a true positive).
    pub found: u64,
}

impl Confusion {
    /// The verdicts on these scores.
    pub fn of(normals: &[f32], defective: &[f32], thresholds: Thresholds) -> Self {
        let mut confusion = Self::default();
        for (scores, is_defective) in [(normals, false), (defective, true)] {
            for &score in scores {
                confusion.add(is_defective, thresholds.verdict(score));
            }
        }
        confusion
    }

    /// Counts one verdict.
    pub fn add(&mut self, is_defective: bool, verdict: Verdict) {
        *self.cell_mut(is_defective, verdict) += 1;
    }

    /// How many there are of a cell.
    pub fn cell(mut self, is_defective: bool, verdict: Verdict) -> u64 {
        *self.cell_mut(is_defective, verdict)
    }

    fn cell_mut(&mut self, is_defective: bool, verdict: Verdict) -> &mut u64 {
        match (is_defective, verdict) {
            (false, Verdict::Pass) => &mut self.true_pass,
            (false, Verdict::Review) => &mut self.review_normal,
            (false, Verdict::Reject) => &mut self.false_alarm,
            (true, Verdict::Pass) => &mut self.missed,
            (true, Verdict::Review) => &mut self.review_defective,
            (true, Verdict::Reject) => &mut self.found,
        }
    }

    /// All normal ones.
    pub fn normals(&self) -> u64 {
        self.true_pass + self.review_normal + self.false_alarm
    }

    /// All defective ones.
    pub fn defective(&self) -> u64 {
        self.missed + self.review_defective + self.found
    }

    /// Share of the defective that was rejected; `None` without any.
    pub fn recall(&self) -> Option<f64> {
        share(self.found, self.defective())
    }

    /// Share of the rejected that is defective; `None` without any.
    pub fn precision(&self) -> Option<f64> {
        share(self.found, self.found + self.false_alarm)
    }

    /// Share of the normal that was rejected; `None` without any.
    pub fn false_alarm_rate(&self) -> Option<f64> {
        share(self.false_alarm, self.normals())
    }

    /// Share of all that has to be looked at; `None` without any.
    pub fn review_rate(&self) -> Option<f64> {
        let reviews = self.review_normal + self.review_defective;
        share(reviews, self.normals() + self.defective())
    }

    /// The harmonic mean of precision and recall, `2 found / (rejected + defective)` (van Rijsbergen
    /// 1979); of pixels it is also the Dice coefficient. `None` when nothing is rejected nor
    /// defective.
    pub fn f1(&self) -> Option<f64> {
        let rejected = self.found + self.false_alarm;
        share(2 * self.found, rejected + self.defective())
    }

    /// Intersection over union of the rejected and the defective, as for pixels; `None` when
    /// nothing is either.
    pub fn iou(&self) -> Option<f64> {
        share(self.found, self.false_alarm + self.defective())
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THRESHOLDS: Thresholds = Thresholds {
        review: 0.3,
        reject: 0.6,
    };

    #[test]
    fn verdicts_fill_their_cells() {
        let normals = [0.1, 0.2, 0.3, 0.4, 0.7];
        let defective = [0.2, 0.5, 0.6, 0.8, 0.9, 1.0, f32::NAN];
        let confusion = Confusion::of(&normals, &defective, THRESHOLDS);
        let expected = Confusion {
            true_pass: 3,
            review_normal: 1,
            false_alarm: 1,
            missed: 1,
            review_defective: 3,
            found: 3,
        };
        assert_eq!(confusion, expected);
        assert_eq!((confusion.normals(), confusion.defective()), (5, 7));
        let sum: u64 = [false, true]
            .into_iter()
            .flat_map(|kind| Verdict::ALL.map(|verdict| confusion.cell(kind, verdict)))
            .sum();
        assert_eq!(sum, 12);
    }

    #[test]
    fn rates_are_the_textbooks() {
        let confusion = Confusion {
            true_pass: 90,
            review_normal: 6,
            false_alarm: 4,
            missed: 5,
            review_defective: 3,
            found: 12,
        };
        assert_eq!(confusion.recall(), Some(12.0 / 20.0));
        assert_eq!(confusion.precision(), Some(12.0 / 16.0));
        assert_eq!(confusion.false_alarm_rate(), Some(0.04));
        assert_eq!(confusion.review_rate(), Some(9.0 / 120.0));
        // 2 * 0.6 * 0.75 / (0.6 + 0.75)
        assert_eq!(confusion.f1(), Some(24.0 / 36.0));
        assert_eq!(confusion.iou(), Some(12.0 / 24.0));
    }

    #[test]
    fn rates_of_nothing_are_undefined() {
        let nothing = Confusion::default();
        for rate in [
            nothing.recall(),
            nothing.precision(),
            nothing.false_alarm_rate(),
            nothing.review_rate(),
            nothing.f1(),
            nothing.iou(),
        ] {
            assert_eq!(rate, None);
        }
    }
}
