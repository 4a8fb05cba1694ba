//! What the name of a folder or a file says.

use unicode_normalization::UnicodeNormalization;

use super::qualifiers::is_condition;
use super::tokens::words_of;
use super::words::{Meaning, meaning_of_whole};

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
    /// What a word says of images.
    pub fn of(meaning: Meaning) -> Option<Self> {
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
    let mut lacks_feature = false;
    for (at, (text, meaning)) in all.iter().enumerate() {
        let Some(mut word) = Word::of(*meaning) else {
            continue;
        };
        if is_negated(&all, at) {
            // Without the hole that belongs there a part is not normal.
            if FEATURES.contains(&text.as_str()) {
                lacks_feature = true;
                continue;
            }
            word = word.negated();
        }
        match said {
            Some(before) if before.is_bad() != word.is_bad() => return None,
            // Of what was good when nobody had checked it nobody has said.
            Some(_) if word != Word::Unlabelled => {}
            _ => said = Some(word),
        }
    }
    if lacks_feature {
        return said.filter(|said| said.is_bad());
    }
    let is_free = all.last().is_some_and(|(last, _)| last == "free");
    let said = said.or(is_free.then_some(Word::Normal));
    // What is good is the light.
    let is_of_parts = || !all.iter().any(|(text, _)| is_condition(text, name));
    said.filter(|said| *said != Word::Normal || is_of_parts())
}

/// Whether a name says that nothing is wrong, whatever stands beside it.
pub(crate) fn is_called_normal(name: &str) -> bool {
    word(name) == Some(Word::Normal)
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

/// A name that is one word but for what separates its letters, as in `i.O.` and `N.G.`, or a single character or sign.
pub(super) fn whole(name: &str) -> Option<Meaning> {
    let joined = joined(name);
    let letters = if joined.is_empty() { name } else { &joined };
    let meaning = meaning_of_whole(letters);
    meaning.filter(|meaning| !matches!(meaning, Meaning::Not | Meaning::Free))
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
            "conformi",
            "Bonnes pièces",
            "dobré",
            "sağlam",
            "đạt",
            "ดี",
            "अच्छा",
            "סוג תקין",
            "○",
            "リョウヒン",
            "nodefect",
            "uncracked",
            "defectfree",
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
            "NG_no_hole",
            "non conformi",
            "Rechazo",
            "không đạt",
            "ไม่ดี",
            "ikke godkendt",
            "unclean",
            "フリョウ",
            "×",
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
        for name in [
            "unknown",
            "Unlabeled",
            "未分類",
            "保留",
            "要再検",
            "on hold",
            "to check",
            "zu prüfen",
            "unklar",
            "OK_unchecked",
            "OK保留",
            "△",
        ] {
            assert_eq!(word(name), Some(Word::Unlabelled), "{name}");
        }
        for name in [
            "a",
            "cam1",
            "book",
            "union",
            "unbekannt_NG",
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
    fn a_name_is_the_same_composed_or_not() {
        assert_eq!(word("キス\u{3099}"), Some(Word::Defect));
        assert_eq!(joined("Ground-Truth 2"), "groundtruth");
    }
}
