//! Settings as a short text that people copy, mail, keep beside a result and paste back.
//!
//! ```text
//! # kizumi projection
//! [projection]
//! alpha = 0.5
//! step = "weighted"
//! ...
//! [map]
//! ...
//! [decision]
//! by_hand = "automatic"
//! ...
//! ```
//!
//! It is TOML, with "automatic" for what is not set by hand.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::config::{MapConfig, ProjectionConfig};
use super::decision::Decision;
use kizumi_image::setting::InvalidSetting;

/// The first line of the text.
const TITLE: &str = "# kizumi projection";
/// The headings, in the order of the text; named as the fields of [`SettingsText`].
const SECTIONS: [&str; 3] = ["projection", "map", "decision"];
/// The text for a value that is not set.
const UNSET: &str = "automatic";
/// The most characters of a wrong text that an error repeats.
const QUOTED_LEN: usize = 40;

/// The settings that decide what is computed and found, not how it is displayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SettingsText {
    /// The projection's parameters.
    pub projection: ProjectionConfig,
    /// How maps become scores.
    pub map: MapConfig,
    /// How scores become verdicts.
    pub decision: Decision,
}

/// Why a text is not settings.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SettingsTextError {
    /// Something is wrong with a line.
    #[error("line {line}: {fault}")]
    Line {
        /// The line's number, from 1.
        line: usize,
        /// What is wrong with it.
        fault: LineFault,
    },
    /// There is not a single setting in it.
    #[error("there is no setting in this text")]
    Nothing,
}

/// What is wrong with a line of settings.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum LineFault {
    /// It is not TOML, or its value is not one: what a parser says, in English.
    #[error("{0}")]
    Unreadable(String),
    /// A setting before the first heading.
    #[error("no heading before {0}")]
    NoHeading(String),
    /// A heading that is none of those that there are.
    #[error("unknown heading {heading}; there are [{}]", SECTIONS.join("], ["))]
    UnknownHeading {
        /// As it stands there, shortened and in quotes.
        heading: String,
    },
    /// A setting that its section does not have.
    #[error("unknown setting {setting}; there are {known}")]
    UnknownSetting {
        /// As it stands there, shortened and in quotes.
        setting: String,
        /// Those of its section.
        known: String,
    },
    /// A number that is infinite or none.
    #[error("no finite number")]
    NotFinite,
    /// A value that its setting cannot have.
    #[error("{setting}: {why}")]
    Unfit {
        /// The setting.
        setting: String,
        /// What a parser says of the value, in English.
        why: String,
    },
    /// A value that its setting may not have.
    #[error(transparent)]
    Invalid(#[from] InvalidSetting),
}

impl fmt::Display for SettingsText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = serde_json::to_value(self).map_err(|_| fmt::Error)?;
        writeln!(out, "{TITLE}")?;
        for section in SECTIONS {
            writeln!(out, "[{section}]")?;
            for (key, value) in all[section].as_object().into_iter().flatten() {
                writeln!(out, "{key} = {}", text_of(value))?;
            }
        }
        Ok(())
    }
}

impl SettingsText {
    /// These settings, changed by what the text says; what it does not mention stays.
    ///
    /// # Errors
    /// A line that is not TOML or sets what there is not or what is out of its range, and why; a
    /// text without any setting.
    pub fn changed_by(mut self, text: &str) -> Result<Self, SettingsTextError> {
        let failed = |at: usize, fault: LineFault| SettingsTextError::Line {
            line: 1 + text.as_bytes()[..at]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count(),
            fault,
        };
        let sections = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            failed(
                at.min(text.len()),
                LineFault::Unreadable(error.message().to_owned()),
            )
        })?;
        let mut is_any = false;
        for (section, values) in sections.get_ref() {
            let (at, section) = (section.span().start, section.get_ref());
            let Some(values) = values.get_ref().as_table() else {
                return Err(failed(at, LineFault::NoHeading(quoted(section))));
            };
            if !SECTIONS.contains(&section.as_ref()) {
                let heading = quoted(section);
                return Err(failed(at, LineFault::UnknownHeading { heading }));
            }
            for (key, value) in values {
                self = json(value)
                    .and_then(|value| self.with(section, key.get_ref(), value))
                    .map_err(|fault| failed(key.span().start, fault))?;
                is_any = true;
            }
        }
        is_any.then_some(self).ok_or(SettingsTextError::Nothing)
    }

    /// These settings with one of them changed.
    fn with(self, section: &str, key: &str, value: Value) -> Result<Self, LineFault> {
        let unfit = |error: serde_json::Error| LineFault::Unfit {
            setting: key.to_owned(),
            why: error.to_string(),
        };
        let mut all = serde_json::to_value(self).map_err(unfit)?;
        let Some(field) = all[section].get_mut(key) else {
            let known = all[section].as_object().into_iter().flatten();
            let known: Vec<&str> = known.map(|(name, _)| name.as_str()).collect();
            return Err(LineFault::UnknownSetting {
                setting: quoted(key),
                known: known.join(", "),
            });
        };
        *field = value;
        let changed: Self = serde_json::from_value(all).map_err(unfit)?;
        changed.validate()?;
        Ok(changed)
    }

    fn validate(&self) -> Result<(), InvalidSetting> {
        self.projection.validate()?;
        self.map.validate()?;
        self.decision.validate()
    }
}

