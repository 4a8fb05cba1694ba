//! The projection on tensors, on any device.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use burn::tensor::{Tensor, TensorData, Transaction};

use super::{LENGTHEN, Masks, Observation, Pair, SHORTEN, stop_rule};
use crate::energy::{Energy, EnergyAt, per_image, sum_per_image};
use crate::network::Vae;
use crate::tensors::{
    ComputeError, host_values, pictures_from_values, tensor_from_pictures, values_from_data,
};
use kizumi_image::picture::Picture;
use kizumi_method::config::{ProjectionConfig, StepRule};
use kizumi_method::energy_terms::Terms;
use kizumi_method::iterate::{Iterate, IterateScalars, StopRule};

/// Scalars of one image that are read back: see [`Projection::observe`].
const SCALARS: usize = 9;

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
    at: EnergyAt,
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
        let at = energy.at(network, original.clone());
        let zero = per_image(0.0, &original);
        let finite = is_finite(at.energy(&energy.lambda));
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
            moving,
            largest_change: zero.clone(),
            taken: zero,
            x: original,
            at,
        })
    }

    /// See [`super::Projection::step`].
    pub fn step(&mut self) {
        let gate = match self.config.step {
            StepRule::Weighted => (self.x.clone() - self.at.reconstruction.clone()).square(),
            StepRule::Plain | StepRule::Held => self.x.ones_like(),
        };
        let update = self.at.gradient.clone() * gate;
        let update = match &self.moving {
            Some(moving) => update * moving.clone(),
            None => update,
        };
        let moved = self.x.clone() - update * (self.alpha.clone() * self.active.clone());
        let candidate = moved.clamp(0.0, 1.0);
        let next = self.energy.at(&self.network, candidate.clone());

        let lambda = &self.energy.lambda;
        let before = self.at.energy(lambda);
        let after = next.energy(lambda);
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
        let scalars: Tensor<4> = Tensor::cat(
            vec![
                self.at.energy(&self.energy.lambda),
                self.at.reconstruction_error.clone(),
                self.at.regulariser.clone(),
                shift.sqrt(),
                self.largest_change.clone(),
                self.alpha.clone(),
                self.active.clone(),
                self.finite.clone(),
                self.taken.clone(),
            ],
            1,
        );
        Transaction::default()
            .register(scalars)
            .register(self.x.clone())
            .register(self.at.reconstruction.clone())
            .register(self.at.gradient.clone())
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

        let rows = scalars.chunks_exact(SCALARS);
        let pictures = pictures_from_values(&x, shape)
            .into_iter()
            .zip(pictures_from_values(&reconstruction, shape))
            .zip(pictures_from_values(&gradient, shape));
        let (mut iterates, mut stopped) = (Vec::new(), Vec::new());
        for (row, ((iterate, reconstruction), gradient)) in rows.zip(pictures) {
            iterates.push(Iterate {
                scalars: IterateScalars {
                    t: row[8] as usize,
                    energy: row[0],
                    reconstruction_error: row[1],
                    regulariser: row[2],
                    reconstruction_shift: row[3],
                    largest_change: row[4],
                    alpha: row[5],
                },
                iterate,
                reconstruction,
                gradient,
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
