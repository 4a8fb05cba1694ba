//! The paper's convolutional variational autoencoder (method: "Network").
//!
//! Parameters are plain tensors. A training step marks them as tracked, a projection leaves them
//! on the plain device, so no projection can touch a weight. There is no BatchNorm and no Dropout:
//! in Burn they would take "the input is on an autodiff device" for "training".

use burn::tensor::activation::{leaky_relu, sigmoid};
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{DType, Device, Tensor, TensorData};
use rand::{Rng, RngExt};
use std::sync::{Arc, OnceLock};

use super::projector::FeatureDistance;
use super::tensors::{
    ComputeError, batch_shape, host_values, pictures_from_values, tensor_from_pictures,
    values_from_pictures,
};
use kizumi_image::picture::Picture;
use kizumi_kernel::architecture::{
    DECODER, ENCODER_LAYERS, LEAKY_SLOPE, LOG_VARIANCE, LayerKind, LayerSpec, MEAN, layer_specs,
    skips,
};
use kizumi_kernel::isa::Isa;
use kizumi_kernel::real::Real;
use kizumi_method::config::NetworkConfig;

/// Typical standard deviation of an image's pixels; scales the first layer's weights.
const PIXEL_DEVIATION: f64 = 0.2;

/// Log-variance of the latent before training: a standard deviation of 0.14.
const LOG_VARIANCE_START: f32 = -4.0;

/// One layer with its parameters.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its shape.
    pub spec: LayerSpec,
    /// See [`LayerSpec::weight_shape`].
    pub weight: Tensor<4>,
    /// `[outputs]`.
    pub bias: Tensor<1>,
}

impl Layer {
    /// He initialisation for LeakyReLU: without normalisation layers the signal keeps its scale
    /// through the depth of the network. Drawn on the host, so a seed means the same everywhere.
    fn random(spec: LayerSpec, rng: &mut impl Rng, device: &Device) -> Self {
        let he = (2.0 / (1.0 + LEAKY_SLOPE * LEAKY_SLOPE)).sqrt();
        let gain = match spec.name.as_str() {
            // Pixels are not centred and vary by far less than 1: see `bias` below.
            "encoder.0" => he / PIXEL_DEVIATION,
            // The latent heads and the output are linear.
            "mean" | "decoder.8" => 1.0,
            "log_variance" => 0.1,
            _ => he,
        };
        let bound = gain * (3.0 / spec.fan_in() as f64).sqrt();
        let shape = spec.weight_shape();
        let values: Vec<f32> = (0..shape.iter().product())
            .map(|_| (rng.random_range(-1.0..1.0f64) * bound) as f32)
            .collect();
        let bias = match spec.name.as_str() {
            // The first layer starts as if its input were centred: what differs between images
            // then reaches the latent instead of drowning in their common brightness.
            "encoder.0" => values
                .chunks_exact(values.len() / spec.outputs)
                .map(|filter| -0.5 * filter.iter().sum::<f32>())
                .collect(),
            // A latent sample that starts almost noiseless lets the decoder learn from it at once.
            "log_variance" => vec![LOG_VARIANCE_START; spec.outputs],
            _ => vec![0.0; spec.outputs],
        };
        Self {
            weight: Tensor::from_data(TensorData::new(values, shape), device),
            bias: Tensor::from_data(TensorData::new(bias, [spec.outputs]), device),
            spec,
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let LayerSpec {
            stride,
            padding,
            kind,
            ..
        } = self.spec;
        let (weight, bias) = (self.weight.clone(), Some(self.bias.clone()));
        let (stride, padding) = ([stride; 2], [padding; 2]);
        match kind {
            LayerKind::Convolution => conv2d(
                x,
                weight,
                bias,
                ConvOptions::new(stride, padding, [1, 1], 1),
            ),
            LayerKind::Transposed => {
                let options = ConvTransposeOptions::new(stride, padding, [0, 0], [1, 1], 1);
                conv_transpose2d(x, weight, bias, options)
            }
        }
    }
}

/// The network with its parameters.
#[derive(Clone, Debug)]
pub struct Vae {
    /// Its shape.
    pub config: NetworkConfig,
    layers: Vec<Layer>,
    packed: Packed,
    features: Option<Arc<dyn FeatureDistance>>,
}

/// The network packed for the processor, once it was asked for; `None` on other devices.
type Packed = Arc<OnceLock<Option<Arc<kizumi_kernel::network::Network<f32>>>>>;

/// What the encoder makes of pictures.
pub struct Posterior {
    /// Mean of the latent normal distribution, `[batch, latent, 1, 1]`.
    pub mean: Tensor<4>,
    /// Logarithm of its variance, likewise.
    pub log_variance: Tensor<4>,
    /// What goes past the latent.
    pub skipped: Skipped,
}

/// The outputs of the encoder's layers; [`skips`] says which of them the decoder wants.
pub struct Skipped(Vec<Tensor<4>>);

impl Vae {
    /// A network with random weights.
    pub fn random(config: &NetworkConfig, rng: &mut impl Rng, device: &Device) -> Self {
        let layers = layer_specs(config)
            .into_iter()
            .map(|spec| Layer::random(spec, rng, device))
            .collect();
        Self::new(config, layers)
    }

