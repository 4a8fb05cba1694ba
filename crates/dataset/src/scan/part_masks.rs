//! Masks that show the parts in images, instead of their defects.

use std::path::Path;

use kizumi_image::decode::Limits;
use kizumi_image::mask_look::marks_anything;
use kizumi_image::mask_source::MaskSource;

use super::lists::{ListedImage, Told};
use crate::catalog::Kind;

/// Of how many normal images the masks are looked at, and of how many at least.
const LOOKED_AT: usize = 32;
const LOOKED_AT_MIN: usize = 3;

/// Whether the masks in a list show parts: most normal images have one that marks something, and so have most
/// defective ones. Where those have none, the labels may be the wrong way round.
pub(super) fn show_parts(root: &Path, images: &[ListedImage]) -> bool {
    let masked_of = |is_normal: bool| {
        let of_kind = images.iter().filter(|image| match &image.told {
            Told::Known(kind) => (*kind == Kind::Normal) == is_normal,
            _ => false,
        });
        let of_kind: Vec<&ListedImage> = of_kind.collect();
        let masked = of_kind.iter().filter(|image| !image.masks.is_empty());
        let masked: Vec<&ListedImage> = masked.copied().collect();
        let are_most = masked.len() * 2 > of_kind.len();
        are_most.then_some(masked)
    };
    let (Some(normal), Some(_)) = (masked_of(true), masked_of(false)) else {
        return false;
    };
    if normal.len() < LOOKED_AT_MIN {
        return false;
    }
    let shown = normal.len().min(LOOKED_AT);
    let sample = (0..shown).map(|at| normal[at * normal.len() / shown]);
    let marked = sample.filter(|image| {
        let masks = image.masks.iter().map(|mask| root.join(mask));
        marks_anything(&MaskSource::Files(masks.collect()), Limits::HARD).is_ok_and(|marks| marks)
    });
    marked.count() * 2 > shown
}
