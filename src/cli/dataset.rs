//! Opening a data set: saying what was recognised, and what is odd about it.

use std::path::Path;

use anyhow::Result;

use super::output::{count_of, say};
use super::roles::RoleOptions;
use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::fingerprint::duplicates_note;
use kizumi_dataset::scan::{scan, scan_as};
use kizumi_image::file_error::FileError;
use kizumi_image::shown::shown;

/// Recognises a folder, so far as the options do not say what it holds, and says it.
///
/// # Errors
/// When it is no data set; names the folder and what was looked for.
pub fn open(folder: &Path, roles: &RoleOptions) -> Result<Catalog> {
    let roles = roles.of(folder);
    let catalog = match roles.is_empty() {
        true => scan(folder)?,
        false => scan_as(folder, &roles)?,
    };
    say(format_args!("{}: {}.", shown(folder), catalog.summary()));
    for note in &catalog.notes {
        say(format_args!("note: {note}"));
    }
    Ok(catalog)
}

/// Lists files that could not be used, with the reasons.
pub fn say_broken(broken: &[FileError]) {
    if !broken.is_empty() {
        let files = count_of(broken.len(), "file");
        say(format_args!("{files} could not be used:"));
    }
    for error in broken {
        say(format_args!("  {error}"));
    }
}

/// Reports training images that are there twice, and test images that are training images, too: these
/// make every figure look better.
pub fn say_duplicates(catalog: &Catalog) {
    if let Some(note) = duplicates_note(catalog) {
        say(format_args!("note: {note}"));
    }
}
