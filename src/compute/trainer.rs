//! Training: Adam on the objective, one batch a step (method: "Training").

use burn::optim::decay::WeightDecayConfig;
use burn::optim::{Adam, AdamConfig, AdamState, AdaptiveMomentumState, Optimizer};
use burn::tensor::{Device, Tensor, TensorData, Transaction};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::network::Vae;
use super::objective::loss;
use super::tensors::{
    ComputeError, host_values, pictures_from_values, tensor_from_pictures, values_from_data,
};
use crate::data::config::{NetworkConfig, TrainingConfig};
use crate::data::picture::Picture;

/// Adam's running moments of one layer; empty before its first step.
#[derive(Clone, Default)]
struct LayerMoments {
    weight: Option<AdamState<4>>,
    bias: Option<AdamState<1>>,
}

/// Everything that a step changes. Tensors are immutable, so a clone is a cheap snapshot.
#[derive(Clone)]
struct TrainingState {
    network: Vae,
    moments: Vec<LayerMoments>,
    step: u64,
    images: u64,
}

/// Adam's moments of one layer on their way from or to a file: `(first, second)`.
pub struct SavedMoments {
    /// Of the weight.
    pub weight: (Tensor<4>, Tensor<4>),
    /// Of the bias.
    pub bias: (Tensor<1>, Tensor<1>),
}

/// What training has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TrainObservation {
    /// Optimiser steps done.
    pub step: u64,
    /// Training images seen.
    pub images: u64,
    /// Mean L_r an image since the last observation.
    pub reconstruction: f32,
    /// Mean KL divergence an image since the last observation.
    pub kl: f32,
}

/// A training run.
pub struct Trainer {
    config: TrainingConfig,
    device: Device,
    adam: Adam,
    state: TrainingState,
    /// The state at the last observation, not yet known to be good.
    candidate: TrainingState,
    /// A state whose loss is known to be finite.
    good: TrainingState,
    /// Sums of L_r and KL on the device since the last observation, and the images they cover.
    pending: Option<(Tensor<1>, Tensor<1>)>,
    pending_images: u64,
}

