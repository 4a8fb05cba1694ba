//! The model that the one at hand is compared with: it is kept as it was, and projects images by itself.

use std::sync::Arc;

use kizumi_compute::artifact::Artifact;
use kizumi_dataset::catalog::Entry;
use kizumi_method::maker::ModelMark;

use super::{Doing, Worker};
use crate::detector::Detector;
use crate::image::{Lens, OpenImage};
use crate::message::{Denial, Event, Failure, Job, ModelId, Outcome, RunId, RunRequest};
use crate::projection::ProjectionJob;

/// A model that was put aside, on the host; on the device once it is used.
pub(super) struct Rival {
    id: ModelId,
    mark: ModelMark,
    bytes: Vec<u8>,
    artifact: Option<Artifact>,
    wanted: Option<(RunRequest, Entry)>,
    job: Option<ProjectionJob>,
}

impl Rival {
    /// Whether it has something to do.
    pub(super) fn is_at_work(&self) -> bool {
        self.wanted.is_some() || self.job.is_some()
    }
}

impl Worker {
    /// Keeps the model in memory, whatever takes its place.
    pub(super) fn keep_rival(&mut self, id: ModelId) -> Result<(), Failure> {
        let model = self.the_model(id)?;
        let rival = Rival {
            id,
            mark: model.mark,
            bytes: model.bytes.clone(),
            artifact: None,
            wanted: None,
            job: None,
        };
        self.drop_rival();
        self.rival = Some(rival);
        Ok(())
    }

    pub(super) fn drop_rival(&mut self) {
        self.end_rival(&Outcome::Stopped);
        self.rival = None;
    }

    pub(super) fn project_by_rival(
        &mut self,
        request: RunRequest,
        entry: Entry,
    ) -> Result<(), Failure> {
        let asked = request.ticket.model;
        if self.rival.as_ref().is_none_or(|rival| rival.id != asked) {
            return Err(Denial::NoRival.into());
        }
        request.projection.validate()?;
        request.map.validate()?;
        self.end_rival(&Outcome::Stopped);
        if let Some(rival) = &mut self.rival {
            rival.wanted = Some((request, entry));
        }
        Ok(())
    }

    /// Ends what it is at.
    pub(super) fn end_rival(&mut self, outcome: &Outcome) {
        let Some(rival) = &mut self.rival else { return };
        let wanted = rival.wanted.take().map(|(request, _)| request.ticket.run);
        let running = rival.job.take().map(|job| job.ticket().run);
        for run in [wanted, running].into_iter().flatten() {
            self.rival_ended(run, outcome.clone());
        }
    }

    /// The device has changed, or is lost: it comes from the host again.
    pub(super) fn forget_rival_tensors(&mut self, outcome: &Outcome) {
        self.end_rival(outcome);
        if let Some(rival) = &mut self.rival {
            rival.artifact = None;
        }
    }

    fn rival_ended(&mut self, run: RunId, outcome: Outcome) {
        self.out.send(Event::Ended(Job::Projecting(run), outcome));
    }

    pub(super) fn advance_rival(&mut self) {
        let Some(rival) = &mut self.rival else { return };
        if let Some((request, entry)) = rival.wanted.take() {
            let run = request.ticket.run;
            if let Err(reason) = self.begin_rival(request, entry) {
                self.rival_ended(run, Outcome::Failed(reason));
            }
        } else if let Some(job) = &mut rival.job {
            let run = job.ticket().run;
            match job.advance(&mut self.out) {
                Ok(()) if job.is_running() => {}
                Ok(()) => rival.job = None,
                Err(reason) => {
                    rival.job = None;
                    self.rival_ended(run, Outcome::Failed(reason.into()));
                }
            }
        }
    }

    fn begin_rival(&mut self, request: RunRequest, entry: Entry) -> Result<(), Failure> {
        let device = self.device()?.device;
        self.begin(Doing::Rival);
        let Some(rival) = &mut self.rival else {
            return Ok(());
        };
        if rival.artifact.is_none() {
            rival.artifact = Some(Artifact::from_bytes(&rival.bytes, &device)?);
        }
        let Some(artifact) = &rival.artifact else {
            return Ok(());
        };
        let lens = Lens {
            model: Some(rival.id),
            data: artifact.header.data.clone(),
            channels: Some(artifact.header.network.channels),
            ignored: artifact.ignored.clone(),
            memories: artifact.memories.clone(),
        };
        let detector = Detector {
            network: artifact.network.clone(),
            mark: rival.mark,
            calibration: artifact.header.calibration.clone().map(Arc::new),
            lens: lens.clone(),
        };
        let image = OpenImage::open(request.ticket.image, entry, lens)?;
        let subject = image.subject();
        super::projecting::can_be_watched(&detector, &subject.picture)?;
        let opened = Box::new(image.opened().clone());
        self.out.send(Event::RivalOpened(opened));
        let job = ProjectionJob::start(&detector, subject, request, &mut self.out)?;
        rival.job = Some(job);
        Ok(())
    }
}
