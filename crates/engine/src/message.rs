//! What the window and the worker say to each other: plain data, so the same seam can later serve
//! a browser or a remote engine.
//!
//! Every command names what it is about, every event brings that back: see [`About`].

mod ticket;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use kizumi_compute::device_info::DeviceInfo;
pub use kizumi_compute::training::autosave::Interrupted;
pub use kizumi_compute::training::status::TrainingStatus as TrainingProgress;
use kizumi_dataset::catalog::{Catalog, Entry};
use kizumi_dataset::sample::Set;
use kizumi_image::compact::CompactPicture;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::rgb8::Rgb8;
use kizumi_method::anomaly_map::valid;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{
    DataConfig, DeviceChoice, MapConfig, NetworkConfig, ProjectionConfig, TrainingConfig,
    TrainingPlan,
};
use kizumi_method::iterate::{Inspection, Iterate, IterateScalars, StopRule};
use kizumi_method::maker::{ModelMark, Score};
use kizumi_method::metrics::PixelHistogram;
use kizumi_method::tuning::{Trial, TuningResult};

pub use ticket::{
    About, DatasetId, Ids, ImageId, ModelId, RunId, RunTicket, SetId, SheetId, TuningId,
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
    /// Look for trainings that were interrupted in these folders. Answered by [`Event::Interrupted`].
    FindInterrupted(Vec<PathBuf>),
    /// Open the images of an interrupted training and go on with it.
    ResumeInterrupted {
        /// What comes of it.
        model: ModelId,
        /// What its images are called from now on.
        dataset: DatasetId,
        /// Its autosave.
        autosave: PathBuf,
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
    /// [`Event::ImageOpened`]. When it cannot be read, the image from before stays open.
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
    /// Ends with [`Event::Ended`] of [`Job::Projecting`], whether or not it began: it does not when
    /// another request follows at once, or when image or model are no longer those at hand.
    Project(RunRequest),
    /// Cancel the projection and the grid of projections between two iterations.
    CancelProjection,
    /// Give the open image other pixels and another ground truth, because a person painted on it.
    /// Answered by [`Event::ImageOpened`]; opening the image again brings the file's back.
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
    /// Decode the open image's file at its own size, painted on or not. Answered by
    /// [`Event::SourceOpened`].
    OpenSource(ImageId),
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
    /// Leave out the pixels where the mask is 1 (one channel, of the network's size; object mode
    /// only) from energy, scores and metrics. The mask belongs to the model and is saved with it.
    /// The calibration is the one from before until [`Command::Recalibrate`]: it was measured with
    /// other regions, so until then no score is compared with its own and nothing stops early.
    /// Answered by
    /// [`Event::ModelReady`] and, when an image is open, [`Event::ImageOpened`].
    SetIgnored {
        /// The model in memory.
        of: ModelId,
        /// What it is called once it leaves them out.
        model: ModelId,
        /// Nothing is left out without one.
        mask: Option<Picture>,
    },
    /// Measure the held-out normals of the data set that is open again, with these parameters; it
    /// must be the one that the model was trained on. Answered by [`Event::ModelReady`].
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
    /// Answered by [`Event::Tried`] and [`Event::Tuned`]; the model stays as it is.
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

/// What is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// The image, if it is this one or an earlier one.
    Image(ImageId),
    /// The model in memory, if it is this one; answered by [`Event::ModelGone`].
    Model(ModelId),
    /// Data set, model and image.
    Everything,
}

impl Command {
    /// What it is about: what a failure of it concerns.
    pub fn about(&self) -> About {
        match self {
            Self::OpenDataset { dataset, .. } | Self::OpenDemo { dataset, .. } => {
                About::Dataset(*dataset)
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
            Self::OpenSource(image) => About::Source(*image),
            Self::Project(request) => About::Run(request.ticket.run),
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
            | Self::DiscardInterrupted(_)
            | Self::CancelProjection
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

/// The grid's state after some iterations, row after row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Which grid.
    pub id: SheetId,
    /// What was asked for.
    pub request: SheetRequest,
    /// Iterations done by the cells that are furthest.
    pub t: usize,
    /// `lambdas.len() * alphas.len()` cells.
    pub cells: Vec<SheetCell>,
}

/// One projection of a grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetCell {
    /// Its numbers at the last iterate.
    pub scalars: IterateScalars,
    /// x_t.
    pub iterate: Picture,
    /// Mean over channels of |x_0 - x_t|, smoothed as configured; one channel.
    pub map: Picture,
    /// Image score of that map.
    pub score: f32,
    /// Which rule ended it; `None` while it moves.
    pub stop: Option<StopRule>,
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
}

/// One image of a [`SetRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetResult {
    /// Which inspection.
    pub set: SetId,
    /// Its place in the request.
    pub index: usize,
    /// What became of it, or why it could not be inspected.
    pub outcome: Result<SetScores, String>,
}

/// Scores and small pictures of an inspected image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetScores {
    /// Image score of the plain map.
    pub plain_score: Score,
    /// Image score of the projected map.
    pub projected_score: Score,
    /// Iterations done.
    pub iterations: usize,
    /// Which rule ended the run.
    pub stop: StopRule,
    /// x_0, at most [`THUMBNAIL_PX`] a side.
    pub thumbnail: CompactPicture,
    /// The projected map at the same size, each value the largest below it; one channel.
    pub map: Picture,
}

/// The longer side of a thumbnail, in pixels.
pub const THUMBNAIL_PX: usize = 64;

/// Pixels of inspected images whose kind is known: the projected map's values, apart for normal
/// and defective pixels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetPixels {
    /// Of which inspection.
    pub set: SetId,
    /// Of the plain maps.
    pub plain: PixelHistogram,
    /// Of the projected maps.
    pub projected: PixelHistogram,
}

