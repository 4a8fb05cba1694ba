//! What the name of a folder or a file says.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use kizumi_image::shown::path_text;

use super::role::Role;
use super::serial::is_counted;
use super::words::{Meaning, SINGLE, UNSPACED, WORDS};

/// What a name says of the images that have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Nothing is wrong.
    Normal,
    /// Something is wrong.
    Defective,
    /// What is wrong; such words are names of parts, too.
    Defect,
    /// Nobody has said.
    Unlabelled,
}

impl Word {
    fn of(meaning: Meaning) -> Option<Self> {
        match meaning {
            Meaning::Normal => Some(Self::Normal),
            Meaning::Defective => Some(Self::Defective),
            Meaning::Defect => Some(Self::Defect),
            Meaning::Unlabelled => Some(Self::Unlabelled),
            Meaning::Not | Meaning::Free | Meaning::Other => None,
        }
    }

    fn negated(self) -> Self {
        match self {
            Self::Normal => Self::Defective,
            Self::Defective | Self::Defect => Self::Normal,
            Self::Unlabelled => Self::Unlabelled,
        }
    }

    /// Whether two names say of what they name that it is normal, or both that it is not.
    pub fn is_alike(self, other: Self) -> bool {
        self == other || self.is_bad() && other.is_bad()
    }

    /// Whether it says that something is wrong, or what.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Defective | Self::Defect)
    }
}

/// A name as it is compared with others: composed, in lower case, without spaces at its ends.
pub(super) fn comparable(name: &str) -> String {
    name.trim().nfc().flat_map(char::to_lowercase).collect()
}

/// A name as a person reads it.
pub(super) fn readable(name: &OsStr) -> String {
    path_text(Path::new(name)).trim().nfc().collect()
}

/// Letters and digits of a name alone, in lower case, without digits at its end: `Ground-Truth 2` is
/// `groundtruth`.
pub(super) fn joined(name: &str) -> String {
    let letters = name.nfkc().filter(|letter| letter.is_alphanumeric());
    let joined: String = letters.flat_map(char::to_lowercase).collect();
    joined.trim_end_matches(char::is_numeric).to_owned()
}

/// What a name says, by its words in any of many languages; `None` when it says nothing, or both.
///
/// "not", "free" and their like turn the word beside them into its opposite, and no other: `non_defective` and
/// `欠陥なし` are normal, `no good` is not, `no_screw_NG` and `No.1_NG` are what they say of themselves.
pub(super) fn word(name: &str) -> Option<Word> {
    let name: String = name.nfkc().collect();
    let name = name.trim();
    if let Some(meaning) = whole(name) {
        return Word::of(meaning);
    }
    let all = words_of(name);
    let mut said: Option<Word> = None;
    for (at, (text, meaning)) in all.iter().enumerate() {
        let Some(mut word) = Word::of(*meaning) else {
            continue;
        };
        if is_negated(&all, at) {
            // Without the hole that belongs there a part is not normal.
            if FEATURES.contains(&text.as_str()) {
                return None;
            }
            word = word.negated();
        }
        match said {
            Some(before) if before.is_bad() == word.is_bad() => {}
            Some(_) => return None,
            None => said = Some(word),
        }
    }
    let is_free = all.last().is_some_and(|(last, _)| last == "free");
    said.or(is_free.then_some(Word::Normal))
}

/// What parts have by design, and what is a defect elsewhere.
const FEATURES: [&str; 4] = ["hole", "holes", "chip", "chips"];

/// Whether the word beside this one turns it into its opposite.
fn is_negated(all: &[(String, Meaning)], at: usize) -> bool {
    let is = |at: Option<usize>, meaning| {
        let word = at.and_then(|at| all.get(at));
        word.is_some_and(|(_, said)| *said == meaning)
    };
    is(at.checked_sub(1), Meaning::Not) != is(Some(at + 1), Meaning::Free)
}

