//! Places out of focus, smeared along a direction, or displaced.

use rand::Rng;

use super::canvas::Canvas;
use super::draw::{below, direction, extent, log_uniform, uniform};
use super::region::{Bounds, Outline, Region};

/// Samples on each side of a pixel that a blur takes the mean of.
const TAPS: i32 = 3;

/// The weight from which on a displaced pixel no longer mixes with what was in its place.
const OPAQUE_FROM: f32 = 0.1;

/// Blurs, smears or displaces what is there.
pub fn apply(canvas: &mut Canvas<'_>, rng: &mut impl Rng) -> Bounds {
    let side = canvas.side();
    // Smaller places hold nothing to blur.
    let (extent, softness) = (extent(rng, side).max(4.0), uniform(rng, 0.3, 1.2));
    let region = Region::draw(&Outline::Blob, side, extent, 3.0, softness, rng);
    let (cos, sin) = direction(rng);
    let (kind, share) = (below(rng, 3), uniform(rng, 0.0, 1.0));
    // Blurs reach less far than displacements, which look like a dent or a fold.
    let (least, most) = [(1.0, 8.0), (1.5, 8.0), (1.0, 4.0)][kind];
    let reach = log_uniform(rng, least, most).min(0.5 * extent) * canvas.scale().max(0.5);
    let (dx, dy) = (reach * cos, reach * sin);
    // A blur has two directions, a smear one.
    let taps: Vec<(isize, isize)> = (-TAPS..=TAPS)
        .map(|tap| tap as f32 / TAPS as f32)
        .flat_map(|share| {
            let along = (share * dx, share * dy);
            let across = (-share * dy, share * dx);
            let both = [along, across];
            both.into_iter().take(kind.max(1))
        })
        .map(|(x, y)| (x.round() as isize, y.round() as isize))
        .collect();
    let mut values = Vec::with_capacity(canvas.channels() * region.weights.len());
    for channel in 0..canvas.channels() {
        let around = Surroundings::cut(canvas.plane(channel), side, region.bounds, reach);
        if kind == 0 {
            around.displaced(&region, dx, dy, &mut values);
        } else {
            around.mean(&taps, &mut values);
        }
    }
    let len = region.weights.len();
    let sharpness = if kind == 0 {
        1.0 / OPAQUE_FROM
    } else {
        1.0 + share
    };
    canvas.change(&region, |channel, at, weight, value| {
        let opacity = (weight * sharpness).min(1.0);
        value + opacity * (values[channel * len + at] - value)
    });
    region.bounds
}

/// A copy of what lies in some bounds and around them; edge pixels go on outside.
struct Surroundings {
    values: Vec<f32>,
    width: usize,
    margin: usize,
    bounds: Bounds,
}

impl Surroundings {
    fn cut(plane: &[f32], side: usize, bounds: Bounds, reach: f32) -> Self {
        // One pixel more for what lies between two of them.
        let margin = reach.ceil() as usize + 1;
        let (width, height) = (bounds.width + 2 * margin, bounds.height + 2 * margin);
        let inside = |at: usize| at.saturating_sub(margin).min(side - 1);
        let mut values = Vec::with_capacity(width * height);
        for y in bounds.y..bounds.y + height {
            let row = &plane[inside(y) * side..][..side];
            values.extend((bounds.x..bounds.x + width).map(|x| row[inside(x)]));
        }
        Self {
            values,
            width,
            margin,
            bounds,
        }
    }

    /// For each pixel the mean at some offsets from it.
    fn mean(&self, offsets: &[(isize, isize)], out: &mut Vec<f32>) {
        let share = 1.0 / offsets.len() as f32;
        for y in 0..self.bounds.height {
            let first = out.len();
            out.resize(first + self.bounds.width, 0.0);
            for (dx, dy) in offsets {
                let row = (y + self.margin).saturating_add_signed(*dy) * self.width;
                let start = row + self.margin.saturating_add_signed(*dx);
                let values = &self.values[start..start + self.bounds.width];
                for (sum, value) in out[first..].iter_mut().zip(values) {
                    *sum += share * value;
                }
            }
        }
    }

    /// For each pixel what lies `(dx, dy)` from it, less far where the region weighs less: so
    /// the displacement vanishes towards the edge. Bilinear.
    fn displaced(&self, region: &Region, dx: f32, dy: f32, out: &mut Vec<f32>) {
        let margin = self.margin as f32;
        for (y, weights) in region.rows() {
            let y = (y - self.bounds.y) as f32 + margin;
            for (x, weight) in weights.iter().enumerate() {
                let (x, y) = (x as f32 + margin + weight * dx, y + weight * dy);
                let (left, top) = (x as usize, y as usize);
                let (u, v) = (x - left as f32, y - top as f32);
                let upper = &self.values[top * self.width + left..];
                let lower = &upper[self.width..];
                let a = upper[0] + u * (upper[1] - upper[0]);
                let b = lower[0] + u * (lower[1] - lower[0]);
                out.push(a + v * (b - a));
            }
        }
    }
}
