//! The calibration of a trained network on its data set, some images a step.

use std::sync::Arc;

use super::calibrator::Calibrator;
use super::inspector::Subject;
use super::network::Vae;
use super::tensors::ComputeError;
use super::tiling::Tiling;
use crate::data::calibration::Calibration;
use crate::data::compact::CompactPicture;
use crate::data::config::TrainingPlan;
use crate::data::picture::Picture;
use crate::data::placement::Placement;

/// Images measured in one step: few, so that a stop is obeyed soon.
const BATCH: usize = 8;

/// The most normal images that are projected.
const NORMALS: usize = 64;

/// A normal image that is never trained on.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// Its pixels.
    pub picture: CompactPicture,
    /// Where the file's pixels lie in them.
    pub placement: Placement,
}

/// Training images first, for the stop threshold, then the held-out ones.
pub struct CalibrationRun {
    calibrator: Calibrator,
    training: Arc<[CompactPicture]>,
    held_out: Arc<[HeldOut]>,
    size_px: usize,
    done: usize,
}

impl CalibrationRun {
    /// Nothing measured yet.
    pub fn new(
        network: &Vae,
        plan: &TrainingPlan,
        training: Arc<[CompactPicture]>,
        held_out: Arc<[HeldOut]>,
    ) -> Self {
        let data = &plan.recipe.data;
        Self {
            calibrator: Calibrator::new(network, data, plan.projection, plan.map),
            training,
            held_out,
            size_px: data.size_px,
            done: 0,
        }
    }

    /// Images measured, and images in all.
    pub fn progress(&self) -> (usize, usize) {
        let normals = self.held_out.len().min(NORMALS);
        (self.done, self.training.len() + normals)
    }

    /// Whether every image was measured.
    pub fn is_done(&self) -> bool {
        let (done, total) = self.progress();
        done >= total
    }

    /// Measures the next few images.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn step(&mut self) -> Result<(), ComputeError> {
        let (start, total) = self.progress();
        let trained = self.training.len();
        // A step does not mix the two kinds: they are measured differently.
        let limit = if start < trained { trained } else { total };
        let end = (start + BATCH).min(limit);
        if start < trained {
            let inputs: Vec<Picture> = (start..end)
                .map(|i| one_tile(&self.training[i].to_picture(), self.size_px, i))
                .collect();
            self.calibrator.measure_training(&inputs)?;
        } else {
            let subjects = self.held_out[start - trained..end - trained]
                .iter()
                .map(|image| Subject {
                    picture: image.picture.to_picture(),
                    counted: image.placement.counted(),
                })
                .collect();
            self.calibrator.measure_normals(subjects)?;
        }
        self.done = end;
        Ok(())
    }

    /// The calibration; `None` without a held-out image.
    pub fn finish(self) -> Option<Calibration> {
        (!self.held_out.is_empty()).then(|| self.calibrator.finish())
    }
}

/// One of an image's tiles, another one for each index; in object mode the image itself.
pub fn one_tile(picture: &Picture, size_px: usize, index: usize) -> Picture {
    let tiling = Tiling::new(picture.height, picture.width, size_px);
    tiling.tile(picture, index % tiling.len())
}
