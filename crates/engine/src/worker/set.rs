//! Starting, suspending, stopping and advancing a run over many images.

use std::path::PathBuf;

use kizumi_image::stamp::Stamp;

use super::Worker;
use crate::message::{Denial, Event, Failure, Job, Outcome, SetId, SetRequest};
use crate::outbox::Outbox;
use crate::pace::Pace;
use crate::set::SetJob;

impl Worker {
    pub(super) fn inspect_set(&mut self, request: SetRequest) -> Result<(), Failure> {
        let detector = self.detector()?;
        if detector.lens.model != Some(request.model) {
            return Err(Denial::OtherModel.into());
        }
        let pace = Pace::of(&self.device()?.info);
        let job = SetJob::new(detector, request, pace)?;
        self.stop_set();
        self.out.send(Event::Started(Job::InspectingSet(job.id())));
        self.set = Some(job);
        Ok(())
    }

    pub(super) fn with_set(&mut self, id: SetId, act: impl FnOnce(&mut SetJob, &mut Outbox)) {
        if let Some(job) = self.set.as_mut().filter(|job| job.id() == id) {
            act(job, &mut self.out);
        }
    }

    pub(super) fn stop_set(&mut self) {
        self.end_set(Outcome::Stopped);
    }

    pub(super) fn end_set(&mut self, outcome: Outcome) {
        if let Some(job) = self.set.take() {
            job.finish(outcome, &mut self.out);
        }
    }

    /// Tells which of these files are not what they were, and which cannot be reached.
    pub(super) fn find_changed(&mut self, files: Vec<(PathBuf, Stamp)>) {
        let (mut changed, mut unreachable) = (Vec::new(), Vec::new());
        for (path, stamp) in files {
            match Stamp::of(&path) {
                Some(now) if now == stamp => {}
                Some(_) => changed.push((path, stamp)),
                None => unreachable.push((path, stamp)),
            }
        }
        self.out.send(Event::FilesFound {
            changed,
            unreachable,
        });
    }

    pub(super) fn advance_set(&mut self) {
        let Some(job) = &mut self.set else {
            return;
        };
        match job.advance(&mut self.out) {
            Ok(false) => {}
            Ok(true) => self.end_set(Outcome::Done),
            Err(error) => self.end_set(Outcome::Failed(error.into())),
        }
    }
}
