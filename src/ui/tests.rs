//! The window as a person meets it, with a worker that answers from a script.

#![allow(clippy::unwrap_used)]

mod painting;
mod question;
mod viewer;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable as _};
use kizumi_dataset::catalog::{Catalog, Entry, Kind, Layout, Note};
use kizumi_dataset::left_out::Reason;
use kizumi_dataset::sample::Set;
use kizumi_engine::message::{
    About, Broken, Command, DatasetId, DeviceInfo, Event, Extent, ImageId, Interrupted, Job,
    ModelId, ModelInfo, OpenedImage, Outcome, Preview, RunTicket, SetId, SheetId, TrainingProgress,
    TuningId,
};
use kizumi_image::picture::Picture;
use kizumi_method::anomaly_map::AnomalyMap;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{
    DataConfig, DeviceChoice, MapConfig, NetworkConfig, ProjectionConfig, TrainingConfig,
};
use kizumi_method::iterate::{Inspection, Iterate, IterateScalars, StopRule};
use kizumi_method::maker::{ModelMark, Score};
use kizumi_method::mapper::Mapper;

use super::app::App;
use super::engine_port::Engine;
use super::state::timeline::Cursor;
use super::state::training::Phase;
use super::{Folders, Startup};

mod belonging;
mod commands;
mod review;
mod runs;
mod session;
mod snapshots;
mod suspects;
mod training;
mod tuning;
mod with_worker;

/// Frames until buttons that end something take clicks.
const A_WHILE: usize = 45;

/// Remembers what it was asked for and says what it is told to say.
#[derive(Clone, Default)]
struct Script {
    asked: Rc<RefCell<Vec<Command>>>,
    says: Rc<RefCell<VecDeque<Event>>>,
    tickets: Rc<RefCell<Tickets>>,
}

/// What was asked for last: what the script says is the answer to that.
#[derive(Default)]
struct Tickets {
    dataset: DatasetId,
    image: ImageId,
    /// The model that was told last.
    model: ModelId,
    run: RunTicket,
    projection: ProjectionConfig,
    sheet: SheetId,
    set: SetId,
    tuning: TuningId,
}

impl Tickets {
    fn ask(&mut self, command: &Command) {
        match command {
            Command::OpenDataset { dataset, .. } | Command::OpenDemo { dataset, .. } => {
                self.dataset = *dataset;
            }
            Command::OpenImage { image, then, .. } => {
                self.image = *image;
                if let Some(request) = then {
                    (self.run, self.projection) = (request.ticket, request.projection);
                }
            }
            Command::Repaint { image, .. } => self.image = *image,
            Command::Project(request) => {
                (self.run, self.projection) = (request.ticket, request.projection);
            }
            Command::ProjectSheet { sheet, .. } => self.sheet = *sheet,
            Command::InspectSet(request) => self.set = request.set,
            Command::Tune { tuning, .. } => self.tuning = *tuning,
            _ => {}
        }
    }

    /// The event as an answer to what was asked for last.
    fn answer(&mut self, mut event: Event) -> Event {
        match &mut event {
            Event::DatasetOpened { dataset, .. }
            | Event::DatasetUnclear { dataset, .. }
            | Event::Suspects { dataset, .. } => {
                *dataset = self.dataset;
            }
            Event::ModelReady(model) => self.model = model.id,
            Event::ImageOpened(opened) => {
                (opened.id, opened.model) = (self.image, Some(self.model));
            }
            Event::SourceOpened(source) => source.id = self.image,
            Event::Iterated { of, .. } => *of = self.run,
            Event::Inspected { of, inspection } => {
                *of = self.run;
                sign(inspection, mapper(self.projection));
            }
            Event::Sheet(sheet) => sheet.id = self.sheet,
            Event::SetInspected(result) => result.set = self.set,
            Event::SetPixels(pixels) => pixels.set = self.set,
            Event::SetPaused(set) | Event::SetResumed(set) => *set = self.set,
            Event::Tried { tuning, .. } | Event::Tuned { tuning, .. } => *tuning = self.tuning,
            Event::Started(job) | Event::Ended(job, _) => match job {
                Job::Projecting(run) => *run = self.run.run,
                Job::Sheet(sheet) => *sheet = self.sheet,
                Job::InspectingSet(set) => *set = self.set,
                Job::Tuning(tuning) => *tuning = self.tuning,
                Job::FindingSuspects(dataset) => *dataset = self.dataset,
                _ => {}
            },
            _ => {}
        }
        event
    }
}

