//! The folder that files have in common.

use std::path::{Path, PathBuf};

/// The innermost folder that all files lie in, at any depth; `None` without a file.
pub(super) fn common_folder<'a>(mut files: impl Iterator<Item = &'a Path>) -> Option<PathBuf> {
    let mut common = files.next()?.parent()?.to_owned();
    for file in files {
        while !file.starts_with(&common) && common.pop() {}
    }
    Some(common)
}
