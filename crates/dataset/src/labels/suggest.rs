//! Which patterns the names of a folder's images suggest.

use std::collections::BTreeMap;

use super::Label;
use super::pattern::Rule;
use crate::scan::{says_defective, says_normal};

/// The most patterns that are suggested.
const MOST: usize = 6;

/// Patterns for names that begin with a word for good or bad, the most frequent first. None of them fits a name that
/// begins with another word: `OK*` would fit `OKではない_3.png`.
pub fn suggested<'a>(images: impl Iterator<Item = &'a str>) -> Vec<Rule> {
    // By their small letters, with one spelling and how often what follows does.
    let mut beginnings: BTreeMap<String, (&str, BTreeMap<Option<char>, usize>)> = BTreeMap::new();
    for image in images {
        let name = image.rsplit('/').next().unwrap_or(image);
        let end = name.find(|letter: char| !letter.is_alphabetic());
        let (word, rest) = name.split_at(end.unwrap_or(name.len()));
        let (_, follow) = beginnings
            .entry(word.to_lowercase())
            .or_insert((word, BTreeMap::new()));
        *follow.entry(rest.chars().next()).or_default() += 1;
    }
    let mut rules: Vec<(usize, Rule)> = Vec::new();
    for (small, (word, follow)) in &beginnings {
        let label = match word {
            _ if says_normal(word) => Label::Ok,
            _ if says_defective(word) => Label::NG,
            _ => continue,
        };
        let mut others = beginnings.keys().filter(|other| *other != small);
        if others.any(|other| other.starts_with(small.as_str())) {
            for (separator, count) in follow {
                let separator =
                    separator.filter(|letter| !letter.is_numeric() && !"*?/".contains(*letter));
                if let Some(separator) = separator {
                    let pattern = format!("{word}{separator}*");
                    let label = label.clone();
                    rules.push((*count, Rule { pattern, label }));
                }
            }
        } else {
            let pattern = format!("{word}*");
            rules.push((follow.values().sum(), Rule { pattern, label }));
        }
    }
    rules.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    rules.into_iter().take(MOST).map(|(_, rule)| rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_good_and_bad_at_the_beginning_are_suggested() {
        let names = [
            "a/NG_1.png",
            "NG_2.png",
            "NG_3.png",
            "ok-1.png",
            "ok2.png",
            "IMG_7.png",
        ];
        let rules = suggested(names.into_iter());
        let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
        assert_eq!(rules, ["NG*=NG", "ok*=OK"]);
        assert_eq!(suggested(["1.png", "x.png"].into_iter()), []);
    }

    #[test]
    fn no_suggestion_fits_a_longer_word_and_capitals_make_no_other() {
        let names = [
            "OK_1.png",
            "OK_2.png",
            "OKではない_3.png",
            "NG_1.png",
            "ng_2.png",
        ];
        let rules = suggested(names.into_iter());
        let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
        assert_eq!(rules, ["NG*=NG", "OK_*=OK"]);
    }
}
