//! How well scores and maps tell defective from normal.

mod auroc;
mod confusion;
mod curve;
mod evaluation;
mod iou;
mod pixel_histogram;

pub use auroc::auroc;
pub use confusion::Confusion;
pub use curve::{Curve, CurvePoint};
pub use evaluation::{Evaluation, Evaluator, ImageCounts, KindEvaluation, MapEvaluation};
pub use iou::best_iou;
pub use pixel_histogram::PixelHistogram;
