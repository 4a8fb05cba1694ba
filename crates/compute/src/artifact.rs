//! The model file: one `.safetensors` with the network's parameters under PyTorch's names and
//! shapes, the optimiser's state, and a JSON header in the metadata key `kizumi`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::network::{Layer, Vae};
use super::tensors::{ComputeError, host_values};
use super::trainer::{LayerState, ParameterState};
use kizumi_image::atomic::write_atomic;
use kizumi_image::picture::Picture;
use kizumi_kernel::architecture::{LayerSpec, layer_specs};
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{DataConfig, Mode, NetworkConfig, TrainingConfig};
use kizumi_method::normal_level::NormalLevel;

/// The version this program writes; it reads no other.
pub const FORMAT: u32 = 1;

/// The metadata key of the JSON header.
const METADATA_KEY: &str = "kizumi";

/// The tensor of the regions that are left out.
const IGNORED: &str = "ignored";

/// The tensors of what normal images' maps show.
const LEVELS: [&str; 2] = ["normal_level.plain", "normal_level.projected"];

/// The tensor of the mean training image.
const NORMAL_MEAN: &str = "normal_mean";

/// What the names of an optimiser's tensors begin with.
const VALUE: &str = "adam.value.";
const FIRST: &str = "adam.first.";
const SECOND: &str = "adam.second.";

/// The most bytes a header may have: far above any real one, far below what would hurt.
const HEADER_LIMIT_BYTES: u64 = 1 << 20;

/// The most bytes a model file may have.
const FILE_LIMIT_BYTES: u64 = 2 << 30;

/// What the model was trained on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DatasetSummary {
    /// The data set's folder name (never a path).
    pub name: String,
    /// Images trained on.
    pub training_images: usize,
    /// Normal images held out.
    pub validation_images: usize,
    /// BLAKE3 over the sorted BLAKE3 hashes of the normal images' files, in hex.
    pub hash: String,
}

/// Everything in the model file that is not a tensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// See [`FORMAT`].
    pub format: u32,
    /// The program and version that wrote the file.
    #[serde(default)]
    pub program: String,
    /// The network's shape.
    pub network: NetworkConfig,
    /// How files become inputs.
    pub data: DataConfig,
    /// How it was trained.
    #[serde(default)]
    pub training: TrainingConfig,
    /// Optimiser steps done.
    #[serde(default)]
    pub step: u64,
    /// Training images seen.
    #[serde(default)]
    pub images_seen: u64,
    /// What the held-out normals say; `null` in a file saved in the middle of training.
    #[serde(default)]
    pub calibration: Option<Calibration>,
    /// What it was trained on.
    #[serde(default)]
    pub dataset: DatasetSummary,
}

impl Header {
    /// The name and version of this program.
    pub fn this_program() -> String {
        concat!("kizumi ", env!("CARGO_PKG_VERSION")).into()
    }
}

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
    /// The mean of the training images as the network sees them: a baseline to compare with. `None`
    /// in texture mode and in files from before there was one.
    pub normal_mean: Option<Picture>,
}

/// Why a model file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// The file could not be read.
    #[error("{path}: {source}", path = path.display())]
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
    #[error("{path}: {reason}", path = path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The device could not deliver the weights.
    #[error(transparent)]
    Compute(#[from] ComputeError),
}

impl Artifact {
    /// Leaves other regions out from now on.
    ///
    /// The stop threshold was measured with the regions from before: with fewer pixels that count
    /// every image would be below it. It becomes 0, so that nothing stops early, until the model
    /// is calibrated again.
    pub fn set_ignored(&mut self, ignored: Option<Picture>) {
        if self.ignored != ignored
            && let Some(calibration) = &mut self.header.calibration
        {
            calibration.stop_threshold = 0.0;
        }
        self.ignored = ignored;
    }

