//! Resizing with the antialiased Lanczos filter, in the precision of the file.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::DynamicImage;

use super::compact::{CompactPicture, Samples};
use super::file_error::Reason;
use super::picture::Picture;

/// Resizes a grey or RGB image to `width` x `height` pixels.
///
/// The filter (Lanczos, three lobes) is widened when shrinking, so nothing aliases. Values are
/// resized as they are, gamma-encoded, like the tools that made the paper's data do.
///
/// # Errors
/// [`Reason::Unsupported`] for an image with alpha; decoding removes it.
pub fn resize(image: &DynamicImage, width: usize, height: usize) -> Result<CompactPicture, Reason> {
    let (pixel_type, channels) = match image {
        DynamicImage::ImageLuma8(_) => (PixelType::U8, 1),
        DynamicImage::ImageRgb8(_) => (PixelType::U8x3, 3),
        DynamicImage::ImageLuma16(_) => (PixelType::U16, 1),
        DynamicImage::ImageRgb16(_) => (PixelType::U16x3, 3),
        DynamicImage::ImageRgb32F(_) => (PixelType::F32x3, 3),
        other => return Err(Reason::Unsupported(format!("{:?}", other.color()))),
    };
    let refused = |error: &dyn std::fmt::Display| Reason::Damaged(error.to_string());
    let source = ImageRef::new(image.width(), image.height(), image.as_bytes(), pixel_type)
        .map_err(|error| refused(&error))?;
    let mut target = Image::new(width as u32, height as u32, pixel_type);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new()
        .resize(&source, &mut target, &options)
        .map_err(|error| refused(&error))?;

    let bytes = target.buffer();
    let samples = match pixel_type {
        PixelType::U8 | PixelType::U8x3 => Samples::U8(planes(bytes, channels, |[byte]| byte)),
        PixelType::U16 | PixelType::U16x3 => {
            Samples::U16(planes(bytes, channels, u16::from_ne_bytes))
        }
        // Unlike the integers these may overshoot at edges.
        _ => Samples::F32(planes(bytes, channels, |bytes| {
            f32::from_ne_bytes(bytes).clamp(0.0, 1.0)
        })),
    };
    Ok(CompactPicture {
        channels,
        height,
        width,
        samples,
    })
}

/// Shrinks (or enlarges) a picture that is in memory, by the same filter.
///
/// # Panics
/// If a side of either is zero.
pub fn resize_picture(picture: &Picture, width: usize, height: usize) -> Picture {
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let mut resizer = Resizer::new();
    let mut pixels = Vec::with_capacity(picture.channels * width * height);
    let plane =
        |width: usize, height: usize| Image::new(width as u32, height as u32, PixelType::F32);
    let mut source = plane(picture.width, picture.height);
    let mut target = plane(width, height);
    for channel in 0..picture.channels {
        let (places, _) = source.buffer_mut().as_chunks_mut::<4>();
        for (place, value) in places.iter_mut().zip(picture.plane(channel)) {
            *place = value.to_ne_bytes();
        }
        let resized = resizer.resize(&source, &mut target, &options);
        resized.expect("both are of one type and not empty");
        let values = target.buffer().as_chunks::<4>().0.iter().copied();
        // May overshoot at edges.
        pixels.extend(values.map(|bytes| f32::from_ne_bytes(bytes).clamp(0.0, 1.0)));
    }
    Picture::new(picture.channels, height, width, pixels)
}

/// Interleaved values of `N` bytes, plane after plane.
fn planes<T, const N: usize>(
    bytes: &[u8],
    channels: usize,
    value: impl Fn([u8; N]) -> T,
) -> Vec<T> {
    let values = bytes.as_chunks::<N>().0;
    (0..channels)
        .flat_map(|channel| values.iter().skip(channel).step_by(channels))
        .map(|&bytes| value(bytes))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, ImageBuffer, Luma, Rgb, RgbImage};

    use super::*;

    #[test]
    fn the_same_size_keeps_every_value_and_separates_the_planes() {
        let image = RgbImage::from_fn(3, 2, |x, y| Rgb([x as u8, 10 + y as u8, 200]));
        let resized = resize(&image.into(), 3, 2).unwrap();
        let expected = [
            0, 1, 2, 0, 1, 2, 10, 10, 10, 11, 11, 11, 200, 200, 200, 200, 200, 200,
        ];
        assert_eq!(resized.samples, Samples::U8(expected.to_vec()));
    }

    #[test]
    fn shrinking_averages_instead_of_aliasing() {
        // One-pixel stripes: nearest or bilinear sampling would give all black or all white.
        let stripes = GrayImage::from_fn(256, 256, |x, _| Luma([255 * (x % 2) as u8]));
        let small = resize(&stripes.into(), 16, 16).unwrap().to_picture();
        for value in small.pixels {
            assert!((value - 0.5).abs() < 0.02, "{value}");
        }
    }

    #[test]
    fn sixteen_bits_stay_sixteen_bits() {
        let value = 257 * 100 + 77;
        let image: ImageBuffer<Luma<u16>, Vec<u16>> =
            ImageBuffer::from_pixel(64, 64, Luma([value]));
        let small = resize(&image.into(), 8, 8).unwrap();
        assert_eq!(small.samples, Samples::U16(vec![value; 64]));
    }

    #[test]
    fn float_overshoot_is_clamped() {
        let image = image::Rgb32FImage::from_fn(64, 4, |x, _| Rgb([f32::from(x >= 32); 3]));
        let small = resize(&image.into(), 24, 4).unwrap().to_picture();
        assert!(small.pixels.iter().all(|value| (0.0..=1.0).contains(value)));
    }

    #[test]
    fn a_picture_in_memory_is_resized_as_its_file_is() {
        let image = RgbImage::from_fn(40, 24, |x, y| {
            Rgb([(5 * x) as u8, (9 * y) as u8, ((x * y) % 200) as u8])
        });
        let picture = resize(&image.clone().into(), 40, 24).unwrap().to_picture();
        let from_file = resize(&image.into(), 16, 12).unwrap().to_picture();
        let resized = resize_picture(&picture, 16, 12);
        assert_eq!(
            (resized.channels, resized.height, resized.width),
            (3, 12, 16)
        );
        for (a, b) in resized.pixels.iter().zip(&from_file.pixels) {
            assert!((a - b).abs() < 1.5 / 255.0, "{a} {b}");
        }
    }
}
