//! Words, letters and numbers in the names of images that part them as labels do: `Teil_001` and `Delle_002`, `A_001` and
//! `B_002`, `001_0` and `002_1`, `001_E00` and `002_E17`.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::made::says_made;
use super::plain::{Plain, is_counted};
use super::role::Role;
use super::tokens::words_of;
use super::words::Meaning;

/// Images of one label, at least: a few may be called in any way.
const MIN_IMAGES: usize = 3;

/// Numbers of a series, at least.
const MIN_SERIES: usize = 3;

/// Labels of one folder, at most: of more none parts images.
const MAX_LABELS: usize = 8;

/// The same of a letter with numbers.
const MAX_LETTERS: usize = 3;

/// Before a number these make it that of a class.
const CLASSES: &[&str] = &[
    "class",
    "cls",
    "label",
    "category",
    "cat",
    "type",
    "kind",
    "クラス",
    "分類",
    "类",
];

/// What parts a name from others in its folder.
#[derive(Default)]
struct Name {
    label: Vec<String>,
    /// The rest of its numbers.
    numbers: Vec<String>,
    /// Whether the label stands behind all of them.
    is_behind: bool,
    /// Whether it is the first or the last field alone.
    is_field: bool,
}

/// For each of these names of images of one folder, composed and in small letters, whether it has another label than most:
/// in a field of its own or, `in_words` as well, in any word.
///
/// A letter or a number behind that of a part is none where parts have several: `001_a` and `001_b` are two pictures of one.
pub(super) fn labelled_otherwise(names: &[&str], in_words: bool) -> Vec<bool> {
    // Thousands of names have a few words.
    let mut known: HashMap<String, bool> = HashMap::new();
    let mut is_plain = |word: &str| match known.get(word) {
        Some(is_plain) => *is_plain,
        None => *known.entry(word.to_owned()).or_insert(is_plain(word)),
    };
    let by_words = in_words.then(|| {
        let names = names.iter().map(|name| Name::of(name, &mut is_plain));
        names.collect::<Vec<Name>>()
    });
    let fields = [true, false].map(|is_first| {
        let names = names.iter().map(|name| Name::with_field(name, is_first));
        names.collect::<Option<Vec<Name>>>()
    });
    let mut found = vec![false; names.len()];
    for names in [by_words].into_iter().chain(fields).flatten() {
        // Where the folder says what its images show, a series does not say otherwise.
        if !in_words && is_series(&names) {
            continue;
        }
        for at in apart(&names) {
            found[at] = true;
        }
    }
    found
}

/// The words of a name, composed and in small letters, that say something.
pub(super) fn telling_words(name: &str) -> Vec<String> {
    Name::of(name, &mut |word: &str| is_plain(word)).label
}

/// Whether names begin or end with one word and the numbers of a series, each about as often as another: exposures,
/// shots, cavities. Classes are not met equally often, and there are two of them or grades.
fn is_series(names: &[Name]) -> bool {
    let mut counts: BTreeMap<(&str, u32), usize> = BTreeMap::new();
    for name in names {
        let [field] = name.label.as_slice() else {
            return false;
        };
        let mut parts = runs(field);
        let (Some(word), Some(Ok(number)), None) =
            (parts.next(), parts.next().map(str::parse), parts.next())
        else {
            return false;
        };
        *counts.entry((word, number)).or_default() += 1;
    }
    counts.retain(|_, images| *images >= MIN_IMAGES);
    let (least, most) = (counts.values().min(), counts.values().max());
    let are_alike = least
        .zip(most)
        .is_some_and(|(least, most)| 2 * least >= *most);
    let mut pairs = counts.keys().zip(counts.keys().skip(1));
    let is_consecutive =
        pairs.all(|((word, number), (next_word, next))| word == next_word && number + 1 == *next);
    counts.len() >= MIN_SERIES && are_alike && is_consecutive
}

