//! A heatmap laid over the picture it belongs to.

use rayon::prelude::*;

use super::{Colormap, normalised};
use crate::on_source::OnSource;
use crate::picture::Picture;
use crate::placement::Placement;
use crate::rgb8::Rgb8;

/// Where between the lowest and the highest colour's value a map begins to show. Half of the way is the
/// threshold of pixels; what lies well below it is normal, and stays readable.
const START: f32 = 0.375;

/// The original with the map's colours over it, as interleaved RGB8 at the original's size.
///
/// The colour's share grows linearly from nothing at three eighths of the way from `low` to `high` up to
/// `opacity` (`0.0..=1.0`) at `high`; below, and where the map is not a number, the original shows as it
/// is. A map of another size is stretched over the original, by nearest pixel.
///
/// # Panics
/// If the map has more than one channel.
pub fn overlay(
    original: &Picture,
    map: &Picture,
    low: f32,
    high: f32,
    opacity: f32,
    colormap: Colormap,
) -> Vec<u8> {
    assert!(map.channels <= 1, "only one-channel maps are laid over");
    let mut bytes = original.to_rgb8();
    if map.pixels.is_empty() {
        return bytes;
    }
    for (i, pixel) in bytes.chunks_exact_mut(3).enumerate() {
        let (y, x) = (i / original.width, i % original.width);
        let value = map.at(
            0,
            y * map.height / original.height,
            x * map.width / original.width,
        );
        lay_over(pixel, value, (low, high), opacity, colormap);
    }
    bytes
}

/// The colours that [`overlay`] lays over a picture, with their share as alpha (not
/// premultiplied): `height * width * 4` bytes, to be laid over a picture of any size.
///
/// # Panics
/// If the map has more than one channel.
pub fn glow(map: &Picture, low: f32, high: f32, opacity: f32, colormap: Colormap) -> Vec<u8> {
    assert!(map.channels <= 1, "only one-channel maps are laid over");
    let mut bytes = Vec::with_capacity(map.pixels.len() * 4);
    for &value in &map.pixels {
        bytes.extend(colormap.rgb(normalised(value, low, high)));
        bytes.push((share(value, low, high, opacity) * 255.0 + 0.5) as u8);
    }
    bytes
}

/// As [`overlay`], over the whole photograph at its own size: `map` is of the canvas that `placement` puts it
/// on, whatever its own size, and is taken between its four nearest pixels. What lies in the padding, or
/// beside what is seen of the photograph, is left out.
///
/// # Panics
/// If the map has more than one channel, or `placement` is of a photograph of another size.
pub fn overlay_on_photograph(
    mut photograph: Rgb8,
    placement: &Placement,
    map: &Picture,
    (low, high): (f32, f32),
    opacity: f32,
    colormap: Colormap,
) -> Rgb8 {
    assert!(map.channels <= 1, "only one-channel maps are laid over");
    let size_px = (photograph.width, photograph.height);
    assert_eq!(placement.source_px, size_px, "it places this photograph");
    if map.pixels.is_empty() || photograph.bytes.is_empty() {
        return photograph;
    }
    let on_source = OnSource::new(map, placement);
    let rows = photograph.bytes.par_chunks_exact_mut(size_px.0 * 3);
    rows.enumerate().for_each(|(y, row)| {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            if let Some(tap) = on_source.tap(x, y) {
                let value = on_source.value(&tap);
                lay_over(pixel, value, (low, high), opacity, colormap);
            }
        }
    });
    photograph
}

/// Lays the colour of a value over a pixel.
fn lay_over(
    pixel: &mut [u8],
    value: f32,
    (low, high): (f32, f32),
    opacity: f32,
    colormap: Colormap,
) {
    let share = share(value, low, high, opacity);
    let colour = colormap.rgb(normalised(value, low, high));
    for (byte, colour) in pixel.iter_mut().zip(colour) {
        let (below, above) = (f32::from(*byte), f32::from(colour));
        *byte = (below + share * (above - below) + 0.5) as u8;
    }
}

