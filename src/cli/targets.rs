//! The images that an inspection is asked for.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::dataset::say_labels;
use super::roles::RoleOptions;
use super::said::fail;
use kizumi_dataset::catalog::{Kind, Note, name_below};
use kizumi_dataset::labels::Labels;
use kizumi_dataset::left_out::{self, LeftOut};
use kizumi_dataset::path_list::PathList;
use kizumi_dataset::scan::{Listed, list, scan_as};
use kizumi_image::picture_names::{UniqueNames, is_shortened, picture_name};
use kizumi_image::shown::shown;

/// All of them in order, in a few bytes each: the list may be long.
#[derive(Default)]
pub struct Targets {
    runs: Vec<Run>,
    names: UniqueNames,
    /// What a person should know of the folders.
    pub notes: Vec<Note>,
    /// Files and folders that are left out.
    pub left_out: usize,
    /// Those of them that are images, or hold some, but for all that anybody knows.
    pub missed: usize,
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
    /// Images, those below folders, and those to test with of data sets, in this order; of a folder
    /// in natural order.
    ///
    /// # Errors
    /// A path that is missing or a folder without images.
    pub fn find(paths: &[PathBuf], roles: &RoleOptions) -> Result<Self> {
        let mut targets = Self::default();
        for path in paths {
            targets.add(path, roles)?;
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

    fn add(&mut self, path: &Path, roles: &RoleOptions) -> Result<()> {
        // A missing path is told by the scan, in its words.
        if path.is_file() {
            let folder = path.parent().unwrap_or(Path::new(""));
            self.push(folder, path, Kind::Unknown);
            return Ok(());
        }
        let roles = roles.of(path);
        let listed = match roles.is_empty() {
            true => list(path)?,
            false => Listed::Set(Box::new(scan_as(path, &roles)?)),
        };
        match listed {
            // Nothing says that these are normal.
            Listed::Plain(paths, left_out) => {
                self.leave_out(&left_out);
                self.notes.extend(left_out::notes(path, &left_out));
                let labels = Labels::of_list(path, &paths)?;
                say_labels(&labels);
                if labels.is_empty() {
                    let start = self.len();
                    self.runs.push(Run {
                        folder: path.into(),
                        kind: Kind::Unknown,
                        start,
                        paths,
                    });
                    return Ok(());
                }
                for below in paths.iter() {
                    let kind = labels.kind(&name_below(path, below), &Kind::Unknown);
                    self.push(path, below, kind);
                }
            }
            Listed::Set(catalog) => {
                self.leave_out(&catalog.left_out);
                self.notes.extend(left_out::notes(path, &catalog.left_out));
                if catalog.inspected().next().is_none() {
                    let set = shown(path);
                    fail!(
                        "{set}: this data set has no test images",
                        "{set}：このデータセットにはテスト画像がありません"
                    );
                }
                let labels = Labels::of(&catalog)?;
                say_labels(&labels);
                for entry in catalog.inspected() {
                    let kind = labels.kind(&catalog.name_of(&entry.path), &entry.kind);
                    self.push(path, &entry.path, kind);
                }
            }
        }
        Ok(())
    }

    fn leave_out(&mut self, left_out: &[LeftOut]) {
        self.left_out += left_out.len();
        let missed = left_out.iter().filter(|one| one.reason.is_missed());
        self.missed += missed.count();
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
