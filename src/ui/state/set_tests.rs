#![allow(clippy::unwrap_used)]

use kizumi_image::compact::Samples;
use kizumi_image::picture::Picture;
use kizumi_method::config::MapConfig;
use kizumi_method::maker::Fingerprint;

use super::*;

fn images(count: usize) -> Vec<Entry> {
    (0..count)
        .map(|i| Entry::normal(format!("{i}.png").into()))
        .collect()
}

fn conditions(model: u64) -> Conditions {
    conditions_with(model, 0, ProjectionConfig::default())
}

/// Which weights, which regions are left out, and the projection's parameters.
fn conditions_with(weights: u64, regions: u64, projection: ProjectionConfig) -> Conditions {
    let of = |number: u64| Fingerprint::of([&[number as f32][..]]);
    let model = ModelMark {
        weights: of(weights),
        regions: of(regions),
        ..ModelMark::default()
    };
    Conditions {
        source: Source::Test,
        model,
        model_name: Some("washer.safetensors".into()),
        mapper: Mapper::new(model, projection, MapConfig::default(), None),
        projection,
        pixel_threshold: None,
    }
}

fn id(number: u64) -> SetId {
    SetId::from(number)
}

fn ask(set: &mut InspectedSet, number: u64, images: Vec<Entry>) -> SetRequest {
    set.ask(id(number), ModelId::from(1), images, conditions(number))
}

/// What became of an image of the first inspection.
fn result(index: usize) -> SetResult {
    let outcome = match index % 3 {
        2 => Err("truncated".into()),
        _ => Ok(SetScores {
            stamp: None,
            plain_score: Score::default(),
            projected_score: Score::default(),
            unlike: None,
            iterations: 5,
            stop: StopRule::Iterations,
            regions: None,
            thumbnail: CompactPicture {
                channels: 1,
                height: 1,
                width: 1,
                samples: Samples::U8(vec![0]),
            },
            map: Picture::filled(1, 1, 1, 0.2),
        }),
    };
    let set = id(1);
    SetResult {
        set,
        index,
        outcome,
    }
}

/// A run of so many images, of which some are done.
fn running(count: usize, done: usize) -> InspectedSet {
    let mut set = InspectedSet::default();
    ask(&mut set, 1, images(count));
    set.started(id(1));
    (0..done).for_each(|index| set.inspected(result(index)));
    set
}

#[test]
fn results_fill_the_places_of_their_images() {
    let mut set = InspectedSet::default();
    let request = ask(&mut set, 1, images(4));
    assert_eq!((request.images.len(), set.phase()), (4, Phase::Asked));
    assert!(set.images().is_empty(), "not before it begins");
    assert!(!set.started(id(9)), "another one");
    assert!(set.started(id(1)));
    for index in [3, 1, 2, 1, 99] {
        set.inspected(result(index));
    }
    assert_eq!((set.done(), set.phase()), (3, Phase::Running));
    assert!(set.results()[0].is_none());
    assert_eq!(set.results()[2], Some(Err("truncated".into())));
    set.ended(id(1), Outcome::Done);
    assert!(!set.is_active() && set.done() == 3);
}

#[test]
fn it_is_suspended_goes_on_and_is_stopped() {
    let mut set = running(4, 2);
    set.paused(id(1), true);
    assert_eq!(set.phase(), Phase::Paused);
    set.paused(id(1), false);
    set.paused(id(2), true);
    assert_eq!(set.phase(), Phase::Running, "another one was suspended");
    set.stopping();
    set.paused(id(1), true);
    assert_eq!(set.phase(), Phase::Stopping, "too late to suspend");
    set.ended(id(1), Outcome::Stopped);
    assert_eq!((set.phase(), set.done()), (Phase::Idle, 2));
    set.paused(id(1), true);
    set.stopping();
    assert_eq!(set.phase(), Phase::Idle, "nothing goes on");
}

