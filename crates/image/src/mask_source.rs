//! Where the ground truth of an image comes from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::drawn_mask::DrawnMask;
use super::outlines::Outlines;

/// What says which pixels of an image are defective; [`super::mask::load_mask`] reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MaskSource {
    /// Mask files, each as large as the image. What one of them marks is defective, and the regions of
    /// each are regions of their own, though they may touch or overlap those of another.
    Files(Vec<PathBuf>),
    /// Shapes that an annotation draws.
    Outlines(Arc<Outlines>),
    /// What a person drew in the window.
    Drawn(DrawnMask),
}

impl MaskSource {
    /// The files that are read for it.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let files = match self {
            Self::Files(files) => files.as_slice(),
            Self::Outlines(outlines) => std::slice::from_ref(&outlines.file),
            Self::Drawn(drawn) => std::slice::from_ref(&drawn.file),
        };
        files.iter().map(PathBuf::as_path)
    }
}

/// One mask file.
impl From<PathBuf> for MaskSource {
    fn from(file: PathBuf) -> Self {
        Self::Files(vec![file])
    }
}
