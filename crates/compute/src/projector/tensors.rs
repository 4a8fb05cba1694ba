//! The projection on tensors, on any device.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use burn::tensor::{Tensor, TensorData, Transaction};

use super::features::{FeatureDistance, enlarged, needed};
use super::{LENGTHEN, Masks, Observation, Pair, SHORTEN, stop_rule};
use crate::energy::{Energy, EnergyAt, per_image, sum_per_image};
use crate::network::Vae;
use crate::tensors::{
    ComputeError, host_values, pictures_from_values, tensor_from_pictures, values_from_data,
};
use kizumi_image::picture::Picture;
use kizumi_method::config::ProjectionConfig;
use kizumi_method::energy_terms::Terms;
use kizumi_method::iterate::{Iterate, IterateScalars, StopRule};

/// Scalars of one image that are read back: see [`Projection::observe`].
const SCALARS: usize = 10;

/// The projection of a batch of images.
pub struct Projection {
    network: Vae,
    energy: Energy,
    /// 1 where a pixel may move, `[n, 1, height, width]`; all may if `None`.
    moving: Option<Tensor<4>>,
    pub(super) config: ProjectionConfig,
    stop_threshold: f32,
    pub(super) t: usize,
    x: Tensor<4>,
    /// The energy at x; its gradient includes that of the features.
    at: EnergyAt,
    features: Option<Features>,
    /// The host could not be given an x, or the device what the host made of it.
    failure: Option<String>,
    first_reconstruction: Tensor<4>,
    /// Step size of each image, `[n, 1, 1, 1]`.
    alpha: Tensor<4>,
    /// What they were at first, and may be again.
    longest: Tensor<4>,
    /// 1 while an image still moves, `[n, 1, 1, 1]`.
    active: Tensor<4>,
    /// 1 while every value of an image has been finite, `[n, 1, 1, 1]`.
    finite: Tensor<4>,
    largest_change: Tensor<4>,
    /// Steps that each image took before it stopped, `[n, 1, 1, 1]`.
    taken: Tensor<4>,
}

/// The features' part of the energy, which the host computes.
struct Features {
    distance: Arc<dyn FeatureDistance>,
    /// Where patches count.
    counted: Option<Vec<Picture>>,
    /// As last taken.
    at: FeaturesAt,
}

/// D at the x of each image.
#[derive(Clone)]
struct FeaturesAt {
    /// D, `[n, 1, 1, 1]`.
    distance: Tensor<4>,
    /// Its gradient with respect to x.
    gradient: Tensor<4>,
    /// The root of each patch's part of D, `[n, 1, rows, columns]`.
    patches: Tensor<4>,
}

impl Projection {
    /// See [`super::Projection::with_pairs`].
    pub fn new(
        network: &Vae,
        originals: &[Picture],
        masks: &Masks,
        pairs: &[Pair],
        config: ProjectionConfig,
        stop_threshold: f32,
    ) -> Result<Self, ComputeError> {
        let device = network.device();
        let original = tensor_from_pictures(originals, &device)?;
        let mask = |masks: Option<&[Picture]>| {
            let mask = masks.map(|masks| tensor_from_pictures(masks, &device));
            mask.transpose()
        };
        let counted = mask(masks.counted.as_deref())?;
        let moving = match masks.steps() {
            Some(steps) => mask(Some(&steps))?,
            None => counted.clone(),
        };
        let column = |of: fn(&Pair) -> f32| -> Tensor<4> {
            let values: Vec<f32> = pairs.iter().map(of).collect();
            let data = TensorData::new(values, [pairs.len(), 1, 1, 1]);
            Tensor::from_data(data, &original.device())
        };
        let energy = Energy {
            original: original.clone(),
            counted,
            lambda: column(|pair| pair.lambda),
            terms: Terms::from(&config),
        };
        let mut at = energy.at(network, original.clone());
        let features = match needed(&config, network.feature_distance())? {
            Some(distance) => {
                let counted = masks.counted.clone();
                let of = take(distance.as_ref(), counted.as_deref(), original.clone())?;
                at.gradient = at.gradient + of.gradient.clone() * config.omega;
                Some(Features {
                    distance,
                    counted,
                    at: of,
                })
            }
            None => None,
        };
        let zero = per_image(0.0, &original);
        let total = match &features {
            Some(features) => {
                at.energy(&energy.lambda) + features.at.distance.clone() * config.omega
            }
            None => at.energy(&energy.lambda),
        };
        let finite = is_finite(total);
        Ok(Self {
            network: network.clone(),
            config,
            stop_threshold,
            t: 0,
            first_reconstruction: at.reconstruction.clone(),
            alpha: column(|pair| pair.alpha),
            longest: column(|pair| pair.alpha),
            active: finite.clone(),
            finite,
            energy,
            features,
            failure: None,
            moving,
            largest_change: zero.clone(),
            taken: zero,
            x: original,
            at,
        })
    }

