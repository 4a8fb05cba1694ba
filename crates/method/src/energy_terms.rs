//! Which terms an energy has.

use crate::config::{Distance, ProjectionConfig, Regulariser};

/// What an energy sums, and how far its gradient goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What L_r sums.
    pub distance: Distance,
    /// L1 or L2.
    pub regulariser: Regulariser,
    /// Whether the gradient goes through f; if not, f(x) is held fixed.
    pub through: bool,
}

impl Terms {
    /// The energy with its whole gradient.
    pub fn new(distance: Distance, regulariser: Regulariser) -> Self {
        Self {
            distance,
            regulariser,
            through: true,
        }
    }
}

impl From<&ProjectionConfig> for Terms {
    fn from(config: &ProjectionConfig) -> Self {
        Self {
            through: config.step.through,
            ..Self::new(config.distance, config.regulariser)
        }
    }
}
