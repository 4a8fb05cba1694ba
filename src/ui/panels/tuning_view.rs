//! The search for settings: what was tried, what it found, and the way to take it over.

use egui::{Align, Grid, Layout, ProgressBar, RichText, ScrollArea, Ui, WidgetInfo};
use egui_plot::{GridMark, MarkerShape, PlotPoints, Points};
use kizumi_method::config::{MapConfig, MapKind, StepRule};
use kizumi_method::tuning::Trial;

use super::chart::chart;
use super::numbers::short;
use super::{Panel, call};
use crate::ui::action::Action;
use crate::ui::icon::Icon;
use crate::ui::state::tuning::Dot;
use crate::ui::theme::{GAP, Palette};
use crate::ui::widgets::{card, heading, palette, primary_button, weak};

/// Settings of the table.
const ROWS: usize = 6;

/// What the table and what stands above it need of the height, in points.
const TABLE_HEIGHT: f32 = 306.0;

/// Draws it over the centre, while it is open.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    if panel.is_left(ui) {
        panel.actions.push(Action::CloseTuning);
    }
    head(ui, panel);
    ui.add_space(GAP);
    verdict(ui, panel);
    ui.add_space(GAP);
    let height = (ui.available_height() - TABLE_HEIGHT).max(120.0);
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        plot(ui, panel, height);
    });
    ui.add_space(GAP);
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ScrollArea::both()
            .id_salt("tuning-table")
            .auto_shrink([false, true])
            .show(ui, |ui| table(ui, panel));
    });
}

fn head(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.tuning;
    let runs = panel.state.jobs.tuning().is_some();
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            call::icon(ui, panel, Icon::Close, text.close, Action::CloseTuning);
            if runs {
                if ui.button(text.stop).clicked() {
                    panel.actions.push(Action::StopTuning);
                }
            } else if ui.button(text.start).clicked() {
                panel.actions.push(Action::Tune);
            }
            if panel.state.tuning.better().is_some() {
                let adopt = primary_button(ui, text.adopt).on_hover_text(text.adopt_help);
                if adopt.clicked() {
                    panel.actions.push(Action::AdoptTuned);
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                heading(ui, text.heading);
                weak(ui, text.help);
            });
        });
    });
}

/// How far the search is, or what came of it.
fn verdict(ui: &mut Ui, panel: &Panel<'_>) {
    let text = panel.text.tuning;
    let state = panel.state;
    if let Some((_, job)) = state.jobs.tuning() {
        let share = job.share().unwrap_or(0.0);
        let words = match state.tuning.count() {
            0 => text.nothing_yet.to_owned(),
            count => (text.tried)(count),
        };
        let bar = ProgressBar::new(share).desired_height(8.0);
        ui.add(bar.fill(palette(ui).accent));
        weak(ui, words);
        return;
    }
    let Some(result) = state.tuning.result() else {
        weak(ui, (text.tried)(state.tuning.count()));
        return;
    };
    let words = match &result.comparison {
        None => text.nothing_better.to_owned(),
        Some(comparison) if result.is_change() => (text.better)(comparison),
        Some(comparison) => (text.stays)(comparison),
    };
    ui.label(RichText::new(words).color(palette(ui).strong));
    weak(ui, (text.tried)(result.tried.len()));
}

/// Each projection at the best that it did: how well against the step size.
fn plot(ui: &mut Ui, panel: &Panel<'_>, height: f32) {
    let text = panel.text.tuning;
    let palette = palette(ui);
    let dots = panel.state.tuning.dots();
    let start = dots.iter().find(|dot| dot.is_start);
    let start_lambda = start.map(|dot| dot.trial.projection.lambda);
    legend(ui, panel, palette);
    let response = chart("tuning", palette, height - 22.0, false)
        .x_grid_spacer(powers_of_ten)
        .set_margin_fraction(egui::vec2(0.05, 0.1))
        .x_axis_formatter(|mark, _| tidy(10f64.powf(mark.value)))
        .y_axis_formatter(|mark, _| format!("{:.3}", mark.value))
        .show(ui, |plot| {
            for dot in &dots {
                let projection = &dot.trial.projection;
                let color = palette.curves[shade(projection.lambda, start_lambda)];
                let shape = match projection.step {
                    StepRule::PLAIN => MarkerShape::Diamond,
                    StepRule { through: true, .. } => MarkerShape::Circle,
                    StepRule { through: false, .. } => MarkerShape::Square,
                };
                let points = Points::new("tried", PlotPoints::from(vec![place(dot)]));
                plot.points(points.color(color).radius(4.0).shape(shape));
            }
            if let Some(dot) = start {
                let points = Points::new(text.before, PlotPoints::from(vec![place(dot)]));
                let points = points.color(palette.strong).radius(8.0);
                plot.points(points.shape(MarkerShape::Cross));
            }
            if let Some(dot) = dots.first() {
                let points = Points::new(text.best, PlotPoints::from(vec![place(dot)]));
                let points = points.color(palette.accent).radius(9.0).filled(false);
                plot.points(points.shape(MarkerShape::Circle));
            }
        });
    let name = text.plot;
    response
        .response
        .widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, name));
}

