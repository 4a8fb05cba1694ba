//! Starting, stopping and advancing training.

use std::path::PathBuf;

use kizumi_compute::artifact::Artifact;
use kizumi_compute::device::Device;
use kizumi_compute::refusal::Refusal;
use kizumi_compute::training::keeping::Keeping;
use kizumi_compute::training::news::{Finished, Kept, TrainingError};
use kizumi_compute::training::run::TrainingRun;
use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::exclusions::Exclusions;
use kizumi_method::config::TrainingLimit;

use super::{Doing, Model, Worker};
use crate::message::{
    About, DatasetId, Denial, Event, Failure, ModelId, Outcome, TrainRequest, Waiting,
};
use crate::outbox::Outbox;
use crate::training::{Slice, TrainingJob};

impl Worker {
    pub(super) fn train(&mut self, request: TrainRequest) -> Result<(), Failure> {
        let TrainRequest {
            model,
            dataset,
            excluded,
            plan,
            save_to,
        } = request;
        self.begin_training(
            (model, dataset),
            |catalog, device| TrainingRun::new(&catalog.without(&excluded), plan, device),
            || save_to.map(|path| Keeping::new(&path)).transpose(),
        )
    }

    pub(super) fn resume_training(
        &mut self,
        of: ModelId,
        becomes: (ModelId, DatasetId),
        exclusions: &Exclusions,
        images: u64,
        save_to: Option<PathBuf>,
    ) -> Result<(), Failure> {
        let device = self.device()?.device;
        let model = self.the_model(of)?;
        let mut artifact = Artifact::from_bytes(&model.bytes, &device)?;
        artifact.header.dataset.take_back(&exclusions.taken_back);
        let start = model.path.clone();
        let save_to = save_to.or_else(|| start.clone());
        let keep = |path: PathBuf| -> anyhow::Result<Keeping> {
            let keeping = Keeping::new(&path)?;
            Ok(match &start {
                Some(start) => keeping.further(start),
                None => keeping,
            })
        };
        let more = TrainingLimit {
            images: Some(images),
            ..Default::default()
        };
        self.begin_training(
            becomes,
            |catalog, device| {
                let catalog = catalog.without(&exclusions.excluded);
                TrainingRun::resume(artifact, &catalog, more, device)
            },
            || save_to.map(keep).transpose(),
        )
    }

    /// Begins a training on the data set that is open. `keep` is asked for its files last, when nothing
    /// else can be refused.
    pub(super) fn begin_training(
        &mut self,
        (model, dataset): (ModelId, DatasetId),
        run: impl FnOnce(&Catalog, &Device) -> Result<TrainingRun, Refusal>,
        keep: impl FnOnce() -> anyhow::Result<Option<Keeping>>,
    ) -> Result<(), Failure> {
        if self.training.is_some() {
            return Err(Denial::WhileTraining(Waiting::Training).into());
        }
        let device = self.device()?.device;
        let open = self.dataset.as_ref().ok_or(Denial::NoFolder)?;
        if open.id != dataset {
            return Err(Denial::OtherFolder.into());
        }
        let catalog = &open.catalog;
        let run = run(catalog, &device)?;
        let keeping = keep()?;
        let keeping = keeping.map(|keeping| keeping.or_in(self.spare_models.clone()));
        // It comes with the training.
        self.end_suspects(Outcome::Stopped);
        // One measures the model that is replaced, the other chooses its settings.
        self.end_recalibration(Outcome::Stopped);
        self.end_tuning(Outcome::Stopped);
        self.training = Some(TrainingJob::new(
            run,
            (model, dataset),
            keeping,
            &mut self.out,
        ));
        Ok(())
    }

    pub(super) fn with_training(
        &mut self,
        act: impl FnOnce(&mut TrainingJob, &mut Outbox),
    ) -> Result<(), Failure> {
        if let Some(job) = &mut self.training {
            act(job, &mut self.out);
        }
        Ok(())
    }

    /// Ends training. With `keep` the normal images are measured and the model is saved; before its first
    /// step there is nothing to keep.
    pub(super) fn stop_training(&mut self, keep: bool) {
        let Some(mut job) = self.training.take() else {
            return;
        };
        if !keep {
            job.discard(&mut self.out);
            self.return_to_earlier();
        } else if !job.has_model() {
            job.cancel(&mut self.out);
        } else {
            job.stop_and_keep();
            self.training = Some(job);
            return;
        }
        self.announce_model();
        self.refocus();
    }

    pub(super) fn advance_training(&mut self) {
        let Some(job) = &mut self.training else {
            return;
        };
        let model = job.model();
        let test_image = self.image.as_ref().map(|image| image.opened());
        match job.advance(test_image, &mut self.out) {
            Slice::More => self.refocus(),
            Slice::FirstModel(artifact) => self.adopt_first(model, *artifact),
            Slice::Failed(error) => {
                self.training = None;
                self.training_came_to_nothing();
                if error.panicked && self.computes_on_gpu() {
                    self.device_failed(&error.reason);
                }
                self.refocus();
            }
            Slice::Finished(finished) => {
                self.training = None;
                self.doing = Doing::Device;
                if let Err(reason) = self.adopt(model, *finished) {
                    let about = About::Training(model);
                    self.out.send(Event::Failed { about, reason });
                }
            }
        }
    }

    /// Takes over what a training can tell by features alone while it goes on. The model from before comes
    /// back if the training is discarded.
    fn adopt_first(&mut self, id: ModelId, artifact: Artifact) {
        let earlier = self.model.take();
        let bytes = artifact.to_bytes().map_err(Failure::from);
        let mark = artifact.mark().map_err(Failure::from);
        match (bytes, mark) {
            (Ok(bytes), Ok(mark)) => {
                self.replace_model(Model {
                    id,
                    artifact,
                    path: None,
                    bytes,
                    mark,
                });
                self.earlier = Some(earlier);
            }
            (Err(reason), _) | (_, Err(reason)) => {
                self.model = earlier;
                let about = About::Training(id);
                self.out.send(Event::Failed { about, reason });
            }
        }
        self.refocus();
    }

    /// A training has failed: the model from before it comes back. Where there was none, what tells by
    /// features stays.
    pub(super) fn training_came_to_nothing(&mut self) {
        if let Some(Some(_)) = self.earlier {
            self.return_to_earlier();
            self.announce_model();
        }
        self.earlier = None;
    }

    /// Back to what was there before a training that came to nothing.
    fn return_to_earlier(&mut self) {
        if let Some(earlier) = self.earlier.take() {
            self.leave_model();
            self.model = earlier;
        }
    }

    /// Takes a finished model over. It is in its file already: what comes now may fail.
    fn adopt(&mut self, id: ModelId, finished: Finished) -> Result<(), Failure> {
        let Finished {
            artifact,
            bytes,
            saved,
            ..
        } = finished;
        let path = match &saved {
            Ok(path) => path.clone(),
            Err(TrainingError {
                kept: Some(Kept::Model(path)),
                ..
            }) => Some(path.clone()),
            Err(_) => None,
        };
        let mark = artifact.mark()?;
        self.earlier = None;
        self.replace_model(Model {
            id,
            artifact,
            path: path.clone(),
            bytes,
            mark,
        });
        if let Some(path) = path {
            self.out.send(Event::ModelSaved { model: id, path });
        }
        if let Err(error) = saved {
            let reason = match error.kept {
                Some(_) => error.to_string(),
                None => format!("{error}; the model is in memory alone: save it elsewhere"),
            }
            .into();
            let about = About::Saving(id);
            self.out.send(Event::Failed { about, reason });
        }
        self.refocus();
        self.warm_up()
    }
}
