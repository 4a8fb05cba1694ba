//! Measuring the held-out normals of the model in memory again.

use kizumi_compute::recalibration::Recalibration;
use kizumi_method::config::{MapConfig, ProjectionConfig};

use super::Worker;
use crate::message::{About, Denial, Event, Failure, Job, ModelId, Outcome, Waiting};

impl Worker {
    pub(super) fn recalibrate(
        &mut self,
        of: ModelId,
        becomes: ModelId,
        projection: ProjectionConfig,
        map: MapConfig,
    ) -> Result<(), Failure> {
        if self.training.is_some() {
            return Err(Denial::WhileTraining(Waiting::Calibrating).into());
        }
        let model = self.the_model(of)?;
        let dataset = self.dataset.as_ref().ok_or(Denial::NoDataOfModel)?;
        let run = Recalibration::new(&model.artifact, &dataset.catalog, projection, map)?;
        self.end_recalibration(Outcome::Stopped);
        self.out.send(Event::Started(Job::Calibrating));
        self.recalibration = Some((run, becomes));
        Ok(())
    }

    /// Ends it; the calibration from before stays.
    pub(super) fn end_recalibration(&mut self, outcome: Outcome) {
        if self.recalibration.take().is_some() {
            self.out.send(Event::Ended(Job::Calibrating, outcome));
        }
    }

    pub(super) fn advance_recalibration(&mut self) {
        let Some((run, becomes)) = &mut self.recalibration else {
            return;
        };
        let becomes = *becomes;
        match run.step() {
            Ok(None) => {
                let (done, total) = run.progress();
                self.out.offer(Event::Progress {
                    job: Job::Calibrating,
                    done,
                    total,
                });
            }
            Ok(Some(made)) => {
                self.end_recalibration(Outcome::Done);
                let changed = self.change_model(becomes, |artifact| artifact.recalibrated(made));
                if let Err(reason) = changed {
                    let about = About::Model(becomes);
                    self.out.send(Event::Failed { about, reason });
                }
            }
            Err(error) => self.end_recalibration(Outcome::Failed(error.into())),
        }
    }
}
