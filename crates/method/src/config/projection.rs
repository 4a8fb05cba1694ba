//! The projection and the maps that come of it.

use serde::{Deserialize, Serialize};

use super::{Distance, StepRule};
use crate::maker::ModelMark;
use kizumi_image::setting::{InvalidSetting, Setting, require_not_negative, require_within};

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
    /// Which step.
    pub step: StepRule,
    /// How far an image is from its reconstruction.
    pub distance: Distance,
    /// L1 or L2.
    pub regulariser: Regulariser,
    /// The paper's early stop: below the smallest reconstruction error of the training images, if that
    /// was measured with the same distance. The error is a sum over the image, so one that is soft or
    /// plain on the whole gets below it with its defect: off by default.
    pub stop_early: bool,
    /// Take a step that raised the energy back and halve alpha; let it grow again where steps lower
    /// the energy.
    pub back_off: bool,
    /// Weight of the distance of x's features from normal ones, 0 or more; with 0 they are no part of the
    /// energy.
    pub omega: f32,
    /// The distance of the features is taken every so many iterations, 1 or more, and its gradient held
    /// between; with back-off in every one.
    pub feature_period: usize,
}

/// No pixel moves further in one step, where features have a part in it: far from normal their
/// distance is steep.
pub const LONGEST_FEATURE_STEP: f32 = 0.1;

impl Default for ProjectionConfig {
    /// By measurement: see docs/benchmark.md. The paper has alpha 0.5 and lambda 0.05.
    fn default() -> Self {
        Self {
            alpha: 0.7,
            lambda: 0.03,
            iterations: 25,
            step: StepRule::WEIGHTED,
            distance: Distance::SquaredError,
            regulariser: Regulariser::L1,
            stop_early: false,
            back_off: false,
            omega: 0.0,
            feature_period: 1,
        }
    }
}

impl ProjectionConfig {
    /// What fills a hole: steps to f(x) itself. The whole gradient gets stuck in noise that the network
    /// passes on, and weighted steps never get to the end.
    pub fn filling() -> Self {
        Self {
            alpha: 0.5,
            step: StepRule::HELD,
            stop_early: false,
            ..Self::default()
        }
    }

    /// Whether the distance of features is needed: for the gate, or as a term of the energy.
    pub fn needs_features(&self) -> bool {
        self.omega > 0.0 || self.step.gate.of_features()
    }

    /// The furthest that a pixel may move in one step.
    pub fn longest_step(&self) -> Option<f32> {
        self.needs_features().then_some(LONGEST_FEATURE_STEP)
    }

    /// Whether the distance of the features is taken at x_t: if not, the last one's gradient holds.
    pub fn takes_features_at(&self, t: usize) -> bool {
        self.omega > 0.0 && (self.back_off || t.is_multiple_of(self.feature_period))
    }

    /// What heals, by measurement, where features are known: steps towards f(x), gated by them. Weighing the
    /// distance of features as well gains little for what it costs.
    pub fn healing() -> Self {
        Self {
            alpha: 0.5,
            lambda: 0.0,
            iterations: 8,
            step: StepRule::HELD_FEATURES,
            stop_early: false,
            ..Self::default()
        }
    }

    /// The nearest that `model` can follow: one that remembers nothing has no features to gate a step by, or to
    /// be near to.
    #[must_use]
    pub fn fitting(self, model: ModelMark) -> Self {
        match self.needs_features() && !model.memory_is_there() {
            false => self,
            // Step sizes that suit a gate of features suit no other.
            true if self.step.gate.of_features() => Self::default(),
            true => Self { omega: 0.0, ..self },
        }
    }

    /// As [`ProjectionConfig::fitting`], where nobody watches: while a network has learned nothing there is
    /// nothing to project for.
    #[must_use]
    pub fn unattended(self, model: ModelMark) -> Self {
        let fitting = self.fitting(model);
        Self {
            iterations: if model.features_only {
                0
            } else {
                fitting.iterations
            },
            ..fitting
        }
    }

    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        require_not_negative(Setting::Alpha, self.alpha)?;
        require_not_negative(Setting::Lambda, self.lambda)?;
        require_within(Setting::Iterations, self.iterations, 0..=100_000)?;
        require_not_negative(Setting::Omega, self.omega)?;
        require_within(Setting::FeaturePeriod, self.feature_period, 1..=1000)
    }
}

