//! Step 2: what can be clicked when, and what is shown of trainings that were interrupted or kept.

use super::*;
use crate::ui::settings::{Further, PlotTab};
use crate::ui::state::Step;
use kizumi_method::config::Objective;
use kizumi_method::maker::Fingerprint;

fn progress(images: u64, reconstruction: Option<f32>) -> Event {
    Event::Training(TrainingProgress {
        images,
        images_limit: Some(40_000),
        reconstruction,
        kl: reconstruction,
        ..Default::default()
    })
}

/// A window in step 2, after these events.
fn at_training(size: [f32; 2], events: Vec<Event>) -> (Harness<'static, App>, Script) {
    let (mut harness, script) = window(size);
    script.say(events);
    harness.run_steps(2);
    harness.get_by_label("2 Train").click();
    harness.run_steps(2);
    (harness, script)
}

fn interrupted() -> Interrupted {
    Interrupted {
        autosave: "/home/of/kizumi/models/washer.autosave-x7Kq2f.safetensors".into(),
        data: "/parts/washer".into(),
        target: "/home/of/kizumi/models/washer.safetensors".into(),
        images: 5200,
        share: Some(0.13),
    }
}

#[test]
fn a_second_click_ends_nothing_that_appeared_below_the_pointer() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([dataset()]);
    harness.run_steps(2);
    harness.get_by_label("Next: train").click();
    harness.run_steps(2);
    script.asked();
    script.say([Event::Started(Job::Training), progress(1600, Some(12.0))]);
    harness.run_steps(3);
    for button in ["Stop and keep", "Discard…", "Stop and keep: Training"] {
        harness.get_by_label(button).click();
        harness.run_steps(2);
    }
    assert_eq!(script.asked(), [], "they have only just appeared");
    harness.run_steps(A_WHILE);
    harness.get_by_label("Stop and keep").click();
    harness.run_steps(2);
    assert_eq!(script.asked(), [Command::Stop { keep: true }]);
    script.say([
        Event::Ended(Job::Training, Outcome::Stopped),
        Event::Started(Job::Finishing),
    ]);
    harness.run_steps(3);
    harness.get_by_label("Skip measuring").click();
    harness.run_steps(2);
    assert_eq!(script.asked(), []);
    harness.run_steps(A_WHILE);
    harness.get_by_label("Skip measuring").click();
    harness.run_steps(2);
    assert_eq!(script.asked(), [Command::SkipMeasuring]);
}

#[test]
fn a_training_that_runs_is_discarded_after_a_question() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([dataset()]);
    harness.run_steps(2);
    harness.get_by_label("2 Train").click();
    script.say([Event::Started(Job::Training), progress(1600, Some(12.0))]);
    harness.run_steps(2);
    for answer in ["Go on", "Discard"] {
        harness.run_steps(A_WHILE);
        harness.get_by_label("Discard…").click();
        harness.run_steps(A_WHILE);
        harness.get_by_label_contains("What was learned is lost.");
        assert_eq!(script.asked(), []);
        harness.get_by_label(answer).click();
        harness.run_steps(2);
    }
    assert_eq!(script.asked(), [Command::Stop { keep: false }]);
}

#[test]
fn an_interrupted_training_is_discarded_after_a_question() {
    let (mut harness, script) = at_training(
        [1024.0, 640.0],
        vec![dataset(), Event::Interrupted(vec![interrupted()])],
    );
    harness.get_by_label("Discard…").click();
    harness.run_steps(2);
    harness.get_by_label("Removes what was learned.");
    harness.get_by_label("Leave it").click();
    harness.run_steps(2);
    harness.get_by_label("Continue");
    assert_eq!(script.asked(), []);
    harness.get_by_label("Discard…").click();
    harness.run_steps(A_WHILE);
    harness.get_by_label("Discard").click();
    harness.run_steps(2);
    let autosave = interrupted().autosave;
    assert_eq!(script.asked(), [Command::DiscardInterrupted(autosave)]);
}

