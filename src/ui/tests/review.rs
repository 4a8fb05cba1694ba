//! The review of a whole folder as a person meets it, with a worker that answers from a script.

#![allow(clippy::unwrap_used)]

use egui::{Key, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use kizumi_dataset::catalog::{Catalog, Entry, Kind, Layout};
use kizumi_dataset::truth::MaskMatter;
use kizumi_engine::message::{
    Cause, Command, Event, Failure, Job, ModelId, Outcome, SetId, SetPixels, SetResult, SetScores,
    THUMBNAIL_PX,
};
use kizumi_image::compact::{CompactPicture, Samples};
use kizumi_image::picture::Picture;
use kizumi_method::config::ProjectionConfig;
use kizumi_method::decision::Verdict;
use kizumi_method::iterate::StopRule;
use kizumi_method::maker::{Fingerprint, Score};
use kizumi_report::TableFormat;

use super::{
    Script, dimmed_pictures, entry, image, inspecting, iterates, mapper, model, model_with, window,
};
use crate::ui::action::Browse;
use crate::ui::app::App;
use crate::ui::dialog::Picked;
use crate::ui::saving::Export;
use crate::ui::state::Step;
use crate::ui::state::comparing::AbSide;
use crate::ui::state::history::Moment;
use crate::ui::state::lesson::Lesson;
use crate::ui::state::overlay::{Overlay, PathAsk};
use crate::ui::state::review_view::{CurveKind, Fate, KindFilter, Sort};
use crate::ui::state::set::Phase;

type Window = Harness<'static, App>;

/// A folder of ten good and ten defective parts.
fn folder(good: usize, dents: usize) -> Event {
    let good = (0..good).map(|i| entry(&format!("good-{i}.png"), Kind::Normal));
    let dent = |i| entry(&format!("dent-{i}.png"), Kind::Defect("dent".into()));
    Event::DatasetOpened {
        dataset: Default::default(),
        catalog: Catalog {
            root: "/parts/washer".into(),
            layout: Layout::Mvtec,
            train: (0..20)
                .map(|i| entry(&format!("train-{i}.png"), Kind::Normal))
                .collect(),
            test: good.chain((0..dents).map(dent)).collect(),
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
            joined: Default::default(),
        },
        summary: "20 normal for training".into(),
    }
}

/// The result of an image: the held-out normals of the scripted model score 0.00 to 0.09, good
/// parts here much the same, dents 0.05 to 0.5. Plain and projected scores are alike.
fn result(index: usize, entry: &Entry, of_kind: usize) -> Event {
    let projected_score = match entry.kind {
        Kind::Normal => of_kind as f32 * 0.0085,
        Kind::Defect(_) | Kind::Unknown => 0.05 + of_kind as f32 * 0.05,
    };
    let side = THUMBNAIL_PX;
    let level = |x: usize, y: usize| ((x * 3 + y + 20 * of_kind) % 256) as u8;
    let gray = (0..side * side)
        .map(|i| level(i % side, i / side))
        .collect();
    let blob = |y: usize, x: usize| {
        let far = (x as f32 - 40.0).hypot(y as f32 - 24.0);
        projected_score * (1.0 - far / 12.0).max(0.0)
    };
    Event::SetInspected(Box::new(SetResult {
        set: SetId::default(),
        index,
        outcome: Ok(SetScores {
            stamp: None,
            plain_score: Score {
                value: projected_score,
                by: mapper(ProjectionConfig::default()).plain_maker(),
            },
            projected_score: Score {
                value: projected_score,
                by: mapper(ProjectionConfig::default()).projected_maker(),
            },
            unlike: None,
            iterations: 25,
            stop: StopRule::Iterations,
            regions: None,
            thumbnail: CompactPicture {
                channels: 1,
                height: side,
                width: side,
                samples: Samples::U8(gray),
            },
            map: Picture::from_fn(1, side, side, |_, y, x| blob(y, x)),
        }),
    }))
}

fn pixels() -> Event {
    let mut pixels = SetPixels::default();
    for map in [&mut pixels.plain, &mut pixels.projected] {
        let normal: [f32; 1000] = std::array::from_fn(|i| i as f32 * 1e-4);
        map.add(&normal, &[0.0; 1000]);
        map.add(&[0.05, 0.2, 0.3, 0.4], &[1.0; 4]);
    }
    Event::SetPixels(Box::new(pixels))
}

/// Step 4 before anything was inspected.
fn reviewing(size: [f32; 2], good: usize, dents: usize) -> (Window, Script) {
    let (mut harness, script) = window(size);
    script.say([folder(good, dents), model()]);
    harness.run_steps(2);
    harness.get_by_label("4 Review").click();
    harness.run_steps(2);
    (harness, script)
}

fn images_of(harness: &Window) -> Vec<Entry> {
    harness.state().state().set.images().to_vec()
}

/// Step 4 with every image inspected but the last, whose file is broken.
pub fn reviewed(size: [f32; 2], good: usize, dents: usize) -> (Window, Script) {
    let (mut harness, script) = reviewing(size, good, dents);
    harness
        .get_all_by_label_contains("Inspect all ")
        .next()
        .unwrap()
        .click();
    harness.run_steps(2);
    let asked = script.asked();
    let [Command::InspectSet(request)] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(request.images.len(), good + dents);
    script.say([Event::Started(Job::InspectingSet(Default::default()))]);
    let count = request.images.len();
    for (index, entry) in request.images.iter().enumerate().take(count - 1) {
        let of_kind = if index < good { index } else { index - good };
        script.say([result(index, entry, of_kind)]);
    }
    script.say([
        Event::SetInspected(Box::new(SetResult {
            set: SetId::default(),
            index: count - 1,
            outcome: Err("the end of the file is missing".into()),
        })),
        pixels(),
        Event::Ended(Job::InspectingSet(Default::default()), Outcome::Done),
    ]);
    harness.run_steps(4);
    (harness, script)
}

#[test]
fn a_folder_is_inspected_suspended_resumed_and_stopped() {
    let (mut harness, script) = reviewing([1024.0, 640.0], 3, 2);
    harness.get_by_label(
        "Inspect all images of the folder, then choose how many false alarms are acceptable.",
    );
    harness
        .get_all_by_label("Inspect all 5 images")
        .next()
        .unwrap()
        .click();
    harness.run_steps(2);
    assert!(matches!(script.asked()[..], [Command::InspectSet(_)]));
    harness
        .get_all_by_label("The first image is on its way…")
        .next()
        .unwrap();
    script.say([Event::Started(Job::InspectingSet(Default::default()))]);
    harness.run_steps(2);
    let entries = images_of(&harness);
    script.say([result(0, &entries[0], 0)]);
    harness.run_steps(60);
    script.say([result(1, &entries[1], 1)]);
    harness.run_steps(2);
    harness.get_by_label_contains("2 of 5, 0:0");
    harness.get_by_label("good-1.png, Pass, defect 0.02");
    harness.get_by_label("good-2.png, waiting");
    harness.check_accessibility();

    harness.get_by_label("Pause").click();
    harness.run_steps(2);
    script.say([Event::SetPaused(SetId::default())]);
    harness.run_steps(2);
    harness.get_by_label("Resume").click();
    harness.run_steps(2);
    script.say([Event::SetResumed(SetId::default())]);
    harness.run_steps(2);
    harness.get_by_label("Stop").click();
    harness.run_steps(2);
    assert!(matches!(
        script.asked()[..],
        [Command::PauseSet(a), Command::ResumeSet(b), Command::StopSet(c)] if a == b && b == c
    ));
    assert_eq!(harness.state().state().set.phase(), Phase::Stopping);
    script.say([Event::Ended(
        Job::InspectingSet(Default::default()),
        Outcome::Stopped,
    )]);
    harness.run_steps(2);
    harness.get_by_label("Stopped after 2 of 5 images.");
    harness.get_by_label("good-1.png, Pass, defect 0.02");
}

#[test]
fn the_decision_is_summed_up_and_broken_files_are_named() {
    let (mut harness, _) = reviewed([1440.0, 900.0], 10, 11);
    harness.get_by_label_contains("of good parts rejected");
    harness.get_by_label_contains("Not counted: 1 that could not be inspected.");
    let set = &harness.state().state().set;
    assert_eq!((set.done(), set.failed()), (21, 1));
    let status = (crate::ui::text::ENGLISH.review.status_done)(20, 1);
    assert_eq!(status, "20 inspected, 1 not");
    harness.get_by_label_contains("90 % of defective found");
    harness.get_by_label("Defective, Reject: 9");
    harness.get_by_label("Good parts, Pass: 10");
    harness.get_by_label_contains("plain 0.9");
    harness.get_by_label_contains("projected 0.9");
    harness.get_by_label("Measured on 10 held-out normal images.");
    harness.get_by_label("Too few to measure such a share: 10 normals, it takes 50.");
    harness
        .get_by_label("1 file could not be inspected")
        .click();
    harness.run_steps(2);
    // A tooltip waits until the click is past.
    harness.run_steps(20);
    let broken = harness.get_by_label("dent-10.png, Error");
    broken.hover();
    harness.run_steps(40);
    harness.get_by_label_contains("the end of the file is missing");
    harness.check_accessibility();
}

#[test]
fn the_question_sets_the_thresholds_and_asks_the_worker_for_nothing() {
    let (mut harness, script) = reviewed([1440.0, 900.0], 10, 11);
    let count = |harness: &Window, label: &str| harness.query_by_label(label).is_some();
    assert!(count(&harness, "Defective, Reject: 9"));
    harness.get_by_label("5 %").click();
    harness.run_steps(2);
    let decision = harness.state().state().settings.decision;
    assert_eq!(decision.false_alarms, 0.05);
    harness.get_by_label("0 %").click();
    harness.run_steps(2);
    assert_eq!(harness.state().state().settings.decision.false_alarms, 0.0);
    assert_eq!(script.asked(), []);
}

#[test]
fn dragging_a_handle_moves_verdicts_at_once() {
    let (mut harness, script) = reviewed([1440.0, 900.0], 10, 11);
    let handle = harness
        .get_all_by_label("Reject above")
        .find(|node| node.rect().height() > 40.0)
        .unwrap()
        .rect();
    let from = pos2(handle.center().x, handle.bottom() - 8.0);
    drag(&mut harness, from, from + egui::vec2(120.0, 0.0));
    let decision = harness.state().state().settings.decision;
    let by_hand = decision.by_hand.unwrap();
    assert!(by_hand.reject > 0.15, "{by_hand:?}");
    assert!(harness.query_by_label("Defective, Reject: 9").is_none());
    harness.get_by_label("Thresholds set by hand");
    harness.get_by_label("Follow the question again").click();
    harness.run_steps(2);
    assert_eq!(harness.state().state().settings.decision.by_hand, None);
    harness.get_by_label("Defective, Reject: 9");
    assert_eq!(script.asked(), []);
}

#[test]
fn the_point_of_the_curve_sets_the_threshold() {
    let (mut harness, _) = reviewed([1440.0, 900.0], 10, 11);
    let plot = harness.get_by_label("ROC curve").rect().shrink(4.0);
    let corner = pos2(plot.right() - 1.0, plot.top() + 1.0);
    click(&mut harness, corner);
    let by_hand = harness.state().state().settings.decision.by_hand.unwrap();
    assert_eq!(by_hand.reject, 0.0, "everything above zero is rejected");
    harness.get_by_label("Good parts, Reject: 8");
    // By its plain score, at as many false alarms, it would pass.
    harness.get_by_label_contains("good-1.png, Review");
    harness.get_by_label("PR").click();
    harness.run_steps(2);
    assert_eq!(
        harness.state().state().review.curve,
        CurveKind::PrecisionRecall
    );
    let plot = harness
        .get_by_label("Precision–recall curve")
        .rect()
        .shrink(4.0);
    click(&mut harness, pos2(plot.left() + 1.0, plot.top() + 1.0));
    let by_hand = harness.state().state().settings.decision.by_hand.unwrap();
    assert!(by_hand.reject >= 0.45, "{by_hand:?}");
}

#[test]
fn a_cell_shows_its_images_and_all_come_back() {
    let (mut harness, _) = reviewed([1440.0, 900.0], 10, 11);
    harness.get_by_label("Defective, Pass: 1").click();
    harness.run_steps(2);
    let review = harness.state().state().review.clone();
    assert_eq!(review.kind, Some(KindFilter::Defective));
    assert_eq!(review.fate, Some(Fate::Verdict(Verdict::Pass)));
    harness.get_by_label_contains("dent-0.png, Pass");
    assert!(
        harness
            .query_by_label_contains("dent-5.png, Reject")
            .is_none()
    );
    harness.get_by_label("1 of 21");
    harness.get_by_label("Show all").click();
    harness.run_steps(2);
    harness.get_by_label_contains("dent-5.png, Reject");
}

#[test]
fn images_are_sorted_filtered_and_searched() {
    let (mut harness, _) = reviewed([1440.0, 900.0], 10, 11);
    let left_of = |harness: &Window, a: &str, b: &str| {
        let at = |name: &str| harness.get_by_label_contains(name).rect().min;
        let (a, b) = (at(a), at(b));
        (a.y, a.x) < (b.y, b.x)
    };
    assert!(left_of(&harness, "dent-9.png", "dent-8.png"));
    harness.get_by_label("Reverse the order").click();
    harness.run_steps(2);
    assert!(left_of(&harness, "good-0.png", "good-1.png"));
    harness.get_by_label("Reverse the order").click();
    harness.run_steps(2);
    harness.get_by_label("Sort by").click();
    harness.run_steps(4);
    harness.get_by_label("Name").click();
    harness.run_steps(2);
    assert_eq!(harness.state().state().review.sort, Sort::Name);
    assert!(left_of(&harness, "good-0.png", "dent-9.png"));
    harness.get_by_label("Search names").focus();
    harness.run_steps(2);
    harness.get_by_label("Search names").type_text("dent-3");
    harness.run_steps(2);
    harness.get_by_label("1 of 21");
}

#[test]
fn the_keys_go_through_the_wall_and_enter_looks_closely() {
    let (mut harness, script) = reviewed([1440.0, 900.0], 10, 11);
    for key in [
        Key::ArrowRight,
        Key::ArrowRight,
        Key::End,
        Key::Home,
        Key::ArrowRight,
    ] {
        harness.key_press(key);
        harness.run_steps(2);
    }
    let cursor = harness.state().state().review.cursor.unwrap();
    assert_eq!(
        images_of(&harness)[cursor].path.file_name().unwrap(),
        "dent-8.png"
    );
    assert_eq!(script.asked(), [], "looking around opens nothing");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(harness.state().state().step, Step::Inspect);
    assert!(
        matches!(&script.asked()[..], [Command::OpenImage { entry, .. }] if entry.path.ends_with("dent-8.png"))
    );
}

#[test]
fn a_click_looks_closely_and_step_3_shows_the_verdict() {
    let (mut harness, script) = reviewed([1440.0, 900.0], 2, 3);
    harness.get_by_label_contains("dent-1.png, Reject").click();
    harness.run_steps(2);
    assert!(matches!(&script.asked()[..], [Command::OpenImage { .. }]));
    script.say([image("dent-1.png")]);
    harness.run_steps(2);
    script.say(iterates(0, 25));
    harness.run_steps(3);
    harness.get_by_label("Reject");
    harness.get_by_label_contains("Review above 0.08");
    harness.get_by_label("defect 1.00");
    harness.check_accessibility();
}

#[test]
fn other_parameters_make_the_results_stale_and_one_click_mends_it() {
    let (mut harness, script) = reviewed([1440.0, 900.0], 10, 11);
    let sentence = "These results were made with other settings.";
    assert!(harness.query_by_label(sentence).is_none());
    harness.state_mut().state_mut().settings.projection.alpha = 0.25;
    harness.run_steps(2);
    harness.get_by_label(sentence);
    harness.get_by_label("Defective, Reject: 9");
    harness
        .get_all_by_label("Inspect 21 images again")
        .next()
        .unwrap()
        .click();
    harness.run_steps(2);
    let asked = script.asked();
    let [Command::InspectSet(request)] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(request.projection.alpha, 0.25);
    script.say([Event::Started(Job::InspectingSet(Default::default()))]);
    harness.run_steps(2);
    assert!(harness.query_by_label(sentence).is_none());
    harness.get_by_label("They were projected with other settings.");
    script.say([Event::Ended(
        Job::InspectingSet(Default::default()),
        Outcome::Stopped,
    )]);
    harness.run_steps(2);
    harness.get_by_label("Measure them again").click();
    harness.run_steps(2);
    let asked = script.asked();
    assert!(
        matches!(&asked[..], [Command::Recalibrate { projection, .. }] if projection.alpha == 0.25),
        "{asked:?}"
    );
}

#[test]
fn thresholds_set_by_hand_do_not_outlive_their_model() {
    let (mut harness, script) = reviewed([1440.0, 900.0], 2, 3);
    let decide = &mut harness.state_mut().state_mut().settings.decision;
    decide.by_hand = Some([0.1, 0.2].into());
    script.say([model()]);
    harness.run_steps(2);
    assert!(harness.state().state().settings.decision.by_hand.is_some());
    script.say([model_with(|model| {
        model.id = ModelId::from(1);
        model.mark.weights = Fingerprint::of([&[1.0][..]]);
    })]);
    harness.run_steps(2);
    assert_eq!(harness.state().state().settings.decision.by_hand, None);
}

#[test]
fn results_of_another_model_are_grey_and_have_no_headline() {
    let (mut harness, script) = reviewed([1440.0, 900.0], 2, 3);
    harness.get_by_label_contains("of good parts rejected");
    assert_eq!(dimmed_pictures(&harness), 0);
    script.say([model_with(|model| {
        model.mark.weights = Fingerprint::of([&[1.0][..]]);
        model.path = Some("/models/line3.safetensors".into());
    })]);
    harness.run_steps(2);
    harness
        .get_by_label("These results are of washer.safetensors: this model does not judge them.");
    assert!(
        harness
            .query_by_label_contains("of good parts rejected")
            .is_none()
    );
    harness.get_by_label_contains("dent-1.png, No verdict");
    assert_eq!(dimmed_pictures(&harness), 4, "all that could be read");
    assert!(harness.query_by_label("Reject above").is_none());
    assert!(
        harness
            .query_by_label("They were projected with other settings.")
            .is_none()
    );
    harness.check_accessibility();
}

#[test]
fn a_folder_of_good_parts_shows_what_makes_sense() {
    let (mut harness, _) = reviewed([1024.0, 640.0], 6, 0);
    harness.get_by_label_contains(
        "There are no defective images in this set, so only false alarms can be counted.",
    );
    harness.get_by_label_contains("of good parts rejected");
    assert!(harness.query_by_label("ROC curve").is_none());
    assert!(
        harness
            .query_by_label_contains("Defective, Reject")
            .is_none()
    );
    harness.get_by_label("Histogram of projected scores");
    harness.run_steps(1);
    harness.check_accessibility();
}

#[test]
fn heatmaps_are_laid_over_the_thumbnails() {
    let (mut harness, _) = reviewed([1024.0, 640.0], 4, 4);
    harness.get_by_label("Heatmap").click();
    harness.run_steps(2);
    assert!(harness.state().state().settings.thumbnail_heatmaps);
}

#[test]
fn normal_images_can_be_inspected_instead() {
    let (mut harness, script) = reviewing([1024.0, 640.0], 4, 4);
    harness.get_by_label("Normal images (20)").click();
    harness.run_steps(2);
    harness
        .get_all_by_label("Inspect all 20 images")
        .next()
        .unwrap()
        .click();
    harness.run_steps(2);
    let asked = script.asked();
    assert!(
        matches!(&asked[..], [Command::InspectSet(request)] if request.images[0].path.ends_with("train-0.png"))
    );
}

#[test]
fn pixels_have_their_numbers() {
    let (mut harness, _) = reviewed([1440.0, 900.0], 10, 11);
    harness.get_by_label("Precision");
    assert_eq!(harness.query_all_by_label("75.0 %").count(), 2);
    let threshold = harness
        .get_all_by_label("Threshold")
        .find(|node| node.value().is_some())
        .unwrap();
    threshold.increment_accesskit();
    harness.run_steps(2);
    assert!(
        harness
            .state()
            .state()
            .settings
            .decision
            .pixel_by_hand
            .is_some()
    );
}

#[test]
fn every_mask_to_look_at_is_named_beside_the_figures() {
    let (mut harness, script) = reviewed([1440.0, 900.0], 10, 11);
    let mask = |name: &str| Failure {
        cause: Cause::Mask(MaskMatter::NearlyAll(97)),
        path: Some(name.into()),
        text: format!("{name}: marks 97 % of the image"),
    };
    let Event::SetPixels(mut counted) = pixels() else {
        unreachable!("that is what it makes")
    };
    counted.left_out = 3;
    counted.masks = ["a.png", "b.png", "c.png"].map(mask).to_vec();
    script.say([Event::SetPixels(counted)]);
    harness.run_steps(2);
    harness.get_by_label("3 masks to look at");
    harness.get_by_label("b.png: marks 97 % of the image");
    harness.get_by_label_contains("3 defective images have no mask");
    assert!(harness.query_by_label_contains("c.png").is_none());
    harness.get_by_label("and 1 more").hover();
    harness.run_steps(60);
    harness.get_by_label("c.png: marks 97 % of the image");
}

#[test]
fn without_a_model_or_images_the_next_step_is_offered() {
    let (mut harness, script) = window([1024.0, 640.0]);
    harness.get_by_label("4 Review").click();
    harness.run_steps(2);
    harness.get_by_label("Open a folder of images to inspect all of them at once.");
    script.say([folder(2, 2)]);
    harness.run_steps(2);
    harness.get_by_label("A model is needed to inspect these images.");
    harness.get_by_label("Next: train").click();
    harness.run_steps(2);
    assert_eq!(harness.state().state().step, Step::Train);
}

#[test]
fn everything_is_inside_the_smallest_window() {
    let (harness, _) = reviewed([1024.0, 640.0], 10, 11);
    let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1024.0, 640.0));
    for name in [
        "Histogram of projected scores",
        "ROC curve",
        "Defective, Reject: 9",
        "1 file could not be inspected",
        "Heatmap",
        "Search names",
    ] {
        let rect = harness.get_by_label(name).rect();
        assert!(screen.contains_rect(rect), "{name}: {rect:?}");
    }
    let first = harness.get_by_label_contains("dent-9.png, Reject").rect();
    assert!(screen.contains_rect(first), "{first:?}");
}

