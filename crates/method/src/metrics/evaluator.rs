//! From inspected test images to what a model achieves on them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::evaluation::{
    Evaluation, ImageCounts, KindEvaluation, MapCurves, MapEvaluation, MapKind,
};
use super::pixel_histogram::PixelHistogram;
use crate::kind::Kind;
use kizumi_image::enlarged::Enlarged;
use kizumi_image::mask_regions::MaskRegions;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;

/// An inspected test image. The maps lie on the placement's canvas, as the network saw the image;
/// they are measured with the pixels of its file.
#[derive(Clone, Copy, Debug)]
pub struct TestImage<'a> {
    /// What its folder says it shows.
    pub kind: &'a Kind,
    /// Where the file's pixels lie on the canvas.
    pub placement: &'a Placement,
    /// 1 where a pixel of the canvas counts; `None` where all do.
    pub counted: Option<&'a Picture>,
    /// The ground truth of a defective image, as large as its file's image.
    pub mask: Option<&'a MaskRegions>,
    /// The plain residual.
    pub plain: ScoredMap<'a>,
    /// The projection.
    pub projected: ScoredMap<'a>,
    /// The difference to the mean of the normal images, if there is one.
    pub mean_image: Option<ScoredMap<'a>>,
    /// The distance of its features from those of normal images, if any are remembered.
    pub memory_bank: Option<ScoredMap<'a>>,
    /// The same to a plain memory bank, if it is compared with.
    pub plain_bank: Option<ScoredMap<'a>>,
    /// The same to a Gaussian for each place, if it is compared with.
    pub gaussian_by_place: Option<ScoredMap<'a>>,
}

/// An anomaly map, and what it says of the image as a whole.
#[derive(Clone, Copy, Debug)]
pub struct ScoredMap<'a> {
    /// One channel, of the canvas' size.
    pub map: &'a Picture,
    /// The image score.
    pub score: f32,
}

impl<'a> TestImage<'a> {
    fn map(&self, kind: MapKind) -> Option<ScoredMap<'a>> {
        match kind {
            MapKind::Plain => Some(self.plain),
            MapKind::Projected => Some(self.projected),
            MapKind::MeanImage => self.mean_image,
            MapKind::MemoryBank => self.memory_bank,
            MapKind::PlainBank => self.plain_bank,
            MapKind::GaussianByPlace => self.gaussian_by_place,
        }
    }
}

/// Collects inspected test images, one after the other, keeping no picture: memory is bounded,
/// whatever their number and size.
#[derive(Clone, Debug, Default)]
pub struct Evaluator {
    normals: Group,
    defects: BTreeMap<String, Group>,
    left_out_of_pixel_auroc: usize,
}

impl Evaluator {
    /// Counts one image.
    ///
    /// A defective image without a mask, or with one of another size than what is seen of its image, counts by its
    /// scores only. All pixels of a normal image are negative, whatever its mask says. What nobody knows
    /// the truth about does not count at all.
    ///
    /// # Panics
    /// If a map has another size than the canvas.
    pub fn add(&mut self, image: &TestImage<'_>) {
        let fits = |mask: &&MaskRegions| mask.size_px() == image.placement.seen.size_px();
        match image.kind {
            Kind::Normal => self.normals.add(image, Pixels::Normal),
            Kind::Defect(name) => {
                let group = self.defects.entry(name.clone()).or_default();
                match image.mask.filter(fits) {
                    Some(mask) => group.add(image, Pixels::Defective(mask)),
                    None => {
                        group.add(image, Pixels::Unknown);
                        self.left_out_of_pixel_auroc += 1;
                    }
                }
            }
            Kind::Unknown => {}
        }
    }

    /// The figures over the images so far.
    pub fn evaluation(&self) -> Evaluation {
        let everything = self.all_defects();
        Evaluation {
            images: ImageCounts {
                normal: self.normals.images(),
                defective: everything.images(),
                left_out_of_pixel_auroc: self.left_out_of_pixel_auroc,
                unreadable: 0,
            },
            overall: everything.against(&self.normals),
            kinds: self
                .defects
                .iter()
                .map(|(name, group)| (name.clone(), group.against(&self.normals)))
                .collect(),
            masks_to_look_at: Vec::new(),
            healing: None,
        }
    }

