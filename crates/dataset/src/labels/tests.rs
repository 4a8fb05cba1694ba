#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use kizumi_image::bitmap::Bitmap;
use kizumi_image::mask::{Photograph, load_mask_regions};
use kizumi_image::placement::Placement;

use super::*;
use crate::catalog::{Catalog, Kind};
use crate::left_out::Reason;
use crate::scan::scan;
use crate::test_folder::test_folder;
use crate::truth::truth_of;

pub(super) fn write(root: &Path, name: &str, content: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

pub(super) fn change(root: &Path, image: &str, label: Option<Label>) -> Change {
    Change::of(image, root.join(image), label)
}

/// Saves labels of images.
pub(super) fn label(root: &Path, labels: &[(&str, Label)]) {
    let changes = labels.iter();
    let changes: Vec<Change> = changes
        .map(|(image, label)| change(root, image, Some(label.clone())))
        .collect();
    let saved = save(root, &changes).unwrap();
    assert_eq!(saved.aside, None);
}

pub(super) fn dent() -> Label {
    Label::Ng {
        kind: Some("dent".into()),
    }
}

pub(super) fn names(catalog: &Catalog) -> (Vec<String>, Vec<(String, Kind)>) {
    let name = |entry: &crate::catalog::Entry| catalog.name_of(&entry.path);
    let test = catalog.test.iter();
    (
        catalog.train.iter().map(name).collect(),
        test.map(|entry| (name(entry), entry.kind.clone()))
            .collect(),
    )
}

#[test]
fn what_a_person_says_goes_before_the_folder() {
    let folder = test_folder();
    let root = folder.path();
    for name in [
        "train/good/1.png",
        "train/good/2.png",
        "train/good/3.png",
        "test/good/4.png",
        "test/good/5.png",
        "test/scratch/6.png",
        "test/scratch/7.png",
    ] {
        write(root, name, name);
    }
    label(
        root,
        &[
            ("train/good/2.png", dent()),
            ("train/good/3.png", Label::LeftOut),
            ("test/good/4.png", Label::Ok),
            ("test/good/5.png", Label::NG),
            ("test/scratch/6.png", Label::Ok),
            ("test/scratch/7.png", Label::NG),
        ],
    );
    let catalog = scan(root).unwrap();
    let labels = Labels::of(&catalog).unwrap();
    let counts = labels.counts().to_string();
    assert_eq!(counts, "2 OK, 3 NG, 1 left out");
    let labelled = labels.applied(&catalog);
    let (train, test) = names(&labelled);
    assert_eq!(train, ["test/scratch/6.png", "train/good/1.png"]);
    let defect = |kind: &str| Kind::Defect(kind.into());
    let expected = [
        ("test/good/4.png", Kind::Normal),
        ("test/good/5.png", defect("NG")),
        ("train/good/2.png", defect("dent")),
        ("test/scratch/7.png", defect("scratch")),
    ];
    let test: Vec<_> = test
        .iter()
        .map(|(name, kind)| (name.as_str(), kind.clone()))
        .collect();
    assert_eq!(test, expected);
    let out = ["train/good/2.png", "train/good/3.png"].map(str::to_owned);
    assert_eq!(labelled.excluded, out.into());
    assert_eq!(labelled.joined, ["test/scratch/6.png".to_owned()].into());
}

#[test]
fn the_file_of_labels_is_neither_an_image_nor_passed_over_nor_a_list() {
    let folder = test_folder();
    let root = folder.path();
    for name in ["1.png", "2.png"] {
        write(root, name, name);
    }
    let before = scan(root).unwrap();
    label(root, &[("1.png", Label::NG), ("2.png", Label::Ok)]);
    assert_eq!(scan(root).unwrap(), before);
}

#[test]
fn labels_go_with_images_that_exchange_their_names_though_size_and_time_are_alike() {
    let folder = test_folder();
    let root = folder.path();
    let day = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    for (name, text) in [("a.png", "one"), ("b.png", "two")] {
        write(root, name, text);
        let file = fs::File::options()
            .write(true)
            .open(root.join(name))
            .unwrap();
        file.set_modified(day).unwrap();
    }
    label(root, &[("a.png", Label::Ok), ("b.png", Label::NG)]);
    for (from, to) in [("a.png", "c"), ("b.png", "a.png"), ("c", "b.png")] {
        fs::rename(root.join(from), root.join(to)).unwrap();
    }
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    assert_eq!(labels.get("a.png"), Some(&Label::NG));
    assert_eq!(labels.get("b.png"), Some(&Label::Ok));
}

#[test]
fn labels_of_a_part_of_the_data_set_are_said_to_be_left_out() {
    let folder = test_folder();
    let root = folder.path();
    for name in ["a.png", "day/b.png"] {
        write(root, name, name);
    }
    label(&root.join("day"), &[("b.png", Label::NG)]);
    let catalog = scan(root).unwrap();
    let reasons = catalog.left_out.iter().map(|one| &one.reason);
    assert_eq!(reasons.collect::<Vec<_>>(), [&Reason::LabelsOfPart]);
}

#[test]
fn a_renamed_image_keeps_its_label_and_one_that_holds_something_else_does_not_get_it() {
    let folder = test_folder();
    let root = folder.path();
    for name in ["a.png", "b.png", "c.png", "d.png"] {
        write(root, name, &format!("content of {name}"));
    }
    label(
        root,
        &[
            ("a.png", Label::Ok),
            ("b.png", dent()),
            ("c.png", Label::NG),
            ("d.png", Label::Ok),
        ],
    );
    fs::rename(root.join("a.png"), root.join("renamed.png")).unwrap();
    write(root, "b.png", "another picture");
    fs::remove_file(root.join("c.png")).unwrap();
    // Changed places: their names say nothing any more.
    write(root, "e.png", "content of d.png");
    write(root, "d.png", "content of e.png");
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    let of = |name| labels.get(name).cloned();
    assert_eq!(of("renamed.png"), Some(Label::Ok));
    assert_eq!((of("a.png"), of("b.png"), of("d.png")), (None, None, None));
    assert_eq!(of("e.png"), Some(Label::Ok));
    let lost: Vec<_> = labels
        .unmatched
        .iter()
        .map(|one| (one.image.as_str(), one.why))
        .collect();
    assert_eq!(
        lost,
        [("b.png", Missing::Changed), ("c.png", Missing::Gone)]
    );
    let counts = labels.counts().to_string();
    let expected = "2 OK, 0 NG, 1 of an image that is gone, 1 of an image that has changed";
    assert_eq!(counts, expected);

    // What is not there is kept when others are labelled, and comes back with its image.
    let (from, to) = labels.renamed[0].clone();
    let renamed = Change {
        earlier_name: Some(from),
        ..change(root, &to, Some(Label::Ok))
    };
    save(root, &[renamed]).unwrap();
    write(root, "c.png", "content of c.png");
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    assert_eq!(labels.get("c.png"), Some(&Label::NG));
    assert_eq!(labels.renamed, [("d.png".into(), "e.png".into())]);
}

#[test]
fn a_label_that_is_taken_away_is_gone_and_those_of_another_window_stay() {
    let folder = test_folder();
    let root = folder.path();
    for name in ["1.png", "2.png"] {
        write(root, name, name);
    }
    label(root, &[("1.png", Label::Ok)]);
    // Another window, which knows nothing of the first label.
    label(root, &[("2.png", Label::NG)]);
    save(root, &[change(root, "1.png", None)]).unwrap();
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    assert!(labels.iter().eq([("2.png", &Label::NG)]));
}

/// Draws the first pixels of an image of 4 x 2 pixels.
fn draw(root: &Path, image: &str, pixels: usize) -> Change {
    let mut marks = Bitmap::empty((4, 2));
    marks.marked[..pixels].fill(true);
    Change {
        mask: NewMask::Drawn(DrawnMask::new(mask_file(root, image), &marks)),
        ..change(root, image, Some(Label::NG))
    }
}

/// How many pixels the mask of an image marks, in the data set as it is labelled; `None` where it has none.
fn marked(root: &Path, image: &str) -> Option<usize> {
    let catalog = scan(root).unwrap();
    let labelled = Labels::of(&catalog).unwrap().applied(&catalog);
    let mut entries = labelled.train.iter().chain(&labelled.test);
    let entry = entries.find(|entry| catalog.name_of(&entry.path) == image)?;
    let size_px = image::image_dimensions(&entry.path).unwrap();
    let placement = Placement::whole((size_px.0 as usize, size_px.1 as usize));
    let of = Photograph::new(&entry.path, &[]);
    let truth = truth_of(entry, |mask| load_mask_regions(mask, of, &placement));
    assert_eq!(truth.notes, []);
    let areas = truth.mask?.areas(|_, _| true);
    Some(areas.iter().sum::<u64>() as usize)
}

fn picture(root: &Path, name: &str, level: u8) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let picture = image::GrayImage::from_pixel(4, 2, image::Luma([level]));
    picture.save(path).unwrap();
}

