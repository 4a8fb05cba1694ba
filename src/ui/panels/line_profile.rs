//! Values along the line between the two pixels that were pinned last.

use egui::Ui;
use egui_plot::{Line, LineStyle, PlotPoints};

use crate::ui::layers::{Layer, Shown};
use crate::ui::state::viewer::{Pin, Pixel};
use crate::ui::widgets::{formula, palette, weak};

use super::Panel;
use super::chart::chart;
use super::numbers::{axis_count, short};

/// Room for the legend above the chart, in points.
const HEAD_PT: f32 = 26.0;

/// What is drawn, with the place of its colour among those of curves.
const DRAWN: [(Layer, &str, usize); 3] = [
    (Layer::Original, "x_0", 1),
    (Layer::Reconstruction, "f(x_0)", 2),
    (Layer::Iterate, "x_t", 0),
];

/// The ends of the line, in the order in which they were pinned.
pub fn ends(pins: &[Pin]) -> Option<(Pixel, Pixel)> {
    let [.., from, to] = pins else { return None };
    Some((from.pixel, to.pixel))
}

/// Draws the chart, `height` points high.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, height: f32) {
    let text = panel.text.viewer;
    let ends = ends(panel.state.viewer.pins());
    let (Some((from, to)), Some(shown)) = (ends, panel.layers.shown()) else {
        weak(ui, text.profile_needs);
        return;
    };
    let palette = palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 10.0;
        for (_, name, color) in DRAWN {
            ui.label(formula(name, 11.5, palette.curves[color]));
        }
        weak(ui, (text.profile_length)(&length(panel, from, to)));
    });
    let response = chart("profile", palette, height - HEAD_PT, false)
        .x_axis_formatter(|mark, _| axis_count(mark.value))
        .show(ui, |plot| {
            for (layer, name, color) in DRAWN {
                let points = profile(shown, layer, from, to);
                let style = match layer {
                    Layer::Reconstruction => LineStyle::dashed_loose(),
                    _ => LineStyle::Solid,
                };
                let line = Line::new(name, PlotPoints::from(points));
                plot.line(line.color(palette.curves[color]).width(1.8).style(style));
            }
        });
    let name = text.profile;
    let image = || egui::WidgetInfo::labeled(egui::Role::Image, true, name);
    response.response.widget_info(image);
}

/// In millimetres where the scale is known, else in pixels of the network's input.
fn length(panel: &Panel<'_>, from: Pixel, to: Pixel) -> String {
    let state = panel.state;
    let opened = state.inspecting.opened.as_ref();
    match (state.mm_per_px(), opened) {
        (Some(mm_per_px), Some(opened)) => {
            let in_file = |end: Pixel| {
                let placement = &opened.placement;
                placement.source_from_canvas(end.x as f64 + 0.5, end.y as f64 + 0.5)
            };
            let (from, to) = (in_file(from), in_file(to));
            let px = (to.0 - from.0).hypot(to.1 - from.1) as f32;
            format!("{} mm", short(px * mm_per_px))
        }
        _ => format!("{:.1} px", length_px(from, to)),
    }
}

/// In pixels of the network's input.
fn length_px(from: Pixel, to: Pixel) -> f32 {
    let across = to.x as f32 - from.x as f32;
    across.hypot(to.y as f32 - from.y as f32)
}

/// A layer's values along the line, the mean over its channels, each with its distance from the first end in pixels; a
/// sample a pixel, between pixels as straight as they lie. Empty where the layer is not there.
fn profile(shown: &Shown, layer: Layer, from: Pixel, to: Pixel) -> Vec<[f64; 2]> {
    let channels = match layer.is_map() {
        true => 1,
        false => shown.original.channels,
    };
    let size = (shown.original.width, shown.original.height);
    let value = |x: usize, y: usize| {
        let (x, y) = (x.min(size.0 - 1), y.min(size.1 - 1));
        let values = (0..channels).map(|channel| shown.value(layer, channel, y, x));
        let sum: Option<f32> = values.sum();
        Some(sum? / channels.max(1) as f32)
    };
    let length = length_px(from, to);
    let steps = length.ceil().max(1.0) as usize;
    let samples = (0..=steps).filter_map(|step| {
        let share = step as f32 / steps as f32;
        let along = |from: usize, to: usize| from as f32 + share * (to as f32 - from as f32);
        let (x, y) = (along(from.x, to.x), along(from.y, to.y));
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (x - left, y - top);
        let at = |dx: usize, dy: usize| value(left as usize + dx, top as usize + dy);
        let upper = at(0, 0)? * (1.0 - across) + at(1, 0)? * across;
        let lower = at(0, 1)? * (1.0 - across) + at(1, 1)? * across;
        let value = upper * (1.0 - down) + lower * down;
        Some([f64::from(share * length), f64::from(value)])
    });
    samples.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_image::picture::Picture;
    use kizumi_method::mapper::{Mapper, Seen};

    fn shown() -> Shown {
        // 0 at the left edge, 0.1 more in each column, in every channel a little more.
        let original = Picture::from_fn(3, 8, 8, |c, _, x| x as f32 * 0.1 + c as f32 * 0.01);
        Shown::new(&Seen::new(&original), None, None, &Mapper::default())
    }

    #[test]
    fn a_profile_has_a_sample_a_pixel_and_ends_at_both_pins() {
        let (from, to) = (Pixel { x: 1, y: 2 }, Pixel { x: 5, y: 5 });
        let points = profile(&shown(), Layer::Original, from, to);
        assert_eq!(points.len(), 6, "5 pixels long");
        let [first, .., last] = points[..] else {
            panic!()
        };
        let is = |at: [f64; 2], distance: f64, value: f64| {
            (at[0] - distance).abs() < 1e-5 && (at[1] - value).abs() < 1e-5
        };
        assert!(is(first, 0.0, 0.11) && is(last, 5.0, 0.51), "{points:?}");
        assert!(is(points[1], 1.0, 0.19), "between pixels: {points:?}");
    }

    #[test]
    fn a_layer_that_is_not_there_has_none_and_one_pixel_is_a_line_too() {
        let pixel = Pixel { x: 7, y: 7 };
        assert!(profile(&shown(), Layer::Iterate, pixel, pixel).is_empty());
        assert_eq!(profile(&shown(), Layer::Original, pixel, pixel).len(), 2);
    }
}
