//! Training on tensors, on any device.

use burn::tensor::{Tensor, TensorData};

use super::{LayerState, ParameterState, averaging};
use crate::network::{Layer, Vae};
use crate::objective::{Examples, loss};
use kizumi_dataset::batches::Batch;
use kizumi_kernel::adam::Adam;
use kizumi_method::config::{NetworkConfig, TrainingConfig};

/// Adam's running moments of one layer; empty before its first step.
#[derive(Clone, Default)]
struct LayerMoments {
    weight: Option<(Tensor<4>, Tensor<4>)>,
    bias: Option<(Tensor<1>, Tensor<1>)>,
}

/// What a step changes. Tensors are immutable, so a clone is a cheap snapshot.
#[derive(Clone)]
pub struct Parameters {
    /// As the last step left it.
    network: Vae,
    /// Its running mean.
    average: Vae,
    moments: Vec<LayerMoments>,
    /// Adam's steps.
    time: u64,
}

impl Parameters {
    /// Those of `network`, the means, with the optimiser's state after `time` steps; without one it
    /// starts afresh.
    pub fn new(network: Vae, optimiser: Option<Vec<LayerState>>, time: u64) -> Self {
        let time = if optimiser.is_some() { time } else { 0 };
        let average = network.clone();
        let mut network = network;
        let mut moments = vec![LayerMoments::default(); network.layers().len()];
        let layers = network.layers_mut().iter_mut().zip(&mut moments);
        for ((layer, moments), saved) in layers.zip(optimiser.unwrap_or_default()) {
            let LayerState { weight, bias } = saved;
            moments.weight = Some((weight.first, weight.second));
            moments.bias = Some((bias.first, bias.second));
            layer.weight = weight.value;
            layer.bias = bias.value;
        }
        Self {
            network,
            average,
            moments,
            time,
        }
    }

    /// One optimiser step of size `learning_rate`; gives L_r and KL, summed over the batch.
    pub fn step(
        &mut self,
        config: &TrainingConfig,
        learning_rate: f64,
        batch: Batch,
        noise: Vec<f32>,
    ) -> (Tensor<1>, Tensor<1>) {
        let NetworkConfig {
            channels,
            size_px,
            latent,
            ..
        } = self.network.config;
        let tracking = self.network.device().autodiff();
        let images = batch.images;
        let pictures = |values: Vec<f32>| -> Tensor<4> {
            let data = TensorData::new(values, [images, channels, size_px, size_px]);
            Tensor::from_data(data, &tracking)
        };
        let targets = pictures(batch.pixels);
        let examples = Examples {
            inputs: batch.corrupted.map_or_else(|| targets.clone(), pictures),
            targets,
            noise: config.objective.is_variational().then(|| {
                Tensor::from_data(TensorData::new(noise, [images, latent, 1, 1]), &tracking)
            }),
        };
        let network = self.network.map(
            |weight| Tensor::from_inner(weight.clone()).require_grad(),
            |bias| Tensor::from_inner(bias.clone()).require_grad(),
        );
        let terms = loss(config.objective, &network, examples);
        let mut gradients = terms.total.div_scalar(images as f32).backward();

        self.time += 1;
        let adam = Adam::<f32>::at(
            self.time,
            learning_rate,
            config.adam_beta1,
            config.adam_beta2,
            config.weight_decay,
            super::EPSILON,
        );
        let layers = self.network.layers_mut().iter_mut().zip(&mut self.moments);
        for (tracked, (layer, moments)) in network.layers().iter().zip(layers) {
            if let Some(gradient) = tracked.weight.grad_remove(&mut gradients) {
                layer.weight = update(adam, &layer.weight, gradient, &mut moments.weight);
            }
            if let Some(gradient) = tracked.bias.grad_remove(&mut gradients) {
                layer.bias = update(adam, &layer.bias, gradient, &mut moments.bias);
            }
        }
        if let Some(share) = averaging(self.time) {
            let layers = self.average.layers_mut().iter_mut();
            for (mean, layer) in layers.zip(self.network.layers()) {
                mean.weight = towards(&mean.weight, &layer.weight, share as f32);
                mean.bias = towards(&mean.bias, &layer.bias, share as f32);
            }
        }
        (terms.reconstruction.inner(), terms.kl.inner())
    }

    /// The network of the means.
    pub fn network(&self) -> Vae {
        self.average.clone()
    }

    /// The optimiser's state, when every layer has one, in the order of the layers.
    pub fn optimiser(&self) -> Option<Vec<LayerState>> {
        let save = |(layer, moments): (&Layer, &LayerMoments)| {
            Some(LayerState {
                weight: state(&layer.weight, moments.weight.clone()?),
                bias: state(&layer.bias, moments.bias.clone()?),
            })
        };
        let layers = self.network.layers().iter();
        layers.zip(&self.moments).map(save).collect()
    }
}

/// Adam's step of one parameter, as [`Adam::step`] does it: gives the new value.
fn update<const D: usize>(
    adam: Adam<f32>,
    value: &Tensor<D>,
    gradient: Tensor<D>,
    moments: &mut Option<(Tensor<D>, Tensor<D>)>,
) -> Tensor<D> {
    let gradient = gradient + value.clone().mul_scalar(adam.weight_decay);
    let (first, second) = moments
        .take()
        .unwrap_or_else(|| (value.zeros_like(), value.zeros_like()));
    let first = first.mul_scalar(adam.beta1) + gradient.clone().mul_scalar(1.0 - adam.beta1);
    let second = second.mul_scalar(adam.beta2) + gradient.square().mul_scalar(1.0 - adam.beta2);
    let step = first.clone() / second.clone().sqrt().add_scalar(adam.epsilon);
    *moments = Some((first, second));
    value.clone()
        - step
            .clamp(-adam.largest, adam.largest)
            .mul_scalar(adam.rate)
}

/// A mean, moved by a share of the way to a value.
fn towards<const D: usize>(mean: &Tensor<D>, value: &Tensor<D>, share: f32) -> Tensor<D> {
    mean.clone() + (value.clone() - mean.clone()).mul_scalar(share)
}

fn state<const D: usize>(
    value: &Tensor<D>,
    (first, second): (Tensor<D>, Tensor<D>),
) -> ParameterState<D> {
    ParameterState {
        value: value.clone(),
        first,
        second,
    }
}
