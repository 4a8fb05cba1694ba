#![allow(clippy::unwrap_used)]

mod rivals;
mod tables;

use std::path::PathBuf;

use kizumi_dataset::catalog::{Catalog, Entry, Kind, Layout};
use kizumi_engine::message::{
    Event, Job, ModelId, ModelInfo, SetId, SetPixels, SetResult, SetScores,
};
use kizumi_image::compact::{CompactPicture, Samples};
use kizumi_image::picture::Picture;
use kizumi_image::stamp::Stamp;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{DataConfig, NetworkConfig, TrainingConfig};
use kizumi_method::iterate::StopRule;
use kizumi_method::maker::{Fingerprint, Score};
use kizumi_method::mapper::Mapper;

use super::*;
use crate::ui::layers::Layers;
use crate::ui::saving::Screen;
use crate::ui::saving::report::folder_report;
use crate::ui::state::file_name;
use crate::ui::state::review_view::{Fate, KindFilter, Sort};
use crate::ui::state::set::Stale;
use crate::ui::text::ENGLISH;

fn entry(name: &str) -> Entry {
    let kind = match name.split_once('-') {
        Some(("good", _)) | None => Kind::Normal,
        Some(("new", _)) => Kind::Unknown,
        Some((defect, _)) => Kind::Defect(defect.into()),
    };
    Entry {
        path: format!("/set/test/{name}").into(),
        kind,
        mask: None,
    }
}

fn model(normals: &[f32]) -> Event {
    model_of(0, normals)
}

/// Another model for every number.
fn model_of(number: u8, normals: &[f32]) -> Event {
    let calibration = (!normals.is_empty()).then(|| Calibration {
        plain_scores: normals.to_vec(),
        projected_scores: normals.to_vec(),
        ..Default::default()
    });
    Event::ModelReady(Box::new(ModelInfo {
        id: ModelId::from(1000 * u64::from(number) + normals.len() as u64),
        path: None,
        network: NetworkConfig::default(),
        data: DataConfig::default(),
        features: FeatureConfig::NONE,
        training: TrainingConfig::default(),
        images_seen: 7,
        calibration,
        outdated: None,
        ignored: None,
        mark: ModelMark {
            weights: Fingerprint::of([&[f32::from(number)][..]]),
            ..Default::default()
        },
        data_summary: String::new(),
        trained_on: "set".into(),
        normal_images: 1,
        excluded: Default::default(),
        joined: Default::default(),
        also_measured: Default::default(),
    }))
}

/// A set with these results: name, plain and projected score, or none where the file is broken.
fn reviewed(normals: &[f32], results: &[(&str, Option<(f32, f32)>)]) -> State {
    let mut state = State::default();
    let images: Vec<Entry> = results.iter().map(|(name, _)| entry(name)).collect();
    state.apply(Event::DatasetOpened {
        dataset: Default::default(),
        catalog: Catalog {
            root: "/set".into(),
            layout: Layout::Mvtec,
            train: vec![entry("t")],
            test: images.clone(),
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
            joined: Default::default(),
        },
        summary: String::new(),
    });
    state.apply(model(normals));
    let conditions = state.set_conditions().unwrap();
    let set = SetId::default();
    state.set.ask(set, ModelId::default(), images, conditions);
    state.apply(Event::Started(Job::InspectingSet(set)));
    for (index, (_, scores)) in results.iter().enumerate() {
        let outcome = match scores {
            None => Err("truncated".into()),
            Some((plain, projected)) => Ok(scores_of(&state.mapper(), *plain, *projected)),
        };
        state.apply(Event::SetInspected(Box::new(SetResult {
            set,
            index,
            outcome,
        })));
    }
    state
}

/// The file of an image when it was inspected.
const STAMP: Stamp = Stamp {
    bytes: 7,
    modified_ns: None,
};

fn scores_of(mapper: &Mapper, plain: f32, projected: f32) -> SetScores {
    SetScores {
        stamp: Some(STAMP),
        plain_score: Score {
            value: plain,
            by: mapper.plain_maker(),
        },
        projected_score: Score {
            value: projected,
            by: mapper.projected_maker(),
        },
        unlike: None,
        iterations: 3,
        stop: StopRule::Iterations,
        regions: None,
        thumbnail: CompactPicture {
            channels: 1,
            height: 1,
            width: 1,
            samples: Samples::U8(vec![0]),
        },
        map: Picture::filled(1, 1, 1, projected),
    }
}

