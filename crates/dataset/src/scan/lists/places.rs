//! Where the files lie that a list names: it may have been written for another folder, or machine.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use crate::walk;

/// Cells that are looked at to learn how a list names its files.
const SAMPLE: usize = 200;

/// The most files that are looked at to learn how a list names them: a folder for each part may have as many of
/// one name as there are parts.
const MAX_LOOKED_AT: usize = 1 << 18;

/// The most ways of naming that are tried.
const MAX_BASES: usize = 256;

/// Files below a folder. Keys are in small letters: lists are written where those are the same.
pub(super) struct Files<'a> {
    by_path: HashMap<String, Vec<&'a Path>>,
    /// By their paths without endings, as some lists name them. `None` where two files are.
    by_stem: HashMap<String, Option<&'a Path>>,
    /// By their names with and without endings.
    by_name: HashMap<String, Vec<&'a Path>>,
    /// Whether a list may name them with another ending: images were converted.
    has_any_ending: bool,
}

/// What a list writes before the part that it has in common with the files, and what stands there in truth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Base {
    written: Vec<String>,
    actual: Vec<String>,
}

impl<'a> Files<'a> {
    /// From paths below the folder.
    pub fn new(paths: impl Iterator<Item = &'a Path>) -> Self {
        let mut files = Self {
            by_path: HashMap::new(),
            by_stem: HashMap::new(),
            by_name: HashMap::new(),
            has_any_ending: false,
        };
        for path in paths {
            let mut parts = parts(&path.to_string_lossy());
            let Some(name) = parts.pop() else { continue };
            let stem = stem_key(&name);
            let by_path = files.by_path.entry(key(&parts, &name.to_lowercase()));
            by_path.or_default().push(path);
            let by_stem = files.by_stem.entry(key(&parts, &stem));
            by_stem
                .and_modify(|same| *same = None)
                .or_insert(Some(path));
            for name in [name.to_lowercase(), stem] {
                files.by_name.entry(name).or_default().push(path);
            }
        }
        files
    }

    /// As [`Files::new`], of files that may have been converted since the list was written.
    pub fn with_any_ending(paths: impl Iterator<Item = &'a Path>) -> Self {
        Self {
            has_any_ending: true,
            ..Self::new(paths)
        }
    }

    /// Whether some file has the name that a cell ends in.
    pub fn has_name(&self, cell: &str) -> bool {
        let name = parts(cell).pop();
        name.is_some_and(|name| !self.called(&name).is_empty())
    }

    /// The numbers that are whole names of files.
    pub fn numbers(&self) -> BTreeSet<u64> {
        let names = self.by_name.keys();
        names.filter_map(|name| number(name)).collect()
    }

    /// How many files there are in the folders of these.
    pub fn count_beside(&self, files: &BTreeSet<&Path>) -> usize {
        let folders: BTreeSet<_> = files.iter().map(|file| file.parent()).collect();
        let all = self.by_path.values().flatten();
        all.filter(|file| folders.contains(&file.parent())).count()
    }

    fn called(&self, name: &str) -> &[&'a Path] {
        let with_ending = self.by_name.get(&name.to_lowercase());
        let without = || self.by_name.get(&self.stem_of_cell(name)?);
        with_ending.or_else(without).map_or(&[], Vec::as_slice)
    }

    /// What a cell with this name at its end has in common with the files that are called otherwise.
    fn stem_of_cell(&self, name: &str) -> Option<String> {
        match walk::is_image(Path::new(name)) {
            true => self.has_any_ending.then(|| stem_key(name)),
            false => Some(digits_key(name)),
        }
    }

