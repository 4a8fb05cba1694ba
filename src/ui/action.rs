//! What a person wants.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use kizumi_dataset::catalog::Entry;
use kizumi_dataset::labels::Label;
use kizumi_dataset::labels::save_as::Transfer;
use kizumi_dataset::sample::Set;
use kizumi_image::bitmap::Bitmap;
use kizumi_method::config::{DeviceChoice, ProjectionConfig, Regulariser};
use kizumi_method::decision::Decision;

use super::commands::Need;
use super::layers::Layer;
use super::saving::Export;
use super::settings::{Display, Further, LanguageChoice, Plots, ThemeChoice, TrainForm};
use super::state::Step;
use super::state::comparing::AbSide;
use super::state::labelling::LabelFilter;
use super::state::lesson::Lesson;
use super::state::overlay::Overlay;
use super::state::painting::{Brushes, Stroke, Tool};
use super::state::question::Answer;
use super::state::review_view::ReviewView;
use super::state::set::Source;
use super::state::sheet::SheetForm;
use super::state::sorting::SortForm;
use super::state::timeline::{Cursor, Playback};
use super::state::viewer::{Pixel, Place};
use super::state::watching::WatchForm;
use super::view::View;
use super::viewing::{Compare, Viewing};

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
    /// A project to open.
    Project,
    /// A file to keep the project in.
    SaveProject,
    /// The folder of a project's data set, which is not where it was.
    FindFolder,
    /// A file for what is on screen.
    Save(Export),
    /// The folder to copy the inspected images to that are shown.
    CopyImages,
    /// The folder to watch.
    WatchFolder,
    /// The folder for what comes of that.
    WatchResults,
    /// The folder to write the data set to that the labels make.
    SaveDataset(Transfer),
}

impl Browse {
    /// Whether something is written to what is chosen.
    pub fn writes(self) -> bool {
        self.writes_a_file() || matches!(self, Self::CopyImages | Self::SaveDataset(_))
    }

    /// Whether that is one file.
    pub fn writes_a_file(self) -> bool {
        matches!(self, Self::SaveModel | Self::SaveProject | Self::Save(_))
    }
}

