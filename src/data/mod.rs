//! Images, settings, measurements: everything that needs neither tensors nor a window.

pub mod calibration;
pub mod catalog;
pub mod compact;
pub mod complete;
pub mod config;
pub mod decode;
pub mod file_error;
pub mod iterate;
pub mod mask;
pub mod picture;
pub mod placement;
pub mod prepare;
pub mod resize;
