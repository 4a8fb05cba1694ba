//! A photograph at its own size, for looking at it beyond what the network sees.

use std::path::Path;

use image::DynamicImage;

use super::decode::Limits;
use super::depth::{Depth, photograph};
use super::file_error::{FileError, Reason};
use super::placement::Placement;
use super::resize::resize;
use super::rgb8::Rgb8;
use crate::input::DataConfig;

/// The longest side that is kept: what graphics devices can hold as one texture, and about 200 MB.
pub const SOURCE_SIDE_PX: usize = 8192;

/// Decodes an image file at its own size and says where the network's input lies in it, in pixels of the file.
///
/// Upright by its orientation tag, alpha over white, 16 bit as 8. A larger image is halved until no
/// side is longer than [`SOURCE_SIDE_PX`].
///
/// # Errors
/// Those of [`crate::decode::decode`], and of [`Placement::of_image`].
pub fn open_source(path: &Path, config: &DataConfig) -> Result<(Rgb8, Placement), FileError> {
    let image = photograph(path, Limits::HARD, config.depth)?.image;
    let placement = Placement::of_image(&image, config).map_err(|reason| reason.of(path))?;
    let image = bounded(image, SOURCE_SIDE_PX).map_err(|reason| reason.of(path))?;
    Ok((image, placement))
}

/// The same of a photograph that has no place in the network's input: to be looked at alone.
///
/// # Errors
/// Those of [`crate::decode::decode`].
pub fn open_photograph(path: &Path, config: &DataConfig) -> Result<Rgb8, FileError> {
    let image = photograph(path, Limits::HARD, config.depth)?.image;
    bounded(image, SOURCE_SIDE_PX).map_err(|reason| reason.of(path))
}

/// Decodes an image file and makes it small: upright, alpha over white, 8 bit, no side longer than `side_px` (at
/// least 1). One that is smaller keeps its size.
///
/// # Errors
/// Those of [`crate::decode::decode`].
pub fn open_small(path: &Path, depth: Depth, side_px: usize) -> Result<Rgb8, FileError> {
    let image = photograph(path, Limits::HARD, depth)?.image;
    let (width, height) = (image.width() as usize, image.height() as usize);
    let longer = width.max(height).max(1);
    let side_px = side_px.max(1);
    if longer <= side_px {
        return Ok(Rgb8::new(width, height, image.into_rgb8().into_raw()));
    }
    let small = |length: usize| (length * side_px).div_ceil(longer).max(1);
    let resized = resize(&image, small(width), small(height)).map_err(|reason| reason.of(path))?;
    Ok(Rgb8::from(&resized.to_picture()))
}

/// The image, halved until no side is longer than `side_px`.
fn bounded(image: DynamicImage, side_px: usize) -> Result<Rgb8, Reason> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mut divisor = 1;
    while width.max(height).div_ceil(divisor) > side_px {
        divisor *= 2;
    }
    if divisor > 1 {
        let halved = resize(&image, width.div_ceil(divisor), height.div_ceil(divisor))?;
        return Ok(Rgb8::from(&halved.to_picture()));
    }
    Ok(Rgb8::new(width, height, image.into_rgb8().into_raw()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, ImageBuffer, Luma, Rgba, RgbaImage};

    use super::*;
    use crate::input::Aspect;

    fn letterbox() -> DataConfig {
        DataConfig {
            size_px: 64,
            aspect: Aspect::Letterbox,
            ..DataConfig::default()
        }
    }

    #[test]
    fn the_source_has_every_pixel_and_the_inputs_place() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wide.png");
        let image = RgbaImage::from_fn(200, 100, |x, _| Rgba([x as u8, 0, 0, 255 * (x % 2) as u8]));
        image.save(&path).unwrap();
        let (source, placement) = open_source(&path, &letterbox()).unwrap();
        assert_eq!((source.width, source.height), (200, 100));
        assert_eq!(
            source.bytes[..6],
            [255, 255, 255, 1, 0, 0],
            "alpha over white"
        );
        assert_eq!(placement.source_from_canvas(0.0, 16.0), (0.0, 0.0));
        assert_eq!(placement.source_from_canvas(64.0, 48.0), (200.0, 100.0));
    }

    #[test]
    fn sixteen_bits_become_eight() {
        let image: ImageBuffer<Luma<u16>, Vec<u16>> =
            ImageBuffer::from_pixel(3, 2, Luma([257 * 7]));
        let rgb = bounded(image.into(), SOURCE_SIDE_PX).unwrap();
        assert_eq!(rgb.bytes, [7; 18]);
    }

    #[test]
    fn what_is_too_large_is_halved_until_it_fits() {
        let image = GrayImage::from_fn(101, 20, |x, _| Luma([255 * u8::from(x < 50)]));
        let halved = bounded(image.into(), 32).unwrap();
        assert_eq!((halved.width, halved.height), (26, 5));
        assert_eq!((halved.bytes[0], *halved.bytes.last().unwrap()), (255, 0));
    }

    #[test]
    fn a_small_one_has_the_shape_of_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wide.png");
        GrayImage::from_pixel(300, 100, Luma([7]))
            .save(&path)
            .unwrap();
        let small = open_small(&path, Depth::default(), 60).unwrap();
        assert_eq!((small.width, small.height), (60, 20));
        assert_eq!(small.bytes, [7; 60 * 20 * 3]);
        let own = open_small(&path, Depth::default(), 400).unwrap();
        assert_eq!((own.width, own.height), (300, 100));
        let missing = open_small(&dir.path().join("none.png"), Depth::default(), 60);
        assert!(missing.is_err());
    }

    #[test]
    fn a_huge_file_is_halved_and_its_placement_is_of_its_own_pixels() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("long.png");
        GrayImage::from_pixel(9000, 90, Luma([128]))
            .save(&path)
            .unwrap();
        let (source, placement) = open_source(&path, &letterbox()).unwrap();
        assert_eq!((source.width, source.height), (4500, 45));
        let corner = (
            placement.x + placement.width,
            placement.y + placement.height,
        );
        let (x, y) = placement.source_from_canvas(corner.0 as f64, corner.1 as f64);
        assert_eq!((x.round(), y.round()), (9000.0, 90.0));
    }
}
