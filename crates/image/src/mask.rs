//! Ground-truth masks, at the network's resolution or at their own.

use std::path::Path;

use image::{DynamicImage, ImageFormat};

use super::compact::{Sample, pad};
use super::decode::{Backdrop, Decoded, Limits, decode};
use super::file_error::{FileError, Reason};
use super::mask_regions::MaskRegions;
use super::mask_source::MaskSource;
use super::picture::Picture;
use super::placement::Placement;

/// Integer masks whose largest value is at most this hold labels (0, 1, 2, ...), not shades.
const LARGEST_LABEL: f32 = 32.0;

/// Reads the mask of an image that was placed by `placement`: one channel of the canvas' size,
/// 1 for defective, 0 for not.
///
/// What counts as defective in the file: with labels, everything but 0; with shades, what is
/// brighter than half of the brightest pixel; in a JPEG, whose blacks are noisy, what is brighter
/// than half of white. A coloured mask counts by its strongest channel, transparent is not
/// defective. A pixel of the result is defective when at least half of its area is; should that
/// leave nothing, the pixel with the largest share stands for the defect.
///
/// # Errors
/// Those of [`decode`], and [`Reason::MaskSize`] when the mask is not as large as its image.
pub fn load_mask(mask: &MaskSource, placement: &Placement) -> Result<Picture, FileError> {
    // Rounding must not turn an exact half into less.
    load_covered(mask, placement, |largest| largest.min(0.5 - 1e-4))
}

/// Reads a hole, given as a mask, of an image that was placed by `placement`: as [`load_mask`], but
/// every pixel with a part in it belongs to it, so that nothing of what it covers shines through.
///
/// # Errors
/// As [`load_mask`].
pub fn load_hole(mask: &MaskSource, placement: &Placement) -> Result<Picture, FileError> {
    load_covered(mask, placement, |_| 1e-4)
}

/// 1 where more than nothing and at least the `needed` share of a canvas pixel is marked; `needed` is
/// told the largest share.
fn load_covered(
    mask: &MaskSource,
    placement: &Placement,
    needed: impl Fn(f32) -> f32,
) -> Result<Picture, FileError> {
    let image_px = placement.source_px;
    let mut marked = vec![false; image_px.0 * image_px.1];
    for_each_layer(mask, image_px, |layer| {
        for (marked, layer) in marked.iter_mut().zip(layer) {
            *marked |= layer;
        }
    })?;
    let mut share = coverage(&marked, image_px, (placement.width, placement.height));
    let needed = needed(share.iter().copied().fold(0.0, f32::max));
    for value in &mut share {
        *value = f32::from(u8::from(*value > 0.0 && *value >= needed));
    }
    let (width, height) = placement.canvas_px;
    Ok(Picture::new(1, height, width, pad(&share, 1, placement)))
}

/// Reads the mask of an image of `image_px` (width, height) as it is, without resizing it. What is
/// defective is as in [`load_mask`]; the regions of each file stay regions of their own.
///
/// # Errors
/// As [`load_mask`].
pub fn load_mask_regions(
    mask: &MaskSource,
    image_px: (usize, usize),
) -> Result<MaskRegions, FileError> {
    let mut regions = MaskRegions::new(image_px.0, &vec![false; image_px.0 * image_px.1]);
    for_each_layer(mask, image_px, |layer| {
        regions.add(MaskRegions::new(image_px.0, &layer));
    })?;
    Ok(regions)
}

/// Gives the defective pixels of each part of a mask, row after row, one part after the other.
fn for_each_layer(
    mask: &MaskSource,
    image_px: (usize, usize),
    mut each: impl FnMut(Vec<bool>),
) -> Result<(), FileError> {
    match mask {
        MaskSource::Files(files) => {
            for file in files {
                each(read(file, image_px)?);
            }
        }
    }
    Ok(())
}

/// Which pixels of a mask file are defective, row after row.
fn read(path: &Path, image_px: (usize, usize)) -> Result<Vec<bool>, FileError> {
    let decoded = decode(path, Limits::HARD, Backdrop::Black)?;
    let mask_px = (
        decoded.image.width() as usize,
        decoded.image.height() as usize,
    );
    if mask_px != image_px {
        return Err(Reason::MaskSize { mask_px, image_px }.of(path));
    }
    Ok(defective_pixels(&decoded))
}

