//! Lists that say what the images of a folder show: CSV or JSON files beside them, as VisA, Real-IAD and
//! anomalib have them, and as people export them from a spreadsheet.

mod columns;
mod places;
mod table;
mod text;
pub(super) mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::catalog::Kind;
use columns::{Columns, Part, Told};
use kizumi_image::regular;
use places::Files;
use table::Table;

/// The largest file that is looked into.
const MAX_BYTES: u64 = 256 << 20;

/// Endings of lists.
const ENDINGS: [&str; 4] = ["csv", "tsv", "json", "jsonl"];

/// The most files that are looked into, those nearest to the folder that was opened.
const MAX_FILES: usize = 64;

/// Folders that a list may lie below the one that was opened.
const MAX_DEPTH: usize = 3;

/// What a list says of a folder of images. Paths are below that folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// The lists: several where each is of one part.
    pub files: Vec<PathBuf>,
    pub images: Vec<ListedImage>,
    /// What it names and cannot be used, and why.
    pub left_out: Vec<(PathBuf, String)>,
    /// Rows that name files of another folder.
    pub elsewhere: usize,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ListedImage {
    pub path: PathBuf,
    pub purpose: Purpose,
    /// `None` where it is not said.
    pub kind: Option<Kind>,
    pub masks: Vec<PathBuf>,
}

/// What an image is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Train,
    Test,
}

/// The list of a folder, if it has one that names images in it. Of several the one is taken that parts them
/// into training and test, then the one that names most; lists that are called `train` and `test` belong
/// together.
///
/// `images` and `documents` (files that may be lists) are below `root`; `is_normal` knows the words for
/// normal images.
pub(super) fn find(
    root: &Path,
    images: &[&Path],
    documents: &[&Path],
    is_normal: &dyn Fn(&str) -> bool,
) -> Option<Contents> {
    let files = Files::new(images.iter().copied());
    let stems: BTreeSet<PathBuf> = images.iter().map(|path| path.with_extension("")).collect();
    let depth = |path: &&Path| path.components().count();
    let candidates = documents.iter().copied().filter(|path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let is_list = ENDINGS.contains(&ending.to_lowercase().as_str());
        // What is called as an image is about that image alone.
        is_list && depth(path) <= MAX_DEPTH && !stems.contains(&path.with_extension(""))
    });
    let mut candidates: Vec<&Path> = candidates.collect();
    candidates.sort_by_key(depth);
    candidates.truncate(MAX_FILES);
    let lists = candidates.into_iter().filter_map(|path| {
        let table = read(&root.join(path), path)?;
        Draft::new(path, &table, &files, is_normal)
    });
    let (parts, mut lists): (Vec<Draft>, Vec<Draft>) =
        lists.partition(|list| !list.has_split && list.part_of_name().is_some());
    lists.extend(Draft::united(parts));
    let best = lists
        .into_iter()
        .reduce(|best, next| match next.rank() > best.rank() {
            true => next,
            false => best,
        });
    best.map(Draft::finish)
}

fn read(file: &Path, name: &Path) -> Option<Table> {
    let bytes = regular::read(file, MAX_BYTES).ok()?;
    let ending = name.extension()?.to_string_lossy().to_lowercase();
    match ending.as_str() {
        "json" | "jsonl" => Table::from_json(&bytes),
        _ => Table::from_csv(&bytes),
    }
}

/// A list before it is decided on.
struct Draft {
    files: Vec<PathBuf>,
    has_split: bool,
    rows: Vec<Row>,
    missing: Vec<(PathBuf, String)>,
    elsewhere: usize,
}

struct Row {
    path: PathBuf,
    part: Option<Part>,
    told: Told,
    mask: Option<PathBuf>,
}

