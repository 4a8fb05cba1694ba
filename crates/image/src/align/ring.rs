//! How a part is turned, told by what lies on rings around its centre.

use serde::{Deserialize, Serialize};

use super::text;
use crate::picture::Picture;

/// Turns that are told apart: one degree each.
pub const TURNS: usize = 360;

/// The innermost ring, in pixels: within it a turn moves nothing.
const INNERMOST_PX: usize = 2;

/// Standard deviation of what is taken off along each ring, in degrees: light that falls from one side shades a
/// third of a ring, a letter takes some degrees of it.
const SHADE_DEGREES: f32 = 5.0;

/// Values beyond this share of all are cut off: the edges of a piece that is missing are far stronger than letters.
const KEPT_SHARE: f64 = 0.99;

/// The grey of rings around a point, in degrees from the right, clockwise, without its shade: ring after ring from
/// the inside. Each counts by the square root of its length.
#[derive(Clone, Debug, PartialEq)]
pub struct Unrolled(Vec<f32>);

impl Unrolled {
    /// The rings up to a radius, in pixels, of a one-channel picture; beyond its edges their values go on.
    pub fn of(picture: &Picture, x: f32, y: f32, radius_px: usize) -> Self {
        let kernel = shade_kernel();
        let mut values = Vec::with_capacity(radius_px.saturating_sub(INNERMOST_PX) * TURNS);
        let steps: Vec<(f32, f32)> = (0..TURNS)
            .map(|turn| (turn as f32).to_radians().sin_cos())
            .collect();
        for radius in INNERMOST_PX..radius_px {
            let radius = radius as f32;
            let ring: Vec<f32> = steps
                .iter()
                .map(|(sin, cos)| grey(picture, x + radius * cos, y + radius * sin))
                .collect();
            for turn in 0..TURNS {
                let shade: f32 = kernel
                    .iter()
                    .enumerate()
                    .map(|(i, weight)| {
                        let near = (turn + TURNS + i - kernel.len() / 2) % TURNS;
                        weight * ring[near]
                    })
                    .sum();
                values.push(ring[turn] - shade);
            }
        }
        cut_off(&mut values);
        for (i, value) in values.iter_mut().enumerate() {
            *value *= ((i / TURNS + INNERMOST_PX) as f32).sqrt();
        }
        Self(values)
    }

    /// The mean of others, each turned back by so many degrees; of none it is empty.
    pub fn mean(all: &[(Self, f32)]) -> Self {
        let length = all.first().map_or(0, |(first, _)| first.0.len());
        let mut mean = vec![0.0; length];
        for (one, degrees) in all {
            let turn = degrees.round() as isize;
            for (ring, mean) in one.0.chunks_exact(TURNS).zip(mean.chunks_exact_mut(TURNS)) {
                for (i, mean) in mean.iter_mut().enumerate() {
                    *mean += ring[(i as isize + turn).rem_euclid(TURNS as isize) as usize];
                }
            }
        }
        for value in &mut mean {
            *value /= all.len() as f32;
        }
        Self(mean)
    }
}

/// The rings of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ring {
    /// How far they reach, in pixels.
    pub radius_px: usize,
    /// Their values, the largest as 127.
    #[serde(with = "text")]
    values: Vec<i8>,
}

/// How alike rings are in each of [`TURNS`] turns, `-1.0..=1.0`.
pub struct Turns(Vec<f32>);

impl Ring {
    /// Of a part of which only `counted` (points from the centre) is known.
    pub fn new(rings: &Unrolled, radius_px: usize, counted: impl Fn(f32, f32) -> bool) -> Self {
        let is_counted = |i: usize| {
            let (sin, cos) = ((i % TURNS) as f32).to_radians().sin_cos();
            let radius = (i / TURNS + INNERMOST_PX) as f32;
            counted(radius * cos, radius * sin)
        };
        let most = rings
            .0
            .iter()
            .fold(0.0f32, |most, value| most.max(value.abs()));
        let scale = 127.0 / most.max(f32::MIN_POSITIVE);
        let values = rings
            .0
            .iter()
            .enumerate()
            .map(|(i, value)| match is_counted(i) {
                true => (value * scale).round() as i8,
                false => 0,
            });
        Self {
            radius_px,
            values: values.collect(),
        }
    }

