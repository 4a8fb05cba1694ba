//! Taking alpha out of pictures.

use image::{DynamicImage, ImageBuffer, Pixel};

use super::decode::Backdrop;

/// Whether there is alpha, and it is 0 everywhere: several programs leave the channel empty.
pub(super) fn is_invisible(image: &DynamicImage) -> bool {
    match image {
        DynamicImage::ImageLumaA8(pixels) => all_zero::<_, 2>(pixels),
        DynamicImage::ImageRgba8(pixels) => all_zero::<_, 4>(pixels),
        DynamicImage::ImageLumaA16(pixels) => all_zero::<_, 2>(pixels),
        DynamicImage::ImageRgba16(pixels) => all_zero::<_, 4>(pixels),
        _ => false,
    }
}

/// Whether the last of `N` values a pixel is 0 in all of them.
fn all_zero<T: Copy + Into<u32>, const N: usize>(values: &[T]) -> bool {
    let mut pixels = values.as_chunks::<N>().0.iter();
    pixels.all(|pixel| pixel[N - 1].into() == 0)
}

/// The colours as they are.
pub(super) fn without_alpha(image: DynamicImage) -> DynamicImage {
    mapped(&image, |value, _| value, |value, _| value).unwrap_or(image)
}

/// Lays pixels with alpha over the backdrop; others stay as they are. The colours may be multiplied by alpha
/// already.
pub(super) fn flatten(
    image: DynamicImage,
    backdrop: Backdrop,
    is_multiplied: bool,
) -> DynamicImage {
    let white = u64::from(backdrop == Backdrop::White);
    let blend = |value: u64, alpha: u64, full: u64| {
        let behind = white * (full - alpha);
        match is_multiplied {
            true => (value + behind).min(full),
            false => (value * alpha + full * behind + full / 2) / full,
        }
    };
    mapped(
        &image,
        |value, alpha| blend(value.into(), alpha.into(), 255) as u8,
        |value, alpha| blend(value.into(), alpha.into(), 65_535) as u16,
    )
    .unwrap_or(image)
}

/// An image without alpha whose values are made of those of one with it, and of alpha; `None` for others.
fn mapped(
    image: &DynamicImage,
    of_8: impl Fn(u8, u8) -> u8,
    of_16: impl Fn(u16, u16) -> u16,
) -> Option<DynamicImage> {
    let size = (image.width(), image.height());
    Some(match image {
        DynamicImage::ImageLumaA8(pixels) => {
            DynamicImage::ImageLuma8(made::<_, _, 2>(size, pixels, of_8))
        }
        DynamicImage::ImageRgba8(pixels) => {
            DynamicImage::ImageRgb8(made::<_, _, 4>(size, pixels, of_8))
        }
        DynamicImage::ImageLumaA16(pixels) => {
            DynamicImage::ImageLuma16(made::<_, _, 2>(size, pixels, of_16))
        }
        DynamicImage::ImageRgba16(pixels) => {
            DynamicImage::ImageRgb16(made::<_, _, 4>(size, pixels, of_16))
        }
        _ => return None,
    })
}

/// `N` interleaved values a pixel, the last one alpha, become `N - 1`.
fn made<T: Copy, P: Pixel<Subpixel = T>, const N: usize>(
    (width, height): (u32, u32),
    values: &[T],
    of: impl Fn(T, T) -> T,
) -> ImageBuffer<P, Vec<T>> {
    let mut flat = Vec::with_capacity(values.len() / N * (N - 1));
    for pixel in values.as_chunks::<N>().0 {
        flat.extend(pixel[..N - 1].iter().map(|value| of(*value, pixel[N - 1])));
    }
    ImageBuffer::from_raw(width, height, flat).expect("one value less a pixel fills the same size")
}
