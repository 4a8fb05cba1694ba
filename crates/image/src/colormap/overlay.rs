//! A heatmap laid over the picture it belongs to.

use super::{Colormap, normalised};
use crate::picture::Picture;

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
        let share = share(value, low, high, opacity);
        let colour = colormap.rgb(normalised(value, low, high));
        for (byte, colour) in pixel.iter_mut().zip(colour) {
            let (below, above) = (f32::from(*byte), f32::from(colour));
            *byte = (below + share * (above - below) + 0.5) as u8;
        }
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
