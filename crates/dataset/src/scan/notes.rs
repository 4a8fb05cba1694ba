//! What a person should know of a data set.

use std::path::Path;

use super::error::ScanError;
use super::names::{Word, readable, word};
use crate::catalog::{Catalog, Entry, Layout, count_of};
use crate::left_out::{self, LeftOut, first_few, passed_over};

/// With fewer normal images than this a person is warned.
const FEW_NORMALS: usize = 10;

/// Notes in sentences.
pub(super) fn of(catalog: &Catalog) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    notes.extend(said_bad(catalog));
    let counts = catalog.counts();
    if counts.without_mask > 0 {
        notes.push(format!(
            "{} without a mask, left out of pixel metrics.",
            count_of(counts.without_mask, "defective image")
        ));
    }
    if counts.unknown > 0 {
        notes.push(format!(
            "Nothing says what {} for test show: they are inspected, and no figure is made of them.",
            count_of(counts.unknown, "image")
        ));
    }
    match catalog.train.len() {
        0 => notes.push(
            "No normal images to train on: this data set serves inspection and evaluation."
                .to_owned(),
        ),
        few @ 1..FEW_NORMALS => notes.push(format!(
            "Only {}: results improve with {FEW_NORMALS} or more.",
            count_of(few, "normal image")
        )),
        _ => {}
    }
    notes.extend(left_out::notes(&catalog.root, &catalog.left_out));
    notes
}

/// Images that are taken as normal and have names that say otherwise.
fn said_bad(catalog: &Catalog) -> Vec<String> {
    let mut notes = Vec::new();
    let root = readable(catalog.root.file_name().unwrap_or_default());
    if catalog.layout == Layout::Plain && word(&root) == Some(Word::Defective) {
        notes.push(format!(
            "The name of the folder, {root}, says that its images show defects; they are taken as normal."
        ));
    }
    let is_bad = |entry: &&Entry| {
        let stem = entry.path.file_stem().unwrap_or_default();
        word(&readable(stem)) == Some(Word::Defective)
    };
    let bad: Vec<String> = catalog
        .train
        .iter()
        .filter(is_bad)
        .map(|entry| catalog.name_of(&entry.path))
        .collect();
    if !bad.is_empty() {
        notes.push(format!(
            "The names of {} say that they show defects; they are taken as normal: {}.",
            count_of(bad.len(), "image"),
            first_few(&bad)
        ));
    }
    notes
}

/// Nothing to use, and what was there instead.
pub(super) fn no_images(root: &Path, left_out: &[LeftOut]) -> ScanError {
    ScanError::NoImages {
        path: root.into(),
        seen: passed_over(left_out).map_or_else(String::new, |seen| format!("; {seen}")),
    }
}
