//! `kizumi train`: from a folder of images to a model file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::Usage;
use super::dataset;
use super::duration::parse_duration;
use super::excluding::ExcludeOptions;
use super::interrupt::Interrupt;
use super::model_file::ModelFile;
use super::options::{DeviceOption, mm_per_px, named};
use super::output::{note, say};
use super::roles::RoleOptions;
use super::said::{fail, said};
use super::training::{Drive, Report, train};
use kizumi_compute::device::Device;
use kizumi_compute::refusal::Refusal;
use kizumi_compute::training::autosave::{self, Interrupted, RunRecord, interrupted};
use kizumi_compute::training::keeping::Keeping;
use kizumi_compute::training::run::TrainingRun;
use kizumi_dataset::catalog::Catalog;
use kizumi_image::align::Align;
use kizumi_image::crop::Crop;
use kizumi_image::depth::Depth;
use kizumi_image::shown::shown;
use kizumi_method::config::{
    Aspect, AugmentConfig, DataConfig, FeatureConfig, FeatureResolution, Features, Mode,
    NetworkConfig, Objective, Recipe, Schedule, TrainingConfig, TrainingLimit, TrainingPlan,
};

/// Options of `kizumi train`.
#[derive(Args, Debug)]
pub struct Options {
    /// Folder of images: train/good, test/<kind> and ground_truth/<kind>, folders such as OK and NG, or normal
    /// images alone; 'kizumi data' says what is recognised
    #[arg(value_name = "DATA")]
    data: PathBuf,
    #[command(flatten)]
    roles: RoleOptions,
    /// Model file to write (.safetensors)
    #[arg(long, value_name = "MODEL")]
    out: PathBuf,
    #[command(flatten)]
    device: DeviceOption,
    /// Progress and summary as lines of JSON on stdout
    #[arg(long)]
    json: bool,
    /// Continue this model with its own configuration; the limits count from there. A training that was
    /// interrupted goes on, with its optimiser's state, to the limits that it had, unless others are given; without a MODEL it is the last one that was to end in --out
    #[arg(long, value_name = "MODEL", num_args = 0..=1, conflicts_with_all = ["Configuration", "Augmentation"])]
    resume: Option<Option<PathBuf>>,
    #[command(flatten)]
    exclude: ExcludeOptions,
    #[command(flatten)]
    limit: LimitOptions,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    augmentation: Augmentation,
}

/// When to stop.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "When to stop (the first limit reached; Ctrl-C stops and keeps)")]
struct LimitOptions {
    /// Stop after this many epochs of 10 000 augmented images [default: 4 unless another limit is
    /// given]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    epochs: Option<u64>,
    /// Stop after this many training images
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    images: Option<u64>,
    /// Stop after training this long: 90s, 10m, 1h30m
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    time_budget: Option<Duration>,
    /// Train no network at all: a model that tells defects by the features of normal images, in a minute.
    /// --resume goes on with it
    #[arg(long, conflicts_with_all = ["epochs", "images", "time_budget"])]
    features_only: bool,
    /// Stop after this many epochs in which the validation images were not reconstructed better; 0 is
    /// never. Their best weights are kept in any case
    #[arg(long, value_name = "N", default_value_t = 3)]
    patience: u64,
}

impl LimitOptions {
    fn is_given(self) -> bool {
        let limited = self.epochs.is_some() || self.images.is_some();
        limited || self.time_budget.is_some() || self.features_only
    }

    fn limit(self) -> TrainingLimit {
        let patience_epochs = (self.patience > 0).then_some(self.patience);
        let given = TrainingLimit {
            epochs: self.epochs,
            images: self.images.or(self.features_only.then_some(0)),
            seconds: self.time_budget.map(|budget| budget.as_secs_f64()),
            patience_epochs: None,
        };
        let usual = match given == TrainingLimit::default() {
            true => TrainingConfig::default().limit,
            false => given,
        };
        TrainingLimit {
            patience_epochs,
            ..usual
        }
    }
}

