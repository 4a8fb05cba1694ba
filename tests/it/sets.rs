//! Runs over many images through the real worker.

use std::path::PathBuf;
use std::time::Duration;

use kizumi_dataset::catalog::{Entry, Kind};
use kizumi_dataset::truth::MaskMatter;
use kizumi_engine::message::{
    Cause, Command, Event, Job, ModelId, Outcome, SetId, SetPixels, SetRequest, SetResult,
    THUMBNAIL_PX,
};
use kizumi_image::found_region::FoundRegions;
use kizumi_image::placement::Placement;
use kizumi_method::config::{DataConfig, MapConfig, ProjectionConfig};
use kizumi_method::metrics::PixelHistogram;

use crate::common::SIZE_PX;
use crate::rig::{Rig, outcome, projection_ended, set_ended};

/// Of pixels, low enough that some are above it.
const THRESHOLD: f32 = 0.02;

fn projection(iterations: usize) -> ProjectionConfig {
    ProjectionConfig {
        iterations,
        ..Default::default()
    }
}

fn files(rig: &Rig) -> Vec<PathBuf> {
    (0..12)
        .map(|i| rig.data().join(format!("{i:03}.png")))
        .collect()
}

fn request(images: Vec<Entry>, iterations: usize) -> SetRequest {
    SetRequest {
        set: SetId::default(),
        model: ModelId::default(),
        images,
        projection: projection(iterations),
        map: MapConfig::default(),
        pixel_threshold: None,
    }
}

/// A run that takes long enough to interfere with.
fn long(rig: &Rig) -> SetRequest {
    let images = files(rig).into_iter().cycle().take(2400);
    request(images.map(Entry::normal).collect(), 10)
}

fn start(rig: &Rig, request: SetRequest) -> SetId {
    let set = rig.id();
    let model = rig.model.get();
    let request = SetRequest {
        set,
        model,
        ..request
    };
    rig.engine.send(Command::InspectSet(Box::new(request)));
    set
}

/// What a run ends with: its images, and the pixels that come right before the end.
fn found(events: &[Event]) -> (Vec<SetResult>, SetPixels) {
    let results = events.iter().filter_map(|event| match event {
        Event::SetInspected(result) => Some((**result).clone()),
        _ => None,
    });
    match &events[events.len() - 2] {
        Event::SetPixels(pixels) => (results.collect(), (**pixels).clone()),
        other => panic!("the last pixels come right before the end, not {other:?}"),
    }
}

fn inspected(event: &Event) -> bool {
    matches!(event, Event::SetInspected(_))
}

#[test]
fn scores_are_those_of_single_inspections() {
    let rig = Rig::with_model();
    let images: Vec<Entry> = files(&rig).into_iter().map(Entry::normal).collect();
    start(
        &rig,
        SetRequest {
            pixel_threshold: Some(THRESHOLD),
            ..request(images.clone(), 6)
        },
    );
    let events = rig.until(set_ended);
    assert_eq!(outcome(&events, set_ended), Some(&Outcome::Done));
    let (results, pixels) = found(&events);
    let indices: Vec<usize> = results.iter().map(|result| result.index).collect();
    assert_eq!(indices, (0..12).collect::<Vec<_>>());
    let mut expected = SetPixels::default();
    let mut counted = 0;
    for (result, entry) in results.into_iter().zip(images) {
        let scores = result.outcome.expect("a good file");
        let opened = rig.open(entry.path);
        let (_, alone) = rig.projected(projection(6), MapConfig::default());
        assert!((scores.plain_score.value - alone.plain_score.value).abs() < 1e-5);
        assert!((scores.projected_score.value - alone.projected_score.value).abs() < 1e-5);
        assert_eq!(scores.projected_score.by, alone.projected_score.by);
        assert_eq!(scores.iterations, alone.iterations);
        assert_eq!(scores.stop, alone.stop);
        let data = DataConfig {
            size_px: SIZE_PX,
            ..Default::default()
        };
        let placement = Placement::new((SIZE_PX, SIZE_PX), &data).expect("a square");
        let regions = FoundRegions::of(&alone.projected_map, THRESHOLD, &placement);
        let found = scores.regions.expect("a threshold was given");
        assert_eq!((found.threshold, found.count), (THRESHOLD, regions.count));
        counted += found.count;
        assert_eq!(
            (scores.map.width, scores.map.height),
            (THUMBNAIL_PX, THUMBNAIL_PX)
        );
        assert!((scores.map.max() - alone.projected_map.max()).abs() < 1e-5);
        let thumbnail = scores.thumbnail.to_picture();
        let pairs = thumbnail.pixels.iter().zip(&opened.picture.pixels);
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 0.01));
        expected.plain.add_counted(&alone.plain_map, None, None);
        expected
            .projected
            .add_counted(&alone.projected_map, None, None);
    }
    assert!(counted > 0, "regions are found");
    // Without a defective pixel there is no figure, and all the pixels are there.
    assert_eq!(pixels.plain.auroc(), None);
    assert_eq!(count(&pixels.plain), count(&expected.plain));
    assert_eq!(count(&pixels.projected), 12 * SIZE_PX * SIZE_PX);
}

/// Pixels in a histogram, read from its serialised bins.
fn count(pixels: &PixelHistogram) -> usize {
    let text = serde_json::to_value(pixels).expect("plain data");
    let pages = text["pages"].as_object().expect("pages").values();
    let bins = pages.flat_map(|page| page.as_array().expect("bins").clone());
    bins.map(|bin| {
        let part = |name: &str| bin[name].as_u64().expect("a count");
        (part("negatives") + part("positives")) as usize
    })
    .sum()
}