/// A photograph at its own size; one with a side over 8192 px is halved until it fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Which image.
    pub id: ImageId,
    /// Its file.
    pub path: PathBuf,
    /// Its pixels, after EXIF orientation; alpha over white, 16 bit as 8.
    pub image: Rgb8,
    /// Where the network's input lies in it; its source is [`Source::image`].
    pub placement: Placement,
}

/// The kinds of work that take a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Job {
    /// Choosing and warming up a device.
    Device,
    /// Writing sample data.
    Demo,
    /// Looking for training images among the test images.
    Checking(DatasetId),
    /// Decoding the training images.
    Loading,
    /// Training.
    Training,
    /// Measuring the held-out normals at the end of a training.
    Finishing,
    /// Measuring the held-out normals of a finished model.
    Calibrating,
    /// Projecting an image.
    Projecting(RunId),
    /// Projecting an image with a grid of parameters.
    Sheet(SheetId),
    /// Inspecting images one after another.
    InspectingSet(SetId),
    /// Choosing settings.
    Tuning(TuningId),
}

/// A file that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
}

/// An image and what the network makes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// x.
    pub original: Picture,
    /// f(x).
    pub reconstruction: Picture,
}

/// The model in memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Which one.
    pub id: ModelId,
    /// Its file, when it has one.
    pub path: Option<PathBuf>,
    /// The network's shape.
    pub network: NetworkConfig,
    /// How images become inputs.
    pub data: DataConfig,
    /// How it was trained.
    pub training: TrainingConfig,
    /// Training images seen so far.
    pub images_seen: u64,
    /// What the held-out normals say; `None` before calibration.
    pub calibration: Option<Calibration>,
    /// Regions that are left out, 1 where they are; one channel, of the network's size.
    pub ignored: Option<Picture>,
    /// Which network it is, and which regions it leaves out.
    pub mark: ModelMark,
    /// For people: the training data in a sentence.
    pub data_summary: String,
    /// Name of the folder of the data set that it was trained on.
    pub trained_on: String,
    /// Normal images of that data set that could be read.
    pub normal_images: usize,
}

/// A decoded test image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenedImage {
    /// Which image.
    pub id: ImageId,
    /// As which model sees it; `None` without one. It is told again when another one sees it.
    pub model: Option<ModelId>,
    /// Where it came from.
    pub entry: Entry,
    /// x_0: what the network sees (in texture mode the resized image).
    pub picture: Picture,
    /// The ground truth at the same resolution, one channel, 0 or 1.
    pub mask: Option<Picture>,
    /// 1 where a pixel counts, 0 where it is padding or ignored; `None` when all count.
    pub counted: Option<Picture>,
    /// Whether a person painted on it.
    pub painted: bool,
    /// What a projection fills, 1 there; one channel, the same size. Scores leave it out.
    pub hole: Option<Picture>,
    /// Width and height of the file, in pixels, after EXIF orientation.
    pub source_px: (usize, usize),
    /// What a person should know: converted to grey, mask of another size.
    pub notes: Vec<String>,
}

