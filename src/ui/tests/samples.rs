//! What the worker would say of a data set, a model and an image.

use super::*;
use kizumi_image::placement::Placement;

pub(super) fn entry(name: &str, kind: Kind) -> Entry {
    Entry {
        path: format!("/parts/washer/test/{name}").into(),
        kind,
        mask: None,
    }
}

pub(super) fn dataset() -> Event {
    let dent = || Kind::Defect("dent".into());
    Event::DatasetOpened {
        dataset: DatasetId::default(),
        catalog: Catalog {
            root: "/parts/washer".into(),
            layout: Layout::Mvtec,
            train: (0..20)
                .map(|i| entry(&format!("train-{i}.png"), Kind::Normal))
                .collect(),
            test: vec![
                entry("good-1.png", Kind::Normal),
                entry("dent-1.png", dent()),
                entry("dent-2.png", dent()),
            ],
            notes: vec![Note::LeftOut {
                reason: Reason::MaskWithoutImage,
                files: std::iter::once("dent-9_mask.png".into()).collect(),
            }],
            left_out: Vec::new(),
            excluded: Default::default(),
            joined: Default::default(),
        },
        summary: "20 normal for training, 1 normal and 2 defective (1 kind) for test".into(),
    }
}

pub(super) fn calibration() -> Calibration {
    let scores: Vec<f32> = (0..10).map(|i| i as f32 * 0.01).collect();
    Calibration {
        plain_scores: scores.clone(),
        projected_scores: scores,
        projected_map_high: 0.05,
        ..Default::default()
    }
}

pub(super) fn model() -> Event {
    model_with(|_| {})
}

/// The same, but for this change.
pub(super) fn model_with(change: impl FnOnce(&mut ModelInfo)) -> Event {
    let mut model = ModelInfo {
        id: ModelId::from(20_000),
        path: Some("/models/washer.safetensors".into()),
        network: NetworkConfig::default(),
        data: DataConfig::default(),
        features: FeatureConfig::NONE,
        training: TrainingConfig::default(),
        images_seen: 20_000,
        calibration: Some(calibration()),
        outdated: None,
        ignored: None,
        mark: ModelMark::default(),
        data_summary: "20 normal images".into(),
        trained_on: "washer".into(),
        normal_images: 20,
        excluded: Default::default(),
        joined: Default::default(),
        also_measured: Default::default(),
    };
    change(&mut model);
    Event::ModelReady(Box::new(model))
}

/// How the worker makes maps with that model.
pub(super) fn mapper(projection: ProjectionConfig) -> Mapper {
    let map = MapConfig::default();
    Mapper::new(ModelMark::default(), projection, map, Some(&calibration()))
}

pub(super) fn picture(level: f32) -> Picture {
    Picture::from_fn(3, 32, 32, |_, y, x| level * (x + y) as f32 / 62.0)
}

pub(super) fn image(name: &str) -> Event {
    let kind = match name.starts_with("good") {
        true => Kind::Normal,
        false => Kind::Defect("dent".into()),
    };
    Event::ImageOpened(Box::new(OpenedImage {
        id: ImageId::default(),
        model: None,
        entry: entry(name, kind),
        picture: picture(1.0),
        mask: Some(Picture::from_fn(1, 32, 32, |_, y, x| {
            f32::from(x > 20 && y > 20)
        })),
        counted: None,
        painted: false,
        hole: None,
        distance: None,
        gate: None,
        placement: Placement::whole((512, 512)),
        notes: Vec::new(),
    }))
}

/// A whole projection, `from..=to`.
pub(super) fn iterates(from: usize, to: usize) -> Vec<Event> {
    let of = RunTicket::default();
    let map = Picture::filled(1, 32, 32, 0.1);
    let mut events = vec![Event::Started(Job::Projecting(Default::default()))];
    events.extend((from..=to).map(|t| Event::Iterated {
        of,
        iterate: Box::new(Iterate {
            scalars: IterateScalars {
                t,
                energy: 100.0 - t as f32,
                feature_distance: 7.5,
                ..Default::default()
            },
            iterate: picture(1.0 - t as f32 * 0.01),
            reconstruction: picture(0.5),
            gradient: picture(0.5),
            distance: None,
        }),
    }));
    let inspection = Box::new(Inspection {
        plain_map: AnomalyMap {
            values: map.clone(),
            ..Default::default()
        },
        projected_map: AnomalyMap {
            values: map,
            ..Default::default()
        },
        projected: picture(0.7),
        reconstruction: picture(0.5),
        plain_score: Score {
            value: 0.0885,
            ..Default::default()
        },
        projected_score: Score {
            value: 0.5,
            ..Default::default()
        },
        unlike: None,
        iterations: to,
        stop: StopRule::Iterations,
        mapper: Default::default(),
    });
    events.push(Event::Inspected { of, inspection });
    events.push(Event::Ended(
        Job::Projecting(Default::default()),
        Outcome::Done,
    ));
    events
}
