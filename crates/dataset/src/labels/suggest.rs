//! Which patterns the names of a folder's images suggest.

use std::collections::BTreeMap;

use super::Label;
use super::pattern::Rule;
use crate::scan::{says_defective, says_normal};

/// The most patterns that are suggested.
const MOST: usize = 6;

/// Patterns for names that begin with a word for good or bad, the most frequent first.
pub fn suggested<'a>(images: impl Iterator<Item = &'a str>) -> Vec<Rule> {
    let mut beginnings: BTreeMap<&str, usize> = BTreeMap::new();
    for image in images {
        let name = image.rsplit('/').next().unwrap_or(image);
        let end = name.find(|letter: char| !letter.is_alphabetic());
        let word = &name[..end.unwrap_or(name.len())];
        *beginnings.entry(word).or_default() += 1;
    }
    let rules = beginnings.into_iter().filter_map(|(word, count)| {
        let label = match word {
            _ if says_normal(word) => Label::Ok,
            _ if says_defective(word) => Label::NG,
            _ => return None,
        };
        let pattern = format!("{word}*");
        Some((count, Rule { pattern, label }))
    });
    let mut rules: Vec<(usize, Rule)> = rules.collect();
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
}
