//! The verdict in numbers: the scores against the held-out normals, and what ended the run.

use egui::{Align, Grid, Id, Label, Layout, RichText, Ui};
use kizumi_dataset::catalog::Kind;
use kizumi_method::calibration::Calibration;
use kizumi_method::decision::Verdict;
use kizumi_method::limited_score::LimitedScore;
use kizumi_method::limits::Limits;
use kizumi_method::maker::{Made, Score};

use super::numbers::short;
use super::{Panel, image_list, verdict_badge};
use crate::ui::busy::busy;
use crate::ui::review::{Judgement, Origin};
use crate::ui::state::file_name;
use crate::ui::widgets::{card, chip, heading, palette, weak};

/// An image that has not come after so long is waited for.
const LATE_SECS: f32 = 0.25;

/// In place of the card while another image is on its way.
fn late(ui: &mut Ui, panel: &Panel<'_>) {
    let text = &panel.text.inspect;
    heading(ui, text.result_heading);
    card(ui).inner_margin(8).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            busy(ui, 14.0, palette(ui).accent);
            let coming = panel.state.inspecting.selected.as_ref();
            let name = coming
                .map(|entry| file_name(&entry.path))
                .unwrap_or_default();
            weak(ui, (text.opening)(&name));
        });
        for _ in 0..4 {
            weak(ui, " ");
        }
    });
}

/// Draws the card.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let palette = palette(ui);
    let text = &panel.text.inspect;
    let state = panel.state;
    // What is there is of the image before. Most come sooner than anybody could read it.
    let is_late = state.inspecting.is_coming();
    let is_late = ui
        .ctx()
        .animate_bool_with_time(Id::unique("late image"), is_late, LATE_SECS)
        >= 1.0;
    if is_late {
        late(ui, panel);
        return;
    }
    let judgement = judgement(panel);
    ui.horizontal(|ui| {
        heading(ui, text.result_heading);
        let entry = state.inspecting.opened.as_ref().map(|opened| &opened.entry);
        let kind = entry.map_or(Kind::Unknown, |entry| state.known_kind(entry));
        if kind != Kind::Unknown {
            let color = image_list::kind_color(palette, &kind);
            chip(ui, &panel.text.data.kind(&kind), color).on_hover_text(text.truth_help);
        }
        if let Some(judgement) = &judgement
            && let Some(verdict) = judgement.verdict
        {
            let review = panel.text.review;
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                verdict_badge::show(ui, verdict, review.verdict_word(verdict));
                if let Some(confidence) = judgement.confidence {
                    weak(ui, (review.confidence)(confidence)).on_hover_text(review.confidence_help);
                }
            });
        }
    });
    let judged = state.inspecting.judged();
    // Without a network there is one score, and nothing that ended.
    let by_features = state.tells_by_features();
    let reference = &panel.review.reference;
    let held_out = matches!(reference.origin, Origin::HeldOut { .. });
    // The card keeps its height whatever it says: below it are sliders that are being dragged.
    card(ui).inner_margin(8).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let grid = Grid::new("scores").num_columns(3).spacing([10.0, 4.0]);
        grid.show(ui, |ui| {
            let of_held_out = |normals| held_out.then_some(normals);
            let (plain, projected) = (&reference.plain, &reference.projected);
            let of_projected = match by_features {
                true => (text.of_features, text.of_features_help),
                false => {
                    let score = judged.map(|result| result.plain_score);
                    let (words, limits) =
                        ((text.plain, text.plain_help), panel.review.plain_limits);
                    row(ui, panel, words, score, of_held_out(plain), limits);
                    (text.projected, text.projected_help)
                }
            };
            let score = judged.map(|result| result.projected_score);
            let limits = panel.review.limits;
            row(
                ui,
                panel,
                of_projected,
                score,
                of_held_out(projected),
                limits,
            );
        });
        if let Some(limits) = panel.review.limits {
            let (review, reject) = (limits.value.review_from(), limits.value.thresholds.reject);
            let words = (panel.text.review.thresholds)(&short(review), &short(reject));
            let uncertainty = panel.text.report().judging.uncertainty(&limits.value);
            let help = uncertainty.unwrap_or(panel.text.review.question_help.to_owned());
            weak(ui, words).on_hover_text(help);
        }
        match judged.or(state.inspecting.cancelled()) {
            Some(_) if by_features => weak(ui, " "),
            Some(result) => weak(ui, (text.ended_by)(result.stop, result.iterations)),
            None if by_features => weak(ui, text.no_result_by_features),
            None => weak(ui, text.no_result),
        };
        let other = held_out && reference.projected.by != state.mapper().projected_maker();
        if other {
            weak(ui, text.other_parameters).on_hover_text(text.other_parameters_help);
        } else {
            reasons(ui, panel, judgement);
        }
    });
}

/// Why the part is to be looked at: the last reason in one line, all of them on hovering.
fn reasons(ui: &mut Ui, panel: &Panel<'_>, judgement: Option<Judgement>) {
    let review = judgement.filter(|judgement| judgement.verdict == Some(Verdict::Review));
    let all: Vec<&str> = review.as_ref().map_or_else(Vec::new, |judgement| {
        let words = panel.text.report().judging;
        let reasons = judgement.reasons.iter();
        reasons.map(|reason| words.reason(reason)).collect()
    });
    // The last reason is the one that nothing else on the card tells.
    let Some(last) = all.last() else {
        weak(ui, " ");
        return;
    };
    let words = RichText::new(*last).small().color(palette(ui).warning);
    ui.add(Label::new(words).truncate())
        .on_hover_text(all.join("\n"));
}

/// What becomes of the part; `None` before the projection has ended by itself.
/// The present run as it is judged.
pub fn judgement(panel: &Panel<'_>) -> Option<Judgement> {
    let result = panel.state.inspecting.judged()?;
    Some(Judgement::of(
        &LimitedScore::new(result.plain_score, panel.review.plain_limits),
        &LimitedScore::new(result.projected_score, panel.review.limits),
        result.unlike,
    ))
}

/// A score and where it stands among the held-out normals, if it compares with them.
fn row(
    ui: &mut Ui,
    panel: &Panel<'_>,
    (name, help): (&str, &str),
    score: Option<Score>,
    normals: Option<&Made<Vec<f32>>>,
    limits: Option<Made<Limits>>,
) {
    let palette = palette(ui);
    let text = &panel.text.inspect;
    let name = RichText::new(name).small().color(palette.weak);
    ui.label(name).on_hover_text(help);
    let value = score.map_or_else(|| "–".to_owned(), |score| short(score.value));
    let value = ui.label(RichText::new(value).color(palette.strong));
    if let Some(score) = score
        && let Some(confidence) = LimitedScore::new(score, limits).confidence()
    {
        let review = panel.text.review;
        let words = (review.confidence)(confidence);
        value.on_hover_text(format!("{words}\n{}", review.confidence_help));
    }
    let percent =
        score.and_then(|score| Calibration::percentile_of(normals?.with(&score)?, score.value));
    match (percent, score) {
        (Some(percent), _) => {
            let color = match percent {
                99.0.. => palette.error,
                90.0.. => palette.warning,
                _ => palette.good,
            };
            let words = (text.above_normals)(percent);
            ui.label(RichText::new(words).small().color(color));
        }
        (None, Some(_)) if normals.is_none() => {
            weak(ui, text.not_calibrated);
        }
        (None, _) => {
            weak(ui, " ");
        }
    }
    ui.end_row();
}
