//! The network, how it is trained, and when training ends.

use serde::{Deserialize, Serialize};

use super::{
    AugmentConfig, DataConfig, Distance, FeatureConfig, Features, MapConfig, ProjectionConfig,
};
use kizumi_image::input::{validate_channels, validate_size};
use kizumi_image::setting::{
    Allowed, InvalidSetting, Setting, require, require_not_negative, require_positive,
    require_within,
};

/// Skip connections that a network may have, at most.
pub const MAX_SKIPS: usize = 4;

/// The shape of the network (method: "Network").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// Planes of input and output: 1 or 3.
    pub channels: usize,
    /// Side of the square input, one of [`NETWORK_SIZES_PX`](super::NETWORK_SIZES_PX).
    pub size_px: usize,
    /// Length of the latent vector.
    pub latent: usize,
    /// Channels of the first layer; the others are multiples of it. The paper's network has 32.
    pub width: usize,
    /// Skip connections past the latent, `0..=MAX_SKIPS`: 1 at a sixteenth of the side, each
    /// further one at twice the resolution. The paper's network has none.
    #[serde(default)]
    pub skips: usize,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            channels: 3,
            size_px: 128,
            latent: 100,
            width: 32,
            skips: 0,
        }
    }
}

impl NetworkConfig {
    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        validate_channels(self.channels)?;
        validate_size(self.size_px)?;
        require_within(Setting::Latent, self.latent, 1..=4096)?;
        require_within(Setting::Width, self.width, 1..=256)?;
        require_within(Setting::Skips, self.skips, 0..=MAX_SKIPS)
    }
}

/// What training minimises.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "name")]
pub enum Objective {
    /// The L2 autoencoder: the sum of squared errors. The latent is not sampled.
    Autoencoder,
    /// Sum of squared errors plus `beta` times the KL divergence to a standard normal.
    Vae {
        /// Weight of the KL divergence; 1 is the plain VAE.
        beta: f32,
    },
    /// The VAE with a learned standard deviation gamma of the decoder (Dai and Wipf 2019):
    /// `sum (x - f)^2 / (2 gamma^2) + D log gamma + KL`. Gamma is where that is least, the root of
    /// the batch's mean squared error (Rybkin et al. 2021), so it needs no step size.
    GammaVae,
    /// The DSAE (Bergmann et al. 2018), an autoencoder that looks at structure: the sum of `1 - SSIM`
    /// over pixels and channels. The latent is not sampled.
    Dssim,
    /// The restoring autoencoder: the sum of squared errors between the clean image and what comes
    /// of a corrupted one. The latent is not sampled.
    Restoring,
}

impl Objective {
    /// Whether the latent is sampled and the KL divergence counts.
    pub fn is_variational(self) -> bool {
        matches!(self, Self::Vae { .. } | Self::GammaVae)
    }

    /// The names that [`Objective::named`] knows.
    pub const NAMES: [&str; 5] = ["vae", "gamma-vae", "autoencoder", "dssim", "restoring"];

    /// The objective of a name, as in model files; `beta` counts for the VAE alone.
    pub fn named(name: &str, beta: f32) -> Option<Self> {
        match name {
            "vae" => Some(Self::Vae { beta }),
            "gamma-vae" => Some(Self::GammaVae),
            "autoencoder" => Some(Self::Autoencoder),
            "dssim" => Some(Self::Dssim),
            "restoring" => Some(Self::Restoring),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vae { .. } => "vae",
            Self::GammaVae => "gamma-vae",
            Self::Autoencoder => "autoencoder",
            Self::Dssim => "dssim",
            Self::Restoring => "restoring",
        }
    }

    /// Skip connections that do it good. A network that is shown what it is to give back would learn
    /// to copy; one that is to repair it gains detail by them, but gives large defects back. Where features
    /// tell the defects, their detail is not missed.
    pub fn usual_skips(self, features: Features) -> usize {
        match features {
            Features::None if self.is_restoring() => MAX_SKIPS,
            _ => 0,
        }
    }

    /// Whether it learns from corrupted images.
    pub fn is_restoring(self) -> bool {
        self == Self::Restoring
    }

    /// Weight of the KL divergence.
    pub fn kl_weight(self) -> f32 {
        match self {
            Self::Vae { beta } => beta,
            Self::GammaVae => 1.0,
            Self::Autoencoder | Self::Dssim | Self::Restoring => 0.0,
        }
    }

    /// What the reconstruction term of the training loss measures.
    pub fn distance(self) -> Distance {
        match self {
            Self::Dssim => Distance::Dissimilarity,
            _ => Distance::SquaredError,
        }
    }
}

impl Default for Objective {
    /// The one that finds defects best on the sets it was measured on: see docs/benchmark.md.
    fn default() -> Self {
        Self::Restoring
    }
}

/// When training ends by itself: at the first limit that is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingLimit {
    /// Epochs of [`TrainingConfig::images_per_epoch`] images.
    pub epochs: Option<u64>,
    /// Training images, augmented ones counted each time.
    pub images: Option<u64>,
    /// Wall-clock seconds; kept by whoever drives the trainer.
    pub seconds: Option<f64>,
    /// Epochs without a lower validation loss.
    pub patience_epochs: Option<u64>,
}

/// How the step size goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Schedule {
    /// The same from the first step to the last, as in the paper.
    Constant,
    /// Up over the first `WARM_UP_STEPS`, then down along half a cosine (Loshchilov and Hutter
    /// 2017) to `FINAL_SHARE`; without a limit it stays up.
    #[default]
    Cosine,
}

/// Steps until the full step size: Adam's second moments are noise before.
const WARM_UP_STEPS: u64 = 200;

