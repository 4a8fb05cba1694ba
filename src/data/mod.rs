//! Images, settings, measurements: everything that needs neither tensors nor a window.

pub mod anomaly_map;
pub mod atomic;
pub mod calibration;
pub mod catalog;
pub mod colormap;
pub mod config;
pub mod export;
pub mod iterate;
pub mod metrics;
pub mod picture;
pub mod recording;
pub mod rgb8;
pub mod settings;
pub mod smooth;
