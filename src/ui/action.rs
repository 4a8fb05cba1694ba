//! What a person wants, and the one place that does it.

use std::path::{Path, PathBuf};

use crate::data::brush::MaskBrush;
use crate::data::catalog::Entry;
use crate::data::config::{DeviceChoice, Mode, ProjectionConfig, Regulariser};
use crate::data::decision::Decision;
use crate::engine::message::Command;

use super::app::Engine;
use crate::data::sample::{SETS, Set};

use super::layers::Layer;
use super::saving::Export;
use super::settings::{Display, LanguageChoice, Layout, Plots, Scale, ThemeChoice, TrainForm};
use super::state::comparing::AbSide;
use super::state::history::{Moment, Snapshot};
use super::state::notice::Level;
use super::state::overlay::Overlay;
use super::state::painting::{Brushes, Stroke, Tool};
use super::state::review_view::ReviewView;
use super::state::sheet::SheetForm;
use super::state::timeline::{Cursor, Playback};
use super::state::training::Phase;
use super::state::viewer::{Pixel, Place};
use super::state::{State, Step};
use super::text::Text;
use super::timing::Timing;
use super::view::View;
use super::viewing::{Arrangement, Compare, Sampling, Viewing};

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
    /// A file for what is on screen.
    Save(Export),
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
    /// Inspect all images.
    InspectSet,
    /// Suspend inspecting them.
    PauseSet,
    /// Go on inspecting them.
    ResumeSet,
    /// End inspecting them; what was inspected stays.
    StopSet,
    /// Measure the held-out normals with the parameters as they are.
    Recalibrate,
    /// How scores become verdicts.
    SetDecision(Decision),
    /// What is looked at of the inspected images.
    SetReview(Box<ReviewView>),
    /// Lay heatmaps over the thumbnails, or no longer.
    ToggleSetHeatmaps,
    /// Look closely at an image of the inspected set.
    Examine(Entry),
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
    /// What the pointer does on pictures.
    SetTool(Tool),
    /// How brushes look.
    SetBrushes(Brushes),
    /// Draw with the tool that is chosen.
    Draw(Stroke),
    /// Bring the file's pixels back.
    RemovePaint,
    /// Hand the marked regions to the model.
    ApplyIgnored,
    /// Give the marked regions up.
    DiscardIgnored,
    /// Mark no region.
    ClearIgnored,
    /// Save what is on screen.
    Export(Export),
    /// Save the large picture.
    SaveLarge,
    /// Copy a layer's picture.
    CopyPicture(Layer),
    /// Copy the large picture.
    CopyLarge,
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