    /// E, `[n, 1, 1, 1]`.
    fn energy_of(&self, at: &EnergyAt, features: Option<&FeaturesAt>) -> Tensor<4> {
        let energy = at.energy(&self.energy.lambda);
        match features {
            Some(features) => energy + features.distance.clone() * self.config.omega,
            None => energy,
        }
    }

    /// D at the end of the next step: taken there, or that of its beginning.
    fn features_at(&self, candidate: &Tensor<4>) -> Result<Option<FeaturesAt>, ComputeError> {
        let Some(features) = &self.features else {
            return Ok(None);
        };
        if !self.config.takes_features_at(self.t + 1) {
            return Ok(Some(features.at.clone()));
        }
        let counted = features.counted.as_deref();
        take(features.distance.as_ref(), counted, candidate.clone()).map(Some)
    }

    /// See [`super::Projection::step`].
    pub fn step(&mut self) {
        let gate = match self.config.step.gate.of_residual() {
            true => (self.x.clone() - self.at.reconstruction.clone()).square(),
            false => self.x.ones_like(),
        };
        let update = self.at.gradient.clone() * gate;
        let update = match &self.moving {
            Some(moving) => update * moving.clone(),
            None => update,
        };
        let step = update * (self.alpha.clone() * self.active.clone());
        let step = match self.config.longest_step() {
            Some(longest) => step.clamp(-longest, longest),
            None => step,
        };
        let candidate = (self.x.clone() - step).clamp(0.0, 1.0);
        let mut next = self.energy.at(&self.network, candidate.clone());
        let next_features = match self.features_at(&candidate) {
            Ok(features) => features,
            Err(error) => {
                self.failure = Some(error.to_string());
                self.t += 1;
                return;
            }
        };
        if let Some(features) = &next_features {
            next.gradient = next.gradient + features.gradient.clone() * self.config.omega;
        }

        let now = self.features.as_ref().map(|features| &features.at);
        let before = self.energy_of(&self.at, now);
        let after = self.energy_of(&next, next_features.as_ref());
        let finite = is_finite(after.clone());
        let mut accepted = finite.clone();
        if self.config.back_off {
            let lower = after.lower_equal(before).float();
            let factor = lower.clone() * (LENGTHEN - SHORTEN) + SHORTEN;
            self.alpha = (self.alpha.clone() * factor).min_pair(self.longest.clone());
            accepted = accepted * lower;
        }
        let rejected = accepted.equal_elem(0.0);
        let change = largest_per_image((candidate.clone() - self.x.clone()).abs());
        // An image that has stopped keeps the numbers of its last step.
        self.largest_change = choose(
            &self.active.clone().equal_elem(0.0),
            &self.largest_change,
            change.mask_fill(rejected.clone(), 0.0),
        );
        self.taken = self.taken.clone() + self.active.clone();
        self.x = choose(&rejected, &self.x, candidate);
        self.at = EnergyAt {
            reconstruction: choose(&rejected, &self.at.reconstruction, next.reconstruction),
            gradient: choose(&rejected, &self.at.gradient, next.gradient),
            reconstruction_error: choose(
                &rejected,
                &self.at.reconstruction_error,
                next.reconstruction_error,
            ),
            regulariser: choose(&rejected, &self.at.regulariser, next.regulariser),
        };
        if let (Some(features), Some(next)) = (&mut self.features, next_features) {
            let at = &features.at;
            features.at = FeaturesAt {
                distance: choose(&rejected, &at.distance, next.distance),
                gradient: choose(&rejected, &at.gradient, next.gradient),
                patches: choose(&rejected, &at.patches, next.patches),
            };
        }
        self.finite = self.finite.clone() * finite;
        self.t += 1;
        self.stop_where_done();
    }

