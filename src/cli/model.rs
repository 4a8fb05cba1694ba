//! A model ready for inspection, and the settings it is used with.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::options::ProjectionOptions;
use super::output::say;
use kizumi_compute::artifact::Artifact;
use kizumi_compute::device::Compute;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::iterate::Inspection;
use kizumi_method::mapper::Mapper;

/// A model and how it is used.
pub struct Model {
    /// Its file.
    pub path: PathBuf,
    /// What was in it.
    pub artifact: Artifact,
    /// Parameters of the projection.
    pub projection: ProjectionConfig,
    /// How maps become scores.
    pub map: MapConfig,
}

impl Model {
    /// Reads a model file and says what is odd about it. Options that were not given are as in
    /// its calibration.
    ///
    /// # Errors
    /// [`super::Usage`] for values out of range, else what is wrong with the file.
    pub fn load(path: &Path, compute: &Compute, options: &ProjectionOptions) -> Result<Self> {
        let artifact = Artifact::load(path, &compute.device)?;
        Self::new(path, artifact, options)
    }

    /// As [`Model::load`], with a model in memory.
    ///
    /// # Errors
    /// [`super::Usage`] for values out of range.
    pub fn new(path: &Path, artifact: Artifact, options: &ProjectionOptions) -> Result<Self> {
        let calibration = artifact.header.calibration.clone();
        let (projection, map) = match &calibration {
            Some(calibration) => (calibration.projection, calibration.map),
            None => Default::default(),
        };
        let (projection, map) = options.apply(projection, map)?;
        let model = Self {
            path: path.into(),
            artifact,
            projection,
            map,
        };
        match calibration {
            None => say(format_args!(
                "note: {} is not calibrated for this version of the program: each heatmap has its own \
                 range, scores cannot be compared with those of normal images. 'kizumi calibrate' \
                 measures it.",
                path.display()
            )),
            Some(_) if model.projected_scores().is_none() => say(
                "note: the model was calibrated with other settings: scores are not compared with \
                 those of normal images.",
            ),
            Some(_) => {}
        }
        Ok(model)
    }

    fn calibration(&self) -> Option<&Calibration> {
        self.artifact.header.calibration.as_ref()
    }

    /// How its maps are made.
    pub fn mapper(&self) -> Mapper {
        Mapper::new(self.map, self.calibration())
    }

    /// The projection stops below this reconstruction error.
    pub fn stop_threshold(&self) -> f32 {
        self.calibration()
            .map_or(0.0, |made| made.stop_threshold_of(&self.projection))
    }

    /// Upper end of the heatmaps' range: what normal images hardly exceed.
    pub fn map_high(&self) -> Option<f32> {
        self.calibration()
            .map(|calibration| calibration.projected_map_high)
            .filter(|high| *high > 0.0)
    }

    /// Projected scores of normal images, if they were made with the settings in force.
    fn projected_scores(&self) -> Option<&[f32]> {
        self.calibration()
            .filter(|made| made.projection == self.projection && made.map == self.map)
            .map(|made| made.projected_scores.as_slice())
    }

    /// The same of the plain scores, which know no projection.
    fn plain_scores(&self) -> Option<&[f32]> {
        self.calibration()
            .filter(|made| made.map == self.map)
            .map(|made| made.plain_scores.as_slice())
    }

    /// Percent of the normal images that score lower: by the plain score, by the projected one.
    pub fn percentiles(&self, inspection: &Inspection) -> (Option<f32>, Option<f32>) {
        let percentile = |scores: Option<&[f32]>, score| Calibration::percentile_of(scores?, score);
        (
            percentile(self.plain_scores(), inspection.plain_score),
            percentile(self.projected_scores(), inspection.projected_score),
        )
    }
}
