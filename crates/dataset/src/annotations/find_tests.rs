//! Which annotation is of which image, in folders built small.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::catalog::Kind;

const DENT: &str = r#"{"label": "dent", "points": [[1, 1], [5, 1], [5, 4]]}"#;

fn labelme(shapes: &str) -> String {
    format!(r#"{{"shapes": [{shapes}], "imagePath": "x", "imageHeight": 9, "imageWidth": 9}}"#)
}

fn found(images: &[&str], files: &[(&str, &str)]) -> Result<Annotated, AnnotationError> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let images: Vec<&Path> = images.iter().map(Path::new).collect();
    let documents: Vec<&Path> = files.iter().map(|(name, _)| Path::new(*name)).collect();
    find(dir.path(), &images, &documents)
}

/// "image kind" of each annotated image.
fn kinds(found: &Annotated) -> Vec<String> {
    let line = |(image, annotation): (&PathBuf, &Annotation)| match annotation.kind() {
        Kind::Defect(name) => format!("{} {name}", image.display()),
        _ => format!("{} normal", image.display()),
    };
    found.images.iter().map(line).collect()
}

#[test]
fn what_is_labelled_as_normal_is_no_defect() {
    let ok = DENT.replace("dent", "OK");
    let not_ok = DENT.replace("dent", "não conforme");
    let denied = found(&["a.jpg"], &[("a.json", &labelme(&not_ok))]).unwrap();
    assert_eq!(kinds(&denied), ["a.jpg não conforme"]);
    let both = format!("{ok}, {DENT}");
    let files = [("a.json", &labelme(&ok)[..]), ("b.json", &labelme(&both))];
    let annotated = found(&["a.jpg", "b.jpg"], &files).unwrap();
    assert_eq!(kinds(&annotated), ["a.jpg normal", "b.jpg dent"]);
    let yolo = [
        ("a.txt", "0 0.5 0.5 0.2 0.2"),
        ("classes.txt", "良品\ndent"),
    ];
    assert_eq!(kinds(&found(&["a.jpg"], &yolo).unwrap()), ["a.jpg normal"]);
}

#[test]
fn labelme_files_are_found_beside_the_images_and_in_a_folder_of_their_own() {
    let (defect, normal) = (labelme(DENT), labelme(""));
    let images = ["a.jpg", "b.jpg", "c.jpg"];
    let beside = [("a.json", &defect[..]), ("b.json", &normal)];
    let apart = [("json/a.json", &defect[..]), ("json/b.json", &normal)];
    for files in [beside, apart] {
        let found = found(&images, &files).unwrap();
        assert_eq!(kinds(&found), ["a.jpg dent", "b.jpg normal"]);
        assert!(!found.is_complete);
    }
}

#[test]
fn a_damaged_annotation_names_its_file_and_spares_the_others() {
    let defect = labelme(DENT);
    let files = [("a.json", &defect[..]), ("b.json", "{")];
    let found = found(&["a.jpg", "b.jpg"], &files).unwrap();
    assert_eq!(kinds(&found), ["a.jpg dent"]);
    assert!(found.damaged.contains(Path::new("b.jpg")));
    let error = found.left_out[0].to_string();
    assert!(
        error.contains("b.json: is no LabelMe annotation"),
        "{error}"
    );
}

#[test]
fn yolo_labels_are_found_and_images_without_are_normal() {
    let images = [
        "images/train/a.jpg",
        "images/train/b.jpg",
        "images/val/c.jpg",
    ];
    let files = [
        ("data.yaml", "names: [dent]"),
        ("labels/train/a.txt", "0 0.1 0.1 0.5 0.1 0.5 0.5"),
        ("labels/val/c.txt", ""),
    ];
    let found = found(&images, &files).unwrap();
    let expected = [
        "images/train/a.jpg dent",
        "images/train/b.jpg normal",
        "images/val/c.jpg normal",
    ];
    assert_eq!(kinds(&found), expected);
    assert!(found.is_complete);
}

#[test]
fn texts_that_are_no_labels_make_no_yolo_set() {
    for (image, text) in [("images/a.jpg", "labels/a.txt"), ("a.jpg", "a.txt")] {
        let found = found(&[image], &[(text, "made in spring")]).unwrap();
        assert!(found.images.is_empty());
    }
}

