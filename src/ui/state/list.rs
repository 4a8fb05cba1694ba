//! The images of the data set as a list to go through.

use std::path::Path;

use kizumi_dataset::catalog::{Catalog, Entry, Kind};

use super::inspecting::Inspecting;
use super::labelling::LabelFilter;
use super::set::Source;
use super::{State, Step};

/// The image that comes next.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// The image.
    pub entry: Entry,
    /// Its place in the inspected set, where the review is gone through.
    pub place: Option<usize>,
}

impl State {
    /// The image so many places on: in `order`, that of the review's wall, where the open one was chosen there, or
    /// else in the list.
    pub fn next_image(&self, by: isize, order: &[usize]) -> Option<Next> {
        let Some((place, _)) = self.place_in_review(order) else {
            let entry = self.neighbour(by)?;
            return Some(Next { entry, place: None });
        };
        let last = order.len().checked_sub(1)?;
        let index = order[place.saturating_add_signed(by).min(last)];
        let entry = self.set.images().get(index)?.clone();
        Some(Next {
            entry,
            place: Some(index),
        })
    }

    /// Place of the open image in the review, in the order of its wall, and how many are shown there; `None` unless it
    /// was chosen there.
    pub fn place_in_review(&self, order: &[usize]) -> Option<(usize, usize)> {
        let goes_through = self.examines && self.step == Step::Inspect;
        let cursor = self.review.cursor.filter(|_| goes_through)?;
        let selected = self.inspecting.selected.as_ref()?;
        let is_it = self.set.images().get(cursor)?.path == selected.path;
        let passed_over = self.inspecting.passed_over.is_some();
        let place = order.iter().position(|index| *index == cursor)?;
        (is_it || passed_over).then_some((place, order.len()))
    }

    /// Whether an image is one of the data set that is open.
    pub fn is_in_dataset(&self, entry: &Entry) -> bool {
        let root = self.dataset.as_ref().map(|dataset| &dataset.catalog.root);
        root.is_some_and(|root| entry.path.starts_with(root))
    }

    /// The entry of an image file: as in the data set, or by itself.
    pub fn entry_of(&self, path: &Path) -> Entry {
        let known = self.dataset.iter().flat_map(|dataset| {
            let catalog = &dataset.catalog;
            catalog.test.iter().chain(&catalog.train)
        });
        known
            .into_iter()
            .find(|entry| entry.path == path)
            .cloned()
            .unwrap_or_else(|| Entry::alone(path.to_path_buf()))
    }

    /// What an image shows, which is known when it belongs to the data set: its label goes before its folder.
    pub fn known_kind(&self, entry: &Entry) -> Kind {
        match self.is_in_dataset(entry) {
            true => self.labelled(entry).kind.clone(),
            false => Kind::Unknown,
        }
    }

    /// The images of the list.
    pub fn listed_images(&self) -> &[Entry] {
        let dataset = self.dataset.as_ref();
        dataset.map_or(&[], |dataset| dataset.images(self.listed))
    }

    /// Whether the filter by labels lets an image into the list.
    pub fn is_listed(&self, entry: &Entry) -> bool {
        self.label_filter.admits(self.label_of(&entry.path))
    }

    /// Place of the chosen image in the list, and the list's length.
    pub fn place_in_list(&self) -> Option<(usize, usize)> {
        let selected = self.inspecting.selected.as_ref()?;
        Some((self.place_of(selected)?, self.listed_images().len()))
    }

    fn place_of(&self, image: &Entry) -> Option<usize> {
        let open = self.dataset.as_ref()?;
        let name = open.catalog.name_of(&image.path);
        let (is_train, place) = *open.places.get(&name)?;
        let lists_train = self.listed == Source::Normals || open.catalog.test.is_empty();
        (is_train == lists_train).then_some(place)
    }

    /// The first image of the list that is known to show a defect.
    pub fn first_defective(&self) -> Option<&Entry> {
        let mut images = self.listed_images().iter();
        images.find(|entry| {
            self.is_listed(entry) && matches!(self.labelled(entry).kind, Kind::Defect(_))
        })
    }

    /// The image so many places on from the chosen one, or from one that was chosen since and could not
    /// be opened: nobody is to be held up by a broken file. The first one when none is chosen.
    pub fn neighbour(&self, by: isize) -> Option<Entry> {
        let images = self.listed_images();
        let last = images.len().checked_sub(1)?;
        let Inspecting {
            passed_over,
            selected,
            ..
        } = &self.inspecting;
        let place = |entry: &Option<Entry>| self.place_of(entry.as_ref()?);
        let Some(from) = place(passed_over).or_else(|| place(selected)) else {
            return images.iter().find(|entry| self.is_listed(entry)).cloned();
        };
        if self.label_filter == LabelFilter::All {
            let index = from.saturating_add_signed(by).min(last);
            return Some(images[index].clone());
        }
        let is_listed = |entry: &&Entry| self.is_listed(entry);
        let places = by.unsigned_abs().checked_sub(1)?;
        match by > 0 {
            true => images[from + 1..]
                .iter()
                .filter(is_listed)
                .nth(places)
                .cloned(),
            false => images[..from]
                .iter()
                .rev()
                .filter(is_listed)
                .nth(places)
                .cloned(),
        }
    }
}

/// The images of a source; the normal ones where there are no others.
pub(super) fn images_of(catalog: &Catalog, source: Source) -> &[Entry] {
    match source {
        Source::Test if !catalog.test.is_empty() => &catalog.test,
        _ => &catalog.train,
    }
}
