//! The truth about an image.

use serde::{Deserialize, Serialize};

/// What an image shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Nothing wrong.
    Normal,
    /// A defect, named as its folder.
    Defect(String),
    /// Nobody has said: it is inspected, and no figure is made of it.
    Unknown,
}

impl Kind {
    /// Whether there is a defect; `None` where nobody has said.
    pub fn is_defective(&self) -> Option<bool> {
        match self {
            Self::Normal => Some(false),
            Self::Defect(_) => Some(true),
            Self::Unknown => None,
        }
    }
}
