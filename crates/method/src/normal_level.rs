//! What the maps of normal images show, place by place: the unit that maps can be measured in.
//!
//! A network reconstructs edges and shiny places worse than flat ones, in every image. Divided by
//! what normal images show in the same place, a map says how many times worse than usual it is
//! there, and maps of different models mean the same.
//!
//! Images differ as a whole, too: one of coarser grain is reconstructed worse everywhere. What is
//! everywhere is less suspicious than what is in one place, so a map is also divided by a root of
//! what it shows where it shows least.

use super::anomaly_map::{counting, percentile};
use super::maker::Fingerprint;
use kizumi_image::picture::Picture;
use kizumi_image::smooth::gaussian;

/// Standard deviation of the Gaussian that smooths a level, in pixels: it is a mean of few images.
const SMOOTHING_PX: f32 = 1.0;

/// Share of its median that is added to a level, so that places where normal images hardly ever
/// show anything do not make much of little.
const FLOOR: f32 = 0.3;

/// The percentile of a map that stands for what it shows everywhere: low, so that a defect may
/// cover most of the image.
const BACKGROUND_PERCENTILE: f32 = 10.0;

/// The smallest background, in levels: where hardly anything moved, little is not to be made much
/// of.
const SMALLEST_BACKGROUND: f32 = 0.1;

/// The power of its background that a map is divided by: 0 would leave it alone, 1 would make all
/// images look alike on the whole. By measurement: see docs/benchmark.md.
const BACKGROUND_POWER: f32 = 1.0 / 3.0;

/// The levels of both maps: of the network's size, or 1 x 1 where places mean nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalLevel {
    /// Of the plain map.
    plain: Picture,
    /// Of the projected map.
    projected: Picture,
    fingerprint: Fingerprint,
}

impl NormalLevel {
    /// The levels of plain and of projected maps.
    pub fn new(plain: Picture, projected: Picture) -> Self {
        let fingerprint = Fingerprint::of([plain.pixels.as_slice(), &projected.pixels]);
        Self {
            plain,
            projected,
            fingerprint,
        }
    }

    /// That of plain maps.
    pub fn plain(&self) -> &Picture {
        &self.plain
    }

    /// That of projected maps.
    pub fn projected(&self) -> &Picture {
        &self.projected
    }

    /// Tells these levels from others.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// `map` in units of `level`, divided by a root of its background over the pixels that count:
    /// those where `valid` is not zero.
    ///
    /// # Panics
    /// If `valid` has another shape.
    pub fn relative(map: &Picture, level: &Picture, valid: Option<&Picture>) -> Picture {
        let same = level.pixels.len() == map.pixels.len();
        let value = |i: usize| level.pixels[if same { i } else { 0 }];
        let pixels = map.pixels.iter().enumerate();
        let mut relative = Picture {
            pixels: pixels.map(|(i, pixel)| pixel / value(i)).collect(),
            ..*map
        };
        let background = percentile(counting(&relative, valid), BACKGROUND_PERCENTILE);
        if let Some(background) = background {
            let unit = background.max(SMALLEST_BACKGROUND).powf(BACKGROUND_POWER);
            relative.pixels.iter_mut().for_each(|value| *value /= unit);
        }
        relative
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
        let mut level = gaussian(&with_neighbours(&mean), SMOOTHING_PX);
        let mut sorted = level.pixels.clone();
        let (_, median, _) = sorted.select_nth_unstable_by(level.pixels.len() / 2, f32::total_cmp);
        let floor = (FLOOR * *median).max(f32::MIN_POSITIVE);
        level.pixels.iter_mut().for_each(|value| *value += floor);
        Some(level)
    }
}

/// Each pixel as its largest neighbour, itself among them: a part that lies a pixel further brings its
/// edges along.
fn with_neighbours(map: &Picture) -> Picture {
    let around = |at: usize, length: usize| at.saturating_sub(1)..(at + 2).min(length);
    Picture::from_fn(1, map.height, map.width, |_, y, x| {
        let rows = around(y, map.height);
        let values = rows.flat_map(|y| around(x, map.width).map(move |x| map.at(0, y, x)));
        values.fold(0.0, f32::max)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_level_reaches_a_pixel_further_than_what_was_seen() {
        let spot = Picture::from_fn(1, 7, 5, |_, y, x| f32::from((y, x) == (0, 3)));
        let wide = with_neighbours(&spot);
        let expected = Picture::from_fn(1, 7, 5, |_, y, x| f32::from(y <= 1 && x >= 2));
        assert_eq!(wide, expected);
    }

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
        let relative = NormalLevel::relative(&map, &Picture::filled(1, 1, 1, 2.0), None);
        let unit = 0.25_f32.cbrt();
        for (value, expected) in relative.pixels.iter().zip([0.0, 0.5, 1.0, 0.5, 1.0, 1.5]) {
            assert!((value - expected / unit).abs() < 1e-6);
        }
    }

    #[test]
    fn what_is_everywhere_counts_less_than_what_is_in_one_place() {
        let level = Picture::filled(1, 1, 1, 1.0);
        let map = |usual: f32| {
            Picture::from_fn(
                1,
                4,
                4,
                |_, y, x| {
                    if (y, x) == (1, 1) { 9.0 } else { usual }
                },
            )
        };
        let spot = |usual, valid| NormalLevel::relative(&map(usual), &level, valid).at(0, 1, 1);
        assert_eq!(spot(1.0, None), 9.0, "an image like all others");
        assert!((spot(8.0, None) - 4.5).abs() < 1e-5);
        assert_eq!(
            spot(0.0, None),
            spot(0.05, None),
            "little is not made much of"
        );
        assert!(spot(0.0, None).is_finite());
        // The background is that of the pixels that count.
        let alone = Picture::from_fn(1, 4, 4, |_, y, x| f32::from((y, x) == (1, 1)));
        assert!((spot(8.0, Some(&alone)) - 9.0 / 9.0_f32.cbrt()).abs() < 1e-5);
        let nothing = Picture::filled(1, 4, 4, 0.0);
        assert_eq!(spot(8.0, Some(&nothing)), 9.0);
    }
}
