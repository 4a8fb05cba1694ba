//! Labels of single images: counted, honoured by the other subcommands, saved as a data set.

use kizumi_dataset::labels::{Change, Label, NewMask, mask_file, save};
use kizumi_image::bitmap::Bitmap;
use kizumi_image::drawn_mask::DrawnMask;

use super::{Place, QUICK};

/// Saves labels of images of `data`, as the window does.
pub fn label(place: &Place, labels: &[(&str, Label)]) {
    let root = place.path("data");
    let changes = labels
        .iter()
        .map(|(image, label)| Change::of(*image, root.join(image), Some(label.clone())));
    let saved = save(&root, &changes.collect::<Vec<_>>()).expect("the folder can be written to");
    assert_eq!(saved.aside, None);
}

#[test]
fn labels_go_before_folders_and_what_they_make_is_a_data_set_to_train_on() {
    let place = Place::with_data(3);
    let dent = Label::Ng {
        kind: Some("dent".into()),
    };
    label(
        &place,
        &[
            ("test/scratch/15.png", Label::Ok),
            ("train/good/3.png", dent),
            ("train/good/4.png", Label::LeftOut),
        ],
    );
    let counted = place.run(&["data", "data"]).succeeds();
    let counted = counted.says("labels: 1 OK, 1 NG, 1 left out");
    assert!(
        counted
            .stdout()
            .contains("labels    1 OK, 1 NG, 1 left out")
    );
    let counts = |folder: &str| {
        let counted = place.run(&["data", folder, "--json"]).succeeds().json();
        let test = &counted["test"];
        let numbers = [
            &counted["normal"],
            &test["normal"],
            &test["defective"],
            &test["unknown"],
            &counted["masks"],
        ];
        (
            numbers.map(|number| number.as_u64().expect("a number")),
            counted["left_out"].as_array().map(Vec::len),
            counted["labels"].clone(),
        )
    };
    let (numbers, left_out, labels) = counts("data");
    assert_eq!(numbers, [11, 3, 3, 0, 2]);
    assert_eq!(left_out, Some(0), "the file of labels is nobody's business");
    assert_eq!((&labels["ok"], &labels["ng"]), (&1.into(), &1.into()));

    place.train(&["--images", "16"]).succeeds();
    let dataset = place.model("model.safetensors").header.dataset;
    assert_eq!(dataset.training_images + dataset.validation_images, 11);
    assert!(dataset.joined.iter().eq(["test/scratch/15.png"]));
    assert!(
        dataset
            .excluded
            .iter()
            .eq(["train/good/3.png", "train/good/4.png"])
    );

    let listed = place.run(&["labels", "data"]).succeeds().stdout();
    let expected = [
        "OK\t\ttest/scratch/15.png",
        "NG\tdent\ttrain/good/3.png",
        "left out\t\ttrain/good/4.png",
    ];
    assert!(listed.lines().eq(expected), "{listed}");
    for (more, folder) in [(&[][..], "copied"), (&["--link"][..], "linked")] {
        let save = [&["labels", "data", "--save-as", folder][..], more].concat();
        place.run(&save).succeeds();
        assert_eq!(counts(folder).0, numbers);
        place.run(&save).fails_saying(&[folder, "is not empty"]);
    }
    let train = [
        "train",
        "copied",
        "--out",
        "again.safetensors",
        "--images",
        "16",
    ];
    place.run(&[&train[..], &QUICK].concat()).succeeds();
}

#[test]
fn labels_that_cannot_be_read_and_labels_of_images_that_are_gone_are_said() {
    let place = Place::with_data(3);
    label(
        &place,
        &[
            ("test/scratch/15.png", Label::Ok),
            ("test/scratch/16.png", Label::NG),
        ],
    );
    std::fs::remove_file(place.path("data/test/scratch/15.png")).expect("it is there");
    let told = place.run(&["data", "data"]).succeeds();
    told.says("labels: 0 OK, 1 NG, 1 of an image that is gone")
        .says("test/scratch/15.png");
    place.write("data/kizumi-labels.json", b"{");
    place
        .run(&["data", "data"])
        .fails_saying(&["kizumi-labels.json", "no labels of this program"]);
}

