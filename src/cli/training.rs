//! Drives a training run from files to a calibrated model file, minding the clock and Ctrl-C.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use serde::Serialize;

use super::dataset::say_broken;
use super::duration::duration_text;
use super::interrupt::Interrupt;
use super::model_file::ModelFile;
use super::output::{print, print_json, say};
use super::progress::Progress;
use kizumi_compute::tensors::ComputeError;
use kizumi_compute::training_run::{Phase, TrainingRun};

/// How often the losses are read back, and the most steps in between.
const OBSERVE_PERIOD: Duration = Duration::from_millis(500);
const OBSERVE_STEPS: u64 = 8;

/// How often the validation loss is measured.
const VALIDATE_PERIOD: Duration = Duration::from_secs(15);

/// How often `--json` reports progress.
const REPORT_PERIOD: Duration = Duration::from_secs(1);

/// How a run is driven.
pub struct Drive<'a> {
    /// The model file.
    pub out: &'a Path,
    /// The most time for training; reading and calibration are not counted.
    pub time_budget: Option<Duration>,
    /// Stops training and keeps the model.
    pub interrupt: &'a Interrupt,
    /// What goes to stdout.
    pub report: Report,
}

/// What a run says on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// A summary.
    Text,
    /// Progress and summary as lines of JSON.
    Json,
    /// Nothing: the run is a part of something larger.
    Nothing,
}

/// Why training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Ending {
    /// Epochs or images.
    Limit,
    /// Time.
    TimeBudget,
    /// Ctrl-C.
    Interrupted,
    /// A loss became NaN or infinite.
    Diverged,
}

/// How training is going.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Status {
    step: u64,
    images: u64,
    reconstruction: f32,
    kl: f32,
    validation: Option<f32>,
    elapsed_secs: f64,
    images_per_sec: f64,
    /// Share of the time that training waited for its images.
    waited_share: f64,
    eta_secs: Option<f64>,
}

/// A line of `--json`.
#[derive(Serialize)]
#[serde(rename_all = "lowercase", tag = "event")]
enum Line<'a> {
    Progress(&'a Status),
    Finished {
        #[serde(flatten)]
        status: &'a Status,
        ending: Ending,
        calibrated: bool,
        model: &'a Path,
    },
}

/// Trains, calibrates and saves. The summary goes to stdout.
///
/// # Errors
/// When no image can be used, the device fails, training diverges or the model cannot be written;
/// the text says what was kept, and where.
pub fn train(mut run: TrainingRun, drive: &Drive<'_>) -> Result<()> {
    let mut file = ModelFile::new(drive.out)?;
    let progress = Progress::new("Reading images", run.progress().1);
    load(&mut run, drive, &progress)?;
    let before = steps(&run);
    let mut learning = Learning::new(drive, &progress, &run);
    let (ending, divergence) = match learning.go_on(&mut run, &mut file) {
        Ok(ending) => (ending, None),
        Err(error) => match error.downcast_ref::<ComputeError>() {
            Some(ComputeError::NotFinite(_)) => (Ending::Diverged, Some(error)),
            _ => return Err(file.with_autosave(error)),
        },
    };
    if steps(&run) == before {
        let reason = divergence.unwrap_or_else(|| anyhow!("stopped before the first step"));
        return Err(reason.context("nothing was learned, nothing was saved"));
    }
    let status = learning.status;
    if ending == Ending::Interrupted {
        progress.say("Stopping. Ctrl-C once more leaves at once, without calibration.");
    }
    // Saved before calibration: it takes a while, and may be interrupted or fail.
    save(&run, &file)?;
    let calibrated = calibrate(&mut run, drive, ending, &progress).with_context(|| {
        format!(
            "the model was saved without calibration: {}",
            drive.out.display()
        )
    })?;
    if calibrated {
        save(&run, &file)?;
    }
    file.remove_autosave();
    drop(progress);

    let model = file.path();
    match drive.report {
        Report::Json => print_json(&Line::Finished {
            status: &status,
            ending,
            calibrated,
            model,
        })?,
        Report::Text => print(summary(&status, ending, calibrated, model))?,
        Report::Nothing => say(summary(&status, ending, calibrated, model)),
    }
    match divergence {
        Some(reason) => Err(reason.context(format!("saved {}", model.display()))),
        None => Ok(()),
    }
}

fn load(run: &mut TrainingRun, drive: &Drive<'_>, progress: &Progress) -> Result<()> {
    while run.phase() == Phase::Loading {
        if drive.interrupt.is_requested() {
            return Err(anyhow!("stopped before training began, nothing was saved"));
        }
        run.step()?;
        progress.set(run.progress().0);
    }
    progress.suspend(|| {
        say_broken(run.broken());
        for note in run.notes() {
            say(format_args!("note: {note}"));
        }
    });
    Ok(())
}

fn steps(run: &TrainingRun) -> u64 {
    run.trainer().map_or(0, |trainer| trainer.step_count())
}

/// Training, between loading and calibration.
struct Learning<'a> {
    drive: &'a Drive<'a>,
    progress: &'a Progress,
    status: Status,
    started: Instant,
    images_before: u64,
    images_limit: Option<u64>,
}

impl<'a> Learning<'a> {
    fn new(drive: &'a Drive<'a>, progress: &'a Progress, run: &TrainingRun) -> Self {
        let trainer = run.trainer();
        let images_limit = trainer.and_then(|trainer| trainer.images_limit());
        progress.phase("Training", images_limit.unwrap_or(0));
        Self {
            drive,
            progress,
            status: Status::default(),
            started: Instant::now(),
            images_before: trainer.map_or(0, |trainer| trainer.images_seen()),
            images_limit,
        }
    }

