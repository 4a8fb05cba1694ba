//! The best that one threshold can do.

use serde::{Deserialize, Serialize};

use super::Curve;

/// The largest F1 of all thresholds, and where it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BestF1 {
    /// Harmonic mean of precision and recall, `0.0..=1.0`.
    pub f1: f64,
    /// The largest value that is not flagged; of several thresholds that do as well the highest.
    pub threshold: f32,
}

impl BestF1 {
    /// Tries every threshold of a curve.
    pub fn of(curve: &Curve) -> Self {
        let mut best = Self {
            f1: 0.0,
            threshold: curve.points()[0].threshold,
        };
        for point in curve.points() {
            let sum = point.precision + point.recall;
            let f1 = 2.0 * point.precision * point.recall / sum;
            if f1 > best.f1 {
                best = Self {
                    f1,
                    threshold: point.threshold,
                };
            }
        }
        best
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::auroc::tests::scores;
    use super::*;
    use crate::decision::Thresholds;
    use crate::metrics::Confusion;
    use proptest::prelude::*;

    #[test]
    fn known_cases() {
        let best = |normals: &[f32], defective: &[f32]| {
            let best = BestF1::of(&Curve::new(normals, defective).unwrap());
            (best.f1, best.threshold)
        };
        assert_eq!(best(&[0.1, 0.2], &[0.3, 0.4]), (1.0, 0.2));
        assert_eq!(best(&[0.1, 0.35], &[0.3, 0.4]), (0.8, 0.1));
        // All tied: everything is flagged, or nothing.
        assert_eq!(best(&[0.5; 3], &[0.5]), (0.4, 0.5f32.next_down()));
    }

    proptest! {
        #[test]
        fn no_threshold_does_better(normals in scores(), defective in scores()) {
            let best = BestF1::of(&Curve::new(&normals, &defective).unwrap());
            let at = |threshold| {
                let both = Thresholds { review: threshold, reject: threshold };
                Confusion::of(&normals, &defective, both).f1().unwrap()
            };
            prop_assert!((at(best.threshold) - best.f1).abs() < 1e-12);
            for &threshold in normals.iter().chain(&defective) {
                prop_assert!(at(threshold) <= best.f1 + 1e-12);
            }
        }
    }
}
