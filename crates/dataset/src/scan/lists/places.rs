//! Where the files lie that a list names: it may have been written for another folder, or machine.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

/// Cells that are looked at to learn how a list names its files.
const SAMPLE: usize = 200;

/// The image files below a folder.
pub(super) struct Files<'a> {
    by_path: HashMap<String, &'a Path>,
    /// By their paths in small letters: lists are written where those are the same. `None` where two files
    /// are.
    by_lower_path: HashMap<String, Option<&'a Path>>,
    /// The same without endings, as some lists name them.
    by_stem: HashMap<String, Option<&'a Path>>,
    /// Paths by the name of the file in small letters, with and without ending.
    by_name: HashMap<String, Vec<Vec<String>>>,
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
            by_lower_path: HashMap::new(),
            by_stem: HashMap::new(),
            by_name: HashMap::new(),
        };
        for path in paths {
            let whole = parts(&path.to_string_lossy());
            let stem = parts(&path.with_extension("").to_string_lossy());
            files.by_path.insert(whole.join("/"), path);
            let by_path = [&mut files.by_lower_path, &mut files.by_stem];
            for (by_path, parts) in by_path.into_iter().zip([whole, stem]) {
                let lower = by_path.entry(parts.join("/").to_lowercase());
                lower.and_modify(|same| *same = None).or_insert(Some(path));
                if let Some(name) = parts.last() {
                    let same = files.by_name.entry(name.to_lowercase()).or_default();
                    same.push(parts);
                }
            }
        }
        files
    }

    /// Whether some file has the name that a cell ends in, with its ending or without.
    pub fn has_name(&self, cell: &str) -> bool {
        let name = parts(cell).pop();
        name.is_some_and(|name| self.by_name.contains_key(&name.to_lowercase()))
    }

    /// How a list whose cells these are names its files: the way in which most of a sample are found. `None`
    /// where none are, or those of several folders equally well. `list` is the list, below the folder of the
    /// files.
    pub fn base<'c>(&self, cells: impl Iterator<Item = &'c str>, list: &Path) -> Option<Base> {
        let cells = cells.filter(|cell| !cell.is_empty());
        let sample: Vec<Vec<String>> = cells.take(SAMPLE).map(parts).collect();
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
        let others: BTreeSet<Base> = sample.iter().flat_map(|cell| self.bases_of(cell)).collect();
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
            // A list called "train" is of a folder of that name.
            let words = words_of(list);
            best.retain(|base| {
                base.actual
                    .iter()
                    .any(|part| words.contains(&part.to_lowercase()))
            });
        }
        match best[..] {
            [base] => Some(base.clone()),
            _ => None,
        }
    }

    /// The ways to name the files that are called as the one in a cell.
    fn bases_of(&self, cell: &[String]) -> impl Iterator<Item = Base> {
        let name = cell.last().map(|name| name.to_lowercase());
        let same = name.and_then(|name| self.by_name.get(&name));
        same.into_iter().flatten().map(move |file| {
            let mut pairs = cell.iter().rev().zip(file.iter().rev());
            let differs =
                |(one, other): (&String, &String)| one.to_lowercase() != other.to_lowercase();
            let shorter = cell.len().min(file.len());
            let common = pairs.position(differs).unwrap_or(shorter);
            Base {
                written: cell[..cell.len() - common].to_vec(),
                actual: file[..file.len() - common].to_vec(),
            }
        })
    }

    /// The file of a cell, below the folder.
    pub fn find(&self, base: &Base, cell: &str) -> Option<&'a Path> {
        self.at(base, &parts(cell))
    }

    fn at(&self, base: &Base, cell: &[String]) -> Option<&'a Path> {
        let rest = cell.strip_prefix(&base.written[..])?;
        let mut path: Vec<&str> = Vec::new();
        for part in base.actual.iter().chain(rest) {
            match part.as_str() {
                ".." => drop(path.pop()?),
                part => path.push(part),
            }
        }
        let path = path.join("/");
        let lower =
            |by_path: &HashMap<String, Option<&'a Path>>| *by_path.get(&path.to_lowercase())?;
        let exact = self.by_path.get(&path).copied();
        exact
            .or_else(|| lower(&self.by_lower_path))
            .or_else(|| lower(&self.by_stem))
    }
}

impl Base {
    /// Whether a cell is of the files that are named in this way, wherever they are.
    pub fn covers(&self, cell: &str) -> bool {
        parts(cell).starts_with(&self.written)
    }
}

/// The words of which the name of a file is made, in small letters.
pub(super) fn words_of(file: &Path) -> Vec<String> {
    let stem = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let words = stem.split(|one: char| !one.is_alphanumeric());
    words.map(str::to_owned).collect()
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
        let files = Files::new(["a/1.png", "a/2.png", "a/2.bmp"].iter().map(Path::new));
        let base = files
            .base(["1", "2"].into_iter(), Path::new("list.csv"))
            .unwrap();
        let found = ["1", "2", "2.bmp"].map(|cell| files.find(&base, cell));
        assert_eq!(
            found,
            [Some(Path::new("a/1.png")), None, Some(Path::new("a/2.bmp"))]
        );
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
}