impl Trainer {
    /// A run from random weights; `config.seed` decides them.
    pub fn new(network: &NetworkConfig, config: &TrainingConfig, device: &Device) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        let network = Vae::random(network, &mut rng, device);
        Self::with_state(network, Vec::new(), 0, 0, config, device)
    }

    /// A run that goes on where a saved one ended: same weights, moments and position in the
    /// seeded streams. Without `moments` Adam starts afresh.
    pub fn resume(
        network: Vae,
        moments: Option<Vec<SavedMoments>>,
        step: u64,
        images: u64,
        config: &TrainingConfig,
        device: &Device,
    ) -> Self {
        let time = step as usize;
        let moments = moments
            .unwrap_or_default()
            .into_iter()
            .map(|saved| LayerMoments {
                weight: Some(adam_state(time, saved.weight)),
                bias: Some(adam_state(time, saved.bias)),
            });
        Self::with_state(network, moments.collect(), step, images, config, device)
    }

    fn with_state(
        network: Vae,
        mut moments: Vec<LayerMoments>,
        step: u64,
        images: u64,
        config: &TrainingConfig,
        device: &Device,
    ) -> Self {
        moments.resize(network.layers.len(), LayerMoments::default());
        let state = TrainingState {
            network,
            moments,
            step,
            images,
        };
        Self {
            config: config.clone(),
            device: device.clone(),
            adam: AdamConfig::new()
                .with_beta_1(config.adam_beta1)
                .with_beta_2(config.adam_beta2)
                .with_epsilon(1e-8)
                .with_weight_decay(Some(WeightDecayConfig::new(config.weight_decay)))
                .build(),
            candidate: state.clone(),
            good: state.clone(),
            state,
            pending: None,
            pending_images: 0,
        }
    }

    /// How the run is configured.
    pub fn config(&self) -> &TrainingConfig {
        &self.config
    }

    /// The network as it is now.
    pub fn network(&self) -> &Vae {
        &self.state.network
    }

    /// Optimiser steps done: the index of the next batch.
    pub fn step_count(&self) -> u64 {
        self.state.step
    }

    /// Training images seen.
    pub fn images_seen(&self) -> u64 {
        self.state.images
    }

    /// Images at which the run ends by its own limits (time is not among them), if any.
    pub fn images_limit(&self) -> Option<u64> {
        let limit = &self.config.limit;
        let epochs = limit
            .epochs
            .map(|epochs| epochs * self.config.images_per_epoch);
        match (epochs, limit.images) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Whether a limit is reached.
    pub fn is_done(&self) -> bool {
        self.images_limit()
            .is_some_and(|limit| self.state.images >= limit)
    }

    /// One optimiser step on `pixels`, `[images, channels, size, size]`. Reads nothing back.
    pub fn step(&mut self, pixels: Vec<f32>, images: usize) {
        let noise = self.noise(images * self.state.network.config.latent);
        self.step_with_noise(pixels, images, noise);
    }

    /// As [`Trainer::step`], with the latent `noise` given: `images * latent` values.
    pub fn step_with_noise(&mut self, pixels: Vec<f32>, images: usize, noise: Vec<f32>) {
        let NetworkConfig {
            channels,
            size_px,
            latent,
            ..
        } = self.state.network.config;
        let tracking = self.device.clone().autodiff();
        let x = Tensor::from_data(
            TensorData::new(pixels, [images, channels, size_px, size_px]),
            &tracking,
        );
        let noise = Tensor::from_data(TensorData::new(noise, [images, latent, 1, 1]), &tracking);
        let network = self.state.network.map(
            |weight| Tensor::from_inner(weight.clone()).require_grad(),
            |bias| Tensor::from_inner(bias.clone()).require_grad(),
        );
        let terms = loss(self.config.objective, &network, x, noise);
        let mut gradients = terms.total.div_scalar(images as f32).backward();

        let rate = self.config.learning_rate;
        let layers = self
            .state
            .network
            .layers
            .iter_mut()
            .zip(&mut self.state.moments);
        for (tracked, (layer, moments)) in network.layers.iter().zip(layers) {
            if let Some(gradient) = tracked.weight.grad_remove(&mut gradients) {
                let state = moments.weight.take();
                (layer.weight, moments.weight) =
                    self.adam.step(rate, layer.weight.clone(), gradient, state);
            }
            if let Some(gradient) = tracked.bias.grad_remove(&mut gradients) {
                let state = moments.bias.take();
                (layer.bias, moments.bias) =
                    self.adam.step(rate, layer.bias.clone(), gradient, state);
            }
        }

        let (error, kl) = (terms.reconstruction.inner(), terms.kl.inner());
        self.pending = Some(match self.pending.take() {
            Some((errors, kls)) => (errors + error, kls + kl),
            None => (error, kl),
        });
        self.pending_images += images as u64;
        self.state.step += 1;
        self.state.images += images as u64;
    }

    /// Standard normal values that depend on seed and step alone (Box-Muller).
    fn noise(&self, count: usize) -> Vec<f32> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.config.seed ^ 0x6e6f_6973_6500_0000);
        rng.set_stream(self.state.step);
        (0..count)
            .map(|_| {
                let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
                (radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()) as f32
            })
            .collect()
    }

    /// Mean loss terms since the last observation.
    ///
    /// # Errors
    /// [`ComputeError::NotFinite`] when training diverged; the network is then the last one whose
    /// loss was finite. [`ComputeError::Device`] when the device cannot deliver.
    pub fn observe(&mut self) -> Result<TrainObservation, ComputeError> {
        let mut observation = TrainObservation {
            step: self.state.step,
            images: self.state.images,
            ..Default::default()
        };
        let Some((errors, kls)) = self.pending.take() else {
            return Ok(observation);
        };
        let images = std::mem::take(&mut self.pending_images) as f32;
        let data = Transaction::default()
            .register(errors)
            .register(kls)
            .try_execute()
            .map_err(|error| ComputeError::Device(error.to_string()))?;
        let mut sums = Vec::new();
        for data in data {
            sums.extend(values_from_data(data)?);
        }
        observation.reconstruction = sums[0] / images;
        observation.kl = sums[1] / images;
        if !(observation.reconstruction.is_finite() && observation.kl.is_finite()) {
            let diverged_at = self.state.step;
            self.state = self.good.clone();
            return Err(ComputeError::NotFinite(format!(
                "training diverged (a loss became NaN or infinite by step {diverged_at}); the \
                 weights of step {} were kept",
                self.state.step
            )));
        }
        // The loss of later steps was finite, so the weights of the observation before are good.
        self.good = std::mem::replace(&mut self.candidate, self.state.clone());
        Ok(observation)
    }

    /// f(x) of pictures.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn reconstruct(&self, pictures: &[Picture]) -> Result<Vec<Picture>, ComputeError> {
        let x = tensor_from_pictures(pictures, &self.device)?;
        let reconstruction = self.state.network.reconstruct(x);
        let shape = reconstruction.dims();
        Ok(pictures_from_values(&host_values(reconstruction)?, shape))
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
        self.state.moments.iter().map(save).collect()
    }
}

fn adam_state<const D: usize>(time: usize, moments: (Tensor<D>, Tensor<D>)) -> AdamState<D> {
    AdamState::new(AdaptiveMomentumState::new(time, moments.0, moments.1))
}
