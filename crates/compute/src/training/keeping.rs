//! Where a training keeps what it learns: an autosave while it runs, a model file at the end.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::autosave::{Autosave, RunRecord, is_autosave};
use crate::artifact::Artifact;
use kizumi_image::target::Target;

/// The two files of a training, and what stands in the first beside the model.
#[derive(Debug)]
pub struct Keeping {
    target: Target,
    autosave: Autosave,
    /// What it takes to go on; whoever drives the training keeps it up to date.
    pub record: RunRecord,
    /// Whether an earlier part of this training was interrupted.
    continued: bool,
    /// The file that this training goes on from.
    start: Option<PathBuf>,
    /// Whether the model replaces no other, whatever ended its training.
    as_new: bool,
    /// A folder for the model when it cannot be written where it belongs.
    spare: Option<PathBuf>,
}

impl Keeping {
    /// A new training that ends in `target`.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn new(target: &Path) -> Result<Self> {
        Ok(Self {
            target: Target::new(target),
            autosave: Autosave::beside(target)?,
            record: RunRecord {
                target: absolute(target),
                ..RunRecord::default()
            },
            continued: false,
            start: None,
            as_new: false,
            spare: None,
        })
    }

    /// This training goes on from the model in this file, or does once more what was to make it: stopped
    /// early, it may still replace it.
    #[must_use]
    pub fn further(self, start: &Path) -> Self {
        Self {
            start: Some(start.to_owned()),
            ..self
        }
    }

    /// The model replaces no other: its training did not come to the end that was set.
    #[must_use]
    pub fn as_new(self) -> Self {
        Self {
            as_new: true,
            ..self
        }
    }

    /// When the finished model cannot be written where it belongs it goes into this folder.
    #[must_use]
    pub fn or_in(self, spare: Option<PathBuf>) -> Self {
        Self { spare, ..self }
    }

    /// A training that was interrupted goes on from `start`, and ends in `target`. An autosave becomes
    /// that of this training. A file with any other name is somebody's, and one that is the target is
    /// only replaced at the end: both are left alone until then.
    ///
    /// # Errors
    /// When that training is running, or nothing can be written beside the target.
    pub fn take_over(start: &Path, record: RunRecord, target: &Path) -> Result<Self> {
        let autosave = match is_autosave(start) && !is_same_file(start, target) {
            true => Autosave::take_over(start)?,
            false => Autosave::beside(target)?,
        };
        Ok(Self {
            target: Target::new(target),
            autosave,
            record: RunRecord {
                target: absolute(target),
                ..record
            },
            continued: true,
            start: Some(start.to_owned()),
            as_new: false,
            spare: None,
        })
    }

    /// Training begins after so many images, on the images of this folder.
    pub fn begin(&mut self, images_seen: u64, folder: &Path) {
        self.record.data = absolute(folder);
        if !self.continued {
            self.record.images_before = images_seen;
        }
    }

    /// The autosave, once something is in it and while nobody removes it.
    pub fn autosaved(&self) -> Option<PathBuf> {
        let path = self.autosave.path()?;
        path.exists().then(|| path.to_owned())
    }

    /// Saves the model so far.
    ///
    /// # Errors
    /// If it cannot be written: what was saved before is there still.
    pub fn save_so_far(&mut self, artifact: &Artifact) -> Result<()> {
        self.autosave.write(artifact, &self.record)
    }

    /// Writes the bytes of the finished model; where to.
    ///
    /// # Errors
    /// If it cannot be written. The autosave is there still.
    pub fn save(&self, bytes: &[u8]) -> Result<PathBuf> {
        match self.as_new {
            true => self.target.write_new(bytes),
            false => self.target.write(bytes),
        }
    }

    /// Writes the bytes of a model whose training was stopped before its end; where to. A model that
    /// another training made is not replaced by it.
    ///
    /// # Errors
    /// As [`Keeping::save`].
    pub fn save_early(&self, bytes: &[u8]) -> Result<PathBuf> {
        let target = self.target.path();
        match &self.start {
            Some(start) if is_same_file(start, target) => self.target.write(bytes),
            _ => self.target.write_new(bytes),
        }
    }

    /// Writes the bytes of a finished model that could not be written where it belongs into the spare
    /// folder, where it replaces nothing; where to.
    ///
    /// # Errors
    /// If there is no such folder, or it cannot be written there either.
    pub fn save_elsewhere(&self, bytes: &[u8]) -> Result<PathBuf> {
        let name = self.target.path().file_name().unwrap_or_default();
        match &self.spare {
            Some(folder) => Target::new(&folder.join(name)).write_new(bytes),
            None => bail!("there is no other folder for it"),
        }
    }

    /// The model file in which it is to end.
    pub fn target(&self) -> &Path {
        self.target.path()
    }

    /// Whether a model that was not measured may be put into the model file.
    ///
    /// # Errors
    /// When there is one already: a measured model must not give way to one that is not.
    pub fn check_unmeasured(&self) -> Result<()> {
        if self.target.replaces() {
            let path = self.target.path().display();
            bail!("{path} is left as it was: the new model was not measured");
        }
        Ok(())
    }

    /// Removes the autosave: the model is where it belongs, or nobody wants it.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn end(self) -> Result<()> {
        self.autosave.remove()
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
