//! The product of two square matrices: what a device could do at best, to compare the network with.

use burn::tensor::{Device, Tensor};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::tensors::{ComputeError, host_values};

/// Two random matrices on a device.
pub struct MatrixProduct {
    side: usize,
    a: Tensor<2>,
    b: Tensor<2>,
}

impl MatrixProduct {
    /// Matrices of `side` x `side` values in `0.0..1.0`.
    pub fn new(side: usize, device: &Device) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let mut matrix = || {
            let values: Vec<f32> = (0..side * side).map(|_| rng.random()).collect();
            Tensor::<1>::from_data(values.as_slice(), device).reshape([side, side])
        };
        Self {
            side,
            a: matrix(),
            b: matrix(),
        }
    }

    /// Multiplies them `times` times and waits for the last product.
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device fails.
    pub fn run(&self, times: usize) -> Result<(), ComputeError> {
        let product = || self.a.clone().matmul(self.b.clone());
        let mut last = product();
        for _ in 1..times {
            last = product();
        }
        // One value is enough to wait for all of them.
        host_values(last.slice([0..1, 0..1])).map(|_| ())
    }

    /// Floating-point operations of one product.
    pub fn operations(&self) -> f64 {
        2.0 * (self.side as f64).powi(3)
    }
}
