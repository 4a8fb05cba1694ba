//! Pictures: what comes out of image files, what becomes of it, and what goes into files again. No
//! settings but one, how an image file becomes a network's input ([`input`]); no tensors, no window.

pub mod atomic;
pub mod bilinear;
pub mod brush;
pub mod colormap;
pub mod compact;
pub mod complete;
pub mod decode;
pub mod dimensions;
pub mod enlarged;
pub mod export;
pub mod file_error;
pub mod guarded;
pub mod inpaint;
pub mod input;
pub mod mask;
pub mod mask_regions;
pub mod mask_source;
pub mod outline;
pub mod picture;
pub mod placement;
pub mod prepare;
pub mod regions;
pub mod resize;
pub mod rgb8;
pub mod seeded;
pub mod smooth;
pub mod source;
pub mod stamp;
pub mod structure;
pub mod target;
pub mod thumbnail;
pub mod view;
