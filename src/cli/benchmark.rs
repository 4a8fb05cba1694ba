//! `kizumi benchmark`: every objective on every data set, and the table of what they achieve.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;

use super::csv::CsvOptions;
use super::duration::parse_duration;
use super::healing::healing;
use super::interrupt::Interrupt;
use super::measuring::Measuring;
use super::model::Model;
use super::options::{DeviceOption, ProjectionOptions, named};
use super::out_lock::OutLock;
use super::output::{error_line, print_json, print_lines, say};
use super::roles::RoleOptions;
use super::said::{fail, said};
use super::set_folder::set_folder;
use super::training::{Drive, Report, train};
use super::{Usage, dataset, evaluation_folder, peers};
use kizumi_compute::artifact::Artifact;
use kizumi_compute::device::Compute;
use kizumi_compute::training::autosave;
use kizumi_compute::training::keeping::Keeping;
use kizumi_compute::training::run::TrainingRun;
use kizumi_dataset::catalog::Catalog;
use kizumi_image::atomic::write_atomic;
use kizumi_image::regular;
use kizumi_image::shown::{path_text, shown};
use kizumi_image::undone::{Doing as _, Task};
use kizumi_method::benchmark::{BenchmarkRun, csv, markdown, masks_to_look_at, rows};
use kizumi_method::config::{
    FeatureConfig, FeatureResolution, Features, Mode, Objective, Recipe, TrainingConfig,
    TrainingLimit, TrainingPlan,
};
use kizumi_method::metrics::Evaluation;

/// What a finished run leaves in its folder.
const RUN_FILE: &str = "run.json";

/// Far more than that ever has.
const RUN_BYTES_MAX: u64 = 64 << 20;

/// Options of `kizumi benchmark`.
#[derive(Args, Debug)]
pub struct Options {
    /// Data sets in MVTec layout
    #[arg(value_name = "DATA", required = true)]
    data: Vec<PathBuf>,
    #[command(flatten)]
    roles: RoleOptions,
    /// Folder for models, figures and tables; runs that are finished there are not done again, and
    /// the tables are of all of them
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    device: DeviceOption,
    /// The rows as one JSON array on stdout instead of a table
    #[arg(long)]
    json: bool,
    /// Objectives to train, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = clap::builder::PossibleValuesParser::new(Objective::NAMES), default_values = Objective::NAMES)]
    objectives: Vec<String>,
    /// Models of each objective, with the seeds 0, 1, 2, ...
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100), default_value = "3")]
    seeds: u64,
    /// Training time of each model: 90s, 10m, 1h30m
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "30m")]
    time_budget: Duration,
    /// Training images of each model, if they are reached before the time is up
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    images: Option<u64>,
    /// Side of the network's square input, in pixels
    #[arg(long, value_name = "PX", default_value = "128")]
    size: usize,
    /// What one input shows: the whole image, or crops of a texture
    #[arg(long, value_parser = named::<Mode>(&["object", "texture"]), default_value = "object")]
    mode: Mode,
    /// Frozen network whose features of normal images are remembered; none is the autoencoder alone
    #[arg(long, value_parser = named::<Features>(&["none", "lite0"]), default_value = "lite0")]
    features: Features,
    /// How large files are looked at for the features: the side of a square of the same area, in pixels
    #[arg(long, value_name = "PX", value_parser = named::<FeatureResolution>(&FeatureResolution::NAMES), default_value = "auto")]
    feature_resolution: FeatureResolution,
    #[command(flatten)]
    csv: CsvOptions,
    #[command(flatten)]
    projection: ProjectionOptions,
}

impl Options {
    fn plan(&self, objective: &str, seed: u64) -> Result<TrainingPlan, Usage> {
        let objective = Objective::named(objective, 1.0).unwrap_or_default();
        let mut recipe = Recipe::recommended(objective);
        recipe.data.mode = self.mode;
        recipe.data.size_px = self.size;
        recipe.features = FeatureConfig {
            network: self.features,
            resolution: self.feature_resolution,
        };
        recipe.skips = objective.usual_skips(self.features);
        recipe.training.seed = seed;
        recipe.training.limit = TrainingLimit {
            epochs: None,
            images: self.images,
            seconds: Some(self.time_budget.as_secs_f64()),
            ..recipe.training.limit
        };
        let usual = (recipe.projection(), TrainingPlan::default().map);
        let (projection, map) = self.projection.apply(usual.0, usual.1)?;
        let plan = TrainingPlan {
            recipe,
            projection,
            map,
        };
        plan.validate()?;
        Ok(plan)
    }
}

