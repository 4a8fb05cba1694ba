//! The model in memory.

use std::path::PathBuf;

use super::{Model, Worker};
use crate::message::{Event, ModelInfo, Outcome};
use kizumi_compute::artifact::Artifact;
use kizumi_image::atomic::write_atomic;

impl Worker {
    pub(super) fn open_model(&mut self, path: PathBuf) -> Result<(), String> {
        let device = self.device()?.device;
        let artifact = Artifact::load(&path, &device).map_err(|error| error.to_string())?;
        self.set_model(artifact, Some(path))
    }

    pub(super) fn save_model(&mut self, path: PathBuf) -> Result<(), String> {
        let model = self
            .model
            .as_mut()
            .ok_or("There is no model to save yet.")?;
        write_atomic(&path, &model.bytes).map_err(|error| format!("{error:#}"))?;
        model.path = Some(path.clone());
        self.out.send(Event::ModelSaved(path));
        self.announce_model();
        Ok(())
    }

    pub(super) fn set_model(
        &mut self,
        artifact: Artifact,
        path: Option<PathBuf>,
    ) -> Result<(), String> {
        self.leave_model();
        let bytes = artifact.to_bytes().map_err(|error| error.to_string())?;
        self.model = Some(Model {
            artifact,
            path,
            bytes,
        });
        self.announce_model();
        self.warm_up()?;
        self.refocus()
    }

    /// Ends everything that was computed with the model in memory, because it changes.
    pub(super) fn leave_model(&mut self) {
        self.leave_image();
        self.stop_set();
        self.end_recalibration(Outcome::Stopped);
        self.end_tuning(Outcome::Stopped);
    }

    /// Changes the model in memory and its file, if it has one. A file that cannot be written
    /// keeps what it was; the model in memory is changed all the same.
    pub(super) fn change_model(
        &mut self,
        change: impl FnOnce(&mut Artifact),
    ) -> Result<(), String> {
        let Some(model) = &mut self.model else {
            return Ok(());
        };
        let artifact = &mut model.artifact;
        let before = (artifact.header.clone(), artifact.ignored.clone());
        change(artifact);
        match artifact.to_bytes() {
            Ok(bytes) => model.bytes = bytes,
            Err(error) => {
                (artifact.header, artifact.ignored) = before;
                return Err(error.to_string());
            }
        }
        if let Some(path) = model.path.clone() {
            let event = match write_atomic(&path, &model.bytes) {
                Ok(()) => Event::ModelSaved(path),
                Err(error) => Event::Failed(format!("{error:#}")),
            };
            self.out.send(event);
        }
        self.announce_model();
        Ok(())
    }

    /// Brings the model in memory to the device that computes now.
    pub(super) fn reload_model(&mut self) -> Result<(), String> {
        let device = self.device()?.device;
        if let Some(model) = &mut self.model {
            model.artifact = Artifact::from_bytes(&model.bytes, &device)?;
        }
        self.warm_up()
    }

    pub(super) fn announce_model(&mut self) {
        let event = match &self.model {
            Some(model) => {
                let header = model.artifact.header.clone();
                let dataset = &header.dataset;
                let data_summary = format!(
                    "{}: {} normal images, {} held out",
                    dataset.name, dataset.training_images, dataset.validation_images
                );
                Event::ModelReady(Box::new(ModelInfo {
                    path: model.path.clone(),
                    network: header.network,
                    data: header.data,
                    training: header.training,
                    images_seen: header.images_seen,
                    calibration: header.calibration,
                    ignored: model.artifact.ignored.clone(),
                    data_summary,
                }))
            }
            None => Event::ModelGone,
        };
        self.out.send(event);
    }
}
