//! Texts that name images of a data set, and that nothing was read from.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use kizumi_image::regular;
use kizumi_image::shown::path_text;

use super::places::{digits_key, stem_key};
use super::text::{BETWEEN_CELLS, text_of};
use super::zip;
use crate::left_out::{LeftOut, Reason};
use crate::scan::names::{Word, comparable, word};
use crate::walk;

/// Endings of texts that are looked into.
const TEXTS: [&str; 26] = [
    ".csv",
    ".tsv",
    ".txt",
    ".lst",
    ".list",
    ".json",
    ".jsonl",
    ".ndjson",
    ".xml",
    ".yaml",
    ".yml",
    ".log",
    ".dat",
    ".ini",
    ".cfg",
    ".conf",
    ".toml",
    ".md",
    ".html",
    ".htm",
    ".sql",
    ".rtf",
    ".manifest",
    ".bak",
    ".out",
    "",
];

/// Endings of tables that are looked into and not read.
const SPREADSHEETS: [&str; 3] = [".xlsx", ".xlsm", ".ods"];

/// Endings of tables and documents whose names must do.
const CLOSED: [&str; 19] = [
    ".xls",
    ".xlsb",
    ".numbers",
    ".docx",
    ".doc",
    ".pdf",
    ".parquet",
    ".feather",
    ".pkl",
    ".pickle",
    ".mat",
    ".h5",
    ".hdf5",
    ".npy",
    ".npz",
    ".gz",
    ".db",
    ".sqlite",
    ".tfrecord",
];

/// What the name of such a table has in it when it is about what images show.
const ABOUT_IMAGES: [&str; 22] = [
    "label",
    "list",
    "class",
    "result",
    "judg",
    "inspect",
    "annot",
    "split",
    "truth",
    "image",
    "quality",
    "判定",
    "結果",
    "一覧",
    "リスト",
    "良否",
    "検査",
    "画像",
    "ラベル",
    "标签",
    "列表",
    "라벨",
];

/// What texts are called that name images for other reasons; so is what `kizumi check --list` writes.
const ABOUT_OTHER: [&str; 11] = [
    "readme",
    "license",
    "licence",
    "copying",
    "citation",
    "changelog",
    "checksum",
    "md5",
    "sha1",
    "sha256",
    "strange",
];

/// How much of a text is looked into.
const MAX_READ_BYTES: u64 = 1 << 20;

/// The largest spreadsheet that is unpacked.
const MAX_PACKED_BYTES: u64 = 64 << 20;

/// The longest word for good or bad, in bytes: longer cells are sentences.
const MAX_WORD_BYTES: usize = 24;

/// The most texts that are looked into, those nearest to the folder that was opened.
const MAX_READ: usize = 256;

/// Of how many images names without ending have to be in a text: those may be numbers of anything.
const MIN_SHARE: f64 = 0.2;

/// The texts and tables below a data set that name two of its images or more, or are called as those are, or
/// say "good" of some things and "bad" of others, in natural order: they may say which images are defective, and
/// nobody has read it. Where one cannot be looked into, its name counts.
///
/// Results of this program, lists of all images that say nothing more, licences and the like are none of
/// them.
pub(in crate::scan) fn unread(
    root: &Path,
    images: &[PathBuf],
    left_out: &[LeftOut],
) -> Vec<PathBuf> {
    let others = left_out.iter().filter_map(|one| match &one.reason {
        Reason::NotAnImage(ending) => Some((one.path.as_path(), ending.as_str())),
        _ => None,
    });
    let is_open = |path: &Path| {
        let stem = stem_of(path);
        !ABOUT_OTHER.iter().any(|other| stem.contains(other))
    };
    let open: Vec<(&Path, &str)> = others.filter(|(path, _)| is_open(path)).collect();
    let ends_in = |endings: &'static [&str]| {
        let open = open.iter().filter(|(_, ending)| endings.contains(ending));
        open.map(|(path, _)| *path)
    };
    let tables = ends_in(&SPREADSHEETS).chain(ends_in(&CLOSED));
    let mut unread: BTreeSet<&Path> = tables.filter(|path| is_about_images(path)).collect();
    let texts = || ends_in(&TEXTS).chain(ends_in(&SPREADSHEETS));
    if texts().next().is_some() {
        let names = Names::of(images);
        let (of_one, mut texts): (Vec<&Path>, Vec<&Path>) =
            texts().partition(|path| names.is_called_as_one(path));
        // One of several images may have the name of anything.
        if of_one.len() > 1 {
            unread.extend(of_one);
        }
        texts.sort_by_key(|path| path.components().count());
        let others = texts.split_off(texts.len().min(MAX_READ));
        unread.extend(others.into_iter().filter(|path| is_about_images(path)));
        unread.extend(texts.into_iter().filter(|path| names.are_in(path)));
    }
    let in_order = left_out.iter().map(|one| &one.path);
    let mut in_order: Vec<PathBuf> = in_order
        .filter(|path| unread.contains(path.as_path()))
        .cloned()
        .collect();
    in_order.retain(|path| path.starts_with(root));
    in_order
}

