//! From what an image is compared with to its anomaly map.

use std::sync::Arc;

use super::anomaly_map::{channel_mean, coherent_change, score, smoothed};
use super::calibration::Calibration;
use super::config::{MapConfig, MapKind};
use super::iterate::Iterate;
use super::normal_level::NormalLevel;
use kizumi_image::picture::Picture;
use kizumi_image::structure::dissimilarity;

/// How maps are made: the settings, and what normal images show if maps are measured by it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapper {
    /// The settings.
    pub config: MapConfig,
    level: Option<Arc<NormalLevel>>,
}

impl From<MapConfig> for Mapper {
    /// Maps that are not measured by what normal images show.
    fn from(config: MapConfig) -> Self {
        Self {
            config,
            level: None,
        }
    }
}

impl Mapper {
    /// Maps as `config` says, measured by the level of a calibration that was made with maps of the
    /// same kind.
    pub fn new(config: MapConfig, calibration: Option<&Calibration>) -> Self {
        let made = calibration.filter(|made| made.map.kind == config.kind && config.relative);
        Self {
            config,
            level: made.and_then(|made| made.level.clone()),
        }
    }

    /// The plain map of `original`, x_0, with `reconstruction`, f(x_0): one channel. It is zero
    /// where `valid` is.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn plain(
        &self,
        original: &Picture,
        reconstruction: &Picture,
        valid: Option<&Picture>,
    ) -> Picture {
        let raw = match self.config.kind {
            MapKind::Pixels => channel_mean(original, reconstruction, |change| change * change),
            MapKind::Structure => dissimilarity(original, reconstruction),
            MapKind::Fused => {
                let change = coherent_change(original, reconstruction);
                fused(change, original, reconstruction)
            }
        };
        self.finished(&raw, valid, |level| &level.plain)
    }

    /// The projected map of `original`, x_0, at an iterate: one channel. It is zero where `valid`
    /// is.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn projected(
        &self,
        original: &Picture,
        iterate: &Iterate,
        valid: Option<&Picture>,
    ) -> Picture {
        let raw = match self.config.kind {
            MapKind::Pixels => channel_mean(original, &iterate.iterate, f32::abs),
            MapKind::Structure => dissimilarity(original, &iterate.reconstruction),
            MapKind::Fused => {
                let mut change = coherent_change(original, &iterate.iterate);
                let residual = coherent_change(original, &iterate.reconstruction);
                for (moved, residual) in change.pixels.iter_mut().zip(&residual.pixels) {
                    *moved = (*moved * residual).sqrt();
                }
                fused(change, original, &iterate.reconstruction)
            }
        };
        self.finished(&raw, valid, |level| &level.projected)
    }

    fn finished(
        &self,
        raw: &Picture,
        valid: Option<&Picture>,
        of: impl Fn(&NormalLevel) -> &Picture,
    ) -> Picture {
        let map = smoothed(raw, &self.config, valid);
        match &self.level {
            Some(level) => NormalLevel::relative(&map, of(level), valid),
            None => map,
        }
    }

    /// The image score of a map: see [`score`].
    pub fn score(&self, map: &Picture, valid: Option<&Picture>) -> f32 {
        score(map, &self.config, valid)
    }
}

