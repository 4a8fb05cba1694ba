//! Normality in the space of a frozen network's features: a memory of patches of normal images, and how
//! far the patches of another image are from it.
//!
//! - [`sight`]: the features of a view at two scales. [`detector`]: what is normal at both of them.
//! - [`builder`]: normal images, one after the other, become a [`memory`]; each of them is measured as if
//!   it had been left out ([`leave_out`]).
//! - `recipe`, `common`, `coreset`, `mixture`: what a memory keeps; `gaussians`: if these are Gaussians; `pool`, `kept`: of which ones it is made.
//! - `places`: what is normal in each place, by its `axes`; `place_learning`: whether place says anything.
//! - [`whitening`]: the space that distances are taken in.
//! - [`distances`]: what a memory says about an image, and where that lies in its picture.
//! - [`peers`]: what well-known methods make of the same features.
//! - [`undecided`]: how much places count, by a trial with spoilt images.
//! - [`tensors`], `place_tensors`: a memory in a model file.

mod axes;
pub mod builder;
mod common;
mod coreset;
pub mod detector;
pub mod distances;
mod flaws;
mod gaussians;
mod kept;
pub mod leave_out;
pub mod memory;
mod mixture;
pub mod peers;
mod place_learning;
mod place_tensors;
mod places;
mod pool;
mod recipe;
pub mod sight;
pub mod tensors;
pub mod undecided;
pub mod whitening;

pub use builder::{MemoryBuilder, MemoryConfig, MemoryKind};
pub use detector::{Detector, DetectorBuilder};
pub use distances::Distances;
pub use leave_out::{Built, Measuring};
pub use memory::Memory;
pub use sight::Sight;
pub use undecided::{Apart, Undecided};
