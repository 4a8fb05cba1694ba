//! The network, its training, the projection. Synchronous steppers: a [`trainer::Trainer`] or
//! [`projector::Projection`] advances by `step()`, which reads nothing back, and is looked at by
//! `observe()`. Pausing is not calling, cancelling is dropping, so there are no threads, channels,
//! callbacks or clocks in here. On the processor [`kizumi_kernel`] computes, whose kernels share one
//! call's work with Rayon's threads; on a graphics card, and as the reference, tensors do.

pub mod artifact;
pub mod blending;
pub mod calibration_run;
pub mod calibrator;
pub mod device;
pub mod device_info;
pub mod distance;
mod drivers_words;
pub mod energy;
pub mod feature_distance;
pub mod feature_tensors;
pub mod held_out;
pub mod inspector;
pub mod matrix_product;
pub mod memories;
pub mod model_normals;
pub mod network;
pub mod normals;
pub mod objective;
mod place_trial;
pub mod projector;
pub mod recalibration;
pub mod refusal;
pub mod rounds;
pub mod ssim;
pub mod suspect_search;
pub mod suspects;
pub mod tensors;
pub mod tiling;
pub mod trainer;
pub mod training;
pub mod tuning;

pub use kizumi_features::peers;
pub use kizumi_kernel::features;
