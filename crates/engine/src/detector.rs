//! The network at hand and how it is used.

use std::sync::Arc;

use kizumi_compute::inspector::{Inspector, Subject};
use kizumi_compute::network::Vae;
use kizumi_compute::projector::Pair;
use kizumi_compute::rounds::Rounds;
use kizumi_compute::tensors::ComputeError;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::mapper::Mapper;

use super::image::Lens;

/// A network with everything that a projection needs besides its parameters. A copy is cheap and
/// stays as it is while the network goes on learning.
#[derive(Clone)]
pub struct Detector {
    pub network: Vae,
    pub lens: Lens,
    /// See [`Inspector::new`]; 0 while the network still changes.
    pub stop_threshold: f32,
    /// The calibration of the network as it is; `None` while it still changes.
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
        let (mapper, stop_threshold) = self.measures(&config, map);
        let data = &self.lens.data;
        Inspector::with_pairs(
            &self.network,
            data,
            subjects,
            config,
            mapper,
            stop_threshold,
        )
    }

    /// Starts the projection of some images to the end.
    pub fn inspect_all(
        &self,
        subjects: Vec<Subject>,
        config: ProjectionConfig,
        map: MapConfig,
    ) -> Result<Rounds, ComputeError> {
        let (mapper, stop_threshold) = self.measures(&config, map);
        let data = &self.lens.data;
        Rounds::new(
            &self.network,
            data,
            subjects,
            config,
            mapper,
            stop_threshold,
        )
    }

    /// What maps are made by, and the stop threshold.
    fn measures(&self, config: &ProjectionConfig, map: MapConfig) -> (Mapper, f32) {
        let calibration = self.calibration.as_deref();
        let distance = calibration.map(|made| made.projection.distance);
        // It measures nothing else.
        let stop_threshold = match distance == Some(config.distance) {
            true => self.stop_threshold,
            false => 0.0,
        };
        (Mapper::new(map, calibration), stop_threshold)
    }
}
