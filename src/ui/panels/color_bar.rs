//! A map's colours with the values of both ends.

use egui::{Color32, FontId, Rect, Ui, pos2};

use crate::ui::layers::Range;
use crate::ui::widgets::palette;
use kizumi_image::colormap::{Colormap, diverging};

use super::numbers::short;

const PIECES: usize = 48;

/// A map's scale: what it is of, and whether its values have both signs.
pub struct Bar<'a> {
    /// Named where there are several.
    pub name: &'a str,
    /// The values of both ends.
    pub range: Range,
    /// Whether it has the diverging colours.
    pub signed: bool,
}

/// `name 0 [colours] 0.031`, ending at `right`, `y` in the middle of `card`. Gives where it begins.
pub fn paint(
    ui: &Ui,
    card: Rect,
    (right, y): (f32, f32),
    bar: &Bar<'_>,
    colormap: Colormap,
) -> f32 {
    let Bar {
        name,
        range,
        signed,
    } = *bar;
    let palette = palette(ui);
    let painter = ui.painter_at(card);
    let font = FontId::proportional(12.0);
    let number = |value: f32| painter.layout_no_wrap(short(value), font.clone(), palette.text);
    let (low, high) = (number(range.low), number(range.high));
    let right = right - high.size().x;
    painter.galley(pos2(right, y - high.size().y * 0.5), high, palette.text);
    let share = if name.is_empty() { 0.26 } else { 0.12 };
    let width = (card.width() * share).clamp(36.0, 120.0);
    let bar = Rect::from_min_max(
        pos2(right - 6.0 - width, y - 5.0),
        pos2(right - 6.0, y + 5.0),
    );
    for piece in 0..PIECES {
        let left = |piece: usize| bar.left() + bar.width() * piece as f32 / PIECES as f32;
        let share = (piece as f32 + 0.5) / PIECES as f32;
        let [red, green, blue] = match signed {
            true => diverging::rgb(share * 2.0 - 1.0),
            false => colormap.rgb(share),
        };
        painter.rect_filled(
            Rect::from_min_max(
                pos2(left(piece), bar.top()),
                pos2(left(piece + 1), bar.bottom()),
            ),
            0,
            Color32::from_rgb(red, green, blue),
        );
    }
    let line = egui::Stroke::new(1.0, palette.line);
    painter.rect_stroke(bar, 0, line, egui::StrokeKind::Outside);
    let place = pos2(bar.left() - 5.0 - low.size().x, y - low.size().y * 0.5);
    painter.galley(place, low, palette.text);
    if name.is_empty() {
        return place.x;
    }
    let name = painter.layout_no_wrap(name.to_owned(), font, palette.weak);
    let place = pos2(place.x - 6.0 - name.size().x, y - name.size().y * 0.5);
    painter.galley(place, name, palette.weak);
    place.x
}
