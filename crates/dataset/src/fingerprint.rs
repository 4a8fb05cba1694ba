//! Recognising files by their content.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::catalog::{Catalog, Entry};
use kizumi_image::regular;
use kizumi_image::shown::shown;

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

/// Bytes at the beginning of a file that tell most files of equal size apart: images without
/// compression are all of one size.
const HEAD_BYTES: u64 = 64 << 10;

/// Bytes of a file that are read at a time where its beginning is that of another one.
const PIECE_BYTES: u64 = 16 << 20;

/// Files whose sizes or beginnings are read at a time.
const FILES_AT_A_TIME: usize = 64;

/// Looks for training images that are test images, too, byte for byte, in small steps. Files that
/// cannot be read match nothing.
///
/// Only files of equal size are opened, and only those that begin alike are read to the end.
pub struct LeakCheck {
    stage: Stage,
    /// Those that may be twins still, training images first.
    files: Vec<Candidate>,
    /// How many of them this stage has done.
    at: usize,
    /// The file that is being read to the end.
    reading: Option<(File, blake3::Hasher)>,
}

/// What tells files apart, the cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Size,
    Head,
    Whole,
    Done,
}

/// An image that may be the same as one of the other kind.
struct Candidate {
    path: PathBuf,
    is_test: bool,
    /// `None` when the file cannot be read.
    bytes: Option<u64>,
    /// Of its beginning, then of the whole file.
    hash: Option<blake3::Hash>,
}

impl LeakCheck {
    /// Nothing read yet.
    pub fn new(catalog: &Catalog) -> Self {
        let candidates = |entries: &[Entry], is_test| {
            let candidate = move |entry: &Entry| Candidate {
                path: entry.path.clone(),
                is_test,
                bytes: None,
                hash: None,
            };
            entries.iter().map(candidate).collect::<Vec<_>>()
        };
        let mut files = candidates(&catalog.train, false);
        files.extend(candidates(&catalog.test, true));
        let alone = catalog.train.is_empty() || catalog.test.is_empty();
        Self {
            stage: if alone { Stage::Done } else { Stage::Size },
            files,
            at: 0,
            reading: None,
        }
    }

    /// Whether everything was compared.
    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// Files done and files in all, of the present stage.
    pub fn progress(&self) -> (usize, usize) {
        (self.at, self.files.len())
    }

    /// Reads a little.
    pub fn step(&mut self) {
        let end = (self.at + FILES_AT_A_TIME).min(self.files.len());
        match self.stage {
            Stage::Size => {
                self.files[self.at..end].par_iter_mut().for_each(|file| {
                    let metadata = std::fs::metadata(&file.path).ok();
                    let metadata = metadata.filter(std::fs::Metadata::is_file);
                    // Of the kernel's own files, which say that they are empty, some make a reader wait.
                    file.bytes = metadata
                        .map(|metadata| metadata.len())
                        .filter(|bytes| *bytes > 0);
                });
                self.at = end;
            }
            Stage::Head => {
                self.files[self.at..end].par_iter_mut().for_each(|file| {
                    match head_of(&file.path) {
                        Ok(hash) => file.hash = Some(hash),
                        Err(_) => file.bytes = None,
                    }
                });
                self.at = end;
            }
            Stage::Whole => self.read_on(),
            Stage::Done => return,
        }
        if self.at == self.files.len() {
            self.end_stage();
        }
    }

    /// Reads the next piece of the file whose turn it is.
    fn read_on(&mut self) {
        let Some(file) = self.files.get_mut(self.at) else {
            return;
        };
        let reading = self.reading.take().map_or_else(
            || Ok((regular::open(&file.path)?, blake3::Hasher::new())),
            Ok,
        );
        let read = reading.and_then(|(mut content, mut hasher)| {
            let before = hasher.count();
            hasher.update_reader((&mut content).take(PIECE_BYTES))?;
            Ok((hasher.count() > before, content, hasher))
        });
        match read {
            Ok((true, content, hasher)) => {
                self.reading = Some((content, hasher));
                return;
            }
            Ok((false, _, hasher)) => file.hash = Some(hasher.finalize()),
            Err::<_, io::Error>(_) => file.bytes = None,
        }
        self.at += 1;
    }

