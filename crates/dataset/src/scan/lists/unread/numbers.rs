//! Tables that number images instead of naming them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::sentences::{is_foreign, says_bad};
use crate::scan::lists::places::digits_key;
use crate::scan::names::word;
use crate::scan::role::Role;

/// The fewest rows that are a table of images.
const MIN_ROWS: usize = 3;

/// What tells images apart says few different things of them.
const MAX_KINDS: usize = 8;

/// The most columns that are looked at.
const MAX_COLUMNS: usize = 32;

/// What stands between the first and the last number of a range.
const RANGE: [&str; 21] = [
    "-", "–", "—", "~", "〜", "～", "―", "ー", "..", "...", "to", "through", "till", "until",
    "bis", "à", "al", "から", "至", "到", "부터",
];

/// Words for the first and the last of several.
const ENDS: &str = "first last ersten letzten premiers premières derniers dernières primeros primeras últimos últimas primi prime \
     ultimi ultime primeiros primeiras eerste laatste";

/// The same before a number in scripts without spaces.
const ENDS_UNSPACED: [&str; 5] = ["最初の", "最後の", "はじめの", "先頭", "처음"];

/// Words with which something is said of those alone.
const ALONE: &str = "only use used just nur seulement uniquement solo sólo soltanto apenas alleen";

/// The numbers that the names of images end in.
pub(super) struct Numbers {
    of_images: BTreeSet<String>,
    /// That of each image.
    of_each: Vec<Option<u64>>,
}

impl Numbers {
    pub fn of(images: &[PathBuf]) -> Self {
        let number = |path: &PathBuf| {
            let stem = Path::new(path.file_stem()?).to_string_lossy().into_owned();
            let end = stem.rfind(|one: char| one.is_ascii_digit())? + 1;
            let start = stem[..end].rfind(|one: char| !one.is_ascii_digit());
            let start = start.map_or(0, |at| {
                at + stem[at..].chars().next().map_or(1, char::len_utf8)
            });
            Some(digits_key(&stem[start..end]))
        };
        let of_each: Vec<Option<String>> = images.iter().map(number).collect();
        Self {
            of_images: of_each.iter().flatten().cloned().collect(),
            of_each: of_each
                .into_iter()
                .map(|number| number?.parse().ok())
                .collect(),
        }
    }

    /// The images in ranges that lines about defects name, as in `007〜009 キズ` and "10 to 19: scrap".
    pub fn in_bad_ranges(&self, text: &str) -> HashSet<usize> {
        let lines = text.lines().filter(|line| says_bad(line));
        let ranges = lines.flat_map(ranges_in).filter(|range| {
            let ends = [range.start(), range.end()];
            let is_known = |end: &&u64| self.of_images.contains(&end.to_string());
            ends.iter().all(is_known)
        });
        let ranges: Vec<_> = ranges.collect();
        let is_in = |number: u64| ranges.iter().any(|range| range.contains(&number));
        let images = self.of_each.iter().enumerate();
        let images = images.filter(|(_, number)| number.is_some_and(is_in));
        images.map(|(at, _)| at).collect()
    }

    /// Whether a line of prose names a part of the images by the first and the last of their numbers, or as the first or the
    /// last ones: whatever it says of them, it does not say of the others. With `with_zeros` only numbers count that have a zero
    /// in front.
    pub fn are_parted_in_prose(&self, text: &str, with_zeros: bool) -> bool {
        let has_zero = |line: &str| {
            let mut numbers = line.split(|one: char| !one.is_ascii_digit());
            numbers.any(|number| number.len() > 1 && number.starts_with('0'))
        };
        let is_part = |range: RangeInclusive<u64>| {
            let inside = self.of_each.iter().flatten();
            let inside = inside.filter(|number| range.contains(number)).count();
            let ends = [range.start(), range.end()];
            let are_known = ends
                .iter()
                .all(|end| self.of_images.contains(&end.to_string()));
            are_known && inside > 1 && inside < self.of_each.len()
        };
        // A range of numbers alone may be one of hours.
        let is_of_images = |line: &str| {
            let mut words = line.split(|one: char| !one.is_alphanumeric());
            words.any(|word| Role::of(word) == Role::Container)
        };
        let says = |line: &str| {
            let may_say = || says_of_some(line) || is_of_images(line) || is_foreign(line);
            has_zero(line) || !with_zeros && may_say()
        };
        let names_part = |line: &str| ranges_in(line).into_iter().any(is_part);
        let is_few = |line: &str| says_how_many(line).is_some_and(|few| few < self.of_each.len());
        let mut lines = text.lines();
        lines.any(|line| says(line) && names_part(line) || !with_zeros && is_few(line))
    }

