//! Resizing with the antialiased Lanczos filter, in the precision of the file.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{F32, InnerPixel, U8, U8x3, U16, U16x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
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
    let size = (width, height);
    // Only the types of pixels that there are: code for all that the resizer knows takes a minute more to
    // compile.
    let samples = match image {
        DynamicImage::ImageLuma8(_) => Samples::U8(planes::<U8>(image, size)?),
        DynamicImage::ImageRgb8(_) => Samples::U8(planes::<U8x3>(image, size)?),
        DynamicImage::ImageLuma16(_) => Samples::U16(planes::<U16>(image, size)?),
        DynamicImage::ImageRgb16(_) => Samples::U16(planes::<U16x3>(image, size)?),
        other => return Err(Reason::Unsupported(format!("{:?}", other.color()))),
    };
    Ok(CompactPicture {
        channels: usize::from(image.color().channel_count()),
        height,
        width,
        samples,
    })
}

/// Shrinks (or enlarges) a picture that is in memory, by the same filter; what overshoots at edges is
/// clamped.
///
/// # Panics
/// If a side of either is zero.
pub fn resize_picture(picture: &Picture, width: usize, height: usize) -> Picture {
    let mut resizer = Resizer::new();
    let mut pixels = Vec::with_capacity(picture.channels * width * height);
    let mut source = TypedImage::<F32>::new(picture.width as u32, picture.height as u32);
    let mut target = TypedImage::<F32>::new(width as u32, height as u32);
    for channel in 0..picture.channels {
        F32::components_mut(source.pixels_mut()).copy_from_slice(picture.plane(channel));
        let resized = resizer.resize_typed(&source, &mut target, &options());
        resized.expect("both are of one type and not empty");
        let values = F32::components(target.pixels()).iter();
        pixels.extend(values.map(|value| value.clamp(0.0, 1.0)));
    }
    Picture::new(picture.channels, height, width, pixels)
}

fn options() -> ResizeOptions {
    ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
}

/// The values of an image of such pixels, resized to a width and height, plane after plane.
fn planes<P: PixelTrait>(
    image: &DynamicImage,
    (width, height): (usize, usize),
) -> Result<Vec<P::Component>, Reason> {
    let refused = |error: &dyn std::fmt::Display| Reason::Damaged(error.to_string());
    let bytes = image.as_bytes();
    let source = TypedImageRef::<P>::from_buffer(image.width(), image.height(), bytes);
    let source = source.map_err(|error| refused(&error))?;
    let mut target = TypedImage::<P>::new(width as u32, height as u32);
    Resizer::new()
        .resize_typed(&source, &mut target, &options())
        .map_err(|error| refused(&error))?;
    let values = P::components(target.pixels());
    let channels = P::count_of_components();
    let planes = (0..channels).flat_map(|channel| values.iter().skip(channel).step_by(channels));
    Ok(planes.copied().collect())
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
        let step = Picture::from_fn(1, 4, 64, |_, _, x| f32::from(u8::from(x >= 32)));
        let small = resize_picture(&step, 24, 4);
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