#[test]
fn a_training_that_is_only_kept_shows_no_numbers_that_it_has_not() {
    let (mut harness, script) = at_training(
        [1024.0, 640.0],
        vec![dataset(), Event::Interrupted(vec![interrupted()])],
    );
    harness.get_by_label("Keep").click();
    harness.run_steps(2);
    script.say([
        Event::Started(Job::Training),
        progress(5200, None),
        Event::Ended(Job::Training, Outcome::Done),
        Event::Started(Job::Finishing),
    ]);
    harness.run_steps(3);
    harness.get_by_label("5 200");
    assert!(harness.query_by_label("0.00").is_none());
    assert!(harness.query_by_label("Reconstructions").is_none());
    harness.get_by_label_contains("What was learned is kept as it is.");
    script.say([Event::Ended(Job::Finishing, Outcome::Done), model()]);
    harness.run_steps(3);
    harness.get_by_label_contains("A model is ready");
}

#[test]
fn while_a_training_ends_the_model_from_before_is_not_offered() {
    let (mut harness, script) = at_training(
        [1024.0, 640.0],
        vec![
            dataset(),
            model(),
            Event::Started(Job::Training),
            progress(5200, Some(12.0)),
            Event::Ended(Job::Training, Outcome::Stopped),
            Event::Started(Job::Finishing),
        ],
    );
    assert!(harness.query_by_label("Inspect images").is_none());
    let finishing = "Finishing: measuring normal images";
    assert!(harness.query_all_by_label(finishing).next().is_some());
    script.say([Event::Ended(Job::Finishing, Outcome::Done), model()]);
    harness.run_steps(3);
    harness.get_by_label("Inspect images");
}

#[test]
fn how_long_a_model_is_trained_further_is_asked_once() {
    let (mut harness, script) = at_training([1280.0, 900.0], vec![dataset(), model()]);
    harness.get_by_label("washer.safetensors, further").click();
    harness.run_steps(3);
    for name in ["Epochs", "Images per epoch", "Patience", "Time limit"] {
        assert!(harness.query_by_label(name).is_none(), "{name}");
    }
    script.asked();
    harness.get_by_label("Train more").click();
    harness.run_steps(2);
    let asked = script.asked();
    let [Command::ResumeTraining { images, .. }] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(*images, Further::default().images);
    assert_eq!(
        harness.state().state().settings.train,
        Default::default(),
        "the form of a new model is as it was"
    );
}

#[test]
fn an_error_of_a_training_goes_when_another_one_begins() {
    let (mut harness, script) = at_training(
        [1024.0, 640.0],
        vec![dataset(), Event::Interrupted(vec![interrupted()])],
    );
    harness.get_by_label("Continue").click();
    harness.run_steps(2);
    let asked = script.asked();
    let [Command::ResumeInterrupted { model, .. }] = &asked[..] else {
        panic!("{asked:?}");
    };
    script.say([Event::Failed {
        about: About::Training(*model),
        reason: "/parts/washer: there is no such folder".into(),
    }]);
    harness.run_steps(2);
    let error = "/parts/washer: there is no such folder";
    harness.get_by_label(error);
    harness.get_by_label("Continue").click();
    harness.run_steps(2);
    assert!(harness.query_by_label(error).is_none());
}

#[test]
fn no_number_lies_below_the_button_in_the_smallest_window() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([
        dataset(),
        Event::Started(Job::Training),
        progress(1600, Some(12.0)),
        Event::Ended(Job::Training, Outcome::Done),
        model(),
    ]);
    harness.run_steps(2);
    harness.get_by_label("2 Train").click();
    harness.run_steps(3);
    let button = harness.get_by_label("Inspect images").rect();
    for name in ["Images seen", "Elapsed", "KL", "Validation"] {
        for number in harness.query_all_by_label(name) {
            assert!(!number.rect().intersects(button), "{name}");
        }
    }
}

