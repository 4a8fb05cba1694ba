//! The worker's training job: a [`TrainingDriver`] whose news become events, with previews.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use kizumi_compute::artifact::Artifact;
use kizumi_compute::blending::Blend;
use kizumi_compute::feature_distance::feature_distance;
use kizumi_compute::network::Vae;
use kizumi_compute::rounds::TILES_TOGETHER;
use kizumi_compute::tensors::ComputeError;
use kizumi_compute::tiling::Tiling;
use kizumi_compute::training::driver::TrainingDriver;
use kizumi_compute::training::keeping::Keeping;
use kizumi_compute::training::news::{Advance, Ending, Finished, News, TrainingError};
use kizumi_compute::training::run::{Phase, TrainingRun};
use kizumi_image::picture::Picture;
use kizumi_method::calibration::Calibration;

use super::image::Lens;
use super::message::{
    Broken, Cause, DatasetId, Event, Failure, Job, ModelId, OpenedImage, Outcome, Preview,
};
use super::outbox::Outbox;
use super::worker::suspects::found;

const PREVIEW_EVERY: Duration = Duration::from_secs(1);

/// Validation images that are shown while training.
const PREVIEW_IMAGES: usize = 4;

/// How a slice of training ended.
pub enum Slice {
    /// There is more to do.
    More,
    /// There is more to do, and a model already, of features alone.
    FirstModel(Box<Artifact>),
    /// The model is finished.
    Finished(Box<Finished>),
    /// The run ended without a new model.
    Failed(TrainingError),
}

/// A training run in the worker.
pub struct TrainingJob {
    driver: TrainingDriver,
    model: ModelId,
    dataset: DatasetId,
    /// Which of its jobs was told to run.
    told: Job,
    pub is_paused: bool,
    previewed_at: Instant,
}

impl TrainingJob {
    pub fn new(
        run: TrainingRun,
        (model, dataset): (ModelId, DatasetId),
        keeping: Option<Keeping>,
        out: &mut Outbox,
    ) -> Self {
        let began = Instant::now();
        out.send(Event::Started(Job::Loading));
        Self {
            driver: TrainingDriver::new(run, keeping, Box::new(move || began.elapsed())),
            model,
            dataset,
            told: Job::Loading,
            is_paused: false,
            previewed_at: began,
        }
    }

    /// What comes of it.
    pub fn model(&self) -> ModelId {
        self.model
    }

    /// Whether there is something to keep: images were read, and remembered or learned from.
    pub fn has_model(&self) -> bool {
        self.driver.has_model()
    }

    /// Training images seen, those of earlier parts of the training among them.
    pub fn images_seen(&self) -> u64 {
        let trainer = self.driver.run().trainer();
        trainer.map_or(0, |trainer| trainer.images_seen())
    }

    /// The network in training, once there is one.
    pub fn network(&self) -> Option<Vae> {
        let run = self.driver.run();
        let distance = feature_distance(run.memories());
        run.trainer()
            .map(|trainer| trainer.network().with_features(distance))
    }

    /// How that network sees images.
    pub fn lens(&self) -> Option<Lens> {
        let run = self.driver.run();
        Some(Lens {
            model: Some(self.model),
            channels: Some(self.network()?.config.channels),
            data: run.plan().recipe.data.clone(),
            ignored: run.ignored().cloned(),
            memories: run.memories().cloned(),
        })
    }

    /// What maps of features alone show of normal images, once it was measured.
    pub fn first_calibration(&self) -> Option<&Calibration> {
        self.driver.run().first_calibration()
    }

    pub fn pause(&mut self, out: &mut Outbox) {
        if !self.is_paused && self.driver.phase() == Phase::Training {
            self.is_paused = true;
            self.driver.stand_aside();
            out.send(Event::Paused);
        }
    }

    pub fn resume(&mut self, out: &mut Outbox) {
        if std::mem::take(&mut self.is_paused) {
            out.send(Event::Resumed);
        }
    }

    /// Ends training and goes on to measuring the normal images; measuring that has begun goes on.
    pub fn stop_and_keep(&mut self) {
        self.driver.finish();
        self.is_paused = false;
    }

    /// Ends measuring the normal images: the model is kept without.
    pub fn skip_measuring(&mut self) {
        if self.driver.phase() == Phase::Calibrating {
            self.driver.skip_measuring();
        }
    }

    /// Ends it without a model; what was autosaved of it is removed.
    pub fn discard(self, out: &mut Outbox) {
        out.send(Event::Ended(self.told, Outcome::Stopped));
        if let Err(error) = self.driver.discard() {
            out.send(Event::Warning(error.into()));
        }
    }

    /// Ends it before its first step; what was autosaved of it before stays.
    pub fn cancel(self, out: &mut Outbox) {
        out.send(Event::Ended(self.told, Outcome::Stopped));
    }