fn review(state: &State) -> Review {
    let mut review = Review::default();
    review.update(state);
    review
}

fn names(state: &State, review: &Review) -> Vec<String> {
    let name = |index: &usize| file_name(&state.set.images()[*index].path);
    review.order.iter().map(name).collect()
}

/// Ten normals 0.0 to 0.9; with 20 % and 20 % the thresholds are 0.54 and 0.72.
fn washers() -> State {
    let normals: Vec<f32> = (0..10).map(|i| i as f32 * 0.1).collect();
    let mut state = reviewed(
        &normals,
        &[
            ("good-1", Some((0.1, 0.2))),
            ("good-2", Some((0.8, 0.6))),
            ("dent-1", Some((0.6, 0.9))),
            ("dent-2", Some((0.9, 0.3))),
            ("scratch-1", None),
        ],
    );
    state.settings.decision.false_alarms = 0.2;
    state.settings.decision.unsure = 0.2;
    state
}

#[test]
fn verdicts_follow_from_the_held_out_normals() {
    let state = washers();
    let review = review(&state);
    let limits = review.thresholds().unwrap();
    assert!((limits.reject - 0.72).abs() < 1e-4 && (limits.review - 0.54).abs() < 1e-4);
    assert_eq!(
        review.reference.origin,
        Origin::HeldOut {
            same_parameters: true
        }
    );
    let count = |truth, verdict| review.table.count(truth, verdict);
    assert_eq!(count(Truth::Normal, Verdict::Pass), 1);
    assert_eq!(count(Truth::Normal, Verdict::Review), 1);
    assert_eq!(count(Truth::Defective, Verdict::Pass), 0);
    assert_eq!(count(Truth::Defective, Verdict::Reject), 1);
    assert_eq!(
        count(Truth::Defective, Verdict::Review),
        1,
        "plain and projected say the opposite of dent-2"
    );
    assert_eq!((review.table.broken, review.table.waiting), (1, 0));
    assert_eq!(review.table.changed, 3, "good-2, dent-1 and dent-2");
    assert_eq!(
        review.table.share(Truth::Defective, Verdict::Reject),
        Some(0.5)
    );
}

#[test]
fn a_moved_threshold_changes_every_count_at_once() {
    let mut state = washers();
    let mut review = review(&state);
    state.settings.decision.by_hand = Some(Thresholds {
        review: 0.25,
        reject: 0.25,
    });
    review.update(&state);
    let count = |truth, verdict| review.table.count(truth, verdict);
    assert_eq!(count(Truth::Defective, Verdict::Reject), 2);
    assert_eq!(count(Truth::Normal, Verdict::Reject), 1);
    assert_eq!(count(Truth::Normal, Verdict::Review), 0);
}

#[test]
fn plain_scores_are_judged_at_as_many_false_alarms() {
    let mut state = washers();
    // Half of the ten normals lie above.
    state.settings.decision.by_hand = Some([0.45, 0.45].into());
    let review = review(&state);
    let plain = review.plain_limits.unwrap().value.thresholds;
    assert!((plain.reject - 0.45).abs() < 1e-4, "{plain:?}");
    assert_eq!(plain.review, plain.reject);
}

#[test]
fn images_are_sorted_by_score_name_and_change() {
    let mut state = washers();
    let order = |state: &State| names(state, &review(state));
    assert_eq!(
        order(&state),
        ["dent-1", "good-2", "dent-2", "good-1", "scratch-1"]
    );
    state.review.reversed = true;
    assert_eq!(
        order(&state),
        ["good-1", "dent-2", "good-2", "dent-1", "scratch-1"],
        "what has no score stays behind"
    );
    state.review.reversed = false;
    state.review.sort = Sort::Name;
    assert_eq!(order(&state)[0], "good-1");
    state.review.sort = Sort::Change;
    assert_eq!(order(&state)[0], "dent-2");
    assert_eq!(order(&state)[3], "good-1", "its verdict did not change");
}

