//! Data sets that are described by files beside their images, each built small.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use super::*;
use crate::catalog::{Entry, Kind, Note};

/// A folder with these files; images hold nothing, because names are looked at.
pub(super) fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = crate::test_folder::test_folder();
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

pub(super) fn scanned(files: &[(&str, &str)]) -> Catalog {
    scan(tree(files).path()).unwrap()
}

/// "path kind masks" of each image, those for training first.
pub(super) fn lines(catalog: &Catalog) -> Vec<String> {
    let below = |path: &Path| catalog.name_of(path);
    let line = |purpose: &str, entry: &Entry| {
        let kind = match &entry.kind {
            Kind::Normal => "normal",
            Kind::Unknown => "?",
            Kind::Defect(name) => name,
        };
        let masks = entry.mask.iter().flat_map(|mask| mask.paths());
        let masks: Vec<String> = masks.map(below).collect();
        let line = format!(
            "{purpose} {} {kind} {}",
            below(&entry.path),
            masks.join("+")
        );
        line.trim_end().to_owned()
    };
    let train = catalog.train.iter().map(|entry| line("train", entry));
    let test = catalog.test.iter().map(|entry| line("test", entry));
    train.chain(test).collect()
}

pub(super) fn left_out(catalog: &Catalog) -> Vec<String> {
    let one = |one: &LeftOut| format!("{}: {}", catalog.name_of(&one.path), one.reason);
    catalog.left_out.iter().map(one).collect()
}

#[test]
fn visa_is_read_by_its_lists() {
    let own = "image,label,mask\n\
        candle/Data/Images/Normal/0.JPG,normal,\n\
        candle/Data/Images/Normal/1.JPG,normal,\n\
        candle/Data/Images/Anomaly/0.JPG,\"melded wax,chunk\",candle/Data/Masks/Anomaly/0.png\n";
    let images = [
        ("candle/Data/Images/Normal/0.JPG", ""),
        ("candle/Data/Images/Normal/1.JPG", ""),
        ("candle/Data/Images/Anomaly/0.JPG", ""),
        ("candle/Data/Masks/Anomaly/0.png", ""),
    ];
    let dir = tree(&[&images[..], &[("candle/image_anno.csv", own)]].concat());
    let catalog = scan(&dir.path().join("candle")).unwrap();
    assert_eq!(catalog.layout, Layout::Listed);
    let expected = [
        "train Data/Images/Normal/0.JPG normal",
        "train Data/Images/Normal/1.JPG normal",
        "test Data/Images/Anomaly/0.JPG melded wax,chunk Data/Masks/Anomaly/0.png",
    ];
    assert_eq!(lines(&catalog), expected);
    assert_eq!(
        catalog.notes[0].to_string(),
        "What the images show and are for is taken from image_anno.csv."
    );

    // The list of all its folders parts them into training and test.
    let all = "object,split,label,image,mask\n\
        candle,train,normal,candle/Data/Images/Normal/0.JPG,\n\
        candle,test,normal,candle/Data/Images/Normal/1.JPG,\n\
        candle,test,anomaly,candle/Data/Images/Anomaly/0.JPG,candle/Data/Masks/Anomaly/0.png\n\
        fryum,train,normal,fryum/Data/Images/Normal/0.JPG,\n";
    let files = [
        &images[..],
        &[("candle/image_anno.csv", own), ("split_csv/1cls.csv", all)],
    ];
    let dir = tree(&files.concat());
    let catalog = scan(&dir.path().join("candle")).unwrap();
    let expected = [
        "train Data/Images/Normal/0.JPG normal",
        "test Data/Images/Normal/1.JPG normal",
        "test Data/Images/Anomaly/0.JPG anomaly Data/Masks/Anomaly/0.png",
    ];
    assert_eq!(lines(&catalog), expected);
    assert!(catalog.notes.contains(&Note::ListedElsewhere { rows: 1 }));
}