#[test]
fn images_are_labelled_by_patterns_of_their_names_once_that_is_said() {
    let place = Place::with_data(3);
    let patterns = [
        "--pattern",
        "test/scratch/1?.png=NG:line",
        "--pattern",
        "**/good/*=OK",
    ];
    let labels = [&["labels", "data"][..], &patterns].concat();
    let told = place.run(&labels).succeeds();
    assert!(
        told.stdout()
            .starts_with("3\ttest/scratch/1?.png=NG:line\n")
    );
    told.says("nothing is labelled without --apply");
    assert!(!place.path("data/kizumi-labels.json").exists());
    let applied = [&labels[..], &["--apply"]].concat();
    place.run(&applied).succeeds().says("labelled in");
    let counted = place.run(&["data", "data", "--json"]).succeeds().json();
    assert_eq!(counted["kinds"]["line"], 3);
    assert_eq!(counted["labels"]["ng"], 3);

    // What has a label keeps it.
    let other = ["labels", "data", "--pattern", "*=out", "--apply"];
    place.run(&other).succeeds().says("keep another label");
    let counted = place.run(&["data", "data", "--json"]).succeeds().json();
    assert_eq!(counted["labels"]["left_out"], 0);
    let bad = place.run(&["labels", "data", "--pattern", "*=bad"]);
    bad.ends_with(2).says("none of OK, NG");
}

#[test]
fn a_mask_that_was_drawn_counts_wherever_masks_do() {
    let place = Place::with_data(3);
    let root = place.path("data");
    let image = "test/scratch/15.png";
    let (width, height) = image::image_dimensions(root.join(image)).expect("it is there");
    let mut marks = Bitmap::empty((width as usize, height as usize));
    marks.marked[..100].fill(true);
    let drawn = Change {
        image: image.into(),
        path: root.join(image),
        label: Some(Label::NG),
        earlier_name: None,
        mask: NewMask::Drawn(DrawnMask::new(mask_file(&root, image), &marks)),
        unwanted: None,
    };
    save(&root, &[drawn]).expect("the folder can be written to");
    let told = place.run(&["data", "data"]).succeeds();
    told.says("1 with a drawn mask");
    let counted = place.run(&["data", "data", "--json"]).succeeds().json();
    assert_eq!(counted["labels"]["drawn_masks"], 1);
    assert_eq!(counted["left_out"].as_array().map(Vec::len), Some(0));
    place
        .run(&["labels", "data", "--save-as", "saved"])
        .succeeds();
    let saved = image::open(place.path("saved/ground_truth/scratch/15_mask.png"));
    let saved = saved.expect("it is written").into_luma8();
    let marked = saved.pixels().filter(|pixel| pixel.0 == [255]).count();
    assert_eq!((saved.dimensions(), marked), ((width, height), 100));
}

#[test]
fn of_images_alone_only_those_are_written_that_are_labelled() {
    let place = Place::with_data(3);
    for name in ["1.png", "2.png", "3.png"] {
        let image =
            std::fs::read(place.path(&format!("data/train/good/{name}"))).expect("an image");
        place.write(&format!("flat/{name}"), &image);
    }
    let root = place.path("flat");
    let labels = [("1.png", Label::Ok), ("2.png", Label::NG)];
    let changes = labels.map(|(image, label)| Change::of(image, root.join(image), Some(label)));
    save(&root, &changes).expect("the folder can be written to");
    let saved = place
        .run(&["labels", "flat", "--save-as", "out"])
        .succeeds();
    let said = saved.says("1 image not written").stdout();
    assert!(
        said.contains("1 normal for training, 0 normal and 1 defective for test"),
        "{said}"
    );
    let all = ["labels", "flat", "--normal", "flat", "--save-as", "all"];
    let said = place.run(&all).succeeds().stdout();
    assert!(said.contains("2 normal for training"), "{said}");
}
