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
    let error = scan(tree(&all).path()).unwrap_err().to_string();
    let expected = "1 picture among the normal images and among the defective ones: OK/b.png.";
    assert!(error.contains(expected), "{error}");
}

#[test]
fn what_is_defective_anywhere_is_not_learned_from_however_often_it_is_there() {
    let reason = "the same picture is among the normal images and among the defective ones";
    // Many copies, many files of one size, and what is left out of training because it is bad.
    let many: Vec<(String, String)> = (0..70)
        .map(|at| (format!("OK/{at:02}.png"), format!("{at:03}")))
        .collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, text)| (&**name, &**text)).collect();
    for (files, twins) in [
        (
            vec![
                ("OK/x.png", "bad"),
                ("OK/y.png", "bad"),
                ("OK/z.png", "bad"),
                ("NG/b.png", "bad"),
            ],
            &["OK/x.png", "OK/y.png", "OK/z.png"][..],
        ),
        (vec![("NG/other_name.png", "007")], &["OK/07.png"]),
    ] {
        let rest = [("NG/rest.png", "something else")];
        let dir = tree(&[&many[..], &files, &rest].concat());
        let catalog = scan(dir.path()).unwrap();
        let left_out = left_out(&catalog);
        for twin in twins {
            assert!(
                left_out.contains(&format!("{twin}: {reason}")),
                "{left_out:?}"
            );
        }
        assert_eq!(catalog.counts().defective, 1, "{left_out:?}");
    }
    let dir = tree(&[
        ("train/good/a.png", "one"),
        ("train/good/b.png", "bad"),
        ("train/bad/c.png", "bad"),
        ("train/bad/d.png", "worse"),
    ]);
    let catalog = scan(dir.path()).unwrap();
    assert_eq!(lines(&catalog), ["train train/good/a.png normal"]);
    let expected = [
        format!("train/bad/c.png: {}", Reason::DefectInTraining),
        format!("train/bad/d.png: {}", Reason::DefectInTraining),
        format!("train/good/b.png: {reason}"),
    ];
    assert_eq!(left_out(&catalog), expected);
}

#[test]
fn what_a_person_calls_normal_and_defective_at_once_is_neither() {
    let dir = tree(&[("A/a.png", "one"), ("A/b.png", "two"), ("B/b.png", "two")]);
    let roles = Roles {
        normal: vec![dir.path().join("A")],
        defective: vec![dir.path().join("B")],
        of_all: true,
        ..Roles::default()
    };
    let catalog = scan_as(dir.path(), &roles).unwrap();
    assert_eq!(lines(&catalog), ["train A/a.png normal"]);
    assert_eq!(left_out(&catalog).len(), 2);
}

#[test]
fn a_picture_in_another_format_is_the_same_picture() {
    let dir = tree(&[
        ("OK/a.png", ""),
        ("OK/b.bmp", ""),
        ("NG/c.png", ""),
        ("NG/d.png", ""),
    ]);
    let picture = |name: &str, value: u8| {
        let image = image::GrayImage::from_pixel(8, 8, image::Luma([value]));
        image.save(dir.path().join(name)).unwrap();
    };
    [
        ("OK/a.png", 1),
        ("OK/b.bmp", 2),
        ("NG/c.png", 2),
        ("NG/d.png", 3),
    ]
    .into_iter()
    .for_each(|(name, value)| picture(name, value));
    let catalog = scan(dir.path()).unwrap();
    assert_eq!(
        lines(&catalog),
        ["train OK/a.png normal", "test NG/d.png NG"]
    );
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

#[test]
fn a_memo_that_names_several_images_in_a_line_is_no_list_of_the_first() {
    let folders = [
        ("OK/000.png", ""),
        ("OK/001.png", ""),
        ("OK/002.png", ""),
        ("OK/003.png", ""),
        ("NG/500.png", ""),
    ];
    for memo in [
        "000, 001 are NG after another look\n",
        "000: scratch\n001: scratch\n",
        "nach Prüfung n.i.O.: 000 001\n",
        "000-001 NG\n",
    ] {
        let dir = tree(&[&folders[..], &[("OK/memo.txt", memo)]].concat());
        let catalog = scan(dir.path()).unwrap();
        let trained = lines(&catalog)
            .into_iter()
            .filter(|line| line.starts_with("train"));
        let trained: Vec<String> = trained.collect();
        assert_eq!(
            trained,
            ["train OK/002.png normal", "train OK/003.png normal"],
            "{memo}"
        );
    }
    let flat = [
        ("003.png", ""),
        ("007.png", ""),
        ("011.png", ""),
        ("012.png", ""),
    ];
    for (name, memo) in [("memo.txt", "003, 007: NG\n"), ("不良.txt", "3,7,11\n")] {
        let dir = tree(&[&flat[..], &[(name, memo)]].concat());
        let error = scan(dir.path()).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn a_column_with_a_sign_for_a_number_counts_rows() {
    let images: Vec<(String, &str)> = (0..20).map(|at| (format!("{at:03}.png"), "")).collect();
    let mut files: Vec<(&str, &str)> = images.iter().map(|(name, text)| (&**name, *text)).collect();
    let rows = (2..20).map(|at| format!("{at},{}\n", if at % 4 == 0 { "bad" } else { "good" }));
    let list = "#,label\n".to_owned() + &rows.collect::<String>();
    files.push(("l.csv", &list));
    let error = scan(tree(&files).path()).unwrap_err().to_string();
    assert!(error.contains("l.csv"), "{error}");
}

#[test]
fn a_text_that_is_called_after_an_image_is_no_list() {
    let dir = tree(&[
        ("010.png", ""),
        ("020.png", ""),
        ("011_defect.txt", "10 10 20 20\n"),
        ("011.png", ""),
    ]);
    let learned = scan(dir.path()).map(|catalog| lines(&catalog));
    assert!(learned.is_err(), "{learned:?}");
}

#[test]
fn a_picture_that_was_saved_again_is_the_same_by_its_pixels() {
    let dir = tree(&[]);
    let picture = |name: &str, level: u8| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let image =
            image::GrayImage::from_fn(12, 12, |x, y| image::Luma([level + (9 * x + y) as u8]));
        let image = image::DynamicImage::from(image);
        (image, path)
    };
    for at in 0..4 {
        for (name, level) in [("OK/", 0), ("NG/", 40)] {
            let (image, path) = picture(&format!("{name}{at}.png"), level + at);
            image.save(path).unwrap();
        }
    }
    let (image, path) = picture("OK/colours.png", 41);
    image.to_rgb8().save(path).unwrap();
    let (image, path) = picture("OK/packed.png", 42);
    let file = std::fs::File::create(path).unwrap();
    let best = image::codecs::png::CompressionType::Best;
    let plain = image::codecs::png::FilterType::NoFilter;
    let encoder = image::codecs::png::PngEncoder::new_with_quality(file, best, plain);
    image.write_with_encoder(encoder).unwrap();
    let left_out = left_out(&scan(dir.path()).unwrap()).join("\n");
    for name in ["OK/colours.png", "OK/packed.png", "NG/1.png", "NG/2.png"] {
        assert!(left_out.contains(name), "{name}: {left_out}");
    }
}
