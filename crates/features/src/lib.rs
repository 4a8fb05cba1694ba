//! Normality in the space of a frozen network's features: a memory of patches of normal images, and how
//! far the patches of another image are from it.
//!
//! - [`view`]: the size that an image file is looked at in.
//! - [`loader`]: image files become a memory, some of the work a step. [`builder`]: their features do.
//! - [`leave_out`]: each normal image, measured as if it had been left out.
//! - [`memory`]: the patches, and what is far from them. [`whitening`]: the space that distances are taken in.
//!   `recipe`, `coreset`: which patches they are.
//! - [`distances`]: what the memory says about an image, and where that lies in its picture.
//! - [`tensors`]: a memory in a model file.

pub mod builder;
mod coreset;
pub mod distances;
mod kept;
pub mod leave_out;
pub mod loader;
pub mod memory;
mod pool;
mod recipe;
pub mod tensors;
pub mod view;
pub mod whitening;

pub use builder::{MemoryBuilder, MemoryConfig};
pub use distances::Distances;
pub use leave_out::{Built, LeaveOut, Measuring};
pub use loader::{MemoryLoader, MemoryRequest};
pub use memory::Memory;
pub use view::FeatureView;
