//! One training step: the loss and the gradients of all weights (method: "Training").
//!
//! The images of a batch are dealt out to at most eight lanes, each of which adds up its own
//! gradient; the lanes are then added in their order. So the sums depend on the batch alone, never
//! on how many threads there are or who was quicker.

#![allow(unsafe_code)]

use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::compare::write_back;
use super::correlate::Finish;
use super::isa::{Isa, Loop};
use super::layer::Layer;
use super::network::{ENCODER, LAST, LATENT, LOG_VARIANCE, MEAN, Network, RECONSTRUCTION};
use super::pass::{PHASES, Pass, Workspace};
use super::pixels::Add;
use super::real::Real;
use super::reconstruct::load;
use super::shape::Shape;
use super::team;
use crate::architecture::LEAKY_SLOPE;
use kizumi_method::config::{Distance, Objective};

/// Lanes at most; each takes the memory of the convolutions' weights.
const LANES: usize = 8;

/// The layers that take a whole grid to a vector or back; their gradients are computed for all
/// images at once.
const DENSE: [usize; 3] = [MEAN, LOG_VARIANCE, LATENT];

/// The gradient of one layer: its weights', in the layout of [`Layer::leading`], and its biases'.
#[derive(Clone, Debug, Default)]
pub struct LayerGradient<T> {
    /// As the weights.
    pub weights: Vec<T>,
    /// One value an output channel, padded.
    pub bias: Vec<T>,
}

impl<T: Real> LayerGradient<T> {
    /// Zero, for a layer.
    pub fn zero(layer: &Layer<T>) -> Self {
        Self {
            weights: vec![T::ZERO; layer.leading().weights.len()],
            bias: vec![T::ZERO; layer.forward.destination.channels()],
        }
    }

    fn clear(&mut self) {
        self.weights.fill(T::ZERO);
        self.bias.fill(T::ZERO);
    }
}

/// The sums of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// L_r, summed over the batch.
    pub reconstruction: f64,
    /// KL divergence without its weight, summed over the batch.
    pub kl: f64,
}

/// Room for the steps of a training run.
#[derive(Debug)]
pub struct Scratch<T> {
    workspace: Workspace<T>,
    mean: Vec<T>,
    log_variance: Vec<T>,
    log_variance_gradient: Vec<T>,
    features_gradient: Vec<T>,
    /// Of the convolutions, by lane, then by layer; those of dense layers are empty.
    lanes: Vec<Mutex<Vec<LayerGradient<T>>>>,
    /// Of [`DENSE`].
    dense: [Mutex<LayerGradient<T>>; 3],
}

impl<T: Real> Scratch<T> {
    /// Room for batches of up to `images` images.
    pub fn new(network: &Network<T>, images: usize) -> Self {
        let room = |shape: Shape| vec![T::ZERO; images * shape.count()];
        let lane = || {
            let layers = network.layers.iter().enumerate();
            let gradients = layers.map(|(at, layer)| {
                if DENSE.contains(&at) {
                    LayerGradient::default()
                } else {
                    LayerGradient::zero(layer)
                }
            });
            Mutex::new(gradients.collect())
        };
        Self {
            workspace: Workspace::new(network, images),
            mean: room(network.station(LATENT)),
            log_variance: room(network.station(LATENT)),
            log_variance_gradient: room(network.station(LATENT)),
            features_gradient: room(network.station(MEAN)),
            lanes: (0..LANES.min(images)).map(|_| lane()).collect(),
            dense: DENSE.map(|layer| Mutex::new(LayerGradient::zero(&network.layers[layer]))),
        }
    }

    /// The most images of a batch.
    pub fn images(&self) -> usize {
        self.workspace.images()
    }

    /// The gradients of the last batch, in the order of [`Network::layers`].
    pub fn gradients(&mut self) -> Vec<&mut LayerGradient<T>> {
        let first = self.lanes[0]
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<&mut LayerGradient<T>> = first.iter_mut().collect();
        for (layer, gradient) in DENSE.into_iter().zip(&mut self.dense) {
            all[layer] = gradient.get_mut().unwrap_or_else(PoisonError::into_inner);
        }
        all
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A pointer that the members of a team share.
struct Shared<T>(*mut T);

// SAFETY: members write to disjoint parts, phase by phase.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    fn at(&self, offset: usize) -> *mut T {
        self.0.wrapping_add(offset)
    }
}

