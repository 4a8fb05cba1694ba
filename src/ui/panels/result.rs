//! The verdict in numbers: both scores against the held-out normals, and what ended the run.

use egui::{Grid, RichText, Ui};

use crate::data::calibration::Calibration;
use crate::ui::app::known_kind;
use crate::ui::widgets::{card, chip, heading, palette, weak};

use super::numbers::short;
use super::{Panel, image_list};

/// Draws the card.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let palette = palette(ui);
    let text = &panel.text.inspect;
    let state = panel.state;
    ui.horizontal(|ui| {
        heading(ui, text.result_heading);
        let entry = state.inspecting.opened.as_ref().map(|opened| &opened.entry);
        if let Some(kind) = entry.and_then(|entry| known_kind(state, entry)) {
            let color = image_list::kind_color(palette, kind);
            chip(ui, &panel.text.data.kind(kind), color).on_hover_text(text.truth_help);
        }
    });
    let Some(result) = &state.inspecting.result else {
        weak(ui, text.no_result);
        return;
    };
    let calibration = state
        .model
        .as_ref()
        .and_then(|model| model.calibration.as_ref());
    card(ui).inner_margin(8).show(ui, |ui| {
        ui.set_width(ui.available_width());
        Grid::new("scores")
            .num_columns(3)
            .spacing([10.0, 4.0])
            .show(ui, |ui| {
                type Scores = fn(&Calibration) -> &[f32];
                let rows: [(&str, &str, f32, Scores); 2] = [
                    (text.plain, text.plain_help, result.plain_score, |known| {
                        &known.plain_scores
                    }),
                    (
                        text.projected,
                        text.projected_help,
                        result.projected_score,
                        |known| &known.projected_scores,
                    ),
                ];
                for (name, help, score, scores) in rows {
                    ui.label(RichText::new(name).small().color(palette.weak))
                        .on_hover_text(help);
                    ui.label(RichText::new(short(score)).color(palette.strong));
                    let percent = calibration
                        .and_then(|known| Calibration::percentile_of(scores(known), score));
                    match percent {
                        Some(percent) => {
                            let color = if percent >= 99.0 {
                                palette.error
                            } else if percent >= 90.0 {
                                palette.warning
                            } else {
                                palette.good
                            };
                            let text = (text.above_normals)(percent);
                            ui.label(RichText::new(text).small().color(color));
                        }
                        None => {
                            weak(ui, text.not_calibrated);
                        }
                    }
                    ui.end_row();
                }
            });
        weak(ui, (text.ended_by)(result.stop, result.iterations));
        let other = calibration.is_some_and(|known| known.projection != state.settings.projection);
        if other {
            weak(ui, text.other_parameters).on_hover_text(text.other_parameters_help);
        }
    });
}
