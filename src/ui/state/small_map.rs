//! Anomaly maps of thumbnails: thousands of them are kept, so they are kept in half the room.

use kizumi_image::picture::Picture;
use serde::{Deserialize, Serialize};

use crate::ui::packed;

/// A one-channel map whose values are multiples of its largest one over 65535.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SmallMap {
    width: usize,
    height: usize,
    high: f32,
    #[serde(with = "packed::words")]
    levels: Vec<u16>,
}

impl From<&Picture> for SmallMap {
    /// Negative values and NaN become 0; only the first channel is taken.
    fn from(map: &Picture) -> Self {
        let plane = &map.pixels[..map.plane_len().min(map.pixels.len())];
        let finite = plane.iter().copied().filter(|value| value.is_finite());
        let high = finite.fold(0.0, f32::max);
        let scale = if high > 0.0 { 65_535.0 / high } else { 0.0 };
        // Rounds to nearest; a NaN becomes 0 and infinity the largest in this conversion.
        let level = |value: &f32| (value * scale + 0.5) as u16;
        Self {
            width: map.width,
            height: map.height,
            high,
            levels: plane.iter().map(level).collect(),
        }
    }
}

impl SmallMap {
    /// The map again, to within its largest value over 131070.
    pub fn to_picture(&self) -> Picture {
        let step = self.high / 65_535.0;
        let values = self.levels.iter().map(|&level| f32::from(level) * step);
        Picture::new(1, self.height, self.width, values.collect())
    }

    /// Its largest value.
    pub fn high(&self) -> f32 {
        self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_to_within_half_a_step() {
        let map = Picture::from_fn(1, 5, 7, |_, y, x| 0.013 * (y * 7 + x) as f32);
        let small = SmallMap::from(&map);
        for (value, again) in map.pixels.iter().zip(small.to_picture().pixels) {
            assert!((value - again).abs() <= small.high() / 65_535.0 * 0.51);
        }
        assert_eq!(small.high(), map.max());
    }

    #[test]
    fn maps_of_nothing_and_of_no_number_stay_finite() {
        let zero = SmallMap::from(&Picture::filled(1, 2, 2, 0.0));
        assert_eq!(zero.to_picture(), Picture::filled(1, 2, 2, 0.0));
        let odd = Picture::new(1, 1, 3, vec![f32::NAN, f32::INFINITY, 0.5]);
        assert!(SmallMap::from(&odd).to_picture().is_finite());
        assert_eq!(
            SmallMap::from(&Picture::default()).to_picture().pixels,
            [0.0; 0]
        );
    }
}
