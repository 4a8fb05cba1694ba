//! The network at hand and how it is used.

use std::sync::Arc;

use kizumi_compute::inspector::{Inspector, Subject};
use kizumi_compute::network::Vae;
use kizumi_compute::projector::Pair;
use kizumi_compute::rounds::Rounds;
use kizumi_compute::tensors::ComputeError;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::maker::ModelMark;
use kizumi_method::mapper::Mapper;

use super::image::Lens;

/// A network with everything that a projection needs besides its parameters. A copy is cheap and
/// stays as it is while the network goes on learning.
#[derive(Clone)]
pub struct Detector {
    pub network: Vae,
    pub lens: Lens,
    /// Which network it is; that of none in particular while it still changes.
    pub mark: ModelMark,
    /// The calibration of the network as it is; none while it still changes.
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
        let config = config.fitting(self.mark);
        let mapper = self.mapper(config, map);
        let stop_threshold = mapper.stop_threshold();
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
        let mapper = self.mapper(config, map);
        let stop_threshold = mapper.stop_threshold();
        let data = &self.lens.data;
        let config = config.unattended(self.mark);
        Rounds::new(
            &self.network,
            data,
            subjects,
            config,
            mapper,
            stop_threshold,
        )
    }

    fn mapper(&self, config: ProjectionConfig, map: MapConfig) -> Mapper {
        Mapper::new(self.mark, config, map, self.calibration.as_deref())
    }
}