#[test]
fn images_of_unknown_truth_are_judged_and_counted_nowhere() {
    let scores = Some((0.9, 0.9));
    let with = [
        ("good-1", Some((0.1, 0.2))),
        ("new-1", scores),
        ("new-2", scores),
    ];
    let mut state = reviewed(&[0.0, 0.1, 0.2, 0.3], &with);
    let without = review(&reviewed(&[0.0, 0.1, 0.2, 0.3], &with[..1]));
    let found = review(&state);
    assert_eq!(found.table.unknown.len(), 2);
    assert_eq!(found.table.count_unknown(Verdict::Reject), 2);
    assert_eq!(found.table.confusion, without.table.confusion);
    assert_eq!(found.table.projected, without.table.projected);
    state.review.kind = Some(KindFilter::Unknown);
    assert_eq!(names(&state, &review(&state)).len(), 2);
}

#[test]
fn images_are_filtered_by_kind_fate_and_name() {
    let mut state = washers();
    let order = |state: &State| names(state, &review(state));
    state.review.kind = Some(KindFilter::Named("dent".into()));
    assert_eq!(order(&state), ["dent-1", "dent-2"]);
    state.review.kind = Some(KindFilter::Defective);
    assert_eq!(order(&state).len(), 3);
    state.review.fate = Some(Fate::Verdict(Verdict::Reject));
    assert_eq!(order(&state), ["dent-1"]);
    state.review.kind = Some(KindFilter::Normal);
    assert!(order(&state).is_empty());
    state.review.clear_filters();
    state.review.fate = Some(Fate::NotPassed);
    let judged = review(&state).judged;
    let passes = |judged: &Judged| matches!(judged, Judged::Scored(scored) if scored.verdict == Some(Verdict::Pass));
    let scored = judged
        .iter()
        .filter(|judged| matches!(judged, Judged::Scored(_)));
    assert_eq!(
        order(&state).len(),
        scored.filter(|judged| !passes(judged)).count()
    );
    assert!(order(&state).contains(&"dent-1".into()));
    assert!(!order(&state).contains(&"scratch-1".into()), "nobody knows");
    state.review.clear_filters();
    state.review.fate = Some(Fate::Broken);
    assert_eq!(order(&state), ["scratch-1"]);
    state.review.clear_filters();
    state.review.search = "GOOD".into();
    assert_eq!(order(&state), ["good-2", "good-1"]);
}

#[test]
fn a_cell_is_chosen_and_left_again() {
    let mut view = ReviewView::default();
    let cell = (
        Some(KindFilter::Normal),
        Some(Fate::Verdict(Verdict::Reject)),
    );
    view.toggle_cell(cell.0.clone(), cell.1);
    assert!(view.is_filtered());
    view.toggle_cell(None, cell.1);
    assert_eq!((view.kind.clone(), view.fate), (None, cell.1));
    view.toggle_cell(None, cell.1);
    assert!(!view.is_filtered());
}

#[test]
fn without_calibration_the_sets_own_normals_are_the_reference() {
    let mut state = reviewed(
        &[],
        &[("good-1", Some((0.1, 0.3))), ("dent-1", Some((0.5, 0.9)))],
    );
    let found = review(&state);
    assert_eq!(
        (found.reference.origin, found.reference.count()),
        (Origin::ThisSet, 1)
    );
    assert_eq!(found.thresholds().unwrap().reject, 0.3);
    state = reviewed(&[], &[("dent-1", Some((0.5, 0.9)))]);
    let found = review(&state);
    assert_eq!(found.reference.origin, Origin::Nowhere);
    assert_eq!((found.thresholds(), found.curves), (None, None));
    assert_eq!(found.order.len(), 1, "it is shown without a verdict");
}

#[test]
fn scores_of_other_parameters_than_the_calibrations_are_not_judged() {
    let mut state = washers();
    let calibration = state.model.as_mut().unwrap().calibration.as_mut().unwrap();
    calibration.projection.alpha *= 0.5;
    let found = review(&state);
    assert_eq!(
        found.reference.origin,
        Origin::HeldOut {
            same_parameters: false
        }
    );
    assert_eq!(found.table.share(Truth::Normal, Verdict::Reject), None);
    assert_eq!((found.belongs, found.thresholds()), (false, None));
    assert_eq!(found.table.scored(Truth::Normal), 2, "they are shown");
}

