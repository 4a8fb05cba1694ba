//! A label as people see it on rows and tiles: a word in a shape and a colour of its own, so that none of them is
//! needed.

use egui::{Align2, FontId, Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};

use crate::ui::text::Labels;
use crate::ui::theme::Palette;
use kizumi_dataset::labels::Label;

const FONT: FontId = FontId::proportional(11.0);
const HEIGHT: f32 = 15.0;
const PADDING: f32 = 5.0;

/// Draws the mark with its right side's middle at a point. Gives its left end.
pub fn paint(
    painter: &Painter,
    palette: &Palette,
    words: &Labels,
    right: Pos2,
    label: &Label,
) -> f32 {
    let (word, color, radius) = match label {
        Label::Ok => (words.ok, palette.good, 7),
        Label::Ng { .. } => (words.ng, palette.error, 2),
        Label::LeftOut => (words.left_out, palette.weak, 2),
    };
    let is_filled = matches!(label, Label::Ng { .. });
    let letters = if is_filled { palette.card } else { color };
    let galley = painter.layout_no_wrap(word.to_owned(), FONT, letters);
    let size = vec2(galley.size().x + 2.0 * PADDING, HEIGHT);
    let rect = Rect::from_min_size(pos2(right.x - size.x, right.y - size.y * 0.5), size);
    let fill = if is_filled { color } else { palette.card };
    let stroke = Stroke::new(1.5, color);
    painter.rect(rect, radius, fill, stroke, StrokeKind::Inside);
    painter.text(rect.center(), Align2::CENTER_CENTER, word, FONT, letters);
    rect.left()
}
