//! The one driver of training: from the first file to the saved model, on the given clock.
//!
//! [`TrainingDriver`] alone decides when the losses are read, when the validation images are looked at,
//! when the model so far is saved, and when training is over: at a limit of images or of time, when it
//! has settled, diverged or is asked to. The window's worker and the command line call
//! [`TrainingDriver::advance`] and pass its [`News`] on. Pausing is not calling it.
//!
//! Nothing learned is lost: weights go into the [autosave](super::autosave) before anything that can
//! fail, and stay there until the model itself is written.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::keeping::Keeping;
use super::news::{Advance, Ending, Finished, Kept, News, TrainingError};
use super::note::TrainingNote;
use super::run::{Over, Phase, TrainingRun};
use super::status::TrainingStatus;
use super::stopwatch::Stopwatch;
use crate::artifact::Artifact;
use crate::tensors::ComputeError;

/// Losses are read when this much time has passed or this many steps are unobserved.
const OBSERVE_EVERY: Duration = Duration::from_millis(33);
const OBSERVE_STEPS: u64 = 8;

/// The validation images are looked at this often at least; the run itself does so every so many steps.
const VALIDATE_EVERY: Duration = Duration::from_secs(10);

/// How often the model so far is saved.
pub const AUTOSAVE_EVERY: Duration = Duration::from_secs(30);

/// Time since some moment in the past; never goes back.
pub type Clock = Box<dyn Fn() -> Duration + Send>;

/// How a training that is asked to end ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Nothing,
    /// Stop learning, measure the normal images, save.
    Finish,
    /// Save without measuring.
    SkipMeasuring,
}

/// Drives a [`TrainingRun`].
pub struct TrainingDriver {
    run: TrainingRun,
    clock: Clock,
    keeping: Option<Keeping>,
    seconds_limit: Option<f64>,
    /// Runs while this driver trains.
    watch: Stopwatch,
    /// Seconds that were spent training before, by another driver.
    trained_secs: f64,
    /// Training images seen when this driver began to train.
    images_before: u64,
    asked: Asked,
    ending: Ending,
    status: TrainingStatus,
    observed_at: Duration,
    validated_at: Duration,
    autosaved_at: Duration,
    /// Whether the autosave holds what was last to be saved.
    is_autosaved: bool,
    /// Whether it was said that the autosave cannot be written.
    complained: bool,
}

impl TrainingDriver {
    /// A run that has not begun, and where it is kept; without that nothing is saved. The time limit is
    /// the one of the run's plan.
    pub fn new(run: TrainingRun, keeping: Option<Keeping>, clock: Clock) -> Self {
        let trained_secs = keeping.as_ref().map(|keeping| keeping.record.trained_secs);
        Self {
            seconds_limit: run.plan().recipe.training.limit.seconds,
            run,
            clock,
            keeping,
            watch: Stopwatch::default(),
            trained_secs: trained_secs.unwrap_or(0.0),
            images_before: 0,
            asked: Asked::Nothing,
            ending: Ending::Limit,
            status: TrainingStatus::default(),
            observed_at: Duration::ZERO,
            validated_at: Duration::ZERO,
            autosaved_at: Duration::ZERO,
            is_autosaved: false,
            complained: false,
        }
    }

    /// What is driven.
    pub fn run(&self) -> &TrainingRun {
        &self.run
    }

    /// What it is doing.
    pub fn phase(&self) -> Phase {
        self.run.phase()
    }

    /// The time until [`TrainingDriver::advance`] is called again is not spent training.
    pub fn stand_aside(&mut self) {
        self.watch.stop((self.clock)());
    }

    /// Asks for the end of training: the normal images are measured, the model is saved. Measuring that
    /// has begun goes on. A training whose images are still being read ends without a model.
    pub fn finish(&mut self) {
        self.asked = self.asked.max(Asked::Finish);
    }

    /// As [`TrainingDriver::finish`], without measuring the normal images, even if that has begun. A
    /// model file that is there already is left alone then: the weights stay in the autosave.
    pub fn skip_measuring(&mut self) {
        self.asked = Asked::SkipMeasuring;
    }

    /// Ends it without a model; what was saved of it is removed.
    ///
    /// # Errors
    /// If that cannot be removed.
    pub fn discard(self) -> Result<()> {
        self.keeping.map_or(Ok(()), Keeping::end)
    }

