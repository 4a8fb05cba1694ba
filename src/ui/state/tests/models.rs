//! What a model brings along, and takes away.

use super::*;

#[test]
fn a_model_on_its_way_takes_the_verdict_of_the_one_before_away() {
    let mut state = State::default();
    state.apply(model(10));
    let of = open(&mut state, "a");
    let iterations = state.settings.projection.iterations;
    (0..=iterations).for_each(|t| state.apply(iterate(of, t)));
    state.apply(inspected(of, iterations));
    assert!(state.inspecting.judged().is_some());
    let Command::OpenModel { model: other, .. } = state.open_model("/m".into()) else {
        panic!("a model is asked for");
    };
    assert!(state.inspecting.judged().is_none() && state.inspecting.is_stale());
    assert_eq!(state.due(2.0), None);
    state.apply(failed(About::Model(other)));
    assert!(state.inspecting.judged().is_some(), "it did not come");
    assert!(!state.inspecting.is_stale());
}

#[test]
fn regions_to_ignore_leave_parameters_and_thresholds_alone() {
    let mut state = State::default();
    let Event::ModelReady(mut info) = calibrated(1, 0.25) else {
        unreachable!("a model");
    };
    let calibration = info.calibration.as_mut().unwrap();
    calibration.plain_scores = vec![0.1, 0.2];
    calibration.regions = Some(info.mark.regions);
    state.apply(Event::ModelReady(info.clone()));
    state.settings.projection.alpha = 3.0;
    state.settings.decision.pixel_by_hand = Some(0.5);
    // As the worker answers: the calibration is that of the regions from before.
    info.id = ModelId::from(2);
    info.ignored = Some(Picture::filled(1, 2, 2, 1.0));
    info.mark.regions = ModelMark::regions_of(info.ignored.as_ref());
    state.apply(Event::ModelReady(info));
    assert_eq!(state.settings.projection.alpha, 3.0);
    assert_eq!(state.settings.decision.pixel_by_hand, Some(0.5));
}

/// The same model, calibrated with this step size.
fn calibrated(images_seen: u64, alpha: f32) -> Event {
    let Event::ModelReady(mut info) = model(images_seen) else {
        unreachable!("a model");
    };
    info.calibration = Some(Calibration {
        projection: ProjectionConfig {
            alpha,
            ..Default::default()
        },
        ..Default::default()
    });
    Event::ModelReady(info)
}

#[test]
fn a_model_begins_with_the_projection_that_it_was_calibrated_with() {
    let mut state = State::default();
    state.settings.projection.alpha = 3.0;
    assert_eq!(state.usual_projection(), ProjectionConfig::healing());
    state.settings.train.features = FeatureConfig::NONE;
    assert_eq!(state.usual_projection(), ProjectionConfig::default());
    state.apply(calibrated(1, 0.25));
    assert_eq!(state.settings.projection.alpha, 0.25);
    assert_eq!(state.usual_projection().alpha, 0.25);
    state.undo(0.0);
    assert_eq!(state.settings.projection.alpha, 3.0, "not lost");

    state.apply(calibrated(1, 0.25));
    let alpha = state.settings.projection.alpha;
    assert_eq!(
        alpha, 3.0,
        "saved, or opened again: what was set since stays"
    );
    state.apply(calibrated(2, 0.5));
    assert_eq!(state.settings.projection.alpha, 0.5);
    state.apply(model(3));
    let alpha = state.settings.projection.alpha;
    assert_eq!(alpha, 0.5, "not calibrated: nothing to begin with");
}

#[test]
fn a_model_whose_calibration_is_outdated_begins_with_its_own_settings() {
    let mut state = State::default();
    let Event::ModelReady(mut info) = model(1) else {
        unreachable!("a model");
    };
    let projection = ProjectionConfig {
        alpha: 0.25,
        ..Default::default()
    };
    let map = MapConfig::paper();
    info.outdated = Some((projection, map));
    state.apply(Event::ModelReady(info));
    assert_eq!(state.settings.projection, projection);
    assert_eq!(state.usual_projection(), projection);
    assert_eq!(state.score_map(), map);
}

#[test]
fn a_folder_that_is_opened_while_the_network_learns_is_there_to_be_inspected() {
    let mut state = State::default();
    state.apply(dataset());
    state.apply(Event::Started(Job::Training));
    // Its features tell defects already.
    state.apply(model(10));
    assert!(state.roles_by_model("/incoming".as_ref()).to_inspect);
    let of_the_model = state.roles_by_model("/set".as_ref());
    assert!(!of_the_model.to_inspect, "{of_the_model:?}");
}
