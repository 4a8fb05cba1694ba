//! Pixels of a photograph as they lie in the reference.

use image::{DynamicImage, ImageBuffer, Luma, Pixel, Rgb};
use rayon::prelude::*;

use super::pose::Pose;
use crate::compact::Sample;
use crate::crop::Area;

/// What is seen of a decoded image: an area of the reference, between the four nearest pixels of the image. Beyond its
/// edges their values go on.
pub(crate) fn seen_of_image(image: DynamicImage, area: Area, pose: &Pose) -> DynamicImage {
    match image {
        DynamicImage::ImageLuma8(pixels) => warped::<Luma<u8>, 1>(&pixels, area, pose).into(),
        DynamicImage::ImageRgb8(pixels) => warped::<Rgb<u8>, 3>(&pixels, area, pose).into(),
        DynamicImage::ImageLuma16(pixels) => warped::<Luma<u16>, 1>(&pixels, area, pose).into(),
        DynamicImage::ImageRgb16(pixels) => warped::<Rgb<u16>, 3>(&pixels, area, pose).into(),
        // Decoding leaves no others; what there might be is grey or colours of 8 bits then.
        other => warped::<Rgb<u8>, 3>(&other.into_rgb8(), area, pose).into(),
    }
}

fn warped<P, const N: usize>(
    image: &ImageBuffer<P, Vec<P::Subpixel>>,
    area: Area,
    pose: &Pose,
) -> ImageBuffer<P, Vec<P::Subpixel>>
where
    P: Pixel,
    P::Subpixel: Sample + Into<f32> + Rounded + Send + Sync,
{
    let (width, height) = (image.width() as usize, image.height() as usize);
    let samples = image.as_raw();
    let mut out = vec![P::Subpixel::default(); area.width * area.height * N];
    let rows = out.par_chunks_exact_mut(area.width * N).enumerate();
    rows.for_each(|(row, out)| {
        for (column, out) in out.as_chunks_mut::<N>().0.iter_mut().enumerate() {
            let point = ((area.x + column) as f64 + 0.5, (area.y + row) as f64 + 0.5);
            let (x, y) = pose.photograph_from_reference(point);
            let x = (x - 0.5).clamp(0.0, (width - 1) as f64);
            let y = (y - 0.5).clamp(0.0, (height - 1) as f64);
            let (left, top) = (x as usize, y as usize);
            let (across, down) = ((x - left as f64) as f32, (y - top as f64) as f32);
            let (right, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
            for (channel, out) in out.iter_mut().enumerate() {
                let at =
                    |x: usize, y: usize| -> f32 { samples[(y * width + x) * N + channel].into() };
                let upper = at(left, top) + across * (at(right, top) - at(left, top));
                let lower = at(left, below) + across * (at(right, below) - at(left, below));
                *out = P::Subpixel::rounded(upper + down * (lower - upper));
            }
        }
    });
    ImageBuffer::from_raw(area.width as u32, area.height as u32, out)
        .expect("there are as many samples as pixels need")
}

/// A whole number next to a value in its range.
trait Rounded {
    fn rounded(value: f32) -> Self;
}

impl Rounded for u8 {
    fn rounded(value: f32) -> Self {
        (value + 0.5) as Self
    }
}

impl Rounded for u16 {
    fn rounded(value: f32) -> Self {
        (value + 0.5) as Self
    }
}

/// What is seen of values of an image's pixels, row after row: those next to the points of the area; `T::default()`
/// beyond the image of `image_px` (width, height).
pub(crate) fn seen_of_rows<T: Copy + Default>(
    values: &[T],
    (width, height): (usize, usize),
    area: Area,
    pose: &Pose,
) -> Vec<T> {
    let points = (0..area.width * area.height).map(|i| {
        let point = (
            (area.x + i % area.width) as f64 + 0.5,
            (area.y + i / area.width) as f64 + 0.5,
        );
        let (x, y) = pose.photograph_from_reference(point);
        let is_inside = x >= 0.0 && y >= 0.0 && x < width as f64 && y < height as f64;
        match is_inside {
            true => values[y as usize * width + x as usize],
            false => T::default(),
        }
    });
    points.collect()
}
