//! From the bytes of a model file to checked values, before anything of them is on a device.

use std::collections::HashMap;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors};

use kizumi_features::{Detector, Memory};
use kizumi_image::input::Mode;
use kizumi_image::picture::Picture;
use kizumi_image::regular::size_text;
use kizumi_kernel::architecture::{LayerSpec, layer_specs};
use kizumi_kernel::features::FeatureNetwork;
use kizumi_method::joint::UsualChange;
use kizumi_method::normal_level::NormalLevel;

use super::checksum::{CHECKSUM_KEY, checksum};
use super::header::{FORMAT, Header, parse_header};
use super::{
    FILE_LIMIT_BYTES, FIRST, IGNORED, LEVELS, MEMORIES, METADATA_KEY, NORMAL_MEAN, SECOND,
    USUAL_CHANGE, VALUE,
};
use crate::memories::Memories;
use crate::trainer::{LayerState, ParameterState};

/// The most bytes a header may have: a hundred thousand images with names may be left out in it.
pub(super) const HEADER_LIMIT_BYTES: u64 = 16 << 20;

/// Where the header begins, and its first byte.
pub(super) const HEADER_PLACE: usize = 9;

/// What is wrong with the bytes of a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// They are of a version of the program that writes another format, this one.
    #[error("model format {0} is not supported (this program reads {reads})", reads = FORMAT)]
    Format(u32),
    /// Not a model, truncated, or inconsistent.
    #[error("{0}")]
    Damaged(String),
}

impl From<String> for Unfit {
    fn from(reason: String) -> Self {
        Self::Damaged(reason)
    }
}

impl From<&str> for Unfit {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

/// A model file that was read and checked, before anything of it is on a device.
pub(super) struct Contents {
    pub(super) header: Header,
    pub(super) layers: Vec<LayerValues>,
    pub(super) ignored: Option<Picture>,
    pub(super) normal_mean: Option<Picture>,
    pub(super) memories: Option<Memories>,
}

/// A layer's parameters, and what its optimiser goes on with.
pub(super) struct LayerValues {
    pub(super) spec: LayerSpec,
    pub(super) values: Values,
    pub(super) adam: Option<AdamValues>,
}

/// One value for every parameter of a layer.
pub(super) struct Values {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

/// The optimiser's own value, its first and its second moment of every parameter.
pub(super) struct AdamValues([Values; 3]);

impl Values {
    pub(super) fn upload(self, spec: &LayerSpec, device: &Device) -> (Tensor<4>, Tensor<1>) {
        let weight = TensorData::new(self.weight, spec.weight_shape().to_vec());
        let bias = TensorData::new(self.bias, vec![spec.outputs]);
        (
            Tensor::from_data(weight, device),
            Tensor::from_data(bias, device),
        )
    }
}

impl AdamValues {
    pub(super) fn upload(self, spec: &LayerSpec, device: &Device) -> LayerState {
        let [value, first, second] = self.0.map(|values| values.upload(spec, device));
        LayerState {
            weight: ParameterState {
                value: value.0,
                first: first.0,
                second: second.0,
            },
            bias: ParameterState {
                value: value.1,
                first: first.1,
                second: second.1,
            },
        }
    }
}

impl Contents {
    /// # Errors
    /// What is wrong with the bytes.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Unfit> {
        check_beginning(bytes, bytes.len() as u64)?;
        let (_, metadata) = SafeTensors::read_metadata(bytes)
            .map_err(|error| format!("not a readable .safetensors file, or truncated ({error})"))?;
        let entries = metadata.metadata().clone().unwrap_or_default();
        let header = entries
            .get(METADATA_KEY)
            .ok_or("a .safetensors file, but not a Kizumi model (no 'kizumi' header)")?;
        let mut header = parse_header(header)?;
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|error| format!("truncated or damaged ({error})"))?;
        check_sum(&entries, &tensors)?;
        let layers = layer_specs(&header.network).into_iter();
        let layers = layers.map(|spec| LayerValues::read(&tensors, spec));
        let layers = layers.collect::<Result<_, _>>()?;
        let ignored = read_ignored(&tensors, &header)?;
        if let Some(made) = header.calibration.take_if(|made| !made.is_current()) {
            header.outdated = Some((made.projection, made.map));
        }
        if let Some(calibration) = &mut header.calibration {
            let size_px = header.network.size_px;
            calibration.level = read_level(&tensors, size_px)?.map(Arc::new);
            if tensors.tensor(USUAL_CHANGE).is_ok() {
                let usual = UsualChange::new(read_measure(&tensors, USUAL_CHANGE, size_px)?);
                calibration.usual_change = Some(Arc::new(usual));
            }
        }
        let normal_mean = read_normal_mean(&tensors, &header)?;
        let memories = read_memories(&tensors, &header)?;
        Ok(Self {
            header,
            layers,
            ignored,
            normal_mean,
            memories,
        })
    }
}

