//! Why an image file cannot be used.

use std::path::PathBuf;

use thiserror::Error;

use crate::crop::Area;
use crate::shown::shown;

/// A file and the reason why it cannot be used; displays as "PATH: reason".
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{}: {reason}", shown(path))]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with an image file.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Reason {
    /// The operating system refuses.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// A folder, pipe or device.
    #[error("is not a file")]
    NotAFile,
    /// Zero bytes.
    #[error("is empty (0 bytes)")]
    Empty,
    /// More bytes than [`super::decode::Limits`] allow.
    #[error("is too large: {bytes} bytes, at most {limit_bytes} are read")]
    TooManyBytes {
        /// Size of the file.
        bytes: u64,
        /// The limit.
        limit_bytes: u64,
    },
    /// More pixels, or more memory for them, than [`super::decode::Limits`] allow.
    #[error("is too large: {width} x {height} pixels, at most {limit_px} pixels are decoded")]
    TooManyPixels {
        /// Width in the file's header.
        width: u32,
        /// Height in the file's header.
        height: u32,
        /// The limit.
        limit_px: u64,
    },
    /// More memory than this machine has to spare.
    #[error(
        "is too large for this machine: decoded it takes {} MB, and more than a quarter of the {} MB that are \
         free is too much",
        needed_bytes.div_ceil(1_000_000), free_bytes / 1_000_000
    )]
    TooMuchMemory {
        /// Bytes of the decoded pixels.
        needed_bytes: u64,
        /// Bytes of memory that are free.
        free_bytes: u64,
    },
    /// A width or height of zero.
    #[error("has no pixels: {width} x {height}")]
    NoPixels {
        /// Width in the file's header.
        width: u32,
        /// Height in the file's header.
        height: u32,
    },
    /// Not one of the formats that are read.
    #[error("is no PNG, JPEG, BMP, TIFF or WebP image")]
    UnknownFormat,
    /// The end of the file is missing.
    #[error("is cut off: {0}")]
    Truncated(&'static str),
    /// More than one frame.
    #[error("is an animation; a still image is needed")]
    Animated,
    /// A valid file of a kind that is not read.
    #[error("is of a kind that is not read: {0}")]
    Unsupported(String),
    /// The decoder found an error.
    #[error("is damaged: {0}")]
    Damaged(String),
    /// The decoder panicked, which only malformed files make it do.
    #[error("is damaged: its decoder gave up")]
    DecoderPanicked,
    /// A floating-point image with NaN or infinite values.
    #[error("holds NaN or infinite pixel values")]
    NotFinite,
    /// A floating-point image whose values are not shares of white.
    #[error(
        "holds floating-point values from {min} to {max}, of which nothing says which one is white; from 0 to 1 \
         they are read"
    )]
    OutOfRange {
        /// The smallest value.
        min: f32,
        /// The largest value.
        max: f32,
    },
    /// Values that the images that a model was trained on do not reach.
    #[error(
        "holds values up to {largest}, and those of the images that the model was trained on end at {white}"
    )]
    BeyondWhite {
        /// The largest value.
        largest: u16,
        /// The largest one that the images have that the model was trained on.
        white: u16,
    },
    /// 16 bits of which some are not used, for a model of images of 8 bits.
    #[error(
        "has 16 bits a value and uses {used_bits} of them (up to {largest}); the model was trained on images of 8 \
         bits, which does not compare: train one on images like this"
    )]
    MoreBits {
        /// The largest value.
        largest: u16,
        /// The bits that this needs: 10, 12 or 14.
        used_bits: u8,
    },
    /// Texture mode would have to enlarge it beyond reason.
    #[error(
        "is too narrow for texture mode: {width} x {height} pixels would become {pixels} pixels"
    )]
    TooNarrow {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
        /// Pixels after resizing.
        pixels: u64,
    },
    /// Not of the size of the photographs that a crop is a part of.
    #[error(
        "has {} x {} pixels; the crop is of photographs of {} x {}, and where the part lies in others, nothing says",
        image_px.0, image_px.1, photograph_px.0, photograph_px.1
    )]
    OtherSize {
        /// Width and height of the image.
        image_px: (usize, usize),
        /// Width and height of the photographs.
        photograph_px: (usize, usize),
    },
    /// Too small for a crop.
    #[error("has {} x {} pixels; the crop {crop} reaches beyond them", image_px.0, image_px.1)]
    CropBeyond {
        /// The crop.
        crop: Area,
        /// Width and height of the image.
        image_px: (usize, usize),
    },
    /// What the normal photographs show is not in it, or not so that it could be aligned.
    #[error(
        "the part was not found in it: likeness {likeness:.2}, at least {least:.2} is needed, normal photographs \
         have {:.2} to {:.2}",
        normals.0, normals.1
    )]
    PartNotFound {
        /// How alike the most alike place is, at most 1.
        likeness: f32,
        /// How alike it must be.
        least: f32,
        /// The lowest and the highest of normal photographs.
        normals: (f32, f32),
    },
    /// A mask that may mark something, or not.
    #[error(
        "is compressed with loss, and what it marks, if anything, is too dark to be told from traces of that"
    )]
    MarksTooDark,
    /// A mask that does not belong to its image.
    #[error(
        "is a mask of {} x {} pixels for an image of {} x {}",
        mask_px.0, mask_px.1, image_px.0, image_px.1
    )]
    MaskSize {
        /// Width and height of the mask.
        mask_px: (usize, usize),
        /// Width and height of the image.
        image_px: (usize, usize),
    },
}

impl Reason {
    /// Whether wider [`super::decode::Limits`] might help.
    pub fn exceeds_limits(&self) -> bool {
        matches!(self, Self::TooManyBytes { .. } | Self::TooManyPixels { .. })
    }

    /// This reason together with the file it concerns.
    pub fn of(self, path: impl Into<PathBuf>) -> FileError {
        FileError {
            path: path.into(),
            reason: self,
        }
    }
}
