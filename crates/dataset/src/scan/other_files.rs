//! Files that may say something else of images than what is known of them.

use std::path::{Path, PathBuf};

use super::error::ScanError;
use super::lists::unread::doubts;
use super::question;
use crate::catalog::{Catalog, Kind, Layout};
use crate::few::Few;
use crate::note::Note;
use kizumi_image::shown::shown;

/// A data set of which something says what its images show, with a note of files that name images to learn from
/// and that are not understood.
///
/// # Errors
/// [`ScanError::Ambiguous`], where a list calls all images normal: another may say which are not.
pub(super) fn weighed(mut catalog: Catalog) -> Result<Catalog, ScanError> {
    if catalog.layout == Layout::Plain {
        return Ok(catalog);
    }
    let images: Vec<PathBuf> = catalog
        .train
        .iter()
        .map(|entry| entry.path.clone())
        .collect();
    let files = doubts(&catalog.root, &images, &catalog.left_out);
    if files.is_empty() {
        return Ok(catalog);
    }
    let has_defects = catalog
        .test
        .iter()
        .any(|entry| matches!(entry.kind, Kind::Defect(_)));
    if catalog.layout == Layout::Listed && !has_defects {
        let images: Vec<&Path> = images.iter().map(PathBuf::as_path).collect();
        return Err(question::about(&catalog.root, &images, files));
    }
    let below = |path: &PathBuf| {
        let below = path.strip_prefix(&catalog.root).unwrap_or(path);
        shown(below).to_string()
    };
    let files: Few = files.iter().map(below).collect();
    catalog.notes.push(Note::Unread { files });
    Ok(catalog)
}
