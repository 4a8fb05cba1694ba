//! A ground truth that a person drew on the image as it is shown, upright and at its own size.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::bitmap::Bitmap;
use super::decode::Limits;
use super::export::save_marks;
use super::file_error::FileError;
use super::mask_file;
use super::outlines::Runs;
use super::shown::shown;

/// A drawn mask: a PNG file of zeros and 255s as large as the image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnMask {
    /// The file.
    pub file: PathBuf,
    /// What it holds, or will hold as soon as it is written: whoever draws does not wait for a disk.
    #[serde(skip)]
    runs: Option<Arc<Runs>>,
}

impl DrawnMask {
    /// One that lies in this file.
    pub fn kept(file: PathBuf) -> Self {
        Self { file, runs: None }
    }

    /// One that was just drawn, to be written to this file.
    pub fn new(file: PathBuf, marks: &Bitmap) -> Self {
        Self {
            file,
            runs: Some(Arc::new(Runs::of(marks))),
        }
    }

    /// One that lies in this file, and marks this.
    pub fn read(file: PathBuf, runs: Runs) -> Self {
        Self {
            file,
            runs: Some(Arc::new(runs)),
        }
    }

    /// Whether what it marks is known without the file.
    pub fn is_in_memory(&self) -> bool {
        self.runs.is_some()
    }

    /// What it marks.
    ///
    /// # Errors
    /// Those of [`super::decode::decode`], of a file that is not in memory.
    pub fn marks(&self, limits: Limits) -> Result<Bitmap, FileError> {
        match &self.runs {
            Some(runs) => Ok(runs.bitmap()),
            None => {
                let picture = mask_file::picture(&self.file, limits)?;
                Ok(Bitmap {
                    size_px: picture.size_px,
                    marked: picture.defective,
                })
            }
        }
    }

    /// Writes what is in memory to a file, and makes the folders above it.
    ///
    /// # Errors
    /// When the file cannot be written; the text names it. What was there stays.
    pub fn write(&self, to: &Path) -> Result<()> {
        let Some(runs) = &self.runs else {
            return Ok(());
        };
        let folder = to.parent().unwrap_or(to);
        fs::create_dir_all(folder).with_context(|| shown(folder).to_string())?;
        save_marks(to, &runs.bitmap())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::mask::{Photograph, load_mask_regions};
    use crate::mask_source::MaskSource;
    use crate::placement::Placement;

    fn corner() -> Bitmap {
        let mut marks = Bitmap::empty((6, 4));
        for index in [0, 1, 6, 23] {
            marks.marked[index] = true;
        }
        marks
    }

    #[test]
    fn what_was_drawn_is_what_the_file_holds() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kept/a/b.jpg.png");
        let drawn = DrawnMask::new(file.clone(), &corner());
        assert_eq!(drawn.marks(Limits::HARD).unwrap(), corner());
        drawn.write(&file).unwrap();
        let kept = DrawnMask::kept(file.clone());
        assert_eq!(kept.marks(Limits::HARD).unwrap(), corner());
        let picture = image::open(&file).unwrap();
        assert_eq!(picture.color(), image::ColorType::L8);
        let values = picture.into_luma8().into_raw();
        assert_eq!((values[0], values[2], values[23]), (255, 0, 255));
    }

    #[test]
    fn a_drawn_mask_is_of_the_image_as_it_is_shown_and_of_no_other_size() {
        let mask = MaskSource::Drawn(DrawnMask::new("a.png".into(), &corner()));
        let load = |size_px| {
            let photograph = Photograph {
                path: Path::new("image.png"),
                reoriented: true,
            };
            load_mask_regions(&mask, photograph, &Placement::whole(size_px))
        };
        let marked = load((6, 4)).unwrap();
        assert_eq!((marked.mask.count(), marked.oddities), (2, vec![]));
        for other in [(4, 6), (12, 8)] {
            let error = load(other).unwrap_err().to_string();
            assert!(error.contains("a mask of 6 x 4 pixels"), "{error}");
        }
    }
}