/// Says that these settings made an outcome.
fn sign(inspection: &mut Inspection, mapper: Mapper) {
    let (plain, projected) = (mapper.plain_maker(), mapper.projected_maker());
    (inspection.plain_map.maker, inspection.plain_score.by) = (plain, plain);
    (
        inspection.projected_map.maker,
        inspection.projected_score.by,
    ) = (projected, projected);
    inspection.mapper = mapper;
}

impl Engine for Script {
    fn send(&mut self, command: Command) {
        self.tickets.borrow_mut().ask(&command);
        self.asked.borrow_mut().push(command);
    }

    fn poll(&mut self) -> Option<Event> {
        self.says.borrow_mut().pop_front()
    }
}

impl Script {
    fn say(&self, events: impl IntoIterator<Item = Event>) {
        let mut tickets = self.tickets.borrow_mut();
        let events = events.into_iter().map(|event| tickets.answer(event));
        self.says.borrow_mut().extend(events);
    }

    /// What was asked for since the last time.
    fn asked(&self) -> Vec<Command> {
        self.asked.borrow_mut().drain(..).collect()
    }
}

fn window(size: [f32; 2]) -> (Harness<'static, App>, Script) {
    let script = Script::default();
    let engine = script.clone();
    let folders = Folders {
        home: PathBuf::from("/home/of/kizumi"),
        settings: None,
        state: None,
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_max_steps(30)
        .with_step_dt(1.0 / 60.0)
        .build_eframe(move |creation| {
            let ctx = &creation.egui_ctx;
            App::new(ctx, Box::new(engine), &folders, Startup::default())
        });
    harness.run_steps(2);
    assert_eq!(
        script.asked(),
        [
            Command::UseDevice(DeviceChoice::Auto),
            Command::FindInterrupted(vec!["/home/of/kizumi/models".into()])
        ]
    );
    (harness, script)
}

fn entry(name: &str, kind: Kind) -> Entry {
    Entry {
        path: format!("/parts/washer/test/{name}").into(),
        kind,
        mask: None,
    }
}

fn dataset() -> Event {
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
        },
        summary: "20 normal for training, 1 normal and 2 defective (1 kind) for test".into(),
    }
}

fn calibration() -> Calibration {
    let scores: Vec<f32> = (0..10).map(|i| i as f32 * 0.01).collect();
    Calibration {
        plain_scores: scores.clone(),
        projected_scores: scores,
        projected_map_high: 0.05,
        ..Default::default()
    }
}

fn model() -> Event {
    model_with(|_| {})
}

/// The same, but for this change.
fn model_with(change: impl FnOnce(&mut ModelInfo)) -> Event {
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
    };
    change(&mut model);
    Event::ModelReady(Box::new(model))
}

/// Pictures that are drawn half transparent.
fn dimmed_pictures(harness: &Harness<'static, App>) -> usize {
    let is_dimmed = |shape: &egui::Shape| match shape {
        egui::Shape::Mesh(mesh) => {
            let mut colors = mesh.vertices.iter().map(|vertex| vertex.color);
            mesh.texture_id != egui::TextureId::default() && colors.all(|color| !color.is_opaque())
        }
        _ => false,
    };
    let shapes = &harness.output().shapes;
    let dimmed = shapes.iter().filter(|clipped| is_dimmed(&clipped.shape));
    dimmed.count()
}

/// How the worker makes maps with that model.
fn mapper(projection: ProjectionConfig) -> Mapper {
    let map = MapConfig::default();
    Mapper::new(ModelMark::default(), projection, map, Some(&calibration()))
}

fn picture(level: f32) -> Picture {
    Picture::from_fn(3, 32, 32, |_, y, x| level * (x + y) as f32 / 62.0)
}

fn image(name: &str) -> Event {
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
        source_px: (512, 512),
        notes: Vec::new(),
    }))
}

