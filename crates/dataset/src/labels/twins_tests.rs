//! Labels of folders above, of images that hold the same, and what is odd in a file of labels.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use super::tests::{change, dent, label, names, write};
use super::*;
use crate::catalog::{Catalog, Kind};
use crate::opening::open;
use crate::scan::{Roles, scan};
use crate::test_folder::test_folder;

fn labels(root: &Path) -> Labels {
    Labels::of(&scan(root).unwrap()).unwrap()
}

/// The data set as it is labelled.
fn labelled(root: &Path) -> Catalog {
    let catalog = open(root, &Roles::default()).unwrap();
    Labels::of(&catalog).unwrap().applied(&catalog)
}

fn said(catalog: &Catalog) -> String {
    let notes = catalog.notes.iter().map(ToString::to_string);
    notes.collect::<Vec<String>>().join("\n")
}

#[test]
fn labels_of_a_folder_above_count_in_the_one_that_is_opened_and_the_nearest_go_first() {
    let folder = test_folder();
    let inner = folder.path().join("day/parts");
    for name in ["1.png", "2.png", "3.png", "4.png"] {
        write(&inner, name, name);
    }
    write(folder.path(), "other.png", "other");
    label(&folder.path().join("day"), &[("parts/2.png", Label::NG)]);
    label(
        folder.path(),
        &[
            ("day/parts/1.png", Label::NG),
            ("day/parts/2.png", dent()),
            ("other.png", Label::NG),
        ],
    );
    let read = labels(&inner);
    assert!(
        read.iter()
            .eq([("1.png", &Label::NG), ("2.png", &Label::NG)])
    );
    let remarks: Vec<String> = read.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(remarks.len(), 3, "{remarks:?}");
    assert!(remarks[0].starts_with("1 label taken from a folder above: "));
    assert!(remarks[1].starts_with("2 labels taken from a folder above: "));
    assert!(remarks[2].starts_with("2.png is labelled NG here, which counts, and NG dent in "));
    // A label that is given or taken away here is so above, too.
    let changes = [
        change(&inner, "1.png", None),
        change(&inner, "2.png", Some(Label::Ok)),
    ];
    save(&inner, &changes).unwrap();
    let read = labels(&inner);
    assert!(read.iter().eq([("2.png", &Label::Ok)]), "{read:?}");
    let odd = read.remarks.iter().filter(|one| one.is_warning());
    assert_eq!(odd.count(), 0);
    let above = labels(folder.path());
    assert_eq!(above.get("day/parts/2.png"), Some(&Label::Ok));
    assert_eq!(above.get("other.png"), Some(&Label::NG));
    // What cannot be read above is said, and hinders nothing.
    fs::write(folder.path().join(FILE_NAME), "{").unwrap();
    let read = labels(&inner);
    assert_eq!(read.get("2.png"), Some(&Label::Ok));
    assert!(matches!(read.remarks[..], [_, Remark::AboveUnread { .. }]));
}

#[cfg(unix)]
#[test]
fn labels_above_a_link_count_and_those_above_what_it_leads_to() {
    let folder = test_folder();
    let inner = folder.path().join("store/parts");
    write(&inner, "1.png", "one");
    write(&inner, "2.png", "two");
    fs::create_dir(folder.path().join("desk")).unwrap();
    let link = folder.path().join("desk/link");
    std::os::unix::fs::symlink(&inner, &link).unwrap();
    label(&folder.path().join("desk"), &[("link/1.png", Label::NG)]);
    label(&folder.path().join("store"), &[("parts/2.png", Label::NG)]);
    let read = labels(&link);
    assert!(
        read.iter()
            .eq([("1.png", &Label::NG), ("2.png", &Label::NG)])
    );
}