#[test]
fn asking_again_keeps_the_results_until_the_worker_begins() {
    let mut set = running(4, 3);
    ask(&mut set, 2, images(2));
    set.inspected(result(3));
    set.ended(id(1), Outcome::Stopped);
    assert_eq!(
        (set.phase(), set.done(), set.images().len()),
        (Phase::Asked, 4, 4)
    );
    set.started(id(2));
    set.inspected(result(1));
    assert_eq!(
        (set.phase(), set.done(), set.images().len()),
        (Phase::Running, 0, 2),
        "late news of the one before are no results"
    );
}

#[test]
fn a_refused_request_leaves_what_there_was() {
    let mut set = running(4, 4);
    set.ended(id(1), Outcome::Done);
    ask(&mut set, 2, images(9));
    set.ended(id(2), Outcome::Failed("no model".into()));
    assert_eq!((set.phase(), set.done()), (Phase::Idle, 4));
    assert_eq!(set.outcome(), Some(&Outcome::Done));
    let mut set = running(4, 1);
    set.ended(id(3), Outcome::Failed("no model".into()));
    assert_eq!(set.phase(), Phase::Running, "another request was refused");
    set.paused(id(1), true);
    ask(&mut set, 2, images(9));
    assert_eq!(set.at_work(), Some(id(2)));
    set.ended(id(2), Outcome::Failed("no model".into()));
    assert_eq!(set.phase(), Phase::Paused, "the one before goes on");
    assert_eq!(set.at_work(), Some(id(1)));
}

#[test]
fn what_changed_since_is_named() {
    let mut set = running(3, 3);
    let now = conditions(1);
    assert_eq!(set.stale(Some(&now)), None);
    let mut normals = now.clone();
    normals.source = Source::Normals;
    assert_eq!(set.stale(Some(&normals)), Some(Stale::Images));
    set.compare(&images(2));
    assert_eq!(set.stale(Some(&now)), Some(Stale::Images));
    set.compare(&images(3));
    assert_eq!(set.stale(Some(&now)), None);
    let slower = ProjectionConfig {
        alpha: 0.25,
        ..Default::default()
    };
    let other = |weights, regions| conditions_with(weights, regions, slower);
    assert_eq!(set.stale(Some(&other(1, 0))), Some(Stale::Parameters));
    let masked = conditions_with(1, 1, ProjectionConfig::default());
    assert_eq!(set.stale(Some(&masked)), Some(Stale::Parameters));
    assert_eq!(set.stale(Some(&other(2, 0))), Some(Stale::Model));
    // Two models whose networks have learned nothing yet differ in what they remember.
    let mut untrained = now.clone();
    untrained.model.memory = Fingerprint::of([&[2.0][..]]);
    assert_eq!(set.stale(Some(&untrained)), Some(Stale::Model));
    assert!(!set.is_of(untrained.model));
    // Whatever the settings are by now: what one sees first is that the images are others.
    set.compare(&images(2));
    assert_eq!(set.stale(Some(&other(1, 0))), Some(Stale::Images));
    set.compare(&images(3));
    assert_eq!(set.stale(None), None, "no model to compare");
    assert_eq!(InspectedSet::default().stale(Some(&now)), None);
}

#[test]
fn the_time_left_does_not_count_pauses() {
    let mut set = running(10, 0);
    assert_eq!(set.eta_secs(), None);
    set.keep_time(100.0);
    set.inspected(result(0));
    set.keep_time(102.0);
    assert_eq!(set.eta_secs(), Some(18.0));
    set.paused(id(1), true);
    set.keep_time(102.0);
    set.keep_time(500.0);
    set.paused(id(1), false);
    set.keep_time(600.0);
    set.inspected(result(1));
    set.keep_time(602.0);
    assert_eq!(set.eta_secs(), Some(16.0));
    set.ended(id(1), Outcome::Done);
    assert_eq!(set.eta_secs(), None);
}