/// Ten thousand tiles: only those in sight are laid out.
#[test]
fn a_large_folder_lays_out_only_what_is_in_sight() {
    let (harness, _) = reviewed([1440.0, 900.0], 9_000, 1_000);
    harness.get_by_label("10 000");
    let tiles = harness.query_all_by_label_contains(".png, ").count();
    assert!((20..150).contains(&tiles), "{tiles} tiles");
}

/// Step 3 knows no verdicts before a model says what is normal.
#[test]
fn step_3_shows_thresholds_without_any_set() {
    let (harness, _) = inspecting([1280.0, 900.0]);
    harness.get_by_label("Reject");
    harness.get_by_label_contains("Review above");
}

pub(super) fn drag(harness: &mut Window, from: egui::Pos2, to: egui::Pos2) {
    harness.hover_at(from);
    harness.run_steps(2);
    harness.drag_at(from);
    harness.run_steps(2);
    for step in 1..=5 {
        harness.hover_at(from + (to - from) * (step as f32 / 5.0));
        harness.run_steps(1);
    }
    harness.drop_at(to);
    harness.run_steps(3);
}

fn click(harness: &mut Window, at: egui::Pos2) {
    harness.hover_at(at);
    harness.run_steps(1);
    harness.drag_at(at);
    harness.run_steps(1);
    harness.drop_at(at);
    harness.run_steps(3);
}

