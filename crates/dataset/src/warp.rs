//! A smooth field of shifts: it bends a picture without tearing it.

use rand::{Rng, RngExt};

/// Knots across and down, the outermost on the picture's edges.
const KNOTS: usize = 6;

/// Shifts in pixels, between the knots by cubic B-splines: smooth to the second derivative, so that
/// nothing shows where the knots are.
#[derive(Clone, Debug, PartialEq)]
pub struct Warp {
    size_px: usize,
    /// `(dx, dy)` of each knot, row after row; two more than [`KNOTS`] a side.
    knots: Vec<(f32, f32)>,
}

/// The four knots around a pixel's centre and their weights.
type Taps = (usize, [f32; 4]);

impl Warp {
    /// Draws the shifts for `size_px` x `size_px` pixels, each at most `reach_px`.
    pub fn draw(size_px: usize, reach_px: f32, rng: &mut impl Rng) -> Self {
        let mut shift = || reach_px * (2.0 * rng.random::<f32>() - 1.0);
        let knots = (0..(KNOTS + 2).pow(2)).map(|_| (shift(), shift()));
        Self {
            size_px,
            knots: knots.collect(),
        }
    }

    /// The shifts of a row's pixels.
    pub fn row(&self, y: usize) -> impl Iterator<Item = (f32, f32)> + '_ {
        let (above, weights) = self.taps(y);
        let columns: Vec<(f32, f32)> = (0..KNOTS + 2)
            .map(|column| {
                let knots = (above..above + 4).map(|row| self.knots[row * (KNOTS + 2) + column]);
                sum(knots, weights)
            })
            .collect();
        (0..self.size_px).map(move |x| {
            let (left, weights) = self.taps(x);
            sum(columns[left..left + 4].iter().copied(), weights)
        })
    }

    fn taps(&self, i: usize) -> Taps {
        let at = (i as f32 + 0.5) / self.size_px as f32 * (KNOTS - 1) as f32;
        let first = (at as usize).min(KNOTS - 2);
        let t = at - first as f32;
        let (t2, t3) = (t * t, t * t * t);
        let weights = [
            1.0 - 3.0 * t + 3.0 * t2 - t3,
            4.0 - 6.0 * t2 + 3.0 * t3,
            1.0 + 3.0 * t + 3.0 * t2 - 3.0 * t3,
            t3,
        ];
        (first, weights.map(|weight| weight / 6.0))
    }
}

fn sum(knots: impl Iterator<Item = (f32, f32)>, weights: [f32; 4]) -> (f32, f32) {
    knots
        .zip(weights)
        .fold((0.0, 0.0), |(x, y), ((dx, dy), weight)| {
            (x + weight * dx, y + weight * dy)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_image::seeded;

    #[test]
    fn shifts_are_smooth_and_within_reach() {
        let warp = Warp::draw(64, 4.0, &mut seeded::rng(1, "warp", 0));
        let rows: Vec<Vec<(f32, f32)>> = (0..64).map(|y| warp.row(y).collect()).collect();
        let mut largest = 0.0f32;
        for (y, row) in rows.iter().enumerate() {
            assert_eq!(row.len(), 64);
            for (x, (dx, dy)) in row.iter().enumerate() {
                assert!(dx.abs() <= 4.0 && dy.abs() <= 4.0);
                largest = largest.max(dx.abs());
                // A knot is 12.8 pixels from the next one.
                for other in [rows[y.saturating_sub(1)][x], row[x.saturating_sub(1)]] {
                    assert!((dx - other.0).abs() < 0.7 && (dy - other.1).abs() < 0.7);
                }
            }
        }
        assert!(largest > 1.0, "{largest}");
    }

    #[test]
    fn equal_knots_shift_everything_alike() {
        let warp = Warp {
            size_px: 16,
            knots: vec![(2.0, -1.0); (KNOTS + 2).pow(2)],
        };
        for (dx, dy) in (0..16).flat_map(|y| warp.row(y)) {
            assert!((dx - 2.0).abs() < 1e-5 && (dy + 1.0).abs() < 1e-5);
        }
    }
}
