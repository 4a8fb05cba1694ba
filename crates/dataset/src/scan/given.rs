//! A data set as a person says that it is organised.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use kizumi_image::shown::shown;
use serde::{Deserialize, Serialize};

use super::arrangement::Order;
use super::deciding::{Candidate, Scanned};
use super::described::Annotations;
use super::doubt::Doubt;
use super::error::ScanError;
use super::found::Found;
use super::listed::List;
use super::lookalikes::lookalikes;
use super::made::made;
use super::mask_names::may_be_of_interest;
use super::names::{Word, word};
use super::names_below;
use super::pairing::{MaskFile, Place};
use super::question::again;
use super::reading::{Split, Use, in_test, says_bad};
use crate::catalog::{Catalog, Kind, Layout};
use crate::file_name::readable;
use crate::left_out::{LeftOut, Reason};

/// Which folders hold what, in a person's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Roles {
    /// Folders of normal images to learn from.
    pub normal: Vec<PathBuf>,
    /// Folders of images to test with; folders in them are named after what they show, as those of a `test`
    /// folder are.
    pub test: Vec<PathBuf>,
    /// Folders of the masks of test images.
    pub masks: Vec<PathBuf>,
    /// Folders of defective images to test with, whatever they are called.
    pub defective: Vec<PathBuf>,
    /// Folders that are not used, inside of the others.
    pub unused: Vec<PathBuf>,
    /// Whether a person was asked about all folders of the data set: about one that is new nothing was said, and a
    /// folder that has others of these in it stands for the images directly in it.
    pub of_all: bool,
    /// Whether the folder is there to be inspected, with nothing known of images whose names and folders say nothing:
    /// no other folder is named then.
    pub to_inspect: bool,
}

/// What a folder holds.
#[derive(Clone, Copy)]
enum Holds {
    Normal,
    Test,
    Defective,
    Unused,
}

impl Roles {
    /// All folders of which something was said.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        let all = [
            &self.normal,
            &self.test,
            &self.masks,
            &self.defective,
            &self.unused,
        ];
        all.into_iter().flatten().map(PathBuf::as_path)
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same with each folder once, whichever ways lead to it; those in `root` by the way from there.
    fn with_each_once(&self, root: &Path) -> Self {
        let top = root.canonicalize();
        let plain = |folder: &PathBuf| {
            let whole = folder.canonicalize().ok()?;
            let below = whole.strip_prefix(top.as_ref().ok()?).ok()?;
            // Joining nothing would add a separator.
            Some(match below.as_os_str().is_empty() {
                true => root.to_owned(),
                false => root.join(below),
            })
        };
        let each_once = |folders: &[PathBuf]| {
            let mut seen = BTreeSet::new();
            let folders = folders.iter();
            let folders = folders.map(|folder| plain(folder).unwrap_or_else(|| folder.clone()));
            let is_new = |folder: &PathBuf| {
                let whole = folder.canonicalize();
                seen.insert(whole.unwrap_or_else(|_| folder.clone()))
            };
            folders.filter(is_new).collect()
        };
        Self {
            normal: each_once(&self.normal),
            test: each_once(&self.test),
            masks: each_once(&self.masks),
            defective: each_once(&self.defective),
            unused: each_once(&self.unused),
            of_all: self.of_all,
            to_inspect: self.to_inspect,
        }
    }

    /// A folder that is named as two things.
    fn contradicted(&self) -> Option<&Path> {
        let mut seen = BTreeSet::new();
        self.folders().find(|folder| {
            let whole = folder.canonicalize();
            !seen.insert(whole.unwrap_or_else(|_| folder.to_path_buf()))
        })
    }

    /// Whether a folder stands for the images directly in it alone.
    fn is_flat(&self, folder: &Path, root: &Path) -> bool {
        let has_inside = |other: &Path| other != folder && other.starts_with(folder);
        self.of_all && (folder == root || self.folders().any(has_inside))
    }
}

/// As [`super::scan`], with the folders of normal images, of test images and of masks as a person says.
/// They may lie outside `root`; inside it, nothing else is used. An image in a folder of normal ones is left out
/// when its mask marks a defect, or a list or an annotation calls it defective.
///
/// # Errors
/// [`ScanError`]; [`ScanError::GivenTwice`]; [`ScanError::Ambiguous`] where a person was asked about [all folders](Roles::of_all) and there are
/// others by now.
pub fn scan_as(root: &Path, roles: &Roles) -> Result<Catalog, ScanError> {
    scan_rest_as(root, roles, &HashSet::new())
}

