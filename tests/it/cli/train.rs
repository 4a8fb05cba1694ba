//! `kizumi train`.

use std::fs;

use kizumi_image::picture::Picture;
use kizumi_method::config::{Aspect, Mode, Objective};

use super::{Place, QUICK, Ran};
use crate::common::pictures;
use crate::maps::read_tiff;

#[test]
fn a_model_is_the_same_each_time_and_goes_on_where_it_was() {
    let place = Place::with_data(1);
    let losses = |ran: Ran| {
        let summary = ran.succeeds().json();
        assert_eq!(summary["event"], "finished");
        assert_eq!(summary["ending"], "limit");
        summary["validation"].as_f64().expect("a loss")
    };
    let train = |images: &str| {
        let options = [
            "--json",
            "--images",
            images,
            "--seed",
            "4",
            "--schedule",
            "constant",
        ];
        losses(place.train(&options))
    };
    let whole = train("128");
    assert_eq!(whole, train("128"));
    let half = train("64");
    let more = [
        "train",
        "data",
        "--out",
        "more.safetensors",
        "--device",
        "cpu",
        "--json",
    ];
    let resume = ["--resume", "model.safetensors", "--images", "64"];
    let resumed = losses(place.run(&[&more[..], &resume].concat()));
    assert_ne!(half, whole);
    assert!(resumed < 1.2 * half, "{resumed} after {half}");
    assert_eq!(place.model("more.safetensors").header.images_seen, 128);
}

#[test]
fn the_first_limit_ends_training() {
    let place = Place::with_data(1);
    let limits = [
        "--epochs",
        "5",
        "--images",
        "1000000",
        "--time-budget",
        "1s",
        "--json",
    ];
    let summary = place.train(&limits).succeeds().json();
    assert_eq!(summary["ending"], "time-budget");
    assert!(
        summary["images"]
            .as_u64()
            .is_some_and(|images| images < 50_000),
        "{summary}"
    );
}

#[test]
fn settings_reach_the_model() {
    let place = Place::empty();
    for (i, picture) in pictures(1, 4).into_iter().enumerate() {
        let wide = Picture::from_fn(1, 64, 96, |c, y, x| picture.at(c, y, x * 2 / 3));
        place.save(&format!("data/{i}.png"), &wide);
    }
    for (mode, aspect) in [("texture", "stretch"), ("object", "letterbox")] {
        let shape = ["--mode", mode, "--aspect", aspect, "--images", "16"];
        let augment = [
            "--flip-vertical",
            "--rotation-deg",
            "9",
            "--beta",
            "0.5",
            "--seed",
            "3",
        ];
        place.train(&[&shape[..], &augment].concat()).succeeds();
        let model = place.model("model.safetensors");
        assert_eq!(model.normal_mean.is_some(), mode == "object");
        let header = model.header;
        let (expected_mode, expected_aspect) = match mode {
            "texture" => (Mode::Texture, Aspect::Stretch),
            _ => (Mode::Object, Aspect::Letterbox),
        };
        assert_eq!(
            (header.data.mode, header.data.aspect),
            (expected_mode, expected_aspect)
        );
        assert_eq!((header.network.channels, header.network.width), (1, 4));
        assert!(header.training.augment.flip_vertical && !header.training.augment.flip_horizontal);
        assert_eq!(
            (header.training.augment.rotation_deg, header.training.seed),
            (9.0, 3)
        );
        place.inspect(&["data"]).succeeds();
        let (map, _) = read_tiff(&place.path("results/0_map.tiff"));
        let width = if mode == "texture" { 96 } else { 64 };
        assert_eq!((map.width, map.height), (width, 64));
    }
}

#[test]
fn the_distance_and_the_objective_are_chosen() {
    let place = Place::with_data(1);
    place
        .train(&["--images", "16", "--objective", "dssim"])
        .succeeds();
    let header = place.model("model.safetensors").header;
    assert_eq!(header.training.objective, Objective::Dssim);

    let score = |distance: &[&str]| {
        let image = ["data/test/scratch/15.png", "--json", "--lambda", "0"];
        let row = place.inspect(&[&image, distance].concat()).succeeds();
        row.json()["projected_score"].as_f64().expect("a score")
    };
    let mut scores = vec![score(&[])];
    for name in ["absolute-error", "cross-entropy", "dissimilarity"] {
        scores.push(score(&["--distance", name]));
    }
    assert_eq!(score(&["--distance", "squared-error"]), scores[0]);
    for (index, one) in scores.iter().enumerate() {
        assert!(
            one.is_finite() && !scores[..index].contains(one),
            "{scores:?}"
        );
    }
    place
        .inspect(&["data", "--distance", "euclidean"])
        .ends_with(2);
}

