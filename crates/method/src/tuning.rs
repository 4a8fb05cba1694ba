//! Settings that were tried on synthetic defects, and which of them are taken.

use serde::{Deserialize, Serialize};

use super::config::{MapConfig, ProjectionConfig};

/// What the projection and the maps are made with.
pub type Setting = (ProjectionConfig, MapConfig);

/// Other settings are taken only if their criterion is better by this much at least. Figures of
/// synthetic defects are near those of real ones, not equal to them: what gains less may lose there, as
/// 0.013 did (docs/benchmark.md).
pub const LEAST_GAIN: f64 = 0.02;

/// And by this many standard errors of the difference, over the images.
pub const CLEAR_ERRORS: f64 = 2.0;

/// As much more of a defect may be left in the picture that the projection ends with, as a share of what
/// it was: medians over few images differ by about that.
pub const HEALING_TOLERANCE: f64 = 0.02;

/// How well a setting finds synthetic defects, `0.0..=1.0`, and heals them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TuningFigures {
    /// AUROC of the pixels of all images together.
    pub pixel_auroc: f64,
    /// Average precision of the same pixels.
    pub pixel_average_precision: f64,
    /// AUROC of the scores of spoilt images against those of clean ones.
    pub image_auroc: f64,
    /// The error within the defects that x_T is left with, as a share of that of x_0, the median: see
    /// [`Healing::within`](super::metrics::Healing::within). `None` where it was not measured.
    #[serde(default)]
    pub defect_left: Option<f64>,
}

impl TuningFigures {
    /// What is made as large as possible: the mean of the AUROC of the pixels and of the images.
    /// Both count ranks alone, so no range of values and no share of defective pixels matters.
    pub fn criterion(&self) -> f64 {
        0.5 * (self.pixel_auroc + self.image_auroc)
    }

    /// Whether no figure is worse than the other's: nothing is found better at the expense of the picture
    /// that a person looks at.
    pub fn is_nowhere_worse_than(&self, other: &Self) -> bool {
        let heals = match (self.defect_left, other.defect_left) {
            (Some(own), Some(other)) => own <= other + HEALING_TOLERANCE,
            _ => true,
        };
        self.pixel_auroc >= other.pixel_auroc
            && self.pixel_average_precision >= other.pixel_average_precision
            && self.image_auroc >= other.image_auroc
            && heals
    }
}

/// How thoroughly a setting was measured; figures of one round can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Round {
    /// All over the range, on few images.
    Coarse,
    /// Around the best so far, on more images, with all kinds of maps.
    Fine,
    /// The best against the start, on new defects.
    Final,
}

/// A setting that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// When.
    pub round: Round,
    /// The projection.
    pub projection: ProjectionConfig,
    /// The maps.
    pub map: MapConfig,
    /// How well it did.
    pub figures: TuningFigures,
    /// Images that were projected, spoilt and clean.
    pub images: usize,
}

impl Trial {
    /// The setting.
    pub fn setting(&self) -> Setting {
        (self.projection, self.map)
    }
}

/// The best setting that was tried against the one from before, on defects that neither was chosen
/// by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The setting that the search ended with.
    pub projection: ProjectionConfig,
    /// Its maps.
    pub map: MapConfig,
    /// Its figures.
    pub found: TuningFigures,
    /// Those of the setting from before.
    pub start: TuningFigures,
    /// Standard error of the difference of both criteria, over the images.
    pub standard_error: f64,
}

impl Comparison {
    /// How much better the found criterion is.
    pub fn gain(&self) -> f64 {
        self.found.criterion() - self.start.criterion()
    }

    /// What the gain must exceed.
    pub fn margin(&self) -> f64 {
        LEAST_GAIN.max(CLEAR_ERRORS * self.standard_error)
    }

    /// Whether the found setting is to be taken: it is clearly better, and worse in no figure.
    pub fn is_clear(&self) -> bool {
        self.gain() > self.margin() && self.found.is_nowhere_worse_than(&self.start)
    }
}

/// What tuning came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningResult {
    /// The setting from before.
    pub start: Setting,
    /// The setting to take: the one from before unless another is clearly better.
    pub best: Setting,
    /// What decided; `None` when nothing promised to be better than the start.
    pub comparison: Option<Comparison>,
    /// Everything that was tried, in order.
    pub tried: Vec<Trial>,
}

impl TuningResult {
    /// Whether another setting than the one from before is to be taken.
    pub fn is_change(&self) -> bool {
        self.best != self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(pixel: f64, precision: f64, image: f64) -> TuningFigures {
        TuningFigures {
            pixel_auroc: pixel,
            pixel_average_precision: precision,
            image_auroc: image,
            defect_left: None,
        }
    }

    #[test]
    fn what_finds_more_and_heals_less_is_not_taken() {
        let with = |found: f64, left: f64| TuningFigures {
            defect_left: Some(left),
            ..figures(found, found, found)
        };
        assert!(with(0.9, 0.41).is_nowhere_worse_than(&with(0.8, 0.40)));
        assert!(!with(0.9, 0.45).is_nowhere_worse_than(&with(0.8, 0.40)));
        assert!(with(0.9, 0.45).is_nowhere_worse_than(&figures(0.8, 0.8, 0.8)));
    }

    #[test]
    fn only_a_clear_gain_is_one() {
        let start = figures(0.90, 0.50, 0.80);
        let is_clear = |found, standard_error| {
            let comparison = Comparison {
                projection: Default::default(),
                map: Default::default(),
                found,
                start,
                standard_error,
            };
            comparison.is_clear()
        };
        assert!(is_clear(figures(0.93, 0.50, 0.82), 0.001));
        assert!(!is_clear(figures(0.918, 0.6, 0.818), 0.001), "too little");
        assert!(!is_clear(figures(0.93, 0.50, 0.82), 0.013), "too uncertain");
        assert!(!is_clear(figures(0.99, 0.60, 0.79), 0.001), "images lose");
        assert!(!is_clear(figures(0.89, 0.60, 0.99), 0.001), "pixels lose");
        assert!(
            !is_clear(figures(0.95, 0.49, 0.90), 0.001),
            "precision loses"
        );
        assert!(!is_clear(start, f64::INFINITY));
    }
}