/// How a new model is made.
#[derive(Args, Clone, Debug)]
#[group(id = "Configuration", multiple = true)]
#[command(next_help_heading = "Model and training")]
struct Configuration {
    /// Seed of weights, split, shuffles, augmentation and latent noise
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Side of the network's square input, in pixels
    #[arg(long, value_parser = named_size(), default_value = "128")]
    size: usize,
    /// What one input shows: the whole image, or crops of a texture
    #[arg(long, value_parser = named::<Mode>(&["object", "texture"]), default_value = "object")]
    mode: Mode,
    /// How an image that is not square becomes square in object mode
    #[arg(long, value_parser = named::<Aspect>(&["stretch", "letterbox"]), default_value = "stretch")]
    aspect: Aspect,
    /// The part of each photograph that is looked at, in pixels of the file as it is shown upright; all photographs
    /// need the same size then [default: all of it]
    #[arg(long, value_name = "X,Y,WIDTH,HEIGHT")]
    crop: Option<Crop>,
    /// Millimetres in a pixel of the files: regions are measured in millimetres, too
    #[arg(long, value_name = "MM", value_parser = mm_per_px)]
    mm_per_px: Option<f32>,
    /// Look for the part in every photograph, and turn and move it to where it lies in the first normal one, or in
    /// FILE (as --align=FILE). --crop is the part's rectangle there; without it the part is what the normal
    /// photographs have in common
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    align: Option<Option<PathBuf>>,
    /// Texture mode: larger images are scaled down so that the shorter side has this many pixels
    #[arg(long, value_name = "PX", default_value_t = DataConfig::default().texture_side_px)]
    texture_side: usize,
    /// Share of the normal images kept for calibration, 0 to 0.9
    #[arg(long, value_name = "SHARE", default_value_t = DataConfig::default().validation_fraction)]
    validation_fraction: f32,
    /// Frozen network whose features of normal images are remembered; none is the autoencoder alone
    #[arg(long, value_parser = named::<Features>(&["none", "lite0"]), default_value = "lite0")]
    features: Features,
    /// How large files are looked at for the features: the side of a square of the same area, in pixels;
    /// auto goes by the size of the files
    #[arg(long, value_name = "PX", value_parser = named::<FeatureResolution>(&FeatureResolution::NAMES), default_value = "auto")]
    feature_resolution: FeatureResolution,
    /// Length of the latent vector
    #[arg(long, value_name = "N", default_value_t = NetworkConfig::default().latent)]
    latent: usize,
    /// Channels of the first layer; the others are multiples of it
    #[arg(long, value_name = "N", default_value_t = NetworkConfig::default().width)]
    width: usize,
    /// Skip connections past the latent, the coarsest first [default: 0; without features
    /// 4 for the restoring autoencoder]
    #[arg(long, value_name = "N")]
    skips: Option<usize>,
    /// What training minimises: the VAE's bound, that with a learned decoder variance, squared
    /// errors, 1 - SSIM, or squared errors of restoring corrupted images
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(Objective::NAMES), default_value = Objective::default().name())]
    objective: String,
    /// Weight of the VAE's KL divergence
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    beta: f32,
    /// Images in one optimiser step
    #[arg(long, value_name = "N", default_value_t = TrainingConfig::default().batch)]
    batch: usize,
    /// Adam's step size
    #[arg(long, value_name = "X", default_value_t = TrainingConfig::default().learning_rate)]
    learning_rate: f64,
    /// How the step size goes on: down along half a cosine to the end of the run, or the same all
    /// the time
    #[arg(long, value_parser = named::<Schedule>(&["cosine", "constant"]), default_value = "cosine")]
    schedule: Schedule,
}

