//! What an annotation says of the whole image in words, beside what it outlines.

use serde_json::Value;

use super::Annotation;
use crate::scan::{says_defective, says_normal};

/// Fields that say what an image shows, in small letters.
const VERDICTS: [&str; 26] = [
    "tag",
    "tags",
    "label",
    "labels",
    "class",
    "quality",
    "status",
    "result",
    "verdict",
    "judge",
    "judgement",
    "judgment",
    "grade",
    "flag",
    "flags",
    "defect",
    "defects",
    "anomaly",
    "description",
    "comment",
    "remark",
    "remarks",
    "判定",
    "結果",
    "備考",
    "コメント",
];

/// Flags that are about the annotation and not about the part.
const OF_THE_WORK: [&str; 12] = [
    "verified",
    "checked",
    "reviewed",
    "done",
    "finished",
    "annotated",
    "occluded",
    "truncated",
    "difficult",
    "crowd",
    "train",
    "test",
];

impl Annotation {
    /// Takes what a field of this name says of the image, if it is one that says something: words for defects are
    /// labels, those for "normal" are none, and what nobody here knows leaves it open.
    pub(super) fn take_field(&mut self, name: &str, value: &Value) {
        if VERDICTS.contains(&name.to_lowercase().as_str()) {
            self.take_said(name, value);
        }
    }

    fn take_said(&mut self, name: &str, value: &Value) {
        match value {
            Value::String(text) => self.take_word(text),
            Value::Bool(true) => self.take_flag(name),
            Value::Array(values) => values.iter().for_each(|value| self.take_said(name, value)),
            Value::Object(fields) => fields
                .iter()
                .for_each(|(name, value)| self.take_said(name, value)),
            Value::Null | Value::Bool(false) | Value::Number(_) => {}
        }
    }

    /// Takes a flag that is set.
    fn take_flag(&mut self, name: &str) {
        if !OF_THE_WORK.contains(&name.to_lowercase().as_str()) {
            self.take_word(name);
        }
    }

    /// Takes a word for what the image shows.
    pub(super) fn take_word(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() || says_normal(text) {
            return;
        }
        match says_defective(text) {
            true => self.add_label(text),
            false => self.unclear.push(text.to_owned()),
        }
    }
}
