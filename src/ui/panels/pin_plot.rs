//! The course of the pinned pixels over the iterations, or the values between two of them.

use egui::{RichText, Sense, Ui, vec2};
use egui_plot::{Line, LineStyle, PlotPoints, VLine};

use crate::ui::action::Action;
use crate::ui::icon::{self, Icon};
use crate::ui::state::timeline::Cursor;
use crate::ui::state::viewer::Pin;
use crate::ui::theme::Palette;
use crate::ui::viewing::PinChart;
use crate::ui::widgets::{formula, icon_button, palette};
use kizumi_method::recording::PixelCourse;

use super::chart::chart;
use super::numbers::axis_count;
use super::{Panel, line_profile};

/// Draws the pins' names and curves, `height` points high.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, height: f32) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.horizontal(|ui| {
            ui.set_height(20.0);
            ui.spacing_mut().item_spacing.x = 4.0;
            for pin in panel.state.viewer.pins() {
                chip(ui, panel, *pin);
            }
            if icon_button(ui, Icon::Close, panel.text.viewer.unpin_all).clicked() {
                panel.actions.push(Action::ClearPins);
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let text = panel.text.viewer;
                let mut viewing = panel.state.settings.viewing;
                let chart = &mut viewing.pin_chart;
                let profile = RichText::new(text.profile_tab).small();
                ui.selectable_value(chart, PinChart::Profile, profile)
                    .on_hover_text(text.profile);
                let gate = RichText::new(text.pin_gate).small();
                ui.selectable_value(chart, PinChart::Gate, gate);
                let color = match *chart {
                    PinChart::Values => palette(ui).text,
                    _ => palette(ui).weak,
                };
                let values = formula(text.pin_values, 11.5, color);
                ui.selectable_value(chart, PinChart::Values, values);
                super::large_view::set_viewing(panel, viewing);
            });
        });
        match panel.state.settings.viewing.pin_chart {
            PinChart::Profile => line_profile::show(ui, panel, height - 24.0),
            PinChart::Values | PinChart::Gate => plot(ui, panel, height - 24.0),
        }
    });
}

/// A pin's colour, its place, and the way to let it go.
fn chip(ui: &mut Ui, panel: &mut Panel<'_>, pin: Pin) {
    let text = panel.text.viewer;
    let color_name = text.pin_colors[pin.color % text.pin_colors.len()];
    let words = format!("{}, {}", pin.pixel.x, pin.pixel.y);
    let palette = palette(ui);
    let galley = ui
        .painter()
        .layout_no_wrap(words, egui::FontId::proportional(11.5), palette.text);
    let size = vec2(galley.size().x + 34.0, 18.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let name = (text.unpin)(color_name);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    let ground = if response.hovered() || response.has_focus() {
        palette.tint
    } else {
        palette.panel
    };
    ui.painter().rect_filled(rect, 4, ground);
    let dot = egui::pos2(rect.left() + 9.0, rect.center().y);
    ui.painter()
        .circle_filled(dot, 4.5, Palette::pin(pin.color));
    let at = egui::pos2(rect.left() + 17.0, rect.center().y - galley.size().y * 0.5);
    ui.painter().galley(at, galley, palette.text);
    let cross = egui::Rect::from_center_size(
        egui::pos2(rect.right() - 8.0, rect.center().y),
        vec2(9.0, 9.0),
    );
    icon::paint(ui.painter(), cross, Icon::Close, palette.weak);
    if response.clicked() {
        panel.actions.push(Action::TogglePin(pin.pixel));
    }
    response.on_hover_text(name);
}

fn plot(ui: &mut Ui, panel: &mut Panel<'_>, height: f32) {
    let palette = palette(ui);
    let state = panel.state;
    let last = state.last_shown();
    let gate = state.settings.viewing.pin_chart == PinChart::Gate;
    let recording = state.inspecting.recording();
    let response = chart("pins", palette, height, false)
        .include_x(0.0)
        .include_x(last.max(1) as f64)
        .x_axis_formatter(|mark, _| axis_count(mark.value))
        .show(ui, |plot| {
            for pin in state.viewer.pins() {
                let course = recording.course(pin.pixel.y, pin.pixel.x);
                let color = Palette::pin(pin.color);
                let mut draw = |name: &str, style: LineStyle, value: fn(&PixelCourse) -> f32| {
                    let seen = course.iter().filter(|at| at.t <= last);
                    let points: Vec<[f64; 2]> =
                        seen.map(|at| [at.t as f64, f64::from(value(at))]).collect();
                    let line = Line::new(name, PlotPoints::from(points));
                    plot.line(line.color(color).width(1.8).style(style));
                };
                if gate {
                    draw("gate", LineStyle::Solid, |at| at.gate);
                } else {
                    draw("x_t", LineStyle::Solid, |at| at.iterate);
                    draw("f(x_t)", LineStyle::dashed_loose(), |at| at.reconstruction);
                }
            }
            plot.vline(
                VLine::new("cursor", state.shown() as f64)
                    .color(palette.strong)
                    .width(1.5),
            );
        });
    let plot = response.response;
    let name = panel.text.viewer.pin_plot;
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
            .push(Action::SetCursor(Cursor::At(t.min(last))));
    }
}