/// What is written on screen, line by line.
fn painted_words(harness: &Window) -> Vec<String> {
    let shapes = harness.output().shapes.iter();
    let words = shapes.filter_map(|clipped| match &clipped.shape {
        egui::Shape::Text(text) => Some(text.galley.text().to_owned()),
        _ => None,
    });
    words.collect()
}

/// The review of a folder by one model, put aside, and by another one.
fn compared() -> (Window, Script) {
    let (mut harness, script) = reviewed([1440.0, 900.0], 6, 6);
    harness.get_by_label("Keep as A to compare").click();
    harness.run_steps(3);
    let kept = |command: &Command| matches!(command, Command::KeepRival(_));
    assert!(script.asked().iter().any(kept));
    harness.get_by_label_contains("A: washer.safetensors");
    harness.get_by_label("Open another model…");
    script.say([model_with(|model| {
        model.path = Some("/models/better.safetensors".into());
        model.id = ModelId::from(30_000);
        model.mark.weights = Fingerprint::of([&[1.0][..]]);
    })]);
    harness.run_steps(3);
    let state = harness.state_mut().state_mut();
    let (conditions, images) = (state.set_conditions().unwrap(), state.set_images().to_vec());
    let mapper = conditions.mapper.clone();
    let set = state.ids.give();
    state
        .set
        .ask(set, ModelId::from(30_000), images.clone(), conditions);
    script.tickets.borrow_mut().set = set;
    script.say([Event::Started(Job::InspectingSet(set))]);
    for (index, entry) in images.iter().enumerate() {
        let mut event = result(index, entry, 5);
        if let Event::SetInspected(result) = &mut event
            && let Ok(scores) = &mut result.outcome
        {
            scores.plain_score.by = mapper.plain_maker();
            scores.projected_score.by = mapper.projected_maker();
        }
        script.say([event]);
    }
    script.say([Event::Ended(Job::InspectingSet(set), Outcome::Done)]);
    harness.run_steps(4);
    (harness, script)
}

