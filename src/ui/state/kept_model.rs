//! The model that was put aside to compare the one at hand with: image by image, map by map.

use std::path::PathBuf;

use kizumi_engine::message::{Command, ModelId, RunRequest, RunTicket};
use kizumi_method::calibration::Calibration;
use kizumi_method::config::MapConfig;
use kizumi_method::mapper::Mapper;

use super::State;
use super::comparing::AbSide;
use super::set::Conditions;

/// A model that was put aside with what it made of a set of images.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptModel {
    /// What the worker calls it.
    id: ModelId,
    /// How it inspected the images.
    pub conditions: Conditions,
    calibration: Option<Calibration>,
    /// The folder of the data set.
    root: PathBuf,
    /// Whether its maps are shown beside those of the model at hand.
    is_compared: bool,
}

impl KeptModel {
    /// What it is called.
    pub fn name(&self) -> &str {
        self.conditions.model_name.as_deref().unwrap_or("–")
    }

    /// How its heatmaps are made, with the smoothing of the display.
    pub fn shown_mapper(&self, smoothing_px: f32) -> Mapper {
        let Conditions {
            model, projection, ..
        } = self.conditions;
        let map = MapConfig {
            smoothing_px,
            ..self.conditions.mapper.config
        };
        Mapper::new(model, projection, map, self.calibration.as_ref())
    }
}

impl State {
    /// The model that inspected the images is put aside: what to ask for, if it is still the one at hand.
    pub fn keep_model(&mut self) -> Option<Command> {
        let model = self.model.as_ref()?;
        let conditions = self.set.conditions()?;
        let root = self.dataset.as_ref()?.catalog.root.clone();
        if conditions.model != model.mark {
            return None;
        }
        self.kept_model = Some(KeptModel {
            id: model.id,
            conditions: conditions.clone(),
            calibration: model.calibration.clone(),
            root,
            is_compared: false,
        });
        Some(Command::KeepRival(model.id))
    }

    /// It goes: what to ask for, if there was one.
    pub fn drop_kept_model(&mut self) -> Option<Command> {
        self.compare_models(false);
        self.kept_model.take().map(|_| Command::DropRival)
    }

    /// The model whose maps stand as A beside those of the model at hand.
    pub fn compared_model(&self) -> Option<&KeptModel> {
        let kept = self.kept_model.as_ref().filter(|kept| kept.is_compared)?;
        let at_hand = self.model.as_ref()?;
        (at_hand.mark != kept.conditions.model).then_some(kept)
    }

    /// Shows the maps of the model that was put aside as A beside those of the one at hand, or no longer.
    pub fn compare_models(&mut self, is_compared: bool) {
        let Some(kept) = &mut self.kept_model else {
            return;
        };
        if std::mem::replace(&mut kept.is_compared, is_compared) != is_compared {
            self.inspecting.drop_a();
            if is_compared {
                self.inspecting.set_ab_side(AbSide::Both);
            }
        } else if is_compared {
            self.inspecting.set_ab_side(AbSide::Both);
        }
    }

    /// Ends the comparison with A, be it a run or a model.
    pub fn drop_a(&mut self) {
        self.compare_models(false);
        self.inspecting.drop_a();
    }

    /// What is to be asked of the model that was put aside: a projection of the open image, once.
    pub(super) fn due_for_kept_model(&mut self) -> Option<Command> {
        let root = self.dataset.as_ref().map(|open| &open.catalog.root);
        if self
            .kept_model
            .as_ref()
            .is_some_and(|kept| root != Some(&kept.root))
        {
            return self.drop_kept_model();
        }
        let kept = self.compared_model()?;
        let (model, conditions) = (kept.id, kept.conditions.clone());
        let entry = self.inspecting.entry_without_rival()?;
        let request = RunRequest {
            ticket: RunTicket {
                image: self.ids.give(),
                model,
                run: self.ids.give(),
            },
            projection: conditions.projection,
            map: conditions.mapper.config,
        };
        self.inspecting.ask_rival(request);
        Some(Command::ProjectByRival { request, entry })
    }

    /// How the heatmaps of a side are made: A may be another model's.
    pub fn shown_mapper_of(&self, side: AbSide) -> Mapper {
        match self.rival_of(side) {
            Some(kept) => kept.shown_mapper(self.settings.display.smoothing_px),
            None => self.shown_mapper(),
        }
    }

    /// The value of the highest colour in the heatmaps of a side, where normal images of its model say which.
    pub fn normal_high_of(&self, side: AbSide) -> Option<f32> {
        match self.rival_of(side) {
            Some(kept) => kept.conditions.mapper.normal_high(),
            None => self.mapper().normal_high(),
        }
    }

    /// What pixels of defects are above in maps of a side; `threshold` is that of the model at hand.
    pub fn threshold_of(&self, side: AbSide, threshold: Option<f32>) -> Option<f32> {
        match self.rival_of(side) {
            Some(kept) => kept.conditions.pixel_threshold,
            None => threshold,
        }
    }

    /// The other model whose run a side is.
    pub fn rival_of(&self, side: AbSide) -> Option<&KeptModel> {
        let is_there = side == AbSide::A && self.inspecting.a_is_of_rival();
        self.compared_model().filter(|_| is_there)
    }
}
