//! What a person should know of labels.

use std::fmt;

use kizumi_image::shown::{escaped, shown};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

use super::kind_name::KindFault;
use super::{Label, LabelError};

/// Something that a person should know of labels; displays as a sentence without its full stop. Images are called as the
/// data set does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "remark")]
pub enum Remark {
    /// Labels that lie in a folder above are used.
    Above {
        /// Their file.
        file: PathBuf,
        /// How many of them are of images here.
        labels: usize,
    },
    /// Labels that lie in a folder above cannot be read.
    AboveUnread {
        /// Their file.
        file: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A file says two things of an image; the last one counts.
    Twice {
        /// The image.
        image: String,
        /// What counts.
        used: Label,
        /// What does not.
        unused: Label,
    },
    /// The labels here say one thing of an image, and those of a folder above another.
    Contradicted {
        /// The image.
        image: String,
        /// What the labels say that lie nearer to it: it counts.
        used: Label,
        /// What those above say.
        unused: Label,
        /// Their file.
        file: PathBuf,
    },
    /// What a label calls a kind of defect is no name of one: the image is defective, of no kind that is known.
    KindRefused {
        /// The image.
        image: String,
        /// What the label says.
        kind: String,
        /// What is wrong with it.
        fault: KindFault,
    },
}

impl Remark {
    pub(super) fn unread(error: LabelError) -> Self {
        Self::AboveUnread {
            file: error.path,
            reason: error.reason,
        }
    }

    /// Whether something may be wrong; the others are mere facts.
    pub fn is_warning(&self) -> bool {
        !matches!(self, Self::Above { .. })
    }
}

/// "OK", "NG dent", "left out".
fn words(label: &Label) -> String {
    match label {
        Label::Ok => "OK".into(),
        Label::Ng { kind: None } => "NG".into(),
        Label::Ng { kind: Some(kind) } => format!("NG {}", escaped(kind)),
        Label::LeftOut => "left out".into(),
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Above { file, labels } => {
                let count = crate::catalog::count_of(*labels, "label");
                write!(f, "{count} taken from a folder above: {}", shown(file))
            }
            Self::AboveUnread { file, reason } => write!(
                f,
                "labels of a folder above are not used: {}: {reason}",
                shown(file)
            ),
            Self::Twice {
                image,
                used,
                unused,
            } => write!(
                f,
                "{} is labelled twice, {} and {}: the last one counts",
                escaped(image),
                words(unused),
                words(used)
            ),
            Self::Contradicted {
                image,
                used,
                unused,
                file,
            } => write!(
                f,
                "{} is labelled {} here, which counts, and {} in {}",
                escaped(image),
                words(used),
                words(unused),
                shown(file)
            ),
            Self::KindRefused { image, kind, fault } => write!(
                f,
                "{} is labelled NG, of no known kind: {} is no name of a kind, it {}",
                escaped(image),
                escaped(kind),
                fault.words()
            ),
        }
    }
}
