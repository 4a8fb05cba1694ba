//! The reconstruction term L_r with tensors. Gradients, with respect to both pictures, are
//! autodiff's; `compute::cpu` has them written out.

use burn::tensor::Tensor;

use super::ssim::dissimilarity;
use kizumi_method::config::{CROSS_ENTROPY_EDGE, Distance};

/// Each pixel's and channel's term of L_r between `x` and its reconstruction `f`: all three are
/// `[n, channels, height, width]`, on one device; values in `0.0..=1.0`.
pub fn terms(distance: Distance, x: Tensor<4>, f: Tensor<4>) -> Tensor<4> {
    match distance {
        Distance::SquaredError => (x - f).square(),
        Distance::AbsoluteError => (x - f).abs(),
        Distance::CrossEntropy => {
            let f = f.clamp(CROSS_ENTROPY_EDGE, 1.0 - CROSS_ENTROPY_EDGE);
            let of_zero = f.clone().neg().add_scalar(1.0).log();
            x * (of_zero.clone() - f.log()) - of_zero
        }
        Distance::Dissimilarity => dissimilarity(x, f),
    }
}
