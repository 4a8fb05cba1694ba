#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use super::*;
use crate::catalog::{Entry, Kind};

fn tree(names: &[&str]) -> tempfile::TempDir {
    let dir = crate::test_folder::test_folder();
    for name in names {
        let path = dir.path().join(name);
        if name.ends_with('/') {
            std::fs::create_dir_all(path).unwrap();
        } else {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, name).unwrap();
        }
    }
    dir
}

fn relative(catalog: &Catalog, path: &Path) -> String {
    let path = path.strip_prefix(&catalog.root).unwrap();
    path.display().to_string()
}

fn train(catalog: &Catalog) -> Vec<String> {
    let entries = catalog.train.iter();
    entries
        .map(|entry| relative(catalog, &entry.path))
        .collect()
}

/// "path kind mask" of each test image.
fn test(catalog: &Catalog) -> Vec<String> {
    let line = |entry: &Entry| {
        let kind = match &entry.kind {
            Kind::Normal => "normal",
            Kind::Defect(name) => name,
            Kind::Unknown => "unknown",
        };
        let mask = entry.mask.as_ref();
        let mask = mask.map_or("-".to_owned(), |mask| {
            let files: Vec<String> = mask.paths().map(|file| relative(catalog, file)).collect();
            files.join("+")
        });
        format!("{} {kind} {mask}", relative(catalog, &entry.path))
    };
    catalog.test.iter().map(line).collect()
}

fn has_note(catalog: &Catalog, part: &str) -> bool {
    catalog
        .notes
        .iter()
        .any(|note| note.to_string().contains(part))
}

#[test]
fn mvtec_layout_with_both_mask_names() {
    let dir = tree(&[
        "train/good/10.png",
        "train/good/9.png",
        "test/good/1.png",
        "test/scratch/1.jpg",
        "test/scratch/2.jpg",
        "test/scratch/3.jpg",
        "test/dent/1.png",
        "ground_truth/scratch/1_mask.png",
        "ground_truth/scratch/2.PNG",
        "ground_truth/scratch/9_mask.png",
        "ground_truth/dent/1.png",
        "ground_truth/dent/1_mask.bmp",
        "license.txt",
        "train/good/notes.txt",
    ]);
    let catalog = scan(dir.path()).unwrap();
    assert_eq!(catalog.layout, Layout::Mvtec);
    assert_eq!(train(&catalog), ["train/good/9.png", "train/good/10.png"]);
    assert_eq!(
        test(&catalog),
        [
            "test/good/1.png normal -",
            "test/dent/1.png dent ground_truth/dent/1_mask.bmp",
            "test/scratch/1.jpg scratch ground_truth/scratch/1_mask.png",
            "test/scratch/2.jpg scratch ground_truth/scratch/2.PNG",
            "test/scratch/3.jpg scratch -",
        ]
    );
    assert_eq!(
        catalog.summary(),
        "2 normal for training, 1 normal and 4 defective (2 kinds) for test, 3 masks"
    );
    assert!(has_note(&catalog, "Only 2 normal images"));
    assert!(has_note(
        &catalog,
        "1 mask without an image: ground_truth/scratch/9_mask.png"
    ));
    assert!(has_note(
        &catalog,
        "1 defective image without a mask, left out of pixel metrics"
    ));
    assert!(has_note(&catalog, "2 other files passed over (2 .txt)"));
    // The file that is named as an image may be a copy of it.
    assert!(has_note(
        &catalog,
        "another file is the mask of that image): ground_truth/dent/1.png"
    ));
    assert_eq!(catalog.notes.len(), 5, "{:?}", catalog.notes);
}

#[test]
fn case_of_names_does_not_matter() {
    let dir = tree(&[
        "Train/OK/a.PNG",
        "TEST/Good/b.png",
        "TEST/Hole/C.png",
        "Ground-Truth/hole/c_MASK.png",
    ]);
    let catalog = scan(dir.path()).unwrap();
    assert_eq!(train(&catalog), ["Train/OK/a.PNG"]);
    assert_eq!(
        test(&catalog),
        [
            "TEST/Good/b.png normal -",
            "TEST/Hole/C.png Hole Ground-Truth/hole/c_MASK.png"
        ]
    );
}

#[test]
fn train_or_test_alone_is_enough() {
    let only_train = scan(tree(&["train/good/a.png"]).path()).unwrap();
    assert_eq!((only_train.train.len(), only_train.test.len()), (1, 0));
    let only_test = scan(tree(&["test/crack/a.png"]).path()).unwrap();
    assert_eq!((only_test.train.len(), only_test.test.len()), (0, 1));
    assert!(has_note(&only_test, "No normal images to train on"));
}

#[test]
fn images_directly_in_train_are_normal_when_no_folder_is() {
    let dir = tree(&["train/a.png", "train/bad/b.png", "test/good/c.png"]);
    assert_eq!(train(&scan(dir.path()).unwrap()), ["train/a.png"]);
}

