//! Files that may say something else of images than what is known of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::error::ScanError;
use super::lists::unread::{Doubts, doubts, speak_of_defects};
use super::notes;
use super::opened;
use super::question;
use crate::catalog::{Catalog, Entry, Kind, Layout};
use crate::few::Few;
use crate::note::Note;
use kizumi_image::shown::shown;

/// A data set of which something says what its images show, with a note of files that name images to learn from
/// and that are not understood; those that they set apart are not learned from.
///
/// # Errors
/// [`ScanError::Ambiguous`], where a list calls all images normal: another may say which are not.
pub(super) fn weighed(mut catalog: Catalog) -> Result<Catalog, ScanError> {
    if catalog.layout == Layout::Plain {
        let files = speak_of_defects(&catalog.root, &catalog.left_out);
        if !files.is_empty() {
            let files = files.iter().map(|path| below(&catalog, path)).collect();
            catalog.notes.push(Note::SpeakOfDefects { files });
        }
        catalog.notes.extend(opened::notes(&catalog));
        return Ok(catalog);
    }
    let images: Vec<PathBuf> = catalog
        .train
        .iter()
        .map(|entry| entry.path.clone())
        .collect();
    let Doubts { files, set_apart } = doubts(&catalog.root, &images, &catalog.left_out);
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
    set_aside(&mut catalog, &set_apart);
    let files: Few = files.iter().map(|path| below(&catalog, path)).collect();
    catalog.notes.push(Note::Unread { files });
    Ok(catalog)
}

/// The name of a file below the data set.
fn below(catalog: &Catalog, path: &Path) -> String {
    shown(path.strip_prefix(&catalog.root).unwrap_or(path)).to_string()
}

/// Makes images to learn from, by their numbers, unknown ones to test with.
fn set_aside(catalog: &mut Catalog, set_apart: &BTreeSet<usize>) {
    // What lists and annotations say stands before the rest.
    let front = catalog.notes.len().saturating_sub(notes::of(catalog).len());
    let train = std::mem::take(&mut catalog.train).into_iter().enumerate();
    let (aside, train): (Vec<_>, Vec<_>) = train.partition(|(at, _)| set_apart.contains(at));
    catalog.train = train.into_iter().map(|(_, entry)| entry).collect();
    let unknown = aside.into_iter().map(|(_, entry)| Entry::alone(entry.path));
    catalog.test.extend(unknown);
    catalog.notes.truncate(front);
    catalog.notes.extend(notes::of(catalog));
}
