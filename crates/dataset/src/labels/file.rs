//! The file of labels.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kizumi_image::atomic::write_atomic;
use kizumi_image::drawn_mask::DrawnMask;
use kizumi_image::held::Held;
use kizumi_image::regular;
use kizumi_image::shown::shown;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Label;
use super::content::Content;
use super::masks;
use super::place::{beside, masks_beside, masks_spare, spare};

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Lies in this program's own folder of labels, and is locked while any are written.
const LOCK: &str = "writing.lock";

/// A file is refused beyond so many bytes: labels of a million images are fewer.
const BYTES_MAX: u64 = 1 << 29;

/// Why labels cannot be read or kept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {reason}", shown(path))]
pub struct LabelError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

/// What the file says of an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// What the data set called it.
    pub(super) image: String,
    /// What was said.
    #[serde(flatten)]
    pub(super) label: Label,
    /// What it held; `None` where it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<Content>,
    /// The mask that somebody drew, below the folder of masks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mask: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    images: Vec<Record>,
}

/// A label that was given, changed or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What the data set calls the image.
    pub image: String,
    /// Its file.
    pub path: PathBuf,
    /// Its label from now on.
    pub label: Option<Label>,
    /// What the file of labels calls it, where that is another name.
    pub earlier_name: Option<String>,
    /// Its drawn mask from now on, which is kept with a label only.
    pub mask: NewMask,
    /// The file of a mask that nobody wants any more: it is removed, unless an image has it.
    pub unwanted: Option<PathBuf>,
}

impl Change {
    /// This label, and whatever mask it has.
    pub fn of(image: impl Into<String>, path: impl Into<PathBuf>, label: Option<Label>) -> Self {
        Self {
            image: image.into(),
            path: path.into(),
            label,
            earlier_name: None,
            mask: NewMask::Same,
            unwanted: None,
        }
    }
}

/// What becomes of the drawn mask of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NewMask {
    /// It stays what it is.
    #[default]
    Same,
    /// The image has none.
    None,
    /// It is this one.
    Drawn(DrawnMask),
}

/// Where labels were kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The file.
    pub path: PathBuf,
    /// Why it is not the one beside the images.
    pub aside: Option<LabelError>,
    /// Why a file of a folder above still says what was said before.
    pub above: Option<LabelError>,
}

/// What the file of the data set at `root` says; nothing where there is none.
pub(super) fn read(root: &Path) -> Result<Vec<Record>, LabelError> {
    read_of(root, spare(root))
}

fn read_of(root: &Path, spare: Option<PathBuf>) -> Result<Vec<Record>, LabelError> {
    newest(root, spare).map_or(Ok(Vec::new()), |path| read_from(&path))
}

/// The file of the data set at `root`, where there is one.
pub(super) fn file_of(root: &Path) -> Option<PathBuf> {
    newest(root, spare(root))
}

/// Of the file beside the images and the one that stands in for it the newer.
fn newest(root: &Path, spare: Option<PathBuf>) -> Option<PathBuf> {
    let modified = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).ok();
    let places = [Some(beside(root)), spare].into_iter().flatten();
    let there = places.filter_map(|path| Some((modified(&path)?, path)));
    // Of two that are as old the first: it lies beside the images.
    let newest = there.reduce(|first, second| if second.0 > first.0 { second } else { first });
    newest.map(|(_, path)| path)
}

/// What a file says.
pub(super) fn read_from(path: &Path) -> Result<Vec<Record>, LabelError> {
    let error = |reason: String| LabelError {
        path: path.into(),
        reason,
    };
    let bytes = regular::read(path, BYTES_MAX)
        .map_err(|why| error(format!("the labels cannot be read: {why}")))?;
    let File { version, images } = serde_json::from_slice(&bytes)
        .map_err(|why| error(format!("these are no labels of this program: {why}")))?;
    match version {
        VERSION => Ok(images),
        other => Err(error(format!(
            "labels of version {other}; this program reads {VERSION}"
        ))),
    }
}

/// Writes changes, and then what their images hold: these are read to the end.
///
/// # Errors
/// As [`save_labels`].
pub fn save(root: &Path, changes: &[Change]) -> Result<Saved, LabelError> {
    let saved = save_labels(root, changes)?;
    let images = changes
        .iter()
        .map(|one| (one.image.clone(), one.path.clone()));
    add_contents(root, &images.collect::<Vec<_>>())?;
    Ok(saved)
}

