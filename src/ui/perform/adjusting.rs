//! Setting parameters, by hand and by searching.

use kizumi_engine::message::Command;
use kizumi_method::config::{MapConfig, ProjectionConfig};

use super::Surroundings;
use crate::ui::engine_port::Engine;
use crate::ui::settings::Display;
use crate::ui::state::State;
use crate::ui::state::history::Snapshot;

/// Looks for better settings of the model at hand.
pub fn tune(state: &mut State, engine: &mut dyn Engine) {
    if let Some(model) = &state.model {
        let (of, tuning) = (model.id, state.ids.give());
        state.tuning.ask(tuning);
        engine.send(Command::Tune { of, tuning });
    }
}

/// Measures the normal images of the model at hand again.
pub fn recalibrate(
    (projection, map): (ProjectionConfig, MapConfig),
    state: &mut State,
    engine: &mut dyn Engine,
) {
    if let Some(known) = &state.model {
        engine.send(Command::Recalibrate {
            of: known.id,
            model: state.ids.give(),
            projection,
            map,
        });
    }
}

/// Projects with other parameters.
pub fn set_projection(
    projection: ProjectionConfig,
    state: &mut State,
    around: &mut Surroundings<'_>,
) {
    let old = state.settings.projection;
    let others_changed = ProjectionConfig {
        iterations: old.iterations,
        ..projection
    } != old;
    let new = Snapshot {
        projection,
        ..state.snapshot()
    };
    let generation = state.inspecting.generation();
    state.change(new, around.moment);
    let is_known = state.inspecting.generation() != generation;
    if others_changed && !is_known && state.inspecting.is_waiting() {
        around.timing.parameter_changed(state);
    }
}

/// Shows results otherwise.
pub fn set_display(display: Display, state: &mut State, around: &Surroundings<'_>) {
    let new = Snapshot {
        display,
        ..state.snapshot()
    };
    state.change(new, around.moment);
}