#[test]
fn a_list_without_rows_leaves_the_folders_to_say_what_images_show() {
    let catalog = scanned(&[
        ("Data/Images/Normal/0.JPG", ""),
        ("Data/Images/Anomaly/0.JPG", ""),
        ("image_anno.csv", "image,label,mask\n"),
    ]);
    let expected = [
        "train Data/Images/Normal/0.JPG normal",
        "test Data/Images/Anomaly/0.JPG Anomaly",
    ];
    assert_eq!(lines(&catalog), expected);
}

#[test]
fn a_list_goes_before_the_names_of_folders_and_what_it_does_not_name_is_said() {
    let list =
        "image_path,label_index,split\ngood/1.png,0,train\ngood/2.png,1,test\ngood/9.png,0,train\n";
    let catalog = scanned(&[
        ("good/1.png", ""),
        ("good/2.png", ""),
        ("good/3.png", ""),
        ("samples.csv", list),
    ]);
    assert_eq!(
        lines(&catalog),
        ["train good/1.png normal", "test good/2.png defect"]
    );
    let expected = [
        "good/3.png: the list does not name it",
        "good/9.png: listed, but missing",
    ];
    assert_eq!(left_out(&catalog), expected);
}

#[test]
fn an_inspection_of_a_listed_folder_is_of_its_test_images() {
    let dir = tree(&[
        ("1.png", ""),
        ("2.png", ""),
        ("list.csv", "file,label\n1.png,ok\n2.png,bent\n"),
    ]);
    let Listed::Set(catalog) = list(dir.path()).unwrap() else {
        panic!("no data set");
    };
    assert_eq!(lines(&catalog), ["train 1.png normal", "test 2.png bent"]);
    let dir = tree(&[("1.png", ""), ("temperatures.csv", "hour,degree\n1,20\n")]);
    assert!(matches!(list(dir.path()), Ok(Listed::Plain(images, _)) if images.len() == 1));
}

const DENT: &str = r#"{"shapes": [{"label": "dent", "points": [[1, 1], [5, 1], [5, 4]]}],
    "imageHeight": 9, "imageWidth": 9}"#;
const NOTHING: &str = r#"{"shapes": [], "imageHeight": 9, "imageWidth": 9}"#;

#[test]
fn labelme_says_which_images_are_normal_and_the_others_are_unknown() {
    let catalog = scanned(&[
        ("a.jpg", ""),
        ("a.json", DENT),
        ("b.jpg", ""),
        ("b.json", NOTHING),
        ("c.jpg", ""),
        ("d.jpg", ""),
        ("d.json", "{"),
    ]);
    let expected = [
        "train b.jpg normal",
        "test a.jpg dent a.json",
        "test c.jpg ?",
    ];
    assert_eq!(lines(&catalog), expected);
    let left_out = left_out(&catalog);
    assert_eq!(left_out.len(), 2, "{left_out:?}");
    assert_eq!(left_out[0], "d.jpg: its annotation cannot be used");
    assert!(
        left_out[1].starts_with("d.json: is no LabelMe annotation"),
        "{left_out:?}"
    );
}

#[test]
fn where_folders_say_what_images_show_labelme_draws_their_masks() {
    let catalog = scanned(&[
        ("OK/a.jpg", ""),
        ("OK/b.jpg", ""),
        ("OK/b.json", DENT),
        ("NG/c.jpg", ""),
        ("NG/c.json", DENT),
        ("NG/d.jpg", ""),
    ]);
    let expected = [
        "train OK/a.jpg normal",
        "test NG/c.jpg NG NG/c.json",
        "test NG/d.jpg NG",
    ];
    assert_eq!(lines(&catalog), expected);
    let expected = ["OK/b.jpg: not used for training: it shows a defect"];
    assert_eq!(left_out(&catalog), expected);
}

