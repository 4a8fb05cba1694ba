//! What a worker does not do, and why: codes with values, so that every language can word them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Failure;
use super::failure::Cause;

/// Why a worker does not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Denial {
    /// No image is open.
    NoImage,
    /// The image that was meant is not open any more.
    OtherImage,
    /// There is no model.
    NoModel,
    /// There is none that could be saved.
    NoModelToSave,
    /// The model that was meant has been replaced.
    OtherModel,
    /// The model that was kept to compare with is not kept any more.
    NoRival,
    /// No folder is open to train on.
    NoFolder,
    /// The data set of the model is not open.
    NoDataOfModel,
    /// The data set that was meant is not open any more.
    OtherFolder,
    /// What is normal in the folder of an interrupted training is to be said first.
    Undecided,
    /// Nothing is to be inspected.
    NoImages,
    /// Fewer than two images could be compared.
    NothingToCompare,
    /// It waits for the training that goes on.
    WhileTraining(Waiting),
    /// A texture has no places that could be left out.
    RegionsOfTexture,
    /// Every pixel would be left out.
    AllIgnored,
    /// A picture has another shape than it must have: planes, rows, columns.
    Shape {
        /// Its own.
        own: (usize, usize, usize),
        /// What is needed.
        needed: (usize, usize, usize),
    },
    /// A picture has values that are NaN or infinite.
    NotFinite,
    /// A picture has too many tiles for all of them to be seen at every iteration.
    TooManyTiles {
        /// Width and height in pixels.
        picture_px: (usize, usize),
        /// Its tiles.
        tiles: usize,
        /// The most that are possible.
        most: usize,
    },
    /// A grid without a step size or without a weight.
    EmptyGrid,
    /// A grid of too many pairs of a step size and a weight.
    LargeGrid {
        /// Step sizes and weights.
        asked: (usize, usize),
        /// The most pairs that are possible.
        most: usize,
    },
    /// A grid that needs too much memory.
    HeavyGrid {
        /// Its projections.
        projections: usize,
        /// Width and height of each in pixels.
        picture_px: (usize, usize),
        /// The most that are possible.
        most: usize,
    },
    /// The program made a mistake, and what it says of that.
    Mistake(String),
    /// The worker is lost, and another one works instead.
    Lost {
        /// What became of it.
        reason: String,
    },
    /// The worker is lost, and there is no other.
    Gone {
        /// What became of it.
        reason: String,
        /// Why another one cannot be started.
        why: String,
    },
}

/// What cannot be done while a model is being trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waiting {
    /// Another training.
    Training,
    /// A calibration.
    Calibrating,
    /// A search for settings.
    Tuning,
    /// A search for images unlike the others.
    Comparing,
    /// Regions that are left out.
    Regions,
    /// Letting the model or the data set go.
    Leaving,
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NoImage => "Open an image first.",
            Self::OtherImage => "Another image was opened meanwhile.",
            Self::NoModel => "Train or open a model first.",
            Self::NoModelToSave => "There is no model to save yet.",
            Self::OtherModel => "Another model has taken its place meanwhile.",
            Self::NoRival => "The model to compare with is not kept any more.",
            Self::NoFolder => "Open a folder of normal images first.",
            Self::NoDataOfModel => "Open the data set that the model was trained on first.",
            Self::OtherFolder => "Another data set was opened meanwhile.",
            Self::Undecided => {
                "Say first which images of its folder are normal; the training is offered still."
            }
            Self::NoImages => "There are no images to inspect.",
            Self::NothingToCompare => "There are no two images to be compared.",
            Self::WhileTraining(waiting) => match waiting {
                Waiting::Training => "A model is being trained already.",
                Waiting::Calibrating => {
                    "A model is being trained; it is calibrated at the end of it."
                }
                Waiting::Tuning => {
                    "A model is being trained; its settings can be tuned after that."
                }
                Waiting::Comparing => "A model is being trained, which compares the images, too.",
                Waiting::Leaving => "A model is being trained; end that first.",
                Waiting::Regions => "Regions cannot be ignored while a model is being trained.",
            },
            Self::RegionsOfTexture => {
                "Only a model of whole images can ignore regions: a texture has no fixed places."
            }
            Self::AllIgnored => "At least one pixel must not be ignored.",
            Self::Shape { own, needed } => {
                return write!(
                    f,
                    "A picture has {} x {} pixels in {} channel(s); {} x {} in {} are needed.",
                    own.2, own.1, own.0, needed.2, needed.1, needed.0
                );
            }
            Self::NotFinite => "A picture has values that are NaN or infinite.",
            Self::TooManyTiles {
                picture_px: (width, height),
                tiles,
                most,
            } => {
                return write!(
                    f,
                    "{width} x {height} pixels are {tiles} tiles, too many to watch (at most {most}). \
                     Inspect it with others under Review or with `kizumi inspect`, or train with a \
                     smaller texture side."
                );
            }
            Self::EmptyGrid => "A grid needs at least one step size and one weight.",
            Self::LargeGrid {
                asked: (alphas, lambdas),
                most,
            } => {
                return write!(
                    f,
                    "{alphas} step sizes and {lambdas} weights are more than {most} pairs."
                );
            }
            Self::HeavyGrid {
                projections,
                picture_px: (width, height),
                most,
            } => {
                return write!(
                    f,
                    "{projections} projections of {width} x {height} pixels need too much memory; at \
                     most {most} are possible."
                );
            }
            Self::Mistake(reason) => return write!(f, "The program made a mistake: {reason}"),
            Self::Lost { reason } => {
                return write!(f, "The worker was lost and was started anew. {reason}");
            }
            Self::Gone { reason, why } => {
                return write!(
                    f,
                    "The worker was lost and cannot be started anew: {why}. {reason}"
                );
            }
        };
        f.write_str(text)
    }
}

impl From<Denial> for Failure {
    fn from(denial: Denial) -> Self {
        let text = denial.to_string();
        Self::new(Cause::Denied(Box::new(denial)), text)
    }
}
