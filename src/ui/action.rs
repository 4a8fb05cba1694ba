//! What a person wants, and the one place that does it.

use std::path::{Path, PathBuf};

use crate::data::catalog::Entry;
use crate::data::config::{DeviceChoice, ProjectionConfig};
use crate::engine::message::Command;

use super::app::Engine;
use crate::data::sample::{SETS, Set};

use super::layers::Layer;
use super::settings::{Display, LanguageChoice, Layout, Scale, ThemeChoice, TrainForm};
use super::state::overlay::Overlay;
use super::state::timeline::Cursor;
use super::state::training::Phase;
use super::state::viewer::{Pixel, Place};
use super::state::{State, Step};
use super::timing::Timing;
use super::view::View;
use super::viewing::{Arrangement, Compare, Sampling, Viewing};

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
    /// Light, dark, as the desktop.
    SetTheme(ThemeChoice),
    /// English, Japanese, as the desktop.
    SetLanguage(LanguageChoice),
    /// Make everything larger or smaller.
    Zoom(Zoom),
    /// Show or hide the controls on the left.
    ToggleControls,
    /// How wide the controls on the left are, in points.
    SetControlsWidth(f32),
    /// All panels as they were at first.
    ResetLayout,
    /// Fill the screen, or no longer.
    ToggleFullscreen,
    /// Lay a sheet over the window, or put it away.
    SetOverlay(Option<Overlay>),
    /// Close the window.
    Quit,
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
    /// The projection's usual parameters.
    ResetProjection,
    /// How results are drawn.
    SetDisplay(Display),
    /// Outline the ground truth, or no longer.
    ToggleMask,
    /// Give the curves a logarithmic axis, or no longer.
    ToggleLogCurves,
    /// Look at an iterate.
    SetCursor(Cursor),
    /// Look at the iterate so many places on.
    StepCursor(isize),
    /// Play through the iterates, or stop.
    TogglePlay,
    /// Zoom and pan a panel and those linked to it.
    SetView(Place, View),
    /// How pictures are arranged and compared.
    SetViewing(Viewing),
    /// Take a panel out of the link of zoom and pan, or bring it back.
    ToggleLink(Place),
    /// Follow a pixel, or let it go.
    TogglePin(Pixel),
    /// Let all pinned pixels go.
    ClearPins,
    /// Show or hide the frame times.
    ToggleTiming,
    /// Measure frame times anew.
    ClearTiming,
    /// Show the whole picture.
    FitView,
    /// Show a layer large.
    ShowLayer(Layer),
    /// Compare like this.
    SetCompare(Compare),
    /// One large picture, or six of one size: the other one.
    ToggleArrangement,
    /// Pixels as squares, or smooth: the other one.
    ToggleSampling,
    /// Show or hide loupe and values.
    ToggleProbe,
    /// Show the photograph at its own size, or the network's input.
    TogglePhotograph,
    /// Put a banner away.
    Dismiss(usize),
}

/// How much larger everything becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// A step larger.
    In,
    /// A step smaller.
    Out,
    /// The usual size.
    Reset,
}

/// What only the window itself can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowRequest {
    /// Close.
    Close,
    /// Fill the screen, or no longer.
    ToggleFullscreen,
}

/// What performing may need besides state and worker.
pub struct Surroundings<'a> {
    /// The window's clock, in seconds.
    pub now_secs: f64,
    /// Folder for sample data and models.
    pub home: &'a Path,
    /// How quickly the window answers.
    pub timing: &'a mut Timing,
    /// Opens a file dialog, which later reports by itself.
    pub browse: &'a mut dyn FnMut(Browse),
    /// Asks the window for something.
    pub window: &'a mut dyn FnMut(WindowRequest),
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
        Action::SetTheme(theme) => state.settings.theme = theme,
        Action::SetLanguage(language) => state.settings.language = language,
        Action::Zoom(zoom) => {
            let scale = &mut state.settings.scale;
            *scale = match zoom {
                Zoom::In => scale.larger(),
                Zoom::Out => scale.smaller(),
                Zoom::Reset => Scale::default(),
            };
        }
        Action::ToggleControls => {
            let hidden = &mut state.settings.layout.controls_hidden;
            *hidden = !*hidden;
        }
        Action::SetControlsWidth(width_pt) => state.settings.layout.controls_width_pt = width_pt,
        Action::ResetLayout => {
            state.settings.layout = Layout::default();
            state.layout_generation += 1;
        }
        Action::ToggleFullscreen => (around.window)(WindowRequest::ToggleFullscreen),
        Action::SetOverlay(overlay) => state.overlay = overlay,
        Action::Quit => (around.window)(WindowRequest::Close),
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
        Action::SetProjection(new) => set_projection(new, state, around),
        Action::ResetProjection => {
            set_projection(ProjectionConfig::default(), state, around);
        }
        Action::SetDisplay(display) => state.settings.display = display,
        Action::ToggleMask => {
            let shown = &mut state.settings.display.show_mask;
            *shown = !*shown;
        }
        Action::ToggleLogCurves => {
            let log = &mut state.settings.display.log_curves;
            *log = !*log;
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
        Action::SetView(place, view) => state.viewer.set_view(place, view),
        Action::SetViewing(viewing) => state.settings.viewing = viewing,
        Action::ToggleLink(place) => state.viewer.toggle_link(place),
        Action::TogglePin(pixel) => state.viewer.toggle_pin(pixel),
        Action::ClearPins => state.viewer.clear_pins(),
        Action::ToggleTiming => state.timing_open = !state.timing_open,
        Action::ClearTiming => around.timing.clear(),
        Action::FitView => {
            let large = state.settings.viewing.arrangement == Arrangement::Large;
            let first = Place::Small(Layer::GRID[0]);
            let place = if large { Place::Large } else { first };
            state.viewer.set_view(place, View::default());
        }
        Action::ShowLayer(layer) => {
            let viewing = &mut state.settings.viewing;
            (viewing.layer, viewing.arrangement) = (layer, Arrangement::Large);
        }
        Action::SetCompare(compare) => {
            let viewing = &mut state.settings.viewing;
            (viewing.compare, viewing.arrangement) = (compare, Arrangement::Large);
        }
        Action::ToggleArrangement => {
            let arrangement = &mut state.settings.viewing.arrangement;
            *arrangement = match *arrangement {
                Arrangement::Large => Arrangement::Grid,
                Arrangement::Grid => Arrangement::Large,
            };
        }
        Action::ToggleSampling => {
            let sampling = &mut state.settings.viewing.sampling;
            *sampling = match *sampling {
                Sampling::Nearest => Sampling::Linear,
                Sampling::Linear => Sampling::Nearest,
            };
        }
        Action::ToggleProbe => {
            let probe = &mut state.settings.viewing.probe;
            *probe = !*probe;
        }
        Action::TogglePhotograph => {
            let photograph = &mut state.settings.viewing.photograph;
            *photograph = !*photograph;
        }
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

/// Iterations alone never throw a trajectory away; everything else starts a new one.
fn set_projection(new: ProjectionConfig, state: &mut State, around: &mut Surroundings<'_>) {
    let now_secs = around.now_secs;
    let old = state.settings.projection;
    state.settings.projection = new;
    let others_changed = ProjectionConfig {
        iterations: old.iterations,
        ..new
    } != old;
    if others_changed {
        around.timing.parameter_changed(state);
        state.inspecting.parameters_changed(now_secs);
    } else if new.iterations != old.iterations {
        state
            .inspecting
            .iterations_changed(new.iterations, now_secs);
    }
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
