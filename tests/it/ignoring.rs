//! Regions that a model leaves out, and calibrating again, through the real worker.

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{Command, Event, Job, ModelInfo, Outcome, SetRequest};
use kizumi_image::picture::Picture;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{FeatureConfig, MapConfig, ProjectionConfig};
use kizumi_method::maker::ModelMark;
use kizumi_method::mapper::Mapper;

use crate::common::SIZE_PX;
use crate::rig::{Rig, ended, projection_ended, saved, write_images};

/// Ignores the upper half.
fn upper_half() -> Picture {
    Picture::from_fn(1, SIZE_PX, SIZE_PX, |_, y, _| f32::from(u8::from(y < 32)))
}

const UPPER: usize = 32 * SIZE_PX;

fn projection() -> ProjectionConfig {
    ProjectionConfig {
        iterations: 4,
        stop_early: false,
        ..Default::default()
    }
}

fn unsmoothed() -> MapConfig {
    MapConfig::paper()
}

fn ignore(rig: &Rig, mask: Option<Picture>) -> ModelInfo {
    rig.set_ignored(mask);
    rig.model_ready()
}

fn recalibrate(rig: &Rig, projection: ProjectionConfig, map: MapConfig) -> Calibration {
    rig.recalibrate(projection, map);
    let events = rig.until(ended(Job::Calibrating));
    assert!(events.contains(&Event::Started(Job::Calibrating)));
    assert!(
        events.contains(&Event::Ended(Job::Calibrating, Outcome::Done)),
        "{events:?}"
    );
    rig.model_ready().calibration.expect("a calibration")
}

#[test]
fn ignored_pixels_neither_move_nor_score() {
    let rig = Rig::with_model();
    let file = rig.open(rig.image_file());
    assert_eq!(file.counted, None);
    assert_eq!(ignore(&rig, Some(upper_half())).ignored, Some(upper_half()));
    let counted = rig.opened().counted.expect("not all count");
    assert_eq!(counted.pixels[..UPPER], [0.0; UPPER]);
    assert_eq!(counted.pixels[UPPER..], [1.0; UPPER]);

    let (last, inspection) = rig.projected(projection(), unsmoothed());
    assert_eq!(last.iterate.pixels[..UPPER], file.picture.pixels[..UPPER]);
    assert_ne!(last.iterate.pixels[UPPER..], file.picture.pixels[UPPER..]);
    let largest = |pixels: &[f32]| pixels.iter().copied().fold(0.0, f32::max);
    for (map, score) in [
        (&inspection.plain_map, inspection.plain_score),
        (&inspection.projected_map, inspection.projected_score),
    ] {
        assert_eq!(map.pixels[..UPPER], [0.0; UPPER]);
        assert_eq!(largest(&map.pixels[UPPER..]), score.value);
        assert_eq!(map.maker, score.by);
    }
    let errors = last.iterate.pixels.iter().zip(&last.reconstruction.pixels);
    let lower: f32 = errors.skip(UPPER).map(|(x, f)| (x - f).powi(2)).sum();
    assert!((last.scalars.reconstruction_error - lower).abs() < 1e-3 * lower);

    // A set leaves them out, too.
    rig.engine.send(Command::InspectSet(Box::new(SetRequest {
        set: rig.id(),
        model: rig.model.get(),
        images: vec![Entry::alone(rig.image_file())],
        projection: projection(),
        map: unsmoothed(),
        pixel_threshold: None,
    })));
    let result = rig.wait_for(|event| match event {
        Event::SetInspected(result) => Some(result),
        _ => None,
    });
    let scores = result.outcome.expect("a good file");
    for (score, alone) in [
        (scores.projected_score, inspection.projected_score),
        (scores.plain_score, inspection.plain_score),
    ] {
        assert!((score.value - alone.value).abs() < 1e-5);
        assert_eq!(score.by, alone.by);
    }
}

