//! From the values of a page to grey or RGB, with alpha where there is any.

use image::{DynamicImage, ImageBuffer, Pixel};

use super::directory::damaged;
use super::layout::{Alpha, Layout, Meaning};
use super::values::Values;
use crate::compact::Sample;
use crate::file_error::Reason;

/// Sharpening and resampling overshoot a little; anything more is another unit.
const OVERSHOOT: f32 = 0.05;

/// The picture, in 8 or 16 bits a value, and the smallest and largest value where they are floating-point
/// ones.
///
/// # Errors
/// [`Reason::NotFinite`] and [`Reason::OutOfRange`].
pub(super) fn picture(
    values: Values,
    layout: &Layout,
) -> Result<(DynamicImage, Option<(f32, f32)>), Reason> {
    match values {
        Values::U8(mut values) => {
            let colours = match layout.meaning {
                Meaning::Palette => from_palette(&values, layout),
                _ => {
                    stretch(&mut values, u8::MAX.into(), layout.bits);
                    colours(values, layout)
                }
            };
            Ok((eight(colours, layout)?, None))
        }
        Values::U16(mut values) => {
            stretch(&mut values, u16::MAX.into(), layout.bits);
            Ok((sixteen(colours(values, layout), layout)?, None))
        }
        Values::F32(values) => {
            let range = range(&values)?;
            let values = values.into_iter().map(u16::from_unit).collect();
            Ok((sixteen(colours(values, layout), layout)?, Some(range)))
        }
    }
}

/// Makes the largest value of so many bits white.
fn stretch<T: Sample>(values: &mut [T], white: f32, bits: usize) {
    let largest = ((1u32 << bits) - 1) as f32;
    if largest != white {
        for value in values {
            *value = T::from_unit(value.to_unit() * (white / largest));
        }
    }
}

/// The smallest and the largest value.
fn range(values: &[f32]) -> Result<(f32, f32), Reason> {
    if values.iter().any(|value| !value.is_finite()) {
        return Err(Reason::NotFinite);
    }
    let min = values.iter().copied().fold(f32::INFINITY, f32::min);
    let max = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if min < -OVERSHOOT || max > 1.0 + OVERSHOOT {
        return Err(Reason::OutOfRange { min, max });
    }
    Ok((min, max))
}

/// Grey or RGB, and alpha where there is any, of each pixel.
fn colours<T: Sample>(values: Vec<T>, layout: &Layout) -> Vec<T> {
    let channels = layout.meaning.channels();
    let kept = channels + usize::from(layout.alpha != Alpha::None);
    let plain = matches!(layout.meaning, Meaning::BlackIsZero | Meaning::Rgb);
    if plain && kept == layout.samples {
        return values;
    }
    let mut colours = Vec::with_capacity(values.len() / layout.samples * kept.min(4));
    for pixel in values.chunks_exact(layout.samples) {
        let (own, extra) = pixel.split_at(channels);
        let share = |at: usize| own[at].to_unit();
        match layout.meaning {
            Meaning::WhiteIsZero => colours.push(T::from_unit(1.0 - share(0))),
            Meaning::Cmyk => {
                colours
                    .extend((0..3).map(|ink| T::from_unit((1.0 - share(ink)) * (1.0 - share(3)))));
            }
            // As in JPEG (JFIF 1.02), of which it comes.
            Meaning::YCbCr => {
                let (y, cb, cr) = (share(0), share(1) - 128.0 / 255.0, share(2) - 128.0 / 255.0);
                let rgb = [
                    y + 1.402 * cr,
                    y - 0.344_136 * cb - 0.714_136 * cr,
                    y + 1.772 * cb,
                ];
                colours.extend(rgb.map(T::from_unit));
            }
            Meaning::BlackIsZero | Meaning::Rgb | Meaning::Palette => colours.extend(own),
        }
        colours.extend(&extra[..kept - channels]);
    }
    colours
}

/// RGB, and alpha where there is any, of indices of a palette.
fn from_palette(values: &[u8], layout: &Layout) -> Vec<u8> {
    // Some programs write levels of 8 bits.
    let divisor = match layout.palette.iter().all(|level| *level <= 255) {
        true => 1,
        false => 257,
    };
    let levels = layout
        .palette
        .iter()
        .map(|level| ((level + divisor / 2) / divisor).min(255) as u8);
    let levels: Vec<u8> = levels.collect();
    let entries = levels.len() / 3;
    let mut colours = Vec::with_capacity(values.len() / layout.samples * 4);
    for pixel in values.chunks_exact(layout.samples) {
        colours.extend((0..3).map(|channel| levels[channel * entries + usize::from(pixel[0])]));
        if layout.alpha != Alpha::None {
            let mut alpha = [pixel[1]];
            stretch(&mut alpha, u8::MAX.into(), layout.bits);
            colours.extend(alpha);
        }
    }
    colours
}

fn eight(colours: Vec<u8>, layout: &Layout) -> Result<DynamicImage, Reason> {
    use DynamicImage::{ImageLuma8, ImageLumaA8, ImageRgb8, ImageRgba8};
    Ok(match (is_grey(layout), layout.alpha) {
        (true, Alpha::None) => ImageLuma8(buffer(colours, layout)?),
        (true, _) => ImageLumaA8(buffer(colours, layout)?),
        (false, Alpha::None) => ImageRgb8(buffer(colours, layout)?),
        (false, _) => ImageRgba8(buffer(colours, layout)?),
    })
}

fn sixteen(colours: Vec<u16>, layout: &Layout) -> Result<DynamicImage, Reason> {
    use DynamicImage::{ImageLuma16, ImageLumaA16, ImageRgb16, ImageRgba16};
    Ok(match (is_grey(layout), layout.alpha) {
        (true, Alpha::None) => ImageLuma16(buffer(colours, layout)?),
        (true, _) => ImageLumaA16(buffer(colours, layout)?),
        (false, Alpha::None) => ImageRgb16(buffer(colours, layout)?),
        (false, _) => ImageRgba16(buffer(colours, layout)?),
    })
}

fn is_grey(layout: &Layout) -> bool {
    matches!(layout.meaning, Meaning::WhiteIsZero | Meaning::BlackIsZero)
}

fn buffer<P: Pixel>(
    values: Vec<P::Subpixel>,
    layout: &Layout,
) -> Result<ImageBuffer<P, Vec<P::Subpixel>>, Reason> {
    let (width, height) = (layout.width as u32, layout.height as u32);
    ImageBuffer::from_raw(width, height, values).ok_or_else(|| damaged("pixels are missing"))
}