fn stem_of(path: &Path) -> String {
    comparable(&path_text(Path::new(path.file_stem().unwrap_or_default())))
}

fn is_about_images(path: &Path) -> bool {
    let stem = stem_of(path);
    word(&stem).is_some() || ABOUT_IMAGES.iter().any(|about| stem.contains(about))
}

/// Images by their names, each by its number.
struct Names {
    whole: HashMap<String, usize>,
    by_stem: HashMap<String, usize>,
}

impl Names {
    fn of(images: &[PathBuf]) -> Self {
        let name = |path: &PathBuf| {
            comparable(&path_text(Path::new(path.file_name().unwrap_or_default())))
        };
        let names = || images.iter().map(name).enumerate();
        Self {
            whole: names().map(|(at, name)| (name, at)).collect(),
            by_stem: names().map(|(at, name)| (stem_key(&name), at)).collect(),
        }
    }

    /// `X.json` and `X.png.json` for `X.png`.
    fn is_called_as_one(&self, file: &Path) -> bool {
        let stem = stem_of(file);
        self.whole.contains_key(&stem) || self.by_stem.contains_key(&digits_key(&stem))
    }

    /// The image that a cell names with an ending, its own or that of before it was converted.
    fn whole(&self, cell: &str) -> Option<&usize> {
        let full = last_part(cell);
        let name = up_to_ending(&full);
        let converted = || self.by_stem.get(&stem_key(name));
        let own = self.whole.get(&full).or_else(|| self.whole.get(name));
        own.or_else(|| walk::is_image(Path::new(name)).then(converted)?)
    }

    /// Whether a text names several of them and says something, too; by its own name where it cannot be read.
    fn are_in(&self, file: &Path) -> bool {
        let is_packed = SPREADSHEETS
            .iter()
            .any(|ending| file.to_string_lossy().to_lowercase().ends_with(ending));
        let text = match is_packed {
            true => regular::read(file, MAX_PACKED_BYTES).map(|bytes| zip::xml_in(&bytes)),
            false => {
                let bytes = regular::beginning(file, MAX_READ_BYTES);
                bytes.map(|bytes| text_of(&bytes, &|cell| self.whole(cell).is_some()))
            }
        };
        let Ok(text) = text else {
            return is_about_images(file);
        };
        // A spreadsheet keeps equal cells once.
        let min = if is_packed { 1 } else { 2 };
        !is_of_this_program(&text) && (self.are_named(&text) || tells_good_from_bad(&text, min))
    }

