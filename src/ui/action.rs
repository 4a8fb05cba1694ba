//! What a person wants, and the one place that does it.

use std::path::{Path, PathBuf};

use crate::data::catalog::Entry;
use crate::data::config::{DeviceChoice, ProjectionConfig, Regulariser};
use crate::engine::message::Command;

use super::app::Engine;
use crate::data::sample::{SETS, Set};

use super::settings::{Display, Plots, TrainForm};
use super::state::comparing::AbSide;
use super::state::history::{Moment, Snapshot};
use super::state::sheet::SheetForm;
use super::state::timeline::{Cursor, Playback};
use super::state::training::Phase;
use super::state::{State, Step};
use super::view::View;

/// The smallest step size that is a projection at all.
pub const ALPHA_MIN: f32 = 1e-6;

/// What a file dialog is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browse {
    /// The folder of a data set.
    Dataset,
    /// A model file to read.
    Model,
    /// A single image.
    Image,
    /// A model file to write.
    SaveModel,
}

/// Something a person asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Show a step.
    GoTo(Step),
    /// Light, dark, as the desktop: the next of them.
    NextTheme,
    /// The path field's text.
    EditPath(String),
    /// Open whatever this path is: folder, model or image, told by its ending.
    OpenPath(PathBuf),
    /// Open a folder as a data set.
    OpenDataset(PathBuf),
    /// Write and open sample data.
    OpenDemo(Set),
    /// Read a model.
    OpenModel(PathBuf),
    /// Write the model.
    SaveModel(PathBuf),
    /// Choose with a file dialog.
    Browse(Browse),
    /// Look at an image.
    Select(Entry),
    /// Look at the image so many places on.
    SelectNeighbour(isize),
    /// The training form.
    SetTrainForm(Box<TrainForm>),
    /// Train from the beginning.
    StartTraining,
    /// Train the model in memory for longer.
    ContinueTraining,
    /// Suspend training.
    Pause,
    /// Go on training.
    Resume,
    /// End training.
    Stop {
        /// Keep what was learned.
        keep: bool,
    },
    /// Cancel whatever runs.
    CancelAll,
    /// Compute elsewhere.
    UseDevice(DeviceChoice),
    /// The projection's parameters.
    SetProjection(ProjectionConfig),
    /// How results are drawn.
    SetDisplay(Display),
    /// Look at an iterate.
    SetCursor(Cursor),
    /// Look at the iterate so many places on.
    StepCursor(isize),
    /// Play through the iterates, or stop.
    TogglePlay,
    /// How the iterates are played.
    SetPlayback(Playback),
    /// Which curves are drawn.
    SetPlots(Plots),
    /// Take the last change of a parameter or of the display back.
    Undo,
    /// Make it again.
    Redo,
    /// The settings as text, onto the clipboard.
    CopySettings,
    /// Ask the desktop for what is on the clipboard; it comes as an event.
    AskForPaste,
    /// Take over settings from text.
    PasteSettings(String),
    /// Put the current run aside, to compare with.
    KeepAsA,
    /// End the comparison.
    DropA,
    /// A becomes the current run, the current run becomes A.
    SwapAb,
    /// Go back to the parameters of A.
    AdoptA,
    /// Look at A, at B, or at both.
    SetAbSide(AbSide),
    /// Look at A when B is shown, at B when A is.
    FlipAb,
    /// Halve the step size, because the projection went astray.
    HalveAlpha,
    /// Compute a grid of projections.
    OpenSheet,
    /// Put the grid away.
    CloseSheet,
    /// What the grid is of, and what it shows.
    SetSheetForm(SheetForm),
    /// Project with the parameters of one of the grid's cells.
    AdoptCell(Cell),
    /// Zoom and pan.
    SetView(View),
    /// Put a banner away.
    Dismiss(usize),
}

/// Parameters of a cell of the contact sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Step size.
    pub alpha: f32,
    /// Weight.
    pub lambda: f32,
    /// What the weight is of.
    pub regulariser: Regulariser,
}

