//! A look into files, before they are needed: whether they are masks, and mark anything.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use image::DynamicImage;

use super::decode::{Backdrop, Limits, decode};
use super::file_error::FileError;
use super::mask_file;
use super::mask_source::MaskSource;

/// A picture with more colours than this is no mask, unless it is compressed with loss: masks have one colour
/// for each kind of defect.
const COLOURS_MAX: usize = 16;

/// The share of a mask that is background at least: black, or white where it is inverted.
const GROUND_MIN: f64 = 0.3;

/// The share of a mask that has no colour of its own at most where compression blurs its edges, and where somebody
/// did.
const BLURRED_BY_LOSS: f64 = 0.1;
const BLURRED: f64 = 0.2;

/// What a picture looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// A mask: of few colours.
    Mask,
    /// Mostly of few colours: a mask with soft edges, or a photograph on plain ground.
    Unclear,
    /// A photograph: of many colours.
    Photograph,
}

/// Whether a mask marks anything at all: one that does not says that its image is normal.
///
/// # Errors
/// Those of [`super::mask::load_mask`] but for the size.
pub fn marks_anything(mask: &MaskSource, limits: Limits) -> Result<bool, FileError> {
    match mask {
        MaskSource::Files(files) => {
            for file in files {
                let picture = mask_file::picture(file, limits)?;
                if picture.defective.contains(&true) {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        MaskSource::Outlines(outlines) => Ok(!outlines.shapes.is_empty()),
        MaskSource::Drawn(drawn) => Ok(!drawn.marks(limits)?.is_empty()),
    }
}

/// What a file looks like.
///
/// # Errors
/// Those of [`decode`].
pub fn look(file: &Path, limits: Limits) -> Result<Look, FileError> {
    let decoded = decode(file, limits, Backdrop::Black)?;
    let colour_bytes = usize::from(decoded.image.color().bytes_per_pixel());
    let mut colours = HashSet::new();
    let has_few_colours = decoded
        .image
        .as_bytes()
        .chunks_exact(colour_bytes)
        .all(|colour| {
            colours.insert(colour);
            colours.len() <= COLOURS_MAX
        });
    if has_few_colours && !decoded.lossy {
        return Ok(Look::Mask);
    }
    let (ground, blurred) = shares(&decoded.image);
    Ok(match blurred {
        _ if ground < GROUND_MIN => Look::Photograph,
        _ if decoded.lossy && blurred <= BLURRED_BY_LOSS => Look::Mask,
        _ if blurred <= BLURRED => Look::Unclear,
        _ => Look::Photograph,
    })
}

/// The share of a picture that is black or white, whichever is more, and the share that is neither that nor near
/// the most frequent of the other values. Colours count by their strongest channel; of 16 bits all may be used or
/// a few, so that white is their largest value, and no ground.
fn shares(image: &DynamicImage) -> (f64, f64) {
    /// Values that are black at most, and how near others are to each other.
    const NEAR: usize = 16;
    let channels = usize::from(image.color().channel_count());
    let is_deep = usize::from(image.color().bytes_per_pixel()) > channels;
    let values: Vec<u16> = match is_deep {
        false => strongest(image.as_bytes(), channels),
        true => strongest(image.to_rgb16().as_raw(), 3),
    };
    let white = match is_deep {
        false => 255,
        true => values.iter().copied().max().unwrap_or(0).max(1),
    };
    let mut counts = [0_u64; 256];
    for value in &values {
        counts[usize::from(*value) * 255 / usize::from(white)] += 1;
    }
    let count = |range: Range<usize>| counts[range].iter().sum::<u64>();
    let (near_black, near_white) = (0..NEAR, 256 - NEAR..256);
    let ground = match is_deep || count(near_black.clone()) >= count(near_white.clone()) {
        true => near_black,
        false => near_white,
    };
    let on_ground = count(ground.clone());
    counts[ground].fill(0);
    let level = counts.windows(2 * NEAR).map(|window| window.iter().sum());
    let on_level: u64 = level.max().unwrap_or(0);
    let all = values.len().max(1) as u64;
    let share = |count: u64| count as f64 / all as f64;
    (share(on_ground), share(all - on_ground - on_level))
}

/// The largest of so many values of each pixel.
fn strongest<T: Copy + Into<u16>>(values: &[T], channels: usize) -> Vec<u16> {
    let pixels = values.chunks_exact(channels);
    let largest = |pixel: &[T]| pixel.iter().map(|value| (*value).into()).max();
    pixels.filter_map(largest).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, ImageBuffer, Luma};

    use super::*;

    #[test]
    fn a_picture_is_a_mask_by_its_colours() {
        let folder = tempfile::tempdir().unwrap();
        let looks = |name: &str, value: fn(u32, u32) -> u8| {
            let path = folder.path().join(name);
            let image = GrayImage::from_fn(64, 64, |x, y| Luma([value(x, y)]));
            image.save(&path).unwrap();
            look(&path, Limits::HARD).ok()
        };
        let (mask, unclear, photograph) = (
            Some(Look::Mask),
            Some(Look::Unclear),
            Some(Look::Photograph),
        );
        assert_eq!(looks("black.png", |_, _| 0), mask);
        assert_eq!(looks("corner.png", |x, y| 255 * u8::from(x + y < 9)), mask);
        assert_eq!(looks("corner.jpg", |x, y| 255 * u8::from(x + y < 9)), mask);
        assert_eq!(looks("class.jpg", |x, y| 60 * u8::from(x + y < 60)), mask);
        assert_eq!(looks("all.png", |x, y| (7 * x + y) as u8), photograph);
        assert_eq!(looks("all.jpg", |x, y| (7 * x + y) as u8), photograph);
        assert_eq!(
            looks("even.jpg", |x, y| (120 + (x * y) % 9) as u8),
            photograph
        );
        let soft = |x: u32, y: u32| {
            let far = x.abs_diff(30).pow(2) + y.abs_diff(30).pow(2);
            (325 - far.clamp(70, 325)) as u8
        };
        assert_eq!(looks("soft.png", soft), unclear);
        assert!(look(&folder.path().join("gone.png"), Limits::HARD).is_err());
        // Few of its 16 bits are used.
        let deep: ImageBuffer<Luma<u16>, Vec<u16>> =
            ImageBuffer::from_fn(64, 64, |x, y| Luma([(60 * x + y) as u16]));
        let path = folder.path().join("deep.png");
        deep.save(&path).unwrap();
        assert_eq!(look(&path, Limits::HARD).ok(), photograph);
    }

    #[test]
    fn black_masks_mark_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let save = |name: &str, value: fn(u32, u32) -> u8| {
            let path = folder.path().join(name);
            let image = GrayImage::from_fn(32, 32, |x, y| Luma([value(x, y)]));
            image.save(&path).unwrap();
            path
        };
        let marks = |mask: MaskSource| marks_anything(&mask, Limits::HARD);
        let black = save("black.png", |_, _| 0);
        let corner = save("corner.png", |x, y| 255 * u8::from(x + y < 9));
        assert!(!marks(black.clone().into()).unwrap());
        assert!(marks(corner.clone().into()).unwrap());
        assert!(marks(MaskSource::Files(vec![black, corner])).unwrap());
        let dark = save("dark.jpg", |x, y| 20 * u8::from(x + y < 9));
        assert!(marks(dark.into()).is_err());
        assert!(marks(folder.path().join("gone.png").into()).is_err());
    }

    #[test]
    fn a_mask_beyond_limits_is_not_decoded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mask.png");
        GrayImage::new(32, 32).save(&path).unwrap();
        let limits = Limits {
            pixels: 1000,
            ..Limits::PARALLEL
        };
        let error = marks_anything(&path.into(), limits).unwrap_err();
        assert!(error.reason.exceeds_limits(), "{error}");
    }
}
