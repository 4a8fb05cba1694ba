//! Features and autoencoder in one map: features say where an image is unlike normal ones, the
//! autoencoder sharpens it by what it would change there.

use crate::anomaly_map::smoothed;
use crate::config::MapConfig;
use kizumi_image::picture::Picture;

/// The largest share of its distance that a place gains by changing. By measurement: a stronger one
/// makes much of what the network reconstructs badly in normal images, too.
const LARGEST_GAIN: f32 = 0.3;

/// The change, in pixel values, that takes a place half of the way to the largest gain.
const HALF_CHANGE: f32 = 0.05;

/// The change is smoothed by this share of what the map is: it has the detail that features lack.
const CHANGE_SMOOTHING: f32 = 0.5;

/// `distance * (1 + 0.3 change / (change + 0.05))`, pixel by pixel, of both smoothed: `distance` of the
/// features, `change` by the autoencoder. Bounded from both ends: a place that changes counts at most
/// 1.3 times, and where nothing changes the map is that of the features.
///
/// # Panics
/// If the shapes differ.
pub fn joint(
    distance: &Picture,
    change: &Picture,
    config: &MapConfig,
    valid: Option<&Picture>,
) -> Picture {
    assert_eq!(
        (distance.height, distance.width),
        (change.height, change.width),
        "distance and change of one picture"
    );
    let finer = MapConfig {
        smoothing_px: CHANGE_SMOOTHING * config.smoothing_px,
        ..*config
    };
    let mut map = smoothed(distance, config, valid);
    let change = smoothed(change, &finer, valid);
    for (value, change) in map.pixels.iter_mut().zip(&change.pixels) {
        *value *= 1.0 + LARGEST_GAIN * change / (change + HALF_CHANGE);
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_sharpened_and_the_rest_is_as_its_features_say() {
        let map = |values| Picture::new(1, 1, 4, values);
        let unsmoothed = MapConfig {
            smoothing_px: 0.0,
            ..MapConfig::default()
        };
        let distance = map(vec![0.5, 2.0, 0.5, 2.0]);
        let change = map(vec![0.0, 0.0, 0.05, 1e6]);
        let joint = joint(&distance, &change, &unsmoothed, None);
        for (value, expected) in joint.pixels.iter().zip([0.5, 2.0, 0.575, 2.6]) {
            assert!((value - expected).abs() < 1e-5, "{value} and {expected}");
        }
    }

    #[test]
    fn what_does_not_count_is_zero() {
        let map = |value| Picture::filled(1, 8, 8, value);
        let valid = Picture::from_fn(1, 8, 8, |_, _, x| f32::from(x < 4));
        let joint = joint(&map(1.0), &map(0.05), &MapConfig::default(), Some(&valid));
        for (value, valid) in joint.pixels.iter().zip(&valid.pixels) {
            assert!((value - 1.15 * valid).abs() < 1e-5, "{value}");
        }
    }
}
