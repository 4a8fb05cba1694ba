//! Files that grow by whole records.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;

use kizumi_image::atomic::write_atomic;
use kizumi_image::undone::{Doing as _, Task};

/// A file that is valid at any moment: it starts with a whole head and grows by whole records.
#[derive(Debug)]
pub struct AppendFile {
    path: PathBuf,
    file: File,
}

impl AppendFile {
    /// Replaces the file at `path` by one that holds `head` alone.
    ///
    /// # Errors
    /// If it cannot be written; the text names it. Then the old file is still there.
    pub fn create(path: &Path, head: &[u8]) -> Result<Self> {
        write_atomic(path, head)?;
        Self::open(path)
    }

    /// Goes on with the file at `path`, which ends with a whole record.
    ///
    /// # Errors
    /// If it cannot be written; the text names it.
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new()
            .append(true)
            .open(path)
            .doing(Task::Write, path)?;
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }

    /// Appends one record in one write, unbuffered: it is with the operating system when this
    /// returns. If only a part fits (a full disk), that part is taken back.
    ///
    /// # Errors
    /// If it cannot be written; the text names the file, which holds the records before.
    pub fn append(&mut self, record: &[u8]) -> Result<()> {
        let append = |file: &mut File| {
            let before = file.metadata()?.len();
            file.write_all(record).inspect_err(|_| {
                // The write's error is the one to report.
                let _ = file.set_len(before);
            })
        };
        append(&mut self.file).doing(Task::Write, &self.path)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn starts_afresh_and_grows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, "what an earlier run left, without a line end").unwrap();
        let mut file = AppendFile::create(&path, b"head\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"head\n");
        for record in ["one\n", "two\n"] {
            file.append(record.as_bytes()).unwrap();
        }
        assert_eq!(fs::read(&path).unwrap(), b"head\none\ntwo\n");
    }

    #[test]
    fn errors_name_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/log");
        let error = format!("{:#}", AppendFile::create(&path, b"").unwrap_err());
        assert!(error.contains(&path.display().to_string()), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error() {
        let mut file = AppendFile::open(Path::new("/dev/full")).unwrap();
        let error = format!("{:#}", file.append(b"line\n").unwrap_err());
        assert!(error.contains("/dev/full"), "{error}");
    }
}