#[test]
fn results_of_another_model_are_not_judged() {
    let mut state = washers();
    let normals: Vec<f32> = (0..10).map(|i| i as f32 * 0.01).collect();
    let judged = |state: &State| {
        let found = review(state);
        let verdicts = found
            .judged
            .iter()
            .filter(|judged| matches!(judged, Judged::Scored(scored) if scored.verdict.is_some()));
        (found.belongs, verdicts.count(), found.normal_scores().len())
    };
    assert_eq!(judged(&state), (true, 4, 10));
    state.apply(model_of(1, &normals));
    assert_eq!(judged(&state), (false, 0, 0));
    let found = review(&state);
    assert!(found.limits.is_some(), "those of the model at hand");
    assert_eq!(found.thresholds(), None);
    assert_eq!(
        found.reference.origin,
        Origin::HeldOut {
            same_parameters: true
        },
        "it is not for their parameters"
    );
    assert_eq!(state.set_stale(), Some(Stale::Model));
}

#[test]
fn results_are_not_judged_once_other_regions_are_left_out() {
    let mut state = washers();
    let model = state.model.as_mut().unwrap();
    let calibration = model.calibration.as_mut().unwrap();
    calibration.regions = Some(model.mark.regions);
    assert!(review(&state).belongs);
    let by_hand = Some([0.1, 0.2].into());
    state.settings.decision.by_hand = by_hand;
    let Some(mut model) = state.model.clone() else {
        panic!("there is a model");
    };
    state.apply(Event::ModelReady(Box::new(model.clone())));
    state.settings.decision.by_hand = by_hand;
    model.ignored = Some(Picture::filled(1, 2, 2, 1.0));
    model.mark.regions = ModelMark::regions_of(model.ignored.as_ref());
    state.apply(Event::ModelReady(Box::new(model)));
    assert_eq!(state.set_stale(), Some(Stale::Parameters));
    let images = state.set.images().to_vec();
    let conditions = state.set_conditions().unwrap();
    let set = SetId::from(1);
    state.set.ask(set, ModelId::default(), images, conditions);
    state.apply(Event::Started(Job::InspectingSet(set)));
    assert!(
        !review(&state).belongs,
        "until the normals are measured again"
    );
    assert_eq!(state.settings.decision.by_hand, by_hand);
}

/// The file of this name, as it was when it was inspected.
fn file(name: &str) -> Vec<(PathBuf, Stamp)> {
    vec![(entry(name).path, STAMP)]
}

#[test]
fn what_changed_files_held_is_neither_judged_counted_nor_reported() {
    let mut state = reviewed(
        &[],
        &[
            ("good-1", Some((0.1, 0.2))),
            ("good-2", Some((0.8, 0.6))),
            ("dent-1", Some((0.6, 0.9))),
        ],
    );
    let mut pixels = SetPixels::default();
    for maps in [&mut pixels.plain, &mut pixels.projected] {
        maps.add(&[0.1, 0.2, 0.9], &[0.0, 0.0, 1.0]);
    }
    state.apply(Event::SetPixels(Box::new(pixels)));
    assert!(review(&state).pixels.projected.is_some());
    state.apply(Event::FilesFound {
        changed: file("good-2"),
        unreachable: Vec::new(),
    });
    let found = review(&state);
    assert_eq!(found.reference.projected.value, [0.2]);
    assert_eq!(
        (found.table.scored(Truth::Normal), found.table.waiting),
        (1, 1)
    );
    assert_eq!(found.pixels.projected, None, "they were counted together");
    let report = folder_report(&Screen {
        state: &state,
        layers: &mut Layers::default(),
        review: &found,
        text: &ENGLISH,
        date: String::new(),
    });
    let report = report.unwrap()();
    let paths: Vec<String> = report.rows.iter().map(|row| file_name(&row.path)).collect();
    assert_eq!(paths, ["good-1", "dent-1"]);
    assert_eq!(report.pixel_auroc, [None, None]);
    let html = report.to_html(ENGLISH.report());
    assert!(html.contains("1 file has changed since it was inspected and is left out."));
}

