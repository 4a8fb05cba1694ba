//! Folders whose names tell several of one kind apart, and those that may be classes.

use super::*;
use crate::note::Note;

/// Images in folders of these names, nine in the first and four in the second, named so.
fn in_both(names: [&str; 2], name: &str) -> [Files; 2] {
    let file = |folder: &str| -> &'static str { name.replace("{folder}", folder).leak() };
    [(file(names[0]), 9, Photo), (file(names[1]), 4, Photo)]
}

#[test]
fn folders_of_one_series_are_taken_as_normal_and_that_is_said() {
    for names in [
        ["cavity1", "cavity2"],
        ["M01", "M02"],
        ["turno1", "turno2"],
        ["1号機", "2号機"],
        ["A面", "B面"],
        ["L", "R"],
        ["N", "S"],
        ["Basler_1", "Basler_2"],
        ["supplierA", "supplierB"],
    ] {
        let plain = build(&in_both(names, "{folder}/{}.png"));
        let catalog = scan(plain.path()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(counts(&catalog), (13, 0, 0, 0, 0, 0), "{names:?}");
        let said = |note: &Note| match note {
            Note::Neutral(folders) => {
                let mut said = folders.first.clone();
                said.sort();
                let mut names = names.map(str::to_owned);
                names.sort();
                said == names
            }
            _ => false,
        };
        assert!(catalog.notes.iter().any(said), "{:?}", catalog.notes);
        let [one, other] = in_both(names, "OK/{folder}/{}.png");
        let sorted = build(&[one, other, ("NG/{}.png", 2, Photo)]);
        let catalog = scan(sorted.path()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(counts(&catalog), (13, 0, 2, 0, 0, 0), "{names:?}");
    }
}

#[test]
fn names_that_may_be_classes_or_tags_and_images_that_differ_are_asked_about() {
    for names in [
        ["0", "1"],
        ["A", "B"],
        ["P", "N"],
        ["pos", "neg"],
        ["red", "green"],
        ["A1", "A2"],
        ["M01", "returned"],
        ["A品", "B品"],
    ] {
        let files = in_both(names, "{folder}/{}.png");
        assert_eq!(asked(&files).len(), 2, "{names:?}");
    }
    let large = Written(|path| {
        let image = GrayImage::from_fn(40, 40, |x, y| Luma([(40 + 3 * x + y) as u8]));
        image.save(path).unwrap();
    });
    let differ = [("red/{}.png", 9, Photo), ("blue/{}.png", 4, large)];
    assert_eq!(asked(&differ).len(), 2);
}

#[test]
fn good_and_bad_ones_of_shifts_lines_and_cavities_are_one_data_set() {
    for names in [
        ["早番", "遅番"],
        ["cavity1", "cavity2"],
        ["red", "blue"],
        ["line A", "line B"],
    ] {
        let [one, other] = in_both(names, "{folder}/OK/{}.png");
        let bad: &'static str = format!("{}/NG/キズ/{{}}.png", names[0]).leak();
        let worse: &'static str = format!("{}/NG/{{}}.png", names[1]).leak();
        let folder = build(&[one, other, (bad, 2, Photo), (worse, 1, Photo)]);
        let catalog = scan(folder.path()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(counts(&catalog), (13, 0, 3, 0, 0, 0), "{names:?}");
        let kinds = catalog.counts().kinds;
        assert!(kinds.keys().eq(["NG", "キズ"]), "{kinds:?}");
    }
    let deeper = build(&[
        ("2026-11-29/早番/OK/{}.png", 9, Photo),
        ("2026-11-29/遅番/OK/{}.png", 4, Photo),
        ("2026-11-30/早番/NG/{}.png", 2, Photo),
    ]);
    assert_eq!(counts(&scan(deeper.path()).unwrap()), (13, 0, 2, 0, 0, 0));
    let parts = build(&[
        ("bolt/OK/{}.png", 9, Photo),
        ("nut/OK/{}.png", 4, Photo),
        ("nut/NG/{}.png", 4, Photo),
    ]);
    let error = scan(parts.path()).unwrap_err();
    assert!(matches!(error, ScanError::HoldsDatasets { .. }), "{error}");
}

#[test]
fn names_of_images_that_part_them_are_asked_about() {
    for (one, other) in [
        ("00{}+.png", "01{}-.png"),
        ("r0_00{}.png", "r1_01{}.png"),
        ("A00{}.png", "a01{}.png"),
        ("00{}.png", "01{}~.png"),
        ("00{}.png", "x01{}.png"),
        ("00{}.png", "01{}(不).png"),
        ("00{}.png", "废01{}.png"),
    ] {
        let flat = [(one, 9, Photo), (other, 4, Photo)];
        assert!(!asked(&flat).is_empty(), "{other}");
    }
    let scored: Vec<Files> = (10..19)
        .map(|score| -> Files { (format!("{{}}{score}_score0.{score}.png").leak(), 1, Photo) })
        .collect();
    assert!(!asked(&scored).is_empty());
    for other in ["00{}_uv.png", "00{}_gain0.png"] {
        let lights = build(&[("00{}.png", 9, Photo), (other, 9, Photo)]);
        let catalog = scan(lights.path()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(catalog.train.len(), 18, "{other}");
    }
    let colour = Written(|path| {
        let seed = path.to_string_lossy().bytes().fold(0, u8::wrapping_add);
        let image = image::RgbImage::from_fn(12, 12, |x, y| {
            image::Rgb([seed, (9 * x) as u8, (20 * y) as u8])
        });
        image.save(path).unwrap();
    });
    let beside = [("00{}.png", 9, colour), ("00{}_2.png", 5, Photo)];
    assert!(!asked(&beside).is_empty(), "grey beside colour");
}
