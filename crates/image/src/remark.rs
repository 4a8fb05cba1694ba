//! What a person should know of a file that was read.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something odd about a file that was read all the same; displays as words that follow "FILE: ".
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// Its alpha channel makes everything invisible, so it is none.
    AlphaIgnored,
    /// Its orientation tag turned or mirrored the pixels.
    Reoriented,
    /// It has several pages, of which one was read.
    SeveralPages {
        /// Counted from 1.
        page: usize,
        /// In all.
        pages: usize,
    },
    /// It is an animation as well as a picture, which was read.
    Animated,
    /// It has more channels than colours and alpha.
    ChannelsIgnored {
        /// How many.
        channels: usize,
    },
    /// Its data hold more than its pixels: its width or height may be wrong.
    DataLeftOver,
    /// Its data end without their checksum.
    ChecksumMissing,
    /// It does not say how long its data are: they are taken to be as long as its pixels need.
    LengthsMissing,
    /// Pixels whose number the palette does not have are black.
    OutsidePalette {
        /// How many.
        pixels: usize,
    },
    /// Pixels that its data skip have the first colour of the palette.
    NeverWritten {
        /// How many.
        pixels: usize,
    },
    /// Its values are floating-point ones, where 1 is white.
    FloatingPoint {
        /// The smallest value.
        min: f32,
        /// The largest value.
        max: f32,
    },
    /// Its header is of a revision of JFIF that there is none of, as that of a damaged file is.
    UnknownRevision {
        /// The first number; all revisions have 1.
        major: u8,
        /// The second one.
        minor: u8,
    },
    /// Beside the part that is aligned lies another one like it, which is not inspected.
    SeveralParts,
    /// Of 16 bits a value some are not used: the largest value of the others is white.
    BitsUsed {
        /// 8, 10, 12 or 14.
        used_bits: u8,
    },
    /// Of 16 bits a value some seem not to be used, but the model, an old one, does not say so of its own
    /// images: 65535 is white.
    PerhapsDark {
        /// 8, 10, 12 or 14.
        used_bits: u8,
    },
    /// It has not as many bits a value as the model's images.
    OtherDepth {
        /// Of the file.
        bits: u8,
        /// Of the model's images: used bits.
        model_bits: u8,
    },
    /// Its colours became grey, which the model wants.
    ToGrey,
    /// Its grey became RGB, which the model wants.
    ToRgb,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::AlphaIgnored => write!(f, "alpha is 0 everywhere, and ignored"),
            Self::Reoriented => write!(f, "turned upright as the orientation tag says"),
            Self::SeveralPages { page, pages } => {
                write!(f, "page {page} of {pages} is read, and no other")
            }
            Self::Animated => write!(f, "an animation, of which the still picture is read"),
            Self::ChannelsIgnored { channels: 1 } => {
                write!(f, "1 channel more than colours and alpha is ignored")
            }
            Self::ChannelsIgnored { channels } => {
                write!(
                    f,
                    "{channels} channels more than colours and alpha are ignored"
                )
            }
            Self::DataLeftOver => write!(
                f,
                "its data hold more than its pixels: its width or height may be wrong"
            ),
            Self::ChecksumMissing => write!(f, "the checksum of its pixels is missing"),
            Self::LengthsMissing => write!(
                f,
                "does not say how long its data are: as long as its pixels need is taken"
            ),
            Self::OutsidePalette { pixels } => write!(
                f,
                "pixels of a number that its palette lacks are black: {pixels}"
            ),
            Self::NeverWritten { pixels } => write!(
                f,
                "pixels that its data skip have the first colour of its palette: {pixels}"
            ),
            Self::UnknownRevision { major, minor } => write!(
                f,
                "there is no revision {major}.{minor:02} of JFIF: its header may be damaged"
            ),
            Self::SeveralParts => write!(
                f,
                "two parts lie in the photograph, and one of them is inspected"
            ),
            Self::FloatingPoint { min, max } => {
                write!(
                    f,
                    "floating-point values from {min:.3} to {max:.3}; 1 is white"
                )
            }
            Self::BitsUsed { used_bits } => write!(
                f,
                "{used_bits} of 16 bits are used; {} is white",
                largest_of(used_bits)
            ),
            Self::PerhapsDark { used_bits } => write!(
                f,
                "only {used_bits} of 16 bits seem to be used, but for this model, which was not told so of \
                 its own images, 65535 is white: the image may be far too dark"
            ),
            Self::OtherDepth { bits, model_bits } => write!(
                f,
                "{bits} bits a value, where those that the model was trained on have {model_bits}; white is \
                 taken for white"
            ),
            Self::ToGrey => write!(f, "RGB, converted to grey for the model"),
            Self::ToRgb => write!(f, "grey, repeated to RGB for the model"),
        }
    }
}

