//! Step 4, controls: which images, how to decide, what that means for pixels.

use egui::Ui;

use crate::ui::theme::SECTION_GAP;

use super::{
    Panel, column, review_decision, review_pixels, review_results, review_rival, review_run,
    review_watch,
};

/// Draws the column.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    column(ui, "review-controls", |ui| {
        review_run::show(ui, panel);
        ui.add_space(SECTION_GAP);
        review_results::show(ui, panel);
        review_rival::show(ui, panel);
        review_watch::show(ui, panel);
        review_decision::show(ui, panel);
        ui.add_space(SECTION_GAP);
        review_pixels::show(ui, panel);
    });
}
