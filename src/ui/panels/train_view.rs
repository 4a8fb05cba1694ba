//! Step 2, centre: the numbers, the curves and the pictures of training.

use egui::{Color32, RichText, ScrollArea, Ui, vec2};
use egui_plot::{Line, PlotPoints};

use crate::ui::action::Action;
use crate::ui::canvas;
use crate::ui::icon::Icon;
use crate::ui::state::Step;
use crate::ui::state::training::{Curve, Phase, Training};
use crate::ui::theme::GAP;
use crate::ui::widgets::{card, empty_state, heading, palette, primary_button, stat, weak};
use kizumi_dataset::sample::Set;
use kizumi_engine::message::{Job, Outcome, Preview};

use super::chart::chart;
use super::numbers::{count, duration, short};
use super::{Panel, interrupted};

/// Draws the centre.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    interrupted::show(ui, panel);
    let text = &panel.text.train;
    let state = panel.state;
    let training = &state.training;
    if training.progress.is_none() && !training.is_active() {
        empty(ui, panel);
        return;
    }
    numbers(ui, panel);
    ui.add_space(GAP);
    let previews_height = (ui.available_height() * 0.42).clamp(180.0, 330.0);
    let curves_height = ui.available_height() - previews_height - GAP;
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        if training.progress.is_none() {
            ui.set_height(curves_height - 26.0);
            let sentence = text.phase_help(training.phase);
            empty_state(ui, Icon::Chart, sentence, |ui| {
                ui.spinner();
            });
        } else {
            curves(ui, panel, curves_height - 26.0);
        }
    });
    ui.add_space(GAP);
    card(ui).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        previews(ui, panel);
    });
}

fn empty(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text;
    let state = panel.state;
    if state.dataset.is_none() && state.model.is_none() {
        empty_state(ui, Icon::Folder, text.train.empty_no_data, |ui| {
            if primary_button(ui, text.data.try_demo).clicked() {
                panel.actions.push(Action::OpenDemo(Set::Washer));
            }
            ui.add_space(2.0);
            if ui.button(text.train.to_data).clicked() {
                panel.actions.push(Action::GoTo(Step::Data));
            }
        });
        return;
    }
    let model = state.model.as_ref();
    let model = model.filter(|_| !state.model_is_foreign());
    let sentence = match model {
        Some(model) => (text.train.empty_with_model)(model),
        None => text.train.empty.to_owned(),
    };
    empty_state(ui, Icon::Chart, &sentence, |ui| {
        if model.is_some() {
            if primary_button(ui, text.data.next_inspect).clicked() {
                panel.actions.push(Action::GoTo(Step::Inspect));
            }
        } else if primary_button(ui, text.train.start).clicked() {
            panel.actions.push(Action::StartTraining);
        }
    });
}

fn numbers(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.train;
    let palette = palette(ui);
    let training = &panel.state.training;
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 22.0;
            let progress = training.progress.clone().unwrap_or_default();
            let known = training.progress.is_some();
            let or_dash = |value: Option<String>| match (known, value) {
                (true, Some(value)) => value,
                _ => "–".to_owned(),
            };
            stat(ui, &or_dash(Some(count(progress.images))), text.images_seen);
            stat(
                ui,
                &or_dash(Some(format!("{:.0}", progress.images_per_sec))),
                text.images_per_sec,
            );
            let waited = format!("{:.0} %", 100.0 * progress.waited_share);
            stat(ui, &or_dash(Some(waited)), text.waited);
            stat(
                ui,
                &or_dash(Some(duration(progress.elapsed_secs))),
                text.elapsed,
            );
            stat(ui, &or_dash(progress.eta_secs.map(duration)), text.left);
            stat(
                ui,
                &or_dash(Some(short(progress.reconstruction))),
                text.reconstruction,
            );
            stat(ui, &or_dash(Some(short(progress.kl))), text.kl);
            stat(
                ui,
                &or_dash(training.validation.map(short)),
                text.validation,
            );
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                if training.phase == Phase::Idle && panel.state.model.is_some() {
                    if primary_button(ui, panel.text.data.next_inspect).clicked() {
                        panel.actions.push(Action::GoTo(Step::Inspect));
                    }
                } else {
                    let phase = phase(panel);
                    ui.label(RichText::new(phase).color(palette.accent));
                }
            });
        });
        if let Some(Outcome::Failed(reason)) = &training.outcome {
            ui.label(RichText::new(reason).small().color(palette.error));
        }
    });
}

