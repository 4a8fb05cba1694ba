//! The projection's energy and its gradient (method: "Formulas").
//!
//! `E(x) = L_r(x, f(x)) + lambda * R(x - x_0)`, sums over pixels and channels.
//! The gradient goes *through* f: with squared errors `grad L_r = 2 (I - J_f)^T (x - f(x))`. The
//! regulariser's gradient is written out; only L_r needs the network.

use burn::tensor::Tensor;

use super::distance;
use super::network::Vae;
use kizumi_method::config::Regulariser;
use kizumi_method::energy_terms::Terms;

/// The energy's fixed part: the original, the pixels that count, and what is summed.
#[derive(Clone, Debug)]
pub struct Energy {
    /// x_0, `[n, channels, height, width]`.
    pub original: Tensor<4>,
    /// 1 where a pixel counts, 0 where it is ignored; `[n, 1, height, width]`.
    pub counted: Option<Tensor<4>>,
    /// Weight of the regulariser, `[n, 1, 1, 1]`.
    pub lambda: Tensor<4>,
    /// What is summed.
    pub terms: Terms,
}

/// The energy at one x; sums are `[n, 1, 1, 1]`.
#[derive(Clone, Debug)]
pub struct EnergyAt {
    /// f(x).
    pub reconstruction: Tensor<4>,
    /// Gradient of E with respect to x; zero at ignored pixels is up to the step.
    pub gradient: Tensor<4>,
    /// L_r(x).
    pub reconstruction_error: Tensor<4>,
    /// R(x - x_0) without lambda.
    pub regulariser: Tensor<4>,
}

impl Energy {
    /// Energy and gradient at `x`. The network's parameters must be on the plain device.
    pub fn at(&self, network: &Vae, x: Tensor<4>) -> EnergyAt {
        let tracked = Tensor::from_inner(x.clone()).require_grad();
        let reconstruction = match self.terms.through {
            true => network.reconstruct_on_tensors(tracked.clone()),
            false => Tensor::from_inner(network.reconstruct_on_tensors(x.clone())),
        };
        let terms = distance::terms(self.terms.distance, tracked.clone(), reconstruction.clone());
        let terms = self.count(terms);
        let mut gradients = terms.clone().sum().backward();
        let error_gradient = tracked
            .grad_remove(&mut gradients)
            .unwrap_or_else(|| x.zeros_like());

        let change = self.count(x - self.original.clone());
        let (penalty, penalty_gradient) = match self.terms.regulariser {
            Regulariser::L1 => (change.clone().abs(), change.sign()),
            Regulariser::L2 => (change.clone().square(), change.mul_scalar(2.0)),
        };
        EnergyAt {
            reconstruction: reconstruction.inner(),
            gradient: error_gradient + penalty_gradient * self.lambda.clone(),
            reconstruction_error: sum_per_image(terms.inner()),
            regulariser: sum_per_image(penalty),
        }
    }

    /// Zeroes ignored pixels.
    pub fn count(&self, values: Tensor<4>) -> Tensor<4> {
        match &self.counted {
            Some(counted) if values.is_autodiff() => values * Tensor::from_inner(counted.clone()),
            Some(counted) => values * counted.clone(),
            None => values,
        }
    }
}

impl EnergyAt {
    /// E, `[n, 1, 1, 1]`, with the weights `lambda` of the same shape.
    pub fn energy(&self, lambda: &Tensor<4>) -> Tensor<4> {
        self.reconstruction_error.clone() + self.regulariser.clone() * lambda.clone()
    }
}

/// `[n, 1, 1, 1]` of one value, for the images of `x`.
pub fn per_image(value: f32, x: &Tensor<4>) -> Tensor<4> {
    Tensor::full([x.dims()[0], 1, 1, 1], value, &x.device())
}

/// `[n, c, h, w]` to `[n, 1, 1, 1]`.
pub fn sum_per_image(values: Tensor<4>) -> Tensor<4> {
    let images = values.dims()[0];
    values
        .reshape([images as i32, -1])
        .sum_dim(1)
        .reshape([images as i32, 1, 1, 1])
}
