//! Cut and paste (CutPaste, Li et al. 2021): a piece of a normal picture where it does not belong.

use rand::Rng;

use super::canvas::Canvas;
use super::draw::{chance, extent, uniform};
use super::region::{Bounds, Outline, Region};
use super::transplant::Transplant;

/// Pastes a rectangle or a blob.
pub fn apply(canvas: &mut Canvas<'_>, rng: &mut impl Rng) -> Bounds {
    let outline = if chance(rng, 0.5) {
        Outline::Rectangle
    } else {
        Outline::Blob
    };
    // Half of the edges are cut sharply.
    let softness = if chance(rng, 0.5) {
        0.0
    } else {
        uniform(rng, 0.0, 0.6)
    };
    let extent = extent(rng, canvas.side());
    let region = Region::draw(&outline, canvas.side(), extent, 6.0, softness, rng);
    let piece = Transplant::draw(canvas, &region, rng);
    piece.apply(canvas, &region, 1.0);
    region.bounds
}
