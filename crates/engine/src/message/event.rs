//! What the worker tells the window.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::payload::{
    Broken, InputPreview, ModelInfo, OpenedImage, OpenedTruth, Preview, Refused, SetPixels,
    SetResult, Sheet, Source, UnclearGroup,
};
use super::ticket::{
    About, DatasetId, ImageId, ModelId, RunId, RunTicket, SetId, SheetId, TuningId,
};
use super::{DeviceInfo, Failure, TrainingProgress};
use kizumi_compute::suspects::Suspects;
use kizumi_compute::training::autosave::Interrupted;
use kizumi_dataset::catalog::{Catalog, Note};
use kizumi_dataset::labels::{Alike, Labels};
use kizumi_dataset::scan::Doubt;
use kizumi_image::compact::CompactPicture;
use kizumi_image::stamp::Stamp;
use kizumi_method::iterate::{Inspection, Iterate};
use kizumi_method::tuning::{Trial, TuningResult};

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
        /// Its images, as its folders say; labels are [`Event::Labelled`].
        catalog: Catalog,
        /// The same in a sentence.
        summary: String,
    },
    /// What people said of single images of a data set, which was opened just before.
    Labelled {
        /// Which data set.
        dataset: DatasetId,
        /// Their labels.
        labels: Labels,
    },
    /// Which images of the data set hold the same as labelled ones.
    LabelsAlike {
        /// The data set.
        dataset: DatasetId,
        /// Which.
        alike: Alike,
    },
    /// Nothing says which images of a folder are normal: a person has to. It is not opened.
    DatasetUnclear {
        /// What it was to be called.
        dataset: DatasetId,
        /// The folder.
        path: PathBuf,
        /// Its images, by the folder that they are in.
        groups: Vec<UnclearGroup>,
        /// What makes it doubtful, beside what those folders are called.
        doubts: Vec<Doubt>,
        /// Files that name some of them and that are not understood.
        unread: Vec<PathBuf>,
    },
    /// Something about the images of a data set that was found after it was opened.
    DatasetNote {
        /// Which data set.
        dataset: DatasetId,
        /// For people.
        note: Note,
    },
    /// Which training images of a data set are unlike the others: somebody asked, or they were learned from.
    Suspects {
        /// Which data set.
        dataset: DatasetId,
        /// Those, and all others that were compared.
        suspects: Box<Suspects>,
        /// The first of [`Suspects::shown`], at most [`super::THUMBNAIL_PX`] a side; `None` for one that
        /// cannot be read any more.
        thumbnails: Vec<Option<CompactPicture>>,
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
    /// An image was decoded as the model sees it that is kept to compare with.
    RivalOpened(Box<OpenedImage>),
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
    /// An image can be read and not be shown to the network; that it is not opened is said by [`Event::Failed`].
    ImageRefused(Box<Refused>),
    /// Which pixels of the open image are defective, by what is known of it now.
    TruthRead(Box<OpenedTruth>),
    /// The open image at its own size.
    SourceOpened(Box<Source>),
    /// What a network would get of an image.
    InputPreviewed(Box<InputPreview>),
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
    /// What became of the files that were asked about, each as it was in the question.
    FilesFound {
        /// Those that are not what they were.
        changed: Vec<(PathBuf, Stamp)>,
        /// Those that cannot be reached: they are gone, or what they lie on is away.
        unreachable: Vec<(PathBuf, Stamp)>,
    },
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
    Warning(Failure),
    /// A request could not be carried out. Nothing was lost, and nothing else is concerned.
    Failed {
        /// What it was about.
        about: About,
        /// Why.
        reason: Failure,
    },
    /// The device failed; work can go on on the CPU.
    DeviceLost(Failure),
    /// The worker died, and with it everything that it had open. A new one has taken its place and
    /// has nothing open.
    WorkerLost(Failure),
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
    /// Looking for training images that are unlike the others.
    FindingSuspects(DatasetId),
    /// Decoding the training images.
    Loading,
    /// Learning what the features of the training images have in common, and measuring them by it.
    Features,
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

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It did what it was asked to.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// It could not go on; the text says why and what was kept.
    Failed(Failure),
}
