//! What the window asks of the worker.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::ticket::{
    About, DatasetId, ImageId, ModelId, PreviewId, RunTicket, SetId, SheetId, TuningId,
};
use kizumi_dataset::catalog::Entry;
use kizumi_dataset::exclusions::Exclusions;
use kizumi_dataset::labels::Labels;
use kizumi_dataset::sample::Set;
use kizumi_dataset::scan::Roles;
use kizumi_image::picture::Picture;
use kizumi_image::stamp::Stamp;
use kizumi_method::config::{
    DataConfig, DeviceChoice, FeatureResolution, MapConfig, ProjectionConfig, TrainingPlan,
};

/// A request to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Compute on this device from now on. Running work is stopped, the model in memory is kept.
    UseDevice(DeviceChoice),
    /// Recognise the images of a folder; nothing is decoded yet.
    OpenDataset {
        /// What it is called from now on.
        dataset: DatasetId,
        /// The folder.
        path: PathBuf,
        /// Which of its folders hold what, where a person has said it; nothing leaves it to their names, and
        /// may be answered by [`super::Event::DatasetUnclear`].
        roles: Roles,
    },
    /// Write the built-in sample data below a folder, then open one of its sets.
    OpenDemo {
        /// What it is called once it is there.
        dataset: DatasetId,
        /// Folder for the sample data.
        into: PathBuf,
        /// Which one.
        set: Set,
    },
    /// These are the labels of the images of the data set that is open, and no others: what is learned from and
    /// measured from now on goes by them.
    SetLabels {
        /// The data set that is open.
        dataset: DatasetId,
        /// The labels.
        labels: Labels,
    },
    /// Compare the training images of the data set that is open with each other. Answered by
    /// [`super::Event::Suspects`]; refused while a model is trained, which tells the same.
    FindSuspects {
        /// The data set that is open.
        dataset: DatasetId,
        /// How closely they are looked at.
        resolution: FeatureResolution,
    },
    /// End comparing them.
    StopFindingSuspects(DatasetId),
    /// Load the data set that is open and train on it.
    Train(Box<TrainRequest>),
    /// Continue the model in memory with its own configuration; only the limit is new.
    ResumeTraining {
        /// The model in memory.
        of: ModelId,
        /// What comes of it.
        model: ModelId,
        /// The data set that is open.
        dataset: DatasetId,
        /// Training images to leave out besides those that the model left out, and those of the latter to
        /// learn from.
        exclusions: Exclusions,
        /// Train until this many training images more have been seen.
        images: u64,
        /// Where to save, or `None` for the file it came from.
        save_to: Option<PathBuf>,
    },
    /// Suspend training after the current step.
    Pause,
    /// Go on after [`Command::Pause`].
    Resume,
    /// End training. `keep` calibrates and saves what was learned, else the model from before is
    /// restored.
    Stop {
        /// Keep the model, or discard it.
        keep: bool,
    },
    /// Leave out measuring the normal images at the end of a training: the model is kept without.
    SkipMeasuring,
    /// Look for trainings that were interrupted in these folders. Answered by [`super::Event::Interrupted`].
    FindInterrupted(Vec<PathBuf>),
    /// Open the images of an interrupted training and go on with it.
    ResumeInterrupted {
        /// What comes of it.
        model: ModelId,
        /// What its images are called from now on.
        dataset: DatasetId,
        /// Its autosave.
        autosave: PathBuf,
        /// Which of the folders of its data set hold what, where a person has said it.
        roles: Roles,
        /// Do no more than measure the normal images and save the model.
        keep: bool,
    },
    /// Remove the autosave of an interrupted training.
    DiscardInterrupted(PathBuf),
    /// Read a model file.
    OpenModel {
        /// What it is called from now on.
        model: ModelId,
        /// The file.
        path: PathBuf,
    },
    /// Write the model in memory.
    SaveModel {
        /// The model in memory.
        model: ModelId,
        /// The file.
        path: PathBuf,
    },
    /// Decode an image and its mask for inspection, as the network at hand sees it. Answered by
    /// [`super::Event::ImageOpened`]. When it cannot be read, the image from before stays open.
    OpenImage {
        /// What it is called from now on.
        image: ImageId,
        /// The file.
        entry: Entry,
        /// What to do at once when it is open: saves a way back and forth.
        then: Option<RunRequest>,
    },
    /// Project the open image. A trajectory that the worker still has goes on from its last
    /// iterate, every other one begins at x_0. What was projected before is cancelled.
    ///
    /// Ends with [`super::Event::Ended`] of [`super::Job::Projecting`], whether or not it began: it does not when
    /// another request follows at once, or when image or model are no longer those at hand.
    Project(RunRequest),
    /// Give the open image other pixels and another ground truth, because a person painted on it.
    /// Answered by [`super::Event::ImageOpened`]; opening the image again brings the file's back.
    Repaint {
        /// What is painted on; refused when another image is open.
        of: ImageId,
        /// What the painted picture is called from now on.
        image: ImageId,
        /// The new x_0, of the open picture's shape.
        picture: Picture,
        /// Its ground truth, one channel, 0 or 1.
        mask: Picture,
        /// What a projection is to fill, one channel, 0 or 1: the picture is noise there.
        hole: Option<Picture>,
    },
    /// This is what is known of the open image: say which of its pixels are defective by it. Answered by
    /// [`super::Event::TruthRead`].
    ReadTruth {
        /// The open image.
        image: ImageId,
        /// The image with its kind and its mask.
        entry: Entry,
    },
    /// Decode the open image's file at its own size, painted on or not. Answered by
    /// [`super::Event::SourceOpened`].
    OpenSource(ImageId),
    /// Prepare an image as a network would get it that was trained like this. What was asked for before is given
    /// up. Answered by [`super::Event::InputPreviewed`], with why not where it cannot be.
    PreviewInput(Box<PreviewRequest>),
    /// Keep the model in memory as it is, whatever takes its place, to compare another one with it. One that was kept
    /// before goes.
    KeepRival(ModelId),
    /// Let that model go.
    DropRival,
    /// Project an image with the model that is kept to compare with, which sees it in its own way. Answered by
    /// [`super::Event::RivalOpened`], then as a projection is; what it projected before is cancelled.
    ProjectByRival {
        /// The ticket's image is what the image is called as that model sees it.
        request: RunRequest,
        /// The image.
        entry: Entry,
    },
    /// Project the open image with every pair of step size and weight, at most 64; a grid that is
    /// being computed is cancelled, as it is when the image changes.
    ProjectSheet {
        /// What the grid is called.
        sheet: SheetId,
        /// The open image.
        image: ImageId,
        /// The model at hand.
        model: ModelId,
        /// The grid.
        request: Box<SheetRequest>,
    },
    /// Inspect images one after another; a run of the same kind that is going on is stopped. It
    /// keeps to the network that it begins with, is stopped when another model takes its place, and
    /// gives way to projections of the open image.
    InspectSet(Box<SetRequest>),
    /// Suspend inspecting images after the current one.
    PauseSet(SetId),
    /// Go on after [`Command::PauseSet`].
    ResumeSet(SetId),
    /// End inspecting images; what was inspected stays.
    StopSet(SetId),
    /// Which of these files are not what they were. Answered by [`super::Event::FilesFound`].
    FindChanged(Vec<(PathBuf, Stamp)>),
    /// Leave out the pixels where the mask is 1 (one channel, of the network's size; object mode
    /// only) from energy, scores and metrics. The mask belongs to the model and is saved with it.
    /// The calibration is the one from before until [`Command::Recalibrate`]: it was measured with
    /// other regions, so until then no score is compared with its own and nothing stops early.
    /// Answered by
    /// [`super::Event::ModelReady`] and, when an image is open, [`super::Event::ImageOpened`].
    SetIgnored {
        /// The model in memory.
        of: ModelId,
        /// What it is called once it leaves them out.
        model: ModelId,
        /// Nothing is left out without one.
        mask: Option<Picture>,
    },
    /// Measure the held-out normals of the data set that is open again, with these parameters; it
    /// must be the one that the model was trained on. Answered by [`super::Event::ModelReady`].
    Recalibrate {
        /// The model in memory.
        of: ModelId,
        /// What it is called once it is calibrated anew.
        model: ModelId,
        /// The projection's parameters.
        projection: ProjectionConfig,
        /// How maps become scores.
        map: MapConfig,
    },
    /// Look for settings that find synthetic defects on the held-out normals of the data set that is
    /// open better than those of the calibration; it must be the one that the model was trained on.
    /// Answered by [`super::Event::Tried`] and [`super::Event::Tuned`]; the model stays as it is.
    Tune {
        /// The model in memory.
        of: ModelId,
        /// What the search is called.
        tuning: TuningId,
    },
    /// End the search.
    StopTuning(TuningId),
    /// Cancel whatever runs (training is stopped and kept).
    CancelAll,
    /// Let something go that is open, and end what is computed with it. Refused while training
    /// needs it.
    Close(Extent),
}

