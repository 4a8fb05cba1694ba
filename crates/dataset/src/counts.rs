//! How many images of a data set are what.

use std::collections::BTreeMap;

use serde::Serialize;

use super::catalog::{Catalog, Entry, Kind, count_of};
use super::labels::Standing;

/// How many test images are what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Normal ones.
    pub normal: usize,
    /// Defective ones.
    pub defective: usize,
    /// Those of which nobody has said what they show.
    pub unknown: usize,
    /// The defective ones of each kind.
    pub kinds: BTreeMap<String, usize>,
    /// Defective images with a mask.
    pub masks: usize,
    /// Those without one.
    pub without_mask: usize,
}

impl Counts {
    /// Counts test images.
    pub fn of(test: &[Entry]) -> Self {
        let mut counts = Self::default();
        for entry in test {
            counts.add(entry);
        }
        counts
    }

    /// How many images there are.
    pub fn all(&self) -> usize {
        self.normal + self.defective + self.unknown
    }

    fn add(&mut self, entry: &Entry) {
        match &entry.kind {
            Kind::Normal => self.normal += 1,
            Kind::Unknown => self.unknown += 1,
            Kind::Defect(name) => {
                self.defective += 1;
                match entry.mask {
                    Some(_) => self.masks += 1,
                    None => self.without_mask += 1,
                }
                *self.kinds.entry(name.clone()).or_default() += 1;
            }
        }
    }

    /// The reverse, of one that was added.
    fn remove(&mut self, entry: &Entry) {
        match &entry.kind {
            Kind::Normal => self.normal -= 1,
            Kind::Unknown => self.unknown -= 1,
            Kind::Defect(name) => {
                self.defective -= 1;
                match entry.mask {
                    Some(_) => self.masks -= 1,
                    None => self.without_mask -= 1,
                }
                if let Some(count) = self.kinds.get_mut(name) {
                    *count -= 1;
                    if *count == 0 {
                        self.kinds.remove(name);
                    }
                }
            }
        }
    }
}

/// How many images of a data set are for what: counted once, and then kept up to date image by image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Normal images to learn from.
    pub train: usize,
    /// Images to test with.
    pub test: Counts,
}

impl Tally {
    /// Counts all of them.
    pub fn of(catalog: &Catalog) -> Self {
        Self {
            train: catalog.train.len(),
            test: catalog.counts(),
        }
    }

    /// One more image.
    pub fn add(&mut self, standing: &Standing) {
        match standing {
            Standing::Train(_) => self.train += 1,
            Standing::Test(entry) => self.test.add(entry),
            Standing::LeftOut => {}
        }
    }

    /// One that was counted is not there any more.
    pub fn remove(&mut self, standing: &Standing) {
        match standing {
            Standing::Train(_) => self.train -= 1,
            Standing::Test(entry) => self.test.remove(entry),
            Standing::LeftOut => {}
        }
    }

    /// The data set in a sentence without its full stop: "200 normal for training, 60 normal and
    /// 80 defective (1 kind) for test, 80 masks".
    pub fn summary(&self) -> String {
        let train = format!("{} normal for training", self.train);
        let counts = &self.test;
        if counts.all() == 0 {
            return train;
        }
        let kinds = count_of(counts.kinds.len(), "kind");
        let mut groups = Vec::new();
        if counts.normal > 0 {
            groups.push(format!("{} normal", counts.normal));
        }
        if counts.defective > 0 {
            groups.push(format!("{} defective ({kinds})", counts.defective));
        }
        if counts.unknown > 0 {
            groups.push(format!("{} unknown", counts.unknown));
        }
        let last = groups.pop().unwrap_or_default();
        let test = match groups.is_empty() {
            true => last,
            false => format!("{} and {last}", groups.join(", ")),
        };
        let masks = count_of(counts.masks, "mask");
        format!("{train}, {test} for test, {masks}")
    }
}

impl Catalog {
    /// How many test images are what.
    pub fn counts(&self) -> Counts {
        Counts::of(&self.test)
    }

    /// The data set in a sentence: see [`Tally::summary`].
    pub fn summary(&self) -> String {
        Tally::of(self).summary()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;
    use crate::catalog::Layout;

    fn entries(count: usize, kind: Kind, masked: bool) -> Vec<Entry> {
        let entry = |i| Entry {
            path: PathBuf::from(format!("{i}.png")),
            kind: kind.clone(),
            mask: masked.then(|| PathBuf::from(format!("{i}_mask.png")).into()),
        };
        (0..count).map(entry).collect()
    }

    fn summary(normal: usize, good: usize, defects: &[(&str, usize)], unknown: usize) -> String {
        let mut test = entries(good, Kind::Normal, false);
        for (kind, count) in defects {
            test.extend(entries(*count, Kind::Defect((*kind).into()), true));
        }
        test.extend(entries(unknown, Kind::Unknown, false));
        Catalog {
            root: PathBuf::new(),
            layout: Layout::Mvtec,
            train: entries(normal, Kind::Normal, false),
            test,
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: BTreeSet::new(),
            joined: Default::default(),
        }
        .summary()
    }

    #[test]
    fn summary_says_what_was_recognised() {
        assert_eq!(
            summary(200, 60, &[("pitting", 80)], 0),
            "200 normal for training, 60 normal and 80 defective (1 kind) for test, 80 masks"
        );
        assert_eq!(
            summary(3, 0, &[("a", 1), ("b", 0), ("c", 2)], 0),
            "3 normal for training, 3 defective (2 kinds) for test, 3 masks"
        );
        assert_eq!(summary(7, 0, &[], 0), "7 normal for training");
        assert_eq!(
            summary(0, 2, &[], 0),
            "0 normal for training, 2 normal for test, 0 masks"
        );
        assert_eq!(
            summary(5, 2, &[("a", 1)], 4),
            "5 normal for training, 2 normal, 1 defective (1 kind) and 4 unknown for test, 1 mask"
        );
    }
}
