//! A ragged region mixed with something (DRAEM, Zavrtanik et al. 2021).

use rand::Rng;

use super::canvas::Canvas;
use super::draw::{below, contrast, extent, log_uniform, uniform};
use super::noise::smooth_noise;
use super::paint::{Paint, tone};
use super::region::{Bounds, Outline, Region};
use super::transplant::Transplant;

/// Mixes in a flat colour, a noise or a piece of a normal picture.
pub fn apply(canvas: &mut Canvas<'_>, rng: &mut impl Rng) -> Bounds {
    let (extent, softness) = (extent(rng, canvas.side()), uniform(rng, 0.0, 0.8));
    let region = Region::draw(&Outline::Ragged, canvas.side(), extent, 3.0, softness, rng);
    match below(rng, 3) {
        0 => {
            let tone = tone(canvas.channels(), 0.5, rng);
            Paint::choose(canvas, &region, tone, contrast(rng), 0.0).apply(canvas, &region);
        }
        1 => speckle(canvas, &region, rng),
        _ => {
            let piece = Transplant::draw(canvas, &region, rng);
            piece.apply(canvas, &region, uniform(rng, 0.2, 1.0));
        }
    }
    region.bounds
}

/// A noise of any grain around the place's own colour, over its texture or in place of it.
fn speckle(canvas: &mut Canvas<'_>, region: &Region, rng: &mut impl Rng) {
    let Bounds { width, height, .. } = region.bounds;
    let (grain, strength) = (log_uniform(rng, 1.0, 8.0) * canvas.scale(), contrast(rng));
    let noise = smooth_noise(width, height, grain, rng);
    let tone = tone(canvas.channels(), 0.5, rng);
    let mean = canvas.mean(region);
    let covering = uniform(rng, 0.0, 1.0);
    canvas.change(region, |channel, at, weight, value| {
        let base = value + covering * (mean[channel] - value);
        let speckled = base + strength * tone[channel] * noise[at];
        value + weight * (speckled - value)
    });
}
