#![allow(clippy::unwrap_used)]

use std::path::Path;

use super::*;
use crate::ui::state::review_view::KindFilter;
use kizumi_dataset::catalog::{Kind, Layout};
use kizumi_engine::message::{
    Event, ImageId, Job, ModelInfo, OpenedImage, Outcome, SetId, SetPixels, SetResult,
};
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{DataConfig, NetworkConfig, TrainingConfig};
use kizumi_method::maker::ModelMark;

fn entry(set: &str, name: &str) -> Entry {
    Entry {
        path: format!("/{set}/test/{name}").into(),
        kind: Kind::Normal,
        mask: None,
    }
}

/// The id of every data set that is asked for in these tests.
const DATASET: u64 = 7;
const MODEL: u64 = 8;
const SET: u64 = 9;

fn asked(state: &mut State, recipe: Option<TrainForm>) {
    state.dataset_asked_for(DATASET.into(), recipe, Default::default());
}

fn dataset(set: &str) -> Event {
    Event::DatasetOpened {
        dataset: DATASET.into(),
        catalog: Catalog {
            root: format!("/{set}").into(),
            layout: Layout::Mvtec,
            train: vec![entry(set, "t")],
            test: vec![entry(set, "a"), entry(set, "b")],
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
            joined: Default::default(),
        },
        summary: String::new(),
    }
}

fn model(set: &str) -> Event {
    Event::ModelReady(Box::new(ModelInfo {
        id: MODEL.into(),
        path: Some(format!("/models/{set}.safetensors").into()),
        network: NetworkConfig::default(),
        data: DataConfig::default(),
        features: FeatureConfig::NONE,
        training: TrainingConfig::default(),
        images_seen: 1000,
        calibration: None,
        outdated: None,
        ignored: None,
        mark: ModelMark::default(),
        data_summary: String::new(),
        trained_on: set.into(),
        normal_images: 1,
        excluded: Default::default(),
        joined: Default::default(),
        also_measured: Default::default(),
    }))
}

fn image(id: ImageId, set: &str, name: &str) -> Event {
    Event::ImageOpened(Box::new(OpenedImage {
        id,
        model: Some(MODEL.into()),
        entry: entry(set, name),
        picture: Picture::filled(1, 2, 2, 0.5),
        mask: None,
        counted: None,
        painted: false,
        hole: None,
        distance: None,
        gate: None,
        placement: Placement::whole((2, 2)),
        notes: vec!["converted to grey".into()],
    }))
}

/// Chooses an image, which is decoded.
fn open(state: &mut State, set: &str, name: &str) -> ImageId {
    let Command::OpenImage { image: id, .. } = state.select(entry(set, name)) else {
        unreachable!("an image is asked for");
    };
    state.apply(image(id, set, name));
    id
}

/// A window after some work on washers: a model of them, an image, a review that runs.
fn washers() -> State {
    let mut state = State::default();
    state.apply(dataset("washer"));
    state.apply(model("washer"));
    open(&mut state, "washer", "a");
    let conditions = state.set_conditions().unwrap();
    let images = state.set_images().to_vec();
    state
        .set
        .ask(SetId::from(SET), MODEL.into(), images, conditions);
    state.apply(Event::Started(Job::InspectingSet(SET.into())));
    state.review.kind = Some(KindFilter::Normal);
    while state.due(9.0).is_some() {}
    state
}

#[test]
fn another_data_set_closes_image_and_review_of_the_one_before() {
    let mut state = washers();
    let opened = state.inspecting.opened.as_ref().unwrap().id;
    asked(&mut state, None);
    state.apply(dataset("line3"));
    assert_eq!(state.inspecting.selected, None);
    assert!(state.inspecting.opened.is_none());
    assert!(state.set.images().is_empty() && !state.set.is_active());
    assert!(!state.review.is_filtered());
    assert_eq!(state.notices.all(), [], "notes on images that are gone go");
    let asked: Vec<Command> = std::iter::from_fn(|| state.due(10.0)).collect();
    let close = Command::Close(Extent::Image(opened));
    assert_eq!(asked, [close, Command::StopSet(SET.into())]);
    // What the worker had on its way.
    state.apply(image(opened, "washer", "a"));
    assert!(state.inspecting.opened.is_none());
    state.apply(Event::SetInspected(Box::new(SetResult {
        set: SET.into(),
        index: 0,
        outcome: Err("late".into()),
    })));
    state.apply(Event::SetPixels(Box::new(SetPixels {
        set: SET.into(),
        ..SetPixels::default()
    })));
    state.apply(Event::Ended(
        Job::InspectingSet(SET.into()),
        Outcome::Stopped,
    ));
    assert_eq!((state.set.done(), state.set.outcome()), (0, None));
    assert!(state.set.pixels().is_none());
}

