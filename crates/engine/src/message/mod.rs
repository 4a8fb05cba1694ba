//! What the window and the worker say to each other: plain data, so the same seam can later serve
//! a browser or a remote engine.
//!
//! Every command names what it is about, every event brings that back: see [`About`].

mod command;
mod denial;
mod event;
mod failure;
mod payload;
mod ticket;

pub use command::{
    Command, Extent, PreviewRequest, RunRequest, SetRequest, SheetRequest, TrainRequest,
};
pub use denial::{Denial, Waiting};
pub use event::{Event, Job, Outcome};
pub use failure::{Cause, Failure};
pub use kizumi_compute::device_info::DeviceInfo;
pub use kizumi_compute::suspects::{Strangeness, Suspects};
pub use kizumi_compute::training::autosave::Interrupted;
pub use kizumi_compute::training::status::TrainingStatus as TrainingProgress;
pub use payload::{
    Broken, InputPreview, ModelInfo, OpenedImage, OpenedTruth, Preview, Refused, SetPixels,
    SetResult, SetScores, Sheet, SheetCell, Source, THUMBNAIL_PX, UnclearGroup,
};
pub use ticket::{
    About, DatasetId, Ids, ImageId, ModelId, PreviewId, RunId, RunTicket, SetId, SheetId, TuningId,
};
