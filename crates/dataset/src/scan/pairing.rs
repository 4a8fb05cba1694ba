//! Which mask belongs to which image.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use kizumi_image::mask_source::MaskSource;

use super::mask_names::{image_names, is_of_interest, prefixes};
use super::per_folder::PerFolder;
use super::role::Role;
use crate::file_name::{comparable, ending, readable, stem, whole};
use crate::left_out::{LeftOut, Reason};

/// A mask file, and where its image may lie.
#[derive(Clone, Debug)]
pub(super) struct MaskFile {
    pub path: PathBuf,
    pub places: Vec<Place>,
}

/// A folder that a mask's image lies somewhere below, and the names of the folders from there on, so far as
/// the mask's own folders tell.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub scope: PathBuf,
    pub folders: Vec<String>,
}

/// What an image is found by: the scope, the folders below it that matter, the name.
type Key = (PathBuf, String, String);

/// The masks of images, and those that are nobody's.
#[derive(Debug, Default)]
pub(super) struct Paired {
    /// By the image's place among those that were given.
    pub masks: Vec<Option<MaskSource>>,
    pub left_out: Vec<LeftOut>,
}

/// A mask among those of one name.
struct Candidate<'a> {
    path: &'a Path,
    /// Its name, or that of its folder, says that it is one.
    is_marked: bool,
}

/// Gives each image its masks. Names are compared composed and in lower case. `X_mask.png` goes before `X.png`:
/// with both, the latter may be a copy of the image. Of images of one name each has the mask of its own ending.
pub(super) fn pair(images: &[&Path], masks: &[MaskFile]) -> Paired {
    let index = Index::new(images, masks);
    let mut paired = Paired {
        masks: vec![None; images.len()],
        left_out: Vec::new(),
    };
    let mut groups: BTreeMap<Vec<usize>, Vec<Candidate<'_>>> = BTreeMap::new();
    for mask in masks {
        match mask
            .places
            .iter()
            .find_map(|place| index.images_of(&mask.path, place))
        {
            Some((images, is_marked)) => groups.entry(images).or_default().push(Candidate {
                path: &mask.path,
                is_marked,
            }),
            None => paired.leave_out(&mask.path, Reason::MaskWithoutImage),
        }
    }
    let mut of_image: HashMap<usize, Vec<PathBuf>> = HashMap::new();
    for (group, candidates) in groups {
        let marked = candidates.iter().any(|mask| mask.is_marked);
        let (mut free, copies): (Vec<_>, Vec<_>) = candidates
            .into_iter()
            .partition(|mask| mask.is_marked == marked);
        for copy in copies {
            paired.leave_out(copy.path, Reason::MaskCopy);
        }
        let mut take = |image: usize, masks: Vec<Candidate<'_>>| {
            let paths = masks.into_iter().map(|mask| mask.path.to_owned());
            of_image.entry(image).or_default().extend(paths);
        };
        let mut without = Vec::new();
        for &image in &group {
            let path = images[image];
            let like_it = group
                .iter()
                .filter(|other| ending(images[**other]) == ending(path));
            let by_case = like_it.count() > 1;
            let (own, others): (Vec<_>, Vec<_>) = free.into_iter().partition(|mask| {
                ending(mask.path) == ending(path)
                    && (!by_case || stem(mask.path).contains(&stem(path)))
            });
            free = others;
            match own.is_empty() {
                true => without.push(image),
                false => take(image, own),
            }
        }
        let reason = match without[..] {
            [image] => {
                take(image, std::mem::take(&mut free));
                continue;
            }
            [] => Reason::MaskWithoutImage,
            _ => Reason::MaskOfSeveral,
        };
        for mask in free {
            paired.leave_out(mask.path, reason.clone());
        }
    }
    for (image, files) in of_image {
        paired.masks[image] = (!files.is_empty()).then_some(MaskSource::Files(files));
    }
    paired
}

impl Paired {
    fn leave_out(&mut self, path: &Path, reason: Reason) {
        let path = path.to_owned();
        self.left_out.push(LeftOut { path, reason });
    }
}

/// Images by their names, wherever they lie.
pub(super) struct Called<'i> {
    by_name: HashMap<String, Vec<&'i Path>>,
}

impl<'i> Called<'i> {
    pub fn new(images: impl Iterator<Item = &'i Path>) -> Self {
        let mut by_name: HashMap<String, Vec<&Path>> = HashMap::new();
        for image in images {
            by_name.entry(stem(image)).or_default().push(image);
        }
        Self { by_name }
    }