    /// How a list whose cells these are names its files: the way in which most of a sample are found. `None`
    /// where none are, or those of several folders equally well. `list` is the list, below the folder of the
    /// files.
    pub fn base(&self, cells: impl Iterator<Item = impl AsRef<str>>, list: &Path) -> Option<Base> {
        let cells = cells
            .map(|cell| parts(cell.as_ref()))
            .filter(|cell| !cell.is_empty());
        let sample: Vec<Vec<String>> = cells.take(SAMPLE).collect();
        let found = |base: &Base| {
            let found = sample.iter().filter(|cell| self.at(base, cell).is_some());
            found.count()
        };
        // What lies beside the list goes first, then what lies where it says from the folder on.
        let folder = list.parent().unwrap_or(list);
        let beside = Base {
            written: Vec::new(),
            actual: parts(&folder.to_string_lossy()),
        };
        let near = [beside, Base::default()];
        let near = near.into_iter().map(|base| (found(&base), base));
        let near = near.reduce(|best, next| if next.0 > best.0 { next } else { best });
        if let Some((count, near)) = &near
            && *count == sample.len()
        {
            return (*count > 0).then(|| near.clone());
        }
        // A list called "train" is of a folder of that name.
        let words = words_of(&list.file_stem().unwrap_or_default().to_string_lossy());
        let is_called_after = |base: &Base| {
            let mut parts = base.actual.iter();
            parts.any(|part| words.contains(&part.to_lowercase()))
        };
        let others = self.bases(&sample, is_called_after);
        let others = others.into_iter().map(|base| (found(&base), base));
        // Of equal ones that which leaves out least of what is written.
        let rank = |found: usize, base: &Base| (found, Reverse(base.written.len()));
        let others: Vec<(usize, Base)> = others.collect();
        let best = others.iter().map(|(found, base)| rank(*found, base)).max();
        let mut best: Vec<&Base> = others
            .iter()
            .filter(|(found, base)| Some(rank(*found, base)) == best)
            .map(|(_, base)| base)
            .collect();
        let most = others.iter().map(|(found, _)| *found).max().unwrap_or(0);
        if let Some((found, near)) = near.filter(|(found, _)| *found >= most) {
            return (found > 0).then_some(near);
        }
        if best.len() > 1 {
            best.retain(|base| is_called_after(base));
        }
        match best[..] {
            [base] => Some(base.clone()),
            _ => None,
        }
    }

    /// The ways in which cells may name files, of very many those of the cells that leave least open, and of each
    /// cell the `preferred` ones first.
    fn bases(&self, cells: &[Vec<String>], preferred: impl Fn(&Base) -> bool) -> BTreeSet<Base> {
        let mut left = MAX_LOOKED_AT;
        let mut of_cells = Vec::new();
        for cell in cells {
            if left == 0 {
                break;
            }
            let same = cell.last().map_or(&[][..], |name| self.called(name));
            left = left.saturating_sub(same.len());
            let mut bases = bases_of(cell, same);
            bases.sort_by_cached_key(|base| !preferred(base));
            of_cells.push(bases);
        }
        of_cells.sort_by_key(Vec::len);
        let mut found = BTreeSet::new();
        for base in of_cells.into_iter().flatten() {
            if found.len() < MAX_BASES {
                found.insert(base);
            }
        }
        found
    }

    /// The file of a cell, below the folder.
    pub fn find(&self, base: &Base, cell: &str) -> Option<&'a Path> {
        self.at(base, &parts(cell))
    }

    fn at(&self, base: &Base, cell: &[String]) -> Option<&'a Path> {
        let rest = cell.strip_prefix(&base.written[..])?;
        let mut path: Vec<String> = Vec::new();
        for part in base.actual.iter().chain(rest) {
            match part.as_str() {
                ".." => drop(path.pop()?),
                part => path.push(part.to_owned()),
            }
        }
        let name = path.pop()?;
        if let Some(same) = self.by_path.get(&key(&path, &name.to_lowercase())) {
            let whole = || path.iter().chain([&name]);
            let is_exact = |file: &&&Path| whole().eq(&parts(&file.to_string_lossy()));
            return match same[..] {
                [file] => Some(file),
                _ => same.iter().find(is_exact).copied(),
            };
        }
        *self.by_stem.get(&key(&path, &self.stem_of_cell(&name)?))?
    }
}

