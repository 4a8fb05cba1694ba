//! The gate that the features of x_0 make: where they are as normal ones are, nothing moves.

use kizumi_image::picture::Picture;
use kizumi_image::smooth::gaussian;

/// Features up to this distance are no reason to move a pixel, in units of what 99 % of the patches of
/// normal images do not exceed.
const HELD_UP_TO: f32 = 1.0;

/// So much further they let a pixel take its whole step.
const FREE_AFTER: f32 = 0.4;

/// By how many pixels of [`GIVEN_AT_PX`] it is widened: features are coarse, and a defect ends beyond them.
const WIDENED_PX: f32 = 2.0;

/// Standard deviation of what softens its edge, in the same pixels.
const SOFTENED_PX: f32 = 1.0;

/// The side of the networks that these pixels were measured with; of others they are as large a part.
const GIVEN_AT_PX: f32 = 128.0;

/// How much of its step each pixel takes, `0.0..=1.0`. `distance` is that of the features of x_0 from normal
/// ones, one channel (1: the 99th percentile over normals), `size_px` the side of what the network sees.
///
/// `clamp((distance - 1) / 0.4, 0, 1)`, widened by the largest value around each pixel, softened by a
/// Gaussian. It stays what it is while the projection runs: one that grows along runs away.
pub fn feature_gate(distance: &Picture, size_px: usize) -> Picture {
    let mut gate = distance.clone();
    for value in &mut gate.pixels {
        *value = ((*value - HELD_UP_TO) / FREE_AFTER).clamp(0.0, 1.0);
    }
    let px = size_px as f32 / GIVEN_AT_PX;
    let gate = widened(&gate, (WIDENED_PX * px).round() as usize);
    gaussian(&gate, SOFTENED_PX * px)
}

/// The largest value of the square around each pixel, `radius` to each side.
fn widened(map: &Picture, radius: usize) -> Picture {
    let largest = |values: &[f32], at: usize| {
        let end = (at + radius + 1).min(values.len());
        let around = &values[at.saturating_sub(radius)..end];
        around.iter().copied().fold(0.0, f32::max)
    };
    let (height, width) = (map.height, map.width);
    let rows = Picture::from_fn(1, height, width, |_, y, x| {
        largest(&map.pixels[y * width..][..width], x)
    });
    // Column by column, which lie apart: rows of the turned picture.
    let turned = Picture::from_fn(1, width, height, |_, x, y| rows.at(0, y, x));
    Picture::from_fn(1, height, width, |_, y, x| {
        largest(&turned.pixels[x * height..][..height], y)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_normal_stays_and_the_rest_moves_by_degrees() {
        for (distance, share) in [(0.3, 0.0), (1.0, 0.0), (1.2, 0.5), (1.4, 1.0), (7.0, 1.0)] {
            let gate = feature_gate(&Picture::filled(1, 32, 40, distance), 32);
            let off = |value: &f32| (value - share).abs() > 1e-5;
            assert!(!gate.pixels.iter().any(off), "{distance}");
        }
    }

    #[test]
    fn it_reaches_beyond_what_is_far_and_ends_softly() {
        let mut distance = Picture::filled(1, 128, 128, 0.5);
        distance.pixels[64 * 128 + 64] = 3.0;
        let gate = feature_gate(&distance, 128);
        let along = |x: usize| gate.at(0, 64, x);
        assert!(along(64) > 0.9 && along(66) > 0.5);
        assert!(along(67) < 0.5 && along(67) > 0.0);
        assert!(along(75) == 0.0 && gate.at(0, 75, 64) == 0.0);
        assert!(
            (gate.at(0, 61, 63) - gate.at(0, 65, 67)).abs() < 1e-6,
            "both ways alike"
        );
    }
}
