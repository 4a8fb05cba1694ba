//! The masks that the figures of pixels should not be believed without a look at.

use egui::{Label, RichText, ScrollArea, Ui};

use crate::ui::widgets::{palette, tinted};

use super::Panel;

/// Masks that are named in a line each; of more, the others are named when the pointer rests on how many they are.
const NAMED: usize = 2;

/// Draws a line with how many there are, and one for each of the first.
pub fn show(ui: &mut Ui, panel: &Panel<'_>) {
    let masks = panel.state.set.masks_to_look_at();
    if masks.is_empty() {
        return;
    }
    let text = panel.text.review;
    let palette = palette(ui);
    tinted(palette.warning).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let count = RichText::new((text.masks_to_look_at)(masks.len()));
        ui.label(count.color(palette.warning));
        let line = |ui: &mut Ui, mask| {
            let words = RichText::new(panel.text.said(mask)).small();
            ui.add(Label::new(words).truncate());
        };
        for mask in masks.iter().take(NAMED) {
            line(ui, mask);
        }
        let rest = masks.get(NAMED..).unwrap_or_default();
        if !rest.is_empty() {
            let more = RichText::new((text.more_masks)(rest.len())).small();
            ui.label(more.color(palette.weak)).on_hover_ui(|ui| {
                ScrollArea::vertical().show(ui, |ui| {
                    for mask in rest {
                        line(ui, mask);
                    }
                });
            });
        }
    });
}
