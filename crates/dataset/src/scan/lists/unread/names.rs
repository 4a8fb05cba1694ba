//! Images by their names, and what texts say of them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use kizumi_image::shown::path_text;

use super::sentences::{is_foreign, says_bad};
use crate::file_name::{comparable, stem};
use crate::scan::lists::places::{digits_key, stem_key};
use crate::scan::lists::text::BETWEEN_CELLS;
use crate::scan::names::{Word, word};
use crate::walk;

/// The longest word for good or bad, in bytes: longer cells are sentences.
const MAX_WORD_BYTES: usize = 24;

/// Of how many images names without ending have to be in a text: those may be numbers of anything.
const MIN_SHARE: f64 = 0.2;

/// Images by their names, each by its number.
pub(super) struct Names {
    whole: HashMap<String, usize>,
    by_stem: HashMap<String, usize>,
}

impl Names {
    pub fn of(images: &[PathBuf]) -> Self {
        let name = |path: &PathBuf| {
            comparable(&path_text(Path::new(path.file_name().unwrap_or_default())))
        };
        let names = || images.iter().map(name).enumerate();
        Self {
            whole: names().map(|(at, name)| (name, at)).collect(),
            by_stem: names().map(|(at, name)| (stem_key(&name), at)).collect(),
        }
    }

    /// `X.json`, `X.png.json` and `X.png-meta.json` for `X.png`.
    pub fn is_called_as_one(&self, file: &Path) -> bool {
        let stem = stem(file);
        self.whole(&stem).is_some() || self.by_stem.contains_key(&digits_key(&stem))
    }

    /// The image that a cell names with an ending, its own or that of before it was converted.
    pub fn whole(&self, cell: &str) -> Option<&usize> {
        let full = last_part(cell);
        let name = up_to_ending(&full);
        let converted = || self.by_stem.get(&stem_key(name));
        let own = self.whole.get(&full).or_else(|| self.whole.get(name));
        own.or_else(|| walk::is_image(Path::new(name)).then(converted)?)
    }

    /// Those that a text names, if they are several and it says something, too; else none. Whether it is called after what
    /// images show (`is_about_images`) decides on names without endings where they are few.
    pub fn named(&self, text: &str, is_about_images: bool) -> HashSet<usize> {
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
        let named: HashSet<usize> = by_name.union(&by_stem).map(|at| **at).collect();
        let is_share = named.len() > 1 && named.len() as f64 >= MIN_SHARE * all as f64;
        let are_named = by_name.len() > 1 || is_share || is_about_images;
        named.into_iter().filter(|_| !is_all && are_named).collect()
    }

    /// Whether a text names at least half of them with their endings.
    pub fn are_most(&self, text: &str) -> bool {
        let cells = text.split(BETWEEN_CELLS).map(str::trim);
        let named: HashSet<&usize> = cells.filter_map(|name| self.whole(name)).collect();
        named.len() > 1 && named.len() * 2 >= self.whole.len()
    }

