//! One training step: the loss and the gradients of all weights (method: "Training").
//!
//! The images of a batch are dealt out to at most eight lanes, each of which adds up its own
//! gradient; the lanes are then added in their order. So the sums depend on the batch alone, never
//! on how many threads there are or who was quicker.

#![allow(unsafe_code)]

mod loss;
mod scratch;
mod weights;

use std::sync::PoisonError;

use rayon::prelude::*;

use super::correlate::Finish;
use super::network::{ENCODER, LAST, LATENT, LOG_VARIANCE, MEAN, Network, RECONSTRUCTION};
use super::pass::{PHASES, Pass};
use super::pixels::Add;
use super::real::Real;
use super::reconstruct::load;
use super::team;
use crate::architecture::LEAKY_SLOPE;
use kizumi_method::config::{Distance, Objective};
use loss::{loss_gradient, structure_gradient};
use scratch::lock;
pub use scratch::{LayerGradient, Scratch};
use weights::{add_channels, add_dense, add_gradient};

/// The sums of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// L_r, summed over the batch.
    pub reconstruction: f64,
    /// KL divergence without its weight, summed over the batch.
    pub kl: f64,
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
