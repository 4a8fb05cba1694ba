//! What a corruption does to the brightness and the colour.

use rand::Rng;

use super::canvas::Canvas;
use super::draw::{chance, sign, uniform};
use super::region::Region;

/// A change of brightness or colour that is the same throughout a region.
pub enum Paint {
    /// Adds to the channels; the texture stays.
    Add([f32; 3]),
    /// Multiplies the channels; the texture stays and gets weaker or stronger.
    Multiply([f32; 3]),
    /// Covers with a colour; the texture goes.
    Cover([f32; 3]),
}

impl Paint {
    /// The paint that gives a place a contrast in `0.0..=1.0`. `tone` is its direction, see
    /// [`tone`]; it is turned round where the place has no room for it, as for a shadow in the
    /// dark. `choice` in `0.0..1.0` tells which paint: low ones cover, high ones add.
    pub fn choose(
        canvas: &Canvas<'_>,
        region: &Region,
        tone: [f32; 3],
        contrast: f32,
        choice: f32,
    ) -> Self {
        let mean = canvas.mean(region);
        let shifted = |way: f32| -> [f32; 3] {
            std::array::from_fn(|c| (mean[c] + way * contrast * tone[c]).clamp(0.0, 1.0))
        };
        let seen = |colour: &[f32; 3]| -> f32 {
            (0..3).fold(0.0, |most, c| (colour[c] - mean[c]).abs().max(most))
        };
        let (mut way, mut colour) = (1.0, shifted(1.0));
        let other = shifted(-1.0);
        if seen(&colour) < 0.5 * contrast && seen(&other) > seen(&colour) {
            (way, colour) = (-1.0, other);
        }
        if choice < 0.35 {
            Self::Cover(colour)
        } else if choice < 0.7 && mean.iter().all(|&value| value > 0.05) {
            Self::Multiply(std::array::from_fn(|c| colour[c] / mean[c]))
        } else {
            Self::Add(tone.map(|part| way * contrast * part))
        }
    }

    /// Applies the paint where the region weighs.
    pub fn apply(&self, canvas: &mut Canvas<'_>, region: &Region) {
        match self {
            Self::Add(shift) => {
                canvas.change(region, |c, _, weight, value| value + weight * shift[c]);
            }
            Self::Multiply(gain) => canvas.change(region, |c, _, weight, value| {
                value + weight * value * (gain[c] - 1.0)
            }),
            Self::Cover(colour) => canvas.change(region, |c, _, weight, value| {
                value + weight * (colour[c] - value)
            }),
        }
    }
}

/// A direction among the colours, its largest part 1 or -1: grey most often, and always for grey
/// pictures. `dark` is the share of those towards dark.
pub fn tone(channels: usize, dark: f32, rng: &mut impl Rng) -> [f32; 3] {
    let way = if chance(rng, dark) { -1.0 } else { 1.0 };
    let grey = chance(rng, 0.75);
    let saturated = chance(rng, 0.5);
    let mut parts: [f32; 3] = std::array::from_fn(|_| uniform(rng, 0.0, 1.0));
    if saturated {
        // Some channels the other way: another hue, hardly another brightness.
        parts = parts.map(|part| part * sign(rng));
    }
    let largest = parts
        .iter()
        .fold(0.0_f32, |most, part| part.abs().max(most));
    if grey || channels == 1 || largest < 1e-3 {
        return [way; 3];
    }
    parts.map(|part| way * part / largest)
}