/// What goes on, in words.
fn phase(panel: &Panel<'_>) -> String {
    let state = panel.state;
    match state.training.phase {
        Phase::Finishing => (panel.text.train.finishing)(state.jobs.progress_of(Job::Finishing)),
        phase => panel.text.steps.phase(phase).to_owned(),
    }
}

fn curves(ui: &mut Ui, panel: &mut Panel<'_>, height: f32) {
    let palette = palette(ui);
    let text = &panel.text.train;
    let training = &panel.state.training;
    let mut display = panel.state.settings.display;
    let lines: [(&str, &Curve, Color32); 3] = [
        (
            text.reconstruction,
            &training.reconstruction_curve,
            palette.curves[0],
        ),
        (
            text.validation,
            &training.validation_curve,
            palette.curves[2],
        ),
        (text.kl, &training.kl_curve, palette.curves[1]),
    ];
    ui.horizontal(|ui| {
        heading(ui, text.curves_heading);
        ui.add_space(GAP);
        for (name, _, color) in lines {
            legend_entry(ui, name, color);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.checkbox(&mut display.log_curves, panel.text.common.log_axis);
        });
    });
    let log = display.log_curves;
    let position = |point: &[f64; 2]| {
        let y = if log {
            point[1].max(1e-9).log10()
        } else {
            point[1]
        };
        [point[0], y]
    };
    let left = height - ui.min_rect().height() - 6.0;
    chart("losses", palette, left, log)
        .x_axis_label(text.images_seen)
        .x_axis_formatter(|mark, _| count(mark.value.max(0.0) as u64))
        .show(ui, |plot| {
            for (name, curve, color) in lines {
                let points: Vec<_> = curve.points().iter().map(position).collect();
                plot.line(
                    Line::new(name, PlotPoints::from(points))
                        .color(color)
                        .width(1.8),
                );
            }
        });
    if display != panel.state.settings.display {
        panel.actions.push(Action::SetDisplay(display));
    }
}

/// A coloured dash with a name.
fn legend_entry(ui: &mut Ui, name: &str, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), egui::Sense::hover());
    let dash = egui::Rect::from_center_size(rect.center(), vec2(14.0, 3.0));
    ui.painter().rect_filled(dash, 1.5, color);
    weak(ui, name);
}

fn previews(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.train;
    let training: &Training = &panel.state.training;
    ui.horizontal(|ui| {
        heading(ui, text.previews_heading);
        weak(ui, text.previews_help);
        if training.test_preview.is_some() {
            weak(ui, text.preview_test_help);
        }
    });
    if training.previews.is_empty() && training.test_preview.is_none() {
        ui.add_space(GAP);
        weak(ui, text.previews_empty);
        return;
    }
    let generation = training.generation;
    let side = ((ui.available_height() - 8.0) * 0.5 - 4.0)
        .clamp(48.0, 150.0)
        .floor();
    ScrollArea::horizontal()
        .id_salt("previews")
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.horizontal_top(|ui| {
                if let Some(preview) = &training.test_preview {
                    pair(
                        ui,
                        panel,
                        ("test", 0),
                        generation,
                        preview,
                        side,
                        text.preview_test,
                    );
                    ui.separator();
                }
                for (index, preview) in training.previews.iter().enumerate() {
                    let place = ("validation", 2 * index);
                    let name = (text.preview_validation)(index + 1);
                    pair(ui, panel, place, generation, preview, side, &name);
                }
            });
        });
}

/// An image above its reconstruction.
fn pair(
    ui: &mut Ui,
    panel: &mut Panel<'_>,
    place: (&'static str, usize),
    generation: u64,
    preview: &Preview,
    side: f32,
    name: &str,
) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for (offset, picture) in [&preview.original, &preview.reconstruction]
            .into_iter()
            .enumerate()
        {
            let (rect, _) = ui.allocate_exact_size(vec2(side, side), egui::Sense::hover());
            let place = (place.0, place.1 + offset);
            let image = panel.pictures.get(place, generation, picture);
            canvas::ground(ui, rect);
            let id = ui.scope_id().with(place);
            canvas::thumbnail(ui, rect, id, name, &image).on_hover_text(name);
        }
    });
}