/// A whole projection, `from..=to`.
fn iterates(from: usize, to: usize) -> Vec<Event> {
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

/// A window in step 3 with a finished projection of 25 iterates.
fn inspecting(size: [f32; 2]) -> (Harness<'static, App>, Script) {
    let (mut harness, script) = window(size);
    script.say([dataset(), model()]);
    harness.run_steps(2);
    harness.get_by_label("3 Inspect").click();
    harness.run_steps(2);
    harness.get_by_label("Look at the first image").click();
    harness.run_steps(2);
    assert!(
        matches!(&script.asked()[..], [Command::OpenImage { entry, then: Some(_), .. }]
            if entry.path.ends_with("good-1.png"))
    );
    script.say([image("good-1.png")]);
    harness.run_steps(2);
    assert_eq!(script.asked(), [], "its projection is on its way already");
    script.say(iterates(0, 25));
    harness.run_steps(3);
    (harness, script)
}

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

fn open_typed(harness: &mut Harness<'static, App>, path: &str) {
    let field = "Path of a folder, an image or a model";
    harness.get_by_label(field).focus();
    harness.run_steps(1);
    harness.get_by_label(field).type_text(path);
    harness.run_steps(2);
    harness.get_by_label("Open").click();
    harness.run_steps(2);
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
    let standard = super::settings::Settings::default();
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
fn training_is_started_paused_resumed_and_kept() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([dataset()]);
    harness.run_steps(2);
    harness.get_by_label("Next: train").click();
    harness.run_steps(2);
    harness
        .get_all_by_label("Start training")
        .next()
        .unwrap()
        .click();
    harness.run_steps(2);
    let asked = script.asked();
    let [Command::Train(request)] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(
        request.save_to,
        Some("/home/of/kizumi/models/washer.safetensors".into())
    );
    script.say([
        Event::Started(Job::Training),
        Event::Training(TrainingProgress {
            images: 1600,
            images_limit: Some(100_000),
            reconstruction: Some(123.0),
            validation: Some(130.0),
            eta_secs: Some(65.0),
            ..Default::default()
        }),
        Event::ValidationPreview(vec![Preview {
            original: picture(1.0),
            reconstruction: picture(0.5),
        }]),
    ]);
    harness.run_steps(3);
    harness.get_by_label("1 600");
    harness.get_by_label("1:05 left");
    harness.get_by_label("Pause").click();
    harness.run_steps(2);
    script.say([Event::Paused]);
    harness.run_steps(2);
    harness.get_by_label("Resume").click();
    harness.run_steps(2);
    script.say([Event::Resumed]);
    harness.run_steps(2);
    // In the panel and in the status bar.
    harness.run_steps(A_WHILE);
    harness.get_by_label("Stop and keep: Training");
    harness.get_by_label("Stop and keep").click();
    harness.run_steps(2);
    assert_eq!(
        script.asked(),
        [
            Command::Pause,
            Command::Resume,
            Command::Stop { keep: true }
        ]
    );
    assert_eq!(harness.state().state().training.phase, Phase::Stopping);
    script.say([
        Event::Ended(Job::Training, Outcome::Stopped),
        Event::Started(Job::Finishing),
        Event::Progress {
            job: Job::Finishing,
            done: 3,
            total: 16,
        },
    ]);
    harness.run_steps(3);
    let finishing = "Finishing: measuring normal images (3 of 16)";
    assert!(harness.query_all_by_label(finishing).next().is_some());
    harness.get_by_label("Skip measuring: Finishing: measuring normal images");
    assert!(harness.query_by_label("Start training").is_none());
    script.say([Event::Ended(Job::Finishing, Outcome::Done), model()]);
    harness.run_steps(3);
    harness.get_by_label("Inspect images");
    harness.check_accessibility();
}

#[test]
fn all_six_pictures_and_the_verdict_are_shown() {
    let (harness, _) = inspecting([1024.0, 640.0]);
    for name in [
        "Original",
        "Plain reconstruction",
        "Projected",
        "Its reconstruction",
        "Heatmap",
        "Overlay",
    ] {
        assert!(harness.query_all_by_label(name).next().is_some(), "{name}");
    }
    harness.get_by_label("above 100 % of normals");
    harness.get_by_label("above 90 % of normals");
    harness.get_by_label("Ended at the limit of 25 iterations.");
    harness.get_by_label("t = 25 / 25");
    harness.check_accessibility();
}

#[test]
fn keys_go_through_iterates_and_images() {
    let (mut harness, script) = inspecting([1280.0, 800.0]);
    let shown = |harness: &Harness<'_, App>| harness.state().state().shown();
    for (key, t) in [
        (Key::ArrowLeft, 24),
        (Key::ArrowLeft, 23),
        (Key::Home, 0),
        (Key::ArrowRight, 1),
    ] {
        harness.key_press(key);
        harness.run_steps(2);
        assert_eq!(shown(&harness), t, "{key:?}");
    }
    harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::ArrowRight);
    harness.run_steps(2);
    assert_eq!(shown(&harness), 11);
    harness.key_press(Key::End);
    harness.run_steps(2);
    assert_eq!(
        harness.state().state().inspecting.timeline.cursor(),
        Cursor::Follow
    );
    assert_eq!(script.asked(), [], "looking computes nothing");
    harness.key_press(Key::N);
    harness.run_steps(2);
    assert!(
        matches!(&script.asked()[..], [Command::OpenImage { entry, .. }] if entry.path.ends_with("dent-1.png"))
    );
    harness.key_press(Key::P);
    harness.run_steps(2);
    assert!(
        matches!(&script.asked()[..], [Command::OpenImage { entry, .. }] if entry.path.ends_with("good-1.png"))
    );
}

