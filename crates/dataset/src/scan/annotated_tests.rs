//! Data sets that files of annotations about many images describe, each built small.

#![allow(clippy::unwrap_used)]

use super::described_tests::{left_out, lines, scanned};
use super::*;

/// Annotations of Datumaro: images by their paths, each with the number of its label, drawn as a box or not.
fn datumaro(labels: &[&str], images: &[(&str, &str)]) -> String {
    let labels = labels.iter().map(|name| format!(r#"{{"name": "{name}"}}"#));
    let labels: Vec<String> = labels.collect();
    let items = images.iter().map(|(path, annotation)| {
        let name = path.split('.').next().unwrap();
        format!(
            r#"{{"id": "{name}", "image": {{"path": "{path}", "size": [9, 9]}}, "annotations": [{annotation}]}}"#
        )
    });
    let items: Vec<String> = items.collect();
    format!(
        r#"{{"categories": {{"label": {{"labels": [{}]}}}}, "items": [{}]}}"#,
        labels.join(","),
        items.join(",")
    )
}

const NORMAL: &str = r#"{"type": "label", "label_id": 0}"#;
const BAD: &str = r#"{"type": "label", "label_id": 1}"#;
const BOX: &str = r#"{"type": "bbox", "label_id": 1, "bbox": [1, 1, 4, 4]}"#;

#[test]
fn datumaro_of_geti_is_read_by_the_labels_of_its_images() {
    let labels = ["Normal", "Anomalous"];
    let images = [
        ("1.jpg", NORMAL),
        ("2.jpg", NORMAL),
        ("3.jpg", BAD),
        ("4.jpg", BOX),
        ("5.jpg", ""),
    ];
    let text = datumaro(&labels, &images);
    let catalog = scanned(&[
        ("annotations/default.json", &text),
        ("images/default/1.jpg", ""),
        ("images/default/2.jpg", ""),
        ("images/default/3.jpg", ""),
        ("images/default/4.jpg", ""),
        ("images/default/5.jpg", ""),
    ]);
    let expected = [
        "train images/default/1.jpg normal",
        "train images/default/2.jpg normal",
        "test images/default/3.jpg Anomalous",
        "test images/default/4.jpg Anomalous annotations/default.json",
        "test images/default/5.jpg ?",
    ];
    assert_eq!(lines(&catalog), expected);
    assert_eq!(left_out(&catalog), [""; 0]);
}

#[test]
fn parts_of_datumaro_are_parts_also_where_their_images_lie_together() {
    let labels = ["Normal", "Anomalous"];
    let train = datumaro(&labels, &[("1.jpg", NORMAL), ("2.jpg", NORMAL)]);
    let test = datumaro(&labels, &[("3.jpg", NORMAL), ("4.jpg", BAD)]);
    for folders in [["images/train/", "images/test/"], ["images/", "images/"]] {
        let [of_train, of_test] = folders;
        let names = [(of_train, 1), (of_train, 2), (of_test, 3), (of_test, 4)];
        let names = names.map(|(folder, number)| format!("{folder}{number}.jpg"));
        let mut files = vec![
            ("annotations/train.json", &*train),
            ("annotations/test.json", &*test),
        ];
        files.extend(names.iter().map(|name| (&**name, "")));
        let [one, two, three, four] = &names;
        let expected = [
            format!("train {one} normal"),
            format!("train {two} normal"),
            format!("test {three} normal"),
            format!("test {four} Anomalous"),
        ];
        assert_eq!(lines(&scanned(&files)), expected);
    }
}

#[test]
fn images_that_datumaro_names_without_ending_are_found() {
    let text = datumaro(&["dent", "crack"], &[("", BOX)]).replace(r#""id": """#, r#""id": "a.1""#);
    let catalog = scanned(&[
        ("annotations/default.json", &text),
        ("images/default/a.1.jpg", ""),
        ("images/default/b.jpg", ""),
    ]);
    let expected = [
        "test images/default/a.1.jpg crack annotations/default.json",
        "test images/default/b.jpg ?",
    ];
    assert_eq!(lines(&catalog), expected);
}

#[test]
fn labels_that_nobody_understands_are_asked_about() {
    let text = datumaro(&["0", "1"], &[("1.jpg", NORMAL), ("2.jpg", BAD)]);
    let files = [
        ("annotations/default.json", &*text),
        ("images/1.jpg", ""),
        ("images/2.jpg", ""),
    ];
    let error = scan(described_tests::tree(&files).path()).unwrap_err();
    assert!(error.to_string().contains("default.json"), "{error}");
}

#[test]
fn flags_that_nobody_knows_are_said_and_those_of_all_images_say_nothing() {
    let flagged = |flags: &str| {
        format!(
            r#"{{"shapes": [], "flags": {{{flags}}}, "imagePath": "x", "imageHeight": 9, "imageWidth": 9}}"#
        )
    };
    let (all, some) = (
        flagged(r#""line 2": true"#),
        flagged(r#""line 2": true, "F17": true"#),
    );
    let files = [
        ("OK/1.png", ""),
        ("OK/1.json", &*all),
        ("OK/2.png", ""),
        ("OK/2.json", &all),
        ("OK/3.png", ""),
        ("OK/3.json", &some),
        ("NG/4.png", ""),
    ];
    let catalog = scanned(&files);
    let trained = lines(&catalog)
        .into_iter()
        .filter(|line| line.starts_with("train"));
    let expected = ["train OK/1.png normal", "train OK/2.png normal"];
    assert!(trained.eq(expected), "{:?}", lines(&catalog));
    let said = "What annotations say of 1 image is not understood: F17.";
    assert!(
        catalog.notes.iter().any(|note| note.to_string() == said),
        "{:?}",
        catalog.notes
    );
}
