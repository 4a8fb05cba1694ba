//! Intersection over union of a thresholded map and a mask.

use super::auroc::ranked;

/// The largest intersection over union that any threshold gives, `0.0..=1.0`: how well the map
/// outlines the defect when the threshold is left out of the question.
///
/// Pixels at or above the threshold count as found. Sorts once, O(n log n). `None` when there is no
/// positive or a value is not a number.
pub fn best_iou(negatives: &[f32], positives: &[f32]) -> Option<f64> {
    if positives.is_empty() {
        return None;
    }
    let ranked = ranked(negatives, positives)?;
    let (mut found, mut wrong, mut best) = (0usize, 0usize, 0.0f64);
    for ties in ranked.chunk_by(|(a, _), (b, _)| a == b).rev() {
        let hits = ties.iter().filter(|(_, positive)| *positive).count();
        found += hits;
        wrong += ties.len() - hits;
        // The union is every positive, found or not, and what was found wrongly.
        best = best.max(found as f64 / (positives.len() + wrong) as f64);
    }
    Some(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition: every value is tried as the threshold.
    fn by_trying(negatives: &[f32], positives: &[f32]) -> f64 {
        let above = |values: &[f32], at: f32| values.iter().filter(|value| **value >= at).count();
        let thresholds = negatives.iter().chain(positives);
        thresholds
            .map(|&at| {
                let union = positives.len() + above(negatives, at);
                above(positives, at) as f64 / union as f64
            })
            .fold(0.0, f64::max)
    }

    #[test]
    fn a_map_that_separates_is_perfect_and_a_flat_one_marks_everything() {
        assert_eq!(best_iou(&[0.1, 0.2], &[0.3, 0.4]), Some(1.0));
        assert_eq!(best_iou(&[0.5; 3], &[0.5]), Some(0.25));
        assert_eq!(best_iou(&[0.5], &[]), None);
        assert_eq!(best_iou(&[f32::NAN], &[0.5]), None);
    }

    proptest! {
        #[test]
        fn it_is_the_best_of_all_thresholds(
            negatives in prop::collection::vec(0u8..20, 0..30),
            positives in prop::collection::vec(0u8..20, 1..30),
        ) {
            let values = |levels: Vec<u8>| levels.into_iter().map(f32::from).collect::<Vec<_>>();
            let (negatives, positives) = (values(negatives), values(positives));
            let expected = by_trying(&negatives, &positives);
            let got = best_iou(&negatives, &positives).unwrap_or_default();
            prop_assert!((got - expected).abs() < 1e-12);
        }
    }
}
