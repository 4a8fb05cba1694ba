//! From what an image is compared with to its anomaly map.

use std::sync::Arc;

use super::anomaly_map::{AnomalyMap, Unit, channel_mean, coherent_change, score};
use super::calibration::Calibration;
use super::config::{MapConfig, MapKind, ProjectionConfig};
use super::iterate::Iterate;
use super::joint::{UsualChange, joint};
use super::likeness::{Likeness, Traits, Unlike};
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
    usual_change: Option<Arc<UsualChange>>,
    model: ModelMark,
    projection: ProjectionConfig,
    stop_threshold: f32,
    /// The values of plain and projected heatmaps' highest colours, where normal images say.
    normal_highs: [Option<f32>; 2],
    likeness: Option<Arc<Likeness>>,
}

/// What maps know of an image besides what a network makes of it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// x_0.
    pub original: &'a Picture,
    /// How far the features of each pixel are from normal ones, one channel of the same size; 1 is what 99 %
    /// of the patches of normal images do not exceed. Without it maps of features are zero.
    pub distance: Option<&'a Picture>,
    /// 1 where maps and scores look, `None` for everywhere; there maps are zero.
    pub valid: Option<&'a Picture>,
}

impl<'a> Seen<'a> {
    /// An image all of which counts, whose features are not known.
    pub fn new(original: &'a Picture) -> Self {
        Self {
            original,
            distance: None,
            valid: None,
        }
    }

    fn distance(&self) -> Picture {
        let Picture { height, width, .. } = *self.original;
        let nothing = || Picture::filled(1, height, width, 0.0);
        self.distance.cloned().unwrap_or_else(nothing)
    }
}

impl From<MapConfig> for Mapper {
    /// Maps of no model in particular, which remembers no features, not measured by what normal images
    /// show.
    fn from(config: MapConfig) -> Self {
        Self::new(
            ModelMark::default(),
            ProjectionConfig::default(),
            config,
            None,
        )
    }
}

