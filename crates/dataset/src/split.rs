//! Which normal images are trained on and which are held out.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::catalog::Entry;
use super::natural::natural_cmp;
use kizumi_image::seeded;

/// Bytes of a file's middle that stand for its content.
const SAMPLE_BYTES: u64 = 32 << 10;

/// How normal images are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// For a new model.
    New,
    /// As a model did, whose [`Split::below`] this is: what it held out stays held out, whatever came to
    /// it, and of that about as large a share is.
    Below(u64),
    /// As models did that know no such number: by the files' places in the list, so that one more file
    /// changes the fate of all.
    ByPlace,
}

/// Normal images, parted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Those to train on, in natural order.
    pub training: Vec<Entry>,
    /// Those never trained on, likewise.
    pub held_out: Vec<Entry>,
    /// Held out are the files whose key is at most this; `None` where places decided. A key is a hash of the
    /// seed and of a part of the content: neither names nor other files matter.
    pub below: Option<u64>,
}

/// Parts `entries`.
///
/// Held out is `fraction` of the whole, rounded, unless it is known below which key; at least one image
/// and never all of them. Files of one content have one fate: where they leave no such part, as a single
/// image does, nothing is held out.
pub fn split(entries: &[Entry], fraction: f32, seed: u64, parting: Parting) -> Split {
    let mut ordered = entries.to_vec();
    ordered.sort_by(|a, b| natural_cmp(&a.path, &b.path));
    let wanted = held_out_of(ordered.len(), fraction);
    let (is_held_out, below) = match parting {
        Parting::ByPlace => (by_place(ordered.len(), wanted, seed), None),
        Parting::New => by_key(&keys(&ordered, seed), wanted, None),
        Parting::Below(below) => by_key(&keys(&ordered, seed), wanted, Some(below)),
    };
    let mut images = ordered.into_iter().zip(is_held_out);
    let (mut training, mut held_out) = (Vec::new(), Vec::new());
    for (entry, is_held_out) in &mut images {
        match is_held_out {
            true => held_out.push(entry),
            false => training.push(entry),
        }
    }
    Split {
        training,
        held_out,
        below,
    }
}

fn held_out_of(total: usize, fraction: f32) -> usize {
    match total {
        0 | 1 => 0,
        _ => ((total as f32 * fraction).round() as usize).clamp(1, total - 1),
    }
}

fn by_place(total: usize, wanted: usize, seed: u64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..total).collect();
    order.shuffle(&mut seeded::rng(seed, "split", 0));
    let mut is_held_out = vec![false; total];
    for &index in &order[..wanted] {
        is_held_out[index] = true;
    }
    is_held_out
}

/// Which keys are held out, and the largest one that is.
fn by_key(keys: &[u64], wanted: usize, known: Option<u64>) -> (Vec<bool>, Option<u64>) {
    let parted = |below: u64| -> Option<(Vec<bool>, Option<u64>)> {
        let is_held_out: Vec<bool> = keys.iter().map(|key| *key <= below).collect();
        let is_usable = is_held_out.contains(&true) && is_held_out.contains(&false);
        is_usable.then_some((is_held_out, Some(below)))
    };
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    let fresh = wanted.checked_sub(1).and_then(|last| sorted.get(last));
    let fresh = || parted(*fresh?);
    let nothing = (vec![false; keys.len()], Some(0));
    known.and_then(parted).or_else(fresh).unwrap_or(nothing)
}

fn keys(entries: &[Entry], seed: u64) -> Vec<u64> {
    let entries = entries.par_iter();
    entries.map(|entry| key(&entry.path, seed)).collect()
}

/// 53 bits, which every reader of JSON keeps. A file that cannot be read has some key, too: it is
/// complained about where it is decoded.
fn key(path: &Path, seed: u64) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    if let Ok((length, sample)) = sample(path) {
        hasher.update(&length.to_le_bytes());
        hasher.update(&sample);
    }
    let mut bytes = [0; 8];
    hasher.finalize_xof().fill(&mut bytes);
    u64::from_le_bytes(bytes) >> 11
}

