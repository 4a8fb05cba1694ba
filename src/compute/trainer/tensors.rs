//! Training on tensors, on any device.

use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamConfig, AdamState, AdaptiveMomentumState, Optimizer};
use burn::tensor::{Tensor, TensorData};

use super::SavedMoments;
use crate::compute::network::Vae;
use crate::compute::objective::{Examples, loss};
use crate::data::batches::Batch;
use crate::data::config::{NetworkConfig, TrainingConfig};

/// Adam's running moments of one layer; empty before its first step.
#[derive(Clone, Default)]
struct LayerMoments {
    weight: Option<AdamState<4>>,
    bias: Option<AdamState<1>>,
}

/// What a step changes. Tensors are immutable, so a clone is a cheap snapshot.
#[derive(Clone)]
pub struct Parameters {
    /// The network as it is now.
    pub network: Vae,
    moments: Vec<LayerMoments>,
}

impl Parameters {
    /// Those of `network`, with Adam's moments after `time` steps; without them it starts afresh.
    pub fn new(network: Vae, moments: Option<Vec<SavedMoments>>, time: u64) -> Self {
        let time = time as usize;
        let moments = moments.unwrap_or_default().into_iter();
        let mut moments: Vec<LayerMoments> = moments
            .map(|saved| LayerMoments {
                weight: Some(adam_state(time, saved.weight)),
                bias: Some(adam_state(time, saved.bias)),
            })
            .collect();
        moments.resize(network.layers().len(), LayerMoments::default());
        Self { network, moments }
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

        let adam = AdamConfig::new()
            .with_beta_1(config.adam_beta1)
            .with_beta_2(config.adam_beta2)
            .with_epsilon(super::EPSILON as f32)
            .with_weight_decay(Some(WeightDecayConfig::new(config.weight_decay)))
            .build();
        let layers = self.network.layers_mut().iter_mut().zip(&mut self.moments);
        for (tracked, (layer, moments)) in network.layers().iter().zip(layers) {
            if let Some(gradient) = tracked.weight.grad_remove(&mut gradients) {
                let state = moments.weight.take();
                (layer.weight, moments.weight) =
                    adam.step(learning_rate, layer.weight.clone(), gradient, state);
            }
            if let Some(gradient) = tracked.bias.grad_remove(&mut gradients) {
                let state = moments.bias.take();
                (layer.bias, moments.bias) =
                    adam.step(learning_rate, layer.bias.clone(), gradient, state);
            }
        }
        (terms.reconstruction.inner(), terms.kl.inner())
    }

    /// Adam's moments, when every layer has some, in the order of the layers.
    pub fn moments(&self) -> Option<Vec<SavedMoments>> {
        fn pair<const D: usize>(state: &Option<AdamState<D>>) -> Option<(Tensor<D>, Tensor<D>)> {
            let momentum = &state.as_ref()?.momentum;
            Some((momentum.moment_1.clone(), momentum.moment_2.clone()))
        }
        let save = |moments: &LayerMoments| {
            Some(SavedMoments {
                weight: pair(&moments.weight)?,
                bias: pair(&moments.bias)?,
            })
        };
        self.moments.iter().map(save).collect()
    }
}

fn adam_state<const D: usize>(time: usize, moments: (Tensor<D>, Tensor<D>)) -> AdamState<D> {
    AdamState::new(AdaptiveMomentumState::new(time, moments.0, moments.1))
}
