//! What stands beside "normal" in a name and may take it back: words that nobody here knows, signs, what the
//! word is said of.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::names::{Word, whole, word};
use super::plain::{is_counted, is_place_or_time};
use super::role::{Role, may_test};
use super::tokens::words_of;
use super::words::Meaning;

/// What takes pictures of parts, or how: `good_lighting` does not say that the part is good.
const CONDITIONS: &[&str] = &[
    "light",
    "lights",
    "lighting",
    "lit",
    "illumination",
    "illuminated",
    "exposure",
    "exposed",
    "focus",
    "focused",
    "camera",
    "lens",
    "machine",
    "weather",
    "resolution",
    "contrast",
    "brightness",
    "sharpness",
    "alignment",
    "aligned",
    "calibration",
    "setup",
    "background",
    "beleuchtung",
    "licht",
    "kamera",
    "maschine",
    "fokus",
    "kontrast",
    "éclairage",
    "eclairage",
    "caméra",
    "luz",
    "iluminación",
    "cámara",
    "luce",
    "illuminazione",
    "照明",
    "光源",
    "ライト",
    "ピント",
    "焦点",
    "露出",
    "露光",
    "明るさ",
    "カメラ",
    "画質",
    "背景",
    "設備",
    "机器",
    "相机",
    "光照",
    "对焦",
    "조명",
    "초점",
    "카메라",
];

/// Words that turn what is said beside them into its opposite, in languages whose order of words is not looked at.
const NEGATING: &[&str] = &[
    "não",
    "nao",
    "nie",
    "niet",
    "inte",
    "ej",
    "ei",
    "pas",
    "değil",
    "degil",
    "nije",
    "以外",
    "ではない",
    "でない",
    "じゃない",
    "外",
    "除外",
    "而非",
    "아님",
    "아닌",
    "않음",
    "제외",
];

/// Signs that say nothing of what they stand beside.
const PLAIN_SIGNS: &str = "_-.,;:'\"()[]{}<>#@&+=~%$^/\\|`・、。「」『』【】〔〕《》〈〉–—‐−°";

/// Signs with which a person says no, or is not sure, wherever they stand.
const DOUBTING_SIGNS: &str = "?¿⁇×✕✖✗✘☓╳❌△▲▽▼≠¬⚠";

/// Signs that say no before a word.
const DENYING_SIGNS: &str = "!~";

