//! The images that an inspection is asked for.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::picture_names::{UniqueNames, is_shortened, picture_name};
use kizumi_dataset::catalog::Kind;
use kizumi_dataset::path_list::PathList;
use kizumi_dataset::scan::{list_plain, scan};

/// All of them in order, in a few bytes each: the list may be long.
#[derive(Default)]
pub struct Targets {
    runs: Vec<Run>,
    names: UniqueNames,
}

/// Images one after the other that have this in common.
struct Run {
    folder: PathBuf,
    kind: Kind,
    /// Images before.
    start: usize,
    /// Below the folder.
    paths: PathList,
}

/// What the results say of an image beside its file.
pub struct Label {
    /// What its folder says it shows.
    pub kind: Kind,
    /// What its pictures are called; no two images have the same.
    pub name: String,
}

impl Targets {
    /// Images, those below folders, and the test images of data sets, in this order; of a folder
    /// in natural order.
    ///
    /// # Errors
    /// A path that is missing or a folder without images.
    pub fn find(paths: &[PathBuf]) -> Result<Self> {
        let mut targets = Self::default();
        for path in paths {
            targets.add(path)?;
        }
        let below = targets.runs.iter().flat_map(|run| run.paths.iter());
        targets.names = UniqueNames::new(targets.len(), below.map(picture_name));
        Ok(targets)
    }

    /// Images whose pictures have shortened names.
    pub fn shortened(&self) -> usize {
        let below = self.runs.iter().flat_map(|run| run.paths.iter());
        below.filter(|path| is_shortened(path)).count()
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.runs
            .last()
            .map_or(0, |last| last.start + last.paths.len())
    }

    /// The file of image number `index`, counted from 0; `None` beyond the end.
    pub fn path(&self, index: usize) -> Option<PathBuf> {
        let (run, below) = self.at(index)?;
        Some(run.folder.join(below))
    }

    /// The label of image number `index`, counted from 0; `None` beyond the end.
    pub fn label(&self, index: usize) -> Option<Label> {
        let (run, below) = self.at(index)?;
        Some(Label {
            kind: run.kind.clone(),
            name: self.names.unique(index, picture_name(below)),
        })
    }

    fn at(&self, index: usize) -> Option<(&Run, &Path)> {
        let after = self.runs.partition_point(|run| run.start <= index);
        let run = self.runs.get(after.checked_sub(1)?)?;
        Some((run, run.paths.get(index - run.start)?))
    }

    fn add(&mut self, path: &Path) -> Result<()> {
        // A missing path is told by the scan, in its words.
        if path.is_file() {
            let folder = path.parent().unwrap_or(Path::new(""));
            self.push(folder, path, Kind::Unknown);
            return Ok(());
        }
        // Nothing says that these are normal.
        if let Some(paths) = list_plain(path)? {
            let start = self.len();
            self.runs.push(Run {
                folder: path.into(),
                kind: Kind::Unknown,
                start,
                paths,
            });
            return Ok(());
        }
        let catalog = scan(path)?;
        if catalog.test.is_empty() {
            bail!("{}: this data set has no test images", path.display());
        }
        for entry in catalog.test {
            self.push(path, &entry.path, entry.kind);
        }
        Ok(())
    }

    fn push(&mut self, folder: &Path, path: &Path, kind: Kind) {
        let below = path.strip_prefix(folder).unwrap_or(path);
        let start = self.len();
        match self.runs.last_mut() {
            Some(run) if run.folder == folder && run.kind == kind => run.paths.push(below),
            _ => {
                let mut paths = PathList::default();
                paths.push(below);
                self.runs.push(Run {
                    folder: folder.into(),
                    kind,
                    start,
                    paths,
                });
            }
        }
    }
}
