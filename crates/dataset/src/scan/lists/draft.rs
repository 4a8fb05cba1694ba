//! One list, before it is joined with others.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::column_names::PICTURES;
use super::columns::{Columns, Part, Told};
use super::marks;
use super::naming::Naming;
use super::places::{Files, words_of};
use super::table::Table;
use crate::catalog::Kind;
use crate::file_name::readable;
use crate::list_fault::ListFault;
use crate::scan::names::{Word, word};
use crate::scan::qualifiers::qualifiers;

/// The files that a list may name.
pub(super) struct Named<'a> {
    pub images: Files<'a>,
    pub masks: Files<'a>,
    /// Both, where there are masks: what is taken as one by its name may be an image, and the reverse.
    pub all: Option<Files<'a>>,
}

impl Named<'_> {
    /// Whether some image, or what is taken as a mask, has the name that a cell ends in.
    pub fn has_name(&self, cell: &str) -> bool {
        self.images.has_name(cell) || self.masks.has_name(cell)
    }
}

/// A list.
#[derive(Debug)]
pub(super) struct Draft {
    /// Several where each is of one part.
    pub files: Vec<PathBuf>,
    /// The part that it is called after.
    part: Option<Part>,
    /// Whether it parts images into those for training and those for a test.
    pub has_split: bool,
    pub rows: Vec<Row>,
    /// What it names that is not there, and why that is said.
    pub missing: Vec<(PathBuf, ListFault)>,
    /// Rows that name files of another folder.
    pub elsewhere: usize,
    /// Whether 0 is taken as normal in it because most images are 0.
    pub is_by_number: bool,
}

/// What is said of an image.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub path: PathBuf,
    pub part: Option<Part>,
    pub told: Told,
    pub mask: Option<PathBuf>,
}

/// It names images, and what it says of them cannot be read.
pub(super) struct Unclear;

impl Draft {
    /// The list in a table of a file; `called` is the table's name. `None` where it names no image of the folder,
    /// or any of several, or says nothing of them.
    ///
    /// # Errors
    /// [`Unclear`].
    pub fn new(
        file: &Path,
        called: &str,
        table: &Table,
        named: &Named<'_>,
    ) -> Result<Option<Self>, Unclear> {
        let (table, is_clear) = marks::spelt_out(table);
        let table = &table;
        let Some(naming) = Naming::of(file, table, named) else {
            return Ok(None);
        };
        if !is_clear || naming.may_count_rows(table) || naming.has_several_in_a_row(table) {
            return Err(Unclear);
        }
        let by_name = ByName::of(called);
        if is_for_comparison(&table.columns[naming.column]) {
            return Ok(Some(Self::for_comparison(file, table, &naming)));
        }
        let columns = Columns::of(table, &naming.columns()).ok_or(Unclear)?;
        let found = |row: &[String]| naming.files.find(&naming.base, &naming.cell(row));
        let columns = columns.checked(table, by_name.part, |row| says(found(row)?))?;
        if !columns.says() && by_name.says_nothing() {
            return Ok(None);
        }
        let masks = || table.rows.iter().filter_map(|row| columns.mask(row));
        let mask_base = |files: &Files<'_>| files.base(masks(), file);
        let all = named.all.as_ref().unwrap_or(&named.images);
        let mask_base = [&named.masks, all].map(|files| (files, mask_base(files)));
        let mask_of = |cell: &str| {
            let mut found = mask_base.iter();
            found.find_map(|(files, base)| files.find(base.as_ref()?, cell))
        };
        let mut list = Self {
            files: vec![file.into()],
            part: by_name.part,
            has_split: columns.has_split() || by_name.part.is_some(),
            rows: Vec::new(),
            missing: other_pictures(file, table, &naming),
            elsewhere: 0,
            is_by_number: columns.is_by_number,
        };
        for row in &table.rows {
            let cell = naming.cell(row);
            let Some(path) = naming.files.find(&naming.base, &cell) else {
                match naming.base.covers(&cell) {
                    true if cell.is_empty() => {}
                    true => list
                        .missing
                        .push((cell.as_ref().into(), ListFault::Missing)),
                    false => list.elsewhere += 1,
                }
                continue;
            };
            let mask = columns.mask(row);
            let mask_file = mask.and_then(mask_of);
            if let (Some(cell), None) = (mask, mask_file) {
                list.missing.push((cell.into(), ListFault::MaskMissing));
            }
            let part = match columns.has_split() {
                true => columns.part(row),
                false => by_name.part,
            };
            list.rows.push(Row {
                path: path.into(),
                part,
                told: match columns.kind(row) {
                    Told::Unsaid => by_name.told.clone(),
                    told => told,
                },
                mask: mask_file.map(Into::into),
            });
        }
        Ok(Some(list))
    }

