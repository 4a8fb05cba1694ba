//! Data sets that tables describe which are no text: spreadsheets and Parquet, each built small.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use image::{GrayImage, Luma};
use parquet::basic::Compression;

use super::described_tests::{left_out, lines, tree};
use super::layout_tests::counts;
use super::lists::tables_for_tests::{Column, ods, write, xlsx};
use super::*;

fn mask(path: &Path, marks: bool) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let value = |x, y| Luma([255 * u8::from(marks && x + y < 9)]);
    GrayImage::from_fn(16, 16, value).save(path).unwrap();
}

/// A part of Kaputt: its images and tables; those that are masked have masks.
fn kaputt(root: &Path, split: &str, defects: &[bool], masked: &[bool]) {
    let path = |what: &str, number: usize, ending: &str| {
        format!("data/{split}/query-data/{what}/{split}{number}.{ending}")
    };
    let touch = |folder: &str, below: &str| {
        let path = root.join(folder).join(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    };
    let numbers = 0..defects.len();
    let of = |what: &str, ending: &str| -> Vec<String> {
        numbers
            .clone()
            .map(|number| path(what, number, ending))
            .collect()
    };
    let [images, crops] = ["image", "crop"].map(|what| of(what, "jpg"));
    images.iter().for_each(|image| touch("query-image", image));
    crops.iter().for_each(|crop| touch("query-crop", crop));
    let mut masks = of("mask", "png");
    for (mask_name, is_masked) in masks.iter_mut().zip(masked) {
        match is_masked {
            true => mask(&root.join("query-mask").join(&*mask_name), true),
            false => mask_name.clear(),
        }
    }
    let texts = |all: &[String]| {
        all.iter()
            .map(String::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let [images, crops, masks] = [texts(&images), texts(&crops), texts(&masks)];
    let [images, crops, masks] =
        [&images, &crops, &masks].map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
    let kinds: Vec<&str> = defects
        .iter()
        .map(|bad| if *bad { "penetration" } else { "" })
        .collect();
    let materials = vec!["paper"; defects.len()];
    std::fs::create_dir_all(root.join("datasets")).unwrap();
    let columns = [
        ("capture_id", Column::Texts(&images)),
        ("defect", Column::Truths(defects)),
        ("defect_types", Column::Texts(&kinds)),
        ("item_material", Column::Texts(&materials)),
        ("query_image", Column::Texts(&images)),
        ("query_crop", Column::Texts(&crops)),
        ("query_mask", Column::Texts(&masks)),
    ];
    let table = root.join(format!("datasets/query-{split}.parquet"));
    write(&table, &columns, Compression::SNAPPY);
    let reference = format!("data/{split}/reference-data/image/{split}.jpg");
    touch("reference-image", &reference);
    let columns = [
        ("item_identifier", Column::Texts(&["x"])),
        ("reference_image", Column::Texts(&[&reference])),
    ];
    let table = root.join(format!("datasets/reference-{split}.parquet"));
    write(&table, &columns, Compression::SNAPPY);
}

const SPLITS: [(&str, [bool; 4]); 3] = [
    ("train", [false, false, false, true]),
    ("validation", [false, false, false, true]),
    ("test", [false, false, true, true]),
];

#[test]
fn kaputt_is_read_by_its_tables() {
    let dir = crate::test_folder::test_folder();
    for (split, defects) in SPLITS {
        kaputt(dir.path(), split, &defects, &defects);
    }
    let catalog = scan(dir.path()).unwrap();
    // The defective one of training is left out, twelve crops and three pictures to compare with.
    assert_eq!(
        counts(&catalog),
        (6, 2, 3, 0, 3, 16),
        "{:?}",
        left_out(&catalog)
    );
    let lines = lines(&catalog);
    let defect = "test query-image/data/test/query-data/image/test2.jpg penetration \
        query-mask/data/test/query-data/mask/test2.png";
    assert!(lines.contains(&defect.to_owned()), "{lines:?}");
    let reasons = left_out(&catalog);
    let of = |what: &str| {
        reasons
            .iter()
            .filter(|reason| reason.contains(what))
            .count()
    };
    let crops = "listed beside the image that is used";
    assert_eq!(
        (of(crops), of("but defective"), of("datasets")),
        (15, 1, 0),
        "{reasons:?}"
    );
}

#[test]
fn masks_that_normal_images_have_as_well_are_of_no_defects() {
    let dir = crate::test_folder::test_folder();
    for (split, defects) in SPLITS {
        kaputt(dir.path(), split, &defects, &[true; 4]);
    }
    let catalog = scan(dir.path()).unwrap();
    let (train, normal, defective, _, masks, _) = counts(&catalog);
    assert_eq!((train, normal, defective, masks), (6, 2, 3, 0));
    let of_parts = left_out(&catalog);
    let of_parts = of_parts
        .iter()
        .filter(|one| one.contains("a mask of the part"));
    assert_eq!(of_parts.count(), 12);
}

const IMAGES: [(&str, &str); 4] = [("a.png", ""), ("b.png", ""), ("c.png", ""), ("d.png", "")];

#[test]
fn tables_of_any_kind_are_lists() {
    let expected = [
        "train a.png normal",
        "train b.png normal",
        "test c.png NG",
        "test d.png NG",
    ];
    let rows: [&[&str]; 5] = [
        &["file", "label"],
        &["a.png", "OK"],
        &["b.png", "OK"],
        &["c.png", "NG"],
        &["d.png", "NG"],
    ];
    let other: (&str, &[&[&str]]) = ("Notes", &[&["camera", "7000"]]);
    let parts = [("OK", &rows[1..3]), ("NG", &rows[3..])].map(|(name, rows)| {
        let names = rows.iter().map(|row| &row[..1]).collect::<Vec<_>>();
        (name, names)
    });
    let parts: Vec<(&str, &[&[&str]])> = parts
        .iter()
        .map(|(name, rows)| (*name, &rows[..]))
        .collect();
    for (name, bytes) in [
        ("Book1.xlsx", xlsx(&[other, ("Sheet1", &rows)])),
        ("Book1.ods", ods(&[("Sheet1", &rows), other])),
        ("Book1.xlsx", xlsx(&parts)),
    ] {
        let dir = tree(&IMAGES);
        std::fs::write(dir.path().join(name), bytes).unwrap();
        assert_eq!(lines(&scan(dir.path()).unwrap()), expected, "{name}");
    }
    let dir = tree(&IMAGES);
    let columns = [
        ("file", Column::Texts(&["a.png", "b.png", "c.png", "d.png"])),
        ("label", Column::Texts(&["OK", "OK", "NG", "NG"])),
    ];
    write(
        &dir.path().join("t.parquet"),
        &columns,
        Compression::UNCOMPRESSED,
    );
    assert_eq!(lines(&scan(dir.path()).unwrap()), expected);
}

#[test]
fn a_table_that_cannot_be_read_is_asked_about_by_its_name() {
    let rows: [&[&str]; 3] = [&["a.png", "p"], &["b.png", "q"], &["c.png", "p"]];
    let half = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() / 2);
        bytes
    };
    for (name, bytes) in [
        ("Book1.xlsx", xlsx(&[("Sheet1", &rows)])),
        ("Book1.xlsx", half(xlsx(&[("Sheet1", &rows)]))),
        ("Book1.ods", half(ods(&[("Sheet1", &rows)]))),
        ("Book1.xls", b"anything".to_vec()),
        ("t.parquet", b"PAR1".to_vec()),
    ] {
        let dir = tree(&IMAGES);
        std::fs::write(dir.path().join(name), bytes).unwrap();
        let error = scan(dir.path()).unwrap_err().to_string();
        assert!(
            error.contains("nothing says which") && error.contains(name),
            "{error}"
        );
    }
}
