//! From the bytes of an image file to its pixels, whatever the bytes are.
//!
//! Documented choices: the content decides the format, not the file's name. 16 bit stay 16 bit; which value of
//! them is white is not decided here (see [`super::depth`]). Palettes become RGB, CMYK becomes RGB. A file
//! stored as RGB stays RGB even when it looks grey, except for BMP and WebP, which cannot store grey in
//! another way. Floating-point TIFF is read when it is within 0 to 1, and becomes 16 bit. Of a file with
//! several pages the first one is read that is not a smaller version of another; animated WebP is refused.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader};

use super::alpha::{flatten, is_invisible, marks, without_alpha};
use super::bmp_data;
use super::complete::{check_png, check_webp, check_webp_data, webp_for_decoder};
use super::exif::{exif_orientation, png_extras, webp_orientation};
use super::file_error::{FileError, Reason};
use super::guarded::guarded;
use super::jpeg;
use super::lossy::is_lossy;
use super::memory;
use super::png_data;
use super::remark::Remark;
use super::tiff_file;

/// What a file may cost. Checked before its pixels are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file.
    pub file_bytes: u64,
    /// Width times height.
    pub pixels: u64,
    /// Size of the decoded pixels.
    pub decoded_bytes: u64,
}

impl Limits {
    /// Beyond these a file is refused.
    pub const HARD: Self = Self {
        file_bytes: 512_000_000,
        pixels: 200_000_000,
        // 200 million pixels of 16-bit RGB with alpha.
        decoded_bytes: 1_600_000_000,
    };

    /// Beyond these a file is decoded alone, so that many threads together stay within bounds.
    pub const PARALLEL: Self = Self {
        file_bytes: 64_000_000,
        pixels: 200_000_000,
        decoded_bytes: 128_000_000,
    };
}

/// What shows through transparent pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backdrop {
    /// For photographs.
    White,
    /// For masks, where black means "nothing here".
    Black,
}

/// A decoded file.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Grey or RGB without alpha, 8 or 16 bit, upright.
    pub image: DynamicImage,
    /// The file's format.
    pub format: ImageFormat,
    /// Whether the pixels were compressed with loss: values are near those that were meant.
    pub lossy: bool,
    /// BLAKE3 of the file.
    pub file_hash: blake3::Hash,
    /// Bits of each value in the file.
    pub bits: u8,
    /// The largest value where the file has 16 bits a value, of which fewer may be used. `None` where white is
    /// known to be the largest value of the image.
    pub largest: Option<u16>,
    /// What is odd about the file.
    pub remarks: Vec<Remark>,
}

/// Reads and decodes an image file.
///
/// # Errors
/// [`FileError`] with the reason: unreadable, of no known format, truncated, damaged, beyond
/// `limits`, not finite.
pub fn decode(path: &Path, limits: Limits, backdrop: Backdrop) -> Result<Decoded, FileError> {
    read(path, limits)
        .and_then(|bytes| decode_bytes(&bytes, limits, backdrop))
        .map_err(|reason| reason.of(path))
}

