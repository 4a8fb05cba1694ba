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

use super::cpu;
use super::cpu::isa::Isa;
use super::cpu::real::Real;
use super::tensors::{ComputeError, host_values};
use crate::data::config::{MAX_SKIPS, NetworkConfig};

/// Slope of LeakyReLU for negative inputs.
pub const LEAKY_SLOPE: f64 = 0.2;

/// Typical standard deviation of an image's pixels; scales the first layer's weights.
const PIXEL_DEVIATION: f64 = 0.2;

/// Log-variance of the latent before training: a standard deviation of 0.14.
const LOG_VARIANCE_START: f32 = -4.0;

/// Skip connections, the coarsest first: what an encoder's layer gives is added to what a decoder's
/// layer of the same shape computes, before its LeakyReLU.
const SKIPS: [(usize, usize); MAX_SKIPS] = [(5, 2), (4, 3), (2, 5), (0, 7)];

const ENCODER_LAYERS: usize = 8;
const MEAN: usize = ENCODER_LAYERS;
const LOG_VARIANCE: usize = ENCODER_LAYERS + 1;
const DECODER: usize = ENCODER_LAYERS + 2;

/// Whether a layer is a convolution or a transposed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// Weight `[out, in, k, k]`.
    Convolution,
    /// Weight `[in, out, k, k]`.
    Transposed,
}

/// The shape of one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerSpec {
    /// Name in the model file: `encoder.0`, `mean`, `decoder.8` and so on.
    pub name: String,
    /// Convolution or transposed convolution.
    pub kind: LayerKind,
    /// Input channels.
    pub inputs: usize,
    /// Output channels.
    pub outputs: usize,
    /// Side of the square kernel.
    pub kernel: usize,
    /// Stride in both directions.
    pub stride: usize,
    /// Padding on every side.
    pub padding: usize,
}

impl LayerSpec {
    /// Shape of the weight, as in PyTorch.
    pub fn weight_shape(&self) -> [usize; 4] {
        match self.kind {
            LayerKind::Convolution => [self.outputs, self.inputs, self.kernel, self.kernel],
            LayerKind::Transposed => [self.inputs, self.outputs, self.kernel, self.kernel],
        }
    }

    /// How many inputs add up in one output value.
    fn fan_in(&self) -> usize {
        match self.kind {
            LayerKind::Convolution => self.inputs * self.kernel * self.kernel,
            // From a 1 x 1 input a single tap reaches each output; otherwise (k / stride)^2 do.
            LayerKind::Transposed if self.stride == 1 => self.inputs,
            LayerKind::Transposed => self.inputs * (self.kernel / self.stride).pow(2),
        }
    }
}

/// The layers in order: encoder, mean, log-variance, decoder.
pub fn layer_specs(config: &NetworkConfig) -> Vec<LayerSpec> {
    let (c, w, latent) = (config.channels, config.width, config.latent);
    let bottleneck = config.size_px / 16;
    let mut specs = Vec::new();
    let mut add = |name: String, kind, inputs, outputs, kernel, stride, padding| {
        specs.push(LayerSpec {
            name,
            kind,
            inputs,
            outputs,
            kernel,
            stride,
            padding,
        });
    };
    let conv = LayerKind::Convolution;
    let up = LayerKind::Transposed;
    let encoder = [
        (c, w, 4, 2),
        (w, w, 4, 2),
        (w, w, 3, 1),
        (w, 2 * w, 4, 2),
        (2 * w, 2 * w, 3, 1),
        (2 * w, 4 * w, 4, 2),
        (4 * w, 2 * w, 3, 1),
        (2 * w, w, 3, 1),
    ];
    for (i, (inputs, outputs, kernel, stride)) in encoder.into_iter().enumerate() {
        add(
            format!("encoder.{i}"),
            conv,
            inputs,
            outputs,
            kernel,
            stride,
            1,
        );
    }
    add("mean".into(), conv, w, latent, bottleneck, 1, 0);
    add("log_variance".into(), conv, w, latent, bottleneck, 1, 0);
    add("decoder.0".into(), up, latent, w, bottleneck, 1, 0);
    let decoder = [
        (conv, w, 2 * w),
        (conv, 2 * w, 4 * w),
        (up, 4 * w, 2 * w),
        (conv, 2 * w, 2 * w),
        (up, 2 * w, w),
        (conv, w, w),
        (up, w, w),
        (up, w, c),
    ];
    for (i, (kind, inputs, outputs)) in decoder.into_iter().enumerate() {
        let (kernel, stride) = if kind == up { (4, 2) } else { (3, 1) };
        add(
            format!("decoder.{}", i + 1),
            kind,
            inputs,
            outputs,
            kernel,
            stride,
            1,
        );
    }
    specs
}

/// The network's skip connections, each from the encoder's layer of the first number to the
/// decoder's of the second.
pub fn skips(config: &NetworkConfig) -> &'static [(usize, usize)] {
    &SKIPS[..config.skips]
}

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
}

/// The network packed for the processor, once it was asked for; `None` on other devices.
type Packed = Arc<OnceLock<Option<Arc<cpu::network::Network<f32>>>>>;

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
        }
    }

    /// As [`Vae::new`], of layers that are those of `packed`.
    pub fn with_packed(layers: Vec<Layer>, packed: Arc<cpu::network::Network<f32>>) -> Self {
        Self {
            config: packed.config.clone(),
            layers,
            packed: Arc::new(OnceLock::from(Some(packed))),
        }
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

    /// Packed for [`cpu`], if that is where its parameters are.
    pub fn packed(&self) -> Option<Arc<cpu::network::Network<f32>>> {
        let pack = || {
            let bias = &self.layers[0].bias;
            let plain = bias.device() == Device::flex() && !bias.is_autodiff();
            let packed =
                (plain && bias.dtype() == DType::F32).then(|| self.pack(Isa::current()))?;
            packed.ok().map(Arc::new)
        };
        self.packed.get_or_init(pack).clone()
    }

    /// Packed for [`cpu`], in any type of number and for any instruction set.
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver the parameters.
    pub fn pack<T: Real>(&self, isa: Isa) -> Result<cpu::network::Network<T>, ComputeError> {
        let mut parameters = Vec::new();
        for layer in &self.layers {
            parameters.push((
                real_values(layer.weight.clone())?,
                real_values(layer.bias.clone())?,
            ));
        }
        Ok(cpu::network::Network::new(&self.config, &parameters, isa))
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
        Self::new(&self.config, layers)
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

    /// f(x): deterministic, through the latent mean.
    pub fn reconstruct(&self, x: Tensor<4>) -> Tensor<4> {
        if let Some(packed) = self.packed().filter(|_| !x.is_autodiff())
            && let Ok(values) = host_values(x.clone())
        {
            let values = cpu::reconstruct::reconstruct(&packed, &values);
            return Tensor::from_data(TensorData::new(values, x.dims()), &x.device());
        }
        self.reconstruct_on_tensors(x)
    }

    /// As [`Vae::reconstruct`], on tensors wherever they are: the reference, and the way that
    /// gradients can follow.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_network_has_the_documented_shapes() {
        let specs = layer_specs(&NetworkConfig::default());
        assert_eq!(specs.len(), 19);
        assert_eq!(specs[MEAN].weight_shape(), [100, 32, 8, 8]);
        assert_eq!(specs[DECODER].weight_shape(), [100, 32, 8, 8]);
        assert_eq!(specs[DECODER + 8].weight_shape(), [32, 3, 4, 4]);
        assert_eq!(specs[DECODER + 8].name, "decoder.8");
    }
}
