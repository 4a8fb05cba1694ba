//! A score beside the limits that it is judged by.

use super::decision::Verdict;
use super::limits::Limits;
use super::maker::{Made, Score};

/// A score, and the limits that belong to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitedScore {
    /// As computed.
    pub value: f32,
    /// What is good enough; `None` where nothing says so.
    pub limits: Option<Limits>,
}

impl LimitedScore {
    /// With `limits`, unless another model or other settings made them: those say nothing about it.
    pub fn new(score: Score, limits: Option<Made<Limits>>) -> Self {
        Self {
            value: score.value,
            limits: limits.and_then(|limits| limits.with(&score).copied()),
        }
    }

    /// What becomes of the part, by this score alone; `None` without limits.
    pub fn verdict(&self) -> Option<Verdict> {
        Some(self.limits?.thresholds.verdict(self.value))
    }

    /// How confidently it tells a defect, see [`Limits::confidence`]; `None` without limits, and of a score
    /// that is not finite.
    pub fn confidence(&self) -> Option<f32> {
        let confidence = self.limits?.confidence(self.value);
        self.value.is_finite().then_some(confidence)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::{MapConfig, ProjectionConfig};
    use crate::decision::Decision;
    use crate::maker::{Maker, ModelMark};
    use crate::mapper::Mapper;

    #[test]
    fn limits_of_another_maker_do_not_judge_a_score() {
        let mapper = |smoothing_px| {
            let map = MapConfig {
                smoothing_px,
                ..MapConfig::without_features()
            };
            Mapper::new(ModelMark::default(), ProjectionConfig::default(), map, None)
        };
        let makers = [1.0, 2.0].map(|smoothing_px| mapper(smoothing_px).projected_maker());
        let limits = Limits::new(&Decision::default(), &[1.0, 2.0, 3.0]).unwrap();
        let judged = |by: Maker| {
            let score = Score {
                value: 4.0,
                by: makers[0],
            };
            let limited = LimitedScore::new(score, Some(Made { value: limits, by }));
            (limited.verdict(), limited.confidence().is_some())
        };
        assert_eq!(judged(makers[0]), (Some(Verdict::Reject), true));
        assert_eq!(judged(makers[1]), (None, false));
    }
}
