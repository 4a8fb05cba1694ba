//! The network's convolutions on maps with channels last, row by row on all threads.
//!
//! Padding is TensorFlow's SAME for even sides: `kernel - stride` zeros in all, the odd one after the picture.
//! At stride 2 it is not symmetric: none before and one after for a kernel of 3, one and two for one of 5.

use rayon::prelude::*;

use super::super::real::Real;
use super::FeatureMap;

/// Values are kept within `0..=6` by ReLU6.
const SIX: f64 = 6.0;

/// A 1 x 1 convolution.
#[derive(Debug)]
pub(super) struct Pointwise<T> {
    inputs: usize,
    outputs: usize,
    /// `[inputs][outputs]`.
    weights: Vec<T>,
    /// `[outputs][inputs]`.
    transposed: Vec<T>,
    bias: Vec<T>,
}

impl<T: Real> Pointwise<T> {
    /// Of a weight `[outputs][inputs]`.
    pub(super) fn new((shape, weight): &(Vec<usize>, Vec<T>), bias: Vec<T>) -> Self {
        let (outputs, inputs) = (shape[0], shape[1]);
        let at = |i: usize| weight[i % outputs * inputs + i / outputs];
        Self {
            inputs,
            outputs,
            weights: (0..weight.len()).map(at).collect(),
            transposed: weight.clone(),
            bias,
        }
    }

    /// The linear part.
    pub(super) fn forward(&self, x: &FeatureMap<T>) -> FeatureMap<T> {
        product(x, &self.weights, &self.bias)
    }

    /// The gradient with respect to the input.
    pub(super) fn back(&self, gradient: &FeatureMap<T>) -> FeatureMap<T> {
        product(gradient, &self.transposed, &vec![T::ZERO; self.inputs])
    }

    /// Whether a skip connection leads around the block that ends here and begins with `inputs` channels.
    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }
}

fn product<T: Real>(x: &FeatureMap<T>, weights: &[T], bias: &[T]) -> FeatureMap<T> {
    let outputs = bias.len();
    rows(x.height, x.width, outputs, |y, to| {
        let from = &x.values[y * x.width * x.channels..][..x.width * x.channels];
        for (to, from) in to
            .chunks_exact_mut(outputs)
            .zip(from.chunks_exact(x.channels))
        {
            to.copy_from_slice(bias);
            for (value, weights) in from.iter().zip(weights.chunks_exact(outputs)) {
                for (to, weight) in to.iter_mut().zip(weights) {
                    *to += *value * *weight;
                }
            }
        }
    })
}

/// A convolution of each channel by itself.
#[derive(Debug)]
pub(super) struct Depthwise<T> {
    channels: usize,
    kernel: usize,
    stride: usize,
    /// `[kernel][kernel][channels]`.
    weights: Vec<T>,
    bias: Vec<T>,
}

impl<T: Real> Depthwise<T> {
    /// Of a weight `[channels][kernel][kernel]`.
    pub(super) fn new((shape, weight): &(Vec<usize>, Vec<T>), bias: Vec<T>, stride: usize) -> Self {
        let (channels, kernel) = (shape[0], shape[1]);
        let at = |i: usize| weight[i % channels * kernel * kernel + i / channels];
        Self {
            channels,
            kernel,
            stride,
            weights: (0..weight.len()).map(at).collect(),
            bias,
        }
    }

    fn before(&self) -> usize {
        (self.kernel - self.stride) / 2
    }

    pub(super) fn forward(&self, x: &FeatureMap<T>) -> FeatureMap<T> {
        let (height, width) = (x.height / self.stride, x.width / self.stride);
        let source = |to: usize, tap: usize, side: usize| {
            let from = (to * self.stride + tap).checked_sub(self.before())?;
            (from < side).then_some(from)
        };
        self.gather(x, (height, width), &source, &self.bias)
    }

    /// The gradient with respect to the input.
    pub(super) fn back(&self, gradient: &FeatureMap<T>) -> FeatureMap<T> {
        let (height, width) = (gradient.height * self.stride, gradient.width * self.stride);
        let source = |to: usize, tap: usize, side: usize| {
            let from = (to + self.before()).checked_sub(tap)?;
            (from.is_multiple_of(self.stride) && from / self.stride < side)
                .then_some(from / self.stride)
        };
        self.gather(
            gradient,
            (height, width),
            &source,
            &vec![T::ZERO; self.channels],
        )
    }

