//! Where a model is written to, checked before the work.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::output::worded;
use super::said::{fail, said};

use kizumi_compute::artifact::{Artifact, ArtifactError};
use kizumi_image::atomic::sweep;
use kizumi_image::regular;
use kizumi_image::shown::shown;
use kizumi_image::undone::{Doing as _, Task};

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
        let name = shown(path);
        if path.is_dir() {
            fail!(
                "cannot write {name}: it is a folder",
                "{name} に書き込めません：フォルダです"
            );
        }
        if let Ok(metadata) = path.metadata() {
            regular::check(&metadata).doing(Task::Write, path)?;
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if folder.exists() && !folder.is_dir() {
            let folder = shown(folder);
            fail!(
                "cannot write {name}: {folder} is not a folder",
                "{name} に書き込めません：{folder} はフォルダではありません"
            );
        }
        std::fs::create_dir_all(folder).doing(Task::Write, path)?;
        sweep(folder);
        tempfile::tempfile_in(folder).doing(Task::Write, path)?;
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
            ArtifactError::Unreadable(_) => {
                let (path, why) = (shown(&self.path), worded(&error));
                anyhow::Error::msg(said!(
                    "{path}: not written: {why}",
                    "{path}：書き出していません：{why}"
                ))
            }
            error => error.into(),
        })
    }
}
