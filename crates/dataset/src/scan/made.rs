//! Pictures that are named after an image beside them: copies of it, what a person or a program made of it, or
//! what shows it defective.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;

use kizumi_image::regular;

use super::drawn::is_drawn_on;
use super::mask_names::SEPARATORS;
use super::names::{Word, word};
use crate::file_name::stem;

/// What programs and persons call what they make of an image: results, copies, what is drawn on.
const MADE: &[&str] = &[
    "overlay",
    "overlays",
    "heatmap",
    "heat",
    "anomaly",
    "pred",
    "prediction",
    "result",
    "results",
    "vis",
    "viz",
    "anno",
    "annotated",
    "thumb",
    "thumbnail",
    "bbox",
    "bboxes",
    "det",
    "diff",
    "edges",
    "marked",
    "strip",
    "copy",
    "copie",
    "copia",
    "cópia",
    "kopie",
    "kopia",
    "kopio",
    "kopi",
    "копия",
    "bak",
    "backup",
    "edit",
    "edited",
    "bearbeitet",
    "modified",
    "retouch",
    "retouched",
    "fixed",
    "corrected",
    "drawn",
    "painted",
    "highlighted",
    "circled",
    "crop",
    "cropped",
    "web",
    "lowres",
    "thumbs",
    "preview",
    "edge",
];

/// The same in scripts without spaces.
const MADE_UNSPACED: &[&str] = &[
    "結果",
    "コピー",
    "複製",
    "編集済み",
    "編集",
    "加工",
    "修正",
    "赤枠",
    "マーク",
    "マーキング",
    "副本",
    "复制",
    "结果",
    "복사본",
    "사본",
    "결과",
];

/// The same before the name of an image alone: `tn_7`.
const MADE_BEFORE: &[&str] = &["tn", "t", "s", "th", "mini"];

/// Pairs of one size that are read: of more it is not known whether they are copies.
const READ: usize = 256;

/// Pairs that are decoded to see whether one was drawn on the other.
const DECODED: usize = 64;

/// Pictures that are named after others beside them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Made<'a> {
    /// Those that the name says to be made of an image and whose bytes are not those of that image, and those with
    /// the name of an image in theirs that are that one with something drawn on it.
    pub of_image: Vec<&'a Path>,
    /// Those that are called as an image is, and bad.
    pub bad: Vec<&'a Path>,
}

/// Which of the images to learn from are named after others of `all`.
pub(super) fn made<'a>(learned: &[&'a Path], all: &[&Path]) -> Made<'a> {
    let mut named: HashMap<(&Path, String), Vec<&Path>> = HashMap::new();
    for path in all {
        named.entry(place(path)).or_default().push(path);
    }
    let mut made = Made::default();
    let (mut read, mut decoded) = (0, 0);
    for &path in learned {
        let (folder, stem) = place(path);
        let originals = |name: &str| named.get(&(folder, name.to_owned()));
        let after = |is: &dyn Fn(&str) -> bool| {
            let mut parts = parts(&stem);
            parts.find_map(|(name, rest)| originals(name).filter(|_| is(rest)))
        };
        if word(&stem) == Some(Word::Defective)
            && after(&|rest| word(rest) == Some(Word::Defective)).is_some()
        {
            made.bad.push(path);
            continue;
        }
        // The second one of a name is a copy; where there is a third they were numbered one after the other.
        let is_second = || {
            let image = ["(1)", "~1", "~2"]
                .iter()
                .find_map(|end| stem.strip_suffix(end));
            let image = image.map(str::trim_end);
            image.filter(|image| {
                let others = [format!("{image} (2)"), format!("{image}(2)")];
                others.iter().all(|other| originals(other).is_none())
            })
        };
        let of = match says_made(&stem) {
            true => after(&says_made),
            false => {
                let before = before(&stem).and_then(originals);
                before.or_else(|| is_second().and_then(originals))
            }
        };
        let mut is_copy = |original: &&Path| {
            let bytes = |path: &Path| fs::metadata(path).ok().map(|metadata| metadata.len());
            let is_alike = bytes(path) == bytes(original) && read < READ;
            read += usize::from(is_alike);
            is_alike && are_same(path, original)
        };
        if of.is_some_and(|of| !of.iter().any(&mut is_copy)) {
            made.of_image.push(path);
            continue;
        }
        // Whatever it is called, if it has the name of another one in it.
        let mut near = parts(&stem)
            .filter(|(name, rest)| !is_of_one_number(&stem, name, rest))
            .map(|(name, _)| name.to_owned())
            .chain(of_telephones(&stem))
            .filter_map(|name| originals(&name))
            .flatten();
        let is_drawn = |original: &&Path| {
            decoded += 1;
            decoded <= DECODED && is_drawn_on(path, original)
        };
        if of.is_none() && near.any(is_drawn) {
            made.of_image.push(path);
        }
    }
    made
}

/// Whether a number was cut in two to have this name in front or behind: `1` is no part of `11`.
fn is_of_one_number(stem: &str, name: &str, rest: &str) -> bool {
    let (left, right) = match stem.starts_with(name) {
        true => (name, rest),
        false => (rest, name),
    };
    left.ends_with(char::is_numeric) && right.starts_with(char::is_numeric)
}

