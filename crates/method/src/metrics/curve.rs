//! What every possible threshold would do: ROC and precision-recall curves.

/// All different outcomes that a threshold on some scores (or pixels) can have, from "nothing is
/// flagged" to "everything is"; flagged is what lies strictly above.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    points: Vec<CurvePoint>,
    average_precision: f64,
    area: f64,
}

/// One outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The largest value that is not flagged: thresholds from here to the next larger value give
    /// this point. Of the last point, where all are flagged, a number below all.
    pub threshold: f32,
    /// Share of the normals that is flagged: the ROC curve's x.
    pub false_alarm_rate: f64,
    /// Share of the defective that is flagged: the ROC curve's y, the other's x.
    pub recall: f64,
    /// Share of the flagged that is defective: the precision-recall curve's y. 1 where nothing is
    /// flagged, as scikit-learn has it.
    pub precision: f64,
}

impl Curve {
    /// Of labelled scores, equal ones taken together; O(n log n). `None` when a class is missing
    /// or a score is not a number.
    pub fn new(normals: &[f32], defective: &[f32]) -> Option<Self> {
        let mut ranked: Vec<(f32, bool)> = normals
            .iter()
            .map(|&score| (score, false))
            .chain(defective.iter().map(|&score| (score, true)))
            .collect();
        if ranked.iter().any(|(score, _)| score.is_nan()) {
            return None;
        }
        ranked.sort_unstable_by(|(a, _), (b, _)| b.total_cmp(a));
        Self::from_descending(ranked.chunk_by(|(a, _), (b, _)| a == b).map(|ties| {
            let defective = ties.iter().filter(|(_, defective)| *defective).count() as u64;
            (ties[0].0, ties.len() as u64 - defective, defective)
        }))
    }

    /// Of groups (value, normals, defective) of equal values, the largest first.
    pub(super) fn from_descending(groups: impl Iterator<Item = (f32, u64, u64)>) -> Option<Self> {
        let mut counts = vec![];
        let (mut false_alarms, mut found, mut smallest) = (0, 0, f32::INFINITY);
        for (value, normals, defective) in groups.filter(|(_, a, b)| a + b > 0) {
            counts.push((value, false_alarms, found));
            false_alarms += normals;
            found += defective;
            smallest = value;
        }
        counts.push((smallest.next_down(), false_alarms, found));
        let (normals, defective) = (false_alarms, found);
        if normals == 0 || defective == 0 {
            return None;
        }
        let points: Vec<CurvePoint> = counts
            .into_iter()
            .map(|(threshold, false_alarms, found)| CurvePoint {
                threshold,
                false_alarm_rate: false_alarms as f64 / normals as f64,
                recall: found as f64 / defective as f64,
                precision: match false_alarms + found {
                    0 => 1.0,
                    flagged => found as f64 / flagged as f64,
                },
            })
            .collect();
        let steps = || points.windows(2).map(|pair| (pair[0], pair[1]));
        Some(Self {
            average_precision: steps()
                .map(|(a, b)| (b.recall - a.recall) * b.precision)
                .sum(),
            area: steps()
                .map(|(a, b)| {
                    (b.false_alarm_rate - a.false_alarm_rate) * 0.5 * (a.recall + b.recall)
                })
                .sum(),
            points,
        })
    }

    /// The points, from the highest threshold (0, 0 of the ROC curve) to the lowest (1, 1): one for
    /// each different value and one more.
    pub fn points(&self) -> &[CurvePoint] {
        &self.points
    }

    /// The area under the ROC curve, `0.0..=1.0`; straight between points, which is what counts
    /// ties half.
    pub fn area(&self) -> f64 {
        self.area
    }

    /// Average precision, `0.0..=1.0`: the sum over points of recall gained times precision, as
    /// scikit-learn has it. Guessing gives the share of the defective.
    pub fn average_precision(&self) -> f64 {
        self.average_precision
    }

    /// The outcome of a threshold. One that is not a number flags nothing.
    pub fn at(&self, threshold: f32) -> CurvePoint {
        let after = self
            .points
            .partition_point(|point| point.threshold > threshold);
        let index = match threshold.is_nan() {
            true => 0,
            false => after.min(self.points.len() - 1),
        };
        self.points[index]
    }

    /// The point nearest to a place on the ROC plot, for dragging along it.
    pub fn nearest_on_roc(&self, false_alarm_rate: f64, recall: f64) -> CurvePoint {
        self.nearest(|point| {
            (
                point.false_alarm_rate - false_alarm_rate,
                point.recall - recall,
            )
        })
    }

    /// The point nearest to a place on the precision-recall plot.
    pub fn nearest_on_precision_recall(&self, recall: f64, precision: f64) -> CurvePoint {
        self.nearest(|point| (point.recall - recall, point.precision - precision))
    }

