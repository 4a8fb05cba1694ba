//! Curves and bars as inline SVG. Colours come from the page's style, so they follow light, dark
//! and paper; series differ by dashes and fills, too.

use std::fmt::Write;

use super::html::escaped;
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
    marks: String,
    legend: String,
}

impl Plot {
    pub fn new(x: Axis, y: Axis) -> Self {
        Self {
            x,
            y,
            marks: String::new(),
            legend: String::new(),
        }
    }

    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (
            LEFT + self.x.place(x) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - self.y.place(y) * (HEIGHT - TOP - BOTTOM),
        )
    }

    /// A line through points; those that are not numbers interrupt it. `series` chooses the style,
    /// `name` is HTML already.
    pub fn line(&mut self, series: usize, name: &str, points: impl Iterator<Item = (f64, f64)>) {
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
        let _ = writeln!(self.marks, "<path class=\"line s{series}\" d=\"{path}\"/>");
        let sample = format!("<path class=\"line s{series}\" d=\"M1 6h26\"/>");
        self.explain(&sample, name);
    }

    /// Bars that stand on others: `(from, to, bottom, top)` each.
    pub fn bars(
        &mut self,
        series: usize,
        name: &str,
        bars: impl Iterator<Item = (f64, f64, f64, f64)>,
    ) {
        for (from, to, bottom, top) in bars.filter(|(_, _, bottom, top)| top > bottom) {
            let ((left, upper), (right, lower)) = (self.at(from, top), self.at(to, bottom));
            let _ = writeln!(
                self.marks,
                "<rect class=\"bar s{series}\" x=\"{:.1}\" y=\"{upper:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                left + 0.5,
                (right - left - 1.0).max(0.5),
                lower - upper
            );
        }
        let sample =
            format!("<rect class=\"bar s{series}\" x=\"8\" y=\"1\" width=\"12\" height=\"10\"/>");
        self.explain(&sample, name);
    }

    /// A vertical line at a value with its name.
    pub fn threshold(&mut self, class: &str, name: &str, x: f64) {
        let (x, top) = self.at(x, self.y.high);
        let line = format!("M{x:.1} {top:.1}V{:.1}", HEIGHT - BOTTOM);
        for class in ["halo", class] {
            let _ = writeln!(
                self.marks,
                "<path class=\"threshold {class}\" d=\"{line}\"/>"
            );
        }
        self.explain(
            &format!("<path class=\"threshold {class}\" d=\"M14 0v12\"/>"),
            name,
        );
    }

    /// A dot with its name.
    pub fn dot(&mut self, series: usize, name: &str, x: f64, y: f64) {
        let (x, y) = self.at(x, y);
        let _ = writeln!(
            self.marks,
            "<circle class=\"dot s{series}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>"
        );
        let sample = format!("<circle class=\"dot s{series}\" cx=\"14\" cy=\"6\" r=\"5\"/>");
        self.explain(&sample, name);
    }

    fn explain(&mut self, sample: &str, name: &str) {
        let _ = write!(
            self.legend,
            "<li><svg viewBox=\"0 0 28 12\" aria-hidden=\"true\">{sample}</svg><span>{name}</span></li>"
        );
    }

    /// The whole figure. `alt` tells those who cannot see it what it shows.
    pub fn figure(&self, heading: &str, alt: &str) -> String {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        let mut grid = String::new();
        for tick in self.x.ticks() {
            let (x, _) = self.at(tick, self.y.low);
            let label = self.x.tick_label(tick);
            let _ = write!(
                grid,
                "<path class=\"grid\" d=\"M{x:.1} {TOP}V{bottom}\"/>\
                 <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
                bottom + 17.0
            );
        }
        for tick in self.y.ticks() {
            let (_, y) = self.at(self.x.low, tick);
            let label = self.y.tick_label(tick);
            let _ = write!(
                grid,
                "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                LEFT - 7.0,
                y + 4.0
            );
        }
        format!(
            "<figure class=\"plot\"><figcaption>{heading}</figcaption>\n\
             <ul class=\"legend\">{legend}</ul>\n\
             <svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{alt}\">\
             {grid}<path class=\"axis\" d=\"M{LEFT} {TOP}V{bottom}H{right}\"/>\
             <text class=\"label\" x=\"{middle}\" y=\"{under}\" text-anchor=\"middle\">{x}</text>\
             <text class=\"label\" transform=\"translate(13 {centre}) rotate(-90)\" text-anchor=\"middle\">{y}</text>\n\
             {marks}</svg></figure>\n",
            heading = escaped(heading),
            legend = self.legend,
            alt = escaped(alt),
            middle = (LEFT + right) / 2.0,
            under = HEIGHT - 8.0,
            centre = (TOP + bottom) / 2.0,
            x = escaped(&self.x.label),
            y = escaped(&self.y.label),
            marks = self.marks,
        )
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
        assert!(plot.marks.contains(&drawn), "{}", plot.marks);
        let gap = [(0.0, 0.5), (5.0, f64::NAN), (10.0, 0.5)];
        plot.line(1, "b", gap.into_iter());
        assert_eq!(
            plot.marks.lines().nth(1).map(|l| l.matches('M').count()),
            Some(2)
        );
        let html = plot.figure("<h>", "\"alt\"");
        assert!(html.contains("&lt;h&gt;") && html.contains("aria-label=\"&quot;alt&quot;\""));
        assert!(!html.contains("NaN"), "{html}");
    }
}
