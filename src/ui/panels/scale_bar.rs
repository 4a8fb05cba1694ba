//! A bar of a round length in millimetres, in a corner of the large picture.

use egui::{Align2, Color32, FontId, Rect, Stroke, Ui, pos2, vec2};

use crate::ui::canvas::Canvas;

use super::Panel;

/// The longest bar, as a share of the picture's width.
const LONGEST: f32 = 0.22;
const INSET_PT: f32 = 12.0;

/// Draws the bar over `canvas` in the lower left corner of `area`; nothing where nobody has said how large a pixel is.
pub fn show(ui: &Ui, panel: &Panel<'_>, canvas: &Canvas, area: Rect) {
    let state = panel.state;
    let (Some(mm_per_px), Some(opened)) = (state.mm_per_px(), &state.inspecting.opened) else {
        return;
    };
    let on_screen = |x: f64, y: f64| {
        let (x, y) = opened.placement.canvas_from_source(x, y);
        canvas.on_screen(pos2(x as f32, y as f32))
    };
    const FAR_PX: f64 = 1000.0;
    let px_pt = on_screen(0.0, 0.0).distance(on_screen(FAR_PX, 0.0)) / FAR_PX as f32;
    let mm_pt = px_pt / mm_per_px;
    let Some(length_mm) = round_length(area.width() * LONGEST / mm_pt) else {
        return;
    };
    let from = area.left_bottom() + vec2(INSET_PT, -INSET_PT);
    let to = from + vec2(length_mm * mm_pt, 0.0);
    let painter = ui.painter_at(area);
    let dark = Color32::from_black_alpha(170);
    painter.line_segment([from, to], Stroke::new(6.0, dark));
    painter.line_segment([from, to], Stroke::new(3.0, Color32::WHITE));
    // A digit and zeros, of which none stands behind it.
    let decimals = (-length_mm.log10().floor()).max(0.0) as usize;
    let words = format!("{length_mm:.decimals$} mm");
    let font = FontId::proportional(12.0);
    let galley = painter.layout_no_wrap(words, font, Color32::WHITE);
    let middle = pos2(from.x.midpoint(to.x), from.y - 6.0);
    let ground = Align2::CENTER_BOTTOM.anchor_size(middle, galley.size());
    let left = ground.left().max(from.x);
    let ground = Rect::from_min_size(pos2(left, ground.top()), galley.size());
    painter.rect_filled(ground.expand2(vec2(4.0, 1.0)), 3, dark);
    painter.galley(ground.min, galley, Color32::WHITE);
}

/// The largest of 1, 2 and 5 times a power of ten that is no longer; `None` where there is no such length.
fn round_length(longest: f32) -> Option<f32> {
    if !longest.is_normal() || longest < 0.0 {
        return None;
    }
    let power = 10.0_f32.powf(longest.log10().floor());
    let round = [5.0, 2.0, 1.0].map(|digit| digit * power);
    Some(round.into_iter().find(|it| *it <= longest).unwrap_or(power))
}

#[cfg(test)]
mod tests {
    use super::round_length;

    #[test]
    fn a_bar_has_a_round_length() {
        for (longest, length) in [
            (7.3, 5.0),
            (4.99, 2.0),
            (1.0, 1.0),
            (0.034, 0.02),
            (950.0, 500.0),
        ] {
            let round = round_length(longest);
            assert!(
                round.is_some_and(|it| (it / length - 1.0).abs() < 1e-4),
                "{longest}: {round:?}"
            );
        }
        for nonsense in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert_eq!(round_length(nonsense), None);
        }
    }
}