    /// Ends it because something failed: what was learned is autosaved, if the device still gives it.
    pub fn stopped_by(mut self, reason: String, out: &mut Outbox) {
        let error = self.driver.stopped_by(reason);
        out.send(Event::Ended(
            self.told,
            Outcome::Failed(Failure::from(&error)),
        ));
    }

    /// Ends it because the program ends; where its weights are, if something was learned.
    pub fn close(self) -> Result<Option<PathBuf>, TrainingError> {
        self.driver.close()
    }

    /// Something more urgent has the worker: that is no time spent training.
    pub fn stand_aside(&mut self) {
        self.driver.stand_aside();
    }

    /// One slice of work.
    pub fn advance(&mut self, test_image: Option<&OpenedImage>, out: &mut Outbox) -> Slice {
        let (told, dataset) = (&mut self.told, self.dataset);
        let (mut learning, mut first) = (false, None);
        let advance = self.driver.advance(|news| {
            learning |= matches!(news, News::Training(_));
            if let Some(artifact) = tell(news, dataset, told, out) {
                first = Some(artifact);
            }
        });
        match advance {
            Ok(Advance::More) => {
                if let Some(artifact) = first {
                    return Slice::FirstModel(artifact);
                }
            }
            Ok(Advance::Finished(finished)) => {
                out.send(Event::Ended(self.told, Outcome::Done));
                return Slice::Finished(finished);
            }
            Err(error) => {
                out.send(Event::Ended(
                    self.told,
                    Outcome::Failed(Failure::from(&error)),
                ));
                return Slice::Failed(error);
            }
        }
        let is_due = learning && self.previewed_at.elapsed() >= PREVIEW_EVERY;
        if is_due && self.driver.phase() == Phase::Training {
            self.previewed_at = Instant::now();
            if let Err(error) = self.preview(test_image, out) {
                let error = self.driver.stopped_by(error.to_string());
                out.send(Event::Ended(
                    self.told,
                    Outcome::Failed(Failure::from(&error)),
                ));
                return Slice::Failed(error);
            }
        }
        Slice::More
    }

    fn preview(
        &self,
        test_image: Option<&OpenedImage>,
        out: &mut Outbox,
    ) -> Result<(), ComputeError> {
        let run = self.driver.run();
        let Some(trainer) = run.trainer() else {
            return Ok(());
        };
        let inputs = run.validation_inputs(PREVIEW_IMAGES);
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
}

/// Turns news into events, with the barriers around jobs; a first model is handed back.
fn tell(
    news: News<'_>,
    dataset: DatasetId,
    told: &mut Job,
    out: &mut Outbox,
) -> Option<Box<Artifact>> {
    let progress = |job, done, total| Event::Progress { job, done, total };
    match news {
        News::Loading { done, total } => out.offer(progress(Job::Loading, done, total)),
        News::Remembering { done, total } => {
            begin(Job::Features, told, out);
            out.offer(progress(Job::Features, done, total));
        }
        News::Loaded {
            broken,
            notes,
            depth,
            remembers,
            suspects,
        } => {
            if !broken.is_empty() {
                out.send(Event::BrokenFiles(
                    broken.iter().map(Broken::from).collect(),
                ));
            }
            if let Some(suspects) = suspects {
                out.send(found(dataset, suspects.clone(), depth));
            }
            for note in notes {
                out.send(Event::Warning(note.into()));
            }
            let next = if remembers {
                Job::Features
            } else {
                Job::Training
            };
            begin(next, told, out);
        }
        News::Features { done, total } => out.offer(progress(Job::Features, done, total)),
        News::FeaturesOver { first } => {
            begin(Job::Training, told, out);
            return first;
        }
        News::Training(status) => out.send(Event::Training(status.clone())),
        News::TrainingOver { ending, note } => {
            let outcome = match ending {
                Ending::Limit | Ending::TimeBudget | Ending::Settled => Outcome::Done,
                Ending::Requested => Outcome::Stopped,
                Ending::Diverged(reason) => {
                    Outcome::Failed(Failure::new(Cause::Diverged, reason.as_str()))
                }
            };
            if let Some(note) = &note {
                out.send(Event::Warning(note.into()));
            }
            out.send(Event::Ended(Job::Training, outcome));
            out.send(Event::Started(Job::Finishing));
            *told = Job::Finishing;
        }
        News::Measuring { done, total } => out.offer(progress(Job::Finishing, done, total)),
        News::Warning(note) => out.send(Event::Warning((&note).into())),
    }
    None
}

/// Goes on with another job, unless it is the same.
fn begin(job: Job, told: &mut Job, out: &mut Outbox) {
    if job != *told {
        out.send(Event::Ended(*told, Outcome::Done));
        out.send(Event::Started(job));
        *told = job;
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
