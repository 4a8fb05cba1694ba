//! What the command line says by itself: every message stands where it is said, in both languages beside each other.

use std::ffi::OsString;
use std::sync::OnceLock;

use clap::ValueEnum as _;

use crate::language::Language;

static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// The language of everything that is said from now on; only the first one counts.
pub fn speak(language: Language) {
    // Whoever asks for another one later gets that of the program.
    let _ = LANGUAGE.set(language);
}

/// The language that is spoken.
pub fn language() -> Language {
    LANGUAGE.get().copied().unwrap_or_default()
}

/// The language that a command line asks for, before anything else of it is understood: what is wrong with it is
/// said in that language, too.
pub fn wanted(arguments: impl Iterator<Item = OsString>) -> Language {
    let texts = arguments.map(|one| one.to_string_lossy().into_owned());
    let mut texts = texts.take_while(|text| text != "--");
    let mut wanted = None;
    while let Some(text) = texts.next() {
        let value = match text.strip_prefix("--lang") {
            Some("") => texts.next(),
            Some(rest) => rest.strip_prefix('=').map(ToOwned::to_owned),
            None => None,
        };
        let known = value.and_then(|value| Language::from_str(&value, false).ok());
        wanted = known.or(wanted);
    }
    wanted.unwrap_or_else(Language::of_desktop)
}

/// Whether a text is Japanese, known when the program is compiled.
pub const fn is_japanese(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        // The first bytes of U+3000 and beyond: kana, kanji, and signs of their width.
        if bytes[at] >= 0xe3 && bytes[at] <= 0xef {
            return true;
        }
        at += 1;
    }
    false
}

/// A text of formats in English and in Japanese, with what they name in braces: the one of the language that is
/// spoken. One that lacks a language, or whose second text is not Japanese, does not compile.
macro_rules! said {
    ($english:literal, $japanese:literal $(,)?) => {{
        const {
            assert!(!$crate::cli::said::is_japanese($english));
            assert!($crate::cli::said::is_japanese($japanese));
        }
        match $crate::cli::said::language() {
            $crate::language::Language::English => format_args!($english).to_string(),
            $crate::language::Language::Japanese => format_args!($japanese).to_string(),
        }
    }};
}

/// Fails with an error that says so, as `said!` does.
macro_rules! fail {
    ($english:literal, $japanese:literal $(,)?) => {
        return Err(anyhow::Error::msg($crate::cli::said::said!(
            $english, $japanese
        )))
    };
}

pub(in crate::cli) use {fail, said};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_is_told_from_other_texts() {
        for japanese in ["良品", "{}枚", "カナ", "しきい値 {x}", "{x}：{y}"] {
            assert!(is_japanese(japanese), "{japanese}");
        }
        for other in ["", "good", "… “x” × ü", "{images}"] {
            assert!(!is_japanese(other), "{other}");
        }
    }

    #[test]
    fn english_is_spoken_unless_something_else_is_asked_for() {
        let images = 3;
        assert_eq!(said!("{images} images", "{images}枚"), "3 images");
    }

    #[test]
    fn the_language_is_known_before_the_command_line_makes_sense() {
        let asked = |words: &str| wanted(words.split(' ').map(OsString::from));
        let desktop = Language::of_desktop();
        for (words, language) in [
            ("kizumi --lang ja data d", Language::Japanese),
            ("kizumi data --lang=ja", Language::Japanese),
            ("kizumi daat --wrong --lang en", Language::English),
            ("kizumi data d", desktop),
            ("kizumi data d --lang", desktop),
            ("kizumi data d --lang fr", desktop),
            ("kizumi data -- --lang ja", desktop),
            ("kizumi data d --language=ja", desktop),
        ] {
            assert_eq!(asked(words), language, "{words}");
        }
    }
}
