//! What is known of training: its phase, its curves, its pictures.

use kizumi_engine::message::{ModelId, Outcome, Preview, TrainingProgress};
use kizumi_method::config::{Objective, Recipe};

/// Points a curve keeps; beyond that every second one is given up.
const CURVE_POINTS_MAX: usize = 4000;

/// Whether the network learns right now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing runs.
    #[default]
    Idle,
    /// Asked for, not yet begun (images are being decoded).
    Preparing,
    /// Learning.
    Running,
    /// Suspended.
    Paused,
    /// Asked to end.
    Stopping,
    /// Over; the normal images are being measured, then the model is saved.
    Finishing,
}

/// How far what a model remembers of normal features is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Features {
    /// They are not, or not yet, looked at.
    #[default]
    Absent,
    /// They are being learned.
    Learning,
    /// They are known, and tell defects already.
    Ready,
}

/// One curve: `[training images seen, value]`, evenly thinned when it grows long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    points: Vec<[f64; 2]>,
    /// Values that are left out between two that are taken.
    skip: u32,
    skipped: u32,
}

impl Curve {
    /// Appends a value; what is not finite has no place in a picture.
    pub fn push(&mut self, x: f64, y: f32) {
        if !y.is_finite() {
            return;
        }
        if self.skipped < self.skip {
            self.skipped += 1;
            return;
        }
        self.skipped = 0;
        self.points.push([x, f64::from(y)]);
        if self.points.len() > CURVE_POINTS_MAX {
            let mut index = 0;
            self.points.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.skip = self.skip * 2 + 1;
        }
    }

    /// The points, by ascending x.
    pub fn points(&self) -> &[[f64; 2]] {
        &self.points
    }
}

/// Everything the training step shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Training {
    /// Whether the network learns right now.
    pub phase: Phase,
    /// What is remembered of normal features, which comes before the network.
    pub features: Features,
    /// What is, or was, trained with; `None` before the first training.
    pub recipe: Option<Recipe>,
    /// The latest numbers.
    pub progress: Option<TrainingProgress>,
    /// The latest validation error that was measured.
    pub validation: Option<f32>,
    /// Mean L_r an image.
    pub reconstruction_curve: Curve,
    /// Mean KL divergence an image.
    pub kl_curve: Curve,
    /// Mean L_r of the validation images.
    pub validation_curve: Curve,
    /// Validation images and what the network makes of them.
    pub previews: Vec<Preview>,
    /// The open test image and what the network makes of it.
    pub test_preview: Option<Preview>,
    /// Whether a person is asked if it is to be discarded.
    pub asks_to_discard: bool,
    /// How the last training ended.
    pub outcome: Option<Outcome>,
    /// Counts the pictures, so that drawn ones can be told from new ones.
    pub generation: u64,
    /// The model that was asked for last.
    model: Option<ModelId>,
}

impl Training {
    /// Whether anything of training goes on.
    pub fn is_active(&self) -> bool {
        self.phase != Phase::Idle
    }

    /// A new training was asked for: what the old one showed goes.
    pub fn begin(&mut self, model: Option<ModelId>) {
        *self = Self {
            phase: Phase::Preparing,
            model,
            generation: self.generation + 1,
            test_preview: self.test_preview.take(),
            ..Self::default()
        };
    }

    /// What the last training showed goes.
    pub fn clear(&mut self) {
        *self = Self {
            generation: self.generation + 1,
            ..Self::default()
        };
    }

    /// The trainer itself began.
    pub fn started(&mut self) {
        // Training may also begin without the window's doing.
        if self.phase == Phase::Idle {
            self.begin(None);
        }
        if self.phase == Phase::Preparing {
            self.phase = Phase::Running;
        }
    }

    /// The training that makes this model was refused; somebody may have asked it to stop meanwhile.
    pub fn refused(&mut self, model: ModelId) {
        let has_not_begun = matches!(self.phase, Phase::Preparing | Phase::Stopping);
        if has_not_begun && self.model == Some(model) {
            self.phase = Phase::Idle;
        }
    }

