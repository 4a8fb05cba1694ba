//! Several lists of one folder as one: the parts may stand in one, and what images show in another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::columns::{Part, Told};
use super::draft::{Draft, Row};
use crate::catalog::Kind;
use crate::list_fault::ListFault;

/// What lists say of a folder of images. Paths are below that folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::scan) struct Contents {
    /// The lists, that which parts the images first.
    pub files: Vec<PathBuf>,
    pub images: Vec<ListedImage>,
    /// What they name and cannot be used, and why.
    pub left_out: Vec<(PathBuf, ListFault)>,
    /// Rows that name files of another folder.
    pub elsewhere: usize,
    /// The lists in which 0 is taken as normal because most images are 0.
    pub by_number: Vec<PathBuf>,
    /// Whether they part most images of the folder into training and test: others are not to be used.
    pub is_complete: bool,
}

/// What is said of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scan) struct ListedImage {
    pub path: PathBuf,
    pub part: Option<Part>,
    /// No contradiction.
    pub told: Told,
    pub masks: Vec<PathBuf>,
}

/// Joins lists of a folder of so many images; `None` without any.
pub(super) fn joined(mut lists: Vec<Draft>, images: usize) -> Option<Contents> {
    // A list of nearly everything that is called after a test is one of what was inspected.
    let is_only_test = |list: &Draft| {
        let names_most = list.rows.len() * 2 >= images;
        list.part() == Some(Part::Test) && names_most && list.says_normal()
    };
    if let [only] = &mut lists[..]
        && is_only_test(only)
    {
        only.forget_part();
    }
    let (parts, mut lists): (Vec<Draft>, Vec<Draft>) =
        lists.into_iter().partition(Draft::is_of_part);
    lists.extend(parts.into_iter().reduce(Draft::united));
    // Of several that part images that counts which names most. Stable: of equal ones the first.
    lists.sort_by_key(|list| std::cmp::Reverse((list.has_split, list.rows.len())));
    let first = lists.first()?;
    let mut contents = Contents::default();
    let mut by_path: BTreeMap<PathBuf, Vec<(usize, Row)>> = BTreeMap::new();
    for row in &first.rows {
        by_path.entry(row.path.clone()).or_default();
    }
    let others = lists.iter().flat_map(|list| &list.missing);
    let others = others.filter(|(_, fault)| *fault == ListFault::ForComparison);
    let others: BTreeSet<&PathBuf> = others.map(|(path, _)| path).collect();
    let images = images.saturating_sub(others.len());
    contents.is_complete = first.has_split && by_path.len() * 2 >= images;
    for (at, list) in lists.into_iter().enumerate() {
        if list.is_by_number {
            contents.by_number.extend(list.files.iter().cloned());
        }
        for file in list.files {
            if !contents.files.contains(&file) {
                contents.files.push(file);
            }
        }
        contents.left_out.extend(list.missing);
        contents.elsewhere += list.elsewhere;
        for row in list.rows {
            if !contents.is_complete || by_path.contains_key(&row.path) {
                by_path.entry(row.path.clone()).or_default().push((at, row));
            }
        }
    }
    let mut seen = BTreeSet::new();
    contents.left_out.retain(|(path, fault)| {
        *fault != ListFault::ForComparison
            || !by_path.contains_key(path) && seen.insert(path.clone())
    });
    for (path, rows) in by_path {
        match united(path.clone(), &rows) {
            Ok(image) => contents.images.push(image),
            Err(fault) => contents.left_out.push((path, fault)),
        }
    }
    Some(contents)
}

/// What the rows of one image say, each with the number of its list. It may have several in one, one for each
/// mask.
fn united(path: PathBuf, rows: &[(usize, Row)]) -> Result<ListedImage, ListFault> {
    let first = rows.first().map_or(0, |(list, _)| *list);
    let contradiction = match rows.iter().all(|(list, _)| *list == first) {
        true => ListFault::Contradiction,
        false => ListFault::Contradictions,
    };
    let mut parts = rows
        .iter()
        .filter(|(list, _)| *list == first)
        .map(|(_, row)| row.part);
    let part = parts.next().flatten();
    if parts.any(|other| other != part)
        || rows.iter().any(|(_, row)| row.told == Told::Contradiction)
    {
        return Err(contradiction);
    }
    let mut defects: Vec<&str> = Vec::new();
    let mut masks: Vec<PathBuf> = Vec::new();
    let of_first_with = |told: fn(&Told) -> bool| {
        let list = rows
            .iter()
            .find(|(_, row)| told(&row.told))
            .map(|(list, _)| *list);
        rows.iter().filter(move |(other, _)| Some(*other) == list)
    };
    let is_defect = |told: &Told| matches!(told, Told::Known(Kind::Defect(_)));
    for (_, row) in of_first_with(is_defect) {
        if let Told::Known(Kind::Defect(name)) = &row.told
            && !defects.contains(&name.as_str())
        {
            defects.push(name);
        }
    }
    for (_, row) in rows {
        masks.extend(row.mask.clone().filter(|mask| !masks.contains(mask)));
    }
    let has = |told: &Told| rows.iter().any(|(_, row)| row.told == *told);
    let told = match (has(&Told::Known(Kind::Normal)), defects.is_empty()) {
        (true, false) => return Err(contradiction),
        (true, true) => Told::Known(Kind::Normal),
        (false, false) => Told::Known(Kind::Defect(defects.join(", "))),
        (false, true) if has(&Told::Open) => Told::Open,
        (false, true) if has(&Told::Unmasked) => Told::Unmasked,
        (false, true) => Told::Unsaid,
    };
    Ok(ListedImage {
        path,
        part,
        told,
        masks,
    })
}