#[test]
fn yolo_labels_are_masks_and_images_without_are_normal() {
    let outlined = "0 0.1 0.1 0.5 0.1 0.5 0.5\n";
    let boxed = "0 0.5 0.5 0.2 0.2\n";
    let expected_notes = "In 1 image defects are boxed";
    for (train, test) in [
        (
            ["images/train/", "labels/train/"],
            ["images/test/", "labels/test/"],
        ),
        (
            ["train/images/", "train/labels/"],
            ["test/images/", "test/labels/"],
        ),
    ] {
        let at = |folder: &str, name: &str| format!("{folder}{name}");
        let files = [
            (at(train[0], "a.jpg"), ""),
            (at(train[0], "b.jpg"), ""),
            (at(train[1], "b.txt"), outlined),
            (at(test[0], "c.jpg"), ""),
            (at(test[1], "c.txt"), ""),
            (at(test[0], "d.jpg"), ""),
            (at(test[1], "d.txt"), boxed),
            ("data.yaml".to_owned(), "names: ['dent']"),
        ];
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(name, text)| (&name[..], *text))
            .collect();
        let catalog = scanned(&files);
        let mut found = lines(&catalog);
        found.sort();
        let mut expected = [
            format!("train {}a.jpg normal", train[0]),
            format!("test {}b.jpg dent {}b.txt", train[0], train[1]),
            format!("test {}c.jpg normal", test[0]),
            format!("test {}d.jpg dent {}d.txt", test[0], test[1]),
        ];
        expected.sort();
        assert_eq!(found, expected);
        assert!(
            catalog
                .notes
                .iter()
                .any(|note| note.to_string().starts_with(expected_notes))
        );
    }
}

#[test]
fn yolo_labels_beside_images_are_masks() {
    let catalog = scanned(&[
        ("a.jpg", ""),
        ("a.txt", "0 0.5 0.5 0.2 0.2"),
        ("b.jpg", ""),
        ("b.txt", ""),
    ]);
    let expected = ["train b.jpg normal", "test a.jpg class 0 a.txt"];
    assert_eq!(lines(&catalog), expected);
}

#[test]
fn texts_beside_images_that_nobody_understands_are_asked_about() {
    for (text, what) in [("a.xml", "<annotation/>"), ("day/a.txt", "dent at 4, 5")] {
        let image = text.replace(&text[text.len() - 3..], "jpg");
        let dir = tree(&[(&image, ""), (text, what), ("b.jpg", "")]);
        let error = scan(dir.path());
        assert!(matches!(error, Err(ScanError::Ambiguous { .. })), "{text}");
    }
    let catalog = scanned(&[("a.jpg", ""), ("notes.txt", "made in spring")]);
    assert_eq!(lines(&catalog), ["train a.jpg normal"]);
}

#[test]
fn nothing_outlined_in_a_folder_called_ng_is_never_trained_on() {
    let boxed = "0 0.5 0.5 0.2 0.2\n";
    let catalog = scanned(&[
        ("images/OK/a.jpg", ""),
        ("images/NG/a.jpg", ""),
        ("images/NG/b.jpg", ""),
        ("labels/NG/a.txt", boxed),
    ]);
    let expected = [
        "train images/OK/a.jpg normal",
        "test images/NG/b.jpg NG",
        "test images/NG/a.jpg class 0 labels/NG/a.txt",
    ];
    assert_eq!(lines(&catalog), expected);

    let catalog = scanned(&[
        ("train/images/a.jpg", ""),
        ("train/images/NG/b.jpg", ""),
        ("train/images/c.jpg", ""),
        ("train/labels/c.txt", boxed),
    ]);
    let expected = [
        "train train/images/a.jpg normal",
        "test train/images/c.jpg class 0 train/labels/c.txt",
    ];
    assert_eq!(lines(&catalog), expected);

    let coco = r#"{"images": [
            {"id": 1, "file_name": "OK/a.jpg", "width": 9, "height": 9},
            {"id": 2, "file_name": "NG/b.jpg", "width": 9, "height": 9}],
        "annotations": [], "categories": []}"#;
    let catalog = scanned(&[
        ("OK/a.jpg", ""),
        ("NG/b.jpg", ""),
        ("annotations/all.json", coco),
    ]);
    let expected = ["train OK/a.jpg normal", "test NG/b.jpg NG"];
    assert_eq!(lines(&catalog), expected);

    let catalog = scanned(&[
        ("line/a/shift/a.jpg", ""),
        ("line/a/shift/a.json", NOTHING),
        ("line/a/bad/b.jpg", ""),
        ("line/a/bad/b.json", NOTHING),
    ]);
    let expected = ["train line/a/shift/a.jpg normal", "test line/a/bad/b.jpg ?"];
    assert_eq!(lines(&catalog), expected);
}