    fn nearest(&self, offset: impl Fn(&CurvePoint) -> (f64, f64)) -> CurvePoint {
        let distance = |point: &CurvePoint| {
            let (x, y) = offset(point);
            x * x + y * y
        };
        *self
            .points
            .iter()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
            .expect("a curve has at least two points")
    }

    /// Few enough points to draw: those that are at least `step` (in rates) from the one before in
    /// false alarms, recall or, past the first hundredth of recall, precision; and always the ends.
    pub fn thinned(&self, step: f64) -> Vec<CurvePoint> {
        let far = |a: f64, b: f64| (a - b).abs() >= step;
        thinned(&self.points, |last, point| {
            far(point.false_alarm_rate, last.false_alarm_rate)
                || far(point.recall, last.recall)
                || (point.recall > 0.01 && far(point.precision, last.precision))
        })
    }
}

/// The points that are far from the one kept before, and the ends.
pub(super) fn thinned<P: Copy>(points: &[P], is_far: impl Fn(&P, &P) -> bool) -> Vec<P> {
    let mut kept: Vec<P> = vec![];
    for (index, point) in points.iter().enumerate() {
        if kept.last().is_none_or(|last| is_far(last, point)) || index + 1 == points.len() {
            kept.push(*point);
        }
    }
    kept
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::auroc::{auroc, tests::scores};
    use super::super::{Confusion, PixelHistogram};
    use super::*;
    use crate::decision::Thresholds;
    use proptest::prelude::*;

    const NORMALS: [f32; 7] = [0.1, 0.2, 0.2, 0.35, 0.5, 0.5, 0.8];
    const DEFECTIVE: [f32; 5] = [0.2, 0.5, 0.6, 0.8, 0.9];

    fn assert_close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} and {b}");
    }

    /// scikit-learn 1.x: roc_curve(drop_intermediate=False), precision_recall_curve, roc_auc_score,
    /// average_precision_score.
    #[test]
    fn agrees_with_scikit_learn() {
        let curve = Curve::new(&NORMALS, &DEFECTIVE).unwrap();
        let rates = [0, 0, 1, 1, 3, 4, 6, 7].map(|count| f64::from(count) / 7.0);
        let recalls = [0.0, 0.2, 0.4, 0.6, 0.8, 0.8, 1.0, 1.0];
        let precisions = [
            1.0,
            1.0,
            0.6666666666666666,
            0.75,
            0.5714285714285714,
            0.5,
            0.45454545454545453,
            0.4166666666666667,
        ];
        // There a point's threshold is the smallest flagged value; ours the largest that is not.
        let thresholds = [0.9, 0.8, 0.6, 0.5, 0.35, 0.2, 0.1, 0.1f32.next_down()];
        assert_eq!(curve.points().len(), 8);
        for (i, point) in curve.points().iter().enumerate() {
            assert_close(point.false_alarm_rate, rates[i]);
            assert_close(point.recall, recalls[i]);
            assert_close(point.precision, precisions[i]);
            assert_eq!(point.threshold, thresholds[i]);
        }
        assert_close(curve.area(), 0.7571428571428572);
        assert_close(curve.average_precision(), 0.6885281385281385);
    }

    /// scikit-learn on 2000 values of a linear congruential generator, 125 different ones.
    #[test]
    fn agrees_with_scikit_learn_on_many_ties() {
        let mut state = 1u32;
        let mut draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        let (mut normals, mut defective) = (vec![], vec![]);
        for _ in 0..2000 {
            let value = (draw() % 100) as f32;
            match draw() % 4 {
                0 => defective.push((value + 25.0) / 64.0),
                _ => normals.push(value / 64.0),
            }
        }
        assert_eq!(defective.len(), 522);
        let curve = Curve::new(&normals, &defective).unwrap();
        assert_close(curve.area(), 0.7451984145500546);
        assert_close(curve.average_precision(), 0.6028100986531294);
    }

    #[test]
    fn the_confusion_is_scikit_learns() {
        // confusion_matrix, precision_score, recall_score, f1_score, jaccard_score above 0.5.
        let half = Thresholds {
            review: 0.5,
            reject: 0.5,
        };
        let confusion = Confusion::of(&NORMALS, &DEFECTIVE, half);
        let cells = [confusion.true_pass, confusion.false_alarm, confusion.missed];
        assert_eq!((cells, confusion.found), ([6, 1, 2], 3));
        assert_eq!(confusion.precision(), Some(0.75));
        assert_eq!(confusion.recall(), Some(0.6));
        assert_close(confusion.f1().unwrap(), 0.6666666666666666);
        assert_eq!(confusion.iou(), Some(0.5));
    }
    #[test]
    fn undefined_without_both_classes() {
        assert_eq!(Curve::new(&[], &[1.0]), None);
        assert_eq!(Curve::new(&[1.0], &[]), None);
        assert_eq!(Curve::new(&[1.0], &[f32::NAN]), None);
    }

    #[test]
    fn all_tied_is_guessing() {
        let curve = Curve::new(&[0.0; 3], &[0.0; 1]).unwrap();
        assert_eq!(curve.points().len(), 2);
        assert_eq!(curve.area(), 0.5);
        assert_eq!(curve.average_precision(), 0.25);
        assert!(curve.points()[1].threshold < 0.0);
    }

    #[test]
    fn infinite_scores_have_their_place() {
        let curve = Curve::new(&[f32::NEG_INFINITY], &[f32::INFINITY]).unwrap();
        assert_eq!(curve.area(), 1.0);
        assert_eq!(curve.at(0.0).recall, 1.0);
        assert_eq!(curve.at(0.0).false_alarm_rate, 0.0);
    }

    #[test]
    fn dragging_finds_the_nearest_point() {
        let curve = Curve::new(&NORMALS, &DEFECTIVE).unwrap();
        assert_eq!(curve.nearest_on_roc(-1.0, -1.0), curve.points()[0]);
        assert_eq!(
            curve.nearest_on_roc(2.0, 2.0),
            *curve.points().last().unwrap()
        );
        // Above 0.5 lie one normal and three defective ones.
        let point = curve.nearest_on_roc(1.0 / 7.0 + 0.01, 0.6);
        assert_eq!(point.threshold, 0.5);
        let point = curve.nearest_on_precision_recall(0.6, 0.74);
        assert_eq!((point.threshold, point.precision), (0.5, 0.75));
    }

    #[test]
    fn thinning_keeps_the_shape() {
        let normals: Vec<f32> = (0..5000).map(|i| (i % 1000) as f32).collect();
        let defective: Vec<f32> = (0..3000).map(|i| (i as f32).sqrt() * 30.0).collect();
        let curve = Curve::new(&normals, &defective).unwrap();
        let thin = curve.thinned(0.01);
        assert!(thin.len() < 320 && curve.points().len() > 3000);
        assert_eq!(thin[0], curve.points()[0]);
        assert_eq!(thin.last(), curve.points().last());
        let area: f64 = thin
            .windows(2)
            .map(|pair| {
                (pair[1].false_alarm_rate - pair[0].false_alarm_rate)
                    * 0.5
                    * (pair[0].recall + pair[1].recall)
            })
            .sum();
        assert!((area - curve.area()).abs() < 1e-3);
    }

    proptest! {
        #[test]
        fn the_area_is_the_auroc(normals in scores(), defective in scores()) {
            let curve = Curve::new(&normals, &defective).unwrap();
            prop_assert!((curve.area() - auroc(&normals, &defective).unwrap()).abs() < 1e-12);
        }

        #[test]
        fn every_threshold_gives_its_confusion(
            normals in scores(), defective in scores(), threshold in -3f32..3.0,
        ) {
            let point = Curve::new(&normals, &defective).unwrap().at(threshold);
            let both = Thresholds { review: threshold, reject: threshold };
            let confusion = Confusion::of(&normals, &defective, both);
            prop_assert_eq!(Some(point.recall), confusion.recall());
            prop_assert_eq!(Some(point.false_alarm_rate), confusion.false_alarm_rate());
            prop_assert_eq!(point.precision, confusion.precision().unwrap_or(1.0));
        }

        #[test]
        fn a_points_threshold_gives_the_point(normals in scores(), defective in scores()) {
            let curve = Curve::new(&normals, &defective).unwrap();
            for point in curve.points() {
                prop_assert_eq!(curve.at(point.threshold), *point);
            }
        }

        #[test]
        fn pixels_give_the_same(normals in scores(), defective in scores()) {
            let mut pixels = PixelHistogram::default();
            pixels.add(&normals, &vec![0.0; normals.len()]);
            pixels.add(&defective, &vec![1.0; defective.len()]);
            let (exact, binned) = (Curve::new(&normals, &defective).unwrap(), pixels.curve().unwrap());
            prop_assert_eq!(exact.points().len(), binned.points().len());
            for (a, b) in exact.points().iter().zip(binned.points()) {
                prop_assert_eq!((a.recall, a.false_alarm_rate), (b.recall, b.false_alarm_rate));
                // The upper end of the value's bin.
                prop_assert!(b.threshold >= a.threshold - 1e-6);
                prop_assert!(b.threshold - a.threshold <= 1e-6 + 3e-4 * a.threshold.abs());
            }
        }
    }
}
