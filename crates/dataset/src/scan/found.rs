//! The files below a folder: images, masks, the rest.

use std::path::{Path, PathBuf};

use super::error::{ScanError, unreadable};
use super::mask_names::{folder_name, joined_words};
use super::names::word;
use super::pairing::{MaskFile, Place};
use super::per_folder::PerFolder;
use super::role::Role;
use crate::file_name::{comparable, readable};
use crate::left_out::{LeftOut, Reason};
use crate::path_list::PathList;
use crate::walk::{subfolders, walk};

/// What lies below a folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Images, in natural order.
    pub images: Vec<PathBuf>,
    /// Masks, beside images or in folders of their own.
    pub masks: Vec<MaskFile>,
    /// Everything else.
    pub left_out: Vec<LeftOut>,
}

impl Found {
    /// Everything below a folder.
    ///
    /// # Errors
    /// When it cannot be read, or holds too much.
    pub fn below(root: &Path) -> Result<Self, ScanError> {
        let walk = walk(root).map_err(|error| unreadable(root, &error))?;
        if walk.gave_up {
            return Err(ScanError::TooManyFiles { path: root.into() });
        }
        let mut found = Self::default();
        let mut folders = PerFolder::new();
        // Images alone that lie in a folder named "label" are no masks: of what?
        let mask_folder = |folder: &Path| mask_folder(root, folder);
        let is_mask = |image: &Path| folders.of(image, mask_folder).is_some();
        let only_masks = walk.images.iter().all(is_mask);
        let mut with_points = PerFolder::new();
        for image in walk.images.iter() {
            if *with_points.of(image, |folder| holds_points(root, folder)) {
                found.left_out.push(LeftOut {
                    path: root.join(image),
                    reason: Reason::Points,
                });
                continue;
            }
            match folders
                .of(image, mask_folder)
                .as_ref()
                .filter(|_| !only_masks)
            {
                Some(place) => found.masks.push(place.of(root, image)),
                None => found.images.push(root.join(image)),
            }
        }
        // Among masks all are masks.
        for one in walk.left_out {
            let below = one.path.strip_prefix(root).unwrap_or(&one.path);
            let place = match one.reason {
                Reason::MaskOrImage if !only_masks => folders.of(below, mask_folder).as_ref(),
                _ => None,
            };
            match place {
                Some(place) => found.masks.push(place.of(root, below)),
                None => found.left_out.push(one),
            }
        }
        for mask in walk.masks.iter() {
            let place = folders.of(mask, mask_folder).as_ref();
            found.masks.push(match place.filter(|_| !only_masks) {
                Some(place) => place.of(root, mask),
                None => MaskFolder::beside(mask).of(root, mask),
            });
        }
        Ok(found)
    }
}

/// Whether the files of a folder are points in space of the images in that beside it, as MVTec 3D has them.
fn holds_points(root: &Path, folder: &Path) -> bool {
    let is = |folder: &Path, name: &str| {
        let own = readable(folder.file_name().unwrap_or_default());
        comparable(&own) == name
    };
    let beside = || subfolders(&root.join(folder.parent().unwrap_or(folder)));
    is(folder, "xyz") && beside().iter().any(|other| is(other, "rgb"))
}

/// Whether some of these images lie in a folder of masks, and others do not.
pub(super) fn has_mask_folder(root: &Path, images: &PathList) -> bool {
    let mut folders = PerFolder::new();
    let mask_folder = |folder: &Path| mask_folder(root, folder);
    let mut is_mask = |image: &Path| folders.of(image, mask_folder).is_some();
    images.iter().any(&mut is_mask) && !images.iter().all(is_mask)
}

/// Where a mask lies, below the folder that was looked through.
struct MaskFolder {
    /// The folder that the folder of masks lies in.
    scope: PathBuf,
    /// The names of the folders in that.
    folders: Vec<String>,
}

impl MaskFolder {
    fn beside(mask: &Path) -> Self {
        Self {
            scope: mask.parent().unwrap_or(Path::new("")).to_owned(),
            folders: Vec::new(),
        }
    }

    fn of(&self, root: &Path, mask: &Path) -> MaskFile {
        MaskFile {
            path: root.join(mask),
            places: vec![Place {
                // Joining nothing would add a separator.
                scope: match self.scope.as_os_str().is_empty() {
                    true => root.to_owned(),
                    false => root.join(&self.scope),
                },
                folders: self.folders.clone(),
            }],
        }
    }
}

/// The folder of masks that the files of a folder lie in, the outermost one: it is called so, or, as
/// `scratch_mask` and `良品マスク` are, after a folder beside it.
fn mask_folder(root: &Path, folder: &Path) -> Option<MaskFolder> {
    let names: Vec<String> = folder.iter().map(readable).collect();
    names.iter().enumerate().find_map(|(at, name)| {
        let scope: PathBuf = folder.iter().take(at).collect();
        let mut folders = names[at + 1..].to_vec();
        let is_masks = Role::of(name) == Role::Masks;
        let Some(images) = folder_name(&comparable(name)) else {
            return is_masks.then_some(MaskFolder { scope, folders });
        };
        let beside = subfolders(&root.join(&scope));
        let beside = beside.iter().map(|other| {
            let other = readable(other.file_name().unwrap_or_default());
            (folder_name(&comparable(&other)).is_none(), other)
        });
        let beside: Vec<String> = beside
            .filter_map(|(is_of_images, name)| is_of_images.then_some(name))
            .collect();
        let exact = beside
            .iter()
            .find(|other| joined_words(&comparable(other)) == images);
        // `defect_gt` is of `NG`, and where there are several such folders, of all of them.
        let alike = || {
            let said = word(&images)?;
            let alike = |other: &&String| word(other).is_some_and(|one| one.is_alike(said));
            let mut alike = beside.iter().filter(alike);
            Some((alike.next()?, alike.next().is_none()))
        };
        match exact.map(|name| (name, true)).or_else(alike) {
            Some((images, true)) => folders.insert(0, images.clone()),
            Some((_, false)) => {}
            // `1_mask` is of `1`; without that it is one for all.
            None if is_masks => {}
            None => return None,
        }
        Some(MaskFolder { scope, folders })
    })
}
