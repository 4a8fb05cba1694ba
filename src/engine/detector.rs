//! The network at hand and how it is used.

use std::sync::Arc;

use crate::compute::inspector::{Inspector, Subject};
use crate::compute::network::Vae;
use crate::compute::projector::Pair;
use crate::compute::tensors::ComputeError;
use crate::data::calibration::Calibration;
use crate::data::config::{MapConfig, ProjectionConfig};
use crate::data::mapper::Mapper;

use super::image::Lens;

/// A network with everything that a projection needs besides its parameters. A copy is cheap and
/// stays as it is while the network goes on learning.
#[derive(Clone)]
pub struct Detector {
    pub network: Vae,
    pub lens: Lens,
    /// See [`Inspector::new`]; 0 while the network still changes.
    pub stop_threshold: f32,
    /// The calibration of the network as it is.
    pub calibration: Option<Arc<Calibration>>,
}

impl Detector {
    /// Starts the projection of some images, each with its own step size and weight.
    pub fn inspect(
        &self,
        subjects: Vec<(Subject, Pair)>,
        config: ProjectionConfig,
        map: MapConfig,
    ) -> Result<Inspector, ComputeError> {
        let Self {
            network,
            lens,
            stop_threshold,
            calibration,
        } = self;
        let distance = calibration.as_ref().map(|made| made.projection.distance);
        // It measures nothing else.
        let stop_threshold = match distance == Some(config.distance) {
            true => *stop_threshold,
            false => 0.0,
        };
        let mapper = Mapper::new(map, calibration.as_deref());
        Inspector::with_pairs(
            network,
            &lens.data,
            subjects,
            config,
            mapper,
            stop_threshold,
        )
    }
}
