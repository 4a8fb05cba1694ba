//! Trains as the command line asks for it: what the driver tells goes to the terminal, Ctrl-C to the
//! driver.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use super::check;
use super::dataset::say_broken;
use super::duration::duration_text;
use super::interrupt::Interrupt;
use super::output::{error_line, note, print, print_json, say, worded};
use super::progress::Progress;
use super::said::{fail, said};
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
        progress: Progress::new(
            said!("Reading images", "画像を読み込み中"),
            run.progress().1,
        ),
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
        None => {
            let error = worded(&error);
            anyhow::Error::msg(said!(
                "{error}; the model is lost",
                "{error}。モデルは失われました"
            ))
        }
        Some(_) => with_way_on(error),
    });
    let model = model?.unwrap_or_default();
    terminal.sum_up(&finished.ending, &finished.artifact.header, &model);
    if let Ending::Diverged(reason) = finished.ending {
        let model = shown(&model);
        return Err(
            anyhow::Error::msg(reason).context(said!("saved {model}", "{model} に保存しました"))
        );
    }
    if terminal.stdout_failed {
        let model = shown(&model);
        fail!(
            "{model} is complete, but not all of the report was written",
            "{model} は完成していますが、出力の一部を書き込めませんでした"
        );
    }
    Ok(model)
}

/// What went wrong, where the weights are, and how to go on with them.
fn with_way_on(error: TrainingError) -> anyhow::Error {
    match error.kept {
        Some(Kept::Autosave(_)) => {
            let error = worded(&error);
            anyhow::Error::msg(said!(
                "{error}; kizumi train --resume goes on with it",
                "{error}。'kizumi train --resume'で続けられます"
            ))
        }
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
                    notes.iter().for_each(|one| note(worded(one)));
                    if let Some(suspects) = suspects.filter(|found| !found.strange().is_empty()) {
                        let summary = check::summary(suspects);
                        note(said!(
                            "{summary} 'kizumi check' lists them, --exclude-list leaves them out.",
                            "{summary}'kizumi check'で一覧を表示し、--exclude-listで除外できます。"
                        ));
                    }
                });
                if !self.remembers {
                    self.progress.phase(said!("Training", "学習中"), 0);
                }
            }
            News::Remembering { done, total } | News::Features { done, total } => {
                if !std::mem::replace(&mut self.remembers, true) {
                    self.progress
                        .phase(said!("Learning features", "特徴を学習中"), total);
                }
                self.progress.part(done, total);
            }
            News::FeaturesOver { .. } => {
                self.progress.phase(said!("Training", "学習中"), 0);
            }
            News::Training(status) => self.training(status),
            News::TrainingOver { ending, note } => {
                if *ending == Ending::Requested {
                    self.progress.say(said!(
                        "Stopping. Ctrl-C once more leaves out the calibration.",
                        "停止します。もう一度Ctrl-Cを押すと校正を省略します。"
                    ));
                }
                if let Some(note) = note {
                    self.progress.say(worded(&note));
                }
                self.progress.phase(said!("Calibrating", "校正中"), 0);
            }
            News::Warning(warning) => {
                let warning = worded(&warning);
                self.progress
                    .say(said!("warning: {warning}", "警告：{warning}"));
            }
        }
    }

    fn training(&mut self, status: &TrainingStatus) {
        let validation = status.validation.or(self.status.validation);
        if let (None, Some(limit)) = (self.status.images_limit, status.images_limit) {
            self.progress.phase(said!("Training", "学習中"), limit);
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
            let error = error_line(&error);
            self.progress.say(said!(
                "warning: {error}; training goes on",
                "警告：{error}。学習は続けます"
            ));
        }
    }

    fn sum_up(&mut self, ending: &Ending, header: &Header, model: &Path) {
        self.progress.clear();
        if let Some(scales) = header.scales() {
            say(worded(&scales));
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
    let speed = status.images_per_sec;
    let mut text = said!("{speed:.0} images/s", "{speed:.0}枚/秒");
    if let (Some(reconstruction), Some(kl)) = (status.reconstruction, status.kl) {
        text += &format!("  L_r {reconstruction:.2}  KL {kl:.2}");
    }
    if let Some(validation) = status.validation {
        text += &said!("  validation {validation:.2}", "  検証 {validation:.2}");
    }
    if let Some(eta) = status.eta_secs {
        let left = duration_text(eta);
        text += &said!("  {left} left", "  残り{left}");
    }
    text
}

fn summary(status: &TrainingStatus, ending: &Ending, header: &Header, model: &Path) -> String {
    if header.images_seen == 0 {
        let (model, calibration) = (shown(model), calibration_text(header));
        let images = header.dataset.remembered_images;
        let images = images.unwrap_or(header.dataset.training_images);
        return said!(
            "{model}: the features of {images} normal images; no network was trained{calibration}",
            "{model}：良品画像{images}枚の特徴、ネットワークの学習なし{calibration}"
        );
    }
    let why = match ending {
        Ending::Limit => String::new(),
        Ending::TimeBudget => said!(" (the time was up)", "（時間切れ）"),
        Ending::Settled => said!(" (no longer better)", "（改善なし）"),
        Ending::Requested => said!(" (stopped)", "（停止）"),
        Ending::Diverged(_) => said!(" (training diverged)", "（学習が発散）"),
    };
    let losses = match (status.reconstruction, status.kl) {
        (Some(reconstruction), Some(kl)) => said!(
            ", L_r {reconstruction:.3}, KL {kl:.3}",
            "、L_r {reconstruction:.3}、KL {kl:.3}"
        ),
        _ => String::new(),
    };
    let validation = match status.validation {
        Some(validation) => said!(", validation {validation:.3}", "、検証 {validation:.3}"),
        None => String::new(),
    };
    let (calibration, model) = (calibration_text(header), shown(model));
    let (images, time) = (status.images, duration_text(status.elapsed_secs));
    said!(
        "{model}: {images} training images{why} in {time}{losses}{validation}{calibration}",
        "{model}：学習画像{images}枚{why}、所要時間{time}{losses}{validation}{calibration}"
    )
}

/// What tells what is normal.
fn calibration_text(header: &Header) -> String {
    match header.calibration {
        Some(_) => {
            let (by, all) = (header.calibrated_images(), header.dataset.normal_images());
            said!(
                "; calibrated on {by} of {all} normal images",
                "、良品画像{all}枚のうち{by}枚で校正"
            )
        }
        None => said!("; not calibrated", "、校正なし"),
    }
}
