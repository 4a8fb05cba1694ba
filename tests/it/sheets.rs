//! Grids of projections through the real worker.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use kizumi_compute::artifact::{Artifact, DatasetSummary, FORMAT, Header};
use kizumi_engine::message::{Command, Event, Job, Outcome, Sheet, SheetRequest};
use kizumi_image::picture::Picture;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{DataConfig, MapConfig, Mode, ProjectionConfig, TrainingConfig};
use kizumi_method::iterate::StopRule;

use crate::common::{SIZE_PX, network, tiny};
use crate::rig::{Rig, outcome, projection_ended, sheet_ended};

fn request(alphas: &[f32], lambdas: &[f32], iterations: usize) -> SheetRequest {
    SheetRequest {
        alphas: alphas.into(),
        lambdas: lambdas.into(),
        projection: ProjectionConfig {
            iterations,
            stop_early: false,
            ..Default::default()
        },
        map: MapConfig::default(),
    }
}

fn ask(rig: &Rig, request: &SheetRequest) {
    rig.engine.send(Command::ProjectSheet {
        sheet: rig.id(),
        image: rig.image.get(),
        model: rig.model.get(),
        request: Box::new(request.clone()),
    });
}

fn sheet(rig: &Rig, request: &SheetRequest) -> Sheet {
    ask(rig, request);
    let mut events = rig.until(sheet_ended);
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Started(Job::Sheet(_))))
    );
    assert_eq!(outcome(&events, sheet_ended), Some(&Outcome::Done));
    events.pop();
    match events.pop() {
        Some(Event::Sheet(sheet)) => *sheet,
        other => panic!("the last grid comes right before the end, not {other:?}"),
    }
}

fn assert_close(a: &Picture, b: &Picture) {
    assert_eq!(
        (a.channels, a.height, a.width),
        (b.channels, b.height, b.width)
    );
    for (a, b) in a.pixels.iter().zip(&b.pixels) {
        assert!((a - b).abs() < 1e-5, "{a} {b}");
    }
}

/// Every cell is what a projection with its parameters alone gives.
fn assert_cells_are_projections(rig: &Rig, sheet: &Sheet) {
    let SheetRequest {
        alphas,
        lambdas,
        projection,
        map,
    } = &sheet.request;
    assert_eq!(sheet.cells.len(), alphas.len() * lambdas.len());
    for (i, cell) in sheet.cells.iter().enumerate() {
        let alone = ProjectionConfig {
            alpha: alphas[i % alphas.len()],
            lambda: lambdas[i / alphas.len()],
            ..*projection
        };
        let (last, inspection) = rig.projected(alone, *map);
        assert_close(&cell.iterate, &last.iterate);
        assert_close(&cell.map, &inspection.projected_map);
        assert!((cell.score - inspection.projected_score.value).abs() < 1e-5);
        assert_eq!(cell.stop, Some(inspection.stop));
        assert_eq!(cell.scalars.t, last.scalars.t);
        assert_eq!(cell.scalars.alpha, last.scalars.alpha);
        let (energy, expected) = (cell.scalars.energy, last.scalars.energy);
        assert!(
            (energy - expected).abs() < 1e-4 * expected,
            "{energy} {expected}"
        );
    }
}

/// A model that was never trained, opened.
fn open_untrained(rig: &Rig, mode: Mode, stop_threshold: f32) {
    let artifact = Artifact {
        header: Header {
            format: FORMAT,
            program: Header::this_program(),
            network: tiny(1),
            data: DataConfig {
                size_px: SIZE_PX,
                mode,
                ..Default::default()
            },
            features: FeatureConfig::NONE,
            training: TrainingConfig::default(),
            step: 0,
            images_seen: 0,
            calibration: Some(Calibration {
                stop_threshold,
                ..Default::default()
            }),
            outdated: None,
            dataset: DatasetSummary::default(),
        },
        network: network(1, &Device::flex()),
        optimiser: None,
        ignored: None,
        memories: None,
        normal_mean: None,
    };
    let path = rig.folder.path().join("untrained.safetensors");
    artifact.save(&path).expect("saves");
    rig.open_model(path);
    rig.model_ready();
}

fn save(folder: &Path, width: u32, height: u32) -> PathBuf {
    let path = folder.join(format!("{width}x{height}.png"));
    let image = image::GrayImage::from_fn(width, height, |x, y| {
        image::Luma([((x * 7 + y * 3) % 200 + 20) as u8])
    });
    image.save(&path).expect("saves");
    path
}

#[test]
fn cells_are_single_projections() {
    let rig = Rig::with_model();
    rig.open(rig.image_file());
    // More pairs than one batch takes.
    let alphas = [0.1, 0.2, 0.3, 0.4, 0.5];
    let sheet = sheet(&rig, &request(&alphas, &[0.0, 0.02, 0.05, 0.1], 4));
    assert_eq!(sheet.t, 4);
    assert_ne!(sheet.cells[0].iterate, sheet.cells[4].iterate);
    assert_ne!(sheet.cells[4].iterate, sheet.cells[19].iterate);
    assert_cells_are_projections(&rig, &sheet);
}

