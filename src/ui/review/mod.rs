//! What follows from the scores of an inspected set: thresholds, verdicts, counts and the order of
//! the images. Made anew, at once, when something it depends on has changed; the worker has no part
//! in it.

mod curves;
mod judge;
mod order;
mod reference;
mod rival;
mod table;

use std::collections::BTreeSet;
use std::path::Path;

use kizumi_dataset::catalog::{Entry, Kind};
use kizumi_method::calibration::Calibration;
use kizumi_method::decision::{Decision, Thresholds, Verdict};
use kizumi_method::limits::Limits;
use kizumi_method::maker::{Made, ModelMark};

use super::layers::normals_high;
use super::state::State;
use super::state::labelling::LabelFilter;
use super::state::review_view::ReviewView;
use super::state::set::InspectedSet;

pub use curves::{Curves, Drawn, PixelReview};
pub use judge::{Judged, Judgement};
pub use reference::{Origin, Reference};
pub use rival::{Duel, Figures, Point, Rival, RivalImage};
pub use table::{Table, Truth};

/// All that the review depends on.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    generation: u64,
    decision: Decision,
    view: ReviewView,
    labels_generation: u64,
    mark: Option<ModelMark>,
    calibration: Option<Calibration>,
    rivals: u64,
}

impl Key {
    fn of(state: &State, rivals: u64) -> Self {
        Self {
            rivals,
            generation: state.set.generation(),
            decision: state.settings.decision,
            view: state.review.clone(),
            labels_generation: state.labels_generation,
            mark: mark(state),
            calibration: calibration(state).cloned(),
        }
    }

    fn fits(&self, state: &State, rivals: u64) -> bool {
        self.rivals == rivals
            && self.generation == state.set.generation()
            && self.decision == state.settings.decision
            && self.view == state.review
            && self.labels_generation == state.labels_generation
            && self.mark == mark(state)
            && self.calibration.as_ref() == calibration(state)
    }
}

fn mark(state: &State) -> Option<ModelMark> {
    Some(state.model.as_ref()?.mark)
}

fn calibration(state: &State) -> Option<&Calibration> {
    state.model.as_ref()?.calibration.as_ref()
}

/// The review of an inspected set.
#[derive(Debug, Default)]
pub struct Review {
    key: Option<Key>,
    /// The run and the labels that [`Review::truth`] is of.
    truths: (u64, u64),
    /// The normals that thresholds come from.
    pub reference: Reference,
    /// Of projected scores of the model at hand.
    pub limits: Option<Made<Limits>>,
    /// Of its plain scores.
    pub plain_limits: Option<Made<Limits>>,
    /// Whether they belong to the set's scores: the same model and settings made both. If not, the set
    /// is shown, and not judged.
    pub belongs: bool,
    /// What became of each image, by its place in the set.
    pub judged: Vec<Judged>,
    /// What each image shows, by its place in the set: labels go before folders.
    pub truth: Vec<Kind>,
    /// The kinds of the images, good parts first.
    pub kinds: BTreeSet<Kind>,
    /// How many of which kind became what.
    pub table: Table,
    /// What every threshold would do; `None` unless both kinds have scores.
    pub curves: Option<Curves>,
    /// What the decision means for pixels.
    pub pixels: PixelReview,
    /// The places of the images to show, in the order to show them.
    pub order: Vec<usize>,
    /// What another model made of the images, when it was put aside to compare with.
    pub rival: Option<Rival>,
    /// Both models on the images that both have judged.
    pub duel: Option<Duel>,
    /// Changes with the rival.
    rivals: u64,
}

impl Review {
    /// Brings everything up to date.
    pub fn update(&mut self, state: &State) {
        if self.rival.as_ref().is_some_and(|rival| !rival.is_of(state)) {
            self.drop_rival();
        }
        let rivals = self.rivals;
        if self.key.as_ref().is_some_and(|key| key.fits(state, rivals)) {
            return;
        }
        let key = Key::of(state, rivals);
        let set = &state.set;
        let images = state.all_labelled(set.images());
        self.reference = Reference::of(state.model.as_ref(), set, &images);
        let decision = &key.decision;
        self.limits = self.reference.limits(decision);
        self.plain_limits = self.reference.plain_limits(decision);
        self.belongs = set.conditions().is_none_or(|conditions| {
            self.reference.projected.by == conditions.mapper.projected_maker()
        });
        let results = set.current_results();
        self.judged = results
            .map(|result| Judged::of(result, self.limits, self.plain_limits))
            .collect();
        let truths = (set.run(), key.labels_generation);
        if self.truths != truths {
            self.truths = truths;
            self.truth = images.iter().map(|entry| entry.kind.clone()).collect();
            self.kinds = self.truth.iter().cloned().collect();
        }
        self.table = Table::of(&images, &self.judged);
        self.curves = Curves::of(&self.table);
        self.pixels
            .update(set, key.calibration.as_ref(), self.belongs, decision);
        let rival = self.rival.as_ref();
        let duel = rival.map(|rival| Duel::of(rival, &images, self));
        self.order = order::order(&images, &self.judged, &key.view, rival);
        self.duel = duel;
        if key.view.labels != LabelFilter::All {
            let is_admitted = |index: &usize| {
                let label = images
                    .get(*index)
                    .and_then(|entry| state.label_of(&entry.path));
                key.view.labels.admits(label)
            };
            self.order.retain(is_admitted);
        }
        self.key = Some(key);
    }

    /// Puts the review aside as A, to compare that of another model with it.
    pub fn keep_as_rival(&mut self, state: &State) {
        self.rival = Rival::of(state, self);
        self.rivals += 1;
    }

    /// Ends the comparison.
    pub fn drop_rival(&mut self) {
        self.rival = None;
        self.rivals += 1;
    }

    /// What the model made of an image that is compared with, while the wall shows that.
    pub fn shown_rival(&self, state: &State, path: &Path) -> Option<&RivalImage> {
        let rival = self.rival.as_ref().filter(|_| state.review.of_rival)?;
        rival.image(path)
    }

    /// A projected score over the reject threshold.
    fn ratio(&self, judgement: &Judgement) -> Option<f32> {
        let ratio = judgement.projected / self.thresholds()?.reject;
        ratio.is_finite().then_some(ratio)
    }

    /// The thresholds of projected scores, where they belong to those of the set.
    pub fn thresholds(&self) -> Option<Thresholds> {
        let limits = self.limits.filter(|_| self.belongs)?;
        Some(limits.value.thresholds)
    }

    /// Projected scores of normal images, where they compare with those of the set.
    pub fn normal_scores(&self) -> &[f32] {
        match self.belongs {
            true => &self.reference.projected.value,
            false => &[],
        }
    }

    /// The value of the highest colour in the maps of this set, where normal images of the model that made
    /// them say which.
    pub fn colour_high(&self, set: &InspectedSet) -> Option<f32> {
        let measured = set.conditions()?.mapper.normal_high()?;
        let threshold = self.pixels.threshold.filter(|_| self.belongs);
        Some(normals_high(measured, threshold))
    }

    /// The verdict on the image at this place of a list, when the inspected set is that list and
    /// its results still hold.
    pub fn verdict(&self, state: &State, index: usize, entry: &Entry) -> Option<Verdict> {
        let inspected = state.set.images().get(index)?;
        match self.judged.get(index)? {
            Judged::Scored(judgement) if inspected.path == entry.path => judgement.verdict,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
