//! Files with random damage.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use kizumi_image::decode::{Backdrop, Limits, decode_bytes};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::jpeg_writer::Layout;

/// Written by libwebp.
const LOSSY_WEBP: &[u8] = include_bytes!("lossy.webp");

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Damage {
    Flip,
    Zeros,
    Hole,
    Swap,
    Cut,
}

const KINDS: [Damage; 5] = [
    Damage::Flip,
    Damage::Zeros,
    Damage::Hole,
    Damage::Swap,
    Damage::Cut,
];

fn damaged(file: &[u8], damage: Damage, random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut file = file.to_vec();
    let some = random.random_range(1..file.len() / 8);
    let at = random.random_range(0..file.len() - some);
    match damage {
        Damage::Flip => file[at] ^= 1 << random.random_range(0..8),
        Damage::Zeros => file[at..at + some].fill(0),
        Damage::Hole => drop(file.drain(at..at + some)),
        Damage::Swap => {
            let to = random.random_range(0..file.len() - some);
            let (first, second) = (file[at..at + some].to_vec(), file[to..to + some].to_vec());
            file[at..at + some].copy_from_slice(&second);
            file[to..to + some].copy_from_slice(&first);
        }
        Damage::Cut => file.truncate(at),
    }
    file
}

/// Whether some damages of a file are refused. No decoder's panic gets out, and what is cut off is no
/// picture.
fn refused(file: &[u8], seed: u64) -> Vec<(Damage, bool)> {
    let decoded = |file: &[u8]| decode_bytes(file, Limits::HARD, Backdrop::White);
    decoded(file).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let kinds = KINDS.iter().cycle().take(400);
    let mut refused = Vec::new();
    for &kind in kinds {
        let mutant = damaged(file, kind, &mut random);
        if mutant == file {
            continue;
        }
        let outcome = decoded(&mutant);
        assert!(
            kind != Damage::Cut || outcome.is_err(),
            "{} bytes",
            mutant.len()
        );
        refused.push((kind, outcome.is_err()));
    }
    refused
}

fn share(refused: &[(Damage, bool)], kind: Damage) -> f32 {
    let all = refused.iter().filter(|(of, _)| *of == kind);
    all.clone().filter(|(_, refused)| *refused).count() as f32 / all.count() as f32
}

fn photo() -> DynamicImage {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let pixels = RgbImage::from_fn(60, 44, |x, y| {
        let noise = random.random_range(0..20);
        Rgb([4 * x as u8 + noise, 5 * y as u8 + noise, 90 + noise])
    });
    pixels.into()
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    photo().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn no_damaged_png_is_a_picture() {
    let refused = refused(&encoded(ImageFormat::Png), 2);
    assert!(refused.iter().all(|(_, refused)| *refused), "{refused:?}");
}

#[test]
fn hardly_a_hole_in_a_jpeg_is_a_picture() {
    let file = Layout::plain(160, 120).write(|component, x, y| {
        128.0 + 90.0 * (7.0 * x + component as f32).sin() + 30.0 * (90.0 * x * y).sin()
    });
    let refused = refused(&file, 3);
    for kind in [Damage::Zeros, Damage::Hole, Damage::Swap] {
        let share = share(&refused, kind);
        assert!(share > 0.95, "{kind:?}: {share}");
    }
    // Most bits are of magnitudes, and another magnitude is another sound picture.
    let flips = share(&refused, Damage::Flip);
    assert!(flips > 0.2, "{flips}");
}

#[test]
fn most_holes_in_a_webp_are_found() {
    for (file, seed) in [(LOSSY_WEBP, 4), (&encoded(ImageFormat::WebP)[..], 5)] {
        let refused = refused(file, seed);
        for kind in [Damage::Zeros, Damage::Hole, Damage::Swap] {
            let share = share(&refused, kind);
            assert!(share > 0.8, "{kind:?}: {share}");
        }
    }
}

#[test]
fn no_tiff_or_bmp_that_is_cut_off_is_a_picture() {
    for (format, seed) in [(ImageFormat::Tiff, 6), (ImageFormat::Bmp, 7)] {
        refused(&encoded(format), seed);
    }
}

#[test]
fn a_lossy_webp_that_libwebp_refuses_is_no_picture() {
    // Of these flips of one bit libwebp says that the data end too soon, by one byte; of the first two, that it
    // is no frame to be shown.
    const FLIPS: [(usize, u8); 7] = [
        (20, 3),
        (20, 4),
        (609, 3),
        (1255, 6),
        (1908, 2),
        (2752, 3),
        (3678, 2),
    ];
    let decoded = |file: &[u8]| decode_bytes(file, Limits::HARD, Backdrop::White);
    decoded(LOSSY_WEBP).unwrap();
    for (at, bit) in FLIPS {
        let mut file = LOSSY_WEBP.to_vec();
        file[at] ^= 1 << bit;
        assert!(decoded(&file).is_err(), "bit {bit} of byte {at}");
    }
}
