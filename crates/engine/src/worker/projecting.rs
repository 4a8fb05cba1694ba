//! Starting, cancelling and advancing projections.

use std::sync::Arc;

use kizumi_compute::memories::Memories;
use kizumi_compute::tiling::Tiling;
use kizumi_image::picture::Picture;
use kizumi_method::maker::ModelMark;

use super::Worker;
use crate::detector::Detector;
use crate::message::{Denial, Event, Failure, ImageId, Job, ModelId, Outcome, RunId, RunRequest};
use crate::projection::ProjectionJob;

/// The most tiles whose iterates are all held at once: a few gigabytes.
const WATCHED_TILES: usize = 1024;

/// # Errors
/// That the picture has too many tiles to see all of them at every iteration, and what to do.
pub(super) fn can_be_watched(detector: &Detector, picture: &Picture) -> Result<(), Denial> {
    let size = detector.network.config.size_px;
    let (width, height) = (picture.width, picture.height);
    // One that is too small is refused when its projection begins.
    let tiles = match width.min(height) >= size {
        true => Tiling::new(height, width, size).len(),
        false => 1,
    };
    if tiles > WATCHED_TILES {
        return Err(Denial::TooManyTiles {
            picture_px: (width, height),
            tiles,
            most: WATCHED_TILES,
        });
    }
    Ok(())
}

impl Worker {
    pub(super) fn want_projection(&mut self, request: RunRequest) {
        // Begun in the next slice: of many requests in a row only the last one is computed.
        let skipped = self.wanted.replace(request);
        if let Some(skipped) = skipped.filter(|skipped| skipped.ticket != request.ticket) {
            self.end_projection(skipped.ticket.run, Outcome::Stopped);
        }
        if let Some(job) = &mut self.projection
            && job.ticket() != request.ticket
        {
            job.cancel(&mut self.out);
        }
    }

    pub(super) fn cancel_projection(&mut self) {
        if let Some(request) = self.wanted.take() {
            self.end_projection(request.ticket.run, Outcome::Stopped);
        }
        if let Some(job) = &mut self.projection {
            job.cancel(&mut self.out);
        }
    }

    /// Ends it without looking at its tensors once more.
    pub(super) fn abandon_projection(&mut self, outcome: &Outcome) {
        if let Some(request) = self.wanted.take() {
            self.end_projection(request.ticket.run, outcome.clone());
        }
        if let Some(job) = self.projection.take().filter(ProjectionJob::is_running) {
            self.end_projection(job.ticket().run, outcome.clone());
        }
    }

    fn end_projection(&mut self, run: RunId, outcome: Outcome) {
        self.out.send(Event::Ended(Job::Projecting(run), outcome));
    }

    pub(super) fn advance_projection(&mut self) {
        let wanted = self.wanted.take();
        let working = self.projection.as_ref().map(ProjectionJob::ticket);
        let Some(ticket) = wanted.map(|request| request.ticket).or(working) else {
            return;
        };
        let outcome = match (wanted, &mut self.projection) {
            (Some(request), Some(job)) if job.ticket() == ticket => job
                .extend(request.projection.iterations, &mut self.out)
                .map_err(Failure::from),
            (Some(request), _) => self.begin_projection(request),
            (None, Some(job)) => job.advance(&mut self.out).map_err(Failure::from),
            (None, None) => Ok(()),
        };
        if let Err(reason) = outcome {
            self.projection = None;
            self.end_projection(ticket.run, Outcome::Failed(reason));
        }
    }

    fn begin_projection(&mut self, request: RunRequest) -> Result<(), Failure> {
        self.projection = None;
        request.projection.validate()?;
        request.map.validate()?;
        let image = self.image.as_ref().ok_or(Denial::NoImage)?;
        let detector = self.detector()?;
        if !self.is_at_hand(request.ticket.image, request.ticket.model) {
            self.end_projection(request.ticket.run, Outcome::Stopped);
            return Ok(());
        }
        let subject = image.subject();
        can_be_watched(&detector, &subject.picture)?;
        let job = ProjectionJob::start(&detector, subject, request, &mut self.out);
        self.projection = Some(job?);
        Ok(())
    }

    /// Whether this image is open and this network the one that would look at it. A request about
    /// others came too late.
    pub(super) fn is_at_hand(&self, image: ImageId, model: ModelId) -> bool {
        let opened = self.image.as_ref().map(|image| image.opened());
        opened.is_some_and(|opened| opened.id == image && opened.model == Some(model))
            && self.lens().model == Some(model)
    }

    /// The network at hand: the one in training before the one in memory. What was measured of a
    /// finished network says nothing about one that still changes.
    pub(super) fn detector(&self) -> Result<Detector, Failure> {
        let lens = self.lens();
        if let Some(training) = &self.training
            && let Some(network) = training.network()
        {
            // What is told by features alone does not change while the network learns.
            let memories = lens.memories.as_ref();
            let calibration = training.first_calibration().cloned();
            return Ok(Detector {
                network,
                mark: ModelMark {
                    memory: memories.map(Memories::fingerprint).unwrap_or_default(),
                    features_only: memories.is_some(),
                    regions: ModelMark::regions_of(lens.ignored.as_ref()),
                    ..ModelMark::default()
                },
                calibration: calibration.map(Arc::new),
                lens,
            });
        }
        let model = self.model.as_ref().ok_or(Denial::NoModel)?;
        let calibration = model.artifact.header.calibration.clone();
        Ok(Detector {
            network: model.artifact.network.clone(),
            lens,
            mark: model.mark,
            calibration: calibration.map(Arc::new),
        })
    }
}
