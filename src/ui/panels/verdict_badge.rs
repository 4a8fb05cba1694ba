//! A verdict as people see it: a symbol, a word and a colour, so that none of them is needed.

use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Response, Sense, Ui, pos2, vec2};

use crate::ui::icon::{self, Icon};
use crate::ui::theme::Palette;
use crate::ui::widgets::palette;
use kizumi_method::decision::Verdict;

const FONT: FontId = FontId::proportional(12.0);
const SYMBOL_SIDE: f32 = 14.0;

/// The colour of a verdict.
pub fn color(palette: &Palette, verdict: Verdict) -> Color32 {
    match verdict {
        Verdict::Pass => palette.good,
        Verdict::Review => palette.warning,
        Verdict::Reject => palette.error,
    }
}

fn icon(verdict: Verdict) -> Icon {
    match verdict {
        Verdict::Pass => Icon::Check,
        Verdict::Review => Icon::Question,
        Verdict::Reject => Icon::Close,
    }
}

/// Draws the symbol alone on its ground, around a point.
pub fn paint_symbol(painter: &Painter, palette: &Palette, center: Pos2, verdict: Verdict) {
    let color = color(palette, verdict);
    let rect = Rect::from_center_size(center, egui::Vec2::splat(SYMBOL_SIDE));
    match verdict {
        Verdict::Pass => painter.circle_filled(center, SYMBOL_SIDE * 0.5, color),
        Verdict::Review => painter.add(egui::Shape::convex_polygon(
            vec![
                rect.center_top() - vec2(0.0, 1.5),
                rect.right_center() + vec2(1.5, 0.0),
                rect.center_bottom() + vec2(0.0, 1.5),
                rect.left_center() - vec2(1.5, 0.0),
            ],
            color,
            egui::Stroke::NONE,
        )),
        Verdict::Reject => painter.rect_filled(rect, 2, color),
    };
    icon::paint(painter, rect.shrink(2.5), icon(verdict), palette.card);
}

/// Draws symbol and word, beginning at the middle of their left side. Gives the right end.
pub fn paint(
    painter: &Painter,
    palette: &Palette,
    left: Pos2,
    verdict: Verdict,
    word: &str,
) -> f32 {
    let center = left + vec2(SYMBOL_SIDE * 0.5 + 1.0, 0.0);
    paint_symbol(painter, palette, center, verdict);
    let at = pos2(left.x + SYMBOL_SIDE + 6.0, left.y);
    let color = color(palette, verdict);
    painter
        .text(at, Align2::LEFT_CENTER, word, FONT, color)
        .right()
}

/// A badge in a row of widgets.
pub fn show(ui: &mut Ui, verdict: Verdict, word: &str) -> Response {
    let palette = palette(ui);
    let color = color(palette, verdict);
    let galley = ui.painter().layout_no_wrap(word.to_owned(), FONT, color);
    let size = vec2(SYMBOL_SIDE + 16.0 + galley.size().x, 20.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, word));
    let painter = ui.painter();
    painter.rect_filled(rect, 4, color.gamma_multiply(0.16));
    paint(
        painter,
        palette,
        rect.left_center() + vec2(4.0, 0.0),
        verdict,
        word,
    );
    response
}
