//! What a kind of defect may be called in a label.

use kizumi_image::shown::acts;
use serde::{Deserialize, Serialize};

/// Letters of a kind's name, at most.
const LETTERS_MAX: usize = 100;

/// Why a text names no kind of defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KindFault {
    /// There is a `/` or a `\` in it: folders are called after kinds.
    Separator,
    /// It is `.` or `..`, which are folders themselves.
    Folder,
    /// There is a character in it that nobody sees: a line break, a tabulator.
    Control,
    /// It has too many letters.
    Long,
}

impl KindFault {
    /// In English, behind the text.
    pub fn words(self) -> &'static str {
        match self {
            Self::Separator => "has / or \\ in it",
            Self::Folder => "is the name of a folder",
            Self::Control => "has a character in it that cannot be seen",
            Self::Long => "is too long",
        }
    }
}

/// What is wrong with the name of a kind, if anything.
pub fn kind_fault(kind: &str) -> Option<KindFault> {
    if kind.contains(['/', '\\']) {
        Some(KindFault::Separator)
    } else if [".", ".."].contains(&kind.trim()) {
        Some(KindFault::Folder)
    } else if kind.chars().any(acts) {
        Some(KindFault::Control)
    } else if kind.chars().count() > LETTERS_MAX {
        Some(KindFault::Long)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_a_path_or_cannot_be_seen_names_no_kind() {
        for (kind, fault) in [
            ("../../x", Some(KindFault::Separator)),
            (r"..\x", Some(KindFault::Separator)),
            ("/etc", Some(KindFault::Separator)),
            (" .. ", Some(KindFault::Folder)),
            ("a\nb", Some(KindFault::Control)),
            ("\u{1b}[2J", Some(KindFault::Control)),
            (&"x".repeat(101), Some(KindFault::Long)),
            ("打痕", None),
            ("Kratzer, tief", None),
            ("..rust", None),
        ] {
            assert_eq!(kind_fault(kind), fault, "{kind:?}");
        }
    }
}
