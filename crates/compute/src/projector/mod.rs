//! The projection onto the manifold of normal images: gradient descent on the energy in pixel
//! space (method: "Formulas").
//!
//! Each iterate comes with its own f(x_t), energy and gradient: the evaluation that a step ends
//! with is the one the next step starts from. Nothing is read back until [`Projection::observe`].
//! On the processor [`host`] computes, on a graphics card, and as the reference, [`tensors`].

mod features;
pub mod host;
pub mod tensors;

pub use features::{FeatureDistance, FeaturesAt, own_gates};

use super::network::Vae;
use super::tensors::{ComputeError, batch_shape};
use kizumi_image::picture::Picture;
use kizumi_method::config::ProjectionConfig;
use kizumi_method::iterate::{Iterate, StopRule};

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

/// Which pixels take part, and how much: one channel for each picture; all do, wholly, where there are no
/// masks.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    /// 1 where a pixel counts, 0 where it is ignored: ignored pixels neither move nor enter the
    /// energy.
    pub counted: Option<Vec<Picture>>,
    /// 1 where a pixel may move, 0 where it stays what it is and only enters the energy.
    pub moving: Option<Vec<Picture>>,
    /// How much of its step a pixel takes, `0.0..=1.0`, where the step's gate is of features; without it
    /// what the network's own feature distance says of x_0.
    pub gate: Option<Vec<Picture>>,
}

impl Masks {
    /// Some pixels are ignored, all others move.
    pub fn counting(counted: Vec<Picture>) -> Self {
        Self {
            counted: Some(counted),
            ..Self::default()
        }
    }

    /// How much of its step a pixel takes, if that differs among those that count.
    fn steps(&self) -> Option<Vec<Picture>> {
        let mut kinds = [&self.moving, &self.gate].into_iter().flatten();
        let mut steps = kinds.next()?.clone();
        for masks in kinds.chain(&self.counted) {
            for (steps, mask) in steps.iter_mut().zip(masks) {
                for (step, share) in steps.pixels.iter_mut().zip(&mask.pixels) {
                    *step *= share;
                }
            }
        }
        Some(steps)
    }

    /// # Errors
    /// [`ComputeError::Input`] unless each of the pictures, `[n, channels, height, width]`, has a mask
    /// of its size.
    fn validate(&self, shape: [usize; 4]) -> Result<(), ComputeError> {
        let [images, _, height, width] = shape;
        let all = [&self.counted, &self.moving, &self.gate];
        for masks in all.into_iter().flatten() {
            if batch_shape(masks)? != [images, 1, height, width] {
                let text = "a mask does not fit its picture";
                return Err(ComputeError::Input(text.into()));
            }
        }
        Ok(())
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
    /// Starts at the pictures x_0, each of the network's shape.
    ///
    /// `stop_threshold` is the smallest L_r of the training images; an image below it stops when
    /// `config.stop_early` is set, but never before its first step: x_0 itself is no result, its map
    /// would be empty and its score 0 whatever it shows.
    ///
    /// # Errors
    /// [`ComputeError::Input`] when pictures or masks do not fit or are not finite, or when `config` wants
    /// features that the network or the masks have not.
    pub fn new(
        network: &Vae,
        originals: &[Picture],
        masks: Masks,
        config: ProjectionConfig,
        stop_threshold: f32,
    ) -> Result<Self, ComputeError> {
        let pairs = vec![Pair::from(&config); originals.len()];
        Self::with_pairs(network, originals, masks, &pairs, config, stop_threshold)
    }

    /// As [`Projection::new`], with a step size and a weight for each image; those of `config` are
    /// not used.
    ///
    /// # Errors
    /// As [`Projection::new`].
    ///
    /// # Panics
    /// If there is not one pair an image.
    pub fn with_pairs(
        network: &Vae,
        originals: &[Picture],
        masks: Masks,
        pairs: &[Pair],
        config: ProjectionConfig,
        stop_threshold: f32,
    ) -> Result<Self, ComputeError> {
        let Some(packed) = network.packed() else {
            return Self::on_tensors(network, originals, masks, pairs, config, stop_threshold);
        };
        let masks = checked(network, originals, masks, pairs, &config)?;
        let projection = host::Projection::new(
            packed,
            features::needed(&config, network.feature_distance())?,
            originals,
            &masks,
            pairs,
            config,
            stop_threshold,
        );
        Ok(Self(Path::Host(projection)))
    }

    /// As [`Projection::with_pairs`], on tensors wherever the network's are: the reference.
    ///
    /// # Errors
    /// As [`Projection::new`].
    pub fn on_tensors(
        network: &Vae,
        originals: &[Picture],
        masks: Masks,
        pairs: &[Pair],
        config: ProjectionConfig,
        stop_threshold: f32,
    ) -> Result<Self, ComputeError> {
        let masks = checked(network, originals, masks, pairs, &config)?;
        let projection =
            tensors::Projection::new(network, originals, &masks, pairs, config, stop_threshold)?;
        Ok(Self(Path::Tensors(Box::new(projection))))
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

    /// x_{t+1} = clamp(x_t - alpha * grad E (*) gate, 0, 1), the gate being that of the step's rule, for
    /// example (x_t - f(x_t))^2. Where features have a part in it no pixel moves by more than
    /// [`LONGEST_FEATURE_STEP`](kizumi_method::config::LONGEST_FEATURE_STEP).
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

/// The masks, with a gate if the steps have one of features and none was given.
///
/// # Errors
/// [`ComputeError::Input`] when pictures or masks do not fit or are not finite, or when nothing knows the
/// features for the gate.
///
/// # Panics
/// If there is not one pair an image.
fn checked(
    network: &Vae,
    originals: &[Picture],
    mut masks: Masks,
    pairs: &[Pair],
    config: &ProjectionConfig,
) -> Result<Masks, ComputeError> {
    assert_eq!(pairs.len(), originals.len(), "one pair an image");
    let shape = network.fitting(originals)?;
    if !config.step.gate.of_features() {
        masks.gate = None;
    } else if masks.gate.is_none() {
        masks.gate = Some(own_gates(originals, network.feature_distance())?);
    }
    masks.validate(shape)?;
    Ok(masks)
}

fn stop_rule(active: bool, finite: bool, capped: bool) -> Option<StopRule> {
    match (finite, active) {
        (false, _) => Some(StopRule::NotFinite),
        (true, false) => Some(StopRule::Threshold),
        (true, true) => capped.then_some(StopRule::Iterations),
    }
}