#[test]
fn next_and_previous_in_step_3_go_through_the_review_and_back_to_the_same_place() {
    let (mut harness, script) = reviewed([1440.0, 900.0], 6, 6);
    harness.state_mut().state_mut().review.kind = Some(KindFilter::Defective);
    harness.run_steps(3);
    let order = harness.state().review().order.clone();
    let name_at = |harness: &Window, place: usize| {
        let path = &harness.state().state().set.images()[order[place]].path;
        path.file_name().unwrap().to_string_lossy().into_owned()
    };
    let tile = format!("{}, ", name_at(&harness, 0));
    let tile = harness.get_all_by_label_contains(&tile).next();
    tile.unwrap().click();
    harness.run_steps(3);
    let opened = |script: &Script| {
        let asked = script.asked().into_iter();
        let mut names = asked.filter_map(|command| match command {
            Command::OpenImage { entry, .. } => {
                let name = entry.path.file_name()?.to_string_lossy().into_owned();
                Some(name)
            }
            _ => None,
        });
        names.next()
    };
    assert_eq!(opened(&script), Some(name_at(&harness, 0)));
    script.say([image(&name_at(&harness, 0))]);
    harness.run_steps(3);
    harness.get_by_label(&format!("1 / {}", order.len()));
    harness.key_press(Key::N);
    harness.run_steps(3);
    assert_eq!(opened(&script), Some(name_at(&harness, 1)), "by the score");
    script.say([image(&name_at(&harness, 1))]);
    harness.run_steps(3);
    harness.get_by_label("← Back to the review").click();
    harness.run_steps(3);
    let state = harness.state().state();
    assert_eq!(
        (state.step, state.review.cursor),
        (Step::Review, Some(order[1]))
    );
    assert_eq!(state.review.kind, Some(KindFilter::Defective));
    // An image of the list begins a way through the folder.
    harness.get_by_label("3 Inspect").click();
    harness.run_steps(3);
    let first = name_at(&harness, 0);
    harness.get_by_label(&first).click();
    harness.run_steps(3);
    script.say([image(&first)]);
    harness.run_steps(3);
    assert!(harness.query_by_label("← Back to the review").is_none());
    script.asked();
    harness.key_press(Key::N);
    harness.run_steps(3);
    let following = &harness.state().state().set.images()[order[0] + 1].path;
    let following = following
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    assert_ne!(order[0] + 1, order[1]);
    assert_eq!(opened(&script), Some(following));
}

