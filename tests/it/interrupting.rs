//! What is left of a training of the built program when something ends it early.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

use burn::tensor::Device;
use kizumi_compute::training::autosave::interrupted;
use kizumi_compute::training::driver::TrainingDriver;
use kizumi_compute::training::keeping::Keeping;
use kizumi_compute::training::run::TrainingRun;
use kizumi_dataset::scan::scan;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{DataConfig, Recipe, TrainingConfig, TrainingLimit, TrainingPlan};
use serde_json::Value;

use crate::cli::{Place, QUICK, Ran};

/// Starts a training of ten minutes, waits for its first numbers and lets the shell do something to it.
fn disturbed_by(place: &Place, out: &str, script: &str) -> (Child, Lines<BufReader<ChildStdout>>) {
    let arguments = ["train", "data", "--out", out, "--json"];
    // However late the shell comes, training has not settled by then.
    let limit = ["--time-budget", "10m", "--patience", "0"];
    let program = place.command(&[&arguments[..], &limit, &QUICK].concat());
    let mut child = hearing_hang_ups(&program)
        .current_dir(place.path("."))
        .env("XDG_STATE_HOME", place.path("state"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
    let first: Value = serde_json::from_str(&lines.next().expect("a line").expect("text"))
        .expect("a line is JSON");
    assert_eq!(first["event"], "progress");
    // The shell's own `kill`: a minimal Debian has no program of that name.
    let done = Command::new("sh")
        .args(["-c", script])
        .current_dir(place.path("."))
        .env("PID", child.id().to_string())
        .status()
        .expect("the shell runs");
    assert!(done.success());
    (child, lines)
}

/// A program that hears a hang-up even where these tests run below `nohup`, which it would inherit.
fn hearing_hang_ups(program: &Command) -> Command {
    if !cfg!(target_os = "linux") {
        let mut same = Command::new(program.get_program());
        same.args(program.get_args());
        return same;
    }
    let mut command = Command::new("env");
    command
        .arg("--default-signal=HUP")
        .arg(program.get_program())
        .args(program.get_args());
    command
}

/// As [`disturbed_by`], and waits for its end: its output, the last line of stdout.
fn ended_by(place: &Place, script: &str) -> (Ran, Value) {
    let (child, lines) = disturbed_by(place, "kept.safetensors", script);
    let last = lines.last().expect("a line").expect("text");
    let ran = Ran(child.wait_with_output().expect("it ends"));
    (ran, serde_json::from_str(&last).expect("a line is JSON"))
}

#[cfg(unix)]
#[test]
fn every_request_to_end_keeps_a_calibrated_model() {
    for script in [
        "kill -INT $PID",
        "kill -TERM $PID",
        "kill -HUP $PID",
        "kill -INT $PID; sleep 0.01; kill -INT $PID",
        "kill -TERM $PID; kill -HUP $PID; kill -INT $PID",
    ] {
        let place = Place::with_data(1);
        let (ran, summary) = ended_by(&place, script);
        ran.succeeds().says("Stopping");
        assert_eq!(summary["ending"], "interrupted", "{script}");
        assert_eq!(summary["model"], "kept.safetensors");
        let header = place.model("kept.safetensors").header;
        assert_eq!(Some(header.images_seen), summary["kept_images"].as_u64());
        assert!(summary["images"].as_u64() >= Some(header.images_seen));
        assert!(header.calibration.is_some() && header.images_seen > 0);
        assert_eq!(autosaves(&place), Vec::<PathBuf>::new(), "{script}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_model_that_cannot_be_written_in_its_place_is_kept_elsewhere() {
    let place = Place::with_data(1);
    // A file in the place of the folder stops even those who may write everywhere.
    let script = "rm -r models && touch models && kill -TERM $PID";
    let (child, lines) = disturbed_by(&place, "models/kept.safetensors", script);
    lines.for_each(drop);
    Ran(child.wait_with_output().expect("it ends")).fails_saying(&[
        "models",
        "the model is",
        "state/kizumi/models/kept",
    ]);
    let header = place.model("state/kizumi/models/kept.safetensors").header;
    assert!(header.calibration.is_some() && header.images_seen > 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_hang_up_that_is_to_be_ignored_is_ignored() {
    let place = Place::with_data(1);
    let arguments = ["train", "data", "--out", "kept.safetensors", "--json"];
    let limit = ["--time-budget", "3s"];
    let program = place.command(&[&arguments[..], &limit, &QUICK].concat());
    let words: Vec<_> = std::iter::once(program.get_program())
        .chain(program.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    // As `nohup` does it.
    let script = format!(
        "trap '' HUP; {} & sleep 1; kill -HUP $!; wait $!",
        words.join(" ")
    );
    let ran = Command::new("sh")
        .args(["-c", &script])
        .current_dir(place.path("."))
        .output();
    let ran = Ran(ran.expect("the shell runs")).succeeds();
    assert_eq!(ran.json()["ending"], "time-budget");
}

#[cfg(target_os = "linux")]
#[test]
fn a_stdout_that_is_full_costs_no_model_and_is_said_once() {
    let place = Place::with_data(1);
    let arguments = ["train", "data", "--out", "kept.safetensors", "--json"];
    let limit = ["--time-budget", "3s"];
    let full = File::options().write(true).open("/dev/full");
    let ran = place
        .command(&[&arguments[..], &limit, &QUICK].concat())
        .stdout(full.expect("Linux has it"))
        .output();
    let ran = Ran(ran.expect("the program starts"))
        .fails_saying(&["kept.safetensors is complete"])
        .says("training goes on");
    assert_eq!(ran.stderr().matches("No space left").count(), 1);
    let header = place.model("kept.safetensors").header;
    assert!(header.calibration.is_some());
}

#[test]
fn a_reader_of_progress_that_leaves_costs_no_model() {
    let place = Place::with_data(1);
    let arguments = ["train", "data", "--out", "kept.safetensors", "--json"];
    let limit = ["--time-budget", "2s"];
    let mut child = place
        .command(&[&arguments[..], &limit, &QUICK].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    Ran(child.wait_with_output().expect("it ends")).succeeds();
    let header = place.model("kept.safetensors").header;
    assert!(header.calibration.is_some());
}

#[test]
fn a_training_that_no_longer_gets_better_ends_by_itself() {
    let place = Place::with_data(1);
    let limits = ["--epochs", "100000", "--patience", "1", "--json"];
    let still = ["--learning-rate", "1e-12"];
    let summary = place.train(&[&limits[..], &still].concat()).succeeds();
    let summary = summary.json();
    assert_eq!(summary["ending"], "settled");
    assert_eq!(summary["calibrated"], true);
}

/// A training of `model.safetensors` that was closed after some images of 400.
fn broken_off(place: &Place) -> PathBuf {
    let recipe = Recipe {
        data: DataConfig {
            size_px: 64,
            ..DataConfig::default()
        },
        latent: 4,
        width: 4,
        skips: 0,
        features: FeatureConfig::NONE,
        training: TrainingConfig {
            batch: 8,
            limit: TrainingLimit {
                images: Some(400),
                ..Default::default()
            },
            ..Default::default()
        },
    };
    let plan = TrainingPlan {
        recipe,
        ..Default::default()
    };
    let catalog = scan(&place.path("data")).expect("images");
    let run = TrainingRun::new(&catalog, plan, &Device::flex()).expect("a plan");
    let keeping = Keeping::new(&place.path("model.safetensors")).expect("writable");
    let began = Instant::now();
    let clock = Box::new(move || began.elapsed());
    let mut driver = TrainingDriver::new(run, Some(keeping), clock);
    let seen = |driver: &TrainingDriver| driver.run().trainer().map_or(0, |t| t.images_seen());
    while seen(&driver) < 80 {
        driver.advance(|_| {}).expect("it trains");
    }
    driver.close().expect("writable").expect("something")
}

fn autosaves(place: &Place) -> Vec<PathBuf> {
    let found = interrupted(&place.path("."));
    found.into_iter().map(|found| found.autosave).collect()
}

#[test]
fn an_interrupted_training_is_named_left_alone_and_resumed() {
    let place = Place::with_data(1);
    let autosave = broken_off(&place);
    let name = Path::new(autosave.file_name().expect("a file"));
    let before = fs::read(&autosave).expect("a file");
    place
        .train(&["--images", "64"])
        .succeeds()
        .says("was interrupted after 80 images, 20 % of it")
        .says("--resume")
        .says(&name.display().to_string());
    assert_eq!(fs::read(&autosave).expect("still there"), before);
    assert_eq!(place.model("model.safetensors").header.images_seen, 64);

    let resume = ["train", "data", "--out", "model.safetensors", "--resume"];
    let more = ["--device", "cpu", "--json"];
    let summary = place.run(&[&resume[..], &more].concat()).succeeds().json();
    assert_eq!(summary["ending"], "limit");
    let header = place.model("model.safetensors").header;
    assert_eq!(header.images_seen, 400);
    assert!(header.calibration.is_some());
    assert!(!autosave.exists());
    place
        .run(&[&resume[..], &more].concat())
        .fails_saying(&["model.safetensors", "was interrupted"]);
}

#[test]
fn a_file_that_somebody_named_is_resumed_and_left_alone() {
    let place = Place::with_data(1);
    let rescued = place.path("rescued.safetensors");
    fs::rename(broken_off(&place), &rescued).expect("it can be renamed");
    let before = fs::read(&rescued).expect("a file");
    let resume = ["train", "data", "--resume", "rescued.safetensors"];
    let more = ["--out", "new.safetensors", "--device", "cpu"];
    place.run(&[&resume[..], &more].concat()).succeeds();
    assert_eq!(fs::read(&rescued).expect("still there"), before);
    assert_eq!(place.model("new.safetensors").header.images_seen, 400);
    assert_eq!(autosaves(&place), Vec::<PathBuf>::new());
}

#[test]
fn a_training_that_is_to_end_in_the_file_it_goes_on_from_ends_there() {
    for name in ["mine.safetensors", "mine.autosave-1.safetensors"] {
        let place = Place::with_data(1);
        fs::rename(broken_off(&place), place.path(name)).expect("it can be renamed");
        let resume = ["train", "data", "--resume", name, "--out", name];
        let more = ["--device", "cpu", "--json"];
        let summary = place.run(&[&resume[..], &more].concat()).succeeds().json();
        assert_eq!(summary["model"], name);
        let header = place.model(name).header;
        assert_eq!(header.images_seen, 400);
        assert!(header.calibration.is_some());
        assert_eq!(autosaves(&place), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_training_that_goes_on_with_another_folder_says_so_once() {
    let notes = |folder: &str| {
        let place = Place::with_data(1);
        broken_off(&place);
        if folder != "data" {
            fs::rename(place.path("data"), place.path(folder)).expect("it can be renamed");
        }
        let resume = ["train", folder, "--out", "model.safetensors", "--resume"];
        let ran = place.run(&[&resume[..], &["--device", "cpu"]].concat());
        let stderr = ran.succeeds().stderr();
        stderr.matches("it goes on with those of").count()
    };
    assert_eq!(notes("moved"), 1);
    assert_eq!(notes("data"), 0);
}

#[test]
fn an_interrupted_training_can_be_given_other_limits() {
    let place = Place::with_data(1);
    let autosave = broken_off(&place);
    let autosave = autosave.to_str().expect("text");
    let resume = ["train", "data", "--out", "other.safetensors", "--resume"];
    let more = [autosave, "--images", "16", "--device", "cpu"];
    place.run(&[&resume[..], &more].concat()).succeeds();
    assert_eq!(place.model("other.safetensors").header.images_seen, 96);
    assert!(!place.path("model.safetensors").exists());
    assert_eq!(autosaves(&place), Vec::<PathBuf>::new());
}