    /// The curves behind the figures, one after the other: kind of defect, sort of map, curves; at
    /// the end those over all kinds, called [`Evaluation::OVERALL`].
    pub fn for_each_curves(&self, mut each: impl FnMut(&str, MapKind, MapCurves)) {
        let everything = self.all_defects();
        let kinds = self.defects.iter();
        let kinds = kinds.map(|(name, group)| (name.as_str(), group));
        for (name, group) in kinds.chain([(Evaluation::OVERALL, &everything)]) {
            for kind in MapKind::ALL {
                let (maps, normals) = (&group.0[kind as usize], &self.normals.0[kind as usize]);
                let pixels = maps.pixels_with(normals);
                each(
                    name,
                    kind,
                    MapCurves::of(&pixels, &normals.scores, &maps.scores),
                );
            }
        }
    }

    fn all_defects(&self) -> Group {
        let mut everything = Group::default();
        for group in self.defects.values() {
            everything.merge(group);
        }
        everything
    }
}

/// What is known of an image's pixels.
#[derive(Clone, Copy)]
enum Pixels<'a> {
    Normal,
    Defective(&'a MaskRegions),
    Unknown,
}

/// Images of one kind, by [`MapKind::ALL`].
#[derive(Clone, Debug, Default)]
struct Group([MapGroup; MapKind::ALL.len()]);

/// One sort of map of the images of one kind.
#[derive(Clone, Debug, Default)]
struct MapGroup {
    scores: Vec<f32>,
    pixels: PixelHistogram,
}

impl Group {
    fn images(&self) -> usize {
        self.0[0].scores.len()
    }

    fn add(&mut self, image: &TestImage<'_>, pixels: Pixels<'_>) {
        let maps = MapKind::ALL.map(|kind| image.map(kind));
        self.0.par_iter_mut().zip(maps).for_each(|(group, map)| {
            let Some(ScoredMap { map, score }) = map else {
                return;
            };
            group.scores.push(score);
            let enlarged = || Enlarged::new(map, image.placement, image.counted);
            match pixels {
                Pixels::Normal => group.pixels.add_enlarged(&enlarged(), None),
                Pixels::Defective(mask) => group.pixels.add_enlarged(&enlarged(), Some(mask)),
                Pixels::Unknown => {}
            }
        });
    }

    fn merge(&mut self, other: &Self) {
        for (ours, theirs) in self.0.iter_mut().zip(&other.0) {
            ours.scores.extend(&theirs.scores);
            ours.pixels.merge(&theirs.pixels);
        }
    }

    fn against(&self, normals: &Self) -> KindEvaluation {
        let of = |kind: MapKind| self.0[kind as usize].against(&normals.0[kind as usize]);
        let if_any = |kind: MapKind| {
            let has = |group: &Self| !group.0[kind as usize].scores.is_empty();
            (has(self) || has(normals)).then(|| of(kind))
        };
        KindEvaluation {
            plain: of(MapKind::Plain),
            projected: of(MapKind::Projected),
            mean_image: if_any(MapKind::MeanImage),
            memory_bank: if_any(MapKind::MemoryBank),
            plain_bank: if_any(MapKind::PlainBank),
            gaussian_by_place: if_any(MapKind::GaussianByPlace),
        }
    }
}

impl MapGroup {
    fn against(&self, normals: &Self) -> MapEvaluation {
        let pixels = self.pixels_with(normals);
        MapEvaluation::of(&pixels, &normals.scores, &self.scores)
    }