/// What a network would get.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewRequest {
    /// What it is called.
    pub preview: PreviewId,
    /// The image file.
    pub path: PathBuf,
    /// How files are to become inputs. Where they are to be aligned to a part that is not known yet, it is learned.
    pub data: DataConfig,
    /// Normal images to learn that from.
    pub normals: Vec<PathBuf>,
}

/// What is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// The image, if it is this one or an earlier one.
    Image(ImageId),
    /// The model in memory, if it is this one; answered by [`super::Event::ModelGone`].
    Model(ModelId),
    /// Data set, model and image.
    Everything,
}

impl Command {
    /// What it is about: what a failure of it concerns.
    pub fn about(&self) -> About {
        match self {
            Self::OpenDataset { dataset, .. }
            | Self::OpenDemo { dataset, .. }
            | Self::SetLabels { dataset, .. } => About::Dataset(*dataset),
            Self::FindSuspects { dataset, .. } | Self::StopFindingSuspects(dataset) => {
                About::Suspects(*dataset)
            }
            Self::Train(request) => About::Training(request.model),
            Self::ResumeTraining { model, .. } | Self::ResumeInterrupted { model, .. } => {
                About::Training(*model)
            }
            Self::OpenModel { model, .. }
            | Self::SetIgnored { model, .. }
            | Self::Recalibrate { model, .. } => About::Model(*model),
            Self::SaveModel { model, .. } => About::Saving(*model),
            Self::OpenImage { image, .. } | Self::Repaint { image, .. } => About::Image(*image),
            Self::OpenSource(image) | Self::ReadTruth { image, .. } => About::Source(*image),
            Self::PreviewInput(request) => About::Preview(request.preview),
            Self::Project(request) | Self::ProjectByRival { request, .. } => {
                About::Run(request.ticket.run)
            }
            Self::KeepRival(_) | Self::DropRival => About::Rival,
            Self::ProjectSheet { sheet, .. } => About::Sheet(*sheet),
            Self::InspectSet(request) => About::Set(request.set),
            Self::PauseSet(set) | Self::ResumeSet(set) | Self::StopSet(set) => About::Set(*set),
            Self::Tune { tuning, .. } | Self::StopTuning(tuning) => About::Tuning(*tuning),
            Self::UseDevice(_)
            | Self::Pause
            | Self::Resume
            | Self::Stop { .. }
            | Self::SkipMeasuring
            | Self::FindInterrupted(_)
            | Self::FindChanged(_)
            | Self::DiscardInterrupted(_)
            | Self::CancelAll
            | Self::Close(Extent::Everything) => About::Device,
            Self::Close(Extent::Image(image)) => About::Image(*image),
            Self::Close(Extent::Model(model)) => About::Model(*model),
        }
    }
}

