//! `kizumi evaluate`.

use std::fs;

use kizumi_image::picture::Picture;
use serde_json::Value;

use super::Place;
use super::place::scratched;
use crate::common::pictures;
use crate::maps::read_tiff;

#[test]
fn an_evaluation_leaves_figures_curves_and_pictures() {
    let place = Place::with_model(1);
    // One defect without a mask, one mask that does not fit.
    fs::remove_file(place.path("data/ground_truth/scratch/16_mask.png")).expect("it is there");
    let small = Picture::filled(1, 32, 32, 1.0);
    place.save("data/ground_truth/scratch/15_mask.png", &small);
    let evaluated = place.evaluate(&["--json", "--out", "out/new"]).succeeds();
    let read = |name: &str| fs::read_to_string(place.path("out/new").join(name)).expect(name);
    let json: Value = serde_json::from_str(&read("evaluation.json")).expect("it is JSON");
    assert_eq!(json, evaluated.json());

    let rows = |name: &str| -> Vec<Vec<String>> {
        let text = read(name);
        let reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.into_deserialize();
        rows.map(|row| row.expect("a row")).collect()
    };
    let figures = rows("evaluation.csv");
    let names: Vec<_> = figures.iter().map(|row| row[..2].join(", ")).collect();
    assert_eq!(names.len(), 2 * 3, "{names:?}");
    assert_eq!(names[4], "all defects, projected");
    let aupro: f64 = figures[4][3].parse().expect("a number");
    // JSON is read to the last digit but one.
    let in_json = json["projected"]["aupro"].as_f64().expect("a number");
    assert!((in_json - aupro).abs() < 1e-12, "{in_json} {aupro}");
    let curves = rows("curves.csv");
    for curve in ["pixel-roc", "pixel-precision-recall", "pro", "image-roc"] {
        let count = curves.iter().filter(|row| row[2] == curve).count();
        assert!((12..6 * 500).contains(&count), "{curve}: {count} points");
    }

    let sheet = image::open(place.path("out/new/contact_sheet.png")).expect("a picture");
    // Two found beside each other, one missed, three normal ones.
    let pair = 2 * 256 + 2;
    assert_eq!(
        (sheet.width(), sheet.height()),
        (3 * pair + 2 * 8, 3 * 256 + 2 * 48)
    );
    let page = read("contact_sheet.html");
    for name in [
        "test/good/12.png",
        "test/scratch/15.png",
        "test/scratch/16.png",
    ] {
        assert_eq!(page.matches(name).count(), 1, "{name}");
    }
}

#[test]
fn regions_that_the_model_ignores_are_left_out() {
    let place = Place::with_model(1);
    let auroc =
        || place.evaluate(&["--json"]).succeeds().json()["projected"]["pixel_auroc"].clone();
    assert!(auroc().is_number());
    let mut model = place.model("model.safetensors");
    let (_, bar) = scratched(&pictures(1, 1)[0]);
    model.set_ignored(Some(bar.clone()));
    model.save(&place.path("model.safetensors")).expect("saves");
    assert!(auroc().is_null(), "all defective pixels are ignored");

    place.inspect(&["data/test/scratch"]).succeeds();
    let files = fs::read_dir(place.path("results")).expect("results");
    let maps = files.flatten().map(|file| file.path());
    let maps: Vec<_> = maps
        .filter(|path| path.to_string_lossy().ends_with("_map.tiff"))
        .collect();
    assert_eq!(maps.len(), 3);
    for path in maps {
        let (map, _) = read_tiff(&path);
        for (value, bar) in map.pixels.iter().zip(&bar.pixels) {
            assert!(*bar == 0.0 || *value == 0.0);
        }
        assert!(map.max() > 0.0);
    }
}

#[test]
fn an_odd_mask_is_reported_and_left_out() {
    let place = Place::with_model(1);
    let small = Picture::filled(1, 32, 32, 1.0);
    place.save("data/ground_truth/scratch/15_mask.png", &small);
    place.save("data/ground_truth/scratch/99_mask.png", &small);
    fs::remove_file(place.path("data/ground_truth/scratch/16_mask.png")).expect("it is there");
    let evaluated = place.evaluate(&["--json"]).succeeds();
    assert_eq!(evaluated.json()["images"]["left_out_of_pixel_auroc"], 2);
    let odd = evaluated.json()["masks_to_look_at"].clone();
    assert_eq!(odd.as_array().map(Vec::len), Some(1), "{odd}");
    assert_eq!(odd[0]["left_out"], true);
    assert!(evaluated.json()["plain"]["pixel_auroc"].is_number());
    evaluated
        .says("15_mask.png: is a mask of 32 x 32 pixels for an image of 64 x 64")
        .says("mask without an image")
        .says("without a mask");
}

#[test]
fn an_inverted_mask_is_in_no_figure_and_named_beside_them() {
    let place = Place::with_model(1);
    place.save(
        "data/ground_truth/scratch/15_mask.png",
        &Picture::filled(1, 64, 64, 1.0),
    );
    let black = Picture::filled(1, 64, 64, 0.0);
    place.save("data/ground_truth/scratch/16_mask.png", &black);
    let evaluated = place.evaluate(&["--json", "--out", "out"]).succeeds();
    let json = evaluated.json();
    assert_eq!(json["images"]["left_out_of_pixel_auroc"], 2);
    let odd = json["masks_to_look_at"].as_array().expect("a list");
    let said = |name: &str, reason: &str| {
        odd.iter().any(|mask| {
            let is = |key: &str, part: &str| mask[key].as_str().is_some_and(|it| it.contains(part));
            is("path", name) && is("reason", reason) && mask["left_out"] == true
        })
    };
    assert!(said("15_mask.png", "100 % of the image"), "{odd:?}");
    assert!(said("16_mask.png", "marks no pixel"), "{odd:?}");
    let file = fs::read_to_string(place.path("out/evaluation.json")).expect("it is there");
    let file: Value = serde_json::from_str(&file).expect("it is JSON");
    assert_eq!(file["masks_to_look_at"], json["masks_to_look_at"]);
    let table = place.evaluate(&[]).succeeds();
    assert!(
        table
            .stdout()
            .contains("Masks to look at: 2 (2 left out of pixel figures)")
    );
}

#[test]
fn a_test_image_that_cannot_be_read_is_counted_apart() {
    let place = Place::with_model(1);
    place.write("data/test/scratch/15.png", b"no image");
    let images = place.evaluate(&["--json"]).succeeds().json()["images"].clone();
    assert_eq!(
        (&images["defective"], &images["unreadable"]),
        (&2.into(), &1.into())
    );
    let table = place.evaluate(&[]).succeeds();
    assert!(
        table
            .stdout()
            .contains("not counted: 1 that could not be read")
    );
}

#[test]
fn why_figures_are_missing_is_said_beside_them_and_in_the_log() {
    let place = Place::with_model(1);
    fs::remove_dir_all(place.path("data/test/good")).expect("it is there");
    let table = place
        .evaluate(&[])
        .succeeds()
        .says("needs normal test images");
    assert!(table.stdout().contains("needs normal test images"));
    place
        .evaluate(&["--json"])
        .succeeds()
        .says("needs normal test images");
}
