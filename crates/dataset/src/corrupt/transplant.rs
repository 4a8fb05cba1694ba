//! Pieces of normal pictures, brought to another place.

use rand::Rng;

use super::canvas::Canvas;
use super::draw::{below, chance, log_uniform, sign, uniform};
use super::region::{Bounds, Region};

/// Where the values of some bounds come from: another place, turned by right angles or mirrored,
/// perhaps with another contrast and brightness.
pub struct Transplant {
    from_donor: bool,
    /// The picture's index of the first pixel, and the steps to the next one across and down.
    first: isize,
    across: isize,
    down: isize,
    width: usize,
    middle: [f32; 3],
    contrast: f32,
    shift: [f32; 3],
}

impl Transplant {
    /// Draws where the values for the bounds come from.
    pub fn draw(canvas: &Canvas<'_>, region: &Region, rng: &mut impl Rng) -> Self {
        let Bounds { width, height, .. } = region.bounds;
        let side = canvas.side();
        let from_donor = chance(rng, 0.6);
        let turned = chance(rng, 0.4);
        let (mirror_x, mirror_y) = (chance(rng, 0.4), chance(rng, 0.4));
        let (wide, high) = if turned {
            (height, width)
        } else {
            (width, height)
        };
        let left = below(rng, side - wide + 1);
        let top = below(rng, side - high + 1);
        let (x, step_x) = ends(left, wide, mirror_x);
        let (y, step_y) = ends(top, high, mirror_y);
        let step_y = step_y * side as isize;
        let (across, down) = if turned {
            (step_y, step_x)
        } else {
            (step_x, step_y)
        };
        // Half of the pieces keep their looks: only the place is wrong.
        let plain = chance(rng, 0.5);
        let (contrast, grey) = (
            log_uniform(rng, 0.5, 2.0),
            log_uniform(rng, 0.02, 0.4) * sign(rng),
        );
        let coloured = chance(rng, 0.25);
        let shift = std::array::from_fn(|_| {
            let own = uniform(rng, -0.2, 0.2);
            if coloured { grey + own } else { grey }
        });
        Self {
            from_donor,
            first: (y * side + x) as isize,
            across,
            down,
            width: width.max(1),
            middle: canvas.mean(region),
            contrast: if plain { 1.0 } else { contrast },
            shift: if plain { [0.0; 3] } else { shift },
        }
    }

    /// Mixes the piece in where the region weighs, at most with the given opacity.
    pub fn apply(&self, canvas: &mut Canvas<'_>, region: &Region, opacity: f32) {
        let len = region.weights.len();
        let mut piece = Vec::with_capacity(canvas.channels() * len);
        for channel in 0..canvas.channels() {
            let plane = if self.from_donor {
                canvas.donor(channel)
            } else {
                canvas.clean(channel)
            };
            let offset = self.middle[channel] * (1.0 - self.contrast) + self.shift[channel];
            for row in 0..region.bounds.height {
                let start = self.first + row as isize * self.down;
                piece.extend((0..self.width).map(|column| {
                    let at = start + column as isize * self.across;
                    plane[at as usize] * self.contrast + offset
                }));
            }
        }
        canvas.change(region, |channel, at, weight, value| {
            value + opacity * weight * (piece[channel * len + at] - value)
        });
    }
}

/// The first of `len` places from `start` on and the step to the next, perhaps from the end.
fn ends(start: usize, len: usize, mirrored: bool) -> (usize, isize) {
    if mirrored {
        (start + len.saturating_sub(1), -1)
    } else {
        (start, 1)
    }
}
