//! The figures of an evaluation against scikit-learn, scipy and numpy: see
//! `tests/golden/make_metrics.py` for how they were made.

use std::path::Path;

use kizumi_dataset::catalog::Kind;
use kizumi_image::crop::Area;
use kizumi_image::mask_regions::MaskRegions;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_method::metrics::{BestF1, Evaluation, Evaluator, MapEvaluation, ScoredMap, TestImage};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    images: Vec<Image>,
    all: MapEvaluation,
    kinds: std::collections::BTreeMap<String, MapEvaluation>,
}

#[derive(Deserialize)]
struct Image {
    kind: String,
    size: (usize, usize),
    canvas: (usize, usize),
    rectangle: [usize; 4],
    map: Vec<f32>,
    score: f32,
    mask: Option<Vec<String>>,
}

fn case(name: &str) -> Case {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/metrics.json");
    let text = std::fs::read_to_string(path).expect("the golden figures are there");
    let cases: Vec<Case> = serde_json::from_str(&text).expect("they are JSON");
    let mut cases = cases.into_iter();
    cases
        .find(|case| case.name == name)
        .expect("a case of that name")
}

fn evaluation(case: &Case) -> Evaluation {
    let mut evaluator = Evaluator::default();
    for image in &case.images {
        let [x, y, width, height] = image.rectangle;
        let placement = Placement {
            source_px: image.size,
            seen: Area::whole(image.size),
            pose: None,
            canvas_px: image.canvas,
            x,
            y,
            width,
            height,
        };
        let kind = match image.kind.as_str() {
            "good" => Kind::Normal,
            name => Kind::Defect(name.into()),
        };
        let mask = image.mask.as_ref().map(|rows| {
            let defective: Vec<bool> = rows.concat().bytes().map(|cell| cell == b'#').collect();
            MaskRegions::new(image.size.0, &defective)
        });
        let map = Picture::new(1, image.canvas.1, image.canvas.0, image.map.clone());
        let scored = ScoredMap {
            map: &map,
            score: image.score,
        };
        evaluator.add(&TestImage {
            kind: &kind,
            placement: &placement,
            counted: placement.counted(None).as_ref(),
            mask: mask.as_ref(),
            plain: scored,
            projected: scored,
            mean_image: Some(scored),
            memory_bank: None,
            plain_bank: None,
            gaussian_by_place: None,
        });
    }
    evaluator.evaluation()
}

/// The largest difference between two sets of figures; `None` is equal to itself alone.
fn difference(found: &MapEvaluation, expected: &MapEvaluation) -> f64 {
    let f1 = |best: Option<BestF1>| best.map(|best| best.f1);
    let figures = |of: &MapEvaluation| {
        [
            of.pixel_auroc,
            of.pixel_average_precision,
            f1(of.pixel_best_f1),
            of.aupro,
            of.image_auroc,
            of.image_average_precision,
            f1(of.image_best_f1),
        ]
    };
    let pairs = figures(found).into_iter().zip(figures(expected));
    pairs
        .map(|(found, expected)| match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs(),
            (None, None) => 0.0,
            _ => panic!("{found:?} and {expected:?}"),
        })
        .fold(0.0, f64::max)
}

/// All figures of a case are within `tolerance`; a pixel threshold is the upper end of its bin.
fn assert_within(name: &str, tolerance: f64) {
    let case = case(name);
    let found = evaluation(&case);
    let overall = found.overall;
    assert_eq!(overall.plain, overall.projected);
    assert_eq!(Some(overall.plain), overall.mean_image);
    assert_eq!(found.kinds.len(), case.kinds.len());
    let kinds = found.kinds.iter();
    let pairs = kinds.map(|(kind, figures)| (&figures.plain, &case.kinds[kind]));
    for (found, expected) in pairs.chain([(&found.overall.plain, &case.all)]) {
        let off = difference(found, expected);
        assert!(
            off <= tolerance,
            "{name} is {off} off: {found:?}, {expected:?}"
        );
        let threshold = |best: Option<BestF1>| best.expect("two classes").threshold;
        let (pixel, image) = (
            threshold(found.pixel_best_f1),
            threshold(found.image_best_f1),
        );
        let wanted = threshold(expected.pixel_best_f1);
        assert!(
            (0.9999 * wanted..=1.0003 * wanted).contains(&pixel),
            "{name}: {pixel} and {wanted}"
        );
        assert_eq!(image, threshold(expected.image_best_f1), "{name}");
    }
}

#[test]
fn figures_are_exact_where_values_lie_in_bins_of_their_own() {
    assert_within("ties", 1e-12);
    assert_eq!(evaluation(&case("ties")).images.left_out_of_pixel_auroc, 1);
}

/// A bin spans 0.025 % of its values; few of these share one with another.
#[test]
fn figures_are_close_for_any_values() {
    assert_within("dense", 5e-4);
}

/// In single precision a value may end in the bin beside.
#[test]
fn maps_are_enlarged_to_the_size_of_their_files() {
    assert_within("enlarged", 5e-4);
}
