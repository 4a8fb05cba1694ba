//! From a recognised data set to a calibrated model: loading, training, calibrating, one small
//! step at a time. The window's worker, the command line and the tests drive the same object.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::tensor::Device;

use super::aligning::Aligning;
use super::best::BestWeights;
use super::note::TrainingNote;
pub use super::work::Over;
use super::work::Work;
use crate::artifact::{Artifact, FORMAT, Header};
use crate::calibration_run::CalibrationRun;
use crate::memories::Memories;
use crate::normals::NormalsLoader;
use crate::refusal::Refusal;
use crate::suspects::Suspects;
use crate::tensors::ComputeError;
use crate::trainer::{TrainObservation, Trainer};
use kizumi_dataset::batches::Batches;
use kizumi_dataset::load_note::LoadNote;
use kizumi_dataset::loader::LoadError;
use kizumi_dataset::prefetch::Prefetch;
use kizumi_image::align::LearnError;
use kizumi_image::file_error::FileError;
use kizumi_image::picture::Picture;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::TrainingPlan;
use kizumi_method::maker::ModelMark;

/// Steps between two looks at the validation images, to keep the best weights.
const CHECK_EVERY: u64 = 125;

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Decoding the normal images, before that some of them to learn what they are aligned to.
    Loading,
    /// Learning what their features have in common, and decoding those that are held out. Left out where
    /// features are not remembered, as the next one.
    Remembering,
    /// Measuring them by their features: from here on there is a model, though its network has learned
    /// nothing.
    Features,
    /// Training.
    Training,
    /// Measuring the held-out normals.
    Calibrating,
    /// The model is finished.
    Done,
}

/// A run from files to model.
pub struct TrainingRun {
    pub(super) plan: TrainingPlan,
    pub(super) device: Device,
    /// The folder of the images.
    pub(super) folder: PathBuf,
    pub(super) start: Option<Artifact>,
    /// Regions that the model leaves out, kept when it is trained on.
    pub(super) ignored: Option<Picture>,
    /// That what is ignored is ground beside the part, if so.
    pub(super) ground: Option<LoadNote>,
    pub(super) stage: Stage,
    /// What learning to align counted as in progress, if there was any.
    pub(super) aligned: usize,
}

pub(super) enum Stage {
    Aligning(Box<Aligning>),
    Loading(Box<NormalsLoader>),
    Working(Box<Work>),
    /// Between two stages, never seen from outside.
    Moving,
}

impl TrainingRun {
    /// The folder of the images.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is trained.
    pub fn plan(&self) -> &TrainingPlan {
        &self.plan
    }

    /// What the run is doing.
    pub fn phase(&self) -> Phase {
        match &self.stage {
            Stage::Working(work) => work.phase,
            Stage::Loading(loader) if loader.is_learning() => Phase::Remembering,
            Stage::Aligning(_) | Stage::Loading(_) | Stage::Moving => Phase::Loading,
        }
    }

    /// Units done and in all of the current phase: files, training images (0 in all without a
    /// limit), images measured. Remembering and measuring features count in one, of which remembering is the
    /// first part.
    pub fn progress(&self) -> (u64, u64) {
        match &self.stage {
            Stage::Aligning(aligning) => {
                let (done, units) = aligning.progress();
                let files = aligning.catalog.train.len();
                (done as u64, (units + files) as u64)
            }
            Stage::Loading(loader) => {
                let [(trained, training), (kept, held_out)] = loader.progress();
                let (learned, to_learn) = loader.learning_progress();
                let (done, total) = match to_learn {
                    0 => {
                        let aligned = self.aligned;
                        (aligned + trained + kept, aligned + training + held_out)
                    }
                    _ if !loader.is_learning() => (self.aligned + trained, self.aligned + training),
                    _ => {
                        let model = ModelMark {
                            features_only: true,
                            ..ModelMark::default()
                        };
                        let (map, mode) = (&self.plan.map, self.plan.recipe.data.mode);
                        let measured =
                            CalibrationRun::expected(model, map, mode, training, held_out);
                        (learned + kept, to_learn + held_out + measured)
                    }
                };
                (done as u64, total as u64)
            }
            Stage::Working(work) => match &work.calibrating {
                Some(run) => {
                    let before = match work.phase {
                        Phase::Features => work.remembering,
                        _ => 0,
                    };
                    let (done, total) = run.progress();
                    ((before + done) as u64, (before + total) as u64)
                }
                None => (
                    work.trainer.images_seen(),
                    work.trainer.images_limit().unwrap_or(0),
                ),
            },
            Stage::Moving => (0, 0),
        }
    }

