//! Recognises how a folder of images is organised. Only names are looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::catalog::{Catalog, Entry, Kind, Layout, count_of};
use super::mask_files::MaskFiles;
use super::path_list::PathList;
use super::walk::{Walk, subfolders, walk};

/// Names of a folder of normal images, in any case.
const NORMAL_NAMES: [&str; 3] = ["good", "ok", "normal"];

/// With fewer normal images than this a person is warned.
const FEW_NORMALS: usize = 10;

/// Why a folder is no data set.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScanError {
    /// Missing, or not allowed.
    #[error("{}: cannot be read: {reason}", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// A file.
    #[error("{}: is a file; open the folder that holds the images", path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// Nothing to use.
    #[error(
        "{}: no images found. Looked for PNG, JPEG, BMP, TIFF and WebP files in train/good and \
         test/<kind>, or anywhere below the folder{seen}", path.display()
    )]
    NoImages {
        /// The folder.
        path: PathBuf,
        /// What was there instead, or empty.
        seen: String,
    },
    /// The folder above one or more data sets.
    #[error("{}: holds data sets; open one of them: {}", path.display(), names.join(", "))]
    HoldsDatasets {
        /// The folder.
        path: PathBuf,
        /// Names of the folders in it that look like data sets.
        names: Vec<String>,
    },
    /// More files than any data set has.
    #[error("{}: holds more than a million files; open a folder further down", path.display())]
    TooManyFiles {
        /// The folder.
        path: PathBuf,
    },
}

/// Finds the images of a data set: MVTec layout (`train/good`, `test/<kind>`,
/// `ground_truth/<kind>/X_mask.png` or `X.png`), with train or test alone too, else every image
/// below the folder as a normal one.
///
/// # Errors
/// [`ScanError`], which names the folder and what was looked for.
pub fn scan(root: &Path) -> Result<Catalog, ScanError> {
    let mut scan = Scan::default();
    let layout = match MvtecFolders::recognise(root)? {
        Some(folders) => {
            scan.mvtec(&folders)?;
            Layout::Mvtec
        }
        None => {
            scan.plain(root)?;
            Layout::Plain
        }
    };
    if scan.train.is_empty() && scan.test.is_empty() {
        return Err(scan.no_images(root));
    }
    scan.add_general_notes();
    Ok(Catalog {
        root: root.into(),
        layout,
        train: scan.train,
        test: scan.test,
        notes: scan.notes,
        left_out: Vec::new(),
        excluded: BTreeSet::new(),
    })
}

/// The images below a folder that is no data set in MVTec layout, as paths below it in natural
/// order: the same images as [`scan`] finds, in little memory however many they are. `None` for
/// the MVTec layout.
///
/// # Errors
/// As [`scan`].
pub fn list_plain(root: &Path) -> Result<Option<PathList>, ScanError> {
    if MvtecFolders::recognise(root)?.is_some() {
        return Ok(None);
    }
    let mut scan = Scan::default();
    let images = scan.walk(root)?;
    if images.is_empty() {
        return Err(scan.no_images(root));
    }
    Ok(Some(images))
}

fn unreadable(path: &Path, error: &std::io::Error) -> ScanError {
    ScanError::Unreadable {
        path: path.into(),
        reason: error.to_string(),
    }
}

/// The three folders of the MVTec layout, whatever the case of their names.
struct MvtecFolders {
    train: Option<PathBuf>,
    test: Option<PathBuf>,
    ground_truth: Option<PathBuf>,
}

impl MvtecFolders {
    /// The folders of a data set, or `None` for a folder of images in no such order.
    fn recognise(root: &Path) -> Result<Option<Self>, ScanError> {
        let metadata = std::fs::metadata(root).map_err(|error| unreadable(root, &error))?;
        if !metadata.is_dir() {
            return Err(ScanError::NotAFolder { path: root.into() });
        }
        std::fs::read_dir(root).map_err(|error| unreadable(root, &error))?;
        if let Some(folders) = Self::find(root) {
            return Ok(Some(folders));
        }
        let names: Vec<String> = subfolders(root)
            .iter()
            .filter(|folder| Self::find(folder).is_some())
            .map(|folder| name_of(folder))
            .collect();
        if names.is_empty() {
            Ok(None)
        } else {
            Err(ScanError::HoldsDatasets {
                path: root.into(),
                names,
            })
        }
    }

    /// `None` unless there are normal images to train on, or kinds to test.
    fn find(root: &Path) -> Option<Self> {
        let folders = subfolders(root);
        let find = |wanted: &str| {
            let plain_name = |folder: &&PathBuf| {
                let name = lower_name_of(folder);
                name.replace(['_', '-', ' '], "") == wanted
            };
            folders.iter().find(plain_name).cloned()
        };
        let found = Self {
            train: find("train"),
            test: find("test"),
            ground_truth: find("groundtruth"),
        };
        let trains = found
            .train
            .as_deref()
            .is_some_and(|train| subfolders(train).iter().any(|folder| is_normal(folder)));
        let tests = found
            .test
            .as_deref()
            .is_some_and(|test| !subfolders(test).is_empty());
        (trains || tests).then_some(found)
    }
}

/// What was found so far.
#[derive(Default)]
struct Scan {
    train: Vec<Entry>,
    test: Vec<Entry>,
    notes: Vec<String>,
    /// Files that are no images, by their ending.
    passed_over: BTreeMap<String, usize>,
}

