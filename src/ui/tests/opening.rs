//! What the window opens: sample data, data sets, typed paths.

use kizumi_engine::message::Source;
use kizumi_image::placement::Placement;
use kizumi_image::rgb8::Rgb8;

use super::*;

#[test]
fn the_first_window_offers_the_demo_and_a_folder() {
    let (mut harness, script) = window([1024.0, 640.0]);
    harness.get_by_label(
        "Open a folder of images of good parts. Kizumi learns from them what is normal.",
    );
    harness.get_by_label("Open a folder…");
    harness.get_by_label("Try it with demo data").click();
    harness.run_steps(2);
    assert!(
        matches!(&script.asked()[..], [Command::OpenDemo { into, set: Set::Washer, .. }]
            if into == Path::new("/home/of/kizumi/samples"))
    );
    harness.check_accessibility();
}

#[test]
fn sample_data_brings_its_settings_and_takes_them_away_again() {
    let (mut harness, script) = window([1024.0, 640.0]);
    harness.get_by_label("Try it with demo data").click();
    harness.run_steps(2);
    let plan = Set::Washer.plan();
    let request = |harness: &Harness<'static, App>| {
        let state = harness.state().state();
        state.training_plan()
    };
    assert_eq!(request(&harness), plan);
    script.say([dataset()]);
    harness.run_steps(2);
    open_typed(&mut harness, "/own");
    let standard = crate::ui::settings::Settings::default();
    assert_eq!(request(&harness).recipe, standard.train);
    assert_eq!(request(&harness).projection, standard.train.projection());
}

/// A model that learned sample data and was calibrated as suits it.
fn model_of_sample_data() -> Event {
    match model() {
        Event::ModelReady(mut info) => {
            let projection = Set::Washer.plan().projection;
            info.calibration = Some(Calibration {
                projection,
                ..calibration()
            });
            Event::ModelReady(info)
        }
        other => other,
    }
}

#[test]
fn a_model_of_sample_data_keeps_its_projection_whatever_folder_is_opened() {
    let plan = Set::Washer.plan();
    let (mut harness, script) = window([1024.0, 640.0]);
    harness.get_by_label("Try it with demo data").click();
    harness.run_steps(2);
    script.say([dataset(), model_of_sample_data()]);
    harness.run_steps(2);
    open_typed(&mut harness, "/own");
    let settings = &harness.state().state().settings;
    assert_eq!(settings.projection, plan.projection);
}

#[test]
fn a_model_of_sample_data_brings_its_projection_at_the_next_start() {
    let plan = Set::Washer.plan();
    let (mut harness, script) = window([1024.0, 640.0]);
    // As the last window left them.
    let settings = &mut harness.state_mut().state_mut().settings;
    settings.train = plan.recipe.clone();
    settings.projection = plan.projection;
    settings.projection_of = Some(ModelMark::default().weights);
    open_typed(&mut harness, "/parts/washer");
    script.say([dataset(), model_of_sample_data()]);
    harness.run_steps(2);
    let settings = &harness.state().state().settings;
    assert_eq!(settings.projection, plan.projection);
}

#[test]
fn an_image_is_projected_again_with_the_settings_that_sample_data_brings() {
    let (mut harness, script) = inspecting([1280.0, 1200.0]);
    script.asked();
    harness.get_by_label("1 Data").click();
    harness.run_steps(2);
    harness.get_by_label("Washer (object)").click();
    harness.run_steps(60);
    let asked = script.asked();
    let again = asked
        .iter()
        .any(|command| matches!(command, Command::Project(..)));
    assert!(again, "{asked:?}");
}

#[test]
fn a_typed_path_is_opened_by_its_ending() {
    let (mut harness, script) = window([1024.0, 640.0]);
    open_typed(&mut harness, "/parts/washer");
    assert!(
        matches!(&script.asked()[..], [Command::OpenDataset { path, .. }]
            if path == Path::new("/parts/washer"))
    );
}