impl OpenedImage {
    /// 1 where maps and scores look, `None` for everywhere: see [`valid`].
    pub fn valid(&self) -> Option<Picture> {
        valid(self.counted.as_ref(), self.hole.as_ref())
    }
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It did what it was asked to.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// It could not go on; the text says why and what was kept.
    Failed(String),
}

/// News from the worker. `Started` and `Ended` are barriers: nothing of a job comes outside them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The device that computes from now on.
    DeviceReady(DeviceInfo),
    /// A job began.
    Started(Job),
    /// Work done so far; may be dropped when the window is behind.
    Progress {
        /// Which job.
        job: Job,
        /// Units done.
        done: u64,
        /// Units in all.
        total: u64,
    },
    /// A job ended; it is no longer running.
    Ended(Job, Outcome),
    /// A folder was recognised.
    DatasetOpened {
        /// Which data set.
        dataset: DatasetId,
        /// Its images.
        catalog: Catalog,
        /// The same in a sentence.
        summary: String,
    },
    /// Something about the images of a data set that was found after it was opened.
    DatasetNote {
        /// Which data set.
        dataset: DatasetId,
        /// For people.
        note: String,
    },
    /// Files of the data set that could not be used, found while loading.
    BrokenFiles(Vec<Broken>),
    /// Training was suspended.
    Paused,
    /// Training goes on.
    Resumed,
    /// How training is going, at most about thirty times a second.
    Training(TrainingProgress),
    /// The trainings that were interrupted, in the folders that were asked for, the latest first.
    Interrupted(Vec<Interrupted>),
    /// Reconstructions of a few validation images; may be dropped.
    ValidationPreview(Vec<Preview>),
    /// Reconstruction of the open test image by the network in training; may be dropped.
    TestPreview {
        /// Of which image.
        image: ImageId,
        /// By which network.
        model: ModelId,
        /// Its pictures.
        preview: Preview,
    },
    /// A model is in memory: trained, opened, calibrated or saved under a name.
    ModelReady(Box<ModelInfo>),
    /// No model is in memory any more (training was discarded and there was none before).
    ModelGone,
    /// A model was written.
    ModelSaved {
        /// Which one.
        model: ModelId,
        /// To this file.
        path: PathBuf,
    },
    /// An image was decoded.
    ImageOpened(Box<OpenedImage>),
    /// One more iterate, t = 0 first.
    Iterated {
        /// Of which trajectory.
        of: RunTicket,
        /// The iterate.
        iterate: Box<Iterate>,
    },
    /// The trajectory's result so far.
    Inspected {
        /// Of which trajectory.
        of: RunTicket,
        /// The result.
        inspection: Box<Inspection>,
    },
    /// The open image at its own size.
    SourceOpened(Box<Source>),
    /// The grid of projections so far; may be dropped, but for the last.
    Sheet(Box<Sheet>),
    /// An image of the set was inspected.
    SetInspected(Box<SetResult>),
    /// The pixels of all images of the set so far; may be dropped, but for the last.
    SetPixels(Box<SetPixels>),
    /// Inspecting the set was suspended.
    SetPaused(SetId),
    /// Inspecting the set goes on.
    SetResumed(SetId),
    /// Settings that were tried since the last time.
    Tried {
        /// By which search.
        tuning: TuningId,
        /// What came of them.
        trials: Vec<Trial>,
    },
    /// Which settings are best, and everything that was tried.
    Tuned {
        /// By which search.
        tuning: TuningId,
        /// The best, and all.
        result: Box<TuningResult>,
    },
    /// Something a person should know; nothing was lost.
    Warning(String),
    /// A request could not be carried out. Nothing was lost, and nothing else is concerned.
    Failed {
        /// What it was about.
        about: About,
        /// Why, with the file's name if there is one: "PATH: reason".
        reason: String,
    },
    /// The device failed; work can go on on the CPU.
    DeviceLost(String),
    /// The worker died, and with it everything that it had open. A new one has taken its place and
    /// has nothing open.
    WorkerLost(String),
}
