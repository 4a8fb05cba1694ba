//! Ground-truth masks, at the network's resolution or at their own.

use std::path::Path;

use super::compact::pad;
use super::coverage::coverage;
use super::decode::Limits;
use super::file_error::FileError;
#[cfg(doc)]
use super::file_error::Reason;
use super::mask_layers::Layers;
use super::mask_oddity::MaskOddity;
use super::mask_regions::MaskRegions;
use super::mask_source::MaskSource;
use super::picture::Picture;
use super::placement::Placement;
use super::remark::Remark;

/// The image file that a mask belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Photograph<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// Whether its orientation tag turned or mirrored it when it was read.
    pub reoriented: bool,
}

impl<'a> Photograph<'a> {
    /// A file of which this was remarked when it was read.
    pub fn new(path: &'a Path, remarks: &[Remark]) -> Self {
        Self {
            path,
            reoriented: remarks.contains(&Remark::Reoriented),
        }
    }
}

/// A mask that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked<T> {
    /// What it marks.
    pub mask: T,
    /// What a person should know of it.
    pub oddities: Vec<MaskOddity>,
}

/// Reads the mask of an image that was placed by `placement`: one channel of the canvas' size,
/// 1 for defective, 0 for not.
///
/// What counts as defective in a file: everything but 0, whatever stands for which defect; in files that
/// are compressed with loss, whose blacks are noisy, what is brighter than an eighth of white. A coloured mask
/// counts by its strongest channel, transparent is not defective, unless nothing else tells the pixels apart. All
/// pages of a TIFF count. A mask that has the size of its image
/// before the orientation tag turned it is turned, too. A pixel of the result is defective when at least
/// half of its area is; should that leave nothing, the pixel with the largest share stands for the defect.
///
/// # Errors
/// Those of [`super::decode::decode`], [`Reason::MaskSize`] when the mask is not as large as its image, and
/// [`Reason::MarksTooDark`].
pub fn load_mask(
    mask: &MaskSource,
    of: Photograph<'_>,
    placement: &Placement,
) -> Result<Marked<Picture>, FileError> {
    // Rounding must not turn an exact half into less.
    load_covered(mask, of, placement, |largest| largest.min(0.5 - 1e-4))
}

/// Reads a hole, given as a mask, of an image that was placed by `placement`: as [`load_mask`], but
/// every pixel with a part in it belongs to it, so that nothing of what it covers shines through.
///
/// # Errors
/// As [`load_mask`].
pub fn load_hole(
    mask: &MaskSource,
    of: Photograph<'_>,
    placement: &Placement,
) -> Result<Marked<Picture>, FileError> {
    load_covered(mask, of, placement, |_| 1e-4)
}

/// 1 where more than nothing and at least the `needed` share of a canvas pixel is marked; `needed` is
/// told the largest share.
fn load_covered(
    mask: &MaskSource,
    of: Photograph<'_>,
    placement: &Placement,
    needed: impl Fn(f32) -> f32,
) -> Result<Marked<Picture>, FileError> {
    let seen = placement.seen;
    let mut marked = vec![false; seen.width * seen.height];
    let layers = Layers {
        of,
        placement,
        limits: Limits::HARD,
    };
    let oddities = layers.for_each(mask, |layer| {
        for (marked, layer) in marked.iter_mut().zip(layer) {
            *marked |= layer;
        }
    })?;
    let mut share = coverage(&marked, seen.size_px(), (placement.width, placement.height));
    let needed = needed(share.iter().copied().fold(0.0, f32::max));
    for value in &mut share {
        *value = f32::from(u8::from(*value > 0.0 && *value >= needed));
    }
    let (width, height) = placement.canvas_px;
    Ok(Marked {
        mask: Picture::new(1, height, width, pad(&share, 1, placement)),
        oddities,
    })
}

/// Reads the mask of an image as it is, without resizing it: those pixels that `placement` lets see, whose regions
/// are those in there. What is defective is as in [`load_mask`]; the regions of each file stay
/// regions of their own.
///
/// # Errors
/// As [`load_mask`].
pub fn load_mask_regions(
    mask: &MaskSource,
    of: Photograph<'_>,
    placement: &Placement,
) -> Result<Marked<MaskRegions>, FileError> {
    load_mask_regions_within(mask, of, placement, Limits::HARD)
}

/// As [`load_mask_regions`], of files within these limits.
///
/// # Errors
/// As [`load_mask`].
pub fn load_mask_regions_within(
    mask: &MaskSource,
    of: Photograph<'_>,
    placement: &Placement,
    limits: Limits,
) -> Result<Marked<MaskRegions>, FileError> {
    let seen = placement.seen;
    let layers = Layers {
        of,
        placement,
        limits,
    };
    let mut regions = MaskRegions::new(seen.width, &vec![false; seen.width * seen.height]);
    let oddities = layers.for_each(mask, |layer| {
        regions.add(MaskRegions::new(seen.width, &layer));
    })?;
    Ok(Marked {
        mask: regions,
        oddities,
    })
}

#[cfg(test)]
#[path = "mask_tests.rs"]
mod tests;
