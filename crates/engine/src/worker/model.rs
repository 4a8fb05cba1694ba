//! The model in memory.

use std::path::PathBuf;

use kizumi_compute::artifact::{Artifact, DatasetSummary};
use kizumi_compute::memories::Memories;
use kizumi_image::atomic::write_atomic;
use kizumi_method::maker::ModelMark;

use super::{Model, Worker};
use crate::message::{About, Denial, Event, Failure, ModelId, ModelInfo, Outcome};

impl Worker {
    pub(super) fn open_model(&mut self, id: ModelId, path: PathBuf) -> Result<(), Failure> {
        let device = self.device()?.device;
        let artifact = Artifact::load(&path, &device)?;
        self.set_model(id, artifact, Some(path))
    }

    /// The model in memory.
    ///
    /// # Errors
    /// When there is none, or it is another one than the request is about.
    pub(super) fn the_model(&self, id: ModelId) -> Result<&Model, Failure> {
        let model = self.model.as_ref().ok_or(Denial::NoModel)?;
        match model.id == id {
            true => Ok(model),
            false => Err(Denial::OtherModel.into()),
        }
    }

    pub(super) fn save_model(&mut self, id: ModelId, path: PathBuf) -> Result<(), Failure> {
        let model = self.model.as_mut().ok_or(Denial::NoModelToSave)?;
        if model.id != id {
            return Err(Denial::OtherModel.into());
        }
        write_atomic(&path, &model.bytes)?;
        model.path = Some(path.clone());
        self.out.send(Event::ModelSaved { model: id, path });
        self.announce_model();
        Ok(())
    }

    pub(super) fn set_model(
        &mut self,
        id: ModelId,
        artifact: Artifact,
        path: Option<PathBuf>,
    ) -> Result<(), Failure> {
        let bytes = artifact.to_bytes()?;
        let mark = artifact.mark()?;
        // What a person opens stays, whatever becomes of a training that goes on.
        self.earlier = None;
        self.replace_model(Model {
            id,
            artifact,
            path,
            bytes,
            mark,
        });
        self.refocus();
        self.warm_up()
    }

    /// Puts another model in the place of the one in memory.
    pub(super) fn replace_model(&mut self, model: Model) {
        self.leave_model();
        self.model = Some(model);
        self.announce_model();
    }

    /// Ends everything that was computed with the model in memory, because it changes.
    pub(super) fn leave_model(&mut self) {
        self.leave_image();
        self.stop_set();
        self.end_recalibration(Outcome::Stopped);
        self.end_tuning(Outcome::Stopped);
    }

    /// Changes the model in memory, which makes it another one, and its file, if it has one. A file
    /// that cannot be written keeps what it was; the model in memory is changed all the same.
    pub(super) fn change_model(
        &mut self,
        becomes: ModelId,
        change: impl FnOnce(&mut Artifact),
    ) -> Result<(), Failure> {
        let Some(model) = &mut self.model else {
            return Ok(());
        };
        let artifact = &mut model.artifact;
        let before = (
            artifact.header.clone(),
            artifact.ignored.clone(),
            artifact.memories.clone(),
            artifact.network.clone(),
        );
        change(artifact);
        match artifact.to_bytes() {
            Ok(bytes) => {
                model.bytes = bytes;
                let memories = artifact.memories.as_ref();
                model.mark = ModelMark {
                    regions: ModelMark::regions_of(artifact.ignored.as_ref()),
                    memory: memories.map(Memories::fingerprint).unwrap_or_default(),
                    ..model.mark
                };
            }
            Err(error) => {
                (
                    artifact.header,
                    artifact.ignored,
                    artifact.memories,
                    artifact.network,
                ) = before;
                return Err(error.into());
            }
        }
        model.id = becomes;
        let saved = model.path.clone().map(|path| {
            let written = write_atomic(&path, &model.bytes);
            (path, written)
        });
        self.announce_model();
        match saved {
            Some((path, Ok(()))) => self.out.send(Event::ModelSaved {
                model: becomes,
                path,
            }),
            Some((_, Err(error))) => self.out.send(Event::Failed {
                about: About::Saving(becomes),
                reason: error.into(),
            }),
            None => {}
        }
        self.refocus();
        Ok(())
    }

    /// Brings the model in memory to the device that computes now.
    pub(super) fn reload_model(&mut self) -> Result<(), Failure> {
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
                let scales = header.scales();
                let scales = scales.map_or_else(String::new, |scales| format!(". {scales}"));
                let left_out = match dataset.excluded.len() {
                    0 => String::new(),
                    count => format!(", {count} left out"),
                };
                let data_summary = format!(
                    "{}: {} normal images, {} held out{left_out}{}{scales}",
                    dataset.name,
                    dataset.training_images,
                    dataset.validation_images,
                    remembered(dataset)
                );
                Event::ModelReady(Box::new(ModelInfo {
                    id: model.id,
                    path: model.path.clone(),
                    network: header.network,
                    data: header.data,
                    features: header.features,
                    training: header.training,
                    images_seen: header.images_seen,
                    calibration: header.calibration,
                    outdated: header.outdated,
                    ignored: model.artifact.ignored.clone(),
                    mark: model.mark,
                    data_summary,
                    trained_on: dataset.name.clone(),
                    normal_images: dataset.normal_images(),
                    excluded: dataset.excluded.clone(),
                    joined: dataset.joined.clone(),
                    also_measured: dataset.also_measured.clone(),
                }))
            }
            None => Event::ModelGone,
        };
        self.out.send(event);
    }
}

/// How many images are remembered, where it is not all of them.
fn remembered(dataset: &DatasetSummary) -> String {
    let some = dataset.remembered_images;
    let some = some.filter(|remembered| *remembered < dataset.training_images);
    some.map_or_else(String::new, |remembered| {
        format!(", the features of {remembered} remembered")
    })
}
