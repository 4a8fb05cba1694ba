//! What makes it doubtful which images are normal.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalog::count_of;
use crate::few::Few;

/// What makes it doubtful which images are normal; displays as a sentence. Names are those of files and folders
/// below the data set's own, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doubt {
    /// Names of folders do not say what their images show, and those of others do.
    Unsaid(Few),
    /// Folders are called normal, or lie in one that is, and are called something more that may take it back.
    Folders(Few),
    /// Images are named after others as copies and results are, and differ from them.
    Made(Few),
    /// Images are called as others beside them are, and bad.
    NamedBad(Few),
    /// Images are called otherwise than others beside them, in a way that may say that they are bad.
    NamedOtherwise(Few),
    /// Images look like masks.
    Lookalikes(Few),
    /// Images of parts of which others lie beside them, by another sensor, or of another size, depth or colours.
    OtherSensors(Few),
    /// Pictures that are there twice, and all normal or all defective images are among them.
    Twins(Few),
    /// Masks that may mark where to look instead of defects.
    Regions(Few),
    /// Masks of none of the images.
    Unpaired(Few),
    /// Files that are not read lie where masks and annotations of the images do.
    Unopened(Few),
    /// Folders have come since a person said what the data set holds.
    NewFolders(Few),
}

impl Doubt {
    /// What is doubtful.
    pub fn names(&self) -> &Few {
        match self {
            Self::Unsaid(names)
            | Self::Folders(names)
            | Self::Made(names)
            | Self::NamedBad(names)
            | Self::NamedOtherwise(names)
            | Self::Lookalikes(names)
            | Self::OtherSensors(names)
            | Self::Twins(names)
            | Self::Regions(names)
            | Self::Unpaired(names)
            | Self::Unopened(names)
            | Self::NewFolders(names) => names,
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names();
        let count = |one| count_of(names.count(), one);
        match self {
            Self::Unsaid(_) => write!(f, "Names that do not say what the images show: {names}."),
            Self::Folders(_) => write!(f, "Names that may take \"normal\" back: {names}."),
            Self::Made(_) => write!(
                f,
                "{} named after others as copies and results are, and not the same: {names}.",
                count("image")
            ),
            Self::NamedBad(_) => write!(
                f,
                "{} named after others, and bad: {names}.",
                count("image")
            ),
            Self::NamedOtherwise(_) => write!(
                f,
                "{} named otherwise than those beside them, and perhaps bad: {names}.",
                count("image")
            ),
            Self::Lookalikes(_) => write!(f, "{} like masks: {names}.", count("image")),
            Self::OtherSensors(_) => write!(
                f,
                "{} by another sensor, or of another size, depth or colours, than others of the same parts: {names}.",
                count("image")
            ),
            Self::Twins(_) => write!(
                f,
                "{} among the normal images and among the defective ones: {names}.",
                count("picture")
            ),
            Self::Regions(_) => write!(
                f,
                "{} that may mark where to look instead of defects: {names}.",
                count("mask")
            ),
            Self::Unpaired(_) => write!(f, "{} of none of the images: {names}.", count("mask")),
            Self::NewFolders(_) => {
                write!(f, "New since it was said which images are normal: {names}.")
            }
            Self::Unopened(_) => write!(
                f,
                "{} not read that may be masks or annotations: {names}.",
                count("file")
            ),
        }
    }
}