/// A value of the text as JSON, which has null for what is not set.
fn json(value: &Spanned<DeValue<'_>>) -> Result<Value, LineFault> {
    if value.get_ref().as_str() == Some(UNSET) {
        return Ok(Value::Null);
    }
    match Value::deserialize(ValueDeserializer::from(value.clone())) {
        Ok(Value::Null) => Err(LineFault::NotFinite),
        Ok(value) => Ok(value),
        Err(error) => Err(LineFault::Unreadable(error.message().into())),
    }
}

/// A value as TOML; all floats are of single precision.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => format!("\"{UNSET}\""),
        Value::Number(number) if number.is_f64() => {
            format!("{:?}", number.as_f64().unwrap_or_default() as f32)
        }
        Value::Array(values) => {
            let texts: Vec<String> = values.iter().map(text_of).collect();
            format!("[{}]", texts.join(", "))
        }
        other => other.to_string(),
    }
}

/// The beginning of a text in quotes.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_LEN) {
        Some((end, _)) => format!("\"{}...\"", &text[..end]),
        None => format!("\"{text}\""),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::config::{Distance, Regulariser, StepRule};
    use super::super::decision::Thresholds;
    use super::*;
    use proptest::prelude::*;

    fn complaint(text: &str) -> String {
        SettingsText::default()
            .changed_by(text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn the_text_is_short_and_readable() {
        let text = SettingsText::default().to_string();
        let expected = "\
# kizumi projection
[projection]
alpha = 0.7
back_off = false
distance = \"squared-error\"
feature_period = 1
iterations = 25
lambda = 0.03
omega = 0.0
regulariser = \"l1\"
step = \"weighted\"
stop_early = false
[map]
kind = \"joint\"
relative = false
score_percentile = 99.97
smoothing_px = 0.0
[decision]
by_hand = \"automatic\"
false_alarms = 0.02
false_pixels = 0.001
min_area_px = 0
pixel_by_hand = \"automatic\"
unsure = 0.03
";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_is_not_mentioned_stays() {
        let before = SettingsText {
            projection: ProjectionConfig {
                lambda: 0.125,
                iterations: 99,
                ..Default::default()
            },
            ..Default::default()
        };
        let text =
            "\r\n  [ projection ]  # of Tuesday\r\nalpha=1e-1\n\n step = \"plain\" \n[map]\n";
        let after = before.changed_by(text).unwrap();
        let expected = ProjectionConfig {
            alpha: 0.1,
            step: StepRule::PLAIN,
            ..before.projection
        };
        assert_eq!(after.projection, expected);
        assert_eq!((after.map, after.decision), (before.map, before.decision));
    }

    #[test]
    fn thresholds_by_hand_come_and_go() {
        let text = "[decision]\nby_hand = [0.1, 0.25]\npixel_by_hand = 0.5";
        let set = SettingsText::default().changed_by(text).unwrap();
        let thresholds = Thresholds {
            review: 0.1,
            reject: 0.25,
        };
        assert_eq!(set.decision.by_hand, Some(thresholds));
        assert_eq!(set.decision.pixel_by_hand, Some(0.5));
        assert!(set.to_string().contains("by_hand = [0.1, 0.25]\n"));
        let text = "[decision]\nby_hand = \"automatic\"";
        let unset = set.changed_by(text).unwrap();
        assert_eq!(unset.decision.by_hand, None);
        assert_eq!(unset.decision.pixel_by_hand, Some(0.5));
    }

    #[test]
    fn errors_name_the_line_and_the_reason() {
        for (text, reasons) in [
            (
                "# x\n[projection]\nalhpa = 1",
                &["line 3", "\"alhpa\"", "alpha, back_off"][..],
            ),
            ("[projektion]", &["line 1", "projektion", "[map]"]),
            ("alpha = 1", &["line 1", "no heading"]),
            ("[map]\nalpha = 1", &["line 2", "unknown setting"]),
            ("[projection]\nalpha", &["line 2", "key with no value"]),
            ("[projection]\nalpha = .5", &["line 2", "digits"]),
            ("[projection]\nalpha = nan", &["line 2", "number"]),
            ("[projection]\nalpha = \"automatic\"", &["line 2", "alpha"]),
            ("[projection]\nalpha = -1", &["line 2", "0 or more"]),
            ("[projection]\nalpha = 1e39", &["line 2", "0 or more"]),
            (
                "[projection]\niterations = 2.5",
                &["line 2", "iterations: invalid type"],
            ),
            (
                "[projection]\niterations = 1000000",
                &["line 2", "within 0 and 100000"],
            ),
            (
                "[projection]\nstep = \"gated\"",
                &[
                    "line 2",
                    "step: unknown variant",
                    "`weighted`, `plain`, `held`",
                ],
            ),
            (
                "[projection]\nalpha = 1\nalpha = 2",
                &["line 3", "duplicate key"],
            ),
            (
                "[projection]\nomega = -1",
                &["line 2", "omega", "0 or more"],
            ),
            (
                "[projection]\nfeature_period = 0",
                &["line 2", "within 1 and 1000"],
            ),
            ("[map]\nsmoothing_px = 65", &["line 2", "within 0 and 64"]),
            (
                "[decision]\nfalse_alarms = 0.7",
                &["line 2", "within 0 and 0.5"],
            ),
            ("[decision]\nby_hand = [2, 1]", &["line 2", "above"]),
            ("[decision]\nby_hand = [2]", &["line 2", "by_hand"]),
            ("", &["no setting"]),
            ("# kizumi projection\n[map]\n", &["no setting"]),
        ] {
            let error = complaint(text);
            for reason in reasons {
                assert!(error.contains(reason), "{text:?}: {error}");
            }
        }
    }

    #[test]
    fn a_pasted_book_gives_a_short_error() {
        let error = complaint(&"傷".repeat(100_000));
        assert!(error.len() < 250, "{error}");
    }

    proptest! {
        #[test]
        fn any_settings_come_back(
            alpha in 0f32..100.0, lambda in 0f32..10.0, iterations in 0usize..100_000,
            flags in any::<[bool; 4]>(), smoothing_px in 0f32..64.0,
            shares in prop::array::uniform3(0f32..0.5), hand in prop::option::of((0f32..1.0, 1f32..2.0)),
            pixel_by_hand in prop::option::of(any::<f32>().prop_filter("finite", |v| v.is_finite())),
        ) {
            let settings = SettingsText {
                projection: ProjectionConfig {
                    alpha, lambda, iterations,
                    step: if flags[0] { StepRule::PLAIN } else { StepRule::WEIGHTED },
                    distance: Distance::ALL[iterations % 4],
                    regulariser: if flags[1] { Regulariser::L2 } else { Regulariser::L1 },
                    stop_early: flags[2],
                    back_off: flags[3],
                    omega: lambda / 7.0,
                    feature_period: 1 + iterations % 1000,
                },
                map: MapConfig { smoothing_px, score_percentile: 99.5, ..MapConfig::default() },
                decision: Decision {
                    false_alarms: shares[0],
                    unsure: shares[1],
                    false_pixels: shares[2],
                    by_hand: hand.map(|(review, reject)| Thresholds { review, reject }),
                    pixel_by_hand,
                    min_area_px: iterations,
                },
            };
            let text = settings.to_string();
            prop_assert_eq!(SettingsText::default().changed_by(&text), Ok(settings));
        }

        #[test]
        fn nothing_panics(text in ".*", lines in prop::collection::vec("[a-z\\[\\]=#\" .0-9\n]{0,20}", 0..8)) {
            let _ = SettingsText::default().changed_by(&text);
            let _ = SettingsText::default().changed_by(&lines.join("\n"));
        }
    }
}