/// The words of a name that says "normal" which are not known to say nothing of it, and its signs: `não` of
/// `não conforme`, `以外` of `OK以外`, `?` of `OK?`.
pub(super) fn qualifiers(name: &str) -> BTreeSet<String> {
    let name: String = name.nfkc().collect();
    let signs = name.chars().filter(|sign| is_sign(*sign));
    let mut qualifiers: BTreeSet<String> = signs.map(String::from).collect();
    qualifiers.extend(grade(name.trim()).map(String::from));
    if !name.contains(char::is_alphanumeric) {
        // A sign is the whole name.
        return BTreeSet::new();
    }
    if whole(name.trim()).is_some() {
        return qualifiers;
    }
    let all = words_of(name.trim());
    let says = |at: usize| Word::of(all[at].1).is_some();
    for (at, (text, meaning)) in all.iter().enumerate() {
        let is_used = match meaning {
            Meaning::Other => says_nothing(text),
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

/// Whether a word beside "normal" leaves it as it is.
fn says_nothing(word: &str) -> bool {
    Role::of(word) == Role::Container || is_place_or_time(word) || ["品", "품"].contains(&word)
}

fn is_sign(letter: char) -> bool {
    !letter.is_alphanumeric() && !letter.is_whitespace() && !PLAIN_SIGNS.contains(letter)
}

/// The sign behind a name that makes it a little less, or more: `OK-`, `OK+`.
fn grade(name: &str) -> Option<char> {
    let last = name.chars().next_back()?;
    "-–—−+…".contains(last).then_some(last)
}

/// Whether a person says no with a sign, or is not sure.
pub(super) fn is_doubting(sign: char) -> bool {
    DOUBTING_SIGNS.contains(sign)
}

/// Whether a name that says "normal" leaves it open, whatever others are called: with a sign of doubt, or with a
/// word for a test.
pub(super) fn is_doubtful(name: &str) -> bool {
    let name: String = name.nfkc().collect();
    let is_denied = name.trim().starts_with(|sign| DENYING_SIGNS.contains(sign));
    // As programs call what they put aside.
    let is_put_aside = name.trim().ends_with('~');
    is_denied
        || is_put_aside
        || name.contains(is_doubting)
        || qualifiers(&name).iter().any(|word| negates(word))
        || names_test(&name)
}

/// Whether a word beside "normal" that turned nothing into its opposite may have been meant to.
fn negates(word: &str) -> bool {
    let is_not = |(_, meaning): &(String, Meaning)| *meaning == Meaning::Not;
    NEGATING.contains(&word) || words_of(word).iter().any(is_not)
}

/// Whether a word of a name says what takes the pictures of parts, or how, and not which one of several: `camera`
/// does and `camera2` does not.
pub(super) fn is_condition(word: &str, name: &str) -> bool {
    let is_numbered = || is_counted(word) && name.contains(char::is_numeric);
    CONDITIONS.contains(&word) && !is_numbered()
}

/// Whether a name says that nothing is wrong, and nothing beside it may take that back.
pub(crate) fn says_normal(name: &str) -> bool {
    word(name) == Some(Word::Normal) && qualifiers(name).is_empty()
}

/// Whether a name says that something is wrong, or what.
pub(crate) fn says_defective(name: &str) -> bool {
    word(name).is_some_and(Word::is_bad)
}

/// Whether a name says that nothing is wrong, with a word beside it that nobody here knows, as in `good weld`: what
/// that makes of it is open.
pub(crate) fn may_say_normal(name: &str) -> bool {
    word(name) == Some(Word::Normal) && !qualifiers(name).is_empty() && !is_doubtful(name)
}

/// Whether one of the words of a name, or two of them together, is that of a split for the test, or may be.
pub(super) fn names_test(name: &str) -> bool {
    let name: String = name.nfkc().collect();
    let words = words_of(name.trim());
    // Specimens and runs are numbered.
    let is_numbered = name.contains(char::is_numeric);
    let is_test = |text: &str| {
        matches!(
            Role::of(text),
            Role::Validation | Role::Test | Role::Private
        ) || !is_numbered && may_test(text)
    };
    let mut pairs = words.windows(2);
    words.iter().any(|(text, _)| is_test(text))
        || pairs.any(|pair| is_test(&[&*pair[0].0, &pair[1].0].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_good_are_told_from_those_that_say_nothing_of_it() {
        for (name, expected) in [
            ("OK", &[][..]),
            ("0_good", &[]),
            ("OK品", &[]),
            ("良品画像", &[]),
            ("no_defects", &[]),
            ("OK Lot 7", &[]),
            ("OK_front", &[]),
            ("良品(裏)", &[]),
            ("não conforme", &["não"]),
            ("OK以外", &["以外"]),
            ("良品ではない", &["ではない"]),
            ("nOK_Teile", &["n"]),
            ("ok_not", &["not"]),
            ("OK？", &["?"]),
            ("OK→", &["→"]),
            ("OK-", &["-"]),
            ("OK-1", &[]),
            ("○", &[]),
        ] {
            let found: Vec<String> = qualifiers(name).into_iter().collect();
            assert_eq!(found, expected, "{name}");
        }
        assert_eq!(word("no_hole"), None);
    }

    #[test]
    fn signs_and_words_for_a_test_make_good_doubtful() {
        for name in [
            "OK?",
            "OK（？）",
            "OK×",
            "OK△",
            "!OK",
            "~OK",
            "OK~",
            "good❌",
            "OK_prova",
            "ok-hold-out",
            "正常_試験",
            "OK_тест",
            "OK推論用",
            "good_val",
        ] {
            assert!(is_doubtful(name), "{name}");
        }
        for name in [
            "OK!",
            "OK○",
            "OK_front",
            "OK(1)",
            "OK~11月",
            "testify_ok",
            "OK_checked",
        ] {
            assert!(!is_doubtful(name), "{name}");
        }
    }

    #[test]
    fn good_light_is_no_good_part() {
        for name in [
            "good_lighting",
            "ok_machine",
            "カメラOK",
            "focus-good",
            "照明良好",
        ] {
            assert_eq!(word(name), None, "{name}");
        }
        for name in ["OK_machine2", "good_cam1", "bright_ok"] {
            assert_eq!(word(name), Some(Word::Normal), "{name}");
        }
        // What is called bad is not learned from, whatever is bad of it.
        assert_eq!(word("bad_lighting"), Some(Word::Defective));
    }
}
