//! A verdict, and why it is what it is.

use serde::{Deserialize, Serialize};

use super::decision::Verdict;
use super::likeness::Unlike;
use super::limited_score::LimitedScore;

/// Why a verdict is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The projected score is above the reject threshold.
    AboveThreshold,
    /// It is too near the threshold to tell.
    NearThreshold,
    /// So few normals were measured that nobody knows where the threshold is.
    TooFewNormals,
    /// By one of the plain and the projected score the part would be rejected, by the other it would pass.
    MapsDisagree,
    /// The picture is unlike those that the model knows.
    UnlikeModel(Unlike),
    /// A score is not finite.
    NotANumber,
}

impl Reason {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::AboveThreshold => "above-threshold",
            Self::NearThreshold => "near-threshold",
            Self::TooFewNormals => "too-few-normals",
            Self::MapsDisagree => "maps-disagree",
            Self::UnlikeModel(unlike) => unlike.name(),
            Self::NotANumber => "not-a-number",
        }
    }
}

/// Reasons, the foremost first; a part that simply passes has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reasons([Option<Reason>; 4]);

impl Reasons {
    fn push(&mut self, reason: Reason) {
        if let Some(free) = self.0.iter_mut().find(|place| place.is_none()) {
            *free = Some(reason);
        }
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Reason> + '_ {
        self.0.iter().flatten().copied()
    }

    /// Whether it is one of them.
    pub fn contains(&self, reason: Reason) -> bool {
        self.0.contains(&Some(reason))
    }
}

/// What becomes of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Pass, review or reject.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Reasons,
}

impl Judgement {
    /// By the projected score. It is to be looked at, too, where the plain score, with limits of its own,
    /// says the opposite, where a pass is near a threshold that too few normals told, and where the
    /// picture is `unlike` those of the model. `None` without limits of the projected score, but a score that
    /// is not finite is to be looked at whatever the limits are.
    pub fn of(
        projected: &LimitedScore,
        plain: &LimitedScore,
        unlike: Option<Unlike>,
    ) -> Option<Self> {
        let mut reasons = Reasons::default();
        if !(projected.value.is_finite() && plain.value.is_finite()) {
            reasons.push(Reason::NotANumber);
            let verdict = Verdict::Review;
            return Some(Self { verdict, reasons });
        }
        let (score, limits) = (projected.value, projected.limits?);
        let own = limits.thresholds.verdict(score);
        let mut verdict = own;
        match own {
            Verdict::Reject => reasons.push(Reason::AboveThreshold),
            Verdict::Review => reasons.push(Reason::NearThreshold),
            Verdict::Pass if limits.is_open(score) => {
                verdict = Verdict::Review;
                reasons.push(Reason::NearThreshold);
                reasons.push(Reason::TooFewNormals);
            }
            Verdict::Pass => {}
        }
        let opposite = [
            (Verdict::Pass, Some(Verdict::Reject)),
            (Verdict::Reject, Some(Verdict::Pass)),
        ];
        if opposite.contains(&(own, plain.verdict())) {
            verdict = Verdict::Review;
            reasons.push(Reason::MapsDisagree);
        }
        if let Some(unlike) = unlike {
            verdict = Verdict::Review;
            reasons.push(Reason::UnlikeModel(unlike));
        }
        Some(Self { verdict, reasons })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::decision::Decision;
    use crate::limits::Limits;

    fn judged(
        projected: f32,
        plain: Option<f32>,
        unlike: Option<Unlike>,
        normals: usize,
    ) -> (Verdict, Vec<Reason>) {
        let normals: Vec<f32> = (1..=normals).map(|value| value as f32).collect();
        let limits = Limits::new(&Decision::default(), &normals);
        let limited = |value, limits| LimitedScore { value, limits };
        let plain = plain.map_or(limited(0.0, None), |score| limited(score, limits));
        let found = Judgement::of(&limited(projected, limits), &plain, unlike).unwrap();
        (found.verdict, found.reasons.iter().collect())
    }

    #[test]
    fn scores_alone_pass_or_are_rejected() {
        assert_eq!(judged(50.0, Some(40.0), None, 100), (Verdict::Pass, vec![]));
        let reject = (Verdict::Reject, vec![Reason::AboveThreshold]);
        assert_eq!(judged(101.0, Some(120.0), None, 100), reject);
        assert_eq!(judged(101.0, None, None, 100), reject);
        let near = (Verdict::Review, vec![Reason::NearThreshold]);
        assert_eq!(judged(97.0, Some(40.0), None, 100), near);
    }

    #[test]
    fn a_score_that_is_not_finite_is_reviewed_whatever_the_limits() {
        let odd = (Verdict::Review, vec![Reason::NotANumber]);
        for score in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for normals in [0, 100] {
                assert_eq!(judged(score, Some(1.0), None, normals), odd);
                assert_eq!(judged(1.0, Some(score), None, normals), odd);
            }
        }
    }

    #[test]
    fn opposite_verdicts_of_plain_and_projected_are_reviewed() {
        let missed = (Verdict::Review, vec![Reason::MapsDisagree]);
        assert_eq!(judged(0.0, Some(200.0), None, 100), missed);
        let (verdict, reasons) = judged(200.0, Some(0.0), None, 100);
        assert_eq!(verdict, Verdict::Review);
        assert_eq!(reasons, [Reason::AboveThreshold, Reason::MapsDisagree]);
        // Unsure is not the opposite of anything.
        assert_eq!(judged(200.0, Some(97.0), None, 100).0, Verdict::Reject);
    }

    #[test]
    fn a_pass_near_a_threshold_of_few_normals_is_reviewed() {
        let near = vec![Reason::NearThreshold, Reason::TooFewNormals];
        assert_eq!(judged(18.0, None, None, 20), (Verdict::Review, near));
        assert_eq!(judged(17.0, None, None, 20), (Verdict::Pass, vec![]));
    }

    #[test]
    fn a_picture_of_something_else_is_reviewed_whatever_it_scores() {
        for score in [1.0, 200.0] {
            let unlike = Some(Unlike::Sharpness);
            let (verdict, reasons) = judged(score, Some(score), unlike, 100);
            assert_eq!(verdict, Verdict::Review);
            assert_eq!(
                reasons.last(),
                Some(&Reason::UnlikeModel(Unlike::Sharpness))
            );
        }
    }
}
