//! Which images a folder holds and what they are: names only, nothing is decoded.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use kizumi_method::kind::Kind;

/// One image of a data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The image file.
    pub path: PathBuf,
    /// Normal, or which defect.
    pub kind: Kind,
    /// Its ground-truth mask; [`kizumi_image::mask::load_mask`] says which pixels are defective.
    pub mask: Option<PathBuf>,
}

impl Entry {
    /// An image that belongs to no data set.
    pub fn alone(path: PathBuf) -> Self {
        Self {
            path,
            kind: Kind::Normal,
            mask: None,
        }
    }
}

/// How the folder is organised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// `train/good`, `test/<kind>`, `ground_truth/<kind>`.
    Mvtec,
    /// Normal images, in nested folders or not.
    Plain,
}

/// A recognised data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// The folder that was opened.
    pub root: PathBuf,
    /// How it is organised.
    pub layout: Layout,
    /// Normal images to learn from, in natural order.
    pub train: Vec<Entry>,
    /// Images to inspect, in natural order, grouped by kind.
    pub test: Vec<Entry>,
    /// What a person should know: few normals, masks without images, files passed over.
    pub notes: Vec<String>,
}

impl Catalog {
    /// The data set in a sentence without its full stop: "200 normal for training, 60 normal and
    /// 80 defective (1 kind) for test, 80 masks".
    pub fn summary(&self) -> String {
        let mut parts = vec![format!("{} normal for training", self.train.len())];
        if !self.test.is_empty() {
            let kinds: BTreeSet<&Kind> = self
                .test
                .iter()
                .map(|entry| &entry.kind)
                .filter(|kind| **kind != Kind::Normal)
                .collect();
            let normal = self
                .test
                .iter()
                .filter(|entry| entry.kind == Kind::Normal)
                .count();
            let defective = self.test.len() - normal;
            let masks = self.test.iter().filter(|entry| entry.mask.is_some());
            parts.push(match (normal, defective) {
                (normal, 0) => format!("{normal} normal for test"),
                (0, defective) => format!(
                    "{defective} defective ({}) for test",
                    count_of(kinds.len(), "kind")
                ),
                (normal, defective) => format!(
                    "{normal} normal and {defective} defective ({}) for test",
                    count_of(kinds.len(), "kind")
                ),
            });
            parts.push(count_of(masks.count(), "mask"));
        }
        parts.join(", ")
    }
}

/// "1 mask", "2 masks".
pub(crate) fn count_of(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(count: usize, kind: Kind, masked: bool) -> Vec<Entry> {
        let entry = |i| Entry {
            path: PathBuf::from(format!("{i}.png")),
            kind: kind.clone(),
            mask: masked.then(|| PathBuf::from(format!("{i}_mask.png"))),
        };
        (0..count).map(entry).collect()
    }

    fn summary(normal: usize, good: usize, defects: &[(&str, usize)]) -> String {
        let mut test = entries(good, Kind::Normal, false);
        for (kind, count) in defects {
            test.extend(entries(*count, Kind::Defect((*kind).into()), true));
        }
        Catalog {
            root: PathBuf::new(),
            layout: Layout::Mvtec,
            train: entries(normal, Kind::Normal, false),
            test,
            notes: Vec::new(),
        }
        .summary()
    }

    #[test]
    fn summary_says_what_was_recognised() {
        assert_eq!(
            summary(200, 60, &[("pitting", 80)]),
            "200 normal for training, 60 normal and 80 defective (1 kind) for test, 80 masks"
        );
        assert_eq!(
            summary(3, 0, &[("a", 1), ("b", 0), ("c", 2)]),
            "3 normal for training, 3 defective (2 kinds) for test, 3 masks"
        );
        assert_eq!(summary(7, 0, &[]), "7 normal for training");
        assert_eq!(
            summary(0, 2, &[]),
            "0 normal for training, 2 normal for test, 0 masks"
        );
    }
}
