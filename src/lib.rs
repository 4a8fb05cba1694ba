//! Kizumi learns what normal looks like and shows what is not.
#![recursion_limit = "256"]

pub mod data;
pub mod engine;
pub mod ui;
