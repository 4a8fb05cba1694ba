//! Which value of a file of 16 bits a value is white: cameras of 10, 12 or 14 bits write such files, and what
//! is read as if all bits were used is black.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use image::DynamicImage;
use serde::{Deserialize, Serialize};

use super::decode::{Backdrop, Decoded, Limits, decode};
use super::file_error::{FileError, Reason};
use super::guarded::guarded;
use super::remark::{Remark, largest_of};
use super::setting::{Allowed, InvalidSetting, Setting};
use super::tiff_file;

/// How many bits of each value a file may use, all 16 aside.
const USED_BITS: [u8; 4] = [8, 10, 12, 14];

/// The depth of the images that a model was trained on. It decides which value of a file of 16 bits is white;
/// other files say so themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// Not known yet: each file goes by its own largest value, so that it can be looked at.
    #[default]
    ByFile,
    /// Models from before it was written down: 65535 is white.
    Untold,
    /// No file had 16 bits a value.
    Eight,
    /// Some had.
    Sixteen {
        /// The bits that the largest of all their values needs: 8, 10, 12, 14 or 16.
        used_bits: u8,
    },
}

impl Depth {
    /// What is meant where a model says nothing.
    pub(super) fn untold() -> Self {
        Self::Untold
    }

    /// That of images of which `largest` has the largest value of each with 16 bits.
    pub fn of(largest: impl IntoIterator<Item = u16>) -> Self {
        let largest = largest.into_iter().max();
        largest.map_or(Self::Eight, |largest| Self::Sixteen {
            used_bits: used_bits(largest),
        })
    }

    /// # Errors
    /// Which number of bits is none that is known.
    pub(super) fn validate(self) -> Result<(), InvalidSetting> {
        match self {
            Self::Sixteen { used_bits } if used_bits != 16 && !USED_BITS.contains(&used_bits) => {
                let known = Allowed::OneOf(
                    USED_BITS
                        .iter()
                        .chain(&[16])
                        .map(|bits| u32::from(*bits))
                        .collect(),
                );
                Err(InvalidSetting::new(Setting::UsedBits, used_bits, known))
            }
            _ => Ok(()),
        }
    }

    /// What a person should know of images of this depth.
    pub fn remark(self) -> Option<Remark> {
        match self {
            Self::Sixteen { used_bits } if used_bits < 16 => Some(Remark::BitsUsed { used_bits }),
            _ => None,
        }
    }

    /// The value that is white in a file, and what a person should know of that. `bits` a value are the file's,
    /// `largest` its largest value where it does not say itself what is white.
    ///
    /// A file that cannot be compared with the model's images is refused: cut off at their white it would lose
    /// what is bright, and by a white of its own it would be darker or brighter than they are.
    fn white(self, bits: u8, largest: Option<u16>) -> Result<(u16, Option<Remark>), Reason> {
        const WHITE: u16 = u16::MAX;
        let other = |model_bits| Some(Remark::OtherDepth { bits, model_bits });
        match (self, largest) {
            (Self::ByFile, Some(largest)) => match used_bits(largest) {
                16 => Ok((WHITE, None)),
                used_bits => Ok((largest_of(used_bits), Some(Remark::BitsUsed { used_bits }))),
            },
            (Self::Untold, Some(largest)) => match used_bits(largest) {
                16 => Ok((WHITE, None)),
                used_bits => Ok((WHITE, Some(Remark::PerhapsDark { used_bits }))),
            },
            (Self::ByFile | Self::Untold, None) => Ok((WHITE, None)),
            (Self::Eight, Some(largest)) => match used_bits(largest) {
                16 => Ok((WHITE, other(8))),
                8 => Ok((largest_of(8), other(8))),
                used_bits => Err(Reason::MoreBits { largest, used_bits }),
            },
            (Self::Eight, None) => Ok((WHITE, other(8).filter(|_| bits > 8))),
            (Self::Sixteen { used_bits }, Some(largest)) => {
                let white = largest_of(used_bits);
                match largest <= white {
                    true => Ok((white, None)),
                    false => Err(Reason::BeyondWhite { largest, white }),
                }
            }
            (Self::Sixteen { used_bits }, None) => {
                Ok((WHITE, other(used_bits).filter(|_| bits != used_bits)))
            }
        }
    }
}

/// The fewest bits that hold a value; 16 where it says nothing.
fn used_bits(largest: u16) -> u8 {
    let holds = |bits: &u8| (1..=largest_of(*bits)).contains(&largest);
    USED_BITS.into_iter().find(holds).unwrap_or(16)
}

/// Reads and decodes a photograph, 65535 white where it has 16 bits a value.
///
/// # Errors
/// Those of [`decode`], [`Reason::BeyondWhite`] and [`Reason::MoreBits`].
pub fn photograph(path: &Path, limits: Limits, depth: Depth) -> Result<Decoded, FileError> {
    let mut decoded = decode(path, limits, Backdrop::White)?;
    let white = depth.white(decoded.bits, decoded.largest);
    let (white, remark) = white.map_err(|reason| reason.of(path))?;
    decoded.remarks.extend(remark);
    if white < u16::MAX {
        match &mut decoded.image {
            DynamicImage::ImageLuma16(pixels) => stretch(pixels, white),
            DynamicImage::ImageRgb16(pixels) => stretch(pixels, white),
            _ => {}
        }
    }
    Ok(decoded)
}

/// Makes `white`, which no value exceeds, the largest one that there is.
fn stretch(values: &mut [u16], white: u16) {
    let white = u32::from(white);
    for value in values {
        *value = ((u32::from(*value) * u32::from(u16::MAX) + white / 2) / white) as u16;
    }
}

