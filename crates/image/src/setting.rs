//! Settings that have a value that they may not have: a code, the value and what is allowed, so that
//! every language can word them.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// A setting with a value that it may not have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvalidSetting {
    /// Which one.
    pub setting: Setting,
    /// Its value, as a person would write it.
    pub value: String,
    /// What it may be.
    pub allowed: Allowed,
}

/// Settings whose values are limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is named by what it displays as")]
pub enum Setting {
    AdamBetas,
    Align,
    Alpha,
    Batch,
    Beta,
    Brightness,
    Channels,
    Contrast,
    Crop,
    FalseAlarms,
    FalsePixels,
    FeaturePeriod,
    ImagesPerEpoch,
    Iterations,
    Lambda,
    Latent,
    LearningRate,
    MmPerPx,
    Omega,
    PixelThreshold,
    RejectThreshold,
    ReviewThreshold,
    Rotation,
    Scale,
    ScorePercentile,
    Shift,
    Size,
    Skips,
    Smoothing,
    TextureSide,
    TimeLimit,
    Unsure,
    UsedBits,
    ValidationFraction,
    View,
    Warp,
    WeightDecay,
    Width,
}

/// What a setting may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allowed {
    /// From the first number to the second, both included.
    Within(String, String),
    /// That much or more.
    /// 0 or more.
    NotNegative,
    /// More than 0.
    Positive,
    /// One of these.
    OneOf(Vec<u32>),
    /// A number, neither infinite nor NaN.
    Finite,
    /// This much or less, which another setting has.
    AtMost(Setting, String),
    /// What is read from a model alone: it says itself what is wrong, in English.
    Stored(String),
}

impl InvalidSetting {
    /// This setting with this value, which is none of those allowed.
    pub fn new(setting: Setting, value: impl fmt::Display, allowed: Allowed) -> Self {
        Self {
            setting,
            value: value.to_string(),
            allowed,
        }
    }

    /// A part of what a model stores, by what is wrong with it, in English.
    pub fn stored(setting: Setting) -> impl FnOnce(String) -> Self {
        move |wrong| Self::new(setting, "", Allowed::Stored(wrong))
    }
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            setting,
            value,
            allowed,
        } = self;
        match allowed {
            Allowed::Within(least, most) => {
                write!(f, "{setting} {value} is not within {least} and {most}")
            }
            Allowed::NotNegative => write!(f, "{setting} {value} is not 0 or more"),
            Allowed::Positive => write!(f, "{setting} {value} is not more than 0"),
            Allowed::OneOf(values) => {
                write!(f, "{setting} {value} is none of {}", listed(values))
            }
            Allowed::Finite => write!(f, "{setting} {value} is no finite number"),
            Allowed::AtMost(other, most) => {
                write!(f, "{setting} {value} is above the {other} {most}")
            }
            Allowed::Stored(wrong) => write!(f, "{setting}: {wrong}"),
        }
    }
}

impl std::error::Error for InvalidSetting {}

/// For what says in English alone why a file cannot be used.
impl From<InvalidSetting> for String {
    fn from(invalid: InvalidSetting) -> Self {
        invalid.to_string()
    }
}

/// `Ok` where the condition holds.
///
/// # Errors
/// The setting, its value and what is allowed, where it does not.
pub fn require(
    condition: bool,
    setting: Setting,
    value: impl fmt::Display,
    allowed: Allowed,
) -> Result<(), InvalidSetting> {
    match condition {
        true => Ok(()),
        false => Err(InvalidSetting::new(setting, value, allowed)),
    }
}

/// Requires a number that is 0 or more.
///
/// # Errors
/// As [`require`].
pub fn require_not_negative(setting: Setting, value: f32) -> Result<(), InvalidSetting> {
    let holds = value.is_finite() && value >= 0.0;
    require(holds, setting, value, Allowed::NotNegative)
}

/// Requires a number that is more than 0.
///
/// # Errors
/// As [`require`].
pub fn require_positive<V>(setting: Setting, value: V) -> Result<(), InvalidSetting>
where
    V: fmt::Display + Copy + Into<f64>,
{
    let number = value.into();
    let holds = number.is_finite() && number > 0.0;
    require(holds, setting, value, Allowed::Positive)
}

/// Requires a number that is neither infinite nor NaN.
///
/// # Errors
/// As [`require`].
pub fn require_finite(setting: Setting, value: f32) -> Result<(), InvalidSetting> {
    require(value.is_finite(), setting, value, Allowed::Finite)
}

/// Requires a number from the first to the second, both included.
///
/// # Errors
/// As [`require`].
pub fn require_within<V: fmt::Display + PartialOrd>(
    setting: Setting,
    value: V,
    range: RangeInclusive<V>,
) -> Result<(), InvalidSetting> {
    let [least, most] = [range.start(), range.end()].map(V::to_string);
    let within = range.contains(&value);
    require(within, setting, value, Allowed::Within(least, most))
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AdamBetas => "Adam's betas",
            Self::Align => "alignment",
            Self::Alpha => "alpha",
            Self::Batch => "batch",
            Self::Beta => "beta",
            Self::Brightness => "brightness",
            Self::Channels => "channels",
            Self::Contrast => "contrast",
            Self::Crop => "crop",
            Self::FalseAlarms => "share of false alarms",
            Self::FalsePixels => "share of false pixels",
            Self::FeaturePeriod => "feature period",
            Self::ImagesPerEpoch => "images per epoch",
            Self::Iterations => "iterations",
            Self::Lambda => "lambda",
            Self::Latent => "latent length",
            Self::LearningRate => "learning rate",
            Self::MmPerPx => "millimetres per pixel",
            Self::Omega => "omega",
            Self::PixelThreshold => "pixel threshold",
            Self::RejectThreshold => "reject threshold",
            Self::ReviewThreshold => "review threshold",
            Self::Rotation => "rotation in degrees",
            Self::Scale => "scale",
            Self::ScorePercentile => "score percentile",
            Self::Shift => "shift",
            Self::Size => "size in pixels",
            Self::Skips => "skip connections",
            Self::Smoothing => "smoothing in pixels",
            Self::TextureSide => "texture side in pixels",
            Self::TimeLimit => "time limit in seconds",
            Self::Unsure => "share of unsure parts",
            Self::UsedBits => "bits used of 16",
            Self::ValidationFraction => "validation fraction",
            Self::View => "view",
            Self::Warp => "warp",
            Self::WeightDecay => "weight decay",
            Self::Width => "width",
        })
    }
}

/// Values beside each other.
pub fn listed(values: &[u32]) -> String {
    let values: Vec<String> = values.iter().map(u32::to_string).collect();
    values.join(", ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_its_value_and_its_range_are_said() {
        let invalid = require_within(Setting::Batch, 2000, 1..=1024).unwrap_err();
        assert_eq!(invalid.to_string(), "batch 2000 is not within 1 and 1024");
        let nan = require_within(Setting::Shift, f32::NAN, 0.0..=0.5).unwrap_err();
        assert_eq!(nan.to_string(), "shift NaN is not within 0 and 0.5");
        assert_eq!(require_within(Setting::Shift, 0.5f32, 0.0..=0.5), Ok(()));
        let size = Allowed::OneOf(vec![64, 128]);
        let size = require(false, Setting::Size, 7, size).unwrap_err();
        assert_eq!(size.to_string(), "size in pixels 7 is none of 64, 128");
        let crop = InvalidSetting::stored(Setting::Crop)("it is empty".into());
        assert_eq!(crop.to_string(), "crop: it is empty");
    }
}
