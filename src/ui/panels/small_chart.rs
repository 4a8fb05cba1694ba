//! What the small square charts of step 4 have in common: where they are drawn, and the names of their axes.

use egui::{Align2, FontId, Painter, Rect, pos2, vec2};

use crate::ui::theme::Palette;

/// Room for the name of the axis on the left, in points.
const LEFT_PT: f32 = 20.0;
/// Room for that below.
const BELOW_PT: f32 = 18.0;

/// Letters at the axes.
pub const SMALL: FontId = FontId::proportional(11.0);

/// The place of the chart itself in its area; `None` where there is no room for it.
pub fn plot_in(area: Rect) -> Option<Rect> {
    let inside = Rect::from_min_max(
        area.min + vec2(LEFT_PT, 4.0),
        area.max - vec2(6.0, BELOW_PT),
    );
    inside.is_positive().then_some(inside)
}

/// Writes the names of both axes, below and upright on the left; the latter where it fits.
pub fn axis_names(
    painter: &Painter,
    palette: &Palette,
    plot: Rect,
    (x_name, y_name): (&str, &str),
) {
    let at = pos2(plot.center().x, plot.bottom() + 3.0);
    painter.text(at, Align2::CENTER_TOP, x_name, SMALL, palette.weak);
    let galley = painter.layout_no_wrap(y_name.to_owned(), SMALL, palette.weak);
    let size = galley.size();
    let at = pos2(plot.left() - 18.0, plot.center().y + size.x * 0.5);
    if size.x < plot.height() {
        let upright = egui::epaint::TextShape::new(at, galley, palette.weak);
        painter.add(upright.with_angle(-std::f32::consts::FRAC_PI_2));
    }
}
