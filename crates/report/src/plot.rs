//! Curves and bars as inline SVG. Colours come from the page's style, so they follow light, dark
//! and paper; series differ by dashes and fills, too.

use std::fmt::Write;

use maud::{Markup, Render, html};

use super::number::number;

/// Size of the drawing, in its own units; the page scales it.
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 280.0;
/// Room for labels around the area that is drawn in.
const LEFT: f64 = 58.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 46.0;

/// A linear axis. Its ends are ticks, unless it was fitted to them.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    label: String,
    low: f64,
    high: f64,
    step: f64,
}

impl Axis {
    /// From `low` to at least `high`, to the next tick. An impossible range becomes `low..low + 1`.
    pub fn new(label: &str, low: f64, high: f64) -> Self {
        let low = if low.is_finite() { low } else { 0.0 };
        let extent = match high - low {
            extent if extent.is_finite() && extent > 0.0 => extent,
            _ => 1.0,
        };
        let step = nice_step(extent / 5.0);
        Self {
            label: label.into(),
            low,
            high: low + (extent / step - 1e-9).ceil() * step,
            step,
        }
    }

    /// Exactly from `low` to `high`, whatever ticks there are.
    pub fn fitted(label: &str, low: f64, high: f64) -> Self {
        let axis = Self::new(label, low, high);
        let high = if high > low { high } else { axis.high };
        Self { high, ..axis }
    }

    /// Ticks at whole numbers only, for counts.
    pub fn of_counts(label: &str, high: f64) -> Self {
        let axis = Self::new(label, 0.0, high.max(1.0));
        let step = axis.step.max(1.0).round();
        Self {
            high: (high.max(1.0) / step - 1e-9).ceil() * step,
            step,
            ..axis
        }
    }

    fn ticks(&self) -> Vec<f64> {
        let first = (self.low / self.step - 1e-9).ceil();
        let last = (self.high / self.step + 1e-9).floor();
        (0..=(last - first).max(0.0) as usize)
            .map(|i| (first + i as f64) * self.step)
            .collect()
    }

    /// 0 at the low end, 1 at the high one.
    fn place(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    fn tick_label(&self, tick: f64) -> String {
        let decimals = (-self.step.log10()).ceil();
        if (0.0..=6.0).contains(&decimals) && tick.abs() < 1e7 {
            // Adding zero turns a negative zero into zero.
            format!("{:.*}", decimals as usize, tick + 0.0)
        } else if decimals < 0.0 && tick.abs() < 1e7 {
            format!("{tick:.0}")
        } else {
            number(tick)
        }
    }
}

/// The next of 1, 2, 5 times a power of ten.
fn nice_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let nice = match step / power {
        ratio if ratio <= 1.0 + 1e-9 => 1.0,
        ratio if ratio <= 2.0 + 1e-9 => 2.0,
        ratio if ratio <= 5.0 + 1e-9 => 5.0,
        _ => 10.0,
    };
    nice * power
}

/// A drawing in the making.
pub(super) struct Plot {
    x: Axis,
    y: Axis,
    marks: Vec<Markup>,
    /// A sample of each mark with its name.
    legend: Vec<(Markup, Markup)>,
}