#[test]
fn a_drawn_mask_is_the_truth_of_its_image_and_never_an_image() {
    let folder = test_folder();
    let root = folder.path();
    for (level, name) in (1..).zip(["1.png", "2.png", "day/1.png", "day/2.png"]) {
        picture(root, name, level);
    }
    let before = scan(root).unwrap();
    save(root, &[draw(root, "1.png", 3), draw(root, "day/1.png", 5)]).unwrap();
    assert_eq!(scan(root).unwrap(), before);
    assert!(root.join("kizumi-masks/day/1.png.png").is_file());
    assert_eq!(
        (marked(root, "1.png"), marked(root, "day/1.png")),
        (Some(3), Some(5))
    );
    assert_eq!(marked(root, "2.png"), None);
    let labels = Labels::of(&before).unwrap();
    let counts = labels.counts().to_string();
    assert_eq!(counts, "0 OK, 2 NG, 2 with a drawn mask");
    let labelled = labels.applied(&before);
    assert_eq!(
        (labelled.counts().defective, labelled.counts().masks),
        (2, 2)
    );
    assert_eq!(labels.unused_masks, []);

    // Another label leaves the mask to the image, for when it is defective again.
    save(root, &[change(root, "1.png", Some(Label::Ok))]).unwrap();
    assert_eq!(marked(root, "1.png"), None);
    save(root, &[change(root, "1.png", Some(dent()))]).unwrap();
    assert_eq!(marked(root, "1.png"), Some(3));

    // Drawn anew, and taken away: nothing of it stays.
    save(root, &[draw(root, "1.png", 6)]).unwrap();
    assert_eq!(marked(root, "1.png"), Some(6));
    for image in ["1.png", "day/1.png"] {
        let gone = Change {
            mask: NewMask::None,
            unwanted: Some(mask_file(root, image)),
            ..change(root, image, Some(Label::NG))
        };
        save(root, &[gone]).unwrap();
        assert_eq!(marked(root, image), None);
    }
    assert!(!root.join(MASKS_FOLDER).exists());
}

