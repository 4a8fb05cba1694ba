//! Soft spots: dirt, moisture, discolouration, shadow.

use rand::Rng;

use super::canvas::Canvas;
use super::draw::{chance, contrast, extent, uniform};
use super::paint::{Paint, tone};
use super::region::{Bounds, Outline, Region};

/// Puts a spot; some have dried at the edge only.
pub fn apply(canvas: &mut Canvas<'_>, rng: &mut impl Rng) -> Bounds {
    let (extent, softness) = (extent(rng, canvas.side()), uniform(rng, 0.2, 1.8));
    let mut region = Region::draw(&Outline::Blob, canvas.side(), extent, 4.0, softness, rng);
    if chance(rng, 0.2) {
        // What is left is the edge.
        let core = uniform(rng, 0.5, 1.0);
        for weight in &mut region.weights {
            *weight *= 1.0 - core * *weight;
        }
    }
    let tone = tone(canvas.channels(), 0.55, rng);
    // Few stains cover: what is below shines through.
    let choice = uniform(rng, 0.25, 1.0);
    Paint::choose(canvas, &region, tone, contrast(rng), choice).apply(canvas, &region);
    region.bounds
}
