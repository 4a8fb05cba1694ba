//! Starting, stopping and advancing training.

use std::path::{Path, PathBuf};

use kizumi_compute::artifact::Artifact;
use kizumi_compute::device::Device;
use kizumi_compute::training_run::TrainingRun;
use kizumi_dataset::catalog::Catalog;
use kizumi_method::config::TrainingLimit;

use super::Worker;
use crate::message::{About, DatasetId, Event, ModelId, Outcome, TrainRequest};
use crate::outbox::Outbox;
use crate::training::{Slice, TrainingJob};

impl Worker {
    pub(super) fn train(&mut self, request: TrainRequest) -> Result<(), String> {
        let TrainRequest {
            model,
            dataset,
            plan,
            save_to,
        } = request;
        let seconds = plan.recipe.training.limit.seconds;
        self.begin_training((model, dataset), save_to, seconds, |catalog, device| {
            TrainingRun::new(catalog, plan, device)
        })
    }

    pub(super) fn resume_training(
        &mut self,
        of: ModelId,
        becomes: (ModelId, DatasetId),
        images: u64,
        save_to: Option<PathBuf>,
    ) -> Result<(), String> {
        let device = self.device()?.device;
        let model = self.the_model(of)?;
        let artifact = Artifact::from_bytes(&model.bytes, &device)?;
        let save_to = save_to.or_else(|| model.path.clone());
        self.begin_training(becomes, save_to, None, |catalog, device| {
            let more = TrainingLimit {
                images: Some(images),
                ..Default::default()
            };
            TrainingRun::resume(artifact, catalog, more, device)
        })
    }

    pub(super) fn begin_training(
        &mut self,
        (model, dataset): (ModelId, DatasetId),
        save_to: Option<PathBuf>,
        seconds: Option<f64>,
        run: impl FnOnce(&Catalog, &Device) -> Result<TrainingRun, String>,
    ) -> Result<(), String> {
        if self.training.is_some() {
            return Err("A model is being trained already.".into());
        }
        // Both tell their progress as calibrating.
        self.end_recalibration(Outcome::Stopped);
        self.end_tuning(Outcome::Stopped);
        let device = self.device()?.device;
        let open = self
            .dataset
            .as_ref()
            .ok_or("Open a folder of normal images first.")?;
        if open.id != dataset {
            return Err("Another data set was opened meanwhile.".into());
        }
        let run = run(&open.catalog, &device)?;
        let job = TrainingJob::new(run, model, save_to, seconds, &mut self.out);
        self.training = Some(job);
        Ok(())
    }

    pub(super) fn with_training(
        &mut self,
        act: impl FnOnce(&mut TrainingJob, &mut Outbox),
    ) -> Result<(), String> {
        if let Some(job) = &mut self.training {
            act(job, &mut self.out);
        }
        Ok(())
    }

    pub(super) fn stop_training(&mut self, keep: bool) -> Result<(), String> {
        self.end_recalibration(Outcome::Stopped);
        let Some(job) = &mut self.training else {
            return Ok(());
        };
        if !(keep && job.stop_and_keep())
            && let Some(job) = self.training.take()
        {
            job.end(Outcome::Stopped, &mut self.out);
            self.announce_model();
            self.refocus();
        }
        Ok(())
    }

    pub(super) fn advance_training(&mut self) {
        let Some(mut job) = self.training.take() else {
            return;
        };
        let test_image = self.image.as_ref().map(|image| image.opened());
        match job.advance(test_image, &mut self.out) {
            Slice::More => {
                self.training = Some(job);
                self.refocus();
            }
            Slice::Failed => self.refocus(),
            Slice::Finished(artifact) => {
                if let Err(reason) = self.keep_model(*artifact, &job) {
                    let about = About::Training(job.model());
                    self.out.send(Event::Failed { about, reason });
                }
            }
        }
    }

    pub(super) fn keep_model(
        &mut self,
        artifact: Artifact,
        job: &TrainingJob,
    ) -> Result<(), String> {
        let path = job.save_to().map(Path::to_path_buf);
        self.set_model(job.model(), artifact, None)?;
        if let Some(path) = path {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .map_err(|error| format!("{}: {error}", folder.display()))?;
            }
            self.save_model(job.model(), path)?;
            job.remove_autosave();
        }
        Ok(())
    }
}
