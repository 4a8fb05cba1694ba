//! Options that several subcommands share.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::de::DeserializeOwned;

use super::Usage;
use super::output::{say, worded};
use super::said::{language, said};
use crate::text::Worded;
use crate::text::device_name;
use kizumi_compute::device::{Compute, open};
use kizumi_compute::tensors::ComputeError;
use kizumi_image::input::validate_scale;
use kizumi_method::config::{
    DeviceChoice, Distance, Gate, MapConfig, MapKind, ProjectionConfig, Regulariser, StepRule,
};

/// Which device computes.
#[derive(Args, Clone, Copy, Debug)]
pub struct DeviceOption {
    /// Device that computes: auto (a GPU if there is a real one, else the CPU), cpu, gpu (the
    /// first), gpu:N (counted from 0), gpu:cpu (a GPU emulated by the processor, for tests)
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    pub device: DeviceChoice,
}

impl DeviceOption {
    /// Opens the device and says which one it is, and why.
    ///
    /// # Errors
    /// When the GPU that was asked for does not exist or fails.
    pub fn open(self) -> Result<Compute, ComputeError> {
        let compute = open(self.device)?;
        let (name, why) = (
            device_name(&compute.info, language()),
            worded(&compute.info.reason),
        );
        say(said!(
            "Computing on {name} ({why}).",
            "{name}で計算します（{why}）。"
        ));
        Ok(compute)
    }
}

/// How large what is photographed is.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct ScaleOption {
    /// Millimetres in a pixel of the files: regions are measured in millimetres, too [default: as the model
    /// was trained with]
    #[arg(long, value_name = "MM", value_parser = mm_per_px)]
    pub mm_per_px: Option<f32>,
}

/// Millimetres in a pixel, from the command line.
///
/// # Errors
/// Not a number, or out of range.
pub fn mm_per_px(text: &str) -> Result<f32, String> {
    let value: f32 = text
        .parse()
        .map_err(|_| said!("{text:?} is not a number", "{text:?}は数値ではありません"))?;
    validate_scale(value)
        .map(|()| value)
        .map_err(|invalid| invalid.said_in(language()))
}

/// The projection's parameters, where they differ from the model's.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Projection (default: as the model was calibrated)")]
pub struct ProjectionOptions {
    /// Step size, 0 or more
    #[arg(long, value_name = "X")]
    pub alpha: Option<f32>,
    /// Weight of the regulariser, 0 or more
    #[arg(long, value_name = "X")]
    pub lambda: Option<f32>,
    /// The most iterations
    #[arg(long, value_name = "N")]
    pub iterations: Option<usize>,
    /// Step rule: the gradient weighted by the squared residual, the plain gradient, that with f(x)
    /// held fixed, and each with another gate
    #[arg(long, value_parser = named::<StepRule>(&StepRule::NAMES))]
    pub step: Option<StepRule>,
    /// What the step of each pixel is multiplied by: the squared residual (the paper's), how far the
    /// features of the image are from normal, both, or none
    #[arg(long, value_parser = named::<Gate>(&["none", "residual", "features", "both"]))]
    pub gate: Option<Gate>,
    /// Weight of the distance of the features from normal ones in the energy; 0 is off
    #[arg(long, value_name = "X")]
    pub omega: Option<f32>,
    /// Iterations from one look at the features to the next
    #[arg(long, value_name = "N")]
    pub feature_period: Option<usize>,
    /// How far an image is from its reconstruction: squared or absolute differences, the
    /// cross-entropy, or 1 - SSIM
    #[arg(long, value_parser = named::<Distance>(&["squared-error", "absolute-error", "cross-entropy", "dissimilarity"]))]
    pub distance: Option<Distance>,
    /// What keeps the image close to the original: absolute or squared differences
    #[arg(long, value_parser = named::<Regulariser>(&["l1", "l2"]))]
    pub regulariser: Option<Regulariser>,
    /// Take a step that raises the energy back and halve alpha
    #[arg(long)]
    pub back_off: bool,
    /// Stop when the image looks as normal as the most normal training image
    #[arg(long, overrides_with = "no_early_stop")]
    pub early_stop: bool,
    /// Do all iterations
    #[arg(long)]
    pub no_early_stop: bool,
    /// What the maps show: how far pixels moved, how much the structure differs, or both; how far features
    /// are from normal ones, or that sharpened by what the autoencoder changes
    #[arg(long, value_parser = named::<MapKind>(&["pixels", "structure", "fused", "features", "joint"]))]
    pub map: Option<MapKind>,
    /// Do not measure the maps by what normal images show
    #[arg(long)]
    pub absolute: bool,
    /// Standard deviation of the Gaussian that smooths the maps, in network pixels; 0 is off
    #[arg(long, value_name = "PX")]
    pub smoothing: Option<f32>,
    /// The map's percentile that is the image score; 100 is the maximum
    #[arg(long, value_name = "P")]
    pub score_percentile: Option<f32>,
}

impl ProjectionOptions {
    /// Complains before anything is loaded.
    ///
    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), Usage> {
        self.apply(Default::default(), Default::default())?;
        Ok(())
    }

    /// The parameters, with `projection` and `map` for what was not given.
    ///
    /// # Errors
    /// Which value is out of range, and its range.
    pub fn apply(
        &self,
        projection: ProjectionConfig,
        map: MapConfig,
    ) -> Result<(ProjectionConfig, MapConfig), Usage> {
        let step = self.step.unwrap_or(projection.step);
        let projection = ProjectionConfig {
            alpha: self.alpha.unwrap_or(projection.alpha),
            lambda: self.lambda.unwrap_or(projection.lambda),
            iterations: self.iterations.unwrap_or(projection.iterations),
            step: StepRule {
                gate: self.gate.unwrap_or(step.gate),
                ..step
            },
            distance: self.distance.unwrap_or(projection.distance),
            regulariser: self.regulariser.unwrap_or(projection.regulariser),
            stop_early: self.early_stop || (projection.stop_early && !self.no_early_stop),
            back_off: projection.back_off || self.back_off,
            omega: self.omega.unwrap_or(projection.omega),
            feature_period: self.feature_period.unwrap_or(projection.feature_period),
        };
        let map = MapConfig {
            kind: self.map.unwrap_or(map.kind),
            relative: map.relative && !self.absolute,
            smoothing_px: self.smoothing.unwrap_or(map.smoothing_px),
            score_percentile: self.score_percentile.unwrap_or(map.score_percentile),
        };
        projection.validate()?;
        map.validate()?;
        Ok((projection, map))
    }
}

/// Parses one of `names`, which are the serialised names of `T`.
pub fn named<T>(names: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).map(|name| {
        serde_json::from_value(serde_json::Value::String(name))
            .expect("the names are the serialised ones")
    })
}
