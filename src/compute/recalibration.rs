//! Measuring a trained network's normal images again: with other parameters of the projection, or
//! with other regions left out.

use std::sync::Arc;

use super::artifact::Artifact;
use super::calibration_run::{CalibrationRun, NORMALS};
use super::network::Vae;
use super::normals::NormalsLoader;
use super::tensors::ComputeError;
use crate::data::calibration::Calibration;
use crate::data::catalog::Catalog;
use crate::data::config::{DataConfig, MapConfig, ProjectionConfig};
use crate::data::loader::LoadError;
use crate::data::picture::Picture;

/// A new calibration in the making; the model's own stays until it is complete.
pub struct Recalibration {
    network: Vae,
    data: DataConfig,
    ignored: Option<Picture>,
    /// Hash of the data set that the network was trained on.
    hash: String,
    /// What to say when it was another one.
    complaint: String,
    files: usize,
    projection: ProjectionConfig,
    map: MapConfig,
    stage: Stage,
}

enum Stage {
    Loading(Box<NormalsLoader>),
    Measuring(Box<CalibrationRun>),
    /// Between two stages, or failed.
    Over,
}

/// Why there is no new calibration.
#[derive(Debug, thiserror::Error)]
pub enum RecalibrationError {
    /// Not one training image could be used.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The data set is not the one that the model was trained on.
    #[error("{0}")]
    Data(String),
    /// The computation.
    #[error(transparent)]
    Compute(#[from] ComputeError),
}

impl Recalibration {
    /// Nothing read yet. The catalog must be of the data set that the model was trained on: its
    /// split is made again, and its files are compared once they are read.
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
        let header = &artifact.header;
        let data = DataConfig {
            channels: Some(header.network.channels),
            ..header.data.clone()
        };
        let dataset = &header.dataset;
        let complaint = format!(
            "{}: this is not the data set that the model was trained on ({}: {} normal images, {} \
             held out); open that one to calibrate again",
            catalog.root.display(),
            dataset.name,
            dataset.training_images,
            dataset.validation_images
        );
        if dataset.validation_images == 0 {
            return Err("The model has no held-out images to calibrate with.".into());
        }
        if catalog.train.len() < dataset.training_images + dataset.validation_images {
            return Err(complaint);
        }
        Ok(Self {
            network: artifact.network.clone(),
            ignored: artifact.ignored.clone(),
            hash: dataset.hash.clone(),
            stage: Stage::Loading(Box::new(NormalsLoader::new(
                catalog,
                &data,
                header.training.seed,
            )?)),
            data,
            complaint,
            files: catalog.train.len(),
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

    fn measure(&self, loader: NormalsLoader) -> Result<Box<CalibrationRun>, RecalibrationError> {
        let normals = loader.finish()?;
        if normals.dataset.hash != self.hash || normals.held_out.is_empty() {
            return Err(RecalibrationError::Data(self.complaint.clone()));
        }
        Ok(Box::new(CalibrationRun::new(
            &self.network,
            &self.data,
            self.projection,
            self.map,
            self.ignored.clone(),
            Arc::new(normals),
        )))
    }
}
