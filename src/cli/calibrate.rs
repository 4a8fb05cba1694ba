//! `kizumi calibrate`: other settings for a trained model.

use std::borrow::Cow;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;

use super::dataset;
use super::interrupt::Interrupt;
use super::model_file::ModelFile;
use super::options::{DeviceOption, ProjectionOptions};
use super::output::{print, print_json};
use super::progress::Progress;
use super::recalibrating::recalibrate;
use super::roles::RoleOptions;
use super::said::said;
use kizumi_compute::artifact::Artifact;
use kizumi_image::shown::{path_text, shown};
use kizumi_method::calibration::Calibration;

/// Options of `kizumi calibrate`.
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
    /// Model file to write instead of MODEL itself
    #[arg(long, value_name = "MODEL")]
    out: Option<PathBuf>,
    /// One JSON object on stdout instead of a sentence
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    projection: ProjectionOptions,
}

/// The result as `--json` has it.
#[derive(Serialize)]
struct Report<'a> {
    model: Cow<'a, str>,
    calibration: &'a Calibration,
}

/// Calibrates, and writes the model.
///
/// # Errors
/// [`super::Usage`]; a bad model; another data set than the model's; no held-out images; Ctrl-C; a
/// model that cannot be written. The model is as it was then.
pub fn run(options: &Options) -> Result<()> {
    options.projection.validate()?;
    let catalog = dataset::open(&options.data, &options.roles)?;
    let interrupt = Interrupt::listen()?;
    let compute = options.device.open()?;
    let mut artifact = Artifact::load(&options.model, &compute.device)?;
    let file = ModelFile::new(options.out.as_ref().unwrap_or(&options.model))?;
    let (projection, map) = artifact.header.settings();
    let settings = options.projection.apply(projection, map)?;
    let progress = Progress::new(said!("Calibrating", "校正中"), 0);
    recalibrate(&mut artifact, &catalog, settings, &interrupt, &progress)
        .with_context(|| shown(&options.model).to_string())?;
    drop(progress);
    file.save(&artifact)?;
    let path = file.path();
    match &artifact.header.calibration {
        Some(calibration) if options.json => print_json(&Report {
            model: path_text(path),
            calibration,
        }),
        _ => {
            let path = shown(path);
            print(said!("{path}: calibrated.", "{path}：校正しました。"))
        }
    }
}
