//! Images that are called otherwise than those beside them, in a way that may say that they are defective.

use std::collections::HashMap;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::labels_in_names::labelled_otherwise;
use super::names::{Word, word};
use super::qualifiers::is_doubting;
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
    let parting = [by_name(&is_bad), by_name(&is_unsaid)]
        .into_iter()
        .chain(pairs)
        .chain([labelled]);
    let parts_them = |those: &Vec<bool>| those.contains(&true) && those.contains(&false);
    let those = parting.filter(parts_them).reduce(|one, other| {
        one.iter()
            .zip(&other)
            .map(|(one, other)| *one || *other)
            .collect()
    });
    let those = those.unwrap_or_default().into_iter().zip(images);
    those
        .filter_map(|(is, (path, _))| is.then_some(*path))
        .collect()
}

/// Signs that a person puts before or behind the name of an image that is not as the others are.
const SETS_APART: [char; 12] = ['!', '#', '*', '★', '☆', '@', '$', '§', '^', '+', '_', '-'];

/// Whether a name has a sign with which a person says no or is not sure, or sets it apart.
fn is_signed(name: &str) -> bool {
    name.contains(is_doubting)
        || name.contains("!!")
        || name.starts_with(SETS_APART)
        || name.ends_with(SETS_APART)
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
