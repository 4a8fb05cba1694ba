//! Measures what "normal" means for a trained network: the projection's stop threshold from the
//! training images, what maps show in each place from all normal images, scores and map values from
//! those that were never trained on.

use std::sync::Arc;

use super::distance;
use super::energy::sum_per_image;
use super::inspector::Subject;
use super::network::Vae;
use super::rounds::Rounds;
use super::tensors::{ComputeError, host_values, tensor_from_pictures};
use kizumi_image::picture::Picture;
use kizumi_method::anomaly_map::{channel_mean, counting, score};
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{DataConfig, MapConfig, Mode, ProjectionConfig};
use kizumi_method::decision::Decision;
use kizumi_method::iterate::Inspection;
use kizumi_method::joint::UsualChange;
use kizumi_method::likeness::{Likeness, Traits};
use kizumi_method::maker::ModelMark;
use kizumi_method::mapper::Mapper;
use kizumi_method::normal_level::{LevelSum, NormalLevel};
use kizumi_method::tail::Tail;

/// The value of a heatmap's highest colour, in thresholds of pixels: the threshold is in the middle.
const HIGH_IN_THRESHOLDS: f32 = 2.0;

/// A calibration in the making.
pub struct Calibrator {
    network: Vae,
    model: ModelMark,
    data: DataConfig,
    stop_threshold: f32,
    calibration: Calibration,
    levels: Levels,
    /// Of training inputs, |x - f(x)|.
    change: LevelSum,
    held_out: Vec<Measured>,
    /// Of all normal images.
    traits: Vec<Traits>,
}

/// The levels of both maps in the making.
#[derive(Default)]
struct Levels {
    plain: LevelSum,
    projected: LevelSum,
}

/// The maps of a normal image that was never trained on.
struct Measured {
    plain: Picture,
    projected: Picture,
    counted: Option<Picture>,
}

impl Calibrator {
    /// Nothing measured yet. Projection and maps are the nearest to those given that `model`, whose network
    /// it is, can make.
    pub fn new(
        network: &Vae,
        model: ModelMark,
        data: &DataConfig,
        projection: ProjectionConfig,
        map: MapConfig,
    ) -> Self {
        Self {
            network: network.clone(),
            model,
            data: data.clone(),
            stop_threshold: f32::INFINITY,
            calibration: Calibration {
                projection: projection.fitting(model),
                map: map.fitting(model),
                ..Default::default()
            },
            levels: Levels::default(),
            change: LevelSum::default(),
            held_out: Vec::new(),
            traits: Vec::new(),
        }
    }