    /// Files that could not be used.
    pub fn broken(&self) -> &[FileError] {
        self.work().map_or(&[], |work| &work.normals.broken)
    }

    /// What a person should know of the loaded images: how many were converted.
    pub fn notes(&self) -> &[LoadNote] {
        self.work().map_or(&[], |work| &work.normals.notes)
    }

    /// Regions that the model leaves out, 1 where they are.
    pub fn ignored(&self) -> Option<&Picture> {
        self.ignored.as_ref()
    }

    /// Advances a little: some files, one optimiser step, some calibration images.
    ///
    /// # Errors
    /// When no image can be used, or the device fails.
    pub fn step(&mut self) -> Result<(), RunError> {
        match &mut self.stage {
            Stage::Aligning(_) => self.align(),
            Stage::Loading(loader) if !loader.is_done() => {
                loader.step();
                Ok(())
            }
            Stage::Loading(_) => self.begin_training(),
            Stage::Working(work) => match work.phase {
                Phase::Training if work.over().is_some() => {
                    work.begin_calibration(&self.plan, self.ignored.clone());
                    Ok(())
                }
                Phase::Training => {
                    let batch = work.batches.next().ok_or(RunError::Batches)?;
                    work.trainer.step(batch);
                    if work.trainer.step_count().is_multiple_of(CHECK_EVERY) {
                        work.check(&self.plan)?;
                    }
                    Ok(())
                }
                Phase::Features | Phase::Calibrating => work.calibrate(),
                Phase::Loading | Phase::Remembering | Phase::Done => Ok(()),
            },
            Stage::Moving => Ok(()),
        }
    }

    fn begin_training(&mut self) -> Result<(), RunError> {
        let stage = std::mem::replace(&mut self.stage, Stage::Moving);
        let Stage::Loading(loader) = stage else {
            return Ok(());
        };
        let [_, (_, held_out)] = loader.progress();
        let remembering = loader.learning_progress().1 + held_out;
        let mut normals = loader.finish()?;
        let before = self.start.as_ref().map(|start| &start.header.dataset);
        let note = before.and_then(|before| normals.dataset.change_since(before));
        normals.notes.extend(note);
        normals.notes.extend(self.ground.take());
        self.plan.recipe.data.depth = normals.data.depth;
        let config = &self.plan.recipe.training;
        let trainer = match self.start.take() {
            Some(Artifact {
                header,
                network,
                optimiser,
                ..
            }) => Trainer::resume(
                network,
                optimiser,
                header.step,
                header.images_seen,
                config,
                &self.device,
            ),
            None => Trainer::new(
                &self.plan.recipe.network(normals.channels),
                config,
                &self.device,
            ),
        };
        let batches = Batches::new(normals.training.clone(), &self.plan.recipe.data, config)
            .ok_or(RunError::Load(LoadError::NoImages))?;
        let mut work = Work {
            batches: Prefetch::new(batches, trainer.step_count()).map_err(RunError::Thread)?,
            trainer,
            normals: Arc::new(normals),
            remembering,
            phase: Phase::Training,
            calibrating: None,
            calibration: None,
            first: None,
            best: BestWeights::default(),
            validation: None,
            new_validation: None,
            overtrained: None,
        };
        work.begin(&self.plan, self.ignored.clone());
        self.stage = Stage::Working(Box::new(work));
        Ok(())
    }

    fn work(&self) -> Option<&Work> {
        match &self.stage {
            Stage::Working(work) => Some(work),
            Stage::Aligning(_) | Stage::Loading(_) | Stage::Moving => None,
        }
    }

    fn work_mut(&mut self) -> Option<&mut Work> {
        match &mut self.stage {
            Stage::Working(work) => Some(work),
            Stage::Aligning(_) | Stage::Loading(_) | Stage::Moving => None,
        }
    }

    /// Whether training is over by itself: the next step goes on to calibration.
    pub fn over(&self) -> Option<Over> {
        self.work()
            .filter(|work| work.phase == Phase::Training)
            .and_then(Work::over)
    }

    /// Takes back a step that was not done to its end: the weights are the last whose loss is known to
    /// be finite.
    pub fn return_to_good(&mut self) {
        if let Some(work) = self.work_mut()
            && work.phase == Phase::Training
        {
            work.trainer.return_to_good();
        }
    }

    /// Gives up the calibration: the model stays without one.
    pub fn skip_calibration(&mut self) {
        if let Some(work) = self.work_mut()
            && work.phase == Phase::Calibrating
        {
            work.calibrating = None;
            work.phase = Phase::Done;
        }
    }

