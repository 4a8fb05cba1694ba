//! How well few values tell a quantile.

/// Chance that the quantile lies outside, half of it on either side.
const ALPHA: f64 = 0.1;

/// Where a quantile of all normal images lies with a confidence of 90 %, as far as some of them tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// It is hardly below.
    pub low: f32,
    /// It is hardly above; `None` where so few values do not tell.
    pub high: Option<f32>,
}

impl Interval {
    /// Of the quantile that a share (`0.0..=0.5`) of all values lies above, from some of them in
    /// ascending order; `None` without any.
    ///
    /// By order statistics, without assuming a distribution: the number J of n values above the quantile
    /// is binomial, and the (j+1)-th largest lies above it exactly when J > j, so it bounds the quantile
    /// from below where P(J > j) <= 0.05, and from above where P(J <= j) <= 0.05 (H. A. David and
    /// H. N. Nagaraja, *Order Statistics*, 3rd ed., section 7.1). The largest value bounds nothing from
    /// below, however few there are; below all of them lies 0, the least score.
    pub fn of_quantile(sorted: &[f32], share_above: f32) -> Option<Self> {
        let last = sorted.len().checked_sub(1)?;
        let largest = |j: usize| last.checked_sub(j).map(|index| sorted[index]);
        let (mut low, mut high) = (None, None);
        let mut at_most = 0.0;
        for (j, chance) in binomial(sorted.len(), f64::from(share_above)).enumerate() {
            at_most += chance;
            if at_most <= ALPHA / 2.0 {
                high = largest(j);
            }
            if j > 0 && 1.0 - at_most <= ALPHA / 2.0 {
                low = largest(j);
                break;
            }
        }
        Some(Self {
            low: low.unwrap_or(0.0),
            high,
        })
    }
}

/// The chances of 0, 1, ... n hits when each of n trials hits with this chance.
fn binomial(n: usize, chance: f64) -> impl Iterator<Item = f64> {
    // In logarithms, since the first ones of many trials are too small for a number.
    let odds = (chance / (1.0 - chance)).ln();
    let mut log = n as f64 * (-chance).ln_1p();
    (0..=n).map(move |hits| {
        let now = log.exp();
        log += odds + ((n - hits) as f64 / (hits + 1) as f64).ln();
        now
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// 1, 2, ... n.
    fn ramp(n: usize) -> Vec<f32> {
        (1..=n).map(|value| value as f32).collect()
    }

    #[test]
    fn many_values_bound_a_quantile_on_both_sides() {
        // By scipy.stats.binom(n, share).cdf.
        let of = |n, share| Interval::of_quantile(&ramp(n), share).unwrap();
        let thousand = of(1000, 0.02);
        assert_eq!((thousand.low, thousand.high), (972.0, Some(988.0)));
        let two_hundred = of(200, 0.02);
        assert_eq!((two_hundred.low, two_hundred.high), (193.0, Some(200.0)));
        let median = of(100_000, 0.5);
        assert!((median.low - 49_740.0).abs() < 3.0, "{median:?}");
    }

    #[test]
    fn few_values_tell_no_upper_bound() {
        let of = |n| Interval::of_quantile(&ramp(n), 0.02).unwrap();
        assert_eq!(
            of(20),
            Interval {
                low: 18.0,
                high: None
            }
        );
        assert_eq!(of(148).high, None);
        assert_eq!(of(149).high, Some(149.0), "0.98^149 < 0.05");
    }

    #[test]
    fn the_largest_of_very_few_is_no_lower_bound() {
        let of = |n| Interval::of_quantile(&ramp(n), 0.02).unwrap();
        assert_eq!((of(3).low, of(2).low, of(1).low), (2.0, 1.0, 0.0));
        assert_eq!(Interval::of_quantile(&[], 0.02), None);
    }

    #[test]
    fn no_accepted_share_has_no_upper_bound() {
        let none = Interval::of_quantile(&ramp(500), 0.0).unwrap();
        assert_eq!(
            none,
            Interval {
                low: 499.0,
                high: None
            }
        );
    }
}