    /// A network of layers in the order of [`layer_specs`].
    pub fn new(config: &NetworkConfig, layers: Vec<Layer>) -> Self {
        Self {
            config: config.clone(),
            layers,
            packed: Packed::default(),
            features: None,
        }
    }

    /// As [`Vae::new`], of layers that are those of `packed`.
    pub fn with_packed(
        layers: Vec<Layer>,
        packed: Arc<kizumi_kernel::network::Network<f32>>,
    ) -> Self {
        Self {
            config: packed.config.clone(),
            layers,
            packed: Arc::new(OnceLock::from(Some(packed))),
            features: None,
        }
    }

    /// The same network with what says how far pictures' features are from normal ones, for the
    /// projection's energy.
    #[must_use]
    pub fn with_features(self, features: Option<Arc<dyn FeatureDistance>>) -> Self {
        Self { features, ..self }
    }

    /// What says how far pictures' features are from normal ones, if anything does.
    pub fn feature_distance(&self) -> Option<&Arc<dyn FeatureDistance>> {
        self.features.as_ref()
    }

    /// Its layers, in the order of [`layer_specs`].
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Its layers, to change their parameters.
    pub fn layers_mut(&mut self) -> &mut [Layer] {
        self.packed = Packed::default();
        &mut self.layers
    }

    /// The device of its parameters.
    pub fn device(&self) -> Device {
        self.layers[0].bias.device()
    }

    /// Packed for [`kizumi_kernel`], if that is where its parameters are.
    pub fn packed(&self) -> Option<Arc<kizumi_kernel::network::Network<f32>>> {
        let pack = || {
            let bias = &self.layers[0].bias;
            let plain = bias.device() == Device::flex() && !bias.is_autodiff();
            let packed =
                (plain && bias.dtype() == DType::F32).then(|| self.pack(Isa::current()))?;
            packed.ok().map(Arc::new)
        };
        self.packed.get_or_init(pack).clone()
    }

    /// Packed for [`kizumi_kernel`], in any type of number and for any instruction set.
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver the parameters.
    pub fn pack<T: Real>(
        &self,
        isa: Isa,
    ) -> Result<kizumi_kernel::network::Network<T>, ComputeError> {
        let mut parameters = Vec::new();
        for layer in &self.layers {
            parameters.push((
                real_values(layer.weight.clone())?,
                real_values(layer.bias.clone())?,
            ));
        }
        Ok(kizumi_kernel::network::Network::new(
            &self.config,
            &parameters,
            isa,
        ))
    }

    /// The same network with every parameter changed, or marked.
    pub fn map(
        &self,
        mut weight: impl FnMut(&Tensor<4>) -> Tensor<4>,
        mut bias: impl FnMut(&Tensor<1>) -> Tensor<1>,
    ) -> Self {
        let layers = self
            .layers
            .iter()
            .map(|layer| Layer {
                spec: layer.spec.clone(),
                weight: weight(&layer.weight),
                bias: bias(&layer.bias),
            })
            .collect();
        Self::new(&self.config, layers).with_features(self.features.clone())
    }

