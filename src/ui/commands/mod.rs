//! Everything that a person can call by name, in one list: the menu, the command palette, the keys,
//! the help sheet and the keys in tooltips all come from it.

pub mod fuzzy;
pub mod held;
pub mod keys;
mod list;

use egui::KeyboardShortcut;

use super::action::Action;
use super::language::Language;
use super::state::training::Phase;
use super::state::{State, Step, set};
use super::viewing::{Arrangement, Sampling};

pub use list::COMMANDS;

/// Something that can be called by name.
#[derive(Debug)]
pub struct UiCommand {
    /// What it is called in code: `group.verb`, never shown.
    pub id: &'static str,
    /// Where the menu has it.
    pub group: Group,
    /// English and Japanese.
    pub names: [&'static str; 2],
    /// Keys that call it; the first is the one to remember.
    pub keys: &'static [KeyboardShortcut],
    /// What must hold for it to make sense.
    pub needs: &'static [Need],
    /// What it does.
    pub action: Action,
}

impl UiCommand {
    /// What people call it.
    pub fn name(&self, language: Language) -> &'static str {
        self.names[language as usize]
    }

    /// What it lacks, if it cannot be called now.
    pub fn lacks(&self, state: &State) -> Option<Need> {
        let mut needs = self.needs.iter().copied();
        needs.find(|need| !need.is_met(state))
    }

    /// Whether what it switches is on; `None` if it switches nothing.
    pub fn is_on(&self, state: &State) -> Option<bool> {
        let settings = &state.settings;
        let viewing = &settings.viewing;
        match self.action {
            Action::SetTheme(theme) => Some(settings.theme == theme),
            Action::SetLanguage(language) => Some(settings.language == language),
            Action::ToggleControls => Some(!settings.layout.controls_hidden),
            Action::ToggleMask => Some(settings.display.show_mask),
            Action::ShowLayer(layer) => Some(viewing.layer == layer),
            Action::SetCompare(compare) => Some(viewing.compare == compare),
            Action::ToggleArrangement => Some(viewing.arrangement == Arrangement::Large),
            Action::ToggleSampling => Some(viewing.sampling == Sampling::Nearest),
            Action::ToggleProbe => Some(viewing.probe),
            Action::TogglePhotograph => Some(state.shows_photograph()),
            Action::ToggleSetHeatmaps => Some(settings.thumbnail_heatmaps),
            Action::ToggleLogCurves => Some(settings.display.log_curves),
            _ => None,
        }
    }
}

/// The command that does this, if there is one.
pub fn doing(action: &Action) -> Option<&'static UiCommand> {
    COMMANDS.iter().find(|command| command.action == *action)
}

/// The command of that name in code.
#[cfg(test)]
pub fn by_id(id: &str) -> Option<&'static UiCommand> {
    COMMANDS.iter().find(|command| command.id == id)
}

/// Commands that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Opening and saving.
    File,
    /// From step to step.
    Steps,
    /// Step 2.
    Training,
    /// Which image is looked at.
    Image,
    /// The projection and its iterates.
    Projection,
    /// What the large picture shows.
    Layers,
    /// How two pictures are compared.
    Compare,
    /// Step 4.
    Review,
    /// How things look.
    View,
    /// Language, theme and size.
    Appearance,
    /// What there is.
    Help,
}

impl Group {
    /// In the order of the menu.
    pub const ALL: [Self; 11] = [
        Self::File,
        Self::Steps,
        Self::Training,
        Self::Image,
        Self::Projection,
        Self::Layers,
        Self::Compare,
        Self::Review,
        Self::View,
        Self::Appearance,
        Self::Help,
    ];

    /// Its commands, in order.
    pub fn commands(self) -> impl Iterator<Item = &'static UiCommand> {
        COMMANDS.iter().filter(move |command| command.group == self)
    }
}

