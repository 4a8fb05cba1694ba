//! The energy over the iterations, and beside it what the tabs offer. A click or a drag goes there.

use egui::{Align, Checkbox, Layout, RichText, Ui, vec2};
use egui_plot::{LineStyle, VLine};

use super::chart::{chart, tidy_step};
use super::curves::{self, Curve, Weights};
use super::numbers::{axis_count, short};
use super::{Panel, call, run_marks, update_row};
use crate::ui::action::Action;
use crate::ui::settings::{PlotTab, Plots};
use crate::ui::state::timeline::Cursor;
use crate::ui::theme::GAP;
use crate::ui::widgets::palette;

/// The width that both plots need, in points.
const BOTH_WIDTH: f32 = 480.0;
const LEGEND_HEIGHT: f32 = 22.0;
/// What the switch of the logarithmic axis needs, in points: alone, and with its name.
const TICK_WIDTH: f32 = 24.0;
const NAMED_TICK_WIDTH: f32 = 96.0;
/// What a curve's value needs, in points.
const VALUE_WIDTH: f32 = 52.0;

/// Draws both plots side by side, `height` points high.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, height: f32) {
    let width = ui.available_width();
    if width < BOTH_WIDTH {
        ui.vertical(|ui| energy(ui, panel, height));
        return;
    }
    let left = ((width - 2.0 * GAP) * 0.6).floor();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0 * GAP;
        ui.allocate_ui(vec2(left, height), |ui| {
            ui.vertical(|ui| energy(ui, panel, height));
        });
        let rest = ui.available_width();
        ui.allocate_ui(vec2(rest, height), |ui| {
            ui.vertical(|ui| beside(ui, panel, height));
        });
    });
}

fn energy(ui: &mut Ui, panel: &mut Panel<'_>, height: f32) {
    let state = panel.state;
    let mut plots = state.settings.plots;
    let mut display = state.settings.display;
    let regulariser = state.settings.projection.regulariser;
    let residual = panel.layers.residual();
    let runs = curves::plotted(state, residual);
    let curves = curves::energy(palette(ui), &plots, regulariser, &runs, panel.text);
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.horizontal(|ui| {
        ui.set_height(LEGEND_HEIGHT - 2.0);
        ui.spacing_mut().interact_size.y = 20.0;
        ui.spacing_mut().item_spacing.x = 6.0;
        let switches = [
            &mut plots.energy,
            &mut plots.reconstruction,
            &mut plots.regulariser,
            &mut plots.features,
        ];
        legend(ui, panel, &curves, switches);
        // Where the legend leaves little room, the key and the menu are left.
        let room = ui.available_width();
        if room < TICK_WIDTH {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let name = panel.text.common.log_axis;
            let tip = call::with_keys(name, &Action::ToggleLogCurves);
            let toggle = match room < NAMED_TICK_WIDTH {
                true => ui.add(Checkbox::without_text(&mut display.log_curves)),
                false => ui.checkbox(&mut display.log_curves, RichText::new(name).small()),
            };
            toggle.accessible_name(name).on_hover_text(tip);
        });
    });
    let name = panel.text.inspect.energy_plot;
    plot(ui, panel, ("energy", name), &curves, height - LEGEND_HEIGHT);
    if display != state.settings.display {
        panel.actions.push(Action::SetDisplay(display));
    }
    if plots != state.settings.plots {
        panel.actions.push(Action::SetPlots(plots));
    }
}

fn legend(ui: &mut Ui, panel: &Panel<'_>, curves: &[Curve], switches: [&mut bool; 4]) {
    let state = panel.state;
    let side = state.inspecting.ab_side();
    let run = state.inspecting.run_of(side);
    let residual = panel.layers.residual();
    let weights = run.map(|run| Weights::of(&run.projection, residual));
    let weights = weights.unwrap_or_default();
    let at = run.and_then(|run| run.recording.scalars().get(state.shown()));
    for (place, (curve, switch)) in curves.iter().zip(switches).enumerate() {
        match place {
            0 => {}
            1 => update_row::sign(ui, "="),
            _ => update_row::sign(ui, "+"),
        }
        if curve.legend(ui, panel, at, weights) {
            *switch = !*switch;
        }
    }
}

