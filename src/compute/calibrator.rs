//! Measures what "normal" means for a trained network: the projection's stop threshold from the
//! training images, scores and map values from normal images that were never trained on.

use super::distance;
use super::energy::sum_per_image;
use super::inspector::{Inspector, Subject};
use super::network::Vae;
use super::tensors::{ComputeError, host_values, tensor_from_pictures};
use crate::data::anomaly_map::percentile;
use crate::data::calibration::Calibration;
use crate::data::config::{DataConfig, MapConfig, ProjectionConfig};
use crate::data::picture::Picture;
use crate::data::tail::Tail;

/// The percentile of the normals' map values that a heatmap's range ends at.
pub const MAP_HIGH_PERCENTILE: f32 = 99.5;

/// A calibration in the making.
pub struct Calibrator {
    network: Vae,
    data: DataConfig,
    stop_threshold: f32,
    calibration: Calibration,
    plain_values: Vec<f32>,
    projected_values: Vec<f32>,
}

impl Calibrator {
    /// Nothing measured yet.
    pub fn new(
        network: &Vae,
        data: &DataConfig,
        projection: ProjectionConfig,
        map: MapConfig,
    ) -> Self {
        Self {
            network: network.clone(),
            data: data.clone(),
            stop_threshold: f32::INFINITY,
            calibration: Calibration {
                projection,
                map,
                ..Default::default()
            },
            plain_values: Vec::new(),
            projected_values: Vec::new(),
        }
    }

    /// Takes training inputs (each of the network's size) into the stop threshold. Pixels that do
    /// not count are left out, as they are from the energy.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn measure_training(&mut self, inputs: &[Subject]) -> Result<(), ComputeError> {
        let device = self.network.device();
        let pictures: Vec<Picture> = inputs.iter().map(|one| one.picture.clone()).collect();
        let x = tensor_from_pictures(&pictures, &device)?;
        let reconstruction = self.network.reconstruct(x.clone());
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

    /// Starts the projection of normal images that were never trained on. Call it after the training
    /// inputs are through: the stop threshold applies.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn project(&self, normals: Vec<Subject>) -> Result<Inspector, ComputeError> {
        let Calibration {
            projection, map, ..
        } = self.calibration;
        Inspector::new(
            &self.network,
            &self.data,
            normals,
            projection,
            map,
            self.threshold(),
        )
    }

    /// Takes the scores and map values of projected normal images.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn measure_normals(&mut self, projected: &Inspector) -> Result<(), ComputeError> {
        let inspections = projected.inspections(&projected.observe()?);
        for (inspection, subject) in inspections.into_iter().zip(projected.subjects()) {
            let counted = subject.counted.as_ref();
            self.calibration.plain_scores.push(inspection.plain_score);
            self.calibration
                .projected_scores
                .push(inspection.projected_score);
            let values = |map: Picture| counting(map, counted);
            self.plain_values.extend(values(inspection.plain_map));
            self.projected_values
                .extend(values(inspection.projected_map));
        }
        Ok(())
    }

    /// The calibration of what was measured.
    pub fn finish(mut self) -> Calibration {
        self.calibration.stop_threshold = self.threshold();
        self.calibration.plain_scores.sort_by(f32::total_cmp);
        self.calibration.projected_scores.sort_by(f32::total_cmp);
        self.calibration.plain_map_high =
            percentile(self.plain_values.clone(), MAP_HIGH_PERCENTILE).unwrap_or(0.0);
        self.calibration.projected_map_high =
            percentile(self.projected_values.clone(), MAP_HIGH_PERCENTILE).unwrap_or(0.0);
        self.calibration.plain_pixels = Tail::new(self.plain_values);
        self.calibration.projected_pixels = Tail::new(self.projected_values);
        self.calibration
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

/// The values of a map that count.
fn counting(map: Picture, counted: Option<&Picture>) -> Vec<f32> {
    match counted {
        Some(counted) => {
            let values = map.pixels.into_iter().zip(&counted.pixels);
            let values = values.filter(|(_, counts)| **counts != 0.0);
            values.map(|(value, _)| value).collect()
        }
        None => map.pixels,
    }
}
