//! Images, settings, measurements: everything that needs neither tensors nor a window.

pub mod anomaly_map;
pub mod append;
pub mod atomic;
pub mod calibration;
pub mod catalog;
pub mod colormap;
pub mod compact;
pub mod complete;
pub mod config;
pub mod decode;
pub mod device_info;
pub mod export;
pub mod file_error;
pub mod iterate;
pub mod mask;
pub mod metrics;
pub mod picture;
pub mod placement;
pub mod prepare;
pub mod recording;
pub mod resize;
pub mod results;
pub mod rgb8;
pub mod sample;
pub mod settings;
pub mod smooth;
