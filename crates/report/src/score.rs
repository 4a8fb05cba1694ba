//! A score and what it means.

use maud::{Markup, Render, html};

use super::html::heads;
use super::number::{number, percent};
use super::text::Text;
use kizumi_method::calibration::Calibration;
use kizumi_method::decision::Verdict;
use kizumi_method::judgement::{Judgement, Reasons};
use kizumi_method::likeness::Unlike;
use kizumi_method::limits::Limits;

/// An image score beside those of held-out normal images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// As computed.
    pub raw: f32,
    /// How many normal images there are to compare with.
    pub normals: usize,
    /// Share of them that scores below, in percent; `None` without any.
    pub percentile: Option<f32>,
    /// What is good enough; `None` where nothing says so.
    pub limits: Option<Limits>,
}

impl Score {
    /// Compares with the scores of normals, ascending.
    pub fn new(raw: f32, normals: &[f32], limits: Option<Limits>) -> Self {
        Self {
            raw,
            normals: normals.len(),
            percentile: Calibration::percentile_of(normals, raw),
            limits,
        }
    }

    /// What becomes of the part, by this score alone.
    pub fn verdict(&self) -> Option<Verdict> {
        Some(self.limits?.thresholds.verdict(self.raw))
    }

    /// With its limits, where there are some.
    fn judged(&self) -> Option<(f32, &Limits)> {
        Some((self.raw, self.limits.as_ref()?))
    }

    /// What becomes of the part, by its projected and its plain score; `None` without limits.
    pub fn judgement(projected: &Self, plain: &Self, unlike: Option<Unlike>) -> Option<Judgement> {
        Some(Judgement::of(projected.judged()?, plain.judged(), unlike))
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
            both(&|score| Some(number(score.raw).render())),
        ),
        (
            text.confidence,
            both(&|score| {
                let confidence = score.limits?.confidence(score.raw);
                Some(format!("{confidence:.3}").render())
            }),
        ),
        (
            text.reject_above,
            both(&|score| Some(number(score.limits?.thresholds.reject).render())),
        ),
        (
            text.review_above,
            both(&|score| Some(number(score.limits?.thresholds.review).render())),
        ),
        (
            &above_normals,
            both(&|score| Some(percent(f64::from(score.percentile?) / 100.0).render())),
        ),
        (
            text.verdict_heading,
            both(&|score| Some(badge(text, score.verdict()?))),
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

    const NORMALS: [f32; 4] = [0.1, 0.2, 0.3, 0.4];

    /// Thresholds of 0.35 and 0.4.
    fn limits() -> Option<Limits> {
        let decision = Decision {
            by_hand: Some([0.35, 0.4].into()),
            ..Decision::default()
        };
        Limits::new(&decision, &NORMALS)
    }

    #[test]
    fn a_score_is_placed_among_the_normals() {
        let score = Score::new(0.38, &NORMALS, limits());
        assert_eq!((score.normals, score.percentile), (4, Some(75.0)));
        assert_eq!(score.verdict(), Some(Verdict::Review));
        assert_eq!(Score::new(0.38, &[], None).verdict(), None);
    }

    #[test]
    fn rows_without_values_are_left_out() {
        let bare = Score::new(0.5, &[], None);
        let html = table(&ENGLISH, &bare, &bare).into_string();
        assert!(html.contains("0.5000"));
        for absent in [ENGLISH.confidence, ENGLISH.reject_above, "–", "badge"] {
            assert!(!html.contains(absent), "{absent}");
        }
        let known = Score::new(0.8, &NORMALS, limits());
        let html = table(&ENGLISH, &bare, &known).into_string();
        assert!(html.contains(ENGLISH.confidence) && html.contains("0.993"));
        assert!(html.contains("badge reject") && html.contains("100 %"));
    }
}