impl Scan {
    fn mvtec(&mut self, folders: &MvtecFolders) -> Result<(), ScanError> {
        if let Some(train) = &folders.train {
            // Without a folder for them the images directly in train are the normal ones.
            let sorted = subfolders(train).iter().any(|folder| is_normal(folder));
            let (normal, other): (Vec<PathBuf>, Vec<PathBuf>) =
                self.images(train)?.into_iter().partition(|path| {
                    kind_folder(path, train).map_or(!sorted, |kind| is_normal(&kind))
                });
            self.train.extend(normal.into_iter().map(Entry::normal));
            if !other.is_empty() {
                self.notes.push(format!(
                    "{} in {} not used for training: only those in train/good are known to be normal.",
                    count_of(other.len(), "image"),
                    name_of(train),
                ));
            }
        }
        let mut masks = match &folders.ground_truth {
            Some(ground_truth) => MaskFiles::new(ground_truth, self.images(ground_truth)?),
            None => MaskFiles::default(),
        };
        if let Some(test) = &folders.test {
            let mut without_kind = 0;
            for path in self.images(test)? {
                let Some(folder) = kind_folder(&path, test) else {
                    without_kind += 1;
                    continue;
                };
                let kind = if is_normal(&folder) {
                    Kind::Normal
                } else {
                    Kind::Defect(name_of(&folder))
                };
                let mask = masks.take(&path, test).map(Into::into);
                self.test.push(Entry { path, kind, mask });
            }
            if without_kind > 0 {
                self.notes.push(format!(
                    "{} directly in test left out: only folders (test/good, test/<kind>) say what they show.",
                    count_of(without_kind, "image"),
                ));
            }
        }
        // Stable: natural order stays within a kind. Normal sorts first.
        self.test.sort_by(|a, b| a.kind.cmp(&b.kind));
        self.add_mask_notes(&masks);
        Ok(())
    }

    fn plain(&mut self, root: &Path) -> Result<(), ScanError> {
        let images = self.images(root)?;
        self.train.extend(images.into_iter().map(Entry::normal));
        let (normal, other): (Vec<PathBuf>, Vec<PathBuf>) = subfolders(root)
            .into_iter()
            .partition(|folder| is_normal(folder));
        if !normal.is_empty() && !other.is_empty() {
            let names: Vec<String> = other.iter().map(|folder| name_of(folder)).collect();
            self.notes.push(format!(
                "Every image is taken as normal, also those in {}.",
                first_few(&names)
            ));
        }
        Ok(())
    }

    /// The images below a folder; everything else found there goes into the notes.
    fn images(&mut self, folder: &Path) -> Result<Vec<PathBuf>, ScanError> {
        let images = self.walk(folder)?;
        Ok(images.iter().map(|image| folder.join(image)).collect())
    }

    /// The same as paths below the folder.
    fn walk(&mut self, folder: &Path) -> Result<PathList, ScanError> {
        let Walk {
            images,
            passed_over,
            unreadable: refused,
            gave_up,
        } = walk(folder).map_err(|error| unreadable(folder, &error))?;
        if gave_up {
            return Err(ScanError::TooManyFiles {
                path: folder.into(),
            });
        }
        for (ending, count) in passed_over {
            *self.passed_over.entry(ending).or_default() += count;
        }
        for (path, reason) in refused {
            self.notes
                .push(format!("{}: cannot be read: {reason}", path.display()));
        }
        Ok(images)
    }

    fn no_images(&self, root: &Path) -> ScanError {
        ScanError::NoImages {
            path: root.into(),
            seen: self
                .passed_over()
                .map_or_else(String::new, |seen| format!("; {seen}")),
        }
    }

    fn add_mask_notes(&mut self, masks: &MaskFiles) {
        let unused = masks.unused();
        if !unused.is_empty() {
            self.notes.push(format!(
                "{} without an image: {}.",
                count_of(unused.len(), "mask"),
                first_few(&unused)
            ));
        }
        let defective = |entry: &&Entry| entry.kind != Kind::Normal && entry.mask.is_none();
        let unmasked = self.test.iter().filter(defective).count();
        if unmasked > 0 {
            self.notes.push(format!(
                "{} without a mask, left out of pixel metrics.",
                count_of(unmasked, "defective image")
            ));
        }
    }

    fn add_general_notes(&mut self) {
        match self.train.len() {
            0 => self.notes.push(
                "No normal images to train on: this data set serves inspection and evaluation."
                    .to_owned(),
            ),
            few @ 1..FEW_NORMALS => self.notes.push(format!(
                "Only {}: results improve with {FEW_NORMALS} or more.",
                count_of(few, "normal image")
            )),
            _ => {}
        }
        self.notes.extend(self.passed_over().map(|note| note + "."));
    }

    /// "9 files passed over (7 .heic, 2 .txt)", if there were any.
    fn passed_over(&self) -> Option<String> {
        let total: usize = self.passed_over.values().sum();
        let kinds: Vec<String> = self
            .passed_over
            .iter()
            .map(|(ending, count)| match ending.as_str() {
                "" => format!("{count} without an ending"),
                ending => format!("{count} {ending}"),
            })
            .collect();
        (total > 0).then(|| {
            format!(
                "{} passed over ({})",
                count_of(total, "other file"),
                first_few(&kinds)
            )
        })
    }
}

/// `test/<kind>` of an image anywhere below it; `None` directly in `test`.
fn kind_folder(path: &Path, test: &Path) -> Option<PathBuf> {
    let mut names = path.strip_prefix(test).ok()?.iter();
    let kind = names.next()?;
    names.next()?;
    Some(test.join(kind))
}

fn is_normal(folder: &Path) -> bool {
    NORMAL_NAMES.contains(&lower_name_of(folder).as_str())
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn lower_name_of(path: &Path) -> String {
    name_of(path).to_lowercase()
}

/// The first three, and how many more there are.
fn first_few(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
