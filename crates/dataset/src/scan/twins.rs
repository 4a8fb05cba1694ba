//! Pictures that lie among the normal and among the defective images.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::hash::Hash;
use std::path::Path;

use kizumi_image::decode::{Backdrop, Limits, decode};
use kizumi_image::dimensions::size_px;
use rayon::prelude::*;

use crate::file_name::ending;
use crate::fingerprint::{middle_of, whole_of};

/// Formats in which a picture has the same pixels again.
const LOSSLESS: [&str; 5] = ["png", "bmp", "tif", "tiff", "webp"];

/// Pictures in other formats than those on the other side that are compared by their pixels.
const MAX_DECODED: usize = 64;

/// Pixels of the pictures of one size that are compared whatever their formats.
const MAX_PIXELS: usize = 24 << 20;

/// Pictures of which there is the same on the other side, by its bytes or, in another format, by its pixels.
#[derive(Debug, Default)]
pub(super) struct Twins {
    /// Their numbers among the normal images and among the defective ones.
    pub of_sides: [HashSet<usize>; 2],
    /// Whether those are all images of a side.
    pub are_all_of_a_side: bool,
}

impl Twins {
    /// Empty files are equal to none.
    pub fn between(normal: &[&Path], defective: &[&Path]) -> Self {
        let sides = [normal, defective];
        let mut of_sides = by_bytes(sides);
        let of_pixels = by_pixels(sides);
        for (found, more) in of_sides.iter_mut().zip(of_pixels) {
            found.extend(more);
        }
        let is_all = |side: usize| of_sides[side].len() == sides[side].len();
        Self {
            are_all_of_a_side: !of_sides[0].is_empty() && (is_all(0) || is_all(1)),
            of_sides,
        }
    }
}

/// Files of equal bytes. Only those of equal size are opened, and only those that are alike in the middle are read to
/// the end.
fn by_bytes(sides: [&[&Path]; 2]) -> [HashSet<usize>; 2] {
    let mut found = [HashSet::new(), HashSet::new()];
    let size = |path: &Path| {
        let size = fs::metadata(path).ok()?.len();
        (size > 0).then_some(size)
    };
    let all = sides.map(|side| (0..side.len()).collect());
    for alike in in_both(sides, all, size) {
        for alike in in_both(sides, alike, |path| middle_of(path).ok()) {
            add(
                &mut found,
                in_both(sides, alike, |path| whole_of(path).ok()),
            );
        }
    }
    found
}

/// Pictures of equal pixels in formats without losses: in one that the other side does not have, and where there are not too
/// many pixels to look at, in any, since programs that save a picture again write other bytes.
fn by_pixels(sides: [&[&Path]; 2]) -> [HashSet<usize>; 2] {
    let endings = sides.map(|side| {
        let endings = side.iter().map(|path| ending(path));
        endings.collect::<HashSet<String>>()
    });
    let lossless = [0, 1].map(|side: usize| -> Vec<usize> {
        let is_lossless = |at: &usize| LOSSLESS.contains(&&*ending(sides[side][*at]));
        (0..sides[side].len()).filter(is_lossless).collect()
    });
    let mut found = [HashSet::new(), HashSet::new()];
    for alike in in_both(sides, lossless, size_px) {
        let count: usize = alike.iter().map(Vec::len).sum();
        let first = alike[0].first().and_then(|at| size_px(sides[0][*at]));
        let pixels = first.map_or(0, |(width, height)| width * height);
        if count * pixels <= MAX_PIXELS {
            add(&mut found, in_both(sides, alike, all_of));
            continue;
        }
        let differing = [0, 1].map(|side: usize| -> Vec<usize> {
            let is_other = |at: &usize| {
                let own = ending(sides[side][*at]);
                let other = &endings[1 - side];
                !other.contains(&own) || other.len() > 1
            };
            alike[side].iter().copied().filter(is_other).collect()
        });
        if differing.iter().map(Vec::len).sum::<usize>() <= MAX_DECODED {
            add(&mut found, in_both(sides, differing, all_of));
        }
    }
    found
}

/// A hash of all pixels of a picture, in colours and with the bits that it has.
fn all_of(path: &Path) -> Option<blake3::Hash> {
    let decoded = decode(path, Limits::PARALLEL, Backdrop::White).ok()?;
    let image = decoded.image;
    Some(match decoded.bits > 8 {
        true => {
            let values = image.to_rgb16();
            let bytes = values.as_raw().iter().flat_map(|value| value.to_le_bytes());
            blake3::hash(&bytes.collect::<Vec<u8>>())
        }
        false => blake3::hash(image.to_rgb8().as_raw()),
    })
}

/// The files of these numbers that have a key in common with one on the other side, by that key.
fn in_both<K: Eq + Hash + Send>(
    sides: [&[&Path]; 2],
    numbers: [Vec<usize>; 2],
    key: impl Fn(&Path) -> Option<K> + Sync,
) -> Vec<[Vec<usize>; 2]> {
    let mut by_key: HashMap<K, [Vec<usize>; 2]> = HashMap::new();
    if numbers.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    for (side, numbers) in numbers.into_iter().enumerate() {
        let keys: Vec<Option<K>> = numbers.par_iter().map(|at| key(sides[side][*at])).collect();
        for (key, at) in keys.into_iter().zip(numbers) {
            if let Some(key) = key {
                by_key.entry(key).or_default()[side].push(at);
            }
        }
    }
    let both = by_key
        .into_values()
        .filter(|sides| sides.iter().all(|side| !side.is_empty()));
    both.collect()
}

fn add(found: &mut [HashSet<usize>; 2], alike: Vec<[Vec<usize>; 2]>) {
    for sides in alike {
        for (found, numbers) in found.iter_mut().zip(sides) {
            found.extend(numbers);
        }
    }
}
