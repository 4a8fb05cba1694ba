#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use super::*;
use crate::catalog::{Catalog, Kind};
use crate::left_out::Reason;
use crate::scan::scan;
use crate::test_folder::test_folder;

fn write(root: &Path, name: &str, content: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn change(root: &Path, image: &str, label: Option<Label>) -> Change {
    Change {
        image: image.into(),
        path: root.join(image),
        label,
        earlier_name: None,
    }
}

/// Saves labels of images.
fn label(root: &Path, labels: &[(&str, Label)]) {
    let changes = labels.iter();
    let changes: Vec<Change> = changes
        .map(|(image, label)| change(root, image, Some(label.clone())))
        .collect();
    let saved = save(root, &changes).unwrap();
    assert_eq!(saved.aside, None);
}

fn dent() -> Label {
    Label::Ng {
        kind: Some("dent".into()),
    }
}

fn names(catalog: &Catalog) -> (Vec<String>, Vec<(String, Kind)>) {
    let name = |entry: &crate::catalog::Entry| catalog.name_of(&entry.path);
    let test = catalog.test.iter();
    (
        catalog.train.iter().map(name).collect(),
        test.map(|entry| (name(entry), entry.kind.clone()))
            .collect(),
    )
}

#[test]
fn what_a_person_says_goes_before_the_folder() {
    let folder = test_folder();
    let root = folder.path();
    for name in [
        "train/good/1.png",
        "train/good/2.png",
        "train/good/3.png",
        "test/good/4.png",
        "test/good/5.png",
        "test/scratch/6.png",
        "test/scratch/7.png",
    ] {
        write(root, name, name);
    }
    label(
        root,
        &[
            ("train/good/2.png", dent()),
            ("train/good/3.png", Label::LeftOut),
            ("test/good/4.png", Label::Ok),
            ("test/good/5.png", Label::NG),
            ("test/scratch/6.png", Label::Ok),
            ("test/scratch/7.png", Label::NG),
        ],
    );
    let catalog = scan(root).unwrap();
    let labels = Labels::of(&catalog).unwrap();
    let counts = labels.counts().to_string();
    assert_eq!(counts, "2 OK, 3 NG, 1 left out");
    let labelled = labels.applied(&catalog);
    let (train, test) = names(&labelled);
    assert_eq!(train, ["test/scratch/6.png", "train/good/1.png"]);
    let defect = |kind: &str| Kind::Defect(kind.into());
    let expected = [
        ("test/good/4.png", Kind::Normal),
        ("test/good/5.png", defect("NG")),
        ("train/good/2.png", defect("dent")),
        ("test/scratch/7.png", defect("scratch")),
    ];
    let test: Vec<_> = test
        .iter()
        .map(|(name, kind)| (name.as_str(), kind.clone()))
        .collect();
    assert_eq!(test, expected);
    let out = ["train/good/2.png", "train/good/3.png"].map(str::to_owned);
    assert_eq!(labelled.excluded, out.into());
    assert_eq!(labelled.joined, ["test/scratch/6.png".to_owned()].into());
}

#[test]
fn the_file_of_labels_is_neither_an_image_nor_passed_over_nor_a_list() {
    let folder = test_folder();
    let root = folder.path();
    for name in ["1.png", "2.png"] {
        write(root, name, name);
    }
    let before = scan(root).unwrap();
    label(root, &[("1.png", Label::NG), ("2.png", Label::Ok)]);
    assert_eq!(scan(root).unwrap(), before);
}

#[test]
fn labels_go_with_images_that_exchange_their_names_though_size_and_time_are_alike() {
    let folder = test_folder();
    let root = folder.path();
    let day = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    for (name, text) in [("a.png", "one"), ("b.png", "two")] {
        write(root, name, text);
        let file = fs::File::options()
            .write(true)
            .open(root.join(name))
            .unwrap();
        file.set_modified(day).unwrap();
    }
    label(root, &[("a.png", Label::Ok), ("b.png", Label::NG)]);
    for (from, to) in [("a.png", "c"), ("b.png", "a.png"), ("c", "b.png")] {
        fs::rename(root.join(from), root.join(to)).unwrap();
    }
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    assert_eq!(labels.get("a.png"), Some(&Label::NG));
    assert_eq!(labels.get("b.png"), Some(&Label::Ok));
}

#[test]
fn labels_of_a_part_of_the_data_set_are_said_to_be_left_out() {
    let folder = test_folder();
    let root = folder.path();
    for name in ["a.png", "day/b.png"] {
        write(root, name, name);
    }
    label(&root.join("day"), &[("b.png", Label::NG)]);
    let catalog = scan(root).unwrap();
    let reasons = catalog.left_out.iter().map(|one| &one.reason);
    assert_eq!(reasons.collect::<Vec<_>>(), [&Reason::LabelsOfPart]);
}

#[test]
fn a_renamed_image_keeps_its_label_and_one_that_holds_something_else_does_not_get_it() {
    let folder = test_folder();
    let root = folder.path();
    for name in ["a.png", "b.png", "c.png", "d.png"] {
        write(root, name, &format!("content of {name}"));
    }
    label(
        root,
        &[
            ("a.png", Label::Ok),
            ("b.png", dent()),
            ("c.png", Label::NG),
            ("d.png", Label::Ok),
        ],
    );
    fs::rename(root.join("a.png"), root.join("renamed.png")).unwrap();
    write(root, "b.png", "another picture");
    fs::remove_file(root.join("c.png")).unwrap();
    // Changed places: their names say nothing any more.
    write(root, "e.png", "content of d.png");
    write(root, "d.png", "content of e.png");
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    let of = |name| labels.get(name).cloned();
    assert_eq!(of("renamed.png"), Some(Label::Ok));
    assert_eq!((of("a.png"), of("b.png"), of("d.png")), (None, None, None));
    assert_eq!(of("e.png"), Some(Label::Ok));
    let lost: Vec<_> = labels
        .unmatched
        .iter()
        .map(|one| (one.image.as_str(), one.why))
        .collect();
    assert_eq!(
        lost,
        [("b.png", Missing::Changed), ("c.png", Missing::Gone)]
    );
    let counts = labels.counts().to_string();
    let expected = "2 OK, 0 NG, 1 of an image that is gone, 1 of an image that has changed";
    assert_eq!(counts, expected);

    // What is not there is kept when others are labelled, and comes back with its image.
    let (from, to) = labels.renamed[0].clone();
    let renamed = Change {
        earlier_name: Some(from),
        ..change(root, &to, Some(Label::Ok))
    };
    save(root, &[renamed]).unwrap();
    write(root, "c.png", "content of c.png");
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    assert_eq!(labels.get("c.png"), Some(&Label::NG));
    assert_eq!(labels.renamed, [("d.png".into(), "e.png".into())]);
}

#[test]
fn a_label_that_is_taken_away_is_gone_and_those_of_another_window_stay() {
    let folder = test_folder();
    let root = folder.path();
    for name in ["1.png", "2.png"] {
        write(root, name, name);
    }
    label(root, &[("1.png", Label::Ok)]);
    // Another window, which knows nothing of the first label.
    label(root, &[("2.png", Label::NG)]);
    save(root, &[change(root, "1.png", None)]).unwrap();
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    assert!(labels.iter().eq([("2.png", &Label::NG)]));
}