/// Random changes of the training images.
#[derive(Args, Clone, Copy, Debug)]
#[group(id = "Augmentation", multiple = true)]
#[command(next_help_heading = "Augmentation of the training images (0 switches a part off)")]
struct Augmentation {
    /// Rotate by up to this many degrees either way
    #[arg(long, value_name = "DEG", default_value_t = AugmentConfig::default().rotation_deg)]
    rotation_deg: f32,
    /// Shift by up to this share of the side
    #[arg(long, value_name = "SHARE", default_value_t = AugmentConfig::default().shift_fraction)]
    shift: f32,
    /// Scale by up to this share either way
    #[arg(long, value_name = "SHARE", default_value_t = AugmentConfig::default().scale_fraction)]
    scale: f32,
    /// Bend by shifts of up to this share of the side
    #[arg(long, value_name = "SHARE", default_value_t = AugmentConfig::default().warp_fraction)]
    warp: f32,
    /// Make lighter or darker by up to this, of 1
    #[arg(long, value_name = "X", default_value_t = AugmentConfig::default().brightness)]
    brightness: f32,
    /// Change the contrast by up to this share either way
    #[arg(long, value_name = "SHARE", default_value_t = AugmentConfig::default().contrast)]
    contrast: f32,
    /// Mirror left and right, half of the time
    #[arg(long)]
    flip_horizontal: bool,
    /// Mirror top and bottom, half of the time
    #[arg(long)]
    flip_vertical: bool,
    /// No random changes at all
    #[arg(long, conflicts_with_all = ["rotation_deg", "shift", "scale", "warp", "brightness", "contrast", "flip_horizontal", "flip_vertical"])]
    no_augmentation: bool,
}

impl Augmentation {
    fn config(self) -> AugmentConfig {
        if self.no_augmentation {
            return AugmentConfig::off();
        }
        AugmentConfig {
            rotation_deg: self.rotation_deg,
            shift_fraction: self.shift,
            scale_fraction: self.scale,
            warp_fraction: self.warp,
            brightness: self.brightness,
            contrast: self.contrast,
            flip_horizontal: self.flip_horizontal,
            flip_vertical: self.flip_vertical,
        }
    }
}

/// The sizes that the network is built for.
fn named_size() -> impl clap::builder::TypedValueParser<Value = usize> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(["64", "128", "256"])
        .map(|size| size.parse().expect("the sizes are numbers"))
}

impl Options {
    /// The plan of a new model.
    fn plan(&self) -> Result<TrainingPlan, Usage> {
        let given = &self.configuration;
        let objective = Objective::named(&given.objective, given.beta).unwrap_or_default();
        let recipe = Recipe {
            data: DataConfig {
                mode: given.mode,
                size_px: given.size,
                channels: None,
                aspect: given.aspect,
                texture_side_px: given.texture_side,
                validation_fraction: given.validation_fraction,
                crop: given.crop,
                mm_per_px: given.mm_per_px,
                align: given.align.clone().map(|reference| Align {
                    reference,
                    template: None,
                }),
                view: None,
                depth: Depth::ByFile,
            },
            features: FeatureConfig {
                network: given.features,
                resolution: given.feature_resolution,
            },
            latent: given.latent,
            width: given.width,
            skips: given.skips.unwrap_or(objective.usual_skips(given.features)),
            training: TrainingConfig {
                objective,
                learning_rate: given.learning_rate,
                schedule: given.schedule,
                batch: given.batch,
                limit: self.limit.limit(),
                seed: given.seed,
                augment: self.augmentation.config(),
                ..TrainingConfig::default()
            },
        };
        // Clap does not say so beside options that --resume conflicts with.
        if self.exclude.takes_back() && self.resume.is_none() {
            return Err(said!(
                "--take-back needs --resume: a new model leaves nothing out by itself",
                "--take-backには--resumeが必要です。新しいモデルが除外している画像はありません"
            )
            .into());
        }
        if self.limit.features_only && recipe.features == FeatureConfig::NONE {
            return Err(said!(
                "--features-only needs features: choose a network with --features",
                "--features-onlyには特徴が必要です。--featuresでネットワークを選んでください"
            )
            .into());
        }
        let plan = TrainingPlan {
            projection: recipe.projection(),
            recipe,
            ..TrainingPlan::default()
        };
        plan.validate()?;
        Ok(plan)
    }
}

