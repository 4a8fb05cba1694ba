//! The built program, run as a person or a script would: what all its subcommands share here, each of them in a file.

mod align;
mod bench;
mod check;
mod crop;
mod evaluate;
mod inspect;
pub mod labels;
mod language;
mod place;
mod train;
mod tune;
mod tutorial;
mod watch;

use std::collections::HashSet;
use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::maps::read_tiff;

pub use place::{Place, QUICK, Ran};

#[test]
fn train_inspect_evaluate() {
    let place = Place::with_data(3);
    let trained = place.train(&["--images", "64"]).succeeds();
    assert!(
        trained
            .stdout()
            .starts_with("model.safetensors: 64 training images")
    );
    let trained = trained
        .says("data: 12 normal for training, 3 normal and 3 defective (1 kind) for test, 3 masks.")
        .says("Computing on CPU (Flex)");
    assert!(
        !trained.stderr().contains('\u{1b}'),
        "no progress bar without a terminal"
    );
    let header = place.model("model.safetensors").header;
    assert_eq!((header.images_seen, header.step), (64, 8));
    assert_eq!(header.network.channels, 3);
    assert!(header.calibration.is_some());
    let mean = place.model("model.safetensors").normal_mean;
    assert_eq!(mean.map(|mean| (mean.channels, mean.width)), Some((3, 64)));
    let files: HashSet<_> = fs::read_dir(place.path("."))
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(files.len(), 2, "data and model alone: {files:?}");

    let inspected = place
        .inspect(&["data", "--json"])
        .succeeds()
        .says("6 images inspected")
        .says("how high, 1 normal image does not tell");
    let rows = fs::read_to_string(place.path("results/results.jsonl")).expect("rows");
    assert_eq!(inspected.stdout(), rows);
    let rows: Vec<Value> = rows
        .lines()
        .map(|row| serde_json::from_str(row).expect("a row is JSON"))
        .collect();
    let mut table = csv::Reader::from_path(place.path("results/results.csv")).expect("a table");
    let columns = table.headers().expect("it has a header").clone();
    let records: Vec<_> = table
        .records()
        .map(|record| record.expect("a record"))
        .collect();
    assert_eq!((rows.len(), records.len()), (6, 6));
    for (row, record) in rows.iter().zip(&records) {
        assert_eq!(row.as_object().map(|row| row.len()), Some(columns.len()));
        assert_eq!(row["path"], record[0]);
        let score = |name: &str| row[name].as_f64().expect("a number");
        assert!(score("plain_score") > 0.0);
        assert!(score("projected_score") > 0.0, "no map is empty");
        // Confidence is what score, threshold and scale make of each other.
        let off = (score("projected_score") - score("threshold")) / score("scale");
        assert!((score("confidence") - 1.0 / (1.0 + (-off).exp())).abs() < 1e-4);
        assert!(score("review_threshold") <= score("threshold"));
        // One held-out normal bounds nothing.
        assert_eq!(score("threshold_low"), 0.0);
        assert!(row["threshold_high"].is_null());
        let verdict = row["verdict"].as_str().expect("a verdict");
        let reasons = row["reasons"].as_str().expect("reasons");
        assert_eq!(verdict == "pass", reasons.is_empty(), "{row}");
        assert_eq!(verdict == "reject", reasons == "above-threshold", "{row}");
        assert!(row["projected_percentile"].is_number());
        for picture in ["heatmap", "overlay", "projected", "strip"] {
            let name = row[picture].as_str().expect("a name");
            image::open(place.path("results").join(name)).expect("it is an image");
        }
        let map = row["map"].as_str().expect("a name");
        let (map, _) = read_tiff(&place.path("results").join(map));
        assert_eq!((map.width, map.height), (64, 64));
    }
    assert_eq!(
        (&rows[0]["kind"], &rows[5]["kind"]),
        (&"normal".into(), &"scratch".into())
    );

    let evaluation = place.evaluate(&["--json"]).succeeds().json();
    assert_eq!(evaluation["images"]["normal"], 3);
    assert_eq!(evaluation["images"]["defective"], 3);
    for block in [&evaluation, &evaluation["kinds"]["scratch"]] {
        for map in ["plain", "projected", "mean_image"] {
            for auroc in [
                "pixel_auroc",
                "aupro",
                "image_auroc",
                "image_average_precision",
            ] {
                let value = block[map][auroc].as_f64().expect("a number");
                assert!((0.0..=1.0).contains(&value), "{map} {auroc} {value}");
            }
        }
    }
    assert!(evaluation.get("healing").is_none(), "nobody asked");
    let healing = place.evaluate(&["--json", "--healing"]).succeeds().json()["healing"].clone();
    let share = healing["untouched"].as_f64().expect("a number");
    assert!((0.0..=1.0).contains(&share) && healing["within"].as_f64() > Some(0.0));
    // Of other images than the model's it cannot be measured, which is said; the rest is.
    std::fs::remove_file(place.path("data/train/good/0.png")).expect("it can be removed");
    let other = place.evaluate(&["--json", "--healing"]).succeeds();
    assert!(
        other
            .stderr()
            .contains("open that one to measure how it heals"),
        "{}",
        other.stderr()
    );
    let other = other.json();
    assert!(other.get("healing").is_none() && other["images"] == evaluation["images"]);
    let table = place.evaluate(&[]).succeeds().stdout();
    assert!(
        table.contains("AUPRO") && table.contains("The projection"),
        "{table}"
    );
}