/// Share of the step size that is left at the end.
const FINAL_SHARE: f64 = 0.01;

/// How a model is trained (method: "Training").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingConfig {
    /// The training loss.
    pub objective: Objective,
    /// Adam's step size, the largest of the schedule.
    pub learning_rate: f64,
    /// How it goes on.
    pub schedule: Schedule,
    /// Adam's decay of the first moment.
    pub adam_beta1: f32,
    /// Adam's decay of the second moment.
    pub adam_beta2: f32,
    /// L2 penalty on the weights, added to the gradient.
    pub weight_decay: f32,
    /// Images a step.
    pub batch: usize,
    /// Augmented images that make one epoch.
    pub images_per_epoch: u64,
    /// When to stop.
    pub limit: TrainingLimit,
    /// Seed of weights, split, shuffles, augmentation and latent noise.
    pub seed: u64,
    /// Random changes of the training images.
    pub augment: AugmentConfig,
}

impl Default for TrainingConfig {
    fn default() -> Self {
        Self {
            objective: Objective::default(),
            learning_rate: 1e-3,
            schedule: Schedule::default(),
            adam_beta1: 0.5,
            adam_beta2: 0.999,
            weight_decay: 1e-5,
            batch: 16,
            images_per_epoch: 10_000,
            limit: TrainingLimit {
                epochs: Some(4),
                images: None,
                seconds: None,
                patience_epochs: Some(3),
            },
            seed: 0,
            augment: AugmentConfig::default(),
        }
    }
}

impl TrainingConfig {
    /// Adam's step size at a step, counted from 0, when so much of the run is done, `0.0..=1.0`.
    pub fn learning_rate_at(&self, step: u64, done: f64) -> f64 {
        match self.schedule {
            Schedule::Constant => self.learning_rate,
            Schedule::Cosine => {
                let up = ((step + 1) as f64 / WARM_UP_STEPS as f64).min(1.0);
                let half_wave = 0.5 + 0.5 * (std::f64::consts::PI * done.clamp(0.0, 1.0)).cos();
                self.learning_rate * up * (FINAL_SHARE + (1.0 - FINAL_SHARE) * half_wave)
            }
        }
    }

    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        let beta = self.objective.kl_weight();
        require_not_negative(Setting::Beta, beta)?;
        require_positive(Setting::LearningRate, self.learning_rate)?;
        require_within(Setting::Batch, self.batch, 1..=1024)?;
        let images = self.images_per_epoch;
        require(
            images > 0,
            Setting::ImagesPerEpoch,
            images,
            Allowed::Positive,
        )?;
        if let Some(seconds) = self.limit.seconds {
            require_positive(Setting::TimeLimit, seconds)?;
        }
        for decay in [self.adam_beta1, self.adam_beta2] {
            // 1 would keep the first gradient for ever.
            require_within(Setting::AdamBetas, decay, 0.0..=1.0f32.next_down())?;
        }
        require_not_negative(Setting::WeightDecay, self.weight_decay)?;
        let AugmentConfig {
            rotation_deg,
            shift_fraction,
            scale_fraction,
            warp_fraction,
            brightness,
            contrast,
            ..
        } = self.augment;
        require_within(Setting::Rotation, rotation_deg, 0.0..=180.0)?;
        require_within(Setting::Shift, shift_fraction, 0.0..=0.5)?;
        require_within(Setting::Scale, scale_fraction, 0.0..=0.5)?;
        require_within(Setting::Warp, warp_fraction, 0.0..=0.2)?;
        require_within(Setting::Brightness, brightness, 0.0..=0.5)?;
        require_within(Setting::Contrast, contrast, 0.0..=0.9)
    }
}

/// Everything that decides what a network becomes: a change needs retraining.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// How files become inputs.
    pub data: DataConfig,
    /// Length of the latent vector.
    pub latent: usize,
    /// Channels of the first layer.
    pub width: usize,
    /// Skip connections: see [`NetworkConfig::skips`].
    pub skips: usize,
    /// What is remembered of the features of normal images.
    pub features: FeatureConfig,
    /// Loss, optimiser, limit, seed, augmentation.
    pub training: TrainingConfig,
}

impl Default for Recipe {
    fn default() -> Self {
        let network = NetworkConfig::default();
        Self {
            data: DataConfig::default(),
            latent: network.latent,
            width: network.width,
            skips: Objective::default().usual_skips(Features::default()),
            features: FeatureConfig::default(),
            training: TrainingConfig::default(),
        }
    }
}

/// A recipe, and what its calibration measures with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingPlan {
    /// What is trained, and how.
    pub recipe: Recipe,
    /// The projection that the calibration uses.
    pub projection: ProjectionConfig,
    /// The maps that the calibration uses.
    pub map: MapConfig,
}

impl TrainingPlan {
    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        self.recipe.data.validate()?;
        self.recipe.training.validate()?;
        self.recipe.network(1).validate()?;
        self.projection.validate()?;
        self.map.validate()
    }
}

impl Recipe {
    /// What an objective does best with.
    pub fn recommended(objective: Objective) -> Self {
        Self {
            skips: objective.usual_skips(Features::default()),
            training: TrainingConfig {
                objective,
                ..TrainingConfig::default()
            },
            ..Self::default()
        }
    }

    /// What its models project with unless something else is asked for: gated by features where they are
    /// remembered.
    pub fn projection(&self) -> ProjectionConfig {
        self.features.network.projection()
    }

    /// The network that it makes for images of so many channels.
    pub fn network(&self, channels: usize) -> NetworkConfig {
        NetworkConfig {
            channels,
            size_px: self.data.size_px,
            latent: self.latent,
            width: self.width,
            skips: self.skips,
        }
    }
}
