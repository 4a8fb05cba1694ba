//! The model file: one `.safetensors` with the network's parameters under PyTorch's names and
//! shapes, the optimiser's state, and a JSON header in the metadata key `kizumi`.

mod checksum;
mod header;
mod note;
mod read;
mod write;

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

use burn::tensor::Device;

use super::feature_distance::feature_distance;
use super::memories::Memories;
use super::network::{Layer, Vae};
use super::recalibration::Recalibrated;
use super::tensors::{ComputeError, host_values};
use super::trainer::LayerState;
use kizumi_image::atomic::write_atomic;
use kizumi_image::picture::Picture;
use kizumi_image::regular;
use kizumi_image::shown::shown;
use kizumi_method::maker::{Fingerprint, ModelMark};

pub use header::{DatasetSummary, FORMAT, Header, Scales};
pub use note::read_note;
pub use read::Unfit;
use read::{Contents, HEADER_PLACE, LayerValues, check_beginning};

/// The metadata key of the JSON header.
const METADATA_KEY: &str = "kizumi";

/// The tensor of the regions that are left out.
const IGNORED: &str = "ignored";

/// The tensors of what normal images' maps show.
const LEVELS: [&str; 2] = ["normal_level.plain", "normal_level.projected"];

/// The tensor of how much the network changes normal images.
const USUAL_CHANGE: &str = "usual_change";

/// What the names of the memories' tensors begin with: of whole files, and of the network's inputs.
const MEMORIES: [&str; 2] = ["memory.detection.", "memory.energy."];

/// The tensor of the mean training image.
const NORMAL_MEAN: &str = "normal_mean";

/// What the names of an optimiser's tensors begin with.
const VALUE: &str = "adam.value.";
const FIRST: &str = "adam.first.";
const SECOND: &str = "adam.second.";

/// The most bytes a model file may have.
const FILE_LIMIT_BYTES: u64 = 2 << 30;

/// A model in memory.
pub struct Artifact {
    /// Everything that is not a tensor.
    pub header: Header,
    /// The network, on some device.
    pub network: Vae,
    /// What training goes on with, in the order of the layers.
    pub optimiser: Option<Vec<LayerState>>,
    /// Regions that are left out, 1 where they are and 0 elsewhere; one channel, of the network's
    /// size. Object mode only.
    pub ignored: Option<Picture>,
    /// What it remembers of the features of normal images.
    pub memories: Option<Memories>,
    /// The mean of the training images as the network sees them: a baseline to compare with. `None`
    /// in texture mode and in files from before there was one.
    pub normal_mean: Option<Picture>,
}

impl fmt::Debug for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.header;
        write!(f, "Artifact {{ header: {header:?}, .. }}")
    }
}

/// Why a model file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// The file could not be read.
    #[error("{path}: {source}", path = shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file could not be written; names the path and the reason.
    #[error("{0:#}")]
    Write(anyhow::Error),
    /// Not a Kizumi model, truncated, or inconsistent.
    #[error("{path}: {reason}", path = shown(path))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: Unfit,
    },
    /// The model could not be read again, and why: weights that are not finite, settings out of range.
    #[error("the model would not be readable again: {0}")]
    Unreadable(String),
    /// The device could not deliver the weights.
    #[error(transparent)]
    Compute(#[from] ComputeError),
}

impl Artifact {
    /// Whether its network has learned nothing yet: it tells defects by features alone.
    pub fn features_only(&self) -> bool {
        self.memories.is_some() && self.header.images_seen == 0
    }

    /// Leaves other regions out from now on.
    ///
    /// The calibration keeps saying which regions it was measured with: until the model is calibrated
    /// again, or the regions are as before, its scores and its stop threshold count for nothing.
    pub fn set_ignored(&mut self, ignored: Option<Picture>) {
        if let Some(calibration) = &mut self.header.calibration {
            let before = ModelMark::regions_of(self.ignored.as_ref());
            calibration.regions.get_or_insert(before);
        }
        self.ignored = ignored;
    }

    /// Takes over what normal images say anew: the calibration, and what it was measured by.
    pub fn recalibrated(&mut self, made: Recalibrated) {
        self.header.calibration = Some(made.calibration);
        self.header.outdated = None;
        self.header.dataset.also_measured = made.also_measured;
        if let Some(memories) = made.memories {
            let network = self.network.clone();
            self.network = network.with_features(feature_distance(Some(&memories)));
            self.header.dataset.remembered_images = made.remembered_images;
            self.memories = Some(memories);
        }
    }

    /// Which network this is, and which regions it leaves out.
    ///
    /// # Errors
    /// [`ArtifactError::Compute`] when the device cannot deliver the weights.
    pub fn mark(&self) -> Result<ModelMark, ArtifactError> {
        let mut values = Vec::new();
        for layer in self.network.layers() {
            values.push(host_values(layer.weight.clone())?);
            values.push(host_values(layer.bias.clone())?);
        }
        Ok(ModelMark {
            weights: Fingerprint::of(values.iter().map(Vec::as_slice)),
            regions: ModelMark::regions_of(self.ignored.as_ref()),
            memory: self
                .memories
                .as_ref()
                .map(Memories::fingerprint)
                .unwrap_or_default(),
            features_only: self.features_only(),
        })
    }

    /// Writes the file atomically: a failure leaves what was there before.
    ///
    /// # Errors
    /// [`ArtifactError::Write`] with the path, and those of [`Artifact::to_bytes`].
    pub fn save(&self, path: &Path) -> Result<(), ArtifactError> {
        let bytes = self.to_bytes()?;
        write_atomic(path, &bytes).map_err(ArtifactError::Write)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ArtifactError`] with the path and the reason.
    pub fn load(path: &Path, device: &Device) -> Result<Self, ArtifactError> {
        let io = |source| ArtifactError::Read {
            path: path.into(),
            source,
        };
        let invalid = |reason| ArtifactError::Invalid {
            path: path.into(),
            reason,
        };
        let mut beginning = Vec::new();
        let file = regular::open(path).map_err(io)?;
        let file_bytes = file.metadata().map_err(io)?.len();
        file.take(HEADER_PLACE as u64)
            .read_to_end(&mut beginning)
            .map_err(io)?;
        // Before all of it is read: it may be large, and something else.
        check_beginning(&beginning, file_bytes).map_err(invalid)?;
        // Read, not mapped: a mapped file that shrinks kills the process.
        let bytes = regular::read(path, FILE_LIMIT_BYTES).map_err(io)?;
        Self::from_bytes(&bytes, device).map_err(invalid)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, Unfit> {
        let Contents {
            header,
            layers,
            ignored,
            normal_mean,
            memories,
        } = Contents::read(bytes)?;
        let mut network = Vec::with_capacity(layers.len());
        let mut optimiser = Vec::with_capacity(layers.len());
        for LayerValues { spec, values, adam } in layers {
            if let Some(adam) = adam {
                optimiser.push(adam.upload(&spec, device));
            }
            let (weight, bias) = values.upload(&spec, device);
            network.push(Layer { spec, weight, bias });
        }
        let complete = optimiser.len() == network.len();
        Ok(Self {
            network: Vae::new(&header.network, network)
                .with_features(feature_distance(memories.as_ref())),
            optimiser: complete.then_some(optimiser),
            ignored,
            normal_mean,
            memories,
            header,
        })
    }
}
