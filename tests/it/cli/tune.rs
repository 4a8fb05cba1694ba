//! `kizumi tune`.

use std::fs;

use kizumi_method::tuning::Setting;

use super::Place;

#[test]
fn tune_reports_and_writes_only_what_is_asked_for() {
    let place = Place::with_data(1);
    let train = |share: &str| {
        place
            .train(&["--images", "256", "--validation-fraction", share])
            .succeeds()
    };
    let tune = |more: &[&str]| {
        let arguments = [
            "tune",
            "model.safetensors",
            "data",
            "--device",
            "cpu",
            "--images",
            "4",
        ];
        place.run(&[&arguments[..], more].concat())
    };
    train("0.1");
    tune(&[]).fails_saying(&["normal images: 1"]);

    train("0.4");
    let before = fs::read(place.path("model.safetensors")).expect("a model");
    let told = tune(&[]).succeeds().stdout();
    assert!(told.contains("as before"), "{told}");
    assert!(told.contains("settings tried"), "{told}");
    let ran = tune(&["--json", "--out", "tuned.safetensors"]).succeeds();
    let report = ran.json();
    assert_eq!(
        fs::read(place.path("model.safetensors")).expect("a model"),
        before
    );
    let calibration = place.model("tuned.safetensors").header.calibration;
    let calibration = calibration.expect("calibrated");
    let best: Setting = serde_json::from_value(report["best"].clone()).expect("a setting");
    assert_eq!(best, (calibration.projection, calibration.map));
    assert_eq!(report["changed"], report["best"] != report["start"]);

    tune(&["--adopt", "--out", "x.safetensors"]).ends_with(2);
    tune(&["--out", "data"]).fails_saying(&["data", "folder"]);
    place.write("other/0.png", b"no image");
    let arguments = ["tune", "model.safetensors", "other", "--device", "cpu"];
    place.run(&arguments).fails_saying(&["not the data set"]);
}
