//! Other settings for a trained model: on the command line.

use std::fs;

use kizumi_compute::artifact::{DatasetSummary, Header};
use kizumi_dataset::labels::Label;
use kizumi_method::config::{MapKind, StepRule};

use crate::cli::labels::label;
use crate::cli::{Place, Ran};

fn calibrate(place: &Place, data: &str, more: &[&str]) -> Ran {
    let arguments = ["calibrate", "model.safetensors", data, "--device", "cpu"];
    place.run(&[&arguments[..], more].concat())
}

#[test]
fn given_settings_become_the_models_and_the_others_stay() {
    let place = Place::with_model(1);
    let before = place.model("model.safetensors");
    let given = ["--alpha", "0.25", "--step", "held", "--map", "structure"];
    let more = ["--out", "other.safetensors", "--json"];
    let report = calibrate(&place, "data", &[&given[..], &more].concat())
        .succeeds()
        .json();
    assert!(
        report["model"]
            .as_str()
            .is_some_and(|path| path.ends_with("other.safetensors"))
    );
    let now = place.model("other.safetensors");
    let (old, new) = (
        before.header.calibration.expect("calibrated"),
        now.header.calibration.expect("calibrated"),
    );
    assert_eq!(
        (new.projection.alpha, new.projection.step),
        (0.25, StepRule::HELD)
    );
    assert_eq!(new.map.kind, MapKind::Structure);
    assert_eq!(new.projection.lambda, old.projection.lambda);
    assert_eq!(new.plain_scores.len(), old.plain_scores.len());
    assert_ne!(
        new.projected_scores, old.projected_scores,
        "measured with other settings"
    );
    assert_eq!(
        now.header.step, before.header.step,
        "the network is the same"
    );
    let kept = place.model("model.safetensors").header.calibration;
    assert_eq!(kept, Some(old), "the model itself was not asked for");

    let told = calibrate(&place, "data", &["--alpha", "0.25"])
        .succeeds()
        .stdout();
    assert!(told.contains("model.safetensors"), "{told}");
    let projection = place.model("model.safetensors").header.calibration;
    assert_eq!(projection.expect("calibrated").projection.alpha, 0.25);
}

#[test]
fn images_that_were_called_normal_since_are_measured_too() {
    let place = Place::with_model(1);
    let before = place.model("model.safetensors").header;
    label(&place, &[("test/scratch/15.png", Label::Ok)]);
    calibrate(&place, "data", &[]).succeeds();
    let now = place.model("model.safetensors").header;
    let scores = |header: &Header| {
        let calibration = header.calibration.as_ref();
        calibration.map(|made| made.plain_scores.len())
    };
    assert_eq!(scores(&now), scores(&before).map(|number| number + 1));
    assert!(now.dataset.also_measured.iter().eq(["test/scratch/15.png"]));
    let expected = DatasetSummary {
        also_measured: now.dataset.also_measured.clone(),
        ..before.dataset
    };
    assert_eq!(
        now.dataset, expected,
        "it was trained on what it was trained on"
    );
}

#[test]
fn what_cannot_be_calibrated_leaves_the_model_alone() {
    let place = Place::with_model(1);
    let before = fs::read(place.path("model.safetensors")).expect("a model");
    calibrate(&place, "data", &["--alpha", "-1"]).ends_with(2);
    calibrate(&place, "nowhere", &[]).fails_saying(&["nowhere"]);
    place.write("other/0.png", b"no image");
    calibrate(&place, "other", &[]).fails_saying(&["not the data set"]);
    calibrate(&place, "data", &["--out", "data"]).fails_saying(&["data", "folder"]);
    let after = fs::read(place.path("model.safetensors")).expect("a model");
    assert_eq!(before, after);
}
