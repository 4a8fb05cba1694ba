//! Counts of values, for a plot.

/// Counts of values in bins of one width from `low` to `high`.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Where the first bin begins.
    pub low: f32,
    /// Where the last bin ends, itself included.
    pub high: f32,
    /// Values in each bin; a bin includes its lower end.
    pub counts: Vec<u64>,
    /// Values below `low`.
    pub below: u64,
    /// Values above `high`.
    pub above: u64,
    /// Values that were not numbers; infinities are below and above.
    pub not_numbers: u64,
}

impl Histogram {
    /// Counts values. No bins act as one; a range that is empty or not finite becomes one of width 1
    /// about its lower end (about 0 if that is not finite), as numpy does.
    pub fn new(values: impl IntoIterator<Item = f32>, low: f32, high: f32, bins: usize) -> Self {
        let (low, high) = if low.is_finite() && high.is_finite() && low < high {
            (low, high)
        } else if low.is_finite() {
            (low - 0.5, low + 0.5)
        } else {
            (-0.5, 0.5)
        };
        let mut histogram = Self {
            low,
            high,
            counts: vec![0; bins.max(1)],
            below: 0,
            above: 0,
            not_numbers: 0,
        };
        for value in values {
            *histogram.count_of(value) += 1;
        }
        histogram
    }

    fn count_of(&mut self, value: f32) -> &mut u64 {
        if value.is_nan() {
            &mut self.not_numbers
        } else if value < self.low {
            &mut self.below
        } else if value > self.high {
            &mut self.above
        } else {
            let bins = self.counts.len();
            let (low, high) = (f64::from(self.low), f64::from(self.high));
            let place = (f64::from(value) - low) / (high - low) * bins as f64;
            &mut self.counts[(place as usize).min(bins - 1)]
        }
    }

    /// The width of a bin.
    pub fn bin_width(&self) -> f32 {
        (self.high - self.low) / self.counts.len() as f32
    }

    /// The middle of a bin.
    pub fn centre(&self, bin: usize) -> f32 {
        self.low + (bin as f32 + 0.5) * self.bin_width()
    }

    /// Heights of the bars: the counts, or `log10(1 + count)`, which shows single values beside
    /// thousands and leaves empty bins at 0.
    pub fn heights(&self, logarithmic: bool) -> Vec<f64> {
        let height = |&count: &u64| match logarithmic {
            true => (count as f64).ln_1p() / std::f64::consts::LN_10,
            false => count as f64,
        };
        self.counts.iter().map(height).collect()
    }
}

/// The smallest and the largest finite value; `None` without any.
pub fn range(values: &[f32]) -> Option<(f32, f32)> {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    finite.fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((low.min(value), high.max(value))),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_numpys() {
        // numpy.histogram([0, 0.25, 0.3, 0.5, 0.99, 1.0], bins=4, range=(0, 1))
        let values = [0.0, 0.25, 0.3, 0.5, 0.99, 1.0];
        let histogram = Histogram::new(values, 0.0, 1.0, 4);
        assert_eq!(histogram.counts, [1, 2, 1, 2]);
        assert_eq!((histogram.bin_width(), histogram.centre(1)), (0.25, 0.375));
    }

    #[test]
    fn what_lies_outside_is_counted_apart() {
        let values = [
            -1.0,
            f32::NEG_INFINITY,
            0.5,
            2.0,
            f32::NAN,
            f32::INFINITY,
            3.0,
        ];
        let histogram = Histogram::new(values, 0.0, 1.0, 3);
        assert_eq!(histogram.counts, [0, 1, 0]);
        let outside = (histogram.below, histogram.above, histogram.not_numbers);
        assert_eq!(outside, (2, 3, 1));
    }

    #[test]
    fn odd_ranges_still_count() {
        let equal = Histogram::new([2.0; 5], 2.0, 2.0, 2);
        assert_eq!((equal.low, equal.high), (1.5, 2.5));
        assert_eq!(equal.counts, [0, 5]);
        let backwards = Histogram::new([2.0], 2.0, 1.0, 0);
        assert_eq!(backwards.counts, [1]);
        let nothing = Histogram::new([0.0], f32::NAN, 1.0, 1);
        assert_eq!((nothing.low, nothing.high), (-0.5, 0.5));
        let widest = Histogram::new([0.0, f32::MAX], f32::MIN, f32::MAX, 2);
        assert_eq!(widest.counts, [0, 2]);
    }

    #[test]
    fn logarithmic_heights_keep_zero_and_order() {
        let mut histogram = Histogram::new([], 0.0, 1.0, 4);
        histogram.counts = vec![0, 1, 9, 999];
        assert_eq!(histogram.heights(false), [0.0, 1.0, 9.0, 999.0]);
        let heights = histogram.heights(true);
        for (height, expected) in heights.iter().zip([0.0, 2f64.log10(), 1.0, 3.0]) {
            assert!((height - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn ranges_leave_out_what_is_not_finite() {
        let values = [3.0, f32::NAN, -1.0, f32::INFINITY, 0.5];
        assert_eq!(range(&values), Some((-1.0, 3.0)));
        assert_eq!(range(&[f32::NAN]), None);
    }
}
