//! From a model in memory to the bytes of its file.

use std::collections::HashMap;

use burn::tensor::Tensor;
use safetensors::tensor::{Dtype, TensorView};

use kizumi_features::tensors::Stored;
use kizumi_image::picture::Picture;

use super::checksum::{CHECKSUM_KEY, checksum};
use super::read::Contents;
use super::{
    Artifact, ArtifactError, FIRST, IGNORED, LEVELS, MEMORIES, METADATA_KEY, NORMAL_MEAN, SECOND,
    USUAL_CHANGE, Unfit, VALUE,
};
use crate::tensors::{ComputeError, host_values};
use crate::trainer::ParameterState;

impl Artifact {
    /// The bytes of the file.
    ///
    /// # Errors
    /// [`ArtifactError::Unreadable`] for a model that [`Artifact::from_bytes`] would refuse,
    /// [`ArtifactError::Compute`] when the device cannot deliver the weights.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ArtifactError> {
        self.to_bytes_with(&[])
    }

    /// The same with notes in the metadata, each a key and a text: [`read_note`](super::read_note) finds
    /// them, and every other reader passes them over.
    ///
    /// # Errors
    /// As [`Artifact::to_bytes`].
    pub fn to_bytes_with(&self, notes: &[(&str, &str)]) -> Result<Vec<u8>, ArtifactError> {
        let mut tensors: Vec<Stored> = Vec::new();
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
            for (name, level) in LEVELS.into_iter().zip([level.plain(), level.projected()]) {
                tensors.push(planes(name, vec![level.height, level.width], level));
            }
        }
        if let Some(usual) = calibration.and_then(|made| made.usual_change.as_deref()) {
            let usual = usual.picture();
            tensors.push(planes(USUAL_CHANGE, vec![usual.height, usual.width], usual));
        }
        if let Some(memories) = &self.memories {
            let [of_detection, of_energy] = MEMORIES;
            tensors.extend(memories.detection.to_tensors(of_detection));
            tensors.extend(memories.energy.to_tensors(of_energy));
        }
        // In JSON what is not finite would merely be missing.
        self.header.validate().map_err(ArtifactError::Unreadable)?;
        let header = serde_json::to_string(&self.header).expect("a header is plain data");
        let views = tensors.iter().map(|stored| {
            let view = TensorView::new(stored.dtype, stored.shape.clone(), &stored.bytes);
            let view = view.expect("bytes were made from the shape");
            (stored.name.as_str(), view)
        });
        let views: Vec<_> = views.collect();
        let notes = notes.iter().map(|(key, text)| (*key, (*text).to_owned()));
        let mut metadata: HashMap<String, String> = notes
            .chain([(METADATA_KEY, header)])
            .map(|(key, text)| (key.to_owned(), text))
            .collect();
        let sum = checksum(&metadata, views.iter().map(|(name, view)| (*name, view)));
        metadata.insert(CHECKSUM_KEY.into(), sum);
        let bytes = safetensors::serialize(views, Some(metadata));
        let bytes = bytes.expect("names are unique, shapes right");
        // What could not be read again must not take the place of a model that can.
        let unreadable = |unfit: Unfit| ArtifactError::Unreadable(unfit.to_string());
        Contents::read(&bytes).map_err(unreadable)?;
        Ok(bytes)
    }
}

fn push<const D: usize>(
    tensors: &mut Vec<Stored>,
    name: String,
    tensor: Tensor<D>,
) -> Result<(), ComputeError> {
    let shape = tensor.dims().to_vec();
    let bytes = host_values(tensor)?
        .into_iter()
        .flat_map(f32::to_le_bytes)
        .collect();
    tensors.push(Stored {
        name,
        dtype: Dtype::F32,
        shape,
        bytes,
    });
    Ok(())
}

fn push_state<const D: usize>(
    tensors: &mut Vec<Stored>,
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

/// A picture as a tensor.
fn planes(name: &str, shape: Vec<usize>, picture: &Picture) -> Stored {
    let bytes = picture.pixels.iter().flat_map(|value| value.to_le_bytes());
    Stored {
        name: name.into(),
        dtype: Dtype::F32,
        shape,
        bytes: bytes.collect(),
    }
}