    fn stop_where_done(&mut self) {
        self.active = self.active.clone() * self.finite.clone();
        if self.config.stop_early {
            let above = self
                .at
                .reconstruction_error
                .clone()
                .greater_equal_elem(self.stop_threshold);
            self.active = self.active.clone() * above.float();
        }
    }

    /// See [`super::Projection::observe`].
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn observe(&self) -> Result<Observation, ComputeError> {
        self.healthy()?;
        let values = self.fetch().try_execute().map_err(failed)?;
        self.observation(values, self.is_capped())
    }

    /// See [`super::Projection::observe_ahead`].
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn observe_ahead(&mut self) -> Result<Observation, ComputeError> {
        if self.is_capped() {
            return self.observe();
        }
        self.healthy()?;
        let mut values = pin!(self.fetch().execute_async());
        // The first look hands the request to the device; what is asked of it next comes after.
        let first = values
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        self.step();
        let values = match first {
            Poll::Ready(values) => values,
            Poll::Pending => pollster::block_on(values),
        };
        self.observation(values.map_err(failed)?, false)
    }

    /// Asks for the current iterates.
    fn fetch(&self) -> Transaction {
        let shift = sum_per_image(
            (self.at.reconstruction.clone() - self.first_reconstruction.clone()).square(),
        );
        let features = self.features.as_ref().map(|features| &features.at);
        let distance = features.map(|features| features.distance.clone());
        let scalars: Tensor<4> = Tensor::cat(
            vec![
                self.energy_of(&self.at, features),
                self.at.reconstruction_error.clone(),
                self.at.regulariser.clone(),
                shift.sqrt(),
                self.largest_change.clone(),
                self.alpha.clone(),
                self.active.clone(),
                self.finite.clone(),
                self.taken.clone(),
                distance.unwrap_or_else(|| self.taken.zeros_like()),
            ],
            1,
        );
        let wanted = Transaction::default()
            .register(scalars)
            .register(self.x.clone())
            .register(self.at.reconstruction.clone())
            .register(self.at.gradient.clone());
        match features {
            Some(features) => wanted.register(features.patches.clone()),
            None => wanted,
        }
    }

    /// # Errors
    /// [`ComputeError::Device`] when a step could not be taken.
    fn healthy(&self) -> Result<(), ComputeError> {
        let failure = self.failure.clone();
        failure.map_or(Ok(()), |reason| Err(ComputeError::Device(reason)))
    }