#[test]
fn an_image_that_differs_shows_the_maps_of_both_models_with_one_click() {
    let (mut harness, script) = compared();
    harness.get_by_label("Show these").click();
    harness.run_steps(3);
    let first = harness.state().review().order[0];
    let image_at = |harness: &Window, index: usize| {
        let path = &harness.state().state().set.images()[index].path;
        path.file_name().unwrap().to_string_lossy().into_owned()
    };
    let name = image_at(&harness, first);
    script.asked();
    let tile = format!("{name}, ");
    let tile = harness.get_all_by_label_contains(&tile).next();
    tile.unwrap().click();
    harness.run_steps(3);
    script.say([image(&name)]);
    harness.run_steps(2);
    script.say(iterates(0, 25));
    harness.run_steps(3);
    let asked = script.asked();
    let request = asked.iter().find_map(|command| match command {
        Command::ProjectByRival { request, entry } => Some((*request, entry.clone())),
        _ => None,
    });
    let (request, entry) = request.expect("A is asked, too");
    assert!(entry.path.ends_with(&name));
    let Event::ImageOpened(mut opened) = image(&name) else {
        panic!("it is opened");
    };
    (opened.id, opened.model) = (request.ticket.image, Some(request.ticket.model));
    script.tickets.borrow_mut().run = request.ticket;
    script.say([Event::RivalOpened(opened)]);
    script.say(iterates(0, 20));
    harness.run_steps(4);
    let state = harness.state().state();
    assert_eq!(state.step, Step::Inspect);
    assert_eq!(state.inspecting.ab_side(), AbSide::Both);
    let done = [state.inspecting.a(), state.inspecting.current()];
    assert_eq!(done.map(|run| run.unwrap().done()), [20, 25]);
    harness.get_by_label("A: washer.safetensors\nB: better.safetensors");
    harness.get_by_label("Verdict");
    let words = painted_words(&harness);
    for start in ["A: washer.safetensors · ", "B: better.safetensors · "] {
        let is_there = words.iter().any(|line| line.starts_with(start));
        assert!(is_there, "{start} {words:?}");
    }
    assert!(
        words.contains(&"A and B on one scale".to_owned()),
        "{words:?}"
    );
    harness.check_accessibility();
    // The next one is compared as well.
    harness.state_mut().state_mut().review.fate = None;
    harness.run_steps(2);
    harness.key_press(Key::N);
    harness.run_steps(3);
    let next = script
        .asked()
        .into_iter()
        .find_map(|command| match command {
            Command::OpenImage { entry, .. } => entry.path.file_name().map(|name| name.to_owned()),
            _ => None,
        });
    let next = next.unwrap().to_string_lossy().into_owned();
    script.say([image(&next)]);
    harness.run_steps(4);
    let asks = |command: &Command| matches!(command, Command::ProjectByRival { .. });
    assert!(script.asked().iter().any(asks));
    // A lesson takes its place, and gives it back.
    let moment = Moment {
        now_secs: 0.0,
        held: false,
    };
    let state = harness.state_mut().state_mut();
    state.show_lesson(Some(Lesson::Norms), moment);
    assert!(state.compared_model().is_none());
    state.show_lesson(None, moment);
    assert!(state.compared_model().is_some());
    harness.run_steps(4);
    script.asked();
    // Until a person ends it.
    harness.state_mut().state_mut().drop_a();
    harness.run_steps(4);
    assert!(!script.asked().iter().any(asks));
    harness.get_by_label("Show the maps of washer.safetensors as A");
}

