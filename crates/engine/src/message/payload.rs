//! What events carry.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{Cause, Failure};
use serde::{Deserialize, Serialize};

use super::command::SheetRequest;
use super::ticket::{ImageId, ModelId, PreviewId, SetId, SheetId};
use kizumi_dataset::catalog::{Entry, Kind};
use kizumi_image::compact::CompactPicture;
use kizumi_image::file_error::FileError;
use kizumi_image::found_region::FoundRegions;
use kizumi_image::outlines::Runs;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::rgb8::Rgb8;
use kizumi_image::stamp::Stamp;
use kizumi_method::anomaly_map::valid;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{
    DataConfig, FeatureConfig, MapConfig, NetworkConfig, ProjectionConfig, TrainingConfig,
};
use kizumi_method::iterate::{IterateScalars, StopRule};
use kizumi_method::likeness::Unlike;
use kizumi_method::maker::{ModelMark, Score};
use kizumi_method::mapper::Seen;
use kizumi_method::metrics::PixelHistogram;

/// What a network would get of an image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputPreview {
    /// What it was called.
    pub preview: PreviewId,
    /// The input, or in texture mode the resized image, and where the file's pixels lie in it.
    pub outcome: Result<(Picture, Placement), Failure>,
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

/// Images of one folder, of which nobody knows whether they are normal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnclearGroup {
    /// The folder.
    pub folder: PathBuf,
    /// How many images it holds, at any depth.
    pub images: usize,
    /// What its name says that they show.
    pub guess: Kind,
    /// A few of them, at most [`THUMBNAIL_PX`] a side; `None` for one that cannot be read.
    pub samples: Vec<Option<CompactPicture>>,
}

/// One image of a [`super::SetRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetResult {
    /// Which inspection.
    pub set: SetId,
    /// Its place in the request.
    pub index: usize,
    /// What became of it, or why it could not be inspected.
    pub outcome: Result<SetScores, Failure>,
}

/// Scores and small pictures of an inspected image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetScores {
    /// Its file when it was read.
    pub stamp: Option<Stamp>,
    /// Image score of the plain map.
    pub plain_score: Score,
    /// Image score of the projected map.
    pub projected_score: Score,
    /// In what the picture is unlike those that the model knows, if it is.
    pub unlike: Option<Unlike>,
    /// Iterations done.
    pub iterations: usize,
    /// Which rule ended the run.
    pub stop: StopRule,
    /// What of the projected map is above the threshold that was asked about.
    pub regions: Option<FoundRegions>,
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
    /// Defective images whose pixels are not counted: no mask, or none that can be used.
    #[serde(default)]
    pub left_out: usize,
    /// Masks that somebody should look at, in the order of their images.
    #[serde(default)]
    pub masks: Vec<Failure>,
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

/// A photograph that a network cannot be shown, as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// What it was to be called.
    pub image: ImageId,
    /// Its file.
    pub path: PathBuf,
    /// Its pixels, as [`Source::image`].
    pub photograph: Rgb8,
    /// Why.
    pub reason: Failure,
}

/// The ground truth of the open image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenedTruth {
    /// Which image.
    pub image: ImageId,
    /// What is known of it.
    pub entry: Entry,
    /// As [`OpenedImage::mask`].
    pub mask: Option<Picture>,
    /// The same at the size of the file, upright; nothing where there is no mask, `None` where it cannot be read.
    pub marks: Option<Runs>,
    /// What a person should know of the mask.
    pub notes: Vec<Failure>,
}

/// A file that could not be used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Broken {
    /// The file.
    pub path: PathBuf,
    /// Why, without its name.
    pub reason: Failure,
}

impl From<&FileError> for Broken {
    fn from(error: &FileError) -> Self {
        Self {
            path: error.path.clone(),
            reason: Failure::new(Cause::from(&error.reason), error.reason.to_string()),
        }
    }
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
    /// What it remembers of the features of normal images.
    pub features: FeatureConfig,
    /// How it was trained.
    pub training: TrainingConfig,
    /// Training images seen so far.
    pub images_seen: u64,
    /// What the held-out normals say; `None` before calibration.
    pub calibration: Option<Calibration>,
    /// Projection and maps of a calibration that an earlier version of the program made.
    pub outdated: Option<(ProjectionConfig, MapConfig)>,
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
    /// Images that it left out, by name.
    pub excluded: BTreeSet<String>,
    /// Images that it learned from because a person called them normal.
    pub joined: BTreeSet<String>,
    /// Images that were called so since, and that its thresholds were measured with.
    pub also_measured: BTreeSet<String>,
}

impl ModelInfo {
    /// What it was set to, whichever version of the program calibrated it; `None` where none did.
    pub fn settings(&self) -> Option<(ProjectionConfig, MapConfig)> {
        let calibrated = self.calibration.as_ref();
        let calibrated = calibrated.map(|made| (made.projection, made.map));
        calibrated.or(self.outdated)
    }
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
    /// How far the features of each pixel are from normal ones, 1 what 99 % of the patches of normal images
    /// do not exceed; one channel, the same size. `None` where the model remembers none.
    pub distance: Option<Picture>,
    /// How much of its step that lets each pixel take where the projection is gated by features: see
    /// [`kizumi_method::gate::feature_gate`].
    pub gate: Option<Picture>,
    /// Where the file's pixels, upright, lie in the picture.
    pub placement: Placement,
    /// What a person should know: converted to grey, mask of another size.
    pub notes: Vec<Failure>,
}

impl OpenedImage {
    /// 1 where maps and scores look, `None` for everywhere: see [`valid`].
    pub fn valid(&self) -> Option<Picture> {
        valid(self.counted.as_ref(), self.hole.as_ref())
    }

    /// As maps see it; `valid` is [`OpenedImage::valid`].
    pub fn seen<'a>(&'a self, valid: Option<&'a Picture>) -> Seen<'a> {
        Seen {
            original: &self.picture,
            distance: self.distance.as_ref(),
            valid,
        }
    }
}
