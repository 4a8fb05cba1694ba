//! The upper end of a distribution of very many values, in little space.

use rayon::slice::ParallelSliceMut;
use serde::{Deserialize, Serialize};

/// Shares kept for each halving.
const PER_HALVING: usize = 4;
/// Halvings: the smallest share kept is 2^-20, one in a million.
const HALVINGS: usize = 20;

/// Values that fewer and fewer of the counted ones lie above: the quantiles above which lie the
/// shares `2^(-k/4)`, `k = 0..=80`, then the maximum; 82 numbers, ascending, or none.
///
/// Evenly spaced quantiles would say little where thresholds lie, at one pixel in a thousand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tail(Vec<f32>);

impl Tail {
    /// Of these values; those that are not finite are left out.
    pub fn new(mut values: Vec<f32>) -> Self {
        values.retain(|value| value.is_finite());
        let Some(last) = values.len().checked_sub(1) else {
            return Self::default();
        };
        values.par_sort_unstable_by(f32::total_cmp);
        let quantile = |share_above: f64| {
            // Linear between ranks, as numpy's default.
            let rank = (1.0 - share_above) * last as f64;
            let below = (rank as usize).min(last);
            let (low, high) = (values[below], values[(below + 1).min(last)]);
            low + (rank - below as f64) as f32 * (high - low)
        };
        let shares = (0..=PER_HALVING * HALVINGS).map(share_of);
        Self(shares.chain([0.0]).map(quantile).collect())
    }

    /// Whether it is what [`Tail::new`] makes: finite and ascending.
    pub fn is_valid(&self) -> bool {
        self.0.iter().all(|value| value.is_finite()) && self.0.is_sorted()
    }

    /// The value above which this share (`0.0..=1.0`) of the values lies; `None` without values.
    ///
    /// Between the shares that are kept it is linear in their logarithm. Below the smallest of them
    /// it is the maximum.
    pub fn value_above(&self, share: f32) -> Option<f32> {
        let maximum = *self.0.last()?;
        let place = -f64::from(share.clamp(0.0, 1.0)).log2() * PER_HALVING as f64;
        // Also for no share, whose place is infinite, and one that is not a number.
        if place.is_nan() || place >= (self.0.len() - 1) as f64 {
            return Some(maximum);
        }
        let below = place as usize;
        let (low, high) = (self.0[below], *self.0.get(below + 1)?);
        Some(low + (place - below as f64) as f32 * (high - low))
    }

    /// About which share of the values lies above this one, `0.0..=1.0`: the inverse of
    /// [`value_above`](Self::value_above). `None` without values.
    pub fn share_above(&self, value: f32) -> Option<f32> {
        let maximum = *self.0.last()?;
        if value >= maximum {
            return Some(0.0);
        }
        let above = self.0.partition_point(|&quantile| quantile <= value);
        let Some(below) = above.checked_sub(1) else {
            return Some(1.0);
        };
        let (low, high) = (self.0[below], self.0[above]);
        let place = below as f64 + f64::from((value - low) / (high - low));
        Some(2f64.powf(-place / PER_HALVING as f64) as f32)
    }
}

fn share_of(k: usize) -> f64 {
    2f64.powf(-(k as f64) / PER_HALVING as f64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// 0, 1, ... 100 000 in some other order.
    fn ramp() -> Tail {
        Tail::new((0..=100_000u64).map(|i| (i * 7 % 100_001) as f32).collect())
    }

    #[test]
    fn the_kept_shares_are_exact() {
        let tail = ramp();
        for (share, value) in [
            (1.0, 0.0),
            (0.5, 50_000.0),
            (0.25, 75_000.0),
            (1.0 / 1024.0, 99_902.34),
            (0.0, 100_000.0),
        ] {
            let found = tail.value_above(share).unwrap();
            assert!((found - value).abs() < 0.02, "{share}: {found}");
            assert!((tail.share_above(value).unwrap() - share).abs() < 1e-6);
        }
    }

    #[test]
    fn between_them_it_is_close() {
        let tail = ramp();
        for share in [0.9, 0.3, 0.01, 0.005, 0.001, 1e-4] {
            let value = 100_000.0 * (1.0 - share);
            let found = tail.value_above(share).unwrap();
            // A straight line over a quarter of a halving misses an exponential by 0.4 %.
            assert!((found - value).abs() < 0.005 * 100_000.0 * share, "{share}");
            let back = tail.share_above(found).unwrap();
            assert!((back / share - 1.0).abs() < 1e-2, "{share}: {back}");
        }
    }

    #[test]
    fn many_equal_values_are_no_trouble() {
        let mut values = vec![0.0; 1000];
        values.extend([1.0; 24]);
        let tail = Tail::new(values);
        assert_eq!(tail.value_above(0.5), Some(0.0));
        assert_eq!(tail.value_above(0.001), Some(1.0));
        assert_eq!(tail.share_above(1.0), Some(0.0));
        assert_eq!(tail.share_above(-1.0), Some(1.0));
        let share = tail.share_above(0.0).unwrap();
        assert!((0.02..0.03).contains(&share), "{share}");
        assert_eq!(Tail::new(vec![0.5; 7]).value_above(0.3), Some(0.5));
    }

    #[test]
    fn only_finite_values_count() {
        assert_eq!(Tail::new(vec![]), Tail::default());
        assert_eq!(Tail::default().value_above(0.1), None);
        assert_eq!(Tail::default().share_above(0.1), None);
        let odd = Tail::new(vec![f32::NAN, 2.0, f32::INFINITY]);
        assert_eq!(odd.value_above(0.0), Some(2.0));
        assert_eq!(odd.value_above(f32::NAN), Some(2.0));
    }

    #[test]
    fn a_damaged_list_does_not_panic() {
        let short: Tail = serde_json::from_str("[1.0, 2.0]").unwrap();
        for share in [0.0, 1e-9, 0.3, 0.9, 1.0] {
            assert!(short.value_above(share).is_some());
        }
        let one: Tail = serde_json::from_str("[1.0]").unwrap();
        assert_eq!(one.value_above(0.5), Some(1.0));
        let unsorted: Tail = serde_json::from_str("[3.0, 1.0, 2.0]").unwrap();
        for value in [0.0, 1.0, 1.5, 2.0, 3.0] {
            assert!(unsorted.share_above(value).is_some());
        }
    }
}
