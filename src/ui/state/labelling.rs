//! What a person says of single images: labels, given and taken back one after another.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use kizumi_dataset::catalog::{Catalog, Entry, Kind, Note};
use kizumi_dataset::counts::Tally;
use kizumi_dataset::labels::{self, Alike, Label, Labels, Standing, kind_fault};
use kizumi_engine::message::{Command, DatasetId};
use kizumi_image::drawn_mask::DrawnMask;
use serde::{Deserialize, Serialize};

use super::{Dataset, State};

/// What a person has said of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Its label.
    pub label: Option<Label>,
    /// What is defective, as it was drawn.
    pub mask: Option<DrawnMask>,
}

impl Said {
    /// What was said of an image of this name.
    pub fn of(labels: &Labels, name: &str) -> Self {
        Self {
            label: labels.get(name).cloned(),
            mask: labels.drawn(name).cloned(),
        }
    }

    /// What follows for what the image shows.
    fn truth(&self) -> (Option<&Label>, Option<&DrawnMask>) {
        let label = self.label.as_ref();
        let is_defective = matches!(label, Some(Label::Ng { .. }));
        (
            label.filter(|label| **label != Label::LeftOut),
            self.mask.as_ref().filter(|_| is_defective),
        )
    }
}

/// What is said of an image from now on, and what was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relabelled {
    image: String,
    path: PathBuf,
    before: Said,
    after: Said,
}

impl Relabelled {
    /// The same the other way round.
    pub fn reversed(self) -> Self {
        Self {
            before: self.after,
            after: self.before,
            ..self
        }
    }

    /// Whether it changes what the image is said to show.
    fn changes_truth(&self) -> bool {
        self.before.truth() != self.after.truth()
    }

    /// What is to be written.
    fn unsaved(&self, earlier_name: Option<String>) -> labels::Change {
        let (before, after) = (&self.before, &self.after);
        let mask = match &after.mask {
            Some(mask) if before.mask != after.mask || before.label.is_none() => {
                labels::NewMask::Drawn(mask.clone())
            }
            None if before.mask.is_some() => labels::NewMask::None,
            _ => labels::NewMask::Same,
        };
        let file = after.mask.as_ref().map(|mask| &mask.file);
        // What is known without its file can be brought back.
        let gone = before.mask.as_ref().filter(|mask| mask.is_in_memory());
        let gone = gone.filter(|mask| Some(&mask.file) != file);
        labels::Change {
            image: self.image.clone(),
            path: self.path.clone(),
            label: after.label.clone(),
            earlier_name,
            mask,
            unwanted: gone.map(|mask| mask.file.clone()),
        }
    }
}

/// Labels that are to be written to the file of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaved {
    /// The folder of the data set.
    pub root: PathBuf,
    /// What is to be written.
    pub changes: Vec<labels::Change>,
}

/// Which images are listed, by their labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabelFilter {
    /// All of them.
    #[default]
    All,
    /// Those that have one.
    Labelled,
    /// Those that have none.
    Unlabelled,
    /// Those that are labelled normal.
    Ok,
    /// Those that are labelled defective.
    Ng,
    /// Those that are left out of training.
    LeftOut,
}

impl LabelFilter {
    /// In the order of a menu.
    pub const ALL: [Self; 6] = [
        Self::All,
        Self::Labelled,
        Self::Unlabelled,
        Self::Ok,
        Self::Ng,
        Self::LeftOut,
    ];

    /// Whether an image with this label is listed.
    pub fn admits(self, label: Option<&Label>) -> bool {
        match self {
            Self::All => true,
            Self::Labelled => label.is_some(),
            Self::Unlabelled => label.is_none(),
            Self::Ok => label == Some(&Label::Ok),
            Self::Ng => matches!(label, Some(Label::Ng { .. })),
            Self::LeftOut => label == Some(&Label::LeftOut),
        }
    }
}

impl Dataset {
    /// The label of one of its images.
    pub fn label(&self, path: &Path) -> Option<&Label> {
        // Most data sets have none, and their lists are long.
        match self.labels.is_empty() {
            true => None,
            false => self.labels.get(&self.catalog.name_of(path)),
        }
    }

