//! Lists that say what the images of a folder show: CSV, JSON, Parquet, text files or spreadsheets beside them, as VisA, Real-IAD and
//! anomalib have them, and as people export them from a spreadsheet.

mod column_names;
mod columns;
mod draft;
mod joined;
mod json;
mod label;
mod marks;
mod naming;
mod parquet;
mod places;
mod spreadsheet;
mod table;
mod text;
pub(super) mod unread;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::mask_names::prefixes;
use super::names::word;
use crate::file_name::{ending, readable};
use draft::{Draft, Named, Unclear};
use joined::joined;
use kizumi_image::regular;
use places::Files;
use table::Table;

pub(super) use column_names::is_image_name;
pub(super) use columns::{Part, Told};
pub(super) use joined::{Contents, ListedImage};
pub(super) use table::reduced;

/// The largest file that is looked into.
const MAX_BYTES: u64 = 256 << 20;

/// Endings of lists.
const ENDINGS: [&str; 13] = [
    "csv", "tsv", "json", "jsonl", "ndjson", "txt", "lst", "list", "parquet", "xlsx", "xlsm",
    "ods", "xls",
];

/// The most files that are looked into: those nearest to the folder that was opened, and those last that are
/// called as images are, since there may be one for each. The others count as unread.
const MAX_FILES: usize = 64;

/// Bytes of the name of an image that a file may be called after, at least.
const SHORTEST_NAME: usize = 3;

/// Folders that a list may lie below the one that was opened.
const MAX_DEPTH: usize = 3;

/// The lists of a folder, if it has some that name images in it. Of several that part images into training and
/// test that counts which names most; lists that are called `train` and `test` belong together. What images
/// show may stand in another one.
///
/// `images`, `masks` and `documents` (files that may be lists) are below `root`.
pub(super) fn find(
    root: &Path,
    images: &[&Path],
    masks: &[&Path],
    documents: &[&Path],
) -> Option<Contents> {
    let both = images.iter().chain(masks).copied();
    let stems: BTreeSet<PathBuf> = both.clone().map(|path| path.with_extension("")).collect();
    let depth = |path: &&Path| path.components().count();
    let candidates = documents.iter().copied().filter(|path| {
        let ending = ending(path);
        let is_list = ENDINGS.contains(&ending.as_str());
        // What is called as an image, or after one beside it, is about that image alone.
        is_list && depth(path) <= MAX_DEPTH && !is_called_after(path, &stems)
    });
    let mut candidates: Vec<&Path> = candidates.collect();
    if candidates.is_empty() {
        return None;
    }
    let named = Named {
        images: Files::with_any_ending(images.iter().copied()),
        masks: Files::new(masks.iter().copied()),
        all: (!masks.is_empty()).then(|| Files::new(both)),
    };
    let is_called_as_image = |path: &Path| {
        let stem = path.file_stem().unwrap_or_default();
        named.images.has_name(&stem.to_string_lossy())
    };
    candidates.sort_by_cached_key(|path| (is_called_as_image(path), depth(path)));
    candidates.truncate(MAX_FILES);
    let lists = candidates
        .into_iter()
        .flat_map(|path| lists_in(root, path, &named));
    joined(lists.collect(), images.len())
}

/// Whether a file is called as one of the images beside it, or as that and something behind it: `003_defect.txt`.
fn is_called_after(file: &Path, images: &BTreeSet<PathBuf>) -> bool {
    let bare = file.with_extension("");
    let stem = bare.file_name().unwrap_or_default().to_string_lossy();
    let mut names = prefixes(&stem).filter(|name| name.len() >= SHORTEST_NAME);
    images.contains(&bare) || names.any(|name| images.contains(&bare.with_file_name(name)))
}

/// The lists in a file: of a spreadsheet each sheet is one. None where one of them names images and cannot be
/// understood, or names some of those of the others and does not say why: it may say otherwise than the rest.
fn lists_in(root: &Path, path: &Path, named: &Named<'_>) -> Vec<Draft> {
    let mut lists: Vec<Draft> = Vec::new();
    let mut silent = Vec::new();
    for (called, table) in tables(&root.join(path), named) {
        match Draft::new(path, &called, &table, named) {
            Ok(Some(draft)) => lists.push(draft),
            Ok(None) => silent.push(draft::named_in(path, &table, named)),
            Err(Unclear) => return Vec::new(),
        }
    }
    let rows = lists.iter().flat_map(|list| &list.rows);
    let listed: BTreeSet<&Path> = rows.map(|row| row.path.as_path()).collect();
    let is_some = |names: &BTreeSet<&Path>| !names.is_empty() && !names.is_superset(&listed);
    match silent.iter().any(is_some) {
        true => Vec::new(),
        false => lists,
    }
}

/// The tables in a file, and what each is called; none where it cannot be read.
fn tables(file: &Path, named: &Named<'_>) -> Vec<(String, Table)> {
    let is_image = |cell: &str| named.has_name(cell);
    let called = readable(file.file_stem().unwrap_or_default());
    let ending = ending(file);
    if spreadsheet::ENDINGS.contains(&ending.as_str()) {
        let sheets = spreadsheet::sheets(file).unwrap_or_default().into_iter();
        let tables = sheets.filter_map(|sheet| {
            // "Sheet1" says less than the name of the file.
            let own = Some(sheet.name).filter(|name| draft::says_something(name));
            let table = Table::from_rows(sheet.rows, &is_image)?;
            Some((own.unwrap_or_else(|| called.clone()), table))
        });
        return tables.collect();
    }
    let table = match ending.as_str() {
        "parquet" => parquet::rows(file)
            .ok()
            .and_then(|rows| Table::from_rows(rows, &is_image)),
        ending => text(file, named).and_then(|text| match ending {
            "json" | "jsonl" | "ndjson" => json::table(&text, &is_image),
            "txt" | "lst" | "list" => Table::from_text(&text, &is_image),
            _ => Table::from_csv(&text, &is_image),
        }),
    };
    table.map(|table| (called, table)).into_iter().collect()
}

fn text(file: &Path, named: &Named<'_>) -> Option<String> {
    let bytes = regular::read(file, MAX_BYTES).ok()?;
    let is_known = |cell: &str| named.has_name(cell) || word(cell).is_some();
    Some(text::text_of(&bytes, &is_known))
}

#[cfg(test)]
pub(super) mod tables_for_tests {
    pub(in crate::scan) use super::parquet::tests::{Column, write};
    pub(in crate::scan) use super::spreadsheet::tests::{ods, xlsx};
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod unsure_tests;