    /// Mean and log-variance of `x`, `[batch, channels, size, size]`.
    pub fn encode(&self, x: Tensor<4>) -> Posterior {
        let (features, skipped) = self.features(x);
        Posterior {
            mean: self.layers[MEAN].forward(features.clone()),
            log_variance: self.layers[LOG_VARIANCE].forward(features),
            skipped,
        }
    }

    /// The picture of a latent `[batch, latent, 1, 1]` and of what went past it:
    /// `[batch, channels, size, size]` in 0..=1.
    pub fn decode(&self, latent: Tensor<4>, skipped: &Skipped) -> Tensor<4> {
        let (last, inner) = self.layers[DECODER..]
            .split_last()
            .expect("the decoder has layers");
        let mut hidden = latent;
        for (at, layer) in inner.iter().enumerate() {
            hidden = layer.forward(hidden);
            if let Some((from, _)) = skips(&self.config).iter().find(|(_, to)| *to == at) {
                hidden = hidden + skipped.0[*from].clone();
            }
            hidden = leaky_relu(hidden, LEAKY_SLOPE);
        }
        sigmoid(last.forward(hidden))
    }

    /// f(x) of pictures: deterministic, through the latent mean.
    ///
    /// # Errors
    /// [`ComputeError::Input`] when they do not fit the network or are not finite,
    /// [`ComputeError::Device`] when the device fails.
    pub fn reconstruct(&self, pictures: &[Picture]) -> Result<Vec<Picture>, ComputeError> {
        let shape = self.fitting(pictures)?;
        let values = match self.packed() {
            Some(packed) => {
                kizumi_kernel::reconstruct::reconstruct(&packed, &values_from_pictures(pictures))
            }
            None => {
                let x = tensor_from_pictures(pictures, &self.device())?;
                host_values(self.reconstruct_on_tensors(x))?
            }
        };
        Ok(pictures_from_values(&values, shape))
    }

    /// The shape of pictures as a batch, `[n, channels, size, size]`.
    ///
    /// # Errors
    /// [`ComputeError::Input`] when they do not fit the network or are not finite.
    pub fn fitting(&self, pictures: &[Picture]) -> Result<[usize; 4], ComputeError> {
        let shape = batch_shape(pictures)?;
        let [_, channels, height, width] = shape;
        let (own, side) = (self.config.channels, self.config.size_px);
        if (channels, height, width) != (own, side, side) {
            return Err(ComputeError::Input(format!(
                "a picture of {channels} x {width} x {height} does not fit a network of {own} x \
                 {side} x {side}"
            )));
        }
        Ok(shape)
    }

    /// f(x) of `[batch, channels, size, size]`, on tensors wherever they are: the reference, and the way
    /// that gradients can follow.
    pub fn reconstruct_on_tensors(&self, x: Tensor<4>) -> Tensor<4> {
        let (features, skipped) = self.features(x);
        self.decode(self.layers[MEAN].forward(features), &skipped)
    }

    /// What the encoder's last layer gives, and what every one does.
    fn features(&self, x: Tensor<4>) -> (Tensor<4>, Skipped) {
        let mut outputs: Vec<Tensor<4>> = Vec::new();
        let mut hidden = x;
        for layer in &self.layers[..ENCODER_LAYERS] {
            hidden = leaky_relu(layer.forward(hidden), LEAKY_SLOPE);
            outputs.push(hidden.clone());
        }
        (hidden, Skipped(outputs))
    }
}

/// The values of a tensor with all their digits.
fn real_values<T: Real, const D: usize>(tensor: Tensor<D>) -> Result<Vec<T>, ComputeError> {
    let data = tensor
        .try_into_data()
        .map_err(|error| ComputeError::Device(error.to_string()))?;
    let values = data.convert::<f64>().try_into_vec::<f64>();
    let values = values.map_err(|error| ComputeError::Device(format!("{error:?}")))?;
    Ok(values.into_iter().map(T::from_f64).collect())
}
