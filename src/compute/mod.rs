//! Tensors: the network, its training, the projection. Synchronous steppers without threads,
//! channels or clocks; whoever drives them decides when to stop.

pub mod energy;
pub mod network;
pub mod objective;
pub mod projector;
pub mod tensors;
pub mod tiling;
pub mod trainer;