    /// # Errors
    /// When there are not as many values as there should be.
    pub fn validate(&self) -> Result<(), String> {
        match self.radius_px.saturating_sub(INNERMOST_PX) * TURNS == self.values.len() {
            true => Ok(()),
            false => Err("the rings of the part to align to are inconsistent".into()),
        }
    }

    /// How alike a picture is around a point, turn after turn.
    pub fn turns(&self, picture: &Picture, x: f32, y: f32) -> Turns {
        let own = Unrolled::of(picture, x, y, self.radius_px);
        let mut sums = vec![0.0f32; TURNS];
        let (mut squares, mut own_squares) = (0.0f32, 0.0f32);
        for (ring, own) in self
            .values
            .chunks_exact(TURNS)
            .zip(own.0.chunks_exact(TURNS))
        {
            let twice = [own, own].concat();
            for (i, value) in ring.iter().enumerate().filter(|(_, value)| **value != 0) {
                let value = f32::from(*value);
                squares += value * value;
                for (sum, own) in sums.iter_mut().zip(&twice[i..i + TURNS]) {
                    *sum += value * own;
                }
            }
            own_squares += own.iter().map(|own| own * own).sum::<f32>();
        }
        let share = 1.0 / (squares.sqrt() * own_squares.sqrt()).max(f32::MIN_POSITIVE);
        sums.iter_mut().for_each(|sum| *sum *= share);
        Turns(sums)
    }
}

impl Turns {
    /// In a turn of whole degrees.
    pub fn at(&self, turn: isize) -> f32 {
        self.0[turn.rem_euclid(TURNS as isize) as usize]
    }

    /// The turn within `reach` degrees of one that is most alike, between whole degrees.
    pub fn best_near(&self, turn: isize, reach: isize) -> f32 {
        let turns = turn - reach..=turn + reach;
        let best = turns.max_by(|a, b| self.at(*a).total_cmp(&self.at(*b)));
        let best = best.unwrap_or(turn);
        let [before, here, after] = [-1, 0, 1].map(|by| self.at(best + by));
        let bend = before - 2.0 * here + after;
        // The top of the parabola through three values.
        let share = match bend < 0.0 {
            true => ((before - after) / (2.0 * bend)).clamp(-0.5, 0.5),
            false => 0.0,
        };
        best as f32 + share
    }
}

fn shade_kernel() -> Vec<f32> {
    let reach = (3.0 * SHADE_DEGREES) as isize;
    let weights = (-reach..=reach).map(|at| (-0.5 * (at as f32 / SHADE_DEGREES).powi(2)).exp());
    let weights: Vec<f32> = weights.collect();
    let sum: f32 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// Cuts off what is beyond [`KEPT_SHARE`] of the values.
fn cut_off(values: &mut [f32]) {
    let mut lengths: Vec<f32> = values.iter().map(|value| value.abs()).collect();
    let at = (lengths.len() as f64 * KEPT_SHARE) as usize;
    if at >= lengths.len() {
        return;
    }
    let most = *lengths.select_nth_unstable_by(at, f32::total_cmp).1;
    values
        .iter_mut()
        .for_each(|value| *value = value.clamp(-most, most));
}

/// Between the centres of pixels, beyond the edges their values.
pub(super) fn grey(picture: &Picture, x: f32, y: f32) -> f32 {
    let (width, height) = (picture.width, picture.height);
    let x = (x - 0.5).clamp(0.0, (width - 1) as f32);
    let y = (y - 0.5).clamp(0.0, (height - 1) as f32);
    let (left, top) = (x as usize, y as usize);
    let (across, down) = (x - left as f32, y - top as f32);
    let (right, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let at = |x: usize, y: usize| picture.pixels[y * width + x];
    let upper = at(left, top) + across * (at(right, top) - at(left, top));
    let lower = at(left, below) + across * (at(right, below) - at(left, below));
    upper + down * (lower - upper)
}