/// A projection of the open image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunRequest {
    /// Of what.
    pub ticket: RunTicket,
    /// Its parameters. Under one ticket only the number of iterations may change.
    pub projection: ProjectionConfig,
    /// How maps become scores.
    pub map: MapConfig,
}

/// What to train, on the data set that is open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainRequest {
    /// What comes of it. While it learns, the network goes by this name, too.
    pub model: ModelId,
    /// The data set that is open.
    pub dataset: DatasetId,
    /// Training images to leave out, by [`kizumi_dataset::catalog::Catalog::name_of`].
    pub excluded: BTreeSet<String>,
    /// What is trained, and how it is calibrated.
    pub plan: TrainingPlan,
    /// Where the model is saved, now and then and at the end.
    pub save_to: Option<PathBuf>,
}

/// A grid of projections of one image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SheetRequest {
    /// Step sizes, one a column.
    pub alphas: Vec<f32>,
    /// Weights, one a row.
    pub lambdas: Vec<f32>,
    /// All other parameters.
    pub projection: ProjectionConfig,
    /// How maps become scores.
    pub map: MapConfig,
}

/// Images to inspect one after another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetRequest {
    /// Which inspection.
    pub set: SetId,
    /// The model at hand.
    pub model: ModelId,
    /// The images.
    pub images: Vec<Entry>,
    /// The projection's parameters.
    pub projection: ProjectionConfig,
    /// How maps become scores.
    pub map: MapConfig,
    /// What pixels of defects are above, in projected maps: where they are is told of each image. `None` where
    /// nobody knows.
    pub pixel_threshold: Option<f32>,
}
