//! From an image's scores to its verdicts.

use crate::ui::state::set::ImageResult;
use kizumi_method::decision::{Thresholds, Verdict};
use kizumi_method::maker::{Made, Score};

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
    /// Projected score with the reject threshold at 0.5; `None` without thresholds of its own kind.
    pub normalised: Option<f32>,
    /// Plain score with its own reject threshold at 0.5.
    pub plain_normalised: Option<f32>,
    /// What the projected score says.
    pub verdict: Option<Verdict>,
    /// What the plain score would say.
    pub plain_verdict: Option<Verdict>,
}

impl Judged {
    /// Judges a result; plain and projected scores have thresholds of their own.
    pub fn of(
        result: &ImageResult,
        projected: Option<Made<Thresholds>>,
        plain: Option<Made<Thresholds>>,
    ) -> Self {
        match result {
            None => Self::Waiting,
            Some(Err(_)) => Self::Broken,
            Some(Ok(scores)) => Self::Scored(Judgement::of(
                (scores.plain_score, plain),
                (scores.projected_score, projected),
            )),
        }
    }
}

impl Judgement {
    /// Judges a pair of scores, each by thresholds of its own model and settings; others say nothing.
    pub fn of(
        plain: (Score, Option<Made<Thresholds>>),
        projected: (Score, Option<Made<Thresholds>>),
    ) -> Self {
        let like = |(score, limits): (Score, Option<Made<Thresholds>>)| {
            let limits = limits.and_then(|limits| limits.with(&score).copied());
            (score.value, limits)
        };
        let (plain, projected) = (like(plain), like(projected));
        Self {
            plain: plain.0,
            projected: projected.0,
            normalised: projected.1.map(|limits| limits.normalised(projected.0)),
            plain_normalised: plain.1.map(|limits| limits.normalised(plain.0)),
            verdict: projected.1.map(|limits| limits.verdict(projected.0)),
            plain_verdict: plain.1.map(|limits| limits.verdict(plain.0)),
        }
    }

    /// Whether the projection changed the verdict.
    pub fn is_changed(&self) -> bool {
        self.verdict != self.plain_verdict && self.verdict.is_some() && self.plain_verdict.is_some()
    }

    /// By how much the projection changed the normalised score; 0 when that cannot be told.
    pub fn change(&self) -> f32 {
        match (self.normalised, self.plain_normalised) {
            (Some(projected), Some(plain)) if !(projected - plain).is_nan() => projected - plain,
            _ => 0.0,
        }
    }
}