/// The bytes of a file.
///
/// # Errors
/// As [`decode`], but for what the bytes are.
pub(super) fn read(path: &Path, limits: Limits) -> Result<Vec<u8>, Reason> {
    let unreadable = |error: std::io::Error| Reason::Unreadable(error.to_string());
    // Asked before opening: opening a pipe would wait for a writer.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    let too_many_bytes = |bytes| Reason::TooManyBytes {
        bytes,
        limit_bytes: limits.file_bytes,
    };
    if !metadata.is_file() {
        return Err(Reason::NotAFile);
    }
    if metadata.len() > limits.file_bytes {
        return Err(too_many_bytes(metadata.len()));
    }
    // The kernel's own files say that they are empty, and some make a reader wait.
    if metadata.len() == 0 {
        return Err(Reason::Empty);
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    File::open(path)
        .and_then(|file| file.take(limits.file_bytes + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > limits.file_bytes {
        return Err(too_many_bytes(bytes.len() as u64));
    }
    Ok(bytes)
}

/// Decodes the bytes of an image file.
///
/// # Errors
/// As [`decode`].
pub fn decode_bytes(bytes: &[u8], limits: Limits, backdrop: Backdrop) -> Result<Decoded, Reason> {
    decode_page(bytes, None, limits, backdrop)
}

/// Decodes a page of a TIFF file, counted from 1; without a number the picture of any file.
///
/// # Errors
/// As [`decode`].
pub(super) fn decode_page(
    bytes: &[u8],
    page: Option<usize>,
    limits: Limits,
    backdrop: Backdrop,
) -> Result<Decoded, Reason> {
    if bytes.is_empty() {
        return Err(Reason::Empty);
    }
    let format = format_of(bytes).ok_or(Reason::UnknownFormat)?;
    match format {
        ImageFormat::Png => check_png(bytes)?,
        ImageFormat::WebP => check_webp(bytes)?,
        _ => {}
    }
    // Decoders are known to panic on malformed files. Nothing they touched outlives the panic.
    let stored = guarded(|| match format {
        ImageFormat::Tiff => tiff(bytes, page, limits),
        ImageFormat::Jpeg => jpeg(bytes, limits),
        _ => stored(bytes, format, limits),
    });
    let mut stored = stored.unwrap_or(Err(Reason::DecoderPanicked))?;
    // A BMP with alpha that is 0 everywhere is shown as transparent by no viewer.
    let is_photograph = backdrop == Backdrop::White || format == ImageFormat::Bmp;
    let (mut image, is_ignored) = match is_photograph && is_invisible(&stored.image) {
        true => (without_alpha(stored.image), true),
        false if backdrop == Backdrop::Black => marks(stored.image, stored.is_multiplied),
        false => (flatten(stored.image, backdrop, stored.is_multiplied), false),
    };
    stored
        .remarks
        .extend(is_ignored.then_some(Remark::AlphaIgnored));
    if matches!(format, ImageFormat::Bmp | ImageFormat::WebP) {
        image = grey_if_equal(image);
    }
    if stored.orientation != Orientation::NoTransforms {
        image.apply_orientation(stored.orientation);
        stored.remarks.push(Remark::Reoriented);
    }
    let largest = match &image {
        DynamicImage::ImageLuma16(pixels) => pixels.iter().copied().max(),
        DynamicImage::ImageRgb16(pixels) => pixels.iter().copied().max(),
        _ => None,
    };
    Ok(Decoded {
        image,
        format,
        lossy: is_lossy(bytes, format),
        file_hash: blake3::hash(bytes),
        bits: stored.bits,
        largest: largest.filter(|_| stored.bits == 16),
        remarks: stored.remarks,
    })
}

/// The format that the first bytes of a file are of, where it is one that is read.
pub(super) fn format_of(head: &[u8]) -> Option<ImageFormat> {
    if head.starts_with(b"II\x2b\0") || head.starts_with(b"MM\0\x2b") {
        // BigTIFF.
        return Some(ImageFormat::Tiff);
    }
    let format = image::guess_format(head).ok()?;
    let is_read = matches!(
        format,
        ImageFormat::Png
            | ImageFormat::Jpeg
            | ImageFormat::Bmp
            | ImageFormat::Tiff
            | ImageFormat::WebP
    );
    is_read.then_some(format)
}

/// An image as it lies in its file.
struct Stored {
    /// With alpha where there is any.
    image: DynamicImage,
    /// Whether its colours are multiplied by alpha already.
    is_multiplied: bool,
    orientation: Orientation,
    /// Of each value.
    bits: u8,
    remarks: Vec<Remark>,
}

impl Limits {
    /// Whether an image of this size may be decoded, on this machine as it is now.
    fn check(&self, width: u32, height: u32, pixel_bytes: u64) -> Result<(), Reason> {
        if width == 0 || height == 0 {
            return Err(Reason::NoPixels { width, height });
        }
        let limit_px = self.pixels.min(self.decoded_bytes / pixel_bytes);
        let pixels = u64::from(width) * u64::from(height);
        if pixels > limit_px {
            return Err(Reason::TooManyPixels {
                width,
                height,
                limit_px,
            });
        }
        check_memory(pixels * pixel_bytes)
    }
}

/// Whether so many bytes may be taken, on this machine as it is now.
fn check_memory(needed_bytes: u64) -> Result<(), Reason> {
    let free_bytes = memory::free_bytes();
    match memory::fits(needed_bytes, free_bytes) {
        true => Ok(()),
        false => Err(Reason::TooMuchMemory {
            needed_bytes,
            free_bytes: free_bytes.unwrap_or(0),
        }),
    }
}

fn tiff(bytes: &[u8], page: Option<usize>, limits: Limits) -> Result<Stored, Reason> {
    let fits = |width, height, pixel_bytes| limits.check(width, height, pixel_bytes);
    let read = tiff_file::read(bytes, page, fits)?;
    let (page, pages, channels) = (read.page, read.pages, read.unread_channels);
    let remarks = [
        (pages > 1).then_some(Remark::SeveralPages { page, pages }),
        (channels > 0).then_some(Remark::ChannelsIgnored { channels }),
        read.holds_more.then_some(Remark::DataLeftOver),
        read.lacks_lengths.then_some(Remark::LengthsMissing),
        read.range
            .map(|(min, max)| Remark::FloatingPoint { min, max }),
    ];
    Ok(Stored {
        image: read.image,
        is_multiplied: read.is_multiplied,
        orientation: Orientation::from_exif(read.orientation).unwrap_or(Orientation::NoTransforms),
        bits: read.bits,
        remarks: remarks.into_iter().flatten().collect(),
    })
}

fn jpeg(bytes: &[u8], limits: Limits) -> Result<Stored, Reason> {
    let jpeg = jpeg::read(bytes, |width, height, working_bytes| {
        // As RGB; what its coefficients take while it is decoded is another matter.
        limits.check(width, height, 3)?;
        check_memory(u64::from(width) * u64::from(height) * working_bytes)
    })?;
    let unknown = jpeg.unknown_revision;
    let unknown = unknown.map(|(major, minor)| Remark::UnknownRevision { major, minor });
    // A broken orientation tag is no reason to refuse the pixels.
    let orientation = jpeg.exif.as_deref().map(exif_orientation);
    Ok(Stored {
        image: jpeg.picture(),
        is_multiplied: false,
        orientation: orientation.unwrap_or(Orientation::NoTransforms),
        bits: 8,
        remarks: unknown.into_iter().collect(),
    })
}

fn stored(bytes: &[u8], format: ImageFormat, limits: Limits) -> Result<Stored, Reason> {
    let sound = match format {
        ImageFormat::WebP => webp_for_decoder(bytes),
        _ => bytes.into(),
    };
    let mut reader = ImageReader::with_format(Cursor::new(&*sound), format);
    let mut decoder_limits = image::Limits::no_limits();
    // PNG needs intermediate buffers as large as the picture.
    decoder_limits.max_alloc = Some(2 * limits.decoded_bytes);
    reader.limits(decoder_limits);
    let mut decoder = reader.into_decoder().map_err(reason)?;
    let (width, height) = decoder.dimensions();
    let colour = decoder.color_type();
    limits.check(width, height, u64::from(colour.bytes_per_pixel()))?;
    let mut remarks = Vec::new();
    let orientation = match format {
        ImageFormat::Png => {
            let extras = png_extras(Cursor::new(bytes));
            remarks.extend(extras.is_animated.then_some(Remark::Animated));
            extras.orientation
        }
        ImageFormat::WebP => webp_orientation(Cursor::new(bytes)),
        _ => decoder.orientation().unwrap_or(Orientation::NoTransforms),
    };
    let mut image = DynamicImage::from_decoder(decoder).map_err(reason)?;
    match format {
        ImageFormat::WebP => check_webp_data(bytes, &image)?,
        ImageFormat::Png => remarks.extend(png_data::look(bytes)?),
        ImageFormat::Bmp => remarks.extend(bmp_data::look(bytes, &mut image)?),
        _ => {}
    }
    Ok(Stored {
        image,
        is_multiplied: false,
        orientation,
        bits: (8 * colour.bytes_per_pixel() / colour.channel_count()),
        remarks,
    })
}

fn reason(error: ImageError) -> Reason {
    match error {
        ImageError::Unsupported(error) => Reason::Unsupported(error.to_string()),
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Reason::Truncated("pixels are missing")
        }
        error => Reason::Damaged(error.to_string()),
    }
}

/// An 8-bit RGB image whose three channels are equal everywhere becomes grey.
fn grey_if_equal(image: DynamicImage) -> DynamicImage {
    let DynamicImage::ImageRgb8(pixels) = &image else {
        return image;
    };
    let equal = |pixel: &[u8; 3]| pixel[0] == pixel[1] && pixel[1] == pixel[2];
    if pixels.as_chunks::<3>().0.iter().all(equal) {
        // Not `to_luma8`: its weights may round.
        let first = pixels.iter().copied().step_by(3).collect();
        return ImageBuffer::from_raw(image.width(), image.height(), first)
            .map(DynamicImage::ImageLuma8)
            .expect("one value of each pixel fills the same width and height");
    }
    image
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
