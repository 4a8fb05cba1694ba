//! Which language somebody reads.

use clap::ValueEnum;
use kizumi_report::Bom;
use serde::{Deserialize, Serialize};

/// A language that every text exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English, also for everybody whose language is not here.
    #[default]
    #[value(name = "en")]
    English,
    /// Japanese.
    #[value(name = "ja")]
    Japanese,
}

impl Language {
    /// Its code, as locales and the command line have it.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    /// The language of a locale as POSIX (`ja_JP.UTF-8`) or BCP 47 (`ja-JP`) writes it.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or("");
        if language.eq_ignore_ascii_case("ja") {
            Self::Japanese
        } else {
            Self::English
        }
    }

    /// The language that the environment asks for in a category, such as `LC_MESSAGES`. The first variable
    /// that is set decides, in the order that POSIX gives them.
    pub fn of_environment(category: &str, variable: impl Fn(&str) -> Option<String>) -> Self {
        ["LC_ALL", category, "LANG"]
            .into_iter()
            .filter_map(variable)
            .find(|locale| !locale.is_empty())
            .map_or(Self::English, |locale| Self::of_locale(&locale))
    }

    /// The language that the environment of this process wants messages in.
    pub fn of_desktop() -> Self {
        Self::of_process("LC_MESSAGES")
    }

    /// The language of texts that this process's environment expects in files.
    pub fn of_files() -> Self {
        Self::of_process("LC_CTYPE")
    }

    /// Whether tables for spreadsheets begin with a byte order mark where people read this language: Excel takes
    /// those without one for the encoding of the system.
    pub fn bom(self) -> Bom {
        match self {
            Self::Japanese => Bom::With,
            Self::English => Bom::Without,
        }
    }

    fn of_process(category: &str) -> Self {
        Self::of_environment(category, |name| std::env::var(name).ok())
    }
}

/// What a person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LanguageChoice {
    /// As the desktop.
    #[default]
    System,
    /// Always English.
    English,
    /// Always Japanese.
    Japanese,
}

impl LanguageChoice {
    /// The language to speak on a desktop of that language.
    pub fn on(self, desktop: Language) -> Language {
        match self {
            Self::System => desktop,
            Self::English => Language::English,
            Self::Japanese => Language::Japanese,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let of = |set: &'static [(&str, &str)]| {
            Language::of_environment("LC_MESSAGES", |name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(of(&[]), Language::English);
        assert_eq!(of(&[("LANG", "ja_JP.UTF-8")]), Language::Japanese);
        assert_eq!(
            of(&[("LANG", "en_GB.UTF-8"), ("LC_MESSAGES", "ja_JP")]),
            Language::Japanese
        );
        assert_eq!(
            of(&[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")]),
            Language::English
        );
        assert_eq!(
            of(&[("LC_ALL", ""), ("LANG", "ja_JP.UTF-8")]),
            Language::Japanese
        );
    }

    #[test]
    fn a_locale_is_told_by_its_language_alone() {
        for (locale, language) in [
            ("ja", Language::Japanese),
            ("ja-JP", Language::Japanese),
            ("JA_jp.eucJP@x", Language::Japanese),
            ("jam_JM", Language::English),
            ("C.UTF-8", Language::English),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
        assert_eq!(
            LanguageChoice::English.on(Language::Japanese),
            Language::English
        );
        assert_eq!(
            LanguageChoice::System.on(Language::Japanese),
            Language::Japanese
        );
    }
}