#[test]
fn ignored_regions_belong_to_the_model() {
    let rig = Rig::with_model();
    rig.open(rig.image_file());
    let before = rig.projected(projection(), unsmoothed()).1;
    ignore(&rig, Some(upper_half()));
    let ignoring = rig.projected(projection(), unsmoothed()).1;
    assert_ne!(before.projected_map.values, ignoring.projected_map.values);
    assert_ne!(before.projected_score.by, ignoring.projected_score.by);

    let reopened = Rig::new();
    reopened.open_model(rig.model_file());
    assert_eq!(reopened.model_ready().ignored, Some(upper_half()));
    reopened.open(rig.image_file());
    let again = reopened.projected(projection(), unsmoothed()).1;
    assert_eq!(again.projected_map, ignoring.projected_map);

    // They stay through training on, which calibrates with them.
    rig.train_more(8);
    assert_eq!(rig.model_ready().ignored, Some(upper_half()));
    rig.until(saved);

    // A mask without a pixel is none.
    let nothing = Picture::filled(1, SIZE_PX, SIZE_PX, 0.0);
    assert_eq!(ignore(&rig, Some(nothing)).ignored, None);
    assert_eq!(rig.opened().counted, None);
}

#[test]
fn a_painted_image_stays_painted() {
    let rig = Rig::with_model();
    rig.open(rig.image_file());
    let picture = Picture::filled(1, SIZE_PX, SIZE_PX, 0.25);
    rig.repaint(picture.clone(), upper_half(), None);
    rig.opened();
    ignore(&rig, Some(upper_half()));
    let opened = rig.opened();
    assert!(opened.painted && opened.counted.is_some());
    assert_eq!(opened.picture, picture);
}

#[test]
fn calibrating_again_forgets_what_is_ignored() {
    let rig = Rig::with_data(12);
    rig.train_with(32, FeatureConfig::default());
    let events = rig.until(saved);
    let models = events.into_iter().filter_map(|event| match event {
        Event::ModelReady(model) => Some(*model),
        _ => None,
    });
    let trained = models.last().expect("it is finished");
    let memory = |rig: &Rig| {
        rig.recalibrate(projection(), MapConfig::default());
        rig.until(ended(Job::Calibrating));
        let model = rig.model_ready();
        assert!(model.calibration.is_some());
        model.mark.memory
    };
    let everything = memory(&rig);
    assert_eq!(everything, trained.mark.memory, "nothing else is known");
    ignore(&rig, Some(upper_half()));
    let lower_half = memory(&rig);
    assert_ne!(lower_half, everything);

    // It is in the file, and the regions are looked at again once they count again.
    let reopened = Rig::new();
    reopened.open_model(rig.model_file());
    assert_eq!(reopened.model_ready().mark.memory, lower_half);
    ignore(&rig, None);
    assert_eq!(memory(&rig), everything);
}

#[test]
fn impossible_masks_are_refused() {
    let rig = Rig::with_data(8);
    let complaint = |rig: &Rig, mask: Picture| {
        rig.set_ignored(Some(mask));
        rig.complaint()
    };
    assert!(complaint(&rig, upper_half()).contains("model"));
    let rig = Rig::with_model();
    assert!(complaint(&rig, Picture::filled(1, 8, 8, 1.0)).contains("8 x 8"));
    assert!(complaint(&rig, Picture::filled(3, SIZE_PX, SIZE_PX, 1.0)).contains("channel"));
    assert!(complaint(&rig, Picture::filled(1, SIZE_PX, SIZE_PX, f32::NAN)).contains("NaN"));
    assert!(complaint(&rig, Picture::filled(1, SIZE_PX, SIZE_PX, 1.0)).contains("not be ignored"));
    rig.train(1_000_000);
    assert!(complaint(&rig, upper_half()).contains("trained"));
}

