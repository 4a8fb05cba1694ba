//! From an image's scores to its verdicts.

use crate::ui::state::set::Inspected;
use kizumi_engine::message::Failure;
use kizumi_method::decision::Verdict;
use kizumi_method::judgement::{self, Reasons};
use kizumi_method::likeness::Unlike;
use kizumi_method::limited_score::LimitedScore;
use kizumi_method::limits::Limits;
use kizumi_method::maker::Made;

/// What became of an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Judged {
    /// It was not inspected yet.
    Waiting,
    /// It could not be inspected.
    Broken,
    /// It has scores.
    Scored(Judgement),
}

/// The scores of an image and what they mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// Raw plain score.
    pub plain: f32,
    /// Raw projected score.
    pub projected: f32,
    /// Of the projected score, the reject threshold at 0.5; `None` without limits of its own kind.
    pub confidence: Option<f32>,
    /// Of the plain score, by its own.
    pub plain_confidence: Option<f32>,
    /// What becomes of the part.
    pub verdict: Option<Verdict>,
    /// Why.
    pub reasons: Reasons,
    /// What the projected score alone would say.
    pub projected_verdict: Option<Verdict>,
    /// What the plain score alone would say.
    pub plain_verdict: Option<Verdict>,
}

impl Judged {
    /// Judges a result; plain and projected scores have thresholds of their own.
    pub fn of(
        result: Option<Result<&Inspected, &Failure>>,
        projected: Option<Made<Limits>>,
        plain: Option<Made<Limits>>,
    ) -> Self {
        match result {
            None => Self::Waiting,
            Some(Err(_)) => Self::Broken,
            Some(Ok(scores)) => Self::Scored(Judgement::of(
                &LimitedScore::new(scores.plain_score, plain),
                &LimitedScore::new(scores.projected_score, projected),
                scores.unlike,
            )),
        }
    }
}

impl Judgement {
    /// Judges a pair of scores.
    pub fn of(plain: &LimitedScore, projected: &LimitedScore, unlike: Option<Unlike>) -> Self {
        let judged = judgement::Judgement::of(projected, plain, unlike);
        Self {
            plain: plain.value,
            projected: projected.value,
            confidence: projected.confidence(),
            plain_confidence: plain.confidence(),
            verdict: judged.map(|judged| judged.verdict),
            reasons: judged.map(|judged| judged.reasons).unwrap_or_default(),
            projected_verdict: projected.verdict(),
            plain_verdict: plain.verdict(),
        }
    }

    /// Whether the projection changed what the scores alone say.
    pub fn is_changed(&self) -> bool {
        let both = self.projected_verdict.zip(self.plain_verdict);
        both.is_some_and(|(projected, plain)| projected != plain)
    }

    /// By how much the projection changed the confidence; 0 when that cannot be told.
    pub fn change(&self) -> f32 {
        match (self.confidence, self.plain_confidence) {
            (Some(projected), Some(plain)) if !(projected - plain).is_nan() => projected - plain,
            _ => 0.0,
        }
    }
}