#[test]
fn a_second_model_is_compared_with_the_first() {
    let (mut harness, script) = compared();
    harness.get_by_label("A: washer.safetensors\nB: better.safetensors");
    harness.get_by_label_contains("They differ on ");
    harness.get_by_label("Show these").click();
    harness.get_by_label("A and B").click();
    harness.run_steps(3);
    harness.get_by_label("Scores of B over those of A");
    let state = harness.state().state();
    assert_eq!(
        (state.review.fate, state.review.sort),
        (Some(Fate::Differs), Sort::Difference)
    );
    harness.check_accessibility();
    harness.get_by_label("Go back to A").click();
    harness.run_steps(3);
    let asked = script.asked();
    let opens = |command: &Command| matches!(command, Command::OpenModel { path, .. } if path.ends_with("washer.safetensors"));
    assert!(asked.iter().any(opens));
    assert!(harness.query_by_label_contains("A: washer").is_none());
}

#[test]
fn without_a_file_dialog_a_path_is_asked_for_in_the_window() {
    let (mut harness, _) = reviewed([1440.0, 900.0], 6, 6);
    let what = Browse::Save(Export::Table(TableFormat::Csv));
    let ctx = harness.ctx.clone();
    let unavailable = Picked::Unavailable(what);
    harness.state_mut().take_in_picked(&ctx, unavailable);
    harness.run_steps(3);
    let proposed = harness.get_by_label("Path").value().unwrap();
    assert!(proposed.ends_with(".csv"), "{proposed}");
    assert!(
        !proposed.starts_with("/home/of/kizumi"),
        "hidden: {proposed}"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    let typed = path.display().to_string();
    harness.state_mut().state_mut().overlay = Some(Overlay::AskPath(PathAsk { what, typed }));
    harness.run_steps(3);
    harness.get_by_label("Save").click();
    let saved = format!("Saved {}", path.display());
    for _ in 0..500 {
        harness.run_steps(1);
        if harness.query_by_label(&saved).is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    harness.get_by_label(&saved);
    harness.get_by_label("Show in folder");
    assert!(path.is_file());
    // A second one of that name is replaced by the button that says so.
    let typed = path.display().to_string();
    harness.state_mut().state_mut().overlay = Some(Overlay::AskPath(PathAsk { what, typed }));
    harness.run_steps(3);
    harness.get_by_label("A file of this name is there already.");
    harness.get_by_label("Replace");
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    assert_eq!(harness.state().state().overlay, None);
}
