//! A training from the first file to the saved model.
//!
//! [`run`] loads, trains and calibrates, one small step at a time; [`driver`] alone decides when, on a
//! clock that it is given, and tells [`news`]; [`keeping`] and [`autosave`] see that nothing learned is
//! lost.

mod aligning;
pub mod autosave;
mod beginning;
pub mod best;
pub mod driver;
pub mod keeping;
pub mod news;
pub mod note;
pub mod run;
pub mod status;
pub mod stopwatch;
mod work;
