//! Training: Adam on the objective, one batch a step (method: "Training").
//!
//! On the processor [`host`] computes, on a graphics card, and as the reference, [`tensors`].

pub mod host;
pub mod tensors;

use burn::tensor::{Device, Tensor, Transaction};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::network::Vae;
use super::tensors::{ComputeError, values_from_data};
use kizumi_dataset::batches::Batch;
use kizumi_image::picture::Picture;
use kizumi_kernel::training::{Loss, Scratch};
use kizumi_method::config::{NetworkConfig, TrainingConfig};

/// Adam's epsilon.
const EPSILON: f64 = 1e-8;

/// Steps between two that count in the mean of the weights: neighbours hardly differ, and every one
/// would cost a pass over all weights.
const AVERAGE_EVERY: u64 = 4;

/// The share that the mean keeps from one step to the next, at most.
const LONGEST_AVERAGE: f64 = 0.998;

/// The share of the newest weights in their running mean, once they have been updated `time` times;
/// `None` where the mean is left as it is.
///
/// Averaged weights lie in the middle of where the steps wander about (Polyak and Juditsky 1992), so a
/// run that is stopped while its steps are long is as good as one whose steps have become short. At first
/// the mean covers the last tenth of all steps: the beginning is soon forgotten.
fn averaging(time: u64) -> Option<f64> {
    let kept = ((1 + time) as f64 / (10 + time) as f64).min(LONGEST_AVERAGE);
    time.is_multiple_of(AVERAGE_EVERY)
        .then(|| 1.0 - kept.powi(AVERAGE_EVERY as i32))
}

/// Everything that a step changes; a clone is a cheap snapshot.
#[derive(Clone)]
struct TrainingState {
    parameters: Parameters,
    step: u64,
    images: u64,
}

#[derive(Clone)]
enum Parameters {
    Host(host::Parameters),
    Tensors(tensors::Parameters),
}

/// Sums of L_r and KL since the last observation.
enum Pending {
    Host(Loss),
    Tensors(Box<[Tensor<1>; 2]>),
}

/// What training goes on with, of one layer, on its way from or to a file.
#[derive(Clone)]
pub struct LayerState {
    /// Of the weight.
    pub weight: ParameterState<4>,
    /// Of the bias.
    pub bias: ParameterState<1>,
}

/// What training goes on with, of one parameter.
#[derive(Clone)]
pub struct ParameterState<const D: usize> {
    /// As the last step left it; the network's is the running mean.
    pub value: Tensor<D>,
    /// Adam's first moment.
    pub first: Tensor<D>,
    /// Adam's second moment.
    pub second: Tensor<D>,
}

/// A state that a run can go back to.
#[derive(Clone)]
pub struct Mark(TrainingState);

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
    network: NetworkConfig,
    device: Device,
    scratch: Option<Scratch<f32>>,
    state: TrainingState,
    /// The state at the last observation, not yet known to be good.
    candidate: TrainingState,
    /// A state whose loss is known to be finite.
    good: TrainingState,
    /// The sums since the last observation, and the images they cover.
    pending: Option<Pending>,
    pending_images: u64,
    time_share: f64,
}

