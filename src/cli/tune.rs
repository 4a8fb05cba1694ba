//! `kizumi tune`: settings for a trained model, tried on synthetic defects.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;

use super::dataset;
use super::duration::parse_duration;
use super::interrupt::Interrupt;
use super::model_file::ModelFile;
use super::options::DeviceOption;
use super::output::{note, print, print_json, print_lines, say};
use super::progress::Progress;
use super::recalibrating::recalibrate;
use super::roles::RoleOptions;
use super::said::{fail, said};
use super::tuning_table::table;
use kizumi_compute::artifact::Artifact;
use kizumi_compute::tuning::{Tuning, TuningOptions};
use kizumi_image::shown::{path_text, shown};
use kizumi_method::tuning::TuningResult;

/// The share of the time that the search may take; the rest is for the last comparison.
const SEARCH_SHARE: f64 = 0.8;

/// Options of `kizumi tune`.
#[derive(Args, Debug)]
pub struct Options {
    /// Model file
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// The folder of images that it was trained on; no defects are needed
    #[arg(value_name = "DATA")]
    data: PathBuf,
    #[command(flatten)]
    roles: RoleOptions,
    #[command(flatten)]
    device: DeviceOption,
    /// Model file to write, calibrated with the chosen settings
    #[arg(long, value_name = "MODEL", conflicts_with = "adopt")]
    out: Option<PathBuf>,
    /// Calibrate MODEL itself with the chosen settings
    #[arg(long)]
    adopt: bool,
    /// Decides the synthetic defects, and which images
    #[arg(long, value_name = "N", default_value_t = TuningOptions::default().seed)]
    seed: u64,
    /// Images with synthetic defects for the last comparison; the rounds before use a half and a
    /// quarter
    #[arg(long, value_name = "N", default_value_t = TuningOptions::default().images as u64, value_parser = clap::value_parser!(u64).range(1..=256))]
    images: u64,
    /// End the search about then, with what was found: 90s, 10m, 1h30m
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "5m")]
    time_budget: Duration,
    /// One JSON object on stdout instead of a table
    #[arg(long)]
    json: bool,
}

/// The result as `--json` has it.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    result: &'a TuningResult,
    changed: bool,
    /// Whether the time ran out before everything was tried.
    hurried: bool,
    model: Option<Cow<'a, str>>,
}

/// Tunes, and writes a model if one is wanted.
///
/// # Errors
/// A bad model; another data set than the model's; too few held-out images; Ctrl-C; a model that
/// cannot be written. The model is as it was then.
pub fn run(options: &Options) -> Result<()> {
    let catalog = dataset::open(&options.data, &options.roles)?;
    let interrupt = Interrupt::listen()?;
    let compute = options.device.open()?;
    let mut artifact = Artifact::load(&options.model, &compute.device)?;
    let target = match (&options.out, options.adopt) {
        (Some(out), _) => Some(out),
        (None, true) => Some(&options.model),
        (None, false) => None,
    };
    let file = target.map(|path| ModelFile::new(path)).transpose()?;
    if artifact.header.calibration.is_none() {
        let model = shown(&options.model);
        note(said!(
            "{model} is not calibrated: tuning starts with the usual settings.",
            "{model} は校正されていないため、通常の設定から調整を始めます。"
        ));
    }
    let tuning_options = TuningOptions {
        seed: options.seed,
        images: options.images as usize,
    };
    let tuning = Tuning::new(&artifact, &catalog, tuning_options)?;
    let progress = Progress::new(said!("Tuning", "調整中"), tuning.progress().1);
    let (result, hurried) = search(tuning, options.time_budget, &interrupt, &progress)?;
    if let Some(file) = &file {
        recalibrate(&mut artifact, &catalog, result.best, &interrupt, &progress)
            .with_context(|| shown(&options.model).to_string())?;
        file.save(&artifact)?;
    }
    drop(progress);
    let model = file.as_ref().map(ModelFile::path);
    if options.json {
        return print_json(&Report {
            result: &result,
            changed: result.is_change(),
            hurried,
            model: model.map(path_text),
        });
    }
    if hurried {
        say(said!(
            "The time was up before everything was tried.",
            "すべてを試す前に時間が来ました。"
        ));
    }
    print_lines(&table(&result))?;
    match model {
        Some(path) => {
            let path = shown(path);
            print(said!(
                "{path}: calibrated with them.",
                "{path}：この設定で校正しました。"
            ))
        }
        None if result.is_change() => print(said!(
            "Nothing was written: --adopt or --out does.",
            "モデルは書き出していません。--adoptまたは--outで書き出します。"
        )),
        None => Ok(()),
    }
}

/// Searches to the end, minding the clock; whether the clock ended it.
fn search(
    mut tuning: Tuning,
    budget: Duration,
    interrupt: &Interrupt,
    progress: &Progress,
) -> Result<(TuningResult, bool)> {
    let started = Instant::now();
    let mut is_hurried = false;
    let mut seen = 0;
    loop {
        if interrupt.is_requested() {
            fail!(
                "stopped; the model is as it was",
                "中止しました。モデルは元のままです"
            );
        }
        if !is_hurried && started.elapsed() > budget.mul_f64(SEARCH_SHARE) {
            is_hurried = true;
            tuning.hurry();
        }
        if let Some(result) = tuning.step()? {
            return Ok((result, is_hurried));
        }
        progress.set(tuning.progress().0);
        if tuning.tried().len() > seen {
            seen = tuning.tried().len();
            progress.message(said!("{seen} settings", "{seen}通り"));
        }
    }
}
