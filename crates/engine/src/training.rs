//! The worker's training job: a [`TrainingRun`] with a clock, previews and autosaves.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kizumi_compute::artifact::Artifact;
use kizumi_compute::blending::Blend;
use kizumi_compute::network::Vae;
use kizumi_compute::rounds::TILES_TOGETHER;
use kizumi_compute::tensors::ComputeError;
use kizumi_compute::tiling::Tiling;
use kizumi_compute::training_run::{Phase, RunError, TrainingRun};
use kizumi_image::picture::Picture;

use super::image::Lens;
use super::message::{
    Broken, Event, Job, ModelId, OpenedImage, Outcome, Preview, TrainingProgress,
};
use super::outbox::Outbox;

/// Losses are fetched when this much time has passed or this many steps are unsynchronised.
const OBSERVE_EVERY: Duration = Duration::from_millis(33);
const OBSERVE_STEPS: u64 = 8;
const PREVIEW_EVERY: Duration = Duration::from_secs(1);
const VALIDATE_EVERY: Duration = Duration::from_secs(3);
const AUTOSAVE_EVERY: Duration = Duration::from_secs(30);

/// Validation images that are shown while training.
const PREVIEW_IMAGES: usize = 4;

/// How a slice of training ended.
pub enum Slice {
    /// There is more to do.
    More,
    /// The model is finished.
    Finished(Box<Artifact>),
    /// The run ended without a new model.
    Failed,
}

/// A training run in the worker.
pub struct TrainingJob {
    run: TrainingRun,
    model: ModelId,
    save_to: Option<PathBuf>,
    seconds_limit: Option<f64>,
    reported: Phase,
    /// Told when training is over, at the end of the calibration.
    outcome: Outcome,
    pub is_paused: bool,
    clock: Stopwatch,
    observed_at: Instant,
    observed_step: u64,
    images_at_start: u64,
    previewed_at: Instant,
    validated_at: Instant,
    autosaved_at: Instant,
}

impl TrainingJob {
    pub fn new(
        run: TrainingRun,
        model: ModelId,
        save_to: Option<PathBuf>,
        seconds_limit: Option<f64>,
        out: &mut Outbox,
    ) -> Self {
        let now = Instant::now();
        out.send(Event::Started(Job::Loading));
        Self {
            run,
            model,
            save_to,
            seconds_limit,
            reported: Phase::Loading,
            outcome: Outcome::Done,
            is_paused: false,
            clock: Stopwatch::default(),
            observed_at: now,
            observed_step: 0,
            images_at_start: 0,
            previewed_at: now,
            validated_at: now,
            autosaved_at: now,
        }
    }

    /// What comes of it.
    pub fn model(&self) -> ModelId {
        self.model
    }

    /// Where the model is saved at the end.
    pub fn save_to(&self) -> Option<&Path> {
        self.save_to.as_deref()
    }

    /// The network in training, once there is one.
    pub fn network(&self) -> Option<Vae> {
        self.run.trainer().map(|trainer| trainer.network())
    }

    /// How that network sees images.
    pub fn lens(&self) -> Option<Lens> {
        Some(Lens {
            model: Some(self.model),
            channels: Some(self.network()?.config.channels),
            data: self.run.plan().recipe.data.clone(),
            ignored: self.run.ignored().cloned(),
        })
    }

    /// The model as it is.
    pub fn artifact(&self) -> Option<Artifact> {
        self.run.artifact()
    }

    pub fn pause(&mut self, out: &mut Outbox) {
        if !self.is_paused && self.reported == Phase::Training {
            self.is_paused = true;
            self.clock.stop();
            out.send(Event::Paused);
        }
    }

    pub fn resume(&mut self, out: &mut Outbox) {
        if std::mem::take(&mut self.is_paused) {
            self.clock.start();
            out.send(Event::Resumed);
        }
    }

    /// Ends training and goes on to the calibration; `false` when there is nothing to keep yet.
    /// During the calibration it ends that, too.
    pub fn stop_and_keep(&mut self) -> bool {
        match self.run.phase() {
            Phase::Loading => return false,
            Phase::Training => {
                self.outcome = Outcome::Stopped;
                self.run.finish_training();
            }
            Phase::Calibrating | Phase::Done => {}
        }
        self.is_paused = false;
        true
    }

    /// Tells that the job is over without a model.
    pub fn end(self, outcome: Outcome, out: &mut Outbox) {
        out.send(Event::Ended(job_of(self.reported), outcome));
        self.remove_autosave();
    }

    /// As [`TrainingJob::end`], but the last autosave stays: the device took the rest with it.
    pub fn abandon(self, outcome: Outcome, out: &mut Outbox) {
        out.send(Event::Ended(job_of(self.reported), outcome));
        if let Some(path) = self.autosave_path().filter(|path| path.exists()) {
            let path = path.display();
            out.send(Event::Warning(format!(
                "The last autosave of the model is {path}."
            )));
        }
    }

