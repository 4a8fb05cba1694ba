//! What the maps of normal images show, place by place: the unit that maps can be measured in.
//!
//! A network reconstructs edges and shiny places worse than flat ones, in every image. Divided by
//! what normal images show in the same place, a map says how many times worse than usual it is
//! there, and maps of different models mean the same.

use super::picture::Picture;
use super::smooth::gaussian;

/// Standard deviation of the Gaussian that smooths a level, in pixels: it is a mean of few images.
const SMOOTHING_PX: f32 = 1.0;

/// Share of its median that is added to a level, so that places where normal images hardly ever
/// show anything do not make much of little.
const FLOOR: f32 = 0.3;

/// The levels of both maps: of the network's size, or 1 x 1 where places mean nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalLevel {
    /// Of the plain map.
    pub plain: Picture,
    /// Of the projected map.
    pub projected: Picture,
}

impl NormalLevel {
    /// `map` in units of `level`.
    pub fn relative(map: &Picture, level: &Picture) -> Picture {
        let same = level.pixels.len() == map.pixels.len();
        let value = |i: usize| level.pixels[if same { i } else { 0 }];
        let pixels = map.pixels.iter().enumerate();
        Picture {
            pixels: pixels.map(|(i, pixel)| pixel / value(i)).collect(),
            ..*map
        }
    }
}

/// A level in the making: the sum of maps of normal images.
#[derive(Clone, Debug, Default)]
pub struct LevelSum {
    sum: Vec<f64>,
    count: u32,
    size: (usize, usize),
}

impl LevelSum {
    /// Takes a map in; all must be of one size.
    pub fn add(&mut self, map: &Picture) {
        self.sum.resize(map.pixels.len(), 0.0);
        self.size = (map.height, map.width);
        self.count += 1;
        for (sum, value) in self.sum.iter_mut().zip(&map.pixels) {
            *sum += f64::from(*value);
        }
    }

    /// The level of the maps so far, without one of them if it is given; `None` of nothing.
    pub fn level(&self, without: Option<&Picture>) -> Option<Picture> {
        let count = self.count.checked_sub(u32::from(without.is_some()))?;
        if count == 0 {
            return None;
        }
        let mean = |i: usize| {
            let own = without.map_or(0.0, |map| f64::from(map.pixels[i]));
            ((self.sum[i] - own) / f64::from(count)).max(0.0) as f32
        };
        let (height, width) = self.size;
        let mean = Picture::new(1, height, width, (0..self.sum.len()).map(mean).collect());
        let mut level = gaussian(&mean, SMOOTHING_PX);
        let mut sorted = level.pixels.clone();
        let (_, median, _) = sorted.select_nth_unstable_by(level.pixels.len() / 2, f32::total_cmp);
        let floor = (FLOOR * *median).max(f32::MIN_POSITIVE);
        level.pixels.iter_mut().for_each(|value| *value += floor);
        Some(level)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_level_leaves_an_image_out() {
        let (mut both, mut alone) = (LevelSum::default(), LevelSum::default());
        let (first, second) = (
            Picture::from_fn(1, 6, 6, |_, y, x| (y * 6 + x) as f32),
            Picture::filled(1, 6, 6, 5.0),
        );
        both.add(&first);
        both.add(&second);
        alone.add(&first);
        let (left, expected) = (
            both.level(Some(&second)).unwrap(),
            alone.level(None).unwrap(),
        );
        for (value, expected) in left.pixels.iter().zip(&expected.pixels) {
            assert!((value - expected).abs() < 1e-5);
        }
        assert_ne!(both.level(None).unwrap(), expected);
        assert_eq!(alone.level(Some(&first)), None, "nothing is left");
        assert_eq!(LevelSum::default().level(None), None);
    }

    #[test]
    fn a_level_is_never_zero() {
        let mut sum = LevelSum::default();
        sum.add(&Picture::filled(1, 4, 4, 0.0));
        let level = sum.level(None).unwrap();
        assert!(level.pixels.iter().all(|value| *value > 0.0));
    }

    #[test]
    fn one_number_measures_any_size() {
        let map = Picture::from_fn(1, 2, 3, |_, y, x| (y + x) as f32);
        let relative = NormalLevel::relative(&map, &Picture::filled(1, 1, 1, 2.0));
        assert_eq!(relative.pixels, [0.0, 0.5, 1.0, 0.5, 1.0, 1.5]);
    }
}
