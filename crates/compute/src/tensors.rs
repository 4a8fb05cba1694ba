//! Between pictures and tensors.

use burn::tensor::{Device, Tensor, TensorData};

use kizumi_image::picture::Picture;

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

/// `[n, channels, height, width]` of pictures that can be one batch.
///
/// # Errors
/// [`ComputeError::Input`] without pictures, with different shapes, or with values that are not
/// finite.
pub fn batch_shape(pictures: &[Picture]) -> Result<[usize; 4], ComputeError> {
    let first = pictures
        .first()
        .ok_or_else(|| ComputeError::Input("no picture given".into()))?;
    let shape = (first.channels, first.height, first.width);
    for picture in pictures {
        if (picture.channels, picture.height, picture.width) != shape {
            return Err(ComputeError::Input(
                "pictures of one batch differ in shape".into(),
            ));
        }
        if !picture.is_finite() {
            return Err(ComputeError::Input("a pixel is NaN or infinite".into()));
        }
    }
    Ok([pictures.len(), shape.0, shape.1, shape.2])
}

/// `[n, channels, height, width]` from pictures of one shape.
///
/// # Errors
/// See [`batch_shape`].
pub fn tensor_from_pictures(
    pictures: &[Picture],
    device: &Device,
) -> Result<Tensor<4>, ComputeError> {
    let shape = batch_shape(pictures)?;
    let data = TensorData::new(values_from_pictures(pictures), shape);
    Ok(Tensor::from_data(data, device))
}

/// The values of pictures, one after another.
pub fn values_from_pictures(pictures: &[Picture]) -> Vec<f32> {
    let pixels = pictures.iter().map(|picture| picture.pixels.as_slice());
    pixels.collect::<Vec<_>>().concat()
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
