//! What all plots have in common: still, quiet, with few and tidy lines.

use egui::Vec2b;
use egui_plot::{GridInput, GridMark, Plot};

use crate::ui::theme::Palette;

use super::numbers::axis_number;

/// Grid lines wanted along the height and the width of a plot.
const LINES: [f64; 2] = [4.0, 8.0];

/// A plot that shows everything and is not zoomed. With `log` its values are decimal logarithms.
pub fn chart<'a>(id: &'a str, palette: &Palette, height: f32, log: bool) -> Plot<'a> {
    Plot::new(id)
        .height(height.max(40.0))
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .auto_bounds(Vec2b::TRUE)
        .show_background(false)
        .grid_color(palette.line)
        .cursor_color(palette.weak)
        .label_formatter(|_| None)
        .y_axis_min_width(38.0)
        .y_grid_spacer(|input| marks(input, LINES[0]))
        .x_grid_spacer(|input| marks(input, LINES[1]))
        .y_axis_formatter(move |mark, _| axis_number(mark.value, log))
}

/// Marks at multiples of a tidy step.
fn marks(input: GridInput, lines: f64) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let step = tidy_step((high - low) / lines);
    if !(step.is_finite() && low.is_finite() && high.is_finite()) {
        return Vec::new();
    }
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    (first..=last.min(first.saturating_add(20)))
        .map(|index| GridMark {
            value: index as f64 * step,
            step_size: (high - low) * 0.5,
        })
        .collect()
}

/// The next step of 1, 2 or 5 times a power of ten.
pub fn tidy_step(at_least: f64) -> f64 {
    let power = 10f64.powf(at_least.max(1e-12).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= at_least * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_tidy() {
        for (at_least, step) in [
            (0.03, 0.05),
            (1.0, 1.0),
            (3.0, 5.0),
            (12.5, 20.0),
            (900.0, 1000.0),
        ] {
            assert!(
                (tidy_step(at_least) / step - 1.0).abs() < 1e-9,
                "{at_least}"
            );
        }
    }
}
