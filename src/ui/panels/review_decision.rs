//! One question and what follows from it: how many false alarms are acceptable, and the thresholds.

use egui::{DragValue, Label, RichText, Slider, Ui, vec2};

use crate::ui::action::Action;
use crate::ui::form::rail;
use crate::ui::review::Origin;
use crate::ui::widgets::{card, field, heading, palette, percent_drag, weak};
use kizumi_method::decision::{Decision, Thresholds};

use super::Panel;

/// Shares of false alarms that are a click away.
const PRESETS: [f32; 4] = [0.0, 0.01, 0.02, 0.05];
/// The largest share on the rail; a larger one may be typed.
const RAIL_MAX: f32 = 0.2;
/// The largest share there is.
const SHARE_MAX: f32 = 0.5;
const LABEL_SHARE: f32 = 0.42;
const NUMBER_WIDTH: f32 = 58.0;

/// Draws the section.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    heading(ui, text.decision_heading);
    let before = panel.state.settings.decision;
    let mut decision = before;
    question(ui, panel, &mut decision);
    let of_unsure = (text.unsure, text.unsure_help);
    field(ui, LABEL_SHARE, of_unsure.0, of_unsure.1, None, |ui| {
        share(ui, &mut decision.unsure, of_unsure.0)
    });
    if (decision.false_alarms, decision.unsure) != (before.false_alarms, before.unsure) {
        // Whoever answers the question wants its answer to count.
        decision.by_hand = None;
    }
    if let Some(thresholds) = panel.review.thresholds() {
        numbers(ui, panel, thresholds, &mut decision);
    }
    reference(ui, panel);
    if decision.by_hand.is_some() {
        ui.horizontal_wrapped(|ui| {
            let color = palette(ui).warning;
            ui.label(RichText::new(text.by_hand).small().color(color));
            if ui.button(text.automatic).clicked() {
                decision.by_hand = None;
            }
        });
    }
    if decision != before {
        panel.actions.push(Action::SetDecision(decision));
    }
}

fn question(ui: &mut Ui, panel: &Panel<'_>, decision: &mut Decision) {
    let text = panel.text.review;
    card(ui).inner_margin(8).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let question = RichText::new(text.question).color(palette(ui).strong);
        ui.add(Label::new(question).wrap())
            .on_hover_text(text.question_help);
        ui.horizontal(|ui| {
            share(ui, &mut decision.false_alarms, text.question);
        });
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            for preset in PRESETS {
                let chosen = decision.by_hand.is_none() && decision.false_alarms == preset;
                let label = format!("{:.0} %", preset * 100.0);
                if ui.selectable_label(chosen, label).clicked() {
                    decision.false_alarms = preset;
                    decision.by_hand = None;
                }
            }
        });
    });
}

/// A rail and a number for a share, in percent.
fn share(ui: &mut Ui, value: &mut f32, name: &str) -> egui::Response {
    let room = ui.available_width() - NUMBER_WIDTH - ui.spacing().item_spacing.x;
    ui.spacing_mut().slider_width = room.max(40.0);
    let slider = Slider::new(value, 0.0..=RAIL_MAX)
        .clamping(egui::SliderClamping::Never)
        .step_by(0.005)
        .show_value(false);
    let slider = rail(ui, slider).on_hover_text(name);
    let number = percent_drag(value, 1).range(0.0..=SHARE_MAX).speed(0.001);
    let size = vec2(NUMBER_WIDTH, ui.spacing().interact_size.y);
    let number = ui.add_sized(size, number).accessible_name(name);
    slider.accessible_name(name).union(number)
}

/// The raw thresholds, to be read and to be set.
fn numbers(ui: &mut Ui, panel: &Panel<'_>, thresholds: Thresholds, decision: &mut Decision) {
    let text = panel.text.review;
    let speed = f64::from(thresholds.reject.abs().max(1e-4)) * 0.01;
    let drag = |ui: &mut Ui, value: &mut f32, name: &str| {
        let number = DragValue::new(value).speed(speed).max_decimals(5);
        let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
        ui.add_sized(size, number.range(0.0..=f32::MAX))
            .accessible_name(name)
    };
    let (mut review, mut reject) = (thresholds.review, thresholds.reject);
    for (name, help, value) in [
        (text.review_above, text.review_above_help, &mut review),
        (text.reject_above, text.reject_above_help, &mut reject),
    ] {
        field(ui, LABEL_SHARE, name, help, None, |ui| {
            drag(ui, value, name)
        });
    }
    if review != thresholds.review {
        decision.by_hand = Some(thresholds.with_review(review));
    }
    if reject != thresholds.reject {
        decision.by_hand = Some(thresholds.with_reject(reject));
    }
}

/// Which of the model's normal images tell what is normal. By features training images do, too, if not more
/// than can be measured in reasonable time.
fn measured_on(ui: &mut Ui, panel: &Panel<'_>) {
    let text = panel.text.review;
    let count = panel.review.reference.count();
    let model = panel.state.model.as_ref();
    let by_features = model.filter(|model| {
        let made = model.calibration.as_ref();
        model.mark.memory_is_there() && made.is_some_and(|made| made.map.kind.of_features())
    });
    match by_features {
        Some(model) => {
            let words = (text.measured_on)(count, model.normal_images);
            weak(ui, words).on_hover_text(text.measured_on_help)
        }
        None => weak(ui, (text.held_out)(count)).on_hover_text(text.held_out_help),
    };
}

/// Which normals the thresholds come from, and what is wrong with them.
fn reference(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let palette = palette(ui);
    let reference = &panel.review.reference;
    let warn = |ui: &mut Ui, words: &str| {
        let words = RichText::new(words).small().color(palette.warning);
        ui.add(Label::new(words).wrap());
    };
    match reference.origin {
        Origin::Nowhere if panel.state.model.is_none() => {}
        Origin::Nowhere => warn(ui, text.no_normals),
        Origin::ThisSet => warn(ui, &(text.this_set)(reference.count())),
        Origin::HeldOut { same_parameters } => {
            if let Some(model) = &panel.state.model
                && panel.state.model_is_foreign()
            {
                let name = panel.text.steps.model_name(model);
                warn(ui, &(text.foreign_thresholds)(&name, &model.trained_on));
            }
            measured_on(ui, panel);
            if !same_parameters {
                warn(ui, text.other_parameters);
                let may = panel.state.jobs.foremost().is_none() && panel.state.dataset.is_some();
                let button = egui::Button::new(text.measure_again);
                if ui.add_enabled(may, button).clicked() {
                    panel.actions.push(Action::Recalibrate);
                }
            }
        }
    }
    if let Some(needed) = panel.state.settings.decision.needed_normals()
        && reference.origin != Origin::Nowhere
        && reference.count() < needed
        && panel.state.settings.decision.by_hand.is_none()
    {
        weak(ui, (text.too_few)(reference.count(), needed));
    }
    if let Some(limits) = panel.review.limits
        && let Some(words) = panel.text.report().judging.uncertainty(&limits.value)
    {
        let words = RichText::new(words).small();
        ui.add(Label::new(words.color(palette.weak)).wrap());
    }
}
