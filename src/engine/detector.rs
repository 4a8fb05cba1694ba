//! The network at hand and how it is used.

use crate::compute::inspector::{Inspector, Subject};
use crate::compute::network::Vae;
use crate::compute::projector::Pair;
use crate::compute::tensors::ComputeError;
use crate::data::config::{Distance, MapConfig, ProjectionConfig};

use super::image::Lens;

/// A network with everything that a projection needs besides its parameters. A copy is cheap and
/// stays as it is while the network goes on learning.
#[derive(Clone)]
pub struct Detector {
    pub network: Vae,
    pub lens: Lens,
    /// See [`Inspector::new`]; 0 while the network still changes.
    pub stop_threshold: f32,
    /// What that measures.
    pub distance: Distance,
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
            distance,
        } = self;
        let is_measured = config.distance == *distance;
        let stop_threshold = if is_measured { *stop_threshold } else { 0.0 };
        Inspector::with_pairs(network, &lens.data, subjects, config, map, stop_threshold)
    }
}