    /// Something more urgent has the worker: that is no time spent training.
    pub fn stand_aside(&mut self) {
        self.clock.stop();
    }

    /// One slice of work.
    pub fn advance(&mut self, test_image: Option<&OpenedImage>, out: &mut Outbox) -> Slice {
        let outcome = self.try_advance(test_image, out);
        match outcome {
            Ok(()) if self.run.phase() == Phase::Done => {
                out.send(Event::Ended(Job::Calibrating, Outcome::Done));
                match self.run.artifact() {
                    Some(artifact) => Slice::Finished(Box::new(artifact)),
                    None => Slice::Failed,
                }
            }
            Ok(()) => Slice::More,
            Err(error) => {
                let reason = error.to_string();
                out.send(Event::Ended(job_of(self.reported), Outcome::Failed(reason)));
                Slice::Failed
            }
        }
    }

    fn try_advance(
        &mut self,
        test_image: Option<&OpenedImage>,
        out: &mut Outbox,
    ) -> Result<(), RunError> {
        if self.reported == Phase::Training {
            self.clock.start();
            if let Some(limit) = self.seconds_limit {
                self.run.set_time_share(self.clock.elapsed_secs() / limit);
            }
        }
        self.run.step()?;
        self.report_phase(out);
        match self.run.phase() {
            Phase::Training => {
                let now = Instant::now();
                let steps = self.run.trainer().map_or(0, |trainer| trainer.step_count());
                let unobserved = steps - self.observed_step.min(steps);
                if unobserved >= OBSERVE_STEPS || now - self.observed_at >= OBSERVE_EVERY {
                    self.observe(now, test_image, out)?;
                }
                let over = |limit: f64| self.clock.elapsed_secs() >= limit;
                if self.seconds_limit.is_some_and(over) {
                    self.run.finish_training();
                    self.report_phase(out);
                }
            }
            Phase::Loading | Phase::Calibrating => {
                let (done, total) = self.run.progress();
                out.offer(Event::Progress {
                    job: job_of(self.reported),
                    done,
                    total,
                });
            }
            Phase::Done => {}
        }
        Ok(())
    }

    /// Turns a change of phase into the barriers around jobs.
    fn report_phase(&mut self, out: &mut Outbox) {
        let phase = self.run.phase();
        if phase == self.reported {
            return;
        }
        match phase {
            Phase::Training => {
                let broken: Vec<Broken> = self
                    .run
                    .broken()
                    .iter()
                    .map(|error| Broken {
                        path: error.path.clone(),
                        reason: error.reason.to_string(),
                    })
                    .collect();
                if !broken.is_empty() {
                    out.send(Event::BrokenFiles(broken));
                }
                out.send(Event::Ended(Job::Loading, Outcome::Done));
                out.send(Event::Started(Job::Training));
                self.clock.start();
                let now = Instant::now();
                (self.observed_at, self.autosaved_at) = (now, now);
                self.observed_step = self.run.trainer().map_or(0, |trainer| trainer.step_count());
                self.images_at_start = self.run.trainer().map_or(0, |t| t.images_seen());
                self.reported = phase;
            }
            Phase::Calibrating => {
                self.clock.stop();
                if let Some(ending) = self.run.ending() {
                    out.send(Event::Warning(ending));
                }
                let outcome = std::mem::replace(&mut self.outcome, Outcome::Done);
                out.send(Event::Ended(Job::Training, outcome));
                out.send(Event::Started(Job::Calibrating));
                self.reported = phase;
            }
            Phase::Loading | Phase::Done => {}
        }
    }

