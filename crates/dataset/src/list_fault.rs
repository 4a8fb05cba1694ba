//! What is wrong with what a list names.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why something that a list names is not used; displays as words that follow "FILE: ".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListFault {
    /// It is not there.
    Missing,
    /// It is a mask that is not there.
    MaskMissing,
    /// It is another picture of a part of which an image is used, or one to compare with.
    ForComparison,
    /// It is a mask, and such masks show the parts: normal images have them, too.
    MaskOfPart,
    /// Rows of one list say different things of it.
    Contradiction,
    /// Lists say different things of it.
    Contradictions,
    /// It lies in a folder of defects, and the list calls it normal.
    NormalInBadFolder,
    /// Its mask marks defects, and the list calls it normal.
    NormalWithMarks,
    /// It is for training, and shows a defect.
    DefectInTraining,
    /// It is for training, and nothing says that it is normal.
    NotKnownNormal,
}

impl fmt::Display for ListFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "listed, but missing",
            Self::MaskMissing => "a listed mask, but missing",
            Self::ForComparison => {
                "listed beside the image that is used: a crop of it, or a picture to compare with"
            }
            Self::MaskOfPart => "a mask of the part, not of a defect: normal images have one, too",
            Self::Contradiction => "its list contradicts itself",
            Self::Contradictions => "its lists contradict each other",
            Self::NormalInBadFolder => {
                "its list says that it is normal, and its folder that it is not"
            }
            Self::NormalWithMarks => "its list says that it is normal, and its mask that it is not",
            Self::DefectInTraining => "listed for training, but defective",
            Self::NotKnownNormal => "listed for training, but not as normal",
        })
    }
}