/// What the images of a folder are there for, where nothing says what they show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// They are normal, to be learned from.
    Normal,
    /// They are to be inspected; nobody knows what they show.
    ToInspect,
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
    /// Open a lesson of "How it works", or close them.
    ShowLesson(Option<Lesson>),
    /// Close the window.
    Quit,
    /// The path field's text.
    EditPath(String),
    /// Open whatever this path is: folder, model or image, told by its ending.
    OpenPath(PathBuf),
    /// Open a folder as a data set, with the project that it belongs to where nothing is open.
    OpenDataset(PathBuf),
    /// Open a folder as a data set, and nothing else.
    OpenDatasetAlone(PathBuf),
    /// Say what this group of the folder holds that a question is about.
    Answer(usize, Answer),
    /// Open the folder that the question is about as it was answered.
    OpenAsAnswered,
    /// Open a folder of images alone as normal ones, or as images to inspect.
    OpenInSlot(PathBuf, Slot),
    /// Forget what was said about a folder, and open it.
    AskAgain(PathBuf),
    /// Leave the question unanswered.
    DropQuestion,
    /// Write and open sample data.
    OpenDemo(Set),
    /// Open a project as it was left.
    OpenProject(PathBuf),
    /// Ask where the folder of this project is by now.
    FindFolder(PathBuf),
    /// Read a model.
    OpenModel(PathBuf),
    /// Let the model go.
    CloseModel,
    /// Close everything that is open.
    StartFresh,
    /// Write the model.
    SaveModel(PathBuf),
    /// Choose with a file dialog.
    Browse(Browse),
    /// A path was typed for what a file dialog would have asked for.
    GivePath(Browse, PathBuf),
    /// Look at an image.
    Select(Entry),
    /// Look at the image so many places on.
    SelectNeighbour(isize),
    /// Compare the normal images with each other.
    FindSuspects,
    /// End that.
    StopFindingSuspects,
    /// Bring the list of strange normal images on screen, or take it off.
    ListSuspects(bool),
    /// Leave these normal images out of training, and no others.
    SetExcluded(BTreeSet<String>),
    /// Label the images that are chosen, or take their labels away, and show the next one.
    Label(Option<Label>),
    /// Label the open image defective, of this kind, and stay at it.
    SetKind(String),
    /// Label them defective, of a kind by its place among those that are known, counted from 0.
    LabelAs(usize),
    /// Begin to label images by their names, or end it.
    ShowSorting(bool),
    /// By which patterns.
    SetSorting(Box<SortForm>),
    /// Label them so.
    SortByName,
    /// List these images of the data set.
    SetListed(Source),
    /// List images by their labels.
    SetLabelFilter(LabelFilter),
    /// The training form.
    SetTrainForm(Box<TrainForm>),
    /// Show which part of the photographs the network sees, or no longer.
    ShowPart(bool),
    /// How the open model is trained further.
    SetFurther(Further),
    /// Whether the training form is about the open model, to be trained further.
    SetTrainsMore(bool),
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
    /// Ask whether the training that goes on is to be discarded, or no longer.
    AskToDiscardTraining(bool),
    /// Leave out measuring the normal images at the end of a training.
    SkipMeasuring,
    /// Go on with a training that was interrupted.
    ResumeInterrupted {
        /// Its autosave.
        autosave: PathBuf,
        /// Only to save its model.
        keep: bool,
    },
    /// Ask whether a training that was interrupted is to be given up, or no longer.
    AskToDiscard(Option<PathBuf>),
    /// Give up a training that was interrupted.
    DiscardInterrupted(PathBuf),
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
    /// Bring the search for settings on screen; begins it the first time.
    OpenTuning,
    /// Look for better settings.
    Tune,
    /// End the search.
    StopTuning,
    /// Put the search away; it goes on.
    CloseTuning,
    /// Take the settings over that the search found.
    AdoptTuned,
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
    /// Put the review aside, to compare that of another model with it.
    KeepReview,
    /// End that comparison.
    DropRival,
    /// Show the maps of the model that was put aside beside those of the one at hand, or no longer.
    CompareModels(bool),
    /// Measure the held-out normals with the parameters as they are.
    Recalibrate,
    /// How scores become verdicts.
    SetDecision(Decision),
    /// What is looked at of the inspected images.
    SetReview(Box<ReviewView>),
    /// Lay heatmaps over the thumbnails, or no longer.
    ToggleSetHeatmaps,
    /// The folder to watch, and the one for the results.
    SetWatchForm(WatchForm),
    /// Watch that folder.
    StartWatching,
    /// End that.
    StopWatching,
    /// Show what comes into the watched folder in step 4, or the inspected images again.
    ShowWatching(bool),
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
    /// Make a place of the picture a corner of a polygon around a true defect.
    AddCorner((f32, f32)),
    /// Close that polygon.
    CloseShape,
    /// Take its last corner back.
    DropCorner,
    /// Give it up.
    LeaveShape,
    /// Mark the region of the map that was found at a place, in pixels of the file; there may be none.
    MarkRegion(Option<Arc<Bitmap>>),
    /// Take away the mask that was drawn of the open image.
    RemoveMask,
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
    /// End copying images.
    StopCopying,
    /// Put the list of the inspected images that are shown on the clipboard.
    CopyList,
    /// Save the large picture.
    SaveLarge,
    /// Copy a layer's picture.
    CopyPicture(Layer),
    /// Copy the large picture.
    CopyLarge,
    /// Say what a command lacks whose key was pressed.
    SayLack(Need),
    /// Put a banner away.
    Dismiss(usize),
    /// Show a file with the desktop's program for it.
    ShowFile(PathBuf),
    /// Put a text on the clipboard.
    CopyText(String),
    /// Put a path on the clipboard.
    CopyPath(PathBuf),
    /// Show the log.
    ShowLog,
    /// Show the folder of the log and of the reports of panics.
    ShowStateFolder,
}

impl Action {
    /// Whether it may put something else in the place of the data set or of the model that is open.
    pub fn opens_something(&self) -> bool {
        matches!(
            self,
            Self::OpenPath(_)
                | Self::OpenDataset(_)
                | Self::OpenDatasetAlone(_)
                | Self::OpenAsAnswered
                | Self::OpenInSlot(..)
                | Self::OpenDemo(_)
                | Self::OpenProject(_)
                | Self::OpenModel(_)
                | Self::CloseModel
                | Self::StartFresh
                | Self::StartTraining
                | Self::ContinueTraining
        )
    }
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

/// What is wanted that needs more than the state: the pictures on screen, the desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// A picture to be saved.
    Save(Export),
    /// A picture to be on the clipboard.
    Copy(Layer),
    /// Copying images to end.
    StopCopying,
    /// The list of the inspected images that are shown to be there.
    CopyList,
    /// The review to be put aside.
    KeepReview,
    /// It to be forgotten.
    DropRival,
    /// What was asked for to be done with a path that was typed.
    Picked(Browse, PathBuf),
    /// A file to be shown.
    Show(PathBuf),
    /// A project to be opened.
    OpenProject(PathBuf),
    /// What was ordered to be watched.
    StartWatching,
    /// That to end.
    StopWatching,
    /// The log to be shown.
    ShowLog,
    /// The folder of the log to be shown.
    ShowStateFolder,
}

/// What only the window itself can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowRequest {
    /// Close.
    Close,
    /// Fill the screen, or no longer.
    ToggleFullscreen,
}
