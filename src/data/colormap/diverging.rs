//! Colours for signed values: what was added, what was removed.

use std::sync::LazyLock;

use super::normalised;
use crate::data::picture::Picture;

/// Steps from the middle to either end.
const STEPS: usize = 255;
/// OKLab lightness of the middle and of both ends.
const LIGHTNESS: (f32, f32) = (0.97, 0.40);
/// OKLab chroma of both ends: what sRGB has room for at that lightness and these hues.
const CHROMA: f32 = 0.14;
/// OKLab hues of the negative and the positive end in degrees: blue and red-brown, which no common
/// kind of colour vision takes for one another.
const HUES: (f32, f32) = (260.0, 35.0);

static TABLE: LazyLock<Vec<[u8; 3]>> = LazyLock::new(|| {
    (0..=2 * STEPS)
        .map(|i| colour(i as f32 / STEPS as f32 - 1.0))
        .collect()
});

/// The colour of a signed value in `-1.0..=1.0` as RGB8: blue below 0, almost white at 0, red-brown
/// above. Values outside take the nearest end's; NaN takes the middle's.
///
/// Both arms are straight lines in OKLab (B. Ottosson, "A perceptual color space for image
/// processing", 2020), of one length and one lightness at equal distance from 0: so equal steps look
/// equal, and neither sign looks stronger.
pub fn diverging(value: f32) -> [u8; 3] {
    let value = if value.is_nan() { 0.0 } else { value };
    let index = ((value.clamp(-1.0, 1.0) + 1.0) * STEPS as f32).round() as usize;
    TABLE[index.min(2 * STEPS)]
}

/// A one-channel map of signed values as interleaved RGB8, `height * width * 3` bytes, with the
/// full colours at `-limit` and `limit`. A limit that is not positive shows signs alone.
///
/// # Panics
/// If the map has more than one channel.
pub fn apply_diverging(map: &Picture, limit: f32) -> Vec<u8> {
    assert!(map.channels <= 1, "only one-channel pictures are coloured");
    let colour = |&value: &f32| diverging(normalised(value.abs(), 0.0, limit).copysign(value));
    map.pixels.iter().flat_map(colour).collect()
}

fn colour(value: f32) -> [u8; 3] {
    linear_rgb(oklab(value)).map(|channel| (encoded(channel).clamp(0.0, 1.0) * 255.0).round() as u8)
}

fn oklab(value: f32) -> [f32; 3] {
    let strength = value.abs();
    let hue = if value < 0.0 { HUES.0 } else { HUES.1 };
    let (sin, cos) = hue.to_radians().sin_cos();
    let lightness = LIGHTNESS.0 + strength * (LIGHTNESS.1 - LIGHTNESS.0);
    [lightness, strength * CHROMA * cos, strength * CHROMA * sin]
}

/// From OKLab to linear sRGB (Ottosson 2020).
fn linear_rgb([lightness, a, b]: [f32; 3]) -> [f32; 3] {
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ]
}

/// The sRGB transfer function (IEC 61966-2-1).
fn encoded(linear: f32) -> f32 {
    if linear <= 0.003_130_8 {
        12.92 * linear
    } else {
        1.055 * linear.powf(1.0 / 2.4) - 0.055
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear(rgb: [u8; 3]) -> [f32; 3] {
        rgb.map(|byte| {
            let value = f32::from(byte) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    /// CIE lightness L* of a colour: not the space that the map was made in.
    fn lightness(rgb: [u8; 3]) -> f32 {
        let [red, green, blue] = linear(rgb);
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        116.0 * luminance.cbrt() - 16.0
    }

    fn multiplied(matrix: [[f32; 3]; 3], vector: [f32; 3]) -> [f32; 3] {
        matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
    }

    /// OKLab of a linear sRGB colour, by Ottosson's forward matrices.
    fn oklab_of(rgb: [f32; 3]) -> [f32; 3] {
        let lms = multiplied(
            [
                [0.412_221_46, 0.536_332_55, 0.051_445_995],
                [0.211_903_5, 0.680_699_5, 0.107_396_96],
                [0.088_302_46, 0.281_718_85, 0.629_978_7],
            ],
            rgb,
        );
        multiplied(
            [
                [0.210_454_26, 0.793_617_8, -0.004_072_047],
                [1.977_998_5, -2.428_592_2, 0.450_593_7],
                [0.025_904_037, 0.782_771_77, -0.808_675_77],
            ],
            lms.map(f32::cbrt),
        )
    }

    fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b).powi(2))
            .sum::<f32>()
            .sqrt()
    }

    #[test]
    fn every_colour_fits_into_srgb() {
        for i in -100..=100 {
            for channel in linear_rgb(oklab(i as f32 / 100.0)) {
                assert!((-1e-4..=1.0001).contains(&channel), "{i}: {channel}");
            }
        }
    }

    #[test]
    fn lightness_falls_alike_on_both_sides() {
        let all: Vec<[f32; 2]> = (0..=STEPS)
            .map(|i| i as f32 / STEPS as f32)
            .map(|value| [-value, value].map(|value| lightness(diverging(value))))
            .collect();
        for pair in all.windows(2) {
            for side in 0..2 {
                // Rounding to bytes lets neighbours differ by a trifle the other way.
                assert!(pair[1][side] < pair[0][side] + 0.3, "{pair:?}");
            }
        }
        for [negative, positive] in &all {
            assert!((negative - positive).abs() < 4.0, "{negative} {positive}");
        }
        assert!(all[0][0] > 95.0 && all[STEPS][0] < 40.0);
    }

    #[test]
    fn equal_steps_look_equal() {
        let at = |i: i32| oklab_of(linear(diverging(i as f32 / 17.0)));
        let steps: Vec<f32> = (-17..17).map(|i| distance(at(i), at(i + 1))).collect();
        let mean = steps.iter().sum::<f32>() / steps.len() as f32;
        for step in steps {
            assert!((step / mean - 1.0).abs() < 0.15, "{step} of {mean}");
        }
    }

    /// Machado, Oliveira and Fernandes 2009, severity 1: without red, without green cones.
    #[test]
    fn signs_differ_without_red_or_green_cones() {
        for matrix in [
            [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ],
            [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ],
        ] {
            let seen = |value: f32| {
                let cones = multiplied(matrix, linear(diverging(value)));
                oklab_of(cones.map(|channel| channel.clamp(0.0, 1.0)))
            };
            for value in [0.25, 0.5, 1.0] {
                let apart = distance(seen(-value), seen(value));
                assert!(apart > 0.15 * value, "{value}: {apart}");
            }
        }
    }

    #[test]
    fn odd_values_take_an_end_or_the_middle() {
        assert_eq!(diverging(-7.0), diverging(-1.0));
        assert_eq!(diverging(f32::INFINITY), diverging(1.0));
        assert_eq!(diverging(f32::NAN), diverging(0.0));
        let [red, _, blue] = diverging(1.0);
        assert!(red > blue);
        let [red, _, blue] = diverging(-1.0);
        assert!(red < blue);
    }

    #[test]
    fn the_limit_spans_the_colours() {
        let map = Picture::new(1, 1, 5, vec![-0.2, -0.1, 0.0, 0.1, 0.3]);
        let expected = [-1.0, -0.5, 0.0, 0.5, 1.0].map(diverging).concat();
        assert_eq!(apply_diverging(&map, 0.2), expected);
        let signs = [-1.0, -1.0, 0.0, 1.0, 1.0].map(diverging).concat();
        assert_eq!(apply_diverging(&map, 0.0), signs);
    }
}
