//! Tests of the corruptions as a whole.

use super::*;
use kizumi_image::seeded;

/// Spoils a picture with one corruption of the given kind and returns what changed, see
/// [`corrupt`]. A plain picture has nothing to smear and may stay as it is.
fn corrupt_with(
    kind: Corruption,
    pixels: &mut [f32],
    channels: usize,
    size_px: usize,
    donor: &[f32],
    rng: &mut impl Rng,
) -> Vec<f32> {
    let mut canvas = Canvas::new(pixels, channels, size_px, donor);
    apply(kind, &mut canvas, rng);
    canvas.mask()
}

/// A picture with structure at several scales, different for each `shift`.
fn picture(channels: usize, side: usize, shift: f32) -> Vec<f32> {
    let mut pixels = Vec::with_capacity(channels * side * side);
    for channel in 0..channels {
        for y in 0..side {
            for x in 0..side {
                let (u, v) = (x as f32 + 5.0 * shift, y as f32 + channel as f32 * 3.0);
                let wave = (u * 0.37).sin() * (v * 0.21).cos() + 0.5 * (u * 0.05 + v * 0.09).sin();
                let grain = (u * 2.1 + v * 1.3).sin();
                pixels.push(0.5 + 0.28 * wave + 0.08 * grain);
            }
        }
    }
    pixels
}

/// What one kind makes of a picture, and its mask.
fn spoilt(kind: Corruption, channels: usize, side: usize, counter: u64) -> (Vec<f32>, Vec<f32>) {
    let (mut pixels, donor) = (picture(channels, side, 0.0), picture(channels, side, 1.0));
    let mut rng = seeded::rng(7, "corrupt", counter);
    let mask = corrupt_with(kind, &mut pixels, channels, side, &donor, &mut rng);
    (pixels, mask)
}

/// The masks' areas in pixels, from small to large.
fn areas(kind: Corruption, side: usize, count: u64) -> Vec<usize> {
    let mut areas: Vec<usize> = (0..count)
        .map(|counter| {
            let (_, mask) = spoilt(kind, 1, side, counter);
            mask.iter().filter(|&&mark| mark == 1.0).count()
        })
        .collect();
    areas.sort_unstable();
    areas
}

#[test]
fn the_seed_decides() {
    for kind in Corruption::ALL {
        assert_eq!(spoilt(kind, 3, 64, 1), spoilt(kind, 3, 64, 1));
        assert_ne!(spoilt(kind, 3, 64, 1), spoilt(kind, 3, 64, 2));
    }
    let all = |counter| {
        let (mut pixels, donor) = (picture(3, 64, 0.0), picture(3, 64, 1.0));
        let mut rng = seeded::rng(3, "corrupt", counter);
        let mask = corrupt_always(&mut pixels, 3, 64, &donor, &mut rng);
        (pixels, mask)
    };
    assert_eq!(all(5), all(5));
    assert_ne!(all(5), all(6));
}

#[test]
fn the_mask_marks_what_changed_and_the_values_stay_in_range() {
    for (channels, side) in [(1, 64), (3, 64), (3, 128), (1, 256)] {
        let (clean, donor) = (picture(channels, side, 0.0), picture(channels, side, 1.0));
        for counter in 0..60 {
            let mut pixels = clean.clone();
            let mut rng = seeded::rng(11, "corrupt", counter);
            let mask = corrupt(&mut pixels, channels, side, &donor, &mut rng);
            assert!(pixels.iter().all(|value| (0.0..=1.0).contains(value)));
            let len = side * side;
            assert_eq!(mask.len(), len);
            for (i, mark) in mask.iter().enumerate() {
                let changed =
                    (0..channels).any(|c| (pixels[c * len + i] - clean[c * len + i]).abs() > 0.02);
                assert_eq!(*mark, f32::from(u8::from(changed)));
            }
        }
    }
}

#[test]
fn every_kind_shows_on_any_picture_with_structure() {
    for kind in Corruption::ALL {
        for counter in 0..100 {
            let (_, mask) = spoilt(kind, 3, 128, counter);
            assert!(mask.contains(&1.0), "{kind:?}, counter {counter}");
        }
    }
}

#[test]
fn plain_black_and_white_pictures_are_spoilt_too() {
    for value in [0.0, 1.0] {
        for kind in Corruption::ALL {
            // A piece of a plain picture, moved or smeared, is no fault.
            if matches!(kind, Corruption::Smear | Corruption::Uneven) {
                continue;
            }
            let mut pixels = vec![value; 64 * 64];
            let donor = pixels.clone();
            let mut rng = seeded::rng(1, "plain", 0);
            let mask = corrupt_with(kind, &mut pixels, 1, 64, &donor, &mut rng);
            assert!(mask.contains(&1.0), "{kind:?} on {value}");
        }
    }
}

#[test]
fn some_pictures_stay_clean() {
    let (original, donor) = (picture(1, 64, 0.0), picture(1, 64, 1.0));
    let total = 3000;
    let clean = (0..total)
        .filter(|&counter| {
            let mut pixels = original.clone();
            let mut rng = seeded::rng(2, "corrupt", counter);
            let mask = corrupt(&mut pixels, 1, 64, &donor, &mut rng);
            // What is not left as it is shows.
            assert_eq!(pixels == original, !mask.contains(&1.0));
            pixels == original
        })
        .count();
    // Three standard deviations of a share of 0.1 are 0.016.
    let share = clean as f32 / total as f32;
    assert!((share - 0.1).abs() < 0.017, "{share}");
}

#[test]
fn small_defects_are_as_frequent_as_large_ones() {
    // Extents of 2 to 64 pixels, log-uniform: half are below 11 pixels.
    for kind in [Corruption::Patch, Corruption::Blend, Corruption::Stain] {
        let areas = areas(kind, 128, 400);
        let (low, median, high) = (areas[40], areas[200], areas[360]);
        assert!(low <= 20, "{kind:?}: {low}");
        assert!((30..250).contains(&median), "{kind:?}: {median}");
        assert!(high >= 500, "{kind:?}: {high}");
        // None covers more than an ellipse or a square of half the side, with its ragged edge.
        assert!(areas[399] <= 128 * 128 / 2, "{kind:?}: {}", areas[399]);
    }
}

#[test]
fn pits_and_scratches_are_thin() {
    let pits = areas(Corruption::Pits, 128, 300);
    assert!(pits[150] < 120, "{}", pits[150]);
    let scratches = areas(Corruption::Scratch, 128, 300);
    assert!(scratches[150] < 150, "{}", scratches[150]);
    // At most the picture's side long and about four pixels wide, with its edge.
    assert!(scratches[299] <= 128 * 10, "{}", scratches[299]);
}

#[test]
fn tiny_pictures_are_no_trouble() {
    for side in 1..12 {
        for counter in 0..40 {
            for kind in Corruption::ALL {
                let (pixels, mask) = spoilt(kind, 1, side, counter);
                assert_eq!((pixels.len(), mask.len()), (side * side, side * side));
            }
        }
    }
}
