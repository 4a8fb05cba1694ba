//! How the difference between an image and its reconstruction is measured.

use serde::{Deserialize, Serialize};

/// How near to 0 and 1 a reconstruction may come in the cross-entropy, which is infinite there.
/// Beyond, the term no longer depends on the reconstruction. A power of two: one minus it is exact.
pub const CROSS_ENTROPY_EDGE: f64 = 1.0 / (1 << 20) as f64;

/// The reconstruction term L_r of an image x with the reconstruction f (method: "Formulas"): always
/// a **sum** over pixels and channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distance {
    /// `(x - f)^2`.
    #[default]
    SquaredError,
    /// `|x - f|`; its derivative is the sign, 0 where they are equal.
    AbsoluteError,
    /// `-(x ln f + (1 - x) ln (1 - f))`, with f kept [`CROSS_ENTROPY_EDGE`] away from 0 and 1.
    CrossEntropy,
    /// `1 - SSIM` (Wang et al. 2004), each term in `0.0..=2.0`: what the structure has lost around
    /// a pixel.
    Dissimilarity,
}

impl Distance {
    /// Every distance.
    pub const ALL: [Self; 4] = [
        Self::SquaredError,
        Self::AbsoluteError,
        Self::CrossEntropy,
        Self::Dissimilarity,
    ];
}