/// The words of a name that says "normal" which are not known to say nothing of it: `não` of `não conforme`,
/// `以外` of `OK以外`.
pub(super) fn qualifiers(name: &str) -> BTreeSet<String> {
    let name: String = name.nfkc().collect();
    if whole(name.trim()).is_some() {
        return BTreeSet::new();
    }
    let all = words_of(name.trim());
    let says = |at: usize| Word::of(all[at].1).is_some();
    let mut qualifiers = BTreeSet::new();
    for (at, (text, meaning)) in all.iter().enumerate() {
        let is_used = match meaning {
            Meaning::Other => Role::of(text) == Role::Container || is_counted(text) || text == "品",
            Meaning::Not => at + 1 < all.len() && says(at + 1),
            Meaning::Free => at == 0 || says(at - 1) || at + 1 == all.len(),
            _ => true,
        };
        if !is_used {
            qualifiers.insert(text.clone());
        }
    }
    qualifiers
}

/// The words of a name, and what they mean.
fn words_of(name: &str) -> Vec<(String, Meaning)> {
    let tokens = tokens(name);
    tokens.iter().flat_map(|token| meanings(token)).collect()
}

/// Whether a name says that nothing is wrong, and no word beside it may take that back.
pub(crate) fn says_normal(name: &str) -> bool {
    word(name) == Some(Word::Normal) && qualifiers(name).is_empty()
}

/// Whether one of the words of a name is that of a split for the test.
pub(super) fn names_test(name: &str) -> bool {
    let name: String = name.nfkc().collect();
    let words = words_of(name.trim()).into_iter();
    let mut roles = words.map(|(text, _)| Role::of(&text));
    roles.any(|role| matches!(role, Role::Validation | Role::Test | Role::Private))
}

/// A name that is one word but for what separates its letters, as in `i.O.` and `N.G.`, or a single
/// character.
fn whole(name: &str) -> Option<Meaning> {
    let joined = joined(name);
    let single = SINGLE.iter().find(|(_, word)| *word == joined);
    let whole = |(meaning, words): &(Meaning, &[&str])| {
        words.contains(&joined.as_str()).then_some(*meaning)
    };
    let meaning = single.map(|(meaning, _)| *meaning);
    let meaning = meaning.or_else(|| WORDS.iter().find_map(whole));
    meaning.filter(|meaning| !matches!(meaning, Meaning::Not | Meaning::Free))
}

/// The words of a name in lower case: letters of one kind, up to a change of case as in `NODefect` and
/// `goodParts`.
fn tokens(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut tokens: Vec<String> = Vec::new();
    let mut before = None;
    for (at, &letter) in letters.iter().enumerate() {
        let kind = Script::of(letter);
        let starts = match (before, kind) {
            (Some((_, Script::Spaced)), Script::Spaced) => {
                let was_upper = at > 0 && letters[at - 1].is_uppercase();
                let lower_follows = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
                letter.is_uppercase() && (!was_upper || lower_follows)
            }
            (Some((_, script)), kind) => script != kind,
            (None, _) => true,
        };
        before = Some((letter, kind));
        if kind == Script::None {
            // `No.1` is a number, and negates nothing.
            if let Some(last) = tokens.last_mut()
                && letter.is_numeric()
                && last == "no"
            {
                last.push(letter);
            }
            continue;
        }
        if starts || tokens.is_empty() {
            tokens.push(String::new());
        }
        if let Some(token) = tokens.last_mut() {
            token.extend(letter.to_lowercase());
        }
    }
    tokens
}

/// How a letter's script separates words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// By spaces.
    Spaced,
    /// Not at all.
    Unspaced,
    /// It is no letter.
    None,
}

impl Script {
    fn of(letter: char) -> Self {
        match letter {
            _ if !letter.is_alphabetic() => Self::None,
            // From the radicals of Chinese characters on: kana, Chinese characters, Hangul.
            '\u{2e80}'.. => Self::Unspaced,
            _ => Self::Spaced,
        }
    }
}

