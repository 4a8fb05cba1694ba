//! What a person should know of images that were loaded.

use std::fmt;
use std::path::PathBuf;

use kizumi_image::remark::{Remark, Remarks};
use kizumi_image::shown::shown;
use serde::{Deserialize, Serialize};

use super::catalog::count_of;

/// What a person should know of images that were loaded; displays as a sentence, behind the name of the file if
/// there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadNote {
    /// What it says.
    pub matter: LoadMatter,
    /// The file that it is about, where it is about one.
    pub file: Option<PathBuf>,
}

/// What a note on loaded images says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadMatter {
    /// The same was remarked of several files.
    Remarked {
        /// What.
        remark: Remark,
        /// Of how many.
        files: usize,
    },
    /// Something holds for all files.
    Common(Remark),
    /// Colours became grey.
    ToGrey {
        /// In how many images.
        images: usize,
    },
    /// Grey became RGB.
    ToRgb {
        /// In how many images.
        images: usize,
    },
    /// A test image says how many bits are used, because the training images are darker.
    BitsOfTest {
        /// Its largest value.
        value: u16,
        /// That of the training images.
        of_training: u16,
    },
    /// What lies beside the aligned part is something else in every photograph, and is ignored.
    GroundLeftOut {
        /// How much of the rectangle.
        percent: u8,
    },
    /// Not the features of all normal images are remembered.
    Remembered {
        /// Of how many they are.
        remembered: usize,
        /// In all.
        images: usize,
    },
    /// The images are not those that the model was trained on before.
    OtherImages {
        /// Learned from, and held out, then.
        before: (usize, usize),
        /// Now.
        now: (usize, usize),
        /// What became of those that were held out.
        held_out: HeldOutNow,
    },
}

/// What becomes of images that a model held out, when it is trained on others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldOutNow {
    /// They stay held out.
    Same,
    /// None of them is there.
    Gone,
    /// The model does not say which they were.
    Unknown,
}

impl LoadNote {
    /// What was remarked of files, each remark once.
    pub fn of_files(remarks: &Remarks) -> impl Iterator<Item = Self> {
        let counted = remarks.counted();
        counted.map(|(remark, files)| LoadMatter::Remarked { remark, files }.into())
    }
}

impl From<LoadMatter> for LoadNote {
    fn from(matter: LoadMatter) -> Self {
        Self { matter, file: None }
    }
}

impl fmt::Display for LoadNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{}: {}", shown(file), self.matter),
            None => write!(f, "{}", self.matter),
        }
    }
}

impl LoadMatter {
    /// Whether something may be wrong; the others are mere facts.
    pub fn is_warning(self) -> bool {
        match self {
            Self::Remarked { remark, .. } | Self::Common(remark) => {
                !remark.is_harmless() && !matches!(remark, Remark::BitsUsed { .. })
            }
            Self::ToGrey { .. }
            | Self::ToRgb { .. }
            | Self::BitsOfTest { .. }
            | Self::GroundLeftOut { .. }
            | Self::Remembered { .. } => false,
            Self::OtherImages { .. } => true,
        }
    }
}

impl fmt::Display for LoadMatter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Remarked { remark, files } => write!(f, "{}: {remark}.", count_of(files, "file")),
            Self::Common(remark) => f.write_str(&remark.sentence()),
            Self::ToGrey { images } => {
                write!(f, "{} converted to grey.", count_of(images, "RGB image"))
            }
            Self::ToRgb { images } => {
                write!(f, "{} repeated to RGB.", count_of(images, "grey image"))
            }
            Self::BitsOfTest { value, of_training } => write!(
                f,
                "This test image says how many bits are used: values reach {value} in it, and {of_training} in the \
                 training images."
            ),
            Self::GroundLeftOut { percent } => write!(
                f,
                "{percent} % of the part's rectangle is ground, which is something else in every photograph: it is \
                 ignored, and defects are looked for on the part alone."
            ),
            Self::Remembered { remembered, images } => write!(
                f,
                "The features of {remembered} of {images} normal images are remembered, evenly chosen: more \
                 would take minutes, and say little new."
            ),
            Self::OtherImages {
                before,
                now,
                held_out,
            } => write!(
                f,
                "The images are not those that the model was trained on: {} to learn from and {} held out then, \
                 {} and {} now. {held_out}",
                before.0, before.1, now.0, now.1
            ),
        }
    }
}

impl fmt::Display for HeldOutNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "What was held out stays held out.",
            Self::Gone => "None of these is one that it held out, so that none judges what it learns.",
            Self::Unknown => {
                "The model does not say which it held out: some of those that are held out now may have been \
                 learned, and look better than they should."
            }
        })
    }
}
