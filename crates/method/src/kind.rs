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
}
