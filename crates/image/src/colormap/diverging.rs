//! Colours for values of either sign: dark at zero, blue below, orange above, equally light at equal
//! distance. Blue and orange differ for every kind of colour vision.
//!
//! The colours are computed in OKLab (B. Ottosson, "A perceptual color space for image processing",
//! 2020): lightness grows linearly with the absolute value.

use std::sync::LazyLock;

use crate::picture::Picture;

/// OKLab lightness at zero and at both ends.
const LIGHTNESS: (f32, f32) = (0.16, 0.80);
/// OKLab chroma at both ends, and the hues below and above zero, in radians.
const CHROMA: f32 = 0.125;
const HUES: [f32; 2] = [4.35, 1.13];

static TABLE: LazyLock<[[u8; 3]; 511]> =
    LazyLock::new(|| std::array::from_fn(|index| colour(index as f32 / 255.0 - 1.0)));

/// The colour of a value in `-1.0..=1.0`; values outside take the nearest end's, NaN that of zero.
pub fn rgb(value: f32) -> [u8; 3] {
    let value = if value.is_nan() {
        0.0
    } else {
        value.clamp(-1.0, 1.0)
    };
    TABLE[(value * 255.0 + 255.0).round() as usize]
}

/// A one-channel map as interleaved RGB8, `height * width * 3` bytes, with `-high` and `high` at
/// the ends of the colours. If `high` is not above zero only the sign is seen.
///
/// # Panics
/// If the map has more than one channel.
pub fn apply(map: &Picture, high: f32) -> Vec<u8> {
    assert!(map.channels <= 1, "only one-channel pictures are coloured");
    let scale = 1.0 / high.max(f32::MIN_POSITIVE);
    map.pixels
        .iter()
        .flat_map(|value| rgb(value * scale))
        .collect()
}

fn colour(value: f32) -> [u8; 3] {
    let share = value.abs();
    let (dark, light) = LIGHTNESS;
    let lightness = dark + share * (light - dark);
    let hue = HUES[usize::from(value > 0.0)];
    // Chroma rises faster than lightness, so that the sign of small values is seen.
    let chroma = CHROMA * share.sqrt();
    srgb(lightness, chroma * hue.cos(), chroma * hue.sin())
}

/// OKLab to sRGB, with the matrices of its publication.
fn srgb(lightness: f32, a: f32, b: f32) -> [u8; 3] {
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    let linear = [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ];
    linear.map(|value| {
        let value = value.clamp(0.0, 1.0);
        let encoded = match value {
            value if value <= 0.003_130_8 => 12.92 * value,
            value => 1.055 * value.powf(1.0 / 2.4) - 0.055,
        };
        (encoded * 255.0 + 0.5) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CIE L* of an sRGB colour.
    fn lightness(rgb: [u8; 3]) -> f32 {
        let linear = rgb.map(|byte| {
            let value = f32::from(byte) / 255.0;
            match value {
                value if value <= 0.040_45 => value / 12.92,
                value => ((value + 0.055) / 1.055).powf(2.4),
            }
        });
        let y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        match y {
            y if y <= 0.008_856 => 903.3 * y,
            y => 116.0 * y.cbrt() - 16.0,
        }
    }

    #[test]
    fn both_signs_grow_lighter_evenly_and_alike() {
        for sign in [-1.0, 1.0] {
            let steps: Vec<f32> = (0..=16)
                .map(|i| lightness(rgb(sign * i as f32 / 16.0)))
                .collect();
            for pair in steps.windows(2) {
                let step = pair[1] - pair[0];
                assert!((1.0..8.0).contains(&step), "{sign} {steps:?}");
            }
        }
        for i in 0..=16 {
            let value = i as f32 / 16.0;
            let apart = lightness(rgb(value)) - lightness(rgb(-value));
            assert!(apart.abs() < 5.0, "{value}: {apart}");
        }
    }

    #[test]
    fn the_signs_are_blue_and_orange() {
        let [red, _, blue] = rgb(-0.5);
        assert!(blue > red + 40);
        let [red, _, blue] = rgb(0.5);
        assert!(red > blue + 40);
        assert_eq!(rgb(f32::NAN), rgb(0.0));
        assert_eq!(rgb(9.0), rgb(1.0));
    }

    #[test]
    fn maps_are_scaled_to_their_ends() {
        let map = Picture::new(1, 1, 3, vec![-0.2, 0.0, 0.1]);
        let bytes = apply(&map, 0.2);
        assert_eq!(bytes[..3], rgb(-1.0));
        assert_eq!(bytes[3..6], rgb(0.0));
        assert_eq!(bytes[6..], rgb(0.5));
    }
}