/// Trains.
///
/// # Errors
/// [`Usage`]; when there is nothing to learn from; when training diverges; when the model cannot
/// be written.
pub fn run(options: &Options) -> Result<()> {
    let plan = options.plan()?;
    ModelFile::new(&options.out)?;
    let resume = options.to_resume()?;
    let catalog = options
        .exclude
        .apply(dataset::open(&options.data, &options.roles)?)?;
    dataset::say_duplicates(&catalog);
    let interrupt = Interrupt::listen()?;
    let device = options.device.open()?.device;
    let (run, keeping) = match resume {
        Some(path) => resumed(&path, options, &catalog, &device)?,
        None => (
            TrainingRun::new(&catalog, plan, &device),
            Keeping::new(&options.out)?,
        ),
    };
    let drive = Drive {
        keeping,
        interrupt: &interrupt,
        report: if options.json {
            Report::Json
        } else {
            Report::Text
        },
    };
    train(run?, drive)?;
    Ok(())
}

impl Options {
    /// The model to go on with. Trainings of this model that were interrupted and are left alone are
    /// named.
    fn to_resume(&self) -> Result<Option<PathBuf>> {
        let out = std::path::absolute(&self.out)?;
        let folder = out.parent().unwrap_or(&out);
        let mut earlier = interrupted(folder);
        earlier.retain(|earlier| earlier.target == out);
        let name = shown(&self.out);
        match &self.resume {
            Some(Some(path)) => Ok(Some(path.clone())),
            Some(None) => match earlier.first() {
                Some(latest) => Ok(Some(latest.autosave.clone())),
                None => fail!(
                    "no training of {name} was interrupted",
                    "{name} の中断された学習はありません"
                ),
            },
            None => {
                for Interrupted {
                    autosave,
                    images,
                    share,
                    ..
                } in earlier
                {
                    let share = share.map_or_else(String::new, |share| {
                        let percent = 100.0 * share;
                        said!(", {percent:.0} % of it", "（全体の{percent:.0} %）")
                    });
                    let path = shown(&autosave);
                    note(said!(
                        "a training of {name} was interrupted after {images} images{share}. To go on with it: \
                         --resume {path}; if nobody wants it, remove that file.",
                        "{name} の学習が、画像{images}枚{share}で中断されています。続けるには--resume {path}を\
                         指定します。不要であればこのファイルを削除してください。"
                    ));
                }
                Ok(None)
            }
        }
    }
}

/// Goes on with a model, or with a training that was interrupted.
fn resumed(
    path: &Path,
    options: &Options,
    catalog: &Catalog,
    device: &Device,
) -> Result<(Result<TrainingRun, Refusal>, Keeping)> {
    let (mut artifact, record) = autosave::load(path, device)?;
    let taken_back = options.exclude.taken_back(catalog)?;
    artifact.header.dataset.take_back(&taken_back);
    let images = artifact.header.images_seen;
    let name = shown(path);
    say(said!(
        "Continuing {name} after {images} images.",
        "{name} の学習を、画像{images}枚の時点から続けます。"
    ));
    if let Some(record) = &record {
        say_other_folder(&record.data, &catalog.root);
    }
    let limit = options.limit.limit();
    Ok(match record {
        Some(record) if !options.limit.is_given() => (
            TrainingRun::go_on(artifact, &record, catalog, device),
            Keeping::take_over(path, record, &options.out)?,
        ),
        Some(record) => {
            let record = RunRecord {
                trained_secs: 0.0,
                is_trained: false,
                ..record
            };
            let keeping = Keeping::take_over(path, record, &options.out)?;
            let run = TrainingRun::resume(artifact, catalog, limit, device);
            (run, keeping)
        }
        None => (
            TrainingRun::resume(artifact, catalog, limit, device),
            Keeping::new(&options.out)?.further(path),
        ),
    })
}

/// Says that a training goes on with other images than it had.
fn say_other_folder(before: &Path, now: &Path) {
    let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    // A folder without a whole path cannot be read either, which is said elsewhere.
    if whole(before).ok() != whole(now).ok() {
        let (before, now) = (shown(before), shown(now));
        note(said!(
            "this training was on the images of {before}; it goes on with those of {now}.",
            "この学習には {before} の画像が使われていました。ここからは {now} の画像を使います。"
        ));
    }
}
