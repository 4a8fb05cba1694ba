//! Tensors: the network, its training, the projection. Synchronous steppers without threads,
//! channels or clocks; whoever drives them decides when to stop.

pub mod artifact;
pub mod blending;
pub mod calibration_run;
pub mod calibrator;
pub mod cpu;
pub mod device;
pub mod distance;
pub mod energy;
pub mod inspector;
pub mod model_normals;
pub mod network;
pub mod normals;
pub mod objective;
pub mod projector;
pub mod recalibration;
pub mod rounds;
pub mod ssim;
pub mod tensors;
pub mod tiling;
pub mod trainer;
pub mod training_run;
pub mod tuning;
