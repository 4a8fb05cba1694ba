//! The frozen network with tensors: the reference that the tests hold [`kizumi_kernel::features`] against. The
//! program itself takes features on the processor, whatever else computes. Gradients are autodiff's.

use burn::tensor::module::{avg_pool2d, conv2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions};
use burn::tensor::{Device, Tensor, TensorData};

use kizumi_kernel::features::weights::{
    Block, Convolution, DEVIATION, FIRST_STRIDE, LAST_OF_8, Lite0, MEAN,
};

/// A convolution's parameters on a device.
#[derive(Clone, Debug)]
struct Layer {
    weight: Tensor<4>,
    bias: Tensor<1>,
    stride: usize,
    groups: usize,
}

/// An inverted residual block.
#[derive(Clone, Debug)]
struct Layers {
    expand: Option<Layer>,
    depthwise: Layer,
    project: Layer,
    skip: bool,
}

/// EfficientNet-Lite0 up to stride 16 on a device.
#[derive(Clone, Debug)]
pub struct FeatureTensors {
    first: Layer,
    blocks: Vec<Layers>,
}

impl FeatureTensors {
    /// The network that the program carries. For gradients the device must be an autodiff device.
    pub fn new(device: &Device) -> Self {
        let network = Lite0::<f32>::read();
        let pointwise =
            |one: &Convolution<f32>| Layer::new(one, [one.shape[0], one.shape[1], 1, 1], 1, device);
        let layers = |block: &Block<f32>| {
            let [channels, kernel, _] = block.depthwise.shape[..] else {
                unreachable!("a depthwise weight has three axes")
            };
            Layers {
                expand: block.expand.as_ref().map(pointwise),
                depthwise: Layer::new(
                    &block.depthwise,
                    [channels, 1, kernel, kernel],
                    block.stride,
                    device,
                ),
                project: pointwise(&block.project),
                skip: block.has_skip(),
            }
        };
        Self {
            first: Layer::new(
                &network.first,
                [network.first.shape[0], 3, 3, 3],
                FIRST_STRIDE,
                device,
            ),
            blocks: network.blocks.iter().map(layers).collect(),
        }
    }

    /// Features `[n, 152, height / 8, width / 8]` of pictures `[n, 1 or 3, height, width]` in `0..=1`, sides multiples
    /// of 16; see [`kizumi_kernel::features`].
    pub fn embed(&self, pictures: Tensor<4>) -> Tensor<4> {
        let [images, channels, height, width] = pictures.dims();
        let pictures = match channels {
            1 => pictures.expand([images, 3, height, width]),
            _ => pictures,
        };
        let mut x = self
            .first
            .forward(pictures.sub_scalar(MEAN).div_scalar(DEVIATION));
        x = relu6(x);
        let mut fine = None;
        for (number, block) in self.blocks.iter().enumerate() {
            x = block.forward(x);
            if number == LAST_OF_8 {
                fine = Some(x.clone());
            }
        }
        let parts = fine.map(average).into_iter();
        Tensor::cat(parts.chain([enlarge(average(x))]).collect(), 1)
    }
}

impl Layer {
    fn new(
        convolution: &Convolution<f32>,
        shape: [usize; 4],
        stride: usize,
        device: &Device,
    ) -> Self {
        let Convolution { weight, bias, .. } = convolution;
        Self {
            weight: Tensor::from_data(TensorData::new(weight.clone(), shape), device),
            bias: Tensor::from_data(TensorData::new(bias.clone(), [bias.len()]), device),
            stride,
            groups: if shape[1] == 1 { shape[0] } else { 1 },
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let zeros = self.weight.dims()[2] - self.stride;
        let before = zeros / 2;
        // The odd one lies after the picture.
        let x = x.pad([(before, zeros - before); 2], 0.0);
        let options = ConvOptions::new([self.stride; 2], [0, 0], [1, 1], self.groups);
        conv2d(x, self.weight.clone(), Some(self.bias.clone()), options)
    }
}

impl Layers {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let expanded = match &self.expand {
            Some(expand) => relu6(expand.forward(x.clone())),
            None => x.clone(),
        };
        let output = self
            .project
            .forward(relu6(self.depthwise.forward(expanded)));
        match self.skip {
            true => output + x,
            false => output,
        }
    }
}

fn relu6(x: Tensor<4>) -> Tensor<4> {
    x.clamp(0.0, 6.0)
}

/// The mean over 3 x 3 places; zeros beyond the border count.
fn average(x: Tensor<4>) -> Tensor<4> {
    let options = AvgPoolOptions::new([3, 3]);
    avg_pool2d(x, options.with_stride([1, 1]).with_padding([1, 1]))
}

/// Twice as high and wide, bilinearly. Burn's own has no gradient on every device.
fn enlarge(x: Tensor<4>) -> Tensor<4> {
    enlarge_along(enlarge_along(x, 2), 3)
}

fn enlarge_along(x: Tensor<4>, axis: usize) -> Tensor<4> {
    let mut shape = x.dims();
    let length = shape[axis];
    let (first, last) = (
        x.clone().narrow(axis, 0, 1),
        x.clone().narrow(axis, length - 1, 1),
    );
    let before = Tensor::cat(vec![first, x.clone().narrow(axis, 0, length - 1)], axis);
    let after = Tensor::cat(vec![x.clone().narrow(axis, 1, length - 1), last], axis);
    let near = x.mul_scalar(0.75);
    let halves = vec![
        near.clone() + before.mul_scalar(0.25),
        near + after.mul_scalar(0.25),
    ];
    shape[axis] = 2 * length;
    Tensor::stack::<5>(halves, axis + 1).reshape(shape)
}
