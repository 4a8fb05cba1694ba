//! Pictures that lie among the normal and among the defective images.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use kizumi_image::regular;
use rayon::prelude::*;

/// Of so many files of one size, as pictures without compression are, those are compared that share their names.
const MAX_OF_ONE_SIZE: usize = 64;

/// What is there more often on one side is no picture of a part that was sorted twice, but the same frame again
/// and again.
const MAX_COPIES: usize = 2;

/// The largest file that is compared.
const MAX_BYTES: u64 = 256 << 20;

/// The files of which there is one of equal bytes on the other side, by their numbers on both sides; none where
/// those are all of a side. Empty files are equal to none.
pub(super) fn twins(normal: &[&Path], defective: &[&Path]) -> [HashSet<usize>; 2] {
    let mut found = [HashSet::new(), HashSet::new()];
    if normal.is_empty() || defective.is_empty() {
        return found;
    }
    let sizes = |paths: &[&Path]| -> Vec<u64> {
        let size = |path: &&Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
        paths.par_iter().map(size).collect()
    };
    let mut by_size: HashMap<u64, [Vec<usize>; 2]> = HashMap::new();
    for (side, paths) in [normal, defective].into_iter().enumerate() {
        for (at, size) in sizes(paths).into_iter().enumerate() {
            if (1..=MAX_BYTES).contains(&size) {
                by_size.entry(size).or_default()[side].push(at);
            }
        }
    }
    let alike = by_size
        .into_values()
        .filter(|sides| sides.iter().all(|side| !side.is_empty()));
    for [good, bad] in alike {
        let are_many = good.len() + bad.len() > MAX_OF_ONE_SIZE;
        let mut by_name: HashMap<Option<&OsStr>, [Vec<usize>; 2]> = HashMap::new();
        for (side, (paths, numbers)) in [(normal, &good), (defective, &bad)].into_iter().enumerate()
        {
            for at in numbers {
                let name = paths[*at].file_name().filter(|_| are_many);
                by_name.entry(name).or_default()[side].push(*at);
            }
        }
        for [good, bad] in by_name.into_values() {
            if good.is_empty() || bad.is_empty() {
                continue;
            }
            let hash = |path: &Path| {
                let bytes = regular::read(path, MAX_BYTES).ok()?;
                Some(blake3::hash(&bytes))
            };
            let mut by_bytes: HashMap<blake3::Hash, [Vec<usize>; 2]> = HashMap::new();
            let sides = [(normal, good), (defective, bad)];
            for (side, (paths, numbers)) in sides.into_iter().enumerate() {
                for at in numbers {
                    if let Some(hash) = hash(paths[at]) {
                        by_bytes.entry(hash).or_default()[side].push(at);
                    }
                }
            }
            let are_twins = |sides: &[Vec<usize>; 2]| {
                sides
                    .iter()
                    .all(|side| (1..=MAX_COPIES).contains(&side.len()))
            };
            for twins in by_bytes.into_values().filter(are_twins) {
                for (found, numbers) in found.iter_mut().zip(twins) {
                    found.extend(numbers);
                }
            }
        }
    }
    // Where all of a side are on the other, too, nobody sorted anything by mistake.
    match found[0].len() < normal.len() && found[1].len() < defective.len() {
        true => found,
        false => Default::default(),
    }
}
