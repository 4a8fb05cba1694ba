//! Features and autoencoder in one map: features say where an image is unlike normal ones, the
//! autoencoder sharpens it by what it would change there.

use crate::anomaly_map::smoothed;
use crate::config::MapConfig;
use crate::maker::Fingerprint;
use kizumi_image::picture::Picture;

/// The largest share of its distance that a place gains by one change. By measurement: a stronger one
/// makes much of what the network reconstructs badly in normal images, too.
const LARGEST_GAIN: f32 = 0.15;

/// The change, in pixel values, that takes a place half of the way to the largest gain where nobody
/// knows what is usual.
const HALF_CHANGE: f32 = 0.05;

/// The change is smoothed by at least so much, in pixels of the network: single pixels of it are noise.
const CHANGE_SMOOTHING_PX: f32 = 1.0;

/// How much a network changes normal images, the mean over channels of `|x - f(x)|` in pixel values: place
/// by place, or one number where places mean nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct UsualChange {
    change: Picture,
    fingerprint: Fingerprint,
}

impl UsualChange {
    /// One channel of the network's size, or 1 x 1; above 0.
    pub fn new(change: Picture) -> Self {
        let fingerprint = Fingerprint::of([change.pixels.as_slice()]);
        Self {
            change,
            fingerprint,
        }
    }

    /// It as a picture.
    pub fn picture(&self) -> &Picture {
        &self.change
    }

    /// Tells it from others.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// At a pixel of a map of so many.
    fn at(&self, pixel: usize, pixels: usize) -> f32 {
        let by_place = self.change.pixels.len() == pixels;
        self.change.pixels[if by_place { pixel } else { 0 }]
    }
}

/// `distance * (1 + sum of 0.15 change / (change + usual))`, pixel by pixel, all smoothed as configured, the
/// changes by at least one pixel: `distance` of the features, `changes` by the autoencoder (what it would still
/// change, what it has changed), `usual` what it changes in normal images (0.05 where that is not known). Bounded from both ends: a place counts at most
/// 1.15 times for each change, and where nothing changes the map is that of the features.
///
/// # Panics
/// If the shapes differ.
pub fn joint(
    distance: &Picture,
    changes: &[Picture],
    usual: Option<&UsualChange>,
    config: &MapConfig,
    valid: Option<&Picture>,
) -> Picture {
    let of_changes = MapConfig {
        smoothing_px: config.smoothing_px.max(CHANGE_SMOOTHING_PX),
        ..*config
    };
    let mut map = smoothed(distance, config, valid);
    let pixels = map.pixels.len();
    let mut gain = vec![1.0; pixels];
    for change in changes {
        assert_eq!(
            (distance.height, distance.width),
            (change.height, change.width),
            "distance and change of one picture"
        );
        let change = smoothed(change, &of_changes, valid);
        for (i, (gain, change)) in gain.iter_mut().zip(&change.pixels).enumerate() {
            let usual = usual.map_or(HALF_CHANGE, |usual| usual.at(i, pixels));
            *gain += LARGEST_GAIN * change / (change + usual);
        }
    }
    for (value, gain) in map.pixels.iter_mut().zip(gain) {
        *value *= gain;
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: [f32; 4]) -> Picture {
        Picture::new(1, 1, 4, values.to_vec())
    }

    fn unsmoothed() -> MapConfig {
        MapConfig {
            smoothing_px: 0.0,
            ..MapConfig::default()
        }
    }

    #[test]
    fn what_changes_is_sharpened_and_the_rest_is_as_its_features_say() {
        let distance = row([0.5, 2.0, 0.5, 8.0]);
        for (change, times) in [(0.0, 1.0), (0.05, 1.075), (1e6, 1.15)] {
            for changes in 1..=2 {
                let times = 1.0 + (times - 1.0) * changes as f32;
                let changes = vec![row([change; 4]); changes];
                let joint = joint(&distance, &changes, None, &MapConfig::default(), None);
                for (value, distance) in joint.pixels.iter().zip(&distance.pixels) {
                    assert!((value - distance * times).abs() < 1e-5, "{value}, {change}");
                }
            }
        }
    }

    #[test]
    fn what_changes_in_normal_images_too_counts_less() {
        let (distance, change) = (row([1.0; 4]), row([0.1; 4]));
        let of = |usual: Picture| {
            let usual = UsualChange::new(usual);
            joint(
                &distance,
                std::slice::from_ref(&change),
                Some(&usual),
                &unsmoothed(),
                None,
            )
        };
        let by_place = of(row([0.1, 0.3, 0.9, 0.01]));
        let share = |usual: f32| 1.0 + 0.15 * 0.1 / (0.1 + usual);
        for (value, usual) in by_place.pixels.iter().zip([0.1, 0.3, 0.9, 0.01]) {
            assert!((value - share(usual)).abs() < 1e-6, "{usual}");
        }
        let one_number = of(Picture::filled(1, 1, 1, 0.3));
        assert!(
            one_number
                .pixels
                .iter()
                .all(|value| (value - share(0.3)).abs() < 1e-6)
        );
    }

    #[test]
    fn what_does_not_count_is_zero() {
        let map = |value| Picture::filled(1, 8, 8, value);
        let valid = Picture::from_fn(1, 8, 8, |_, _, x| f32::from(x < 4));
        let config = MapConfig::default();
        let joint = joint(&map(1.0), &[map(0.05)], None, &config, Some(&valid));
        for (value, valid) in joint.pixels.iter().zip(&valid.pixels) {
            assert!((value - 1.075 * valid).abs() < 1e-5, "{value}");
        }
    }
}