    /// Whether a text names one of them, with its ending or, where it is about defects, by the number of several digits;
    /// but not where it is no more than the names of all.
    pub fn are_some(&self, text: &str, is_about_defects: bool) -> bool {
        let is_between = |one: char| one.is_whitespace() || "=:()[]{}\"'".contains(one);
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let words = |line: &'_ str| -> HashSet<usize> {
            let words = line
                .split(BETWEEN_CELLS)
                .flat_map(|cell| cell.split(is_between));
            words.filter_map(|word| self.whole(word)).copied().collect()
        };
        let named: HashSet<usize> = text.lines().flat_map(words).collect();
        let is_bare = lines.all(|line| self.whole.contains_key(&last_part(line)));
        let is_by_number = || {
            let is_name = |word: &&str| word.len() >= LONG_NUMBER;
            let bad = text
                .lines()
                .filter(|line| is_about_defects || says_bad(line));
            let mut bad = bad.flat_map(names_in).filter(is_name);
            bad.any(|word| self.by_stem.contains_key(&digits_key(&comparable(word))))
        };
        match named.is_empty() {
            true => is_by_number(),
            false => !is_bare || named.len() < self.whole.len(),
        }
    }

    /// Whether a text names most of them, each in a line that says the same as the others but for the time, as logs do.
    pub fn are_told_the_same(&self, text: &str) -> bool {
        let is_between = |one: char| one.is_whitespace() || BETWEEN_CELLS.contains(&one);
        let mut named = HashSet::new();
        let mut said = HashSet::new();
        for line in text.lines() {
            let words = line.split(is_between).filter(|word| !word.is_empty());
            let (names, rest): (Vec<_>, Vec<_>) =
                words.partition(|word| self.whole.contains_key(&last_part(word)));
            // What stands on a line of its own may be said of the image above.
            if names.len() != 1 && !line.trim().is_empty() {
                return false;
            }
            if !names.is_empty() {
                named.extend(names);
                said.insert(
                    rest.into_iter()
                        .filter(|word| !is_time(word))
                        .collect::<Vec<_>>(),
                );
            }
        }
        said.len() == 1 && named.len() * 2 >= self.whole.len()
    }

    /// Those that are named in lines with a word for a defect in it, or one that takes images out.
    pub fn bad(&self, text: &str) -> HashSet<usize> {
        let lines = text.lines().filter(|line| says_bad(line));
        let words = lines.flat_map(|line| {
            line.split(|one: char| one.is_whitespace() || "=:(),;\"'、。".contains(one))
        });
        let words = words.filter(|word| !word.is_empty());
        words.filter_map(|name| self.whole(name)).copied().collect()
    }

    /// Whether a sentence that nobody here understands names one: in `with_numbers` by any number of some digits, else by a
    /// whole name or a number with a zero in front.
    pub fn are_in_foreign_sentences(&self, text: &str, with_numbers: bool) -> bool {
        let is_name = |word: &str| {
            let has_zero = word.starts_with('0') && word.len() >= LONG_NUMBER;
            let is_long = has_zero || with_numbers && word.len() >= LONG_NUMBER;
            let by_stem = || self.by_stem.contains_key(&digits_key(&comparable(word)));
            self.whole(word).is_some() || is_long && by_stem()
        };
        let lines = text.lines().filter(|line| is_foreign(line));
        lines.flat_map(names_in).any(is_name)
    }

    /// Those that sentences about defects name without an ending, as in `003, IMG_007: scratch`. Of numbers of few digits
    /// there have to be several if they are to count at all (`with_short`): "3 of them have dents" names none.
    pub fn bad_in_sentences(&self, text: &str, with_short: bool) -> HashSet<usize> {
        let words = text
            .lines()
            .filter(|line| says_bad(line))
            .flat_map(names_in);
        let named: HashMap<&str, usize> = words
            .filter_map(|word| Some((word, *self.by_stem.get(&digits_key(&comparable(word)))?)))
            .collect();
        let is_short =
            |word: &str| word.len() < LONG_NUMBER && word.bytes().all(|one| one.is_ascii_digit());
        let (short, long): (Vec<_>, Vec<_>) = named.iter().partition(|(word, _)| is_short(word));
        let short = short.into_iter().filter(|_| with_short && named.len() > 1);
        let all = long.into_iter().chain(short);
        all.map(|(_, at)| *at).collect()
    }
}

/// Digits with which a number in a sentence is the name of an image.
const LONG_NUMBER: usize = 3;

/// What may be names of images in a sentence: letters of ASCII, digits and what connects them, without the numbers that are
/// parts of dates, of times and of others.
fn names_in(line: &str) -> impl Iterator<Item = &str> {
    let is_part = |one: char| one.is_ascii_alphanumeric() || "_-./:\\".contains(one);
    let words = line.split(move |one: char| !is_part(one));
    words
        .map(|word| word.trim_matches(|one: char| !one.is_ascii_alphanumeric()))
        .filter(|word| word.contains(|one: char| one.is_ascii_digit()))
}

/// Whether a word is a date or a time of day.
fn is_time(word: &str) -> bool {
    let has_numbers = word.contains([':', '-', '/']) && word.starts_with(char::is_numeric);
    has_numbers
        && word
            .chars()
            .all(|one| one.is_numeric() || ":-/.+TZ".contains(one))
}

/// The name of the file in a path of any system.
fn last_part(cell: &str) -> String {
    comparable(cell.rsplit(['/', '\\']).next().unwrap_or_default())
}

/// A name without what is written behind the ending of an image, as in `1.png_2`.
fn up_to_ending(name: &str) -> &str {
    let ends = walk::EXTENSIONS.iter().filter_map(|ending| {
        let at = name.find(&format!(".{ending}"))? + ending.len() + 1;
        let is_whole = !name[at..].starts_with(|one: char| one.is_ascii_alphanumeric());
        is_whole.then_some(at)
    });
    &name[..ends.min().unwrap_or(name.len())]
}

/// Whether a text is a table of results, or what is said of a data set.
pub(super) fn is_of_this_program(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let has = |name: &str| text.contains(name);
    first.contains("plain_score")
        || has("pixel_auroc")
        || has("\"left_out\":") && has("\"layout\":")
}

/// Whether a text has words for good and for bad in its cells, so many of each.
pub(super) fn tells_good_from_bad(text: &str, min: usize) -> bool {
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