    /// Whether one of them has the name that the image of a mask may have, which lies in no folder of one kind, and lies where
    /// that may be.
    pub fn may_have(&self, mask: &MaskFile) -> bool {
        let own = stem(&mask.path);
        let names = std::iter::once(own.as_str()).chain(image_names(&own));
        let mut images = names.filter_map(|name| self.by_name.get(name)).flatten();
        images.any(|image| {
            let mut places = mask.places.iter();
            places
                .any(|place| matters(&place.folders).is_empty() && image.starts_with(&place.scope))
        })
    }
}

/// Images by all that a mask may know of them.
struct Index {
    by_folder: HashMap<Key, Vec<usize>>,
    /// Without the folders, and whether the image has any that matter.
    by_name: HashMap<(PathBuf, String), Vec<(usize, bool)>>,
}

impl Index {
    fn new(images: &[&Path], masks: &[MaskFile]) -> Self {
        let places = masks.iter().flat_map(|mask| &mask.places);
        let scopes: HashSet<&Path> = places.map(|place| place.scope.as_path()).collect();
        let mut index = Self {
            by_folder: HashMap::new(),
            by_name: HashMap::new(),
        };
        let mut tails = PerFolder::new();
        for (at, image) in images.iter().enumerate() {
            let tails: &Vec<(PathBuf, String)> = tails.of(image, |folder| {
                let scopes = folder.ancestors().filter(|scope| scopes.contains(scope));
                let tail = |scope: &Path| {
                    let below = folder.strip_prefix(scope).unwrap_or(folder);
                    let names: Vec<String> = below.iter().map(readable).collect();
                    (scope.to_owned(), matters(&names).join("/"))
                };
                scopes.map(tail).collect()
            });
            // Some programs add to the whole name, with its ending.
            for name in [stem(image), whole(image)] {
                for (scope, tail) in tails {
                    let key = (scope.clone(), name.clone());
                    let same = index.by_name.entry(key).or_default();
                    same.push((at, tail.is_empty()));
                    let key = (scope.clone(), tail.clone(), name.clone());
                    index.by_folder.entry(key).or_default().push(at);
                }
            }
        }
        index
    }

    /// The images that a mask may belong to, all of one name, and whether the mask is marked as one.
    fn images_of(&self, mask: &Path, place: &Place) -> Option<(Vec<usize>, bool)> {
        let stem = stem(mask);
        let folders = matters(&place.folders);
        let in_folders = |folders: &[String], name: &str| {
            let key = (place.scope.clone(), folders.join("/"), name.to_owned());
            self.by_folder.get(&key).cloned()
        };
        let exact = in_folders(&folders, &stem).map(|images| (images, false));
        let marked = || {
            let mut found = image_names(&stem).filter_map(|name| in_folders(&folders, name));
            found.next().map(|images| (images, true))
        };
        // What it shows follows the name of the image. Mere numbers are names of other images, unless both lie
        // in one folder, where only what looks like a mask is one.
        let is_beside = mask.parent() == Some(&place.scope);
        let longer = || {
            let mut found = prefixes(&stem).filter_map(|name| {
                let rest = &stem[name.len()..];
                let says_more = is_beside || rest.contains(char::is_alphabetic);
                in_folders(&folders, name).filter(|_| says_more && !is_of_interest(rest))
            });
            found.next().map(|images| (images, true))
        };
        // A folder with the name of the image, and its masks in it.
        let folder = || {
            let (image, above) = folders.split_last()?;
            Some((in_folders(above, image)?, true))
        };
        let anywhere = |name: &str, is_marked: bool| {
            let key = (place.scope.clone(), name.to_owned());
            match self.by_name.get(&key)?[..] {
                [(image, flat)] if flat || folders.is_empty() => Some((vec![image], is_marked)),
                _ => None,
            }
        };
        exact
            .or_else(marked)
            .or_else(folder)
            .or_else(|| anywhere(&stem, false))
            .or_else(|| image_names(&stem).find_map(|name| anywhere(name, true)))
            .or_else(longer)
    }
}

/// The folders that tell images apart: not those that say what images are for, or that they are images.
fn matters(folders: &[String]) -> Vec<String> {
    let is_frame = |name: &&String| {
        let role = Role::of(name);
        role.is_split() || matches!(role, Role::Container | Role::Masks)
    };
    let rest = folders.iter().filter(|name| !is_frame(name));
    rest.map(|name| comparable(name)).collect()
}