/// A change of pixels, times how much the structure of `reconstruction` differs.
fn fused(change: Picture, original: &Picture, reconstruction: &Picture) -> Picture {
    let mut map = change;
    let structure = dissimilarity(original, reconstruction);
    for (value, factor) in map.pixels.iter_mut().zip(&structure.pixels) {
        *value *= factor;
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal_level::LevelSum;

    const SIDE: usize = 16;

    /// A texture; the iterate and its reconstruction differ from it in a square.
    fn case() -> (Picture, Iterate) {
        let original = Picture::from_fn(3, SIDE, SIDE, |c, y, x| {
            0.3 + 0.1 * ((c + 2 * x + 3 * y) % 5) as f32
        });
        let changed = |by: f32| {
            Picture::from_fn(3, SIDE, SIDE, |c, y, x| {
                let inside = (6..10).contains(&y) && (6..10).contains(&x);
                original.at(c, y, x) + if inside { by } else { 0.0 }
            })
        };
        let iterate = Iterate {
            scalars: Default::default(),
            iterate: changed(0.1),
            reconstruction: changed(0.2),
            gradient: Picture::default(),
        };
        (original, iterate)
    }

    fn mapper(kind: MapKind) -> Mapper {
        Mapper::from(MapConfig {
            kind,
            smoothing_px: 0.0,
            ..MapConfig::default()
        })
    }

    #[test]
    fn pixels_are_the_papers_maps() {
        let (original, iterate) = case();
        let mapper = mapper(MapKind::Pixels);
        let plain = mapper.plain(&original, &iterate.reconstruction, None);
        let projected = mapper.projected(&original, &iterate, None);
        for (y, x, plain_value, moved) in [(7, 7, 0.04, 0.1), (2, 2, 0.0, 0.0)] {
            assert!((plain.at(0, y, x) - plain_value).abs() < 1e-6);
            assert!((projected.at(0, y, x) - moved).abs() < 1e-6);
        }
    }

    #[test]
    fn fused_maps_show_what_moved_and_differs() {
        let (original, iterate) = case();
        let structure = mapper(MapKind::Structure).projected(&original, &iterate, None);
        let fused = mapper(MapKind::Fused).projected(&original, &iterate, None);
        assert!(structure.at(0, 5, 5) > 0.0, "the window reaches outside");
        assert_eq!(fused.at(0, 5, 5), 0.0, "nothing moved there");
        let change = |to| coherent_change(&original, to).at(0, 7, 7);
        let (moved, residual) = (change(&iterate.iterate), change(&iterate.reconstruction));
        assert!(residual > 1.5 * moved, "unlike the movement");
        let expected = (moved * residual).sqrt() * structure.at(0, 7, 7);
        assert!(expected > 0.0 && (fused.at(0, 7, 7) - expected).abs() < 1e-6);
    }

    #[test]
    fn maps_are_measured_by_what_normal_images_show() {
        let (original, iterate) = case();
        let mut sum = LevelSum::default();
        // Twice as much is usual further right.
        sum.add(&Picture::from_fn(1, SIDE, SIDE, |_, _, x| {
            if x < SIDE / 4 { 1.0 } else { 2.0 }
        }));
        let level = sum.level(None).expect("of one map");
        let calibration = |kind| Calibration {
            map: mapper(kind).config,
            level: Some(Arc::new(NormalLevel {
                plain: level.clone(),
                projected: level.clone(),
            })),
            ..Default::default()
        };
        let raw = mapper(MapKind::Pixels);
        let relative = Mapper::new(raw.config, Some(&calibration(MapKind::Pixels)));
        let map = relative.projected(&original, &iterate, None);
        // The floor is 0.3 of the median of 2; far from the seam smoothing changes nothing.
        for (x, unit) in [(0, 1.6), (SIDE - 1, 2.6)] {
            assert!((level.at(0, 0, x) - unit).abs() < 1e-2, "{x}");
        }
        let usual = level.at(0, 7, 9);
        // Nothing moved elsewhere: divided by the root of the smallest background.
        let unit = 0.1_f32.cbrt();
        assert!((map.at(0, 7, 9) - 0.1 / usual / unit).abs() < 1e-6);
        // Levels of another kind of map say nothing about this one.
        let other = Mapper::new(raw.config, Some(&calibration(MapKind::Structure)));
        assert_eq!(other, raw);
        let absolute = MapConfig {
            relative: false,
            ..raw.config
        };
        let absolute = Mapper::new(absolute, Some(&calibration(MapKind::Pixels)));
        assert_eq!(
            absolute.projected(&original, &iterate, None),
            raw.projected(&original, &iterate, None)
        );
    }
}