    /// Whether a column of the text has the numbers of most images, and another one says few things of them; or
    /// whether there is a line, or a word, for each image.
    pub fn are_told_apart(&self, text: &str) -> bool {
        if self.has_each(text) {
            return true;
        }
        let mut columns: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        let mut lines = 0;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let cells = line.split([',', ';', '\t', '|']).take(MAX_COLUMNS);
            let cells = cells.map(|cell| cell.trim().trim_matches('"'));
            for (at, cell) in cells.enumerate() {
                let column = columns.entry(at).or_default();
                // Short lines are empty in the columns that they do not reach.
                column.resize(lines, "");
                column.push(cell);
            }
            lines += 1;
        }
        columns
            .values_mut()
            .for_each(|column| column.resize(lines, ""));
        let numbered = |column: &Vec<&str>| {
            let is_number = |cell: &&&str| {
                !cell.is_empty()
                    && self
                        .of_images
                        .contains(&digits_key(cell.trim_end_matches(".0")))
            };
            let found = column.iter().filter(is_number).collect::<BTreeSet<_>>();
            found.len() >= MIN_ROWS && found.len() * 2 >= self.of_images.len()
        };
        let has_kinds = |column: &Vec<&str>| {
            let kinds: BTreeSet<&str> = column.iter().skip(1).copied().collect();
            (2..=MAX_KINDS).contains(&kinds.len()) && kinds.len() * 2 <= column.len()
        };
        let has_numbers = columns.values().any(numbered);
        let is_of_each =
            lines >= MIN_ROWS && (lines == self.of_each.len() || lines == self.of_each.len() + 1);
        (has_numbers && columns.len() > 1 || is_of_each) && columns.values().any(has_kinds)
    }

    /// Whether somewhere in JSON there is a value for each image, a few again and again: `{"labels": [0, 0, 1]}`.
    pub fn are_in_array(&self, text: &str) -> bool {
        fn is_in(value: &Value, images: usize) -> bool {
            match value {
                Value::Object(values) => values.values().any(|value| is_in(value, images)),
                Value::Array(values) => {
                    let plain = values
                        .iter()
                        .filter(|value| !value.is_array() && !value.is_object());
                    let kinds: BTreeSet<String> = plain.map(ToString::to_string).collect();
                    let is_plain = !values
                        .iter()
                        .any(|value| value.is_array() || value.is_object());
                    let are_few = kinds.len() <= MAX_KINDS && kinds.len() * 2 <= images + 2;
                    is_plain && values.len() == images && kinds.len() > 1 && are_few
                        || values.iter().any(|value| is_in(value, images))
                }
                _ => false,
            }
        }
        let images = self.of_each.len();
        images > 1 && serde_json::from_str(text).is_ok_and(|value: Value| is_in(&value, images))
    }

    /// Whether a text is a word for each image, a few again and again: `[0, 0, 1]`.
    fn has_each(&self, text: &str) -> bool {
        let words = text.split(|one: char| one.is_whitespace() || "[](){},;:\"'".contains(one));
        let words: Vec<&str> = words
            .filter(|word| !word.is_empty())
            .take(self.of_each.len() + 1)
            .collect();
        let kinds: BTreeSet<&str> = words.iter().copied().collect();
        words.len() == self.of_each.len()
            && words.len() >= MIN_ROWS
            && (2..=MAX_KINDS).contains(&kinds.len())
            && kinds.len() * 2 <= words.len() + 1
    }
}

/// Whether a line says something that may be of some images alone.
fn says_of_some(line: &str) -> bool {
    let line = line.to_lowercase();
    let mut words = line.split(|one: char| !one.is_alphanumeric());
    let is_alone = |one: &str| ALONE.split_whitespace().any(|alone| alone == one);
    words.any(|one| is_alone(one) || word(one).is_some()) || word(&line).is_some()
}

/// Of how many images a line speaks as of the first or the last ones.
fn says_how_many(line: &str) -> Option<usize> {
    let line = line.to_lowercase();
    let words = line.split(|one: char| !one.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let is_end = |word: &str| ENDS.split_whitespace().any(|end| end == word);
    // "the last 3 days" says nothing of images.
    if !says_of_some(&line) {
        return None;
    }
    let mut pairs = words.windows(2);
    let spaced = pairs.find_map(|pair| match pair {
        [end, count] if is_end(end) => count.parse().ok(),
        // "les 12 premières"
        [count, end] if is_end(end) => count.parse().ok(),
        _ => None,
    });
    let unspaced = || {
        ENDS_UNSPACED.iter().find_map(|end| {
            let rest = &line[line.find(end)? + end.len()..];
            let digits = rest.find(|one: char| !one.is_ascii_digit());
            rest[..digits.unwrap_or(rest.len())].parse().ok()
        })
    };
    spaced.or_else(unspaced).filter(|count| *count > 1)
}

/// The ranges of numbers in a line. Dates have three numbers, with the same between them.
fn ranges_in(line: &str) -> Vec<RangeInclusive<u64>> {
    let starts = line.char_indices().scan(false, |was_digit, (at, one)| {
        let is_digit = one.is_ascii_digit();
        let starts = is_digit && !*was_digit;
        *was_digit = is_digit;
        Some(starts.then_some(at))
    });
    let numbers = starts.flatten().map(|start| {
        let rest = &line[start..];
        let len = rest.find(|one: char| !one.is_ascii_digit());
        start..start + len.unwrap_or(rest.len())
    });
    let numbers: Vec<Range<usize>> = numbers.collect();
    let between = |at: usize| {
        let both = numbers.get(at)?.end..numbers.get(at + 1)?.start;
        Some(line[both].trim().to_lowercase())
    };
    let is_range = |at: usize| {
        let own = between(at).filter(|own| RANGE.contains(&own.as_str()));
        let neighbours = [at.checked_sub(1).and_then(between), between(at + 1)];
        own.is_some() && !neighbours.contains(&own)
    };
    let found = (0..numbers.len()).filter(|at| is_range(*at));
    let number = |range: &Range<usize>| line[range.clone()].parse::<u64>().ok();
    let found = found.filter_map(|at| Some(number(&numbers[at])?..=number(&numbers[at + 1])?));
    found.collect()
}
