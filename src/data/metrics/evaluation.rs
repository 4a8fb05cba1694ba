//! What a model achieves on labelled test images.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::auroc::auroc;
use super::{BestF1, Curve, PixelHistogram};

/// The figures of `kizumi evaluate --json`; `null` where one is undefined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// How many images there were.
    pub images: ImageCounts,
    /// All defective images against all normal ones.
    #[serde(flatten)]
    pub overall: KindEvaluation,
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

/// What the figures are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapKind {
    /// The plain residual, (x_0 - f(x_0))^2.
    Plain,
    /// The projection, |x_T - x_0|.
    Projected,
    /// The difference to the mean of the normal images, (x_0 - mean)^2: what is to be had without a
    /// network where all images look alike.
    MeanImage,
}

impl MapKind {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Projected, Self::MeanImage];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Projected => "projected",
            Self::MeanImage => "mean image",
        }
    }
}

/// The figures of every sort of map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KindEvaluation {
    /// The plain residual.
    pub plain: MapEvaluation,
    /// The projection.
    pub projected: MapEvaluation,
    /// The difference to the mean of the normal images; `None` where there is no such image.
    pub mean_image: Option<MapEvaluation>,
}

impl KindEvaluation {
    /// The figures of one sort of map, if there are such maps.
    pub fn get(&self, map: MapKind) -> Option<&MapEvaluation> {
        match map {
            MapKind::Plain => Some(&self.plain),
            MapKind::Projected => Some(&self.projected),
            MapKind::MeanImage => self.mean_image.as_ref(),
        }
    }
}

/// How well one sort of map does. Pixels are those of the image files; all normal images take part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MapEvaluation {
    /// Over pixels: does the map find the defect?
    pub pixel_auroc: Option<f64>,
    /// Area under the precision-recall curve of pixels; guessing gives their defective share.
    pub pixel_average_precision: Option<f64>,
    /// The best F1 over pixels.
    pub pixel_best_f1: Option<BestF1>,
    /// Area under the curve of per-region overlap, up to 30 % false positives.
    pub aupro: Option<f64>,
    /// Over image scores: does the score find the defective image?
    pub image_auroc: Option<f64>,
    /// Area under the precision-recall curve of image scores.
    pub image_average_precision: Option<f64>,
    /// The best F1 over image scores.
    pub image_best_f1: Option<BestF1>,
}

impl MapEvaluation {
    /// Of pixels of both classes, and of the image scores of normal and of defective images.
    pub(super) fn of(pixels: &PixelHistogram, normals: &[f32], defective: &[f32]) -> Self {
        let of_pixels = pixels.curve();
        let of_images = Curve::new(normals, defective);
        Self {
            pixel_auroc: pixels.auroc(),
            pixel_average_precision: of_pixels.as_ref().map(Curve::average_precision),
            pixel_best_f1: of_pixels.as_ref().map(BestF1::of),
            aupro: pixels.overlap_curve().map(|curve| curve.aupro()),
            image_auroc: auroc(normals, defective),
            image_average_precision: of_images.as_ref().map(Curve::average_precision),
            image_best_f1: of_images.as_ref().map(BestF1::of),
        }
    }
}