/// Why no verdict on a picture is to be relied on, whatever its scores are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileDoubt {
    /// It may not be the one that was photographed.
    Pixels,
    /// There are two parts in it, and one of them is inspected.
    SeveralParts,
}

/// The largest value of so many bits, 1 to 16.
pub fn largest_of(bits: u8) -> u16 {
    (u32::MAX >> (32 - u32::from(bits))) as u16
}

impl Remark {
    /// Whether the pixels are without doubt those that are meant: nobody has to look.
    pub fn is_harmless(&self) -> bool {
        matches!(self, Self::Reoriented | Self::ToGrey | Self::ToRgb)
    }

    /// Why no verdict on the picture is to be relied on, if so.
    pub fn doubt(&self) -> Option<FileDoubt> {
        match self {
            Self::DataLeftOver
            | Self::ChecksumMissing
            | Self::LengthsMissing
            | Self::OutsidePalette { .. }
            | Self::NeverWritten { .. }
            | Self::UnknownRevision { .. } => Some(FileDoubt::Pixels),
            Self::SeveralParts => Some(FileDoubt::SeveralParts),
            _ => None,
        }
    }

    /// As a sentence.
    pub fn sentence(&self) -> String {
        let words = self.to_string();
        let mut letters = words.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        format!("{}{}.", first.unwrap_or_default(), letters.as_str())
    }

    /// The two in one where they say the same but for a range.
    fn merged(self, other: Self) -> Option<Self> {
        match (self, other) {
            (
                Self::FloatingPoint { min, max },
                Self::FloatingPoint {
                    min: low,
                    max: high,
                },
            ) => Some(Self::FloatingPoint {
                min: min.min(low),
                max: max.max(high),
            }),
            _ => (self == other).then_some(self),
        }
    }
}

/// Remarks of many files: each once, with the number of files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remarks(Vec<(Remark, usize)>);

impl Remarks {
    /// Counts those of one more file.
    pub fn add(&mut self, remarks: &[Remark]) {
        for remark in remarks {
            let mut known = self.0.iter_mut();
            let known =
                known.find_map(|(known, count)| Some((known.merged(*remark)?, known, count)));
            match known {
                Some((merged, known, count)) => (*known, *count) = (merged, *count + 1),
                None => self.0.push((*remark, 1)),
            }
        }
    }

    /// Each once, with the number of files that it was remarked of.
    pub fn counted(&self) -> impl Iterator<Item = (Remark, usize)> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_files_have_in_common_is_said_once_with_their_number() {
        let mut remarks = Remarks::default();
        remarks.add(&[
            Remark::AlphaIgnored,
            Remark::FloatingPoint {
                min: 0.25,
                max: 0.5,
            },
        ]);
        remarks.add(&[Remark::FloatingPoint { min: 0.5, max: 1.0 }]);
        remarks.add(&[Remark::SeveralPages { page: 2, pages: 2 }]);
        let said = remarks.counted();
        let said: Vec<(String, usize)> =
            said.map(|(one, files)| (one.to_string(), files)).collect();
        assert_eq!(
            said,
            [
                ("alpha is 0 everywhere, and ignored".to_owned(), 1),
                (
                    "floating-point values from 0.250 to 1.000; 1 is white".to_owned(),
                    2
                ),
                ("page 2 of 2 is read, and no other".to_owned(), 1),
            ]
        );
        let bits = Remark::BitsUsed { used_bits: 12 };
        assert_eq!(bits.sentence(), "12 of 16 bits are used; 4095 is white.");
    }
}
