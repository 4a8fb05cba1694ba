//! Where a model is written to: checked beforehand, saved now and then, saved at the end.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::output::{error_line, say};
use kizumi_compute::artifact::Artifact;

/// How often the model so far is written beside the final one.
const AUTOSAVE_PERIOD: Duration = Duration::from_secs(30);

/// A model file in the making and its sibling for the model so far.
pub struct ModelFile {
    path: PathBuf,
    autosave_path: PathBuf,
    last_autosave: Instant,
    autosaved: bool,
    complained: bool,
}

impl ModelFile {
    /// Makes sure that `path` can be written, before hours are spent. What is there stays.
    ///
    /// # Errors
    /// If it cannot; names the path and the reason.
    pub fn new(path: &Path) -> Result<Self> {
        let cannot_write = || format!("cannot write {}", path.display());
        if path.is_dir() {
            bail!("{}: it is a folder", cannot_write());
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if folder.exists() && !folder.is_dir() {
            bail!("{}: {} is not a folder", cannot_write(), folder.display());
        }
        std::fs::create_dir_all(folder).with_context(cannot_write)?;
        tempfile::tempfile_in(folder).with_context(cannot_write)?;
        Ok(Self {
            autosave_path: autosave_path(path),
            path: path.to_owned(),
            last_autosave: Instant::now(),
            autosaved: false,
            complained: false,
        })
    }

    /// The model file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the model so far, if it is time to. A failure is said once: training can go on.
    pub fn autosave(&mut self, model: impl FnOnce() -> Option<Artifact>) {
        if self.last_autosave.elapsed() < AUTOSAVE_PERIOD {
            return;
        }
        self.last_autosave = Instant::now();
        let Some(model) = model() else { return };
        match model.save(&self.autosave_path) {
            Ok(()) => self.autosaved = true,
            Err(error) if !self.complained => {
                self.complained = true;
                let error = error_line(&error.into());
                say(format_args!("The model so far could not be saved: {error}"));
            }
            Err(_) => {}
        }
    }

    /// Writes the model under its own name.
    ///
    /// # Errors
    /// If it cannot be written; what was there before is untouched.
    pub fn save(&self, model: &Artifact) -> Result<()> {
        model
            .save(&self.path)
            .map_err(|error| self.with_autosave(error.into()))
    }

    /// Removes the model so far: the final one is there.
    pub fn remove_autosave(&mut self) {
        if std::mem::take(&mut self.autosaved) {
            // One file too many is no failure.
            if let Err(error) = std::fs::remove_file(&self.autosave_path) {
                let path = self.autosave_path.display();
                tracing::warn!("the autosave {path} stays: {error}");
            }
        }
    }

    /// An error, and where the last good model is.
    pub fn with_autosave(&self, error: anyhow::Error) -> anyhow::Error {
        if self.autosaved {
            let path = self.autosave_path.display();
            return error.context(format!("the last autosaved model is {path}"));
        }
        error
    }
}

/// `model.safetensors` has `model.autosave.safetensors` beside it.
fn autosave_path(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".safetensors").unwrap_or(&name);
    path.with_file_name(format!("{stem}.autosave.safetensors"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_autosave_is_a_sibling() {
        for (path, sibling) in [
            ("a/m.safetensors", "a/m.autosave.safetensors"),
            ("v1.2", "v1.2.autosave.safetensors"),
        ] {
            assert_eq!(autosave_path(Path::new(path)), Path::new(sibling));
        }
    }
}
