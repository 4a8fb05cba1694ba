//! Images that are called otherwise than those beside them, in a way that may say that they are defective.

use std::collections::HashMap;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::labels_in_names::labelled_otherwise;
use super::names::{Word, word};
use super::qualifiers::is_doubting;
use super::words_more::with_a_word_more;
use crate::file_name::stem;

/// Words for the two classes of images, that of the defective ones last, as the first or the last of all names.
const PAIRS: [[&str; 2]; 7] = [
    ["p", "f"],
    ["t", "f"],
    ["true", "false"],
    ["y", "n"],
    ["yes", "no"],
    ["neg", "pos"],
    ["negative", "positive"],
];

/// Of the images to learn from those with a sign of doubt, with a word for "defective", without "normal", or of the second
/// of two classes, beside others in their folder that have none, say so, or are of the first; and those with
/// another label than most, in words only where images are normal because nothing says otherwise (`is_assumed`).
pub(super) fn named_otherwise<'a>(
    learned: &[&'a Path],
    is_assumed: impl Fn(&Path) -> bool,
) -> Vec<&'a Path> {
    let mut folders: HashMap<Option<&Path>, Vec<(&'a Path, String)>> = HashMap::new();
    for &path in learned {
        let name: String = stem(path).nfkc().collect();
        folders.entry(path.parent()).or_default().push((path, name));
    }
    let among = |(folder, images): (&Option<&Path>, &Vec<_>)| {
        among(images, folder.is_some_and(&is_assumed))
    };
    let mut found: Vec<&Path> = folders.iter().flat_map(among).collect();
    found.sort_unstable();
    found
}

fn among<'a>(images: &[(&'a Path, String)], is_assumed: bool) -> Vec<&'a Path> {
    let ends: Vec<[String; 2]> = images.iter().map(|(_, name)| ends(name)).collect();
    let is_bad = |name: &str| {
        is_signed(name) || has_bad_part(name) || word(name).is_some_and(|said| said != Word::Normal)
    };
    let is_unsaid = |name: &str| word(name) != Some(Word::Normal);
    let in_pair = |pair: [&str; 2], at: usize| {
        let all = ends.iter().all(|ends| pair.contains(&&*ends[at]));
        let second: Vec<bool> = ends.iter().map(|ends| all && ends[at] == pair[1]).collect();
        second
    };
    let by_name = |is: &dyn Fn(&str) -> bool| -> Vec<bool> {
        images.iter().map(|(_, name)| is(name)).collect()
    };
    let pairs = PAIRS
        .iter()
        .flat_map(|pair| [in_pair(*pair, 0), in_pair(*pair, 1)]);
    let names: Vec<&str> = images.iter().map(|(_, name)| name.as_str()).collect();
    // In a folder that says "normal" a field for a class may say otherwise, and other words are those of parts.
    let labelled = labelled_otherwise(&names, is_assumed);
    let with_more = match is_assumed {
        true => with_a_word_more(&names),
        false => vec![false; names.len()],
    };
    let parting = [by_name(&is_bad), by_name(&is_unsaid)]
        .into_iter()
        .chain(pairs)
        .chain([labelled, with_more, by_sign(&names), by_case(images)]);
    let parts_them = |those: &Vec<bool>| those.contains(&true) && those.contains(&false);
    let those = parting.filter(parts_them).reduce(|one, other| {
        one.iter()
            .zip(&other)
            .map(|(one, other)| *one || *other)
            .collect()
    });
    let those = match are_scored(&names) {
        true => vec![true; images.len()],
        false => those.unwrap_or_default(),
    };
    let those = those.into_iter().zip(images);
    those
        .filter_map(|(is, (path, _))| is.then_some(*path))
        .collect()
}

/// Signs that a person puts before or behind the name of an image that is not as the others are.
const SETS_APART: [char; 13] = [
    '!', '#', '*', '★', '☆', '@', '$', '§', '^', '+', '_', '-', '~',
];

