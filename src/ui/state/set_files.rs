//! The files of an inspected set: which of them still hold what was inspected, and what follows for the
//! results.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use kizumi_engine::message::{Failure, SetPixels};
use kizumi_image::stamp::Stamp;

use super::{Inspected, InspectedSet};
use crate::ui::state::labelling::Said;

impl InspectedSet {
    /// What the files were that the results are of.
    pub fn stamps(&self) -> Vec<(PathBuf, Stamp)> {
        let stamped = self.images.iter().zip(&self.results);
        stamped
            .filter_map(|(entry, result)| match result {
                Some(Ok(inspected)) => Some((entry.path.clone(), inspected.stamp?)),
                _ => None,
            })
            .collect()
    }

    /// Files of [`Self::stamps`] that are not what they were, and those that cannot be reached. Where
    /// results have been renewed since, they stand.
    pub fn files_found(&mut self, changed: &[(PathBuf, Stamp)], unreachable: &[(PathBuf, Stamp)]) {
        self.changed = self.places_of(changed);
        self.unreachable = self.places_of(unreachable);
        self.generation += 1;
        self.pixels_generation += 1;
    }

    /// The places of images whose results are of these files, as they were then.
    fn places_of(&self, files: &[(PathBuf, Stamp)]) -> BTreeSet<usize> {
        let files: HashMap<&Path, Stamp> = files
            .iter()
            .map(|(path, stamp)| (path.as_path(), *stamp))
            .collect();
        let is_of_them = |index: &usize| match &self.results[*index] {
            Some(Ok(inspected)) => {
                let known = files.get(self.images[*index].path.as_path());
                known.is_some() && known == inspected.stamp.as_ref()
            }
            _ => false,
        };
        (0..self.results.len()).filter(is_of_them).collect()
    }

    /// Whether the file of the image at this place holds something else by now than what was inspected.
    pub fn is_changed(&self, index: usize) -> bool {
        self.changed.contains(&index)
    }

    /// How many results are left out because their files have changed.
    pub fn left_out(&self) -> usize {
        self.changed.len()
    }

    /// What became of each image, as far as that holds: what is in a file that has changed waits to be
    /// inspected. Whoever judges, counts, draws or reports results takes these.
    pub fn current_results(
        &self,
    ) -> impl ExactSizeIterator<Item = Option<Result<&Inspected, &Failure>>> {
        let results = self.results.iter().enumerate();
        results.map(|(index, result)| {
            let result = result.as_ref().filter(|_| !self.is_changed(index))?;
            Some(result.as_ref())
        })
    }

    /// Masks that somebody should look at, as they were when their images were inspected.
    pub fn masks_to_look_at(&self) -> &[Failure] {
        self.pixels().map_or(&[], |pixels| &pixels.masks)
    }

    /// The pixels of images whose kind is known. They are counted together, so there are none once
    /// a file has changed, or what is said of one.
    pub fn current_pixels(&self) -> Option<&SetPixels> {
        let holds = self.changed.is_empty() && self.retold.is_empty();
        self.pixels().filter(|_| holds)
    }

    /// Other labels or masks were given to images, which said the first thing and say the second: pixels that were
    /// counted by the ones before hold no more.
    pub fn retell<'a>(&mut self, changes: impl Iterator<Item = (&'a Path, &'a Said, &'a Said)>) {
        let mut changes = changes.peekable();
        if changes.peek().is_none() {
            return;
        }
        let results = self.images.iter().zip(&self.results);
        let inspected = results.filter(|(_, result)| result.is_some());
        let inspected: HashSet<&Path> = inspected.map(|(entry, _)| &*entry.path).collect();
        for (path, before, after) in changes.filter(|(path, ..)| inspected.contains(path)) {
            let known = self.retold.entry(path.to_owned());
            if known.or_insert_with(|| before.clone()) == after {
                self.retold.remove(path);
            }
            self.pixels_generation += 1;
            self.generation += 1;
        }
    }

    /// Of how many images something else is said by now than when they were inspected.
    pub fn retold(&self) -> usize {
        self.retold.len()
    }
}