/// The same where a person has said what some images show, the `labelled` ones: where nothing was said of their folders
/// they are there as images to test with of which nothing is known.
///
/// # Errors
/// As [`scan_as`].
pub(crate) fn scan_rest_as(
    root: &Path,
    roles: &Roles,
    labelled: &HashSet<PathBuf>,
) -> Result<Catalog, ScanError> {
    let roles = &roles.with_each_once(root);
    if let Some(folder) = roles.contradicted() {
        return Err(ScanError::GivenTwice {
            path: folder.to_owned(),
        });
    }
    let defective = said_defective(root, &roles.normal)?;
    let mut images = Vec::new();
    let mut masks = Vec::new();
    let mut left_out = Vec::new();
    let mut taken = BTreeSet::new();
    for folder in &roles.masks {
        for file in all_below(folder, &mut left_out)? {
            taken.insert(file.clone());
            let own = file.parent().unwrap_or(&file);
            let folders = names_below(own, folder).unwrap_or_default();
            let scopes = roles.test.iter().chain(&roles.normal);
            let scopes = scopes.chain(&roles.defective);
            let place = |scope: &PathBuf| Place {
                scope: scope.clone(),
                folders: folders.clone(),
            };
            masks.push(MaskFile {
                places: scopes.map(place).collect(),
                path: file,
            });
        }
    }
    let all = [
        (&roles.normal, Holds::Normal),
        (&roles.test, Holds::Test),
        (&roles.defective, Holds::Defective),
        (&roles.unused, Holds::Unused),
    ];
    let pairs = all
        .iter()
        .flat_map(|&(folders, holds)| folders.iter().map(move |folder| (folder, holds)));
    let mut folders: Vec<(&PathBuf, Holds)> = pairs.collect();
    // Of two folders inside of each other the inner one says more of what is in it.
    folders.sort_by_key(|(folder, _)| Reverse(folder.components().count()));
    let mut groups: Vec<(PathBuf, Vec<PathBuf>)> = Vec::new();
    for (folder, holds) in folders {
        let mut found = Found::below(folder)?;
        if roles.is_flat(folder, root) {
            found.images.retain(|path| path.parent() == Some(folder));
        }
        let own = found.images.iter().filter(|path| !taken.contains(*path));
        groups.push((folder.clone(), own.cloned().collect()));
        left_out.extend(found.left_out);
        if matches!(holds, Holds::Unused) {
            let masks = found.masks.into_iter().map(|mask| mask.path);
            for path in found.images.into_iter().chain(masks) {
                if taken.insert(path.clone()) {
                    let reason = Reason::Unwanted;
                    left_out.push(LeftOut { path, reason });
                }
            }
            continue;
        }
        for mask in found.masks {
            // A person has seen that what they mark is normal.
            let is_of_normal = matches!(holds, Holds::Normal) && may_be_of_interest(&mask.path);
            match taken.insert(mask.path.clone()) {
                true if is_of_normal => left_out.push(LeftOut {
                    path: mask.path,
                    reason: Reason::MaskWithoutImage,
                }),
                true => masks.push(mask),
                false => {}
            }
        }
        for path in found.images {
            if taken.insert(path.clone()) {
                let is_for = match holds {
                    // What is called bad may have come since it was said.
                    Holds::Normal if is_bad_below(&path, folder) => {
                        Use::LeftOut(Reason::DefectInTraining)
                    }
                    Holds::Normal if defective.contains(&path) => {
                        Use::LeftOut(Reason::DefectInTraining)
                    }
                    Holds::Normal => Use::Look(Split::Given, None),
                    Holds::Defective => Use::Test(defect(folder, &path)),
                    Holds::Test | Holds::Unused => tested(folder, &path),
                };
                images.push(Candidate { path, is_for });
            }
        }
    }
    if roles.of_all {
        for path in labelled {
            if taken.insert(path.clone()) {
                images.push(Candidate {
                    path: path.clone(),
                    is_for: Use::Test(Kind::Unknown),
                });
            }
        }
        ask_about_new(root, &groups, &taken)?;
    }
    leave_out_made(&mut images);
    for path in all_below(root, &mut Vec::new())? {
        if !taken.contains(&path) {
            let reason = Reason::Beside;
            left_out.push(LeftOut { path, reason });
        }
    }
    Scanned::new(images, &masks, left_out).into_catalog(root, Layout::Given)
}

