//! What holds for all files of a folder, worked out once.

use std::path::{Path, PathBuf};

/// The last answer, and the folder it is for: lists of files go through one folder after the other.
pub(super) struct PerFolder<T> {
    last: Option<(PathBuf, T)>,
}

impl<T> PerFolder<T> {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self { last: None }
    }

    /// What `of` makes of the folder of a file.
    pub fn of(&mut self, file: &Path, of: impl FnOnce(&Path) -> T) -> &T {
        let folder = file.parent().unwrap_or(Path::new(""));
        let last = self.last.take().filter(|(known, _)| known == folder);
        let (_, value) = self
            .last
            .insert(last.unwrap_or_else(|| (folder.to_owned(), of(folder))));
        value
    }
}