/// Writes changes to the file beside the images: what it says of other images, and what another window has written
/// meanwhile, stays. Where it cannot be written, or holds what is not understood, this program's own folder keeps the
/// labels. Files of folders above that say something of these images say the same then; what only they know stays
/// there alone, with its mask. What the images hold is not looked at: [`add_contents`] does.
///
/// # Errors
/// When neither place takes them.
pub fn save_labels(root: &Path, changes: &[Change]) -> Result<Saved, LabelError> {
    let _lock = lock();
    let carried = super::above::carry(root, changes);
    let known = read(root).unwrap_or_default();
    let known: BTreeSet<&str> = known.iter().map(|record| record.image.as_str()).collect();
    let stays_above = |(change, file): &(&Change, &Option<PathBuf>)| {
        let names = [Some(&change.image), change.earlier_name.as_ref()];
        let mut names = names.into_iter().flatten();
        let is_own = names.any(|name| known.contains(name.as_str()));
        file.is_some() && !is_own && !matches!(change.mask, NewMask::Drawn(_))
    };
    let own = changes.iter().zip(&carried.files);
    let own: Vec<Change> = own
        .filter(|one| !stays_above(one))
        .map(|(change, _)| change.clone())
        .collect();
    let above = carried.error;
    match carried.files.into_iter().flatten().next() {
        Some(path) if own.is_empty() => Ok(Saved {
            path,
            aside: None,
            above,
        }),
        _ => {
            let saved = save_or_spare(root, spare(root), &own)?;
            Ok(Saved { above, ..saved })
        }
    }
}

/// Reads images to the end and writes what they hold beside their labels, where that is not known: so that these find
/// them under another name.
///
/// # Errors
/// When a file of labels cannot be written.
pub fn add_contents(root: &Path, images: &[(String, PathBuf)]) -> Result<(), LabelError> {
    let contents = images.par_iter();
    let contents =
        contents.filter_map(|(name, path)| Some((name.as_str(), Content::of(path).ok()?)));
    let contents: HashMap<&str, Content> = contents.collect();
    let _lock = lock();
    let own = file_of(root).map(|file| (file, String::new()));
    for (file, prefix) in own.into_iter().chain(super::above::named(root)) {
        // What cannot be read says nothing, which is said where it is read.
        let Ok(mut records) = read_from(&file) else {
            continue;
        };
        let mut is_new = false;
        for record in records.iter_mut().filter(|one| one.content.is_none()) {
            let name = record.image.strip_prefix(&prefix);
            record.content = name.and_then(|name| contents.get(name)).cloned();
            is_new |= record.content.is_some();
        }
        if is_new {
            write(&file, records)?;
        }
    }
    Ok(())
}

/// Held while files of labels are read and written again, so that windows lose nothing of each other.
fn lock() -> Option<Held> {
    let folders = directories::ProjectDirs::from("", "", "kizumi")?;
    let folder = folders.data_dir().join("labels");
    fs::create_dir_all(&folder).ok()?;
    let mut options = fs::File::options();
    let options = options.create(true).truncate(false).write(true);
    options.open(folder.join(LOCK)).ok().map(Held::wait)
}

fn write(path: &Path, images: Vec<Record>) -> Result<(), LabelError> {
    let file = File {
        version: VERSION,
        images,
    };
    let written = serde_json::to_vec_pretty(&file)
        .map_err(io::Error::other)
        .map_err(anyhow::Error::from)
        .and_then(|bytes| write_atomic(path, &bytes));
    written.map_err(|why| LabelError {
        path: path.into(),
        reason: format!("{:#}", why.root_cause()),
    })
}

/// The same, with the file that stands in for the one beside the images.
fn save_or_spare(
    root: &Path,
    spare: Option<PathBuf>,
    changes: &[Change],
) -> Result<Saved, LabelError> {
    let first = beside(root);
    let place = Place {
        root,
        file: &first,
        masks: masks_beside(root),
    };
    let aside = match place.save(read_of(root, spare.clone()), changes) {
        Ok(()) => {
            return Ok(Saved {
                path: first,
                aside: None,
                above: None,
            });
        }
        Err(error) => error,
    };
    let Some(path) = spare else {
        return Err(aside);
    };
    let folder = path.parent().unwrap_or(&path);
    fs::create_dir_all(folder).map_err(|why| LabelError {
        path: folder.into(),
        reason: why.to_string(),
    })?;
    let known = match path.exists() {
        true => read_from(&path),
        false => Ok(read_from(&first).unwrap_or_default()),
    };
    let place = Place {
        root,
        file: &path,
        masks: masks_spare(&path),
    };
    place.save(known, changes)?;
    Ok(Saved {
        path,
        aside: Some(aside),
        above: None,
    })
}

