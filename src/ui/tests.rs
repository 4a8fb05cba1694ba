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
    ModelId, ModelInfo, OpenedImage, Outcome, Preview, PreviewId, RunTicket, SetId, SheetId,
    TrainingProgress, TuningId,
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
mod device;
mod explain;
mod inspecting;
mod labelling;
mod masking;
mod opening;
mod part;
mod project;
mod results;
mod review;
mod runs;
mod samples;
mod script;
mod session;
mod snapshots;
mod suspects;
mod training;
mod tuning;
mod watching;
mod with_worker;

use samples::*;
use script::{Script, window};

/// Frames until buttons that end something take clicks.
const A_WHILE: usize = 45;

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

#[test]
fn the_first_look_is_offered_at_an_image_with_a_defect() {
    let (mut harness, script) = window([1280.0, 800.0]);
    script.say([dataset(), model()]);
    harness.run_steps(2);
    harness.get_by_label("3 Inspect").click();
    harness.run_steps(2);
    harness.get_by_label("Look at a defective image").click();
    harness.run_steps(2);
    harness.get_by_label("Opening dent-1.png…");
    assert!(
        matches!(&script.asked()[..], [Command::OpenImage { entry, .. }]
            if entry.path.ends_with("dent-1.png"))
    );
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
