//! The normal images that a model was trained on, parted as they were then.

use std::collections::BTreeSet;

use super::artifact::Artifact;
use super::normals::{Normals, NormalsLoader};
use super::refusal::{Purpose, Refusal};
use super::tensors::ComputeError;
use kizumi_dataset::catalog::{Catalog, Entry};
use kizumi_dataset::loader::LoadError;
use kizumi_method::config::DataConfig;

/// Loads them, some files a step.
pub struct ModelNormals {
    loader: NormalsLoader,
    /// How files become inputs.
    data: DataConfig,
    /// Hash of the data set that the network was trained on.
    hash: String,
    /// Why it is not begun when it was another one.
    refusal: Refusal,
    files: usize,
    /// Normal images that the model has never seen, by name: they are held out.
    also: BTreeSet<String>,
}

/// Why a model cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum RecalibrationError {
    /// Not one training image could be used.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The data set is not the one that the model was trained on, or is not enough.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The computation.
    #[error(transparent)]
    Compute(#[from] ComputeError),
}

impl ModelNormals {
    /// Nothing read yet. The catalog must be of the data set that the model was trained on: its
    /// split is made again, and its files are compared once they are read. `purpose` is what the
    /// images are wanted for.
    ///
    /// # Errors
    /// Why this cannot be that data set, or that nothing was held out.
    pub fn new(artifact: &Artifact, catalog: &Catalog, purpose: Purpose) -> Result<Self, Refusal> {
        let header = &artifact.header;
        let data = DataConfig {
            channels: Some(header.network.channels),
            ..header.data.clone()
        };
        let dataset = &header.dataset;
        let refusal = Refusal::OtherData {
            folder: catalog.root.clone(),
            trained_on: dataset.name.clone(),
            images: (dataset.training_images, dataset.validation_images),
            purpose,
        };
        if dataset.validation_images == 0 {
            return Err(Refusal::NothingHeldOut { purpose });
        }
        let mut catalog = catalog.without(&dataset.excluded);
        // What a person has called normal since the model was trained it has never seen.
        let is_new = |name: &String| !dataset.joined.contains(name);
        let also: BTreeSet<String> = catalog
            .joined
            .iter()
            .filter(|name| is_new(name))
            .cloned()
            .collect();
        let names = |entry: &Entry| catalog.name_of(&entry.path);
        let (more, own) = catalog
            .train
            .iter()
            .cloned()
            .partition(|entry| also.contains(&names(entry)));
        catalog.train = own;
        let catalog = &catalog;
        if catalog.train.len() < dataset.training_images + dataset.validation_images {
            return Err(refusal);
        }
        Ok(Self {
            loader: NormalsLoader::new(
                catalog,
                &data,
                header.training.seed,
                dataset.parting(),
                artifact.ignored.as_ref(),
            )?
            .by(artifact.memories.clone())
            .with_more(more),
            hash: dataset.hash.clone(),
            data,
            refusal,
            files: catalog.train.len() + also.len(),
            also,
        })
    }

    /// Learns no features, which takes most of the time: enough where held-out images alone are looked at.
    #[must_use]
    pub fn held_out_alone(self) -> Self {
        Self {
            loader: self.loader.without_learning(),
            ..self
        }
    }

    /// Measures the held-out images by what is learned of the training images now, not by what the model
    /// remembers.
    #[must_use]
    pub fn anew(self) -> Self {
        Self {
            loader: self.loader.by(None),
            ..self
        }
    }

    /// Keeps the second views of the first few held-out images: they are large.
    #[must_use]
    pub fn keeping_views(self, count: usize) -> Self {
        Self {
            loader: self.loader.keeping_views(count),
            ..self
        }
    }

    /// How files become inputs.
    pub fn data(&self) -> &DataConfig {
        &self.data
    }

    /// Images that were called normal after the model was trained, by name; they are among those held out.
    pub fn also(&self) -> &BTreeSet<String> {
        &self.also
    }

    /// Files in all.
    pub fn files(&self) -> usize {
        self.files
    }

    /// Images done, and images in all: those to train on, those held out.
    pub fn progress(&self) -> [(usize, usize); 2] {
        self.loader.progress()
    }

    /// How much of what features have in common is learned: see [`NormalsLoader::learning_progress`].
    pub fn learning_progress(&self) -> (usize, usize) {
        self.loader.learning_progress()
    }

    /// Whether every file was tried.
    pub fn is_done(&self) -> bool {
        self.loader.is_done()
    }

    /// Decodes the next few files.
    pub fn step(&mut self) {
        self.loader.step();
    }

    /// The images.
    ///
    /// # Errors
    /// [`RecalibrationError::Load`] without a training image that can be used,
    /// [`RecalibrationError::Refused`] when it is another data set.
    pub fn finish(self) -> Result<Normals, RecalibrationError> {
        let normals = self.loader.finish()?;
        if normals.dataset.hash != self.hash || normals.held_out.is_empty() {
            return Err(self.refusal.into());
        }
        Ok(normals)
    }
}
