//! What the program makes of folders, and says of them.

use std::collections::BTreeSet;

use crate::cli::{Place, Ran};
use crate::common::{SIZE_PX, pictures};
use kizumi_image::picture::Picture;

/// Folders with so many images each.
fn place(folders: &[(&str, usize)]) -> Place {
    let place = Place::empty();
    let count: usize = folders.iter().map(|(_, count)| count).sum();
    let mut all = pictures(1, count as u64).into_iter();
    for (folder, count) in folders {
        for (i, picture) in all.by_ref().take(*count).enumerate() {
            place.save(&format!("{folder}/{i}.png"), &picture);
        }
    }
    place
}

#[test]
fn data_says_which_masks_somebody_should_look_at() {
    let place = Place::with_data(1);
    let black = Picture::filled(1, SIZE_PX, SIZE_PX, 0.0);
    place.save("data/ground_truth/scratch/15_mask.png", &black);
    let white = Picture::filled(1, SIZE_PX, SIZE_PX, 1.0);
    place.save("data/ground_truth/scratch/16_mask.png", &white);
    let said = place.run(&["data", "data"]).succeeds().stdout();
    let line = |name: &str| {
        let mut lines = said.lines();
        lines.find(|line| line.contains(name)).unwrap_or_default()
    };
    assert!(line("15_mask.png").contains("marks no pixel"), "{said}");
    assert!(line("16_mask.png").contains("is it inverted"), "{said}");
    assert_eq!(line("17_mask.png"), "", "{said}");
    assert!(!said.contains("bits"), "{said}");
}

#[test]
fn data_says_which_images_are_copies_and_which_are_none() {
    let place = Place::with_data(1);
    let first = place.path("data/train/good/0.png");
    let bytes = std::fs::read(&first).unwrap_or_default();
    place.write("data/train/good/copy.png", &bytes);
    place.write("data/train/good/empty.png", b"");
    place.write("data/test/good/torn.png", b"\x89PNG");
    let said = place.run(&["data", "data"]).succeeds().stdout();
    assert!(said.contains("broken    2 images counted above"), "{said}");
    assert!(
        said.contains("empty.png") && said.contains("torn.png"),
        "{said}"
    );
    assert!(
        said.contains("1 training image is a copy of another"),
        "{said}"
    );
}