#[test]
fn what_is_named_twice_and_kinds_that_would_be_paths_are_said() {
    let folder = test_folder();
    let root = folder.path();
    for name in ["1.png", "2.png", "3.png"] {
        write(root, name, name);
    }
    let text = r#"{"version": 1, "images": [
        {"image": "1.png", "label": "ng"},
        {"image": "1.png", "label": "ok"},
        {"image": "2.png", "label": "ng", "kind": "../../x"},
        {"image": "3.png", "label": "ng", "kind": "a\u001b[2Jb"}
    ]}"#;
    fs::write(root.join(FILE_NAME), text).unwrap();
    let read = labels(root);
    let expected = [
        ("1.png", &Label::Ok),
        ("2.png", &Label::NG),
        ("3.png", &Label::NG),
    ];
    assert!(read.iter().eq(expected), "{read:?}");
    let remarks: Vec<String> = read.remarks.iter().map(ToString::to_string).collect();
    let words = [
        "1.png is labelled twice, NG and OK: the last one counts",
        "../../x is no name of a kind, it has / or \\ in it",
        "a\\u{1b}[2Jb is no name of a kind, it has a character in it that cannot be seen",
    ];
    for (remark, words) in remarks.iter().zip(words) {
        assert!(remark.contains(words), "{remark}");
    }
}

#[test]
fn what_holds_the_same_as_a_defective_image_is_not_learned_from() {
    let folder = test_folder();
    let root = folder.path();
    for (name, text) in [
        ("a.png", "one"),
        ("b.png", "bad"),
        ("c.png", "bad"),
        ("d.png", "bad"),
        ("e.png", "two"),
    ] {
        write(root, name, text);
    }
    label(root, &[("b.png", dent())]);
    let catalog = labelled(root);
    let (train, test) = names(&catalog);
    assert_eq!(train, ["a.png", "e.png"]);
    assert_eq!(test, [("b.png".into(), Kind::Defect("dent".into()))]);
    let left_out = ["c.png", "d.png"].map(str::to_owned);
    assert!(catalog.excluded.is_superset(&left_out.into()));
    let words =
        "2 files left out (the same picture is labelled NG under another name): c.png, d.png.";
    assert!(said(&catalog).contains(words), "{}", said(&catalog));
}

#[test]
fn of_what_is_labelled_ok_and_is_defective_elsewhere_nobody_knows_what_it_is() {
    let folder = test_folder();
    let root = folder.path();
    for (name, text) in [
        ("OK/a.png", "one"),
        ("OK/b.png", "same"),
        ("NG/c.png", "same as well"),
        ("NG/d.png", "same as well"),
        ("mine/e.png", "same"),
        ("mine/f.png", "two"),
    ] {
        write(root, name, text);
    }
    label(
        root,
        &[
            ("mine/e.png", Label::NG),
            ("mine/f.png", Label::Ok),
            ("OK/b.png", Label::Ok),
            ("NG/c.png", Label::Ok),
        ],
    );
    let catalog = labelled(root);
    let (train, test) = names(&catalog);
    assert_eq!(train, ["mine/f.png", "OK/a.png"]);
    assert_eq!(test, [("NG/d.png".into(), Kind::Defect("NG".into()))]);
    let words = "3 files left out (the same picture is among the normal images and among the defective ones)";
    assert!(said(&catalog).contains(words), "{}", said(&catalog));
}

#[test]
fn a_new_image_that_holds_the_same_as_one_that_was_labelled_is_known() {
    let folder = test_folder();
    let root = folder.path();
    write(root, "a.png", "bad");
    write(root, "gone.png", "gone");
    label(root, &[("a.png", dent()), ("gone.png", Label::NG)]);
    fs::remove_file(root.join("gone.png")).unwrap();
    let mut new = crate::path_list::PathList::default();
    for (name, text) in [("n1.png", "bad"), ("n2.png", "gone"), ("n3.png", "good")] {
        write(root, name, text);
        new.push(Path::new(name));
    }
    let labels = Labels::of_new(root, &new).unwrap();
    let kinds = ["n1.png", "n2.png", "n3.png"].map(|name| labels.kind(name, &Kind::Unknown));
    let defect = |kind: &str| Kind::Defect(kind.into());
    assert_eq!(kinds, [defect("dent"), defect("NG"), Kind::Unknown]);
}