/// The ways in which a cell may name the files that are called as it says: those that have most folders in
/// common with it.
fn bases_of(cell: &[String], files: &[&Path]) -> Vec<Base> {
    let (mut most, mut bases) = (0, Vec::new());
    for file in files {
        let file = parts(&file.to_string_lossy());
        let mut pairs = cell.iter().rev().zip(file.iter().rev()).skip(1);
        let differs = |(one, other): (&String, &String)| one.to_lowercase() != other.to_lowercase();
        let shorter = cell.len().min(file.len());
        let common = pairs.position(differs).map_or(shorter, |more| more + 1);
        if common > most {
            bases.clear();
            most = common;
        }
        if common == most {
            bases.push(Base {
                written: cell[..cell.len() - common].to_vec(),
                actual: file[..file.len() - common].to_vec(),
            });
        }
    }
    bases
}

impl Base {
    /// Whether a cell is of the files that are named in this way, wherever they are.
    pub fn covers(&self, cell: &str) -> bool {
        parts(cell).starts_with(&self.written)
    }
}

/// The words of which the name of a file is made, in small letters.
pub(super) fn words_of(stem: &str) -> Vec<String> {
    let stem = stem.to_lowercase();
    let words = stem.split(|one: char| !one.is_alphanumeric());
    words.map(str::to_owned).collect()
}

/// A name without its ending.
pub(super) fn stem_key(name: &str) -> String {
    let stem = Path::new(name).file_stem().unwrap_or_default();
    digits_key(&stem.to_string_lossy())
}

/// A name without ending, in small letters; a number without the zeros that a spreadsheet takes off.
pub(super) fn digits_key(stem: &str) -> String {
    let is_number = !stem.is_empty() && stem.bytes().all(|one| one.is_ascii_digit());
    match stem.trim_start_matches('0') {
        "" if is_number => "0".to_owned(),
        digits if is_number => digits.to_owned(),
        _ => stem.to_lowercase(),
    }
}