    fn are_named(&self, text: &str) -> bool {
        let (mut by_name, mut by_stem) = (HashSet::<&usize>::new(), HashSet::new());
        let mut is_bare = true;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            is_bare &= self.whole.contains_key(&last_part(line));
            for (at, cell) in line.split(BETWEEN_CELLS).map(str::trim).enumerate() {
                let first_word = cell.split_whitespace().next().unwrap_or_default();
                let words = cell.split(|one: char| one.is_whitespace() || "=:()".contains(one));
                let all = std::iter::once(cell)
                    .chain(words)
                    .filter(|cell| !cell.is_empty());
                by_name.extend(all.filter_map(|name| self.whole(name)));
                // A number alone is one of an image where its line begins with it.
                let stems = [cell, first_word].map(last_part);
                let is_name = |stem: &&String| at == 0 || stem.contains(char::is_alphabetic);
                by_stem.extend(
                    stems
                        .iter()
                        .filter(is_name)
                        .filter_map(|stem| self.by_stem.get(&digits_key(stem))),
                );
            }
        }
        // Images in several folders may share a name.
        let all = self.whole.len();
        let is_all = is_bare && by_name.len() == all;
        let named = by_name.union(&by_stem).count();
        let is_share = named as f64 >= MIN_SHARE * all as f64;
        !is_all && (by_name.len() > 1 || named > 1 && is_share)
    }
}

/// The name of the file in a path of any system.
fn last_part(cell: &str) -> String {
    comparable(cell.rsplit(['/', '\\']).next().unwrap_or_default())
}

/// A name without what is written behind the ending of an image, as in `1.png_2`.
fn up_to_ending(name: &str) -> &str {
    let ends = walk::EXTENSIONS.iter().filter_map(|ending| {
        let at = name.find(&format!(".{ending}"))? + ending.len() + 1;
        let is_whole = !name[at..].starts_with(char::is_alphanumeric);
        is_whole.then_some(at)
    });
    &name[..ends.min().unwrap_or(name.len())]
}

/// Whether a text is a table of results, or what is said of a data set.
fn is_of_this_program(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let has = |name: &str| text.contains(name);
    first.contains("plain_score")
        || has("pixel_auroc")
        || has("\"left_out\":") && has("\"layout\":")
}

