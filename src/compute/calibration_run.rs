//! The calibration of a trained network on its data set, some images a step.

use std::sync::Arc;

use super::calibrator::Calibrator;
use super::inspector::{Inspector, Subject};
use super::network::Vae;
use super::normals::{HeldOut, Normals};
use super::tensors::ComputeError;
use crate::data::calibration::Calibration;
use crate::data::config::{DataConfig, MapConfig, ProjectionConfig};
use crate::data::picture::Picture;

/// Images measured together: few, so that a stop is obeyed soon.
const BATCH: usize = 8;

/// The most normal images that are projected.
pub const NORMALS: usize = 64;

/// Training images first, for the stop threshold, then the held-out ones.
pub struct CalibrationRun {
    calibrator: Calibrator,
    normals: Arc<Normals>,
    ignored: Option<Picture>,
    size_px: usize,
    done: usize,
    /// The held-out images that are being projected.
    projecting: Option<Inspector>,
}

impl CalibrationRun {
    /// Nothing measured yet. The regions where `ignored` is 1 are left out.
    pub fn new(
        network: &Vae,
        data: &DataConfig,
        projection: ProjectionConfig,
        map: MapConfig,
        ignored: Option<Picture>,
        normals: Arc<Normals>,
    ) -> Self {
        Self {
            calibrator: Calibrator::new(network, data, projection, map),
            normals,
            ignored,
            size_px: data.size_px,
            done: 0,
            projecting: None,
        }
    }

    /// Images measured, and images in all.
    pub fn progress(&self) -> (usize, usize) {
        let held_out = self.normals.held_out.len().min(NORMALS);
        (self.done, self.normals.training.len() + held_out)
    }

    /// Whether every image was measured.
    pub fn is_done(&self) -> bool {
        let (done, total) = self.progress();
        done >= total
    }

    /// Measures the next few training images, or does one iteration of the next few held-out ones.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn step(&mut self) -> Result<(), ComputeError> {
        match &mut self.projecting {
            Some(inspector) if inspector.stopped()?.contains(&None) => {
                inspector.step();
                return Ok(());
            }
            Some(inspector) => {
                self.calibrator.measure_normals(inspector)?;
                self.done += inspector.subjects().len();
                self.projecting = None;
                return Ok(());
            }
            None => {}
        }
        let (start, total) = self.progress();
        let trained = self.normals.training.len();
        // A step does not mix the two kinds: they are measured differently.
        let limit = if start < trained { trained } else { total };
        let end = (start + BATCH).min(limit);
        let ignored = self.ignored.as_ref();
        if start < trained {
            let inputs: Vec<Subject> = (start..end)
                .map(|index| self.normals.training_subject(index, self.size_px, ignored))
                .collect();
            self.calibrator.measure_training(&inputs)?;
            self.done = end;
        } else {
            let held_out: &[HeldOut] = &self.normals.held_out[start - trained..end - trained];
            let subjects = held_out.iter().map(|image| image.subject(ignored));
            self.projecting = Some(self.calibrator.project(subjects.collect())?);
        }
        Ok(())
    }

    /// The calibration; `None` without a held-out image.
    pub fn finish(self) -> Option<Calibration> {
        (!self.normals.held_out.is_empty()).then(|| self.calibrator.finish())
    }
}