/// What a step learns from; pictures are `[images][channels][size][size]`.
#[derive(Clone, Copy, Debug)]
pub struct Examples<'a, T> {
    /// What the network is shown.
    pub inputs: &'a [T],
    /// What it is to give back.
    pub targets: &'a [T],
    /// Standard normal, `[images][latent]`, for the latent sample; where it is empty the latent is
    /// its mean.
    pub noise: &'a [T],
}

/// The loss of a batch, and in `scratch` the gradients of its mean over the images: see
/// `kizumi_compute::objective::loss`.
///
/// # Panics
/// If there are no images, too many, or the lengths do not fit.
pub fn gradients<T: Real>(
    network: &Network<T>,
    scratch: &mut Scratch<T>,
    examples: Examples<'_, T>,
    objective: Objective,
) -> Loss {
    let Examples {
        inputs,
        targets,
        noise,
    } = examples;
    let length = network.picture_len();
    let (images, latent) = (inputs.len() / length, network.config.latent);
    assert!(images > 0 && images * length == inputs.len() && targets.len() == inputs.len());
    assert!(noise.is_empty() || noise.len() == images * latent);
    let noise_of = |image: usize, i: usize| match noise {
        [] => T::ZERO,
        noise => noise[image * latent + i],
    };
    let kl_weight = T::from_f64(objective.kl_weight().into());
    let isa = network.isa;
    let step = network.station(LATENT).count();
    let features = network.station(MEAN).count();
    let share = T::ONE / T::from_f64(images as f64);
    let mut sums = vec![(0.0f64, 0.0f64); images];
    let lanes = scratch.lanes.len().min(images);
    let lane_images = |lane: usize| lane * images / lanes..(lane + 1) * images / lanes;
    {
        let pass = Pass::new(network, &mut scratch.workspace, images);
        let mean = Shared(scratch.mean.as_mut_ptr());
        let log_variance = Shared(scratch.log_variance.as_mut_ptr());
        let log_variance_gradient = Shared(scratch.log_variance_gradient.as_mut_ptr());
        let features_gradient = Shared(scratch.features_gradient.as_mut_ptr());
        let sums = Shared(sums.as_mut_ptr());
        let (all_lanes, dense) = (&scratch.lanes, &scratch.dense);
        let head = &network.layers[LOG_VARIANCE];
        team::run(PHASES, |member| {
            pass.each(member, 1, |image, _| {
                // SAFETY: this image is this member's in this phase; so below.
                unsafe { load(network, &pass, image, &inputs[image * length..][..length]) };
            });
            pass.encode(member);
            pass.mean(member);
            member.phase(head.forward.pieces(), |piece| unsafe {
                head.forward.piece(
                    isa,
                    piece,
                    images,
                    pass.values_at(MEAN, 0),
                    log_variance.at(0),
                    Finish::Bias(&head.bias),
                );
            });
            // z = mean + sigma * noise.
            member.phase(images, |image| {
                let mut kl = 0.0;
                for i in 0..latent {
                    unsafe {
                        let z = pass.values_at(LATENT, image).add(i);
                        let m = *z;
                        let v = *log_variance.at(image * step + i);
                        *mean.at(image * step + i) = m;
                        let sigma = (v * T::from_f64(0.5)).exp();
                        *z = m + sigma * noise_of(image, i);
                        kl += 0.5 * (m * m + v.exp() - v - T::ONE).to_f64();
                    }
                }
                unsafe { (*sums.at(image)).1 = kl };
            });
            pass.decode(member);
            member.phase(images, |image| unsafe {
                let target = &targets[image * length..][..length];
                let compare = match objective.distance() {
                    Distance::Dissimilarity => structure_gradient,
                    _ => loss_gradient,
                };
                (*sums.at(image)).0 = compare(network, &pass, image, target, share);
            });
            if objective == Objective::GammaVae {
                member.phase(images, |image| unsafe {
                    // 1 / (2 gamma^2), the same for all members: the sums are complete.
                    let all = (0..images).fold(0.0, |sum, image| sum + (*sums.at(image)).0);
                    let weight = 0.5 * (images * length) as f64 / all.max(f64::MIN_POSITIVE);
                    let count = network.gradient_station(RECONSTRUCTION).count();
                    let gradient = pass.gradient_at(RECONSTRUCTION, image);
                    let gradient = std::slice::from_raw_parts_mut(gradient, count);
                    let weight = T::from_f64(weight);
                    gradient
                        .iter_mut()
                        .for_each(|value| *value = *value * weight);
                });
            }
            member.phase(lanes, |lane| {
                let mut gradient = lock(&all_lanes[lane]);
                gradient.iter_mut().for_each(LayerGradient::clear);
                for image in lane_images(lane) {
                    for layer in (LATENT + 1..=LAST).rev() {
                        unsafe { add_gradient(network, &pass, layer, image, &mut gradient[layer]) };
                        let pieces = network.layers[layer].backward.pieces();
                        (0..pieces).for_each(|piece| pass.backward(layer, image, 1, piece));
                    }
                }
            });
            let pieces = network.layers[LATENT].backward.pieces();
            member.phase(pieces, |piece| pass.backward(LATENT, 0, images, piece));
            // The gradient of z becomes that of the mean in its place, and that of log sigma^2.
            // Decoder.0's weights want the sample, so its gradient comes first.
            member.phase(1, |_| {
                let mut gradient = lock(&dense[2]);
                gradient.clear();
                unsafe { add_dense(network, &pass, LATENT, images, &mut gradient) };
            });
            member.phase(images, |image| {
                for i in 0..latent {
                    let at = image * step + i;
                    unsafe {
                        let back = pass.gradient_at(LATENT, image).add(i);
                        let (m, v) = (*mean.at(at), *log_variance.at(at));
                        let sigma = (v * T::from_f64(0.5)).exp();
                        let half = T::from_f64(0.5);
                        *log_variance_gradient.at(at) = *back * noise_of(image, i) * sigma * half
                            + kl_weight * share * half * (v.exp() - T::ONE);
                        *back += kl_weight * share * m;
                    }
                }
            });
            let pieces = network.layers[MEAN].backward.pieces();
            member.phase(2 * pieces, |chunk| {
                if chunk < pieces {
                    pass.backward(MEAN, 0, images, chunk);
                } else {
                    unsafe {
                        head.backward.piece(
                            isa,
                            chunk - pieces,
                            images,
                            log_variance_gradient.at(0),
                            features_gradient.at(0),
                            Finish::Gate(pass.values_at(MEAN, 0), T::from_f64(LEAKY_SLOPE), None),
                        );
                    }
                }
            });
            member.phase(2, |chunk| {
                let mut gradient = lock(&dense[chunk]);
                gradient.clear();
                unsafe {
                    if chunk == 0 {
                        add_dense(network, &pass, MEAN, images, &mut gradient);
                    } else {
                        let back = log_variance_gradient.at(0);
                        let map = head.leading();
                        let LayerGradient { weights, bias } = &mut *gradient;
                        let blocks = 0..map.blocks();
                        let from = pass.values_at(MEAN, 0);
                        map.accumulate(isa, images, from, back, weights, blocks);
                        add_channels(isa, network.station(LATENT), images, back, bias);
                    }
                }
            });
            member.phase(lanes, |lane| {
                let mut gradient = lock(&all_lanes[lane]);
                for image in lane_images(lane) {
                    unsafe {
                        let to = pass.gradient_at(MEAN, image);
                        let from = features_gradient.at(image * features);
                        isa.run_loop(Add {
                            to: std::slice::from_raw_parts_mut(to, features),
                            what: std::slice::from_raw_parts(from, features),
                        });
                    }
                    for layer in (0..ENCODER).rev() {
                        unsafe { add_gradient(network, &pass, layer, image, &mut gradient[layer]) };
                        if layer > 0 {
                            let pieces = network.layers[layer].backward.pieces();
                            (0..pieces).for_each(|piece| pass.backward(layer, image, 1, piece));
                        }
                    }
                }
            });
        });
    }
    add_lanes(network, scratch, lanes);
    sums.iter().fold(Loss::default(), |sum, (error, kl)| Loss {
        reconstruction: sum.reconstruction + error,
        kl: sum.kl + kl,
    })
}