#[test]
fn data_says_what_the_others_use() {
    let place = Place::with_data(1);
    place.write("data/readme.txt", b"text");
    place.write("data/ground_truth/scratch/99_mask.png", b"of nothing");
    let found = place.run(&["data", "data", "--json"]).succeeds();
    let json = found.json();
    let object = json.as_object().expect("an object");
    let keys: BTreeSet<&str> = object.keys().map(String::as_str).collect();
    let expected = [
        "kinds",
        "layout",
        "left_out",
        "masks",
        "normal",
        "test",
        "without_mask",
    ];
    assert!(keys.into_iter().eq(expected), "{json}");
    assert_eq!(json["layout"], "mvtec");
    assert_eq!(json["normal"], 12);
    let test = serde_json::json!({"normal": 3, "defective": 3, "unknown": 0});
    assert_eq!(json["test"], test);
    assert_eq!(json["kinds"], serde_json::json!({"scratch": 3}));
    assert_eq!(
        (&json["masks"], &json["without_mask"]),
        (&3.into(), &0.into())
    );
    let left_out = json["left_out"].as_array().expect("a list");
    let reason = |name: &str| {
        let one = left_out.iter().find(|one| {
            let path = one["path"].as_str().expect("a path");
            path.ends_with(name)
        });
        one.expect("it is left out")["reason"]
            .as_str()
            .expect("a reason")
            .to_owned()
    };
    assert_eq!(left_out.len(), 2);
    assert!(reason("readme.txt").contains(".txt"));
    assert!(reason("99_mask.png").contains("without an image"));
    found.says("note: 1 mask without an image");

    let text = place.run(&["data", "data"]).succeeds().stdout();
    for line in ["training  12 normal", "  scratch: 3", "left out  2"] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn what_nobody_can_tell_is_asked_and_the_answer_taken() {
    let place = place(&[("data/alt", 12), ("data/neu", 3), ("data/marks", 3)]);
    let asked = [
        "alt (12 images)",
        "neu (3 images)",
        "--normal DIR",
        "--test DIR",
    ];
    place.run(&["data", "data", "--json"]).fails_saying(&asked);
    place.train(&["--images", "16"]).fails_saying(&asked);
    let answer = ["--normal", "alt", "--test", "data/neu", "--masks", "marks"];
    let json = place
        .run(&[&["data", "data", "--json"], &answer[..]].concat())
        .succeeds()
        .json();
    assert_eq!(json["layout"], "given");
    assert_eq!(
        (&json["normal"], &json["test"]["unknown"]),
        (&12.into(), &0.into())
    );
    place
        .train(&[&["--images", "16"], &answer[..]].concat())
        .succeeds();
    // To look at them nothing needs to be known.
    place
        .inspect(&["data"])
        .succeeds()
        .says("18 images inspected");
}

#[test]
fn normal_and_defective_parts_side_by_side_are_told_apart() {
    let place = place(&[("data/OK", 12), ("data/NG", 5)]);
    place
        .train(&["--images", "16"])
        .succeeds()
        .says("12 normal for training");
    let evaluation = place.evaluate(&["--json"]).succeeds().json();
    assert_eq!(evaluation["images"]["defective"], 5);
    // All of them are inspected: none is set apart for training.
    place
        .inspect(&["data"])
        .succeeds()
        .says("17 images inspected");
}

#[cfg(unix)]
#[test]
fn an_inspection_says_what_it_did_not_see_and_fails_for_it() {
    let place = Place::with_model(1);
    place.write("data/test/good/readme.txt", b"text");
    place
        .inspect(&["data/test/good"])
        .succeeds()
        .says("1 other file passed over (1 .txt)")
        .says("3 images inspected, 1 left out");
    let link = place.path("data/test/good/gone.png");
    std::os::unix::fs::symlink("nowhere.png", link).expect("a link");
    place
        .inspect(&["data/test/good"])
        .says("gone.png: cannot be read")
        .says("3 images inspected, 2 left out")
        .fails_saying(&["1 of what may be images could not be read"]);
    let link = place.path("data/test/good/notes.md");
    std::fs::remove_file(place.path("data/test/good/gone.png")).expect("it was there");
    std::os::unix::fs::symlink("nowhere.md", link).expect("a link");
    place.inspect(&["data/test/good"]).succeeds();
}

#[test]
fn a_benchmark_takes_this_folder_and_two_of_one_name() {
    let place = Place::empty();
    for (i, picture) in pictures(1, 12).iter().enumerate() {
        for set in ["a/part", "b/part"] {
            let folder = if i < 10 { "train/good" } else { "test/good" };
            place.save(&format!("{set}/{folder}/{i}.png"), picture);
        }
    }
    let out = place.path("out").display().to_string();
    let options = [
        "--out",
        &out,
        "--objectives",
        "vae",
        "--seeds",
        "1",
        "--images",
        "8",
        "--size",
        "64",
        "--features",
        "none",
        "--device",
        "cpu",
        "--json",
    ];
    let run = |folder: &str, data: &[&str]| {
        let mut command = place.command(&[&["benchmark"], data, &options[..]].concat());
        let output = command
            .current_dir(place.path(folder))
            .output()
            .expect("it starts");
        Ran(output).succeeds().json()
    };
    let sets = |rows: &serde_json::Value| -> BTreeSet<String> {
        let rows = rows.as_array().expect("rows");
        rows.iter()
            .map(|row| row["set"].as_str().expect("a set").to_owned())
            .collect()
    };
    let this = run("a/part", &["."]);
    assert!(sets(&this).into_iter().eq(["part"]), "{this}");
    let both = run("", &["a/part", "b/part"]);
    assert!(sets(&both).into_iter().eq(["part", "part-2"]), "{both}");
}

#[test]
fn a_benchmark_compares_with_what_others_make_of_the_features() {
    let place = Place::with_data(1);
    let set = ["benchmark", "data", "--out", "out", "--seeds", "1"];
    let run = ["--objectives", "vae", "--images", "8", "--size", "64"];
    let how = ["--feature-resolution", "256", "--device", "cpu", "--json"];
    let rows = place.run(&[&set[..], &run, &how].concat()).succeeds();
    let rows = rows.json();
    let rows = rows.as_array().expect("rows");
    let names: Vec<&str> = rows.iter().filter_map(|row| row["map"].as_str()).collect();
    let peers = ["plain memory bank", "Gaussian by place"];
    let own = ["plain", "projected"];
    let expected = [&["mean image", "memory bank"][..], &peers, &own].concat();
    assert_eq!(names, expected);
    for row in &rows[2..4] {
        assert!(
            row["objective"].is_null() && row["features"] == "lite0 256",
            "{row}"
        );
        let auroc = row["figures"]["pixel_auroc"]["mean"].as_f64();
        assert!(auroc.is_some_and(|auroc| auroc > 0.7), "{row}");
    }
}

#[test]
fn a_benchmark_of_a_set_without_test_images_trains_nothing() {
    let place = Place::empty();
    for (i, picture) in pictures(1, 6).iter().enumerate() {
        place.save(&format!("parts/{i}.png"), picture);
    }
    let set = ["benchmark", "parts", "--out", "out", "--seeds", "1"];
    let run = ["--objectives", "vae", "--images", "8", "--size", "64"];
    let how = ["--features", "none", "--device", "cpu"];
    place
        .run(&[&set[..], &run, &how].concat())
        .fails_saying(&["1 of the runs failed"])
        .says("there are no test images of known kind");
    let runs = std::fs::read_dir(place.path("out/parts")).expect("the set's folder");
    let trained = runs.flatten().filter(|run| run.path().is_dir());
    assert_eq!(trained.count(), 0);
}
