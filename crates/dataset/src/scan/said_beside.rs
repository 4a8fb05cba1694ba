//! What lies beside a folder of images alone and may say that some of them are defective: lists, annotations, masks.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use kizumi_image::decode::Limits;
use kizumi_image::mask_look::{Look, look};

use super::lists::unread::lists_of_some;
use super::mask_names::{folder_name, image_names};
use super::role::Role;
use crate::file_name::{comparable, readable, stem};
use crate::walk::{ending, is_image};

/// The most entries of a folder that are looked at.
const MAX_ENTRIES: usize = 4096;

/// The most folders beside that one that are looked into.
const MAX_FOLDERS: usize = 16;

/// Pictures of such a folder that are looked at.
const LOOKED_AT: usize = 3;

/// Endings of files of which there is one for each image that something is said of.
const OF_ONE_IMAGE: [&str; 3] = [".txt", ".xml", ".json"];

/// The lists directly in the folder above that name some of these images, and the folders beside this one, called as
/// those of masks and annotations are, that hold files with the names of some, or a list of them; in order. No folder
/// below those is entered.
pub(super) fn said_beside(root: &Path, images: &[PathBuf]) -> Vec<PathBuf> {
    let Ok(root) = root.canonicalize() else {
        return Vec::new();
    };
    let Some(above) = root.parent() else {
        return Vec::new();
    };
    let stems: HashSet<String> = images.iter().map(|image| stem(image)).collect();
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries(above)
        .into_iter()
        .filter(|path| *path != root)
        .partition(|path| path.is_dir());
    let mut found = lists_of_some(files, images);
    let folders = folders.into_iter().filter(|folder| may_hold_masks(folder));
    let folders = folders.take(MAX_FOLDERS);
    found.extend(folders.filter(|folder| {
        let files = entries(folder);
        let of_some = files.iter().filter(|file| is_of_some(file, &stems));
        let (pictures, texts): (Vec<&PathBuf>, Vec<&PathBuf>) =
            of_some.partition(|file| is_image(file));
        // Labels on parts are photographed, too.
        let is_mask = |file: &PathBuf| look(file, Limits::PARALLEL) != Ok(Look::Photograph);
        let mut looked_at = pictures.into_iter().take(LOOKED_AT);
        !texts.is_empty() || looked_at.any(is_mask) || !lists_of_some(files, images).is_empty()
    }));
    found.sort();
    found
}

/// Whether a folder is called as one of masks or of annotations.
fn may_hold_masks(folder: &Path) -> bool {
    let name = readable(folder.file_name().unwrap_or_default());
    Role::of(&name) == Role::Masks || folder_name(&comparable(&name)).is_some()
}

/// Whether a file is a mask or says something of one of these images, by its name.
fn is_of_some(file: &Path, stems: &HashSet<String>) -> bool {
    let own = stem(file);
    let is_about_one = is_image(file) || OF_ONE_IMAGE.contains(&ending(file).as_str());
    is_about_one && (stems.contains(&own) || image_names(&own).any(|name| stems.contains(name)))
}

/// What lies directly in a folder, in order.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let entries = entries.take(MAX_ENTRIES).flatten();
    let is_hidden = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with('.')
    };
    let paths = entries.map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| !is_hidden(path)).collect();
    paths.sort();
    paths
}
