//! Which files are masks, and whose.

use super::*;
use crate::catalog::Note;
use crate::left_out::Reason;

#[test]
fn a_folder_of_masks_is_one_mask_of_several_files() {
    let folder = build(&[
        ("train/good/{}.png", 1, Photo),
        ("test/a/{}.png", 1, Photo),
        ("ground_truth/a/0/{}.png", 3, Blob),
    ]);
    let catalog = scan(folder.path()).unwrap();
    let mask = catalog.test[0].mask.as_ref().unwrap();
    assert_eq!(mask.paths().count(), 3);
}

#[test]
fn of_images_of_one_name_each_has_the_mask_of_its_own_ending() {
    let folder = build(&[
        ("test/blob/{}.png", 3, Photo),
        ("test/blob/{}.bmp", 3, Photo),
        ("ground_truth/blob/{}_mask.png", 3, Blob),
        ("ground_truth/blob/{}_mask.bmp", 3, Blob),
        ("ground_truth/blob/9_mask.png", 1, Blob),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(catalog.test.len(), 6);
    for entry in &catalog.test {
        let mask = entry.mask.as_ref().unwrap().paths().next().unwrap();
        assert_eq!(mask.extension(), entry.path.extension());
        let stem = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
        assert_eq!(stem(mask), stem(&entry.path) + "_mask");
    }
    assert_eq!(catalog.left_out.len(), 1);
}

#[test]
fn a_mask_that_either_of_two_images_may_have_is_nobodys_and_said() {
    let folder = build(&[
        ("test/blob/0.png", 1, Photo),
        ("test/blob/0.bmp", 1, Photo),
        ("ground_truth/blob/0_mask.tif", 1, Blob),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert!(catalog.test.iter().all(|entry| entry.mask.is_none()));
    assert_eq!(catalog.left_out[0].reason, Reason::MaskOfSeveral);
}

#[test]
fn names_written_in_two_unicode_forms_are_one_name() {
    let folder = build(&[
        ("test/Scha\u{308}den/tu\u{308}r.png", 1, Photo),
        ("ground_truth/Sch\u{e4}den/t\u{fc}r_mask.png", 1, Blob),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert!(catalog.test[0].mask.is_some());
    assert_eq!(catalog.test[0].kind, Kind::Defect("Sch\u{e4}den".into()));
}

#[test]
fn a_mask_beside_a_normal_image_is_no_image() {
    let folder = build(&[
        ("{}.png", 3, Photo),
        ("{}_mask.png", 3, Black),
        ("train.png", 1, Photo),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!((catalog.train.len(), catalog.test.len()), (3, 1));
    assert_eq!(
        catalog.test[0].kind,
        Kind::Unknown,
        "it has no mask, and the others have"
    );
}

#[test]
fn a_picture_beside_a_photograph_of_its_name_is_an_image_when_it_looks_like_one() {
    let folder = build(&[("{}.jpg", 3, Photo), ("{}.png", 3, Photo)]);
    assert_eq!(scan(folder.path()).unwrap().train.len(), 6);
}

#[test]
fn folders_of_masks_are_known_by_those_of_their_images() {
    for [good, good_masks, bad, bad_masks] in [
        ["良品", "良品マスク", "不良品", "不良品マスク"],
        ["OK", "OKマスク", "NG", "NGマスク"],
        ["good", "good_mask_images", "bad", "bad_mask_images"],
        ["OK", "ok_gt", "NG", "defect_gt"],
    ] {
        let folder = crate::test_folder::test_folder();
        for (inner, count, content) in [
            (good, 12, Photo),
            (good_masks, 12, Black),
            (bad, 4, Photo),
            (bad_masks, 4, Blob),
        ] {
            for number in 0..count {
                let path = folder.path().join(format!("{inner}/{number}.png"));
                write(&path, content);
            }
        }
        let catalog = scan(folder.path()).unwrap();
        let (normal, good, bad, unknown, masks, _) = counts(&catalog);
        assert_eq!(
            (normal, good, bad, unknown, masks),
            (12, 0, 4, 0, 4),
            "{good_masks}"
        );
    }
}

#[test]
fn a_mask_beside_its_image_is_known_by_what_it_looks_like_whatever_it_is_called() {
    let photo = "{}.png";
    for (image, mask) in [
        ("{}.bmp", "{}.png"),
        ("{}.tif", "{}.png"),
        ("{}.png", "{}.bmp"),
        ("{}.jpg", "{}.png"),
        ("{}.jpg", "{}.jpeg"),
        (photo, "{}_gt_mask.png"),
        (photo, "{}_defect_mask.png"),
        (photo, "{}_mask_scratch.png"),
        (photo, "{}_msk.png"),
        (photo, "{}_mask(1).png"),
        (photo, "{}_mask-1.png"),
        (photo, "{}_mask_a.png"),
        (photo, "{}_labels.bmp"),
        (photo, "{}_bw.png"),
        (photo, "{}_binary.png"),
        (photo, "{}_annotation_mask.png"),
        (photo, "{}_scratch.png"),
        (photo, "{}-1.png"),
        (photo, "{}マスク画像.png"),
        ("{}.jpg", "{}_mask.jpg"),
        ("{}.jpg", "{}_scratch.jpg"),
    ] {
        let folder = build(&[("ok{}.png", 10, Photo), (image, 3, Photo), (mask, 3, Blob)]);
        let catalog = scan(folder.path()).unwrap();
        // Nobody says that nothing is wrong with the others.
        let expected = (0, 0, 3, 10, 3, 0);
        assert_eq!(counts(&catalog), expected, "{mask}: {:?}", catalog.left_out);
    }
    // More than are looked into, and not all alike: the last ones are photographs.
    let folder = build(&[
        ("{}.png", 40, Photo),
        ("{}_back.png", 40, Photo),
        ("2{}_back.png", 10, Black),
        ("{}_ok.png", 40, Black),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(catalog.train.len(), 40, "{:?}", catalog.notes);
    assert_eq!(catalog.test.len(), 30, "the backs have no masks");
}

#[test]
fn a_photograph_that_is_named_as_a_mask_is_an_image() {
    for name in ["{}_label.png", "{}_seg.jpg", "{}_red.png", "{}.bmp"] {
        let folder = build(&[("{}.png", 12, Photo), (name, 12, Photo)]);
        let catalog = scan(folder.path()).unwrap();
        assert_eq!(catalog.train.len(), 24, "{name}");
        let is_said = |note: &Note| matches!(note, Note::NamedMasks(names) if names.count() == 12);
        let is_marked = name.contains("_label") || name.contains("_seg");
        assert_eq!(catalog.notes.iter().any(is_said), is_marked, "{name}");
    }
    // Soft edges do not make a photograph of what is called a mask.
    let folder = build(&[("{}.png", 12, Photo), ("{}_mask.png", 12, Soft)]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(counts(&catalog), (0, 0, 12, 0, 12, 0));
}

#[test]
fn what_may_be_a_mask_or_an_image_is_left_out_and_said() {
    for (one, other) in [(Blob, Blob), (Photo, Soft)] {
        let folder = build(&[
            ("part{}.png", 10, Photo),
            ("{}.png", 1, one),
            ("{}.bmp", 1, other),
        ]);
        let catalog = scan(folder.path()).unwrap();
        let mut left_out = catalog.left_out.iter();
        assert!(left_out.all(|one| one.reason == Reason::MaskOrImage));
        assert!(catalog.train.len() < 12 && !catalog.left_out.is_empty());
    }
    // Where masks lie they are masks.
    let folder = build(&[
        ("train/good/{}.png", 10, Photo),
        ("test/dent/{}.png", 2, Photo),
        ("test/dent/{}.bmp", 2, Photo),
        ("ground_truth/dent/{}.png", 2, Blob),
        ("ground_truth/dent/{}.bmp", 2, Blob),
    ]);
    assert_eq!(counts(&scan(folder.path()).unwrap()), (10, 0, 4, 0, 4, 0));
}

#[test]
fn a_region_of_interest_beside_an_image_is_neither_image_nor_mask() {
    let folder = build(&[("{}.png", 12, Photo), ("{}_roi.png", 12, Blob)]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(counts(&catalog), (12, 0, 0, 0, 0, 12));
    assert_eq!(catalog.left_out[0].reason, Reason::MaskWithoutImage);
}

#[test]
fn a_mask_in_a_folder_of_masks_may_say_what_it_shows() {
    let folder = build(&[
        ("train/good/{}.png", 10, Photo),
        ("test/NG/{}.png", 3, Photo),
        ("ground_truth/NG/{}_mask_scratch.png", 3, Blob),
        ("ground_truth/NG/{}_dent.png", 3, Blob),
        ("ground_truth/NG/{}_7.png", 3, Blob),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(counts(&catalog), (10, 0, 3, 0, 3, 3));
    let mask = catalog.test[0].mask.as_ref().unwrap();
    assert_eq!(mask.paths().count(), 2);
}

#[test]
fn a_mask_that_cannot_be_understood_makes_no_image_normal() {
    let folder = build(&[
        ("images/{}.jpg", 12, Photo),
        ("masks/{}.png", 11, Black),
        ("masks/11.jpg", 1, Blob),
    ]);
    let dark = GrayImage::from_fn(12, 12, |x, _| Luma([20 * u8::from(x < 8)]));
    dark.save(folder.path().join("masks/11.jpg")).unwrap();
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(counts(&catalog), (11, 0, 0, 1, 0, 1));
    let why = catalog.left_out[0].reason.to_string();
    assert!(why.contains("too dark to be told"), "{why}");
}

#[test]
fn masks_in_a_folder_called_after_training_are_asked_about() {
    let files = [
        ("images/{}.png", 12, Photo),
        ("教師画像/{}.png", 12, Black),
        ("教師画像/{}.png", 3, Blob),
    ];
    let error = scan(build(&files).path()).unwrap_err().to_string();
    assert!(
        error.contains("12 images like masks: 教師画像/0.png"),
        "{error}"
    );
}

#[test]
fn masks_that_may_mark_where_to_look_are_asked_about() {
    for name in ["{}_region.png", "{}_crop.png", "{}_area.png"] {
        let files = [("{}.png", 12, Photo), (name, 12, Blob)];
        let folder = build(&files);
        let error = scan(folder.path()).unwrap_err().to_string();
        let expected = "12 masks that may mark where to look instead of defects";
        assert!(error.contains(expected), "{error}");
        // The answer makes the images normal, whatever they mark.
        let roles = Roles {
            normal: vec![folder.path().to_owned()],
            ..Roles::default()
        };
        let catalog = scan_as(folder.path(), &roles).unwrap();
        assert_eq!(counts(&catalog), (12, 0, 0, 0, 0, 12), "{name}");
        // Where one says that there is nothing, they mark defects.
        let defects = [("{}.png", 12, Photo), (name, 12, Black), (name, 3, Blob)];
        let catalog = scan(build(&defects).path()).unwrap();
        assert_eq!(counts(&catalog), (9, 0, 3, 0, 3, 0), "{name}");
    }
    assert_eq!(
        asked(&[("{}.png", 12, Photo), ("{}_roi.png", 3, Blob)]).len(),
        1,
        "why those?"
    );
}

#[test]
fn a_numbered_folder_of_masks_is_of_the_folder_with_its_number() {
    hold(&[
        (
            "named parts",
            &[
                ("bolt/{}.png", 9, Photo),
                ("nut/{}.png", 9, Photo),
                ("bolt_mask/{}.png", 3, Blob),
                ("nut_mask/{}.png", 3, Blob),
            ],
            (0, 0, 6, 12, 6, 0),
            &["defect"],
        ),
        (
            "numbered parts",
            &[
                ("1/{}.png", 9, Photo),
                ("2/{}.png", 9, Photo),
                ("1_mask/{}.png", 3, Blob),
                ("2_mask/{}.png", 3, Blob),
            ],
            (0, 0, 6, 12, 6, 0),
            &["defect"],
        ),
        (
            "a mask whose image is gone",
            &[
                ("1/a{}.png", 9, Photo),
                ("2/b{}.png", 9, Photo),
                ("1_mask/b{}.png", 1, Blob),
                ("1_mask/a{}.png", 2, Blob),
                ("2_mask/b{}.png", 2, Blob),
            ],
            (0, 0, 4, 14, 4, 1),
            &["defect"],
        ),
    ]);
}

#[test]
fn masks_of_camvid_are_paired_or_asked_about() {
    for part in ["train", "default"] {
        let image: &'static str = format!("{part}/{{}}.png").leak();
        let mask = |name: &str| -> &'static str { format!("{part}annot/{name}.png").leak() };
        let mut files = vec![(image, 10, Photo), (mask("{}"), 10, Black)];
        files.extend(["7", "8", "9"].map(|name| (mask(name), 1, Blob)));
        let folder = build(&files);
        match scan(folder.path()) {
            // What is marked is not trained on.
            Ok(catalog) => assert_eq!(catalog.train.len(), 7, "{part}"),
            Err(error) => assert!(
                matches!(error, ScanError::Ambiguous { .. }),
                "{part}: {error}"
            ),
        }
    }
}

#[test]
fn masks_whose_numbers_normal_images_have_too_are_of_the_defective_ones() {
    hold(&[
        (
            "one kind",
            &[
                ("train/good/{}.png", 12, Photo),
                ("test/good/{}.png", 4, Photo),
                ("test/scratch/{}.png", 4, Other),
                ("ground_truth/{}.png", 4, Blob),
            ],
            (12, 4, 4, 0, 4, 0),
            &["scratch"],
        ),
        (
            "copies of the images beside their masks",
            &[
                ("train/good/{}.png", 12, Photo),
                ("test/good/{}.png", 4, Photo),
                ("test/scratch/{}.png", 4, Other),
                ("ground_truth/{}.png", 4, Other),
                ("ground_truth/{}_mask.png", 4, Blob),
            ],
            (12, 4, 4, 0, 4, 4),
            &["scratch"],
        ),
        (
            "several kinds",
            &[
                ("train/good/{}.png", 12, Photo),
                ("test/good/{}.png", 4, Photo),
                ("test/scratch/{}.png", 4, Other),
                ("test/dent/{}.png", 4, Photo),
                ("ground_truth/{}_mask.png", 4, Blob),
            ],
            (12, 4, 8, 0, 0, 4),
            &["dent", "scratch"],
        ),
    ]);
}
