//! `evaluation.csv` and `curves.csv`: an evaluation for spreadsheets and plots.

use anyhow::Result;

use super::cell::{Bom, Cell, csv_head, csv_line};
use kizumi_method::metrics::{BestF1, Evaluation, Evaluator, MapCurves, MapEvaluation, MapKind};

/// Points of a curve that are not told apart, in rates.
const THIN: f64 = 1.0 / 256.0;

/// The most points of a curve.
const MAX_POINTS: usize = 500;

type Column = (&'static str, fn(&MapEvaluation) -> Cell);

/// The figures of `evaluation.csv`.
const FIGURES: [Column; 9] = [
    ("pixel_auroc", |map| map.pixel_auroc.into()),
    ("aupro", |map| map.aupro.into()),
    ("pixel_average_precision", |map| {
        map.pixel_average_precision.into()
    }),
    ("pixel_best_f1", |map| f1(map.pixel_best_f1)),
    ("pixel_best_f1_threshold", |map| {
        threshold(map.pixel_best_f1)
    }),
    ("image_auroc", |map| map.image_auroc.into()),
    ("image_average_precision", |map| {
        map.image_average_precision.into()
    }),
    ("image_best_f1", |map| f1(map.image_best_f1)),
    ("image_best_f1_threshold", |map| {
        threshold(map.image_best_f1)
    }),
];

fn f1(best: Option<BestF1>) -> Cell {
    best.map(|best| best.f1).into()
}

fn threshold(best: Option<BestF1>) -> Cell {
    best.map(|best| best.threshold).into()
}

/// A row for each kind of defect and sort of map; what is undefined is empty.
///
/// # Errors
/// Only if memory could not take it.
pub fn evaluation_csv(evaluation: &Evaluation, bom: Bom) -> Result<Vec<u8>> {
    let names = FIGURES.map(|(name, _)| name);
    let mut table = csv_head(["kind", "map"].iter().chain(&names), bom)?;
    for (kind, figures) in evaluation.rows() {
        for (map, figures) in figures.maps() {
            let mut cells = names_of(kind, map).to_vec();
            cells.extend(FIGURES.map(|(_, figure)| figure(figures)));
            table.extend(csv_line(cells.iter().map(Cell::csv))?);
        }
    }
    Ok(table)
}

/// The points of all curves, thinned: kind of defect, sort of map, curve, threshold (flagged is
/// what lies above), x and y.
///
/// The curves are `pixel-roc` and `image-roc` (false alarm rate, recall), `pixel-precision-recall`
/// and `image-precision-recall` (recall, precision), and `pro` (false positive rate, mean overlap
/// with the regions).
///
/// # Errors
/// Only if memory could not take it.
pub fn curves_csv(evaluator: &Evaluator, bom: Bom) -> Result<Vec<u8>> {
    let mut table = csv_head(["kind", "map", "curve", "threshold", "x", "y"], bom)?;
    let mut written = Ok(());
    evaluator.for_each_curves(|kind, map, curves| {
        if written.is_ok() {
            written = append(&mut table, kind, map, &curves);
        }
    });
    written.map(|()| table)
}

fn append(table: &mut Vec<u8>, kind: &str, map: MapKind, curves: &MapCurves) -> Result<()> {
    for (name, points) in curves_of(curves) {
        for (threshold, x, y) in points {
            let [kind, map] = names_of(kind, map);
            let cells = [
                kind,
                map,
                Cell::Text(name.into()),
                Cell::Real(threshold),
                Cell::Figure(x),
                Cell::Figure(y),
            ];
            table.extend(csv_line(cells.iter().map(Cell::csv))?);
        }
    }
    Ok(())
}

fn names_of(kind: &str, map: MapKind) -> [Cell; 2] {
    [kind, map.name()].map(|name| Cell::Text(name.into()))
}

/// Threshold, x and y.
type Point = (f32, f64, f64);

/// The curves that there are, with their names.
fn curves_of(curves: &MapCurves) -> Vec<(&'static str, Vec<Point>)> {
    let mut found = Vec::new();
    for (curve, roc, precision) in [
        (&curves.pixels, "pixel-roc", "pixel-precision-recall"),
        (&curves.images, "image-roc", "image-precision-recall"),
    ] {
        let Some(curve) = curve else {
            continue;
        };
        let points = few(|step| curve.thinned(step));
        let of_roc = points.iter();
        let of_roc = of_roc.map(|p| (p.threshold, p.false_alarm_rate, p.recall));
        found.push((roc, of_roc.collect()));
        let of_precision = points.iter().map(|p| (p.threshold, p.recall, p.precision));
        found.push((precision, of_precision.collect()));
    }
    if let Some(curve) = &curves.overlap {
        let points = few(|step| curve.thinned(step)).into_iter();
        let points = points.map(|p| (p.threshold, p.false_positive_rate, p.overlap));
        found.push(("pro", points.collect()));
    }
    found
}

/// Few enough points, however rugged the curve.
fn few<P>(thinned: impl Fn(f64) -> Vec<P>) -> Vec<P> {
    let mut step = THIN;
    loop {
        let points = thinned(step);
        // Rates are at most 1 apart: then only the ends are left.
        if points.len() <= MAX_POINTS || step > 1.0 {
            return points;
        }
        step *= 2.0;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_dataset::catalog::Kind;
    use kizumi_image::crop::Area;
    use kizumi_image::mask_regions::MaskRegions;
    use kizumi_image::picture::Picture;
    use kizumi_image::placement::Placement;
    use kizumi_method::metrics::{ScoredMap, TestImage};

    /// Images of 60 x 50 pixels, normal and with a "=hole", of rugged maps.
    fn evaluator() -> Evaluator {
        let (width, height) = (60, 50);
        let placement = Placement {
            source_px: (width, height),
            seen: Area::whole((width, height)),
            pose: None,
            canvas_px: (width, height),
            x: 0,
            y: 0,
            width,
            height,
        };
        let inside = |x: usize, y: usize| (10..20).contains(&x) && (30..44).contains(&y);
        let mask: Vec<bool> = (0..width * height)
            .map(|i| inside(i % width, i / width))
            .collect();
        let mask = MaskRegions::new(width, &mask);
        let hole = Kind::Defect("=hole".into());
        let mut evaluator = Evaluator::default();
        let mut state = 1u32;
        for (kind, mask) in [(&Kind::Normal, None), (&hole, Some(&mask))] {
            let map = Picture::from_fn(1, height, width, |_, y, x| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let noise = (state >> 8) as f32 / 16_777_216.0;
                noise
                    + if mask.is_some() && inside(x, y) {
                        0.4
                    } else {
                        0.0
                    }
            });
            let scored = ScoredMap {
                map: &map,
                score: map.max(),
            };
            evaluator.add(&TestImage {
                kind,
                placement: &placement,
                counted: None,
                mask,
                plain: scored,
                projected: scored,
                mean_image: None,
                memory_bank: None,
                plain_bank: None,
                gaussian_by_place: None,
            });
        }
        evaluator
    }

    fn records(table: &[u8]) -> Vec<Vec<String>> {
        let rows = csv::Reader::from_reader(table).into_deserialize();
        rows.map(|row| row.unwrap()).collect()
    }

    #[test]
    fn every_map_of_every_kind_has_its_row() {
        let evaluation = evaluator().evaluation();
        let rows = records(&evaluation_csv(&evaluation, Bom::Without).unwrap());
        let names: Vec<&[String]> = rows.iter().map(|row| &row[..2]).collect();
        assert_eq!(
            names,
            [
                ["'=hole", "plain"],
                ["'=hole", "projected"],
                ["all defects", "plain"],
                ["all defects", "projected"],
            ]
        );
        let aupro: f64 = rows[0][3].parse().unwrap();
        assert_eq!(Some(aupro), evaluation.overall.plain.aupro);
        assert_eq!(rows[0][7], "1", "image AUROC");
    }

    #[test]
    fn curves_have_the_areas_that_the_figures_name() {
        let evaluator = evaluator();
        let rows = records(&curves_csv(&evaluator, Bom::Without).unwrap());
        let points = |curve: &str| -> Vec<(f64, f64)> {
            let rows = rows.iter();
            rows.filter(|row| row[..3] == ["all defects", "projected", curve])
                .map(|row| (row[4].parse().unwrap(), row[5].parse().unwrap()))
                .collect()
        };
        let area = |points: &[(f64, f64)], end: f64| -> f64 {
            let pairs = points.windows(2).filter(|pair| pair[1].0 <= end);
            pairs
                .map(|pair| (pair[1].0 - pair[0].0) * 0.5 * (pair[0].1 + pair[1].1))
                .sum()
        };
        let figures = evaluation(&evaluator);
        for (curve, end, figure) in [
            ("pixel-roc", 1.0, figures.pixel_auroc),
            (
                "pixel-precision-recall",
                1.0,
                figures.pixel_average_precision,
            ),
            ("pro", 0.3, figures.aupro.map(|aupro| 0.3 * aupro)),
            ("image-roc", 1.0, Some(1.0)),
        ] {
            let points = points(curve);
            assert!(points.len() <= MAX_POINTS, "{curve}: {}", points.len());
            let found = area(&points, end);
            assert!((found - figure.unwrap()).abs() < 0.01, "{curve}: {found}");
        }
    }

    fn evaluation(evaluator: &Evaluator) -> MapEvaluation {
        evaluator.evaluation().overall.projected
    }
}
