//! Which normal images are trained on and which are held out.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::catalog::Entry;
use super::natural::natural_cmp;
use kizumi_image::{regular, seeded};

/// Bytes of a file's middle that stand for its content.
const SAMPLE_BYTES: u64 = 32 << 10;

/// Bits of a key: as many as every reader of JSON keeps.
const KEY_BITS: u32 = 53;

/// How normal images are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// For a new model.
    New,
    /// As a model did, whose [`Split::below`] this is: what it held out stays held out and what it learned
    /// from stays learned, whatever came to it or is gone; of what came about as large a share is held out.
    Below(u64),
    /// As models did that know no such number: by the files' places in the list, so that one more file
    /// changes the fate of all. One that is left out keeps its place.
    ByPlace,
}

/// Normal images, parted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Those to train on, in natural order.
    pub training: Vec<Entry>,
    /// Those never trained on, likewise.
    pub held_out: Vec<Entry>,
    /// Held out are the files whose key is at most this, now and later; `None` where places decided. A key is
    /// a hash of the seed and of a part of the content: neither names nor other files matter.
    pub below: Option<u64>,
}

/// Parts `entries`; `left_out` are files of the same folder that have no part in it.
///
/// A new model holds out `fraction` of the whole, rounded; at least one image and never all of them. Files of
/// one content have one fate: where they leave no such part, as a single image does, nothing is held out.
/// Where another parting is repeated one of both parts may be empty.
pub fn split(
    entries: &[Entry],
    left_out: &[PathBuf],
    fraction: f32,
    seed: u64,
    parting: Parting,
) -> Split {
    let mut ordered = entries.to_vec();
    ordered.sort_by(|a, b| natural_cmp(&a.path, &b.path));
    let is_at_most = |keys: &[u64], below: u64| keys.iter().map(|key| *key <= below).collect();
    let (is_held_out, below): (Vec<bool>, _) = match parting {
        Parting::ByPlace => (by_place(&ordered, left_out, fraction, seed), None),
        Parting::New => {
            let keys = keys(&ordered, seed);
            let below = fresh_below(&keys, fraction);
            (is_at_most(&keys, below), Some(below))
        }
        Parting::Below(below) => (is_at_most(&keys(&ordered, seed), below), Some(below)),
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

/// Which of these files are held out, in their order, from their places among all of the folder.
fn by_place(ordered: &[Entry], left_out: &[PathBuf], fraction: f32, seed: u64) -> Vec<bool> {
    let mut all: Vec<&PathBuf> = ordered.iter().map(|entry| &entry.path).collect();
    all.extend(left_out);
    all.sort_by(|a, b| natural_cmp(a, b));
    let wanted = held_out_of(all.len(), fraction);
    all.shuffle(&mut seeded::rng(seed, "split", 0));
    let held_out: HashSet<&PathBuf> = all[..wanted].iter().copied().collect();
    let is_held_out = |entry: &Entry| held_out.contains(&entry.path);
    ordered.iter().map(is_held_out).collect()
}

/// The largest key that a new model holds out.
fn fresh_below(keys: &[u64], fraction: f32) -> u64 {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    let wanted = held_out_of(keys.len(), fraction);
    let below = wanted.checked_sub(1).map(|last| sorted[last]);
    let below = below.filter(|below| sorted.last().is_some_and(|largest| below < largest));
    below.unwrap_or_else(|| {
        // None of these, and the usual share of what may come.
        let share = (f64::from(fraction) * (1u64 << KEY_BITS) as f64) as u64;
        let smallest = sorted.first().map_or(u64::MAX, |key| key.saturating_sub(1));
        share.min(smallest)
    })
}

fn keys(entries: &[Entry], seed: u64) -> Vec<u64> {
    let entries = entries.par_iter();
    entries.map(|entry| key(&entry.path, seed)).collect()
}

/// Of [`KEY_BITS`]. A file that cannot be read has some key, too: it is
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
    u64::from_le_bytes(bytes) >> (u64::BITS - KEY_BITS)
}

/// The length of a file and some of its middle, where images differ most.
fn sample(path: &Path) -> io::Result<(u64, Vec<u8>)> {
    let mut file = regular::open(path)?;
    let length = file.metadata()?.len();
    // The kernel's own files say that they are empty, and some make a reader wait.
    if length == 0 {
        return Ok((0, Vec::new()));
    }
    file.seek(SeekFrom::Start(length.saturating_sub(SAMPLE_BYTES) / 2))?;
    let mut sample = Vec::new();
    file.take(SAMPLE_BYTES).read_to_end(&mut sample)?;
    Ok((length, sample))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
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
                let parts = split(&all, &[], fraction, 7, parting);
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
        let parts = split(&all, &[], 0.25, 1, Parting::New);
        let mut reversed = all.clone();
        reversed.reverse();
        assert_eq!(split(&reversed, &[], 0.25, 1, Parting::New), parts);
        assert_ne!(
            split(&all, &[], 0.25, 2, Parting::New),
            parts,
            "the seed does"
        );
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
        let moved = split(&others, &[], 0.25, 1, Parting::New);
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
        let before = split(&all[..50], &[], 0.1, 7, Parting::New);
        // Some are gone, many are new.
        let below = before.below.unwrap();
        let after = split(&all[10..], &[], 0.1, 7, Parting::Below(below));
        for entry in &all[10..50] {
            assert_eq!(
                before.held_out.contains(entry),
                after.held_out.contains(entry)
            );
        }
        assert!((20..120).contains(&after.held_out.len()));
        assert_eq!(after.below, Some(below));
        // By place most of them would be trained on.
        let placed = |files| split(files, &[], 0.1, 7, Parting::ByPlace).held_out;
        let (old, new) = (placed(&all[..50]), placed(&all[10..]));
        assert!(old.iter().any(|entry| !new.contains(entry)));
    }

    #[test]
    fn what_was_learned_is_not_held_out_when_images_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let all = files(folder.path(), 0..30);
        // All that was held out is gone.
        let before = split(&all, &[], 0.1, 7, Parting::New);
        let below = before.below.unwrap();
        let after = split(&before.training, &[], 0.1, 7, Parting::Below(below));
        assert_eq!(after.training, before.training);
        assert_eq!((after.held_out.len(), after.below), (0, before.below));
        // Nor is a single one that was learned when others come.
        for one in &all {
            let alone = split(std::slice::from_ref(one), &[], 0.1, 7, Parting::New);
            let below = alone.below.unwrap();
            let more = split(&all, &[], 0.1, 7, Parting::Below(below));
            assert!(alone.held_out.is_empty() && more.training.contains(one));
            assert!(more.held_out.len() < 10);
        }
        // By place.
        let before = split(&all, &[], 0.25, 7, Parting::ByPlace);
        let (left_out, rest): (Vec<Entry>, Vec<Entry>) = all
            .iter()
            .cloned()
            .partition(|entry| entry.path.ends_with("3.png"));
        let left_out: Vec<PathBuf> = left_out.into_iter().map(|entry| entry.path).collect();
        let after = split(&rest, &left_out, 0.25, 7, Parting::ByPlace);
        for entry in &rest {
            let fates = [&before, &after].map(|split| split.held_out.contains(entry));
            assert_eq!(fates[0], fates[1], "{entry:?}");
        }
    }

    #[test]
    fn copies_are_on_one_side() {
        let folder = tempfile::tempdir().unwrap();
        let copies = tempfile::tempdir().unwrap();
        let all = [files(folder.path(), 0..30), files(copies.path(), 0..30)].concat();
        let parts = split(&all, &[], 0.2, 7, Parting::New);
        let content = |entry: &Entry| std::fs::read(&entry.path).unwrap();
        let held_out: Vec<_> = parts.held_out.iter().map(content).collect();
        assert_eq!(held_out.len(), 12);
        let mut training = parts.training.iter().map(content);
        assert!(training.all(|content| !held_out.contains(&content)));
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
        assert_eq!(split(&twins, &[], 0.2, 7, Parting::New).training, twins);
        let missing = [
            entry("no/such/file.png".into()),
            entry("nor/this.png".into()),
        ];
        assert_eq!(split(&missing, &[], 0.2, 7, Parting::New).training.len(), 2);
    }
}
