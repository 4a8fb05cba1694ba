//! What the decision means for pixels: how well maps tell defective pixels, and their threshold.

use egui::{DragValue, Label, RichText, Ui, vec2};

use crate::ui::action::Action;
use crate::ui::icon::Icon;
use crate::ui::widgets::{field, heading, icon_button, palette, percent_drag, weak};

use super::Panel;

const LABEL_SHARE: f32 = 0.5;

/// Draws the section.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let pixels = &panel.review.pixels;
    ui.horizontal(|ui| {
        heading(ui, text.pixels_heading);
        if panel.state.settings.decision.pixel_by_hand.is_some()
            && icon_button(ui, Icon::Reset, text.automatic).clicked()
        {
            let mut decision = panel.state.settings.decision;
            decision.pixel_by_hand = None;
            panel.actions.push(Action::SetDecision(decision));
        }
    });
    decision(ui, panel);
    let set = &panel.state.set;
    match (set.current_pixels(), &pixels.projected) {
        (None, _) => {
            let words = match (set.left_out(), set.retold()) {
                (0, 0) => text.pixels_empty,
                (0, _) => text.pixels_retold,
                _ => text.pixels_changed,
            };
            ui.add(Label::new(RichText::new(words).small().color(palette(ui).weak)).wrap());
        }
        (Some(_), None) => {
            let words = RichText::new(text.pixels_no_defects).small();
            ui.add(Label::new(words.color(palette(ui).weak)).wrap());
        }
        (Some(_), Some(curve)) => {
            let plain = pixels
                .plain_auroc
                .map_or("–".to_owned(), |plain| format!("{plain:.3}"));
            let both = format!("{plain} → {:.3}", curve.area());
            row(ui, text.pixel_auroc, text.pixel_auroc_help, &both);
            if let Some(point) = pixels.at_threshold() {
                let percent = |share: f64| format!("{:.1} %", share * 100.0);
                let (name, help) = (text.pixel_precision, text.pixel_precision_help);
                row(ui, name, help, &percent(point.precision));
                row(
                    ui,
                    text.pixel_recall,
                    text.pixel_recall_help,
                    &percent(point.recall),
                );
            }
        }
    }
    let left_out = set.current_pixels().map_or(0, |pixels| pixels.left_out);
    if left_out > 0 && pixels.projected.is_some() {
        weak(ui, (text.pixels_left_out)(left_out));
    }
}

/// The accepted share of flagged normal pixels, and the threshold that follows or was set.
fn decision(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let before = panel.state.settings.decision;
    let mut decision = before;
    let (name, help) = (text.pixel_share, text.pixel_share_help);
    field(ui, LABEL_SHARE, name, help, None, |ui| {
        let drag = percent_drag(&mut decision.false_pixels, 2)
            .range(0.0..=0.5)
            .speed(f64::from(before.false_pixels.max(1e-4)) * 0.02);
        sized(ui, drag, name)
    });
    if decision.false_pixels != before.false_pixels {
        decision.pixel_by_hand = None;
    }
    if let Some(threshold) = panel.review.pixels.threshold {
        let mut moved = threshold;
        let (name, help) = (text.pixel_threshold, text.pixel_threshold_help);
        field(ui, LABEL_SHARE, name, help, None, |ui| {
            let speed = f64::from(threshold.max(1e-5)) * 0.01;
            let drag = DragValue::new(&mut moved).speed(speed).max_decimals(6);
            sized(ui, drag.range(0.0..=f32::MAX), name)
        });
        if moved != threshold {
            decision.pixel_by_hand = Some(moved);
        }
    }
    if decision != before {
        panel.actions.push(Action::SetDecision(decision));
    }
}

fn sized(ui: &mut Ui, drag: DragValue<'_>, name: &str) -> egui::Response {
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    ui.add_sized(size, drag).accessible_name(name)
}

fn row(ui: &mut Ui, name: &str, help: &str, value: &str) {
    let strong = palette(ui).strong;
    field(ui, LABEL_SHARE, name, help, None, |ui| {
        ui.label(RichText::new(value).color(strong))
    });
}
