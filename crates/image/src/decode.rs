//! From the bytes of an image file to its pixels, whatever the bytes are.
//!
//! Documented choices: the content decides the format, not the file's name. 16 bit stay 16 bit.
//! Palettes become RGB, CMYK becomes RGB. A file stored as RGB stays RGB even when it looks grey,
//! except for BMP and WebP, which cannot store grey in another way.
//! Floating-point TIFF is read when it is RGB and within 0 to 1. Of a file with several pages the
//! first one is read; animated WebP is refused.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader};

use super::complete::{check_jpeg, check_webp};
use super::file_error::{FileError, Reason};
use super::guarded::guarded;

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
    /// Grey or RGB without alpha, 8 or 16 bit or floating point, upright.
    pub image: DynamicImage,
    /// The file's format.
    pub format: ImageFormat,
    /// BLAKE3 of the file.
    pub file_hash: blake3::Hash,
    /// Whether the file's orientation tag turned or mirrored the pixels.
    pub reoriented: bool,
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

fn read(path: &Path, limits: Limits) -> Result<Vec<u8>, Reason> {
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
    if bytes.is_empty() {
        return Err(Reason::Empty);
    }
    let format = match image::guess_format(bytes) {
        Ok(
            format @ (ImageFormat::Png
            | ImageFormat::Jpeg
            | ImageFormat::Bmp
            | ImageFormat::Tiff
            | ImageFormat::WebP),
        ) => format,
        _ => return Err(Reason::UnknownFormat),
    };
    match format {
        ImageFormat::Jpeg => check_jpeg(bytes)?,
        ImageFormat::WebP => check_webp(bytes)?,
        _ => {}
    }
    // Decoders are known to panic on malformed files. Nothing they touched outlives the panic.
    let (image, reoriented) =
        guarded(|| pixels(bytes, format, limits)).unwrap_or(Err(Reason::DecoderPanicked))?;
    Ok(Decoded {
        image: match format {
            ImageFormat::Bmp | ImageFormat::WebP => grey_if_equal(flatten(image, backdrop)),
            _ => finite(flatten(image, backdrop))?,
        },
        format,
        file_hash: blake3::hash(bytes),
        reoriented,
    })
}

/// The upright pixels, and whether they had to be turned.
fn pixels(
    bytes: &[u8],
    format: ImageFormat,
    limits: Limits,
) -> Result<(DynamicImage, bool), Reason> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut decoder_limits = image::Limits::no_limits();
    // TIFF and PNG need intermediate buffers as large as the picture.
    decoder_limits.max_alloc = Some(2 * limits.decoded_bytes);
    reader.limits(decoder_limits);
    let mut decoder = reader.into_decoder().map_err(reason)?;

    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Reason::NoPixels { width, height });
    }
    let pixel_bytes = u64::from(decoder.color_type().bytes_per_pixel());
    let limit_px = limits.pixels.min(limits.decoded_bytes / pixel_bytes);
    if u64::from(width) * u64::from(height) > limit_px {
        return Err(Reason::TooManyPixels {
            width,
            height,
            limit_px,
        });
    }
    // A broken orientation tag is no reason to refuse the pixels.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(reason)?;
    image.apply_orientation(orientation);
    Ok((image, orientation != Orientation::NoTransforms))
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

/// Lays pixels with alpha over the backdrop; others stay as they are.
fn flatten(image: DynamicImage, backdrop: Backdrop) -> DynamicImage {
    let (width, height) = (image.width(), image.height());
    let white = backdrop == Backdrop::White;
    let blend_u8 = |value: u8, alpha: u8| {
        let behind = if white { 255 - u32::from(alpha) } else { 0 };
        ((u32::from(value) * u32::from(alpha) + 255 * behind + 127) / 255) as u8
    };
    let blend_u16 = |value: u16, alpha: u16| {
        let behind = if white { 65_535 - u64::from(alpha) } else { 0 };
        ((u64::from(value) * u64::from(alpha) + 65_535 * behind + 32_767) / 65_535) as u16
    };
    let blend_f32 = |value: f32, alpha: f32| {
        let behind = if white { 1.0 - alpha } else { 0.0 };
        value * alpha + behind
    };
    let flat = match &image {
        DynamicImage::ImageLumaA8(pixels) => {
            ImageBuffer::from_raw(width, height, without_alpha::<_, 2>(pixels, blend_u8))
                .map(DynamicImage::ImageLuma8)
        }
        DynamicImage::ImageRgba8(pixels) => {
            ImageBuffer::from_raw(width, height, without_alpha::<_, 4>(pixels, blend_u8))
                .map(DynamicImage::ImageRgb8)
        }
        DynamicImage::ImageLumaA16(pixels) => {
            ImageBuffer::from_raw(width, height, without_alpha::<_, 2>(pixels, blend_u16))
                .map(DynamicImage::ImageLuma16)
        }
        DynamicImage::ImageRgba16(pixels) => {
            ImageBuffer::from_raw(width, height, without_alpha::<_, 4>(pixels, blend_u16))
                .map(DynamicImage::ImageRgb16)
        }
        DynamicImage::ImageRgba32F(pixels) => {
            ImageBuffer::from_raw(width, height, without_alpha::<_, 4>(pixels, blend_f32))
                .map(DynamicImage::ImageRgb32F)
        }
        _ => return image,
    };
    flat.expect("one value less a pixel fills the same width and height")
}

/// `N` interleaved values a pixel, the last one alpha, become `N - 1`.
fn without_alpha<T: Copy, const N: usize>(values: &[T], blend: impl Fn(T, T) -> T) -> Vec<T> {
    let mut flat = Vec::with_capacity(values.len() / N * (N - 1));
    for pixel in values.as_chunks::<N>().0 {
        for &value in &pixel[..N - 1] {
            flat.push(blend(value, pixel[N - 1]));
        }
    }
    flat
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

/// Passes integer images; checks floating-point ones and clamps them to `0.0..=1.0`.
fn finite(mut image: DynamicImage) -> Result<DynamicImage, Reason> {
    // Sharpening and resampling overshoot a little; anything more is another unit.
    const OVERSHOOT: f32 = 0.05;
    if let DynamicImage::ImageRgb32F(pixels) = &mut image {
        if pixels.iter().any(|value| !value.is_finite()) {
            return Err(Reason::NotFinite);
        }
        let min = pixels.iter().copied().fold(f32::INFINITY, f32::min);
        let max = pixels.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if min < -OVERSHOOT || max > 1.0 + OVERSHOOT {
            return Err(Reason::OutOfRange { min, max });
        }
        for value in pixels.iter_mut() {
            *value = value.clamp(0.0, 1.0);
        }
    }
    Ok(image)
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
