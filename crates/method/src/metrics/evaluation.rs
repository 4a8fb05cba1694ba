//! What a model achieves on labelled test images.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::auroc::auroc;
use super::{BestF1, Curve, Healing, OverlapCurve, PixelHistogram};

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
    /// Masks that somebody should look at before the pixel figures are believed.
    #[serde(default)]
    pub masks_to_look_at: Vec<OddMask>,
    /// How the projection heals synthetic defects, over the images that were held out of training; `None`
    /// where that was not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healing: Option<Healing>,
}

impl Evaluation {
    /// What the figures over all kinds are called in tables.
    pub const OVERALL: &str = "all defects";

    /// The figures by name: each kind of defect, then all together.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &KindEvaluation)> {
        let kinds = self.kinds.iter();
        let kinds = kinds.map(|(name, figures)| (name.as_str(), figures));
        kinds.chain([(Self::OVERALL, &self.overall)])
    }
}

/// A mask that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OddMask {
    /// Its file. Bytes in it that are no text stand as `\xff`.
    pub path: String,
    /// What is the matter, for people.
    pub reason: String,
    /// Whether it is not used: the pixel figures are made without it.
    pub left_out: bool,
}

/// How many images were evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageCounts {
    /// Normal test images.
    pub normal: usize,
    /// Defective test images.
    pub defective: usize,
    /// Defective images that the pixel figures leave out: no mask, or none that can be used.
    pub left_out_of_pixel_auroc: usize,
    /// Test images that could not be read: they are in none of the counts, and in no figure.
    #[serde(default)]
    pub unreadable: usize,
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
    /// The distance of frozen features to those of normal images: what is to be had without training.
    MemoryBank,
    /// The distance of features to the nearest of normal patches, as PatchCore has it.
    PlainBank,
    /// The distance of features to a Gaussian for each place, as PaDiM has it.
    GaussianByPlace,
}

impl MapKind {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 6] = [
        Self::Plain,
        Self::Projected,
        Self::MeanImage,
        Self::MemoryBank,
        Self::PlainBank,
        Self::GaussianByPlace,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Projected => "projected",
            Self::MeanImage => "mean image",
            Self::MemoryBank => "memory bank",
            Self::PlainBank => "plain memory bank",
            Self::GaussianByPlace => "Gaussian by place",
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
    /// The distance of frozen features; `None` where none are remembered.
    #[serde(default)]
    pub memory_bank: Option<MapEvaluation>,
    /// The distance to a plain memory bank; `None` outside a benchmark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain_bank: Option<MapEvaluation>,
    /// The distance to a Gaussian for each place; `None` outside a benchmark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaussian_by_place: Option<MapEvaluation>,
}

impl KindEvaluation {
    /// The figures of the sorts of maps that there are.
    pub fn maps(&self) -> impl Iterator<Item = (MapKind, &MapEvaluation)> {
        let maps = MapKind::ALL.into_iter();
        maps.filter_map(|map| {
            let figures = match map {
                MapKind::Plain => Some(&self.plain),
                MapKind::Projected => Some(&self.projected),
                MapKind::MeanImage => self.mean_image.as_ref(),
                MapKind::MemoryBank => self.memory_bank.as_ref(),
                MapKind::PlainBank => self.plain_bank.as_ref(),
                MapKind::GaussianByPlace => self.gaussian_by_place.as_ref(),
            };
            Some((map, figures?))
        })
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

/// What every threshold would do, for one sort of map of one kind of defect.
#[derive(Clone, Debug, PartialEq)]
pub struct MapCurves {
    /// Over pixels.
    pub pixels: Option<Curve>,
    /// Over regions of pixels.
    pub overlap: Option<OverlapCurve>,
    /// Over image scores.
    pub images: Option<Curve>,
}

impl MapCurves {
    /// Of pixels of both classes, and of the image scores of normal and of defective images.
    pub(super) fn of(pixels: &PixelHistogram, normals: &[f32], defective: &[f32]) -> Self {
        Self {
            pixels: pixels.curve(),
            overlap: pixels.overlap_curve(),
            images: Curve::new(normals, defective),
        }
    }
}

impl MapEvaluation {
    /// As [`MapCurves::of`].
    pub(super) fn of(pixels: &PixelHistogram, normals: &[f32], defective: &[f32]) -> Self {
        let curves = MapCurves::of(pixels, normals, defective);
        let (of_pixels, of_images) = (curves.pixels.as_ref(), curves.images.as_ref());
        Self {
            pixel_auroc: pixels.auroc(),
            pixel_average_precision: of_pixels.map(Curve::average_precision),
            pixel_best_f1: of_pixels.map(BestF1::of),
            aupro: curves.overlap.as_ref().map(OverlapCurve::aupro),
            image_auroc: auroc(normals, defective),
            image_average_precision: of_images.map(Curve::average_precision),
            image_best_f1: of_images.map(BestF1::of),
        }
    }
}
