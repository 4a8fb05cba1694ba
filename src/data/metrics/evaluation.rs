//! What a model achieves on labelled test images.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::auroc::auroc;
use super::pixel_histogram::PixelHistogram;
use crate::data::catalog::Kind;
use crate::data::iterate::Inspection;
use crate::data::picture::Picture;

/// The figures of `kizumi evaluate --json`; `null` where one is undefined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// How many images there were.
    pub images: ImageCounts,
    /// The plain residual, all defective images against all normal ones.
    pub plain: MapEvaluation,
    /// The projection, all defective images against all normal ones.
    pub projected: MapEvaluation,
    /// By kind of defect: its images against all normal ones.
    pub kinds: BTreeMap<String, KindEvaluation>,
}

/// How many images were evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageCounts {
    /// Normal test images.
    pub normal: usize,
    /// Defective test images.
    pub defective: usize,
    /// Defective images that the pixel figures leave out: no mask, or one of another size.
    pub left_out_of_pixel_auroc: usize,
}

/// How well one kind of map does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapEvaluation {
    /// Over pixels: does the map find the defect?
    pub pixel_auroc: Option<f64>,
    /// Over image scores: does the score find the defective image?
    pub image_auroc: Option<f64>,
}

/// The same for one kind of defect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KindEvaluation {
    /// The plain residual.
    pub plain: MapEvaluation,
    /// The projection.
    pub projected: MapEvaluation,
}

/// Collects inspected test images, one after the other, keeping no picture.
#[derive(Clone, Debug, Default)]
pub struct Evaluator {
    normals: Group,
    defects: BTreeMap<String, Group>,
    left_out_of_pixel_auroc: usize,
}

impl Evaluator {
    /// Counts one image.
    ///
    /// `mask` is the ground truth at the map's resolution (positive above 0.5); a defective image
    /// without one, or with one of another size, counts by its scores only. All pixels of a normal
    /// image are negative, whatever its mask says. Pixels where `valid` is zero are left out.
    pub fn add(
        &mut self,
        kind: &Kind,
        inspection: &Inspection,
        mask: Option<&Picture>,
        valid: Option<&Picture>,
    ) {
        let map = &inspection.plain_map;
        match kind {
            Kind::Normal => {
                self.normals.add_scores(inspection);
                self.normals.add_pixels(inspection, |_| false, valid);
            }
            Kind::Defect(name) => {
                let group = self.defects.entry(name.clone()).or_default();
                group.add_scores(inspection);
                match mask.filter(|mask| (mask.height, mask.width) == (map.height, map.width)) {
                    Some(mask) => {
                        group.add_pixels(inspection, |i| mask.pixels[i] > 0.5, valid);
                    }
                    None => self.left_out_of_pixel_auroc += 1,
                }
            }
        }
    }

    /// The figures over the images so far.
    pub fn evaluation(&self) -> Evaluation {
        let mut everything = Group::default();
        for group in self.defects.values() {
            everything.merge(group);
        }
        let all = everything.against(&self.normals);
        Evaluation {
            images: ImageCounts {
                normal: self.normals.plain.scores.len(),
                defective: everything.plain.scores.len(),
                left_out_of_pixel_auroc: self.left_out_of_pixel_auroc,
            },
            plain: all.plain,
            projected: all.projected,
            kinds: self
                .defects
                .iter()
                .map(|(name, group)| (name.clone(), group.against(&self.normals)))
                .collect(),
        }
    }
}

/// Images of one kind.
#[derive(Clone, Debug, Default)]
struct Group {
    plain: MapGroup,
    projected: MapGroup,
}

/// One sort of map of the images of one kind.
#[derive(Clone, Debug, Default)]
struct MapGroup {
    scores: Vec<f32>,
    pixels: PixelHistogram,
}

impl Group {
    fn add_scores(&mut self, inspection: &Inspection) {
        self.plain.scores.push(inspection.plain_score);
        self.projected.scores.push(inspection.projected_score);
    }