    /// Sums over the taps, each of which reads the place that `source(place, tap, side)` says.
    fn gather(
        &self,
        x: &FeatureMap<T>,
        (height, width): (usize, usize),
        source: &(dyn Fn(usize, usize, usize) -> Option<usize> + Sync),
        bias: &[T],
    ) -> FeatureMap<T> {
        let channels = self.channels;
        rows(height, width, channels, |y, row| {
            for (column, to) in row.chunks_exact_mut(channels).enumerate() {
                to.copy_from_slice(bias);
                for tap in 0..self.kernel * self.kernel {
                    let from_y = source(y, tap / self.kernel, x.height);
                    let from_x = source(column, tap % self.kernel, x.width);
                    let (Some(from_y), Some(from_x)) = (from_y, from_x) else {
                        continue;
                    };
                    let from = &x.values[(from_y * x.width + from_x) * channels..][..channels];
                    let weights = &self.weights[tap * channels..][..channels];
                    for ((to, from), weight) in to.iter_mut().zip(from).zip(weights) {
                        *to += *from * *weight;
                    }
                }
            }
        })
    }
}

/// The first convolution: 3 x 3 at stride 2, from a picture's three channels.
#[derive(Debug)]
pub(super) struct Stem<T> {
    /// `[3][3][3][outputs]`: row, column, channel of the picture.
    weights: Vec<T>,
    bias: Vec<T>,
}

impl<T: Real> Stem<T> {
    /// Of a weight `[outputs][3][3][3]`: channel, row, column.
    pub(super) fn new((shape, weight): &(Vec<usize>, Vec<T>), bias: Vec<T>) -> Self {
        let outputs = shape[0];
        let at = |i: usize| {
            let (tap, channel) = (i / outputs / 3, i / outputs % 3);
            weight[(i % outputs * 3 + channel) * 9 + tap]
        };
        Self {
            weights: (0..weight.len()).map(at).collect(),
            bias,
        }
    }

    /// Of a picture with channels last.
    pub(super) fn forward(&self, x: &FeatureMap<T>) -> FeatureMap<T> {
        let outputs = self.bias.len();
        rows(x.height / 2, x.width / 2, outputs, |y, row| {
            for (column, to) in row.chunks_exact_mut(outputs).enumerate() {
                to.copy_from_slice(&self.bias);
                for tap in 0..9 {
                    let (from_y, from_x) = (2 * y + tap / 3, 2 * column + tap % 3);
                    if from_y >= x.height || from_x >= x.width {
                        continue;
                    }
                    let from = &x.values[(from_y * x.width + from_x) * 3..][..3];
                    for (channel, from) in from.iter().enumerate() {
                        let weights = &self.weights[(tap * 3 + channel) * outputs..][..outputs];
                        for (to, weight) in to.iter_mut().zip(weights) {
                            *to += *from * *weight;
                        }
                    }
                }
            }
        })
    }

    /// The gradient with respect to the picture, channels last.
    pub(super) fn back(&self, gradient: &FeatureMap<T>) -> FeatureMap<T> {
        let outputs = self.bias.len();
        rows(2 * gradient.height, 2 * gradient.width, 3, |y, row| {
            for (x, to) in row.chunks_exact_mut(3).enumerate() {
                for tap in 0..9 {
                    let (Some(from_y), Some(from_x)) =
                        (y.checked_sub(tap / 3), x.checked_sub(tap % 3))
                    else {
                        continue;
                    };
                    if from_y % 2 == 1 || from_x % 2 == 1 {
                        continue;
                    }
                    let from = (from_y / 2 * gradient.width + from_x / 2) * outputs;
                    let from = &gradient.values[from..][..outputs];
                    for (channel, to) in to.iter_mut().enumerate() {
                        let weights = &self.weights[(tap * 3 + channel) * outputs..][..outputs];
                        for (from, weight) in from.iter().zip(weights) {
                            *to += *from * *weight;
                        }
                    }
                }
            }
        })
    }
}

/// A map whose rows are written by `row(y, values)`.
pub(super) fn rows<T: Real>(
    height: usize,
    width: usize,
    channels: usize,
    row: impl Fn(usize, &mut [T]) + Sync,
) -> FeatureMap<T> {
    let mut map = FeatureMap::zeros(channels, height, width);
    let each = map
        .values
        .par_chunks_exact_mut(width * channels)
        .enumerate();
    each.for_each(|(y, values)| row(y, values));
    map
}

/// ReLU6, in place.
pub(super) fn relu6<T: Real>(x: &mut FeatureMap<T>) {
    let six = T::from_f64(SIX);
    for value in &mut x.values {
        // NaN passes through both comparisons.
        if *value < T::ZERO {
            *value = T::ZERO;
        }
        if *value > six {
            *value = six;
        }
    }
}

/// Takes the gradient away where ReLU6, whose outputs these are, was at one of its ends.
pub(super) fn gate<T: Real>(gradient: &mut FeatureMap<T>, outputs: &FeatureMap<T>) {
    let six = T::from_f64(SIX);
    for (gradient, output) in gradient.values.iter_mut().zip(&outputs.values) {
        if !(*output > T::ZERO && *output < six) {
            *gradient = T::ZERO;
        }
    }
}

/// Adds a map to another.
pub(super) fn add<T: Real>(to: &mut FeatureMap<T>, what: &FeatureMap<T>) {
    for (to, what) in to.values.iter_mut().zip(&what.values) {
        *to += *what;
    }
}
