//! What `kizumi watch` says of scores that leave those of normal images, in a line of its own, and what such a line
//! says: whoever started the program reads it.

use crate::language::Language;
use kizumi_method::drift::{Drift, WINDOW};

/// The line for where the scores have gone; `None`: they are back.
pub fn drift_line(drift: Option<Drift>, language: Language) -> String {
    match language {
        Language::English => english(drift),
        Language::Japanese => japanese(drift),
    }
}

fn japanese(drift: Option<Drift>) -> String {
    match drift {
        Some(drift) => format!("警告：{}", in_japanese(drift, WINDOW)),
        None => format!("直近{WINDOW}枚のスコアは、再びモデルの良品と同じ範囲です。"),
    }
}

/// Where so many scores have gone, in Japanese.
pub fn in_japanese(drift: Drift, scores: usize) -> String {
    match drift {
        Drift::Higher => format!(
            "直近{scores}枚のスコアが、モデルの良品より高くなっています。照明・ピント・位置が変わった\
             可能性があり、まもなく過検出が増えます。"
        ),
        Drift::Lower => format!(
            "直近{scores}枚のスコアが、モデルの良品より低くなっています。モデルの知らない画像の\
             可能性があり、欠陥を見逃すおそれがあります。"
        ),
    }
}

fn english(drift: Option<Drift>) -> String {
    match drift {
        Some(Drift::Higher) => format!(
            "warning: the last {WINDOW} scores are higher than those of the model's normal images: light, \
             focus or position may have changed, and good parts will be rejected soon."
        ),
        Some(Drift::Lower) => format!(
            "warning: the last {WINDOW} scores are lower than those of the model's normal images: the \
             pictures are others than those that it knows, and defects may be missed."
        ),
        None => format!("the last {WINDOW} scores are those of normal images again."),
    }
}

/// What a line says of that; `None` where it is about something else.
pub fn drift_of(line: &str) -> Option<Option<Drift>> {
    let all = [Some(Drift::Higher), Some(Drift::Lower), None];
    all.into_iter()
        .find(|drift| english(*drift) == line || japanese(*drift) == line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_as_it_was_meant() {
        for drift in [Some(Drift::Higher), Some(Drift::Lower), None] {
            for language in [Language::English, Language::Japanese] {
                assert_eq!(drift_of(&drift_line(drift, language)), Some(drift));
            }
        }
        assert_eq!(drift_of("warning: the disk is full"), None);
    }
}