/// What must hold for a command to make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A data set is open.
    Dataset,
    /// An image of it is chosen, or images of a review are on screen.
    Chosen,
    /// A model is in memory.
    Model,
    /// Anything is open.
    Open,
    /// An image is open.
    Image,
    /// Somebody drew the mask of the open image.
    DrawnMask,
    /// A polygon around a true defect is not closed yet.
    Shape,
    /// There is none.
    NoShape,
    /// The model remembers features of normal images.
    Features,
    /// What is told is not told by features alone: a network has learned something.
    Network,
    /// There is more than the image itself to look at.
    Iterates,
    /// A step that shows images is on screen.
    Browsing,
    /// Step 3 is on screen.
    Inspecting,
    /// No training goes on.
    Idle,
    /// No training goes on that inspecting would have to wait for.
    Inspectable,
    /// Training runs.
    Running,
    /// Training is paused.
    Paused,
    /// Training goes on, paused or not.
    Training,
    /// Many images are being inspected.
    SetRunning,
    /// That is suspended.
    SetPaused,
    /// That goes on, suspended or not.
    Set,
    /// There are a model with a file and folders to watch, and none is watched.
    Watchable,
    /// A folder is watched.
    Watching,
    /// No images are being copied.
    NoCopying,
    /// At least one of many images was inspected.
    Results,
    /// Something is being computed.
    Job,
    /// Pixels are pinned.
    Pins,
    /// No file dialog is open.
    NoDialog,
    /// There is something to undo.
    Past,
    /// Something was undone.
    Future,
    /// The projection with the present parameters is on screen.
    Run,
    /// A run was put aside, of this model or of another one.
    Kept,
    /// One of this model was.
    KeptRun,
    /// The contact sheet is open.
    Sheet,
    /// It is not.
    NoSheet,
}

impl Need {
    /// Whether it holds.
    pub fn is_met(self, state: &State) -> bool {
        let phase = state.training.phase;
        match self {
            Self::Dataset => state.dataset.is_some(),
            Self::Model => state.model.is_some(),
            Self::Open => {
                let image = state.inspecting.selected.is_some();
                image || state.dataset.is_some() || state.model.is_some()
            }
            Self::Image => state.inspecting.opened.is_some(),
            Self::DrawnMask => state.has_drawn_mask(),
            Self::Shape => !state.masking.corners().is_empty(),
            Self::NoShape => state.masking.corners().is_empty(),
            Self::Features => state.has_features(),
            Self::Network => !state.tells_by_features(),
            Self::Iterates => state.last_shown() > 0,
            Self::Browsing => matches!(state.step, Step::Data | Step::Inspect),
            Self::Inspecting => state.step == Step::Inspect,
            Self::Chosen => state.has_chosen_images(),
            Self::Idle => !state.training.is_active(),
            Self::Inspectable => !state.waits_for_training(),
            Self::Running => phase == Phase::Running,
            Self::Paused => phase == Phase::Paused,
            Self::Training => state.training.can_stop(),
            Self::SetRunning => state.set.phase() == set::Phase::Running,
            Self::SetPaused => state.set.phase() == set::Phase::Paused,
            Self::Set => state.set.is_active(),
            Self::Watchable => !state.watching.is_active() && state.watch_order().is_ok(),
            Self::Watching => state.watching.is_active(),
            Self::NoCopying => state.copying.is_none(),
            Self::Results => state.set.done() > 0,
            Self::Job => state.jobs.foremost().is_some(),
            Self::Pins => !state.viewer.pins().is_empty(),
            Self::NoDialog => !state.dialog_open,
            Self::Past => state.history.has_past(),
            Self::Future => state.history.has_future(),
            Self::Run => state.inspecting.current().is_some() && !state.inspecting.is_stale(),
            Self::Kept => state.inspecting.a().is_some(),
            Self::KeptRun => state.inspecting.a().is_some() && !state.inspecting.a_is_of_rival(),
            Self::Sheet => state.sheet.form().is_some(),
            Self::NoSheet => state.sheet.form().is_none(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
