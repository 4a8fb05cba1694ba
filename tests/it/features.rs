//! A model that remembers the features of normal images: made, kept, used, gone on with.

use burn::tensor::Device;
use kizumi_compute::recalibration::Recalibration;
use kizumi_compute::training::run::{Phase, TrainingRun};
use kizumi_dataset::scan::scan;
use kizumi_engine::message::{Command, Event, Job, ModelInfo, Outcome};
use kizumi_image::picture::Picture;
use kizumi_method::config::{FeatureConfig, MapConfig, MapKind, ProjectionConfig, TrainingPlan};

use crate::cli::{Place, Ran};
use crate::common::SIZE_PX;
use crate::rig::{Rig, barriers, saved, write_images};

const SMALL: [&str; 8] = [
    "--size", "64", "--width", "4", "--latent", "4", "--device", "cpu",
];

fn train(place: &Place, more: &[&str]) -> Ran {
    let arguments = ["train", "data", "--out", "model.safetensors"];
    place.run(&[&arguments, &SMALL[..], more].concat())
}

fn features_alone() -> Place {
    let place = Place::with_data(1);
    train(&place, &["--features-only"]).succeeds();
    place
}

/// Image AUROC by name of the map.
fn image_auroc(place: &Place, map: &str) -> f64 {
    let json = place.evaluate(&["--json"]).succeeds().json();
    json[map]["image_auroc"].as_f64().expect("a figure")
}

#[test]
fn features_alone_tell_scratches_from_normal_images() {
    let place = features_alone();
    let model = place.model("model.safetensors");
    assert!(model.features_only());
    let calibration = model.header.calibration.as_ref().expect("it is measured");
    assert_eq!(calibration.map.kind, MapKind::Features);
    // All normal images tell what is normal: those that the memory is of are measured by others.
    assert_eq!(calibration.plain_scores.len(), 12);
    for map in ["plain", "projected", "memory_bank"] {
        assert_eq!(image_auroc(&place, map), 1.0, "{map}");
    }
    let image = "data/test/scratch/15.png";
    place
        .inspect(&[image])
        .succeeds()
        .says("tells defects by features alone");
    place
        .inspect_into(&["--out", "more", "--map", "joint", image])
        .ends_with(2)
        .says("its maps are of features alone");
    let inpaint = ["inpaint", "model.safetensors", image, "--mask"];
    let mask = "data/ground_truth/scratch/15_mask.png";
    place
        .run(
            &[
                &inpaint[..],
                &[mask, "--out", "filled.png", "--device", "cpu"],
            ]
            .concat(),
        )
        .fails_saying(&["model.safetensors", "learned nothing yet"]);
    place
        .run(&["tune", "model.safetensors", "data", "--device", "cpu"])
        .fails_saying(&["learned nothing yet"]);
}

#[test]
fn training_goes_on_from_features_alone() {
    let place = features_alone();
    let before = place.model("model.safetensors").mark().expect("weights");
    let arguments = [
        "train",
        "data",
        "--out",
        "model.safetensors",
        "--device",
        "cpu",
    ];
    let more = ["--resume", "model.safetensors", "--images", "64"];
    place.run(&[&arguments[..], &more].concat()).succeeds();
    let model = place.model("model.safetensors");
    let after = model.mark().expect("weights");
    assert!(!model.features_only());
    assert_eq!(model.header.images_seen, 64);
    assert_eq!(after.memory, before.memory, "it is of the same images");
    let calibration = model.header.calibration.as_ref().expect("it is measured");
    assert_eq!(calibration.map.kind, MapKind::Joint);
    assert_eq!(calibration.projection, ProjectionConfig::healing());
    let usual = calibration.usual_change.as_ref().expect("it is measured");
    assert_eq!(usual.picture().width, model.header.network.size_px);
    assert_eq!(image_auroc(&place, "projected"), 1.0);
}

#[test]
fn no_features_make_the_pure_method() {
    let place = Place::with_data(1);
    train(&place, &["--features", "none", "--features-only"])
        .ends_with(2)
        .says("--features-only needs features");
    train(&place, &["--features", "none", "--images", "64"]).succeeds();
    let model = place.model("model.safetensors");
    assert!(model.memories.is_none() && model.header.data.view.is_none());
    assert_eq!(model.header.features, FeatureConfig::NONE);
    let calibration = model.header.calibration.as_ref().expect("it is measured");
    assert_eq!(calibration.map.kind, MapKind::Fused);
    place
        .inspect(&["--map", "features", "data/test/scratch/15.png"])
        .ends_with(2)
        .says("it remembers no features");
}

/// The models that events tell of.
fn models(events: &[Event]) -> Vec<&ModelInfo> {
    let models = events.iter().filter_map(|event| match event {
        Event::ModelReady(model) => Some(&**model),
        _ => None,
    });
    models.collect()
}

