//! From pictures to anomaly maps, from maps to image scores (method: "Formulas").

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::config::MapConfig;
use super::maker::Maker;
use kizumi_image::picture::Picture;
use kizumi_image::smooth::{gaussian, gaussian_where};

/// Standard deviation of the Gaussian over which neighbours count, in pixels.
const COHERENCE_PX: f32 = 1.0;

/// What the values of a map are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Differences of pixel values, which lie in `0.0..=1.0`, or what [`MapConfig::kind`] makes of them.
    #[default]
    Absolute,
    /// Times what normal images show, in the same place in object mode: 1 is usual.
    Usual,
}

impl Unit {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Absolute => "absolute",
            Self::Usual => "usual",
        }
    }
}

/// An anomaly map, what its values are, and what made it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AnomalyMap {
    /// One channel, 0 or more.
    pub values: Picture,
    /// What the values are.
    pub unit: Unit,
    /// The value of the highest colour, twice what hardly a pixel of normal images exceeds; `None` where
    /// it was not measured of such maps.
    pub normal_high: Option<f32>,
    /// Which model and settings made it.
    pub maker: Maker,
}

impl AnomalyMap {
    /// The value of the highest colour, above 0: the one that normal images say, where it is known, else
    /// the largest of its own.
    pub fn colour_high(&self) -> f32 {
        self.normal_high.unwrap_or_else(|| self.max()).max(1e-6)
    }

    /// The upper end of the range that a file of integers needs so that no value is cut off; above 0.
    pub fn file_high(&self) -> f32 {
        match self.max() {
            high if high > 0.0 && high.is_finite() => high,
            _ => 1.0,
        }
    }
}

impl Deref for AnomalyMap {
    type Target = Picture;

    fn deref(&self) -> &Picture {
        &self.values
    }
}

/// 1 where maps and scores look, `None` for everywhere: at pixels that count and are not to be filled.
/// Both masks have one channel, 1 where a pixel counts and 1 in a hole.
///
/// # Panics
/// If the masks differ in shape.
pub fn valid(counted: Option<&Picture>, hole: Option<&Picture>) -> Option<Picture> {
    let Some(hole) = hole else {
        return counted.cloned();
    };
    let outside = |y, x| 1.0 - hole.at(0, y, x);
    let Some(counted) = counted else {
        return Some(Picture::from_fn(1, hole.height, hole.width, |_, y, x| {
            outside(y, x)
        }));
    };
    assert_eq!(
        (counted.height, counted.width),
        (hole.height, hole.width),
        "both masks must have one shape"
    );
    Some(Picture::from_fn(1, hole.height, hole.width, |_, y, x| {
        counted.at(0, y, x) * outside(y, x)
    }))
}

/// The mean over channels of a function of `a - b`; one channel.
///
/// # Panics
/// If the shapes differ.
pub fn channel_mean(a: &Picture, b: &Picture, of_difference: impl Fn(f32) -> f32) -> Picture {
    assert_eq!(
        (a.channels, a.height, a.width),
        (b.channels, b.height, b.width),
        "both pictures must have one shape"
    );
    let mut map = Picture::filled(1, a.height, a.width, 0.0);
    for channel in 0..a.channels {
        for ((sum, a), b) in map
            .pixels
            .iter_mut()
            .zip(a.plane(channel))
            .zip(b.plane(channel))
        {
            *sum += of_difference(a - b);
        }
    }
    let share = 1.0 / a.channels.max(1) as f32;
    for sum in &mut map.pixels {
        *sum *= share;
    }
    map
}

/// How much `a` differs from `b` in each pixel, and together with its neighbours: the geometric mean of
/// the mean over channels of `|a - b|` and of the smoothed `a - b`'s; one channel.
///
/// A defect moves neighbours the same way, what noise or a sharp edge adds here it takes away there.
///
/// # Panics
/// If the shapes differ.
pub fn coherent_change(a: &Picture, b: &Picture) -> Picture {
    let mut change = channel_mean(a, b, f32::abs);
    let mut together = Picture::filled(1, a.height, a.width, 0.0);
    for channel in 0..a.channels {
        let differences = a.plane(channel).iter().zip(b.plane(channel));
        let differences = differences.map(|(a, b)| a - b).collect();
        let differences = Picture::new(1, a.height, a.width, differences);
        let smooth = gaussian(&differences, COHERENCE_PX);
        for (sum, value) in together.pixels.iter_mut().zip(&smooth.pixels) {
            *sum += value.abs();
        }
    }
    let share = 1.0 / a.channels.max(1) as f32;
    for (change, together) in change.pixels.iter_mut().zip(&together.pixels) {
        *change = (*change * together * share).sqrt();
    }
    change
}

