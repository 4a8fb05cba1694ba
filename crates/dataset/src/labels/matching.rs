//! Which label belongs to which image.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::file::{LabelError, Record, read};
use super::masks::{find, not_named};
use super::{Labels, Missing, Unmatched, UnusedMask, WhyUnused};
use crate::catalog::{Catalog, name_below};
use crate::path_list::PathList;
use kizumi_image::drawn_mask::DrawnMask;
use kizumi_image::stamp::Stamp;

impl Labels {
    /// The labels of a data set, for the images that it has.
    ///
    /// # Errors
    /// When there are labels that cannot be read.
    pub fn of(catalog: &Catalog) -> Result<Self, LabelError> {
        let records = read(&catalog.root)?;
        if records.is_empty() {
            return Ok(Self::without_labels(&catalog.root));
        }
        let entries = catalog.train.iter().chain(&catalog.test);
        let images = entries.map(|entry| (catalog.name_of(&entry.path), entry.path.clone()));
        Ok(matched(&catalog.root, records, images.collect()))
    }

    /// The same for images below a folder of which nothing else is known.
    ///
    /// # Errors
    /// As [`Labels::of`].
    pub fn of_list(root: &Path, images: &PathList) -> Result<Self, LabelError> {
        let records = read(root)?;
        if records.is_empty() {
            return Ok(Self::without_labels(root));
        }
        let images = images.iter();
        let images = images.map(|below| (name_below(root, below), root.join(below)));
        Ok(matched(root, records, images.collect()))
    }
}

impl Labels {
    fn without_labels(root: &Path) -> Self {
        Self {
            unused_masks: not_named(root, &[]),
            ..Self::default()
        }
    }

    /// What is said of an image that is there.
    fn give(&mut self, root: &Path, name: &str, record: Record) {
        self.set(name, Some(record.label));
        let Some(mask) = record.mask else {
            return;
        };
        match find(root, &mask) {
            Some(file) => self.set_drawn(name, Some(DrawnMask::kept(file))),
            None => self.unused_masks.push(UnusedMask {
                mask,
                why: WhyUnused::Gone,
            }),
        }
    }
}

/// Gives each label to the image of its name if that holds what it held, else to one that does and has no label of
/// its own.
fn matched(root: &Path, records: Vec<Record>, images: BTreeMap<String, PathBuf>) -> Labels {
    let holds = |record: &Record| {
        let path = images.get(&record.image)?;
        let content = record.content.as_ref();
        Some(content.is_none_or(|content| content.is_of(path)))
    };
    let fate: Vec<Option<bool>> = records.par_iter().map(holds).collect();
    let (mut labels, mut lost) = (Labels::default(), Vec::new());
    labels.unused_masks = not_named(root, &records);
    for (record, holds) in records.into_iter().zip(fate) {
        match holds {
            Some(true) => labels.give(root, &record.image.clone(), record),
            Some(false) => lost.push((record, Missing::Changed)),
            None if root.join(&record.image).is_file() => lost.push((record, Missing::Unused)),
            None => lost.push((record, Missing::Gone)),
        }
    }
    if lost.is_empty() {
        return labels;
    }
    let mut of_size: HashMap<u64, Vec<(&String, &Path)>> = HashMap::new();
    let unlabelled = images.iter().filter(|(name, _)| labels.get(name).is_none());
    for (name, path) in unlabelled {
        if let Some(stamp) = Stamp::of(path) {
            of_size.entry(stamp.bytes).or_default().push((name, path));
        }
    }
    for (record, why) in lost {
        let content = record.content.as_ref();
        let alike = content.and_then(|content| {
            let mut alike = of_size.get(&content.bytes())?.iter();
            alike.find(|(name, path)| labels.get(name).is_none() && content.is_of(path))
        });
        match alike {
            Some((name, _)) => {
                labels.renamed.push((record.image.clone(), (*name).clone()));
                labels.give(root, name, record);
            }
            None => labels.unmatched.push(Unmatched {
                image: record.image,
                label: record.label,
                why,
            }),
        }
    }
    labels
}