    /// Gives up what has no twin of the other kind.
    fn end_stage(&mut self) {
        let key = |file: &Candidate| Some((file.bytes?, file.hash));
        let keys = |of_test: bool| -> HashSet<_> {
            let files = self.files.iter().filter(|file| file.is_test == of_test);
            files.filter_map(key).collect()
        };
        let common: HashSet<_> = keys(false).intersection(&keys(true)).copied().collect();
        self.files
            .retain(|file| key(file).is_some_and(|key| common.contains(&key)));
        self.at = 0;
        self.stage = match self.stage {
            _ if self.files.is_empty() => Stage::Done,
            Stage::Size => Stage::Head,
            Stage::Head => Stage::Whole,
            Stage::Whole | Stage::Done => Stage::Done,
        };
    }

    /// Pairs of a training image and the test image that is the same, in the order of the test
    /// images. Of identical training images the first one stands for all.
    fn pairs(&self) -> Vec<(PathBuf, PathBuf)> {
        let mut by_hash = HashMap::new();
        for file in self.files.iter().filter(|file| !file.is_test) {
            by_hash.entry(file.hash).or_insert(&file.path);
        }
        let test = self.files.iter().filter(|file| file.is_test);
        test.filter_map(|file| Some(((*by_hash.get(&file.hash)?).clone(), file.path.clone())))
            .collect()
    }

    /// What was found in a sentence, with the first few pairs; `None` when there are none, or not
    /// everything was compared. Such images make every figure look better than it is.
    pub fn note(&self) -> Option<String> {
        const SHOWN: usize = 3;
        let pairs = if self.is_done() {
            self.pairs()
        } else {
            Vec::new()
        };
        let images = match pairs.len() {
            0 => return None,
            1 => "1 test image is identical to a training image".to_owned(),
            count => format!("{count} test images are identical to training images"),
        };
        let names: Vec<String> = pairs
            .iter()
            .take(SHOWN)
            .map(|(train, test)| format!("{} = {}", shown(test), shown(train)))
            .collect();
        let more = if pairs.len() > SHOWN { ", ..." } else { "" };
        Some(format!("{images}: {}{more}.", names.join(", ")))
    }
}

/// BLAKE3 of a file's beginning.
fn head_of(path: &Path) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(regular::open(path)?.take(HEAD_BYTES))?;
    Ok(hasher.finalize())
}

/// The whole [`LeakCheck`] at once: see [`LeakCheck::note`].
pub fn leak_note(catalog: &Catalog) -> Option<String> {
    let mut check = LeakCheck::new(catalog);
    while !check.is_done() {
        check.step();
    }
    check.note()
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
            left_out: Vec::new(),
            excluded: Default::default(),
        };
        let mut check = LeakCheck::new(&catalog);
        assert_eq!(check.note(), None, "nothing was compared");
        while !check.is_done() {
            check.step();
        }
        assert_eq!(check.pairs(), [pair]);
        let note = leak_note(&catalog).unwrap();
        assert!(note.starts_with("1 test image is identical"), "{note}");
    }

    #[test]
    fn files_that_only_begin_alike_are_told_apart_and_long_ones_are_read_in_pieces() {
        let dir = tempfile::tempdir().unwrap();
        let bytes = 2 * PIECE_BYTES as usize + 5;
        let write = |name: &str, last: u8| {
            let path = dir.path().join(name);
            let mut content = vec![7; bytes];
            content[bytes - 1] = last;
            std::fs::write(&path, content).unwrap();
            entry(path)
        };
        let mut catalog = Catalog {
            root: dir.path().into(),
            layout: Layout::Mvtec,
            train: vec![write("t", 1)],
            test: vec![write("e", 2)],
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
        };
        assert_eq!(leak_note(&catalog), None);
        catalog.test.push(write("twin", 1));
        let note = leak_note(&catalog).unwrap();
        assert!(note.contains("twin = "), "{note}");
        let mut check = LeakCheck::new(&catalog);
        let mut steps = 0;
        while !check.is_done() {
            check.step();
            steps += 1;
        }
        assert!(steps > 9, "{steps} for three files of three pieces");
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
