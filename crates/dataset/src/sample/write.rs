//! Writing the sample sets as PNG files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use include_dir::File;

use super::{SETS, Set};
use kizumi_image::atomic::write_atomic;

/// Writes all sets into sub-folders of `into`; `progress` gets the files done and their number.
///
/// Files already there with the same pixels are left alone, so an interrupted run can be repeated.
///
/// # Errors
/// At the first folder or file that cannot be written, which the text names; nothing that existed
/// is changed.
pub fn write(into: &Path, progress: &mut dyn FnMut(usize, usize)) -> Result<()> {
    let total = SETS.iter().map(|set| set.files().len()).sum();
    let mut before = 0;
    for set in SETS {
        let mut writer = SampleWriter::new(set, into);
        while !writer.is_done() {
            writer.step()?;
            progress(before + writer.progress().0, total);
        }
        before += set.files().len();
    }
    Ok(())
}

/// Files written in one step.
const CHUNK: usize = 16;

/// Writes a set a few files at a time, so that whoever drives it can show progress or stop.
pub struct SampleWriter {
    into: PathBuf,
    files: Vec<&'static File<'static>>,
    done: usize,
}

impl SampleWriter {
    /// Starts writing a set into the sub-folder of `into` that has its name.
    pub fn new(set: Set, into: &Path) -> Self {
        Self {
            into: into.to_path_buf(),
            files: set.files(),
            done: 0,
        }
    }

    /// Files done, and files in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.files.len())
    }

    /// Whether every file is there.
    pub fn is_done(&self) -> bool {
        self.done == self.files.len()
    }

    /// Writes the next few files.
    ///
    /// # Errors
    /// As [`write()`].
    pub fn step(&mut self) -> Result<()> {
        for file in self.files[self.done..].iter().take(CHUNK) {
            write_file(&self.into.join(file.path()), file.contents())?;
            self.done += 1;
        }
        Ok(())
    }
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the folder {}", folder.display()))?;
    }
    if path.exists() {
        ensure!(
            holds(path, bytes),
            "{} exists and is something else: choose another folder",
            path.display()
        );
        return Ok(());
    }
    write_atomic(path, bytes)
}

/// Whether the file at `path` has the pixels of these bytes, in whatever compression.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    match (image::open(path), image::load_from_memory(bytes)) {
        (Ok(found), Ok(sample)) => found == sample,
        _ => false,
    }
}
