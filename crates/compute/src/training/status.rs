//! How a training is going, in numbers.

use serde::{Deserialize, Serialize};

/// The state of a training at a moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrainingStatus {
    /// Optimiser steps done.
    pub step: u64,
    /// Training images seen.
    pub images: u64,
    /// Images at which it ends by itself, when there is such a limit.
    pub images_limit: Option<u64>,
    /// Mean L_r an image in the latest steps; `None` before the first.
    pub reconstruction: Option<f32>,
    /// Mean KL divergence an image in the latest steps; `None` before the first.
    pub kl: Option<f32>,
    /// Mean L_r of the validation images, when it was measured since the last status.
    pub validation: Option<f32>,
    /// Seconds spent training, pauses not counted.
    pub elapsed_secs: f64,
    /// Seconds left, when there is a limit.
    pub eta_secs: Option<f64>,
    /// Throughput.
    pub images_per_sec: f64,
    /// Share of the time, `0.0..=1.0`, that training waited for its images.
    pub waited_share: f64,
}
