//! The images of a folder, so far as a person has said what it holds.

use std::path::Path;

use super::catalog::{Catalog, Entry, Layout};
use super::left_out;
use super::scan::{Listed, Roles, ScanError, list, scan, scan_as};

/// Recognises a folder: by what a person said of it, or by its names alone where nothing was said.
///
/// # Errors
/// As [`scan`] and [`scan_as`].
pub fn open(root: &Path, roles: &Roles) -> Result<Catalog, ScanError> {
    match roles {
        _ if roles.is_empty() => scan(root),
        _ if roles.to_inspect => to_inspect(root),
        _ => scan_as(root, roles),
    }
}

/// A folder that is to be inspected. Of images alone nobody knows what they show: none of them is called normal.
fn to_inspect(root: &Path) -> Result<Catalog, ScanError> {
    let (paths, left_out) = match list(root)? {
        Listed::Set(catalog) => return Ok(*catalog),
        Listed::Plain(paths, left_out) => (paths, left_out),
    };
    Ok(Catalog {
        root: root.to_owned(),
        layout: Layout::Given,
        train: Vec::new(),
        test: paths
            .iter()
            .map(|below| Entry::alone(root.join(below)))
            .collect(),
        notes: left_out::notes(root, &left_out),
        left_out,
        excluded: Default::default(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Kind;
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
    fn a_data_set_that_is_to_be_inspected_is_one_still() {
        let catalog = opened(&["train/good/1.png", "test/good/2.png", "test/dent/3.png"]);
        assert_eq!((catalog.train.len(), catalog.test.len()), (1, 2));
        assert_eq!(catalog.layout, Layout::Mvtec);
    }
}
