//! Whether a picture is another one that somebody drew on.

use std::path::Path;

use kizumi_image::decode::{Backdrop, Limits, decode};

/// Up to this difference of 255 pixels are alike: saving a JPEG again changes them a little.
const ALIKE: u8 = 8;

/// From this difference on something else is there.
const OTHER: u8 = 64;

/// Whether two pictures have one size, nearly all of their pixels are alike, and the others are of another colour
/// altogether: at least 4 in 5, and 1 in 2000. Two photographs of one part differ everywhere, and a little.
pub(super) fn is_drawn_on(picture: &Path, original: &Path) -> bool {
    let read = |path| {
        let decoded = decode(path, Limits::PARALLEL, Backdrop::White).ok()?;
        Some(decoded.image.to_rgb8())
    };
    let (Some(ours), Some(theirs)) = (read(picture), read(original)) else {
        return false;
    };
    if ours.dimensions() != theirs.dimensions() {
        return false;
    }
    let (ours, theirs) = (ours.as_chunks::<3>().0, theirs.as_chunks::<3>().0);
    let (mut alike, mut other) = (0, 0);
    for (ours, theirs) in ours.iter().zip(theirs) {
        let differences = ours.iter().zip(theirs).map(|(a, b)| a.abs_diff(*b));
        let difference = differences.max().unwrap_or(0);
        alike += usize::from(difference <= ALIKE);
        other += usize::from(difference >= OTHER);
    }
    5 * alike >= 4 * ours.len() && 2000 * other >= ours.len() && other > 0
}
