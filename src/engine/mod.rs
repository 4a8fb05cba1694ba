//! The worker that owns every tensor, and the messages it exchanges with the window.

pub mod message;