/// What performing may need besides state and worker.
pub struct Surroundings<'a> {
    /// Now.
    pub moment: Moment,
    /// Folder for sample data and models.
    pub home: &'a Path,
    /// Opens a file dialog, which later reports by itself.
    pub browse: &'a mut dyn FnMut(Browse),
    /// Puts text on the clipboard.
    pub copy: &'a mut dyn FnMut(String),
    /// Asks the desktop for what is on the clipboard.
    pub ask_for_paste: &'a mut dyn FnMut(),
}

/// Does what was asked for.
pub fn perform(
    action: Action,
    state: &mut State,
    engine: &mut dyn Engine,
    around: &mut Surroundings<'_>,
) {
    match action {
        Action::GoTo(step) => state.step = step,
        Action::NextTheme => state.settings.theme = state.settings.theme.next(),
        Action::EditPath(text) => state.path_input = text,
        Action::OpenPath(path) => match Ending::of(&path) {
            Ending::Model => open_model(path, state, engine),
            Ending::Image => select(state.entry_of(&path), state, engine),
            Ending::Other => open_dataset(path, state, engine),
        },
        Action::OpenDataset(path) => open_dataset(path, state, engine),
        Action::OpenDemo(set) => {
            state.notices.clear();
            state.step = Step::Data;
            engine.send(Command::OpenDemo {
                into: around.home.join("samples"),
                set,
            });
            state.settings.train = set.recipe();
        }
        Action::OpenModel(path) => open_model(path, state, engine),
        Action::SaveModel(path) => engine.send(Command::SaveModel(path)),
        Action::Browse(what) => {
            if !state.dialog_open {
                state.dialog_open = true;
                (around.browse)(what);
            }
        }
        Action::Select(entry) => select(entry, state, engine),
        Action::SelectNeighbour(by) => {
            if let Some(entry) = state.neighbour(by)
                && state.inspecting.selected.as_ref() != Some(&entry)
            {
                select(entry, state, engine);
            }
        }
        Action::SetTrainForm(form) => state.settings.train = *form,
        Action::StartTraining => {
            if state.dataset.is_some() && !state.training.is_active() {
                let save_to = free_model_path(around.home, state);
                let request = state.train_request(Some(save_to));
                state.training.begin();
                state.notices.clear();
                engine.send(Command::Train(Box::new(request)));
            }
        }
        Action::ContinueTraining => {
            if state.model.is_some() && !state.training.is_active() {
                state.training.begin();
                engine.send(Command::ResumeTraining {
                    images: images_of(&state.settings.train),
                    save_to: None,
                });
            }
        }
        Action::Pause => engine.send(Command::Pause),
        Action::Resume => engine.send(Command::Resume),
        Action::Stop { keep } => {
            state.training.phase = Phase::Stopping;
            engine.send(Command::Stop { keep });
        }
        Action::CancelAll => {
            state.inspecting.give_up_waiting();
            engine.send(Command::CancelAll);
        }
        Action::UseDevice(choice) => engine.send(Command::UseDevice(choice)),
        Action::SetProjection(projection) => set_projection(projection, state, around),
        Action::SetDisplay(display) => {
            let new = Snapshot {
                display,
                ..state.snapshot()
            };
            state.change(new, around.moment);
        }
        Action::SetCursor(cursor) => state.inspecting.timeline.set(cursor),
        Action::StepCursor(by) => {
            let last = state.last_shown();
            state.inspecting.timeline.step(by, last);
        }
        Action::TogglePlay => {
            let last = state.last_shown();
            state.inspecting.timeline.toggle_play(last);
        }
        Action::SetPlayback(playback) => state.settings.playback = playback,
        Action::SetPlots(plots) => state.settings.plots = plots,
        Action::Undo => state.undo(around.moment.now_secs),
        Action::Redo => state.redo(around.moment.now_secs),
        Action::CopySettings => todo!(),
        Action::AskForPaste => (around.ask_for_paste)(),
        Action::PasteSettings(text) => todo!("{text}"),
        Action::KeepAsA => state.keep_as_a(),
        Action::DropA => state.inspecting.drop_a(),
        Action::SwapAb => state.swap_ab(around.moment),
        Action::AdoptA => state.adopt_a(around.moment),
        Action::SetAbSide(side) => state.inspecting.set_ab_side(side),
        Action::FlipAb => {
            let side = match state.inspecting.ab_side() {
                AbSide::A => AbSide::B,
                AbSide::B | AbSide::Both => AbSide::A,
            };
            state.inspecting.set_ab_side(side);
        }
        Action::HalveAlpha => {
            let mut projection = state.settings.projection;
            projection.alpha = (projection.alpha * 0.5).max(ALPHA_MIN);
            set_projection(projection, state, around);
        }
        Action::OpenSheet => state.sheet.open(&state.settings.projection),
        Action::CloseSheet => state.sheet.close(),
        Action::SetSheetForm(form) => state.sheet.set_form(form),
        Action::AdoptCell(cell) => {
            let projection = ProjectionConfig {
                alpha: cell.alpha,
                lambda: cell.lambda,
                regulariser: cell.regulariser,
                ..state.settings.projection
            };
            set_projection(projection, state, around);
        }
        Action::SetView(view) => state.view = view,
        Action::Dismiss(index) => state.notices.dismiss(index),
    }
}

