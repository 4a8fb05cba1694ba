//! Where a corruption acts, and how strongly.

use rand::Rng;

use super::draw::{chance, direction, log_uniform, uniform};
use super::noise::smooth_noise;

/// A rectangle of pixels within a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// First column.
    pub x: usize,
    /// First row.
    pub y: usize,
    /// Number of columns.
    pub width: usize,
    /// Number of rows.
    pub height: usize,
}

impl Bounds {
    /// The pixels whose centres lie between two corners, as far as a picture of `side` pixels
    /// has them.
    pub fn around(low: (f32, f32), high: (f32, f32), side: usize) -> Self {
        let clip = |at: f32| at.clamp(0.0, side as f32) as usize;
        let (x, y) = (clip(low.0.floor()), clip(low.1.floor()));
        Self {
            x,
            y,
            width: clip(high.0.ceil()).saturating_sub(x),
            height: clip(high.1.ceil()).saturating_sub(y),
        }
    }

    /// The smallest bounds that hold both; empty ones hold nothing.
    pub fn join(self, other: Self) -> Self {
        if self.width * self.height == 0 {
            return other;
        }
        if other.width * other.height == 0 {
            return self;
        }
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self {
            x,
            y,
            width: (self.x + self.width).max(other.x + other.width) - x,
            height: (self.y + self.height).max(other.y + other.height) - y,
        }
    }
}

/// A weight in `0.0..=1.0` for each pixel of some bounds.
pub struct Region {
    /// The pixels.
    pub bounds: Bounds,
    /// Their weights, row after row.
    pub weights: Vec<f32>,
}

/// The outlines a region can have.
pub enum Outline {
    /// A turned rectangle.
    Rectangle,
    /// An irregular ellipse.
    Blob,
    /// The hills of a smooth noise, faded towards an ellipse's edge.
    Ragged,
}

impl Region {
    /// Weights of zero.
    pub fn empty(bounds: Bounds) -> Self {
        Self {
            bounds,
            weights: vec![0.0; bounds.width * bounds.height],
        }
    }

    /// A region about `extent` pixels across in a place drawn uniformly. Its sides may differ by
    /// a factor of `slimness`. The edge is `softness` wide: as a share of the shorter half-axis,
    /// at least a pixel, so that the edges are not jagged.
    pub fn draw(
        outline: &Outline,
        side: usize,
        extent: f32,
        slimness: f32,
        softness: f32,
        rng: &mut impl Rng,
    ) -> Self {
        let aspect = log_uniform(rng, 1.0, slimness.max(1.0)).sqrt();
        let (long, short) = (extent / 2.0 * aspect, extent / 2.0 / aspect);
        // Parts are often aligned with the picture, and so are their faults.
        let (cos, sin) = if chance(rng, 0.3) {
            if chance(rng, 0.5) {
                (1.0, 0.0)
            } else {
                (0.0, 1.0)
            }
        } else {
            direction(rng)
        };
        let (cx, cy) = (
            uniform(rng, 0.0, side as f32),
            uniform(rng, 0.0, side as f32),
        );
        // How far the outline leaves the ellipse, as a share, and how far apart its bulges are.
        let mean = (long * short).sqrt();
        let (wobble, cell) = match outline {
            Outline::Rectangle => (0.0, mean),
            Outline::Blob => (uniform(rng, 0.0, 0.7), mean * uniform(rng, 0.5, 1.5)),
            Outline::Ragged => (1.1, (mean * log_uniform(rng, 0.12, 0.8)).max(2.0)),
        };
        // Steep bulges need a softer edge to be a pixel wide.
        let soft = (softness * short).max(1.0 + wobble * short / cell);
        let (u, v) = (
            long * (1.0 + wobble) + soft / 2.0,
            short * (1.0 + wobble) + soft / 2.0,
        );
        let reach = match outline {
            Outline::Rectangle => (u * cos.abs() + v * sin.abs(), u * sin.abs() + v * cos.abs()),
            _ => (
                ((u * cos).powi(2) + (v * sin).powi(2)).sqrt(),
                ((u * sin).powi(2) + (v * cos).powi(2)).sqrt(),
            ),
        };
        let bounds = Bounds::around(
            (cx - reach.0, cy - reach.1),
            (cx + reach.0, cy + reach.1),
            side,
        );
        let noise = match outline {
            Outline::Rectangle => Vec::new(),
            // Two lattices that do not coincide: one alone shows as blocks.
            _ => smooth_noise(bounds.width, bounds.height, cell, rng)
                .into_iter()
                .zip(smooth_noise(bounds.width, bounds.height, 1.7 * cell, rng))
                .map(|(fine, coarse)| 0.5 * fine + 0.5 * coarse)
                .collect(),
        };
        let mut region = Self::empty(bounds);
        for row in 0..bounds.height {
            let dy = (bounds.y + row) as f32 + 0.5 - cy;
            for column in 0..bounds.width {
                let dx = (bounds.x + column) as f32 + 0.5 - cx;
                let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
                let at = row * bounds.width + column;
                // How far inside the outline the pixel lies, in pixels.
                let inside = if noise.is_empty() {
                    (long - u.abs()).min(short - v.abs())
                } else {
                    let (u, v) = (u / long, v / short);
                    (1.0 + wobble * noise[at] - (u * u + v * v).sqrt()) * short
                };
                let t = (inside / soft + 0.5).clamp(0.0, 1.0);
                region.weights[at] = t * t * (3.0 - 2.0 * t);
            }
        }
        region
    }

