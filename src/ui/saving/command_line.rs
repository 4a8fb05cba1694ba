//! The command line that inspects the images of step 4 again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::command_line::{InspectLine, Unsaid, quoted};
use crate::ui::state::State;
use crate::ui::state::set::Source;
use kizumi_dataset::scan::Roles;
use kizumi_engine::message::ModelInfo;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::decision::Decision;

/// A line, and what a person should know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// For the shell of this system.
    pub line: String,
    /// In what it differs from what was done in the window.
    pub notes: Vec<LineNote>,
}

/// In what a command line differs from what was done in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineNote {
    /// It inspects whole folders: there may be other images in them.
    WholeFolders,
    /// It judges by the usual decision.
    UsualDecision,
    /// Something cannot be said.
    Unsaid(Unsaid),
}

/// Why there is no such line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLine {
    /// Nothing was inspected.
    Nothing,
    /// The model that inspected the images is not at hand.
    OtherModel,
    /// The model has no file.
    Unsaved,
}

/// The line for what was inspected.
///
/// # Errors
/// Why there is none.
pub fn command_line(state: &State) -> Result<CommandLine, NoLine> {
    let set = &state.set;
    let conditions = set.conditions().ok_or(NoLine::Nothing)?;
    let model = state.model.as_ref().filter(|model| set.is_of(model.mark));
    let model = model.ok_or(NoLine::OtherModel)?;
    let path = model.path.as_deref().ok_or(NoLine::Unsaved)?;
    let mut notes = Vec::new();
    let (images, roles) = match whole_dataset(state) {
        Some(found) => found,
        None => {
            notes.push(LineNote::WholeFolders);
            let folders = set.images().iter().filter_map(|entry| entry.path.parent());
            let folders: BTreeSet<&Path> = folders.collect();
            let folders = folders.into_iter().map(Into::into).collect();
            (folders, Roles::default())
        }
    };
    let line = InspectLine {
        model: path,
        images: &images,
        roles: &roles,
        usual: usual_settings(model),
        wanted: (conditions.projection, conditions.mapper.config),
    };
    let (words, unsaid) = line.words();
    if state.settings.decision != Decision::default() {
        notes.push(LineNote::UsualDecision);
    }
    notes.extend(unsaid.into_iter().map(LineNote::Unsaid));
    Ok(CommandLine {
        line: quoted(&words),
        notes,
    })
}

/// What the command line uses with a model when nothing else is said.
pub fn usual_settings(model: &ModelInfo) -> (ProjectionConfig, MapConfig) {
    let (projection, map) = model.settings().unwrap_or_else(|| {
        let projection = model.features.network.projection();
        (projection, MapConfig::default())
    });
    (projection, map.fitting(model.mark))
}

/// The folder of the data set, where the command line takes the same images from it.
fn whole_dataset(state: &State) -> Option<(Vec<PathBuf>, Roles)> {
    let catalog = &state.dataset.as_ref()?.catalog;
    let of_normals = state.set.conditions()?.source == Source::Normals;
    if of_normals && !catalog.test.is_empty() {
        return None;
    }
    // The sheet asks for every picture that it draws.
    let taken = catalog.inspected().map(|entry| &entry.path);
    let is_whole = taken.eq(state.set.images().iter().map(|entry| &entry.path));
    is_whole.then(|| {
        let root = catalog.root.clone();
        (vec![root.clone()], state.roles_of(&root))
    })
}
