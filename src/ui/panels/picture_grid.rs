//! The six linked pictures of an inspection.

use egui::{Align2, Color32, FontId, Id, Rect, Ui, Vec2, pos2, vec2};

use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, size_of};
use crate::ui::layers::Layer;
use crate::ui::theme::{GAP, Palette, RADIUS};
use crate::ui::view::View;
use crate::ui::widgets::{formula, palette};

use super::Panel;
use super::numbers::short;

const COLUMNS: usize = 3;
const ROWS: usize = 2;
const HEADER_HEIGHT: f32 = 24.0;

/// Draws the grid into a rectangle.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, area: Rect) {
    let cells = cells(area);
    let pictures = cells.map(|cell| {
        Rect::from_min_max(
            cell.min + vec2(1.0, HEADER_HEIGHT),
            cell.max - vec2(1.0, 1.0),
        )
    });
    let mut view = panel.state.view;
    let mark = pointed_at(ui, panel, &pictures, &view);
    for (index, layer) in Layer::ALL.into_iter().enumerate() {
        frame(ui, cells[index]);
        header(ui, panel, layer, cells[index]);
        picture(ui, panel, layer, pictures[index], &mut view, mark);
    }
    if let Some(mark) = mark {
        read_out(ui, panel, pictures[2], mark);
    }
    if view != panel.state.view {
        panel.actions.push(Action::SetView(view));
    }
}

/// Shows one picture pixel as one screen pixel.
pub fn one_to_one(ui: &Ui, panel: &mut Panel<'_>, area: Rect) {
    if let Some(image) = panel.layers.image(Layer::Original) {
        let cell = cells(area)[0];
        let rect = Rect::from_min_max(
            cell.min + vec2(1.0, HEADER_HEIGHT),
            cell.max - vec2(1.0, 1.0),
        );
        let mut view = panel.state.view;
        view.one_to_one(rect, size_of(image), ui.pixels_per_point());
        panel.actions.push(Action::SetView(view));
    }
}

fn cells(area: Rect) -> [Rect; COLUMNS * ROWS] {
    let size = vec2(
        ((area.width() - GAP * (COLUMNS - 1) as f32) / COLUMNS as f32).floor(),
        ((area.height() - GAP * (ROWS - 1) as f32) / ROWS as f32).floor(),
    );
    std::array::from_fn(|index| {
        let place = vec2((index % COLUMNS) as f32, (index / COLUMNS) as f32);
        Rect::from_min_size(area.min + place * (size + Vec2::splat(GAP)), size)
    })
}

/// The point of the picture below the pointer, whichever panel it is in.
fn pointed_at(ui: &Ui, panel: &Panel<'_>, pictures: &[Rect], view: &View) -> Option<Vec2> {
    let size_px = size_of(panel.layers.image(Layer::Original)?);
    let pos = ui.ctx().pointer_hover_pos()?;
    let rect = pictures.iter().find(|rect| rect.contains(pos))?;
    let point = view.point_at(*rect, size_px, pos);
    let inside = (0.0..1.0).contains(&point.x) && (0.0..1.0).contains(&point.y);
    inside.then_some(point)
}

fn frame(ui: &Ui, cell: Rect) {
    let palette = palette(ui);
    let stroke = egui::Stroke::new(1.0, palette.line);
    let painter = ui.painter();
    painter.rect(cell, RADIUS, palette.card, stroke, egui::StrokeKind::Inside);
}

fn header(ui: &Ui, panel: &Panel<'_>, layer: Layer, cell: Rect) {
    let palette = palette(ui);
    let (title, symbols) = panel.text.inspect.layer(layer);
    let painter = ui.painter_at(cell);
    let y = cell.top() + HEADER_HEIGHT * 0.5 + 0.5;
    painter.text(
        pos2(cell.left() + 8.0, y),
        Align2::LEFT_CENTER,
        title,
        FontId::proportional(13.0),
        palette.strong,
    );
    if layer == Layer::Heatmap && panel.layers.map().is_some() {
        color_bar(ui, panel, palette, cell, y);
    } else {
        let galley = painter.layout_job(formula(symbols, 13.0, palette.weak));
        let place = pos2(
            cell.right() - 8.0 - galley.size().x,
            y - galley.size().y * 0.5,
        );
        painter.galley(place, galley, palette.weak);
    }
}

