//! What a training tells, and how it ends.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::note::TrainingNote;
use super::status::TrainingStatus;
use crate::artifact::Artifact;
use crate::suspects::Suspects;
use kizumi_dataset::load_note::LoadNote;
use kizumi_image::depth::Depth;
use kizumi_image::file_error::FileError;
use serde::{Deserialize, Serialize};

/// Why training ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Epochs or images.
    Limit,
    /// Time.
    TimeBudget,
    /// The validation images were no longer reconstructed better.
    Settled,
    /// Somebody asked for it.
    Requested,
    /// A loss became NaN or infinite; the last good weights are kept. Says when.
    Diverged(String),
}

/// What happens in a training.
#[derive(Debug)]
pub enum News<'a> {
    /// Files read so far, and in all.
    Loading {
        /// Read.
        done: u64,
        /// In all.
        total: u64,
    },
    /// The training images are read. How much is learned of what their features have in common, and measured
    /// of each, goes on with [`News::Features`].
    Remembering {
        /// Learned.
        done: u64,
        /// In all, measuring them as well.
        total: u64,
    },
    /// The images are in memory, training begins.
    Loaded {
        /// Files that could not be used.
        broken: &'a [FileError],
        /// What a person should know of the others.
        notes: &'a [LoadNote],
        /// Their depth.
        depth: Depth,
        /// Which of the others are unlike the rest; `None` where features are not remembered.
        suspects: Option<&'a Suspects>,
        /// Whether they are measured by their features before training begins.
        remembers: bool,
    },
    /// Features learned and normal images measured by them so far, and in all.
    Features {
        /// Learned and measured.
        done: u64,
        /// In all.
        total: u64,
    },
    /// They are measured by their features, training begins.
    FeaturesOver {
        /// There is a model already, of features alone, unless the network has learned something before.
        first: Option<Box<Artifact>>,
    },
    /// How training is going.
    Training(&'a TrainingStatus),
    /// Training is over, measuring the held-out normals begins.
    TrainingOver {
        /// Why.
        ending: &'a Ending,
        /// What a person should know of the weights that are kept.
        note: Option<TrainingNote>,
    },
    /// Normal images measured so far, and in all.
    Measuring {
        /// Measured.
        done: u64,
        /// In all.
        total: u64,
    },
    /// Something a person should know; nothing was lost.
    Warning(TrainingNote),
}

/// How far a training is after a slice of work.
#[derive(Debug)]
pub enum Advance {
    /// There is more to do.
    More,
    /// The model is finished.
    Finished(Box<Finished>),
}

/// A finished training.
pub struct Finished {
    /// The model.
    pub artifact: Artifact,
    /// The bytes of its file.
    pub bytes: Vec<u8>,
    /// The file, if it was to be saved; else why it was not, and where its weights are.
    pub saved: Result<Option<PathBuf>, TrainingError>,
    /// Why training ended.
    pub ending: Ending,
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { saved, ending, .. } = self;
        write!(f, "Finished {{ saved: {saved:?}, ending: {ending:?}, .. }}")
    }
}

/// Why a training has no model in the end.
#[derive(Clone, Debug)]
pub struct TrainingError {
    /// What went wrong.
    pub reason: String,
    /// The error that says so, where it is one.
    pub error: Option<Arc<anyhow::Error>>,
    /// Whether a panic ended it. A graphics driver that gives up makes the tensor library panic.
    pub panicked: bool,
    /// Where the weights are that were learned until then.
    pub kept: Option<Kept>,
}

/// Where the weights are of a training that could not end as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// In its autosave, from which it can go on.
    Autosave(PathBuf),
    /// In a model file, as they should be, but in another folder.
    Model(PathBuf),
}

impl fmt::Display for TrainingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match &self.kept {
            Some(Kept::Autosave(path)) => {
                write!(f, "; what was learned is in {}", path.display())
            }
            Some(Kept::Model(path)) => write!(f, "; the model is {}", path.display()),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TrainingError {}