#[test]
fn folders_without_images_are_refused() {
    let place = Place::empty();
    fs::create_dir(place.path("empty")).expect("a folder can be made");
    place.write("texts/readme.txt", b"no image");
    place.write("file", b"no folder");
    let train = |data: &str| {
        place.run(&[&["train", data, "--out", "model.safetensors"], &QUICK[..]].concat())
    };
    train("missing").fails_saying(&["missing", "No such file"]);
    train("empty").fails_saying(&["empty", "no images found", "PNG", "train/good"]);
    train("texts").fails_saying(&["texts", "no images found", "1 .txt"]);
    train("file").fails_saying(&["file", "is a file"]);
    assert!(!place.path("model.safetensors").exists());

    let place = Place::with_model(1);
    fs::create_dir(place.path("empty")).expect("a folder can be made");
    place
        .inspect(&["missing"])
        .fails_saying(&["missing", "No such file"]);
    place
        .inspect(&["empty"])
        .fails_saying(&["empty", "no images found"]);
    place
        .run(&["evaluate", "model.safetensors", "empty", "--device", "cpu"])
        .fails_saying(&["empty", "no images found"]);
}

#[test]
fn few_normals_are_warned_about() {
    let place = Place::empty();
    for (i, picture) in pictures(1, 3).iter().enumerate() {
        place.save(&format!("data/{i}.png"), picture);
    }
    place
        .train(&["--images", "16"])
        .succeeds()
        .says("Only 3 normal images");
    // Normals alone: everything but the figures works.
    let evaluated = place.evaluate(&["--json"]).succeeds().json();
    assert!(evaluated["plain"]["pixel_auroc"].is_null());
    assert!(evaluated["projected"]["image_auroc"].is_null());
    assert!(
        place
            .evaluate(&[])
            .succeeds()
            .stdout()
            .contains("needs defect images")
    );
    place
        .inspect(&["data"])
        .succeeds()
        .says("3 images inspected");
}

#[test]
fn test_images_that_were_trained_on_are_reported() {
    let place = Place::with_data(1);
    fs::copy(
        place.path("data/train/good/3.png"),
        place.path("data/test/good/leak.png"),
    )
    .expect("a file can be copied");
    let trained = place.train(&["--images", "16"]).succeeds();
    trained
        .says("1 test image is identical")
        .says("leak.png = ");
}

#[test]
fn divergence_stops_and_damages_nothing() {
    let place = Place::with_model(1);
    let before = fs::read(place.path("model.safetensors")).expect("a model");
    place
        .train(&["--images", "800", "--learning-rate", "1e30"])
        .fails_saying(&["nothing was learned", "diverged"]);
    assert_eq!(
        fs::read(place.path("model.safetensors")).expect("a model"),
        before
    );
}

#[test]
fn impossible_targets_are_told_before_the_work() {
    let place = Place::with_model(1);
    place.write("file", b"in the way");
    let train = |out: &str| {
        place.run(
            &[
                &["train", "data", "--out", out, "--images", "8"],
                &QUICK[..],
            ]
            .concat(),
        )
    };
    train("file/model.safetensors").fails_saying(&["file/model.safetensors", "not a folder"]);
    train("data").fails_saying(&["data", "it is a folder"]);
    let inspect = [
        "inspect",
        "model.safetensors",
        "data",
        "--device",
        "cpu",
        "--out",
    ];
    place
        .run(&[&inspect[..], &["file"]].concat())
        .fails_saying(&["file"]);
    place
        .evaluate(&["--out", "file/below"])
        .fails_saying(&["cannot make the folder file/below"]);
    place.run(&["sample-data", "file"]).fails_saying(&["file"]);
    assert_eq!(
        fs::read(place.path("file")).expect("it is there"),
        b"in the way"
    );
    // Read-only for everybody, root included.
    train("/proc/model.safetensors").fails_saying(&["/proc/model.safetensors"]);
}
