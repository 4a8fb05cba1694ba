//! Images, settings, measurements: everything that needs neither tensors nor a window.

pub mod augment;
pub mod batches;
pub mod calibration;
pub mod catalog;
pub mod compact;
pub mod complete;
pub mod config;
pub mod decode;
pub mod file_error;
pub mod fingerprint;
pub mod iterate;
pub mod loader;
pub mod mask;
mod mask_files;
pub mod natural;
pub mod picture;
pub mod placement;
pub mod prefetch;
pub mod prepare;
pub mod resize;
pub mod scan;
pub mod seeded;
pub mod split;
pub mod walk;
