//! The file that a long job ends in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::atomic::{write_atomic, write_new};
use super::stamp::Stamp;

/// Where the result of a long job goes. What somebody else puts there while the job runs is not
/// replaced: the result then gets the next free name.
#[derive(Debug)]
pub struct Target {
    path: PathBuf,
    /// The file when the job began.
    before: Option<Stamp>,
}

impl Target {
    /// A job that begins now and ends in `path`.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            before: Stamp::of(path),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the job is to replace a file.
    pub fn replaces(&self) -> bool {
        self.before.is_some()
    }

    /// Writes the result; where to. Folders that are missing are made.
    ///
    /// # Errors
    /// If it cannot be written; names the path and the reason.
    pub fn write(&self, bytes: &[u8]) -> Result<PathBuf> {
        if !(self.replaces() && self.is_as_before()) {
            return self.write_new(bytes);
        }
        self.make_folder()?;
        write_atomic(&self.path, bytes)?;
        Ok(self.path.clone())
    }

    /// As [`Target::write`], but no file is replaced: if there is one, the result gets the next free name.
    ///
    /// # Errors
    /// As [`Target::write`].
    pub fn write_new(&self, bytes: &[u8]) -> Result<PathBuf> {
        self.make_folder()?;
        let mut number = 1;
        loop {
            let path = match number {
                1 => self.path.clone(),
                _ => numbered(&self.path, number),
            };
            match write_new(&path, bytes) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                written => {
                    written.with_context(|| format!("cannot write {}", path.display()))?;
                    return Ok(path);
                }
            }
        }
    }

    fn make_folder(&self) -> Result<()> {
        self.path.parent().map_or(Ok(()), |folder| {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))
        })
    }

    fn is_as_before(&self) -> bool {
        let now = Stamp::of(&self.path);
        // A file that was removed is nobody's work.
        now.is_none() || now == self.before
    }
}

/// `model.safetensors` becomes `model-2.safetensors`.
pub fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = match path.extension() {
        Some(ending) => format!("{stem}-{number}.{}", ending.to_string_lossy()),
        None => format!("{stem}-{number}"),
    };
    path.with_file_name(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn two_jobs_with_one_target_end_with_two_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("models").join("washer.safetensors");
        let (one, other) = (Target::new(&path), Target::new(&path));
        assert_eq!(one.write(b"one").unwrap(), path);
        let second = other.write(b"other").unwrap();
        assert_eq!(second, path.with_file_name("washer-2.safetensors"));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read(&second).unwrap(), b"other");
    }

    #[test]
    fn a_file_is_replaced_by_the_job_that_knew_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.safetensors");
        fs::write(&path, b"old").unwrap();
        let (one, other) = (Target::new(&path), Target::new(&path));
        assert!(one.replaces());
        assert_eq!(one.write(b"trained on").unwrap(), path);
        assert_eq!(
            other.write(b"by another").unwrap(),
            path.with_file_name("m-2.safetensors")
        );
        assert_eq!(fs::read(&path).unwrap(), b"trained on");
    }
}