#[test]
fn calibrating_again_measures_with_the_new_parameters() {
    let rig = Rig::with_model();
    rig.open_model(rig.model_file());
    let first = rig.model_ready().calibration.expect("calibrated");
    // The same parameters give the same numbers: it is the same split.
    let same = recalibrate(&rig, first.projection, first.map);
    assert_eq!(same, first);

    let changed = recalibrate(&rig, projection(), unsmoothed());
    assert_eq!(
        (changed.projection, changed.map),
        (projection(), unsmoothed())
    );
    assert_eq!(changed.projected_scores.len(), first.projected_scores.len());
    assert_ne!(changed.projected_scores, first.projected_scores);
    assert_eq!(changed.stop_threshold, first.stop_threshold);

    // With less that counts the network explains an image better.
    let ignored = ignore(&rig, Some(upper_half()));
    let stale = ignored.calibration.expect("it keeps its scores");
    assert_eq!(stale.projected_scores, changed.projected_scores);
    let early = ProjectionConfig {
        stop_early: true,
        ..Default::default()
    };
    let threshold = |calibration: &Calibration, mark: ModelMark| {
        calibration.stop_threshold_of(&early, mark.regions)
    };
    assert_eq!(threshold(&stale, ignored.mark), 0.0, "nothing stops early");
    let before = ModelMark {
        regions: ModelMark::regions_of(None),
        ..ignored.mark
    };
    assert_eq!(threshold(&stale, before), changed.stop_threshold);
    let maker =
        |calibration: &Calibration, mark| Mapper::calibrated(mark, calibration).projected_maker();
    assert_eq!(
        maker(&stale, ignored.mark),
        maker(&changed, before),
        "its scores are what they were"
    );
    let ignoring = recalibrate(&rig, projection(), unsmoothed());
    assert!(ignoring.stop_threshold < changed.stop_threshold);
    assert!(threshold(&ignoring, ignored.mark) > 0.0);
    assert_ne!(maker(&ignoring, ignored.mark), maker(&stale, ignored.mark));
    let pairs = ignoring.plain_scores.iter().zip(&changed.plain_scores);
    assert!(pairs.into_iter().all(|(a, b)| a <= b));

    let reopened = Rig::new();
    reopened.open_model(rig.model_file());
    assert_eq!(reopened.model_ready().calibration, Some(ignoring));
}

#[test]
fn a_calibration_that_is_cancelled_leaves_the_one_from_before() {
    let rig = Rig::with_model();
    rig.open_model(rig.model_file());
    let before = rig.model_ready().calibration;
    let endless = ProjectionConfig {
        iterations: 100_000,
        ..projection()
    };
    rig.recalibrate(endless, unsmoothed());
    rig.until(|event| {
        matches!(
            event,
            Event::Progress {
                job: Job::Calibrating,
                ..
            }
        )
    });
    // It gives way like the rest.
    rig.open(rig.image_file());
    rig.project(2);
    let events = rig.until(projection_ended);
    assert!(!events.iter().any(ended(Job::Calibrating)));
    rig.engine.send(Command::CancelAll);
    let events = rig.until(ended(Job::Calibrating));
    assert_eq!(
        events.last(),
        Some(&Event::Ended(Job::Calibrating, Outcome::Stopped))
    );
    let copy = rig.folder.path().join("copy.safetensors");
    rig.save_model(copy);
    assert_eq!(rig.model_ready().calibration, before);
}

#[test]
fn calibrating_needs_the_data_set_of_the_training() {
    let rig = Rig::with_model();
    let recalibrate = |rig: &Rig| {
        rig.recalibrate(projection(), unsmoothed());
    };
    let nothing = Rig::new();
    recalibrate(&nothing);
    assert!(nothing.complaint().contains("model"));
    nothing.open_model(rig.model_file());
    recalibrate(&nothing);
    assert!(nothing.complaint().contains("data set"));

    // Too few images, then other ones.
    let few = rig.folder.path().join("few");
    write_images(&few, 5);
    rig.open_dataset(few);
    recalibrate(&rig);
    assert!(rig.complaint().contains("few"));
    let others = rig.folder.path().join("others");
    write_images(&others, 13);
    std::fs::remove_file(others.join("000.png")).expect("removes");
    rig.open_dataset(others);
    recalibrate(&rig);
    let events = rig.until(ended(Job::Calibrating));
    match events.last() {
        Some(Event::Ended(_, Outcome::Failed(reason))) => {
            assert!(
                reason.text.contains("others") && reason.text.contains("not the data set"),
                "{reason}"
            );
        }
        other => panic!("it failed, not {other:?}"),
    }
}
