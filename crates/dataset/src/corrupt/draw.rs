//! Random numbers as the corruptions need them.

use rand::{Rng, RngExt};

/// Uniform in `low..high`.
pub fn uniform(rng: &mut impl Rng, low: f32, high: f32) -> f32 {
    low + (high - low) * rng.random::<f32>()
}

/// In `low..high`, every factor as likely as any other: both are positive.
pub fn log_uniform(rng: &mut impl Rng, low: f32, high: f32) -> f32 {
    low * libm::powf(high / low, rng.random::<f32>())
}

/// One of `0..count`; 0 for an empty range.
pub fn below(rng: &mut impl Rng, count: usize) -> usize {
    ((rng.random::<f32>() * count as f32) as usize).min(count.saturating_sub(1))
}

/// True in a share of cases.
pub fn chance(rng: &mut impl Rng, share: f32) -> bool {
    rng.random::<f32>() < share
}

/// 1 or -1.
pub fn sign(rng: &mut impl Rng) -> f32 {
    if rng.random::<bool>() { 1.0 } else { -1.0 }
}

/// A direction in the plane as cosine and sine.
pub fn direction(rng: &mut impl Rng) -> (f32, f32) {
    let angle = uniform(rng, 0.0, std::f32::consts::TAU);
    (libm::cosf(angle), libm::sinf(angle))
}

/// The extent of a defect in pixels: from two pixels to half the picture's side, small ones as
/// likely as large ones by factors, since small defects are the ones that are hard to see.
pub fn extent(rng: &mut impl Rng, side: usize) -> f32 {
    let largest = side as f32 / 2.0;
    log_uniform(rng, largest.min(2.0), largest)
}

/// The contrast of a defect: from barely visible to full.
pub fn contrast(rng: &mut impl Rng) -> f32 {
    log_uniform(rng, 0.03, 1.0)
}
