//! The network on the processor, without tensors: packed weights, values with channels last, one
//! direct kernel for every layer, gradients written out.
//!
//! What Burn's Flex device computes, several times faster. Network, projector and trainer of the
//! crate above come here whenever they are on the plain processor, and keep to tensors on a
//! graphics card. The tensor path stays the reference that the tests hold this one against. All
//! unsafe code of the program is in this crate.
//!
//! - [`architecture`]: the shapes of the layers.
//! - [`number`], [`simd`], [`isa`], [`real`]: number types, vectors of each instruction set, choosing one,
//!   running on it.
//! - [`shape`]: how values lie in memory. [`correlate`], [`accumulate`]: the two kernels.
//! - [`winograd`]: the same with fewer multiplications.
//! - [`map`]: a layer's linear part in one direction. [`layer`], [`network`]: the layers.
//! - [`pass`]: the passes of some images through them.
//! - [`spare`]: buffers that are used again. [`team`]: threads that walk through a pass together.
//! - [`reconstruct`]: f(x). [`point`], [`energy`]: the projection's energy, gradient and step.
//! - [`training`], [`adam`]: a training step.
//! - [`features`]: the frozen network that compares patches of pictures. [`nearest`]: the nearest of many
//!   patches. [`triangular`]: how far they are in the metric of a Gaussian.
//! - [`ssim`]: how the structure of pictures differs.

pub mod accumulate;
pub mod adam;
pub mod architecture;
mod compare;
pub mod correlate;
pub mod energy;
pub mod features;
pub mod isa;
pub mod layer;
pub mod map;
pub mod nearest;
pub mod network;
pub mod number;
pub mod pass;
mod pixels;
pub mod point;
pub mod real;
pub mod reconstruct;
pub mod shape;
pub mod simd;
pub mod spare;
pub mod ssim;
pub mod team;
mod term;
pub mod training;
pub mod triangular;
pub mod winograd;
