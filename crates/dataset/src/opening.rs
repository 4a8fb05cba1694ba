//! The images of a folder, so far as a person has said what it holds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::catalog::{Catalog, Entry, Layout, name_below};
use super::labels::{Label, Labels};
use super::left_out;
use super::scan::{Listed, Roles, ScanError, list, scan, scan_as};

/// Recognises a folder: by what a person said of it, or by its names alone where nothing was said. What only a person
/// can say is not asked where labels say it of every image.
///
/// # Errors
/// As [`scan`] and [`scan_as`].
pub fn open(root: &Path, roles: &Roles) -> Result<Catalog, ScanError> {
    match roles {
        _ if roles.is_empty() => match scan(root) {
            Err(ScanError::Ambiguous { .. }) if is_labelled(root) => to_inspect(root, &[]),
            scanned => scanned,
        },
        _ if roles.to_inspect => to_inspect(root, &roles.normal),
        _ => scan_as(root, roles),
    }
}

/// Whether labels say of every image of a folder whether it is normal.
fn is_labelled(root: &Path) -> bool {
    let Ok(Listed::Plain(paths, _)) = list(root) else {
        return false;
    };
    let labels = Labels::of_list(root, &paths);
    labels.is_ok_and(|labels| {
        let mut names = paths.iter().map(|below| name_below(root, below));
        names.all(|name| matches!(labels.get(&name), Some(Label::Ok | Label::Ng { .. })))
    })
}

/// A folder that is to be inspected. Of images alone nobody knows what they show: none of them is called normal, and
/// what is learned from are the normal images of other folders.
fn to_inspect(root: &Path, normal: &[PathBuf]) -> Result<Catalog, ScanError> {
    let (paths, left_out) = match list(root)? {
        Listed::Set(catalog) => return Ok(*catalog),
        Listed::Plain(paths, left_out) => (paths, left_out),
    };
    let (mut train, mut joined) = (Vec::new(), BTreeSet::new());
    for folder in normal {
        let other = scan(folder)?;
        let labels = Labels::of(&other).map_err(|error| ScanError::Unreadable {
            path: error.path,
            reason: error.reason,
        })?;
        let labelled = labels.applied(&other);
        let below = |name: &String| name_below(root, &folder.join(name));
        joined.extend(labelled.joined.iter().map(below));
        train.extend(labelled.train);
    }
    Ok(Catalog {
        root: root.to_owned(),
        layout: Layout::Given,
        train,
        test: paths
            .iter()
            .map(|below| Entry::alone(root.join(below)))
            .collect(),
        notes: left_out::notes(root, &left_out),
        left_out,
        excluded: Default::default(),
        joined,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Kind;
    use crate::labels::{Change, save};
    use crate::test_folder::test_folder;

    fn opened(names: &[&str]) -> Catalog {
        let folder = test_folder();
        for name in names {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, name).unwrap();
        }
        let roles = Roles {
            to_inspect: true,
            ..Roles::default()
        };
        open(folder.path(), &roles).unwrap()
    }

    #[test]
    fn of_a_plain_folder_that_is_to_be_inspected_nothing_is_claimed() {
        let catalog = opened(&["monday/1.png", "monday/2.png", "3.png"]);
        assert!(catalog.train.is_empty());
        assert_eq!(catalog.test.len(), 3);
        let mut kinds = catalog.test.iter().map(|entry| &entry.kind);
        assert!(kinds.all(|kind| *kind == Kind::Unknown));
    }

    #[test]
    fn normal_images_may_lie_in_another_folder() {
        let folder = test_folder();
        for name in ["parts/1.png", "parts/2.png", "monday/3.png"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, name).unwrap();
        }
        let roles = Roles {
            to_inspect: true,
            normal: vec![folder.path().join("parts")],
            ..Roles::default()
        };
        let catalog = open(&folder.path().join("monday"), &roles).unwrap();
        assert_eq!((catalog.train.len(), catalog.test.len()), (2, 1));
    }

    #[test]
    fn what_labels_say_of_every_image_is_not_asked() {
        let folder = test_folder();
        let root = folder.path();
        let names: Vec<String> = ["Teil", "Delle"]
            .iter()
            .flat_map(|label| (1..=4).map(move |number| format!("{label}_{number}.png")))
            .collect();
        for name in &names {
            std::fs::write(root.join(name), name).unwrap();
        }
        let open = || open(root, &Roles::default());
        assert!(matches!(open(), Err(ScanError::Ambiguous { .. })));
        let change = |name: &str, label| Change {
            image: name.into(),
            path: root.join(name),
            label: Some(label),
            earlier_name: None,
            mask: None,
            unwanted: None,
        };
        let good = names[..7].iter().map(|name| change(name, Label::Ok));
        save(root, &good.collect::<Vec<_>>()).unwrap();
        assert!(open().is_err(), "nothing is said of one of them");
        save(root, &[change(&names[7], Label::NG)]).unwrap();
        let catalog = open().unwrap();
        let labelled = Labels::of(&catalog).unwrap().applied(&catalog);
        assert_eq!((labelled.train.len(), labelled.counts().defective), (7, 1));
    }

    #[test]
    fn a_data_set_that_is_to_be_inspected_is_one_still() {
        let catalog = opened(&["train/good/1.png", "test/good/2.png", "test/dent/3.png"]);
        assert_eq!((catalog.train.len(), catalog.test.len()), (1, 2));
        assert_eq!(catalog.layout, Layout::Mvtec);
    }
}