/// Adds up the lanes, in their order, into the first.
fn add_lanes<T: Real>(network: &Network<T>, scratch: &mut Scratch<T>, lanes: usize) {
    let isa = network.isa;
    let (first, others) = scratch.lanes[..lanes].split_at_mut(1);
    let first = first[0].get_mut().unwrap_or_else(PoisonError::into_inner);
    let others: Vec<&Vec<LayerGradient<T>>> = others
        .iter_mut()
        .map(|lane| &*lane.get_mut().unwrap_or_else(PoisonError::into_inner))
        .collect();
    first
        .par_iter_mut()
        .enumerate()
        .with_max_len(1)
        .for_each(|(layer, to)| {
            for other in &others {
                let LayerGradient { weights, bias } = &other[layer];
                isa.run_loop(Add {
                    to: &mut to.weights,
                    what: weights,
                });
                isa.run_loop(Add {
                    to: &mut to.bias,
                    what: bias,
                });
            }
        });
}

/// L_r of one image, the sum of squared errors, and its gradient with respect to the reconstruction
/// before its sigmoid, times `share`, where the last layer's backward map reads it.
///
/// # Safety
/// No other member may use this image's last stations meanwhile.
unsafe fn loss_gradient<T: Real>(
    network: &Network<T>,
    pass: &Pass<'_, T>,
    image: usize,
    x: &[T],
    share: T,
) -> f64 {
    let (side, channels) = (network.config.size_px, network.config.channels);
    // SAFETY: the caller's promise.
    let r = unsafe { pass.values(RECONSTRUCTION, image) };
    let grid = pass.gradient_at(RECONSTRUCTION, image);
    let two = T::ONE + T::ONE;
    let mut error = 0.0;
    for (row, (x, r)) in x.chunks_exact(side).zip(r.chunks_exact(side)).enumerate() {
        let (channel, y) = (row / side, row % side);
        let start = ((y + 1) * (side + 2) + 1) * channels + channel;
        let mut sum = T::ZERO;
        for (column, (x, r)) in x.iter().zip(r).enumerate() {
            let residual = *r - *x;
            sum += residual * residual;
            let value = two * residual * *r * (T::ONE - *r) * share;
            // SAFETY: inside the grid of the picture.
            unsafe { grid.add(start + column * channels).write(value) };
        }
        error += sum.to_f64();
    }
    error
}

/// As [`loss_gradient`], with the sum of `1 - SSIM`.
///
/// # Safety
/// As [`loss_gradient`].
unsafe fn structure_gradient<T: Real>(
    network: &Network<T>,
    pass: &Pass<'_, T>,
    image: usize,
    x: &[T],
    share: T,
) -> f64 {
    let plane = network.config.size_px.pow(2);
    // SAFETY: the caller's promise.
    let r = unsafe { pass.values(RECONSTRUCTION, image) };
    T::with_scratch(x.len(), |back| {
        let error = pass.with_ssim(|ssim| ssim.gradient(x, r, None, back));
        let planes = r.chunks_exact(plane).zip(back.chunks_exact(plane));
        for (channel, (r, back)) in planes.enumerate() {
            // SAFETY: the caller's promise.
            unsafe { write_back(network, pass, image, channel, r, back, share) };
        }
        error.to_f64()
    })
}

/// Adds one image's share to the gradient of a convolution of the chain.
///
/// # Safety
/// No other member may write what the layer reads, or the gradient of what it writes.
unsafe fn add_gradient<T: Real>(
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
unsafe fn add_dense<T: Real>(
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
unsafe fn add_channels<T: Real>(
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
