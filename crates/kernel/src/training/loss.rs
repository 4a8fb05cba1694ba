//! The loss of one image and its gradient with respect to what the network gives back.

#![allow(unsafe_code)]

use crate::compare::write_back;
use crate::network::{Network, RECONSTRUCTION};
use crate::pass::Pass;
use crate::real::Real;

/// L_r of one image, the sum of squared errors, and its gradient with respect to the reconstruction
/// before its sigmoid, times `share`, where the last layer's backward map reads it.
///
/// # Safety
/// No other member may use this image's last stations meanwhile.
pub(super) unsafe fn loss_gradient<T: Real>(
    network: &Network<T>,
    pass: &Pass<'_, T>,
    image: usize,
    x: &[T],
    share: T,
) -> f64 {
    let (side, channels) = (network.config.size_px, network.config.channels);
    // SAFETY: the caller's promise.
    let r = unsafe { pass.values(RECONSTRUCTION, image) };
    let grid = pass.gradient_at(RECONSTRUCTION, image);
    let two = T::ONE + T::ONE;
    let mut error = 0.0;
    for (row, (x, r)) in x.chunks_exact(side).zip(r.chunks_exact(side)).enumerate() {
        let (channel, y) = (row / side, row % side);
        let start = ((y + 1) * (side + 2) + 1) * channels + channel;
        let mut sum = T::ZERO;
        for (column, (x, r)) in x.iter().zip(r).enumerate() {
            let residual = *r - *x;
            sum += residual * residual;
            let value = two * residual * *r * (T::ONE - *r) * share;
            // SAFETY: inside the grid of the picture.
            unsafe { grid.add(start + column * channels).write(value) };
        }
        error += sum.to_f64();
    }
    error
}

/// As [`loss_gradient`], with the sum of `1 - SSIM`.
///
/// # Safety
/// As [`loss_gradient`].
pub(super) unsafe fn structure_gradient<T: Real>(
    network: &Network<T>,
    pass: &Pass<'_, T>,
    image: usize,
    x: &[T],
    share: T,
) -> f64 {
    let plane = network.config.size_px.pow(2);
    // SAFETY: the caller's promise.
    let r = unsafe { pass.values(RECONSTRUCTION, image) };
    T::with_scratch(x.len(), |back| {
        let error = pass.with_ssim(|ssim| ssim.gradient(x, r, None, back));
        let planes = r.chunks_exact(plane).zip(back.chunks_exact(plane));
        for (channel, (r, back)) in planes.enumerate() {
            // SAFETY: the caller's promise.
            unsafe { write_back(network, pass, image, channel, r, back, share) };
        }
        error.to_f64()
    })
}