impl Mapper {
    /// Maps as `config` says of images that are projected as `projection` does, or the nearest that `model` can
    /// do, measured
    /// by the level of a calibration that was made with maps of the same kind.
    pub fn new(
        model: ModelMark,
        projection: ProjectionConfig,
        config: MapConfig,
        calibration: Option<&Calibration>,
    ) -> Self {
        let (projection, config) = (projection.fitting(model), config.fitting(model));
        let measured = |made: &Calibration| made.map.fitting(model);
        let leveled = calibration.filter(|made| measured(made).kind == config.kind);
        let leveled = leveled.filter(|_| config.relative);
        let alike = calibration.filter(|made| measured(made) == config);
        let usual_change = calibration.filter(|_| config.kind == MapKind::Joint);
        let high = |of: fn(&Calibration) -> f32| alike.map(of).filter(|high| *high > 0.0);
        Self {
            config,
            level: leveled.and_then(|made| made.level.clone()),
            usual_change: usual_change.and_then(|made| made.usual_change.clone()),
            model,
            projection,
            stop_threshold: calibration.map_or(0.0, |made| {
                made.stop_threshold_of(&projection, model.regions)
            }),
            normal_highs: [
                high(|made| made.plain_map_high),
                high(|made| made.projected_map_high),
            ],
            likeness: calibration.and_then(|made| made.likeness.clone()),
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

    /// In what a picture is unlike the normal images, over the pixels that count; `None` when it is like
    /// them, or nobody knows what they have in common.
    pub fn unlike(&self, picture: &Picture, counted: Option<&Picture>) -> Option<Unlike> {
        let likeness = self.likeness.as_ref()?;
        likeness.unlike(&Traits::of(picture, counted)?)
    }

    /// The value of its projected heatmaps' highest colour, twice what hardly a pixel of normal images
    /// exceeds; `None` where it was not measured.
    pub fn normal_high(&self) -> Option<f32> {
        let [_, projected] = self.normal_highs;
        projected
    }

    /// Whether its maps take the distance of features.
    pub fn needs_distance(&self) -> bool {
        self.config.kind.of_features()
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

    /// Who makes its projected maps. Those of features alone are the plain ones.
    pub fn projected_maker(&self) -> Maker {
        match self.config.kind {
            MapKind::Features => self.plain_maker(),
            _ => self.maker(Some(&self.projection), self.stop_threshold),
        }
    }

    fn maker(&self, projection: Option<&ProjectionConfig>, stop_threshold: f32) -> Maker {
        let level = self.level.as_ref().map(|level| level.fingerprint());
        let usual = self.usual_change.as_ref().map(|usual| usual.fingerprint());
        let mut model = self.model;
        if self.config.kind == MapKind::Features {
            // Whatever the network is: it may be learning.
            model.weights = Fingerprint::default();
        }
        Maker::from(Making {
            model,
            projection,
            stop_threshold,
            map: &self.config,
            measures: Fingerprint::both(level.unwrap_or_default(), usual.unwrap_or_default()),
        })
    }

    /// The plain map of an image with `reconstruction`, f(x_0): one channel.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn plain(&self, seen: &Seen<'_>, reconstruction: &Picture) -> AnomalyMap {
        let original = seen.original;
        let change = |of: fn(f32) -> f32| channel_mean(original, reconstruction, of);
        let raw = match self.config.kind {
            MapKind::Pixels => Raw::from(change(|change| change * change)),
            MapKind::Structure => dissimilarity(original, reconstruction).into(),
            MapKind::Fused => {
                let change = coherent_change(original, reconstruction);
                fused(change, original, reconstruction).into()
            }
            MapKind::Features => seen.distance().into(),
            MapKind::Joint => Raw {
                map: seen.distance(),
                changes: vec![change(f32::abs)],
            },
        };
        let [normal_high, _] = self.normal_highs;
        AnomalyMap {
            values: self.finished(&raw, seen.valid, NormalLevel::plain),
            unit: self.unit(),
            normal_high,
            maker: self.plain_maker(),
        }
    }

    /// The projected map of an image at an iterate: one channel.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn projected(&self, seen: &Seen<'_>, iterate: &Iterate) -> AnomalyMap {
        let raw = Raw::projected(self.config.kind, seen, iterate);
        AnomalyMap {
            values: self.finished(&raw, seen.valid, NormalLevel::projected),
            unit: self.unit(),
            normal_high: self.normal_high(),
            maker: self.projected_maker(),
        }
    }

    fn finished(
        &self,
        raw: &Raw,
        valid: Option<&Picture>,
        of: impl Fn(&NormalLevel) -> &Picture,
    ) -> Picture {
        let map = raw.smoothed(&self.config, self.usual_change.as_deref(), valid);
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

/// A map before it is smoothed.
#[derive(Clone, Debug)]
pub struct Raw {
    map: Picture,
    /// What sharpens it: see [`joint`]; nothing where it is shown as it is.
    changes: Vec<Picture>,
}

impl Raw {
    /// What projected maps of a kind are made of, of an image at an iterate.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn projected(kind: MapKind, seen: &Seen<'_>, iterate: &Iterate) -> Self {
        let original = seen.original;
        let moved = || channel_mean(original, &iterate.iterate, f32::abs);
        match kind {
            MapKind::Pixels => moved().into(),
            MapKind::Structure => dissimilarity(original, &iterate.reconstruction).into(),
            MapKind::Fused => {
                let mut change = coherent_change(original, &iterate.iterate);
                let residual = coherent_change(original, &iterate.reconstruction);
                for (moved, residual) in change.pixels.iter_mut().zip(&residual.pixels) {
                    *moved = (*moved * residual).sqrt();
                }
                fused(change, original, &iterate.reconstruction).into()
            }
            MapKind::Features => seen.distance().into(),
            MapKind::Joint => Self {
                map: seen.distance(),
                // What it would still change, and what it has: at t = 0 this is the plain map.
                changes: vec![
                    channel_mean(original, &iterate.reconstruction, f32::abs),
                    moved(),
                ],
            },
        }
    }

    /// The map, smoothed as `config` says, a change measured by the `usual` one; zero where `valid` is.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn smoothed(
        &self,
        config: &MapConfig,
        usual: Option<&UsualChange>,
        valid: Option<&Picture>,
    ) -> Picture {
        joint(&self.map, &self.changes, usual, config, valid)
    }
}

impl From<Picture> for Raw {
    fn from(map: Picture) -> Self {
        Self {
            map,
            changes: Vec::new(),
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
            distance: None,
        };
        (original, iterate)
    }

    fn mapper(kind: MapKind) -> Mapper {
        let model = ModelMark {
            memory: match kind.of_features() {
                true => Fingerprint::of([&[1.0][..]]),
                false => Fingerprint::default(),
            },
            ..ModelMark::default()
        };
        let map = MapConfig {
            kind,
            smoothing_px: 0.0,
            ..MapConfig::without_features()
        };
        Mapper::new(model, ProjectionConfig::default(), map, None)
    }

