//! What the decision means for pixels.
use egui::Ui;

use crate::ui::widgets::{heading, weak};

use super::Panel;

/// Draws the section.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    heading(ui, text.pixels_heading);
    weak(ui, text.pixels_empty);
}
