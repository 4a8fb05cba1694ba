//! Why something is not begun: codes with values, so that every language can word them.

use std::fmt;
use std::path::PathBuf;

use kizumi_image::setting::InvalidSetting;
use kizumi_image::shown::shown;
use serde::{Deserialize, Serialize};

use super::artifact::ArtifactError;

/// Why a training, a measurement or a search is not begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// A setting is out of its range.
    Setting(InvalidSetting),
    /// A folder has no normal images.
    NoNormals {
        /// The folder.
        folder: PathBuf,
    },
    /// A model holds out all normal images that a folder still has.
    AllHeldOut {
        /// The folder.
        folder: PathBuf,
    },
    /// A folder is not the data set that a model was trained on.
    OtherData {
        /// The folder.
        folder: PathBuf,
        /// The name of the data set that the model was trained on.
        trained_on: String,
        /// How many of its normal images were trained on and how many held out.
        images: (usize, usize),
        /// What the data set is wanted for.
        purpose: Purpose,
    },
    /// A model has no images that were held out.
    NothingHeldOut {
        /// What they are wanted for.
        purpose: Purpose,
    },
    /// A model has not learned anything by its network.
    Untrained,
    /// A model's projection takes too long to be searched from.
    TooManyIterations {
        /// Its iterations.
        iterations: usize,
        /// The most that are possible.
        most: usize,
    },
    /// Too few images were held out.
    TooFewHeldOut {
        /// Their number.
        held_out: usize,
        /// The fewest that are needed.
        fewest: usize,
    },
    /// Hardly a pixel counts, so that no synthetic defect can be drawn.
    NothingToSpoil,
    /// A model's numbers cannot be read from the device.
    Model(String),
}

/// What a model's data set is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To measure its normal images again.
    Calibrate,
    /// To search for settings.
    Tune,
    /// To measure how it heals synthetic defects.
    Heal,
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Calibrate => "calibrate again",
            Self::Tune => "tune",
            Self::Heal => "measure how it heals",
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(invalid) => invalid.fmt(f),
            Self::NoNormals { folder } => {
                write!(
                    f,
                    "{}: there are no normal images to learn from",
                    shown(folder)
                )
            }
            Self::AllHeldOut { folder } => write!(
                f,
                "{}: the model holds out all normal images that are left: there are none to learn from",
                shown(folder)
            ),
            Self::OtherData {
                folder,
                trained_on,
                images: (training, held_out),
                purpose,
            } => write!(
                f,
                "{}: this is not the data set that the model was trained on ({trained_on}: {training} \
                 normal images, {held_out} held out); open that one to {purpose}",
                shown(folder)
            ),
            Self::NothingHeldOut { purpose } => {
                write!(f, "The model has no held-out images to {purpose} with.")
            }
            Self::Untrained => {
                f.write_str("Its network has learned nothing yet: there is nothing to tune.")
            }
            Self::TooManyIterations { iterations, most } => write!(
                f,
                "The model was calibrated with {iterations} iterations; settings can be tuned from \
                 {most} at most."
            ),
            Self::TooFewHeldOut { held_out, fewest } => write!(
                f,
                "Held-out normal images: {held_out}; tuning needs {fewest} at least. Train with more \
                 normal images, or hold more of them out."
            ),
            Self::NothingToSpoil => {
                f.write_str("No synthetic defect could be drawn: hardly a pixel counts.")
            }
            Self::Model(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<InvalidSetting> for Refusal {
    fn from(invalid: InvalidSetting) -> Self {
        Self::Setting(invalid)
    }
}

impl From<ArtifactError> for Refusal {
    fn from(error: ArtifactError) -> Self {
        Self::Model(error.to_string())
    }
}
