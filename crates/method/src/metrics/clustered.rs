//! AUROC and average precision of samples that come in clusters, and how much each cluster says.
//!
//! Pixels of one image are alike: they are no independent samples. The influence of whole clusters
//! (the infinitesimal jackknife, as Obuchowski 1997 has it for clustered ROC data) gives an honest
//! standard error, of one figure or of the difference of two.

/// One sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// What is ranked; larger means more defective.
    pub value: f32,
    /// Whether it is defective.
    pub positive: bool,
    /// How many it stands for, above 0.
    pub weight: f32,
    /// Which cluster it belongs to.
    pub cluster: usize,
}

/// What samples say.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustered {
    /// The AUROC, `0.0..=1.0`.
    pub auroc: f64,
    /// Average precision, `0.0..=1.0`, as in [`super::Curve::average_precision`].
    pub average_precision: f64,
    /// By how much each cluster moves the AUROC; they sum to 0.
    pub influence: Vec<f64>,
}

impl Clustered {
    /// Of `samples` of `clusters` clusters; sorts them, O(n log n). `None` when a class is missing
    /// or a value is not a number.
    ///
    /// # Panics
    /// If a sample's cluster is not below `clusters`.
    pub fn of(samples: &mut [Sample], clusters: usize) -> Option<Self> {
        if samples.iter().any(|sample| sample.value.is_nan()) {
            return None;
        }
        let total = |positive: bool| -> f64 {
            let of_class = samples.iter().filter(|sample| sample.positive == positive);
            of_class.map(|sample| f64::from(sample.weight)).sum()
        };
        let (positives, negatives) = (total(true), total(false));
        if positives <= 0.0 || negatives <= 0.0 {
            return None;
        }
        samples.sort_unstable_by(|a, b| a.value.total_cmp(&b.value));
        // The mean placement of each cluster, and the weight that it is of.
        let mut placed = vec![0.0f64; clusters];
        let mut share = vec![0.0f64; clusters];
        let (mut below_positive, mut below_negative) = (0.0f64, 0.0f64);
        let (mut auroc, mut average_precision) = (0.0, 0.0);
        for ties in samples.chunk_by(|a, b| a.value == b.value) {
            let of_class = |positive: bool| -> f64 {
                let own = ties.iter().filter(|sample| sample.positive == positive);
                own.map(|sample| f64::from(sample.weight)).sum()
            };
            let (tied_positive, tied_negative) = (of_class(true), of_class(false));
            let beaten = (below_negative + 0.5 * tied_negative) / negatives;
            let beating = (positives - below_positive - 0.5 * tied_positive) / positives;
            for sample in ties {
                let (class, placement) = match sample.positive {
                    true => (positives, beaten),
                    false => (negatives, beating),
                };
                let weight = f64::from(sample.weight) / class;
                placed[sample.cluster] += weight * placement;
                share[sample.cluster] += weight;
            }
            auroc += tied_positive / positives * beaten;
            // Flagged from here up: all that is not below.
            let found = positives - below_positive;
            let flagged = found + negatives - below_negative;
            average_precision += tied_positive / positives * found / flagged;
            below_positive += tied_positive;
            below_negative += tied_negative;
        }
        let influence = placed.iter().zip(&share);
        Some(Self {
            auroc,
            average_precision,
            influence: influence
                .map(|(placed, share)| placed - share * auroc)
                .collect(),
        })
    }
}

/// The standard error of the sum of influences of clusters that were drawn at random; infinite of
/// fewer than two.
pub fn standard_error(influence: impl ExactSizeIterator<Item = f64>) -> f64 {
    let clusters = influence.len() as f64;
    if clusters < 2.0 {
        return f64::INFINITY;
    }
    let squares: f64 = influence.map(|value| value * value).sum();
    (squares * clusters / (clusters - 1.0)).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Curve;
    use super::super::auroc::{auroc, tests::scores};
    use super::*;
    use proptest::prelude::*;

    fn samples(negatives: &[f32], positives: &[f32], clusters: usize) -> Vec<Sample> {
        let of = |values: &[f32], positive| -> Vec<Sample> {
            let sample = |(i, &value): (usize, &f32)| Sample {
                value,
                positive,
                weight: 1.0,
                cluster: i % clusters,
            };
            values.iter().enumerate().map(sample).collect()
        };
        [of(negatives, false), of(positives, true)].concat()
    }

    proptest! {
        #[test]
        fn agrees_with_the_other_figures(negatives in scores(), positives in scores()) {
            let found = Clustered::of(&mut samples(&negatives, &positives, 3), 3).unwrap();
            let exact = auroc(&negatives, &positives).unwrap();
            let curve = Curve::new(&negatives, &positives).unwrap();
            prop_assert!((found.auroc - exact).abs() < 1e-9);
            prop_assert!((found.average_precision - curve.average_precision()).abs() < 1e-9);
            prop_assert!(found.influence.iter().sum::<f64>().abs() < 1e-9);
        }

        #[test]
        fn a_weight_is_as_many_samples(negatives in scores(), positives in scores()) {
            let mut weighted = samples(&negatives, &positives, 2);
            let doubled = weighted.clone();
            weighted[0].weight = 2.0;
            let mut doubled = [&doubled[..1], &doubled].concat();
            let weighted = Clustered::of(&mut weighted, 2).unwrap();
            let doubled = Clustered::of(&mut doubled, 2).unwrap();
            prop_assert!((weighted.auroc - doubled.auroc).abs() < 1e-9);
            prop_assert!((weighted.average_precision - doubled.average_precision).abs() < 1e-9);
            for (a, b) in weighted.influence.iter().zip(&doubled.influence) {
                prop_assert!((a - b).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn the_error_is_that_of_drawing_clusters_anew() {
        // Independent negatives and positives in pairs: DeLong's variance, computed by hand.
        let (negatives, positives) = ([0.1, 0.4, 0.2, 0.6], [0.35, 0.8, 0.5, 0.3]);
        let mut both = samples(&negatives, &positives, 4);
        for (i, sample) in both.iter_mut().enumerate() {
            sample.cluster = i;
        }
        let found = Clustered::of(&mut both, 8).unwrap();
        // Placements: positives .5 1 .75 .5, negatives 1 .5 1 .25; AUROC 11/16.
        assert_eq!(found.auroc, 0.6875);
        let squares = |values: [f64; 4]| -> f64 {
            let off = values.map(|value| ((value - 0.6875) / 4.0).powi(2));
            off.iter().sum()
        };
        let expected = squares([0.5, 1.0, 0.75, 0.5]) + squares([1.0, 0.5, 1.0, 0.25]);
        let error = standard_error(found.influence.iter().copied());
        assert!((error - (expected * 8.0 / 7.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn undefined_without_both_classes() {
        assert_eq!(Clustered::of(&mut samples(&[1.0], &[], 1), 1), None);
        assert_eq!(Clustered::of(&mut samples(&[1.0], &[f32::NAN], 1), 1), None);
        assert_eq!(standard_error([0.5].into_iter()), f64::INFINITY);
    }
}
