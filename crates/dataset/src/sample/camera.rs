//! From a scene's radiance to an 8-bit photograph: sampling, lens, tone curve, sensor noise, and
//! the mask of what a defect changed.

use rayon::prelude::*;

use super::noise::Dice;
use super::vector::add;
use kizumi_image::picture::Picture;

/// Change of a pixel value (of 1) from which a pixel counts as defective: about two standard
/// deviations of the sensor noise.
pub const VISIBLE: f32 = 0.02;

/// A picture of `radiance(x, y)` (linear light, pixel coordinates), averaged over `grid * grid`
/// points a pixel, slightly blurred as by a lens, and brought to display values `0.0..=1.0`.
pub fn develop(
    channels: usize,
    size_px: usize,
    grid: usize,
    radiance: impl Fn(f32, f32) -> [f32; 3] + Sync,
) -> Picture {
    let offset = |i: usize| (i as f32 + 0.5) / grid as f32;
    let point = |i: usize| {
        let (y, x) = ((i / size_px) as f32, (i % size_px) as f32);
        let mut sum = [0.0; 3];
        for sample in 0..grid * grid {
            let light = radiance(x + offset(sample % grid), y + offset(sample / grid));
            sum = add(sum, light, 1.0 / (grid * grid) as f32);
        }
        sum
    };
    let len = size_px * size_px;
    let points: Vec<[f32; 3]> = (0..len).into_par_iter().map(point).collect();
    let mut pixels: Vec<f32> = (0..channels)
        .flat_map(|channel| points.iter().map(move |point| point[channel]))
        .collect();
    for plane in pixels.chunks_mut(len) {
        soften(plane, size_px);
        plane.iter_mut().for_each(|value| *value = tone(*value));
    }
    Picture::new(channels, size_px, size_px, pixels)
}

/// Blurs a square plane by the kernel (1, 6, 1) / 8 in both directions.
fn soften(plane: &mut [f32], side: usize) {
    let mut line = vec![0.0; side];
    for (stride, step) in [(side, 1), (1, side)] {
        for start in (0..side).map(|i| i * stride) {
            for (i, value) in line.iter_mut().enumerate() {
                let at = |i: usize| plane[start + i * step];
                *value = (at(i.saturating_sub(1)) + 6.0 * at(i) + at((i + 1).min(side - 1))) / 8.0;
            }
            for (i, value) in line.iter().enumerate() {
                plane[start + i * step] = *value;
            }
        }
    }
}

/// A soft shoulder, so that highlights keep their shape, then a gamma of 2.
fn tone(light: f32) -> f32 {
    const WHITE: f32 = 2.5;
    let light = light.max(0.0);
    (light * (1.0 + light / (WHITE * WHITE)) / (1.0 + light))
        .sqrt()
        .min(1.0)
}

/// Adds the sensor's noise and quantises: interleaved bytes, `height * width * channels`.
pub fn expose(picture: &Picture, dice: &mut Dice) -> Vec<u8> {
    let len = picture.plane_len();
    let mut bytes = Vec::with_capacity(len * picture.channels);
    for i in 0..len {
        // Most of the noise is common to the channels, as after a camera's colour conversion.
        let common = 0.007 * dice.normal();
        for channel in 0..picture.channels {
            let own = 0.003 * dice.normal();
            let value = picture.pixels[channel * len + i] + common + own;
            bytes.push((value.clamp(0.0, 1.0) * 255.0).round() as u8);
        }
    }
    bytes
}

/// Per pixel, the largest difference of the channels.
pub fn change(a: &Picture, b: &Picture) -> Vec<f32> {
    let len = a.plane_len();
    (0..len)
        .map(|i| {
            (0..a.channels)
                .map(|channel| (a.pixels[channel * len + i] - b.pixels[channel * len + i]).abs())
                .fold(0.0, f32::max)
        })
        .collect()
}

/// The mask of a change: 255 where it is [`VISIBLE`], and in gaps of up to two pixels between
/// such places (the sides of a dent change, the line between them may not).
pub fn mask(change: &[f32], side: usize) -> Vec<u8> {
    let changed: Vec<bool> = change.iter().map(|value| *value > VISIBLE).collect();
    let grown = spread(&changed, side, true);
    let closed = spread(&grown, side, false);
    closed
        .iter()
        .zip(&changed)
        .map(|(closed, changed)| if *closed || *changed { 255 } else { 0 })
        .collect()
}

/// Every pixel whose 3 x 3 neighbourhood has the given state takes it.
fn spread(flags: &[bool], side: usize, state: bool) -> Vec<bool> {
    (0..flags.len())
        .map(|i| {
            let (y, x) = (i / side, i % side);
            let near = |v: usize| v.saturating_sub(1)..=(v + 1).min(side - 1);
            let hit = near(y).any(|y| near(x).any(|x| flags[y * side + x] == state));
            if hit { state } else { !state }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mask_closes_gaps_and_adds_no_border() {
        let side = 9;
        let mut change = vec![0.0; side * side];
        for x in [3, 5] {
            for y in 2..7 {
                change[y * side + x] = 1.0;
            }
        }
        let mask = mask(&change, side);
        for y in 0..side {
            for x in 0..side {
                let inside = (3..=5).contains(&x) && (2..7).contains(&y);
                assert_eq!(mask[y * side + x] == 255, inside, "at ({x}, {y})");
            }
        }
    }

    #[test]
    fn tone_keeps_order_and_range() {
        assert_eq!(tone(0.0), 0.0);
        assert!(tone(0.2) < tone(0.4) && tone(2.0) < tone(2.4));
        assert!((tone(2.5) - 1.0).abs() < 1e-6);
        assert_eq!(tone(9.0), 1.0);
    }
}