    /// Ends it because the program ends: the weights go into the autosave, from which it can go on.
    /// Where they are, if something was learned.
    ///
    /// # Errors
    /// If that cannot be written; says where an earlier state is, if there is one.
    pub fn close(mut self) -> Result<Option<PathBuf>, TrainingError> {
        // Once training is over they are there.
        if self.phase() == Phase::Training
            && self.has_learned()
            && let Err(error) = self.save_so_far()
        {
            return Err(self.failed(error));
        }
        Ok(self.kept())
    }

    /// One slice of work: some files, one optimiser step, some images measured.
    ///
    /// # Errors
    /// When no image can be used, nothing was learned, or the device fails; the training is over then.
    pub fn advance(&mut self, mut news: impl FnMut(News<'_>)) -> Result<Advance, TrainingError> {
        let advanced = catch_unwind(AssertUnwindSafe(|| self.try_advance(&mut news)));
        match advanced {
            Ok(Ok(advance)) => Ok(advance),
            Ok(Err(error)) => Err(self.failed(error)),
            Err(panic) => Err(TrainingError {
                panicked: true,
                ..self.stopped_by(reason_of(panic.as_ref()))
            }),
        }
    }

    /// Ends it because something failed: the last weights whose loss is known to be finite are saved,
    /// if the device still gives them.
    pub fn stopped_by(&mut self, reason: String) -> TrainingError {
        // A device that is gone takes the weights with it, down to the last autosave; and so does a
        // disk that is full. Either way `kept` tells what there is.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            if self.phase() == Phase::Training {
                self.run.return_to_good();
                if self.has_learned() {
                    let _ = self.save_so_far();
                }
            }
        }));
        TrainingError {
            reason,
            error: None,
            panicked: false,
            kept: self.kept().map(Kept::Autosave),
        }
    }

    fn failed(&mut self, error: anyhow::Error) -> TrainingError {
        let reason = format!("{error:#}");
        TrainingError {
            error: Some(Arc::new(error)),
            ..self.stopped_by(reason)
        }
    }

    fn kept(&self) -> Option<PathBuf> {
        self.keeping.as_ref().and_then(Keeping::autosaved)
    }

    fn try_advance(&mut self, news: &mut dyn FnMut(News<'_>)) -> Result<Advance> {
        match self.run.phase() {
            Phase::Loading | Phase::Remembering => self.load(news)?,
            Phase::Features => self.measure_features(news)?,
            Phase::Training => self.train(news)?,
            Phase::Calibrating if self.asked == Asked::SkipMeasuring => {
                self.run.skip_calibration();
            }
            Phase::Calibrating => {
                self.run.step()?;
                let (done, total) = self.run.progress();
                if self.run.phase() == Phase::Calibrating {
                    news(News::Measuring { done, total });
                }
            }
            Phase::Done => {}
        }
        match self.run.phase() {
            Phase::Done => Ok(Advance::Finished(Box::new(self.conclude(news)?))),
            _ => Ok(Advance::More),
        }
    }

    fn load(&mut self, news: &mut dyn FnMut(News<'_>)) -> Result<()> {
        if self.asked > Asked::Nothing {
            bail!("stopped before training began, nothing was saved");
        }
        self.run.step()?;
        let (done, total) = self.run.progress();
        match self.run.phase() {
            Phase::Loading => {
                news(News::Loading { done, total });
                return Ok(());
            }
            Phase::Remembering => {
                news(News::Remembering { done, total });
                return Ok(());
            }
            _ => {}
        }
        news(News::Loaded {
            remembers: self.run.phase() == Phase::Features,
            broken: self.run.broken(),
            notes: self.run.notes(),
            depth: self.run.plan().recipe.data.depth,
            suspects: self.run.suspects(),
        });
        self.images_before = self.images_seen();
        if let Some(keeping) = &mut self.keeping {
            keeping.begin(self.images_before, self.run.folder());
            let plan = self.run.plan();
            (keeping.record.projection, keeping.record.map) = (plan.projection, plan.map);
        }
        self.run.validate()?;
        self.status.step = self.steps();
        let now = (self.clock)();
        (self.observed_at, self.validated_at, self.autosaved_at) = (now, now, now);
        Ok(())
    }

    fn measure_features(&mut self, news: &mut dyn FnMut(News<'_>)) -> Result<()> {
        self.run.step()?;
        if self.run.phase() == Phase::Features {
            let (done, total) = self.run.progress();
            news(News::Features { done, total });
        } else {
            let artifact = self.run.artifact().filter(Artifact::features_only);
            let first = artifact.map(Box::new);
            news(News::FeaturesOver { first });
        }
        Ok(())
    }

    fn train(&mut self, news: &mut dyn FnMut(News<'_>)) -> Result<()> {
        self.watch.start((self.clock)());
        if let Some(ending) = self.ending_due() {
            return self.end_training(ending, news);
        }
        if let Some(limit) = self.seconds_limit {
            self.run.set_time_share(self.elapsed_secs() / limit);
        }
        self.run.step()?;
        let now = (self.clock)();
        let unobserved = self.steps().saturating_sub(self.status.step);
        if unobserved < OBSERVE_STEPS && now.saturating_sub(self.observed_at) < OBSERVE_EVERY {
            return Ok(());
        }
        self.observed_at = now;
        if now.saturating_sub(self.validated_at) >= VALIDATE_EVERY {
            self.run.validate()?;
        }
        match self.observe() {
            Ok(()) => news(News::Training(&self.status)),
            Err(ComputeError::NotFinite(reason)) => {
                return self.end_training(Ending::Diverged(reason), news);
            }
            Err(error) => return Err(error.into()),
        }
        if self.status.validation.is_some() {
            self.validated_at = now;
        }
        if now.saturating_sub(self.autosaved_at) >= AUTOSAVE_EVERY {
            self.autosaved_at = now;
            self.autosave(news);
        }
        Ok(())
    }

    fn ending_due(&self) -> Option<Ending> {
        let time_is_up = |limit: f64| self.elapsed_secs() >= limit;
        if self.asked > Asked::Nothing {
            return Some(Ending::Requested);
        }
        if self.seconds_limit.is_some_and(time_is_up) {
            return Some(Ending::TimeBudget);
        }
        self.run.over().map(|over| match over {
            Over::Limit => Ending::Limit,
            Over::Settled => Ending::Settled,
        })
    }

    fn end_training(&mut self, ending: Ending, news: &mut dyn FnMut(News<'_>)) -> Result<()> {
        self.ending = match self.observe() {
            Ok(()) => ending,
            Err(ComputeError::NotFinite(reason)) => Ending::Diverged(reason),
            Err(error) => return Err(error.into()),
        };
        if !self.has_model() {
            let why = match &self.ending {
                Ending::Diverged(reason) => reason,
                _ => "stopped before the first step",
            };
            bail!("nothing was learned, nothing was saved: {why}");
        }
        self.stand_aside();
        self.run.finish_training();
        // One that was asked to end can still go on to its limits.
        if self.ending != Ending::Requested
            && let Some(keeping) = &mut self.keeping
        {
            keeping.record.is_trained = true;
        }
        // Measuring takes a while, and may be interrupted or fail.
        self.autosave(news);
        self.status.eta_secs = None;
        self.status.validation = self.run.validation();
        news(News::Training(&self.status));
        news(News::TrainingOver {
            ending: &self.ending,
            note: self.run.ending(),
        });
        Ok(())
    }

    fn conclude(&mut self, news: &mut dyn FnMut(News<'_>)) -> Result<Finished> {
        let mut artifact = self.run.artifact().context("there is no model to save")?;
        // A training goes on from its autosave. In a finished model this would be three times the
        // network; trained further it starts afresh.
        artifact.optimiser = None;
        let bytes = artifact.to_bytes()?;
        let saved = match self.save(&bytes, news) {
            Ok(path) => Ok(path),
            Err(error) => Err(self.saved_elsewhere(&error, &bytes)),
        };
        if let Some(keeping) = self.keeping.take()
            && saved.is_ok()
            && let Err(error) = keeping.end()
        {
            news(News::Warning(TrainingNote::autosave_stays(&error)));
        }
        Ok(Finished {
            artifact,
            bytes,
            saved,
            ending: self.ending.clone(),
        })
    }

    fn save(&self, bytes: &[u8], news: &mut dyn FnMut(News<'_>)) -> Result<Option<PathBuf>> {
        let Some(keeping) = &self.keeping else {
            return Ok(None);
        };
        if self.asked == Asked::SkipMeasuring {
            keeping.check_unmeasured()?;
        }
        let path = match self.ending {
            Ending::Requested => keeping.save_early(bytes)?,
            _ => keeping.save(bytes)?,
        };
        let target = keeping.target();
        if path != target {
            news(News::Warning(TrainingNote::other_file(target, &path)));
        }
        Ok(Some(path))
    }

    /// What went wrong with the model file, and where the model is instead: in the autosave, else in the
    /// spare folder.
    fn saved_elsewhere(&self, error: &anyhow::Error, bytes: &[u8]) -> TrainingError {
        let mut reason = format!("{error:#}");
        // An older state is not what was learned.
        let autosaved = self.kept().filter(|_| self.is_autosaved);
        let kept = match (autosaved, &self.keeping) {
            (Some(path), _) => Some(Kept::Autosave(path)),
            (None, Some(keeping)) => match keeping.save_elsewhere(bytes) {
                Ok(path) => Some(Kept::Model(path)),
                Err(also) => {
                    reason += &format!("; {also:#}");
                    None
                }
            },
            (None, None) => None,
        };
        TrainingError {
            reason,
            error: None,
            panicked: false,
            kept,
        }
    }

    /// Reads the losses, and brings the status up to date.
    fn observe(&mut self) -> Result<(), ComputeError> {
        let observation = self.run.observe()?.unwrap_or_default();
        let session_secs = self.watch.elapsed((self.clock)()).as_secs_f64();
        let elapsed_secs = self.trained_secs + session_secs;
        let seen = observation.images.saturating_sub(self.images_before);
        let images_per_sec = share(seen as f64, session_secs);
        let images_limit = self
            .run
            .trainer()
            .and_then(|trainer| trainer.images_limit());
        let by_images = images_limit
            .filter(|_| images_per_sec > 0.0)
            .map(|limit| limit.saturating_sub(observation.images) as f64 / images_per_sec);
        let by_time = self
            .seconds_limit
            .map(|limit| (limit - elapsed_secs).max(0.0));
        let status = &mut self.status;
        // Without a step in between there are no new losses.
        if observation.step != status.step {
            status.reconstruction = Some(observation.reconstruction);
            status.kl = Some(observation.kl);
        }
        *status = TrainingStatus {
            step: observation.step,
            images: observation.images,
            images_limit,
            validation: self.run.take_new_validation(),
            elapsed_secs,
            eta_secs: [by_images, by_time]
                .into_iter()
                .flatten()
                .min_by(f64::total_cmp),
            images_per_sec,
            waited_share: share(self.run.waited_secs(), session_secs).min(1.0),
            ..status.clone()
        };
        Ok(())
    }

    /// Saves the model so far. A failure is said once: training can go on.
    fn autosave(&mut self, news: &mut dyn FnMut(News<'_>)) {
        if let Err(error) = self.save_so_far()
            && !std::mem::replace(&mut self.complained, true)
        {
            news(News::Warning(TrainingNote::not_saved_so_far(&error)));
        }
    }

    fn save_so_far(&mut self) -> Result<()> {
        let trained_secs = self.elapsed_secs();
        if let Some(keeping) = &mut self.keeping
            && let Some(artifact) = self.run.artifact()
        {
            keeping.record.trained_secs = trained_secs;
            let saved = keeping.save_so_far(&artifact);
            self.is_autosaved = saved.is_ok();
            return saved;
        }
        Ok(())
    }

    /// Whether there is something to keep: what was learned, or at least what is remembered.
    pub fn has_model(&self) -> bool {
        self.has_learned() || self.run.memories().is_some()
    }

    /// Whether it has seen more images than when it began, or was begun before it was interrupted.
    fn has_learned(&self) -> bool {
        let before = match &self.keeping {
            Some(keeping) => keeping.record.images_before,
            None => self.images_before,
        };
        self.images_seen() > before
    }

    fn images_seen(&self) -> u64 {
        self.run
            .trainer()
            .map_or(0, |trainer| trainer.images_seen())
    }

    fn steps(&self) -> u64 {
        self.run.trainer().map_or(0, |trainer| trainer.step_count())
    }

    fn elapsed_secs(&self) -> f64 {
        self.trained_secs + self.watch.elapsed((self.clock)()).as_secs_f64()
    }
}

/// `part / whole`, 0 of nothing.
fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// What a panic said.
pub fn reason_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "an unknown fault".into())
}
