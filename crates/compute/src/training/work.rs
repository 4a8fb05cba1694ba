//! A training once its images are in memory.

use std::sync::Arc;

use super::best::BestWeights;
use super::run::{Phase, RunError};
use crate::calibration_run::CalibrationRun;
use crate::distance;
use crate::feature_distance::feature_distance;
use crate::memories::Memories;
use crate::network::Vae;
use crate::normals::{Normals, one_tile};
use crate::tensors::{ComputeError, host_values, tensor_from_pictures};
use crate::trainer::{Mark, Trainer};
use kizumi_dataset::corrupt::corrupt;
use kizumi_dataset::prefetch::Prefetch;
use kizumi_image::picture::Picture;
use kizumi_image::seeded;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::TrainingPlan;
use kizumi_method::maker::ModelMark;

/// The most validation images behind one figure of the validation curve.
const VALIDATION_IMAGES: usize = 32;

/// Everything once the images are in memory.
pub(super) struct Work {
    pub(super) trainer: Trainer,
    pub(super) batches: Prefetch,
    pub(super) normals: Arc<Normals>,
    /// What [`Phase::Remembering`] counted as in progress, if there was any.
    pub(super) remembering: usize,
    pub(super) phase: Phase,
    pub(super) calibrating: Option<CalibrationRun>,
    pub(super) calibration: Option<Calibration>,
    /// That of maps of features alone, which need no trained network.
    pub(super) first: Option<Calibration>,
    pub(super) best: BestWeights<Mark>,
    /// The last validation loss that was measured.
    pub(super) validation: Option<f32>,
    /// The same until it was taken.
    pub(super) new_validation: Option<f32>,
    /// Images seen when training ended, if its best weights are older.
    pub(super) overtrained: Option<u64>,
}

/// Why training is over by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// As many images were seen as the limit allows.
    Limit,
    /// The validation images have not been reconstructed better for as long as the patience lasts.
    Settled,
}

impl Work {
    /// The network as it is now, with what is remembered of features.
    pub(super) fn network(&self) -> Vae {
        let distance = feature_distance(self.normals.memories());
        self.trainer.network().with_features(distance)
    }

    pub(super) fn validation_inputs(&self, count: usize, size_px: usize) -> Vec<Picture> {
        let held_out = self.normals.held_out.iter().take(count);
        held_out
            .map(|image| one_tile(&image.picture.to_picture(), size_px, 0))
            .collect()
    }

    pub(super) fn validate(&mut self, plan: &TrainingPlan) -> Result<Option<f32>, ComputeError> {
        self.validation = self.validation_loss(plan)?;
        self.new_validation = self.validation;
        Ok(self.validation)
    }

    pub(super) fn validation_loss(&self, plan: &TrainingPlan) -> Result<Option<f32>, ComputeError> {
        let targets = self.validation_inputs(VALIDATION_IMAGES, plan.recipe.data.size_px);
        if targets.is_empty() {
            return Ok(None);
        }
        let objective = self.trainer.config().objective;
        let mut inputs = targets.clone();
        if objective.is_restoring() {
            for (i, input) in inputs.iter_mut().enumerate() {
                let donor = &targets[(i + 1) % targets.len()].pixels;
                // Every time the same.
                let mut rng = seeded::rng(plan.recipe.training.seed, "validation", i as u64);
                corrupt(
                    &mut input.pixels,
                    input.channels,
                    input.height,
                    donor,
                    &mut rng,
                );
            }
        }
        let network = self.trainer.network();
        let device = network.device();
        let reconstructions = network.reconstruct(&inputs)?;
        let reconstructions = tensor_from_pictures(&reconstructions, &device)?;
        let targets = tensor_from_pictures(&targets, &device)?;
        let terms = distance::terms(objective.distance(), targets, reconstructions);
        let sum: f64 = host_values(terms)?.into_iter().map(f64::from).sum();
        Ok(Some((sum / inputs.len() as f64) as f32))
    }

    /// Remembers the weights if they are the best so far by the validation images.
    pub(super) fn check(&mut self, plan: &TrainingPlan) -> Result<(), ComputeError> {
        if let Some(loss) = self.validate(plan)? {
            let trainer = &self.trainer;
            self.best
                .note(loss, trainer.images_seen(), || trainer.mark());
        }
        Ok(())
    }

    pub(super) fn over(&self) -> Option<Over> {
        let config = self.trainer.config();
        let patience = config.limit.patience_epochs;
        let patience = patience.map(|epochs| epochs.saturating_mul(config.images_per_epoch));
        if self.trainer.is_done() {
            Some(Over::Limit)
        } else {
            self.best
                .has_settled(self.trainer.images_seen(), patience)
                .then_some(Over::Settled)
        }
    }

    pub(super) fn begin_calibration(&mut self, plan: &TrainingPlan, ignored: Option<Picture>) {
        // A device that fails here fails in the calibration, which says so.
        let _ = self.check(plan);
        let seen = self.trainer.images_seen();
        if let Some((mark, loss)) = self.best.take(seen) {
            self.trainer.return_to(mark);
            self.validation = Some(loss);
            self.overtrained = Some(seen);
        }
        if self.trainer.images_seen() == 0 && self.first.is_some() {
            self.calibration = self.first.clone();
            self.phase = Phase::Done;
            return;
        }
        self.calibrating = Some(self.calibration_run(plan, ignored, false));
        self.phase = Phase::Calibrating;
    }

    /// Begins with measuring the normal images by their features alone, if there is a memory of them.
    pub(super) fn begin(&mut self, plan: &TrainingPlan, ignored: Option<Picture>) {
        self.phase = Phase::Training;
        if self.normals.learned.is_some() {
            self.calibrating = Some(self.calibration_run(plan, ignored, true));
            self.phase = Phase::Features;
        }
    }

    fn calibration_run(
        &self,
        plan: &TrainingPlan,
        ignored: Option<Picture>,
        features_only: bool,
    ) -> CalibrationRun {
        CalibrationRun::new(
            &self.network(),
            self.mark(features_only),
            &plan.recipe.data,
            plan.projection,
            plan.map,
            ignored,
            self.normals.clone(),
        )
    }

    /// What the model remembers, and whether its network counts.
    fn mark(&self, features_only: bool) -> ModelMark {
        let memory = self.normals.memories().map(Memories::fingerprint);
        ModelMark {
            features_only: features_only && memory.is_some(),
            memory: memory.unwrap_or_default(),
            ..ModelMark::default()
        }
    }

    /// The calibration that holds for the model as it is.
    pub(super) fn calibration(&self) -> Option<&Calibration> {
        match self.trainer.images_seen() {
            0 => self.calibration.as_ref().or(self.first.as_ref()),
            _ => self.calibration.as_ref(),
        }
    }

    pub(super) fn calibrate(&mut self) -> Result<(), RunError> {
        match &mut self.calibrating {
            Some(run) if !run.is_done() => run.step()?,
            _ => {
                let made = self.calibrating.take().and_then(CalibrationRun::finish);
                if self.phase == Phase::Features {
                    (self.first, self.phase) = (made, Phase::Training);
                } else {
                    (self.calibration, self.phase) = (made, Phase::Done);
                }
            }
        }
        Ok(())
    }
}
