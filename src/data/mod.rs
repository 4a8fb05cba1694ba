//! Images, settings, measurements: everything that needs neither tensors nor a window.

pub mod calibration;
pub mod catalog;
pub mod config;
pub mod iterate;
pub mod picture;
pub mod sample;