/// Smooths a raw map as configured.
///
/// `valid` is zero where the input shows nothing (letterbox padding, ignored regions): there the
/// map becomes zero, and nothing from there reaches its neighbours.
///
/// # Panics
/// If the shapes differ or the map has more than one channel.
pub fn smoothed(map: &Picture, config: &MapConfig, valid: Option<&Picture>) -> Picture {
    match valid {
        Some(valid) => gaussian_where(map, config.smoothing_px, valid),
        None => gaussian(map, config.smoothing_px),
    }
}

/// The image score of a map that is already smoothed: its configured percentile over the pixels
/// that count; 0 when none does, and no number when one of them is not finite.
///
/// # Panics
/// If the shapes differ.
pub fn score(map: &Picture, config: &MapConfig, valid: Option<&Picture>) -> f32 {
    if valid.is_none() && config.score_percentile >= 100.0 && !map.pixels.is_empty() {
        return if map.is_finite() { map.max() } else { f32::NAN };
    }
    let values = counting(map, valid);
    match values.iter().all(|value| value.is_finite()) {
        true => percentile(values, config.score_percentile).unwrap_or(0.0),
        false => f32::NAN,
    }
}

/// The values of a map that count: those where `valid` is not zero.
///
/// # Panics
/// If the shapes differ.
pub fn counting(map: &Picture, valid: Option<&Picture>) -> Vec<f32> {
    let Some(valid) = valid else {
        return map.pixels.clone();
    };
    assert_eq!(
        (map.height, map.width),
        (valid.height, valid.width),
        "the validity mask must have the map's shape"
    );
    let values = map.pixels.iter().zip(&valid.pixels);
    let values = values.filter(|(_, valid)| **valid != 0.0);
    values.map(|(value, _)| *value).collect()
}