/// The colour's share at a value; nothing of what is not a number.
fn share(value: f32, low: f32, high: f32, opacity: f32) -> f32 {
    if value.is_nan() {
        return 0.0;
    }
    let start = low + START * (high - low);
    opacity.clamp(0.0, 1.0) * normalised(value, start, high).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Aspect, DataConfig};

    fn red(bytes: &[u8]) -> Vec<u8> {
        bytes.iter().step_by(3).copied().collect()
    }

    #[test]
    fn the_share_grows_from_the_start_to_the_opacity() {
        let original = Picture::filled(1, 1, 4, 0.0);
        let map = Picture::new(1, 1, 4, vec![0.1, 0.375, 0.6875, 1.0]);
        let white = |opacity| red(&overlay(&original, &map, 0.0, 1.0, opacity, Colormap::Grey));
        // Share 0, 0, half, whole of the greys 26, 96, 175, 255.
        assert_eq!(white(1.0), [0, 0, 88, 255]);
        assert_eq!(white(0.5), [0, 0, 44, 128]);
        assert_eq!(white(0.0), [0; 4]);
    }

    #[test]
    fn what_is_normal_leaves_the_original_untouched() {
        let original = Picture::from_fn(3, 2, 2, |c, y, x| 0.2 * (c + y + x) as f32);
        let map = Picture::new(1, 2, 2, vec![0.0, 0.1, 0.37, f32::NAN]);
        assert_eq!(
            overlay(&original, &map, 0.0, 1.0, 1.0, Colormap::Inferno),
            original.to_rgb8()
        );
    }

    #[test]
    fn a_photograph_keeps_its_size_and_shape() {
        let data = DataConfig {
            size_px: 8,
            aspect: Aspect::Letterbox,
            ..DataConfig::default()
        };
        // 80 x 40, letterboxed: 10 pixels of it are one of the canvas, 2 rows of which are padding.
        let placement = Placement::new((80, 40), &data).expect("it fits");
        let photograph = Rgb8::filled(80, 40, [0; 3]);
        let map = Picture::from_fn(1, 8, 8, |_, y, x| match (x, y) {
            (_, 0 | 1 | 6 | 7) => 9.0,
            (5, 3) => 1.0,
            _ => 0.0,
        });
        let laid = overlay_on_photograph(
            photograph,
            &placement,
            &map,
            (0.0, 1.0),
            1.0,
            Colormap::Grey,
        );
        assert_eq!((laid.width, laid.height), (80, 40));
        let red = |x: usize, y: usize| laid.bytes[(y * 80 + x) * 3];
        // A twentieth of a pixel off the middle of (5, 3) either way: .95 x .95 of its value, which .844 of the
        // picture takes.
        assert_eq!(red(54, 14), 194);
        assert_eq!((red(20, 15), red(54, 30), red(75, 15)), (0, 0, 0));
        // Between two pixels there is no step.
        assert!((0..79).all(|x| red(x, 14).abs_diff(red(x + 1, 14)) < 80));
    }

    #[test]
    fn a_coarser_map_is_stretched() {
        let original = Picture::filled(3, 2, 4, 0.0);
        let map = Picture::new(1, 1, 2, vec![0.0, 1.0]);
        let bytes = overlay(&original, &map, 0.0, 1.0, 1.0, Colormap::Grey);
        assert_eq!(red(&bytes), [0, 0, 255, 255, 0, 0, 255, 255]);
        let empty = overlay(
            &original,
            &Picture::default(),
            0.0,
            1.0,
            1.0,
            Colormap::Grey,
        );
        assert_eq!(empty, original.to_rgb8());
    }

    #[test]
    fn glow_is_the_overlay_without_the_picture() {
        let map = Picture::new(1, 1, 3, vec![0.1, 0.7, f32::NAN]);
        let original = Picture::filled(1, 1, 3, 0.0);
        let laid_over = overlay(&original, &map, 0.2, 1.0, 0.8, Colormap::Viridis);
        let glow = glow(&map, 0.2, 1.0, 0.8, Colormap::Viridis);
        for (pixel, glow) in laid_over.chunks(3).zip(glow.chunks(4)) {
            let share = f32::from(glow[3]) / 255.0;
            for (byte, colour) in pixel.iter().zip(&glow[..3]) {
                assert!((f32::from(*byte) - share * f32::from(*colour)).abs() < 1.5);
            }
        }
        assert_eq!(
            (glow[3], glow[11]),
            (0, 0),
            "below the start, and not a number"
        );
    }
}
