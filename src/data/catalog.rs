//! Which images a folder holds and what they are: names only, nothing is decoded.

use std::path::PathBuf;

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

/// One image of a data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The image file.
    pub path: PathBuf,
    /// Normal, or which defect.
    pub kind: Kind,
    /// Its ground-truth mask: non-zero pixels are defective.
    pub mask: Option<PathBuf>,
}

/// How the folder is organised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// `train/good`, `test/<kind>`, `ground_truth/<kind>`.
    Mvtec,
    /// Normal images, in nested folders or not.
    Plain,
}

/// A recognised data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// The folder that was opened.
    pub root: PathBuf,
    /// How it is organised.
    pub layout: Layout,
    /// Normal images to learn from, in natural order.
    pub train: Vec<Entry>,
    /// Images to inspect, in natural order, grouped by kind.
    pub test: Vec<Entry>,
    /// What a person should know: few normals, masks without images, files passed over.
    pub notes: Vec<String>,
}