pub(super) fn defective_pixels(decoded: &Decoded) -> Vec<bool> {
    let lossy = decoded.format == ImageFormat::Jpeg;
    match &decoded.image {
        DynamicImage::ImageLuma8(image) => bright::<u8, 1>(image, 255.0, lossy),
        DynamicImage::ImageRgb8(image) => bright::<u8, 3>(image, 255.0, lossy),
        DynamicImage::ImageLuma16(image) => bright::<u16, 1>(image, 65_535.0, lossy),
        DynamicImage::ImageRgb16(image) => bright::<u16, 3>(image, 65_535.0, lossy),
        other => bright::<f32, 3>(&other.to_rgb32f(), 1.0, lossy),
    }
}

/// Which pixels of `N` channels count as defective.
fn bright<T: Sample, const N: usize>(values: &[T], white: f32, lossy: bool) -> Vec<bool> {
    let pixels = values.as_chunks::<N>().0;
    let shade = |pixel: &[T; N]| {
        pixel
            .iter()
            .map(|value| value.to_unit())
            .fold(0.0, f32::max)
    };
    let largest = pixels.iter().map(shade).fold(0.0, f32::max);
    let threshold = if lossy {
        0.5
    } else if white > 1.0 && (largest * white).round() <= LARGEST_LABEL {
        0.0
    } else {
        largest / 2.0
    };
    pixels
        .iter()
        .map(|pixel| shade(pixel) > threshold)
        .collect()
}

/// The defective share of each target pixel's area, row after row; sizes are (width, height).
fn coverage(defective: &[bool], from: (usize, usize), to: (usize, usize)) -> Vec<f32> {
    let columns = overlaps(from.0, to.0);
    let rows = overlaps(from.1, to.1);
    let mut shares = vec![0.0; to.0 * to.1];
    let mut row_shares = vec![0.0; to.0];
    let mut summed_row = None;
    for &(source_y, target_y, height) in &rows {
        // Enlarging meets the same source row many times.
        if summed_row != Some(source_y) {
            let row = &defective[source_y * from.0..(source_y + 1) * from.0];
            row_shares.fill(0.0);
            for &(source_x, target_x, width) in &columns {
                if row[source_x] {
                    row_shares[target_x] += width;
                }
            }
            summed_row = Some(source_y);
        }
        let target = &mut shares[target_y * to.0..(target_y + 1) * to.0];
        for (share, row_share) in target.iter_mut().zip(&row_shares) {
            *share += height * row_share;
        }
    }
    shares
}