/// What a cell or a name counts, where it is nothing but digits.
pub(super) fn number(text: &str) -> Option<u64> {
    let is_number = text.bytes().all(|one| one.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

fn key(folders: &[String], name: &str) -> String {
    let folders = folders.iter().map(|folder| folder.to_lowercase());
    folders
        .chain([name.to_owned()])
        .collect::<Vec<String>>()
        .join("/")
}

/// The names in a path, written as on any system; composed, because a list may be written on another one.
fn parts(path: &str) -> Vec<String> {
    let parts = path.split(['/', '\\']).map(str::trim);
    let parts = parts.filter(|part| !part.is_empty() && *part != ".");
    parts.map(|part| part.nfc().collect()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PATHS: [&str; 4] = [
        "data/Normal/1.png",
        "data/Anomaly/1.png",
        "data/Anomaly/2.png",
        "list/near.png",
    ];

    fn found(cells: &[&str], list: &str) -> Vec<Option<String>> {
        let files = Files::new(PATHS.iter().map(Path::new));
        let base = files.base(cells.iter().copied(), &Path::new(list).join("list.csv"));
        let find = |cell: &&str| {
            let found = files.find(base.as_ref()?, cell)?;
            Some(found.display().to_string())
        };
        cells.iter().map(find).collect()
    }

    #[test]
    fn paths_are_found_from_wherever_they_were_written() {
        let expected: Vec<_> = PATHS[..3]
            .iter()
            .map(|path| Some((*path).to_owned()))
            .collect();
        for cells in [
            PATHS[..3].to_vec(),
            vec![
                "./data/Normal/1.png",
                "./data/Anomaly/1.png",
                "./data/Anomaly/2.png",
            ],
            vec!["Normal/1.png", "Anomaly/1.png", "Anomaly/2.png"],
            vec![
                "bolt/data/Normal/1.png",
                "bolt/data/Anomaly/1.png",
                "bolt/data/Anomaly/2.png",
            ],
            vec![
                r"C:\x\data\Normal\1.PNG",
                r"C:\x\data\Anomaly\1.PNG",
                r"C:\x\data\Anomaly\2.PNG",
            ],
            vec![
                "/home/x/Normal/1.png",
                "/home/x/Anomaly/1.png",
                "/home/x/Anomaly/2.png",
            ],
            vec![
                "../data/Normal/1.png",
                "../data/Anomaly/1.png",
                "../data/Anomaly/2.png",
            ],
        ] {
            assert_eq!(found(&cells, "list"), expected, "{cells:?}");
        }
        assert_eq!(found(&["near.png"], "list"), [Some("list/near.png".into())]);
    }

    #[test]
    fn what_is_missing_is_not_found_elsewhere() {
        let cells = [
            "data/Normal/1.png",
            "data/Normal/2.png",
            "data/Anomaly/2.png",
        ];
        assert_eq!(
            found(&cells, "")[1],
            None,
            "data/Anomaly/2.png is another image"
        );
        assert_eq!(found(&["../../etc/passwd", ""], "list"), [None, None]);
    }

    #[test]
    fn names_without_ending_are_found_unless_two_files_have_them() {
        let files = Files::new(["a/01.png", "a/2.png", "a/2.bmp"].iter().map(Path::new));
        let base = files
            .base(["1", "2"].iter(), Path::new("list.csv"))
            .unwrap();
        let found = ["1", "01", "2", "2.bmp"].map(|cell| files.find(&base, cell));
        let [one, bmp] = ["a/01.png", "a/2.bmp"].map(|path| Some(Path::new(path)));
        assert_eq!(found, [one, one, None, bmp]);
    }

    #[test]
    fn images_that_were_converted_are_found_and_masks_are_not() {
        let paths = || ["a/1.png", "a/2.png", "a/2.bmp"].iter().map(Path::new);
        let find = |files: Files<'_>| {
            let base = files.base(["2.bmp"].iter(), Path::new("list.csv")).unwrap();
            files.find(&base, "1.bmp").is_some()
        };
        assert!(find(Files::with_any_ending(paths())));
        assert!(!find(Files::new(paths())));
    }

    #[test]
    fn names_that_are_in_several_folders_are_of_that_which_the_list_is_called_after_or_of_none() {
        let files = Files::new(["cam1/1.png", "cam2/1.png"].iter().map(Path::new));
        let base = |list: &str| files.base(["1.png"].into_iter(), Path::new(list));
        assert_eq!(base("list.csv"), None);
        let cam2 = base("labels_cam2.csv").unwrap();
        assert_eq!(files.find(&cam2, "1.png"), Some(Path::new("cam2/1.png")));
        assert_eq!(base("cam1/list.csv").unwrap().actual, ["cam1"]);
    }

    #[test]
    fn folders_of_very_many_parts_are_found_below_what_a_list_writes_before_them() {
        let paths = |folder: &str| -> Vec<String> {
            let parts = 0..2 * MAX_BASES;
            parts.map(|at| format!("{folder}S{at}/top.png")).collect()
        };
        let images = paths("parts/");
        let files = Files::new(images.iter().map(Path::new));
        let cells = paths("/mnt/x/");
        let base = files.base(cells.iter(), Path::new("list.csv")).unwrap();
        let found: Vec<_> = cells.iter().map(|cell| files.find(&base, cell)).collect();
        let expected: Vec<_> = images.iter().map(|image| Some(Path::new(image))).collect();
        assert_eq!(found, expected);
        // The names alone are of the part that the list is called after.
        let base = |list: &str| files.base(["top.png"].into_iter(), Path::new(list));
        assert_eq!(base("list.csv"), None);
        assert_eq!(base("S499.csv").unwrap().actual, ["parts", "S499"]);
    }
}
