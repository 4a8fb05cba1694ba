#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use kizumi_dataset::catalog::Kind;
use kizumi_dataset::catalog::Layout;
use kizumi_engine::message::{
    About, Command, Event, ImageId, Job, OpenedImage, Outcome, Preview, RunId, RunTicket,
    TrainingProgress,
};
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_method::anomaly_map::AnomalyMap;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{DataConfig, NetworkConfig, ProjectionConfig, TrainingConfig};
use kizumi_method::iterate::{Inspection, Iterate, IterateScalars, StopRule};
use kizumi_method::maker::{Fingerprint, ModelMark, Score};

use super::notice::{Level, Remedy};
use super::training::Phase;
use super::*;

mod any_event;
mod failing;
mod images;
mod models;
mod projecting;
mod restored;
mod training;

fn entry(name: &str, kind: Kind) -> Entry {
    Entry {
        path: format!("/set/test/{name}").into(),
        kind,
        mask: None,
    }
}

fn dataset() -> Event {
    Event::DatasetOpened {
        dataset: DatasetId::from(1),
        catalog: Catalog {
            root: "/set".into(),
            layout: Layout::Mvtec,
            train: vec![entry("t", Kind::Normal)],
            test: vec![
                entry("a", Kind::Normal),
                entry("b", Kind::Defect("dent".into())),
            ],
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
            joined: Default::default(),
        },
        summary: "one normal".into(),
    }
}

fn model(images_seen: u64) -> Event {
    Event::ModelReady(Box::new(ModelInfo {
        id: ModelId::from(images_seen),
        path: None,
        network: NetworkConfig::default(),
        data: DataConfig::default(),
        features: FeatureConfig::NONE,
        training: TrainingConfig::default(),
        images_seen,
        calibration: None,
        outdated: None,
        ignored: None,
        mark: ModelMark {
            weights: Fingerprint::of([&[images_seen as f32][..]]),
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

/// An image as model 10 sees it.
fn image(id: u64, name: &str) -> Event {
    Event::ImageOpened(Box::new(OpenedImage {
        id: ImageId::from(id),
        model: Some(ModelId::from(10)),
        entry: entry(name, Kind::Normal),
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

fn iterate(of: RunTicket, t: usize) -> Event {
    Event::Iterated {
        of,
        iterate: Box::new(Iterate {
            scalars: IterateScalars {
                t,
                ..Default::default()
            },
            iterate: Picture::filled(1, 2, 2, 0.5),
            reconstruction: Picture::filled(1, 2, 2, 0.5),
            gradient: Picture::filled(1, 2, 2, 0.5),
            distance: None,
        }),
    }
}

fn inspected(of: RunTicket, iterations: usize) -> Event {
    let map = Picture::filled(1, 2, 2, 0.1);
    Event::Inspected {
        of,
        inspection: Box::new(Inspection {
            plain_map: AnomalyMap::default(),
            projected_map: AnomalyMap::default(),
            projected: map.clone(),
            reconstruction: map,
            plain_score: Score::default(),
            projected_score: Score::default(),
            unlike: None,
            iterations,
            stop: StopRule::Iterations,
            mapper: Default::default(),
        }),
    }
}

fn failed(about: About) -> Event {
    Event::Failed {
        about,
        reason: "no".into(),
    }
}

/// Asks for an image, and says what it and its projection are called.
fn ask(state: &mut State, name: &str) -> (ImageId, RunTicket) {
    match state.select(entry(name, Kind::Normal)) {
        Command::OpenImage { image, then, .. } => {
            (image, then.map(|then| then.ticket).unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

fn select(state: &mut State, name: &str) -> ImageId {
    ask(state, name).0
}

/// Asks for an image, and gets it. Gives what its projection is called.
fn open(state: &mut State, name: &str) -> RunTicket {
    let (id, of) = ask(state, name);
    let Event::ImageOpened(mut opened) = image(0, name) else {
        unreachable!("an image");
    };
    opened.id = id;
    state.apply(Event::ImageOpened(opened));
    of
}
