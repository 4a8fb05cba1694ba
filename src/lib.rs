//! Kizumi learns what *normal* looks like from normal images alone, then walks a test image
//! downhill on an energy until it looks normal: what moved is the defect. The method is
//! D. Dehaene, O. Frigo, S. Combrexelle, P. Eline, "Iterative energy-based projection on a normal
//! data manifold for anomaly localization", ICLR 2020 (arXiv 2002.03734).
//!
//! # The house
//!
//! Each floor names only the floors below it; a test searches the sources for that.
//!
//! ```text
//! main -> cli, ui     cli -> compute, data     ui -> engine, data
//!                     engine -> compute, data  compute -> data
//! ```
//!
//! * [`data`]: images, settings, measurements, files. No tensors, no window.
//! * [`compute`]: the network, its training, the projection, the model file. Synchronous steppers:
//!   a [`compute::trainer::Trainer`] or [`compute::projector::Projection`] advances by `step()`,
//!   which reads nothing back, and is looked at by `observe()`. Pausing is not calling, cancelling
//!   is dropping, so there are no threads, channels, callbacks or clocks in here. On the processor
//!   [`compute::cpu`] computes, whose kernels share one call's work with Rayon's threads; on a
//!   graphics card, and as the reference, tensors do.
//! * [`engine`]: one thread that owns every tensor, [`engine::message::Command`]s in,
//!   [`engine::message::Event`]s out.
//! * `ui`: the window. Its state changes by a pure reducer over events; panels read it and push
//!   actions; one place performs them.
//! * `cli`: one file a subcommand, over the same steppers.
//!
//! # The way of an image
//!
//! ```text
//! folder -> scan -> Catalog -> Loader -> Batches -> Trainer -> Calibrator -> model file
//! image  -> prepare -> Subject -> Inspector (tiles) -> Projection -> Iterate -> Recording -> panels
//! folder -> scan -> prepare -> Subjects -> Rounds (a few tiles at a time) -> Inspections -> results
//! maps, masks of test images -> Enlarged, MaskRegions -> Evaluator -> Evaluation -> table, files
//! ```
//!
//! # Choices that are not obvious
//!
//! * Parameters are plain tensors, not Burn modules. Training marks them as tracked for one step;
//!   a projection leaves them on the plain device, so it cannot change them.
//! * An iterate carries its own evaluation: the forward and backward pass that a step ends with is
//!   the one that the next step starts from.
//! * Everything random comes from seeded host generators, never from a device's own seed.
//! * Batches are a pure function of seed and index, so a resumed run equals an uninterrupted one.
#![recursion_limit = "256"]

pub mod cli;
pub mod compute;
pub mod data;
pub mod engine;
pub mod ui;
