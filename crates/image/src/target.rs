//! The file that a long job ends in.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::atomic::{write_atomic, write_new};
use super::safe_name::{NAME_BYTES_MAX, safe_name, shortened};
use super::stamp::Stamp;
use crate::undone::{Doing as _, Task};

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
                    written.doing(Task::Write, &path)?;
                    return Ok(path);
                }
            }
        }
    }

    fn make_folder(&self) -> Result<()> {
        self.path.parent().map_or(Ok(()), |folder| {
            fs::create_dir_all(folder).doing(Task::MakeFolder, folder)
        })
    }

    fn is_as_before(&self) -> bool {
        let now = Stamp::of(&self.path);
        // A file that was removed is nobody's work.
        now.is_none() || now == self.before
    }
}

/// Names are not shortened below so many bytes.
const SHORTEST: usize = 32;

/// `model.safetensors` becomes `model-2.safetensors`, in a name that file systems take.
pub fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default();
    let mut rest = OsString::from(format!("-{number}"));
    if let Some(ending) = path.extension() {
        rest.push(".");
        rest.push(ending);
    }
    let room = NAME_BYTES_MAX.saturating_sub(rest.len());
    let mut name = match stem.len() > room && room > SHORTEST {
        true => shortened(&safe_name(Path::new(stem)), room)
            .into_owned()
            .into(),
        false => stem.to_owned(),
    };
    name.push(rest);
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
    fn the_longest_name_gets_a_number_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("傷".repeat(80) + "ab.safetensors");
        assert_eq!(path.file_name().unwrap().len(), 254);
        let (one, other) = (Target::new(&path), Target::new(&path));
        assert_eq!(one.write(b"one").unwrap(), path);
        let second = other.write(b"other").unwrap();
        assert!(second.to_str().unwrap().ends_with("-2.safetensors"));
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
