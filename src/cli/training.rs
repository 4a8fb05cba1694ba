//! Trains as the command line asks for it: what the driver tells goes to the terminal, Ctrl-C to the
//! driver.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use serde::Serialize;

use super::check;
use super::dataset::say_broken;
use super::duration::duration_text;
use super::interrupt::Interrupt;
use super::output::{print, print_json, say};
use super::progress::Progress;
use crate::logging::spare_models;
use kizumi_compute::artifact::Header;
use kizumi_compute::training::driver::TrainingDriver;
use kizumi_compute::training::keeping::Keeping;
use kizumi_compute::training::news::{Advance, Ending, Kept, News, TrainingError};
use kizumi_compute::training::run::{Phase, TrainingRun};
use kizumi_compute::training::status::TrainingStatus;
use kizumi_image::shown::{path_text, shown};

/// How often `--json` reports progress.
const REPORT_PERIOD: Duration = Duration::from_secs(1);

/// How a run is driven.
pub struct Drive<'a> {
    /// Where the model is kept, now and at the end.
    pub keeping: Keeping,
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

/// A line of `--json`.
#[derive(Serialize)]
#[serde(rename_all = "lowercase", tag = "event")]
enum Line<'a> {
    Progress(&'a TrainingStatus),
    Finished {
        #[serde(flatten)]
        status: &'a TrainingStatus,
        /// Training images seen by the weights that are kept: fewer than `images` when those after them
        /// reconstructed the validation images no better.
        kept_images: u64,
        ending: &'static str,
        calibrated: bool,
        /// Normal images that tell what is normal, and all that could be read.
        calibrated_images: usize,
        normal_images: usize,
        model: Cow<'a, str>,
    },
}

/// Trains, calibrates and saves; where the model is. The summary goes to stdout.
///
/// # Errors
/// When no image can be used, the device fails, training diverges, the model cannot be written, or
/// stdout could not be; the text says what was kept, and where.
pub fn train(run: TrainingRun, drive: Drive<'_>) -> Result<PathBuf> {
    let clock = Instant::now();
    let clock = Box::new(move || clock.elapsed());
    let mut terminal = Terminal {
        progress: Progress::new("Reading images", run.progress().1),
        report: drive.report,
        status: TrainingStatus::default(),
        remembers: false,
        reported: Instant::now(),
        stdout_failed: false,
    };
    let keeping = drive.keeping.or_in(spare_models());
    let mut driver = TrainingDriver::new(run, Some(keeping), clock);
    let finished = loop {
        let reads = matches!(driver.phase(), Phase::Loading | Phase::Remembering);
        if drive.interrupt.is_urgent() && !reads {
            driver.skip_measuring();
        } else if drive.interrupt.is_requested() {
            driver.finish();
        }
        match driver.advance(|news| terminal.tell(news)) {
            Ok(Advance::More) => {}
            Ok(Advance::Finished(finished)) => break finished,
            Err(error) => return Err(with_way_on(error)),
        }
    };
    let model = finished.saved.map_err(|error| match error.kept {
        None => anyhow!("{error}; the model is lost"),
        Some(_) => with_way_on(error),
    });
    let model = model?.unwrap_or_default();
    terminal.sum_up(&finished.ending, &finished.artifact.header, &model);
    if let Ending::Diverged(reason) = finished.ending {
        return Err(anyhow!(reason).context(format!("saved {}", shown(&model))));
    }
    if terminal.stdout_failed {
        return Err(anyhow!(
            "{} is complete, but not all of the report was written",
            shown(&model)
        ));
    }
    Ok(model)
}

/// What went wrong, where the weights are, and how to go on with them.
fn with_way_on(error: TrainingError) -> anyhow::Error {
    match error.kept {
        Some(Kept::Autosave(_)) => anyhow!("{error}; kizumi train --resume goes on with it"),
        Some(Kept::Model(_)) | None => error.into(),
    }
}

/// Passes news on to the person at the terminal, and to whoever reads stdout.
struct Terminal {
    progress: Progress,
    report: Report,
    status: TrainingStatus,
    /// Whether it was said that features are learned.
    remembers: bool,
    reported: Instant,
    stdout_failed: bool,
}