#[test]
fn devices_are_listed() {
    let listing = Place::empty().run(&["devices", "--json"]).succeeds().json();
    assert_eq!(listing["devices"][0]["option"], "cpu");
    assert!(
        listing["auto"]["reason"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty())
    );
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let mut child = Place::empty()
        .command(&["devices"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    Ran(child.wait_with_output().expect("it ends")).succeeds();
}

#[test]
fn usage_errors_have_their_own_status() {
    let place = Place::with_model(1);
    for arguments in [
        "frobnicate",
        "train data",
        "train data --out x --size 100",
        "train data --out x --device tpu",
        "train data --out x --time-budget soon",
        "train data --out x --epochs 0",
        "train data --out x --latent 0",
        "train data --out x --learning-rate 0",
        "train data --out x --validation-fraction 2",
        "train data --out x --resume model.safetensors --size 64",
        "train data --out x --no-augmentation --shift 0.1",
        "inspect model.safetensors --out x",
        "inspect model.safetensors data --out x --alpha=-1",
        "inspect model.safetensors data --out x --opacity 2",
        "evaluate model.safetensors data --smoothing nan",
        "bench --batch 0",
        "--data data devices",
    ] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let ran = place.run(&arguments).ends_with(2);
        assert!(
            !ran.stderr().is_empty() && ran.stdout().is_empty(),
            "{arguments:?}"
        );
        assert!(!place.path("x").exists(), "{arguments:?}");
    }
}

#[test]
fn quiet_says_nothing_but_errors_and_verbose_says_what_is_done() {
    let place = Place::with_data(1);
    let train = |flags: &[&str]| place.train(&[&["--images", "8"], flags].concat());
    let usual = train(&[]).succeeds().stderr();
    assert!(
        usual.contains("Computing on") && !usual.contains("INFO"),
        "{usual}"
    );
    assert_eq!(train(&["-q"]).succeeds().stderr(), "");
    let before = ["-q", "train", "data", "--out", "model.safetensors"];
    let images = ["--images", "8"];
    let quiet = place.run(&[&before[..], &QUICK, &images].concat());
    assert_eq!(quiet.succeeds().stderr(), "");
    place
        .run(&["-q", "train", "missing", "--out", "x"])
        .fails_saying(&["missing"]);
    let verbose = train(&["-v"]).succeeds().stderr();
    assert!(verbose.contains("INFO kizumi: Kizumi"), "{verbose}");
    place.run(&["-q", "-v", "devices"]).ends_with(2);
}

#[test]
fn without_a_display_one_sentence_names_the_headless_command() {
    let place = Place::empty();
    let mut command = place.command(&[]);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(name);
    }
    for (locale, words) in [
        ("C", "no display"),
        ("ja_JP.UTF-8", "ディスプレイがありません"),
    ] {
        let ran = command.env("LC_ALL", locale).output();
        let ran = Ran(ran.expect("the program starts"));
        ran.fails_saying(&[words, "kizumi inspect"]);
    }
}

// Tuning.

#[test]
fn what_graphics_drivers_print_is_no_error_of_the_programs() {
    let place = Place::empty();
    // Without a place for the sockets of a screen, a library below the drivers says that this is an error.
    let mut command = place.command(&["devices"]);
    let ran = command.env_remove("XDG_RUNTIME_DIR").output();
    let ran = ran.expect("the program starts");
    assert!(ran.status.success());
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(said, "", "nothing went wrong");
}