/// Checks how a file of so many bytes begins, by its first [`HEADER_PLACE`] bytes or more.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check_beginning(bytes: &[u8], file_bytes: u64) -> Result<(), Unfit> {
    let header_bytes = bytes
        .first_chunk::<8>()
        .map(|size| u64::from_le_bytes(*size));
    match header_bytes {
        _ if file_bytes > FILE_LIMIT_BYTES => {
            let [size, limit] = [file_bytes, FILE_LIMIT_BYTES].map(size_text);
            Err(format!("{size} are too many for a model, at most {limit} are read").into())
        }
        None => Err("not a model file (shorter than 8 bytes)".into()),
        Some(size)
            if size > HEADER_LIMIT_BYTES || bytes.get(8).is_some_and(|first| *first != b'{') =>
        {
            Err("not a .safetensors file (no header of a sensible size)".into())
        }
        Some(size) if size + 8 > file_bytes => Err("truncated: the header is incomplete".into()),
        Some(_) => Ok(()),
    }
}

/// Compares a file with its checksum; files from before there was one have none.
fn check_sum(entries: &HashMap<String, String>, tensors: &SafeTensors<'_>) -> Result<(), Unfit> {
    let Some(written) = entries.get(CHECKSUM_KEY) else {
        return Ok(());
    };
    let views: Vec<_> = tensors.iter().collect();
    let views = views.iter().map(|(name, view)| (*name, view));
    match checksum(entries, views) == *written {
        true => Ok(()),
        false => Err("damaged: it is not what was written (its checksum is another)".into()),
    }
}

impl LayerValues {
    fn read(tensors: &SafeTensors<'_>, spec: LayerSpec) -> Result<Self, String> {
        let read = |prefix: &str| -> Result<Values, String> {
            let name = |kind| format!("{prefix}{}.{kind}", spec.name);
            Ok(Values {
                weight: values(tensors, &name("weight"), &spec.weight_shape())?,
                bias: values(tensors, &name("bias"), &[spec.outputs])?,
            })
        };
        let has = |prefix: &str| {
            let name = format!("{prefix}{}.weight", spec.name);
            tensors.tensor(&name).is_ok()
        };
        let adam = match has(FIRST) {
            // Files from before weights were averaged have no value of its own: it is the network's.
            true => {
                let value = read(if has(VALUE) { VALUE } else { "" })?;
                Some(AdamValues([value, read(FIRST)?, read(SECOND)?]))
            }
            false => None,
        };
        Ok(Self {
            values: read("")?,
            adam,
            spec,
        })
    }
}

/// What normal images' maps show, if maps are measured by it.
fn read_level(tensors: &SafeTensors<'_>, size_px: usize) -> Result<Option<NormalLevel>, String> {
    if LEVELS.iter().all(|name| tensors.tensor(name).is_err()) {
        return Ok(None);
    }
    let [plain, projected] = LEVELS.map(|name| read_measure(tensors, name, size_px));
    Ok(Some(NormalLevel::new(plain?, projected?)))
}

/// What maps are measured by: of the network's size, or one number.
fn read_measure(tensors: &SafeTensors<'_>, name: &str, size_px: usize) -> Result<Picture, String> {
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
}

/// What is remembered of normal features: of files that are seen a second time, and of nothing else.
fn read_memories(tensors: &SafeTensors<'_>, header: &Header) -> Result<Option<Memories>, String> {
    let [detection, energy] = MEMORIES;
    let detection = Detector::from_tensors(tensors, detection)?;
    let energy = Memory::from_tensors(tensors, energy, FeatureNetwork::CHANNELS)?;
    match (detection, energy, header.data.view) {
        (None, None, None) => Ok(None),
        (Some(detection), Some(energy), Some(_)) => Ok(Some(Memories::new(detection, energy))),
        (None, _, _) | (_, None, _) => Err("its memory of normal features is incomplete".into()),
        (_, _, None) => Err("it remembers features, but not of which view of a file".into()),
    }
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
