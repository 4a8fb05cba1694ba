//! How many pixels of the heatmap have which value, with handles for the colours' range and the
//! threshold.

use egui::{Color32, CursorIcon, Id, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::ui::action::Action;
use crate::ui::layers::Range;
use crate::ui::settings::MapRange;
use crate::ui::widgets::{arrow_presses, palette};
use kizumi_method::histogram::Histogram;

use super::Panel;
use super::numbers::short;

const BARS: usize = 64;
const HEIGHT: f32 = 64.0;
/// Room above and below the bars for handles, in points.
const RAIL: f32 = 9.0;

/// Draws it over the width that is there.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let Some(range) = panel.layers.map_range() else {
        return;
    };
    let text = panel.text.regions;
    let threshold = panel.layers.threshold();
    let top = axis_end(panel, range, threshold);
    let size = vec2(ui.available_width(), HEIGHT + 2.0 * RAIL);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, text.histogram));
    response.on_hover_text(text.histogram_help);
    let bars = rect.shrink2(vec2(6.0, RAIL));
    ui.painter().rect_filled(bars, 2, palette(ui).picture);
    draw_bars(ui, panel, bars, range, top);

    let axis = Axis { bars, top };
    let mut display = panel.state.settings.display;
    let fill = palette(ui).text;
    if let Some(low) = axis.handle(ui, "low", (text.low, range.low), false, fill) {
        display.range = MapRange::Custom;
        display.custom_low = low.clamp(0.0, range.high - top * 0.005);
        display.custom_high = range.high;
    }
    if let Some(high) = axis.handle(ui, "high", (text.high, range.high), false, fill) {
        display.range = MapRange::Custom;
        display.custom_low = range.low;
        display.custom_high = high.max(range.low + top * 0.005);
    }
    if display != panel.state.settings.display {
        panel.actions.push(Action::SetDisplay(display));
    }
    if let Some(threshold) = threshold {
        let warning = palette(ui).warning;
        let line = Stroke::new(1.5, warning);
        ui.painter().vline(axis.x(threshold), bars.y_range(), line);
        if let Some(moved) =
            axis.handle(ui, "threshold", (text.threshold, threshold), true, warning)
        {
            let mut decision = panel.state.settings.decision;
            decision.pixel_by_hand = Some(moved.max(0.0));
            panel.actions.push(Action::SetDecision(decision));
        }
    }
}

/// The value at the right end: what is held by a handle is in sight, and so is most of the map.
fn axis_end(panel: &Panel<'_>, range: Range, threshold: Option<f32>) -> f32 {
    let map = panel.layers.shown().and_then(|shown| shown.map.as_ref());
    let most = map.map_or(0.0, |map| map.max());
    let most = if most.is_finite() { most } else { 0.0 };
    (range.high.max(threshold.unwrap_or(0.0)) * 1.15)
        .max(most)
        .max(1e-6)
}

fn draw_bars(ui: &Ui, panel: &Panel<'_>, bars: Rect, range: Range, top: f32) {
    let Some(map) = panel.layers.shown().and_then(|shown| shown.map.as_ref()) else {
        return;
    };
    let histogram = Histogram::new(map.pixels.iter().copied(), 0.0, top, BARS);
    let heights = histogram.heights(true);
    let highest = heights.iter().copied().fold(0.1f64, f64::max);
    let colormap = panel.state.settings.display.colormap;
    let painter = ui.painter_at(bars);
    let width = bars.width() / BARS as f32;
    for (bar, height) in heights.into_iter().enumerate() {
        let share = (histogram.centre(bar) - range.low) / (range.high - range.low);
        let [red, green, blue] = colormap.rgb(share.clamp(0.0, 1.0));
        let left = bars.left() + bar as f32 * width;
        let tall = (height / highest) as f32 * (bars.height() - 2.0);
        let block = Rect::from_min_max(
            pos2(left, bars.bottom() - tall),
            pos2(left + width - 0.5, bars.bottom()),
        );
        painter.rect_filled(block, 0, Color32::from_rgb(red, green, blue));
        // The lowest colours are as dark as the ground.
        let line = Stroke::new(1.0, palette(ui).weak.gamma_multiply(0.5));
        if tall > 0.5 {
            painter.hline(block.x_range(), block.top(), line);
        }
    }
}

/// Where values lie on screen.
struct Axis {
    bars: Rect,
    top: f32,
}

impl Axis {
    fn x(&self, value: f32) -> f32 {
        self.bars.left() + (value / self.top).clamp(0.0, 1.0) * self.bars.width()
    }

    /// A handle at a value, above or below the bars. Gives the value it was dragged to, or moved to
    /// by an arrow key.
    fn handle(
        &self,
        ui: &mut Ui,
        id: &str,
        (name, value): (&str, f32),
        above: bool,
        fill: Color32,
    ) -> Option<f32> {
        let x = self.x(value);
        let (tip, base) = match above {
            true => (self.bars.top(), self.bars.top() - RAIL),
            false => (self.bars.bottom(), self.bars.bottom() + RAIL),
        };
        let grip = Rect::from_two_pos(pos2(x - 7.0, tip), pos2(x + 7.0, base));
        let response = ui.interact(
            grip,
            Id::unique(("map-handle", id)),
            Sense::click_and_drag(),
        );
        response.widget_info(|| egui::WidgetInfo::slider(true, f64::from(value), name));
        if response.clicked() || response.drag_started() {
            response.request_focus();
        }
        let active = response.hovered() || response.dragged() || response.has_focus();
        let color = if active { palette(ui).accent } else { fill };
        let triangle = vec![pos2(x, tip), pos2(x - 5.5, base), pos2(x + 5.5, base)];
        let shape = egui::Shape::convex_polygon(triangle, color, Stroke::NONE);
        ui.painter().add(shape);
        let mut moved = None;
        if response.dragged()
            && let Some(pos) = response.interact_pointer_pos()
        {
            let share = (pos.x - self.bars.left()) / self.bars.width();
            moved = Some(share.clamp(0.0, 1.0) * self.top);
        }
        let steps = arrow_presses(ui, &response);
        if steps != 0.0 {
            moved = Some((value + steps * self.top * 0.01).clamp(0.0, self.top));
        }
        response
            .on_hover_cursor(CursorIcon::ResizeHorizontal)
            .on_hover_text(format!("{name}: {}", short(value)));
        moved
    }
}