#[test]
fn there_is_a_verdict_before_the_network_has_learned_anything() {
    let rig = Rig::with_data(12);
    rig.train_with(1_000_000, FeatureConfig::default());
    let events = rig.until(|event| matches!(event, Event::Training(_)));
    let jobs = [Job::Device, Job::Loading, Job::Features];
    let expected = jobs.iter().flat_map(|job| [(*job, true), (*job, false)]);
    let expected: Vec<_> = expected.chain([(Job::Training, true)]).collect();
    assert_eq!(barriers(&events), expected);
    // Learning and measuring are one job to whoever watches.
    let progress = events.iter().filter_map(|event| match event {
        Event::Progress {
            job: Job::Features,
            done,
            total,
        } => Some((*done, *total)),
        _ => None,
    });
    let progress: Vec<(u64, u64)> = progress.collect();
    assert!(progress.len() > 2, "{progress:?}");
    assert!(progress.is_sorted(), "{progress:?}");
    assert_eq!(progress[0].1, progress[progress.len() - 1].1);
    let first = models(&events);
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].id, rig.model.get());
    assert!(first[0].mark.features_only && first[0].images_seen == 0);
    let calibration = first[0].calibration.as_ref().expect("it is measured");
    assert_eq!(calibration.projected_scores.len(), 12);

    // The score of an image is one of those that can be compared with the normal images'.
    let opened = rig.open(rig.image_file());
    assert!(opened.distance.is_some());
    let projection = ProjectionConfig {
        iterations: 1,
        ..Default::default()
    };
    let (_, inspection) = rig.projected(projection, MapConfig::default());
    let normals = kizumi_method::mapper::Mapper::calibrated(first[0].mark, calibration);
    assert_eq!(inspection.plain_score.by, normals.plain_maker());
    assert_eq!(inspection.projected_score.by, normals.projected_maker());

    rig.engine.send(Command::Stop { keep: true });
    let events = rig.until(saved);
    let last = models(&events);
    let last = last.last().expect("the trained model");
    assert!(!last.mark.features_only && last.images_seen > 0);
    assert_eq!(last.mark.memory, first[0].mark.memory);
}

#[test]
fn learning_features_ends_with_its_progress() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_images(folder.path(), 80);
    let catalog = scan(folder.path()).expect("images");
    let mut plan = TrainingPlan::default();
    plan.recipe.data.size_px = SIZE_PX;
    // More than are measured.
    plan.recipe.data.validation_fraction = 0.9;
    let mut run = TrainingRun::new(&catalog, plan, &Device::flex()).expect("a plan");
    let mut told = Vec::new();
    while run.phase() != Phase::Training {
        if matches!(run.phase(), Phase::Remembering | Phase::Features) {
            told.push(run.progress());
        }
        run.step().expect("it learns");
    }
    let (done, total) = told[told.len() - 1];
    assert_eq!(done, total);
    assert!(told.iter().all(|(_, of)| *of == total), "{told:?}");
}

#[test]
fn calibrating_again_ends_with_its_progress() {
    let place = Place::with_data(1);
    train(&place, &["--images", "16"]).succeeds();
    let model = place.model("model.safetensors");
    let catalog = scan(&place.path("data")).expect("images");
    let (projection, map) = model.header.settings();
    let run = Recalibration::new(&model, &catalog, projection, map);
    let mut run = run.expect("its data set");
    let mut told = vec![run.progress()];
    while run.step().expect("it measures").is_none() {
        told.push(run.progress());
    }
    let (done, total) = told[told.len() - 1];
    assert_eq!(done, total);
    assert!(told.iter().all(|(_, of)| *of == total), "{told:?}");
}

#[test]
fn a_discarded_training_leaves_the_model_from_before() {
    let rig = Rig::with_model();
    let before = rig.model.get();
    rig.train_with(1_000_000, FeatureConfig::default());
    rig.until(|event| matches!(event, Event::Training(_)));
    rig.engine.send(Command::Stop { keep: false });
    let discarded = Event::Ended(Job::Training, Outcome::Stopped);
    rig.until(|event| *event == discarded);
    assert_eq!(rig.model_ready().id, before);
}

#[test]
fn what_is_painted_is_far_from_normal_and_what_is_not_stays_as_it_was() {
    let rig = Rig::with_data(12);
    rig.train_with(0, FeatureConfig::default());
    rig.until(saved);
    let file = rig.open(rig.image_file());
    let before = file.distance.expect("it is remembered");
    let mask = Picture::filled(1, SIZE_PX, SIZE_PX, 0.0);
    rig.repaint(file.picture.clone(), mask.clone(), None);
    assert_eq!(
        rig.opened().distance.as_ref(),
        Some(&before),
        "the same pixels"
    );

    rig.open(rig.image_file());
    let painted = Picture::from_fn(1, SIZE_PX, SIZE_PX, |_, y, x| {
        let inside = (8..20).contains(&y) && (8..20).contains(&x);
        if inside {
            0.0
        } else {
            file.picture.at(0, y, x)
        }
    });
    rig.repaint(painted, mask, None);
    let after = rig.opened().distance.expect("it is remembered");
    let change = |y, x| after.at(0, y, x) - before.at(0, y, x);
    assert!(change(14, 14) > 1.0, "{}", change(14, 14));
    assert!(
        change(56, 56).abs() < 0.3 * change(14, 14),
        "{}",
        change(56, 56)
    );
}