/// Asks again where images are in folders of which nobody has said anything: they have come since.
fn ask_about_new(
    root: &Path,
    groups: &[(PathBuf, Vec<PathBuf>)],
    taken: &BTreeSet<PathBuf>,
) -> Result<(), ScanError> {
    let images = Found::below(root)?.images;
    let new: Vec<&PathBuf> = images
        .iter()
        .filter(|path| !taken.contains(*path))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let mut all: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for (folder, images) in groups {
        let images = images.iter().map(PathBuf::as_path);
        all.entry(folder).or_default().extend(images);
    }
    let mut folders = BTreeSet::new();
    for image in new {
        let folder = image.parent().unwrap_or(root);
        folders.insert(folder);
        all.entry(folder).or_default().push(image);
    }
    let name = |folder: &Path| shown(folder.strip_prefix(root).unwrap_or(folder)).to_string();
    let folders = folders.into_iter().map(name).collect();
    Err(again(root, all, Doubt::NewFolders(folders)))
}

/// What an image in a folder of defective ones shows: the kind that folders are called after, the folder itself where
/// there is none in it.
fn defect(folder: &Path, image: &Path) -> Kind {
    match tested(folder, image) {
        Use::Test(kind @ Kind::Defect(_)) => kind,
        _ => Kind::Defect(readable(folder.file_name().unwrap_or_default())),
    }
}

/// Takes out what lies among normal images and is none: a person speaks of whole folders.
fn leave_out_made(images: &mut [Candidate]) {
    let all: Vec<&Path> = images.iter().map(|image| image.path.as_path()).collect();
    let normal = images.iter();
    let normal = normal.filter(|image| image.is_for == Use::Look(Split::Given, None));
    let normal: Vec<&Path> = normal.map(|image| image.path.as_path()).collect();
    let made = made(&normal, &all);
    let others = made.of_image.into_iter().chain(made.bad);
    let others: BTreeSet<PathBuf> = others
        .chain(lookalikes(&normal))
        .map(Path::to_owned)
        .collect();
    for image in images {
        if others.contains(&image.path) {
            image.is_for = Use::LeftOut(Reason::NotKnownNormal);
        }
    }
}

/// The images in folders of normal ones that lists or annotations in them, or beside them below `root`, call
/// defective, or of which they say two things. What cannot be read says nothing: a person has answered.
fn said_defective(root: &Path, normal: &[PathBuf]) -> Result<HashSet<PathBuf>, ScanError> {
    let bases = normal.iter().map(|folder| match folder.starts_with(root) {
        true => root,
        false => folder,
    });
    let mut defective = HashSet::new();
    for base in bases.collect::<BTreeSet<&Path>>() {
        let found = Found::below(base)?;
        if let Some(list) = List::find(base, &found, false) {
            defective.extend(list.defective());
        }
        let annotations = Annotations::find(base, &found, Order::Loose);
        if let Ok(Some(annotations)) = annotations {
            defective.extend(annotations.defective().map(Path::to_owned));
        }
    }
    Ok(defective)
}

/// Whether the name of an image in a folder of normal ones, or of a folder in that, says that it is none.
fn is_bad_below(image: &Path, folder: &Path) -> bool {
    let names = names_below(image, folder).unwrap_or_default();
    let folders = names.split_last().map_or(&[][..], |(_, folders)| folders);
    // Such words are names of parts, too, but not below "good".
    says_bad(&names)
        || folders
            .iter()
            .any(|name| word(name).is_some_and(Word::is_bad))
}

/// What an image below a folder for the test shows: the folder's own name may say it, too.
fn tested(folder: &Path, image: &Path) -> Use {
    let own = image.parent().unwrap_or(image);
    let mut names = names_below(own, folder).unwrap_or_default();
    let own = readable(folder.file_name().unwrap_or_default());
    if word(&own).is_some() {
        names.insert(0, own);
    }
    in_test(&names)
}

fn all_below(folder: &Path, left_out: &mut Vec<LeftOut>) -> Result<Vec<PathBuf>, ScanError> {
    let found = Found::below(folder)?;
    left_out.extend(found.left_out);
    let masks = found.masks.into_iter().map(|mask| mask.path);
    Ok(found.images.into_iter().chain(masks).collect())
}
