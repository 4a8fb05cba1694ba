//! Choosing the settings of the model in memory.

use std::time::{Duration, Instant};

use kizumi_compute::tuning::{Tuning, TuningOptions};

use super::Worker;
use crate::message::{Denial, Event, Failure, Job, ModelId, Outcome, TuningId, Waiting};

/// After this the best so far is compared with the settings as they are, which takes a while, too.
const SEARCH_TIME: Duration = Duration::from_secs(240);

/// A search in the making.
pub(super) struct TuningJob {
    pub(super) id: TuningId,
    tuning: Tuning,
    started: Instant,
    /// Trials that were told.
    told: usize,
}

impl Worker {
    pub(super) fn tune(&mut self, of: ModelId, id: TuningId) -> Result<(), Failure> {
        if self.training.is_some() {
            return Err(Denial::WhileTraining(Waiting::Tuning).into());
        }
        let model = self.the_model(of)?;
        let dataset = self.dataset.as_ref().ok_or(Denial::NoDataOfModel)?;
        let options = TuningOptions::default();
        let tuning = Tuning::new(&model.artifact, &dataset.catalog, options)?;
        self.end_tuning(Outcome::Stopped);
        self.out.send(Event::Started(Job::Tuning(id)));
        self.tuning = Some(TuningJob {
            id,
            tuning,
            started: Instant::now(),
            told: 0,
        });
        Ok(())
    }

    /// Ends it; the model is as it was.
    pub(super) fn end_tuning(&mut self, outcome: Outcome) {
        if let Some(job) = self.tuning.take() {
            self.out.send(Event::Ended(Job::Tuning(job.id), outcome));
        }
    }

    pub(super) fn advance_tuning(&mut self) {
        let Some(job) = &mut self.tuning else {
            return;
        };
        if job.started.elapsed() > SEARCH_TIME {
            job.tuning.hurry();
        }
        let tuning = job.id;
        match job.tuning.step() {
            Ok(None) => {
                let news = job.tuning.tried().get(job.told..).unwrap_or_default();
                if !news.is_empty() {
                    job.told += news.len();
                    let trials = news.to_vec();
                    self.out.send(Event::Tried { tuning, trials });
                }
                let (done, total) = job.tuning.progress();
                self.out.offer(Event::Progress {
                    job: Job::Tuning(tuning),
                    done,
                    total,
                });
            }
            Ok(Some(result)) => {
                let result = Box::new(result);
                self.out.send(Event::Tuned { tuning, result });
                self.end_tuning(Outcome::Done);
            }
            Err(error) => self.end_tuning(Outcome::Failed(error.into())),
        }
    }
}
