//! A log file that never grows large: when it is full it is put aside, and what was put aside
//! longest ago goes.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use kizumi_image::regular;
use kizumi_image::shown::shown;

/// Bytes after which a file is put aside.
const FULL_BYTES: u64 = 1 << 20;
/// Files that are kept beside the one that is written.
const KEPT: usize = 2;

/// A file to which lines are appended: `kizumi.log`, and `kizumi.1.log`, `kizumi.2.log` before it.
///
/// It is opened anew for every line. That is cheap at a few lines a minute, and several windows may
/// write one file, or a person delete it, without anybody holding on to one that is gone.
#[derive(Debug)]
pub struct RotatingFile {
    path: PathBuf,
    full_bytes: u64,
    /// Held while a line is written: two threads must not both put the file aside.
    turn: Mutex<()>,
    failed: AtomicBool,
}

impl RotatingFile {
    /// Nothing is written yet.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            full_bytes: FULL_BYTES,
            turn: Mutex::new(()),
            failed: AtomicBool::new(false),
        }
    }

    /// The file that is written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line, after putting a full file aside.
    ///
    /// # Errors
    /// If the folder cannot be made or the file cannot be written.
    pub fn append(&self, line: &[u8]) -> io::Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match self.open() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(self.path.parent().unwrap_or(Path::new("")))?;
                self.open()?
            }
            opened => opened?,
        };
        let mut file = match file.metadata()?.len() >= self.full_bytes {
            true => {
                drop(file);
                self.put_aside()?;
                self.open()?
            }
            false => file,
        };
        file.write_all(line)
    }

    fn open(&self) -> io::Result<File> {
        // Opening a pipe would wait for a reader.
        if let Ok(metadata) = fs::metadata(&self.path) {
            regular::check(&metadata)?;
        }
        File::options().append(true).create(true).open(&self.path)
    }

    /// Renames the files, the oldest first: its name is taken by the next.
    fn put_aside(&self) -> io::Result<()> {
        for number in (0..KEPT).rev() {
            match fs::rename(self.numbered(number), self.numbered(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The file that was put aside so many files ago; 0 is the one that is written.
    fn numbered(&self, number: usize) -> PathBuf {
        match number {
            0 => self.path.clone(),
            _ => self.path.with_extension(format!("{number}.log")),
        }
    }
}

impl Write for &RotatingFile {
    /// A file that cannot be written is told on stderr, once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let written = self.append(line);
        if let Err(error) = &written
            && !self.failed.swap(true, Ordering::Relaxed)
        {
            let path = shown(&self.path);
            // Without a stderr there is nobody to tell.
            let _ = writeln!(
                io::stderr(),
                "kizumi: the log {path} cannot be written: {error}"
            );
        }
        written.map(|()| line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_the_place_of_the_log_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kizumi.log");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let error = RotatingFile::new(path).append(b"line\n").unwrap_err();
        assert!(error.to_string().contains("a pipe"), "{error}");
    }

    #[test]
    fn however_much_is_logged_the_files_stay_few_and_small() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/kizumi.log");
        let log = RotatingFile {
            full_bytes: 1000,
            ..RotatingFile::new(path.clone())
        };
        for number in 0..500 {
            log.append(format!("line {number}\n").as_bytes()).unwrap();
        }
        let mut sizes = Vec::new();
        for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
            sizes.push(entry.unwrap().metadata().unwrap().len());
        }
        assert_eq!(sizes.len(), 1 + KEPT);
        assert!(sizes.iter().all(|size| *size < 1020), "{sizes:?}");
        let newest = fs::read_to_string(&path).unwrap();
        assert!(newest.ends_with("line 499\n"), "{newest}");
        let before = fs::read_to_string(log.numbered(1)).unwrap();
        let last = before.lines().last().unwrap();
        let first = newest.lines().next().unwrap();
        let number = |line: &str| line[5..].parse::<u32>().unwrap();
        assert_eq!(number(last) + 1, number(first), "no line is lost");
    }

    #[test]
    fn a_file_that_was_deleted_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let log = RotatingFile::new(folder.path().join("kizumi.log"));
        log.append(b"one\n").unwrap();
        fs::remove_file(log.path()).unwrap();
        log.append(b"two\n").unwrap();
        assert_eq!(fs::read(log.path()).unwrap(), b"two\n");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(
            RotatingFile::new(file.join("kizumi.log"))
                .append(b"x")
                .is_err()
        );
    }
}
