//! Inspecting many images: what was asked for, what came back, and whether it still fits.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{
    Failure, ModelId, Outcome, SetId, SetPixels, SetRequest, SetResult, SetScores,
};
use kizumi_image::compact::{CompactPicture, Samples};
use kizumi_image::found_region::FoundRegions;
use kizumi_image::stamp::Stamp;
use kizumi_method::config::ProjectionConfig;
use kizumi_method::iterate::StopRule;
use kizumi_method::likeness::Unlike;
use kizumi_method::maker::{ModelMark, Score};
use kizumi_method::mapper::Mapper;
use serde::{Deserialize, Serialize};

use super::labelling::Said;
use super::small_map::SmallMap;
use crate::ui::packed;

/// Which images of the data set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The images to inspect.
    #[default]
    Test,
    /// The normal images to learn from.
    Normals,
}

/// All that results depend on besides the files.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// Which images.
    pub source: Source,
    /// Which model.
    pub model: ModelMark,
    /// The name of its file, when it has one.
    pub model_name: Option<String>,
    /// How its maps are made, and who makes them.
    pub mapper: Mapper,
    /// The projection's parameters.
    pub projection: ProjectionConfig,
    /// What pixels of defects are above, in projected maps. Regions are found by it once, when an image is
    /// inspected: they say themselves what they are above.
    pub pixel_threshold: Option<f32>,
}

/// Why results no longer fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stale {
    /// Another model.
    Model,
    /// Other images.
    Images,
    /// So many of the files hold something else by now: their results are left out.
    Files(usize),
    /// So many of the files cannot be reached: nobody knows whether their results still hold.
    Unreachable(usize),
    /// Other parameters, other ignored regions, or other levels to measure maps by.
    Parameters,
}

/// Where the inspection of the images stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing goes on.
    #[default]
    Idle,
    /// It was asked for.
    Asked,
    /// Images are inspected.
    Running,
    /// Suspended.
    Paused,
    /// It is about to end.
    Stopping,
}

/// What is kept of an inspected image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspected {
    /// Its file when it was read.
    #[serde(default)]
    pub stamp: Option<Stamp>,
    /// Image score of the plain map.
    pub plain_score: Score,
    /// Image score of the projected map.
    pub projected_score: Score,
    /// In what the picture is unlike those that the model knows, if it is.
    #[serde(default)]
    pub unlike: Option<Unlike>,
    /// Iterations done.
    pub iterations: usize,
    /// Which rule ended the run.
    pub stop: StopRule,
    /// Where the projected map was above the threshold of pixels when the image was inspected.
    #[serde(default)]
    pub regions: Option<FoundRegions>,
    /// x_0, small; without pixels when it was not kept.
    #[serde(with = "packed::thumbnail")]
    pub thumbnail: CompactPicture,
    /// The projected map at the same size.
    pub map: SmallMap,
}

impl Inspected {
    /// Bytes of its small pictures.
    pub fn picture_bytes(&self) -> usize {
        let thumbnail = &self.thumbnail;
        let pixels = thumbnail.height * thumbnail.width;
        pixels * (thumbnail.channels + size_of::<u16>())
    }

    /// The same without its small pictures.
    pub fn without_pictures(&self) -> Self {
        Self {
            thumbnail: CompactPicture {
                channels: 1,
                height: 0,
                width: 0,
                samples: Samples::U8(Vec::new()),
            },
            map: SmallMap::default(),
            ..self.clone()
        }
    }

    /// Whether there are small pictures.
    pub fn has_pictures(&self) -> bool {
        self.picture_bytes() > 0
    }
}

impl From<SetScores> for Inspected {
    fn from(scores: SetScores) -> Self {
        Self {
            stamp: scores.stamp,
            plain_score: scores.plain_score,
            projected_score: scores.projected_score,
            unlike: scores.unlike,
            iterations: scores.iterations,
            stop: scores.stop,
            regions: scores.regions,
            thumbnail: scores.thumbnail,
            map: SmallMap::from(&scores.map),
        }
    }
}

/// What became of an image: `None` while it waits, or why it could not be inspected.
pub type ImageResult = Option<Result<Inspected, Failure>>;