#[test]
fn yolo_labels_are_found_beside_the_images() {
    let files = [
        ("a.txt", "0 0.5 0.5 0.2 0.2"),
        ("b.txt", ""),
        ("classes.txt", "dent"),
    ];
    let found = found(&["a.jpg", "b.jpg", "c.jpg"], &files).unwrap();
    assert_eq!(
        kinds(&found),
        ["a.jpg dent", "b.jpg normal", "c.jpg normal"]
    );
    assert!(found.is_complete);
}

#[test]
fn outlines_of_labelme_go_before_yolo_labels_beside_the_images() {
    let files = [("a.json", &labelme(DENT)[..]), ("a.txt", "")];
    assert_eq!(kinds(&found(&["a.jpg"], &files).unwrap()), ["a.jpg dent"]);
}

fn coco(images: &str, annotations: &str) -> String {
    format!(
        r#"{{"images": [{images}], "annotations": [{annotations}],
        "categories": [{{"id": 1, "name": "dent"}}]}}"#
    )
}

#[test]
fn coco_names_its_images_from_several_folders() {
    let entry = |id: u32, name: &str| {
        format!(r#"{{"id": {id}, "file_name": "{name}", "width": 9, "height": 9}}"#)
    };
    let drawn = r#"{"image_id": 1, "category_id": 1, "segmentation": [[1, 1, 4, 1, 4, 4]]}"#;
    let train = coco(&[entry(1, "a.jpg"), entry(2, "gone.jpg")].join(","), drawn);
    let val = coco(&entry(1, "a.jpg"), "");
    let files = [
        ("annotations/instances_train2017.json", &train[..]),
        ("annotations/instances_val2017.json", &val),
    ];
    let images = ["train2017/a.jpg", "train2017/b.jpg", "val2017/a.jpg"];
    let found = found(&images, &files).unwrap();
    assert_eq!(
        kinds(&found),
        ["train2017/a.jpg dent", "val2017/a.jpg normal"]
    );
    let error = found.left_out[0].to_string();
    assert!(
        error.ends_with("gone.jpg: annotated, but missing"),
        "{error}"
    );
}

#[test]
fn a_coco_entry_without_a_name_is_no_image() {
    let entries = r#"{"id": 1, "file_name": "", "width": 9, "height": 9}"#;
    let files = [("annotations/all.json", &coco(entries, "")[..])];
    assert!(found(&["a.jpg"], &files).unwrap().images.is_empty());
}

#[test]
fn a_damaged_coco_file_is_an_error_and_other_json_is_not() {
    let error = found(&["a.jpg"], &[("annotations/all.json", "{\"images\": [")]).unwrap_err();
    assert!(error.file.ends_with("annotations/all.json"));
    assert!(
        found(&["a.jpg"], &[("settings.json", "{")])
            .unwrap()
            .images
            .is_empty()
    );
}

const ENTRY: &str = r#"{"id": 1, "file_name": "a.jpg", "width": 9, "height": 9}"#;
const DRAWN: &str =
    r#"{"image_id": 1, "category_id": 1, "segmentation": [[1, 1, 4, 1, 4, 4, 1, 4]]}"#;

/// Marked pixels of the image.
fn area(found: &Annotated, image: &str) -> usize {
    let drawn = found.images[Path::new(image)].outlines.draw((9, 9));
    drawn.iter().filter(|one| **one).count()
}

#[test]
fn what_several_coco_files_draw_on_one_image_counts_together() {
    let dents = coco(ENTRY, DRAWN);
    let scratches = dents.replace("dent", "scratch");
    let scratches = scratches.replace("1, 1, 4, 1, 4, 4, 1, 4", "6, 6, 8, 6, 8, 8, 6, 8");
    let nothing = coco(ENTRY, "");
    let files = [
        ("a.json", &dents[..]),
        ("b.json", &scratches),
        ("c.json", &nothing),
    ];
    let several = found(&["a.jpg"], &files).unwrap();
    assert_eq!(kinds(&several), ["a.jpg dent, scratch"]);
    assert_eq!(area(&several, "a.jpg"), 9 + 4);
    assert_eq!(several.files.len(), 3);
    // They cannot both be right.
    let other = scratches.replace("\"width\": 9", "\"width\": 90");
    let files = [("a.json", &dents[..]), ("b.json", &other)];
    let torn = found(&["a.jpg"], &files).unwrap();
    assert!(torn.images.is_empty() && torn.damaged.len() == 1);
    let error = torn.left_out[0].to_string();
    assert!(
        error.contains("b.json: draws on an image of another size"),
        "{error}"
    );
}

#[test]
fn several_files_of_labelme_of_one_image_count_together() {
    let scratch = labelme(DENT).replace("dent", "scratch");
    let files = [
        ("a.json", &labelme(DENT)[..]),
        ("json/a.json", &scratch),
        ("looked_at/a.json", &labelme("")),
    ];
    let found = found(&["a.jpg"], &files).unwrap();
    assert_eq!(kinds(&found), ["a.jpg dent, scratch"]);
}

#[test]
fn a_coco_file_is_known_by_its_beginning_whatever_its_name_and_place() {
    let whole = coco(ENTRY, DRAWN);
    for name in ["labels.json", "a/b/c/d/e/labels.json", "a.json"] {
        let sound = found(&["a.jpg"], &[(name, &whole)]).unwrap();
        assert_eq!(kinds(&sound), ["a.jpg dent"], "{name}");
        for damaged in [
            &whole[..whole.len() - 30],
            &whole.replace("\"width\": 9,", ""),
            &whole.replace("\"image_id\": 1", "\"image_id\": \"1\""),
        ] {
            match found(&["a.jpg"], &[(name, damaged)]) {
                Err(error) => assert!(error.file.ends_with(name)),
                // It may be of that image alone.
                Ok(of_one) => assert!(
                    of_one
                        .damaged
                        .contains(Path::new(name).with_extension("jpg").as_path())
                ),
            }
        }
    }
    let others: Vec<String> = (0..70)
        .map(|number| format!("meta/{number}.json"))
        .collect();
    let mut files: Vec<(&str, &str)> = others.iter().map(|name| (&name[..], "{}")).collect();
    files.push(("labels.json", &whole));
    assert_eq!(kinds(&found(&["a.jpg"], &files).unwrap()), ["a.jpg dent"]);
}

#[test]
fn what_coco_calls_an_image_is_compared_as_a_person_would() {
    let files = [("all.json", &coco(ENTRY, DRAWN)[..])];
    assert_eq!(kinds(&found(&["A.JPG"], &files).unwrap()), ["A.JPG dent"]);
    let both = found(&["cam1/a.jpg", "cam2/a.jpg"], &files).unwrap();
    assert!(both.images.is_empty());
    assert_eq!(both.doubtful.len(), 2);
    assert_eq!(both.left_out.len(), 1);
}

#[test]
fn an_annotation_is_of_the_image_whose_folders_its_own_are_called_after() {
    let defect = labelme(DENT);
    let images = [
        "images/cam1/a.jpg",
        "images/cam2/a.jpg",
        "images/cam2/b.jpg",
    ];
    for (file, image) in [
        ("json/cam2/a.json", "images/cam2/a.jpg dent"),
        ("cam1_json/a.json", "images/cam1/a.jpg dent"),
        ("labels-cam2/a.json", "images/cam2/a.jpg dent"),
        ("json/b.json", "images/cam2/b.jpg dent"),
    ] {
        let found = found(&images, &[(file, &defect)]).unwrap();
        assert_eq!(kinds(&found), [image], "{file}");
    }
    for (file, doubtful) in [("json/a.json", 2), ("json/cam1/b.json", 1)] {
        let found = found(&images, &[(file, &defect)]).unwrap();
        assert!(found.images.is_empty(), "{file}");
        assert_eq!(found.doubtful.len(), doubtful, "{file}");
        assert!(found.left_out[0].file.ends_with(file));
    }
    let twins = found(&["a.jpg", "a.bmp"], &[("json/a.json", &defect)]).unwrap();
    assert_eq!(kinds(&twins), ["a.bmp dent", "a.jpg dent"]);
}

#[test]
fn boxes_of_voc_are_found_as_files_of_labelme_are() {
    let defect = "<annotation><size><width>9</width><height>9</height></size><object>\
        <name>dent</name><bndbox><xmin>2</xmin><ymin>2</ymin><xmax>4</xmax><ymax>3</ymax>\
        </bndbox></object></annotation>";
    let normal = "<annotation><size><width>9</width><height>9</height></size></annotation>";
    for folder in ["", "Annotations/"] {
        let names = ["a", "b", "c"].map(|name| format!("{folder}{name}.xml"));
        let files = [
            (&names[0][..], defect),
            (&names[1], normal),
            (&names[2], "<annotation>"),
        ];
        let found = found(&["a.jpg", "b.jpg", "c.jpg"], &files).unwrap();
        assert_eq!(kinds(&found), ["a.jpg dent", "b.jpg normal"]);
        assert_eq!(area(&found, "a.jpg"), 3 * 2);
        assert!(found.damaged.contains(Path::new("c.jpg")));
    }
}

#[test]
fn yolo_labels_are_found_in_any_folder() {
    let files = [
        ("txt/a.txt", "0 0.5 0.5 0.2 0.2"),
        ("txt/b.txt", ""),
        ("more/b.txt", "1 0.5 0.5 0.2 0.2"),
    ];
    let found = found(&["images/a.jpg", "images/b.jpg", "images/c.jpg"], &files).unwrap();
    let expected = [
        "images/a.jpg class 0",
        "images/b.jpg class 1",
        "images/c.jpg normal",
    ];
    assert_eq!(kinds(&found), expected);
}

#[test]
fn a_torn_file_of_one_image_spares_the_others_and_findings_of_a_detector_are_none_of_coco() {
    let torn = r#"{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"#;
    let findings = "{\"image_id\": 1, \"category_id\": 2}\n{\"image_id\": 2, \"category_id\": 2}";
    let dent = labelme(DENT);
    let files = [
        ("a.json", torn),
        ("b.json", &dent[..]),
        ("preds.json", findings),
    ];
    let annotated = found(&["a.jpg", "b.jpg", "c.jpg"], &files).unwrap();
    assert!(annotated.damaged.contains(Path::new("a.jpg")));
    assert_eq!(kinds(&annotated), ["b.jpg dent"]);
}

#[test]
fn empty_texts_make_no_labels() {
    let annotated = found(&["a.jpg", "b.jpg"], &[("notes/a.txt", ""), ("b.txt", "\n")]).unwrap();
    assert!(annotated.images.is_empty() && !annotated.is_complete);
}

#[test]
fn labels_that_may_be_of_very_many_images_of_one_name_make_each_doubtful_once() {
    let images: Vec<String> = (0..2000).map(|at| format!("images/s{at}/a.jpg")).collect();
    let texts: Vec<String> = (0..2000).map(|at| format!("more/t{at}/a.txt")).collect();
    let images: Vec<&str> = images.iter().map(String::as_str).collect();
    let mut files: Vec<(&str, &str)> = texts
        .iter()
        .map(|name| (name.as_str(), "0 .5 .5 .1 .1"))
        .collect();
    files.push(("images/s0/a.txt", "0 0.5 0.5 0.2 0.2"));
    let found = found(&images, &files).unwrap();
    assert_eq!((found.doubtful.len(), found.left_out.len()), (2000, 2000));
}

#[test]
fn labels_of_no_image_leave_those_without_labels_doubtful() {
    for stray in ["labels/8.txt", "labels/b_png.rf.abc.txt"] {
        let files = [
            ("labels/a.txt", "0 0.5 0.5 0.2 0.2"),
            (stray, "0 0.5 0.5 0.2 0.2"),
        ];
        for folder in ["images", "photos"] {
            let images = ["a", "b", "c"].map(|name| format!("{folder}/{name}.png"));
            let images: Vec<&str> = images.iter().map(String::as_str).collect();
            let found = found(&images, &files).unwrap();
            assert_eq!(kinds(&found), [format!("{folder}/a.png class 0")]);
            assert_eq!(found.doubtful.len(), 2, "{stray}");
            assert_eq!(found.left_out.len(), 1, "{stray}");
        }
    }
}