    fn add_pixels(
        &mut self,
        inspection: &Inspection,
        is_positive: impl Fn(usize) -> bool,
        valid: Option<&Picture>,
    ) {
        let counts = |i: usize| {
            valid.is_none_or(|valid| valid.pixels.get(i).is_none_or(|&valid| valid != 0.0))
        };
        for (group, map) in [
            (&mut self.plain, &inspection.plain_map),
            (&mut self.projected, &inspection.projected_map),
        ] {
            for (i, &value) in map.pixels.iter().enumerate() {
                if counts(i) {
                    group.pixels.insert(value, is_positive(i));
                }
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        for (ours, theirs) in [
            (&mut self.plain, &other.plain),
            (&mut self.projected, &other.projected),
        ] {
            ours.scores.extend(&theirs.scores);
            ours.pixels.merge(&theirs.pixels);
        }
    }

    fn against(&self, normals: &Self) -> KindEvaluation {
        KindEvaluation {
            plain: self.plain.against(&normals.plain),
            projected: self.projected.against(&normals.projected),
        }
    }
}

impl MapGroup {
    fn against(&self, normals: &Self) -> MapEvaluation {
        let mut pixels = normals.pixels.clone();
        pixels.merge(&self.pixels);
        MapEvaluation {
            pixel_auroc: pixels.auroc(),
            image_auroc: auroc(&normals.scores, &self.scores),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::data::iterate::StopRule;
    use serde_json::json;

    /// A 1 x 4 image whose projected map is the square root of its plain one.
    fn inspection(plain: [f32; 4]) -> Inspection {
        let map = |pixels: Vec<f32>| Picture::new(1, 1, 4, pixels);
        let plain_map = map(plain.to_vec());
        let projected_map = map(plain.iter().map(|value| value.sqrt()).collect());
        Inspection {
            plain_score: plain_map.max(),
            projected_score: -projected_map.max(),
            plain_map,
            projected_map,
            projected: Picture::default(),
            reconstruction: Picture::default(),
            iterations: 1,
            stop: StopRule::Iterations,
            mapper: Default::default(),
        }
    }

    fn mask(pixels: [f32; 4]) -> Picture {
        Picture::new(1, 1, 4, pixels.to_vec())
    }

    fn hole() -> Kind {
        Kind::Defect("hole".into())
    }

    #[test]
    fn the_json_is_the_documented_one() {
        let mut evaluator = Evaluator::default();
        evaluator.add(&Kind::Normal, &inspection([0.0, 0.1, 0.2, 0.3]), None, None);
        evaluator.add(
            &hole(),
            &inspection([0.0, 0.25, 0.9, 0.1]),
            Some(&mask([0.0, 1.0, 1.0, 0.0])),
            None,
        );
        evaluator.add(
            &Kind::Defect("scratch".into()),
            &inspection([0.0, 0.0, 0.2, 0.0]),
            None,
            None,
        );
        // Negatives 0, .1, .2, .3, 0, .1; positives .25, .9: 11 of 12 pairs are in order.
        let pixels = 11.0 / 12.0;
        assert_eq!(
            serde_json::to_value(evaluator.evaluation()).unwrap(),
            json!({
                "images": {"normal": 1, "defective": 2, "left_out_of_pixel_auroc": 1},
                "plain": {"pixel_auroc": pixels, "image_auroc": 0.5},
                "projected": {"pixel_auroc": pixels, "image_auroc": 0.5},
                "kinds": {
                    "hole": {
                        "plain": {"pixel_auroc": pixels, "image_auroc": 1.0},
                        "projected": {"pixel_auroc": pixels, "image_auroc": 0.0},
                    },
                    "scratch": {
                        "plain": {"pixel_auroc": null, "image_auroc": 0.0},
                        "projected": {"pixel_auroc": null, "image_auroc": 1.0},
                    },
                },
            })
        );
    }

    #[test]
    fn a_mask_of_another_size_is_left_out_and_counted() {
        let mut evaluator = Evaluator::default();
        let wrong = Picture::filled(1, 2, 4, 1.0);
        evaluator.add(&hole(), &inspection([0.0; 4]), Some(&wrong), None);
        evaluator.add(&Kind::Normal, &inspection([0.0; 4]), None, None);
        let evaluation = evaluator.evaluation();
        assert_eq!(evaluation.images.left_out_of_pixel_auroc, 1);
        assert_eq!(evaluation.plain.pixel_auroc, None);
        assert_eq!(evaluation.plain.image_auroc, Some(0.5));
    }

    #[test]
    fn padding_is_left_out() {
        let mut evaluator = Evaluator::default();
        let valid = mask([1.0, 1.0, 1.0, 0.0]);
        evaluator.add(
            &hole(),
            &inspection([0.1, 0.2, 0.5, 0.9]),
            Some(&mask([0.0, 0.0, 1.0, 0.0])),
            Some(&valid),
        );
        assert_eq!(evaluator.evaluation().plain.pixel_auroc, Some(1.0));
    }

    #[test]
    fn nothing_gives_nulls() {
        let empty = Evaluator::default().evaluation();
        assert_eq!(empty, Evaluation::default());
        assert_eq!(
            serde_json::to_value(&empty).unwrap()["plain"]["pixel_auroc"],
            json!(null)
        );
    }
}
