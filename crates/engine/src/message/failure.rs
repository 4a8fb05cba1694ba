//! Why something could not be done.

use std::fmt;
use std::io;
use std::path::PathBuf;

use kizumi_compute::artifact::{ArtifactError, Unfit};
use kizumi_compute::model_normals::RecalibrationError;
use kizumi_compute::refusal::Refusal;
use kizumi_compute::tensors::ComputeError;
use kizumi_compute::training::news::{Kept, TrainingError};
use kizumi_compute::training::note::{TrainingMatter, TrainingNote};
use kizumi_compute::training::run::RunError;
use kizumi_dataset::load_note::{LoadMatter, LoadNote};
use kizumi_dataset::loader::LoadError;
use kizumi_dataset::scan::ScanError;
use kizumi_dataset::truth::{MaskMatter, MaskNote};
use kizumi_image::align::LearnError;
use kizumi_image::file_error::{FileError, Reason};
use kizumi_image::remark::Remark;
use kizumi_image::setting::InvalidSetting;
use kizumi_image::shown::shown;
use serde::{Deserialize, Serialize};

use super::denial::Denial;

/// Why something could not be done: in English, and as a cause that a window says in its own language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Failure {
    /// The cause, where it is one that people meet.
    pub cause: Cause,
    /// The file or folder that it lies in.
    pub path: Option<PathBuf>,
    /// All of it for logs, with the file's name if there is one: "PATH: reason".
    pub text: String,
}

/// The causes that people meet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A file or folder is not there, is away, or may not be read.
    Unreadable,
    /// A file is no image of a format that is read.
    NotAnImage,
    /// An image is damaged or cut off.
    DamagedImage,
    /// An image has pixels of a kind that is not read, or several frames.
    OtherPixels,
    /// An image has another depth than those that the model was trained on.
    OtherDepth,
    /// An image is too large.
    TooLarge,
    /// An image is too large for the memory that is free.
    OutOfMemory,
    /// An image is too small or too narrow.
    TooSmall,
    /// An image has not the size of the photographs that the model's crop is a part of.
    OutsideCrop,
    /// The part that all images are aligned to was not found in one.
    PartNotFound {
        /// How alike the most alike place is.
        likeness: f32,
        /// How alike it must be.
        least: f32,
    },
    /// A mask has another size than its image.
    MaskSize,
    /// A mask that loss made too dark to say what it marks.
    MaskTooDark,
    /// Somebody should look at a mask.
    Mask(MaskMatter),
    /// A folder holds no images, or none to learn from.
    NoImages,
    /// A file is no model, or a damaged one.
    NotAModel,
    /// A model is of another version of the program.
    OtherVersion,
    /// The disk is full.
    DiskFull,
    /// The system does not allow it.
    Forbidden,
    /// The device that computes failed.
    Device,
    /// An image was read, but something about it is odd.
    Remark(Remark),
    /// A training has something to say.
    Training(TrainingMatter),
    /// Training diverged; the last good weights are kept.
    Diverged,
    /// Images were loaded, and there is something to know of them.
    Loaded(LoadMatter),
    /// The worker does not do it.
    Denied(Box<Denial>),
    /// It cannot be begun.
    Refused(Box<Refusal>),
    /// What all photographs are aligned to cannot be learned.
    NotAligned(Box<LearnError>),
    /// Not one of some images can be used.
    AllBroken {
        /// How many there are.
        images: usize,
        /// What is wrong with the first one.
        first: Box<Failure>,
    },
    /// A training ended without the model that it was to make.
    TrainingFailed {
        /// What went wrong.
        why: Box<Failure>,
        /// Where the weights are that were learned until then.
        kept: Option<Kept>,
    },
    /// Anything else.
    Other,
}

/// Earlier versions kept the text alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Failure {
        cause: Cause,
        path: Option<PathBuf>,
        text: String,
    },
}

impl From<Written> for Failure {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(text) => text.into(),
            Written::Failure { cause, path, text } => Self { cause, path, text },
        }
    }
}

impl Failure {
    /// Of this cause, not in a file.
    pub fn new(cause: Cause, text: impl Into<String>) -> Self {
        Self {
            cause,
            path: None,
            text: text.into(),
        }
    }

    /// The same, in a file.
    #[must_use]
    pub fn of(self, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            text: format!("{}: {}", shown(&path), self.text),
            path: Some(path),
            ..self
        }
    }
}

