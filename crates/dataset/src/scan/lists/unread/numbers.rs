//! Tables that number images instead of naming them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::names::says_bad;
use crate::scan::lists::places::digits_key;

/// The fewest rows that are a table of images.
const MIN_ROWS: usize = 3;

/// What tells images apart says few different things of them.
const MAX_KINDS: usize = 8;

/// The most columns that are looked at.
const MAX_COLUMNS: usize = 32;

/// What stands between the first and the last number of a range.
const RANGE: [char; 8] = ['-', '–', '—', '~', '〜', '～', '―', 'ー'];

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

    /// Whether a line speaks of a defect in a range of images, as in `007〜009 キズ`.
    pub fn range_is_bad(&self, text: &str) -> bool {
        !self.in_bad_ranges(text).is_empty()
    }

    /// The images in such ranges.
    pub fn in_bad_ranges(&self, text: &str) -> HashSet<usize> {
        let ranges = text.lines().flat_map(|line| {
            let spaced = RANGE.map(|mark| (format!(" {mark} "), mark.to_string()));
            let close =
                |line: String, (spaced, mark): &(String, String)| line.replace(spaced, mark);
            let line = spaced.iter().fold(line.to_owned(), close);
            let ranges = line.split(|one: char| !one.is_ascii_digit() && !RANGE.contains(&one));
            // A date has three.
            let range = |word: &str| {
                let ends: Vec<String> = word.split(RANGE).map(digits_key).collect();
                let [first, last] = &ends[..] else {
                    return None;
                };
                let is_known = ends.iter().all(|end| self.of_images.contains(end));
                let number = |end: &String| end.parse::<u64>().ok().filter(|_| is_known);
                Some(number(first)?..=number(last)?)
            };
            let ranges: Vec<_> = ranges.filter_map(range).collect();
            ranges.into_iter().filter(move |_| says_bad(&line))
        });
        let ranges: Vec<_> = ranges.collect();
        let is_in = |number: u64| ranges.iter().any(|range| range.contains(&number));
        let images = self.of_each.iter().enumerate();
        let images = images.filter(|(_, number)| number.is_some_and(is_in));
        images.map(|(at, _)| at).collect()
    }

    /// Whether a column of the text has the numbers of most images, and another one says few things of them; or
    /// whether there is a line for each image.
    pub fn are_told_apart(&self, text: &str) -> bool {
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
}
