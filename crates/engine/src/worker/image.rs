//! The open image.

use std::path::Path;

use kizumi_dataset::catalog::Entry;
use kizumi_image::file_error::FileError;
use kizumi_image::picture::Picture;
use kizumi_image::source::open_photograph;
use kizumi_method::config::DataConfig;

use super::{Doing, Worker};
use crate::image::{Lens, OpenImage};
use crate::message::{About, Denial, Event, Failure, ImageId, OpenedImage, Refused, RunRequest};
use crate::training::TrainingJob;

impl Worker {
    pub(super) fn open_image(
        &mut self,
        id: ImageId,
        entry: Entry,
        then: Option<RunRequest>,
    ) -> Result<(), Failure> {
        self.begin(Doing::Image);
        let lens = self.lens();
        let (path, config) = (entry.path.clone(), lens.data.clone());
        let image = match OpenImage::open(id, entry, lens) {
            Ok(image) => image,
            Err(error) => return Err(self.refuse(id, &path, &config, error)),
        };
        self.leave_image();
        self.image = Some(image);
        self.announce_image();
        if let Some(request) = then {
            self.want_projection(request);
        }
        Ok(())
    }

    /// Shows a photograph that cannot be opened, where it can be read at all.
    fn refuse(
        &mut self,
        image: ImageId,
        path: &Path,
        config: &DataConfig,
        error: FileError,
    ) -> Failure {
        let reason = Failure::from(error);
        if let Ok(photograph) = open_photograph(path, config) {
            self.out.send(Event::ImageRefused(Box::new(Refused {
                image,
                path: path.to_owned(),
                photograph,
                reason: reason.clone(),
            })));
        }
        reason
    }

    pub(super) fn repaint(
        &mut self,
        (of, becomes): (ImageId, ImageId),
        picture: Picture,
        mask: Picture,
        hole: Option<Picture>,
    ) -> Result<(), Failure> {
        let image = self.image.as_mut().ok_or(Denial::NoImage)?;
        if image.opened().id != of {
            return Err(Denial::OtherImage.into());
        }
        image.repaint(becomes, picture, mask, hole)?;
        self.leave_image();
        self.announce_image();
        Ok(())
    }

    pub(super) fn open_source(&mut self, id: ImageId) -> Result<(), Failure> {
        let image = self.image.as_ref().ok_or(Denial::NoImage)?;
        // Of an image that was left nobody wants to see more.
        if image.opened().id == id {
            let source = image.source()?;
            self.out.send(Event::SourceOpened(Box::new(source)));
        }
        Ok(())
    }

    pub(super) fn read_truth(&mut self, id: ImageId, entry: Entry) -> Result<(), Failure> {
        let image = self.image.as_mut().ok_or(Denial::NoImage)?;
        if image.opened().id == id {
            let truth = image.read_truth(entry);
            self.out.send(Event::TruthRead(Box::new(truth)));
        }
        Ok(())
    }

    fn announce_image(&mut self) {
        if let Some(image) = &self.image {
            let opened = Box::new(image.opened().clone());
            self.out.send(Event::ImageOpened(opened));
        }
    }

    /// Ends what was computed of the open image, because it changes.
    pub(super) fn leave_image(&mut self) {
        self.cancel_projection();
        self.projection = None;
        self.cancel_sheet();
    }

    /// How the network at hand sees images: the one in training before the one in memory.
    pub(super) fn lens(&self) -> Lens {
        let in_training = self.training.as_ref().and_then(TrainingJob::lens);
        let model = self.model.as_ref().map(|model| {
            let artifact = &model.artifact;
            Lens {
                model: Some(model.id),
                data: artifact.header.data.clone(),
                channels: Some(artifact.header.network.channels),
                ignored: artifact.ignored.clone(),
                memories: artifact.memories.clone(),
            }
        });
        in_training.or(model).unwrap_or_default()
    }

    /// Tells how the network at hand sees the open image, when that is another one than before; the
    /// file is read again if it sees other pixels.
    pub(super) fn refocus(&mut self) {
        self.begin(Doing::Refocusing);
        let lens = self.lens();
        let Some(image) = &mut self.image else {
            return;
        };
        let OpenedImage { id, model, .. } = *image.opened();
        if model == lens.model {
            return;
        }
        if image.looks_alike_through(&lens) {
            image.look_through(lens);
        } else {
            match OpenImage::open(id, image.opened().entry.clone(), lens) {
                Ok(again) => *image = again,
                Err(error) => {
                    self.leave_image();
                    self.image = None;
                    let (about, reason) = (About::Image(id), error.into());
                    self.out.send(Event::Failed { about, reason });
                    return;
                }
            }
        }
        self.leave_image();
        self.announce_image();
    }
}
