//! Integration tests, in one binary: linking tensors and window again for each file would cost
//! minutes.
#![recursion_limit = "256"]

mod artifact;
mod calibrating;
mod cli;
mod common;
mod cpu;
mod depth;
mod driving;
mod engine;
mod feature_tensors;
mod feature_term;
mod features;
mod folders;
mod golden;
mod golden_distances;
mod golden_features;
mod golden_skips;
mod ignoring;
mod inpainting;
mod interrupting;
mod maps;
mod metrics;
mod painting;
mod projection;
mod report;
mod rig;
mod rooms;
mod rounds;
mod scale;
mod sets;
mod sheets;
mod ssim;
mod streams;
mod training;
mod tuning;
