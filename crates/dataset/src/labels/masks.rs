//! Where masks that people drew are kept: one picture an image, below a folder beside the file of labels, which
//! names them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use kizumi_image::drawn_mask::DrawnMask;
use serde::{Deserialize, Serialize};

use super::file::LabelError;
use super::matching::Said;
use super::place::{masks_beside, masks_spare, spare};
use crate::catalog::name_below;
use crate::walk::walk;

/// The most bytes of a file's name that every usual file system takes.
const NAME_BYTES_MAX: usize = 255;

/// A drawn mask that is applied to no image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnusedMask {
    /// Its name below the folder of masks.
    pub mask: String,
    /// Why it is not applied.
    pub why: WhyUnused,
}

/// Why a drawn mask is applied to no image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyUnused {
    /// A label names it, and it is not there.
    Gone,
    /// It is there, and no label names it.
    NotNamed,
}

impl WhyUnused {
    /// In English, behind the name of the mask.
    pub fn words(self) -> &'static str {
        match self {
            Self::Gone => "is gone",
            Self::NotNamed => "belongs to no label",
        }
    }
}

/// Where the mask of an image of the data set at `root` is kept, in as far as nothing lies there of another image.
pub fn mask_file(root: &Path, image: &str) -> PathBuf {
    masks_beside(root).join(mask_name(image))
}

/// The name of the mask of an image below the folder of masks: that of the image with an ending more, or where that
/// is too long one that is made of it.
pub(super) fn mask_name(image: &str) -> String {
    let name = format!("{image}.png");
    let (folder, last) = name.rsplit_once('/').unwrap_or(("", &name));
    if last.len() <= NAME_BYTES_MAX {
        return name;
    }
    let hash = blake3::hash(image.as_bytes()).to_hex();
    match folder {
        "" => format!("{hash}.png"),
        folder => format!("{folder}/{hash}.png"),
    }
}

/// The mask of this name of the data set at `root`: the newer one where it lies beside the images and in this
/// program's own folder. `None` where it is not there, or the name leads anywhere else.
pub(super) fn find(root: &Path, name: &str) -> Option<PathBuf> {
    let modified = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).ok();
    let places = folders(root).map(|folder| folder.join(name));
    let there = places.filter_map(|path| Some((modified(&path)?, path)));
    let newest = there.reduce(|first, second| if second.0 > first.0 { second } else { first });
    newest.map(|(_, path)| path).filter(|_| stays_below(name))
}

/// Masks beside the images that none of the labels names.
pub(super) fn not_named(root: &Path, said: &[Said]) -> Vec<UnusedMask> {
    let folder = masks_beside(root);
    let Ok(found) = walk(&folder) else {
        // None were drawn.
        return Vec::new();
    };
    // Those of a folder above have masks there.
    let own = said.iter().filter(|one| one.file.is_none());
    let named: BTreeSet<&str> = own.filter_map(|one| one.record.mask.as_deref()).collect();
    let files = found.images.iter().chain(found.masks.iter());
    let names = files.map(|below| name_below(&folder, &folder.join(below)));
    let unnamed = names.filter(|name| !named.contains(name.as_str()));
    unnamed
        .map(|mask| UnusedMask {
            mask,
            why: WhyUnused::NotNamed,
        })
        .collect()
}

/// Keeps a mask in a folder of masks, if it is new, and gives its name there. `taken` says which names other images
/// have.
pub(super) fn keep(
    drawn: &DrawnMask,
    image: &str,
    folder: &Path,
    root: &Path,
    taken: impl Fn(&str) -> bool,
) -> Result<String, LabelError> {
    let wanted = mask_name(image);
    if !drawn.is_in_memory() {
        let known = folders(root).find_map(|folder| name_in(&folder, &drawn.file));
        return Ok(known.unwrap_or(wanted));
    }
    let numbered = (2_u32..).map(|number| mask_name(&format!("{image}-{number}")));
    let mut names = std::iter::once(wanted.clone()).chain(numbered);
    let name = names.find(|name| !taken(name)).unwrap_or(wanted);
    let path = folder.join(&name);
    drawn.write(&path).map_err(|why| LabelError {
        path,
        reason: format!("{:#}", why.root_cause()),
    })?;
    Ok(name)
}

/// Removes the file of a mask that nobody wants any more, and folders that it leaves empty. What lies elsewhere than
/// masks do is left alone.
pub(super) fn remove(root: &Path, file: &Path, is_named: impl Fn(&str) -> bool) {
    for folder in folders(root) {
        let Some(name) = name_in(&folder, file).filter(|name| !is_named(name)) else {
            continue;
        };
        // One that stays is said to be unused the next time.
        let _ = fs::remove_file(folder.join(&name));
        for above in Path::new(&name).ancestors().skip(1) {
            // Where something is in it, it stays.
            let _ = fs::remove_dir(folder.join(above));
        }
    }
}

fn folders(root: &Path) -> impl Iterator<Item = PathBuf> {
    let own = spare(root).map(|spare| masks_spare(&spare));
    [Some(masks_beside(root)), own].into_iter().flatten()
}

fn name_in(folder: &Path, file: &Path) -> Option<String> {
    let below = file.strip_prefix(folder).ok()?;
    let name = below.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
    stays_below(&name).then_some(name)
}

/// Whether a name is one of a file below the folder that it is joined to.
fn stays_below(name: &str) -> bool {
    let mut parts = Path::new(name).components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}
