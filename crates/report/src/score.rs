//! A score and what it means.

use maud::{Markup, Render, html};

use super::html::heads;
use super::number::{number, percent};
use super::text::Text;
use kizumi_method::calibration::Calibration;
use kizumi_method::decision::Verdict;
use kizumi_method::judgement::Reasons;
use kizumi_method::limited_score::LimitedScore;

/// An image score beside those of held-out normal images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// As computed, and what is good enough.
    pub score: LimitedScore,
    /// How many normal images there are to compare with.
    pub normals: usize,
    /// Share of them that scores below, in percent; `None` without any.
    pub percentile: Option<f32>,
}

impl Score {
    /// Compares with the scores of normals, ascending.
    pub fn new(score: LimitedScore, normals: &[f32]) -> Self {
        Self {
            score,
            normals: normals.len(),
            percentile: Calibration::percentile_of(normals, score.value),
        }
    }
}

/// The marks are shapes, so that no verdict is told by its colour alone.
fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "M3.5 8.5l3 3 6-7",
        Verdict::Review => "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.6M8 12.4v.2",
        Verdict::Reject => "M4.5 4.5l7 7M11.5 4.5l-7 7",
    }
}

pub(super) fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Review => "review",
        Verdict::Reject => "reject",
    }
}

/// A verdict as a labelled badge.
pub(super) fn badge(text: &Text, verdict: Verdict) -> Markup {
    html! {
        span.badge.(class(verdict)) {
            svg viewBox="0 0 16 16" aria-hidden="true" { path d=(mark(verdict)) {} }
            (text.verdict(verdict))
        }
    }
}

/// Why a verdict is what it is, a sentence after the other.
pub(super) fn reasons(text: &Text, reasons: &Reasons) -> String {
    let sentences: Vec<&str> = reasons.iter().map(|one| text.judging.reason(one)).collect();
    sentences.join(" ")
}

/// The table of both scores; rows of which neither has a value are left out.
pub(super) fn table(text: &Text, plain: &Score, projected: &Score) -> Markup {
    let both = |value: &dyn Fn(&Score) -> Option<Markup>| [value(plain), value(projected)];
    let above_normals = (text.above_normals)(plain.normals.max(projected.normals));
    let rows = [
        (
            text.raw_score,
            both(&|of| Some(number(of.score.value).render())),
        ),
        (
            text.confidence,
            both(&|of| {
                let confidence = of.score.confidence()?;
                Some(format!("{confidence:.3}").render())
            }),
        ),
        (
            text.reject_above,
            both(&|of| Some(number(of.score.limits?.thresholds.reject).render())),
        ),
        (
            text.review_above,
            both(&|of| Some(number(of.score.limits?.thresholds.review).render())),
        ),
        (
            &above_normals,
            both(&|of| Some(percent(f64::from(of.percentile?) / 100.0).render())),
        ),
        (
            text.verdict_heading,
            both(&|of| Some(badge(text, of.score.verdict()?))),
        ),
    ];
    html! {
        table {
            (heads(&[("", false), (text.plain_map, true), (text.projected_map, true)]))
            tbody {
                @for (name, cells) in rows.iter().filter(|(_, cells)| cells.iter().any(Option::is_some)) {
                    tr {
                        th scope="row" { (name) }
                        @for cell in cells {
                            td.n { @if let Some(value) = cell { (value) } @else { "–" } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::ENGLISH;
    use super::*;
    use kizumi_method::decision::Decision;
    use kizumi_method::limits::Limits;

    const NORMALS: [f32; 4] = [0.1, 0.2, 0.3, 0.4];

    /// With thresholds of 0.35 and 0.4.
    fn judged(value: f32) -> LimitedScore {
        let decision = Decision {
            by_hand: Some([0.35, 0.4].into()),
            ..Decision::default()
        };
        LimitedScore {
            value,
            limits: Limits::new(&decision, &NORMALS),
        }
    }

    #[test]
    fn a_score_is_placed_among_the_normals() {
        let of = Score::new(judged(0.38), &NORMALS);
        assert_eq!((of.normals, of.percentile), (4, Some(75.0)));
        assert_eq!(of.score.verdict(), Some(Verdict::Review));
    }

    #[test]
    fn rows_without_values_are_left_out() {
        let alone = LimitedScore {
            value: 0.5,
            limits: None,
        };
        let bare = Score::new(alone, &[]);
        let html = table(&ENGLISH, &bare, &bare).into_string();
        assert!(html.contains("0.5000"));
        for absent in [ENGLISH.confidence, ENGLISH.reject_above, "–", "badge"] {
            assert!(!html.contains(absent), "{absent}");
        }
        let known = Score::new(judged(0.8), &NORMALS);
        let html = table(&ENGLISH, &bare, &known).into_string();
        assert!(html.contains(ENGLISH.confidence) && html.contains("0.993"));
        assert!(html.contains("badge reject") && html.contains("100 %"));
    }
}
