//! The energy over the iterations, and how far the reconstruction moved; a click goes there.

use egui::{Align, Color32, Layout, Ui, vec2};
use egui_plot::{Line, LineStyle, PlotPoints, VLine};

use crate::data::iterate::IterateScalars;
use crate::engine::message::Job;
use crate::ui::action::Action;
use crate::ui::state::timeline::Cursor;
use crate::ui::theme::GAP;
use crate::ui::widgets::{formula, palette, weak};

use super::Panel;
use super::chart::{chart, tidy_step};
use super::numbers::short;

/// One curve: formula, values, colour.
struct Curve {
    formula: &'static str,
    value: fn(&IterateScalars, f32) -> f32,
    color: Color32,
}

/// Draws both plots side by side, `height` points high.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, height: f32) {
    let palette = palette(ui);
    let text = &panel.text.inspect;
    let [first, second, third] = palette.curves;
    let regularised = match panel.state.settings.projection.regulariser {
        crate::data::config::Regulariser::L1 => text.curve_l1,
        crate::data::config::Regulariser::L2 => text.curve_l2,
    };
    let energy = [
        Curve {
            formula: text.curve_energy,
            value: |scalars, _| scalars.energy,
            color: first,
        },
        Curve {
            formula: text.curve_reconstruction,
            value: |scalars, _| scalars.reconstruction_error,
            color: second,
        },
        Curve {
            formula: regularised,
            value: |scalars, lambda| lambda * scalars.regulariser,
            color: third,
        },
    ];
    let moved = [Curve {
        formula: text.curve_moved,
        value: |scalars, _| scalars.reconstruction_shift,
        color: first,
    }];
    let width = ui.available_width();
    let left = ((width - 2.0 * GAP) * 0.62).floor();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0 * GAP;
        ui.allocate_ui(vec2(left, height), |ui| {
            plot(ui, panel, "energy", text.energy_plot, &energy, height, true);
        });
        let rest = ui.available_width();
        ui.allocate_ui(vec2(rest, height), |ui| {
            plot(ui, panel, "moved", text.moved_plot, &moved, height, false);
        });
    });
}

fn plot(
    ui: &mut Ui,
    panel: &mut Panel<'_>,
    id: &str,
    name: &str,
    curves: &[Curve],
    height: f32,
    may_be_log: bool,
) {
    let palette = palette(ui);
    let state = panel.state;
    let config = state.settings.projection;
    let scalars = state.inspecting.scalars(config.iterations);
    let shown = state.shown();
    let mut display = state.settings.display;
    let log = may_be_log && display.log_curves;
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.horizontal(|ui| {
            ui.set_height(20.0);
            ui.spacing_mut().item_spacing.x = 6.0;
            for curve in curves {
                let (rect, _) = ui.allocate_exact_size(vec2(12.0, 12.0), egui::Sense::hover());
                let dash = egui::Rect::from_center_size(rect.center(), vec2(12.0, 3.0));
                ui.painter().rect_filled(dash, 1.5, curve.color);
                ui.label(formula(curve.formula, 13.0, palette.weak));
                let value = scalars
                    .get(shown)
                    .map(|at| (curve.value)(at, config.lambda));
                let value = value.map_or_else(|| "–".into(), short);
                ui.label(egui::RichText::new(value).size(13.0).color(palette.strong));
                ui.add_space(6.0);
            }
            if may_be_log {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let toggle = egui::RichText::new(panel.text.common.log_axis).small();
                    ui.checkbox(&mut display.log_curves, toggle);
                });
            } else {
                weak(ui, panel.text.inspect.moved_help);
            }
        });
        // While it runs the axis already has its final length.
        let runs = state.jobs.runs(Job::Projecting) && !state.inspecting.is_stale();
        let planned = if runs { config.iterations } else { 0 };
        let last = state.last_shown().max(planned).max(1) as f64;
        let response = chart(id, palette, height - 24.0, log)
            .include_x(0.0)
            .include_x(last)
            .x_grid_spacer(egui_plot::uniform_grid_spacer(move |_| {
                let step = tidy_step(last / 8.0).max(1.0);
                [step, 2.0 * step, 10.0 * step]
            }))
            .x_axis_formatter(|mark, _| format!("{:.0}", mark.value))
            .show(ui, |plot| {
                for curve in curves {
                    let points: Vec<[f64; 2]> = scalars
                        .iter()
                        .map(|at| (at.t as f64, f64::from((curve.value)(at, config.lambda))))
                        .filter(|(_, y)| y.is_finite())
                        .map(|(x, y)| [x, if log { y.max(1e-6).log10() } else { y }])
                        .collect();
                    let line = Line::new(curve.formula, PlotPoints::from(points));
                    plot.line(line.color(curve.color).width(1.8));
                }
                let cursor = VLine::new("cursor", shown as f64);
                plot.vline(
                    cursor
                        .color(palette.strong)
                        .width(1.5)
                        .style(LineStyle::Solid),
                );
            });
        let plot = response.response;
        plot.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
        if (plot.clicked() || plot.dragged())
            && let Some(pos) = plot.interact_pointer_pos()
        {
            let t = response
                .transform
                .value_from_position(pos)
                .x
                .round()
                .max(0.0) as usize;
            panel
                .actions
                .push(Action::SetCursor(Cursor::At(t.min(state.last_shown()))));
        }
    });
    if display != state.settings.display {
        panel.actions.push(Action::SetDisplay(display));
    }
}