/// The places of names with other labels than most.
fn apart(names: &[Name]) -> Vec<usize> {
    let mut by_label: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        by_label.entry(&name.label).or_default().push(at);
    }
    by_label.retain(|_, images| images.len() >= MIN_IMAGES);
    let labelled: usize = by_label.values().map(Vec::len).sum();
    // A letter with more numbers than that is one of coordinates.
    let is_letter = |label: &&[String]| {
        label
            .iter()
            .all(|word| runs(word).next().is_some_and(|run| run.len() == 1))
    };
    let max =
        match names.first().is_some_and(|name| name.is_field) && by_label.keys().all(is_letter) {
            true => MAX_LETTERS,
            false => MAX_LABELS,
        };
    let are_labels = (2..=max).contains(&by_label.len()) && 10 * labelled >= 9 * names.len();
    let most = by_label.iter().max_by_key(|(_, images)| images.len());
    let Some((most, _)) = most.filter(|_| are_labels) else {
        return Vec::new();
    };
    let numbers = |images: &[usize]| -> HashSet<&[String]> {
        let images = images.iter();
        images.map(|at| names[*at].numbers.as_slice()).collect()
    };
    let is_short = |label: &[String]| {
        let mut words = label.iter().filter(|word| !most.contains(word));
        words.all(|word| word.chars().count() == 1)
    };
    // Two cameras see the same parts, and both see all of them.
    let is_of_same_parts = |label: &[String], images: &[usize]| {
        let mut all = numbers(images);
        let own = all.len();
        let others = by_label.iter().filter(|(other, _)| **other != label);
        let others: HashSet<_> = others.flat_map(|(_, images)| numbers(images)).collect();
        let name = &names[images[0]];
        all.retain(|number| others.contains(number));
        let is_digit = name.is_field || label.is_empty();
        match name.is_behind {
            true => 2 * all.len() >= own,
            false => is_digit && 10 * all.len() >= 9 * own.max(others.len()),
        }
    };
    let labels = by_label.iter().filter(|(label, _)| *label != most);
    let labels = labels.filter(|(label, images)| {
        let may_be_view = is_short(label) || names[images[0]].is_field;
        !(may_be_view && is_of_same_parts(label, images))
    });
    labels.flat_map(|(_, images)| images).copied().collect()
}

impl Name {
    /// By the words that say something.
    fn of(name: &str, is_plain: &mut impl FnMut(&str) -> bool) -> Self {
        let mut found = Self::default();
        let mut before = String::new();
        for run in runs(name) {
            if run.starts_with(char::is_numeric) {
                match CLASSES.contains(&&*before) {
                    true => found.label.push(before + run),
                    false => {
                        found.is_behind = false;
                        found.numbers.push(run.to_owned());
                    }
                }
                before = run.to_owned();
                continue;
            }
            for (word, meaning) in words_of(run) {
                // `cam_b` and `lota` are of several cameras and lots.
                let is_number = is_counted(&before) && word.chars().count() == 1
                    || word
                        .char_indices()
                        .next_back()
                        .is_some_and(|(at, _)| is_counted(&word[..at]));
                if meaning != Meaning::Normal && !is_number && !is_plain(&word) {
                    found.label.push(word.clone());
                    found.is_behind = true;
                }
                before = word;
            }
        }
        found
    }

    /// By its first or its last field, if that is 0 or 1, or a word of the parts with a number, and a number is left.
    fn with_field(name: &str, is_first: bool) -> Option<Self> {
        let is_separator = |one: char| !one.is_alphanumeric();
        let (rest, field) = match is_first {
            true => name
                .split_once(is_separator)
                .map(|(field, rest)| (rest, field)),
            false => name.rsplit_once(is_separator),
        }?;
        let numbers: Vec<String> = runs(rest)
            .filter(|run| run.starts_with(char::is_numeric))
            .map(str::to_owned)
            .collect();
        let is_code = || match &runs(field).collect::<Vec<&str>>()[..] {
            [word, number] => {
                // A letter with 0 or 1 is that of an answer, whatever it stands for elsewhere.
                let is_answer = word.chars().count() == 1 && matches!(*number, "0" | "1");
                word.starts_with(char::is_alphabetic)
                    && number.starts_with(char::is_numeric)
                    && (is_answer || Plain::of(word).is_none())
                    && Role::of(word) != Role::Container
            }
            _ => false,
        };
        let is_label = matches!(field, "0" | "1") || is_code();
        (is_label && !numbers.is_empty()).then(|| Self {
            label: vec![field.to_owned()],
            numbers,
            is_behind: !is_first,
            is_field: true,
        })
    }
}

/// The numbers and what stands between them.
fn runs(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_other = |one: char| one.is_numeric() != first.is_numeric();
        let (run, tail) = rest.split_at(rest.find(is_other).unwrap_or(rest.len()));
        rest = tail;
        Some(run)
    })
}