#[test]
fn a_broken_file_is_told_and_the_run_goes_on() {
    let rig = Rig::with_model();
    let broken = rig.data().join("broken.png");
    std::fs::write(&broken, "no picture").expect("writes");
    let mut paths = files(&rig);
    paths.insert(1, broken);
    start(
        &rig,
        request(paths.into_iter().map(Entry::alone).collect(), 1),
    );
    let events = rig.until(set_ended);
    assert_eq!(outcome(&events, set_ended), Some(&Outcome::Done));
    let (results, _) = found(&events);
    assert_eq!(results.len(), 13);
    for (i, result) in results.iter().enumerate() {
        assert_eq!(result.index, i);
        match &result.outcome {
            Err(reason) => assert!(i == 1 && reason.text.contains("broken.png"), "{reason}"),
            Ok(_) => assert_ne!(i, 1),
        }
    }
}

#[test]
fn only_pixels_of_known_kind_are_counted() {
    let rig = Rig::with_model();
    let paths = files(&rig);
    let mask = rig.folder.path().join("mask.png");
    let half = image::GrayImage::from_fn(64, 64, |_, y| image::Luma([255 * u8::from(y < 32)]));
    half.save(&mask).expect("saves");
    let small = rig.folder.path().join("small.png");
    image::GrayImage::new(8, 8).save(&small).expect("saves");
    let inverted = rig.folder.path().join("inverted.png");
    let whole = image::GrayImage::from_fn(64, 64, |x, _| image::Luma([255 * u8::from(x > 0)]));
    whole.save(&inverted).expect("saves");
    let hole = |path: &PathBuf, mask: Option<&PathBuf>| Entry {
        path: path.clone(),
        kind: Kind::Defect("hole".into()),
        mask: mask.cloned().map(Into::into),
    };
    let images = vec![
        Entry::normal(paths[0].clone()),
        hole(&paths[1], Some(&mask)),
        hole(&paths[2], None),
        hole(&paths[3], Some(&small)),
        hole(&paths[4], Some(&small)),
        hole(&paths[5], Some(&inverted)),
    ];
    start(&rig, request(images, 1));
    let events = rig.until(set_ended);
    let (results, pixels) = found(&events);
    assert!(results.iter().all(|result| result.outcome.is_ok()));
    assert_eq!(count(&pixels.plain), 2 * SIZE_PX * SIZE_PX);
    assert!(pixels.projected.auroc().is_some());
    assert_eq!(pixels.left_out, 4, "their pixels are in no figure");
    let masks: Vec<_> = pixels.masks.iter().map(|mask| mask.cause.clone()).collect();
    let inverted = Cause::Mask(MaskMatter::NearlyAll(98));
    assert_eq!(masks, [Cause::MaskSize, Cause::MaskSize, inverted]);
}

#[test]
fn a_set_pauses_resumes_and_stops() {
    let rig = Rig::with_model();
    let set = start(&rig, long(&rig));
    rig.until(inspected);
    rig.engine.send(Command::PauseSet(rig.id()));
    let events = rig.until(inspected);
    let paused = |event: &Event| matches!(event, Event::SetPaused(_));
    assert!(!events.iter().any(paused), "that is another one");
    rig.engine.send(Command::PauseSet(set));
    rig.engine.send(Command::PauseSet(set));
    rig.until(|event| *event == Event::SetPaused(set));
    let quiet = rig.engine.recv_timeout(Duration::from_millis(200));
    assert_eq!(quiet, None, "nothing while paused");
    rig.engine.send(Command::ResumeSet(set));
    let events = rig.until(inspected);
    assert_eq!(events[0], Event::SetResumed(set));
    rig.engine.send(Command::StopSet(set));
    let events = rig.until(set_ended);
    assert_eq!(outcome(&events, set_ended), Some(&Outcome::Stopped));
    assert!(
        count(&found(&events).1.plain) > 0,
        "what was inspected stays"
    );
}

#[test]
fn a_set_gives_way_and_goes_on_by_itself() {
    let rig = Rig::with_model();
    start(&rig, long(&rig));
    rig.until(inspected);
    rig.open(rig.image_file());
    rig.project(20);
    let events = rig.until(projection_ended);
    let began = events
        .iter()
        .position(|event| matches!(event, Event::Started(Job::Projecting(_))))
        .expect("it began");
    assert!(
        !events[began..].iter().any(inspected),
        "the projection comes first"
    );
    rig.until(inspected);
    let events = rig.until(inspected);
    assert!(!events.iter().any(set_ended));

    // Another run of the kind takes its place.
    start(&rig, long(&rig));
    let events = rig.until(|event| matches!(event, Event::Started(Job::InspectingSet(_))));
    assert_eq!(outcome(&events, set_ended), Some(&Outcome::Stopped));
    // Another model does not go on with it.
    rig.open_model(rig.model_file());
    let events = rig.until(|event| matches!(event, Event::ModelReady(_)));
    assert_eq!(outcome(&events, set_ended), Some(&Outcome::Stopped));
}

#[test]
fn training_waits_for_a_set() {
    let rig = Rig::with_model();
    let images = files(&rig).into_iter().map(Entry::normal).collect();
    start(&rig, request(images, 3));
    rig.train(1_000_000);
    let events = rig.until(set_ended);
    assert!(
        events.contains(&Event::Started(Job::Loading)),
        "the command is taken up"
    );
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, Event::Training(_)))
    );
    rig.until(|event| matches!(event, Event::Training(_)));
}

#[test]
fn an_empty_set_or_no_model_is_refused() {
    let rig = Rig::with_data(8);
    start(&rig, request(vec![Entry::alone(rig.image_file())], 1));
    assert!(rig.complaint().contains("model"));
    let rig = Rig::with_model();
    start(&rig, request(Vec::new(), 1));
    assert!(rig.complaint().contains("no images"));
}
