//! Says that a projection goes astray, and offers the way back.

use egui::{Align, Layout, Ui};

use crate::ui::action::Action;
use crate::ui::widgets::{chip, palette, weak};

use super::{Panel, run_marks};

/// Draws the chip with its button, or else the given sentence: the row keeps its height, since
/// below it are sliders that are being dragged.
pub fn show_or(ui: &mut Ui, panel: &mut Panel<'_>, sentence: &str) {
    let text = panel.text.runs;
    let height = ui.spacing().interact_size.y;
    ui.horizontal(|ui| {
        ui.set_height(height);
        let Some(divergence) = run_marks::astray(panel.state) else {
            weak(ui, sentence);
            return;
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let halve = ui.button(text.halve_alpha);
            if halve.on_hover_text(text.halve_alpha_help).clicked() {
                panel.actions.push(Action::HalveAlpha);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let color = palette(ui).error;
                chip(ui, &(text.diverged)(divergence), color).on_hover_text(text.diverged_help);
            });
        });
    });
}
