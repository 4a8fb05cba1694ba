//! Normality in the space of a frozen network's features: a memory of patches of normal images, and how
//! far the patches of another image are from it.
//!
//! - [`view`]: the size that an image file is looked at in.
//! - [`builder`]: normal images, one after the other, become a [`memory`]; each of them is measured as if
//!   it had been left out ([`leave_out`]).
//! - [`distances`]: what the memory says about an image, and where that lies in its picture.

pub mod builder;
pub mod distances;
mod kept;
pub mod leave_out;
pub mod memory;
pub mod places;
mod pool;
pub mod tensors;
pub mod view;

pub use builder::{Built, MemoryBuilder, MemoryConfig};
pub use distances::Distances;
pub use leave_out::LeaveOut;
pub use memory::Memory;
pub use view::FeatureView;