/// The length of a file and some of its middle, where images differ most.
fn sample(path: &Path) -> io::Result<(u64, Vec<u8>)> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(SAMPLE_BYTES) / 2))?;
    let mut sample = Vec::new();
    file.take(SAMPLE_BYTES).read_to_end(&mut sample)?;
    Ok((length, sample))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::catalog::Kind;

    fn entry(path: PathBuf) -> Entry {
        Entry {
            path,
            kind: Kind::Normal,
            mask: None,
        }
    }

    /// Files that each hold another number.
    fn files(folder: &Path, numbers: std::ops::Range<usize>) -> Vec<Entry> {
        let file = |number: usize| {
            let path = folder.join(format!("{number}.png"));
            std::fs::write(&path, format!("content {number}")).unwrap();
            entry(path)
        };
        numbers.map(file).collect()
    }

    fn names(part: &[Entry]) -> Vec<PathBuf> {
        let name = |entry: &Entry| entry.path.file_name().unwrap().into();
        part.iter().map(name).collect()
    }

    #[test]
    fn sizes_follow_the_fraction_within_bounds() {
        let folder = tempfile::tempdir().unwrap();
        for (count, fraction, expected) in [
            (200, 0.1, (180, 20)),
            (3, 0.1, (2, 1)),
            (2, 0.0, (1, 1)),
            (2, 1.0, (1, 1)),
            (1, 0.5, (1, 0)),
            (0, 0.5, (0, 0)),
            (5, f32::NAN, (4, 1)),
        ] {
            let all = files(folder.path(), 0..count);
            for parting in [Parting::New, Parting::ByPlace] {
                let parts = split(&all, fraction, 7, parting);
                assert_eq!((parts.training.len(), parts.held_out.len()), expected);
                let mut both = [parts.training, parts.held_out].concat();
                both.sort_by(|a, b| natural_cmp(&a.path, &b.path));
                assert_eq!(both, all, "nothing is lost or doubled");
            }
        }
    }

    #[test]
    fn neither_names_nor_order_decide() {
        let folder = tempfile::tempdir().unwrap();
        let all = files(folder.path(), 0..40);
        let parts = split(&all, 0.25, 1, Parting::New);
        let mut reversed = all.clone();
        reversed.reverse();
        assert_eq!(split(&reversed, 0.25, 1, Parting::New), parts);
        assert_ne!(split(&all, 0.25, 2, Parting::New), parts, "the seed does");
        // The same files under other names.
        let moved = tempfile::tempdir().unwrap();
        let renamed = |entry: &Entry| {
            let name = entry
                .path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .replace(".png", "-b.png");
            let path = moved.path().join(name);
            std::fs::copy(&entry.path, &path).unwrap();
            path
        };
        let others: Vec<Entry> = all
            .iter()
            .map(|one| super::tests::entry(renamed(one)))
            .collect();
        let moved = split(&others, 0.25, 1, Parting::New);
        let held_out = parts
            .held_out
            .iter()
            .map(|one| one.path.file_stem().unwrap());
        let held_out: Vec<String> = held_out
            .map(|stem| format!("{}-b.png", stem.display()))
            .collect();
        let found: Vec<String> = names(&moved.held_out)
            .iter()
            .map(|name| name.display().to_string())
            .collect();
        assert_eq!(found, held_out);
    }

    #[test]
    fn what_was_held_out_stays_so_when_images_are_added() {
        let folder = tempfile::tempdir().unwrap();
        let all = files(folder.path(), 0..500);
        let before = split(&all[..50], 0.1, 7, Parting::New);
        // Some are gone, many are new.
        let below = before.below.unwrap();
        let after = split(&all[10..], 0.1, 7, Parting::Below(below));
        for entry in &all[10..50] {
            assert_eq!(
                before.held_out.contains(entry),
                after.held_out.contains(entry)
            );
        }
        assert!((20..120).contains(&after.held_out.len()));
        assert_eq!(after.below, Some(below));
        // By place most of them would be trained on.
        let placed = |files| split(files, 0.1, 7, Parting::ByPlace).held_out;
        let (old, new) = (placed(&all[..50]), placed(&all[10..]));
        assert!(old.iter().any(|entry| !new.contains(entry)));
        // A number that says nothing about these images is of no use.
        let fresh = split(&all, 0.1, 7, Parting::New);
        assert_eq!(split(&all, 0.1, 7, Parting::Below(0)), fresh);
    }

    #[test]
    fn something_is_left_to_train_on() {
        let folder = tempfile::tempdir().unwrap();
        let twins: Vec<Entry> = (0..5)
            .map(|number| {
                let path = folder.path().join(format!("{number}.png"));
                std::fs::write(&path, "always the same").unwrap();
                entry(path)
            })
            .collect();
        assert_eq!(split(&twins, 0.2, 7, Parting::New).training, twins);
        let missing = [
            entry("no/such/file.png".into()),
            entry("nor/this.png".into()),
        ];
        assert_eq!(split(&missing, 0.2, 7, Parting::New).training.len(), 2);
    }
}