impl Draft {
    /// `None` where it names no image of the folder.
    fn new(
        file: &Path,
        table: &Table,
        files: &Files<'_>,
        is_normal: &dyn Fn(&str) -> bool,
    ) -> Option<Self> {
        let columns = Columns::of(table, is_normal)?;
        let folder = file.parent().unwrap_or(file);
        let cells = |column: usize| table.rows.iter().map(move |row| row[column].as_str());
        let found = columns.images.iter().map(|column| {
            let base = files.base(cells(*column), folder);
            let found = cells(*column).filter(|cell| files.find(&base, cell).is_some());
            (found.count(), *column, base)
        });
        // Of equal ones the first.
        let (found, column, base) = found.rev().max_by_key(|(found, ..)| *found)?;
        if found == 0 {
            return None;
        }
        let masks = table.rows.iter().filter_map(|row| columns.mask(row));
        let mask_base = files.base(masks, folder);
        let mut list = Self {
            files: vec![file.into()],
            has_split: columns.has_split(),
            rows: Vec::new(),
            missing: Vec::new(),
            elsewhere: 0,
        };
        for row in &table.rows {
            let cell = row[column].as_str();
            let Some(path) = files.find(&base, cell) else {
                match base.covers(cell) {
                    true if cell.is_empty() => {}
                    true => list
                        .missing
                        .push((cell.into(), "listed, but missing".into())),
                    false => list.elsewhere += 1,
                }
                continue;
            };
            let mask = columns.mask(row);
            let mask_file = mask.and_then(|cell| files.find(&mask_base, cell));
            if let (Some(cell), None) = (mask, mask_file) {
                list.missing
                    .push((cell.into(), "a listed mask, but missing".into()));
            }
            list.rows.push(Row {
                path: path.into(),
                part: columns.part(row),
                told: columns.kind(row, is_normal),
                mask: mask_file.map(Into::into),
            });
        }
        Some(list)
    }

    /// Which part its name says that it is of.
    fn part_of_name(&self) -> Option<Part> {
        let stem = self.files.first()?.file_stem()?;
        Part::of(&stem.to_string_lossy())
    }

    /// Lists of one part each as one.
    fn united(parts: Vec<Self>) -> Option<Self> {
        parts
            .into_iter()
            .map(|mut list| {
                let part = list.part_of_name();
                list.rows.iter_mut().for_each(|row| row.part = part);
                list
            })
            .reduce(|mut all, next| {
                all.files.extend(next.files);
                all.rows.extend(next.rows);
                all.missing.extend(next.missing);
                all.elsewhere += next.elsewhere;
                all
            })
            .map(|all| Self {
                has_split: true,
                ..all
            })
    }

    fn rank(&self) -> (bool, usize) {
        (self.has_split, self.rows.len())
    }

    fn finish(self) -> Contents {
        let mut contents = Contents {
            files: self.files,
            images: Vec::new(),
            left_out: self.missing,
            elsewhere: self.elsewhere,
        };
        // An image may have several rows, one for each mask.
        let mut by_path: BTreeMap<PathBuf, Vec<Row>> = BTreeMap::new();
        for row in self.rows {
            by_path.entry(row.path.clone()).or_default().push(row);
        }
        for (path, rows) in by_path {
            match united(path.clone(), rows) {
                Ok(image) => contents.images.push(image),
                Err(reason) => contents.left_out.push((path, reason.into())),
            }
        }
        contents
    }
}

/// What the rows of one image say.
fn united(path: PathBuf, rows: Vec<Row>) -> Result<ListedImage, &'static str> {
    const CONTRADICTION: &str = "its list contradicts itself";
    let mut part = None;
    let mut is_normal = false;
    let mut defects: Vec<String> = Vec::new();
    let mut masks = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        if index > 0 && part != row.part {
            return Err(CONTRADICTION);
        }
        part = row.part;
        match row.told {
            Told::Contradiction => return Err(CONTRADICTION),
            Told::Unknown | Told::Known(Kind::Unknown) => {}
            Told::Known(Kind::Normal) => is_normal = true,
            Told::Known(Kind::Defect(name)) if defects.contains(&name) => {}
            Told::Known(Kind::Defect(name)) => defects.push(name),
        }
        masks.extend(row.mask.filter(|mask| !masks.contains(mask)));
    }
    let kind = match (is_normal, defects.is_empty()) {
        (true, false) => return Err(CONTRADICTION),
        (true, true) => Some(Kind::Normal),
        (false, false) => Some(Kind::Defect(defects.join(", "))),
        (false, true) => None,
    };
    let purpose = match (part, &kind) {
        (Some(Part::Train), Some(Kind::Defect(_))) => {
            return Err("listed for training, but defective");
        }
        (Some(Part::Train), None | Some(Kind::Unknown)) => {
            return Err("listed for training, but not as normal");
        }
        (Some(Part::Test), _) | (_, Some(Kind::Defect(_) | Kind::Unknown) | None) => Purpose::Test,
        // Validation is for choosing settings, for which the normal images of training are used here.
        (_, Some(Kind::Normal)) => Purpose::Train,
    };
    Ok(ListedImage {
        path,
        purpose,
        kind,
        masks,
    })
}

#[cfg(test)]
mod tests;