fn open_dataset(path: PathBuf, state: &mut State, engine: &mut dyn Engine) {
    state.step = Step::Data;
    // A recipe made for sample data does not carry over to anybody's own.
    if SETS.iter().any(|set| state.settings.train == set.recipe()) {
        state.settings.train = TrainForm::default();
    }
    engine.send(Command::OpenDataset(path));
}

fn open_model(path: PathBuf, state: &mut State, engine: &mut dyn Engine) {
    state.step = Step::Inspect;
    engine.send(Command::OpenModel(path));
}

fn select(entry: Entry, state: &mut State, engine: &mut dyn Engine) {
    let in_dataset = state
        .dataset
        .as_ref()
        .is_some_and(|dataset| entry.path.starts_with(&dataset.catalog.root));
    if !in_dataset {
        super::settings::remember(&mut state.settings.recent.images, &entry.path);
        if state.model.is_some() {
            state.step = Step::Inspect;
        }
    }
    state.inspecting.select(entry.clone());
    engine.send(Command::OpenImage(entry));
}

fn set_projection(projection: ProjectionConfig, state: &mut State, around: &Surroundings<'_>) {
    let new = Snapshot {
        projection,
        ..state.snapshot()
    };
    state.change(new, around.moment);
}

/// Training images that the form's limit stands for.
fn images_of(form: &TrainForm) -> u64 {
    let limit = &form.training.limit;
    let epochs = limit.epochs.unwrap_or(1).max(1);
    limit
        .images
        .unwrap_or(epochs.saturating_mul(form.training.images_per_epoch))
}

/// A name for a new model that no file has yet: a training must not overwrite another one's work.
fn free_model_path(home: &Path, state: &State) -> PathBuf {
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
enum Ending {
    Model,
    Image,
    Other,
}

impl Ending {
    fn of(path: &Path) -> Self {
        let ending = path.extension().and_then(|ending| ending.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("safetensors") => Self::Model,
            Some("png" | "jpg" | "jpeg" | "bmp" | "tif" | "tiff" | "webp") => Self::Image,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_by_their_ending() {
        assert_eq!(Ending::of(Path::new("/a/m.SafeTensors")), Ending::Model);
        assert_eq!(Ending::of(Path::new("/a/x.TIFF")), Ending::Image);
        assert_eq!(Ending::of(Path::new("/a/bottle")), Ending::Other);
        assert_eq!(Ending::of(Path::new("/a/v1.2")), Ending::Other);
    }

    #[test]
    fn a_continued_training_counts_images() {
        let mut form = TrainForm::default();
        form.training.limit.epochs = Some(3);
        form.training.images_per_epoch = 100;
        assert_eq!(images_of(&form), 300);
        form.training.limit.images = Some(50);
        assert_eq!(images_of(&form), 50);
    }
}
