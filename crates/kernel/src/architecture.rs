//! The shapes of the paper's convolutional variational autoencoder (method: "Network"), without its
//! parameters.

use kizumi_method::config::{MAX_SKIPS, NetworkConfig};

/// Slope of LeakyReLU for negative inputs.
pub const LEAKY_SLOPE: f64 = 0.2;

/// Skip connections, the coarsest first: what an encoder's layer gives is added to what a decoder's
/// layer of the same shape computes, before its LeakyReLU.
const SKIPS: [(usize, usize); MAX_SKIPS] = [(5, 2), (4, 3), (2, 5), (0, 7)];

/// Layers of the encoder, the first of [`layer_specs`].
pub const ENCODER_LAYERS: usize = 8;
/// Place of the layer that gives the latent's mean.
pub const MEAN: usize = ENCODER_LAYERS;
/// Place of the layer that gives the logarithm of its variance.
pub const LOG_VARIANCE: usize = ENCODER_LAYERS + 1;
/// Place of the decoder's first layer.
pub const DECODER: usize = ENCODER_LAYERS + 2;

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
    pub fn fan_in(&self) -> usize {
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
