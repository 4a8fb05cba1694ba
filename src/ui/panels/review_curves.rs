//! ROC and precision-recall curves.
use egui::Ui;

use super::Panel;

/// Draws the curve.
pub fn show(_ui: &mut Ui, _panel: &mut Panel<'_>) {}
