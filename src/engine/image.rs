//! The open test image.

use crate::compute::inspector::Subject;
use crate::data::catalog::Entry;
use crate::data::config::DataConfig;
use crate::data::file_error::FileError;
use crate::data::mask::load_mask;
use crate::data::prepare::prepare;

use super::message::OpenedImage;

/// How a network sees image files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lens {
    pub data: DataConfig,
    /// `None` as in the file.
    pub channels: Option<usize>,
}

/// A decoded test image, ready to be projected.
pub struct OpenImage {
    pub entry: Entry,
    pub lens: Lens,
    pub subject: Subject,
}

/// Decodes an image and its mask as the model wants them.
///
/// A mask that cannot be used is a note, not an error: the image can still be inspected.
pub fn open(entry: Entry, lens: Lens) -> Result<(OpenImage, OpenedImage), FileError> {
    let prepared = prepare(&entry.path, &lens.data, lens.channels)?;
    let mut notes = prepared.notes;
    let mask = entry
        .mask
        .as_ref()
        .and_then(|path| match load_mask(path, &prepared.placement) {
            Ok(mask) => Some(mask),
            Err(error) => {
                notes.push(format!("The mask is left out. {error}"));
                None
            }
        });
    let counted = prepared.placement.counted(None);
    let opened = OpenedImage {
        entry: entry.clone(),
        picture: prepared.picture.clone(),
        mask,
        counted: counted.clone(),
        painted: false,
        source_px: prepared.placement.source_px,
        notes,
    };
    let subject = Subject {
        picture: prepared.picture,
        counted,
    };
    Ok((
        OpenImage {
            entry,
            lens,
            subject,
        },
        opened,
    ))
}
