//! What a person should know of a data set.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path;

use super::error::ScanError;
use super::mask_names::image_names;
use super::names::{Word, comparable, readable, word};
use crate::catalog::{Catalog, Entry, Layout, count_of};
use crate::left_out::{self, LeftOut, first_few, passed_over};

/// With fewer normal images than this a person is warned.
const FEW_NORMALS: usize = 10;

/// Notes in sentences.
pub(super) fn of(catalog: &Catalog) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    notes.extend(said_bad(catalog));
    notes.extend(said_masks(catalog));
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
    let said = |name: &OsStr| word(&readable(name));
    if catalog.layout == Layout::Plain {
        let names = catalog.root.file_name().into_iter().chain(shared(catalog));
        for name in names.filter(|name| said(name).is_some_and(Word::is_bad)) {
            notes.push(format!(
                "The name of the folder, {}, says that its images show defects; they are taken as normal.",
                readable(name)
            ));
        }
    }
    let of = |entry: &Entry| said(entry.path.file_stem().unwrap_or_default());
    // Scratches are defects among other images; where all are called so it may be what the part is called.
    let names_defects = |entry: &Entry| of(entry) == Some(Word::Defect);
    let some = !catalog.train.iter().all(names_defects);
    let is_bad =
        |entry: &&Entry| of(entry) == Some(Word::Defective) || some && names_defects(entry);
    let bad = catalog.train.iter().filter(is_bad);
    let bad: Vec<String> = bad.map(|entry| catalog.name_of(&entry.path)).collect();
    if !bad.is_empty() {
        notes.push(format!(
            "The names of {} say that they show defects; they are taken as normal: {}.",
            count_of(bad.len(), "image"),
            first_few(&bad)
        ));
    }
    notes
}

/// The names of the folders that all images lie in, below the data set's own.
fn shared(catalog: &Catalog) -> impl Iterator<Item = &OsStr> {
    let folder = |entry: &'_ Entry| entry.path.parent().map(Path::to_owned);
    let mut common = catalog.train.first().and_then(folder).unwrap_or_default();
    for entry in &catalog.train {
        while !entry.path.starts_with(&common) && common.pop() {}
    }
    let depth = common
        .strip_prefix(&catalog.root)
        .map_or(0, |below| below.iter().count());
    let first = catalog.train.first().map(|entry| entry.path.as_path());
    let below = first.and_then(|path| path.strip_prefix(&catalog.root).ok());
    below.into_iter().flat_map(Path::iter).take(depth)
}

/// Images that have names of masks of others, and look like photographs.
fn said_masks(catalog: &Catalog) -> Option<String> {
    let all = || catalog.train.iter().chain(&catalog.test);
    let place = |entry: &Entry| {
        let stem = entry.path.file_stem().unwrap_or_default();
        let name = comparable(&readable(stem));
        (entry.path.parent().map(Path::to_owned), name)
    };
    let places: HashSet<_> = all().map(place).collect();
    let is_said = |entry: &&Entry| {
        let (folder, name) = place(entry);
        image_names(&name).any(|image| places.contains(&(folder.clone(), image.to_owned())))
    };
    let names: Vec<String> = all()
        .filter(is_said)
        .map(|entry| catalog.name_of(&entry.path))
        .collect();
    let few = first_few(&names);
    let count = count_of(names.len(), "image");
    let note = format!(
        "The names of {count} say that they are masks; they look like photographs, and are taken as images: {few}."
    );
    (!names.is_empty()).then_some(note)
}

/// Nothing to use, and what was there instead.
pub(super) fn no_images(root: &Path, left_out: &[LeftOut]) -> ScanError {
    ScanError::NoImages {
        path: root.into(),
        seen: passed_over(left_out).map_or_else(String::new, |seen| format!("; {seen}")),
    }
}