/// The words of a token, one after the other, and what they mean. What is not known between known ones is one
/// word.
fn meanings(token: &str) -> Vec<(String, Meaning)> {
    let spaced = WORDS
        .iter()
        .find(|(_, words)| words.contains(&token))
        .map(|(meaning, _)| *meaning);
    let is_spaced = token
        .chars()
        .any(|letter| Script::of(letter) != Script::Unspaced);
    if spaced.is_some() || is_spaced {
        return vec![(token.to_owned(), spaced.unwrap_or(Meaning::Other))];
    }
    let mut found: Vec<(String, Meaning)> = Vec::new();
    let mut is_unknown = false;
    let mut rest = token;
    while let Some(first) = rest.chars().next() {
        let fitting = UNSPACED.iter().flat_map(|(meaning, words)| {
            let fitting = words.iter().filter(|word| rest.starts_with(**word));
            fitting.map(|word| (word.len(), *meaning))
        });
        let longest = fitting.max_by_key(|(length, _)| *length);
        let (text, tail) = rest.split_at(longest.map_or(first.len_utf8(), |(length, _)| length));
        match (found.last_mut(), longest) {
            (Some((before, _)), None) if is_unknown => before.push_str(text),
            (_, longest) => {
                let meaning = longest.map_or(Meaning::Other, |(_, meaning)| meaning);
                found.push((text.to_owned(), meaning));
            }
        }
        is_unknown = longest.is_none();
        rest = tail;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_good_and_bad_are_known_in_many_languages_and_spellings() {
        for name in [
            "good",
            "OK",
            " ok ",
            "Pass",
            "normal",
            "0_good",
            "01 OK",
            "ok_front",
            "goodParts",
            "ＯＫ",
            "non_defective",
            "defect-free",
            "no_defects",
            "NODefect_images",
            "not defective",
            "i.O.",
            "undamaged",
            "良品",
            "正常",
            "OK品",
            "良品画像",
            "01_良品",
            "合格",
            "欠陥なし",
            "不良なし",
            "異常無し",
            "无缺陷",
            "정상",
            "양품",
            "gut",
            "sans défaut",
            "MT_Free",
            "良",
            "OK_No1",
            "No. 3 good",
        ] {
            assert_eq!(word(name), Some(Word::Normal), "{name}");
        }
        for name in [
            "NG",
            "bad",
            "KO",
            "nok",
            "N.G.",
            "not_ok",
            "no good",
            "not-normal",
            "Ungood",
            "anomaly",
            "Abnormal",
            "defect",
            "Defect_images",
            "def_front",
            "1_defective",
            "不良",
            "不良品",
            "NG品",
            "異常",
            "不合格",
            "欠陥品",
            "n.i.O.",
            "défaut",
            "불량",
            "缺陷",
            "不正常",
            "非正常",
            "No.1_NG",
            "NG_No.3",
            "No.2 不良",
            "ラベルなし_不良",
            "ネジ無し_NG",
            "no_screw_NG",
            "無塗装_不良品",
            "非破壊検査_NG",
            "un_défaut",
            "Pb_free_NG",
        ] {
            assert_eq!(word(name), Some(Word::Defective), "{name}");
        }
        for name in [
            "scratch",
            "MT_Blowhole",
            "キズ",
            "crack_01",
            "傷",
            "傷あり",
            "打痕",
        ] {
            assert_eq!(word(name), Some(Word::Defect), "{name}");
        }
        for name in ["unknown", "Unlabeled", "未分類"] {
            assert_eq!(word(name), Some(Word::Unlabelled), "{name}");
        }
        for name in [
            "a",
            "cam1",
            "book",
            "No.1",
            "ok_ng",
            "good and bad",
            "改良品",
            "傷見",
            "組立",
            "Images",
            "",
        ] {
            assert_eq!(word(name), None, "{name}");
        }
    }

    #[test]
    fn words_beside_good_are_told_from_those_that_say_nothing_of_it() {
        for (name, expected) in [
            ("OK", &[][..]),
            ("0_good", &[]),
            ("OK品", &[]),
            ("良品画像", &[]),
            ("no_defects", &[]),
            ("OK Lot 7", &[]),
            ("não conforme", &["não"]),
            ("OK以外", &["以外"]),
            ("良品ではない", &["ではない"]),
            ("nOK_Teile", &["n", "teile"]),
            ("ok_not", &["not"]),
        ] {
            let found: Vec<String> = qualifiers(name).into_iter().collect();
            assert_eq!(found, expected, "{name}");
        }
        assert_eq!(word("no_hole"), None);
    }

    #[test]
    fn a_name_is_the_same_composed_or_not() {
        assert_eq!(comparable(" Sch\u{e4}den "), comparable("scha\u{308}den"));
        assert_eq!(word("キス\u{3099}"), Some(Word::Defect));
        assert_eq!(joined("Ground-Truth 2"), "groundtruth");
    }
}