#[test]
fn the_model_of_another_data_set_is_said_to_be_that() {
    let mut state = washers();
    assert!(state.model_fits_dataset() && !state.model_is_foreign());
    asked(&mut state, None);
    state.apply(dataset("line3"));
    assert!(state.model_is_foreign() && !state.model_fits_dataset());
    state.apply(model("line3"));
    assert!(state.model_fits_dataset());
    while state.due(10.0).is_some() {}
    state.close_model();
    assert_eq!(
        state.due(11.0),
        Some(Command::Close(Extent::Model(MODEL.into())))
    );
    state.apply(Event::ModelGone);
    assert!(!state.model_is_foreign() && !state.model_fits_dataset());
}

#[test]
fn the_same_data_set_again_closes_nothing() {
    let mut state = washers();
    asked(&mut state, None);
    state.apply(dataset("washer"));
    assert_eq!(state.place_in_list(), Some((0, 2)));
    assert!(state.set.is_active() && state.review.is_filtered());
    assert_eq!(state.due(10.0), None);
}

#[test]
fn an_image_chosen_after_the_data_set_was_asked_for_stays() {
    let mut state = washers();
    asked(&mut state, None);
    state.select(entry("elsewhere", "x"));
    state.apply(dataset("line3"));
    let selected = state.inspecting.selected.as_ref().unwrap();
    assert_eq!(selected.path, Path::new("/elsewhere/test/x"));
}

#[test]
fn starting_fresh_closes_everything_but_not_what_is_in_training() {
    let mut state = washers();
    state.start_fresh();
    assert!(state.dataset.is_none() && state.model.is_none());
    assert!(state.inspecting.selected.is_none() && state.set.images().is_empty());
    assert_eq!(state.due(10.0), Some(Command::Close(Extent::Everything)));
    assert_eq!(state.due(10.0), None);
    let mut state = washers();
    state.training.begin(None);
    state.start_fresh();
    assert!(state.dataset.is_some() && state.model.is_some());
}

#[test]
fn images_that_could_not_be_opened_are_not_in_the_recent_list() {
    let mut state = State::default();
    let command = state.select(entry("elsewhere", "fake"));
    state.apply(Event::Failed {
        about: command.about(),
        reason: "/elsewhere/test/fake: no image".into(),
    });
    assert!(state.settings.recent.images.is_empty());
    open(&mut state, "elsewhere", "real");
    assert_eq!(
        state.settings.recent.images,
        [Path::new("/elsewhere/test/real")]
    );
    state.apply(dataset("washer"));
    open(&mut state, "washer", "a");
    assert_eq!(state.settings.recent.images.len(), 1, "the data set has it");
}

#[test]
fn a_folder_from_the_recent_list_comes_back_with_its_mode() {
    let texture = TrainForm {
        latent: 7,
        ..TrainForm::default()
    };
    let mut state = State::default();
    // Sample data brings its form.
    asked(&mut state, Some(texture.clone()));
    state.apply(dataset("fabric"));
    assert_eq!(state.settings.train, texture);
    state.settings.train = TrainForm::default();
    asked(&mut state, None);
    state.apply(dataset("line3"));
    assert_eq!(state.settings.train, TrainForm::default());
    asked(&mut state, None);
    state.apply(dataset("fabric"));
    assert_eq!(state.settings.train, texture, "remembered");
    let other = TrainForm {
        latent: 9,
        ..TrainForm::default()
    };
    state.set_train_form(other.clone());
    state.apply(dataset("line3"));
    state.apply(dataset("fabric"));
    assert_eq!(state.settings.train, other, "as a person left it");
}

#[test]
fn a_crop_stays_with_the_photographs_that_it_was_made_for() {
    let mut state = State::default();
    asked(&mut state, None);
    state.apply(dataset("fabric"));
    let mut form = TrainForm {
        latent: 7,
        ..TrainForm::default()
    };
    form.data.crop = Some("10,20,300,200".parse().unwrap());
    state.set_train_form(form.clone());
    asked(&mut state, None);
    state.apply(dataset("line3"));
    let now = &state.settings.train;
    assert_eq!((now.data.crop, now.latent), (None, 7));
    asked(&mut state, None);
    state.apply(dataset("fabric"));
    assert_eq!(state.settings.train, form);
}

#[test]
fn the_training_form_shows_what_is_trained_and_what_would_be() {
    let mut state = washers();
    let own = TrainForm {
        latent: 7,
        ..TrainForm::default()
    };
    state.set_train_form(own.clone());
    assert_eq!(state.shown_recipe(), (own.clone(), true));
    state.trains_more = true;
    let (shown, may_change) = state.shown_recipe();
    let network = NetworkConfig::default();
    assert_eq!((shown.latent, may_change), (network.latent, false));
    assert_eq!(shown.data.channels, Some(network.channels));
    // While it learns the form is what it learns with, whatever was typed in since.
    state.training.begin(None);
    state.training.recipe = state.model_recipe();
    state.trains_more = false;
    assert_eq!(state.shown_recipe(), (shown, false));
    state.training.clear();
    state.trains_more = true;
    state.apply(Event::ModelGone);
    assert_eq!(
        state.shown_recipe(),
        (own, true),
        "there is no model to go on with"
    );
}