/// Every pair of a source and a target cell that overlap when `from` cells are laid over `to`
/// cells, with the overlap as a share of the target cell.
fn overlaps(from: usize, to: usize) -> Vec<(usize, usize, f32)> {
    // In units of 1 / (from * to) of the whole length everything is an integer.
    let mut pairs = Vec::with_capacity(from + to);
    let (mut source, mut target, mut at) = (0, 0, 0);
    while source < from && target < to {
        let end = ((source + 1) * to).min((target + 1) * from);
        pairs.push((source, target, (end - at) as f32 / from as f32));
        at = end;
        if end == (source + 1) * to {
            source += 1;
        }
        if end == (target + 1) * from {
            target += 1;
        }
    }
    pairs
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, ImageBuffer, Luma, Rgba, RgbaImage};

    use super::*;
    use crate::input::{Aspect, DataConfig};

    fn placement(source_px: (usize, usize), size_px: usize, aspect: Aspect) -> Placement {
        let config = DataConfig {
            size_px,
            aspect,
            ..DataConfig::default()
        };
        Placement::new(source_px, &config).unwrap()
    }

    fn load(image: impl Into<DynamicImage>, name: &str, size_px: usize) -> Picture {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        let image = image.into();
        image.save(&path).unwrap();
        let source_px = (image.width() as usize, image.height() as usize);
        load_mask(
            &path.into(),
            &placement(source_px, size_px, Aspect::Stretch),
        )
        .unwrap()
    }

    fn quarter(value: u8) -> GrayImage {
        GrayImage::from_fn(64, 64, |x, y| {
            Luma([if x < 32 && y < 32 { value } else { 0 }])
        })
    }

    #[test]
    fn shades_labels_and_depths_mean_the_same() {
        let expected = Picture::from_fn(1, 16, 16, |_, y, x| f32::from(x < 8 && y < 8));
        for value in [255, 128, 100, 1, 2] {
            assert_eq!(load(quarter(value), "mask.png", 16), expected, "{value}");
        }
        for value in [65_535, 255, 1] {
            let deep: ImageBuffer<Luma<u16>, Vec<u16>> = ImageBuffer::from_fn(64, 64, |x, y| {
                Luma([if x < 32 && y < 32 { value } else { 0 }])
            });
            assert_eq!(load(deep, "mask.png", 16), expected, "{value}");
        }
        assert_eq!(load(quarter(255), "mask.jpg", 16), expected);
        let red = RgbaImage::from_fn(64, 64, |x, y| {
            let inside = x < 32 && y < 32;
            Rgba([255, 0, 0, if inside { 255 } else { 0 }])
        });
        assert_eq!(load(red, "mask.png", 16), expected);
    }

    #[test]
    fn a_black_mask_is_empty() {
        assert_eq!(load(quarter(0), "mask.png", 16).max(), 0.0);
        assert_eq!(load(quarter(20), "noise.jpg", 16).max(), 0.0);
    }

    #[test]
    fn a_single_pixel_never_vanishes() {
        let mut image = GrayImage::new(1000, 900);
        image.put_pixel(501, 20, Luma([255]));
        let mask = load(image, "mask.png", 16);
        assert_eq!(mask.pixels.iter().sum::<f32>(), 1.0);
        assert_eq!(mask.at(0, 0, 8), 1.0);
    }

    #[test]
    fn half_covered_counts_less_does_not() {
        // Target pixels are 3 x 3; columns 0 and 1 of the first are two thirds of it.
        let thirds =
            |columns| GrayImage::from_fn(48, 48, |x, _| Luma([255 * u8::from(x < columns)]));
        assert_eq!(
            load(thirds(3 + 2), "mask.png", 16).pixels[..3],
            [1.0, 1.0, 0.0]
        );
        assert_eq!(
            load(thirds(3 + 1), "mask.png", 16).pixels[..3],
            [1.0, 0.0, 0.0]
        );
    }

    #[test]
    fn letterbox_moves_the_mask_with_its_image() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mask.png");
        GrayImage::from_pixel(20, 10, Luma([255]))
            .save(&path)
            .unwrap();
        let placed = placement((20, 10), 16, Aspect::Letterbox);
        assert_eq!(load_mask(&path.into(), &placed).unwrap(), placed.validity());
    }

    #[test]
    fn at_its_own_size_no_pixel_is_lost_or_gained() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mask.png");
        let mut image = GrayImage::new(1000, 900);
        for (x, y) in [(0, 0), (501, 20), (502, 21), (999, 899)] {
            image.put_pixel(x, y, Luma([255]));
        }
        image.save(&path).unwrap();
        let source = path.into();
        let mask = load_mask_regions(&source, (1000, 900)).unwrap();
        assert_eq!(mask.size_px(), (1000, 900));
        assert_eq!(mask.areas(|_, _| true), [1, 2, 1]);
        assert!(load_mask_regions(&source, (900, 1000)).is_err());
    }

    #[test]
    fn several_files_are_one_mask_and_regions_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        // Two that overlap, and one that touches the second.
        let columns = [0..8, 4..16, 16..20].map(|columns| {
            let path = dir.path().join(format!("{}.png", columns.start));
            let image = GrayImage::from_fn(32, 16, |x, _| Luma([u8::from(columns.contains(&x))]));
            image.save(&path).unwrap();
            path
        });
        let source = MaskSource::Files(columns.to_vec());
        let regions = load_mask_regions(&source, (32, 16)).unwrap();
        assert_eq!(regions.areas(|_, _| true), [8 * 16, 12 * 16, 4 * 16]);
        let mask = load_mask(&source, &placement((32, 16), 16, Aspect::Stretch)).unwrap();
        assert_eq!(
            mask,
            Picture::from_fn(1, 16, 16, |_, _, x| f32::from(x < 10))
        );

        let missing = MaskSource::Files(vec![columns[0].clone(), dir.path().join("gone.png")]);
        let error = load_mask_regions(&missing, (32, 16)).unwrap_err();
        assert!(error.path.ends_with("gone.png"), "{error}");
    }

    #[test]
    fn another_size_is_refused_with_both_sizes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("part_mask.png");
        quarter(255).save(&path).unwrap();
        let placement = placement((65, 64), 16, Aspect::Stretch);
        let error = load_mask(&path.into(), &placement).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("part_mask.png: is a mask of 64 x 64 pixels for an image of 65 x 64")
        );
    }

    #[test]
    fn overlaps_cover_every_target_exactly_once() {
        for (from, to) in [(1, 1), (7, 3), (3, 7), (1000, 16), (16, 16), (1, 9)] {
            let mut sums = vec![0.0; to];
            for (source, target, share) in overlaps(from, to) {
                assert!(source < from);
                sums[target] += share;
            }
            assert!(
                sums.iter().all(|sum: &f32| (sum - 1.0).abs() < 1e-4),
                "{from} {to}"
            );
        }
    }
}
