//! Which of some images are unlike the others.

use serde::{Deserialize, Serialize};

use super::anomaly_map::percentile;

/// Modified z-scores above it are outliers (B. Iglewicz and D. Hoaglin, *How to Detect and Handle
/// Outliers*, 1993).
const OUTLIER: f32 = 3.5;

/// The median absolute deviation of a normal distribution, in standard deviations.
const MAD_OF_DEVIATION: f32 = 0.6745;

/// How far a score may lie above the median at least, as a share of it: images that are nearly the same
/// are not to be told apart by noise.
const LEAST_DEVIATION: f32 = 0.05;

/// The scores of some images, and where the outliers among them begin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crowd {
    /// The score in the middle.
    pub median: f32,
    /// An image with a higher score is a suspect.
    pub limit: f32,
}

impl Crowd {
    /// Of scores in any order; those that are not finite are left out. `None` when none is left.
    ///
    /// The limit is where the modified z-score, `0.6745 (score - median) / MAD`, is 3.5: median and median
    /// absolute deviation hardly change by what a few strange images score.
    pub fn of(scores: &[f32]) -> Option<Self> {
        let finite = scores.iter().copied().filter(|score| score.is_finite());
        let finite: Vec<f32> = finite.collect();
        let median = percentile(finite.clone(), 50.0)?;
        let off = finite.iter().map(|score| (score - median).abs());
        let deviation = percentile(off.collect(), 50.0)? / MAD_OF_DEVIATION;
        let deviation = deviation.max(LEAST_DEVIATION * median.abs());
        Some(Self {
            median,
            limit: median + OUTLIER * deviation,
        })
    }

    /// Whether an image with this score is one.
    pub fn is_suspect(&self, score: f32) -> bool {
        score > self.limit
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn strange_images_do_not_hide_each_other() {
        let mut scores: Vec<f32> = (0..95).map(|i| 1.0 + 0.01 * (i % 20) as f32).collect();
        scores.extend([3.0, 2.5, 9.0, 4.0, 2.0]);
        let crowd = Crowd::of(&scores).unwrap();
        let suspects = scores.iter().filter(|score| crowd.is_suspect(**score));
        assert_eq!(suspects.count(), 5, "{crowd:?}");
    }

    #[test]
    fn images_that_are_nearly_the_same_are_no_suspects() {
        let crowd = Crowd::of(&[1.0, 1.0, 1.0, 1.1, f32::NAN]).unwrap();
        assert!(!crowd.is_suspect(1.1) && crowd.is_suspect(1.2));
        assert_eq!(Crowd::of(&[]), None);
    }
}
