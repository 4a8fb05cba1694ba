//! From what an image is compared with to its anomaly map.

use std::sync::Arc;

use super::anomaly_map::{AnomalyMap, Unit, channel_mean, coherent_change, score, smoothed};
use super::calibration::Calibration;
use super::config::{MapConfig, MapKind, ProjectionConfig};
use super::iterate::Iterate;
use super::maker::{Fingerprint, Maker, Making, ModelMark, Score};
use super::normal_level::NormalLevel;
use kizumi_image::picture::Picture;
use kizumi_image::structure::dissimilarity;

/// How the maps of a model and a projection are made: the settings, and what normal images show if
/// maps are measured by it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapper {
    /// The settings.
    pub config: MapConfig,
    level: Option<Arc<NormalLevel>>,
    model: ModelMark,
    projection: ProjectionConfig,
    stop_threshold: f32,
    /// What plain and projected maps of normal images hardly exceed, where it is known.
    normal_highs: [Option<f32>; 2],
}

impl From<MapConfig> for Mapper {
    /// Maps of no model in particular, not measured by what normal images show.
    fn from(config: MapConfig) -> Self {
        Self {
            config,
            ..Self::default()
        }
    }
}

impl Mapper {
    /// Maps as `config` says of images that `model` projects, measured by the level of a calibration
    /// that was made with maps of the same kind.
    pub fn new(
        model: ModelMark,
        projection: ProjectionConfig,
        config: MapConfig,
        calibration: Option<&Calibration>,
    ) -> Self {
        let leveled = calibration.filter(|made| made.map.kind == config.kind && config.relative);
        let alike = calibration.filter(|made| made.map == config);
        let high = |of: fn(&Calibration) -> f32| alike.map(of).filter(|high| *high > 0.0);
        Self {
            config,
            level: leveled.and_then(|made| made.level.clone()),
            model,
            projection,
            stop_threshold: calibration.map_or(0.0, |made| {
                made.stop_threshold_of(&projection, model.regions)
            }),
            normal_highs: [
                high(|made| made.plain_map_high),
                high(|made| made.projected_map_high),
            ],
        }
    }

    /// The maps that a calibration of `model` measured.
    pub fn calibrated(model: ModelMark, calibration: &Calibration) -> Self {
        let model = ModelMark {
            regions: calibration.regions.unwrap_or(model.regions),
            ..model
        };
        Self::new(
            model,
            calibration.projection,
            calibration.map,
            Some(calibration),
        )
    }

    /// The maps after another number of iterations.
    #[must_use]
    pub fn after(mut self, iterations: usize) -> Self {
        self.projection.iterations = iterations;
        self
    }

    /// The projection stops below this reconstruction error; 0 where none stops early.
    pub fn stop_threshold(&self) -> f32 {
        self.stop_threshold
    }

    /// What its projected maps of normal images hardly exceed; `None` where it was not measured.
    pub fn normal_high(&self) -> Option<f32> {
        let [_, projected] = self.normal_highs;
        projected
    }

    /// What the values of its maps are.
    pub fn unit(&self) -> Unit {
        match self.level {
            Some(_) => Unit::Usual,
            None => Unit::Absolute,
        }
    }

    /// Who makes its plain maps.
    pub fn plain_maker(&self) -> Maker {
        self.maker(None, 0.0)
    }

    /// Who makes its projected maps.
    pub fn projected_maker(&self) -> Maker {
        self.maker(Some(&self.projection), self.stop_threshold)
    }

    fn maker(&self, projection: Option<&ProjectionConfig>, stop_threshold: f32) -> Maker {
        let level = self.level.as_ref();
        Maker::from(Making {
            model: self.model,
            projection,
            stop_threshold,
            map: &self.config,
            level: level.map_or_else(Fingerprint::default, |level| level.fingerprint()),
        })
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
    ) -> AnomalyMap {
        let raw = match self.config.kind {
            MapKind::Pixels => channel_mean(original, reconstruction, |change| change * change),
            MapKind::Structure => dissimilarity(original, reconstruction),
            MapKind::Fused => {
                let change = coherent_change(original, reconstruction);
                fused(change, original, reconstruction)
            }
        };
        let [normal_high, _] = self.normal_highs;
        AnomalyMap {
            values: self.finished(&raw, valid, NormalLevel::plain),
            unit: self.unit(),
            normal_high,
            maker: self.plain_maker(),
        }
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
    ) -> AnomalyMap {
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
        AnomalyMap {
            values: self.finished(&raw, valid, NormalLevel::projected),
            unit: self.unit(),
            normal_high: self.normal_high(),
            maker: self.projected_maker(),
        }
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

    /// The image score of one of its maps: see [`score`].
    pub fn score(&self, map: &AnomalyMap, valid: Option<&Picture>) -> Score {
        Score {
            value: score(map, &self.config, valid),
            by: map.maker,
        }
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
            level: Some(Arc::new(NormalLevel::new(level.clone(), level.clone()))),
            projected_map_high: 4.0,
            ..Default::default()
        };
        let raw = mapper(MapKind::Pixels);
        let measured = |config, kind| {
            let (model, projection) = (ModelMark::default(), ProjectionConfig::default());
            Mapper::new(model, projection, config, Some(&calibration(kind)))
        };
        let relative = measured(raw.config, MapKind::Pixels);
        let map = relative.projected(&original, &iterate, None);
        assert_eq!((map.unit, map.normal_high), (Unit::Usual, Some(4.0)));
        // The floor is 0.3 of the median of 2; far from the seam smoothing changes nothing.
        for (x, unit) in [(0, 1.6), (SIDE - 1, 2.6)] {
            assert!((level.at(0, 0, x) - unit).abs() < 1e-2, "{x}");
        }
        let usual = level.at(0, 7, 9);
        // Nothing moved elsewhere: divided by the root of the smallest background.
        let unit = 0.1_f32.cbrt();
        assert!((map.at(0, 7, 9) - 0.1 / usual / unit).abs() < 1e-6);
        // Levels of another kind of map say nothing about this one.
        assert_eq!(measured(raw.config, MapKind::Structure), raw);
        let absolute = MapConfig {
            relative: false,
            ..raw.config
        };
        let absolute = measured(absolute, MapKind::Pixels);
        let absolute = absolute.projected(&original, &iterate, None);
        assert_eq!(
            absolute.values,
            raw.projected(&original, &iterate, None).values
        );
        // Nor does the range of colours.
        assert_eq!(
            (absolute.unit, absolute.normal_high),
            (Unit::Absolute, None)
        );
        assert_ne!(absolute.maker, map.maker);
    }
}
