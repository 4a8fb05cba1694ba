//! The verdict in numbers: both scores against the held-out normals, and what ended the run.

use egui::{Align, Grid, Layout, RichText, Ui};
use kizumi_method::calibration::Calibration;
use kizumi_method::decision::Thresholds;

use super::numbers::short;
use super::{Panel, image_list, verdict_badge};
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
    let calibration = state
        .model
        .as_ref()
        .and_then(|model| model.calibration.as_ref());
    // The card keeps its height whatever it says: below it are sliders that are being dragged.
    card(ui).inner_margin(8).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let grid = Grid::new("scores").num_columns(3).spacing([10.0, 4.0]);
        grid.show(ui, |ui| {
            let plain = judged.map(|result| result.plain_score);
            let limits = panel.review.plain_thresholds;
            let normals = calibration.map(|known| known.plain_scores.as_slice());
            row(
                ui,
                panel,
                (text.plain, text.plain_help),
                (plain, limits),
                normals,
            );
            let projected = judged.map(|result| result.projected_score);
            let normals = calibration.map(|known| known.projected_scores.as_slice());
            row(
                ui,
                panel,
                (text.projected, text.projected_help),
                (projected, panel.review.thresholds),
                normals,
            );
        });
        if let Some(Thresholds { review, reject }) = panel.review.thresholds {
            let words = (panel.text.review.thresholds)(&short(review), &short(reject));
            weak(ui, words).on_hover_text(panel.text.review.question_help);
        }
        match judged.or(state.inspecting.cancelled()) {
            Some(result) => weak(ui, (text.ended_by)(result.stop, result.iterations)),
            None => weak(ui, text.no_result),
        };
        let other = calibration.is_some_and(|known| known.projection != state.settings.projection);
        let note = if other { text.other_parameters } else { " " };
        weak(ui, note).on_hover_text(text.other_parameters_help);
    });
}

/// What becomes of the part, from the projected score.
fn verdict(ui: &mut Ui, panel: &Panel<'_>) {
    let judged = panel.state.inspecting.judged();
    let (Some(result), Some(thresholds)) = (judged, panel.review.thresholds) else {
        return;
    };
    let verdict = thresholds.verdict(result.projected_score);
    let word = panel.text.review.verdict_word(verdict);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        verdict_badge::show(ui, verdict, word);
    });
}

/// A score and where it stands among the held-out normals.
fn row(
    ui: &mut Ui,
    panel: &Panel<'_>,
    (name, help): (&str, &str),
    (score, thresholds): (Option<f32>, Option<Thresholds>),
    normals: Option<&[f32]>,
) {
    let palette = palette(ui);
    let text = &panel.text.inspect;
    let name = RichText::new(name).small().color(palette.weak);
    ui.label(name).on_hover_text(help);
    let value = score.map_or_else(|| "–".to_owned(), short);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        ui.label(RichText::new(value).color(palette.strong));
        if let (Some(score), Some(thresholds)) = (score, thresholds) {
            let normalised = format!("({:.2})", thresholds.normalised(score));
            weak(ui, normalised).on_hover_text(panel.text.review.normalised_help);
        }
    });
    let percent = score.and_then(|score| Calibration::percentile_of(normals?, score));
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
        (None, Some(_)) => {
            weak(ui, text.not_calibrated);
        }
        (None, None) => {
            weak(ui, " ");
        }
    }
    ui.end_row();
}
