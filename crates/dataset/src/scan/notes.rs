//! What a person should know of a data set.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path;

use super::common_folder::common_folder;
use super::error::ScanError;
use super::mask_names::image_names;
use super::names::{Word, word};
use crate::catalog::{Catalog, Entry, Layout};
use crate::few::Few;
use crate::file_name::{readable, stem};
use crate::left_out::{self, LeftOut, PassedOver};
use crate::note::Note;
use crate::walk::is_image;

/// With fewer normal images than this a person is warned.
const FEW_NORMALS: usize = 10;

/// All but what its lists and annotations say.
pub(super) fn of(catalog: &Catalog) -> Vec<Note> {
    let mut notes = said_bad(catalog);
    notes.extend(said_masks(catalog));
    notes.extend(counted(catalog));
    notes.extend(left_out::notes(&catalog.root, &catalog.left_out));
    notes
}

/// How many images there are too few of, and of how many nothing is known.
fn counted(catalog: &Catalog) -> Vec<Note> {
    let mut notes = Vec::new();
    let counts = catalog.counts();
    if counts.without_mask > 0 {
        notes.push(Note::WithoutMask {
            images: counts.without_mask,
        });
    }
    if counts.unknown > 0 {
        notes.push(Note::Unknown {
            images: counts.unknown,
        });
    }
    match catalog.train.len() {
        0 => notes.push(Note::NoNormals),
        images @ 1..FEW_NORMALS => notes.push(Note::FewNormals {
            images,
            wanted: FEW_NORMALS,
        }),
        _ => {}
    }
    notes
}

/// Counts anew, where other images are normal by now.
pub(crate) fn recount(catalog: &mut Catalog) {
    let is_count = |note: &Note| {
        matches!(
            note,
            Note::WithoutMask { .. }
                | Note::Unknown { .. }
                | Note::NoNormals
                | Note::FewNormals { .. }
        )
    };
    let is_next =
        |note: &Note| is_count(note) || matches!(note, Note::LeftOut { .. } | Note::PassedOver(_));
    let at = catalog.notes.iter().position(is_next);
    let at = at.unwrap_or(catalog.notes.len());
    catalog.notes.retain(|note| !is_count(note));
    let counted = counted(catalog);
    catalog.notes.splice(at..at, counted);
}

/// Images that are taken as normal and have names that say otherwise.
fn said_bad(catalog: &Catalog) -> Vec<Note> {
    let mut notes = Vec::new();
    let said = |name: &OsStr| word(&readable(name));
    if catalog.layout == Layout::Plain {
        let names = catalog.root.file_name().into_iter().chain(shared(catalog));
        for name in names.filter(|name| said(name).is_some_and(Word::is_bad)) {
            notes.push(Note::FolderNamedBad {
                folder: readable(name),
            });
        }
    }
    let of = |entry: &Entry| said(entry.path.file_stem().unwrap_or_default());
    // Scratches are defects among other images; where all are called so it may be what the part is called.
    let names_defects = |entry: &Entry| of(entry) == Some(Word::Defect);
    let some = !catalog.train.iter().all(names_defects);
    let is_bad =
        |entry: &&Entry| of(entry) == Some(Word::Defective) || some && names_defects(entry);
    let bad = catalog.train.iter().filter(is_bad);
    let bad: Few = bad.map(|entry| catalog.name_of(&entry.path)).collect();
    if bad.count() > 0 {
        notes.push(Note::NamedBad(bad));
    }
    notes
}

/// The names of the folders that all images lie in, below the data set's own.
fn shared(catalog: &Catalog) -> impl Iterator<Item = &OsStr> {
    let paths = catalog.train.iter().map(|entry| entry.path.as_path());
    let common = common_folder(paths).unwrap_or_default();
    let depth = common
        .strip_prefix(&catalog.root)
        .map_or(0, |below| below.iter().count());
    let first = catalog.train.first().map(|entry| entry.path.as_path());
    let below = first.and_then(|path| path.strip_prefix(&catalog.root).ok());
    below.into_iter().flat_map(Path::iter).take(depth)
}

/// Images that have names of masks of others, and look like photographs.
fn said_masks(catalog: &Catalog) -> Option<Note> {
    let all = || catalog.train.iter().chain(&catalog.test);
    let place = |entry: &Entry| (entry.path.parent().map(Path::to_owned), stem(&entry.path));
    let places: HashSet<_> = all().map(place).collect();
    let is_said = |entry: &&Entry| {
        let (folder, name) = place(entry);
        image_names(&name).any(|image| places.contains(&(folder.clone(), image.to_owned())))
    };
    let names: Few = all()
        .filter(is_said)
        .map(|entry| catalog.name_of(&entry.path))
        .collect();
    (names.count() > 0).then_some(Note::NamedMasks(names))
}

/// Nothing to use, and what was there instead.
pub(super) fn no_images(root: &Path, left_out: &[LeftOut]) -> ScanError {
    let images = left_out.iter().filter(|one| is_image(&one.path));
    let images: Vec<LeftOut> = images.cloned().collect();
    let why = left_out::notes(root, &images);
    if !why.is_empty() {
        return ScanError::NoneUsed {
            path: root.into(),
            why,
        };
    }
    ScanError::NoImages {
        path: root.into(),
        seen: PassedOver::of(left_out),
    }
}
