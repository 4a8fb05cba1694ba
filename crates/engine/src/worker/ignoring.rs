//! Regions that the model leaves out.

use kizumi_image::picture::Picture;
use kizumi_method::config::Mode;

use super::Worker;
use crate::image::{binary, fits, mapped};
use crate::message::{Denial, Failure, ModelId, Waiting};

impl Worker {
    pub(super) fn set_ignored(
        &mut self,
        of: ModelId,
        becomes: ModelId,
        mask: Option<Picture>,
    ) -> Result<(), Failure> {
        if self.training.is_some() {
            return Err(Denial::WhileTraining(Waiting::Regions).into());
        }
        let header = &self.the_model(of)?.artifact.header;
        let ignored = match mask {
            Some(mask) => usable(mask, header.data.mode, header.network.size_px)?,
            None => None,
        };
        self.leave_model();
        self.change_model(becomes, |artifact| artifact.set_ignored(ignored))
    }
}

/// The mask in zeros and ones; `None` when it ignores nothing.
fn usable(mask: Picture, mode: Mode, size_px: usize) -> Result<Option<Picture>, Denial> {
    if mode == Mode::Texture {
        return Err(Denial::RegionsOfTexture);
    }
    fits(&mask, (1, size_px, size_px))?;
    let mask = mapped(mask, binary);
    if mask.pixels.iter().all(|value| *value == 1.0) {
        return Err(Denial::AllIgnored);
    }
    Ok(Some(mask).filter(|mask| mask.max() > 0.0))
}
