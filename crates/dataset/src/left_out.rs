//! What of a folder is not used, and why.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use kizumi_image::shown::shown;
use serde::{Deserialize, Serialize};

use super::catalog::count_of;
use super::few::Few;
use super::list_fault::ListFault;
use super::note::Note;

/// A file or a folder that is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Where it is.
    pub path: PathBuf,
    /// Why it is not used.
    pub reason: Reason,
}

/// Why a file or a folder is not used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    /// It has another ending than images have; this one, `.txt` for example, or none.
    NotAnImage(String),
    /// Its name begins with a dot, or is one under which network drives keep what is theirs.
    Hidden,
    /// The operating system would not show it, in its words. `image` says whether images are missed: it is
    /// a folder, or may be, or has the ending of an image.
    Unreadable {
        /// The operating system's words.
        why: String,
        /// Whether images are missed.
        image: bool,
    },
    /// A link to a folder whose images are used where that, or another link to it, is.
    FolderElsewhere,
    /// A folder that this program wrote its results to, or a picture among images that it did.
    Results,
    /// It lies in a folder for training and nothing says that it is normal.
    NotKnownNormal,
    /// It lies in a folder for training and shows a defect.
    DefectInTraining,
    /// It is there twice, byte for byte: among the normal images and among the defective ones.
    NormalAndDefective,
    /// It is the same, byte for byte, as one that a person calls defective.
    SameAsDefective,
    /// It lies beside the folders that say what images are for.
    Beside,
    /// A person has said that it is not to be used.
    Unwanted,
    /// Labels of a part of the data set: those count that lie beside all of it.
    LabelsOfPart,
    /// Points in space of an image, in a folder beside that one's.
    Points,
    /// The list of the data set does not name it.
    NotListed,
    /// The list of the data set names it, and it cannot be used.
    Listed(ListFault),
    /// It is an annotation, or an annotation names it, and it cannot be used; for this reason.
    Annotation(String),
    /// Its annotation is damaged.
    AnnotationDamaged,
    /// A mask of no image.
    MaskWithoutImage,
    /// It has the name of an image, and another file is named as that one's mask.
    MaskCopy,
    /// A mask that any of several images of one name may have.
    MaskOfSeveral,
    /// It is named after an image beside it, and looks neither like a mask nor like an image.
    MaskOrImage,
    /// A mask that cannot be read; it was to say what its image shows.
    MaskUnreadable(String),
}

impl Reason {
    /// Whether images were there that nobody gets to see.
    pub fn is_missed(&self) -> bool {
        matches!(self, Self::Unreadable { image: true, .. })
    }
}

impl Reason {
    /// Whether somebody may miss it; the others are left out as they should be.
    pub fn is_warning(&self) -> bool {
        !matches!(
            self,
            Self::NotAnImage(_)
                | Self::Hidden
                | Self::FolderElsewhere
                | Self::Results
                | Self::DefectInTraining
                | Self::Unwanted
                | Self::MaskCopy
                | Self::Listed(ListFault::ForComparison | ListFault::DefectInTraining)
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnImage(ending) if ending.is_empty() => write!(f, "no image: no ending"),
            Self::NotAnImage(ending) => write!(f, "no image: {ending}"),
            Self::Hidden => write!(f, "hidden"),
            Self::Unreadable { why, .. } => write!(f, "cannot be read: {why}"),
            Self::FolderElsewhere => write!(f, "link to a folder that is looked at elsewhere"),
            Self::Results => write!(f, "results of this program"),
            Self::NotKnownNormal => {
                write!(f, "not used for training: nothing says that it is normal")
            }
            Self::DefectInTraining => write!(f, "not used for training: it shows a defect"),
            Self::NormalAndDefective => {
                write!(
                    f,
                    "the same picture is among the normal images and among the defective ones"
                )
            }
            Self::SameAsDefective => {
                write!(f, "the same picture is labelled NG under another name")
            }
            Self::Beside => write!(f, "beside the folders that say what images are for"),
            Self::Unwanted => write!(f, "not wanted, as was said"),
            Self::LabelsOfPart => write!(
                f,
                "labels of that folder alone, which are not read: open it, or label the images here"
            ),
            Self::Points => write!(f, "points in space of an image, which lies beside them"),
            Self::NotListed => write!(f, "the list does not name it"),
            Self::Listed(fault) => write!(f, "{fault}"),
            Self::Annotation(why) => write!(f, "{why}"),
            Self::AnnotationDamaged => write!(f, "its annotation cannot be used"),
            Self::MaskWithoutImage => write!(f, "mask without an image"),
            Self::MaskCopy => write!(f, "another file is the mask of that image"),
            Self::MaskOfSeveral => write!(f, "mask that any of several images may have"),
            Self::MaskOrImage => write!(
                f,
                "named after an image beside it, and nothing tells whether it is an image or a mask"
            ),
            Self::MaskUnreadable(why) => write!(f, "mask that cannot be read: {why}"),
        }
    }
}

