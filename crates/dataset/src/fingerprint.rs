//! Recognising files by their content.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::catalog::{Catalog, Entry};

/// BLAKE3 of a file, read in small pieces.
///
/// # Errors
/// When the file cannot be read.
pub fn hash_file(path: &Path) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize())
}

/// One hash for a set of files, whatever their names and order.
pub fn dataset_hash(file_hashes: &[blake3::Hash]) -> blake3::Hash {
    let mut sorted: Vec<&[u8; 32]> = file_hashes.iter().map(blake3::Hash::as_bytes).collect();
    sorted.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for hash in sorted {
        hasher.update(hash);
    }
    hasher.finalize()
}

/// Pairs of a training image and a test image that are the same file byte for byte, in the order
/// of the test images. Files that cannot be read match nothing.
///
/// Only files of equal size are read, in parallel.
pub fn leaked_into_test(catalog: &Catalog) -> Vec<(PathBuf, PathBuf)> {
    let train = sizes(&catalog.train);
    let test = sizes(&catalog.test);
    let common: HashSet<u64> = {
        let train: HashSet<u64> = train.iter().map(|(_, bytes)| *bytes).collect();
        let test: HashSet<u64> = test.iter().map(|(_, bytes)| *bytes).collect();
        train.intersection(&test).copied().collect()
    };
    let hashes = |files: &[(PathBuf, u64)]| -> Vec<(blake3::Hash, PathBuf)> {
        files
            .par_iter()
            .filter(|(_, bytes)| common.contains(bytes))
            .filter_map(|(path, _)| Some((hash_file(path).ok()?, path.clone())))
            .collect()
    };
    // Of identical training images the first one stands for all.
    let mut by_hash = HashMap::new();
    for (hash, path) in hashes(&train) {
        by_hash.entry(hash).or_insert(path);
    }
    hashes(&test)
        .into_iter()
        .filter_map(|(hash, path)| Some((by_hash.get(&hash)?.clone(), path)))
        .collect()
}

fn sizes(entries: &[Entry]) -> Vec<(PathBuf, u64)> {
    entries
        .par_iter()
        .filter_map(|entry| {
            let metadata = std::fs::metadata(&entry.path).ok()?;
            metadata
                .is_file()
                .then(|| (entry.path.clone(), metadata.len()))
        })
        .collect()
}

/// [`leaked_into_test`] in a sentence, with the first few pairs; `None` without any. Such images
/// make every figure look better than it is.
pub fn leak_note(catalog: &Catalog) -> Option<String> {
    const SHOWN: usize = 3;
    let pairs = leaked_into_test(catalog);
    let images = match pairs.len() {
        0 => return None,
        1 => "1 test image is identical to a training image".to_owned(),
        count => format!("{count} test images are identical to training images"),
    };
    let shown: Vec<String> = pairs
        .iter()
        .take(SHOWN)
        .map(|(train, test)| format!("{} = {}", test.display(), train.display()))
        .collect();
    let more = if pairs.len() > SHOWN { ", ..." } else { "" };
    Some(format!("{images}: {}{more}.", shown.join(", ")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::{Kind, Layout};

    fn entry(path: PathBuf) -> Entry {
        Entry {
            path,
            kind: Kind::Normal,
            mask: None,
        }
    }

    #[test]
    fn identical_files_are_found_across_train_and_test() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            entry(path)
        };
        let train = vec![
            write("t0", b"alone"),
            write("t1", b"twin"),
            write("t2", b"twin"),
            entry(dir.path().join("missing")),
        ];
        let test = vec![
            write("e0", b"same length?"),
            write("e1", b"twin"),
            write("e2", b"winT"),
            entry(dir.path().join("missing")),
        ];
        let pair = (train[1].path.clone(), test[1].path.clone());
        let catalog = Catalog {
            root: dir.path().into(),
            layout: Layout::Mvtec,
            train,
            test,
            notes: Vec::new(),
        };
        assert_eq!(leaked_into_test(&catalog), [pair]);
        let note = leak_note(&catalog).unwrap();
        assert!(note.starts_with("1 test image is identical"), "{note}");
    }

    #[test]
    fn the_data_sets_hash_ignores_order_and_sees_every_file() {
        let hashes: Vec<_> = ["a", "b", "c"]
            .map(|text| blake3::hash(text.as_bytes()))
            .into();
        let reversed: Vec<_> = hashes.iter().rev().copied().collect();
        assert_eq!(dataset_hash(&hashes), dataset_hash(&reversed));
        assert_ne!(dataset_hash(&hashes), dataset_hash(&hashes[..2]));
    }
}