    /// Training is over, its end is not.
    pub fn finishing(&mut self) {
        self.phase = Phase::Finishing;
        self.nothing_is_left();
    }

    /// The numbers stay, but no time is left of what is over.
    fn nothing_is_left(&mut self) {
        if let Some(progress) = &mut self.progress {
            progress.eta_secs = None;
        }
    }

    /// Whether there are losses to show.
    pub fn has_learned(&self) -> bool {
        !self.reconstruction_curve.points().is_empty()
    }

    /// Whether what is learned has a KL divergence to keep small.
    pub fn has_kl(&self) -> bool {
        let objective = self.recipe.as_ref().map(|recipe| recipe.training.objective);
        objective.is_none_or(Objective::is_variational)
    }

    /// Whether it can be asked to stop: the network learns, or is about to.
    pub fn can_stop(&self) -> bool {
        matches!(
            self.phase,
            Phase::Preparing | Phase::Running | Phase::Paused
        )
    }

    /// New numbers.
    pub fn report(&mut self, progress: TrainingProgress) {
        let x = progress.images as f64;
        for (curve, value) in [
            (&mut self.reconstruction_curve, progress.reconstruction),
            (&mut self.kl_curve, progress.kl),
        ] {
            if let Some(value) = value {
                curve.push(x, value);
            }
        }
        if let Some(validation) = progress.validation {
            self.validation = Some(validation);
            self.validation_curve.push(x, validation);
        }
        self.progress = Some(progress);
    }

    /// The model is finished, or will not be.
    pub fn finished(&mut self, outcome: Outcome) {
        self.phase = Phase::Idle;
        self.nothing_is_left();
        if outcome != Outcome::Done {
            self.outcome = Some(outcome);
        }
    }

    /// The trainer ended.
    pub fn ended(&mut self, outcome: Outcome) {
        self.phase = Phase::Idle;
        self.nothing_is_left();
        self.outcome = Some(outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_curve_is_thinned_evenly_and_keeps_its_beginning() {
        let mut curve = Curve::default();
        for i in 0..100_000 {
            curve.push(f64::from(i), i as f32);
        }
        let points = curve.points();
        assert!(points.len() <= CURVE_POINTS_MAX && points.len() > CURVE_POINTS_MAX / 3);
        assert_eq!(points[0], [0.0, 0.0]);
        assert!(points.windows(2).all(|pair| pair[0][0] < pair[1][0]));
        assert!(points.last().is_some_and(|point| point[0] > 99_000.0));
    }

    #[test]
    fn values_that_are_not_finite_are_left_out() {
        let mut curve = Curve::default();
        curve.push(0.0, f32::NAN);
        curve.push(1.0, f32::INFINITY);
        curve.push(2.0, 3.0);
        assert_eq!(curve.points(), [[2.0, 3.0]]);
    }

    #[test]
    fn no_time_is_left_of_a_training_that_is_over() {
        for end in [Training::finishing, |training: &mut Training| {
            training.ended(Outcome::Stopped);
        }] {
            let mut training = Training::default();
            training.begin(None);
            training.started();
            training.report(TrainingProgress {
                images: 16,
                eta_secs: Some(182.0),
                ..Default::default()
            });
            end(&mut training);
            let progress = training.progress.expect("the numbers stay");
            assert_eq!((progress.images, progress.eta_secs), (16, None));
        }
    }

    #[test]
    fn a_new_training_forgets_the_old_curves() {
        let mut training = Training::default();
        training.begin(None);
        training.started();
        assert_eq!(training.phase, Phase::Running);
        training.report(TrainingProgress {
            images: 16,
            reconstruction: Some(9.0),
            validation: Some(8.0),
            ..Default::default()
        });
        training.ended(Outcome::Done);
        assert!(!training.is_active());
        training.begin(None);
        assert!(training.reconstruction_curve.points().is_empty());
        assert_eq!(training.outcome, None);
    }
}
