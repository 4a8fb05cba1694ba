//! Kizumi learns what *normal* looks like from normal images alone, then walks a test image
//! downhill on an energy until it looks normal: what moved is the defect. The method is
//! D. Dehaene, O. Frigo, S. Combrexelle, P. Eline, "Iterative energy-based projection on a normal
//! data manifold for anomaly localization", ICLR 2020 (arXiv 2002.03734).
//!
//! The program: [`cli`], one file a subcommand, and [`ui`], the window; [`command_line`] says what the
//! window did as the command line would; [`tally`] and [`drift_line`] are what both have of a folder that is
//! watched; [`logging`] decides where the log goes that everybody writes. What they stand on lies in the crates below;
//! docs/architecture.md is the map of the house.
#![recursion_limit = "256"]

pub mod cli;
pub mod command_line;
pub mod drift_line;
pub mod language;
pub mod logging;
pub mod signals;
pub mod tally;
pub mod text;
pub mod ui;
