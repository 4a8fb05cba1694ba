//! One run at a time writes into a folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::said::fail;
use kizumi_image::held::Held;
use kizumi_image::regular;
use kizumi_image::shown::shown;
use kizumi_image::undone::{Doing as _, Task};

/// Lies in the folder while somebody writes there.
const NAME: &str = ".kizumi.lock";

/// A folder that nobody else writes into, until this is dropped.
#[derive(Debug)]
pub struct OutLock {
    path: PathBuf,
    _held: Held,
}

impl OutLock {
    /// Makes the folder, if need be, and holds it.
    ///
    /// # Errors
    /// When another run writes there, or the folder cannot be written.
    pub fn hold(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).doing(Task::MakeFolder, folder)?;
        let path = folder.join(NAME);
        // Opening a pipe would wait for a reader.
        if let Ok(metadata) = fs::metadata(&path) {
            regular::check(&metadata).doing(Task::Write, &path)?;
        }
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .doing(Task::Write, &path)?;
        let Some(held) = Held::take(file) else {
            let folder = shown(folder);
            fail!(
                "{folder}: another run writes its results there",
                "{folder}：別の実行が結果を書き込んでいます"
            );
        };
        Ok(Self { path, _held: held })
    }
}

impl Drop for OutLock {
    fn drop(&mut self) {
        // One that stays is in nobody's way: it is not held.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_into_one_folder_is_refused_and_leaves_the_first_alone() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let first = OutLock::hold(&out).unwrap();
        let error = OutLock::hold(&out).unwrap_err().to_string();
        assert!(error.contains("out: another run"), "{error}");
        assert!(
            OutLock::hold(&out).is_err(),
            "the refusal took the lock away"
        );
        drop(first);
        assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
        assert!(OutLock::hold(&out).is_ok());
    }
}