#[test]
fn images_of_unknown_kind_are_not_learned_from_nor_measured_and_said_so() {
    let dir = tree(&[
        "train/good/a.png",
        "train/bad/b.png",
        "test/loose.png",
        "test/good/c.png",
    ]);
    let catalog = scan(dir.path()).unwrap();
    assert_eq!((catalog.train.len(), catalog.test.len()), (1, 2));
    assert_eq!(catalog.counts().unknown, 1);
    assert!(has_note(&catalog, "it shows a defect): train/bad/b.png"));
    assert!(has_note(&catalog, "what 1 image for test show"));
}

#[test]
fn a_plain_folder_is_all_normal() {
    let dir = tree(&[
        "2026-11-29/2.png",
        "2026-11-29/10.webp",
        "a.jpg",
        "2026-11-29/lot1/1.tiff",
    ]);
    let catalog = scan(dir.path()).unwrap();
    assert_eq!(catalog.layout, Layout::Plain);
    assert_eq!(
        train(&catalog),
        [
            "2026-11-29/2.png",
            "2026-11-29/10.webp",
            "2026-11-29/lot1/1.tiff",
            "a.jpg"
        ]
    );
    assert!(catalog.test.is_empty());
    assert_eq!(catalog.summary(), "4 normal for training");
}

#[test]
fn ten_normals_are_not_warned_about() {
    let names: Vec<String> = (0..10).map(|i| format!("set/{i}.png")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // The name of a temporary folder may be a word for "bad" by chance.
    let notes = |names: &[&str]| scan(&tree(names).path().join("set")).unwrap().notes;
    assert!(notes(&names).is_empty());
    assert!(!notes(&names[1..]).is_empty());
}

#[test]
fn what_cannot_be_opened_is_named_with_what_was_looked_for() {
    let missing = PathBuf::from("/no/such/folder");
    let text = scan(&missing).unwrap_err().to_string();
    assert!(text.contains("/no/such/folder: cannot be read"), "{text}");

    let empty = tree(&[]);
    let text = scan(empty.path()).unwrap_err().to_string();
    assert!(text.contains(&empty.path().display().to_string()));
    assert!(text.contains("no images found. Looked for PNG, JPEG, BMP, TIFF and WebP"));

    let imageless = tree(&["a.txt", "b/c.heic", "train/good/"]);
    let text = scan(imageless.path()).unwrap_err().to_string();
    assert!(text.contains("no images found"), "{text}");

    let text_files = scan(tree(&["a.txt", "b.txt"]).path()).unwrap_err();
    assert!(
        text_files
            .to_string()
            .contains("2 other files passed over (2 .txt)")
    );

    let file = empty.path().join("x.png");
    std::fs::write(&file, b"x").unwrap();
    let text = scan(&file).unwrap_err().to_string();
    assert!(text.contains("x.png: is a file; open the folder"), "{text}");
}

#[test]
fn the_folder_above_data_sets_names_them() {
    let dir = tree(&[
        "bottle/train/good/a.png",
        "cable/test/bent/b.png",
        "docs/c.png",
    ]);
    assert_eq!(
        scan(dir.path()).unwrap_err(),
        ScanError::HoldsDatasets {
            path: dir.path().into(),
            names: vec!["bottle".into(), "cable".into()]
        }
    );
}

#[cfg(unix)]
#[test]
fn an_unreadable_folder_is_an_error_at_the_top_and_a_note_below() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = tree(&["a.png", "lot1/b.png"]);
    let locked = dir.path().join("lot1");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    // A privileged user reads it all the same.
    if std::fs::read_dir(&locked).is_err() {
        assert!(matches!(scan(&locked), Err(ScanError::Unreadable { .. })));
        assert!(has_note(&scan(dir.path()).unwrap(), "lot1: cannot be read"));
    }
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o755)).unwrap();

    symlink("nowhere", dir.path().join("dead.png")).unwrap();
    let catalog = scan(dir.path()).unwrap();
    assert!(has_note(&catalog, "dead.png: cannot be read"));
    assert_eq!(catalog.train.len(), 2);
}

#[test]
fn of_two_folders_inside_of_each_other_the_inner_one_says_more() {
    let dir = tree(&["0.png", "1.png", "bad/2.png", "old/3.png", "old/4.png"]);
    let at = |name: &str| dir.path().join(name);
    let roles = Roles {
        normal: vec![dir.path().to_owned()],
        test: vec![at("bad")],
        unused: vec![at("old")],
        ..Roles::default()
    };
    let catalog = scan_as(dir.path(), &roles).unwrap();
    assert_eq!(train(&catalog), ["0.png", "1.png"]);
    assert_eq!(catalog.test.len(), 1);
    assert_eq!(catalog.left_out.len(), 2);
}