    /// Writes the file atomically: a failure leaves what was there before.
    ///
    /// # Errors
    /// [`ArtifactError::Write`] with the path, [`ArtifactError::Compute`].
    pub fn save(&self, path: &Path) -> Result<(), ArtifactError> {
        let bytes = self.to_bytes()?;
        write_atomic(path, &bytes).map_err(ArtifactError::Write)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`ArtifactError::Compute`] when the device cannot deliver the weights.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ArtifactError> {
        let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
        for (i, layer) in self.network.layers().iter().enumerate() {
            let name = &layer.spec.name;
            push(&mut tensors, format!("{name}.weight"), layer.weight.clone())?;
            push(&mut tensors, format!("{name}.bias"), layer.bias.clone())?;
            if let Some(state) = self.optimiser.as_ref().and_then(|states| states.get(i)) {
                push_state(&mut tensors, &format!("{name}.weight"), &state.weight)?;
                push_state(&mut tensors, &format!("{name}.bias"), &state.bias)?;
            }
        }
        if let Some(ignored) = &self.ignored {
            tensors.push(planes(
                IGNORED,
                vec![ignored.height, ignored.width],
                ignored,
            ));
        }
        if let Some(mean) = &self.normal_mean {
            let shape = vec![mean.channels, mean.height, mean.width];
            tensors.push(planes(NORMAL_MEAN, shape, mean));
        }
        let calibration = self.header.calibration.as_ref();
        if let Some(level) = calibration.and_then(|made| made.level.as_deref()) {
            for (name, level) in LEVELS.into_iter().zip([&level.plain, &level.projected]) {
                tensors.push(planes(name, vec![level.height, level.width], level));
            }
        }
        let header = serde_json::to_string(&self.header).expect("a header is plain data");
        let views = tensors.iter().map(|(name, shape, bytes)| {
            let view = TensorView::new(Dtype::F32, shape.clone(), bytes);
            (name.as_str(), view.expect("bytes were made from the shape"))
        });
        let metadata = HashMap::from([(METADATA_KEY.to_string(), header)]);
        Ok(safetensors::serialize(views, Some(metadata)).expect("names are unique, shapes right"))
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
        let size_bytes = std::fs::metadata(path).map_err(io)?.len();
        if size_bytes > FILE_LIMIT_BYTES {
            return Err(invalid(format!(
                "{size_bytes} bytes are too many for a model"
            )));
        }
        // Read, not mapped: a mapped file that shrinks kills the process.
        let bytes = std::fs::read(path).map_err(io)?;
        Self::from_bytes(&bytes, device).map_err(invalid)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, String> {
        let header_bytes = bytes
            .first_chunk::<8>()
            .map(|size| u64::from_le_bytes(*size));
        match header_bytes {
            None => return Err("not a model file (shorter than 8 bytes)".into()),
            Some(size) if size > HEADER_LIMIT_BYTES => {
                return Err("not a .safetensors file (its header would be over 1 MiB)".into());
            }
            Some(size) if size + 8 > bytes.len() as u64 => {
                return Err("truncated: the header is incomplete".into());
            }
            Some(_) => {}
        }
        let (_, metadata) = SafeTensors::read_metadata(bytes)
            .map_err(|error| format!("not a readable .safetensors file, or truncated ({error})"))?;
        let header = metadata
            .metadata()
            .as_ref()
            .and_then(|entries| entries.get(METADATA_KEY))
            .ok_or("a .safetensors file, but not a Kizumi model (no 'kizumi' header)")?;
        let header = parse_header(header)?;
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|error| format!("truncated or damaged ({error})"))?;

        let mut layers = Vec::new();
        let mut optimiser = Vec::new();
        for spec in layer_specs(&header.network) {
            let weight = read(&tensors, &spec, "", "weight", device)?;
            let bias = read(&tensors, &spec, "", "bias", device)?;
            let first = format!("{FIRST}{}.weight", spec.name);
            if tensors.tensor(&first).is_ok() {
                optimiser.push(LayerState {
                    weight: read_state(&tensors, &spec, "weight", &weight)?,
                    bias: read_state(&tensors, &spec, "bias", &bias)?,
                });
            }
            layers.push(Layer { spec, weight, bias });
        }
        let ignored = read_ignored(&tensors, &header)?;
        let mut header = header;
        header.calibration = header.calibration.filter(Calibration::is_current);
        if let Some(calibration) = &mut header.calibration {
            calibration.level = read_level(&tensors, header.network.size_px)?.map(Arc::new);
        }
        let normal_mean = read_normal_mean(&tensors, &header)?;
        let complete = optimiser.len() == layers.len();
        Ok(Self {
            network: Vae::new(&header.network, layers),
            optimiser: complete.then_some(optimiser),
            ignored,
            normal_mean,
            header,
        })
    }
}

fn parse_header(text: &str) -> Result<Header, String> {
    #[derive(Deserialize)]
    struct Version {
        format: u32,
    }
    let damaged = |error: serde_json::Error| format!("its header is damaged ({error})");
    let Version { format } = serde_json::from_str(text).map_err(damaged)?;
    if format != FORMAT {
        return Err(format!(
            "model format {format} is not supported (this program reads {FORMAT})"
        ));
    }
    let header: Header = serde_json::from_str(text).map_err(damaged)?;
    header.network.validate()?;
    header.data.validate()?;
    header.training.validate()?;
    if header.data.size_px != header.network.size_px {
        return Err("its header is inconsistent (two network sizes)".into());
    }
    Ok(header)
}

fn push<const D: usize>(
    tensors: &mut Vec<(String, Vec<usize>, Vec<u8>)>,
    name: String,
    tensor: Tensor<D>,
) -> Result<(), ComputeError> {
    let shape = tensor.dims().to_vec();
    let bytes = host_values(tensor)?
        .into_iter()
        .flat_map(f32::to_le_bytes)
        .collect();
    tensors.push((name, shape, bytes));
    Ok(())
}

fn push_state<const D: usize>(
    tensors: &mut Vec<(String, Vec<usize>, Vec<u8>)>,
    name: &str,
    state: &ParameterState<D>,
) -> Result<(), ComputeError> {
    for (prefix, tensor) in [
        (VALUE, &state.value),
        (FIRST, &state.first),
        (SECOND, &state.second),
    ] {
        push(tensors, format!("{prefix}{name}"), tensor.clone())?;
    }
    Ok(())
}

