//! Images that hold the same, byte for byte, as one that is labelled: what a person says of it is said of them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Labels;
use crate::catalog::Catalog;
use crate::fingerprint::{middle_of, whole_of};
use kizumi_image::stamp::Stamp;

/// Images that hold the same as others, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    groups: Vec<Vec<String>>,
    group_of: BTreeMap<String, usize>,
}

impl Alike {
    /// The others that hold the same as an image.
    pub(super) fn others<'a>(&'a self, image: &'a str) -> impl Iterator<Item = &'a String> {
        let group = self.group_of.get(image).map(|group| &self.groups[*group]);
        let others = group.into_iter().flatten();
        others.filter(move |other| *other != image)
    }

    /// Whether there are others that hold the same as an image.
    pub fn has_others(&self, image: &str) -> bool {
        self.others(image).next().is_some()
    }

    fn add(&mut self, group: Vec<String>) {
        let number = self.groups.len();
        let members = group.iter().map(|name| (name.clone(), number));
        self.group_of.extend(members);
        self.groups.push(group);
    }
}

/// What is known of files that were looked at, so that no label makes all of them be read once more. A file that is
/// written anew while its data set is open counts as it was.
#[derive(Clone, Debug, Default)]
pub struct Read {
    bytes: HashMap<PathBuf, u64>,
    middles: HashMap<PathBuf, blake3::Hash>,
    wholes: HashMap<PathBuf, blake3::Hash>,
}

impl Labels {
    /// Looks for the images of a data set that hold the same as labelled ones. Only files of equal size are opened, and only
    /// those that are alike in the middle are read to the end.
    pub fn find_alike(&mut self, catalog: &Catalog, read: &mut Read) {
        if self.is_empty() {
            self.alike = Alike::default();
            return;
        }
        let entries = catalog.train.iter().chain(&catalog.test);
        let images = entries.map(|entry| (catalog.name_of(&entry.path), entry.path.clone()));
        self.find_alike_among(&images.collect(), read);
    }

    pub(super) fn find_alike_among(&mut self, images: &BTreeMap<String, PathBuf>, read: &mut Read) {
        let new = images
            .values()
            .filter(|path| !read.bytes.contains_key(*path));
        let new: Vec<&PathBuf> = new.collect();
        let sizes = new.into_par_iter();
        let sizes =
            sizes.map(|path| (path.clone(), Stamp::of(path).map_or(0, |stamp| stamp.bytes)));
        let sizes: Vec<(PathBuf, u64)> = sizes.collect();
        read.bytes.extend(sizes);
        let sizes = images.iter().filter_map(|(name, path)| {
            let bytes = *read.bytes.get(path)?;
            (bytes > 0).then_some((bytes, (name, path.as_path())))
        });
        let same_size = by_key(sizes.collect());
        let shared = same_size
            .into_values()
            .filter(|files| self.has_twins(files));
        let shared: Vec<File<'_>> = shared.flatten().collect();
        let same_middle = self.parted(shared, &mut read.middles, middle_of);
        let same = same_middle.into_iter();
        let mut same: Vec<_> = same
            .flat_map(|files| self.parted(files, &mut read.wholes, whole_of))
            .collect();
        same.sort();
        let mut alike = Alike::default();
        for files in same {
            let mut names: Vec<String> = files.iter().map(|(name, _)| (*name).clone()).collect();
            names.sort();
            alike.add(names);
        }
        self.alike = alike;
    }

    /// Whether one of several files is labelled.
    fn has_twins(&self, files: &[File<'_>]) -> bool {
        files.len() > 1 && files.iter().any(|(name, _)| self.get(name).is_some())
    }

    /// The files by a hash of them, where one of those that have it in common is labelled.
    fn parted<'f>(
        &self,
        files: Vec<File<'f>>,
        known: &mut HashMap<PathBuf, blake3::Hash>,
        hash: impl Fn(&Path) -> std::io::Result<blake3::Hash> + Sync,
    ) -> Vec<Vec<File<'f>>> {
        let new = files.iter().filter(|(_, path)| !known.contains_key(*path));
        let new: Vec<&Path> = new.map(|(_, path)| *path).collect();
        let new = new.into_par_iter();
        let new: Vec<_> = new
            .filter_map(|path| Some((path.to_owned(), hash(path).ok()?)))
            .collect();
        known.extend(new);
        let hashed = files.into_iter();
        let hashed = hashed.filter_map(|file| Some((*known.get(file.1)?, file)));
        let parted = by_key(hashed.collect()).into_values();
        parted.filter(|files| self.has_twins(files)).collect()
    }
}

/// The name of an image, and its file.
type File<'f> = (&'f String, &'f Path);

fn by_key<K: Eq + std::hash::Hash, F>(files: Vec<(K, F)>) -> HashMap<K, Vec<F>> {
    let mut parted: HashMap<K, Vec<F>> = HashMap::new();
    for (key, file) in files {
        parted.entry(key).or_default().push(file);
    }
    parted
}