#[test]
fn thumbnails_have_the_threshold_in_force_in_the_middle_of_their_colours() {
    let mut state = washers();
    let calibration = state.model.as_mut().unwrap().calibration.as_mut().unwrap();
    calibration.projected_map_high = 3.0;
    let conditions = state.set_conditions().unwrap();
    let set = SetId::from(1);
    let images = state.set.images().to_vec();
    state.set.ask(set, ModelId::default(), images, conditions);
    state.apply(Event::Started(Job::InspectingSet(set)));
    assert_eq!(review(&state).colour_high(&state.set), Some(3.0));
    state.settings.decision.pixel_by_hand = Some(0.4);
    assert_eq!(review(&state).colour_high(&state.set), Some(0.8));
}

#[test]
fn results_of_files_that_cannot_be_reached_stand() {
    let mut state = washers();
    let before = review(&state).table;
    state.apply(Event::FilesFound {
        changed: Vec::new(),
        unreachable: file("good-2"),
    });
    assert_eq!(state.set_stale(), Some(Stale::Unreachable(1)));
    assert_eq!(review(&state).table, before);
}

#[test]
fn scores_that_are_no_numbers_are_looked_at_and_break_nothing() {
    let state = reviewed(
        &[0.1, 0.2],
        &[
            ("good-1", Some((0.1, 0.1))),
            ("dent-1", Some((f32::NAN, f32::NAN))),
        ],
    );
    let review = review(&state);
    assert_eq!(names(&state, &review)[0], "dent-1");
    assert_eq!(review.table.count(Truth::Defective, Verdict::Review), 1);
    assert_eq!(review.curves, None);
}

#[test]
fn the_list_shows_verdicts_of_its_own_images_only() {
    let state = washers();
    let review = review(&state);
    let found = |index, name: &str| review.verdict(&state, index, &entry(name));
    assert_eq!(found(2, "dent-1"), Some(Verdict::Reject));
    assert_eq!(found(3, "dent-1"), None);
    assert_eq!(found(4, "scratch-1"), None);
    assert_eq!(found(99, "dent-1"), None);
}

#[test]
fn pixels_have_a_threshold_of_their_own() {
    let mut state = reviewed(&[], &[("dent-1", Some((0.5, 0.9)))]);
    let mut pixels = SetPixels::default();
    let normal: Vec<f32> = (0..1000).map(|i| i as f32 * 1e-3).collect();
    pixels.projected.add(&normal, &[0.0; 1000]);
    pixels.projected.add(&[0.95, 1.5, 2.0, 0.2], &[1.0; 4]);
    pixels.plain.add(&normal, &[0.0; 1000]);
    pixels.plain.add(&[0.5], &[1.0]);
    state.apply(Event::SetPixels(Box::new(pixels)));
    state.settings.decision.false_pixels = 0.01;
    let mut found = review(&state);
    let threshold = found.pixels.threshold.unwrap();
    assert!((threshold - 0.99).abs() < 0.002, "{threshold}");
    let point = found.pixels.at_threshold().unwrap();
    assert_eq!(point.recall, 0.5);
    assert!(found.pixels.plain_auroc.is_some());
    state.settings.decision.pixel_by_hand = Some(0.9);
    found.update(&state);
    assert_eq!(found.pixels.at_threshold().unwrap().recall, 0.75);
}

/// Ten thousand images are judged, counted and sorted well within a frame.
#[test]
fn ten_thousand_images_are_reviewed_quickly() {
    let names: Vec<String> = (0..10_000)
        .map(|i| format!("{}-{i}", if i % 3 == 0 { "dent" } else { "good" }))
        .collect();
    let results: Vec<(&str, Option<(f32, f32)>)> = names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let score = ((i * 7919) % 10_007) as f32 * 1e-4;
            (
                name.as_str(),
                Some((score, score * 0.5 + (i % 3) as f32 * 0.1)),
            )
        })
        .collect();
    let normals: Vec<f32> = (0..100).map(|i| i as f32 * 0.01).collect();
    let mut state = reviewed(&normals, &results);
    let mut found = review(&state);
    let began = std::time::Instant::now();
    for step in 0..10 {
        state.settings.decision.by_hand = Some(Thresholds {
            review: 0.1,
            reject: 0.2 + step as f32 * 0.01,
        });
        found.update(&state);
    }
    let each = began.elapsed() / 10;
    assert_eq!(found.order.len(), 10_000);
    assert!(each.as_millis() < 100, "{each:?} a step");
}
