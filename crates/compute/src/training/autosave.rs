//! The file that an interrupted training goes on from.
//!
//! A training keeps what it has learned so far in a file of its own beside the model that it will
//! become: `washer.autosave-x7Kq2f.safetensors` for `washer.safetensors`. That is a model file like any
//! other, with a [`RunRecord`] in its metadata. The training holds it locked while it runs, so no two
//! share one, and one that nobody holds belongs to a training that was killed: [`interrupted`] finds it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, Header, read_note};
use kizumi_image::atomic::{sweep, write_held};
use kizumi_image::held::Held;
use kizumi_image::safe_name::safe_name;
use kizumi_image::shown::shown;
use kizumi_image::undone::{Doing as _, Task};
use kizumi_image::{path_json, regular};
use kizumi_method::config::{MapConfig, ProjectionConfig};

/// The metadata key of the record.
const RECORD_KEY: &str = "kizumi.run";

/// What stands between the model's name and the random part.
const MARK: &str = ".autosave-";

/// Letters and digits of the random part.
const RANDOM_LETTERS: usize = 6;

const ENDING: &str = ".safetensors";

/// The most characters of the model's name in that of the autosave: file systems allow 255 bytes.
const STEM_CHARACTERS: usize = 48;

/// What else than the model it takes to go on with a training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The folder of images, absolute.
    #[serde(with = "path_json")]
    pub data: PathBuf,
    /// The model file in which it is to end, absolute.
    #[serde(with = "path_json")]
    pub target: PathBuf,
    /// Training images that had been seen when it began; 0 unless it trained a model further.
    pub images_before: u64,
    /// Seconds spent training, pauses not counted.
    pub trained_secs: f64,
    /// Whether training ended by itself, so that only measuring the normal images is missing.
    pub is_trained: bool,
    /// The projection that the model will be calibrated with.
    pub projection: ProjectionConfig,
    /// The maps that it will be calibrated with.
    pub map: MapConfig,
}

/// A training that ended before its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interrupted {
    /// Its autosave.
    pub autosave: PathBuf,
    /// The folder of images.
    pub data: PathBuf,
    /// The model file in which it was to end.
    pub target: PathBuf,
    /// Training images seen.
    pub images: u64,
    /// How much of it was done, `0.0..=1.0`, when it had a limit of images or of time.
    pub share: Option<f64>,
}

impl Interrupted {
    fn read(path: &Path) -> Option<Self> {
        let _held = Held::take(regular::open(path).ok()?)?;
        let (header, record) = read_record(path)?;
        Some(Self {
            share: share_done(&header, &record),
            autosave: path.to_owned(),
            images: header.images_seen,
            data: record.data,
            target: record.target,
        })
    }
}

fn read_record(path: &Path) -> Option<(Header, RunRecord)> {
    let (header, record) = read_note(path, RECORD_KEY)?;
    Some((header, serde_json::from_str(&record).ok()?))
}

fn share_done(header: &Header, record: &RunRecord) -> Option<f64> {
    if record.is_trained {
        return Some(1.0);
    }
    let limit = &header.training.limit;
    let epochs = limit
        .epochs
        .map(|epochs| epochs.saturating_mul(header.training.images_per_epoch));
    let images = [epochs, limit.images].into_iter().flatten().min();
    let by_images = images.map(|images| {
        let all = images.saturating_sub(record.images_before).max(1);
        header.images_seen.saturating_sub(record.images_before) as f64 / all as f64
    });
    let by_time = limit.seconds.map(|limit| record.trained_secs / limit);
    let shares = [by_images, by_time].into_iter().flatten();
    shares.max_by(f64::total_cmp).map(|share| share.min(1.0))
}

/// The trainings in a folder that were interrupted, the latest first. What is running is not among
/// them. Temporary files of killed saves are removed from the folder, and so are autosaves that were
/// never written.
pub fn interrupted(folder: &Path) -> Vec<Interrupted> {
    sweep(folder);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if !(is_autosave(&entry.path()) && metadata.is_file()) {
            continue;
        }
        if metadata.len() == 0 {
            remove_unless_held(&entry.path());
        } else if let Some(interrupted) = Interrupted::read(&entry.path()) {
            found.push((metadata.modified().ok(), interrupted));
        }
    }
    found.sort_by(|(a, _), (b, _)| b.cmp(a));
    found.into_iter().map(|(_, found)| found).collect()
}