    /// A list of pictures to compare with.
    fn for_comparison(file: &Path, table: &Table, naming: &Naming<'_>) -> Self {
        let cells = table.rows.iter().map(|row| naming.cell(row));
        let found = cells.filter_map(|cell| naming.files.find(&naming.base, &cell));
        let own = found.map(|path| (path.into(), ListFault::ForComparison));
        let others = other_pictures(file, table, naming);
        Self {
            files: vec![file.into()],
            part: None,
            has_split: false,
            rows: Vec::new(),
            missing: own.chain(others).collect(),
            elsewhere: 0,
            is_by_number: false,
        }
    }

    /// Whether it is of one part by its name.
    pub fn is_of_part(&self) -> bool {
        self.part.is_some() && self.rows.iter().all(|row| row.part == self.part)
    }

    /// The part that it is called after, where it is of that alone.
    pub fn part(&self) -> Option<Part> {
        self.part.filter(|_| self.is_of_part())
    }

    /// Takes its name for one that says nothing of a part.
    pub fn forget_part(&mut self) {
        self.part = None;
        self.has_split = false;
        self.rows.iter_mut().for_each(|row| row.part = None);
    }

    /// Whether it says of some image that it is normal.
    pub fn says_normal(&self) -> bool {
        self.rows
            .iter()
            .any(|row| row.told == Told::Known(Kind::Normal))
    }

    /// Lists of one part each as one.
    pub fn united(mut self, next: Self) -> Self {
        self.files.extend(next.files);
        self.rows.extend(next.rows);
        self.missing.extend(next.missing);
        self.elsewhere += next.elsewhere;
        self.is_by_number |= next.is_by_number;
        self
    }
}

/// What the name of a list says of all images in it.
struct ByName {
    part: Option<Part>,
    told: Told,
}

/// Whether the name of a list that says "normal" says nothing else but that it is a list, and of which part.
fn is_plain(stem: &str) -> bool {
    const LISTS: [&str; 8] = [
        "list",
        "lists",
        "liste",
        "lista",
        "files",
        "filenames",
        "names",
        "リスト",
    ];
    let words = qualifiers(stem);
    let mut words = words.iter();
    words.all(|word| LISTS.contains(&word.as_str()) || Part::of(word).is_some())
}

/// Whether the name of a list, or of a sheet, says something of the images in it.
pub(super) fn says_something(called: &str) -> bool {
    !ByName::of(called).says_nothing()
}

impl ByName {
    fn of(stem: &str) -> Self {
        let words = words_of(stem);
        let mut parts = words.iter().filter_map(|word| Part::of(word));
        let first = Part::of(stem).or_else(|| parts.next());
        Self {
            // "train_test_split" is of both.
            part: first.filter(|first| parts.all(|part| part == *first)),
            told: match word(stem) {
                // A word beside it that nobody knows may say that they are not.
                Some(Word::Normal) if !is_plain(stem) => Told::Unsaid,
                Some(Word::Normal) => Told::Known(Kind::Normal),
                Some(Word::Defective | Word::Defect) => Told::Known(Kind::Defect(stem.into())),
                Some(Word::Unlabelled) => Told::Open,
                None => Told::Unsaid,
            },
        }
    }

    fn says_nothing(&self) -> bool {
        self.part.is_none() && self.told == Told::Unsaid
    }
}

/// The images that a table names, whatever it says of them.
pub(super) fn named_in<'n>(file: &Path, table: &Table, named: &'n Named<'n>) -> BTreeSet<&'n Path> {
    let Some(naming) = Naming::of(file, table, named) else {
        return BTreeSet::new();
    };
    let cells = table.rows.iter().map(|row| naming.cell(row));
    let found = cells.filter_map(|cell| naming.files.find(&naming.base, &cell));
    found.collect()
}

/// What the name of an image, or of a folder in its path, says that it shows: whether it is defective.
fn says(path: &Path) -> Option<bool> {
    let bare = path.with_extension("");
    let mut said = bare.iter().rev().filter_map(|part| {
        let part = readable(part);
        match word(&part)? {
            Word::Normal if qualifiers(&part).is_empty() => Some(false),
            Word::Defective => Some(true),
            _ => None,
        }
    });
    said.next()
}

/// Whether a column is of pictures to compare with, as Kaputt has them for each of its parts.
fn is_for_comparison(column: &str) -> bool {
    column.starts_with("reference")
}

/// What other columns name: more pictures of the same parts, such as crops.
fn other_pictures(file: &Path, table: &Table, naming: &Naming<'_>) -> Vec<(PathBuf, ListFault)> {
    let columns = PICTURES.iter().filter_map(|name| table.column(name));
    let mut others = Vec::new();
    for column in columns.filter(|column| *column != naming.column) {
        let Some(base) = naming.files.base(table.cells(column), file) else {
            continue;
        };
        let found = table.cells(column);
        let found = found.filter_map(|cell| naming.files.find(&base, cell));
        others.extend(found.map(|path| (path.into(), ListFault::ForComparison)));
    }
    others
}
