//! Adam (D. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015) on packed weights.

use rayon::prelude::*;

use super::isa::Loop;
use super::network::Network;
use super::real::Real;
use super::training::{LayerGradient, Scratch};

/// Adam's running means of gradients and their squares, layer by layer.
#[derive(Clone, Debug)]
pub struct Moments<T> {
    /// Of the gradients.
    pub first: Vec<LayerGradient<T>>,
    /// Of their squares.
    pub second: Vec<LayerGradient<T>>,
}

impl<T: Real> Moments<T> {
    /// As before the first step.
    pub fn zero(network: &Network<T>) -> Self {
        let zero = || network.layers.iter().map(LayerGradient::zero).collect();
        Self {
            first: zero(),
            second: zero(),
        }
    }
}

/// Adam's settings at one step.
#[derive(Clone, Copy, Debug)]
pub struct Adam<T> {
    /// Decay of the first moments.
    pub beta1: T,
    /// Decay of the second moments.
    pub beta2: T,
    /// Added to weights' gradients, times the weight.
    pub weight_decay: T,
    /// The learning rate times `sqrt(1 - beta2^t) / (1 - beta1^t)`.
    pub rate: T,
    /// Added to the denominator: epsilon times `sqrt(1 - beta2^t)`.
    pub epsilon: T,
    /// The most that a first moment over the root of its second may be: see `LARGEST_STEP`.
    pub largest: T,
}

/// The longest step of a parameter, in learning rates. One batch whose gradient is far out of line
/// moves a parameter by up to 16 of them with the usual decays, and a whole network that is moved so
/// hardly recovers; ordinary steps are of one at most.
const LARGEST_STEP: f64 = 3.0;

impl<T: Real> Adam<T> {
    /// The settings of step `time`, counted from 1.
    pub fn at(
        time: u64,
        learning_rate: f64,
        beta1: f32,
        beta2: f32,
        weight_decay: f32,
        epsilon: f64,
    ) -> Self {
        let power = |beta: f32| f64::from(beta).powf(time as f64);
        let correction = (1.0 - power(beta2)).sqrt();
        let unit = correction / (1.0 - power(beta1));
        Self {
            beta1: T::from_f64(beta1.into()),
            beta2: T::from_f64(beta2.into()),
            weight_decay: T::from_f64(weight_decay.into()),
            rate: T::from_f64(learning_rate * unit),
            largest: T::from_f64(LARGEST_STEP / unit),
            epsilon: T::from_f64(epsilon * correction),
        }
    }

    /// Moves all parameters by the gradients in `scratch`.
    pub fn step(
        self,
        network: &mut Network<T>,
        moments: &mut Moments<T>,
        scratch: &mut Scratch<T>,
    ) {
        let isa = network.isa;
        let moments = moments.first.par_iter_mut().zip(&mut moments.second);
        network
            .layers
            .par_iter_mut()
            .zip(moments)
            .zip(scratch.gradients())
            .with_max_len(1)
            .for_each(|((layer, (first, second)), gradient)| {
                isa.run_loop(Update {
                    adam: self,
                    values: &mut layer.leading_mut().weights,
                    gradient: &gradient.weights,
                    first: &mut first.weights,
                    second: &mut second.weights,
                });
                layer.follow(isa);
                let mut bias = layer.bias().to_vec();
                isa.run_loop(Update {
                    adam: self,
                    values: &mut bias,
                    gradient: &gradient.bias,
                    first: &mut first.bias,
                    second: &mut second.bias,
                });
                layer.set_bias(&bias);
            });
    }
}

struct Update<'a, T> {
    adam: Adam<T>,
    values: &'a mut [T],
    gradient: &'a [T],
    first: &'a mut [T],
    second: &'a mut [T],
}

impl<T: Real> Loop for Update<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Adam {
            beta1,
            beta2,
            weight_decay,
            rate,
            epsilon,
            largest,
        } = self.adam;
        let (rest1, rest2) = (T::ONE - beta1, T::ONE - beta2);
        let moments = self.first.iter_mut().zip(self.second);
        for ((value, gradient), (first, second)) in
            self.values.iter_mut().zip(self.gradient).zip(moments)
        {
            let gradient = *gradient + *value * weight_decay;
            *first = *first * beta1 + gradient * rest1;
            *second = *second * beta2 + gradient * gradient * rest2;
            let step = *first / (second.sqrt() + epsilon);
            let step = if step > largest { largest } else { step };
            let step = if step < -largest { -largest } else { step };
            *value = *value - rate * step;
        }
    }
}