/// The largest value of a file of 16 bits a value; `None` for all others, of which only the head is read, and
/// for what cannot be decoded.
pub fn largest_of_file(path: &Path, limits: Limits) -> Result<Option<u16>, FileError> {
    match has_sixteen_bits(path) {
        true => Ok(decode(path, limits, Backdrop::White)?.largest),
        false => Ok(None),
    }
}

fn has_sixteen_bits(path: &Path) -> bool {
    // Opening a pipe would wait for a writer, reading the kernel's own files, which say that they are empty, for
    // what comes.
    if !std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0) {
        return false;
    }
    let Ok(mut file) = File::open(path) else {
        return false;
    };
    let mut head = [0; 25];
    let is_png = file.read_exact(&mut head).is_ok() && head.starts_with(b"\x89PNG");
    match is_png {
        true => head[24] == 16,
        false => {
            let head = guarded(|| tiff_file::head(file));
            head.is_some_and(|head| head.is_ok_and(|head| head.has_sixteen_bits))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, ImageBuffer, Luma};

    use super::*;

    fn read(values: [u16; 2], depth: Depth) -> Result<(Vec<u16>, Vec<Remark>), Reason> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("image.png");
        let image: ImageBuffer<Luma<u16>, Vec<u16>> =
            ImageBuffer::from_raw(2, 1, values.to_vec()).unwrap();
        image.save(&path).unwrap();
        let read = photograph(&path, Limits::HARD, depth).map_err(|error| error.reason)?;
        Ok((read.image.into_luma16().into_raw(), read.remarks))
    }

    const TWELVE: Depth = Depth::Sixteen { used_bits: 12 };

    #[test]
    fn the_white_of_the_set_is_that_of_every_image() {
        assert_eq!(Depth::of([900, 4095, 3]), TWELVE);
        assert_eq!(Depth::of([]), Depth::Eight);
        assert_eq!(read([0, 4095], TWELVE).unwrap(), (vec![0, 65_535], vec![]));
        // A dim one stays dim.
        assert_eq!(read([0, 273], TWELVE).unwrap(), (vec![0, 4369], vec![]));
    }

    #[test]
    fn a_file_of_12_bits_is_not_shown_as_black_and_that_is_said() {
        let (values, remarks) = read([0, 4000], Depth::ByFile).unwrap();
        assert_eq!(values, [0, 64_015]);
        assert_eq!(remarks, [Remark::BitsUsed { used_bits: 12 }]);
        let old = read([0, 4000], Depth::Untold).unwrap();
        assert_eq!(
            old,
            (vec![0, 4000], vec![Remark::PerhapsDark { used_bits: 12 }])
        );
        assert_eq!(
            read([0, 40_000], Depth::ByFile).unwrap(),
            (vec![0, 40_000], vec![])
        );
    }

    #[test]
    fn a_file_of_another_depth_than_the_models_is_said_or_refused() {
        let beyond = Reason::BeyondWhite {
            largest: 4096,
            white: 4095,
        };
        assert_eq!(read([0, 4096], TWELVE), Err(beyond));
        let more = Reason::MoreBits {
            largest: 4000,
            used_bits: 12,
        };
        let words = more.to_string();
        assert!(
            words.contains("uses 12 of them"),
            "as 'kizumi data' says: {words}"
        );
        assert_eq!(read([0, 4000], Depth::Eight), Err(more));
        let other = vec![Remark::OtherDepth {
            bits: 16,
            model_bits: 8,
        }];
        assert_eq!(
            read([0, 255], Depth::Eight).unwrap(),
            (vec![0, 65_535], other.clone())
        );
        assert_eq!(
            read([0, 50_000], Depth::Eight).unwrap(),
            (vec![0, 50_000], other)
        );
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("8.png");
        GrayImage::from_pixel(1, 1, Luma([9])).save(&path).unwrap();
        let remarks = |depth| photograph(&path, Limits::HARD, depth).unwrap().remarks;
        assert_eq!(
            remarks(TWELVE),
            [Remark::OtherDepth {
                bits: 8,
                model_bits: 12
            }]
        );
        assert_eq!(remarks(Depth::Eight), []);
        assert_eq!(remarks(Depth::Untold), []);
    }

    #[test]
    fn a_depth_that_no_file_has_is_named_and_refused() {
        let validated = |used_bits: u8| {
            let config = format!(r#"{{"depth":{{"sixteen":{{"used_bits":{used_bits}}}}}}}"#);
            let config: crate::input::DataConfig = serde_json::from_str(&config).unwrap();
            config.validate()
        };
        for used_bits in [8, 10, 12, 14, 16] {
            assert_eq!(validated(used_bits), Ok(()));
        }
        for used_bits in [0, 7, 17, 40, 255] {
            let refused = format!("bits used of 16 {used_bits} is none of 8, 10, 12, 14, 16");
            assert_eq!(validated(used_bits).unwrap_err().to_string(), refused);
        }
    }

    #[test]
    fn a_model_that_does_not_say_its_depth_keeps_its_own_reading() {
        let old: crate::input::DataConfig = serde_json::from_str("{}").unwrap();
        assert_eq!(old.depth, Depth::Untold);
        let new = crate::input::DataConfig {
            depth: TWELVE,
            ..Default::default()
        };
        let again = serde_json::from_str(&serde_json::to_string(&new).unwrap()).unwrap();
        assert_eq!(new, again);
    }
}
