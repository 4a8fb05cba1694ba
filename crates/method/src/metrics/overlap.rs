//! Per-region overlap: small defects count as much as large ones.

use super::curve::thinned;

/// The false-positive rate up to which [`OverlapCurve::aupro`] looks, as Bergmann et al. do: a map
/// that flags more than that of the good pixels is of no use anyway.
pub const AUPRO_LIMIT: f64 = 0.3;

/// What share of each defective region a threshold finds, in the mean over the regions, against the
/// share of normal pixels that it flags: the PRO curve of P. Bergmann, M. Fauser, D. Sattlegger, C.
/// Steger, "Uninformed students" (CVPR 2020). Flagged is what lies strictly above a threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct OverlapCurve {
    points: Vec<OverlapPoint>,
}

/// One outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverlapPoint {
    /// The largest value that is not flagged; of the last point, where all are, a number below all.
    pub threshold: f32,
    /// Share of the normal pixels, of all images, that is flagged.
    pub false_positive_rate: f64,
    /// Mean over the regions of the share of their pixels that is flagged.
    pub overlap: f64,
}

impl OverlapCurve {
    /// Of groups (value, normal pixels, sum of 1 / area of the region over defective pixels) of
    /// equal values, the largest first. `None` without regions or without normal pixels.
    pub(super) fn from_descending(
        groups: impl Iterator<Item = (f32, u64, f64)>,
        regions: u64,
    ) -> Option<Self> {
        let mut sums = Vec::new();
        let (mut flagged, mut found, mut smallest) = (0, 0.0, f32::INFINITY);
        for (value, normals, shares) in groups.filter(|(_, a, b)| *a > 0 || *b > 0.0) {
            sums.push((value, flagged, found));
            flagged += normals;
            found += shares;
            smallest = value;
        }
        sums.push((smallest.next_down(), flagged, found));
        let normals = flagged;
        if normals == 0 || regions == 0 {
            return None;
        }
        let points = sums
            .into_iter()
            .map(|(threshold, flagged, found)| OverlapPoint {
                threshold,
                false_positive_rate: flagged as f64 / normals as f64,
                // The shares of a region add up to 1 but for rounding.
                overlap: (found / regions as f64).min(1.0),
            });
        Some(Self {
            points: points.collect(),
        })
    }

    /// The points, from the highest threshold (0, 0) to the lowest (1, 1).
    pub fn points(&self) -> &[OverlapPoint] {
        &self.points
    }

    /// The area under the curve up to a false-positive rate of [`AUPRO_LIMIT`], as a share of what
    /// is possible: `0.0..=1.0`. Straight between points; guessing gives 0.15.
    pub fn aupro(&self) -> f64 {
        self.area_to(AUPRO_LIMIT) / AUPRO_LIMIT
    }

    /// Few enough points to draw: those that are at least `step` (in rates) from the one before; and
    /// always the ends.
    pub fn thinned(&self, step: f64) -> Vec<OverlapPoint> {
        thinned(&self.points, |last, point| {
            let far = |of: fn(&OverlapPoint) -> f64| (of(point) - of(last)).abs() >= step;
            far(|point| point.false_positive_rate) || far(|point| point.overlap)
        })
    }

    fn area_to(&self, limit: f64) -> f64 {
        let mut area = 0.0;
        for pair in self.points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let whole = b.false_positive_rate - a.false_positive_rate;
            let width = (limit - a.false_positive_rate).min(whole);
            if width <= 0.0 {
                continue;
            }
            let end = a.overlap + (b.overlap - a.overlap) * width / whole;
            area += width * 0.5 * (a.overlap + end);
        }
        area
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_map_that_separates_is_perfect_and_a_flat_one_guesses() {
        // Two regions, of one pixel and of four.
        let groups = [(0.9, 0, 1.0), (0.8, 0, 1.0), (0.1, 10, 0.0)];
        let perfect = OverlapCurve::from_descending(groups.into_iter(), 2).unwrap();
        assert!((perfect.aupro() - 1.0).abs() < 1e-12);
        let flat = OverlapCurve::from_descending([(0.5, 10, 2.0)].into_iter(), 2).unwrap();
        assert!((flat.aupro() - 0.15).abs() < 1e-12);
    }

    #[test]
    fn the_area_ends_at_the_limit() {
        // A tenth of the normals for the first region, then half of them, then the second region.
        let groups = [(0.9, 1, 1.0), (0.5, 5, 0.0), (0.1, 4, 1.0)];
        let curve = OverlapCurve::from_descending(groups.into_iter(), 2).unwrap();
        let expected = [(0.9, 0.0, 0.0), (0.5, 0.1, 0.5), (0.1, 0.6, 0.5)];
        for (point, (threshold, rate, overlap)) in curve.points().iter().zip(expected) {
            assert_eq!(point.threshold, threshold);
            assert_eq!((point.false_positive_rate, point.overlap), (rate, overlap));
        }
        assert!(curve.points()[3].threshold < 0.1);
        let area = 0.1 * 0.25 + 0.2 * 0.5;
        assert!((curve.aupro() - area / 0.3).abs() < 1e-12);
    }

    #[test]
    fn thinning_keeps_the_area() {
        let groups = (0..5000u64)
            .rev()
            .map(|i| (i as f32, 1 + i % 3, (i * i) as f64));
        let regions = (0..5000u64).map(|i| i * i).sum();
        let curve = OverlapCurve::from_descending(groups, regions).unwrap();
        let thin = OverlapCurve {
            points: curve.thinned(0.01),
        };
        assert!(thin.points.len() < 200);
        assert_eq!(thin.points[0], curve.points[0]);
        assert_eq!(thin.points.last(), curve.points.last());
        assert!((thin.aupro() - curve.aupro()).abs() < 1e-3);
    }

    #[test]
    fn undefined_without_regions_or_normals() {
        let of = |groups: [(f32, u64, f64); 1], regions| {
            OverlapCurve::from_descending(groups.into_iter(), regions)
        };
        assert_eq!(of([(0.5, 3, 0.0)], 0), None);
        assert_eq!(of([(0.5, 0, 1.0)], 1), None);
    }
}
