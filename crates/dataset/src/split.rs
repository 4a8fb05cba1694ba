//! Which normal images are trained on and which are held out.

use rand::seq::SliceRandom;

use super::catalog::Entry;
use super::natural::natural_cmp;
use kizumi_image::seeded;

/// Parts `entries` into (training, validation), each in natural order.
///
/// The validation part is `fraction` of the whole, rounded, but at least one image and never all
/// of them; a single image is trained on. The result depends on the seed and the names alone.
pub fn split(entries: &[Entry], fraction: f32, seed: u64) -> (Vec<Entry>, Vec<Entry>) {
    let mut ordered = entries.to_vec();
    ordered.sort_by(|a, b| natural_cmp(&a.path, &b.path));
    let total = ordered.len();
    let held_out = if total < 2 {
        0
    } else {
        ((total as f32 * fraction).round() as usize).clamp(1, total - 1)
    };
    let mut order: Vec<usize> = (0..total).collect();
    order.shuffle(&mut seeded::rng(seed, "split", 0));
    let mut validates = vec![false; total];
    for &index in &order[..held_out] {
        validates[index] = true;
    }
    let (validation, training): (Vec<_>, Vec<_>) = ordered
        .into_iter()
        .zip(validates)
        .partition(|(_, validates)| *validates);
    let entries = |part: Vec<(Entry, bool)>| part.into_iter().map(|(entry, _)| entry).collect();
    (entries(training), entries(validation))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::catalog::Kind;

    fn normals(root: &str, count: usize) -> Vec<Entry> {
        let entry = |i| Entry {
            path: PathBuf::from(format!("{root}/{i}.png")),
            kind: Kind::Normal,
            mask: None,
        };
        (0..count).map(entry).collect()
    }

    fn sizes(count: usize, fraction: f32) -> (usize, usize) {
        let (training, validation) = split(&normals("a", count), fraction, 7);
        (training.len(), validation.len())
    }

    #[test]
    fn sizes_follow_the_fraction_within_bounds() {
        assert_eq!(sizes(200, 0.1), (180, 20));
        assert_eq!(sizes(3, 0.1), (2, 1));
        assert_eq!(sizes(2, 0.0), (1, 1));
        assert_eq!(sizes(2, 1.0), (1, 1));
        assert_eq!(sizes(1, 0.5), (1, 0));
        assert_eq!(sizes(0, 0.5), (0, 0));
        assert_eq!(sizes(5, f32::NAN), (4, 1));
    }

    #[test]
    fn nothing_is_lost_or_doubled() {
        let all = normals("a", 57);
        let (mut training, validation) = split(&all, 0.2, 3);
        training.extend(validation);
        training.sort_by(|a, b| natural_cmp(&a.path, &b.path));
        assert_eq!(training, all);
    }

    #[test]
    fn the_seed_decides_and_the_order_of_the_files_does_not() {
        let all = normals("a", 40);
        let mut reversed = all.clone();
        reversed.reverse();
        assert_eq!(split(&all, 0.25, 1), split(&reversed, 0.25, 1));
        assert_ne!(split(&all, 0.25, 1), split(&all, 0.25, 2));
        // The same data set in another place is split alike.
        let names = |part: &[Entry]| -> Vec<_> {
            let name = |entry: &Entry| entry.path.file_name().map(ToOwned::to_owned);
            part.iter().map(name).collect()
        };
        let moved = split(&normals("somewhere/else", 40), 0.25, 1);
        assert_eq!(names(&split(&all, 0.25, 1).1), names(&moved.1));
    }
}