    /// Takes training inputs (each of the network's size) into the stop threshold, into how much the network
    /// changes normal images, and into what these have in common. Pixels that do not count are left out, as they are from the energy.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn measure_training(&mut self, inputs: &[Subject]) -> Result<(), ComputeError> {
        self.know(inputs);
        let device = self.network.device();
        let pictures: Vec<Picture> = inputs.iter().map(|one| one.picture.clone()).collect();
        let reconstructions = self.network.reconstruct(&pictures)?;
        for (input, reconstruction) in inputs.iter().zip(&reconstructions) {
            let change = channel_mean(&input.picture, reconstruction, f32::abs);
            self.change
                .add(&placed(&change, input.counted.as_ref(), self.data.mode));
        }
        let x = tensor_from_pictures(&pictures, &device)?;
        let reconstruction = tensor_from_pictures(&reconstructions, &device)?;
        let distance = self.calibration.projection.distance;
        let mut terms = distance::terms(distance, x, reconstruction);
        if let Some(counted) = counted_of(inputs) {
            terms = terms * tensor_from_pictures(&counted, &device)?;
        }
        let errors = sum_per_image(terms);
        let smallest = host_values(errors)?
            .into_iter()
            .fold(f32::INFINITY, f32::min);
        self.stop_threshold = self.stop_threshold.min(smallest);
        Ok(())
    }

    /// Starts the projection of normal images. Call it after the training inputs are through: the
    /// stop threshold applies, and maps are measured by how much the network changes them.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn project(&mut self, normals: Vec<Subject>) -> Result<Rounds, ComputeError> {
        let threshold = self.threshold();
        let made = &mut self.calibration;
        if self.model.memory_is_there() && made.usual_change.is_none() {
            let usual = self.change.level(None).map(UsualChange::new);
            made.usual_change = usual.map(Arc::new);
        }
        let mapper = Mapper::new(self.model, made.projection, made.map, Some(made));
        let projection = made.projection.unattended(self.model);
        Rounds::new(
            &self.network,
            &self.data,
            normals,
            projection,
            mapper,
            threshold,
        )
    }

    /// Takes images into what normal images have in common.
    pub fn know(&mut self, normals: &[Subject]) {
        self.traits.extend(normals.iter().filter_map(traits));
    }

    /// Takes the maps of projected normal images: all of them tell what normal images show in a
    /// place, those that were `held_out` of what made the maps what is normal as well.
    pub fn measure_normals(&mut self, projected: Vec<(Subject, Inspection)>, held_out: bool) {
        for (subject, inspection) in projected {
            let measured = Measured {
                plain: inspection.plain_map.values,
                projected: inspection.projected_map.values,
                counted: subject.counted,
            };
            self.levels.add(&measured, self.data.mode);
            if held_out {
                self.held_out.push(measured);
            }
        }
    }

    /// Whether nothing has told what is normal yet.
    pub fn is_empty(&self) -> bool {
        self.held_out.is_empty()
    }

    /// The calibration of what was measured.
    pub fn finish(mut self) -> Calibration {
        let mut made = std::mem::take(&mut self.calibration);
        made.stop_threshold = self.threshold();
        let relative = made.map.relative;
        let (mut plain_values, mut projected_values) = (Vec::new(), Vec::new());
        for mut image in self.held_out {
            // Measured by the others: an image is no measure of itself.
            let level = relative.then(|| self.levels.without(&image, self.data.mode));
            let counted = image.counted.as_ref();
            if let Some(level) = level.flatten() {
                image.plain = NormalLevel::relative(&image.plain, level.plain(), counted);
                image.projected =
                    NormalLevel::relative(&image.projected, level.projected(), counted);
            }
            made.plain_scores
                .push(score(&image.plain, &made.map, counted));
            made.projected_scores
                .push(score(&image.projected, &made.map, counted));
            plain_values.extend(counting(&image.plain, counted));
            projected_values.extend(counting(&image.projected, counted));
        }
        made.level = relative
            .then(|| self.levels.level())
            .flatten()
            .map(Arc::new);
        made.plain_scores.sort_by(f32::total_cmp);
        made.projected_scores.sort_by(f32::total_cmp);
        made.plain_pixels = Tail::new(plain_values);
        made.projected_pixels = Tail::new(projected_values);
        let high = |normals: &Tail| {
            let threshold = Decision::default().automatic_pixel_threshold(normals);
            HIGH_IN_THRESHOLDS * threshold.unwrap_or(0.0)
        };
        made.plain_map_high = high(&made.plain_pixels);
        made.projected_map_high = high(&made.projected_pixels);
        let by_place = self.data.mode == Mode::Object;
        made.likeness = Likeness::new(&self.traits, by_place).map(Arc::new);
        made
    }

    /// Without training inputs nothing stops early.
    fn threshold(&self) -> f32 {
        if self.stop_threshold.is_finite() {
            self.stop_threshold
        } else {
            0.0
        }
    }
}

impl Levels {
    fn add(&mut self, measured: &Measured, mode: Mode) {
        let counted = measured.counted.as_ref();
        self.plain.add(&placed(&measured.plain, counted, mode));
        self.projected
            .add(&placed(&measured.projected, counted, mode));
    }

    fn level(&self) -> Option<NormalLevel> {
        let (plain, projected) = (self.plain.level(None)?, self.projected.level(None)?);
        Some(NormalLevel::new(plain, projected))
    }

    /// The level of all others; that of all when there are no others.
    fn without(&self, own: &Measured, mode: Mode) -> Option<NormalLevel> {
        let level = |sum: &LevelSum, map: &Picture| {
            let own = placed(map, own.counted.as_ref(), mode);
            sum.level(Some(&own)).or_else(|| sum.level(None))
        };
        let plain = level(&self.plain, &own.plain)?;
        Some(NormalLevel::new(
            plain,
            level(&self.projected, &own.projected)?,
        ))
    }
}

/// What a map says about its level: place by place in object mode, its mean in texture mode, where
/// places mean nothing.
pub(super) fn placed(map: &Picture, counted: Option<&Picture>, mode: Mode) -> Picture {
    match mode {
        Mode::Object => map.clone(),
        Mode::Texture => {
            let values = counting(map, counted);
            let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
            Picture::filled(1, 1, 1, mean)
        }
    }
}

fn traits(subject: &Subject) -> Option<Traits> {
    Traits::of(&subject.picture, subject.counted.as_ref())
}

/// Which pixels of each input count; `None` when all do.
fn counted_of(inputs: &[Subject]) -> Option<Vec<Picture>> {
    let all = |picture: &Picture| Picture::filled(1, picture.height, picture.width, 1.0);
    inputs.iter().any(|one| one.counted.is_some()).then(|| {
        inputs
            .iter()
            .map(|one| one.counted.clone().unwrap_or_else(|| all(&one.picture)))
            .collect()
    })
}
