//! What a person should know of a training that nothing was lost in.

use std::fmt;
use std::path::{Path, PathBuf};

use kizumi_image::shown::shown;
use serde::{Deserialize, Serialize};

/// What a person should know of a training; displays as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingNote {
    /// What it says.
    pub matter: TrainingMatter,
    /// The file that it is about, where it is about one.
    pub file: Option<PathBuf>,
    /// All of it in English.
    text: String,
}

/// What a note on a training says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrainingMatter {
    /// Training went on past its best weights, and these are kept.
    BestWeights {
        /// Training images that they had seen.
        seen: u64,
        /// Training images seen in the end.
        until: u64,
    },
    /// The model so far could not be saved; training goes on.
    NotSavedSoFar,
    /// The model is written, and what was saved on the way could not be removed.
    AutosaveStays,
    /// The model is written to this file, because the one that was named is another training's.
    OtherFile,
}

impl TrainingNote {
    /// That the weights after `seen` of `until` images are kept.
    pub fn best_weights(seen: u64, until: u64) -> Self {
        Self {
            matter: TrainingMatter::BestWeights { seen, until },
            file: None,
            text: format!(
                "The weights after {seen} training images are kept: until {until} the validation images were not \
                 reconstructed better."
            ),
        }
    }

    /// That the model so far could not be saved.
    pub fn not_saved_so_far(error: &anyhow::Error) -> Self {
        Self {
            matter: TrainingMatter::NotSavedSoFar,
            file: None,
            text: format!("The model so far could not be saved: {error:#}"),
        }
    }

    /// That an autosave could not be removed.
    pub fn autosave_stays(error: &anyhow::Error) -> Self {
        Self {
            matter: TrainingMatter::AutosaveStays,
            file: None,
            text: format!("{error:#}"),
        }
    }

    /// That the model is not where it was to be.
    pub fn other_file(target: &Path, path: &Path) -> Self {
        Self {
            matter: TrainingMatter::OtherFile,
            file: Some(path.to_owned()),
            text: format!(
                "{} is left as it was, the new model is {}",
                shown(target),
                shown(path)
            ),
        }
    }
}

impl fmt::Display for TrainingNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