/// `0 [colours] 0.031`, at the right of the header.
fn color_bar(ui: &Ui, panel: &Panel<'_>, palette: &Palette, cell: Rect, y: f32) {
    const PIECES: usize = 32;
    let painter = ui.painter_at(cell);
    let font = FontId::proportional(12.0);
    let high = short(panel.layers.high());
    let number = painter.layout_no_wrap(high, font.clone(), palette.text);
    let right = cell.right() - 8.0 - number.size().x;
    painter.galley(pos2(right, y - number.size().y * 0.5), number, palette.text);
    let width = (cell.width() * 0.3).clamp(36.0, 110.0);
    let bar = Rect::from_min_max(
        pos2(right - 6.0 - width, y - 5.0),
        pos2(right - 6.0, y + 5.0),
    );
    let colormap = panel.state.settings.display.colormap;
    for piece in 0..PIECES {
        let share = |piece: usize| bar.left() + bar.width() * piece as f32 / PIECES as f32;
        let [red, green, blue] = colormap.rgb((piece as f32 + 0.5) / PIECES as f32);
        painter.rect_filled(
            Rect::from_min_max(
                pos2(share(piece), bar.top()),
                pos2(share(piece + 1), bar.bottom()),
            ),
            0,
            Color32::from_rgb(red, green, blue),
        );
    }
    let line = egui::Stroke::new(1.0, palette.line);
    painter.rect_stroke(bar, 0, line, egui::StrokeKind::Outside);
    painter.text(
        pos2(bar.left() - 5.0, y),
        Align2::RIGHT_CENTER,
        "0",
        font,
        palette.text,
    );
}

fn picture(
    ui: &mut Ui,
    panel: &Panel<'_>,
    layer: Layer,
    rect: Rect,
    view: &mut View,
    mark: Option<Vec2>,
) {
    let text = &panel.text.inspect;
    let state = panel.state;
    let bottom = egui::CornerRadius {
        nw: 0,
        ne: 0,
        ..RADIUS
    };
    ui.painter().rect_filled(rect, bottom, palette(ui).picture);
    let Some(image) = panel.layers.image(layer) else {
        let waits = state.inspecting.opened.is_some() && state.model.is_some();
        let sentence = if waits { text.computing } else { "" };
        let color = palette(ui).weak;
        let font = FontId::proportional(13.0);
        ui.painter()
            .text(rect.center(), Align2::CENTER_CENTER, sentence, font, color);
        return;
    };
    let outlined = matches!(layer, Layer::Original | Layer::Overlay | Layer::Heatmap);
    let outline = if outlined && state.settings.display.show_mask {
        panel.layers.outline()
    } else {
        &[]
    };
    let (title, _) = text.layer(layer);
    let canvas = Canvas {
        id: Id::unique(("layer", layer as usize)),
        name: title,
        image,
        dimmed: state.inspecting.is_stale() && layer != Layer::Original,
        outline,
        mark,
    };
    canvas.show(ui, rect, view);
    if layer == Layer::Heatmap {
        let words = text.scale(panel.layers.scale());
        caption(ui, rect, words, Align2::LEFT_BOTTOM);
    }
}

/// Words on a picture's edge.
fn caption(ui: &Ui, rect: Rect, words: &str, corner: Align2) {
    let painter = ui.painter_at(rect);
    let font = FontId::proportional(11.5);
    let galley = painter.layout_no_wrap(words.to_owned(), font, Color32::from_gray(235));
    let size = galley.size() + vec2(10.0, 4.0);
    let place = corner.align_size_within_rect(size, rect.shrink(4.0));
    painter.rect_filled(place, 3, Color32::from_black_alpha(150));
    painter.galley(place.min + vec2(5.0, 2.0), galley, Color32::WHITE);
}

/// Place and map value of the pixel pointed at.
fn read_out(ui: &Ui, panel: &Panel<'_>, rect: Rect, mark: Vec2) {
    let Some(map) = panel.layers.map() else {
        return;
    };
    let x = ((mark.x * map.width as f32) as usize).min(map.width.saturating_sub(1));
    let y = ((mark.y * map.height as f32) as usize).min(map.height.saturating_sub(1));
    let words = format!("({x}, {y})  {}", short(map.at(0, y, x)));
    caption(ui, rect, &words, Align2::RIGHT_TOP);
}
