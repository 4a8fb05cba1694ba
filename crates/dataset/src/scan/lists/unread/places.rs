//! Where a list may lie.

use std::fs;
use std::path::{Path, PathBuf};

use super::endings::{FOLDERS_OF_PROGRAMS, LISTS, is_of_a_program};
use crate::left_out::{LeftOut, Reason};
use crate::walk;

/// The most files of a hidden folder, or of that above, that are looked into.
const MAX_FILES: usize = 64;

/// The most entries of the folder above that are looked at.
const MAX_ENTRIES: usize = 4096;

/// The largest file of the folder above that is looked into: it may hold anything.
const MAX_BYTES_ABOVE: u64 = 4 << 20;

/// Where a file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Below the folder that was opened.
    Below,
    /// In the folder above, which may hold anything.
    Above,
}

/// A file that may be a list.
pub(super) struct File {
    pub path: PathBuf,
    /// With its dot; or nothing.
    pub ending: String,
    pub place: Place,
}

impl File {
    fn new(path: PathBuf, place: Place) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let ending = walk::ending(&path);
        (!is_of_a_program(&name)).then_some(Self {
            path,
            ending,
            place,
        })
    }

    fn is_list(&self) -> bool {
        LISTS.contains(&self.ending.as_str())
    }
}

/// All files below the folder that are no images, hidden lists in it, and the lists in the folder above.
pub(super) fn all(root: &Path, left_out: &[LeftOut]) -> Vec<File> {
    let mut files = Vec::new();
    for one in left_out.iter().filter(|one| one.path.starts_with(root)) {
        match &one.reason {
            Reason::NotAnImage(_) => files.extend(File::new(one.path.clone(), Place::Below)),
            Reason::Hidden => files.extend(hidden(&one.path)),
            _ => {}
        }
    }
    let above = root.canonicalize().ok();
    if let Some(above) = above.as_deref().and_then(Path::parent) {
        files.extend(lists_in(above, Place::Above));
    }
    files
}

/// The lists that a hidden file is, or that lie directly in a hidden folder.
fn hidden(path: &Path) -> Vec<File> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if FOLDERS_OF_PROGRAMS.contains(&name.to_lowercase().as_str()) {
        return Vec::new();
    }
    match path.is_dir() {
        true => lists_in(path, Place::Below),
        false => {
            let file = File::new(path.to_owned(), Place::Below);
            file.into_iter().filter(File::is_list).collect()
        }
    }
}

fn lists_in(folder: &Path, place: Place) -> Vec<File> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let entries = entries.take(MAX_ENTRIES).flatten();
    lists_among(entries.map(|entry| entry.path()), place)
}

/// The lists among some files, a few at most, and those above no larger than a list may be.
pub(super) fn lists_among(paths: impl Iterator<Item = PathBuf>, place: Place) -> Vec<File> {
    let files = paths.filter_map(|path| File::new(path, place));
    let files = files.filter(|file| file.is_list() && file.path.is_file());
    let mut files: Vec<File> = files.collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.truncate(MAX_FILES);
    if place == Place::Above {
        files.retain(|file| {
            let metadata = fs::metadata(&file.path);
            metadata.is_ok_and(|metadata| metadata.len() <= MAX_BYTES_ABOVE)
        });
    }
    files
}