/// Whether a file has the name of an autosave. One with any other name, though it may hold what an
/// autosave holds, belongs to whoever gave it that name.
pub fn is_autosave(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let random = name
        .strip_suffix(ENDING)
        .and_then(|name| name.rsplit_once(MARK));
    random.is_some_and(|(_, random)| {
        random.len() == RANDOM_LETTERS && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn remove_unless_held(path: &Path) {
    if let Ok(file) = regular::open(path)
        && let Some(_held) = Held::take(file)
    {
        // One that stays is tried again the next time.
        let _ = fs::remove_file(path);
    }
}

/// Gives up what an interrupted training had learned.
///
/// # Errors
/// When it is running, or the file cannot be removed.
pub fn discard(path: &Path) -> Result<()> {
    Autosave::take_over(path)?.remove()
}

/// Reads the model of an autosave, or of a copy of one under another name, and what else it takes to go
/// on; `None` for any other model.
///
/// # Errors
/// As [`Artifact::load`].
pub fn load(path: &Path, device: &Device) -> Result<(Artifact, Option<RunRecord>)> {
    let artifact = Artifact::load(path, device)?;
    Ok((artifact, read_record(path).map(|(_, record)| record)))
}

/// The autosave of a training that runs.
#[derive(Debug)]
pub struct Autosave {
    path: PathBuf,
    /// The locked file.
    held: Option<Held>,
    written: bool,
}

/// The training in this file goes on elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: this training is running", shown(.0))]
pub struct Running(pub PathBuf);

impl Autosave {
    /// Takes a name beside `target` that no other training has. The folder is made if it is missing.
    ///
    /// # Errors
    /// If nothing can be written there; names the folder and the reason.
    pub fn beside(target: &Path) -> Result<Self> {
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        fs::create_dir_all(folder).doing(Task::WriteIn, folder)?;
        sweep(folder);
        let name = safe_name(Path::new(target.file_name().unwrap_or_default()));
        let stem = name.strip_suffix(ENDING).unwrap_or(&name);
        let stem: String = stem.chars().take(STEM_CHARACTERS).collect();
        let (file, path) = tempfile::Builder::new()
            .prefix(&format!("{stem}{MARK}"))
            .suffix(ENDING)
            .rand_bytes(RANDOM_LETTERS)
            .tempfile_in(folder)
            .and_then(|file| file.keep().map_err(|error| error.error))
            .doing(Task::WriteIn, folder)?;
        // Where files cannot be locked, two trainings still have two names.
        Ok(Self {
            path,
            held: Held::take(file),
            written: false,
        })
    }

    /// Goes on with the autosave of a training that was interrupted.
    ///
    /// # Errors
    /// When that one is running after all.
    pub fn take_over(path: &Path) -> Result<Self> {
        let file = regular::open(path).doing(Task::Read, path)?;
        let held = Held::take(file).ok_or_else(|| Running(path.to_owned()))?;
        Ok(Self {
            path: path.to_owned(),
            held: Some(held),
            written: true,
        })
    }

    /// The file, once something is in it.
    pub fn path(&self) -> Option<&Path> {
        self.written.then_some(&*self.path)
    }

    /// Replaces what was saved by the model as it is now.
    ///
    /// # Errors
    /// If it cannot be written: what was saved before is there still.
    pub fn write(&mut self, artifact: &Artifact, record: &RunRecord) -> Result<()> {
        let record = serde_json::to_string(record).context("a record is plain data")?;
        let bytes = artifact.to_bytes_with(&[(RECORD_KEY, &record)])?;
        if cfg!(windows) {
            // An open file cannot be replaced there.
            self.held = None;
        }
        self.held = Some(write_held(&self.path, &bytes)?);
        self.written = true;
        Ok(())
    }

    /// Removes the file: the model is where it belongs, or nobody wants it.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn remove(mut self) -> Result<()> {
        self.written = true;
        fs::remove_file(&self.path).doing(Task::Remove, &self.path)
    }
}

impl Drop for Autosave {
    fn drop(&mut self) {
        if !self.written {
            // Empty; whoever looks for interrupted trainings removes it otherwise.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_named_is_no_autosave() {
        let is = |name: &str| is_autosave(Path::new(name));
        assert!(is("models/washer.autosave-x7Kq2f.safetensors"));
        assert!(is("a.autosave-b.autosave-x7Kq2f.safetensors"));
        for name in ["copy", "x7Kq2f (1)", "x7Kq2f-2", "傷見"] {
            assert!(
                !is(&format!("washer.autosave-{name}.safetensors")),
                "{name}"
            );
        }
        assert!(!is("washer.safetensors") && !is("washer.autosave-x7Kq2f"));
    }
}
