//! Recognising files by their content.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::catalog::{Catalog, Entry};
use super::few::Few;
use super::note::Note;
use kizumi_image::regular;
use kizumi_image::shown::shown;
use serde::{Deserialize, Serialize};

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

/// Places of a file, evenly spread, that tell most files of equal size apart: images without compression
/// are all of one size, and many begin with the same background.
const SAMPLES: u64 = 8;

/// Bytes that are read there.
const SAMPLE_BYTES: u64 = 4 << 10;

/// Bytes of a file that are read at a time where all its samples are those of another one.
const PIECE_BYTES: u64 = 16 << 20;

/// Files whose sizes or samples are read at a time.
const FILES_AT_A_TIME: usize = 16;

/// Looks for training images that are there twice, or are test images, too, byte for byte, in small steps.
/// Files that cannot be read match nothing.
///
/// Only files of equal size are opened, and only those that are alike in all samples are read to the end.
/// One thread reads: whoever computes meanwhile loses none.
pub struct DuplicateCheck {
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
    Samples,
    Whole,
    Done,
}

/// An image that may be the same as another one.
struct Candidate {
    path: PathBuf,
    is_test: bool,
    /// `None` when the file cannot be read.
    bytes: Option<u64>,
    /// Of its samples, then of the whole file.
    hash: Option<blake3::Hash>,
}

impl Candidate {
    fn key(&self) -> Option<(u64, Option<blake3::Hash>)> {
        Some((self.bytes?, self.hash))
    }
}

impl DuplicateCheck {
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
        let alone = catalog.train.is_empty() || files.len() == 1;
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
                for file in &mut self.files[self.at..end] {
                    let metadata = std::fs::metadata(&file.path).ok();
                    let metadata = metadata.filter(std::fs::Metadata::is_file);
                    // Of the kernel's own files, which say that they are empty, some make a reader wait.
                    file.bytes = metadata
                        .map(|metadata| metadata.len())
                        .filter(|bytes| *bytes > 0);
                }
                self.at = end;
            }
            Stage::Samples => {
                for file in &mut self.files[self.at..end] {
                    match samples_of(&file.path, file.bytes.unwrap_or_default()) {
                        Ok(hash) => file.hash = Some(hash),
                        Err(_) => file.bytes = None,
                    }
                }
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

    /// Gives up what has no twin, or none that is trained on.
    fn end_stage(&mut self) {
        /// How many training and test images share a key.
        type Shared = (usize, usize);
        let mut shared: HashMap<_, Shared> = HashMap::new();
        for file in &self.files {
            if let Some(key) = file.key() {
                let (training, test) = shared.entry(key).or_default();
                match file.is_test {
                    true => *test += 1,
                    false => *training += 1,
                }
            }
        }
        let has_twin = |file: &Candidate| {
            let shared = file.key().and_then(|key| shared.get(&key));
            shared.is_some_and(|(training, test)| *training > 0 && training + test > 1)
        };
        self.files.retain(has_twin);
        self.at = 0;
        self.stage = match self.stage {
            _ if self.files.is_empty() => Stage::Done,
            Stage::Size => Stage::Samples,
            Stage::Samples => Stage::Whole,
            Stage::Whole | Stage::Done => Stage::Done,
        };
    }

    /// Pairs of a training image and an image that is the same, first those of training, then those of
    /// test, each in its order. Of identical training images the first one stands for all.
    fn pairs(&self) -> [Vec<(&Path, &Path)>; 2] {
        let mut first = HashMap::new();
        let mut pairs = [Vec::new(), Vec::new()];
        for file in &self.files {
            match (first.get(&file.hash), file.is_test) {
                (Some(original), is_test) => {
                    pairs[usize::from(is_test)].push((*original, file.path.as_path()));
                }
                (None, false) => drop(first.insert(file.hash, file.path.as_path())),
                (None, true) => {}
            }
        }
        pairs
    }

    /// What was found, with the first few pairs; `None` when there are none, or not everything was compared.
    pub fn note(&self) -> Option<Note> {
        if !self.is_done() {
            return None;
        }
        let twins = |pairs: Vec<(&Path, &Path)>| {
            let twin = |(original, copy)| Twin {
                copy: shown(copy).to_string(),
                original: shown(original).to_string(),
            };
            pairs.into_iter().map(twin).collect::<Few<Twin>>()
        };
        let [training, test] = self.pairs().map(twins);
        (training.count() + test.count() > 0).then_some(Note::Copies { test, training })
    }
}

