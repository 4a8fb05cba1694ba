//! Reopening what was open the last time: what is still on its way, and what does not come.
//!
//! What does not come (a drive that is not there today) stays known until a person opens something in
//! its place, so closing the window does not forget it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::ui::project::{KeptReview, Project};
use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{About, Event};
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::mapper::Mapper;
use serde::{Deserialize, Serialize};

use super::list::images_of;
use super::set::{Conditions, InspectedSet};
use super::{State, file_name};

/// What is still on its way, or did not come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restoring {
    /// Folder of the data set.
    pub data: Option<PathBuf>,
    /// Model file.
    pub model: Option<PathBuf>,
    /// The image.
    pub image: Option<Entry>,
    /// The review; it comes when its model has.
    pub review: Option<Arc<KeptReview>>,
    /// The run of the image that was put aside: it is computed anew, before that of the present parameters.
    pub a: Option<RunSettings>,
    /// What did not come, until a person was told.
    pub shortfall: Option<Shortfall>,
    /// Whether a person was told that something could not be opened.
    told: bool,
}

/// What a run follows from, beside its image and its model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSettings {
    /// Its parameters.
    pub projection: ProjectionConfig,
    /// How its maps become scores.
    pub map: MapConfig,
}

/// What of the last time does not come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// A file or a folder could not be opened.
    NotOpened,
    /// The review was of another version of the model.
    OtherModel,
}

impl State {
    /// What did not come back, once.
    pub fn shortfall(&mut self) -> Option<Shortfall> {
        self.restoring.as_mut()?.shortfall.take()
    }

    /// Takes what came off the list. Call it after an event was applied.
    pub(super) fn note_restored(&mut self, news: News) {
        let Some(restoring) = &mut self.restoring else {
            return;
        };
        match news {
            News::Dataset => restoring.data = None,
            News::Image => restoring.image = None,
            News::Model => {
                restoring.model = None;
                self.restore_review();
            }
            News::Failed(about) => {
                let was_coming = match about {
                    About::Dataset(_) => restoring.data.is_some(),
                    About::Image(_) => restoring.image.is_some(),
                    About::Model(_) => restoring.model.is_some(),
                    _ => false,
                };
                if was_coming || matches!(about, About::Run(_)) {
                    restoring.a = None;
                }
                if was_coming && !restoring.told {
                    restoring.told = true;
                    restoring.shortfall = Some(Shortfall::NotOpened);
                }
            }
        }
    }

    /// Puts the run aside that is kept from the last time, once it is there again. Call it after an event was applied.
    pub(super) fn restore_a(&mut self) {
        let Some(a) = self.restoring.as_ref().and_then(|restoring| restoring.a) else {
            return;
        };
        let run = self.inspecting.current().filter(|run| {
            let is_over = run.result.is_some() && !run.growing;
            is_over && (run.projection, run.map) == (a.projection, a.map)
        });
        if run.is_none() || self.inspecting.is_stale() {
            return;
        }
        self.forget_a_to_come();
        self.inspecting.keep_as_a(a.projection);
        let (projection, map) = self.parameters();
        self.inspecting.want(projection, map, 0.0);
    }

    /// A person wants something else than what was there the last time.
    pub(super) fn forget_a_to_come(&mut self) {
        if let Some(restoring) = &mut self.restoring {
            restoring.a = None;
        }
    }

    /// A review of what is open was found where it was kept: it is there again, with its thresholds.
    pub fn find_review(&mut self, project: Project) {
        self.settings.decision = project.decision;
        self.settings.thresholds_of = project.thresholds_of;
        let restoring = self.restoring.get_or_insert_default();
        restoring.review = project.results.0;
        if self.model.is_some() {
            self.restore_review();
        }
    }

    fn restore_review(&mut self) {
        let (Some(restoring), Some(model)) = (&mut self.restoring, &self.model) else {
            return;
        };
        let Some(review) = restoring.review.take() else {
            return;
        };
        let conditions = Conditions {
            source: review.source,
            model: model.mark,
            model_name: model.path.as_deref().map(file_name),
            mapper: Mapper::new(
                model.mark,
                review.projection,
                review.map,
                model.calibration.as_ref(),
            ),
            projection: review.projection,
            pixel_threshold: None,
        };
        if conditions.mapper.projected_maker() != review.maker {
            restoring.shortfall = Some(Shortfall::OtherModel);
            return;
        }
        let results = review.images.iter().cloned().unzip();
        self.set = InspectedSet::restored(
            &self.set,
            results,
            conditions,
            review.outcome.clone(),
            review.pixels.clone(),
        );
        if let (Some(dataset), Some(conditions)) = (&self.dataset, self.set.conditions()) {
            let images = images_of(&dataset.catalog, conditions.source);
            self.set.compare(images);
        }
        self.look_for_changed_files();
    }
}

/// What a person is told of that may be about something on its way.
pub(super) enum News {
    Dataset,
    Model,
    Image,
    Failed(About),
}

impl News {
    pub(super) fn of(event: &Event) -> Option<Self> {
        match event {
            Event::DatasetOpened { .. } => Some(Self::Dataset),
            Event::ModelReady(_) => Some(Self::Model),
            Event::ImageOpened(_) => Some(Self::Image),
            Event::Failed { about, .. } => Some(Self::Failed(*about)),
            _ => None,
        }
    }
}

impl Restoring {
    /// What was open the last time, all of it asked for.
    pub fn asked_for(project: &Project) -> Self {
        Self {
            data: project.data.clone(),
            model: project.model.clone(),
            image: project.image.clone(),
            review: project.results.0.clone(),
            a: project.a,
            ..Self::default()
        }
    }
}
