//! What one projection iteration shows.

use serde::{Deserialize, Serialize};

use super::anomaly_map::AnomalyMap;
use super::likeness::Unlike;
use super::maker::Score;
use super::mapper::Mapper;
use kizumi_image::picture::Picture;

/// The numbers of one iterate x_t (method: "Formulas"); sums over pixels and channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IterateScalars {
    /// t, 0 for the original: the steps that led here.
    pub t: usize,
    /// E(x_t) = L_r + lambda * regulariser + omega * feature_distance.
    pub energy: f32,
    /// L_r(x_t), the distance between x_t and f(x_t).
    pub reconstruction_error: f32,
    /// The regulariser without its weight: the L1 norm or squared L2 norm of x_t - x_0.
    pub regulariser: f32,
    /// D without its weight: the squared distances of the features of x_t from normal ones, summed over
    /// their patches, where they are part of the energy; as last taken.
    pub feature_distance: f32,
    /// Euclidean distance between f(x_t) and f(x_0): how far the reconstruction has moved.
    pub reconstruction_shift: f32,
    /// Largest absolute pixel change of the step that led here.
    pub largest_change: f32,
    /// The step size in force (smaller than the configured one after a back-off).
    pub alpha: f32,
}

/// One iterate with its pictures, `[channels, height, width]` at the network's resolution
/// (or the blended tiles' in texture mode).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Iterate {
    /// The numbers.
    pub scalars: IterateScalars,
    /// x_t.
    pub iterate: Picture,
    /// f(x_t).
    pub reconstruction: Picture,
    /// The gradient of E at x_t; values of either sign.
    pub gradient: Picture,
    /// How far the features of x_t are from normal ones, one channel, 1 what 99 % of the patches of normal
    /// images do not exceed; `None` where they are no part of the energy.
    pub distance: Option<Picture>,
}

/// Why a projection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopRule {
    /// L_r fell below the smallest one of the training images.
    Threshold,
    /// The iteration cap was reached.
    Iterations,
    /// A value became NaN or infinite; the last finite iterate was kept.
    NotFinite,
    /// Somebody cancelled it.
    Cancelled,
}

impl StopRule {
    /// Whether the projection ended by itself. Of one that somebody cancelled the score says nothing:
    /// it is that of wherever it had got to.
    pub fn is_end(self) -> bool {
        self != Self::Cancelled
    }
}

/// The outcome of a projection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// What x_0 and f(x_0) say; one channel: see [`Mapper`].
    pub plain_map: AnomalyMap,
    /// What the projection says, likewise.
    pub projected_map: AnomalyMap,
    /// x_T.
    pub projected: Picture,
    /// f(x_0).
    pub reconstruction: Picture,
    /// Image score of the plain map.
    pub plain_score: Score,
    /// Image score of the projected map.
    pub projected_score: Score,
    /// In what the picture is unlike those that the model knows, if it is.
    pub unlike: Option<Unlike>,
    /// Iterations done.
    pub iterations: usize,
    /// Which rule ended the run.
    pub stop: StopRule,
    /// How the maps were made.
    #[serde(skip)]
    pub mapper: Mapper,
}

impl Inspection {
    /// The same outcome, as a projection that was asked for so many iterations has it: one that ended
    /// by itself ends the same way whatever more it was asked for.
    #[must_use]
    pub fn asked_for(mut self, iterations: usize) -> Self {
        self.mapper = self.mapper.after(iterations);
        let maker = self.mapper.projected_maker();
        self.projected_map.maker = maker;
        self.projected_score.by = maker;
        self
    }
}
