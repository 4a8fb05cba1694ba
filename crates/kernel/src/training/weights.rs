//! The gradients of weights and biases.

#![allow(unsafe_code)]

use super::scratch::LayerGradient;
use crate::isa::{Isa, Loop};
use crate::network::Network;
use crate::pass::Pass;
use crate::real::Real;
use crate::shape::Shape;

/// Adds one image's share to the gradient of a convolution of the chain.
///
/// # Safety
/// No other member may write what the layer reads, or the gradient of what it writes.
pub(super) unsafe fn add_gradient<T: Real>(
    network: &Network<T>,
    pass: &Pass<'_, T>,
    layer: usize,
    image: usize,
    gradient: &mut LayerGradient<T>,
) {
    let (values, back) = (
        pass.values_at(layer, image),
        pass.gradient_at(layer + 1, image),
    );
    // SAFETY: the caller's promise; stations have the shapes of their layers.
    unsafe { add(network, layer, 1, values, back, gradient) };
}

/// As [`add_gradient`], for a dense layer of the chain and all images.
///
/// # Safety
/// As [`add_gradient`].
pub(super) unsafe fn add_dense<T: Real>(
    network: &Network<T>,
    pass: &Pass<'_, T>,
    layer: usize,
    images: usize,
    gradient: &mut LayerGradient<T>,
) {
    let (values, back) = (pass.values_at(layer, 0), pass.gradient_at(layer + 1, 0));
    // SAFETY: the caller's promise.
    unsafe { add(network, layer, images, values, back, gradient) };
}

unsafe fn add<T: Real>(
    network: &Network<T>,
    layer: usize,
    images: usize,
    values: *const T,
    back: *const T,
    gradient: &mut LayerGradient<T>,
) {
    let isa = network.isa;
    let leads = network.layers[layer].forward_leads();
    let map = network.layers[layer].leading();
    let LayerGradient { weights, bias } = gradient;
    let (source, other) = if leads {
        (values, back)
    } else {
        (back, values)
    };
    let shape = network.gradient_station(layer + 1);
    // SAFETY: the caller's promise.
    unsafe {
        map.accumulate(isa, images, source, other, weights, 0..map.blocks());
        add_channels(isa, shape, images, back, bias);
    }
}

/// Adds the sums of all pixels to `sums`, one a channel.
///
/// # Safety
/// `values` must be valid for the shape, times `images`.
pub(super) unsafe fn add_channels<T: Real>(
    isa: Isa,
    shape: Shape,
    images: usize,
    values: *const T,
    sums: &mut [T],
) {
    for image in 0..images {
        for y in 0..shape.side() {
            // SAFETY: a row inside the border.
            let row = unsafe {
                let start = image * shape.count() + shape.interior() + y * shape.row();
                std::slice::from_raw_parts(values.add(start), shape.side() * shape.channels())
            };
            isa.run_loop(ChannelSum { sums, row });
        }
    }
}

struct ChannelSum<'a, T> {
    sums: &'a mut [T],
    row: &'a [T],
}

impl<T: Real> Loop for ChannelSum<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for pixel in self.row.chunks_exact(self.sums.len()) {
            for (sum, value) in self.sums.iter_mut().zip(pixel) {
                *sum += *value;
            }
        }
    }
}
