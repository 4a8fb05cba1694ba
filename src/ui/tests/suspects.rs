//! Step 1: normal images that look unlike the others, found and left out.

use super::*;
use crate::ui::state::Step;
use crate::ui::state::suspects::Selection;
use kizumi_engine::message::Suspects;
use kizumi_image::thumbnail::thumbnail;

/// The images of [`dataset`] were compared: these are strange.
fn found(strange: &[usize]) -> Event {
    let score = |i: &usize| {
        if strange.contains(i) {
            9.0 - *i as f32
        } else {
            1.0
        }
    };
    let path = |i: usize| format!("/parts/washer/test/train-{i}.png").into();
    Event::Suspects {
        dataset: DatasetId::default(),
        suspects: Box::new(Suspects::of((0..20).map(|i| (path(i), Some(score(&i)))))),
        thumbnails: vec![Some(thumbnail(&picture(1.0), 8)), None],
    }
}

fn selection(harness: &Harness<'static, App>) -> Selection {
    let dataset = harness.state().state().dataset.as_ref();
    dataset.unwrap().selection.clone()
}

#[test]
fn strange_images_are_found_looked_at_left_out_and_taken_back() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([dataset()]);
    harness.run_steps(3);
    harness.get_by_label("Check the normal images").click();
    harness.run_steps(3);
    assert!(matches!(script.asked()[..], [Command::FindSuspects { .. }]));
    let job = Job::FindingSuspects(DatasetId::default());
    script.say([
        Event::Started(job),
        Event::Progress {
            job,
            done: 10,
            total: 40,
        },
    ]);
    harness.run_steps(3);
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    assert!(matches!(
        script.asked()[..],
        [Command::StopFindingSuspects(_)]
    ));
    script.say([found(&[3, 7]), Event::Ended(job, Outcome::Done)]);
    harness.run_steps(3);
    harness.get_by_label("2 training images look unlike the others");
    harness.check_accessibility();

    harness.get_by_label("train-7.png").click();
    harness.run_steps(3);
    assert!(
        matches!(&script.asked()[..], [Command::OpenImage { entry, .. }] if entry.path.ends_with("train-7.png"))
    );
    harness
        .get_by_label("Leave train-7.png out of training")
        .click();
    harness.run_steps(3);
    harness.get_by_label("1 image is left out of training");
    harness.get_by_label("Leave all out").click();
    harness.run_steps(3);
    harness.get_by_label("2 images are left out of training");
    harness.get_by_label("Take all back").click();
    harness.run_steps(3);
    assert!(selection(&harness).excluded.is_empty());
    harness.get_by_label("Train without them").click();
    harness.run_steps(3);
    assert!(
        selection(&harness).is_listed && script.asked().is_empty(),
        "nothing is left out"
    );

    harness
        .get_by_label("Leave train-3.png out of training")
        .click();
    harness.run_steps(3);
    harness.get_by_label("Train without them").click();
    harness.run_steps(3);
    let asked = script.asked();
    let [Command::Train(request)] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert!(request.excluded.iter().eq(["test/train-3.png"]));
    assert_eq!(harness.state().state().step, Step::Train);
}

#[test]
fn images_that_are_left_out_are_said_where_training_starts() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([dataset(), model(), found(&[3])]);
    harness.run_steps(3);
    assert!(!selection(&harness).is_listed, "nobody asked for it");
    let excluded = || ["test/train-3.png".to_owned()].into();
    harness.state_mut().state_mut().set_excluded(excluded());
    harness.get_by_label("2 Train").click();
    harness.run_steps(3);
    harness.get_by_label("1 image is left out of training");
    harness.get_by_label("Change…").click();
    harness.run_steps(3);
    assert_eq!(harness.state().state().step, Step::Data);
    harness.get_by_label("Leave train-3.png out of training");
    harness.get_by_label("2 Train").click();
    harness.run_steps(3);
    harness.get_by_label("washer.safetensors, further").click();
    harness.run_steps(3);
    script.asked();
    harness.get_by_label("Train more").click();
    harness.run_steps(3);
    let asked = script.asked();
    assert!(
        matches!(&asked[..], [Command::ResumeTraining { excluded: left_out, .. }] if *left_out == excluded()),
        "{asked:?}"
    );
}
