//! The area under the ROC curve, exactly.

/// The probability that a random positive scores above a random negative, ties counting half
/// (the Mann-Whitney statistic): `0.0..=1.0`, 0.5 is guessing.
///
/// Sorts once, O(n log n). `None` when a class is missing or a value is not a number.
pub fn auroc(negatives: &[f32], positives: &[f32]) -> Option<f64> {
    if negatives.is_empty() || positives.is_empty() {
        return None;
    }
    let ranked = ranked(negatives, positives)?;
    let mut wins = HalfWins::default();
    for ties in ranked.chunk_by(|(a, _), (b, _)| a == b) {
        let positive = ties.iter().filter(|(_, positive)| *positive).count() as u64;
        wins.add(ties.len() as u64 - positive, positive);
    }
    wins.share()
}

/// All values, ascending, each with whether it is a positive; `None` when one is not a number.
pub(super) fn ranked(negatives: &[f32], positives: &[f32]) -> Option<Vec<(f32, bool)>> {
    let mut ranked: Vec<(f32, bool)> = negatives
        .iter()
        .map(|&value| (value, false))
        .chain(positives.iter().map(|&value| (value, true)))
        .collect();
    ranked.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
    (!ranked.iter().any(|(value, _)| value.is_nan())).then_some(ranked)
}

/// Counts, over groups of equal values fed in ascending order, how often a positive beats a
/// negative; in halves, so that ties stay whole numbers.
#[derive(Default)]
pub(super) struct HalfWins {
    half_wins: u128,
    negatives: u64,
    positives: u64,
}

impl HalfWins {
    pub(super) fn add(&mut self, negatives: u64, positives: u64) {
        self.half_wins +=
            u128::from(positives) * (2 * u128::from(self.negatives) + u128::from(negatives));
        self.negatives += negatives;
        self.positives += positives;
    }

    pub(super) fn share(&self) -> Option<f64> {
        let pairs = u128::from(self.negatives) * u128::from(self.positives);
        (pairs > 0).then(|| self.half_wins as f64 / (2 * pairs) as f64)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, O(n^2).
    fn pairwise(negatives: &[f32], positives: &[f32]) -> f64 {
        let mut sum = 0.0;
        for positive in positives {
            for negative in negatives {
                sum += match positive.total_cmp(negative) {
                    std::cmp::Ordering::Greater => 1.0,
                    std::cmp::Ordering::Equal => 0.5,
                    std::cmp::Ordering::Less => 0.0,
                };
            }
        }
        sum / (negatives.len() * positives.len()) as f64
    }

    /// Few different values, so that ties are common.
    pub(in super::super) fn scores() -> impl Strategy<Value = Vec<f32>> {
        prop::collection::vec((-20i8..20).prop_map(|value| f32::from(value) / 8.0), 1..60)
    }

    #[test]
    fn known_cases() {
        assert_eq!(auroc(&[1.0, 2.0], &[3.0, 4.0]), Some(1.0));
        assert_eq!(auroc(&[3.0], &[1.0]), Some(0.0));
        assert_eq!(auroc(&[1.0, 1.0], &[1.0]), Some(0.5));
        assert_eq!(auroc(&[0.1, 0.4], &[0.35, 0.8]), Some(0.75));
        assert_eq!(auroc(&[0.0], &[-0.0]), Some(0.5));
    }

    #[test]
    fn undefined_without_both_classes() {
        assert_eq!(auroc(&[], &[1.0]), None);
        assert_eq!(auroc(&[1.0], &[]), None);
        assert_eq!(auroc(&[f32::NAN], &[1.0]), None);
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(negatives in scores(), positives in scores()) {
            let exact = auroc(&negatives, &positives).expect("both classes are there");
            prop_assert!((exact - pairwise(&negatives, &positives)).abs() < 1e-12);
        }

        #[test]
        fn strictly_monotone_maps_change_nothing(negatives in scores(), positives in scores()) {
            let mapped = |values: &[f32]| -> Vec<f32> {
                values.iter().map(|value| (value / 3.0).exp() * 5.0 - 2.0).collect()
            };
            prop_assert_eq!(
                auroc(&negatives, &positives),
                auroc(&mapped(&negatives), &mapped(&positives))
            );
        }

        #[test]
        fn negation_mirrors(negatives in scores(), positives in scores()) {
            let negated = |values: &[f32]| values.iter().map(|value| -value).collect::<Vec<_>>();
            let sum = auroc(&negatives, &positives).expect("both classes are there")
                + auroc(&negated(&negatives), &negated(&positives)).expect("both classes are there");
            prop_assert!((sum - 1.0).abs() < 1e-12);
        }
    }
}