/// What is wanted of the pictures on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// To be saved.
    Save(Export),
    /// To be on the clipboard.
    Copy(Layer),
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
    /// Now.
    pub moment: Moment,
    /// Folder for sample data and models.
    pub home: &'a Path,
    /// The words on screen.
    pub text: &'static Text,
    /// What is wanted of the pictures on screen.
    pub wants: &'a mut Vec<Want>,
    /// How quickly the window answers.
    pub timing: &'a mut Timing,
    /// Opens a file dialog, which later reports by itself.
    pub browse: &'a mut dyn FnMut(Browse),
    /// Puts text on the clipboard.
    pub copy: &'a mut dyn FnMut(String),
    /// Asks the desktop for what is on the clipboard.
    pub ask_for_paste: &'a mut dyn FnMut(),
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
        Action::SetProjection(projection) => set_projection(projection, state, around),
        Action::ResetProjection => {
            set_projection(ProjectionConfig::default(), state, around);
        }
        Action::SetDisplay(display) => set_display(display, state, around),
        Action::ToggleMask => {
            let mut display = state.settings.display;
            display.show_mask = !display.show_mask;
            set_display(display, state, around);
        }
        Action::ToggleLogCurves => {
            let mut display = state.settings.display;
            display.log_curves = !display.log_curves;
            set_display(display, state, around);
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
        Action::CopySettings => (around.copy)(state.settings_text().to_string()),
        Action::AskForPaste => (around.ask_for_paste)(),
        Action::PasteSettings(text) => match state.settings_text().changed_by(&text) {
            Ok(settings) => state.adopt_settings_text(&settings, around.moment),
            Err(error) => {
                let reason = (around.text.runs.paste_failed)(&error.to_string());
                state.notices.push(Level::Warning, reason, None);
            }
        },
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
        Action::InspectSet => inspect_set(state, engine),
        Action::PauseSet => engine.send(Command::PauseSet),
        Action::ResumeSet => engine.send(Command::ResumeSet),
        Action::StopSet => {
            state.set.stopping();
            engine.send(Command::StopSet);
        }
        Action::Recalibrate => {
            let map = state.score_map();
            engine.send(Command::Recalibrate(state.settings.projection, map));
        }
        Action::SetDecision(decision) => {
            if decision.validate().is_ok() {
                state.settings.decision = decision;
            }
        }
        Action::SetReview(review) => state.review = *review,
        Action::ToggleSetHeatmaps => {
            let on = &mut state.settings.thumbnail_heatmaps;
            *on = !*on;
        }
        Action::Examine(entry) => {
            if state.inspecting.selected.as_ref() != Some(&entry) {
                select(entry, state, engine);
            }
            state.step = Step::Inspect;
        }
        Action::SetTool(tool) => state.painter.tool = tool,
        Action::SetBrushes(brushes) => state.settings.brushes = brushes,
        Action::Draw(stroke) => draw(stroke, state, engine),
        Action::RemovePaint => {
            if let Some(opened) = &state.inspecting.opened {
                engine.send(Command::OpenImage(opened.entry.clone()));
            }
        }
        Action::ApplyIgnored => {
            if let Some(mask) = state.painter.ignored() {
                let any = mask.pixels.iter().any(|value| *value > 0.5);
                engine.send(Command::SetIgnored(any.then(|| mask.clone())));
                state.painter.forget_ignored();
            }
        }
        Action::DiscardIgnored => state.painter.forget_ignored(),
        Action::ClearIgnored => {
            if let Some(opened) = &state.inspecting.opened {
                state.painter.clear_ignored(opened);
            }
        }
        Action::Export(export) => around.wants.push(Want::Save(export)),
        Action::SaveLarge => {
            let layer = state.settings.viewing.layer;
            around.wants.push(Want::Save(Export::Picture(layer)));
        }
        Action::CopyPicture(layer) => around.wants.push(Want::Copy(layer)),
        Action::CopyLarge => around.wants.push(Want::Copy(state.settings.viewing.layer)),
        Action::Dismiss(index) => state.notices.dismiss(index),
    }
}

/// A stroke changes what is seen at once; the worker hears of it when it ends.
fn draw(stroke: Stroke, state: &mut State, engine: &mut dyn Engine) {
    let brushes = state.settings.brushes;
    match state.painter.tool {
        Tool::Look => {}
        Tool::Paint => {
            let drawing = state.painter.is_drawing();
            let Some(opened) = state.inspecting.opened_for_painting() else {
                return;
            };
            state.painter.paint(stroke, brushes.paint, opened);
            if stroke == Stroke::End
                && drawing
                && let Some(mask) = opened.mask.clone()
            {
                let picture = opened.picture.clone();
                engine.send(Command::Repaint { picture, mask });
            }
        }
        Tool::Ignore => {
            let model = state.model.as_ref();
            if model.is_some_and(|model| model.data.mode != Mode::Object) {
                return;
            }
            let known = model.and_then(|model| model.ignored.as_ref());
            if let Some(opened) = &state.inspecting.opened {
                let brush = MaskBrush {
                    radius_px: brushes.paint.radius_px,
                    erase: brushes.erase_ignored,
                };
                state.painter.mark(stroke, brush, known, opened);
            }
        }
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

fn inspect_set(state: &mut State, engine: &mut dyn Engine) {
    let images = state.set_images().to_vec();
    if let Some(conditions) = state.set_conditions()
        && !images.is_empty()
        && !state.training.is_active()
    {
        let request = state.set.ask(images, conditions);
        engine.send(Command::InspectSet(Box::new(request)));
    }
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

fn set_projection(projection: ProjectionConfig, state: &mut State, around: &mut Surroundings<'_>) {
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

fn set_display(display: Display, state: &mut State, around: &Surroundings<'_>) {
    let new = Snapshot {
        display,
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
