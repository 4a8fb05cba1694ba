//! Between pictures and tensors.

use burn::tensor::{Device, Tensor, TensorData};

use crate::data::picture::Picture;

/// Why a computation could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ComputeError {
    /// A picture does not fit the network.
    #[error("{0}")]
    Input(String),
    /// A value became NaN or infinite.
    #[error("{0}")]
    NotFinite(String),
    /// The device failed: lost, out of memory, or a kernel that could not run.
    #[error("the device failed: {0}")]
    Device(String),
}

/// `[n, channels, height, width]` from pictures of one shape.
///
/// # Errors
/// [`ComputeError::Input`] without pictures, with different shapes, or with values that are not
/// finite.
pub fn tensor_from_pictures(
    pictures: &[Picture],
    device: &Device,
) -> Result<Tensor<4>, ComputeError> {
    let first = pictures
        .first()
        .ok_or_else(|| ComputeError::Input("no picture given".into()))?;
    let shape = (first.channels, first.height, first.width);
    let mut pixels = Vec::with_capacity(pictures.len() * first.pixels.len());
    for picture in pictures {
        if (picture.channels, picture.height, picture.width) != shape {
            return Err(ComputeError::Input(
                "pictures of one batch differ in shape".into(),
            ));
        }
        if !picture.is_finite() {
            return Err(ComputeError::Input("a pixel is NaN or infinite".into()));
        }
        pixels.extend_from_slice(&picture.pixels);
    }
    let shape = [pictures.len(), shape.0, shape.1, shape.2];
    Ok(Tensor::from_data(TensorData::new(pixels, shape), device))
}

/// The host values of a tensor, as `f32`.
///
/// # Errors
/// [`ComputeError::Device`] when the device cannot deliver.
pub fn host_values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, ComputeError> {
    let data = tensor
        .try_into_data()
        .map_err(|error| ComputeError::Device(error.to_string()))?;
    values_from_data(data)
}

/// The values of data that was read back, as `f32`.
///
/// # Errors
/// [`ComputeError::Device`] when it is not floating point.
pub fn values_from_data(data: TensorData) -> Result<Vec<f32>, ComputeError> {
    data.convert::<f32>()
        .try_into_vec()
        .map_err(|error| ComputeError::Device(format!("{error:?}")))
}

/// Pictures from `[n, channels, height, width]` values.
pub fn pictures_from_values(values: &[f32], shape: [usize; 4]) -> Vec<Picture> {
    let [_, channels, height, width] = shape;
    values
        .chunks_exact(channels * height * width)
        .map(|pixels| Picture::new(channels, height, width, pixels.to_vec()))
        .collect()
}
