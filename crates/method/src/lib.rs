//! The method in numbers: what can be set, how a map comes from an iterate, what normal images say,
//! how a score becomes a verdict, and how good verdicts are. No files but text, no tensors.

pub mod anomaly_map;
pub mod benchmark;
pub mod calibration;
pub mod config;
pub mod decision;
pub mod drift;
pub mod energy_terms;
pub mod gate;
pub mod histogram;
pub mod interval;
pub mod iterate;
pub mod joint;
pub mod judgement;
pub mod kind;
pub mod likeness;
pub mod limited_score;
pub mod limits;
pub mod maker;
pub mod mapper;
pub mod metrics;
pub mod normal_level;
pub mod recording;
pub mod settings_text;
pub mod suspects;
pub mod tail;
pub mod truth;
pub mod tuning;
