use std::collections::HashSet;

use super::*;
use kizumi_image::seeded;

fn ramp(height: usize, width: usize) -> CompactPicture {
    let samples = (0..3 * height * width).map(|i| (i * 31 % 251) as u8);
    CompactPicture {
        channels: 3,
        height,
        width,
        samples: Samples::U8(samples.collect()),
    }
}

fn grey(height: usize, width: usize, value: impl Fn(usize, usize) -> f32) -> CompactPicture {
    let samples = (0..height * width).map(|i| value(i % width, i / width));
    CompactPicture {
        channels: 1,
        height,
        width,
        samples: Samples::F32(samples.collect()),
    }
}

fn view(
    picture: &CompactPicture,
    size: usize,
    mode: Mode,
    config: &AugmentConfig,
    i: u64,
) -> Vec<f32> {
    let mut out = vec![f32::NAN; picture.channels * size * size];
    View::draw(picture, size, mode, config, &mut seeded::rng(0, "test", i))
        .sample(picture, &mut out);
    out
}

#[test]
fn everything_off_is_the_picture_bit_for_bit() {
    for size in [15, 16, 128] {
        let picture = ramp(size, size);
        let out = view(&picture, size, Mode::Object, &AugmentConfig::off(), 3);
        assert_eq!(out, picture.to_picture().pixels);
    }
}

#[test]
fn flips_mirror_exactly_and_happen_half_of_the_time() {
    let picture = ramp(16, 16);
    let original = picture.to_picture();
    let config = AugmentConfig {
        flip_horizontal: true,
        ..AugmentConfig::off()
    };
    let mut mirrored = 0;
    for i in 0..400 {
        let out = view(&picture, 16, Mode::Object, &config, i);
        if out != original.pixels {
            mirrored += 1;
            for (row, expected) in out.chunks(16).zip(original.pixels.chunks(16)) {
                assert!(row.iter().eq(expected.iter().rev()));
            }
        }
    }
    assert!((150..250).contains(&mirrored), "{mirrored}");
}

#[test]
fn each_part_moves_the_picture_within_its_bound() {
    // The view of a coordinate picture says where each pixel came from.
    let size = 64;
    let across = grey(size, size, |x, _| (x as f32 + 0.5) / 64.0);
    let centre = 32 * size + 32;
    let at = |config: &AugmentConfig, i, pixel: usize| {
        64.0 * view(&across, size, Mode::Object, config, i)[pixel]
    };
    let shift = AugmentConfig {
        shift_fraction: 0.1,
        ..AugmentConfig::off()
    };
    let rotate = AugmentConfig {
        rotation_deg: 10.0,
        ..AugmentConfig::off()
    };
    let scale = AugmentConfig {
        scale_fraction: 0.2,
        ..AugmentConfig::off()
    };
    let (mut shifts, mut turns, mut scales) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..200 {
        shifts.push(at(&shift, i, centre) - 32.5);
        // 20 pixels below the centre a turn moves sideways by 20 sin(angle).
        turns.push(at(&rotate, i, centre + 20 * size) - 32.5);
        // 20 pixels beside the centre scaling by s shows what was 20 / s beside it.
        scales.push(at(&scale, i, centre + 20) - 32.0);
    }
    // Spread over the range that is allowed, and no further.
    let check = |values: &[f32], low: f32, high: f32| {
        let min = values.iter().copied().fold(f32::INFINITY, f32::min);
        let max = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let margin = 0.1 * (high - low);
        assert!((low - 0.02..low + margin).contains(&min), "{min} of {low}");
        assert!(
            (high - margin..high + 0.02).contains(&max),
            "{max} of {high}"
        );
    };
    let sideways = 20.5 * 10_f32.to_radians().sin();
    check(&shifts, -6.4, 6.4);
    check(&turns, -sideways, sideways);
    check(&scales, 20.5 / 1.2, 20.5 / 0.8);
}

#[test]
fn a_switch_leaves_the_other_parts_as_they_were() {
    let picture = ramp(16, 16);
    let both = AugmentConfig {
        flip_horizontal: true,
        ..AugmentConfig::default()
    };
    let unflipped = AugmentConfig::default();
    let same = (0..64).filter(|&i| {
        view(&picture, 16, Mode::Object, &both, i)
            == view(&picture, 16, Mode::Object, &unflipped, i)
    });
    // Those that were not flipped are equal in everything else, too.
    assert!((16..48).contains(&same.count()));
}

#[test]
fn texture_crops_are_exact_and_reach_every_place() {
    let picture = grey(9, 12, |x, y| (x + 12 * y) as f32 / 128.0);
    let mut corners = HashSet::new();
    for i in 0..600 {
        let out = view(&picture, 8, Mode::Texture, &AugmentConfig::off(), i);
        let corner = (out[0] * 128.0) as usize;
        corners.insert(corner);
        for (j, value) in out.iter().enumerate() {
            let expected = corner + j % 8 + 12 * (j / 8);
            assert_eq!((value * 128.0) as usize, expected);
        }
    }
    let expected: HashSet<usize> = [0, 1, 2, 3, 4, 12, 13, 14, 15, 16].into();
    assert_eq!(corners, expected);
}

#[test]
fn texture_of_exactly_the_size_is_the_whole() {
    let picture = ramp(16, 16);
    let out = view(&picture, 16, Mode::Texture, &AugmentConfig::off(), 9);
    assert_eq!(out, picture.to_picture().pixels);
}

#[test]
fn absurd_settings_stay_finite_and_in_range() {
    let picture = ramp(16, 16);
    for value in [f32::NAN, f32::INFINITY, 1e30, -5.0] {
        let config = AugmentConfig {
            rotation_deg: value,
            shift_fraction: value,
            scale_fraction: value,
            warp_fraction: value,
            brightness: value,
            contrast: value,
            flip_horizontal: true,
            flip_vertical: true,
        };
        for i in 0..20 {
            let out = view(&picture, 16, Mode::Object, &config, i);
            assert!(
                out.iter().all(|v| (-1e-6..=1.0 + 1e-6).contains(v)),
                "{value}"
            );
        }
    }
}

#[test]
fn reflection_repeats_the_edge() {
    let indices: Vec<usize> = (-4..8).map(|i| reflect(i, 3)).collect();
    assert_eq!(indices, [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1]);
    assert!((-5..5).all(|i| reflect(i, 1) == 0));
}