    /// How many of its images are for what, as they are labelled.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// An image of this name as its folder has it, and whether that is among those to learn from.
    pub fn by_folder(&self, name: &str) -> Option<(&Entry, bool)> {
        let (is_train, place) = *self.places.get(name)?;
        let entries = match is_train {
            true => &self.catalog.train,
            false => &self.catalog.test,
        };
        Some((entries.get(place)?, is_train))
    }

    fn standing(&self, name: &str) -> Option<Standing> {
        let (entry, is_train) = self.by_folder(name)?;
        Some(self.labels.standing(name, entry, is_train))
    }

    /// Takes in what is said of an image. There may be very many others, so they are not looked at. Where some hold the
    /// same, what is said of one decides what the others are for: gives whether all are to be counted anew.
    #[must_use]
    fn take_in(&mut self, name: &str, said: &Said) -> bool {
        if self.labels.alike.has_others(name) {
            self.labels.set(name, said.label.clone());
            self.labels.set_drawn(name, said.mask.clone());
            return true;
        }
        if let Some(before) = self.standing(name) {
            self.tally.remove(&before);
        }
        self.labels.set(name, said.label.clone());
        self.labels.set_drawn(name, said.mask.clone());
        if let Some(after) = self.standing(name) {
            self.tally.add(&after);
        }
        false
    }

    /// To be called when any of its labels may have changed.
    fn count_anew(&mut self) {
        if self.labels.change_nothing() {
            self.tally = Tally::of(&self.catalog);
            self.notes.clone_from(&self.catalog.notes);
            self.contradicted.clear();
            return;
        }
        let labelled = self.labels.applied(&self.catalog);
        self.tally = Tally::of(&labelled);
        self.notes = labelled.notes;
        let contradicted = labelled.left_out.iter().skip(self.catalog.left_out.len());
        let names = contradicted.map(|one| self.catalog.name_of(&one.path));
        self.contradicted = names.collect();
    }

    /// Whether an image is not used, because something else is said of one that holds the same.
    pub fn is_contradicted(&self, name: &str) -> bool {
        self.contradicted.contains(name)
    }

    /// What a person should know of its images, as they are labelled.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Something more is to be known of its images.
    pub(super) fn note(&mut self, note: Note) {
        self.catalog.notes.push(note);
        self.count_anew();
    }

    /// The kinds of defects that an image may be labelled with: those of the folders and those that were named.
    pub fn defect_kinds(&self) -> BTreeSet<String> {
        let of_folders = self
            .catalog
            .test
            .iter()
            .filter_map(|entry| match &entry.kind {
                Kind::Defect(kind) => Some(kind.clone()),
                Kind::Normal | Kind::Unknown => None,
            });
        let named = self.labels.kinds().into_iter().map(str::to_owned);
        // What a list calls a kind may be no name of one.
        let kinds = of_folders.chain(named);
        kinds.filter(|kind| kind_fault(kind).is_none()).collect()
    }
}

impl State {
    /// The label of an image of the data set.
    pub fn label_of(&self, path: &Path) -> Option<&Label> {
        self.dataset.as_ref()?.label(path)
    }

    /// Whether an image is a normal one by its folder, set apart to test with: calling it normal changes nothing.
    pub fn is_set_apart(&self, path: &Path) -> bool {
        let place = self.dataset.as_ref().and_then(|open| {
            let (entry, is_train) = open.by_folder(&open.catalog.name_of(path))?;
            Some((entry.kind.clone(), is_train))
        });
        place == Some((Kind::Normal, false))
    }

    /// Whether there are images to be labelled where a person looks.
    pub fn has_chosen_images(&self) -> bool {
        match self.step {
            super::Step::Data | super::Step::Inspect => {
                let selected = self.inspecting.selected.as_ref();
                selected.is_some_and(|entry| self.is_in_dataset(entry))
            }
            super::Step::Review => self.dataset.is_some() && !self.set.images().is_empty(),
            super::Step::Train => false,
        }
    }

