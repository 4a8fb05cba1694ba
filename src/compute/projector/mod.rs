//! The projection onto the manifold of normal images: gradient descent on the energy in pixel
//! space (method: "Formulas").
//!
//! Each iterate comes with its own f(x_t), energy and gradient: the evaluation that a step ends
//! with is the one the next step starts from. Nothing is read back until [`Projection::observe`].
//! On the processor [`host`] computes, on a graphics card, and as the reference, [`tensors`].

pub mod host;
pub mod tensors;

use burn::tensor::Tensor;

use super::network::Vae;
use super::tensors::{ComputeError, host_values};
use crate::data::config::ProjectionConfig;
use crate::data::iterate::{Iterate, StopRule};

/// What may differ from image to image of one batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Step size.
    pub alpha: f32,
    /// Weight of the regulariser.
    pub lambda: f32,
}

impl From<&ProjectionConfig> for Pair {
    fn from(config: &ProjectionConfig) -> Self {
        let ProjectionConfig { alpha, lambda, .. } = *config;
        Self { alpha, lambda }
    }
}

/// Which pixels take part, each `[n, 1, size, size]` of 0 and 1; all do where there is no mask.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    /// 1 where a pixel counts, 0 where it is ignored: ignored pixels neither move nor enter the
    /// energy.
    pub counted: Option<Tensor<4>>,
    /// 1 where a pixel may move, 0 where it stays what it is and only enters the energy.
    pub moving: Option<Tensor<4>>,
}

impl Masks {
    /// Some pixels are ignored, all others move.
    pub fn counting(counted: Tensor<4>) -> Self {
        Self {
            counted: Some(counted),
            moving: None,
        }
    }

    /// 1 where a pixel counts and may move.
    fn steps(&self) -> Option<Tensor<4>> {
        match (&self.counted, &self.moving) {
            (Some(counted), Some(moving)) => Some(counted.clone() * moving.clone()),
            (one, other) => one.as_ref().or(other.as_ref()).cloned(),
        }
    }
}

/// By how much back-off shortens a step that raised the energy, and by how much it lengthens it again
/// after one that did not, up to what it was at first.
const SHORTEN: f32 = 0.5;
const LENGTHEN: f32 = 1.25;

/// One iterate of every image, on the host.
pub struct Observation {
    /// The iterates in the order of the batch.
    pub iterates: Vec<Iterate>,
    /// Why each image no longer moves, if it does not.
    pub stopped: Vec<Option<StopRule>>,
}

/// The projection of a batch of images.
pub struct Projection(Path);

enum Path {
    Host(host::Projection),
    Tensors(Box<tensors::Projection>),
}

impl Projection {
    /// Starts at x_0 = `original`, `[n, channels, size, size]` on the plain device of `network`.
    ///
    /// `stop_threshold` is the smallest L_r of the training images; an image below it stops when
    /// `config.stop_early` is set.
    pub fn new(
        network: &Vae,
        original: Tensor<4>,
        masks: Masks,
        config: ProjectionConfig,
        stop_threshold: f32,
    ) -> Self {
        let pairs = vec![Pair::from(&config); original.dims()[0]];
        Self::with_pairs(network, original, masks, &pairs, config, stop_threshold)
    }

    /// As [`Projection::new`], with a step size and a weight for each image; those of `config` are
    /// not used.
    ///
    /// # Panics
    /// If there is not one pair an image.
    pub fn with_pairs(
        network: &Vae,
        original: Tensor<4>,
        masks: Masks,
        pairs: &[Pair],
        config: ProjectionConfig,
        stop_threshold: f32,
    ) -> Self {
        assert_eq!(pairs.len(), original.dims()[0], "one pair an image");
        let on_host = |packed| {
            let values = |mask: Option<Tensor<4>>| mask.map(host_values).transpose();
            let moving = masks.moving.is_some().then(|| masks.steps()).flatten();
            let (counted, moving) = (values(masks.counted.clone())?, values(moving)?);
            let original = host_values(original.clone())?;
            Ok::<_, ComputeError>(host::Projection::new(
                packed,
                &original,
                [counted.as_deref(), moving.as_deref()],
                pairs,
                config,
                stop_threshold,
            ))
        };
        match network.packed().map(on_host) {
            Some(Ok(projection)) => Self(Path::Host(projection)),
            _ => Self::on_tensors(network, original, masks, pairs, config, stop_threshold),
        }
    }

    /// As [`Projection::with_pairs`], on tensors wherever they are: the reference.
    pub fn on_tensors(
        network: &Vae,
        original: Tensor<4>,
        masks: Masks,
        pairs: &[Pair],
        config: ProjectionConfig,
        stop_threshold: f32,
    ) -> Self {
        let projection =
            tensors::Projection::new(network, original, masks, pairs, config, stop_threshold);
        Self(Path::Tensors(Box::new(projection)))
    }

    /// Iterations done.
    pub fn t(&self) -> usize {
        match &self.0 {
            Path::Host(projection) => projection.t,
            Path::Tensors(projection) => projection.t,
        }
    }

    /// The parameters in force.
    pub fn config(&self) -> &ProjectionConfig {
        match &self.0 {
            Path::Host(projection) => &projection.config,
            Path::Tensors(projection) => &projection.config,
        }
    }

    /// Whether the iteration cap is reached.
    pub fn is_capped(&self) -> bool {
        self.t() >= self.config().iterations
    }

    /// Raises or lowers the iteration cap; going on continues from the current iterate.
    pub fn set_iterations(&mut self, iterations: usize) {
        match &mut self.0 {
            Path::Host(projection) => projection.config.iterations = iterations,
            Path::Tensors(projection) => projection.config.iterations = iterations,
        }
    }

    /// x_{t+1} = clamp(x_t - alpha * grad E (*) (x_t - f(x_t))^2, 0, 1), or the plain step.
    ///
    /// With back-off a step that raised E is taken back and alpha halved, so E never rises; steps that
    /// lower it let alpha grow again, up to what it was. A step to a value that is not finite is always taken back, and the image stops.
    pub fn step(&mut self) {
        match &mut self.0 {
            Path::Host(projection) => projection.step(),
            Path::Tensors(projection) => projection.step(),
        }
    }

    /// Fetches the current iterate of every image, in one transaction.
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn observe(&self) -> Result<Observation, ComputeError> {
        match &self.0 {
            Path::Host(projection) => Ok(projection.observe()),
            Path::Tensors(projection) => projection.observe(),
        }
    }

    /// As [`Projection::observe`], for whoever wants every iterate: where a device computes on its own,
    /// the next step is under way while the values of this one travel, unless this is the last.
    /// [`Projection::t`] says whether it is.
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn observe_ahead(&mut self) -> Result<Observation, ComputeError> {
        match &mut self.0 {
            // The processor that would compute is the one that waits.
            Path::Host(projection) => Ok(projection.observe()),
            Path::Tensors(projection) => projection.observe_ahead(),
        }
    }

    /// Why each image no longer moves, if it does not: fetches two numbers an image, no pictures.
    /// Waits for the steps before it.
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn stopped(&self) -> Result<Vec<Option<StopRule>>, ComputeError> {
        match &self.0 {
            Path::Host(projection) => Ok(projection.stopped()),
            Path::Tensors(projection) => projection.stopped(),
        }
    }
}

fn stop_rule(active: bool, finite: bool, capped: bool) -> Option<StopRule> {
    match (finite, active) {
        (false, _) => Some(StopRule::NotFinite),
        (true, false) => Some(StopRule::Threshold),
        (true, true) => capped.then_some(StopRule::Iterations),
    }
}
