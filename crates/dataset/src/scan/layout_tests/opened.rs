//! One folder of a data set that was opened instead of all of it, and images that do not belong to the others.

use super::*;
use crate::note::Note;

/// The warnings of a folder in what is built of these files.
fn warnings(files: &[Files], opened: &str) -> Vec<Note> {
    let folder = build(files);
    let catalog = scan(&folder.path().join(opened)).unwrap();
    assert!(!catalog.train.is_empty());
    let notes = catalog.notes.into_iter();
    notes.filter(Note::is_warning).collect()
}

/// Whether something beside the folder `images` is said to speak of some of its 17 images.
fn is_said_beside(files: &[Files]) -> bool {
    let all = [&[("images/{}.png", 17, Photo)], files].concat();
    let is = |note: &Note| matches!(note, Note::SaidBeside { files } if files.count() == 1);
    warnings(&all, "images").iter().any(is)
}

#[test]
fn labels_and_masks_beside_the_folder_of_their_images_are_said() {
    const COCO: &str = r#"{"images": [{"id": 1, "file_name": "12.png"}], "annotations": [{"id": 1, "image_id": 1,
        "category_id": 1, "bbox": [1, 1, 2, 2]}], "categories": [{"id": 1, "name": "x"}]}"#;
    for file in [
        ("labels/1{}.txt", 3, Said("0 .5 .5 .2 .2")),
        ("annotations/some.json", 1, Said(COCO)),
        ("Annotations/1{}.xml", 3, Said("<annotation/>")),
        ("masks/1{}.png", 3, Blob),
        ("ground_truth/1{}_mask.png", 3, Blob),
        (
            "labels/annotations.csv",
            1,
            Said("image,label\n12.png,NG\n"),
        ),
        ("list.csv", 1, Said("image,label\n12.png,NG\n13.png,NG\n")),
        ("bad.txt", 1, Said("images/12.png\nimages/13.png\n")),
        ("NG.txt", 1, Said("12.png\n")),
        ("notes.txt", 1, Said("bad: 12.png 13.png")),
        ("bad.json", 1, Said(r#"["12.png", "13.png"]"#)),
    ] {
        assert!(is_said_beside(&[file]), "{file:?}");
    }
}

#[test]
fn what_says_nothing_of_the_images_beside_it_is_no_matter() {
    for file in [
        ("labels/2{}.txt", 3, Said("0 .5 .5 .2 .2")),
        ("masks/2{}.png", 3, Blob),
        ("notes.txt", 1, Said("Taken in spring, 12 of them by hand.")),
        ("other/1{}.png", 3, Photo),
        ("labels/1{}.png", 3, Photo),
    ] {
        assert!(!is_said_beside(&[file]), "{file:?}");
    }
}

#[test]
fn a_folder_of_masks_that_is_opened_by_itself_is_said_to_be_one() {
    let files = [
        ("train/good/{}.png", 12, Photo),
        ("test/x/{}.png", 5, Photo),
        ("ground_truth/x/{}_mask.png", 5, Blob),
    ];
    for opened in ["ground_truth", "ground_truth/x"] {
        let notes = warnings(&files, opened);
        let is = |note: &Note| matches!(note, Note::LikeMasks { .. });
        assert!(notes.iter().any(is), "{opened}: {notes:?}");
    }
}

#[test]
fn a_folder_below_a_test_or_beside_a_normal_one_may_be_one_of_defects() {
    let files = [
        ("train/good/{}.png", 12, Photo),
        ("test/good/{}.png", 5, Photo),
        ("test/weird/{}.png", 5, Photo),
        ("good/{}.png", 5, Photo),
        ("odd/{}.png", 5, Photo),
    ];
    for (opened, other) in [("test/weird", "test"), ("odd", "good")] {
        let notes = warnings(&files, opened);
        let is = |note: &Note| matches!(note, Note::OpenedAside { beside, .. } if beside == other);
        assert!(notes.iter().any(is), "{opened}: {notes:?}");
    }
    for opened in ["train/good", "test/good", "good"] {
        let notes = warnings(&files, opened);
        let is = |note: &Note| matches!(note, Note::OpenedAside { .. });
        assert!(!notes.iter().any(is), "{opened}: {notes:?}");
    }
}

#[test]
fn a_folder_whose_name_says_that_bad_parts_may_be_in_it_is_said() {
    for name in [
        "mixed",
        "unchecked",
        "returned",
        "Nacharbeit",
        "返品",
        "rework 2026",
    ] {
        let file: &str = format!("{name}/{{}}.png").leak();
        let notes = warnings(&[(file, 12, Photo)], name);
        let is = |note: &Note| matches!(note, Note::FolderNamedUnsure { .. });
        assert!(notes.iter().any(is), "{name}: {notes:?}");
    }
}

#[test]
fn a_picture_of_another_size_or_other_colours_than_all_others_is_named() {
    let wide: fn(&Path) = |path| GrayImage::from_pixel(24, 12, Luma([9])).save(path).unwrap();
    let coloured: fn(&Path) = |path| {
        let image = image::RgbImage::from_pixel(12, 12, image::Rgb([200, 9, 9]));
        image.save(path).unwrap();
    };
    for odd in [wide, coloured] {
        let files = [("{}.png", 12, Photo), ("20.png", 1, Written(odd))];
        let notes = warnings(&files, "");
        let is = |note: &Note| matches!(note, Note::OddImages(names) if names.first == ["20.png"]);
        assert!(notes.iter().any(is), "{notes:?}");
    }
    assert_eq!(warnings(&[("{}.png", 12, Photo)], ""), []);
}

#[test]
fn folders_beside_direct_images_are_mentioned_and_those_called_by_a_sign_asked_about() {
    for name in ["no part", "sample", "aug", "img", "Muster"] {
        let file: &str = format!("{name}/{{}}.png").leak();
        let folder = build(&[("{}.png", 12, Photo), (file, 4, Photo)]);
        if let Ok(catalog) = scan(folder.path()) {
            let is = |note: &Note| matches!(note, Note::Neutral(names) if names.first == [name]);
            assert!(catalog.notes.iter().any(is), "{name}: {:?}", catalog.notes);
        }
    }
    for sign in ["-", "_", "!", "#", "★", "●", "‼"] {
        let file: &str = format!("{sign}/{{}}.png").leak();
        let files = [
            ("shift A/{}.png", 6, Photo),
            ("shift B/{}.png", 6, Photo),
            (file, 4, Photo),
        ];
        assert_eq!(asked(&files).len(), 3, "{sign}");
    }
}

#[test]
fn a_word_more_than_all_others_have_is_asked_about() {
    for name in [
        "IMG_20_rayé.png",
        "IMG_20 à revoir encore.png",
        "IMG_20_xyz.png",
    ] {
        assert_eq!(
            asked(&[("IMG_{}.png", 12, Photo), (name, 1, Photo)]).len(),
            1,
            "{name}"
        );
    }
}