impl Trainer {
    /// A run from random weights; `config.seed` decides them.
    pub fn new(network: &NetworkConfig, config: &TrainingConfig, device: &Device) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        let network = Vae::random(network, &mut rng, device);
        Self::resume(network, None, 0, 0, config, device)
    }

    /// A run that goes on where a saved one ended: same weights, moments and position in the
    /// seeded streams. Without the optimiser's state Adam starts afresh, from the network's weights.
    pub fn resume(
        network: Vae,
        optimiser: Option<Vec<LayerState>>,
        step: u64,
        images: u64,
        config: &TrainingConfig,
        device: &Device,
    ) -> Self {
        let on_host = network
            .packed()
            .and_then(|_| host::Parameters::new(&network, optimiser.clone(), step).ok());
        let config_of_network = network.config.clone();
        let parameters = match on_host {
            Some(parameters) => Parameters::Host(parameters),
            None => Parameters::Tensors(tensors::Parameters::new(network, optimiser, step)),
        };
        Self::with(parameters, config_of_network, step, images, config, device)
    }

    /// As [`Trainer::new`], on tensors wherever they are: the reference.
    pub fn on_tensors(network: &NetworkConfig, config: &TrainingConfig, device: &Device) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        let parameters = tensors::Parameters::new(Vae::random(network, &mut rng, device), None, 0);
        let parameters = Parameters::Tensors(parameters);
        Self::with(parameters, network.clone(), 0, 0, config, device)
    }

    fn with(
        parameters: Parameters,
        network: NetworkConfig,
        step: u64,
        images: u64,
        config: &TrainingConfig,
        device: &Device,
    ) -> Self {
        let state = TrainingState {
            parameters,
            step,
            images,
        };
        Self {
            config: config.clone(),
            network,
            device: device.clone(),
            scratch: None,
            candidate: state.clone(),
            good: state.clone(),
            state,
            pending: None,
            pending_images: 0,
            time_share: 0.0,
        }
    }

    /// How the run is configured.
    pub fn config(&self) -> &TrainingConfig {
        &self.config
    }

    /// The network as it is now: its weights are the running mean of those that the steps lead to.
    pub fn network(&self) -> Vae {
        match &self.state.parameters {
            Parameters::Host(parameters) => parameters.network(&self.device),
            Parameters::Tensors(parameters) => parameters.network(),
        }
    }

    /// A place to come back to.
    pub fn mark(&self) -> Mark {
        Mark(self.state.clone())
    }

    /// Goes back to a mark of this run; what was learned since is lost.
    pub fn return_to(&mut self, mark: Mark) {
        self.state = mark.0;
        self.candidate = self.state.clone();
        self.good = self.state.clone();
        self.pending = None;
        self.pending_images = 0;
    }

    /// Goes back to the last state whose loss is known to be finite: after a step that was not done to
    /// its end.
    pub fn return_to_good(&mut self) {
        self.return_to(Mark(self.good.clone()));
    }

    /// Its shape.
    pub fn network_config(&self) -> &NetworkConfig {
        &self.network
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

    /// How much of a time limit has passed, `0.0..=1.0`: whoever drives the trainer keeps the clock,
    /// the step size follows it.
    pub fn set_time_share(&mut self, share: f64) {
        self.time_share = share;
    }

    /// How much of the run is done by the limit that is nearest, `0.0..=1.0`. Time is counted in
    /// whole hundredths: a limit that is never near must not change a digit.
    fn done(&self) -> f64 {
        let images = self.images_limit().filter(|limit| *limit > 0);
        let share = images.map_or(0.0, |limit| self.state.images as f64 / limit as f64);
        let time = (100.0 * self.time_share).floor() / 100.0;
        share.max(time).min(1.0)
    }

    /// One optimiser step on a batch of the network's shape. Reads nothing back.
    pub fn step(&mut self, batch: Batch) {
        let noise = if self.config.objective.is_variational() {
            self.noise(batch.images * self.network.latent)
        } else {
            Vec::new()
        };
        self.step_with_noise(batch, noise);
    }

    /// As [`Trainer::step`], with the latent `noise` given: `images * latent` values where the
    /// objective is variational, none else.
    pub fn step_with_noise(&mut self, batch: Batch, noise: Vec<f32>) {
        let images = batch.images;
        let rate = self.config.learning_rate_at(self.state.step, self.done());
        match &mut self.state.parameters {
            Parameters::Host(parameters) => {
                let loss = parameters.step(&self.config, rate, &mut self.scratch, &batch, &noise);
                let before = match self.pending {
                    Some(Pending::Host(before)) => before,
                    _ => Loss::default(),
                };
                self.pending = Some(Pending::Host(Loss {
                    reconstruction: before.reconstruction + loss.reconstruction,
                    kl: before.kl + loss.kl,
                }));
            }
            Parameters::Tensors(parameters) => {
                let (error, kl) = parameters.step(&self.config, rate, batch, noise);
                self.pending = Some(Pending::Tensors(Box::new(match self.pending.take() {
                    Some(Pending::Tensors(before)) => {
                        let [errors, kls] = *before;
                        [errors + error, kls + kl]
                    }
                    _ => [error, kl],
                })));
            }
        }
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
        let Some(pending) = self.pending.take() else {
            return Ok(observation);
        };
        let images = std::mem::take(&mut self.pending_images) as f64;
        let sums = sums(pending)?;
        observation.reconstruction = (sums.reconstruction / images) as f32;
        observation.kl = (sums.kl / images) as f32;
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
        self.network().reconstruct(pictures)
    }

    /// What training goes on with, after its first step, in the order of the layers.
    pub fn optimiser(&self) -> Option<Vec<LayerState>> {
        match &self.state.parameters {
            Parameters::Host(parameters) => parameters.optimiser(&self.device),
            Parameters::Tensors(parameters) => parameters.optimiser(),
        }
    }
}

fn sums(pending: Pending) -> Result<Loss, ComputeError> {
    let (errors, kls) = match pending {
        Pending::Host(loss) => return Ok(loss),
        Pending::Tensors(sums) => <(_, _)>::from(*sums),
    };
    let data = Transaction::default()
        .register(errors)
        .register(kls)
        .try_execute()
        .map_err(|error| ComputeError::Device(error.to_string()))?;
    let mut sums = Vec::new();
    for data in data {
        sums.extend(values_from_data(data)?);
    }
    match sums[..] {
        [reconstruction, kl] => Ok(Loss {
            reconstruction: reconstruction.into(),
            kl: kl.into(),
        }),
        _ => Err(ComputeError::Device("a read-back is missing".into())),
    }
}
