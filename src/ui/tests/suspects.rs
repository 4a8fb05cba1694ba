//! Step 1: normal images that look unlike the others, found and left out.

use std::time::Duration;

use super::*;
use crate::ui::settings::TrainForm;
use crate::ui::state::suspects::Selection;
use crate::ui::state::{State, Step};
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
    assert!(selection(&harness).exclusions.excluded.is_empty());
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
        matches!(&asked[..], [Command::ResumeTraining { exclusions, .. }] if exclusions.excluded == excluded()),
        "{asked:?}"
    );
}

#[test]
fn an_image_that_is_taken_back_reaches_a_model_that_is_trained_further() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([dataset(), model()]);
    harness.run_steps(3);
    let name = || ["test/train-3.png".to_owned()].into();
    harness.state_mut().state_mut().set_excluded(name());
    harness.state_mut().state_mut().set_excluded([].into());
    harness.get_by_label("2 Train").click();
    harness.run_steps(3);
    harness.get_by_label("washer.safetensors, further").click();
    harness.run_steps(3);
    script.asked();
    harness.get_by_label("Train more").click();
    harness.run_steps(3);
    let asked = script.asked();
    assert!(
        matches!(&asked[..], [Command::ResumeTraining { exclusions, .. }] if exclusions.taken_back == name()),
        "{asked:?}"
    );
}

/// The real worker. The window has time to hear it.
struct Worker(kizumi_engine::Engine);

impl Engine for Worker {
    fn send(&mut self, command: Command) {
        self.0.send(command);
    }

    fn poll(&mut self) -> Option<Event> {
        self.0.recv_timeout(Duration::from_millis(10))
    }
}

/// Draws frames until a state is reached. What never comes takes all of them.
fn until(harness: &mut Harness<'static, App>, is_reached: impl Fn(&State) -> bool) {
    for _ in 0..6_000 {
        harness.run_steps(1);
        if is_reached(harness.state().state()) {
            harness.run_steps(3);
            return;
        }
    }
    let state = harness.state().state();
    panic!("what was waited for does not come: {:?}", state.jobs);
}

#[test]
fn an_odd_image_is_found_and_not_learned() {
    let folder = tempfile::tempdir().unwrap();
    let normals = folder.path().join("waves");
    std::fs::create_dir(&normals).unwrap();
    for i in 0..11u32 {
        let name = format!("{i}.png");
        let image = image::GrayImage::from_fn(64, 64, |x, y| {
            let noise = (x ^ (y << 8) ^ (i << 16)).wrapping_mul(2_654_435_761) >> 28;
            let wave = (0.4 * x as f32).sin() * (0.3 * y as f32).cos();
            let odd = i == 10 && (20..40).contains(&x) && (20..40).contains(&y);
            image::Luma([if odd {
                255
            } else {
                (120.0 + 100.0 * wave) as u8 + noise as u8
            }])
        });
        image.save(normals.join(name)).unwrap();
    }
    let engine = Worker(kizumi_engine::Engine::spawn(|| {}, None).unwrap());
    let folders = Folders {
        home: folder.path().join("home"),
        settings: None,
        state: None,
    };
    let mut harness = Harness::builder()
        .with_size([1024.0, 640.0])
        .with_step_dt(1.0 / 60.0)
        .build_eframe(move |creation| {
            let ctx = &creation.egui_ctx;
            App::new(ctx, Box::new(engine), &folders, Startup::default())
        });
    harness.run_steps(3);
    open_typed(&mut harness, normals.to_str().unwrap());
    until(&mut harness, |state| state.dataset.is_some());
    harness.get_by_label("Check the normal images").click();
    until(&mut harness, |state| {
        let dataset = state.dataset.as_ref();
        dataset.is_some_and(|open| open.selection.found.is_some())
    });
    harness.get_by_label("1 training image looks unlike the others");
    harness.get_by_label("Leave 10.png out of training").click();
    harness.run_steps(3);
    let mut form = TrainForm {
        latent: 2,
        width: 2,
        ..TrainForm::default()
    };
    form.data.size_px = 64;
    form.training.limit.images = Some(16);
    harness.state_mut().state_mut().set_train_form(form);
    harness.get_by_label("Train without them").click();
    until(&mut harness, |state| {
        let model = state.model.as_ref();
        model.is_some_and(|model| model.images_seen > 0) && !state.training.is_active()
    });
    let state = harness.state().state();
    let model = state.model.as_ref().unwrap();
    assert_eq!(model.normal_images, 10);
    let said = &model.data_summary;
    assert!(said.contains("1 left out"), "{said}");
    // The training compared the others, too.
    let selection = selection(&harness);
    assert_eq!(selection.found.unwrap().ranking.len(), 10);
    assert!(selection.exclusions.excluded.contains("10.png"));
}
