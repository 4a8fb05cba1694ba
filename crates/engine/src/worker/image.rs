//! The open image.

use super::Worker;
use crate::image::{Lens, OpenImage};
use crate::message::Event;
use crate::training::TrainingJob;
use kizumi_dataset::catalog::Entry;
use kizumi_image::picture::Picture;

impl Worker {
    pub(super) fn open_image(&mut self, entry: Entry) -> Result<(), String> {
        self.leave_image();
        let image = OpenImage::open(entry, self.lens()).map_err(|error| error.to_string())?;
        self.image = Some(image);
        self.announce_image();
        Ok(())
    }

    pub(super) fn repaint(
        &mut self,
        picture: Picture,
        mask: Picture,
        hole: Option<Picture>,
    ) -> Result<(), String> {
        let image = self.image.as_mut().ok_or("Open an image first.")?;
        image.repaint(picture, mask, hole)?;
        self.leave_image();
        self.announce_image();
        Ok(())
    }

    pub(super) fn open_source(&mut self) -> Result<(), String> {
        let image = self.image.as_ref().ok_or("Open an image first.")?;
        let source = image.source().map_err(|error| error.to_string())?;
        self.out.send(Event::SourceOpened(Box::new(source)));
        Ok(())
    }

    pub(super) fn announce_image(&mut self) {
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
                data: artifact.header.data.clone(),
                channels: Some(artifact.header.network.channels),
                ignored: artifact.ignored.clone(),
            }
        });
        in_training.or(model).unwrap_or_default()
    }

    /// Prepares the open image anew when another network sees it differently.
    pub(super) fn refocus(&mut self) -> Result<(), String> {
        let lens = self.lens();
        let Some(image) = &mut self.image else {
            return Ok(());
        };
        if !image.looks_alike_through(&lens) {
            let entry = image.opened().entry.clone();
            self.image = None;
            return self.open_image(entry);
        }
        if image.ignore(lens.ignored) {
            self.leave_image();
            self.announce_image();
        }
        Ok(())
    }
}
