//! Everything a person can set, as plain serde types with the method's defaults.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The side lengths the network is built for, in pixels.
pub const NETWORK_SIZES_PX: [usize; 3] = [64, 128, 256];

/// What one network input shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The whole image, resized.
    #[default]
    Object,
    /// A crop of the image; at test overlapping tiles cover it.
    Texture,
}

/// How an image of another shape becomes square in object mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aspect {
    /// Both sides are resized to the network's size; proportions change.
    #[default]
    Stretch,
    /// Proportions stay; the rest is filled with black and left out of maps and scores.
    Letterbox,
}

/// How image files become network inputs. Part of the model file: training and test must agree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// Whole images or crops.
    pub mode: Mode,
    /// Side of the network's square input, one of [`NETWORK_SIZES_PX`].
    pub size_px: usize,
    /// 1 or 3; `None` takes 1 when every training image is grey, else 3.
    pub channels: Option<usize>,
    /// Object mode only.
    pub aspect: Aspect,
    /// Texture mode only: images are scaled down so that the shorter side is at most this, and up
    /// so that it is at least `size_px`.
    pub texture_side_px: usize,
    /// Share of the normal images kept for calibration and previews, `0.0..1.0`.
    pub validation_fraction: f32,
}

impl Default for DataConfig {
    fn default() -> Self {
        Self {
            mode: Mode::Object,
            size_px: 128,
            channels: None,
            aspect: Aspect::Stretch,
            texture_side_px: 512,
            validation_fraction: 0.1,
        }
    }
}

/// Random changes of a training image; a value of zero (or `false`) switches a part off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AugmentConfig {
    /// Rotation, uniform in plus or minus this many degrees.
    pub rotation_deg: f32,
    /// Shift of each axis, uniform in plus or minus this share of the side.
    pub shift_fraction: f32,
    /// Scale, uniform in one plus or minus this.
    pub scale_fraction: f32,
    /// Mirror left and right, half of the time.
    pub flip_horizontal: bool,
    /// Mirror top and bottom, half of the time.
    pub flip_vertical: bool,
}

impl Default for AugmentConfig {
    fn default() -> Self {
        Self {
            rotation_deg: 3.0,
            shift_fraction: 0.02,
            scale_fraction: 0.02,
            flip_horizontal: false,
            flip_vertical: false,
        }
    }
}

impl AugmentConfig {
    /// Every part off.
    pub fn off() -> Self {
        Self {
            rotation_deg: 0.0,
            shift_fraction: 0.0,
            scale_fraction: 0.0,
            flip_horizontal: false,
            flip_vertical: false,
        }
    }
}

/// The shape of the network (method: "Network").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// Planes of input and output: 1 or 3.
    pub channels: usize,
    /// Side of the square input, one of [`NETWORK_SIZES_PX`].
    pub size_px: usize,
    /// Length of the latent vector.
    pub latent: usize,
    /// Channels of the first layer; the others are multiples of it. The paper's network has 32.
    pub width: usize,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            channels: 3,
            size_px: 128,
            latent: 100,
            width: 32,
        }
    }
}

/// What training minimises.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "name")]
pub enum Objective {
    /// Sum of squared errors plus `beta` times the KL divergence to a standard normal.
    Vae {
        /// Weight of the KL divergence; 1 is the plain VAE.
        beta: f32,
    },
}

impl Default for Objective {
    fn default() -> Self {
        Self::Vae { beta: 1.0 }
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
}

/// How a model is trained (method: "Training").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingConfig {
    /// The training loss.
    pub objective: Objective,
    /// Adam's step size.
    pub learning_rate: f64,
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
            learning_rate: 2e-4,
            adam_beta1: 0.5,
            adam_beta2: 0.999,
            weight_decay: 1e-5,
            batch: 16,
            images_per_epoch: 10_000,
            limit: TrainingLimit {
                epochs: Some(10),
                images: None,
                seconds: None,
            },
            seed: 0,
            augment: AugmentConfig::default(),
        }
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
            training: TrainingConfig::default(),
        }
    }
}

/// How an iterate follows from the one before (method: "Formulas").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepRule {
    /// `x - alpha * grad E * (x - f(x))^2`.
    #[default]
    Weighted,
    /// `x - alpha * grad E`.
    Plain,
}

/// What keeps an iterate close to the original.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Regulariser {
    /// Sum of absolute differences: pixels that need not move stay exactly where they were.
    #[default]
    L1,
    /// Sum of squared differences.
    L2,
}

/// The projection's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectionConfig {
    /// Step size, positive (0 is the identity).
    pub alpha: f32,
    /// Weight of the regulariser, 0 or more.
    pub lambda: f32,
    /// The most iterations.
    pub iterations: usize,
    /// Weighted or plain step.
    pub step: StepRule,
    /// L1 or L2.
    pub regulariser: Regulariser,
    /// Stop below the smallest reconstruction error of the training images.
    pub stop_early: bool,
    /// Take a step that raised the energy back and halve alpha.
    pub back_off: bool,
}

impl Default for ProjectionConfig {
    fn default() -> Self {
        Self {
            alpha: 0.5,
            lambda: 0.05,
            iterations: 25,
            step: StepRule::Weighted,
            regulariser: Regulariser::L1,
            stop_early: true,
            back_off: false,
        }
    }
}

/// How an anomaly map becomes an image score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MapConfig {
    /// Standard deviation of the Gaussian that smooths the maps, in network pixels; 0 is off.
    pub smoothing_px: f32,
    /// The map's percentile that is the image score, `0.0..=100.0`; 100 is the maximum.
    pub score_percentile: f32,
}

impl Default for MapConfig {
    fn default() -> Self {
        Self {
            smoothing_px: 2.0,
            score_percentile: 100.0,
        }
    }
}