/// Two files of equal content; displays as "copy = original".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twin {
    /// The one.
    pub copy: String,
    /// The training image that it is the same as.
    pub original: String,
}

impl fmt::Display for Twin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.copy, self.original)
    }
}

/// BLAKE3 of some bytes in the middle of a file, where images differ most.
pub(crate) fn middle_of(path: &Path) -> io::Result<blake3::Hash> {
    let mut file = regular::open(path)?;
    let bytes = file.metadata()?.len();
    file.seek(SeekFrom::Start(bytes.saturating_sub(SAMPLE_BYTES) / 2))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file.take(SAMPLE_BYTES))?;
    Ok(hasher.finalize())
}

/// BLAKE3 of a file.
pub(crate) fn whole_of(path: &Path) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(regular::open(path)?)?;
    Ok(hasher.finalize())
}

/// BLAKE3 of a file's samples.
fn samples_of(path: &Path, bytes: u64) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    let mut file = regular::open(path)?;
    if bytes <= SAMPLES * SAMPLE_BYTES {
        hasher.update_reader(file)?;
        return Ok(hasher.finalize());
    }
    for sample in 0..SAMPLES {
        let start = (bytes - SAMPLE_BYTES) / (SAMPLES - 1) * sample;
        file.seek(SeekFrom::Start(start))?;
        hasher.update_reader((&mut file).take(SAMPLE_BYTES))?;
    }
    Ok(hasher.finalize())
}

/// The whole [`DuplicateCheck`] at once: see [`DuplicateCheck::note`].
pub fn duplicates_note(catalog: &Catalog) -> Option<Note> {
    let mut check = DuplicateCheck::new(catalog);
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
        let [original, copy, leak] = [&train[1], &train[2], &test[1]].map(|one| one.path.clone());
        let catalog = Catalog {
            root: dir.path().into(),
            layout: Layout::Mvtec,
            train,
            test,
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
            joined: Default::default(),
        };
        let mut check = DuplicateCheck::new(&catalog);
        assert_eq!(check.note(), None, "nothing was compared");
        while !check.is_done() {
            check.step();
        }
        let original = original.as_path();
        let expected = [&copy, &leak].map(|twin| vec![(original, twin.as_path())]);
        assert_eq!(check.pairs(), expected);
        let note = duplicates_note(&catalog).unwrap().to_string();
        assert!(note.starts_with("1 test image is identical"), "{note}");
        assert!(
            note.contains(" 1 training image is a copy of another: "),
            "{note}"
        );
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
            joined: Default::default(),
        };
        assert_eq!(duplicates_note(&catalog), None);
        catalog.test.push(write("twin", 1));
        let note = duplicates_note(&catalog).unwrap().to_string();
        assert!(note.contains("twin = "), "{note}");
        let mut check = DuplicateCheck::new(&catalog);
        let mut steps = 0;
        while !check.is_done() {
            check.step();
            steps += 1;
        }
        assert!(steps > 9, "{steps} for three files of three pieces");
    }

    #[test]
    fn files_without_compression_are_not_read_to_the_end_though_they_begin_alike() {
        let dir = tempfile::tempdir().unwrap();
        let bytes = 1 << 20;
        let write = |index: u8| {
            let path = dir.path().join(format!("{index}.bmp"));
            let mut content = vec![255; bytes];
            content[bytes / 4..].fill(index);
            std::fs::write(&path, content).unwrap();
            entry(path)
        };
        let catalog = Catalog {
            root: dir.path().into(),
            layout: Layout::Plain,
            train: (0..9).map(write).collect(),
            test: Vec::new(),
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
            joined: Default::default(),
        };
        let mut check = DuplicateCheck::new(&catalog);
        while !check.is_done() {
            assert_ne!(check.stage, Stage::Whole);
            check.step();
        }
        assert_eq!(check.note(), None);
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
