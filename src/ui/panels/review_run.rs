//! Which images are inspected, and the buttons that begin, suspend and end it.

use egui::{ProgressBar, Ui};

use crate::ui::action::Action;
use crate::ui::state::review_view::ReviewView;
use crate::ui::state::set::{Phase, Source};
use crate::ui::widgets::{ending, heading, palette, primary_button, weak};
use kizumi_engine::message::Outcome;

use super::Panel;

/// Draws the section.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    heading(ui, text.images_heading);
    source(ui, panel);
    if panel.state.set.is_active() {
        running(ui, panel);
    } else {
        begin(ui, panel);
    }
}

/// Test images or normal ones, where there are both.
fn source(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let state = panel.state;
    let Some(dataset) = &state.dataset else {
        return;
    };
    if dataset.catalog.test.is_empty() {
        weak(ui, (text.source_normals)(dataset.catalog.train.len()));
        return;
    }
    for (source, label) in [
        (Source::Test, (text.source_test)(dataset.catalog.test.len())),
        (
            Source::Normals,
            (text.source_normals)(dataset.catalog.train.len()),
        ),
    ] {
        let choice = ui.radio(state.review.source == source, label);
        if choice.on_hover_text(text.source_help).clicked() {
            let review = ReviewView {
                source,
                ..state.review.clone()
            };
            panel.actions.push(Action::SetReview(Box::new(review)));
        }
    }
}

/// The button that inspects everything, or why there is none.
pub fn begin(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let state = panel.state;
    let (number, set) = (state.set_images().len(), &state.set);
    if number > 0 && state.model.is_some() {
        let again = set.done() > 0 && set.done() == set.images().len();
        let label = if again {
            text.inspect_again
        } else {
            text.inspect_all
        };
        ui.add_enabled_ui(!state.waits_for_training(), |ui| {
            // What leads on from here is a model of these images.
            let button = match state.model_is_foreign() {
                true => ui.button(label(number)),
                false => primary_button(ui, &label(number)),
            };
            let button = button.on_disabled_hover_text(text.waits_for_training);
            if button.clicked() {
                panel.actions.push(Action::InspectSet);
            }
        });
    }
    match set.outcome() {
        Some(Outcome::Stopped) => {
            weak(ui, (text.stopped)(set.done(), set.images().len()));
        }
        Some(Outcome::Failed(reason)) => {
            let color = palette(ui).error;
            let words = panel.text.said(reason);
            ui.label(egui::RichText::new(words).small().color(color));
        }
        _ => {}
    }
}

fn running(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let set = &panel.state.set;
    let phase = set.phase();
    ui.horizontal(|ui| {
        let paused = phase == Phase::Paused;
        let label = if paused { text.resume } else { text.pause };
        let may_pause = matches!(phase, Phase::Running | Phase::Paused);
        ui.add_enabled_ui(may_pause, |ui| {
            if primary_button(ui, label).clicked() {
                panel.actions.push(match paused {
                    true => Action::ResumeSet,
                    false => Action::PauseSet,
                });
            }
        });
        ui.add_enabled_ui(phase != Phase::Stopping, |ui| {
            let stop = egui::Button::new(text.stop).min_size(egui::vec2(0.0, 30.0));
            let stop = ending(ui, text.stop, stop);
            if stop.on_hover_text(text.stop_help).clicked() {
                panel.actions.push(Action::StopSet);
            }
        });
        if paused {
            weak(ui, text.paused);
        }
    });
    if phase == Phase::Asked {
        weak(ui, text.asked);
        return;
    }
    let (done, all) = (set.done(), set.images().len());
    let bar = ProgressBar::new(done as f32 / all.max(1) as f32)
        .desired_height(8.0)
        .fill(palette(ui).accent);
    ui.add(bar);
    weak(ui, (text.progress)(done, all, set.eta_secs()));
}
