//! The results of a review as a project keeps them.

use serde::{Deserialize, Serialize};

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{Outcome, SetPixels};
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::maker::Maker;

use super::paths_are_text;
use crate::ui::state::State;
use crate::ui::state::set::{ImageResult, Inspected, Source, Stale};

/// Bytes of thumbnails and small maps that are kept; where there are more, none are.
const PICTURES_BYTES_MAX: usize = 8 << 20;

/// The results of a review, and what they depend on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptReview {
    /// Which model and settings made the scores: they are shown beside no others.
    pub maker: Maker,
    /// Which images of the data set.
    pub source: Source,
    /// The projection's parameters.
    pub projection: ProjectionConfig,
    /// How maps became scores.
    pub map: MapConfig,
    /// The images and what became of them.
    pub images: Vec<(Entry, ImageResult)>,
    /// How inspecting them ended, when it did.
    pub outcome: Option<Outcome>,
    /// The pixels of images whose kind is known.
    pub pixels: Option<SetPixels>,
}

impl KeptReview {
    /// The review as it is; `None` when nothing was inspected, or with a model that could not be
    /// opened again.
    pub fn of(state: &State) -> Option<Self> {
        let set = &state.set;
        let conditions = set.conditions()?;
        state.model.as_ref()?.path.as_ref()?;
        let is_text = set.images().iter().all(paths_are_text);
        if set.done() == 0 || !is_text || state.set_stale() == Some(Stale::Model) {
            return None;
        }
        let results = set.results().iter().flatten().flatten();
        let bytes: usize = results.map(Inspected::picture_bytes).sum();
        let keep = |result: &ImageResult| match result {
            Some(Ok(inspected)) if bytes > PICTURES_BYTES_MAX => {
                Some(Ok(inspected.without_pictures()))
            }
            result => result.clone(),
        };
        let images = set.images().iter().cloned();
        Some(Self {
            maker: conditions.mapper.projected_maker(),
            source: conditions.source,
            projection: conditions.projection,
            map: conditions.mapper.config,
            images: images.zip(set.results().iter().map(keep)).collect(),
            outcome: set.outcome().cloned(),
            pixels: set.pixels().cloned(),
        })
    }
}