impl From<&Remark> for Failure {
    fn from(remark: &Remark) -> Self {
        Self::new(Cause::Remark(*remark), remark.sentence())
    }
}

impl From<&LoadNote> for Failure {
    fn from(note: &LoadNote) -> Self {
        Self {
            cause: Cause::Loaded(note.matter),
            path: note.file.clone(),
            text: note.to_string(),
        }
    }
}

impl From<&TrainingNote> for Failure {
    fn from(note: &TrainingNote) -> Self {
        Self {
            cause: Cause::Training(note.matter),
            path: note.file.clone(),
            text: note.to_string(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::new(Cause::Other, text)
    }
}

/// What a window says by itself, in its language already. A worker says a [`Denial`].
impl From<&str> for Failure {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let text = refusal.to_string();
        Self::new(Cause::Refused(Box::new(refusal)), text)
    }
}

impl From<InvalidSetting> for Failure {
    fn from(invalid: InvalidSetting) -> Self {
        Refusal::from(invalid).into()
    }
}

impl From<&Reason> for Cause {
    fn from(reason: &Reason) -> Self {
        match reason {
            Reason::Unreadable(_) | Reason::NotAFile => Self::Unreadable,
            Reason::UnknownFormat => Self::NotAnImage,
            Reason::Empty
            | Reason::Truncated(_)
            | Reason::Damaged(_)
            | Reason::DecoderPanicked
            | Reason::NotFinite => Self::DamagedImage,
            Reason::Animated | Reason::Unsupported(_) | Reason::OutOfRange { .. } => {
                Self::OtherPixels
            }
            Reason::TooManyBytes { .. } | Reason::TooManyPixels { .. } => Self::TooLarge,
            Reason::TooMuchMemory { .. } => Self::OutOfMemory,
            Reason::BeyondWhite { .. } | Reason::MoreBits { .. } => Self::OtherDepth,
            Reason::NoPixels { .. } | Reason::TooNarrow { .. } => Self::TooSmall,
            Reason::OtherSize { .. } | Reason::CropBeyond { .. } => Self::OutsideCrop,
            Reason::PartNotFound {
                likeness, least, ..
            } => Self::PartNotFound {
                likeness: *likeness,
                least: *least,
            },
            Reason::MaskSize { .. } => Self::MaskSize,
            Reason::MarksTooDark => Self::MaskTooDark,
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self {
            cause: Cause::from(&error.reason),
            text: error.to_string(),
            path: Some(error.path),
        }
    }
}

impl From<MaskNote> for Failure {
    fn from(note: MaskNote) -> Self {
        Self {
            cause: match &note {
                MaskNote::Unusable(error) => Cause::from(&error.reason),
                MaskNote::Odd(_, matter) => Cause::Mask(*matter),
            },
            text: note.to_string(),
            path: Some(note.path().to_owned()),
        }
    }
}

impl From<ScanError> for Failure {
    fn from(error: ScanError) -> Self {
        let text = error.to_string();
        let (cause, path) = match error {
            ScanError::Unreadable { path, .. } => (Cause::Unreadable, path),
            ScanError::NoImages { path, .. } | ScanError::NoneUsed { path, .. } => {
                (Cause::NoImages, path)
            }
            ScanError::Annotation { .. }
            | ScanError::NotAFolder { .. }
            | ScanError::HoldsDatasets { .. }
            | ScanError::GivenTwice { .. }
            | ScanError::TooManyFiles { .. }
            | ScanError::Ambiguous { .. } => return text.into(),
        };
        Self {
            cause,
            path: Some(path),
            text,
        }
    }
}

impl From<&Unfit> for Cause {
    fn from(unfit: &Unfit) -> Self {
        match unfit {
            Unfit::Format(_) => Self::OtherVersion,
            Unfit::Damaged(_) => Self::NotAModel,
        }
    }
}

impl From<Unfit> for Failure {
    fn from(unfit: Unfit) -> Self {
        Self::new(Cause::from(&unfit), unfit.to_string())
    }
}

impl From<ArtifactError> for Failure {
    fn from(error: ArtifactError) -> Self {
        let text = error.to_string();
        let (cause, path) = match error {
            ArtifactError::Read { path, .. } => (Cause::Unreadable, Some(path)),
            ArtifactError::Invalid { path, reason } => (Cause::from(&reason), Some(path)),
            ArtifactError::Write(error) => return error.into(),
            ArtifactError::Compute(error) => return error.into(),
            ArtifactError::Unreadable(_) => (Cause::Other, None),
        };
        Self { cause, path, text }
    }
}

impl From<ComputeError> for Failure {
    fn from(error: ComputeError) -> Self {
        Self::from(&error)
    }
}

impl From<&ComputeError> for Failure {
    fn from(error: &ComputeError) -> Self {
        let cause = match error {
            ComputeError::Device(_) => Cause::Device,
            ComputeError::Input(_) | ComputeError::NotFinite(_) => Cause::Other,
        };
        Self::new(cause, error.to_string())
    }
}

/// What works on files has errors of many kinds; it is the system's answer that counts.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let mut chain = error.chain();
        let of_system = chain.find_map(|cause| cause.downcast_ref::<io::Error>());
        let cause = match of_system.map(io::Error::kind) {
            Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => Cause::DiskFull,
            Some(io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => {
                Cause::Forbidden
            }
            _ => Cause::Other,
        };
        Self::new(cause, format!("{error:#}"))
    }
}

impl From<RecalibrationError> for Failure {
    fn from(error: RecalibrationError) -> Self {
        match error {
            RecalibrationError::Load(error) => error.into(),
            RecalibrationError::Refused(refusal) => refusal.into(),
            RecalibrationError::Compute(error) => error.into(),
        }
    }
}

impl From<LearnError> for Failure {
    fn from(error: LearnError) -> Self {
        match error {
            LearnError::Reference(error) => error.into(),
            error => {
                let text = format!("cannot align: {error}");
                Self::new(Cause::NotAligned(Box::new(error)), text)
            }
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        let text = error.to_string();
        let cause = match error {
            LoadError::NoImages => Cause::NoImages,
            LoadError::AllBroken { count, first } => Cause::AllBroken {
                images: count,
                first: Box::new(first.into()),
            },
        };
        Self::new(cause, text)
    }
}

impl From<&TrainingError> for Failure {
    fn from(error: &TrainingError) -> Self {
        let known = error.error.as_deref();
        let known = known.and_then(|error| error.downcast_ref::<RunError>());
        let why = match known {
            Some(RunError::Load(error)) => error.clone().into(),
            Some(RunError::Align(error)) => error.clone().into(),
            Some(RunError::Refused(refusal)) => refusal.clone().into(),
            Some(RunError::Compute(error)) => error.into(),
            Some(RunError::Thread(_) | RunError::Batches) | None => error.reason.clone().into(),
        };
        let text = error.to_string();
        let why = Box::new(why);
        let kept = error.kept.clone();
        Self::new(Cause::TrainingFailed { why, kept }, text)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn why_a_training_failed_has_the_cause_that_it_had() {
        let folder = std::path::PathBuf::from("/set");
        let refused = RunError::Refused(Refusal::NoNormals { folder });
        let ended = TrainingError {
            reason: refused.to_string(),
            error: Some(std::sync::Arc::new(anyhow::Error::from(refused))),
            panicked: false,
            kept: Some(Kept::Autosave("/a".into())),
        };
        let failure = Failure::from(&ended);
        let Cause::TrainingFailed { why, kept } = &failure.cause else {
            panic!("{failure:?}");
        };
        assert!(matches!(why.cause, Cause::Refused(_)), "{why:?}");
        assert_eq!(kept, &ended.kept);
        assert!(failure.text.ends_with("what was learned is in /a"));
    }

    #[test]
    fn what_people_meet_has_a_cause() {
        let file: Failure = Reason::UnknownFormat.of("/set/a.txt").into();
        assert_eq!(file.cause, Cause::NotAnImage);
        assert!(file.text.starts_with("/set/a.txt: "), "{file}");
        let full = anyhow::Error::from(io::Error::from(io::ErrorKind::StorageFull));
        let full: Failure = full.context("cannot write /models/a").into();
        assert_eq!(full.cause, Cause::DiskFull);
        assert!(full.text.starts_with("cannot write /models/a: "), "{full}");
        let device: Failure = ComputeError::Device("lost".into()).into();
        assert_eq!(device.cause, Cause::Device);
        let old: Failure = Unfit::Format(1).into();
        assert_eq!(old.cause, Cause::OtherVersion);
    }
}