/// Writes changes to the `file` of labels of the data set at `root`, which says what is `known`.
pub(super) fn save_to(
    root: &Path,
    file: &Path,
    known: Vec<Record>,
    changes: &[Change],
) -> Result<(), LabelError> {
    let masks = match file == beside(root) {
        true => masks_beside(root),
        false => masks_spare(file),
    };
    Place { root, file, masks }.save(Ok(known), changes)
}

/// Where labels of a data set are kept.
struct Place<'a> {
    root: &'a Path,
    file: &'a Path,
    /// The folder of masks.
    masks: PathBuf,
}

impl Place<'_> {
    /// Writes changes to labels that are known. Masks are there before the file names them.
    fn save(
        &self,
        known: Result<Vec<Record>, LabelError>,
        changes: &[Change],
    ) -> Result<(), LabelError> {
        // What is there already and cannot be read is never written over.
        if self.file.exists() {
            read_from(self.file)?;
        }
        let known = known?.into_iter();
        let mut records: BTreeMap<String, Record> =
            known.map(|record| (record.image.clone(), record)).collect();
        // What an image was called may be what another one is called by now.
        let (renamed, others): (Vec<&Change>, Vec<&Change>) =
            changes.iter().partition(|one| one.earlier_name.is_some());
        let renamed = renamed.into_iter().map(|change| {
            let earlier = change.earlier_name.as_ref();
            (change, earlier.and_then(|earlier| records.remove(earlier)))
        });
        let renamed: Vec<(&Change, Option<Record>)> = renamed.collect();
        let others = others.into_iter().map(|change| (change, None));
        for (change, earlier) in renamed.into_iter().chain(others) {
            let own = records.remove(&change.image);
            let before = earlier.or(own);
            let (content, mask) = before.map_or((None, None), |one| (one.content, one.mask));
            let mask = match &change.mask {
                NewMask::Drawn(drawn) => Some(self.keep(drawn, &change.image, &records)?),
                NewMask::Same => mask,
                NewMask::None => None,
            };
            if let Some(label) = &change.label {
                let record = Record {
                    image: change.image.clone(),
                    label: label.clone(),
                    content: content.filter(|content| content.is_stamped(&change.path)),
                    mask,
                };
                records.insert(change.image.clone(), record);
            }
        }
        let named: BTreeSet<String> = records
            .values()
            .filter_map(|one| one.mask.clone())
            .collect();
        write(self.file, records.into_values().collect())?;
        for unwanted in changes.iter().filter_map(|one| one.unwanted.as_ref()) {
            masks::remove(self.root, unwanted, |name| named.contains(name));
        }
        Ok(())
    }

    /// Keeps a mask, and gives its name. `others` are the labels of other images.
    fn keep(
        &self,
        drawn: &DrawnMask,
        image: &str,
        others: &BTreeMap<String, Record>,
    ) -> Result<String, LabelError> {
        let is_taken = |name: &str| {
            let mut masks = others.values().filter_map(|one| one.mask.as_deref());
            masks.any(|mask| mask == name)
        };
        masks::keep(drawn, image, &self.masks, self.root, is_taken)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::test_folder::test_folder;

    fn labelled(root: &Path, image: &str) -> Change {
        let path = root.join(image);
        fs::write(&path, image).unwrap();
        Change::of(image, path, Some(Label::Ok))
    }

    #[test]
    fn what_is_not_understood_is_named_never_written_over_and_labels_are_kept_elsewhere() {
        let folder = test_folder();
        let spare = folder.path().join("own/labels/set.json");
        for (text, reason) in [
            (r#"{"version": 2, "images": []}"#, "version 2"),
            (r#"{"images": "all"}"#, "no labels of this program"),
        ] {
            let file = beside(folder.path());
            fs::write(&file, text).unwrap();
            let error = read_of(folder.path(), None).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
            assert_eq!(error.path, file);
            let changes = [labelled(folder.path(), "1.png")];
            let saved = save_or_spare(folder.path(), Some(spare.clone()), &changes).unwrap();
            assert_eq!((&saved.path, saved.aside), (&spare, Some(error)));
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        let changes = [labelled(folder.path(), "2.png")];
        save_or_spare(folder.path(), Some(spare.clone()), &changes).unwrap();
        let kept = read_of(folder.path(), Some(spare)).unwrap();
        let names: Vec<&str> = kept.iter().map(|record| record.image.as_str()).collect();
        assert_eq!(names, ["1.png", "2.png"]);
        let nowhere = save_or_spare(folder.path(), None, &changes);
        assert!(nowhere.is_err());
    }
}