    fn pixels_with(&self, normals: &Self) -> PixelHistogram {
        let mut pixels = normals.pixels.clone();
        pixels.merge(&self.pixels);
        pixels
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::{Aspect, DataConfig};
    use kizumi_image::crop::Area;
    use serde_json::{Value, json};

    /// A 4 x 1 canvas for an image of another width.
    fn placement(width: usize) -> Placement {
        Placement {
            source_px: (width, 1),
            seen: Area::whole((width, 1)),
            pose: None,
            canvas_px: (4, 1),
            x: 0,
            y: 0,
            width: 4,
            height: 1,
        }
    }

    fn hole() -> Kind {
        Kind::Defect("hole".into())
    }

    /// Counts an image of a 4 x 1 map whose projected map is the square root of the plain one.
    fn add(evaluator: &mut Evaluator, kind: &Kind, plain: [f32; 4], mask: Option<&[bool]>) {
        let row = |pixels: Vec<f32>| Picture::new(1, 1, 4, pixels);
        let projected = row(plain.iter().map(|value| value.sqrt()).collect());
        let plain = row(plain.to_vec());
        let width = mask.map_or(4, <[bool]>::len);
        let mask = mask.map(|mask| MaskRegions::new(mask.len(), mask));
        evaluator.add(&TestImage {
            kind,
            placement: &placement(width),
            counted: None,
            mask: mask.as_ref(),
            plain: ScoredMap {
                score: plain.max(),
                map: &plain,
            },
            projected: ScoredMap {
                score: -projected.max(),
                map: &projected,
            },
            mean_image: None,
            memory_bank: None,
            plain_bank: None,
            gaussian_by_place: None,
        });
    }

    #[test]
    fn what_nobody_knows_the_truth_about_changes_no_figure() {
        let mut evaluator = Evaluator::default();
        add(&mut evaluator, &Kind::Normal, [0.0, 0.1, 0.2, 0.3], None);
        let mask = [false, true, true, false];
        add(&mut evaluator, &hole(), [0.0, 0.25, 0.9, 0.1], Some(&mask));
        let before = evaluator.evaluation();
        add(&mut evaluator, &Kind::Unknown, [0.9; 4], Some(&mask));
        assert_eq!(evaluator.evaluation(), before);
    }

    #[test]
    fn the_json_is_the_documented_one() {
        let mut evaluator = Evaluator::default();
        add(&mut evaluator, &Kind::Normal, [0.0, 0.1, 0.2, 0.3], None);
        let mask = [false, true, true, false];
        add(&mut evaluator, &hole(), [0.0, 0.25, 0.9, 0.1], Some(&mask));
        let scratch = Kind::Defect("scratch".into());
        add(&mut evaluator, &scratch, [0.0, 0.0, 0.2, 0.0], None);

        let mut found = serde_json::to_value(evaluator.evaluation()).unwrap();
        // Thresholds are the upper ends of bins.
        fn without_thresholds(value: &mut Value) {
            if let Some(object) = value.as_object_mut() {
                object.retain(|key, _| key != "threshold");
                object.values_mut().for_each(without_thresholds);
            }
        }
        without_thresholds(&mut found);
        // Negatives 0, .1, .2, .3, 0, .1; positives .25, .9: 11 of 12 pairs are in order.
        let pixels = |image_auroc: f64, image_precision: f64, image_f1: f64| {
            json!({
                "pixel_auroc": 11.0 / 12.0,
                // Half the recall at precision 1, the other half at 2 of 3.
                "pixel_average_precision": 0.5 + 0.5 * (2.0 / 3.0),
                "pixel_best_f1": {"f1": 2.0 * (2.0 / 3.0) / (1.0 + 2.0 / 3.0)},
                // Half of the one region without a false positive, all of it from a sixth on.
                "aupro": (0.5 / 6.0 + 0.3 - 1.0 / 6.0) / 0.3,
                "image_auroc": image_auroc,
                "image_average_precision": image_precision,
                "image_best_f1": {"f1": image_f1},
            })
        };
        let no_pixels = |image: f64, precision: f64| {
            json!({
                "pixel_auroc": null,
                "pixel_average_precision": null,
                "pixel_best_f1": null,
                "aupro": null,
                "image_auroc": image,
                "image_average_precision": precision,
                "image_best_f1": {"f1": 2.0 * precision / (precision + 1.0)},
            })
        };
        // Scores: normal .3; hole .9, scratch .2; projected their negative roots.
        let both = 2.0 * (2.0 / 3.0) / (1.0 + 2.0 / 3.0);
        let expected = json!({
            "images": {"normal": 1, "defective": 2, "left_out_of_pixel_auroc": 1, "unreadable": 0},
            "plain": pixels(0.5, 0.5 + 0.5 * (2.0 / 3.0), both),
            "projected": pixels(0.5, 0.5 + 0.5 * (2.0 / 3.0), both),
            "mean_image": null,
            "memory_bank": null,
            "kinds": {
                "hole": {
                    "plain": pixels(1.0, 1.0, 1.0),
                    "projected": pixels(0.0, 0.5, 2.0 / 3.0),
                    "mean_image": null,
                    "memory_bank": null,
                },
                "scratch": {
                    "plain": no_pixels(0.0, 0.5),
                    "projected": no_pixels(1.0, 1.0),
                    "mean_image": null,
                    "memory_bank": null,
                },
            },
            "masks_to_look_at": [],
        });
        assert_alike(&found, &expected, "");
    }

    /// Equal, numbers but for rounding.
    fn assert_alike(a: &Value, b: &Value, place: &str) {
        match (a, b) {
            (Value::Object(one), Value::Object(other)) => {
                let keys = |object: &serde_json::Map<String, Value>| -> Vec<String> {
                    object.keys().cloned().collect()
                };
                assert_eq!(keys(one), keys(other), "{place}");
                for (key, value) in one {
                    assert_alike(value, &other[key], &format!("{place}.{key}"));
                }
            }
            (Value::Number(one), Value::Number(other)) => {
                let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
                assert!((one - other).abs() < 1e-12, "{place}: {one} and {other}");
            }
            _ => assert_eq!(a, b, "{place}"),
        }
    }

    #[test]
    fn a_mask_of_another_size_is_left_out_and_counted() {
        let mut evaluator = Evaluator::default();
        add(&mut evaluator, &Kind::Normal, [0.0; 4], None);
        let map = Picture::filled(1, 1, 4, 0.0);
        let scored = ScoredMap {
            map: &map,
            score: 0.0,
        };
        evaluator.add(&TestImage {
            kind: &hole(),
            placement: &placement(8),
            counted: None,
            mask: Some(&MaskRegions::new(4, &[true; 4])),
            plain: scored,
            projected: scored,
            mean_image: None,
            memory_bank: None,
            plain_bank: None,
            gaussian_by_place: None,
        });
        let evaluation = evaluator.evaluation();
        assert_eq!(evaluation.images.left_out_of_pixel_auroc, 1);
        assert_eq!(evaluation.overall.plain.pixel_auroc, None);
        assert_eq!(evaluation.overall.plain.image_auroc, Some(0.5));
    }

    #[test]
    fn pixels_are_those_of_the_file() {
        let mut evaluator = Evaluator::default();
        // The map's pixels become two each; between 0 and 1 lie a quarter and three.
        let mut mask = [false; 8];
        mask[4..].fill(true);
        add(&mut evaluator, &hole(), [0.0, 1.0, 1.0, 0.0], Some(&mask));
        // Left half 0, .25, .75, 1; right half its mirror image.
        assert_eq!(evaluator.evaluation().overall.plain.pixel_auroc, Some(0.5));
        mask[3] = true;
        let mut evaluator = Evaluator::default();
        add(&mut evaluator, &hole(), [0.0, 1.0, 1.0, 0.0], Some(&mask));
        // Negatives 0, .25, .75; positives 1, 1, .75, .25, 0.
        let expected = (3.0 + 3.0 + 2.5 + 1.5 + 0.5) / 15.0;
        let found = evaluator.evaluation().overall.plain.pixel_auroc.unwrap();
        assert!((found - expected).abs() < 1e-12, "{found}");
    }

    #[test]
    fn padding_is_left_out() {
        let config = DataConfig {
            size_px: 4,
            aspect: Aspect::Letterbox,
            ..DataConfig::default()
        };
        let placement = Placement::new((4, 2), &config).unwrap();
        // Padding above and below, which would be the most suspicious of all.
        let map = Picture::from_fn(1, 4, 4, |_, y, x| match y {
            1 | 2 => f32::from(u8::from(x == 3)),
            _ => 9.0,
        });
        let mask: Vec<bool> = (0..8).map(|i| i % 4 == 3).collect();
        let scored = ScoredMap {
            map: &map,
            score: 1.0,
        };
        let mut evaluator = Evaluator::default();
        evaluator.add(&TestImage {
            kind: &hole(),
            placement: &placement,
            counted: placement.counted(None).as_ref(),
            mask: Some(&MaskRegions::new(4, &mask)),
            plain: scored,
            projected: scored,
            mean_image: None,
            memory_bank: None,
            plain_bank: None,
            gaussian_by_place: None,
        });
        let plain = evaluator.evaluation().overall.plain;
        assert_eq!(plain.pixel_auroc, Some(1.0));
        assert_eq!(plain.pixel_best_f1.map(|best| best.f1), Some(1.0));
    }

    #[test]
    fn nothing_gives_nulls() {
        let empty = Evaluator::default().evaluation();
        assert_eq!(empty, Evaluation::default());
        assert_eq!(
            serde_json::to_value(&empty).unwrap()["plain"]["aupro"],
            json!(null)
        );
    }
}
