#![allow(clippy::unwrap_used)]

use super::*;
use crate::catalog::Kind;

/// A document with these labels and items.
fn document(labels: &[&str], items: &str) -> String {
    let labels: Vec<String> = labels
        .iter()
        .map(|name| format!(r#"{{"name": "{name}", "parent": "", "attributes": []}}"#))
        .collect();
    format!(
        r#"{{"info": {{}}, "categories": {{"label": {{"labels": [{}], "attributes": []}}}}, "items": [{items}]}}"#,
        labels.join(", ")
    )
}

fn item(annotations: &str) -> String {
    format!(
        r#"{{"id": "a", "annotations": [{annotations}], "attr": {{"frame": 0}},
        "image": {{"path": "a.png", "size": [4, 6]}}}}"#
    )
}

fn parsed(text: &str) -> Result<Option<Parsed>, String> {
    parse_bytes(Path::new("default.json"), text.as_bytes())
}

/// What is said of the only image.
fn of_one(labels: &[&str], annotations: &str) -> Option<Annotation> {
    let mut parsed = parsed(&document(labels, &item(annotations)))
        .unwrap()
        .unwrap();
    parsed.remove(0).1
}

#[test]
fn labels_of_images_say_what_they_show() {
    let labels = ["Normal", "Anomalous"];
    let label = |id: &str| format!(r#"{{"id": 0, "type": "label", "group": 0, "label_id": {id}}}"#);
    let kind = |annotations: &str| of_one(&labels, annotations).map(|one| one.kind());
    assert_eq!(kind(&label("0")), Some(Kind::Normal));
    assert_eq!(kind(&label("1")), Some(Kind::Defect("Anomalous".into())));
    let both = [label("0"), label("1")].join(",");
    assert_eq!(kind(&both), Some(Kind::Defect("Anomalous".into())));
    // Nobody labelled it: among labelled ones that says nothing.
    assert_eq!(kind(&label("null")), None);
    let items = [item(&label("0")), item("")].join(",");
    let parsed = parsed(&document(&labels, &items)).unwrap().unwrap();
    assert!(parsed[0].1.is_some() && parsed[1].1.is_none());
}

#[test]
fn labels_of_which_none_says_normal_are_not_understood() {
    let label = item(r#"{"type": "label", "label_id": 0}"#);
    assert_eq!(parsed(&document(&["0", "1"], &label)), Ok(None));
}

#[test]
fn shapes_of_every_kind_are_drawn() {
    let drawn = |shape: &str| {
        let annotation = of_one(&["dent"], &format!(r#"{{"label_id": 0, {shape}}}"#)).unwrap();
        assert_eq!(annotation.kind(), Kind::Defect("dent".into()));
        let drawn = annotation.outlines.draw((6, 4));
        (
            drawn.iter().filter(|one| **one).count(),
            annotation.has_boxes,
        )
    };
    let polygon = r#""type": "polygon", "points": [1, 1, 5, 1, 5, 3, 1, 3]"#;
    assert_eq!(drawn(polygon), (8, false));
    assert_eq!(drawn(r#""type": "bbox", "bbox": [1, 1, 2, 2]"#), (4, true));
    let mask = |counts: &str| {
        drawn(&format!(
            r#""type": "mask", "rle": {{"size": [4, 6], "counts": {counts}}}"#
        ))
        .0
    };
    assert_eq!(mask("[5, 2, 17]"), 2);
    assert_eq!(mask(r#""52a0""#), 2);
    assert!(drawn(r#""type": "ellipse", "points": [0, 0, 6, 4]"#).0 > 12);
    assert!(drawn(r#""type": "polyline", "points": [0, 0, 6, 4]"#).0 > 12);
    assert!(drawn(r#""type": "points", "points": [3, 2]"#).0 > 12);
    assert_eq!(of_one(&["dent"], "").unwrap().kind(), Kind::Normal);
}

#[test]
fn an_image_is_called_after_its_path_or_its_name() {
    for (media, name) in [
        (r#""image": {"path": "x/a.png"}"#, "x/a.png"),
        (r#""media": {"path": "a.png"}"#, "a.png"),
        (r#""image": {"path": ""}"#, "one"),
        (r#""attr": {}"#, "one"),
    ] {
        let item = format!(r#"{{"id": "one", {media}, "annotations": []}}"#);
        let parsed = parsed(&document(&[], &item)).unwrap().unwrap();
        assert_eq!(parsed[0].0, name);
    }
}

#[test]
fn other_json_is_no_annotation_and_what_cannot_be_is_refused() {
    for text in [
        "[]",
        "7",
        r#"{"items": []}"#,
        r#"{"items": [1], "categories": [2]}"#,
    ] {
        assert_eq!(parsed(text), Ok(None), "{text}");
    }
    for (annotation, reason) in [
        (
            r#"{"type": "polygon", "points": [1, 2, 3]}"#,
            "an odd number",
        ),
        (r#"{"type": "bbox", "bbox": [1]}"#, "a box that is none"),
        (r#"{"type": "mask"}"#, "a mask that is none"),
        (
            r#"{"type": "mask", "rle": {"size": [4, 5], "counts": [20]}}"#,
            "5 x 4 pixels in an image of 6 x 4",
        ),
    ] {
        let error = parsed(&document(&[], &item(annotation))).unwrap_err();
        assert!(error.contains(reason), "{annotation}: {error}");
    }
    let unsized_item = r#"{"id": "a", "annotations": [{"type": "bbox", "bbox": [1, 1, 2, 2]}]}"#;
    let error = parsed(&document(&[], unsized_item)).unwrap_err();
    assert!(error.contains("its size is not said"), "{error}");
    let error = parsed("{\"items\": [").unwrap_err();
    assert!(error.contains("is no Datumaro annotation"), "{error}");
}