/// What a person should know of files below `root` that are not used: those of other endings are counted,
/// what is hidden is not mentioned.
pub fn notes(root: &Path, left_out: &[LeftOut]) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut by_reason: BTreeMap<&Reason, Vec<&Path>> = BTreeMap::new();
    for LeftOut { path, reason } in left_out {
        match reason {
            Reason::NotAnImage(_) | Reason::Hidden => {}
            Reason::Unreadable { .. } | Reason::MaskUnreadable(_) => notes.push(Note::LeftOut {
                reason: reason.clone(),
                files: std::iter::once(shown(path).to_string()).collect(),
            }),
            _ => {
                let below = path.strip_prefix(root).unwrap_or(path);
                by_reason.entry(reason).or_default().push(below);
            }
        }
    }
    notes.extend(by_reason.into_iter().map(|(reason, paths)| Note::LeftOut {
        reason: reason.clone(),
        files: paths.iter().map(|path| shown(path).to_string()).collect(),
    }));
    notes.extend(PassedOver::of(left_out).map(Note::PassedOver));
    notes
}

/// Files that are no images by their endings; displays as "9 other files passed over (7 .heic, 2 .txt)".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// How many.
    pub files: usize,
    /// Their endings.
    pub endings: Few<Ending>,
}

/// How many files have an ending; displays as "7 .heic".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// With its dot; or nothing.
    pub ending: String,
    /// How many files have it.
    pub files: usize,
}

impl PassedOver {
    /// Those of what is left out, if there are any.
    pub(crate) fn of(left_out: &[LeftOut]) -> Option<Self> {
        let mut endings: BTreeMap<&str, usize> = BTreeMap::new();
        for one in left_out {
            if let Reason::NotAnImage(ending) = &one.reason {
                *endings.entry(ending).or_default() += 1;
            }
        }
        let files = endings.values().sum();
        let endings = endings.into_iter().map(|(ending, files)| Ending {
            ending: ending.to_owned(),
            files,
        });
        (files > 0).then(|| Self {
            files,
            endings: endings.collect(),
        })
    }
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = count_of(self.files, "other file");
        write!(f, "{files} passed over ({})", self.endings)
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ending.as_str() {
            "" => write!(f, "{} without an ending", self.files),
            ending => write!(f, "{} {ending}", self.files),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_did_not_want_is_a_fact_and_no_warning() {
        let left_out = |reason| Note::LeftOut {
            reason,
            files: Few::from_iter(["a.png".to_owned()]),
        };
        assert!(!left_out(Reason::Unwanted).is_warning());
        assert!(!left_out(Reason::Results).is_warning());
        assert!(left_out(Reason::Beside).is_warning());
        assert!(left_out(Reason::AnnotationDamaged).is_warning());
        let listed = vec!["a.csv".to_owned()];
        assert!(!Note::Listed { lists: listed }.is_warning());
        assert!(Note::NoNormals.is_warning());
    }
}