/// The `percent`-th percentile, linear between the two nearest ranks (numpy's default); `percent`
/// is limited to `0.0..=100.0`. `None` without values.
pub fn percentile(mut values: Vec<f32>, percent: f32) -> Option<f32> {
    let last = values.len().checked_sub(1)?;
    let rank = f64::from(percent.clamp(0.0, 100.0)) / 100.0 * last as f64;
    let below = (rank as usize).min(last);
    let (_, &mut low, above) = values.select_nth_unstable_by(below, f32::total_cmp);
    let share = (rank - below as f64) as f32;
    let next = above.iter().copied().min_by(f32::total_cmp);
    Some(match next {
        Some(high) if share > 0.0 => low + share * (high - low),
        _ => low,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn unsmoothed(score_percentile: f32) -> MapConfig {
        MapConfig {
            smoothing_px: 0.0,
            score_percentile,
            ..MapConfig::default()
        }
    }

    #[test]
    fn means_are_over_channels() {
        let a = Picture::new(3, 1, 2, vec![0.5, 0.0, 0.25, 0.0, 1.0, 1.0]);
        let b = Picture::new(3, 1, 2, vec![0.0, 0.0, 0.75, 0.0, 1.0, 0.25]);
        assert_eq!(channel_mean(&a, &b, f32::abs).pixels, [1.0 / 3.0, 0.25]);
        let plain = channel_mean(&a, &b, |change| change * change);
        assert_eq!((plain.channels, plain.height, plain.width), (1, 1, 2));
        for (value, expected) in plain.pixels.iter().zip([0.5 / 3.0, 0.5625 / 3.0]) {
            assert!((value - expected).abs() < 1e-7);
        }
    }

    #[test]
    fn unmoved_pixels_are_exactly_zero() {
        let a = Picture::from_fn(3, 4, 4, |c, y, x| 0.1 * (c + y + x) as f32);
        assert_eq!(channel_mean(&a, &a, f32::abs).max(), 0.0);
    }

    #[test]
    fn neighbours_that_change_alike_count_more() {
        let flat = Picture::filled(3, 12, 12, 0.5);
        let changed =
            |sign: fn(usize) -> f32| Picture::from_fn(3, 12, 12, |_, y, x| 0.5 + 0.1 * sign(y + x));
        let together = coherent_change(&changed(|_| 1.0), &flat);
        let alternating = changed(|at| if at % 2 == 0 { 1.0 } else { -1.0 });
        let alternating = coherent_change(&alternating, &flat);
        for (together, alternating) in together.pixels.iter().zip(&alternating.pixels) {
            assert!((together - 0.1).abs() < 1e-5, "{together}");
            assert!(*alternating < 0.5 * together, "{alternating}");
        }
        assert_eq!(coherent_change(&flat, &flat).max(), 0.0);
    }

    #[test]
    fn percentiles_are_numpys() {
        let values = vec![4.0, 1.0, 3.0, 2.0];
        for (percent, expected) in [
            (0.0, 1.0),
            (50.0, 2.5),
            (90.0, 3.7),
            (100.0, 4.0),
            (150.0, 4.0),
        ] {
            let value = percentile(values.clone(), percent).unwrap();
            assert!((value - expected).abs() < 1e-6, "{percent}: {value}");
        }
        assert_eq!(percentile(vec![], 50.0), None);
        assert_eq!(percentile(vec![7.0], 99.5), Some(7.0));
    }

    #[test]
    fn the_score_leaves_padding_out() {
        let map = Picture::new(1, 1, 4, vec![1.0, 2.0, 3.0, 100.0]);
        let valid = Picture::new(1, 1, 4, vec![1.0, 1.0, 1.0, 0.0]);
        assert_eq!(score(&map, &unsmoothed(100.0), None), 100.0);
        assert_eq!(score(&map, &unsmoothed(100.0), Some(&valid)), 3.0);
        assert_eq!(score(&map, &unsmoothed(50.0), Some(&valid)), 2.0);
        assert_eq!(
            smoothed(&map, &unsmoothed(100.0), Some(&valid)).pixels,
            [1.0, 2.0, 3.0, 0.0]
        );
        let nothing = Picture::filled(1, 1, 4, 0.0);
        assert_eq!(score(&map, &unsmoothed(100.0), Some(&nothing)), 0.0);
    }

    #[test]
    fn a_hole_is_left_out_beside_what_does_not_count() {
        let mask = |ones: [f32; 4]| Picture::new(1, 1, 4, ones.into());
        let counted = mask([1.0, 1.0, 0.0, 0.0]);
        let hole = mask([0.0, 1.0, 1.0, 0.0]);
        assert_eq!(valid(None, None), None);
        assert_eq!(valid(Some(&counted), None), Some(counted.clone()));
        let outside = mask([1.0, 0.0, 0.0, 1.0]);
        assert_eq!(valid(None, Some(&hole)), Some(outside));
        let both = mask([1.0, 0.0, 0.0, 0.0]);
        assert_eq!(valid(Some(&counted), Some(&hole)), Some(both));
    }

    #[test]
    fn ranges_are_never_empty_and_cut_nothing_off() {
        let map = |values: Vec<f32>, normal_high| AnomalyMap {
            values: Picture::new(1, 1, values.len(), values),
            normal_high,
            ..Default::default()
        };
        let known = map(vec![0.5, 7.0], Some(2.0));
        assert_eq!((known.colour_high(), known.file_high()), (2.0, 7.0));
        let unknown = map(vec![0.5, 0.25], None);
        assert_eq!((unknown.colour_high(), unknown.file_high()), (0.5, 0.5));
        let black = map(vec![0.0, 0.0], None);
        assert!(black.colour_high() > 0.0 && black.file_high() > 0.0);
    }

    #[test]
    fn a_map_with_nan_has_no_score() {
        let map = Picture::new(1, 1, 3, vec![1.0, f32::NAN, 2.0]);
        assert!(score(&map, &unsmoothed(100.0), None).is_nan());
        // 0 / 0 has a sign on many processors, by which it would rank lowest.
        for odd in [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let map = Picture::new(1, 1, 4, vec![1.0, odd, 2.0, 3.0]);
            for percent in [100.0, 60.0] {
                let score = score(&map, &unsmoothed(percent), None);
                assert!(score.is_nan(), "{odd} at {percent}: {score}");
            }
            let valid = Picture::new(1, 1, 4, vec![1.0, 0.0, 1.0, 1.0]);
            assert_eq!(score(&map, &unsmoothed(100.0), Some(&valid)), 3.0);
        }
    }
}
