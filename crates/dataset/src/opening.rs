//! The images of a folder, so far as a person has said what it holds.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::catalog::{Catalog, Entry, Layout, Note, name_below};
use super::labels::{Label, Labels};
use super::left_out;
use super::scan::{Listed, Roles, ScanError, list, scan, scan_as, scan_rest, scan_rest_as};
use super::walk::walk;

/// Recognises a folder: by what a person said of it, or by its names alone where nothing was said. What only a person
/// can say is not asked where labels say it of every image.
///
/// # Errors
/// As [`scan`] and [`scan_as`].
pub fn open(root: &Path, roles: &Roles) -> Result<Catalog, ScanError> {
    let opened = match roles {
        _ if roles.is_empty() => scan(root),
        _ if roles.to_inspect => return to_inspect(root, &roles.normal),
        _ => scan_as(root, roles),
    };
    match opened {
        Err(ScanError::Ambiguous { .. }) if roles.is_empty() && is_labelled(root) => {
            to_inspect(root, &[])
        }
        Err(ScanError::Ambiguous { .. }) => answered(root, roles).unwrap_or(opened),
        opened => opened,
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

/// The data set where nobody is asked about images that are labelled; `None` where none are.
fn answered(root: &Path, roles: &Roles) -> Option<Result<Catalog, ScanError>> {
    let images = walk(root).ok()?.images;
    let labels = Labels::of_list(root, &images).ok()?;
    let is_labelled = |below: &&Path| labels.get(&name_below(root, below)).is_some();
    let labelled = images.iter().filter(is_labelled);
    let labelled: HashSet<PathBuf> = labelled.map(|below| root.join(below)).collect();
    if labelled.is_empty() {
        return None;
    }
    let opened = match roles.is_empty() {
        true => scan_rest(root, &labelled),
        false => scan_rest_as(root, roles, &labelled),
    };
    Some(opened.map(|mut catalog| {
        let images = labelled.len();
        catalog.notes.insert(0, Note::Answered { images });
        catalog
    }))
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
    use crate::labels::{Change, Label, save};
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
        let change = |name: &str, label| Change::of(name, root.join(name), Some(label));
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

    fn label(root: &Path, image: &str, label: Label) {
        let change = Change::of(image, root.join(image), Some(label));
        save(root, &[change]).unwrap();
    }

    fn write(root: &Path, names: &[&str]) {
        for name in names {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, name).unwrap();
        }
    }

    #[test]
    fn labels_of_all_images_of_a_folder_answer_what_its_name_leaves_open() {
        let folder = test_folder();
        let root = folder.path();
        write(
            root,
            &["OK/1.png", "NG/2.png", "mixed/3.png", "mixed/4.png"],
        );
        let opened = || open(root, &Roles::default());
        label(root, "mixed/3.png", Label::Ok);
        assert!(matches!(opened(), Err(ScanError::Ambiguous { .. })));
        label(root, "mixed/4.png", Label::NG);
        let catalog = opened().unwrap();
        assert_eq!(catalog.notes[0], Note::Answered { images: 2 });
        let labelled = Labels::of(&catalog).unwrap().applied(&catalog);
        let names = |entries: &[Entry]| -> Vec<String> {
            let names = entries.iter().map(|entry| catalog.name_of(&entry.path));
            names.collect()
        };
        assert_eq!(names(&labelled.train), ["mixed/3.png", "OK/1.png"]);
        assert_eq!(names(&labelled.test), ["NG/2.png", "mixed/4.png"]);
        let said = labelled.notes.iter().map(Note::to_string);
        let unknown: Vec<String> = said.filter(|note| note.contains("Nothing says")).collect();
        assert_eq!(unknown, [""; 0], "labels do");
    }

    #[test]
    fn of_what_is_labelled_nobody_is_asked_and_of_the_rest_everybody() {
        let folder = test_folder();
        let root = folder.path();
        write(root, &["1.png", "2.png", "3.png", "4..rust.png"]);
        let opened = || open(root, &Roles::default());
        assert!(matches!(opened(), Err(ScanError::Ambiguous { .. })));
        label(root, "4..rust.png", Label::NG);
        let catalog = opened().unwrap();
        let labelled = Labels::of(&catalog).unwrap().applied(&catalog);
        assert_eq!((labelled.train.len(), labelled.test.len()), (3, 1));

        let folder = test_folder();
        let root = folder.path();
        write(root, &["alt/1.png", "alt/2.png", "neu/3.png"]);
        label(root, "neu/3.png", Label::Ok);
        let Err(ScanError::Ambiguous { groups, .. }) = open(root, &Roles::default()) else {
            panic!("nothing says what the old ones show");
        };
        assert_eq!(groups.len(), 1);
        label(root, "alt/1.png", Label::Ok);
        label(root, "alt/2.png", Label::Ok);
        let catalog = open(root, &Roles::default()).unwrap();
        let labelled = Labels::of(&catalog).unwrap().applied(&catalog);
        assert_eq!((labelled.train.len(), labelled.test.len()), (3, 0));
    }
}
