//! The loupe, and the values of all layers in the pixel below the pointer.

use egui::{
    Align2, Area, Color32, Frame, Grid, Id, Margin, Order, Rect, RichText, Sense, Stroke, Ui, Vec2,
    pos2, vec2,
};

use crate::ui::canvas::texture;
use crate::ui::layers::{Layer, Shown};
use crate::ui::state::viewer::Pixel;
use crate::ui::viewing::Sampling;
use crate::ui::widgets::{formula, palette};

use super::Panel;
use super::numbers::short;
use super::picture_cell::{Look, TOP_CORNERS_PT};

/// Picture pixels on a side of the loupe.
const LOUPE_PX: f32 = 21.0;
/// Points on a side of the loupe.
const LOUPE_PT: f32 = 105.0;

/// Draws both into the corner of `area` that is farthest from the pointer.
pub fn show(ui: &Ui, panel: &mut Panel<'_>, look: &Look, area: Rect) {
    let (Some((_, layer, _)), Some(pixel)) = (look.hover, look.pixel()) else {
        return;
    };
    let Some(pointer) = ui.ctx().pointer_hover_pos() else {
        return;
    };
    if ui.input(|input| input.pointer.any_down()) {
        return; // What is dragged must be seen.
    }
    let right = pointer.x < area.center().x;
    let lower = pointer.y < area.center().y;
    let (pivot, corner) = match (right, lower) {
        (true, true) => (Align2::RIGHT_BOTTOM, area.max),
        (true, false) => (Align2::RIGHT_TOP, pos2(area.right(), area.top())),
        (false, true) => (Align2::LEFT_BOTTOM, pos2(area.left(), area.bottom())),
        (false, false) => (Align2::LEFT_TOP, area.min),
    };
    let inset = vec2(
        if right { -6.0 } else { 6.0 },
        if lower { -6.0 } else { TOP_CORNERS_PT },
    );
    let palette = palette(ui);
    Area::new(Id::unique("probe"))
        .order(Order::Foreground)
        .interactable(false)
        .constrain(true)
        .pivot(pivot)
        .fixed_pos(corner + inset)
        .show(ui.ctx(), |ui| {
            Frame::new()
                .fill(palette.card.gamma_multiply(0.95))
                .stroke(Stroke::new(1.0, palette.line))
                .corner_radius(6)
                .inner_margin(Margin::same(6))
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing = vec2(8.0, 1.0);
                    ui.horizontal_top(|ui| {
                        loupe(ui, panel, look, layer, pixel);
                        table(ui, panel, pixel);
                    });
                });
        });
}

/// The pixels around the pointer, as squares.
fn loupe(ui: &mut Ui, panel: &mut Panel<'_>, look: &Look, layer: Layer, pixel: Pixel) {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(LOUPE_PT), Sense::hover());
    let name = panel.text.viewer.loupe;
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 3, palette(ui).picture);
    let layer = if look.peek { Layer::Original } else { layer };
    let Some(image) = panel.layers.image(layer) else {
        return;
    };
    let id = Id::unique(("loupe", layer));
    let texture = texture(ui, id, &image, 8.0, Sampling::Nearest);
    let middle = pos2(pixel.x as f32 + 0.5, pixel.y as f32 + 0.5);
    let wanted = Rect::from_center_size(middle, Vec2::splat(LOUPE_PX));
    let whole = Rect::from_min_size(pos2(0.0, 0.0), look.picture_px);
    let seen = wanted.intersect(whole);
    let on_screen = |point: egui::Pos2| rect.min + (point - wanted.min) * (LOUPE_PT / LOUPE_PX);
    let place = Rect::from_min_max(on_screen(seen.min), on_screen(seen.max));
    let share = |point: egui::Pos2| (point.to_vec2() / look.picture_px).to_pos2();
    let uv = Rect::from_min_max(share(seen.min), share(seen.max));
    painter.image(texture, place, uv, Color32::WHITE);
    let cell = Rect::from_center_size(rect.center(), Vec2::splat(LOUPE_PT / LOUPE_PX));
    let black = Stroke::new(3.0, Color32::from_black_alpha(160));
    painter.rect_stroke(cell.expand(1.0), 0, black, egui::StrokeKind::Middle);
    let white = Stroke::new(1.0, Color32::WHITE);
    painter.rect_stroke(cell.expand(1.0), 0, white, egui::StrokeKind::Middle);
}

/// One row a layer.
fn table(ui: &mut Ui, panel: &Panel<'_>, pixel: Pixel) {
    let Some(shown) = panel.layers.shown() else {
        return;
    };
    let palette = palette(ui);
    let text = panel.text.viewer;
    ui.vertical(|ui| {
        let place = (text.pixel)(pixel.x, pixel.y);
        ui.label(RichText::new(place).small().color(palette.strong));
        Grid::new("values")
            .num_columns(2)
            .min_row_height(15.0)
            .spacing(vec2(8.0, 0.0))
            .show(ui, |ui| {
                for layer in panel.state.layers() {
                    if layer == Layer::Overlay {
                        continue; // Its value is the heatmap's.
                    }
                    if let Some(value) = value(shown, layer, pixel) {
                        let (_, symbols) = text.layer(layer);
                        ui.label(formula(symbols, 11.5, palette.weak));
                        ui.label(RichText::new(value).size(11.5).color(palette.text));
                        ui.end_row();
                    }
                }
            });
    });
}

/// A layer's value for people: one number a channel for pictures, one for maps.
fn value(shown: &Shown, layer: Layer, pixel: Pixel) -> Option<String> {
    let Pixel { x, y } = pixel;
    if x >= shown.original.width || y >= shown.original.height {
        return None;
    }
    let one = |channel| shown.value(layer, channel, y, x);
    if layer.is_map() {
        return one(0).map(short);
    }
    if layer == Layer::Truth {
        return one(0).map(|value| format!("{value:.0}"));
    }
    let channels: Option<Vec<String>> = (0..shown.original.channels)
        .map(|channel| one(channel).map(|value| format!("{value:.3}")))
        .collect();
    channels.map(|values| values.join("  "))
}
