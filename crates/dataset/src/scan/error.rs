//! Why a folder is no data set.

use std::path::{Path, PathBuf};

use thiserror::Error;

use kizumi_image::shown::shown;

use super::doubt::Doubt;
use crate::catalog::{Kind, count_of};
use crate::few::Few;
use crate::left_out::PassedOver;
use crate::note::Note;

/// Why a folder is no data set.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScanError {
    /// Missing, or not allowed.
    #[error("{}: cannot be read: {reason}", shown(path))]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// A file.
    #[error("{}: is a file; open the folder that holds the images", shown(path))]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// Nothing to use.
    #[error(
        "{}: no images found. Looked for PNG, JPEG, BMP, TIFF and WebP files in train/good and \
         test/<kind>, in folders of normal and of defective images, or anywhere below the folder{}",
        shown(path),
        instead(seen.as_ref())
    )]
    NoImages {
        /// The folder.
        path: PathBuf,
        /// What was there instead, if anything.
        seen: Option<PassedOver>,
    },
    /// There are images, and none is used.
    #[error("{}: none of its images can be used: {}", shown(path), joined(why))]
    NoneUsed {
        /// The folder.
        path: PathBuf,
        /// Why not, and which.
        why: Vec<Note>,
    },
    /// A person says two things of one folder.
    #[error(
        "{}: is named as two things; a folder holds normal images, or images to test with, or masks",
        shown(path)
    )]
    GivenTwice {
        /// The folder.
        path: PathBuf,
    },
    /// The folder above one or more data sets.
    #[error("{}: holds data sets; open one of them: {}", shown(path), names.join(", "))]
    HoldsDatasets {
        /// The folder.
        path: PathBuf,
        /// Names of the folders in it that look like data sets.
        names: Vec<String>,
    },
    /// Annotations of many images, and damaged.
    #[error("{}: {reason}", path.display())]
    Annotation {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// More files than any data set has.
    #[error(
        "{}: holds more than a million files; open a folder further down",
        shown(path)
    )]
    TooManyFiles {
        /// The folder.
        path: PathBuf,
    },
    /// Nothing says which of several folders hold normal images. Training on the others would teach that
    /// defects are normal, so a person is asked, and [`super::scan_as`] takes the answer.
    #[error(
        "{}: nothing says which of these images are normal: {}.{}{} Say it with --normal DIR, --test DIR for the \
         others and --masks DIR for masks",
        shown(path),
        listed(path, groups),
        sentences(doubts),
        not_understood(path, unread)
    )]
    Ambiguous {
        /// The folder.
        path: PathBuf,
        /// Its images, by the folder that they are in; in natural order.
        groups: Vec<Group>,
        /// What makes it doubtful, beside what these folders are called.
        doubts: Vec<Doubt>,
        /// Files that name some of them, and that nobody here understands: they may say it.
        unread: Vec<PathBuf>,
    },
}

/// Images of one folder, about which a person is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The folder. It is the data set's own for images directly in it.
    pub folder: PathBuf,
    /// How many images it holds, at any depth.
    pub images: usize,
    /// A few of them, from all over the folder, to be looked at.
    pub samples: Vec<PathBuf>,
    /// What its name says that they show, if it says anything.
    pub guess: Kind,
}

/// Behind a semicolon.
fn instead(seen: Option<&PassedOver>) -> String {
    seen.map_or_else(String::new, |seen| format!("; {seen}"))
}

fn joined(notes: &[Note]) -> String {
    let notes: Vec<String> = notes.iter().map(Note::to_string).collect();
    notes.join(" ")
}

/// "left (12 images), right (5 images)".
fn listed(root: &Path, groups: &[Group]) -> String {
    let one = |group: &Group| {
        let below = group.folder.strip_prefix(root).unwrap_or(&group.folder);
        let name = match below.as_os_str().is_empty() {
            true => "directly in it".to_owned(),
            false => shown(below).to_string(),
        };
        format!("{name} ({})", count_of(group.images, "image"))
    };
    let all: Vec<String> = groups.iter().map(one).collect();
    all.join(", ")
}

/// Each with a space before it.
fn sentences(doubts: &[Doubt]) -> String {
    doubts.iter().map(|doubt| format!(" {doubt}")).collect()
}

/// What may say it, with a space before it; or nothing.
fn not_understood(root: &Path, unread: &[PathBuf]) -> String {
    if unread.is_empty() {
        return String::new();
    }
    let names = names_in(root, unread);
    format!(
        " What could say it is not understood: {names}; a CSV file with the columns image and label is."
    )
}

/// The names of files, from their folder on; the first few.
pub fn names_in(root: &Path, files: &[PathBuf]) -> Few {
    let name = |path: &PathBuf| shown(path.strip_prefix(root).unwrap_or(path)).to_string();
    files.iter().map(name).collect()
}

/// A folder that the operating system does not show.
pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> ScanError {
    ScanError::Unreadable {
        path: path.into(),
        reason: error.to_string(),
    }
}