#[test]
fn a_data_set_is_summed_up_with_its_broken_files() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([
        dataset(),
        Event::BrokenFiles(vec![Broken {
            path: "/parts/washer/train/good/7.jpg".into(),
            reason: "truncated".into(),
        }]),
    ]);
    harness.run_steps(3);
    harness.get_by_label("20 normal for training, 1 normal and 2 defective (1 kind) for test");
    harness.get_by_label("1 mask without an image: dent-9_mask.png.");
    harness.get_by_label("1 file could not be used");
    harness.get_by_label("7.jpg: truncated");
    harness.get_by_label("dent-2.png").click();
    harness.run_steps(2);
    assert!(
        matches!(&script.asked()[..], [Command::OpenImage { entry, .. }] if entry.path.ends_with("dent-2.png"))
    );
    harness.check_accessibility();
}

#[test]
fn the_path_field_names_the_folder_again_once_a_model_is_opened_by_it() {
    let (mut harness, script) = window([1280.0, 800.0]);
    script.say([dataset()]);
    harness.run_steps(2);
    let path = "/models/washer.safetensors";
    harness.state_mut().state_mut().path_input = path.into();
    harness
        .state_mut()
        .act(crate::ui::action::Action::OpenPath(path.into()));
    harness.run_steps(2);
    assert!(
        script
            .asked()
            .iter()
            .any(|command| matches!(command, Command::OpenModel { .. }))
    );
    assert_eq!(harness.state().state().path_input, "/parts/washer");
}

#[test]
fn step_1_shows_a_photograph_in_its_own_shape() {
    let (mut harness, script) = window([1280.0, 800.0]);
    script.say([dataset()]);
    harness.run_steps(2);
    harness.get_by_label("good-1.png").click();
    harness.run_steps(2);
    script.asked();
    let mut opened = image("good-1.png");
    let placement = Placement {
        source_px: (64, 16),
        canvas_px: (32, 32),
        width: 32,
        height: 32,
        ..Placement::whole((64, 16))
    };
    if let Event::ImageOpened(opened) = &mut opened {
        opened.placement = placement;
    }
    script.say([opened]);
    harness.run_steps(3);
    let shape = |harness: &Harness<'static, App>| {
        let shapes = harness.output().shapes.iter();
        let pictures = shapes.filter_map(|clipped| match &clipped.shape {
            egui::Shape::Mesh(mesh) if mesh.texture_id != egui::TextureId::default() => {
                Some(mesh.calc_bounds().size())
            }
            _ => None,
        });
        let largest = pictures.max_by(|a, b| a.x.total_cmp(&b.x)).unwrap();
        largest.x / largest.y
    };
    assert!((shape(&harness) - 4.0).abs() < 0.05, "{}", shape(&harness));
    assert!(matches!(script.asked()[..], [Command::OpenSource(_)]));
    script.say([Event::SourceOpened(Box::new(Source {
        id: Default::default(),
        path: entry("good-1.png", Kind::Normal).path,
        image: Rgb8::filled(64, 16, [9; 3]),
        placement,
    }))]);
    harness.run_steps(3);
    assert!((shape(&harness) - 4.0).abs() < 0.05, "{}", shape(&harness));
}

#[test]
fn a_sample_set_that_is_open_is_not_offered_once_more() {
    let (mut harness, script) = window([1280.0, 800.0]);
    let mut opened = dataset();
    if let Event::DatasetOpened { catalog, .. } = &mut opened {
        catalog.root = "/home/of/kizumi/samples/washer".into();
    }
    let is_off = |harness: &Harness<'static, App>, label: &str| {
        harness.get_by_label(label).accesskit_node().is_disabled()
    };
    assert!(!is_off(&harness, "Washer (object)"));
    script.say([opened]);
    harness.run_steps(3);
    assert!(is_off(&harness, "Washer (object)") && !is_off(&harness, "Fabric (texture)"));
}

#[test]
fn while_a_model_is_being_opened_no_page_says_that_there_is_none() {
    let (mut harness, script) = window([1280.0, 800.0]);
    script.say([dataset()]);
    harness.run_steps(2);
    let path = "/models/washer.safetensors";
    harness
        .state_mut()
        .act(crate::ui::action::Action::OpenPath(path.into()));
    harness.run_steps(2);
    for step in ["2 Train", "3 Inspect", "4 Review"] {
        harness.get_by_label(step).click();
        harness.run_steps(2);
        let said = harness.query_all_by_label("Opening the model…").count();
        assert!(said > 0, "{step}");
        assert_eq!(harness.query_all_by_label("No model yet").count(), 0);
    }
    script.say([model()]);
    harness.run_steps(2);
    assert_eq!(harness.query_all_by_label("Opening the model…").count(), 0);
}
