//! Measuring a trained network's normal images again: with other parameters of the projection, or
//! with other regions left out.

use std::sync::Arc;

use super::artifact::Artifact;
use super::calibration_run::{CalibrationRun, NORMALS};
use super::model_normals::ModelNormals;
pub use super::model_normals::RecalibrationError;
use super::network::Vae;
use kizumi_dataset::catalog::Catalog;
use kizumi_image::picture::Picture;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{DataConfig, MapConfig, ProjectionConfig};
use kizumi_method::maker::ModelMark;

/// A new calibration in the making; the model's own stays until it is complete.
pub struct Recalibration {
    network: Vae,
    model: ModelMark,
    data: DataConfig,
    ignored: Option<Picture>,
    files: usize,
    projection: ProjectionConfig,
    map: MapConfig,
    stage: Stage,
}

enum Stage {
    Loading(Box<ModelNormals>),
    Measuring(Box<CalibrationRun>),
    /// Between two stages, or failed.
    Over,
}

impl Recalibration {
    /// Nothing read yet; see [`ModelNormals::new`] for the data set.
    ///
    /// # Errors
    /// Which parameter is out of range, or why this cannot be that data set.
    pub fn new(
        artifact: &Artifact,
        catalog: &Catalog,
        projection: ProjectionConfig,
        map: MapConfig,
    ) -> Result<Self, String> {
        projection.validate()?;
        map.validate()?;
        let normals = ModelNormals::new(artifact, catalog, "calibrate again")?;
        Ok(Self {
            network: artifact.network.clone(),
            model: artifact.mark().map_err(|error| error.to_string())?,
            ignored: artifact.ignored.clone(),
            data: normals.data().clone(),
            files: normals.files(),
            stage: Stage::Loading(Box::new(normals)),
            projection,
            map,
        })
    }

    /// Files read and images measured, and both in all.
    pub fn progress(&self) -> (u64, u64) {
        let (done, total) = match &self.stage {
            Stage::Loading(loader) => {
                let [(trained, training), (kept, held_out)] = loader.progress();
                let measured = training + held_out.min(NORMALS);
                (trained + kept, training + held_out + measured)
            }
            Stage::Measuring(run) => {
                let (done, total) = run.progress();
                (self.files + done, self.files + total)
            }
            Stage::Over => (0, 0),
        };
        (done as u64, total as u64)
    }

    /// Reads some files or measures some images; at the end the new calibration.
    ///
    /// # Errors
    /// See [`RecalibrationError`]; the recalibration is over then.
    pub fn step(&mut self) -> Result<Option<Calibration>, RecalibrationError> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Loading(mut loader) if !loader.is_done() => {
                loader.step();
                self.stage = Stage::Loading(loader);
            }
            Stage::Loading(loader) => self.stage = Stage::Measuring(self.measure(*loader)?),
            Stage::Measuring(mut run) if !run.is_done() => {
                run.step()?;
                self.stage = Stage::Measuring(run);
            }
            Stage::Measuring(run) => return Ok(run.finish()),
            Stage::Over => {}
        }
        Ok(None)
    }

    fn measure(&self, normals: ModelNormals) -> Result<Box<CalibrationRun>, RecalibrationError> {
        Ok(Box::new(CalibrationRun::new(
            &self.network,
            self.model,
            &self.data,
            self.projection,
            self.map,
            self.ignored.clone(),
            Arc::new(normals.finish()?),
        )))
    }
}