/// The images that were, or are being, inspected.
#[derive(Debug, Default)]
pub struct InspectedSet {
    images: Vec<Entry>,
    results: Vec<ImageResult>,
    conditions: Option<Conditions>,
    /// Whether the data set that is open has other images.
    replaced: bool,
    /// The places of images whose files hold something else by now.
    changed: BTreeSet<usize>,
    /// The places of images whose files could not be reached when they were looked for.
    unreachable: BTreeSet<usize>,
    /// What was said of images when they were inspected, where that has changed since.
    retold: HashMap<PathBuf, Said>,
    asked: Option<(SetId, Vec<Entry>, Conditions)>,
    phase: Phase,
    /// Whose results these are.
    id: Option<SetId>,
    /// Where the worker is with them; idle before it began and once it ended.
    worker: Phase,
    outcome: Option<Outcome>,
    pixels: Option<SetPixels>,
    done: usize,
    failed: usize,
    /// Seconds it ran, pauses not counted.
    elapsed_secs: f64,
    clock_secs: Option<f64>,
    generation: u64,
    pixels_generation: u64,
    run: u64,
}

impl InspectedSet {
    /// The images, in the order they were asked for.
    pub fn images(&self) -> &[Entry] {
        &self.images
    }

    /// What became of each image when it was inspected, to show and to keep; what holds by now is
    /// [`Self::current_results`].
    pub fn results(&self) -> &[ImageResult] {
        &self.results
    }

    /// The pixels of images whose kind is known, to keep; those that hold by now are
    /// [`Self::current_pixels`].
    pub fn pixels(&self) -> Option<&SetPixels> {
        self.pixels.as_ref()
    }

    /// Changes with the pixels, which are costlier to look at than the rest.
    pub fn pixels_generation(&self) -> u64 {
        self.pixels_generation
    }

    /// Where it stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// How it ended, when it did.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// What the results depend on.
    pub fn conditions(&self) -> Option<&Conditions> {
        self.conditions.as_ref()
    }

    /// Images that were inspected or could not be.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Those of [`Self::done`] that could not be inspected.
    pub fn failed(&self) -> usize {
        self.failed
    }

    /// Changes with whatever is shown of the results.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Changes when another set begins: within one, an image's result never changes.
    pub fn run(&self) -> u64 {
        self.run
    }

    /// Whether something is going on.
    pub fn is_active(&self) -> bool {
        self.phase != Phase::Idle
    }

    /// Seconds until all images are done, from how long those so far took.
    pub fn eta_secs(&self) -> Option<f64> {
        let left = self.images.len().checked_sub(self.done)?;
        let running = matches!(self.phase, Phase::Running | Phase::Paused);
        (running && self.done > 0 && self.elapsed_secs > 0.0)
            .then(|| self.elapsed_secs / self.done as f64 * left as f64)
    }

    /// What the worker is asked for; the results so far stay until it begins.
    pub fn ask(
        &mut self,
        set: SetId,
        model: ModelId,
        images: Vec<Entry>,
        conditions: Conditions,
    ) -> SetRequest {
        let request = SetRequest {
            set,
            model,
            images: images.clone(),
            projection: conditions.projection,
            map: conditions.mapper.config,
            pixel_threshold: conditions.pixel_threshold,
        };
        self.asked = Some((set, images, conditions));
        self.phase = Phase::Asked;
        request
    }

    /// A person asked to end it.
    pub fn stopping(&mut self) {
        if self.is_active() {
            self.phase = Phase::Stopping;
        }
    }

    /// The inspection that goes on, or was asked for last.
    pub fn at_work(&self) -> Option<SetId> {
        let asked = self.asked.as_ref().map(|(id, ..)| *id);
        asked.or(self.id.filter(|_| self.worker != Phase::Idle))
    }

    /// The worker began. Gives whether these are the images that were asked for last.
    pub fn started(&mut self, id: SetId) -> bool {
        let Some((_, images, conditions)) = self.asked.take_if(|(asked, ..)| *asked == id) else {
            return false;
        };
        self.id = Some(id);
        self.worker = Phase::Running;
        self.results = vec![None; images.len()];
        self.images = images;
        self.conditions = Some(conditions);
        self.replaced = false;
        self.changed.clear();
        self.unreachable.clear();
        self.retold.clear();
        self.outcome = None;
        self.pixels = None;
        self.pixels_generation += 1;
        self.done = 0;
        self.failed = 0;
        self.elapsed_secs = 0.0;
        self.clock_secs = None;
        if self.phase == Phase::Asked {
            self.phase = Phase::Running;
        }
        self.generation += 1;
        self.run += 1;
        true
    }