/// A model that remembers features, and whose network has seen so many images.
fn remembering(images_seen: u64) -> Event {
    model_with(|model| {
        model.path = None;
        model.images_seen = images_seen;
        model.mark.memory = Fingerprint::of([&[1.0][..]]);
        model.mark.features_only = images_seen == 0;
    })
}

#[test]
fn images_are_inspected_by_features_while_the_network_learns() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([dataset()]);
    harness.run_steps(2);
    harness.get_by_label("Next: train").click();
    harness.run_steps(2);
    let start = harness.get_all_by_label("Start training").next();
    start.unwrap().click();
    harness.run_steps(2);
    script.asked();
    let progressed = Event::Progress {
        job: Job::Features,
        done: 10,
        total: 20,
    };
    script.say([
        Event::Started(Job::Loading),
        Event::Ended(Job::Loading, Outcome::Done),
        Event::Started(Job::Features),
        progressed,
    ]);
    harness.run_steps(3);
    harness.get_by_label("waits");
    harness.get_by_label_contains("What the features of normal images look like");
    harness.get_by_label("Inspect already").click();
    harness.run_steps(2);
    assert_eq!(harness.state().state().step, Step::Train, "not yet");
    script.say([
        Event::Ended(Job::Features, Outcome::Done),
        remembering(0),
        Event::Started(Job::Training),
        progress(1600, Some(12.0)),
    ]);
    harness.run_steps(3);
    harness.get_by_label("ready");
    harness.get_by_label("Inspect already").click();
    harness.run_steps(2);
    harness.get_by_label("Look at the first image").click();
    harness.run_steps(2);
    let asked = script.asked();
    assert!(
        matches!(asked[..], [Command::OpenImage { then: Some(_), .. }]),
        "{asked:?}"
    );
    script.say([image("good-1.png")]);
    script.say(iterates(0, 2));
    harness.run_steps(3);
    harness.get_by_label_contains("Told by features alone");
    let untaught = [
        "Plain reconstruction",
        "Projected",
        "Iteration",
        "Step size α",
    ];
    for of_network in untaught {
        let there = harness.query_all_by_label(of_network).count();
        assert_eq!(there, 0, "{of_network}: the network has learned nothing");
    }
    harness.check_accessibility();
    // The network has learned: what was told by features alone is asked for anew.
    script.asked();
    script.say([
        Event::Ended(Job::Training, Outcome::Done),
        remembering(1600),
        image("good-1.png"),
    ]);
    harness.run_steps(3);
    let asked = script.asked();
    let projects = |command: &Command| matches!(command, Command::Project(_));
    assert!(asked.iter().any(projects), "{asked:?}");
}

#[test]
fn the_distance_of_features_is_a_layer_of_models_that_remember_some() {
    let (mut harness, script) = inspecting([1024.0, 640.0]);
    assert!(
        harness
            .query_by_label("Large view: Distance of features")
            .is_none()
    );
    let Event::ImageOpened(mut opened) = image("good-1.png") else {
        unreachable!("an image");
    };
    opened.distance = Some(Picture::from_fn(1, 32, 32, |_, y, _| y as f32 / 8.0));
    script.say([remembering(0), Event::ImageOpened(opened)]);
    harness.run_steps(3);
    harness.key_press(Key::Q);
    harness.run_steps(3);
    // The picture, and the tag of the small one.
    let large = harness.query_all_by_label("Large view: Distance of features");
    assert_eq!(large.count(), 2);
    harness.check_accessibility();
}

