//! Starting, cancelling and advancing projections.

use std::sync::Arc;

use super::Worker;
use crate::detector::Detector;
use crate::message::{Event, Job, Outcome};
use crate::projection::ProjectionJob;
use crate::training::TrainingJob;
use kizumi_compute::tiling::Tiling;
use kizumi_image::picture::Picture;
use kizumi_method::config::{MapConfig, ProjectionConfig};

/// The most tiles whose iterates are all held at once: a few gigabytes.
const WATCHED_TILES: usize = 1024;

/// # Errors
/// That the picture has too many tiles to see all of them at every iteration, and what to do.
fn can_be_watched(detector: &Detector, picture: &Picture) -> Result<(), String> {
    let size = detector.network.config.size_px;
    let (width, height) = (picture.width, picture.height);
    // One that is too small is refused when its projection begins.
    let tiles = match width.min(height) >= size {
        true => Tiling::new(height, width, size).len(),
        false => 1,
    };
    if tiles > WATCHED_TILES {
        return Err(format!(
            "{width} x {height} pixels are {tiles} tiles, too many to watch (at most \
             {WATCHED_TILES}). Inspect it with others under Review or with `kizumi inspect`, or \
             train with a smaller texture side."
        ));
    }
    Ok(())
}

impl Worker {
    pub(super) fn want_projection(
        &mut self,
        config: ProjectionConfig,
        map: MapConfig,
    ) -> Result<(), String> {
        config.validate()?;
        map.validate()?;
        self.cancel_projection();
        // Begun in the next slice: of many requests in a row only the last one is computed.
        self.wanted = Some((config, map));
        Ok(())
    }

    pub(super) fn cancel_projection(&mut self) {
        self.wanted = None;
        if let Some(job) = &mut self.projection {
            job.cancel(&mut self.out);
        }
    }

    pub(super) fn advance_projection(&mut self) {
        let outcome = match self.wanted.take() {
            Some((config, map)) => self.begin_projection(config, map),
            None => match &mut self.projection {
                Some(job) => job
                    .advance(&mut self.out)
                    .map_err(|error| error.to_string()),
                None => Ok(()),
            },
        };
        if let Err(reason) = outcome {
            if self.projection.take().is_some_and(|job| job.is_running()) {
                let outcome = Outcome::Failed(reason);
                self.out.send(Event::Ended(Job::Projecting, outcome));
            } else {
                self.out.send(Event::Failed(reason));
            }
        }
    }

    pub(super) fn begin_projection(
        &mut self,
        config: ProjectionConfig,
        map: MapConfig,
    ) -> Result<(), String> {
        self.projection = None;
        let image = self.image.as_ref().ok_or("Open an image first.")?;
        let subject = image.subject();
        let detector = self.detector()?;
        can_be_watched(&detector, &subject.picture)?;
        let job = ProjectionJob::start(&detector, subject, config, map, &mut self.out);
        self.projection = Some(job.map_err(|error| error.to_string())?);
        Ok(())
    }

    /// The network at hand: the one in training before the one in memory.
    pub(super) fn detector(&self) -> Result<Detector, String> {
        let model = self.model.as_ref().map(|model| &model.artifact);
        let in_training = self.training.as_ref().and_then(TrainingJob::network);
        // The threshold belongs to a finished network, not to one that still changes.
        let calibration = model.and_then(|model| model.header.calibration.as_ref());
        let stop_threshold = match in_training {
            Some(_) => 0.0,
            None => calibration.map_or(0.0, |calibration| calibration.stop_threshold),
        };
        Ok(Detector {
            network: in_training
                .or_else(|| Some(model?.network.clone()))
                .ok_or("Train or open a model first.")?,
            lens: self.lens(),
            stop_threshold,
            calibration: calibration.cloned().map(Arc::new),
        })
    }
}
