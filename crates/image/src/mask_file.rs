//! Which pixels a mask file marks.

use std::path::Path;

use image::DynamicImage;

use super::compact::Sample;
use super::decode::{Backdrop, Decoded, Limits, decode_bytes, decode_page, read};
use super::file_error::{FileError, Reason};
use super::guarded::guarded;
use super::remark::Remark;
use super::tiff_file;

/// Pages that a mask may have: a stack of more is no mask.
const PAGES_MAX: usize = 100;

/// How much brighter than black a pixel may be that is not marked, of files that are compressed with loss. JPEG
/// rings around the edges of marks: where they are white, at quality 75 nothing beside them is brighter than this,
/// at 30 an area of a tenth of theirs. It is far less than any mark that a person sees.
const RINGING: f32 = 32.0 / 255.0;

/// A file of which no pixel is brighter is black, though compression left traces in it.
const TRACES: f32 = 8.0 / 255.0;

/// What a mask file marks.
pub(crate) struct MaskPicture {
    /// Width and height.
    pub size_px: (usize, usize),
    /// Which pixels are defective, row after row.
    pub defective: Vec<bool>,
}

/// Reads a mask file: its picture, and what those pages of a TIFF file mark that are as large.
///
/// # Errors
/// Those of [`super::decode::decode`], those of [`defective_pixels`], and a TIFF file with very many pages.
pub(crate) fn picture(path: &Path, limits: Limits) -> Result<MaskPicture, FileError> {
    let picture = || {
        let bytes = read(path, limits)?;
        let first = decode_bytes(&bytes, limits, Backdrop::Black)?;
        let size_px = (first.image.width(), first.image.height());
        let mut picture = MaskPicture::of(&first)?;
        let page = first.remarks.iter().find_map(|remark| match remark {
            Remark::SeveralPages { page, .. } => Some(*page),
            _ => None,
        });
        drop(first);
        if let Some(read) = page {
            let pages = guarded(|| tiff_file::pictures(&bytes));
            let pages = pages.unwrap_or(Err(Reason::DecoderPanicked))?;
            if pages.len() > PAGES_MAX {
                let count = pages.len();
                return Err(Reason::Unsupported(format!("a mask of {count} pages")));
            }
            for page in pages.into_iter().filter(|page| *page != read) {
                let next = decode_page(&bytes, Some(page), limits, Backdrop::Black)?;
                if (next.image.width(), next.image.height()) == size_px {
                    // One after the other: all of very many pages would not fit into memory.
                    let marks = defective_pixels(&next)?;
                    for (defective, marked) in picture.defective.iter_mut().zip(marks) {
                        *defective |= marked;
                    }
                }
            }
        }
        Ok(picture)
    };
    picture().map_err(|reason: Reason| reason.of(path))
}

impl MaskPicture {
    /// What is marked in a file that was decoded over black.
    ///
    /// # Errors
    /// As [`defective_pixels`].
    pub fn of(decoded: &Decoded) -> Result<Self, Reason> {
        let size_px = (
            decoded.image.width() as usize,
            decoded.image.height() as usize,
        );
        Ok(Self {
            size_px,
            defective: defective_pixels(decoded)?,
        })
    }
}

/// Which pixels are defective, row after row: those that are not black, in files that are compressed with loss
/// those that are clearly not.
///
/// # Errors
/// [`Reason::MarksTooDark`] where loss leaves it open.
fn defective_pixels(decoded: &Decoded) -> Result<Vec<bool>, Reason> {
    if !decoded.lossy {
        return Ok(above(&decoded.image, 0.0));
    }
    let marked = above(&decoded.image, RINGING);
    match marked.contains(&true) || !above(&decoded.image, TRACES).contains(&true) {
        true => Ok(marked),
        false => Err(Reason::MarksTooDark),
    }
}

/// Which pixels have a channel above a value.
fn above(image: &DynamicImage, value: f32) -> Vec<bool> {
    match image {
        DynamicImage::ImageLuma8(image) => brighter::<u8, 1>(image, value),
        DynamicImage::ImageRgb8(image) => brighter::<u8, 3>(image, value),
        DynamicImage::ImageLuma16(image) => brighter::<u16, 1>(image, value),
        DynamicImage::ImageRgb16(image) => brighter::<u16, 3>(image, value),
        other => brighter::<f32, 3>(&other.to_rgb32f(), value),
    }
}

/// Which pixels of `N` channels have one above a value.
fn brighter<T: Sample, const N: usize>(values: &[T], above: f32) -> Vec<bool> {
    let pixels = values.as_chunks::<N>().0.iter();
    let is_defective = |pixel: &[T; N]| pixel.iter().any(|value| value.to_unit() > above);
    pixels.map(is_defective).collect()
}
