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

/// What a mask with alpha marks, and whether its alpha was ignored: nothing is marked where nothing was drawn, the
/// transparent part. But an image with alpha that is 0 everywhere has its marks in the colours, if it has any
/// there, and one with marks in black, on whatever colour the transparent part has, in the alpha.
pub(super) fn marks(image: DynamicImage, is_multiplied: bool) -> (DynamicImage, bool) {
    if is_invisible(&image) && !is_plain(&without_alpha(image.clone())) {
        return (without_alpha(image), true);
    }
    let drawn = mapped(&image, |_, alpha| alpha, |_, alpha| alpha);
    let over_black = flatten(image, Backdrop::Black, is_multiplied);
    let is_black = || over_black.as_bytes().iter().all(|byte| *byte == 0);
    match drawn {
        Some(drawn) if !is_plain(&drawn) && is_black() => (drawn, false),
        _ => (over_black, false),
    }
}

/// Whether all pixels are equal.
fn is_plain(image: &DynamicImage) -> bool {
    let pixel_bytes = usize::from(image.color().bytes_per_pixel());
    let mut pixels = image.as_bytes().chunks_exact(pixel_bytes);
    let first = pixels.next();
    pixels.all(|pixel| Some(pixel) == first)
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
