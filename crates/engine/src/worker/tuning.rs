//! Choosing the settings of the model in memory.

use std::time::{Duration, Instant};

use super::Worker;
use crate::message::{Event, Job, Outcome};
use kizumi_compute::tuning::{Tuning, TuningOptions};

/// After this the best so far is compared with the settings as they are, which takes a while, too.
const SEARCH_TIME: Duration = Duration::from_secs(240);

/// A search in the making.
pub(super) struct TuningJob {
    tuning: Tuning,
    started: Instant,
    /// Trials that were told.
    told: usize,
}

impl Worker {
    pub(super) fn tune(&mut self) -> Result<(), String> {
        if self.training.is_some() {
            return Err("A model is being trained; its settings can be tuned after that.".into());
        }
        let model = self.model.as_ref().ok_or("Train or open a model first.")?;
        let catalog = self
            .catalog
            .as_ref()
            .ok_or("Open the data set that the model was trained on first.")?;
        let tuning = Tuning::new(&model.artifact, catalog, TuningOptions::default())?;
        self.end_tuning(Outcome::Stopped);
        self.out.send(Event::Started(Job::Tuning));
        self.tuning = Some(TuningJob {
            tuning,
            started: Instant::now(),
            told: 0,
        });
        Ok(())
    }

    /// Ends it; the model is as it was.
    pub(super) fn end_tuning(&mut self, outcome: Outcome) {
        if self.tuning.take().is_some() {
            self.out.send(Event::Ended(Job::Tuning, outcome));
        }
    }

    pub(super) fn advance_tuning(&mut self) {
        let Some(job) = &mut self.tuning else {
            return;
        };
        if job.started.elapsed() > SEARCH_TIME {
            job.tuning.hurry();
        }
        match job.tuning.step() {
            Ok(None) => {
                let news = job.tuning.tried().get(job.told..).unwrap_or_default();
                if !news.is_empty() {
                    job.told += news.len();
                    self.out.send(Event::Tried(news.to_vec()));
                }
                let (done, total) = job.tuning.progress();
                self.out.offer(Event::Progress {
                    job: Job::Tuning,
                    done,
                    total,
                });
            }
            Ok(Some(result)) => {
                self.out.send(Event::Tuned(Box::new(result)));
                self.end_tuning(Outcome::Done);
            }
            Err(error) => self.end_tuning(Outcome::Failed(error.to_string())),
        }
    }
}
