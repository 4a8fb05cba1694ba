//! Measures what "normal" means for a trained network: the projection's stop threshold from the
//! training images, scores and map values from normal images that were never trained on.

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

    /// Takes training inputs (each of the network's size) into the stop threshold.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn measure_training(&mut self, pictures: &[Picture]) -> Result<(), ComputeError> {
        let device = self.network.layers[0].bias.device();
        let x = tensor_from_pictures(pictures, &device)?;
        let errors = sum_per_image((x.clone() - self.network.reconstruct(x)).square());
        let smallest = host_values(errors)?
            .into_iter()
            .fold(f32::INFINITY, f32::min);
        self.stop_threshold = self.stop_threshold.min(smallest);
        Ok(())
    }

    /// Projects normal images that were never trained on and takes their scores and map values.
    /// Call it after the training inputs are through: the stop threshold applies.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn measure_normals(&mut self, normals: Vec<Subject>) -> Result<(), ComputeError> {
        let Calibration {
            projection, map, ..
        } = self.calibration;
        let threshold = self.threshold();
        let counted: Vec<_> = normals
            .iter()
            .map(|normal| normal.counted.clone())
            .collect();
        let mut inspector = Inspector::new(
            &self.network,
            &self.data,
            normals,
            projection,
            map,
            threshold,
        )?;
        for (inspection, counted) in inspector.run()?.into_iter().zip(counted) {
            self.calibration.plain_scores.push(inspection.plain_score);
            self.calibration
                .projected_scores
                .push(inspection.projected_score);
            take_counted(&mut self.plain_values, inspection.plain_map, &counted);
            take_counted(
                &mut self.projected_values,
                inspection.projected_map,
                &counted,
            );
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

/// Adds the values of the pixels that count: padding is zero in every map and says nothing.
fn take_counted(values: &mut Vec<f32>, map: Picture, counted: &Option<Picture>) {
    match counted {
        Some(counted) => {
            let pixels = map.pixels.into_iter().zip(&counted.pixels);
            values.extend(
                pixels
                    .filter(|(_, counted)| **counted != 0.0)
                    .map(|(value, _)| value),
            );
        }
        None => values.extend(map.pixels),
    }
}