/// The optimiser's state of one of a layer's parameters. Files from before weights were averaged have
/// no value of its own: it is the network's.
fn read_state<const D: usize>(
    tensors: &SafeTensors<'_>,
    spec: &LayerSpec,
    kind: &str,
    mean: &Tensor<D>,
) -> Result<ParameterState<D>, String> {
    let device = mean.device();
    let read = |prefix| read(tensors, spec, prefix, kind, &device);
    let value = format!("{VALUE}{}.{kind}", spec.name);
    Ok(ParameterState {
        value: match tensors.tensor(&value) {
            Ok(_) => read(VALUE)?,
            Err(_) => mean.clone(),
        },
        first: read(FIRST)?,
        second: read(SECOND)?,
    })
}

fn read<const D: usize>(
    tensors: &SafeTensors<'_>,
    spec: &LayerSpec,
    prefix: &str,
    suffix: &str,
    device: &Device,
) -> Result<Tensor<D>, String> {
    let name = format!("{prefix}{}.{suffix}", spec.name);
    let shape = if D == 4 {
        spec.weight_shape().to_vec()
    } else {
        vec![spec.outputs]
    };
    let values = values(tensors, &name, &shape)?;
    Ok(Tensor::from_data(TensorData::new(values, shape), device))
}

/// A picture as a tensor.
fn planes(name: &str, shape: Vec<usize>, picture: &Picture) -> (String, Vec<usize>, Vec<u8>) {
    let bytes = picture.pixels.iter().flat_map(|value| value.to_le_bytes());
    (name.into(), shape, bytes.collect())
}

/// What normal images' maps show, if maps are measured by it.
fn read_level(tensors: &SafeTensors<'_>, size_px: usize) -> Result<Option<NormalLevel>, String> {
    let read = |name: &str| -> Result<Picture, String> {
        let view = tensors.tensor(name);
        let single = view.is_ok_and(|view| view.shape() == [1, 1]);
        let side = if single { 1 } else { size_px };
        let values = values(tensors, name, &[side, side])?;
        if values.iter().any(|value| *value <= 0.0) {
            return Err(format!(
                "tensor '{name}' holds values that are not positive"
            ));
        }
        Ok(Picture::new(1, side, side, values))
    };
    if LEVELS.iter().all(|name| tensors.tensor(name).is_err()) {
        return Ok(None);
    }
    let [plain, projected] = LEVELS.map(read);
    Ok(Some(NormalLevel {
        plain: plain?,
        projected: projected?,
    }))
}

/// Which regions are left out; files from before there were any have no such tensor.
fn read_ignored(tensors: &SafeTensors<'_>, header: &Header) -> Result<Option<Picture>, String> {
    let side = header.network.size_px;
    let Some(values) = read_canvas(tensors, header, IGNORED, &[side, side])? else {
        return Ok(None);
    };
    if values.iter().any(|value| *value != 0.0 && *value != 1.0) {
        return Err(format!(
            "tensor '{IGNORED}' holds other values than 0 and 1"
        ));
    }
    Ok(Some(Picture::new(1, side, side, values)))
}

/// The mean training image; files from before there was one have no such tensor.
fn read_normal_mean(tensors: &SafeTensors<'_>, header: &Header) -> Result<Option<Picture>, String> {
    let (channels, side) = (header.network.channels, header.network.size_px);
    let values = read_canvas(tensors, header, NORMAL_MEAN, &[channels, side, side])?;
    Ok(values.map(|values| Picture::new(channels, side, side, values)))
}

/// Values over the network's input, which in object mode shows the same thing in every image; `None`
/// if there is no such tensor.
fn read_canvas(
    tensors: &SafeTensors<'_>,
    header: &Header,
    name: &str,
    shape: &[usize],
) -> Result<Option<Vec<f32>>, String> {
    if tensors.tensor(name).is_err() {
        return Ok(None);
    }
    if header.data.mode != Mode::Object {
        return Err(format!("tensor '{name}' has no meaning in texture mode"));
    }
    values(tensors, name, shape).map(Some)
}

fn values(tensors: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
    let view = tensors
        .tensor(name)
        .map_err(|_| format!("tensor '{name}' is missing"))?;
    if view.dtype() != Dtype::F32 {
        return Err(format!("tensor '{name}' is {:?}, not F32", view.dtype()));
    }
    if view.shape() != shape {
        return Err(format!(
            "tensor '{name}' has shape {:?}, not {shape:?}",
            view.shape()
        ));
    }
    let (words, _) = view.data().as_chunks::<4>();
    let values: Vec<f32> = words.iter().map(|word| f32::from_le_bytes(*word)).collect();
    if values.iter().any(|value| !value.is_finite()) {
        return Err(format!("tensor '{name}' holds NaN or infinite values"));
    }
    Ok(values)
}