    /// The row's number in the picture and its weights.
    pub fn rows(&self) -> impl Iterator<Item = (usize, &[f32])> {
        (self.bounds.y..).zip(self.weights.chunks_exact(self.bounds.width.max(1)))
    }

    /// Lets the weights be at least `level` within a disc of centre `(x, y)`, with an edge one
    /// pixel wide.
    pub fn stamp(&mut self, (x, y): (f32, f32), radius: f32, level: f32) {
        let reach = radius + 0.5;
        let low = |at: f32, first: usize| (at - reach - first as f32).max(0.0) as usize;
        let high = |at: f32, first: usize, len: usize| {
            ((at + reach - first as f32).max(0.0).ceil() as usize).min(len)
        };
        let bounds = self.bounds;
        let columns = low(x, bounds.x)..high(x, bounds.x, bounds.width);
        for row in low(y, bounds.y)..high(y, bounds.y, bounds.height) {
            let dy = (bounds.y + row) as f32 + 0.5 - y;
            for column in columns.clone() {
                let dx = (bounds.x + column) as f32 + 0.5 - x;
                let cover = (reach - (dx * dx + dy * dy).sqrt()).clamp(0.0, 1.0);
                let weight = &mut self.weights[row * bounds.width + column];
                *weight = weight.max(level * cover);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_clipped_and_joined() {
        let bounds = Bounds::around((-3.2, 5.5), (2.5, 9.1), 8);
        let expected = Bounds {
            x: 0,
            y: 5,
            width: 3,
            height: 3,
        };
        assert_eq!(bounds, expected);
        assert_eq!(bounds.join(Bounds::default()), expected);
        let other = Bounds {
            x: 4,
            y: 1,
            width: 1,
            height: 1,
        };
        assert_eq!(
            bounds.join(other),
            Bounds {
                x: 0,
                y: 1,
                width: 5,
                height: 7
            }
        );
    }

    #[test]
    fn a_stamp_covers_a_disc() {
        let mut region = Region::empty(Bounds {
            x: 2,
            y: 2,
            width: 20,
            height: 20,
        });
        region.stamp((12.0, 12.0), 5.0, 0.5);
        let area: f32 = region.weights.iter().sum::<f32>() / 0.5;
        assert!((area - std::f32::consts::PI * 25.0).abs() < 2.0, "{area}");
        assert!(region.weights.iter().all(|&weight| weight <= 0.5));
        // Outside of the bounds there is nothing to cover.
        region.stamp((-40.0, 90.0), 5.0, 1.0);
        assert!(region.weights.iter().all(|&weight| weight <= 0.5));
    }
}