fn is_plain(word: &str) -> bool {
    Plain::of(word).is_some()
        || says_made(word)
        || CLASSES.contains(&word)
        || Role::of(word) == Role::Container
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether images numbered on, seven of the first name and three of the other one, are called otherwise.
    fn are_apart(one: &str, other: &str) -> bool {
        let name = |name: &str, number: usize| name.replace("{}", &format!("{number:03}"));
        let names = (0..7).map(|number| name(one, number));
        let names: Vec<String> = names
            .chain((7..10).map(|number| name(other, number)))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = labelled_otherwise(&names, true);
        assert!(!found[..7].contains(&true), "{one}");
        found.contains(&true)
    }

    #[test]
    fn words_and_letters_part_images_and_views_colours_and_cameras_do_not() {
        for (one, other) in [
            ("teil_{}", "delle_{}"),
            ("a_{}", "b_{}"),
            ("0_{}", "1_{}"),
            ("{}_0", "{}_1"),
            ("10-00-{}_1", "10-00-{}_0"),
            ("{}", "{}(凹)"),
            ("img_{}", "rma_{}"),
            ("{}", "{}_bruch"),
            ("製品{}", "製品{}つぶれ"),
            ("class0_{}", "class1_{}"),
            ("{}_result0", "{}_result1"),
            ("{}_e00", "{}_e17"),
            ("img{}-y0", "img{}-y1"),
            ("q1_{}", "q3_{}"),
        ] {
            assert!(are_apart(one, other), "{other}");
        }
        for (one, other) in [
            ("cam1_{}", "cam2_{}"),
            ("cam_a_{}", "cam_b_{}"),
            ("lota_{}", "lotb_{}"),
            ("img_{}", "dsc{}"),
            ("left_{}", "right_{}"),
            ("{}_top", "{}_bottom"),
            ("red_{}", "blue_{}"),
            ("2026-11-29_{}", "2026-11-30_{}"),
            ("nov29_{}", "dec01_{}"),
            ("run1_{}", "run2_{}"),
            ("{}_l", "{}_r"),
            ("{}", "{} - copy"),
            ("{}_cam1", "{}_cam2"),
            ("{}_lot7", "{}_lot8"),
        ] {
            assert!(!are_apart(one, other), "{other}");
        }
    }

    #[test]
    fn two_pictures_of_one_part_have_no_labels() {
        for [one, other] in [
            ["{}_a", "{}_b"],
            ["{}", "{}b"],
            ["{}_0", "{}_1"],
            ["0_{}", "1_{}"],
            ["{}_x0", "{}_x1"],
            ["{}_pose1", "{}_pose2"],
        ] {
            let names = (0..6).flat_map(|number| {
                [one, other].map(|name| name.replace("{}", &number.to_string()))
            });
            let names: Vec<String> = names.collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            assert!(!labelled_otherwise(&names, true).contains(&true), "{other}");
        }
    }

    #[test]
    fn a_series_is_no_label_in_a_folder_that_says_what_it_holds() {
        let names = |numbers: &[(usize, usize)]| -> Vec<String> {
            let each = numbers.iter().enumerate();
            let each = each.flat_map(|(shot, (number, images))| {
                (0..*images).map(move |image| format!("exp{number}_num_{}", 1000 * shot + image))
            });
            each.collect()
        };
        let are_apart = |numbers: &[(usize, usize)], in_words: bool| {
            let names = names(numbers);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            labelled_otherwise(&names, in_words).contains(&true)
        };
        let series = [(0, 1), (1, 12), (2, 13), (3, 12), (4, 12)];
        assert!(!are_apart(&series, false));
        assert!(are_apart(&series, true), "nothing else says what they show");
        assert!(are_apart(&[(1, 30), (2, 30), (3, 5)], false), "grades");
        assert!(are_apart(&[(1, 30), (3, 30), (7, 30)], false), "codes");
        assert!(are_apart(&[(0, 30), (1, 30)], false), "classes");
    }

    #[test]
    fn names_that_are_all_different_have_no_labels() {
        let names = [
            "0002cc93b",
            "0a4f1e",
            "bfe3",
            "1f2e3d",
            "c9a8b7",
            "7d6c5b",
            "ba0e",
            "e1d2",
            "f3a4",
            "0b1c2d",
        ];
        assert!(!labelled_otherwise(&names, true).contains(&true));
    }
}
