//! Damaged files: none of them becomes a picture in silence.
#![allow(clippy::unwrap_used)]

mod jpeg;
mod jpeg_writer;
mod mutants;
