//! Measuring a trained network's normal images again: with other parameters of the projection, or
//! with other regions left out.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::artifact::Artifact;
use super::calibration_run::CalibrationRun;
use super::memories::Memories;
use super::model_normals::ModelNormals;
pub use super::model_normals::RecalibrationError;
use super::network::Vae;
use super::refusal::{Purpose, Refusal};
use kizumi_dataset::catalog::Catalog;
use kizumi_image::picture::Picture;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{DataConfig, MapConfig, ProjectionConfig};
use kizumi_method::maker::ModelMark;

/// What normal images say anew.
#[derive(Debug)]
pub struct Recalibrated {
    /// The calibration.
    pub calibration: Calibration,
    /// What it was measured by: what is remembered of the features of the training images, without the regions
    /// that are left out now; `None` where features are not remembered.
    pub memories: Option<Memories>,
    /// See [`DatasetSummary::remembered_images`](super::artifact::DatasetSummary::remembered_images).
    pub remembered_images: Option<usize>,
    /// Normal images that the model was not trained on and that were measured, too, by name.
    pub also_measured: BTreeSet<String>,
}

/// A new calibration in the making; the model's own stays until it is complete.
pub struct Recalibration {
    network: Vae,
    model: ModelMark,
    data: DataConfig,
    ignored: Option<Picture>,
    /// What reading the files and learning their features counts as in progress.
    read: usize,
    projection: ProjectionConfig,
    map: MapConfig,
    /// What was learned of their features while the images were read, and of how many.
    learned: Option<(Memories, usize)>,
    also_measured: BTreeSet<String>,
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
    ) -> Result<Self, Refusal> {
        projection.validate()?;
        map.validate()?;
        let normals = ModelNormals::new(artifact, catalog, Purpose::Calibrate)?.anew();
        Ok(Self {
            network: artifact.network.clone(),
            model: artifact.mark()?,
            ignored: artifact.ignored.clone(),
            data: normals.data().clone(),
            read: normals.files() + normals.learning_progress().1,
            also_measured: normals.also().clone(),
            stage: Stage::Loading(Box::new(normals)),
            projection,
            map,
            learned: None,
        })
    }

    /// Files read and images measured, and both in all.
    pub fn progress(&self) -> (u64, u64) {
        let (done, total) = match &self.stage {
            Stage::Loading(loader) => {
                let [(trained, training), (kept, held_out)] = loader.progress();
                let (learned, to_learn) = loader.learning_progress();
                let (model, mode) = (self.model, self.data.mode);
                let measured = CalibrationRun::expected(model, &self.map, mode, training, held_out);
                let total = training + to_learn + held_out + measured;
                (trained + learned + kept, total)
            }
            Stage::Measuring(run) => {
                let (done, total) = run.progress();
                (self.read + done, self.read + total)
            }
            Stage::Over => (0, 0),
        };
        (done as u64, total as u64)
    }

    /// Reads some files or measures some images; at the end what they say.
    ///
    /// # Errors
    /// See [`RecalibrationError`]; the recalibration is over then.
    pub fn step(&mut self) -> Result<Option<Recalibrated>, RecalibrationError> {
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
            Stage::Measuring(run) => {
                let (memories, remembered_images) = self.learned.take().unzip();
                let recalibrated = |calibration| Recalibrated {
                    calibration,
                    memories,
                    remembered_images,
                    also_measured: std::mem::take(&mut self.also_measured),
                };
                return Ok(run.finish().map(recalibrated));
            }
            Stage::Over => {}
        }
        Ok(None)
    }

    fn measure(
        &mut self,
        normals: ModelNormals,
    ) -> Result<Box<CalibrationRun>, RecalibrationError> {
        let normals = normals.finish()?;
        let (network, model) = normals.remembered_by(&self.network, self.model);
        let learned = normals.learned.as_ref();
        self.learned = learned.map(|learned| (learned.memories.clone(), learned.images()));
        Ok(Box::new(CalibrationRun::new(
            &network,
            model,
            &self.data,
            self.projection,
            self.map,
            self.ignored.clone(),
            Arc::new(normals),
        )))
    }
}
