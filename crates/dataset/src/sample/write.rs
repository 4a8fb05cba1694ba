//! Writing the sample sets as PNG files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use rayon::prelude::*;
use thiserror::Error;

use super::{SETS, SampleFile, Set, Shot, shots};

/// Why sample files could not be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// A folder could not be made.
    #[error("cannot create the folder {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file could not be read, written or renamed.
    #[error("cannot write {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file of that name is there already and is not the sample picture.
    #[error("{} exists and is something else: choose another folder", path.display())]
    Occupied {
        /// The file, left as it was.
        path: PathBuf,
    },
}

/// Writes all sets into sub-folders of `into`; `progress` gets the files done and their number.
///
/// Files already there with the same pixels are left alone, so an interrupted run can be repeated.
///
/// # Errors
/// At the first folder or file that cannot be written; nothing that existed is changed.
pub fn write(into: &Path, progress: &mut dyn FnMut(usize, usize)) -> Result<(), WriteError> {
    let total = SETS.iter().map(|set| set.file_count()).sum();
    let mut before = 0;
    for set in SETS {
        write_set(set, &into.join(set), &mut |done, _| {
            progress(before + done, total)
        })?;
        before += set.file_count();
    }
    Ok(())
}

/// Writes one set into the folder `into`; otherwise as [`write()`].
///
/// # Errors
/// As [`write()`].
pub fn write_set(
    set: Set,
    into: &Path,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(), WriteError> {
    let mut writer = SampleWriter::new(set, into);
    while !writer.is_done() {
        writer.step()?;
        let (done, total) = writer.progress();
        progress(done, total);
    }
    Ok(())
}

/// Photographs taken in one step; a few for each thread.
const CHUNK: usize = 8;

/// Writes a set a few files at a time, so that whoever drives it can show progress or stop.
pub struct SampleWriter {
    into: PathBuf,
    pending: std::vec::IntoIter<Shot>,
    done: usize,
    total: usize,
}

impl SampleWriter {
    /// Starts writing a set into the folder `into`.
    pub fn new(set: Set, into: &Path) -> Self {
        Self {
            into: into.to_path_buf(),
            pending: shots(set).into_iter(),
            done: 0,
            total: set.file_count(),
        }
    }

    /// Files done, and files in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.total)
    }

    /// Whether every file is there.
    pub fn is_done(&self) -> bool {
        self.pending.len() == 0
    }

    /// Renders and writes the next few photographs in parallel.
    ///
    /// # Errors
    /// As [`write()`].
    pub fn step(&mut self) -> Result<(), WriteError> {
        let chunk: Vec<Shot> = self.pending.by_ref().take(CHUNK).collect();
        let into = &self.into;
        let written: Vec<usize> = chunk
            .into_par_iter()
            .map(|shot| {
                let files = shot.files();
                for file in &files {
                    write_file(&into.join(&file.relative_path), file)?;
                }
                Ok(files.len())
            })
            .collect::<Result<_, WriteError>>()?;
        self.done += written.iter().sum::<usize>();
        Ok(())
    }
}

fn write_file(path: &Path, file: &SampleFile) -> Result<(), WriteError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|source| WriteError::Folder {
        path: folder.to_path_buf(),
        source,
    })?;
    let failed = |source: io::Error| WriteError::File {
        path: path.to_path_buf(),
        source,
    };
    if path.try_exists().map_err(failed)? {
        return if holds(path, file) {
            Ok(())
        } else {
            Err(WriteError::Occupied {
                path: path.to_path_buf(),
            })
        };
    }
    // Under its own name only when complete: a full disk leaves no half picture.
    let part = path.with_extension("png.part");
    encode(file)
        .and_then(|bytes| fs::write(&part, bytes))
        .and_then(|()| fs::rename(&part, path))
        .map_err(|source| {
            // The first failure is the one to report.
            let _ = fs::remove_file(&part);
            failed(source)
        })
}

fn encode(file: &SampleFile) -> io::Result<Vec<u8>> {
    let colour = if file.channels == 3 {
        ExtendedColorType::Rgb8
    } else {
        ExtendedColorType::L8
    };
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive)
        .write_image(&file.pixels, file.width as u32, file.height as u32, colour)
        .map_err(io::Error::other)?;
    Ok(bytes)
}

/// Whether the file at `path` decodes to exactly this picture.
pub(super) fn holds(path: &Path, file: &SampleFile) -> bool {
    let Ok(found) = image::open(path) else {
        return false;
    };
    let size = (found.width() as usize, found.height() as usize);
    let channels = found.color().channel_count() as usize;
    size == (file.width, file.height)
        && channels == file.channels
        && found.as_bytes() == file.pixels
}