#[test]
fn omega_and_gates_of_features_are_offered_where_features_are_remembered() {
    let (mut harness, script) = inspecting([1280.0, 1400.0]);
    assert!(harness.query_by_label("Features ω").is_none());
    script.say([remembering(1600), image("good-1.png")]);
    harness.run_steps(3);
    assert!(harness.query_all_by_label("Features ω").next().is_some());
    // The curve of the distance lies beside the energy's.
    let mut features: Vec<_> = iterates(0, 25);
    for (t, event) in features.iter_mut().enumerate() {
        if let Event::Iterated { iterate, .. } = event {
            iterate.scalars.feature_distance = 100.0 / (1.0 + t as f32);
            iterate.distance = Some(Picture::filled(1, 32, 32, 3.0 / (1.0 + t as f32)));
        }
    }
    script.say(features);
    harness.run_steps(3);
    harness.get_by_label("Features").click();
    harness.run_steps(2);
    let plots = harness.state().state().settings.plots;
    assert_eq!(plots.tab, PlotTab::Features);
    harness.key_press(Key::Q);
    harness.run_steps(3);
    harness.check_accessibility();
}

#[test]
fn without_normal_images_nothing_offers_to_learn_from_them() {
    let (mut harness, script) = at_training([1280.0, 800.0], vec![dataset()]);
    let mut without = dataset();
    if let Event::DatasetOpened { catalog, .. } = &mut without {
        catalog.train.clear();
    }
    script.say([without]);
    harness.run_steps(3);
    script.asked();
    assert!(
        harness
            .query_by_label_contains("Everything is ready")
            .is_none()
    );
    harness.get_by_label_contains("no normal ones to learn from");
    for start in harness
        .query_all_by_label("Start training")
        .collect::<Vec<_>>()
    {
        start.click();
    }
    harness.run_steps(2);
    harness.get_by_label("1 Data").click();
    harness.run_steps(2);
    harness.get_by_label("Next: train").click();
    harness.run_steps(2);
    assert_eq!(harness.state().state().step, Step::Data);
    assert!(script.asked().is_empty());
}

#[test]
fn every_bar_says_the_same_of_how_far_a_training_is() {
    let (mut harness, script) = window([1280.0, 800.0]);
    script.say([dataset()]);
    harness.run_steps(2);
    harness.get_by_label("Next: train").click();
    harness.run_steps(2);
    let start = harness.get_all_by_label("Start training").next();
    start.unwrap().click();
    harness.run_steps(2);
    let bars = |harness: &Harness<'static, App>| {
        let bars = harness.get_all_by_role(egui::accesskit::Role::ProgressIndicator);
        // Those that only turn have none.
        let values = bars.filter_map(|bar| bar.accesskit_node().numeric_value());
        values.collect::<Vec<_>>()
    };
    let progress = |job, done| Event::Progress {
        job,
        done,
        total: 100,
    };
    script.say([Event::Started(Job::Loading), progress(Job::Loading, 50)]);
    harness.run_steps(3);
    assert_eq!(bars(&harness), [20.0, 20.0], "half is read");
    script.say([
        Event::Ended(Job::Loading, Outcome::Done),
        Event::Started(Job::Features),
        progress(Job::Features, 50),
    ]);
    harness.run_steps(3);
    assert_eq!(bars(&harness), [70.0, 70.0], "half is measured");
}

#[test]
fn a_divergence_is_shown_of_objectives_that_have_one() {
    for (objective, has_kl) in [
        (Objective::Restoring, false),
        (Objective::Vae { beta: 1.0 }, true),
    ] {
        let (mut harness, script) = window([1280.0, 800.0]);
        script.say([dataset()]);
        harness.run_steps(2);
        let settings = &mut harness.state_mut().state_mut().settings;
        settings.train.training.objective = objective;
        harness.get_by_label("Next: train").click();
        harness.run_steps(2);
        let start = harness.get_all_by_label("Start training").next();
        start.unwrap().click();
        harness.run_steps(2);
        script.say([
            Event::Started(Job::Training),
            Event::Training(TrainingProgress {
                images: 1600,
                reconstruction: Some(3.0),
                kl: Some(0.0),
                ..Default::default()
            }),
        ]);
        harness.run_steps(3);
        let shown = harness.query_all_by_label("KL").count();
        assert_eq!(shown > 0, has_kl, "{objective:?}: {shown}");
    }
}