/// The marks of the plot in words.
fn legend(ui: &mut Ui, panel: &Panel<'_>, palette: &Palette) {
    let text = panel.text.tuning;
    ui.horizontal(|ui| {
        ui.set_height(18.0);
        ui.label(RichText::new(text.axis).small().color(palette.text));
        ui.add_space(GAP);
        let lambdas = [text.lower, text.same, text.higher];
        for (words, color) in lambdas.into_iter().zip(palette.curves) {
            mark(ui, "●", words, color);
        }
        mark(ui, "◆", panel.text.inspect.step_plain, palette.weak);
        mark(ui, "×", text.before, palette.strong);
        mark(ui, "○", text.best, palette.accent);
    });
}

fn mark(ui: &mut Ui, sign: &str, words: &str, color: egui::Color32) {
    ui.label(
        RichText::new(format!("{sign} {words}"))
            .small()
            .color(color),
    );
}

/// A number of few digits without those that say nothing.
fn tidy(value: f64) -> String {
    format!("{}", (value * 1e6).round() / 1e6)
}

fn place(dot: &Dot) -> [f64; 2] {
    let alpha = f64::from(dot.trial.projection.alpha.max(1e-6));
    [alpha.log10(), dot.trial.figures.criterion()]
}

/// Below, as, or above the start's.
fn shade(lambda: f32, start: Option<f32>) -> usize {
    match start {
        Some(start) if lambda < 0.99 * start => 0,
        Some(start) if lambda > 1.01 * start => 2,
        _ => 1,
    }
}

fn powers_of_ten(input: egui_plot::GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let marks = (low.floor() as i64..=high.ceil() as i64).flat_map(|power| {
        [1.0f64, 2.0, 5.0].map(|factor| GridMark {
            value: power as f64 + factor.log10(),
            step_size: if factor == 1.0 { 1.0 } else { 0.5 },
        })
    });
    marks
        .filter(|mark| (low..=high).contains(&mark.value))
        .collect()
}

/// The best settings, and the one from before.
fn table(ui: &mut Ui, panel: &Panel<'_>) {
    let text = panel.text.tuning;
    let labels = panel.text.inspect;
    let tuning = &panel.state.tuning;
    let ranked = tuning.ranked();
    let Some(first) = ranked.first() else {
        weak(ui, text.nothing_yet);
        return;
    };
    let start = tuning.result().map(|result| result.start);
    let is_start = |trial: &Trial| start == Some(trial.setting());
    let mut rows: Vec<&Trial> = ranked.iter().copied().take(ROWS).collect();
    if !rows.iter().any(|trial| is_start(trial)) {
        rows.extend(ranked.iter().copied().find(|trial| is_start(trial)));
    }
    let titles = [
        labels.alpha,
        labels.lambda,
        labels.iterations,
        labels.step_rule,
        labels.distance,
        text.map,
        text.smoothing,
        text.pixels,
        text.precision,
        text.images,
        text.left,
    ];
    Grid::new("tuning-grid")
        .striped(true)
        .spacing([14.0, 3.0])
        .show(ui, |ui| {
            for title in titles {
                weak(ui, title);
            }
            ui.end_row();
            for trial in rows {
                let (projection, map, figures) = (&trial.projection, &trial.map, &trial.figures);
                let cells = [
                    short(projection.alpha),
                    short(projection.lambda),
                    projection.iterations.to_string(),
                    labels.step_name(projection.step),
                    labels.distance_name(projection.distance).to_owned(),
                    map_name(panel, map),
                    format!("{} px", short(map.smoothing_px)),
                    format!("{:.4}", figures.pixel_auroc),
                    format!("{:.4}", figures.pixel_average_precision),
                    format!("{:.4}", figures.image_auroc),
                    figures.defect_left.map_or_else(String::new, percent),
                ];
                let is_best = std::ptr::eq(trial, *first);
                for cell in cells {
                    let words = RichText::new(cell);
                    ui.label(if is_best { words.strong() } else { words });
                }
                if is_start(trial) {
                    weak(ui, text.before);
                } else if is_best {
                    weak(ui, text.best);
                }
                ui.end_row();
            }
        });
}

/// A share in percent.
fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

fn map_name(panel: &Panel<'_>, map: &MapConfig) -> String {
    let text = panel.text.tuning;
    let [pixels, structure, fused, features, joint] = text.kinds;
    let kind = match map.kind {
        MapKind::Pixels => pixels,
        MapKind::Structure => structure,
        MapKind::Fused => fused,
        MapKind::Features => features,
        MapKind::Joint => joint,
    };
    match map.relative {
        true => format!("{kind}, {}", text.relative),
        false => kind.to_owned(),
    }
}