    fn observe(
        &mut self,
        now: Instant,
        test_image: Option<&OpenedImage>,
        out: &mut Outbox,
    ) -> Result<(), RunError> {
        let observation = match self.run.observe() {
            Ok(Some(observation)) => observation,
            Ok(None) => return Ok(()),
            Err(error @ ComputeError::NotFinite(_)) => {
                // The last good network is back in place: keep it.
                out.send(Event::Warning(error.to_string()));
                self.outcome = Outcome::Failed(error.to_string());
                self.run.finish_training();
                self.report_phase(out);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        (self.observed_at, self.observed_step) = (now, observation.step);
        let mut validation = None;
        let first = observation.images == self.images_at_start;
        if first || now - self.validated_at >= VALIDATE_EVERY {
            validation = self.run.validate()?;
            self.validated_at = now;
        }
        let elapsed_secs = self.clock.elapsed_secs();
        let images_limit = self
            .run
            .trainer()
            .and_then(|trainer| trainer.images_limit());
        let seen = (observation.images - self.images_at_start) as f64;
        let images_per_sec = if elapsed_secs > 0.0 {
            seen / elapsed_secs
        } else {
            0.0
        };
        let by_images = images_limit
            .filter(|_| images_per_sec > 0.0)
            .map(|limit| limit.saturating_sub(observation.images) as f64 / images_per_sec);
        let by_time = self
            .seconds_limit
            .map(|limit| (limit - elapsed_secs).max(0.0));
        out.send(Event::Training(TrainingProgress {
            step: observation.step,
            images: observation.images,
            images_limit,
            reconstruction: observation.reconstruction,
            kl: observation.kl,
            validation,
            elapsed_secs,
            eta_secs: match (by_images, by_time) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
            images_per_sec,
            waited_share: share(self.run.waited_secs(), elapsed_secs),
        }));
        if now - self.previewed_at >= PREVIEW_EVERY {
            self.previewed_at = now;
            self.preview(test_image, out)?;
        }
        if now - self.autosaved_at >= AUTOSAVE_EVERY {
            self.autosaved_at = now;
            self.autosave(out);
        }
        Ok(())
    }

    fn preview(&self, test_image: Option<&OpenedImage>, out: &mut Outbox) -> Result<(), RunError> {
        let Some(trainer) = self.run.trainer() else {
            return Ok(());
        };
        let inputs = self.run.validation_inputs(PREVIEW_IMAGES);
        if !inputs.is_empty() {
            let reconstructions = trainer.reconstruct(&inputs)?;
            out.offer(Event::ValidationPreview(previews(inputs, reconstructions)));
        }
        let network = trainer.network_config();
        if let Some(image) = test_image.filter(|image| image.model == Some(self.model)) {
            let picture = &image.picture;
            let tiling = Tiling::new(picture.height, picture.width, network.size_px);
            let mut blend = Blend::new(&tiling, picture.channels);
            let tiles: Vec<usize> = (0..tiling.len()).collect();
            for tiles in tiles.chunks(TILES_TOGETHER) {
                let cut: Vec<_> = tiles
                    .iter()
                    .map(|tile| tiling.tile(picture, *tile))
                    .collect();
                for (tile, reconstruction) in tiles.iter().zip(trainer.reconstruct(&cut)?) {
                    blend.add(*tile, &reconstruction);
                }
            }
            out.offer(Event::TestPreview {
                image: image.id,
                model: self.model,
                preview: Preview {
                    original: picture.clone(),
                    reconstruction: blend.finish(),
                },
            });
        }
        Ok(())
    }

    /// Writes a sibling of the final file, so that nothing that existed is touched before the end.
    fn autosave(&self, out: &mut Outbox) {
        let (Some(path), Some(artifact)) = (self.autosave_path(), self.run.artifact()) else {
            return;
        };
        let folder = path.parent().unwrap_or(&path);
        let made = std::fs::create_dir_all(folder)
            .map_err(|error| format!("{}: {error}", folder.display()));
        let saved = made.and_then(|()| artifact.save(&path).map_err(|error| error.to_string()));
        match saved {
            Ok(()) => tracing::debug!("autosaved {}", path.display()),
            Err(reason) => out.send(Event::Warning(format!("Autosave failed. {reason}"))),
        }
    }

    fn autosave_path(&self) -> Option<PathBuf> {
        Some(
            self.save_to
                .as_ref()?
                .with_extension("autosave.safetensors"),
        )
    }

    /// The final file is there, or nobody wants it.
    pub fn remove_autosave(&self) {
        if let Some(path) = self.autosave_path().filter(|path| path.exists())
            && let Err(error) = std::fs::remove_file(&path)
        {
            tracing::warn!("the autosave {} stays: {error}", path.display());
        }
    }
}

/// `part / whole` in `0.0..=1.0`.
fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 {
        (part / whole).min(1.0)
    } else {
        0.0
    }
}

fn previews(originals: Vec<Picture>, reconstructions: Vec<Picture>) -> Vec<Preview> {
    originals
        .into_iter()
        .zip(reconstructions)
        .map(|(original, reconstruction)| Preview {
            original,
            reconstruction,
        })
        .collect()
}

fn job_of(phase: Phase) -> Job {
    match phase {
        Phase::Loading => Job::Loading,
        Phase::Training => Job::Training,
        Phase::Calibrating | Phase::Done => Job::Calibrating,
    }
}

/// Time spent training, pauses not counted.
#[derive(Default)]
struct Stopwatch {
    before: Duration,
    since: Option<Instant>,
}

impl Stopwatch {
    fn start(&mut self) {
        self.since.get_or_insert_with(Instant::now);
    }

    fn stop(&mut self) {
        if let Some(since) = self.since.take() {
            self.before += since.elapsed();
        }
    }

    fn elapsed_secs(&self) -> f64 {
        let running = self.since.map(|since| since.elapsed()).unwrap_or_default();
        (self.before + running).as_secs_f64()
    }
}
