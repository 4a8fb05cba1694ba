//! How a list names its images: in which column, and from which folder on.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::column_names;
use super::columns;
use super::draft::Named;
use super::places::{self, Base, Files};
use super::table::Table;
use crate::scan::names::word;

/// So many lines of a text may be sentences.
const MAX_SENTENCES: usize = 3;

/// How a list names its images.
pub(super) struct Naming<'n> {
    pub files: &'n Files<'n>,
    pub base: Base,
    pub column: usize,
    /// The column of the folders that they are in.
    folder: Option<usize>,
}

impl<'n> Naming<'n> {
    /// In the column, and the way, in which most are found; of equal ones the first.
    pub fn of(file: &Path, table: &Table, named: &'n Named<'n>) -> Option<Self> {
        let folder = columns::of_folders(table);
        let mut best: Option<(usize, Self)> = None;
        for column in columns::of_images(table) {
            // What has no name of one is one only where none has.
            if best.is_some() && !column_names::is_name(&table.columns[column]) {
                break;
            }
            let folders = folder.map(Some).into_iter().chain([None]);
            for folder in folders {
                for files in [Some(&named.images), named.all.as_ref()]
                    .into_iter()
                    .flatten()
                {
                    let rows = table.rows.iter();
                    let cells = rows.map(|row| cell_of(row, column, folder));
                    let Some(base) = files.base(cells.clone(), file) else {
                        continue;
                    };
                    let found = cells.filter(|cell| files.find(&base, cell).is_some());
                    let found = found.count();
                    let naming = Self {
                        files,
                        base,
                        column,
                        folder,
                    };
                    let is_more = best.as_ref().is_none_or(|(most, _)| found > *most);
                    if is_more && naming.names_images(table) {
                        best = Some((found, naming));
                    }
                }
            }
        }
        best.map(|(_, naming)| naming)
    }

    /// Whether the cells that are found are names. Mere numbers may be those of anything, such as thresholds, classes or
    /// lots, unless the column is called after images: then they are names where they are those of most images of a folder,
    /// or where several of them are said to show the same.
    fn names_images(&self, table: &Table) -> bool {
        let name = table.columns[self.column].as_str();
        let rows = table.rows.iter();
        let rows = rows.filter(|row| !row[self.column].is_empty());
        let rows: Vec<&Vec<String>> = rows.collect();
        let found = rows.iter().filter_map(|row| {
            let cell = self.cell(row);
            Some((*row, self.files.find(&self.base, &cell)?, cell))
        });
        let found: Vec<_> = found.collect();
        // With a zero in front it is a name: nobody writes a number so.
        let is_mere = |cell: &str| !is_padded(cell) && places::number(cell).is_some();
        if column_names::is_of_images_alone(name) || !found.iter().all(|(.., cell)| is_mere(cell)) {
            return true;
        }
        let named: BTreeSet<&Path> = found.iter().map(|(_, path, _)| *path).collect();
        if 2 * named.len() >= self.files.count_beside(&named) {
            return true;
        }
        let says_the_same = |column: usize| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for (row, ..) in &found {
                *counts.entry(&row[column]).or_default() += 1;
            }
            let mut repeated = counts.iter().filter(|(_, count)| **count > 1);
            column != self.column && repeated.any(|(cell, _)| word(cell).is_some())
        };
        let are_most = 2 * found.len() >= rows.len();
        are_most && !column_names::is_other(name) && (0..table.columns.len()).any(says_the_same)
    }

    /// Whether the column may count the rows, or what was inspected, instead of naming files: 1 to 20 beside `000.png` to
    /// `019.png`.
    pub fn may_count_rows(&self, table: &Table) -> bool {
        let cells: Option<BTreeSet<u64>> = table.cells(self.column).map(places::number).collect();
        let Some(cells) = cells.filter(|_| self.folder.is_none()) else {
            return false;
        };
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else {
            return false;
        };
        let is_counted = *last - *first < cells.len() as u64;
        let files = self.files.numbers();
        let starts_elsewhere =
            column_names::counts_rows(&table.columns[self.column]) && Some(first) != files.first();
        is_counted && (starts_elsewhere || !cells.is_subset(&files)) && !files.is_subset(&cells)
    }

    /// Whether rows without names of columns name several images, each once, as in `003, 007 and 011: scratch`: then what
    /// is said is said of all of them.
    pub fn has_several_in_a_row(&self, table: &Table) -> bool {
        if table.columns.iter().any(|name| !name.is_empty()) {
            return false;
        }
        let mut seen = BTreeSet::new();
        let mut are_several = false;
        // In a line or two people write sentences.
        let words_of_cell = match table.rows.len() <= MAX_SENTENCES {
            true => usize::MAX,
            false => 1,
        };
        for row in &table.rows {
            let words = row.iter().flat_map(|cell| {
                let words = cell.split(|one: char| one.is_whitespace() || one == ':');
                words.take(words_of_cell).filter(|word| !word.is_empty())
            });
            let found: Vec<&Path> = words
                .filter_map(|word| self.files.find(&self.base, word))
                .collect();
            are_several |= found.len() > 1;
            if !found.into_iter().all(|path| seen.insert(path)) {
                return false;
            }
        }
        are_several
    }

    pub fn columns(&self) -> Vec<usize> {
        [Some(self.column), self.folder]
            .into_iter()
            .flatten()
            .collect()
    }

    pub fn cell<'r>(&self, row: &'r [String]) -> Cow<'r, str> {
        cell_of(row, self.column, self.folder)
    }
}

/// Whether a number has a zero in front.
fn is_padded(cell: &str) -> bool {
    cell.len() > 1 && cell.starts_with('0')
}

fn cell_of(row: &[String], column: usize, folder: Option<usize>) -> Cow<'_, str> {
    match folder {
        Some(folder) if !row[column].is_empty() => {
            format!("{}/{}", row[folder], row[column]).into()
        }
        _ => row[column].as_str().into(),
    }
}
