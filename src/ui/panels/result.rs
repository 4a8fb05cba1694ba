//! The verdict in numbers: both scores against the held-out normals, and what ended the run.

use egui::{Align, Grid, Layout, RichText, Ui};
use kizumi_method::calibration::Calibration;
use kizumi_method::decision::Thresholds;
use kizumi_method::maker::{Made, Score};

use super::numbers::short;
use super::{Panel, image_list, verdict_badge};
use crate::ui::review::Origin;
use crate::ui::widgets::{card, chip, heading, palette, weak};

/// Draws the card.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let palette = palette(ui);
    let text = &panel.text.inspect;
    let state = panel.state;
    ui.horizontal(|ui| {
        heading(ui, text.result_heading);
        let entry = state.inspecting.opened.as_ref().map(|opened| &opened.entry);
        if let Some(kind) = entry.and_then(|entry| state.known_kind(entry)) {
            let color = image_list::kind_color(palette, kind);
            chip(ui, &panel.text.data.kind(kind), color).on_hover_text(text.truth_help);
        }
        verdict(ui, panel);
    });
    let judged = state.inspecting.judged();
    let reference = &panel.review.reference;
    let held_out = matches!(reference.origin, Origin::HeldOut { .. });
    // The card keeps its height whatever it says: below it are sliders that are being dragged.
    card(ui).inner_margin(8).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let grid = Grid::new("scores").num_columns(3).spacing([10.0, 4.0]);
        grid.show(ui, |ui| {
            let plain = judged.map(|result| result.plain_score);
            let (normals, limits) = (&reference.plain, panel.review.plain_limits);
            let of_plain = (text.plain, text.plain_help);
            row(
                ui,
                panel,
                of_plain,
                plain,
                held_out.then_some(normals),
                limits,
            );
            let projected = judged.map(|result| result.projected_score);
            let (normals, limits) = (&reference.projected, panel.review.limits);
            let of_projected = (text.projected, text.projected_help);
            row(
                ui,
                panel,
                of_projected,
                projected,
                held_out.then_some(normals),
                limits,
            );
        });
        if let Some(limits) = panel.review.limits {
            let Thresholds { review, reject } = limits.value;
            let words = (panel.text.review.thresholds)(&short(review), &short(reject));
            weak(ui, words).on_hover_text(panel.text.review.question_help);
        }
        match judged.or(state.inspecting.cancelled()) {
            Some(result) => weak(ui, (text.ended_by)(result.stop, result.iterations)),
            None => weak(ui, text.no_result),
        };
        let other = held_out && reference.projected.by != state.mapper().projected_maker();
        let note = if other { text.other_parameters } else { " " };
        weak(ui, note).on_hover_text(text.other_parameters_help);
    });
}

/// What becomes of the part, from the projected score.
fn verdict(ui: &mut Ui, panel: &Panel<'_>) {
    let judged = panel.state.inspecting.judged();
    let (Some(result), Some(limits)) = (judged, panel.review.limits) else {
        return;
    };
    let Some(thresholds) = limits.with(&result.projected_score) else {
        return;
    };
    let verdict = thresholds.verdict(result.projected_score.value);
    let word = panel.text.review.verdict_word(verdict);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        verdict_badge::show(ui, verdict, word);
    });
}

/// A score and where it stands among the held-out normals, if it compares with them.
fn row(
    ui: &mut Ui,
    panel: &Panel<'_>,
    (name, help): (&str, &str),
    score: Option<Score>,
    normals: Option<&Made<Vec<f32>>>,
    limits: Option<Made<Thresholds>>,
) {
    let palette = palette(ui);
    let text = &panel.text.inspect;
    let name = RichText::new(name).small().color(palette.weak);
    ui.label(name).on_hover_text(help);
    let value = score.map_or_else(|| "–".to_owned(), |score| short(score.value));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        ui.label(RichText::new(value).color(palette.strong));
        if let Some(score) = score
            && let Some(thresholds) = limits.as_ref().and_then(|limits| limits.with(&score))
        {
            let normalised = format!("({:.2})", thresholds.normalised(score.value));
            weak(ui, normalised).on_hover_text(panel.text.review.normalised_help);
        }
    });
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