/// Which device computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceChoice {
    /// A GPU when a real one exists, else the CPU.
    #[default]
    Auto,
    /// Burn's Flex device.
    Cpu,
    /// The n-th real GPU, counted from 0.
    Gpu(usize),
    /// A software Vulkan adapter, for tests.
    SoftwareGpu,
}

impl FromStr for DeviceChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "gpu" => Ok(Self::Gpu(0)),
            "gpu:cpu" => Ok(Self::SoftwareGpu),
            other => other
                .strip_prefix("gpu:")
                .and_then(|index| index.parse().ok())
                .map(Self::Gpu)
                .ok_or_else(|| format!("'{other}' is none of auto, cpu, gpu, gpu:N, gpu:cpu")),
        }
    }
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => write!(f, "auto"),
            Self::Cpu => write!(f, "cpu"),
            Self::Gpu(0) => write!(f, "gpu"),
            Self::Gpu(index) => write!(f, "gpu:{index}"),
            Self::SoftwareGpu => write!(f, "gpu:cpu"),
        }
    }
}

/// `Ok` when the condition holds, else what is wrong.
fn require(condition: bool, complaint: impl FnOnce() -> String) -> Result<(), String> {
    if condition { Ok(()) } else { Err(complaint()) }
}

impl DataConfig {
    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), String> {
        require(NETWORK_SIZES_PX.contains(&self.size_px), || {
            format!("size {} is none of 64, 128, 256", self.size_px)
        })?;
        require(matches!(self.channels, None | Some(1 | 3)), || {
            "channels must be 1 or 3".into()
        })?;
        require((32..=8192).contains(&self.texture_side_px), || {
            format!("texture side {} is not in 32..=8192", self.texture_side_px)
        })?;
        require((0.0..=0.9).contains(&self.validation_fraction), || {
            format!(
                "validation fraction {} is not in 0..=0.9",
                self.validation_fraction
            )
        })
    }
}

impl NetworkConfig {
    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), String> {
        require(matches!(self.channels, 1 | 3), || {
            "channels must be 1 or 3".into()
        })?;
        require(NETWORK_SIZES_PX.contains(&self.size_px), || {
            format!("size {} is none of 64, 128, 256", self.size_px)
        })?;
        require((1..=4096).contains(&self.latent), || {
            format!("latent size {} is not in 1..=4096", self.latent)
        })?;
        require((1..=256).contains(&self.width), || {
            format!("width {} is not in 1..=256", self.width)
        })
    }
}

impl TrainingConfig {
    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), String> {
        let Objective::Vae { beta } = self.objective;
        require(beta.is_finite() && beta >= 0.0, || {
            format!("beta {beta} is not 0 or more")
        })?;
        require(
            self.learning_rate.is_finite() && self.learning_rate > 0.0,
            || format!("learning rate {} is not positive", self.learning_rate),
        )?;
        require((1..=1024).contains(&self.batch), || {
            format!("batch {} is not in 1..=1024", self.batch)
        })?;
        require(self.images_per_epoch > 0, || {
            "an epoch needs at least 1 image".into()
        })?;
        let decays = [self.adam_beta1, self.adam_beta2];
        require(
            decays.iter().all(|decay| (0.0..1.0).contains(decay)),
            || format!("Adam's betas {decays:?} are not in 0..1"),
        )?;
        require(
            self.weight_decay.is_finite() && self.weight_decay >= 0.0,
            || format!("weight decay {} is not 0 or more", self.weight_decay),
        )?;
        let AugmentConfig {
            rotation_deg,
            shift_fraction,
            scale_fraction,
            ..
        } = self.augment;
        require((0.0..=180.0).contains(&rotation_deg), || {
            format!("rotation {rotation_deg} is not in 0..=180 degrees")
        })?;
        require((0.0..=0.5).contains(&shift_fraction), || {
            format!("shift {shift_fraction} is not in 0..=0.5")
        })?;
        require((0.0..=0.5).contains(&scale_fraction), || {
            format!("scale {scale_fraction} is not in 0..=0.5")
        })
    }
}

impl ProjectionConfig {
    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), String> {
        require(self.alpha.is_finite() && self.alpha >= 0.0, || {
            format!("alpha {} is not 0 or more", self.alpha)
        })?;
        require(self.lambda.is_finite() && self.lambda >= 0.0, || {
            format!("lambda {} is not 0 or more", self.lambda)
        })?;
        require(self.iterations <= 100_000, || {
            format!("{} iterations are over 100000", self.iterations)
        })
    }
}

impl MapConfig {
    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), String> {
        require((0.0..=64.0).contains(&self.smoothing_px), || {
            format!("smoothing {} is not in 0..=64 px", self.smoothing_px)
        })?;
        require((0.0..=100.0).contains(&self.score_percentile), || {
            format!(
                "score percentile {} is not in 0..=100",
                self.score_percentile
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_choice_round_trips() {
        for text in ["auto", "cpu", "gpu", "gpu:1", "gpu:cpu"] {
            assert_eq!(
                text.parse::<DeviceChoice>()
                    .map(|choice| choice.to_string()),
                Ok(text.into())
            );
        }
        assert!("gpu:x".parse::<DeviceChoice>().is_err());
        assert!("tpu".parse::<DeviceChoice>().is_err());
    }

    #[test]
    fn configs_round_trip_and_refuse_unknown_fields() {
        let config = TrainingConfig::default();
        let text = serde_json::to_string(&config).expect("plain data serialises");
        assert_eq!(
            serde_json::from_str::<TrainingConfig>(&text).expect("round trip"),
            config
        );
        assert!(serde_json::from_str::<ProjectionConfig>(r#"{"alhpa": 1.0}"#).is_err());
    }
}