    /// An image was inspected.
    pub fn inspected(&mut self, result: SetResult) {
        if self.id == Some(result.set)
            && let Some(place) = self.results.get_mut(result.index)
        {
            if place.is_none() {
                self.done += 1;
                self.failed += usize::from(result.outcome.is_err());
            }
            *place = Some(result.outcome.map(Inspected::from));
            self.generation += 1;
        }
    }

    /// The pixels so far.
    pub fn pixels_counted(&mut self, pixels: SetPixels) {
        if self.id != Some(pixels.set) {
            return;
        }
        self.pixels = Some(pixels);
        self.pixels_generation += 1;
        self.generation += 1;
    }

    /// The worker suspended it, or went on.
    pub fn paused(&mut self, id: SetId, paused: bool) {
        if self.id != Some(id) || self.worker == Phase::Idle {
            return;
        }
        self.worker = if paused {
            Phase::Paused
        } else {
            Phase::Running
        };
        if matches!(self.phase, Phase::Running | Phase::Paused) {
            self.phase = self.worker;
        }
    }

    /// The worker ended one, or refused it.
    pub fn ended(&mut self, id: SetId, outcome: Outcome) {
        if self.asked.take_if(|(asked, ..)| *asked == id).is_some() {
            // The one before may still be going on.
            self.phase = self.worker;
        } else if self.id == Some(id) && self.worker != Phase::Idle {
            self.worker = Phase::Idle;
            self.outcome = Some(outcome);
            self.phase = match self.asked {
                Some(_) => Phase::Asked,
                None => Phase::Idle,
            };
        }
    }

    /// The worker is gone, and with it what went on.
    pub fn lost(&mut self) {
        self.asked = None;
        self.worker = Phase::Idle;
        self.phase = Phase::Idle;
    }

    /// Counts the time that inspecting takes, by the window's clock.
    pub fn keep_time(&mut self, now_secs: f64) {
        let running = self.phase == Phase::Running;
        if let (true, Some(before_secs)) = (running, self.clock_secs) {
            self.elapsed_secs += (now_secs - before_secs).max(0.0);
        }
        self.clock_secs = running.then_some(now_secs);
    }

    /// The results of an earlier session in place of those of `before`.
    pub fn restored(
        before: &Self,
        (images, results): (Vec<Entry>, Vec<ImageResult>),
        conditions: Conditions,
        outcome: Option<Outcome>,
        pixels: Option<SetPixels>,
    ) -> Self {
        Self {
            done: results.iter().flatten().count(),
            failed: results.iter().flatten().filter(|one| one.is_err()).count(),
            images,
            results,
            conditions: Some(conditions),
            outcome,
            pixels,
            generation: before.generation + 1,
            pixels_generation: before.pixels_generation + 1,
            run: before.run + 1,
            ..Self::default()
        }
    }

    /// The results go, with the data set that they are of. What still comes of them is ignored.
    pub fn close(&mut self) {
        *self = Self {
            generation: self.generation + 1,
            pixels_generation: self.pixels_generation + 1,
            run: self.run + 1,
            ..Self::default()
        };
    }

    /// A data set was opened, which has these images where these came from.
    pub fn compare(&mut self, images: &[Entry]) {
        self.replaced = self.images != images;
    }

    /// Why the results are not what inspecting under these conditions would give; `None` when they
    /// are, or there are none.
    pub fn stale(&self, now: Option<&Conditions>) -> Option<Stale> {
        let (known, now) = (self.conditions.as_ref()?, now?);
        if !known.model.is_model(&now.model) {
            Some(Stale::Model)
        } else if self.replaced || known.source != now.source {
            Some(Stale::Images)
        } else if known.mapper.projected_maker() != now.mapper.projected_maker() {
            Some(Stale::Parameters)
        } else if !self.changed.is_empty() {
            Some(Stale::Files(self.changed.len()))
        } else if !self.unreachable.is_empty() {
            Some(Stale::Unreachable(self.unreachable.len()))
        } else {
            None
        }
    }

    /// Whether the results are of this model, whatever its settings; without results they are of any.
    pub fn is_of(&self, model: ModelMark) -> bool {
        let known = self.conditions.as_ref();
        known.is_none_or(|known| known.model.is_model(&model))
    }
}

#[path = "set_files.rs"]
mod files;

#[cfg(test)]
#[path = "set_tests.rs"]
mod tests;