/// What telephones call the image of which a picture was edited: `IMG_1234` of `IMG_E1234`.
fn of_telephones(stem: &str) -> Option<String> {
    let (head, number) = stem.split_once("_e")?;
    number
        .chars()
        .all(char::is_numeric)
        .then(|| format!("{head}_{number}"))
}

/// The name of the image of which this one is said in front to be a small copy.
fn before(stem: &str) -> Option<&str> {
    let (word, name) = stem.split_once(['_', '-'])?;
    MADE_BEFORE.contains(&word).then_some(name)
}

/// Whether a word is a size, as in `7-16x16` and `7@2x`.
fn is_size(word: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit());
    let (width, height) = word.split_once('x').unwrap_or_default();
    let times = word
        .rsplit_once('@')
        .and_then(|(_, times)| times.strip_suffix('x'));
    is_number(width) && is_number(height) || times.is_some_and(is_number)
}

/// The folder of an image, and its name.
fn place(path: &Path) -> (&Path, String) {
    (path.parent().unwrap_or(path), stem(path))
}

/// A name in two parts in all ways: the one as the name of an image, the other as what is said of it.
fn parts(stem: &str) -> impl Iterator<Item = (&str, &str)> {
    let ends = stem.char_indices().skip(1).map(|(at, _)| stem.split_at(at));
    let parts = ends.flat_map(|(head, tail)| [(head, tail), (tail, head)]);
    let parts = parts.map(|(name, rest)| {
        let name = name.trim_matches(SEPARATORS).trim_matches(['～', '~']);
        (name.trim_end_matches('の').trim(), rest)
    });
    parts.filter(|(name, _)| !name.is_empty())
}

/// Whether one of the words is what such pictures are called.
pub(super) fn says_made(rest: &str) -> bool {
    let mut words = rest.split(SEPARATORS);
    let is_made =
        |word: &str| MADE.contains(&word.trim_end_matches(|letter: char| letter.is_ascii_digit()));
    words.any(|word| is_made(word) || is_size(word))
        || MADE_UNSPACED.iter().any(|word| rest.contains(word))
}

/// Whether two files can be read and have the same bytes.
fn are_same(one: &Path, other: &Path) -> bool {
    let read = |path| regular::open(path).map(BufReader::new);
    let (Ok(mut one), Ok(mut other)) = (read(one), read(other)) else {
        return false;
    };
    loop {
        let (Ok(ours), Ok(theirs)) = (one.fill_buf(), other.fill_buf()) else {
            return false;
        };
        let len = ours.len().min(theirs.len());
        if ours[..len] != theirs[..len] || ours.is_empty() != theirs.is_empty() {
            return false;
        }
        if len == 0 {
            return true;
        }
        one.consume(len);
        other.consume(len);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const NONE: [Vec<String>; 2] = [Vec::new(), Vec::new()];

    #[test]
    fn pictures_are_told_by_the_image_that_they_are_called_after() {
        let folder = crate::test_folder::test_folder();
        // What each holds is its length.
        let made = |names: &[(&str, usize)]| -> [Vec<String>; 2] {
            let paths: Vec<_> = names
                .iter()
                .map(|(name, len)| {
                    let path = folder.path().join(format!("{name}.png"));
                    fs::write(&path, vec![0; *len]).unwrap();
                    path
                })
                .collect();
            let paths: Vec<&Path> = paths.iter().map(|path| path.as_path()).collect();
            let made = made(&paths, &paths);
            let stem = |path: &&Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
            [made.of_image, made.bad].map(|paths| paths.iter().map(stem).collect())
        };
        for name in [
            "7 - Copy",
            "7 - コピー",
            "7 のコピー",
            "7のコピー",
            "Copy of 7",
            "7_copy",
            "7 copy 2",
            "コピー ～ 7",
            "7 (1)",
            "7(1)",
            "7_edited",
            "7-編集済み",
            "7~2",
            "7_overlay",
            "marked_7",
            "7_crop",
            "tn_7",
            "s_7",
            "mini_7",
            "7-16x16",
            "7@2x",
            "7_web",
            "7_lowres",
        ] {
            assert_eq!(
                made(&[("7", 1), (name, 2)]),
                [vec![name.to_owned()], vec![]],
                "{name}"
            );
            let copy = made(&[("7", 1), (name, 1)]);
            assert_eq!(copy, NONE, "{name} is said to be a copy elsewhere");
        }
        for name in ["7_NG", "NG_7", "7不良", "7 (ng2)", "7-defect"] {
            assert_eq!(
                made(&[("7", 1), (name, 2)]),
                [vec![], vec![name.to_owned()]],
                "{name}"
            );
        }
        for names in [
            [("7", 1), ("7_front", 2), ("7_ok", 3)],
            [("part (1)", 1), ("part (2)", 2), ("part (3)", 3)],
            // As a browser saves one image after the other.
            [("image", 1), ("image (1)", 2), ("image (2)", 3)],
            [("8", 1), ("7_NG", 2), ("7_edited", 3)],
        ] {
            assert_eq!(made(&names), NONE, "{names:?}");
        }
    }
}
