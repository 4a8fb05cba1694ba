//! Smooth random fields.

use rand::Rng;

use super::draw::uniform;

/// Smooth value noise in `-1.0..1.0`, `width * height` values row after row, one knot every
/// `cell_px` pixels: what is drawn is the knots, the pixels are interpolated.
pub fn smooth_noise(width: usize, height: usize, cell_px: f32, rng: &mut impl Rng) -> Vec<f32> {
    let cell = cell_px.max(1.0);
    let across = Axis::new(width, cell, uniform(rng, 0.0, 1.0));
    let down = Axis::new(height, cell, uniform(rng, 0.0, 1.0));
    let knots: Vec<f32> = (0..across.knots * down.knots)
        .map(|_| uniform(rng, -1.0, 1.0))
        .collect();
    let mut row = vec![0.0; across.knots];
    let mut values = Vec::with_capacity(width * height);
    for &(above, share) in &down.places {
        let upper = &knots[above * across.knots..];
        let lower = &knots[(above + 1) * across.knots..];
        for ((out, a), b) in row.iter_mut().zip(upper).zip(lower) {
            *out = a + share * (b - a);
        }
        values.extend(across.places.iter().map(|&(left, share)| {
            let pair = &row[left..left + 2];
            pair[0] + share * (pair[1] - pair[0])
        }));
    }
    values
}

/// Where the pixels of an axis lie between the knots.
struct Axis {
    knots: usize,
    /// The knot before each pixel and the eased way to the next one.
    places: Vec<(usize, f32)>,
}

impl Axis {
    fn new(len: usize, cell: f32, offset: f32) -> Self {
        let places: Vec<(usize, f32)> = (0..len)
            .map(|i| {
                let at = offset + i as f32 / cell;
                let t = at - at.floor();
                (at as usize, t * t * (3.0 - 2.0 * t))
            })
            .collect();
        Self {
            knots: places.last().map_or(0, |&(knot, _)| knot) + 2,
            places,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_image::seeded;

    #[test]
    fn noise_is_smooth_spread_and_in_range() {
        let mut rng = seeded::rng(1, "noise", 0);
        let noise = smooth_noise(64, 48, 8.0, &mut rng);
        assert_eq!(noise.len(), 64 * 48);
        assert!(noise.iter().all(|value| value.abs() <= 1.0));
        // Eased interpolation changes by at most 1.5 times the knots' difference per cell.
        for row in noise.chunks(64) {
            for pair in row.windows(2) {
                assert!((pair[1] - pair[0]).abs() <= 1.5 * 2.0 / 8.0 + 1e-6);
            }
        }
        assert!(noise.iter().any(|&value| value > 0.5));
        assert!(noise.iter().any(|&value| value < -0.5));
    }
}
