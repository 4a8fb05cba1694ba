//! `kizumi evaluate`: does the model find the defects, and does the projection help?

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::csv::CsvOptions;
use super::dataset;
use super::evaluation_folder;
use super::evaluation_table::{missing, table};
use super::healing::healing;
use super::interrupt::Interrupt;
use super::measuring::Measuring;
use super::model::Model;
use super::options::{DeviceOption, ProjectionOptions};
use super::out_lock::OutLock;
use super::output::{note, print_json, print_lines, say};
use super::roles::RoleOptions;
use super::said::said;
use kizumi_image::shown::shown;

/// Options of `kizumi evaluate`.
#[derive(Args, Debug)]
pub struct Options {
    /// Model file
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Data set with images to test with: test/good, test/<kind>, ground_truth/<kind>, or folders such as OK and NG
    #[arg(value_name = "DATA")]
    data: PathBuf,
    #[command(flatten)]
    roles: RoleOptions,
    #[command(flatten)]
    device: DeviceOption,
    /// Folder for the results: evaluation.json, evaluation.csv, curves.csv (ROC, precision-recall
    /// and region overlap), contact_sheet.html and contact_sheet.png (the defects with the highest
    /// and the lowest scores, and the normal images with the highest)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Measure, too, how the projection heals synthetic defects, drawn on the images that were held out of
    /// training. DATA must be what the model was trained on
    #[arg(long)]
    healing: bool,
    /// One JSON object on stdout instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    csv: CsvOptions,
    #[command(flatten)]
    projection: ProjectionOptions,
}

/// Evaluates over the test images, with the pixels of their files. What is undefined without defects
/// or masks is left open.
///
/// # Errors
/// [`super::Usage`]; a bad model or data set; not one usable test image among those there are;
/// files that cannot be written.
pub fn run(options: &Options) -> Result<()> {
    options.projection.validate()?;
    let catalog = dataset::open(&options.data, &options.roles)?;
    dataset::say_duplicates(&catalog);
    let compute = options.device.open()?;
    let model = Model::load(&options.model, &compute, &options.projection)?;
    let _held = options.out.as_deref().map(OutLock::hold).transpose()?;
    let measuring = Measuring::new(&model).all(&catalog)?;
    let mut evaluation = measuring.evaluation();
    if options.healing {
        evaluation.healing = healing(&model.artifact, &catalog, &Interrupt::default())?;
    }
    let masks = measuring.odd_masks().to_vec();
    if let Some(out) = &options.out {
        evaluation_folder::write(out, &options.data, measuring, &evaluation, options.csv)?;
        let out = shown(out);
        say(said!("Figures and images: {out}", "指標と画像：{out}"));
    }
    for why in missing(&evaluation.images) {
        note(why);
    }
    if options.json {
        print_json(&evaluation)
    } else {
        print_lines(&table(&evaluation, &masks))
    }
}