#[test]
fn what_is_called_bad_is_not_learned_from_though_it_lies_in_a_folder_of_normal_images() {
    let dir = tree(&["left/0.png", "left/1.png", "left/NG/2.png", "right/3.png"]);
    let roles = Roles {
        normal: vec![dir.path().join("left")],
        test: vec![dir.path().join("right")],
        ..Roles::default()
    };
    let catalog = scan_as(dir.path(), &roles).unwrap();
    assert_eq!(train(&catalog), ["left/0.png", "left/1.png"]);
    let left_out: Vec<_> = catalog.left_out.iter().map(|one| &one.reason).collect();
    assert_eq!(left_out, [&Reason::DefectInTraining]);
}

#[test]
fn a_defect_below_good_is_not_learned_from() {
    let dir = tree(&[
        "train/good/0.png",
        "train/good/scratch/1.png",
        "test/dent/2.png",
    ]);
    assert_eq!(train(&scan(dir.path()).unwrap()), ["train/good/0.png"]);
    let dir = tree(&["OK/0.png", "OK/キズ/1.png", "NG/2.png"]);
    let catalog = scan(dir.path()).unwrap();
    assert_eq!((train(&catalog).len(), catalog.test.len()), (1, 2));
}

#[test]
fn what_a_storage_keeps_for_itself_is_hidden() {
    let dir = tree(&[
        "OK/0.png",
        "OK/@eaDir/0.png",
        "OK/#recycle/1.png",
        "__MACOSX/OK/0.png",
        "NG/2.png",
    ]);
    let catalog = scan(dir.path()).unwrap();
    assert_eq!((train(&catalog).len(), catalog.test.len()), (1, 1));
}

/// Says of the folders of `root` what they hold, as a person does who was asked about all of them.
fn answered(root: &Path, normal: &str, defective: &str, unused: &[&str]) -> Roles {
    Roles {
        normal: vec![root.join(normal)],
        defective: vec![root.join(defective)],
        unused: unused.iter().map(|name| root.join(name)).collect(),
        of_all: true,
        ..Roles::default()
    }
}

#[test]
fn folders_of_defective_images_are_tested_with_as_such_whatever_they_are_called() {
    let dir = tree(&["a/1.png", "b/2.png", "b/dent/3.png", "c/4.png"]);
    let root = dir.path();
    let catalog = scan_as(root, &answered(root, "a", "b", &["c"])).unwrap();
    let counts = catalog.counts();
    assert_eq!((catalog.train.len(), counts.defective), (1, 2));
    let kinds: Vec<_> = counts.kinds.keys().collect();
    assert_eq!(kinds, ["b", "dent"]);
    let unwanted = |one: &LeftOut| one.reason == Reason::Unwanted && one.path.ends_with("4.png");
    assert!(catalog.left_out.iter().any(unwanted));
}

#[test]
fn a_folder_that_came_after_the_answer_is_asked_about() {
    let dir = tree(&["1.png", "left/2.png", "left/deep/3.png", "right/4.png"]);
    let root = dir.path();
    let mut roles = answered(root, "left", "right", &[""]);
    assert_eq!(scan_as(root, &roles).unwrap().train.len(), 2);
    std::fs::create_dir(root.join("later")).unwrap();
    std::fs::write(root.join("later/5.png"), b"x").unwrap();
    let Err(ScanError::Ambiguous { groups, doubts, .. }) = scan_as(root, &roles) else {
        panic!("nobody said what is in the new folder");
    };
    let folders: Vec<_> = groups.iter().map(|group| group.folder.clone()).collect();
    let expected = ["", "later", "left", "right"].map(|name| root.join(name));
    assert_eq!(folders, expected);
    assert_eq!(groups[2].images, 2);
    assert!(matches!(&doubts[..], [Doubt::NewFolders(names)] if names.to_string() == "later"));
    // Whoever names folders on the command line means these alone.
    roles.of_all = false;
    assert!(scan_as(root, &roles).is_ok());
}

#[test]
fn a_folder_that_is_said_to_be_two_things_is_refused() {
    let dir = tree(&["a/1.png", "a/2.png", "b/3.png"]);
    let roles = Roles {
        normal: vec![dir.path().join("a")],
        test: vec![dir.path().join("a/../a")],
        ..Roles::default()
    };
    let error = scan_as(dir.path(), &roles).unwrap_err();
    assert!(matches!(error, ScanError::GivenTwice { .. }), "{error}");
}

#[test]
fn images_of_which_none_is_used_are_there_and_it_is_said_why() {
    let dir = tree(&["train/crack/1.png", "train/crack/2.png"]);
    let error = scan(dir.path()).unwrap_err().to_string();
    assert!(!error.contains("no images"), "{error}");
    for said in [
        "not used for training",
        "train/crack/1.png, train/crack/2.png",
    ] {
        assert!(error.contains(said), "{error}");
    }
}