#[test]
fn coco_names_its_images_and_a_damaged_file_is_refused() {
    let coco = r#"{"images": [
            {"id": 1, "file_name": "a.jpg", "width": 9, "height": 9},
            {"id": 2, "file_name": "b.jpg", "width": 9, "height": 9}],
        "annotations": [{"image_id": 2, "category_id": 5, "segmentation": [[1, 1, 5, 1, 5, 4]]}],
        "categories": [{"id": 5, "name": "dent"}]}"#;
    let images = [
        ("train2017/a.jpg", ""),
        ("train2017/b.jpg", ""),
        ("train2017/c.jpg", ""),
    ];
    let name = "annotations/instances_train2017.json";
    let catalog = scanned(&[&images[..], &[(name, coco)]].concat());
    let expected = [
        "train train2017/a.jpg normal".to_owned(),
        format!("test train2017/b.jpg dent {name}"),
        "test train2017/c.jpg ?".to_owned(),
    ];
    assert_eq!(lines(&catalog), expected);
    let damaged = tree(&[&images[..], &[(name, &coco[..200])]].concat());
    let error = scan(damaged.path()).unwrap_err().to_string();
    assert!(
        error.contains("instances_train2017.json: is no COCO annotation"),
        "{error}"
    );
}

#[test]
fn images_that_an_annotation_may_be_of_are_never_trained_on() {
    let files = [
        ("cam1/a.jpg", ""),
        ("cam2/a.jpg", ""),
        ("cam2/b.jpg", ""),
        ("cam2/b.json", NOTHING),
        ("json/a.json", DENT),
    ];
    let catalog = scanned(&files);
    let expected = [
        "train cam2/b.jpg normal",
        "test cam1/a.jpg ?",
        "test cam2/a.jpg ?",
    ];
    assert_eq!(lines(&catalog), expected);
    let why = "json/a.json: annotates an image of which there are several of that name";
    assert_eq!(left_out(&catalog), [why]);

    let catalog = scanned(&[
        ("OK/a.jpg", ""),
        ("OK/b.jpg", ""),
        ("NG/a.jpg", ""),
        ("json/a.json", DENT),
    ]);
    assert_eq!(
        lines(&catalog),
        ["train OK/b.jpg normal", "test NG/a.jpg NG"]
    );
    assert_eq!(left_out(&catalog).len(), 2, "the image and its annotation");
}

#[test]
fn where_no_annotation_is_of_an_image_that_is_there_a_person_is_asked() {
    let coco = r#"{"images": [{"id": 1, "file_name": "old.jpg", "width": 9, "height": 9}],
        "annotations": [], "categories": []}"#;
    let dir = tree(&[("a.jpg", ""), ("b.jpg", ""), ("labels.json", coco)]);
    let error = scan(dir.path());
    assert!(
        matches!(error, Err(ScanError::Ambiguous { .. })),
        "{error:?}"
    );
    let catalog = scanned(&[("OK/a.jpg", ""), ("NG/b.jpg", ""), ("labels.json", coco)]);
    assert_eq!(
        lines(&catalog),
        ["train OK/a.jpg normal", "test NG/b.jpg NG"]
    );
    assert_eq!(left_out(&catalog), ["old.jpg: annotated, but missing"]);
}

#[test]
fn labels_of_nothing_make_nothing_normal_that_was_asked_about_or_left_open() {
    let images = [("OK/1.png", ""), ("NG/2.png", ""), ("unlabelled/3.png", "")];
    let labels = [("NG/2.txt", "0 0.5 0.5 0.2 0.2"), ("unlabelled/3.txt", "")];
    let catalog = scanned(&[&images[..], &labels].concat());
    assert_eq!(catalog.train.len(), 1, "{:?}", lines(&catalog));
    let apart = tree(&[("A/1.png", ""), ("B/2.png", ""), ("notes/2.txt", "")]);
    assert!(matches!(
        scan(apart.path()),
        Err(ScanError::Ambiguous { .. })
    ));
}
