//! `kizumi demo`: the whole way on the built-in sample data.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::csv::CsvOptions;
use super::evaluation_folder;
use super::evaluation_table::table;
use super::inspecting::inspect_each;
use super::interrupt::Interrupt;
use super::measuring::Measuring;
use super::model::Model;
use super::options::{DeviceOption, ProjectionOptions};
use super::output::{print, print_lines, say};
use super::pictures::{MapFormat, Pictures};
use super::progress::Progress;
use super::result_folder::{ResultFolder, Style};
use super::said::said;
use super::sample_data::write_sets;
use super::training::{Drive, Report, train};
use kizumi_compute::artifact::Artifact;
use kizumi_compute::device::Compute;
use kizumi_compute::training::keeping::Keeping;
use kizumi_compute::training::run::TrainingRun;
use kizumi_dataset::catalog::Entry;
use kizumi_dataset::sample::SETS;
use kizumi_dataset::scan::scan;
use kizumi_dataset::truth::MaskNote;
use kizumi_image::picture_names::picture_name;
use kizumi_image::shown::shown;
use kizumi_method::config::TrainingPlan;
use kizumi_method::metrics::Evaluation;

/// Options of `kizumi demo`.
#[derive(Args, Debug)]
pub struct Options {
    /// Folder for everything: DIR/data/<set> is the sample data, DIR/<set> has model.safetensors,
    /// results/, evaluation.json, evaluation.csv, curves.csv, contact_sheet.html and
    /// contact_sheet.png
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    device: DeviceOption,
    /// Train each set on this many images instead, for a quick look
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    images: Option<u64>,
}

/// Writes the sample data, then trains, inspects and evaluates each set.
///
/// # Errors
/// When a file cannot be written or the device fails.
pub fn run(options: &Options) -> Result<()> {
    let compute = options.device.open()?;
    let data = options.out.join("data");
    write_sets(&data)?;
    for set in SETS {
        say("");
        say(set);
        let mut plan = set.plan();
        if let Some(images) = options.images {
            plan.recipe.training.limit.images = Some(images);
        }
        let evaluation = run_set(&data.join(set), &options.out.join(set), plan, &compute)?;
        let (evaluation, masks) = evaluation;
        print_lines(&format!("\n{set}\n{}", table(&evaluation, &masks)))?;
    }
    print("")?;
    let out = shown(&options.out);
    print(said!(
        "Models, pictures and figures: {out}",
        "モデル・画像・指標：{out}"
    ))
}

/// Leaves `model.safetensors`, `results/` and what `kizumi evaluate` writes in `out`.
fn run_set(
    data: &Path,
    out: &Path,
    plan: TrainingPlan,
    compute: &Compute,
) -> Result<(Evaluation, Vec<MaskNote>)> {
    let catalog = scan(data)?;
    let model_path = out.join("model.safetensors");
    let run = TrainingRun::new(&catalog, plan, &compute.device)?;
    let drive = Drive {
        keeping: Keeping::new(&model_path)?,
        // Ctrl-C ends a demo at once.
        interrupt: &Interrupt::default(),
        report: Report::Text,
    };
    let model_path = train(run, drive)?;

    let artifact = Artifact::load(&model_path, &compute.device)?;
    let model = Model::new(&model_path, artifact, &ProjectionOptions::default())?;
    let folder = out.join("results");
    let results = ResultFolder::new(
        &folder,
        &model,
        Style::default(),
        Pictures::all(),
        MapFormat::default(),
    );
    let mut tables = results.tables(Some(CsvOptions::default().bom()))?;
    let mut measuring = Measuring::new(&model);
    let progress = Progress::new(said!("Inspecting", "検査中"), catalog.test.len() as u64);
    let entries = catalog.test.iter().cloned();
    inspect_each(&model, entries, &progress, |inspected| {
        let Entry { path, kind, .. } = &inspected.entry;
        let name = picture_name(path.strip_prefix(data).unwrap_or(path));
        let mut row = model.row(&inspected, kind.clone());
        row.pictures = results.write_pictures(&inspected, &name)?;
        tables.append(&row)?;
        measuring.add(&inspected);
        Ok(())
    })?;
    let (evaluation, masks) = (measuring.evaluation(), measuring.odd_masks().to_vec());
    drop(progress);
    evaluation_folder::write(out, data, measuring, &evaluation, CsvOptions::default())?;
    Ok((evaluation, masks))
}
