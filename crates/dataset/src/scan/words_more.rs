//! Names that have a word more than all others beside them: `IMG_0020_rayé` among `IMG_0001` to `IMG_0019`.

use std::collections::HashMap;

use super::labels_in_names::telling_words;
use super::tokens::is_unspaced;

/// Names that have no such word, at least, and the smallest share of them.
const FEWEST: usize = 5;
const MOST: f64 = 0.6;

/// Letters of a word, at least: those of less are of counters and codes.
const LETTERS_MIN: usize = 3;

/// For each of these names of images of one folder, composed and in small letters, whether it has a word more than most,
/// whatever it means: words that are known to say nothing are none.
pub(super) fn with_a_word_more(names: &[&str]) -> Vec<bool> {
    let words: Vec<Vec<String>> = names.iter().map(|name| telling_words(name)).collect();
    let mut counts: HashMap<&[String], usize> = HashMap::new();
    for words in &words {
        *counts.entry(words).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    let are_most = |count: usize| count >= FEWEST && count as f64 >= MOST * names.len() as f64;
    let Some((usual, _)) = most.filter(|(_, count)| are_most(*count)) else {
        return vec![false; names.len()];
    };
    let has_more = |words: &Vec<String>| {
        let has_usual = usual.iter().all(|word| words.contains(word));
        let mut more = words.iter().filter(|word| !usual.contains(word));
        has_usual && more.any(|word| is_word(word))
    };
    words.iter().map(has_more).collect()
}

fn is_word(word: &str) -> bool {
    let letters = word.chars().filter(|one| one.is_alphabetic());
    letters.count() >= LETTERS_MIN || word.contains(is_unspaced)
}

#[cfg(test)]
mod tests {
    use super::with_a_word_more;

    /// Whether images are told from ten others by these names.
    fn told(plain: &str, others: &[&str]) -> Vec<bool> {
        let plain = (0..10).map(|at| plain.replace("{}", &format!("{at:04}")));
        let plain: Vec<String> = plain.collect();
        let names = plain.iter().map(String::as_str);
        let names: Vec<&str> = names.chain(others.iter().copied()).collect();
        let found = with_a_word_more(&names);
        assert!(!found[..10].contains(&true));
        found[10..].to_vec()
    }

    #[test]
    fn any_word_more_tells_a_few_images_from_the_others() {
        assert_eq!(told("img_{}", &["img_0020_rayé"]), [true]);
        let others = ["030_rayada", "031_sucio", "032_rebaba"];
        assert_eq!(told("{}", &others), [true; 3]);
        assert_eq!(told("washer_{}", &["washer_verschmutzt"]), [true]);
        assert_eq!(told("{}", &["0012擦過"]), [true]);
    }

    #[test]
    fn cameras_times_and_counters_tell_none() {
        for other in [
            "img_0020_burst001",
            "img_0020_cover",
            "img_0020_hdr",
            "img_0020_cam2",
            "img_0020_front",
            "img_0020_a",
            "img_20261130t1012z",
        ] {
            assert_eq!(told("img_{}", &[other]), [false], "{other}");
        }
    }
}