impl Plot {
    pub fn new(x: Axis, y: Axis) -> Self {
        let (marks, legend) = (Vec::new(), Vec::new());
        Self {
            x,
            y,
            marks,
            legend,
        }
    }

    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (
            LEFT + self.x.place(x) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - self.y.place(y) * (HEIGHT - TOP - BOTTOM),
        )
    }

    /// A line through points; those that are not numbers interrupt it. `series` chooses the style.
    pub fn line(
        &mut self,
        series: usize,
        name: impl Render,
        points: impl Iterator<Item = (f64, f64)>,
    ) {
        let mut path = String::new();
        let mut pen = 'M';
        for (x, y) in points {
            if x.is_finite() && y.is_finite() {
                let (x, y) = self.at(x, y);
                let _ = write!(path, "{pen}{x:.1} {y:.1}");
                pen = 'L';
            } else {
                pen = 'M';
            }
        }
        let line = |path: &str| html! { path.line.{ "s" (series) } d=(path) {} };
        self.marks.push(line(&path));
        self.explain(line("M1 6h26"), name);
    }

    /// Bars that stand on others: `(from, to, bottom, top)` each.
    pub fn bars(
        &mut self,
        series: usize,
        name: impl Render,
        bars: impl Iterator<Item = (f64, f64, f64, f64)>,
    ) {
        let bar = |x: f64, y: f64, width: f64, height: f64| {
            let [x, y, width, height] = [x, y, width, height].map(|px| format!("{px:.1}"));
            html! { rect.bar.{ "s" (series) } x=(x) y=(y) width=(width) height=(height) {} }
        };
        for (from, to, bottom, top) in bars.filter(|(_, _, bottom, top)| top > bottom) {
            let ((left, upper), (right, lower)) = (self.at(from, top), self.at(to, bottom));
            let width = (right - left - 1.0).max(0.5);
            self.marks
                .push(bar(left + 0.5, upper, width, lower - upper));
        }
        self.explain(bar(8.0, 1.0, 12.0, 10.0), name);
    }

    /// A vertical line at a value with its name.
    pub fn threshold(&mut self, class: &str, name: impl Render, x: f64) {
        let (x, top) = self.at(x, self.y.high);
        let line = format!("M{x:.1} {top:.1}V{:.1}", HEIGHT - BOTTOM);
        let threshold = |class: &str, path: &str| html! { path.threshold.(class) d=(path) {} };
        self.marks
            .extend(["halo", class].map(|class| threshold(class, &line)));
        self.explain(threshold(class, "M14 0v12"), name);
    }

    /// A dot with its name.
    pub fn dot(&mut self, series: usize, name: impl Render, x: f64, y: f64) {
        let (x, y) = self.at(x, y);
        let dot = |x: f64, y: f64| {
            let [x, y] = [x, y].map(|px| format!("{px:.1}"));
            html! { circle.dot.{ "s" (series) } cx=(x) cy=(y) r="5" {} }
        };
        self.marks.push(dot(x, y));
        self.explain(dot(14.0, 6.0), name);
    }

    fn explain(&mut self, sample: Markup, name: impl Render) {
        self.legend.push((sample, name.render()));
    }

    /// The whole figure. `alt` tells those who cannot see it what it shows.
    pub fn figure(&self, heading: &str, alt: &str) -> Markup {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        let px = |px: f64| format!("{px:.1}");
        let columns = self
            .x
            .ticks()
            .into_iter()
            .map(|tick| (tick, self.at(tick, self.y.low).0));
        let rows = self
            .y
            .ticks()
            .into_iter()
            .map(|tick| (tick, self.at(self.x.low, tick).1));
        let turned = format!("translate(13 {}) rotate(-90)", (TOP + bottom) / 2.0);
        html! {
            figure.plot {
                figcaption { (heading) }
                ul.legend {
                    @for (sample, name) in &self.legend {
                        li {
                            svg viewBox="0 0 28 12" aria-hidden="true" { (sample) }
                            span { (name) }
                        }
                    }
                }
                svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(alt) {
                    @for (tick, x) in columns {
                        path.grid d=(format!("M{x:.1} {TOP}V{bottom}")) {}
                        text x=(px(x)) y=(px(bottom + 17.0)) text-anchor="middle" { (self.x.tick_label(tick)) }
                    }
                    @for (tick, y) in rows {
                        path.grid d=(format!("M{LEFT} {y:.1}H{right}")) {}
                        text x=(px(LEFT - 7.0)) y=(px(y + 4.0)) text-anchor="end" { (self.y.tick_label(tick)) }
                    }
                    path.axis d=(format!("M{LEFT} {TOP}V{bottom}H{right}")) {}
                    text.label x=((LEFT + right) / 2.0) y=(HEIGHT - 8.0) text-anchor="middle" { (self.x.label) }
                    text.label transform=(turned) text-anchor="middle" { (self.y.label) }
                    @for mark in &self.marks { (mark) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks().iter().map(|&t| axis.tick_label(t)).collect()
    }

    #[test]
    fn ticks_are_round_and_reach_the_end() {
        assert_eq!(
            labels(&Axis::new("", 0.0, 25.0)),
            ["0", "5", "10", "15", "20", "25"]
        );
        assert_eq!(
            labels(&Axis::new("", 0.0, 0.031)),
            ["0.00", "0.01", "0.02", "0.03", "0.04"]
        );
        assert_eq!(
            labels(&Axis::new("", 0.0, 1830.0)),
            ["0", "500", "1000", "1500", "2000"]
        );
        assert_eq!(
            labels(&Axis::new("", -1.0, 1.0)),
            ["-1.0", "-0.5", "0.0", "0.5", "1.0"]
        );
        assert_eq!(labels(&Axis::of_counts("", 2.0)), ["0", "1", "2"]);
        assert_eq!(labels(&Axis::fitted("", 0.0, 7.0)), ["0", "2", "4", "6"]);
    }

    #[test]
    fn odd_ranges_become_usable() {
        for (low, high) in [(0.0, 0.0), (1.0, 0.0), (0.0, f64::NAN), (f64::NAN, 3.0)] {
            for axis in [Axis::new("", low, high), Axis::fitted("", low, high)] {
                assert!(axis.low < axis.high && axis.ticks().len() > 1, "{axis:?}");
            }
        }
    }

    #[test]
    fn points_land_where_the_axes_say() {
        let mut plot = Plot::new(Axis::new("x", 0.0, 10.0), Axis::new("y", 0.0, 1.0));
        plot.line(0, "a", [(0.0, 0.0), (10.0, 1.0)].into_iter());
        let drawn = format!(
            "M{LEFT:.1} {:.1}L{:.1} {TOP:.1}",
            HEIGHT - BOTTOM,
            WIDTH - RIGHT
        );
        assert!(plot.marks[0].0.contains(&drawn), "{:?}", plot.marks);
        let gap = [(0.0, 0.5), (5.0, f64::NAN), (10.0, 0.5)];
        plot.line(1, "b", gap.into_iter());
        assert_eq!(plot.marks[1].0.matches('M').count(), 2);
        let html = plot.figure("<h>", "\"alt\"").into_string();
        assert!(html.contains("&lt;h&gt;") && html.contains("aria-label=\"&quot;alt&quot;\""));
        assert!(!html.contains("NaN"), "{html}");
    }
}