    #[test]
    fn pixels_are_the_papers_maps() {
        let (original, iterate) = case();
        let mapper = mapper(MapKind::Pixels);
        let plain = mapper.plain(&Seen::new(&original), &iterate.reconstruction);
        let projected = mapper.projected(&Seen::new(&original), &iterate);
        for (y, x, plain_value, moved) in [(7, 7, 0.04, 0.1), (2, 2, 0.0, 0.0)] {
            assert!((plain.at(0, y, x) - plain_value).abs() < 1e-6);
            assert!((projected.at(0, y, x) - moved).abs() < 1e-6);
        }
    }

    #[test]
    fn fused_maps_show_what_moved_and_differs() {
        let (original, iterate) = case();
        let structure = mapper(MapKind::Structure).projected(&Seen::new(&original), &iterate);
        let fused = mapper(MapKind::Fused).projected(&Seen::new(&original), &iterate);
        assert!(structure.at(0, 5, 5) > 0.0, "the window reaches outside");
        assert_eq!(fused.at(0, 5, 5), 0.0, "nothing moved there");
        let change = |to| coherent_change(&original, to).at(0, 7, 7);
        let (moved, residual) = (change(&iterate.iterate), change(&iterate.reconstruction));
        assert!(residual > 1.5 * moved, "unlike the movement");
        let expected = (moved * residual).sqrt() * structure.at(0, 7, 7);
        assert!(expected > 0.0 && (fused.at(0, 7, 7) - expected).abs() < 1e-6);
    }

    #[test]
    fn before_its_first_step_a_projection_says_what_the_plain_map_says() {
        let (original, mut iterate) = case();
        let distance = Picture::filled(1, SIDE, SIDE, 2.0);
        let seen = Seen {
            distance: Some(&distance),
            ..Seen::new(&original)
        };
        let joint = mapper(MapKind::Joint);
        iterate.iterate = original.clone();
        let plain = joint.plain(&seen, &iterate.reconstruction);
        assert_eq!(plain.values, joint.projected(&seen, &iterate).values);
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
        let map = relative.projected(&Seen::new(&original), &iterate);
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
        let absolute = absolute.projected(&Seen::new(&original), &iterate);
        assert_eq!(
            absolute.values,
            raw.projected(&Seen::new(&original), &iterate).values
        );
        // Nor does the range of colours.
        assert_eq!(
            (absolute.unit, absolute.normal_high),
            (Unit::Absolute, None)
        );
        assert_ne!(absolute.maker, map.maker);
    }

    #[test]
    fn joint_maps_are_the_distance_sharpened_by_what_changes() {
        let (original, iterate) = case();
        let distance = Picture::from_fn(1, SIDE, SIDE, |_, y, _| if y < 8 { 2.0 } else { 0.5 });
        let seen = Seen {
            distance: Some(&distance),
            ..Seen::new(&original)
        };
        let features = mapper(MapKind::Features).projected(&seen, &iterate);
        assert_eq!(features.values, distance);
        let joint = mapper(MapKind::Joint);
        let (plain, projected) = (
            joint.plain(&seen, &iterate.reconstruction),
            joint.projected(&seen, &iterate),
        );
        for map in [&plain, &projected] {
            assert!(map.at(0, 7, 7) > map.at(0, 7, 2), "the change sharpens");
            assert!(map.at(0, 7, 2) > map.at(0, 9, 2), "features say where");
        }
        assert!(projected.at(0, 7, 7) > plain.at(0, 7, 7), "what moved adds");
    }

    #[test]
    fn a_model_makes_the_nearest_maps_that_it_can() {
        let memory = Fingerprint::of([&[1.0][..]]);
        let made = |memory, features_only, kind| {
            let model = ModelMark {
                memory,
                features_only,
                ..ModelMark::default()
            };
            let map = MapConfig {
                kind,
                ..MapConfig::default()
            };
            Mapper::new(model, ProjectionConfig::default(), map, None).config
        };
        let none = Fingerprint::default();
        let without = MapConfig::without_features();
        for kind in [MapKind::Features, MapKind::Joint] {
            assert_eq!(made(none, false, kind), without);
            assert_eq!(made(memory, false, kind).kind, kind);
        }
        for kind in MapKind::ALL {
            assert_eq!(made(memory, true, kind).kind, MapKind::Features);
        }
        assert_eq!(made(none, false, MapKind::Pixels).kind, MapKind::Pixels);
    }
}