/// The plot beside the energy, with its tabs.
fn beside(ui: &mut Ui, panel: &mut Panel<'_>, height: f32) {
    let palette = palette(ui);
    let state = panel.state;
    let mut tabs = PlotTab::ALL.to_vec();
    tabs.retain(|tab| *tab != PlotTab::Features || state.has_features());
    let tab = Some(state.settings.plots.tab).filter(|tab| tabs.contains(tab));
    let tab = tab.unwrap_or_default();
    let curve = curves::of_tab(palette, tab, panel.text);
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.horizontal(|ui| {
        ui.set_height(LEGEND_HEIGHT - 2.0);
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding = vec2(4.0, 0.0);
        ui.spacing_mut().interact_size.y = 20.0;
        for choice in tabs {
            let (title, formula) = panel.text.runs.tab(choice);
            let name = RichText::new(title).small();
            let button = ui.selectable_label(tab == choice, name);
            let tip = format!(
                "{}\n{}",
                formula.replace('_', ""),
                panel.text.explain.tab(choice)
            );
            if button.on_hover_text(tip).clicked() {
                let plots = Plots {
                    tab: choice,
                    ..state.settings.plots
                };
                panel.actions.push(Action::SetPlots(plots));
            }
        }
        let run = state.inspecting.on_screen();
        let at = run.and_then(|run| run.recording.scalars().get(state.shown()));
        let residual = panel.layers.residual();
        let weights = run.map(|run| Weights::of(&run.projection, residual));
        let value = at.zip(weights);
        let value = value.map(|(at, weights)| (curve.value)(at, weights));
        let value = match (value, tab) {
            (Some(percent), PlotTab::Movement) if percent.is_finite() => format!("{percent:.1} %"),
            (Some(value), _) => short(value),
            (None, _) => "–".to_owned(),
        };
        // Beside the plot of pins the tabs take all the room: the curve says it, too.
        if ui.available_width() >= VALUE_WIDTH {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(RichText::new(value).size(13.0).color(palette.strong));
            });
        }
    });
    let (title, _) = panel.text.runs.tab(tab);
    let height = height - LEGEND_HEIGHT;
    plot(ui, panel, ("beside", title), &[curve], height);
}

fn plot(
    ui: &mut Ui,
    panel: &mut Panel<'_>,
    (id, name): (&str, &str),
    curves: &[Curve],
    height: f32,
) {
    let palette = palette(ui);
    let state = panel.state;
    let log = state.settings.display.log_curves;
    let runs = curves::plotted(state, panel.layers.residual());
    let marks = run_marks::on_screen(state);
    let shown = state.shown();
    // While it runs the axis already has its final length.
    let is_running = state.jobs.are_projecting() && !state.inspecting.is_stale();
    let planned = if is_running {
        state.settings.projection.iterations
    } else {
        0
    };
    let longest = runs.iter().map(|run| run.scalars.len()).max();
    let longest = longest.map_or(0, |len| len.saturating_sub(1));
    let last = longest.max(planned).max(1) as f64;
    let response = chart(id, palette, height, log)
        .include_x(0.0)
        .include_x(last)
        .x_grid_spacer(egui_plot::uniform_grid_spacer(move |_| {
            let step = tidy_step(last / 8.0).max(1.0);
            [step, 2.0 * step, 10.0 * step]
        }))
        .x_axis_formatter(|mark, _| axis_count(mark.value))
        .show(ui, |plot| {
            for mark in &marks {
                let line = VLine::new(panel.text.runs.mark(mark.kind), mark.t as f64);
                let line = line.color(run_marks::color(palette, mark.kind));
                plot.vline(line.width(1.0).style(LineStyle::dashed_dense()));
            }
            for run in &runs {
                for curve in curves {
                    curve.draw(plot, run, log);
                }
            }
            let cursor = VLine::new("cursor", shown as f64);
            plot.vline(cursor.color(palette.strong).width(1.5));
        });
    let plot = response.response;
    plot.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
    if (plot.clicked() || plot.dragged())
        && let Some(pos) = plot.interact_pointer_pos()
    {
        let t = response.transform.value_from_position(pos).x;
        let t = (t.round().max(0.0) as usize).min(state.last_shown());
        panel.actions.push(Action::SetCursor(Cursor::At(t)));
    }
}