    /// Ends training now and goes on to calibration. Without a trained network nothing happens.
    pub fn finish_training(&mut self) {
        let (plan, ignored) = (self.plan.clone(), self.ignored.clone());
        if let Some(work) = self.work_mut()
            && work.phase == Phase::Training
        {
            work.begin_calibration(&plan, ignored);
        }
    }

    /// What a person should know of how training ended: that it went on past its best weights.
    pub fn ending(&self) -> Option<TrainingNote> {
        let work = self.work()?;
        let until = work.overtrained?;
        Some(TrainingNote::best_weights(
            work.trainer.images_seen(),
            until,
        ))
    }

    /// How much of the time limit has passed: see [`Trainer::set_time_share`].
    pub fn set_time_share(&mut self, share: f64) {
        if let Some(work) = self.work_mut() {
            work.trainer.set_time_share(share);
        }
    }

    /// Mean losses since the last observation; `None` while nothing has been trained.
    ///
    /// # Errors
    /// See [`Trainer::observe`]: after a divergence the last good network is in place.
    pub fn observe(&mut self) -> Result<Option<TrainObservation>, ComputeError> {
        self.work_mut()
            .map(|work| work.trainer.observe())
            .transpose()
    }

    /// What is remembered of normal features, once it is known.
    pub fn memories(&self) -> Option<&Memories> {
        self.work()?.normals.memories()
    }

    /// What maps of features alone show of normal images, once it was measured.
    pub fn first_calibration(&self) -> Option<&Calibration> {
        self.work()?.first.as_ref()
    }

    /// Which normal images are unlike the others, once they are read; `None` where features are not
    /// remembered.
    pub fn suspects(&self) -> Option<&Suspects> {
        self.work()?.normals.suspects.as_ref()
    }

    /// The trainer, once there is one.
    pub fn trainer(&self) -> Option<&Trainer> {
        self.work().map(|work| &work.trainer)
    }

    /// Seconds that training has waited for its batches.
    pub fn waited_secs(&self) -> f64 {
        self.work()
            .map_or(0.0, |work| work.batches.waited().as_secs_f64())
    }

    /// The first `count` validation images as network inputs.
    pub fn validation_inputs(&self, count: usize) -> Vec<Picture> {
        self.work().map_or_else(Vec::new, |work| {
            work.validation_inputs(count, self.plan.recipe.data.size_px)
        })
    }

    /// Measures [`TrainingRun::validation`] now.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn validate(&mut self) -> Result<(), ComputeError> {
        let plan = self.plan.clone();
        self.work_mut()
            .map_or(Ok(()), |work| work.validate(&plan).map(drop))
    }

    /// [`TrainingRun::validation`], if it was measured since it was last taken.
    pub fn take_new_validation(&mut self) -> Option<f32> {
        self.work_mut()?.new_validation.take()
    }

    /// Mean L_r of the validation images when it was last measured, spoilt as the training images are
    /// if the objective is to restore; once training is over that of the weights that are kept. `None`
    /// without any.
    pub fn validation(&self) -> Option<f32> {
        self.work()?.validation
    }

    /// The model as it is now; `None` before training has begun.
    pub fn artifact(&self) -> Option<Artifact> {
        let work = self.work()?;
        let network = work.network();
        Some(Artifact {
            header: Header {
                format: FORMAT,
                program: Header::this_program(),
                network: network.config.clone(),
                data: self.plan.recipe.data.clone(),
                features: self.plan.recipe.features,
                training: work.trainer.config().clone(),
                step: work.trainer.step_count(),
                images_seen: work.trainer.images_seen(),
                calibration: work.calibration().cloned(),
                outdated: None,
                dataset: work.normals.dataset.clone(),
            },
            network,
            optimiser: work.trainer.optimiser(),
            ignored: self.ignored.clone(),
            normal_mean: work.normals.mean.clone(),
            memories: self.memories().cloned(),
        })
    }
}

impl From<LearnError> for RunError {
    /// Its words are in those of the error: as its source they would be said twice.
    fn from(error: LearnError) -> Self {
        Self::Align(error)
    }
}

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Not one image could be used.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// What the images are to be aligned to cannot be learned.
    #[error("cannot align: {0}")]
    Align(LearnError),
    /// There are none to learn from.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The system refused a thread for the batches.
    #[error("no thread for the training batches: {0}")]
    Thread(std::io::Error),
    /// That thread died.
    #[error("the thread that makes the training batches died")]
    Batches,
    /// The computation.
    #[error(transparent)]
    Compute(#[from] ComputeError),
}
