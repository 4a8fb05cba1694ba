//! Pictures as files, each either whole or not there: PNG for show, 16-bit PNG and float TIFF for
//! measuring, GIF and animated PNG of a projection.

mod animation;
mod palette;
mod png;
mod strip;
mod tiff;

pub use animation::{Playback, save_apng, save_gif};
pub use png::png_rgb8;
pub use png::{save_marks, save_photograph, save_picture, save_png16, save_rgb8};
pub use strip::inspection_strip;
pub use tiff::save_tiff32;
