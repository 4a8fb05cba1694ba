//! What a person sees when another data set is opened, and of the model that is trained.

use super::*;

/// Another folder, with a name of its own.
fn other_dataset() -> Event {
    let Event::DatasetOpened {
        dataset,
        mut catalog,
        summary,
    } = dataset()
    else {
        unreachable!("a data set");
    };
    catalog.root = "/parts/line3".into();
    for entry in catalog.train.iter_mut().chain(&mut catalog.test) {
        let name = entry.path.file_name().unwrap().to_owned();
        entry.path = catalog.root.join(name);
    }
    Event::DatasetOpened {
        dataset,
        catalog,
        summary,
    }
}

#[test]
fn after_another_folder_was_opened_training_is_the_next_step_and_no_old_image_is_shown() {
    let (mut harness, script) = inspecting([1280.0, 900.0]);
    harness.get_by_label("1 Data").click();
    harness.run_steps(2);
    harness.get_by_label("Inspect images");
    harness.get_by_label("Preview");
    open_typed(&mut harness, "/parts/line3");
    script.say([other_dataset()]);
    harness.run_steps(3);
    harness.get_by_label("Next: train");
    assert!(harness.query_by_label("Inspect images").is_none());
    assert!(
        harness.query_by_label("Preview").is_none(),
        "no picture of the old image"
    );
    harness
        .get_by_label("The open model, washer.safetensors, was trained on other images: washer.");
    harness.get_by_label("Model: washer.safetensors, of washer");
    script.asked();
    harness.get_by_label("Close the model").click();
    harness.run_steps(2);
    let close = Command::Close(Extent::Model(ModelId::from(20_000)));
    assert_eq!(script.asked(), [close]);
    script.say([Event::ModelGone]);
    harness.run_steps(2);
    assert!(harness.query_by_label("Close the model").is_none());
}

#[test]
fn the_training_form_shows_the_settings_of_the_model_that_is_trained_further() {
    let (mut harness, script) = window([1280.0, 900.0]);
    let texture = model_with(|model| model.data.mode = kizumi_method::config::Mode::Texture);
    script.say([dataset(), texture]);
    harness.run_steps(2);
    harness.get_by_label("2 Train").click();
    harness.run_steps(2);
    assert!(
        harness.query_by_label("Image side").is_none(),
        "a new one would see objects"
    );
    harness.get_by_label("washer.safetensors, further").click();
    harness.run_steps(3);
    harness.get_by_label("Image side");
    script.asked();
    harness.get_by_label("Train more").click();
    harness.run_steps(3);
    assert!(matches!(
        script.asked()[..],
        [Command::ResumeTraining { .. }]
    ));
    harness.get_by_label("Image side");
}

#[test]
fn while_a_first_training_runs_nobody_is_sent_to_train_and_the_image_is_shown() {
    let (mut harness, script) = window([1280.0, 900.0]);
    script.say([dataset(), image("dent-1.png")]);
    harness.run_steps(2);
    harness.get_by_label("3 Inspect").click();
    harness.run_steps(2);
    harness.get_by_label("A model is needed to project this image.");
    script.say([
        Event::Started(Job::Loading),
        Event::Ended(Job::Loading, Outcome::Done),
        Event::Started(Job::Training),
    ]);
    harness.run_steps(2);
    assert!(
        harness
            .query_by_label("A model is needed to project this image.")
            .is_none()
    );
    harness.get_by_label("Projections wait until training has ended.");
    assert!(
        dimmed_pictures(&harness) > 0,
        "in place of what is not computed"
    );
}