    fn go_on(&mut self, run: &mut TrainingRun, file: &mut ModelFile) -> Result<Ending> {
        let (mut observed, mut validated) = (Instant::now(), Instant::now());
        let mut reported = Instant::now();
        let mut unobserved = 0;
        let ending = loop {
            if let Some(ending) = self.ending(run) {
                break ending;
            }
            if let Some(budget) = self.drive.time_budget {
                run.set_time_share(self.started.elapsed().div_duration_f64(budget));
            }
            step(run)?;
            unobserved += 1;
            if unobserved < OBSERVE_STEPS && observed.elapsed() < OBSERVE_PERIOD {
                continue;
            }
            self.observe(run)?;
            (observed, unobserved) = (Instant::now(), 0);
            if validated.elapsed() >= VALIDATE_PERIOD {
                self.status.validation = run.validate()?;
                validated = Instant::now();
            }
            if self.drive.report == Report::Json && reported.elapsed() >= REPORT_PERIOD {
                print_json(&Line::Progress(&self.status))?;
                reported = Instant::now();
            }
            file.autosave(|| run.artifact());
        };
        self.observe(run)?;
        self.status.validation = run.validate()?;
        self.status.eta_secs = None;
        Ok(ending)
    }

    fn ending(&self, run: &TrainingRun) -> Option<Ending> {
        let budget = self.drive.time_budget;
        if run.trainer().is_none_or(|trainer| trainer.is_done()) {
            Some(Ending::Limit)
        } else if budget.is_some_and(|budget| self.started.elapsed() >= budget) {
            Some(Ending::TimeBudget)
        } else if self.drive.interrupt.is_requested() {
            Some(Ending::Interrupted)
        } else {
            None
        }
    }

    /// Reads the losses back and shows them.
    fn observe(&mut self, run: &mut TrainingRun) -> Result<()> {
        let Some(observation) = run.observe()? else {
            return Ok(());
        };
        let status = &mut self.status;
        // Without a step in between there is nothing new.
        if observation.step > status.step && observation.reconstruction > 0.0 {
            status.reconstruction = observation.reconstruction;
            status.kl = observation.kl;
        }
        (status.step, status.images) = (observation.step, observation.images);
        let elapsed = self.started.elapsed();
        status.elapsed_secs = elapsed.as_secs_f64();
        let learned = status.images - self.images_before.min(status.images);
        status.images_per_sec = learned as f64 / status.elapsed_secs.max(1e-9);
        status.waited_share = (run.waited_secs() / status.elapsed_secs.max(1e-9)).min(1.0);
        let by_images = self
            .images_limit
            .map(|limit| limit.saturating_sub(status.images) as f64 / status.images_per_sec)
            .filter(|secs| secs.is_finite());
        let by_time = self
            .drive
            .time_budget
            .map(|budget| budget.saturating_sub(elapsed).as_secs_f64());
        status.eta_secs = match (by_images, by_time) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.progress.set(status.images);
        self.progress.message(status_text(status));
        Ok(())
    }
}

/// One step. A graphics driver that gives up makes the tensor library panic; for the person that
/// is a failed device.
fn step(run: &mut TrainingRun) -> Result<()> {
    catch_unwind(AssertUnwindSafe(|| run.step()))
        .map_err(|_| anyhow!("the device failed in the middle of training"))?
        .map_err(Into::into)
}

fn save(run: &TrainingRun, file: &ModelFile) -> Result<()> {
    let model = run.artifact().context("there is no model to save")?;
    file.save(&model)
}

/// Measures the held-out normals; whether there were any, and nobody interrupted.
fn calibrate(
    run: &mut TrainingRun,
    drive: &Drive<'_>,
    ending: Ending,
    progress: &Progress,
) -> Result<bool> {
    run.finish_training();
    if let Some(ending) = run.ending() {
        progress.say(ending);
    }
    progress.phase("Calibrating", run.progress().1);
    while run.phase() != Phase::Done {
        if ending != Ending::Interrupted && drive.interrupt.is_requested() {
            return Ok(false);
        }
        step(run)?;
        progress.set(run.progress().0);
    }
    Ok(run
        .artifact()
        .is_some_and(|model| model.header.calibration.is_some()))
}

fn status_text(status: &Status) -> String {
    let mut text = format!(
        "{:.0} images/s  L_r {:.2}  KL {:.2}",
        status.images_per_sec, status.reconstruction, status.kl
    );
    if let Some(validation) = status.validation {
        text += &format!("  validation {validation:.2}");
    }
    if let Some(eta) = status.eta_secs {
        text += &format!("  {} left", duration_text(eta));
    }
    text
}

fn summary(status: &Status, ending: Ending, calibrated: bool, model: &Path) -> String {
    let why = match ending {
        Ending::Limit => "",
        Ending::TimeBudget => " (the time was up)",
        Ending::Interrupted => " (stopped by Ctrl-C)",
        Ending::Diverged => " (training diverged)",
    };
    let validation = match status.validation {
        Some(validation) => format!(", validation {validation:.3}"),
        None => String::new(),
    };
    let calibration = if calibrated { "" } else { "; not calibrated" };
    format!(
        "{model}: {images} training images{why} in {time}, L_r {reconstruction:.3}, KL {kl:.3}\
         {validation}{calibration}",
        model = model.display(),
        images = status.images,
        time = duration_text(status.elapsed_secs),
        reconstruction = status.reconstruction,
        kl = status.kl,
    )
}
