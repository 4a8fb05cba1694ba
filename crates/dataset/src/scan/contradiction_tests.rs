//! Files and images that may say something else than what is known of a data set, each built small.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use super::described_tests::{left_out, lines, tree};
use super::*;

const IMAGES: [(&str, &str); 4] = [("a.png", ""), ("b.png", ""), ("c.png", ""), ("d.png", "")];

#[test]
fn a_table_that_may_contradict_a_list_is_asked_about_or_said() {
    let all_good = "file,label\na.png,OK\nb.png,OK\nc.png,OK\nd.png,OK\n";
    let some_bad = all_good.replace("d.png,OK", "d.png,NG");
    for memo in ["c.png scratch\n", "b.png: state 7\nc.png: state 9\n"] {
        let files = [("labels.csv", all_good), ("memo.md", memo)];
        let dir = tree(&[&IMAGES[..], &files].concat());
        let error = scan(dir.path()).unwrap_err().to_string();
        assert!(error.contains("memo.md"), "{error}");
        let files = [("labels.csv", some_bad.as_str()), ("memo.md", memo)];
        let dir = tree(&[&IMAGES[..], &files].concat());
        let note = scan(dir.path()).unwrap().notes;
        assert!(
            note.iter().any(|note| note.to_string().contains("memo.md")),
            "{note:?}"
        );
    }
    // Sorted into folders, and looked at again.
    let files = [
        ("OK/a.png", ""),
        ("OK/b.png", ""),
        ("NG/c.png", ""),
        ("OK/again.csv", "file,comment\na.png,later\nb.png,scratch\n"),
    ];
    let notes = scan(tree(&files).path()).unwrap().notes;
    assert!(
        notes
            .iter()
            .any(|note| note.to_string().contains("OK/again.csv"))
    );
}

#[test]
fn folders_that_a_person_calls_normal_are_taken_once_and_without_what_a_list_calls_defective() {
    let dent = r#"{"shapes": [{"label": "dent", "points": [[1, 1], [5, 1], [5, 4]]}], "imagePath": "x",
        "imageHeight": 9, "imageWidth": 9}"#;
    let roles = |dir: &Path| Roles {
        normal: vec![dir.join("A"), dir.join("A/../A")],
        ..Roles::default()
    };
    for (name, text) in [
        ("A/labels.csv", "file,label\na.png,OK\nb.png,NG\n"),
        ("labels.csv", "file,label\nA/a.png,OK\nA/b.png,NG\n"),
        ("A/b.json", dent),
    ] {
        let dir = tree(&[("A/a.png", ""), ("A/b.png", ""), (name, text)]);
        let catalog = scan_as(dir.path(), &roles(dir.path())).unwrap();
        assert_eq!(lines(&catalog), ["train A/a.png normal"], "{name}");
        let reason = "A/b.png: not used for training: it shows a defect";
        assert!(left_out(&catalog).contains(&reason.to_owned()), "{name}");
    }
}

#[test]
fn folders_called_after_defects_are_not_learned_from_though_they_lie_in_one_that_a_person_calls_normal()
 {
    let dir = tree(&[("A/a.png", ""), ("A/キズ/b.png", ""), ("A/NG/c.png", "")]);
    let roles = Roles {
        normal: vec![dir.path().join("A")],
        ..Roles::default()
    };
    let catalog = scan_as(dir.path(), &roles).unwrap();
    assert_eq!(lines(&catalog), ["train A/a.png normal"]);
}

#[test]
fn a_picture_among_the_normal_and_the_defective_images_is_none_of_either() {
    let files = [
        ("OK/a.png", "one"),
        ("OK/b.png", "two"),
        ("OK/c.png", "six"),
        ("NG/d.png", "two"),
        ("NG/e.png", "ten"),
    ];
    let catalog = scan(tree(&files).path()).unwrap();
    let expected = [
        "train OK/a.png normal",
        "train OK/c.png normal",
        "test NG/e.png NG",
    ];
    assert_eq!(lines(&catalog), expected);
    let reason = "the same picture is among the normal images and among the defective ones";
    let expected = ["NG/d.png", "OK/b.png"].map(|name| format!("{name}: {reason}"));
    assert_eq!(left_out(&catalog), expected);
    let all = [
        ("OK/a.png", "one"),
        ("OK/b.png", "two"),
        ("NG/b.png", "two"),
    ];
    assert!(left_out(&scan(tree(&all).path()).unwrap()).is_empty());
}

#[test]
fn what_json_says_deeper_down_is_read_or_asked_about() {
    let nested = |what: &str| {
        let one = |(name, bad): (&str, u8)| {
            let judge = if bad == 1 { "NG" } else { "OK" };
            let what = what
                .replace("{bad}", &bad.to_string())
                .replace("{judge}", judge);
            format!(r#"{{"file": "{name}", "split": "train", {what}}}"#)
        };
        let all = [("a.png", 0), ("b.png", 0), ("c.png", 1), ("d.png", 1)];
        format!("[{}]", all.map(one).join(","))
    };
    let scan_of = |text: &str| {
        let dir = tree(&[&IMAGES[..], &[("labels.json", text)]].concat());
        scan(dir.path())
    };
    let read = scan_of(&nested(r#""result": {"by": {"judge": "{judge}"}}"#)).unwrap();
    assert_eq!(lines(&read), ["train a.png normal", "train b.png normal"]);
    let error = scan_of(&nested(r#""info": {"n": {bad}}"#)).unwrap_err();
    assert!(error.to_string().contains("labels.json"), "{error}");
}

#[test]
fn numbers_of_labels_that_folders_contradict_are_read_as_they_are_meant() {
    let images = [
        ("OK/a.png", ""),
        ("OK/b.png", ""),
        ("NG/c.png", ""),
        ("NG/d.png", ""),
    ];
    let list = "file,label\nOK/a.png,1\nOK/b.png,1\nNG/c.png,0\nNG/d.png,0\n";
    let dir = tree(&[&images[..], &[("labels.csv", list)]].concat());
    let expected = [
        "train OK/a.png normal",
        "train OK/b.png normal",
        "test NG/c.png defect",
        "test NG/d.png defect",
    ];
    assert_eq!(lines(&scan(dir.path()).unwrap()), expected);
}