    /// What was asked for by [`Self::fetch`], and whether it is that of the last iteration.
    fn observation(
        &self,
        values: Vec<TensorData>,
        capped: bool,
    ) -> Result<Observation, ComputeError> {
        let shape = self.x.dims();
        let mut values = values.into_iter().map(values_from_data);
        let mut next = || {
            values
                .next()
                .unwrap_or_else(|| Err(ComputeError::Device("a read-back is missing".into())))
        };
        let (scalars, x, reconstruction, gradient) = (next()?, next()?, next()?, next()?);

        let distances: Vec<Option<Picture>> = match &self.features {
            Some(features) => pictures_from_values(&next()?, features.at.patches.dims())
                .iter()
                .map(|patches| Some(enlarged(patches, shape[2], shape[3])))
                .collect(),
            None => vec![None; shape[0]],
        };

        let rows = scalars.chunks_exact(SCALARS);
        let pictures = pictures_from_values(&x, shape)
            .into_iter()
            .zip(pictures_from_values(&reconstruction, shape))
            .zip(pictures_from_values(&gradient, shape))
            .zip(distances);
        let (mut iterates, mut stopped) = (Vec::new(), Vec::new());
        for (row, (((iterate, reconstruction), gradient), distance)) in rows.zip(pictures) {
            iterates.push(Iterate {
                scalars: IterateScalars {
                    t: row[8] as usize,
                    energy: row[0],
                    reconstruction_error: row[1],
                    regulariser: row[2],
                    reconstruction_shift: row[3],
                    largest_change: row[4],
                    alpha: row[5],
                    feature_distance: row[9],
                },
                iterate,
                reconstruction,
                gradient,
                distance,
            });
            stopped.push(stop_rule(row[6] > 0.0, row[7] > 0.0, capped));
        }
        Ok(Observation { iterates, stopped })
    }

    /// See [`super::Projection::stopped`].
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn stopped(&self) -> Result<Vec<Option<StopRule>>, ComputeError> {
        self.healthy()?;
        let flags = Tensor::cat(vec![self.active.clone(), self.finite.clone()], 1);
        let flags = host_values(flags)?;
        let (rows, _) = flags.as_chunks::<2>();
        let rules = rows
            .iter()
            .map(|[active, finite]| stop_rule(*active > 0.0, *finite > 0.0, self.is_capped()));
        Ok(rules.collect())
    }

    fn is_capped(&self) -> bool {
        self.t >= self.config.iterations
    }
}

/// D at `x`, by way of the host.
///
/// # Errors
/// [`ComputeError::Device`] when the device cannot deliver.
fn take(
    features: &dyn FeatureDistance,
    counted: Option<&[Picture]>,
    x: Tensor<4>,
) -> Result<FeaturesAt, ComputeError> {
    let (shape, device) = (x.dims(), x.device());
    let pictures = pictures_from_values(&host_values(x)?, shape);
    let counted = |image: usize| counted.map(|masks| &masks[image]);
    let images = pictures.iter().enumerate();
    let at: Vec<_> = images
        .map(|(image, x)| features.at(x, counted(image)))
        .collect();
    let grid = at
        .first()
        .map_or((1, 1), |at| (at.patches.height, at.patches.width));
    // What is not finite is found in the energy.
    let tensor = |of: fn(&super::FeaturesAt) -> &[f32], shape| {
        let values: Vec<f32> = at.iter().flat_map(of).copied().collect();
        Tensor::from_data(TensorData::new(values, shape), &device)
    };
    let images = shape[0];
    Ok(FeaturesAt {
        distance: tensor(|at| std::slice::from_ref(&at.distance), [images, 1, 1, 1]),
        gradient: tensor(|at| &at.gradient.pixels, shape),
        patches: tensor(|at| &at.patches.pixels, [images, 1, grid.0, grid.1]),
    })
}

fn failed(error: impl ToString) -> ComputeError {
    ComputeError::Device(error.to_string())
}

/// 1 where a value is finite, else 0; `[n, 1, 1, 1]`.
fn is_finite(values: Tensor<4>) -> Tensor<4> {
    values.is_finite().float()
}

/// The largest value of each image, `[n, 1, 1, 1]`.
fn largest_per_image(values: Tensor<4>) -> Tensor<4> {
    let images = values.dims()[0] as i32;
    values
        .reshape([images, -1])
        .max_dim(1)
        .reshape([images, 1, 1, 1])
}

/// `old` where `rejected` (`[n, 1, 1, 1]`), else `new`.
fn choose(rejected: &Tensor<4, burn::tensor::Bool>, old: &Tensor<4>, new: Tensor<4>) -> Tensor<4> {
    let mask = rejected.clone().expand(new.dims());
    new.mask_where(mask, old.clone())
}
