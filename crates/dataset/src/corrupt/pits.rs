//! Dots: pores, pits, inclusions, dust.

use rand::Rng;

use super::canvas::Canvas;
use super::draw::{chance, contrast, direction, log_uniform, uniform};
use super::paint::{Paint, tone};
use super::region::{Bounds, Region};

/// The most dots of one cluster.
const MOST: f32 = 13.0;

/// The radii of dots in pixels, for a picture of 128 pixels.
const RADII: (f32, f32) = (0.6, 5.0);

/// A rim is at least this wide.
const RIM_PX: f32 = 0.6;

/// Puts one to a dozen dots close together, most of them dark, some with a rim that shines.
pub fn apply(canvas: &mut Canvas<'_>, rng: &mut impl Rng) -> Bounds {
    let (side, scale) = (canvas.side() as f32, canvas.scale());
    let count = log_uniform(rng, 1.0, MOST) as usize;
    let typical = log_uniform(rng, RADII.0, RADII.1);
    let spread = typical * scale * log_uniform(rng, 2.0, 10.0);
    let (cx, cy) = (uniform(rng, 0.0, side), uniform(rng, 0.0, side));
    let dots: Vec<((f32, f32), f32)> = (0..count)
        .map(|_| {
            let (cos, sin) = direction(rng);
            let away = if count == 1 {
                0.0
            } else {
                spread * uniform(rng, 0.0, 1.0)
            };
            let radius = (typical * log_uniform(rng, 0.6, 1.6)).clamp(RADII.0, RADII.1);
            ((cx + away * cos, cy + away * sin), radius * scale)
        })
        .collect();
    let rim = uniform(rng, 1.0, 1.4);
    let reach = spread + RADII.1 * scale * 1.7 + 2.0;
    let bounds = Bounds::around(
        (cx - reach, cy - reach),
        (cx + reach, cy + reach),
        canvas.side(),
    );
    let mut pits = Region::empty(bounds);
    for &(centre, radius) in &dots {
        // Irregular: two discs, one somewhat beside the other.
        let (cos, sin) = direction(rng);
        let beside = radius * uniform(rng, 0.0, 0.7);
        let level = uniform(rng, 0.6, 1.0);
        pits.stamp(centre, radius, level);
        let second = (centre.0 + beside * cos, centre.1 + beside * sin);
        pits.stamp(second, radius * uniform(rng, 0.5, 0.9), level);
    }
    let tone = tone(canvas.channels(), 0.75, rng);
    let (strength, choice) = (contrast(rng), uniform(rng, 0.0, 1.0));
    if chance(rng, 0.3) {
        let mut rims = Region::empty(bounds);
        for &(centre, radius) in &dots {
            rims.stamp(centre, radius * rim + RIM_PX, 1.0);
        }
        for (rim, pit) in rims.weights.iter_mut().zip(&pits.weights) {
            *rim *= 1.0 - pit;
        }
        let share = uniform(rng, 0.3, 0.8);
        Paint::choose(canvas, &rims, tone.map(|part| -part), share * strength, 1.0)
            .apply(canvas, &rims);
    }
    Paint::choose(canvas, &pits, tone, strength, choice).apply(canvas, &pits);
    bounds
}
