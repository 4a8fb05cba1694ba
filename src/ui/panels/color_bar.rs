//! A map's colours with the values of both ends.

use egui::{Color32, FontId, Rect, Ui, pos2};

use crate::ui::layers::Range;
use crate::ui::widgets::palette;
use kizumi_image::colormap::{Colormap, diverging};

use super::numbers::short;

const PIECES: usize = 48;

/// `0 [colours] 0.031`, ending at the right of `card`, `y` in the middle. Signed maps have the
/// diverging colours.
pub fn paint(ui: &Ui, card: Rect, y: f32, range: Range, signed: bool, colormap: Colormap) {
    let palette = palette(ui);
    let painter = ui.painter_at(card);
    let font = FontId::proportional(12.0);
    let number = |value: f32| painter.layout_no_wrap(short(value), font.clone(), palette.text);
    let (low, high) = (number(range.low), number(range.high));
    let right = card.right() - 8.0 - high.size().x;
    painter.galley(pos2(right, y - high.size().y * 0.5), high, palette.text);
    let width = (card.width() * 0.26).clamp(36.0, 120.0);
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
}