/// Trains and evaluates what is missing, then writes `benchmark.md`, `.csv` and `.json`.
///
/// # Errors
/// [`Usage`]; a bad data set; a file that cannot be written. A model that fails is said and left
/// out; so is what is missing when Ctrl-C ends the benchmark.
pub fn run(options: &Options) -> Result<()> {
    let compute = options.device.open()?;
    let interrupt = Interrupt::listen()?;
    let _held = OutLock::hold(&options.out)?;
    let mut failed = 0;
    'all: for data in &options.data {
        let catalog = dataset::open(data, &options.roles)?;
        let set = set_folder(&options.out, data)?;
        for objective in &options.objectives {
            for seed in 0..options.seeds {
                if interrupt.is_requested() {
                    say(said!(
                        "Stopped; the finished runs are kept.",
                        "中止しました。完了した実行は残っています。"
                    ));
                    break 'all;
                }
                let plan = options.plan(objective, seed)?;
                let folder = set.join(run_name(objective, &plan));
                if folder.join(RUN_FILE).exists() {
                    continue;
                }
                say("");
                say(shown(&folder));
                if let Err(error) = one(&catalog, plan, &folder, options.csv, &compute, &interrupt)
                {
                    let (folder, error) = (shown(&folder), error_line(&error));
                    say(said!("{folder}: {error}", "{folder}：{error}"));
                    failed += 1;
                }
            }
        }
    }
    let runs = finished(&options.out)?;
    let rows = rows(&runs);
    let json = serde_json::to_string_pretty(&runs)
        .with_context(|| said!("cannot write JSON", "JSONを書き出せません"))?;
    write_atomic(&options.out.join("benchmark.json"), json.as_bytes())?;
    let table = options.csv.bom().mark().to_owned() + &csv(&rows);
    write_atomic(&options.out.join("benchmark.csv"), table.as_bytes())?;
    let mut table = markdown(&rows);
    for note in masks_to_look_at(&runs) {
        table += &format!("\n{note}\n");
    }
    write_atomic(&options.out.join("benchmark.md"), table.as_bytes())?;
    if options.json {
        print_json(&rows)?;
    } else {
        print_lines(&table)?;
    }
    if failed > 0 {
        fail!(
            "{failed} of the runs failed",
            "{failed}件の実行に失敗しました"
        );
    }
    Ok(())
}

/// The folder of a run: what is trained, for how long.
fn run_name(objective: &str, plan: &TrainingPlan) -> String {
    let TrainingConfig { seed, limit, .. } = &plan.recipe.training;
    let mode = match plan.recipe.data.mode {
        Mode::Object => "",
        Mode::Texture => "-texture",
    };
    // Those without features have the names from before there were any.
    let features = match plan.recipe.features == FeatureConfig::NONE {
        true => String::new(),
        false => format!("-{}", plan.recipe.features.name().replace(' ', "-")),
    };
    let images = limit.images.map(|images| format!("-{images}"));
    let images = images.unwrap_or_default();
    let secs = limit.seconds.unwrap_or(0.0);
    format!("{objective}{mode}{features}{images}-{secs}s-seed{seed}")
}

/// Trains and evaluates one model; a killed one is trained anew.
fn one(
    catalog: &Catalog,
    plan: TrainingPlan,
    folder: &Path,
    csv: CsvOptions,
    compute: &Compute,
    interrupt: &Interrupt,
) -> Result<()> {
    if catalog.labelled().len() == 0 {
        fail!(
            "there are no test images of known kind",
            "良否の分かっているテスト画像がありません"
        );
    }
    std::fs::create_dir_all(folder).doing(Task::MakeFolder, folder)?;
    let path = folder.join("model.safetensors");
    // Of this very run, killed before.
    for old in autosave::interrupted(folder) {
        autosave::discard(&old.autosave)?;
    }
    let recipe = plan.recipe.clone();
    let run = TrainingRun::new(catalog, plan, &compute.device)?;
    let since = Instant::now();
    let drive = Drive {
        // A model that is there already was left by this very run, stopped before its end.
        keeping: Keeping::new(&path)?.further(&path),
        interrupt,
        report: Report::Nothing,
    };
    let path = train(run, drive)?;
    let training_secs = since.elapsed().as_secs_f64();
    if interrupt.is_requested() {
        return Ok(());
    }
    let artifact = Artifact::load(&path, &compute.device)?;
    let images_seen = artifact.header.images_seen;
    let model = Model::new(&path, artifact, &ProjectionOptions::default())?;
    let measuring = Measuring::new(&model)
        .beside(peers::learn(&model, catalog))
        .all(catalog)?;
    let evaluation = Evaluation {
        healing: healing(&model.artifact, catalog, interrupt)?,
        ..measuring.evaluation()
    };
    if interrupt.is_requested() {
        return Ok(());
    }
    evaluation_folder::write(folder, &catalog.root, measuring, &evaluation, csv)?;
    let set = folder
        .parent()
        .and_then(Path::file_name)
        .unwrap_or_default();
    let run = BenchmarkRun {
        set: path_text(Path::new(set)).into_owned(),
        recipe,
        images_seen,
        training_secs,
        device: compute.info.name.clone(),
        evaluation,
    };
    let json = serde_json::to_string_pretty(&run)
        .with_context(|| said!("cannot write JSON", "JSONを書き出せません"))?;
    write_atomic(&folder.join(RUN_FILE), json.as_bytes())
}

/// All finished runs, by folder name.
fn finished(out: &Path) -> Result<Vec<BenchmarkRun>> {
    let mut files = Vec::new();
    for set in folders(out)? {
        for run in folders(&set)? {
            files.push(run.join(RUN_FILE));
        }
    }
    files.sort();
    files.retain(|file| file.exists());
    let read = |file: PathBuf| -> Result<BenchmarkRun> {
        let text = regular::read_text(&file, RUN_BYTES_MAX).doing(Task::Read, &file)?;
        serde_json::from_str(&text).with_context(|| {
            let file = shown(&file);
            said!("{file} is damaged", "{file} は壊れています")
        })
    };
    files.into_iter().map(read).collect()
}

fn folders(of: &Path) -> Result<Vec<PathBuf>> {
    if !of.exists() {
        return Ok(Vec::new());
    }
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(of).doing(Task::List, of)? {
        let path = entry.doing(Task::List, of)?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    Ok(folders)
}
