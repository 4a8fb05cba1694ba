//! Where a model is written to, checked before the work.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use kizumi_compute::artifact::{Artifact, ArtifactError};
use kizumi_image::atomic::sweep;
use kizumi_image::regular;
use kizumi_image::shown::shown;

/// A model file in the making.
pub struct ModelFile {
    path: PathBuf,
}

impl ModelFile {
    /// Makes sure that `path` can be written, before hours are spent. What is there stays.
    ///
    /// # Errors
    /// If it cannot; names the path and the reason.
    pub fn new(path: &Path) -> Result<Self> {
        let cannot_write = || format!("cannot write {}", shown(path));
        if path.is_dir() {
            bail!("{}: it is a folder", cannot_write());
        }
        if let Ok(metadata) = path.metadata() {
            regular::check(&metadata).with_context(cannot_write)?;
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if folder.exists() && !folder.is_dir() {
            bail!("{}: {} is not a folder", cannot_write(), shown(folder));
        }
        std::fs::create_dir_all(folder).with_context(cannot_write)?;
        sweep(folder);
        tempfile::tempfile_in(folder).with_context(cannot_write)?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// The model file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the model.
    ///
    /// # Errors
    /// If it cannot be written; what was there before is untouched.
    pub fn save(&self, model: &Artifact) -> Result<()> {
        model.save(&self.path).map_err(|error| match error {
            ArtifactError::Unreadable(_) => anyhow!("{}: not written: {error}", shown(&self.path)),
            error => error.into(),
        })
    }
}