/// Words before a number with which a program says how sure it is of an image.
const SCORES: [&str; 9] = [
    "score",
    "conf",
    "confidence",
    "prob",
    "probability",
    "anomaly",
    "スコア",
    "得分",
    "置信度",
];

/// Signs of two classes behind a name, that of the defective ones last.
const SIGNS: [&str; 2] = ["+", "-"];

/// Images with a letter in one case, at least, that are told apart from those with it in the other.
const FEWEST_OF_CASE: usize = 3;

/// The names with the second of two signs behind them, where all have one.
fn by_sign(names: &[&str]) -> Vec<bool> {
    let all = names
        .iter()
        .all(|name| name.ends_with(&SIGNS[..].concat().chars().collect::<Vec<_>>()[..]));
    names
        .iter()
        .map(|name| all && name.ends_with(SIGNS[1]))
        .collect()
}

/// The names that begin with a letter in the other case than most do: `A003` and `a007`.
fn by_case(images: &[(&Path, String)]) -> Vec<bool> {
    let first = |(path, _): &(&Path, String)| {
        let name = path.file_stem()?.to_string_lossy().into_owned();
        let mut letters = name.chars();
        let first = letters.next().filter(|first| first.is_alphabetic())?;
        letters
            .next()
            .filter(|second| second.is_numeric())
            .map(|_| first)
    };
    let all: Option<Vec<char>> = images.iter().map(first).collect();
    let Some(all) = all else {
        return vec![false; images.len()];
    };
    let is_lower = |letter: &char| letter.is_lowercase();
    let lower = all.iter().filter(|letter| is_lower(letter)).count();
    let is_one = all
        .windows(2)
        .all(|two| two[0].to_lowercase().eq(two[1].to_lowercase()));
    let are_several = lower.min(all.len() - lower) >= FEWEST_OF_CASE;
    let is_lower_rare = 2 * lower <= all.len();
    let is_other = |letter: &char| is_one && are_several && is_lower(letter) == is_lower_rare;
    all.iter().map(is_other).collect()
}

/// Whether all names have a number in them with which a program says how sure it is, and not the same.
fn are_scored(names: &[&str]) -> bool {
    let score = |name: &&str| {
        let name = name.to_lowercase();
        let at = SCORES
            .iter()
            .filter_map(|word| Some(name.find(word)? + word.len()))
            .max()?;
        let number = name[at..].trim_start_matches(['_', '-', '=', ' ', ':']);
        let end = number.find(|one: char| !one.is_ascii_digit() && one != '.');
        let number = &number[..end.unwrap_or(number.len())];
        number.contains('.').then(|| number.to_owned())
    };
    let scores: Option<Vec<String>> = names.iter().map(score).collect();
    scores.is_some_and(|scores| scores.windows(2).any(|two| two[0] != two[1]))
}

/// Whether a name has a sign with which a person says no or is not sure, or sets it apart.
fn is_signed(name: &str) -> bool {
    name.contains(is_doubting)
        || name.contains("!!")
        || name.starts_with(SETS_APART)
        || name.ends_with(SETS_APART)
        || is_crossed(name)
}

/// Whether a number has a cross before it, as people type it: `x003`.
fn is_crossed(name: &str) -> bool {
    let number = name.strip_prefix(['x', 'X']).unwrap_or_default();
    !number.is_empty()
        && number
            .chars()
            .all(|one| one.is_ascii_digit() || "_-. ".contains(one))
}

/// Whether a part of a name alone says that something is wrong: with dots between its letters, as in `007_N.G`, or in one
/// character, as in `007(凹)`.
fn has_bad_part(name: &str) -> bool {
    let parts = name.split(['_', '-', ' ', '(', ')', '[', ']', '【', '】']);
    let mut parts = parts.filter(|part| part.contains('.') || part.chars().count() == 1);
    parts.any(|part| word(part).is_some_and(Word::is_bad))
}

/// The first and the last word of a name, in lower case.
fn ends(name: &str) -> [String; 2] {
    let words = name.split(|letter: char| !letter.is_alphabetic());
    let mut words = words.filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let last = words.next_back().unwrap_or(first);
    [first, last].map(str::to_lowercase)
}
