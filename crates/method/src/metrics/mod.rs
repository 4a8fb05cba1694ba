//! How well scores and maps tell defective from normal.

mod auroc;
mod best_f1;
mod clustered;
mod confusion;
mod curve;
mod evaluation;
mod evaluator;
mod healing;
mod iou;
mod overlap;
mod pixel_histogram;

pub use auroc::auroc;
pub use best_f1::BestF1;
pub use clustered::{Clustered, Sample, standard_error};
pub use confusion::Confusion;
pub use curve::{Curve, CurvePoint};
pub use evaluation::{
    Evaluation, ImageCounts, KindEvaluation, MapCurves, MapEvaluation, MapKind, OddMask,
};
pub use evaluator::{Evaluator, ScoredMap, TestImage};
pub use healing::{Healed, Healing, UNTOUCHED};
pub use iou::best_iou;
pub use overlap::{AUPRO_LIMIT, OverlapCurve, OverlapPoint};
pub use pixel_histogram::PixelHistogram;