impl Terminal {
    fn tell(&mut self, news: News<'_>) {
        match news {
            News::Loading { done, total } | News::Measuring { done, total } => {
                self.progress.part(done, total);
            }
            News::Loaded {
                broken,
                notes,
                suspects,
                ..
            } => {
                self.progress.suspend(|| {
                    say_broken(broken);
                    for note in notes {
                        say(format_args!("note: {note}"));
                    }
                    if let Some(suspects) = suspects.filter(|found| !found.strange().is_empty()) {
                        say(format_args!(
                            "note: {} 'kizumi check' lists them, --exclude-list leaves them out.",
                            check::summary(suspects)
                        ));
                    }
                });
                if !self.remembers {
                    self.progress.phase("Training", 0);
                }
            }
            News::Remembering { done, total } | News::Features { done, total } => {
                if !std::mem::replace(&mut self.remembers, true) {
                    self.progress.phase("Learning features", total);
                }
                self.progress.part(done, total);
            }
            News::FeaturesOver { .. } => self.progress.phase("Training", 0),
            News::Training(status) => self.training(status),
            News::TrainingOver { ending, note } => {
                if *ending == Ending::Requested {
                    self.progress
                        .say("Stopping. Ctrl-C once more leaves out the calibration.");
                }
                if let Some(note) = note {
                    self.progress.say(note);
                }
                self.progress.phase("Calibrating", 0);
            }
            News::Warning(warning) => self.progress.say(format_args!("warning: {warning}")),
        }
    }

    fn training(&mut self, status: &TrainingStatus) {
        let validation = status.validation.or(self.status.validation);
        if let (None, Some(limit)) = (self.status.images_limit, status.images_limit) {
            self.progress.phase("Training", limit);
        }
        self.status = TrainingStatus {
            validation,
            ..status.clone()
        };
        self.progress.set(status.images);
        self.progress.message(status_text(&self.status));
        if self.report == Report::Json && self.reported.elapsed() >= REPORT_PERIOD {
            self.reported = Instant::now();
            let written = print_json(&Line::Progress(&self.status));
            self.check(written);
        }
    }

    /// A stdout that cannot be written ends no training; it is said once.
    fn check(&mut self, written: Result<()>) {
        if let Err(error) = written
            && !std::mem::replace(&mut self.stdout_failed, true)
        {
            self.progress
                .say(format_args!("warning: {error:#}; training goes on"));
        }
    }

    fn sum_up(&mut self, ending: &Ending, header: &Header, model: &Path) {
        self.progress.clear();
        if let Some(scales) = header.scales() {
            say(scales);
        }
        let status = self.status.clone();
        let written = match self.report {
            Report::Json => print_json(&Line::Finished {
                status: &status,
                kept_images: header.images_seen,
                ending: name_of(ending),
                calibrated: header.calibration.is_some(),
                calibrated_images: header.calibrated_images(),
                normal_images: header.dataset.normal_images(),
                model: path_text(model),
            }),
            Report::Text => print(summary(&status, ending, header, model)),
            Report::Nothing => {
                say(summary(&status, ending, header, model));
                Ok(())
            }
        };
        self.check(written);
    }
}

/// As `--json` has it.
fn name_of(ending: &Ending) -> &'static str {
    match ending {
        Ending::Limit => "limit",
        Ending::TimeBudget => "time-budget",
        Ending::Settled => "settled",
        Ending::Requested => "interrupted",
        Ending::Diverged(_) => "diverged",
    }
}

fn status_text(status: &TrainingStatus) -> String {
    let mut text = format!("{:.0} images/s", status.images_per_sec);
    if let (Some(reconstruction), Some(kl)) = (status.reconstruction, status.kl) {
        text += &format!("  L_r {reconstruction:.2}  KL {kl:.2}");
    }
    if let Some(validation) = status.validation {
        text += &format!("  validation {validation:.2}");
    }
    if let Some(eta) = status.eta_secs {
        text += &format!("  {} left", duration_text(eta));
    }
    text
}

fn summary(status: &TrainingStatus, ending: &Ending, header: &Header, model: &Path) -> String {
    if header.images_seen == 0 {
        return format!(
            "{}: the features of {} normal images; no network was trained{}",
            shown(model),
            header
                .dataset
                .remembered_images
                .unwrap_or(header.dataset.training_images),
            calibration_text(header)
        );
    }
    let why = match ending {
        Ending::Limit => "",
        Ending::TimeBudget => " (the time was up)",
        Ending::Settled => " (no longer better)",
        Ending::Requested => " (stopped)",
        Ending::Diverged(_) => " (training diverged)",
    };
    let losses = match (status.reconstruction, status.kl) {
        (Some(reconstruction), Some(kl)) => format!(", L_r {reconstruction:.3}, KL {kl:.3}"),
        _ => String::new(),
    };
    let validation = match status.validation {
        Some(validation) => format!(", validation {validation:.3}"),
        None => String::new(),
    };
    format!(
        "{model}: {images} training images{why} in {time}{losses}{validation}{calibration}",
        calibration = calibration_text(header),
        model = shown(model),
        images = status.images,
        time = duration_text(status.elapsed_secs),
    )
}

/// What tells what is normal.
fn calibration_text(header: &Header) -> String {
    match header.calibration {
        Some(_) => format!(
            "; calibrated on {} of {} normal images",
            header.calibrated_images(),
            header.dataset.normal_images()
        ),
        None => "; not calibrated".to_owned(),
    }
}
