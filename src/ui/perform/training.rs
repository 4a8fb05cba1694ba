//! Starting and ending trainings.

use std::path::{Path, PathBuf};

use kizumi_engine::message::{Command, TrainRequest};

use super::opening::free_model_path;
use crate::ui::engine_port::Engine;
use crate::ui::state::notice::Scope;
use crate::ui::state::training::Phase;
use crate::ui::state::{State, Step};

/// Trains a new model on the data set that is open.
pub fn start_training(state: &mut State, engine: &mut dyn Engine, home: &Path) {
    if let Some(dataset) = &state.dataset
        && !state.training.is_active()
    {
        let dataset = dataset.id;
        let model = state.ids.give();
        let request = TrainRequest {
            model,
            dataset,
            excluded: state.exclusions().excluded,
            plan: state.training_plan(),
            save_to: Some(free_model_path(home, state)),
        };
        state.training.begin(Some(model));
        state.training.recipe = Some(state.settings.train.clone());
        state.notices.clear();
        engine.send(Command::Train(Box::new(request)));
    }
}

/// Trains the model at hand further.
pub fn train_further(state: &mut State, engine: &mut dyn Engine) {
    if let (Some(known), Some(dataset)) = (&state.model, &state.dataset)
        && !state.training.is_active()
    {
        let (of, dataset) = (known.id, dataset.id);
        let model = state.ids.give();
        state.training.begin(Some(model));
        state.training.recipe = state.model_recipe();
        state.notices.leave(Scope::Training);
        engine.send(Command::ResumeTraining {
            of,
            model,
            dataset,
            exclusions: state.exclusions(),
            images: state.settings.further.images,
            save_to: None,
        });
    }
}

/// Ends the training; what was learned is kept or not.
pub fn stop_training(keep: bool, state: &mut State, engine: &mut dyn Engine) {
    state.training.asks_to_discard = false;
    // One that is over has nothing to keep that is not kept already.
    if state.training.can_stop() {
        state.training.phase = Phase::Stopping;
        engine.send(Command::Stop { keep });
    } else if state.training.phase == Phase::Finishing && !keep {
        engine.send(Command::Stop { keep });
    }
}

/// Goes on with a training that was interrupted, or measures what it has learned and keeps that.
pub fn resume_interrupted(
    autosave: PathBuf,
    keep: bool,
    state: &mut State,
    engine: &mut dyn Engine,
) {
    if !state.training.is_active() {
        let (model, dataset) = (state.ids.give(), state.ids.give());
        state.dataset_asked_for(dataset, None, Default::default());
        state.training.begin(Some(model));
        state.notices.leave(Scope::Training);
        state.step = Step::Train;
        let mut interrupted = state.interrupted.iter();
        let of = interrupted.find(|interrupted| interrupted.autosave == autosave);
        let roles = of.map(|interrupted| state.roles_of(&interrupted.data));
        engine.send(Command::ResumeInterrupted {
            model,
            dataset,
            autosave,
            roles: roles.unwrap_or_default(),
            keep,
        });
    }
}