/// What an anomaly map shows (method: "Formulas").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MapKind {
    /// The paper's: the mean over channels of `(x_0 - f(x_0))^2`, and projected that of
    /// `|x_0 - x_T|`.
    Pixels,
    /// `(1 - SSIM) / 2` of x_0 and f(x_0), and projected of x_0 and f(x_T).
    Structure,
    /// How much pixels change, by themselves and together with their neighbours (see
    /// [`crate::anomaly_map::coherent_change`]), times how much the structure around them differs.
    /// The change is that from x_0 to f(x_0), and projected the geometric mean of those to x_T and to
    /// f(x_T); the structure is what `Structure` shows. A defect changes both; brightness alone, or a
    /// texture alone, only one. Small residuals hardly move under the L1 norm and weighted steps, but
    /// still tell faint defects from none.
    Fused,
    /// How far frozen features are from normal ones (1 is what 99 % of the patches of normal images
    /// do not exceed), whatever the autoencoder says.
    Features,
    /// The distance of the features, sharpened by what the autoencoder changes: see
    /// [`crate::joint::joint`]. The change is that from x_0 to f(x_0); projected those to f(x_T) and to x_T,
    /// which at t = 0 is the same.
    #[default]
    Joint,
}

impl MapKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Pixels,
        Self::Structure,
        Self::Fused,
        Self::Features,
        Self::Joint,
    ];

    /// Whether it takes the distance of features.
    pub fn of_features(self) -> bool {
        matches!(self, Self::Features | Self::Joint)
    }
}

/// How anomaly maps are made, and how one becomes an image score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MapConfig {
    /// What they show.
    pub kind: MapKind,
    /// Whether they are measured by what normal images show, in the same place in object mode.
    pub relative: bool,
    /// Standard deviation of the Gaussian that smooths the maps, in network pixels; 0 is off.
    pub smoothing_px: f32,
    /// The map's percentile that is the image score, `0.0..=100.0`; 100 is the maximum.
    pub score_percentile: f32,
}

impl Default for MapConfig {
    /// By measurement: see docs/benchmark.md. The distance of features is smooth already: each of its values
    /// sees a patch, and smoothing it again hides small defects from map and score alike.
    fn default() -> Self {
        Self {
            kind: MapKind::default(),
            relative: false,
            smoothing_px: 0.0,
            score_percentile: 99.97,
        }
    }
}

impl MapConfig {
    /// The usual maps of a model that remembers no features.
    pub fn without_features() -> Self {
        Self {
            kind: MapKind::Fused,
            relative: true,
            smoothing_px: 1.5,
            score_percentile: 99.0,
        }
    }

    /// The nearest maps that `model` can make: without a memory those that need none, without a trained
    /// network those of features alone.
    #[must_use]
    pub fn fitting(self, model: ModelMark) -> Self {
        match (self.kind, model.memory_is_there(), model.features_only) {
            (MapKind::Features | MapKind::Joint, false, _) => Self::without_features(),
            (_, true, true) => Self {
                kind: MapKind::Features,
                relative: false,
                ..self
            },
            _ => self,
        }
    }

    /// The paper's maps as they are, and their maximum.
    pub fn paper() -> Self {
        Self {
            kind: MapKind::Pixels,
            relative: false,
            smoothing_px: 0.0,
            score_percentile: 100.0,
        }
    }

    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        require_within(Setting::Smoothing, self.smoothing_px, 0.0..=64.0)?;
        require_within(Setting::ScorePercentile, self.score_percentile, 0.0..=100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maker::Fingerprint;

    #[test]
    fn a_model_that_remembers_no_features_projects_as_the_paper_does() {
        let remembers = ModelMark {
            memory: Fingerprint::of([&[1.0][..]]),
            ..ModelMark::default()
        };
        let wanted = ProjectionConfig {
            omega: 0.5,
            ..ProjectionConfig::healing()
        };
        assert_eq!(wanted.fitting(remembers), wanted);
        let usual = ProjectionConfig::default();
        assert_eq!(wanted.fitting(ModelMark::default()), usual);
        let with_term = ProjectionConfig {
            omega: 0.5,
            alpha: 0.1,
            ..usual
        };
        let without = ProjectionConfig {
            omega: 0.0,
            ..with_term
        };
        assert_eq!(with_term.fitting(ModelMark::default()), without);
        assert_eq!(usual.fitting(ModelMark::default()), usual);
    }
}
