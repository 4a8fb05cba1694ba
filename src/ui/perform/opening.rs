//! Opening: data sets, models, images.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use kizumi_dataset::catalog::Entry;
use kizumi_dataset::sample::{SETS, Set};
use kizumi_dataset::scan::Roles;
use kizumi_dataset::walk::is_image;
use kizumi_engine::message::Command;

use super::Surroundings;
use crate::ui::action::{Slot, Want};
use crate::ui::engine_port::Engine;
use crate::ui::project::ENDING;
use crate::ui::settings::TrainForm;
use crate::ui::state::history::Moment;
use crate::ui::state::list::Next;
use crate::ui::state::{State, Step};

/// Opens a folder: the project that it belongs to as it was left, where nothing that is open would go for it, or else
/// the folder alone.
pub fn open_folder(
    path: PathBuf,
    state: &mut State,
    engine: &mut dyn Engine,
    around: &mut Surroundings<'_>,
) {
    let path = absolute(path);
    match state.project_to_reopen(&path) {
        Some(project) => around.wants.push(Want::OpenProject(project)),
        None => open_dataset(path, around.moment, state, engine),
    }
}

/// Opens a folder as a data set, as a person has said what it holds where that was asked.
pub fn open_dataset(path: PathBuf, moment: Moment, state: &mut State, engine: &mut dyn Engine) {
    let path = absolute(path);
    let mut roles = state.roles_of(&path);
    // What was said of folders that have another name by now says nothing of those that are there.
    if path.is_dir() && !roles.folders().all(|folder| folder.is_dir()) {
        roles = Roles::default();
        state
            .settings
            .recent
            .remember_roles(&path, Roles::default());
    }
    if roles.is_empty() {
        roles = state.roles_by_model(&path);
    }
    open_as(path, roles, moment, state, engine);
}

/// Opens a folder of images alone as normal ones to learn from, or as images to inspect, and keeps that for the next
/// time.
pub fn open_in_slot(
    path: PathBuf,
    slot: Slot,
    moment: Moment,
    state: &mut State,
    engine: &mut dyn Engine,
) {
    let roles = match slot {
        Slot::Normal => Roles {
            normal: vec![path.clone()],
            ..Roles::default()
        },
        Slot::ToInspect => Roles {
            to_inspect: true,
            ..Roles::default()
        },
    };
    state.settings.recent.remember_roles(&path, roles.clone());
    open_as(path, roles, moment, state, engine);
}

/// Opens a folder as if nothing had been said of it, so that it is asked again. What was said stays until there is
/// another answer.
pub fn ask_again(path: PathBuf, moment: Moment, state: &mut State, engine: &mut dyn Engine) {
    open_as(path, Roles::default(), moment, state, engine);
}

fn open_as(
    path: PathBuf,
    roles: Roles,
    moment: Moment,
    state: &mut State,
    engine: &mut dyn Engine,
) {
    state.step = Step::Data;
    // A recipe made for sample data does not carry over to anybody's own.
    let plans = SETS.map(Set::plan);
    let settings = &mut state.settings;
    if let Some(plan) = plans.iter().find(|plan| settings.train == plan.recipe) {
        settings.train = TrainForm::default();
        // A model brings its own, and keeps it.
        if settings.projection == plan.projection && state.model.is_none() {
            settings.projection_of = None;
            state.change_projection(state.usual_projection(), moment);
        }
    }
    let dataset = state.ids.give();
    state.dataset_asked_for(dataset, None, roles.clone());
    engine.send(Command::OpenDataset {
        dataset,
        path,
        roles,
    });
}

/// The path from the root on: a relative one means something else after the next start.
pub fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// Opens sample data, to be learned and projected as suits it.
pub fn open_demo(set: Set, around: &Surroundings<'_>, state: &mut State, engine: &mut dyn Engine) {
    state.notices.clear();
    state.step = Step::Data;
    let plan = set.plan();
    state.settings.train = plan.recipe;
    state.change_projection(plan.projection, around.moment);
    let dataset = state.ids.give();
    let recipe = state.settings.train.clone();
    state.dataset_asked_for(dataset, Some(recipe), Roles::default());
    engine.send(Command::OpenDemo {
        dataset,
        into: around.home.join("samples"),
        set,
    });
}

/// Opens a model.
pub fn open_model(path: PathBuf, state: &mut State, engine: &mut dyn Engine) {
    state.step = Step::Inspect;
    engine.send(state.open_model(absolute(path)));
}

/// Inspects all images one after another.
pub fn inspect_set(state: &mut State, engine: &mut dyn Engine) {
    let images = state.set_images().to_vec();
    if let (Some(conditions), Some(model)) = (state.set_conditions(), &state.model)
        && !images.is_empty()
        && !state.waits_for_training()
    {
        let (set, model) = (state.ids.give(), model.id);
        let labelled = state.all_labelled(&images).into_owned();
        let mut request = state.set.ask(set, model, images, conditions);
        request.images = labelled;
        engine.send(Command::InspectSet(Box::new(request)));
    }
}

/// Looks at an image.
pub fn select(entry: Entry, state: &mut State, engine: &mut dyn Engine) {
    if !state.is_in_dataset(&entry) && state.model.is_some() {
        state.step = Step::Inspect;
    }
    engine.send(state.select(entry));
}

/// Looks at the image that comes next, wherever it was gone through.
pub fn go_on(next: Next, state: &mut State, engine: &mut dyn Engine) {
    if next.place.is_some() {
        state.review.cursor = next.place;
    }
    select(next.entry, state, engine);
}

/// A name for a new model that no file has yet: a training must not overwrite another one's work.
pub fn free_model_path(home: &Path, state: &State) -> PathBuf {
    let folder = home.join("models");
    let name = state
        .dataset
        .as_ref()
        .map_or_else(|| "model".to_owned(), |dataset| dataset.name());
    let mut path = folder.join(format!("{name}.safetensors"));
    let mut number = 2;
    while path.exists() {
        path = folder.join(format!("{name}-{number}.safetensors"));
        number += 1;
    }
    path
}

/// What a path is, told by its ending, since asking the disk could take long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A model.
    Model,
    /// An image.
    Image,
    /// A project.
    Project,
    /// A folder, or nothing that is known.
    Other,
}

impl Ending {
    /// What this path is.
    pub fn of(path: &Path) -> Self {
        let is_model = |ending: &OsStr| ending.eq_ignore_ascii_case("safetensors");
        match path.extension() {
            Some(ending) if is_model(ending) => Self::Model,
            Some(ending) if ending.eq_ignore_ascii_case(ENDING) => Self::Project,
            _ if is_image(path) => Self::Image,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_dataset::walk::EXTENSIONS;

    #[test]
    fn paths_are_told_by_their_ending() {
        assert_eq!(Ending::of(Path::new("/a/m.SafeTensors")), Ending::Model);
        assert_eq!(Ending::of(Path::new("/a/x.TIFF")), Ending::Image);
        assert_eq!(Ending::of(Path::new("/a/line 3.Kizumi")), Ending::Project);
        assert_eq!(Ending::of(Path::new("/a/bottle")), Ending::Other);
        assert_eq!(Ending::of(Path::new("/a/v1.2")), Ending::Other);
    }

    #[test]
    fn whatever_a_folder_shows_as_an_image_opens_by_itself_too() {
        for ending in EXTENSIONS {
            let path = Path::new("/a/x").with_extension(ending);
            assert_eq!(Ending::of(&path), Ending::Image, "{ending}");
        }
    }
}