/// Whether a text has words for good and for bad in its cells, so many of each.
fn tells_good_from_bad(text: &str, min: usize) -> bool {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for line in text.lines() {
        for cell in line.split(BETWEEN_CELLS) {
            let last = cell.split_whitespace().next_back().unwrap_or_default();
            if last.len() <= MAX_WORD_BYTES && !last.contains(char::is_numeric) {
                *counts.entry(last).or_default() += 1;
            }
        }
    }
    let count = |wanted: Word| {
        let of_it = counts.iter().filter(|(cell, _)| word(cell) == Some(wanted));
        of_it.map(|(_, count)| count).sum::<usize>()
    };
    count(Word::Normal) >= min && count(Word::Defective) >= min
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::scan::found::Found;
    use crate::scan::lists::zip::tests::archive;

    const IMAGES: [&str; 6] = [
        "i/a1.png",
        "i/a2.png",
        "i/a3.png",
        "i/a4.png",
        "i/a5.png",
        "i/007.png",
    ];

    /// Which of these files, beside the images, are unread.
    fn unread_of(files: &[(&str, &[u8])]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let images = IMAGES.iter().map(|name| (*name, &b""[..]));
        for (name, bytes) in files.iter().copied().chain(images) {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let found = Found::below(dir.path()).unwrap();
        let unread = unread(dir.path(), &found.images, &found.left_out);
        let below = |path: PathBuf| path.strip_prefix(dir.path()).unwrap().display().to_string();
        unread.into_iter().map(below).collect()
    }

    #[test]
    fn texts_that_name_several_images_are_unread_in_any_form_and_encoding() {
        let book = |text: &str| archive(&[("s.xml", text, true)]);
        let utf16: Vec<u8> = "a1.png;x\r\na2.png;y\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (name, bytes) in [
            ("t.csv", &b"file,state\na1.png,x\na2.png,y\n"[..]),
            ("deep/er/t.txt", b"C:\\x\\A1.PNG  x\nC:\\x\\A2.PNG  y\n"),
            ("t.tsv", &utf16),
            ("t.csv", b"a1.png,\x95s\x97\xc7\na2.png,\x97\xc7\x95i\n"),
            ("t.json", br#"{"x": ["a1", "a2"]}"#),
            ("t.xml", b"<f name='a1.png'/><f name='i/a2.png'/>"),
            ("t.txt", b"a1 1\n007 0\n"),
            ("bad.txt", b"a1.png\na2.png\n"),
            ("labels.xlsx", b"PK"),
            ("検査.xls", b"PK"),
            ("book.ods", &book("<t>a1.png</t><t>a2.png</t>")),
            ("book.xlsx", &book("<t>serial</t><t>OK</t><t>NG</t>")),
            ("t.csv", b"a1.bmp,x\na2.bmp,y\n"),
            ("t.csv", b"7,x\na2,y\n"),
            ("t.csv", b"a1.png_1,x\na2.png_1,y\n"),
            ("t.csv", b"S1,OK\nS2,NG\nS3,OK\nS4,NG\n"),
            ("t.yaml", b"a1.png: x\na2.png: y\n"),
        ] {
            assert_eq!(unread_of(&[(name, bytes)]), [name]);
        }
    }

    #[test]
    fn texts_that_are_called_as_several_images_are_unread() {
        let files = [("x/a1.png.json", &b"{}"[..]), ("x/a2.xml", b"<x/>")];
        assert_eq!(unread_of(&files), ["x/a1.png.json", "x/a2.xml"]);
        assert!(unread_of(&files[..1]).is_empty());
    }

    #[test]
    fn lists_that_cannot_be_opened_count_by_their_names() {
        let root = Path::new("nowhere");
        let unread_of = |name: &str| {
            let left_out = [LeftOut {
                path: root.join(name),
                reason: Reason::NotAnImage(".csv".into()),
            }];
            unread(root, &[root.join("a1.png")], &left_out).len()
        };
        assert_eq!(unread_of("labels.csv"), 1);
        assert_eq!(unread_of("machine.csv"), 0);
    }

    #[test]
    fn lists_behind_many_other_texts_count_by_their_names() {
        let names: Vec<String> = (0..MAX_READ).map(|at| format!("x{at}.txt")).collect();
        let others = names.iter().map(|name| (name.as_str(), &b"-"[..]));
        let list = ("deep/labels.csv", &b"a1.png,x\na2.png,y\n"[..]);
        let files: Vec<_> = others.chain([list]).collect();
        assert_eq!(unread_of(&files), ["deep/labels.csv"]);
    }

    #[test]
    fn a_list_of_all_images_says_nothing_though_some_share_their_names() {
        let (again, name) = (("j/a1.png", &b""[..]), "all.txt");
        let all = b"i/a1.png\nj/a1.png\na2.png\na3.png\na4.png\na5.png\n007.png\n";
        assert_eq!(unread_of(&[(name, all), again]), [""; 0]);
    }

    #[test]
    fn names_that_look_like_two_endings_are_names() {
        let images = ["b.jpg.png", "c.jpg.png"].map(|name| (name, &b""[..]));
        let list = ("t.csv", &b"b.jpg.png,x\nc.jpg.png,y\n"[..]);
        assert_eq!(unread_of(&[images[0], images[1], list]), ["t.csv"]);
    }

    #[test]
    fn other_texts_are_none_of_them() {
        for (name, bytes) in [
            ("t.txt", &b"Taken in spring; a1.png is the first."[..]),
            ("README.txt", b"Look at a1.png, a2.png and a3.png."),
            ("checksums.txt", b"00  a1.png\n01  a2.png\n"),
            (
                "results.csv",
                b"path,kind,plain_score\na1.png,,1\na2.png,,2\n",
            ),
            (
                "set.json",
                br#"{"layout": "plain", "left_out": [{"path": "a1.png"}, {"path": "a2.png"}]}"#,
            ),
            ("numbers.csv", b"hour,degree\n1,7\n2,007\n"),
            (
                "all.txt",
                b"a1.png\na2.png\na3.png\na4.png\na5.png\n007.png\n",
            ),
            ("strange.txt", b"a1.png\na2.png\n"),
            ("costs.xlsx", &archive(&[("s.xml", "<t>camera</t>", true)])),
            (
                "evaluation.csv",
                b"kind,pixel_auroc\ngood,1\ngood,1\nNG,1\nNG,1\n",
            ),
            ("log.txt", b"10:00 OK\n10:01 error: not ready\n"),
        ] {
            assert_eq!(unread_of(&[(name, bytes)]), [""; 0], "{name}");
        }
    }
}