#[test]
fn a_drawn_mask_goes_before_that_of_a_folder_which_stays_as_it_is() {
    let folder = test_folder();
    let root = folder.path();
    picture(root, "train/good/1.png", 1);
    picture(root, "test/dent/2.png", 2);
    let mask = root.join("ground_truth/dent/2_mask.png");
    let half = image::GrayImage::from_fn(4, 2, |x, _| image::Luma([255 * u8::from(x < 2)]));
    fs::create_dir_all(mask.parent().unwrap()).unwrap();
    half.save(&mask).unwrap();
    let before = fs::read(&mask).unwrap();
    assert_eq!(marked(root, "test/dent/2.png"), Some(4));
    save(root, &[draw(root, "test/dent/2.png", 2)]).unwrap();
    assert_eq!(marked(root, "test/dent/2.png"), Some(2));
    assert_eq!(fs::read(&mask).unwrap(), before);
    let catalog = scan(root).unwrap();
    let labelled = Labels::of(&catalog).unwrap().applied(&catalog);
    assert_eq!(labelled.test[0].kind, Kind::Defect("dent".into()));
    let elsewhere = test_folder();
    let out = elsewhere.path().join("saved");
    let saved = save_as::save_as(&labelled, &out, save_as::Transfer::Copy, &mut |_, _| true);
    assert_eq!(saved.unwrap().masks, 1);
    let drawn = image::open(out.join("ground_truth/dent/2_mask.png")).unwrap();
    let white = drawn.into_luma8().into_raw();
    assert_eq!(white, [255, 255, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn a_drawn_mask_follows_its_image_to_another_name_and_leaves_one_that_holds_something_else() {
    let folder = test_folder();
    let root = folder.path();
    for (level, name) in (1..).zip(["1.png", "2.png", "3.png"]) {
        picture(root, name, level);
    }
    save(root, &[draw(root, "1.png", 1), draw(root, "2.png", 2)]).unwrap();
    fs::rename(root.join("1.png"), root.join("11.png")).unwrap();
    // As large in bytes or not: it is another picture, of another size.
    let other = image::GrayImage::from_pixel(8, 4, image::Luma([9]));
    other.save(root.join("2.png")).unwrap();
    assert_eq!(marked(root, "11.png"), Some(1));
    assert_eq!(marked(root, "2.png"), None);
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    assert_eq!(labels.unmatched[0].why, Missing::Changed);
    assert_eq!(labels.unused_masks, [], "its label is said, and names it");

    // Another image of the old name does not get the file that the renamed one has.
    picture(root, "1.png", 77);
    let renamed = Change {
        earlier_name: Some("1.png".into()),
        ..change(root, "11.png", Some(Label::NG))
    };
    save(root, &[draw(root, "1.png", 6), renamed]).unwrap();
    assert_eq!(
        (marked(root, "11.png"), marked(root, "1.png")),
        (Some(1), Some(6))
    );
}

#[test]
fn masks_that_are_gone_or_that_no_label_names_are_said() {
    let folder = test_folder();
    let root = folder.path();
    for (level, name) in (1..).zip(["1.png", "2.png"]) {
        picture(root, name, level);
    }
    save(root, &[draw(root, "1.png", 1), draw(root, "2.png", 2)]).unwrap();
    fs::remove_file(mask_file(root, "1.png")).unwrap();
    picture(root, "kizumi-masks/day/3.png.png", 255);
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    let unused = labels.unused_masks.iter();
    let unused: Vec<_> = unused.map(|one| (one.mask.as_str(), one.why)).collect();
    let expected = [
        ("day/3.png.png", WhyUnused::NotNamed),
        ("1.png.png", WhyUnused::Gone),
    ];
    assert_eq!(unused, expected);
    assert_eq!(labels.get("1.png"), Some(&Label::NG), "the label holds");
}

#[test]
fn a_file_of_labels_names_no_mask_outside_of_the_folder_of_masks() {
    let folder = test_folder();
    let root = folder.path().join("set");
    picture(&root, "1.png", 1);
    let outside = folder.path().join("mine.png");
    picture(folder.path(), "mine.png", 255);
    for name in ["../../mine.png", outside.to_str().unwrap()] {
        let images = format!(r#"[{{"image": "1.png", "label": "ng", "mask": {name:?}}}]"#);
        let text = format!(r#"{{"version": 1, "images": {images}}}"#);
        fs::write(root.join(FILE_NAME), text).unwrap();
        assert_eq!(marked(&root, "1.png"), None);
        let gone = Change {
            mask: NewMask::None,
            unwanted: Some(root.join(MASKS_FOLDER).join(name)),
            ..change(&root, "1.png", Some(Label::NG))
        };
        save(&root, &[gone]).unwrap();
        assert!(outside.is_file());
    }
}

#[test]
fn an_image_that_was_called_defective_and_saved_anew_is_unknown_until_somebody_says_more() {
    let folder = test_folder();
    let root = folder.path();
    for name in ["1.png", "2.png", "3.png"] {
        write(root, name, name);
    }
    label(
        root,
        &[
            ("1.png", Label::NG),
            ("2.png", dent()),
            ("3.png", Label::Ok),
        ],
    );
    write(root, "1.png", "saved again");
    fs::remove_file(root.join("2.png")).unwrap();
    write(root, "2.jpg", "converted");
    write(root, "3.png", "saved again, too");
    let catalog = scan(root).unwrap();
    let labels = Labels::of(&catalog).unwrap();
    let labelled = labels.applied(&catalog);
    assert_eq!(labelled.train.len(), 1);
    assert_eq!(labelled.counts().unknown, 2);
    label(root, &[("1.png", Label::Ok)]);
    let labelled = Labels::of(&catalog).unwrap().applied(&catalog);
    assert_eq!(labelled.train.len(), 2);
}

#[test]
fn a_mask_of_an_earlier_day_that_is_removed_stays_so() {
    let folder = test_folder();
    let root = folder.path();
    picture(root, "1.png", 1);
    save(root, &[draw(root, "1.png", 3)]).unwrap();
    let gone = Change {
        mask: NewMask::None,
        ..change(root, "1.png", Some(Label::NG))
    };
    save(root, &[gone]).unwrap();
    assert_eq!(marked(root, "1.png"), None);
    // It is there still, for whoever wants it back, and said.
    let labels = Labels::of(&scan(root).unwrap()).unwrap();
    assert_eq!(labels.unused_masks.len(), 1);
}

#[test]
fn a_label_changed_in_a_folder_below_leaves_the_image_its_mask_above() {
    let folder = test_folder();
    let root = folder.path();
    picture(root, "day/1.png", 1);
    picture(root, "day/2.png", 2);
    save(root, &[draw(root, "day/1.png", 3)]).unwrap();
    let below = root.join("day");
    let saved = save(&below, &[change(&below, "1.png", Some(dent()))]).unwrap();
    assert_eq!(saved.path, root.join(FILE_NAME));
    assert!(!below.join(FILE_NAME).exists());
    assert_eq!(
        (marked(&below, "1.png"), marked(root, "day/1.png")),
        (Some(3), Some(3))
    );
    // What nobody knows above is kept beside the images, and so is what is drawn there.
    save(
        &below,
        &[
            change(&below, "2.png", Some(Label::NG)),
            draw(&below, "1.png", 5),
        ],
    )
    .unwrap();
    assert_eq!(marked(&below, "1.png"), Some(5));
    let labels = Labels::of(&scan(&below).unwrap()).unwrap();
    assert_eq!(
        labels.counts().to_string(),
        "0 OK, 2 NG, 1 with a drawn mask"
    );
}

#[test]
fn labels_are_there_before_images_are_read_to_the_end() {
    let folder = test_folder();
    let root = folder.path();
    picture(root, "1.png", 1);
    save_labels(root, &[change(root, "1.png", Some(Label::NG))]).unwrap();
    let label = |name: &str| {
        let labels = Labels::of(&scan(root).unwrap()).unwrap();
        labels.get(name).cloned()
    };
    assert_eq!(label("1.png"), Some(Label::NG));
    add_contents(root, &[("1.png".into(), root.join("1.png"))]).unwrap();
    // Its content is known from now on, and stays so when the label changes.
    save_labels(root, &[change(root, "1.png", Some(dent()))]).unwrap();
    fs::rename(root.join("1.png"), root.join("2.png")).unwrap();
    assert_eq!(label("2.png"), Some(dent()));
}