#[test]
fn a_changed_parameter_runs_again_at_once_and_display_changes_never_do() {
    let (mut harness, script) = inspecting([1280.0, 900.0]);
    let app = harness.state_mut().state_mut();
    app.settings.display.smoothing_px = 0.0;
    app.settings.display.opacity = 0.3;
    harness.run_steps(8);
    assert_eq!(script.asked(), []);

    let alpha = harness
        .get_all_by_label("Step size α")
        .find(|node| node.value().is_some())
        .unwrap();
    alpha.increment_accesskit();
    harness.run_steps(1);
    harness.run_steps(1);
    assert!(harness.state().state().inspecting.is_stale());
    let asked = script.asked();
    harness.run_steps(30);
    assert_eq!(script.asked(), [], "only once");
    let [Command::Project(request)] = &asked[..] else {
        panic!("{asked:?}");
    };
    let config = &request.projection;
    assert_ne!(config.alpha, ProjectionConfig::default().alpha);
    assert_eq!(
        harness.state().state().last_shown(),
        25,
        "the old picture stays"
    );
    script.say(iterates(0, 3));
    harness.run_steps(3);
    assert!(!harness.state().state().inspecting.is_stale());
    harness.get_by_label("t = 3 / 3");
}

#[test]
fn playing_stops_at_the_end() {
    let (mut harness, _) = inspecting([1280.0, 800.0]);
    harness.get_by_label("First iterate").click();
    harness.run_steps(2);
    harness.get_by_label("Play").click();
    harness.run_steps(2);
    assert!(harness.state().state().inspecting.timeline.is_playing());
    harness.run_steps(40);
    let t = harness.state().state().shown();
    assert!(t > 2, "{t}");
    harness.run_steps(300);
    assert!(!harness.state().state().inspecting.timeline.is_playing());
    assert_eq!(harness.state().state().shown(), 25);
}

#[test]
fn a_lost_device_can_be_left_for_the_cpu() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([Event::DeviceLost("The device was lost.".into())]);
    harness.run_steps(2);
    harness.get_by_label("The device was lost.");
    harness.get_by_label("Continue on CPU").click();
    harness.run_steps(2);
    assert_eq!(script.asked(), [Command::UseDevice(DeviceChoice::Cpu)]);
    assert!(harness.query_by_label("The device was lost.").is_none());
}

#[test]
fn the_status_bar_names_a_software_device() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([Event::DeviceReady(DeviceInfo {
        name: "llvmpipe".into(),
        threads: None,
        gpu: true,
        software: true,
        reason: "asked for by name".into(),
    })]);
    harness.run_steps(2);
    harness.get_by_label("llvmpipe");
    harness.get_by_label("software");
}

#[test]
fn everything_is_inside_the_smallest_window() {
    let (harness, _) = inspecting([1024.0, 640.0]);
    let window = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1024.0, 640.0));
    for name in [
        "Live",
        "1:1",
        "Theme: as the desktop",
        "Heatmap",
        "Model: washer.safetensors",
    ] {
        let node = harness
            .query_all_by_label(name)
            .next()
            .unwrap_or_else(|| panic!("{name}"));
        assert!(
            window.contains_rect(node.rect()),
            "{name}: {:?}",
            node.rect()
        );
    }
}

#[test]
fn an_interrupted_training_is_offered() {
    let (mut harness, script) = window([1024.0, 640.0]);
    let autosave = PathBuf::from("/home/of/kizumi/models/washer.autosave-x7Kq2f.safetensors");
    let interrupted = Interrupted {
        autosave: autosave.clone(),
        data: "/parts/washer".into(),
        target: "/home/of/kizumi/models/washer.safetensors".into(),
        images: 5200,
        share: Some(0.13),
    };
    script.say([dataset(), Event::Interrupted(vec![interrupted])]);
    harness.run_steps(3);
    harness.get_by_label("4 Review").click();
    harness.run_steps(2);
    let train = harness.get_by_label("2 Train");
    let hint = NodeT::accesskit_node(&train).description();
    assert_eq!(hint.as_deref(), Some("An interrupted training"));
    train.click();
    harness.run_steps(2);
    harness.get_by_label("Training of washer was interrupted at 13 %.");
    harness.get_by_label("Continue").click();
    harness.run_steps(2);
    assert_eq!(
        script.asked(),
        [Command::ResumeInterrupted {
            model: ModelId::from(1),
            dataset: DatasetId::from(2),
            autosave,
            roles: kizumi_dataset::scan::Roles::default(),
            keep: false
        }]
    );
    assert_eq!(harness.state().state().training.phase, Phase::Preparing);
    assert!(harness.query_by_label("Continue").is_none(), "it goes on");
    harness.check_accessibility();
}
