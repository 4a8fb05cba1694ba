//! Regions that the model leaves out.

use super::Worker;
use crate::image::{binary, fits, mapped};
use kizumi_image::picture::Picture;
use kizumi_method::config::Mode;

impl Worker {
    pub(super) fn set_ignored(&mut self, mask: Option<Picture>) -> Result<(), String> {
        if self.training.is_some() {
            return Err("Regions cannot be ignored while a model is being trained.".into());
        }
        let model = self.model.as_ref().ok_or("Train or open a model first.")?;
        let header = &model.artifact.header;
        let ignored = match mask {
            Some(mask) => usable(mask, header.data.mode, header.network.size_px)?,
            None => None,
        };
        self.leave_model();
        self.change_model(|artifact| artifact.set_ignored(ignored.clone()))?;
        if let Some(image) = &mut self.image {
            image.ignore(ignored);
            self.announce_image();
        }
        Ok(())
    }
}

/// The mask in zeros and ones; `None` when it ignores nothing.
fn usable(mask: Picture, mode: Mode, size_px: usize) -> Result<Option<Picture>, String> {
    if mode == Mode::Texture {
        return Err(
            "Only a model of whole images can ignore regions: a texture has no fixed places."
                .into(),
        );
    }
    fits(&mask, "mask", (1, size_px, size_px))?;
    let mask = mapped(mask, binary);
    if mask.pixels.iter().all(|value| *value == 1.0) {
        return Err("At least one pixel must not be ignored.".into());
    }
    Ok(Some(mask).filter(|mask| mask.max() > 0.0))
}
