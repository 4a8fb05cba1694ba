//! A score and what it means.

use kizumi_method::calibration::Calibration;
use kizumi_method::decision::{Thresholds, Verdict, normalised};

use super::html::escaped;
use super::number::{number, percent};
use super::text::Text;

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
    pub thresholds: Option<Thresholds>,
}

impl Score {
    /// Compares with the scores of normals, ascending.
    pub fn new(raw: f32, normals: &[f32], thresholds: Option<Thresholds>) -> Self {
        Self {
            raw,
            normals: normals.len(),
            percentile: Calibration::percentile_of(normals, raw),
            thresholds,
        }
    }

    /// What becomes of the part, by this score.
    pub fn verdict(&self) -> Option<Verdict> {
        Some(self.thresholds?.verdict(self.raw))
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
pub(super) fn badge(text: &Text, verdict: Verdict) -> String {
    format!(
        "<span class=\"badge {}\"><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\">\
         <path d=\"{}\"/></svg>{}</span>",
        class(verdict),
        mark(verdict),
        escaped(text.verdict(verdict))
    )
}

/// The table of both scores.
pub(super) fn table(text: &Text, plain: &Score, projected: &Score) -> String {
    let both = [plain, projected];
    let mut html = format!(
        "<table><thead><tr><td></td><th scope=\"col\" class=\"n\">{}</th>\
         <th scope=\"col\" class=\"n\">{}</th></tr></thead>\n<tbody>\n",
        text.plain_map, text.projected_map
    );
    let mut row = |name: &str, cells: [Option<String>; 2]| {
        if cells.iter().all(Option::is_none) {
            return;
        }
        let [plain, projected] = cells.map(|cell| cell.unwrap_or_else(|| "–".into()));
        html += &format!(
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{plain}</td><td class=\"n\">{projected}</td></tr>\n",
            escaped(name)
        );
    };
    row(text.raw_score, both.map(|score| Some(number(score.raw))));
    row(
        text.normalised_score,
        both.map(|score| {
            let reject = score.thresholds?.reject;
            Some(format!("{:.3}", normalised(score.raw, reject)))
        }),
    );
    row(
        text.reject_above,
        both.map(|score| Some(number(score.thresholds?.reject))),
    );
    row(
        text.review_above,
        both.map(|score| Some(number(score.thresholds?.review))),
    );
    row(
        &(text.above_normals)(plain.normals.max(projected.normals)),
        both.map(|score| Some(percent(f64::from(score.percentile?) / 100.0))),
    );
    row(
        text.verdict_heading,
        both.map(|score| Some(badge(text, score.verdict()?))),
    );
    html + "</tbody></table>\n"
}

#[cfg(test)]
mod tests {
    use super::super::text::ENGLISH;
    use super::*;

    const NORMALS: [f32; 4] = [0.1, 0.2, 0.3, 0.4];
    const THRESHOLDS: Thresholds = Thresholds {
        review: 0.35,
        reject: 0.4,
    };

    #[test]
    fn a_score_is_placed_among_the_normals() {
        let score = Score::new(0.38, &NORMALS, Some(THRESHOLDS));
        assert_eq!((score.normals, score.percentile), (4, Some(75.0)));
        assert_eq!(score.verdict(), Some(Verdict::Review));
        assert_eq!(Score::new(0.38, &[], None).verdict(), None);
    }

    #[test]
    fn rows_without_values_are_left_out() {
        let bare = Score::new(0.5, &[], None);
        let html = table(&ENGLISH, &bare, &bare);
        assert!(html.contains("0.5000"));
        for absent in [ENGLISH.normalised_score, ENGLISH.reject_above, "–", "badge"] {
            assert!(!html.contains(absent), "{absent}");
        }
        let known = Score::new(0.8, &NORMALS, Some(THRESHOLDS));
        let html = table(&ENGLISH, &bare, &known);
        assert!(html.contains(ENGLISH.normalised_score) && html.contains("0.750"));
        assert!(html.contains("badge reject") && html.contains("100 %"));
    }
}
