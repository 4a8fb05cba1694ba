//! Thin curves: scratches, cracks, hairs, threads.

use rand::Rng;

use super::canvas::Canvas;
use super::draw::{chance, contrast, log_uniform, sign, uniform};
use super::paint::{Paint, tone};
use super::region::{Bounds, Region};

/// The widths of curves in pixels, for a picture of 128 pixels.
const WIDTHS: (f32, f32) = (0.7, 4.0);

/// Pixels between two points of a curve.
const STEP_PX: f32 = 0.75;

/// Draws a curve, dark, bright or coloured; some have an edge that shines.
pub fn apply(canvas: &mut Canvas<'_>, rng: &mut impl Rng) -> Bounds {
    let (side, scale) = (canvas.side() as f32, canvas.scale());
    let width = log_uniform(rng, WIDTHS.0, WIDTHS.1) * scale.max(0.75);
    let length = log_uniform(rng, (4.0 * width).min(side / 4.0), side);
    let points = curve(side, length, rng);
    let line = stroke(canvas.side(), &points, width, (0.0, 0.0), rng);
    let tone = tone(canvas.channels(), 0.5, rng);
    let (strength, choice) = (contrast(rng), uniform(rng, 0.0, 1.0));
    let mut bounds = line.bounds;
    if chance(rng, 0.25) {
        let beside = (0.5 * width + 0.5) * sign(rng);
        let edge = stroke(canvas.side(), &points, width, (beside, beside), rng);
        let share = uniform(rng, 0.3, 0.9);
        Paint::choose(canvas, &edge, tone.map(|part| -part), share * strength, 1.0)
            .apply(canvas, &edge);
        bounds = bounds.join(edge.bounds);
    }
    Paint::choose(canvas, &line, tone, strength, choice).apply(canvas, &line);
    bounds
}

/// The points of a curve that starts anywhere; its bend changes on the way, and cracks have kinks.
fn curve(side: f32, length: f32, rng: &mut impl Rng) -> Vec<(f32, f32)> {
    let (mut x, mut y) = (uniform(rng, 0.0, side), uniform(rng, 0.0, side));
    let mut heading = uniform(rng, 0.0, std::f32::consts::TAU);
    // Mostly straight: the whole curve turns by up to a radian or, less often, by more.
    let turn = log_uniform(rng, 0.05, 3.0) / length;
    let mut bend = turn * uniform(rng, -1.0, 1.0);
    let kinked = chance(rng, 0.25);
    let steps = (length / STEP_PX) as usize + 1;
    let mut points = Vec::with_capacity(steps);
    for _ in 0..steps {
        points.push((x, y));
        x += STEP_PX * libm::cosf(heading);
        y += STEP_PX * libm::sinf(heading);
        bend = (bend + 0.2 * turn * uniform(rng, -1.0, 1.0)).clamp(-2.0 * turn, 2.0 * turn);
        heading += STEP_PX * bend;
        if kinked && chance(rng, 0.12) {
            heading += uniform(rng, -0.7, 0.7);
        }
    }
    points
}

/// The curve as a region, displaced by `offset`: its width wanders, its ends fade.
fn stroke(
    side: usize,
    points: &[(f32, f32)],
    width: f32,
    offset: (f32, f32),
    rng: &mut impl Rng,
) -> Region {
    let reach = width + 1.0;
    let mut low = (f32::MAX, f32::MAX);
    let mut high = (f32::MIN, f32::MIN);
    for &(x, y) in points {
        low = (low.0.min(x + offset.0), low.1.min(y + offset.1));
        high = (high.0.max(x + offset.0), high.1.max(y + offset.1));
    }
    let bounds = Bounds::around(
        (low.0 - reach, low.1 - reach),
        (high.0 + reach, high.1 + reach),
        side,
    );
    let mut line = Region::empty(bounds);
    let taper = uniform(rng, 0.02, 0.4) * points.len() as f32;
    let (mut thickness, last) = (1.0_f32, points.len() as f32 - 1.0);
    for (i, &(x, y)) in points.iter().enumerate() {
        thickness = (thickness + uniform(rng, -0.08, 0.08)).clamp(0.6, 1.3);
        let to_end = (i as f32).min(last - i as f32) + 1.0;
        let level = (to_end / taper.max(1.0)).min(1.0);
        line.stamp(
            (x + offset.0, y + offset.1),
            (0.5 * width * thickness).max(0.3),
            level,
        );
    }
    line
}