    /// An image with what is known of it: its label goes before its folder.
    pub fn labelled<'a>(&self, entry: &'a Entry) -> Cow<'a, Entry> {
        // Most data sets have no labels, and their lists are long.
        let Some(open) = self
            .dataset
            .as_ref()
            .filter(|open| !open.labels.change_nothing())
        else {
            return Cow::Borrowed(entry);
        };
        let name = open.catalog.name_of(&entry.path);
        if open.is_contradicted(&name) {
            let kind = Kind::Unknown;
            return Cow::Owned(Entry {
                kind,
                ..entry.clone()
            });
        }
        let labels = &open.labels;
        let is_said = labels.get(&name).is_some() || labels.is_lapsed(&name);
        match is_said || labels.alike.has_others(&name) {
            true => Cow::Owned(open.labels.entry(&name, entry)),
            false => Cow::Borrowed(entry),
        }
    }

    /// Images with what is known of each.
    pub fn all_labelled<'a>(&self, entries: &'a [Entry]) -> Cow<'a, [Entry]> {
        match self
            .dataset
            .as_ref()
            .is_some_and(|open| !open.labels.is_empty())
        {
            true => entries
                .iter()
                .map(|entry| self.labelled(entry).into_owned())
                .collect(),
            false => Cow::Borrowed(entries),
        }
    }

    /// The worker has read the labels of a data set.
    pub(super) fn labels_read(&mut self, id: DatasetId, labels: Labels) {
        if let Some(open) = self.dataset.as_mut().filter(|open| open.id == id) {
            open.labels = labels;
            self.join_exclusions();
            self.truth_may_differ();
        }
    }

    /// The worker has looked for images that hold the same as labelled ones.
    pub(super) fn labels_alike(&mut self, id: DatasetId, alike: Alike) {
        if let Some(open) = self.dataset.as_mut().filter(|open| open.id == id) {
            open.labels.alike = alike;
            open.count_anew();
            self.labels_generation += 1;
        }
    }

    /// What the settings know to be left out is labelled so, and the other way round.
    pub(super) fn join_exclusions(&mut self) {
        let Some(open) = &mut self.dataset else {
            return;
        };
        for name in &open.selection.exclusions.excluded {
            if open.labels.get(name).is_none() {
                open.labels.set(name, Some(Label::LeftOut));
            }
        }
        open.count_anew();
        self.labels_generation += 1;
        self.leave_out_as_labelled();
    }

    /// Labels images, or takes their labels away.
    pub fn label(&mut self, images: &[PathBuf], label: Option<&Label>) {
        let Some(open) = &self.dataset else {
            return;
        };
        let images = images
            .iter()
            .filter(|path| path.starts_with(&open.catalog.root));
        let changes = images.map(|path| {
            let image = open.catalog.name_of(path);
            (image, path.clone(), label.cloned())
        });
        self.relabel(changes.collect());
    }

    /// Leaves these images out of training from now on, and no others.
    pub fn set_excluded(&mut self, excluded: BTreeSet<String>) {
        let Some(open) = &self.dataset else {
            return;
        };
        let before = open.labels.left_out();
        let path = |name: &String| path_of(&open.catalog, name);
        let out = excluded.difference(&before);
        let out = out.map(|name| (name.clone(), path(name), Some(Label::LeftOut)));
        let back = before.difference(&excluded);
        let back = back.map(|name| (name.clone(), path(name), None));
        self.relabel(out.chain(back).collect());
    }

    /// Gives images these labels, and notes it for undo. A drawn mask goes with the last label.
    fn relabel(&mut self, wanted: Vec<(String, PathBuf, Option<Label>)>) {
        let Some(open) = &self.dataset else {
            return;
        };
        let said = wanted.into_iter().map(|(image, path, label)| {
            let drawn = open.labels.drawn(&image).filter(|_| label.is_some());
            let mask = drawn.cloned();
            (image, path, Said { label, mask })
        });
        self.say(said.collect());
    }

    /// Takes in what a person says of images, and notes it for undo.
    pub(super) fn say(&mut self, wanted: Vec<(String, PathBuf, Said)>) {
        let Some(open) = &self.dataset else {
            return;
        };
        let changes = wanted.into_iter().filter_map(|(image, path, after)| {
            let before = Said::of(&open.labels, &image);
            (before != after).then_some(Relabelled {
                image,
                path,
                before,
                after,
            })
        });
        let changes: Vec<Relabelled> = changes.collect();
        if !changes.is_empty() {
            self.put_labels(&changes);
            self.history.note_labels(changes);
        }
    }

    /// Gives images the labels that come after.
    fn put_labels(&mut self, changes: &[Relabelled]) {
        let Some(open) = &mut self.dataset else {
            return;
        };
        let mut renamed = std::mem::take(&mut open.labels.renamed);
        let mut unsaved: Vec<labels::Change> = Vec::new();
        let mut is_to_count = false;
        for change in changes {
            is_to_count |= open.take_in(&change.image, &change.after);
            let earlier = renamed.iter().position(|(_, now)| *now == change.image);
            let earlier = earlier.map(|at| renamed.swap_remove(at).0);
            unsaved.push(change.unsaved(earlier));
        }
        if is_to_count {
            open.count_anew();
        }
        // Images that have another name by now are written down by that one.
        unsaved.extend(renamed.into_iter().map(|(earlier, now)| labels::Change {
            path: path_of(&open.catalog, &now),
            label: open.labels.get(&now).cloned(),
            image: now,
            earlier_name: Some(earlier),
            mask: labels::NewMask::Same,
            unwanted: None,
        }));
        let root = open.catalog.root.clone();
        match self
            .unsaved_labels
            .last_mut()
            .filter(|unsaved| unsaved.root == root)
        {
            Some(before) => before.changes.extend(unsaved),
            None => self.unsaved_labels.push(Unsaved {
                root,
                changes: unsaved,
            }),
        }
        self.labels_generation += 1;
        let opened = self.inspecting.opened.as_ref();
        let opened = opened.map(|opened| opened.entry.path.as_path());
        let of_opened = |change: &&Relabelled| Some(change.path.as_path()) == opened;
        let mut of_opened = changes.iter().filter(of_opened);
        let is_shown_otherwise = of_opened.any(Relabelled::changes_truth);
        if is_shown_otherwise {
            self.masking.forget(true);
        }
        let retold = changes.iter().filter(|one| one.changes_truth());
        self.set
            .retell(retold.map(|one| (&*one.path, &one.before, &one.after)));
        if changes.iter().any(Relabelled::changes_truth) {
            let command = Command::SetLabels {
                dataset: open.id,
                labels: open.labels.clone(),
            };
            // Only the newest count.
            self.pending
                .retain(|command| !matches!(command, Command::SetLabels { .. }));
            self.pending.push_back(command);
        }
        self.leave_out_as_labelled();
    }

    /// Undoes or redoes labels, and shows where.
    pub(super) fn recall_labels(&mut self, changes: &[Relabelled]) {
        self.put_labels(changes);
        let Some(path) = changes.first().map(|change| change.path.clone()) else {
            return;
        };
        let images = self.set.images();
        if let Some(index) = images.iter().position(|entry| entry.path == path) {
            self.review.cursor = Some(index);
        }
        if changes.len() > 1 {
            // Those that were labelled together may be again.
            let paths: BTreeSet<&Path> = changes.iter().map(|one| one.path.as_path()).collect();
            let images = images.iter().enumerate();
            let chosen = images.filter(|(_, entry)| paths.contains(entry.path.as_path()));
            self.review.chosen = chosen.map(|(index, _)| index).collect();
        }
        let selected = self.inspecting.selected.as_ref();
        if self.step != super::Step::Review && selected.is_none_or(|entry| entry.path != path) {
            self.reopen = Some(self.entry_of(&path));
        }
    }
}

/// Where the images of a data set are, by name.
pub(super) fn places_of(catalog: &Catalog) -> HashMap<String, (bool, usize)> {
    let train = catalog.train.iter().enumerate().map(|one| (true, one));
    let test = catalog.test.iter().enumerate().map(|one| (false, one));
    let place = |(is_train, (place, entry)): (bool, (usize, &Entry))| {
        (catalog.name_of(&entry.path), (is_train, place))
    };
    train.chain(test).map(place).collect()
}

/// The file of an image by what the data set calls it: one with bytes that are no text has it from its list.
fn path_of(catalog: &Catalog, name: &str) -> PathBuf {
    let path = catalog.root.join(name);
    let mut entries = catalog.train.iter().chain(&catalog.test);
    match name.contains('\\') {
        true => entries
            .find(|entry| catalog.name_of(&entry.path) == name)
            .map_or(path, |entry| entry.path.clone()),
        false => path,
    }
}

#[cfg(test)]
#[path = "labelling_tests.rs"]
mod tests;
