//! How a folder is organised, by the names of the folders in it.

use std::path::{Path, PathBuf};

use super::error::{ScanError, unreadable};
use super::names::Word;
use super::names_below;
use super::neutral::is_neutral;
use super::role::Role;
use super::serial::is_serial;
use super::splits_inside::{any_sets_apart, turned};
use crate::file_name::readable;
use crate::walk::subfolders;

/// Folders that say no more than "images" lie within one another this deep at most.
const CONTAINERS_MAX: usize = 3;

/// Folders that are called after days and the like lie within one another this deep at most.
const PLACES_MAX: usize = 3;

/// What the names of folders say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Images are for training or for a test.
    Splits,
    /// Images are normal or defective.
    GoodBad,
    /// Nothing.
    Loose,
}

/// How a data set is organised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrangement {
    /// The folder whose folders say what images are: the data set's own, or one such as `Data/Images` in it.
    pub base: PathBuf,
    /// What they say.
    pub order: Order,
    /// Whether they say what images show before what those are for, as in `good/train`.
    pub is_turned: bool,
}

impl Arrangement {
    /// How the folder `root` is organised.
    ///
    /// # Errors
    /// When it is no folder that can be read, or the one above several data sets.
    pub fn recognise(root: &Path) -> Result<Self, ScanError> {
        let metadata = std::fs::metadata(root).map_err(|error| unreadable(root, &error))?;
        if !metadata.is_dir() {
            return Err(ScanError::NotAFolder { path: root.into() });
        }
        std::fs::read_dir(root).map_err(|error| unreadable(root, &error))?;
        if let Some(found) = Self::find(root) {
            return Ok(found);
        }
        let folders = subfolders(root);
        let sets = folders.iter().filter(|folder| Self::find(folder).is_some());
        let names: Vec<String> = sets.map(|folder| name_of(folder)).collect();
        let order = match is_good_bad_by_place(root, PLACES_MAX) {
            true => Order::GoodBad,
            false if names.is_empty() => Order::Loose,
            false => {
                let path = root.into();
                return Err(ScanError::HoldsDatasets { path, names });
            }
        };
        Ok(Self {
            base: root.into(),
            order,
            is_turned: false,
        })
    }

    /// The names of the folders from the base down to `folder`, that of a split first; `None` for one that lies
    /// elsewhere.
    pub fn names_of(&self, folder: &Path) -> Option<Vec<String>> {
        let names = names_below(folder, &self.base)?;
        Some(match self.is_turned {
            true => turned(&names),
            false => names,
        })
    }

    /// Whether a folder directly in `root` is a data set with images set apart for training or a test.
    pub fn holds_splits(root: &Path) -> bool {
        let found = |folder: &PathBuf| Self::find(folder);
        let mut sets = subfolders(root)
            .into_iter()
            .filter_map(|folder| found(&folder));
        sets.any(|set| set.order == Order::Splits)
    }

    /// `None` where no name says anything.
    fn find(root: &Path) -> Option<Self> {
        let mut base = root.to_owned();
        for _ in 0..=CONTAINERS_MAX {
            let folders = subfolders(&base);
            let roles: Vec<Role> = folders.iter().map(|folder| role_of(folder)).collect();
            let has = |wanted: &[Role]| wanted.iter().any(|role| roles.contains(role));
            let says = has(&[Role::Truth(Word::Normal), Role::Truth(Word::Defective)]);
            let (order, is_turned) = if has(&[Role::Train, Role::Test, Role::Private]) {
                (Order::Splits, false)
            } else if says && any_sets_apart(&folders) {
                (Order::Splits, true)
            } else if says {
                (Order::GoodBad, false)
            } else {
                let of = |role: Role| roles.iter().filter(move |found| **found == role).count();
                // Beside masks, perhaps, and nothing else.
                let alone = of(Role::Container) + of(Role::Masks) == roles.len();
                let container = roles.iter().position(|role| *role == Role::Container);
                base.clone_from(&folders[container.filter(|_| alone && of(Role::Container) == 1)?]);
                continue;
            };
            return Some(Self {
                base,
                order,
                is_turned,
            });
        }
        None
    }
}

/// Whether a folder holds folders that are called after days, shifts, lines and the like, each with folders of normal
/// and of defective images, or with more such folders: all of it is one data set.
fn is_good_bad_by_place(folder: &Path, deepest: usize) -> bool {
    let folders = subfolders(folder);
    let is_sorted = |folder: &PathBuf| {
        let name = name_of(folder);
        (is_serial(&name) || is_neutral(&name))
            && match Arrangement::find(folder) {
                Some(found) => found.order == Order::GoodBad,
                None => deepest > 1 && is_good_bad_by_place(folder, deepest - 1),
            }
    };
    !folders.is_empty() && folders.iter().all(is_sorted)
}

fn role_of(folder: &Path) -> Role {
    Role::of(&name_of(folder))
}

fn name_of(folder: &Path) -> String {
    readable(folder.file_name().unwrap_or_default())
}
