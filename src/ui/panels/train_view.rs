//! Step 2, centre: the numbers, the curves and the pictures of training.

use egui::{Align, Color32, Layout, RichText, ScrollArea, Ui, vec2};
use egui_plot::{Line, PlotPoints};

use crate::ui::action::Action;
use crate::ui::busy::{BUSY, busy};
use crate::ui::canvas;
use crate::ui::icon::Icon;
use crate::ui::state::Step;
use crate::ui::state::training::{Curve, Phase, Training};
use crate::ui::theme::GAP;
use crate::ui::widgets::{card, empty_state, heading, palette, primary_button, stat, weak};
use kizumi_dataset::sample::Set;
use kizumi_engine::message::{Job, Outcome, Preview};

use super::chart::chart;
use super::numbers::{axis_count, count, duration, short};
use super::{Panel, interrupted, opening, part_view, train_parts};

/// Draws the centre.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    interrupted::show(ui, panel);
    let text = &panel.text.train;
    let state = panel.state;
    let training = &state.training;
    if state.shows_part() {
        part_view::show(ui, panel);
        return;
    }
    // One that was interrupted, and is only kept, learned nothing that was to be seen here.
    if !training.is_active() && !training.has_learned() {
        empty(ui, panel);
        return;
    }
    train_parts::show(ui, panel);
    numbers(ui, panel);
    ui.add_space(GAP);
    if training.phase == Phase::Finishing && !training.has_learned() {
        card(ui).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            empty_state(ui, Icon::Chart, text.only_measured, |ui| {
                busy(ui, BUSY, crate::ui::widgets::palette(ui).accent);
            });
        });
        return;
    }
    let previews_height = (ui.available_height() * 0.42).clamp(180.0, 330.0);
    let curves_height = ui.available_height() - previews_height - GAP;
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        if training.progress.is_none() {
            ui.set_height(curves_height - 26.0);
            let job = state.jobs.foremost().map(|running| running.job);
            let sentence = text.phase_help(training.phase, job);
            empty_state(ui, Icon::Chart, sentence, |ui| {
                busy(ui, BUSY, crate::ui::widgets::palette(ui).accent);
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
    if state.is_opening_model() {
        opening(ui, panel);
        return;
    }
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
    if model.is_none() && !state.has_normal_images() {
        empty_state(ui, Icon::Folder, text.train.start_needs_normal, |ui| {
            if ui.button(text.train.to_data).clicked() {
                panel.actions.push(Action::GoTo(Step::Data));
            }
        });
        return;
    }
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

/// The narrowest and the widest place of a number, in points.
const NUMBER_WIDTHS: [f32; 2] = [92.0, 124.0];

fn numbers(ui: &mut Ui, panel: &mut Panel<'_>) {
    let training = &panel.state.training;
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                outlook(ui, panel);
                // What is left is for the numbers, in one line or in two of the same length.
                ui.with_layout(Layout::top_down(Align::LEFT), |ui| {
                    let numbers = numbers_of(panel);
                    let [narrowest, widest] = NUMBER_WIDTHS;
                    let room = ui.available_width();
                    let columns = match room >= narrowest * numbers.len() as f32 {
                        true => numbers.len(),
                        false => numbers.len().div_ceil(2),
                    };
                    let width = (room / columns as f32).min(widest);
                    for row in numbers.chunks(columns) {
                        ui.horizontal(|ui| {
                            ui.spacing_mut().item_spacing.x = 0.0;
                            for (value, name) in row {
                                let place = vec2(width, ui.available_height());
                                ui.allocate_ui(place, |ui| {
                                    ui.set_width(width);
                                    stat(ui, value, name);
                                });
                            }
                        });
                    }
                });
            });
        });
        if let Some(Outcome::Failed(reason)) = &training.outcome {
            let words = RichText::new(panel.text.said(reason)).small();
            ui.label(words.color(palette(ui).error));
        }
    });
}

/// What goes on, or what comes next.
fn outlook(ui: &mut Ui, panel: &mut Panel<'_>) {
    if panel.state.training.phase == Phase::Idle && panel.state.model.is_some() {
        if primary_button(ui, panel.text.data.next_inspect).clicked() {
            panel.actions.push(Action::GoTo(Step::Inspect));
        }
    } else {
        ui.label(RichText::new(phase(panel)).color(palette(ui).accent));
    }
}

/// Numbers and what they are called.
fn numbers_of(panel: &Panel<'_>) -> Vec<(String, &'static str)> {
    let text = &panel.text.train;
    let training = &panel.state.training;
    let known = training.progress.as_ref();
    let learned = known.filter(|_| training.has_learned());
    let or_dash = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let images = known.map(|known| count(known.images));
    let speed = learned.map(|known| format!("{:.0}", known.images_per_sec));
    let waited = learned.map(|known| format!("{:.0} %", 100.0 * known.waited_share));
    let elapsed = known.map(|known| duration(known.elapsed_secs));
    let left = known.and_then(|known| known.eta_secs).map(duration);
    let reconstruction = known.and_then(|known| known.reconstruction).map(short);
    let kl = known.and_then(|known| known.kl).map(short);
    let mut numbers = vec![
        (or_dash(images), text.images_seen),
        (or_dash(speed), text.images_per_sec),
        (or_dash(waited), text.waited),
        (or_dash(elapsed), text.elapsed),
        (or_dash(left), text.left),
        (or_dash(reconstruction), text.reconstruction),
    ];
    if training.has_kl() {
        numbers.push((or_dash(kl), text.kl));
    }
    numbers.push((or_dash(training.validation.map(short)), text.validation));
    numbers
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
    let mut lines: Vec<(&str, &Curve, Color32)> = vec![
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
    ];
    if training.has_kl() {
        lines.push((text.kl, &training.kl_curve, palette.curves[1]));
    }
    ui.horizontal(|ui| {
        heading(ui, text.curves_heading);
        ui.add_space(GAP);
        for (name, _, color) in &lines {
            legend_entry(ui, name, *color);
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
        .x_axis_formatter(|mark, _| axis_count(mark.value))
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
