//! The axis of the scores' distribution, even or logarithmic.

use egui::{Align2, FontId, Painter, Rect, Stroke, pos2, vec2};

use crate::ui::theme::Palette;

use super::Panel;
use super::chart::tidy_step;
use super::numbers::axis_number;

const AXIS_HEIGHT: f32 = 16.0;
/// Room for the handles above and below the bars, in points.
pub const HANDLE_HEIGHT: f32 = 16.0;
/// Decades of a logarithmic axis below its largest value.
const DECADES: f32 = 3.0;

/// Where scores lie on screen.
pub struct Axis {
    /// The rectangle of the bars.
    pub plot: Rect,
    /// The score at the right.
    high: f32,
    log: bool,
}

impl Axis {
    /// The place of a score between left and right, `0.0..=1.0`.
    pub fn share(&self, score: f32) -> f32 {
        let share = match self.log {
            true => 1.0 + (score / self.high).max(1e-9).log10() / DECADES,
            false => score / self.high,
        };
        share.clamp(0.0, 1.0)
    }

    /// Where a score is.
    pub fn x(&self, score: f32) -> f32 {
        self.plot.left() + self.plot.width() * self.share(score)
    }

    /// Which score is there.
    pub fn score(&self, x: f32) -> f32 {
        let share = ((x - self.plot.left()) / self.plot.width()).clamp(0.0, 1.0);
        match self.log {
            true => self.high * 10f32.powf((share - 1.0) * DECADES),
            false => self.high * share,
        }
    }
}

/// The axis that shows every score and threshold; `None` without any score.
pub fn of(panel: &Panel<'_>, area: Rect) -> Option<Axis> {
    let table = &panel.review.table;
    let reference = panel.review.normal_scores();
    let scores = table.projected.iter().flatten();
    let scores = scores.chain(&table.unknown).chain(reference);
    let finite = scores.copied().filter(|score| score.is_finite());
    let mut high = finite.fold(f32::NAN, f32::max);
    if let Some(thresholds) = panel.review.thresholds() {
        high = high.max(thresholds.reject);
    }
    let plot = Rect::from_min_max(
        area.min + vec2(12.0, HANDLE_HEIGHT),
        area.max - vec2(12.0, AXIS_HEIGHT + HANDLE_HEIGHT),
    );
    (high > 0.0 && plot.is_positive()).then_some(Axis {
        plot,
        high: high * 1.02,
        log: panel.state.review.log_scores,
    })
}

/// Draws the numbers below.
pub fn ticks(painter: &Painter, palette: &Palette, axis: &Axis) {
    let plot = axis.plot;
    let line = Stroke::new(1.0, palette.line);
    painter.line_segment([plot.left_bottom(), plot.right_bottom()], line);
    let marks: Vec<(f32, String)> = if axis.log {
        let top = axis.high.log10();
        let powers = (top - DECADES).ceil() as i32..=top.floor() as i32;
        let mark = |power| (10f32.powi(power), axis_number(10f64.powi(power), false));
        powers.map(mark).collect()
    } else {
        let step = tidy_step(f64::from(axis.high) / 6.0);
        let decimals = (-step.log10()).ceil().max(0.0) as usize;
        let mark = |place: usize| {
            let value = place as f64 * step;
            (value as f32, format!("{value:.decimals$}"))
        };
        (0..=(f64::from(axis.high) / step) as usize)
            .map(mark)
            .collect()
    };
    for (value, number) in marks {
        let x = axis.x(value);
        painter.line_segment([pos2(x, plot.bottom()), pos2(x, plot.bottom() + 3.0)], line);
        let (at, anchor) = (
            pos2(x, plot.bottom() + HANDLE_HEIGHT + 1.0),
            Align2::CENTER_TOP,
        );
        painter.text(at, anchor, number, FontId::proportional(11.0), palette.weak);
    }
}
