//! How well scores and maps tell defective from normal.

mod auroc;
mod evaluation;
mod iou;
mod pixel_histogram;

pub use auroc::auroc;
pub use evaluation::{Evaluation, Evaluator, ImageCounts, KindEvaluation, MapEvaluation};
pub use iou::best_iou;
pub use pixel_histogram::PixelHistogram;