#[test]
fn cells_stop_each_by_its_own() {
    let rig = Rig::new();
    open_untrained(&rig, Mode::Object, 0.0);
    let image = save(rig.folder.path(), 64, 64);
    rig.open(image.clone());
    let mut request = request(&[0.02, 0.5], &[0.05], 12);
    let (first, _) = rig.projected(
        ProjectionConfig {
            alpha: 0.5,
            lambda: 0.05,
            iterations: 5,
            ..request.projection
        },
        request.map,
    );
    // The larger step gets below this after five iterations, the smaller one does not.
    let threshold = first.scalars.reconstruction_error * 1.0001;
    open_untrained(&rig, Mode::Object, threshold);
    rig.open(image);
    request.projection.stop_early = true;
    let sheet = sheet(&rig, &request);
    let stops: Vec<_> = sheet.cells.iter().map(|cell| cell.stop).collect();
    assert_eq!(
        stops,
        [Some(StopRule::Iterations), Some(StopRule::Threshold)]
    );
    assert_eq!(
        (sheet.cells[0].scalars.t, sheet.cells[1].scalars.t),
        (12, 5)
    );
    assert_eq!(sheet.t, 12);
    assert_cells_are_projections(&rig, &sheet);
}

#[test]
fn textures_have_grids_too() {
    let rig = Rig::new();
    open_untrained(&rig, Mode::Texture, 0.0);
    let opened = rig.open(save(rig.folder.path(), 150, 100));
    assert_eq!((opened.picture.width, opened.picture.height), (150, 100));
    let sheet = sheet(&rig, &request(&[0.1, 0.4, 0.5], &[0.0, 0.1], 2));
    assert_cells_are_projections(&rig, &sheet);
}

#[test]
fn a_grid_that_needs_too_much_memory_is_refused() {
    let rig = Rig::new();
    open_untrained(&rig, Mode::Texture, 0.0);
    rig.open(save(rig.folder.path(), 4200, 512));
    let request = request(&[0.5; 8], &[0.05; 8], 1);
    ask(&rig, &request);
    let reason = rig.complaint();
    assert!(
        reason.contains("memory") && reason.contains("at most"),
        "{reason}"
    );
}

#[test]
fn a_grid_gives_way_shows_itself_and_can_be_cancelled() {
    let rig = Rig::with_model();
    rig.open(rig.image_file());
    let endless = request(&[0.1, 0.2], &[0.05], 50_000);
    let start = || ask(&rig, &endless);
    start();
    let growing = rig.wait_for(|event| match event {
        Event::Sheet(sheet) => Some(sheet),
        _ => None,
    });
    assert!(growing.cells.iter().all(|cell| cell.stop.is_none()));
    rig.project(3);
    let events = rig.until(projection_ended);
    assert_eq!(outcome(&events, projection_ended), Some(&Outcome::Done));
    assert!(!events.iter().any(sheet_ended));
    start();
    let events = rig.until(sheet_ended);
    assert_eq!(outcome(&events, sheet_ended), Some(&Outcome::Stopped));
    rig.engine.send(Command::CancelAll);
    let events = rig.until(sheet_ended);
    assert_eq!(outcome(&events, sheet_ended), Some(&Outcome::Stopped));
    start();
    rig.until(|event| matches!(event, Event::Sheet(_)));
    // Another image has no use for it.
    rig.ask_for(rig.image_file());
    let events = rig.until(|event| matches!(event, Event::ImageOpened(_)));
    assert_eq!(outcome(&events, sheet_ended), Some(&Outcome::Stopped));
}

#[test]
fn impossible_grids_are_refused_with_the_reason() {
    let rig = Rig::with_model();
    let complaint = |alphas: &[f32], lambdas: &[f32]| {
        let request = request(alphas, lambdas, 1);
        ask(&rig, &request);
        rig.complaint()
    };
    assert!(complaint(&[0.5], &[0.1]).contains("image"));
    rig.open(rig.image_file());
    assert!(complaint(&[], &[0.1]).contains("at least one"));
    assert!(complaint(&[0.0], &[0.1]).contains("alpha"));
    assert!(complaint(&[0.5], &[-0.1]).contains("lambda"));
    assert!(complaint(&[0.5; 65], &[0.1]).contains("64"));
}

#[test]
fn too_many_tiles_are_not_watched() {
    let rig = Rig::new();
    open_untrained(&rig, Mode::Texture, 0.0);
    rig.open(save(rig.folder.path(), 4700, 512));
    rig.project(1);
    let told = rig.complaint();
    assert!(
        told.contains("4700 x 512") && told.contains("at most 1024"),
        "{told}"
    );
    rig.open(save(rig.folder.path(), 600, 512));
    rig.project(1);
    rig.until(projection_ended);
}
