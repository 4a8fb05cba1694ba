//! Large parts that look different: uneven light, grinding or coating, half a part of another batch.

use rand::Rng;

use super::canvas::Canvas;
use super::draw::{below, chance, log_uniform, sign, uniform};
use super::noise::smooth_noise;
use super::region::{Bounds, Outline, Region};
use super::transplant::Transplant;

/// The extents of such a part as shares of the picture's side. The upper ones reach past its edges.
const EXTENT: (f32, f32) = (0.3, 1.2);

/// How far around a pixel its texture's mean is taken, in pixels of a picture of 128 x 128.
const TEXTURE_PX: (f32, f32) = (2.0, 10.0);

/// Gives a large part another texture, another light, or that of another picture.
pub fn apply(canvas: &mut Canvas<'_>, rng: &mut impl Rng) -> Bounds {
    let outline = match below(rng, 3) {
        0 => Outline::Rectangle,
        1 => Outline::Blob,
        _ => Outline::Ragged,
    };
    let extent = uniform(rng, EXTENT.0, EXTENT.1) * canvas.side() as f32;
    let softness = uniform(rng, 0.0, 0.8);
    let region = Region::draw(&outline, canvas.side(), extent, 3.0, softness, rng);
    match below(rng, 3) {
        0 => texture(canvas, &region, rng),
        1 => light(canvas, &region, rng),
        _ => {
            let piece = Transplant::draw(canvas, &region, rng);
            piece.apply(canvas, &region, uniform(rng, 0.4, 1.0));
        }
    }
    region.bounds
}

/// Makes the texture weaker or stronger, and the part a little lighter or darker.
fn texture(canvas: &mut Canvas<'_>, region: &Region, rng: &mut impl Rng) {
    let radius = log_uniform(rng, TEXTURE_PX.0, TEXTURE_PX.1) * canvas.scale();
    let strength = log_uniform(rng, 1.3, 4.0);
    let gain = if chance(rng, 0.5) {
        strength
    } else {
        1.0 / strength
    };
    let shift = if chance(rng, 0.5) {
        log_uniform(rng, 0.01, 0.15) * sign(rng)
    } else {
        0.0
    };
    let means: Vec<Vec<f32>> = (0..canvas.channels())
        .map(|channel| local_mean(canvas, channel, region.bounds, radius as usize + 1))
        .collect();
    canvas.change(region, |channel, at, weight, value| {
        value + weight * ((gain - 1.0) * (value - means[channel][at]) + shift)
    });
}

/// Lights the part differently, more in some places than in others.
fn light(canvas: &mut Canvas<'_>, region: &Region, rng: &mut impl Rng) {
    let Bounds { width, height, .. } = region.bounds;
    let strength = log_uniform(rng, 0.05, 0.8);
    let base = uniform(rng, -1.0, 1.0);
    let cell = uniform(rng, 0.3, 1.2) * canvas.side() as f32;
    let noise = smooth_noise(width, height, cell, rng);
    canvas.change(region, |_, at, weight, value| {
        value * (1.0 + weight * strength * (0.5 * base + 0.5 * noise[at]))
    });
}

/// The mean of the square of `2 * radius + 1` pixels around each pixel of some bounds, as far as
/// the picture reaches, by two running sums.
fn local_mean(canvas: &Canvas<'_>, channel: usize, bounds: Bounds, radius: usize) -> Vec<f32> {
    let side = canvas.side();
    let plane = canvas.plane(channel);
    let (top, bottom) = (
        bounds.y.saturating_sub(radius),
        (bounds.y + bounds.height + radius).min(side),
    );
    // Across: one row after another, for the rows that the columns' sums need.
    let mut across = Vec::with_capacity((bottom - top) * bounds.width);
    for row in plane.chunks_exact(side).take(bottom).skip(top) {
        across.extend(window_means(row, bounds.x, bounds.width, radius));
    }
    let mut means = vec![0.0; bounds.width * bounds.height];
    let mut column = vec![0.0; bottom - top];
    for x in 0..bounds.width {
        for (out, row) in column.iter_mut().zip(across.chunks_exact(bounds.width)) {
            *out = row[x];
        }
        let down = window_means(&column, bounds.y - top, bounds.height, radius);
        for (row, mean) in means.chunks_exact_mut(bounds.width).zip(down) {
            row[x] = mean;
        }
    }
    means
}

/// The means of the values at most `radius` from each of `count` places from `first` on.
fn window_means(
    values: &[f32],
    first: usize,
    count: usize,
    radius: usize,
) -> impl Iterator<Item = f32> + '_ {
    let (mut low, mut high, mut sum) = (0, 0, 0.0);
    (first..first + count).map(move |at| {
        while high < (at + radius + 1).min(values.len()) {
            sum += values[high];
            high += 1;
        }
        while low + radius < at {
            sum -= values[low];
            low += 1;
        }
        sum / (high - low) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_takes_the_mean_of_what_there_is() {
        let values = [1.0, 2.0, 3.0, 4.0, 10.0];
        let means: Vec<f32> = window_means(&values, 0, 5, 1).collect();
        assert_eq!(means, [1.5, 2.0, 3.0, 17.0 / 3.0, 7.0]);
        let means: Vec<f32> = window_means(&values, 3, 2, 8).collect();
        assert_eq!(means, [4.0, 4.0]);
    }

    #[test]
    fn a_local_mean_is_that_of_the_square_around() {
        let mut pixels: Vec<f32> = (0..12 * 12)
            .map(|i| (i * 37 % 101) as f32 / 101.0)
            .collect();
        let donor = pixels.clone();
        let plane = pixels.clone();
        let canvas = Canvas::new(&mut pixels, 1, 12, &donor);
        let bounds = Bounds {
            x: 2,
            y: 1,
            width: 9,
            height: 11,
        };
        let means = local_mean(&canvas, 0, bounds, 3);
        for (at, mean) in means.iter().enumerate() {
            let (x, y) = (2 + at % 9, 1 + at / 9);
            let (mut sum, mut count) = (0.0, 0.0);
            for row in y.saturating_sub(3)..(y + 4).min(12) {
                for column in x.saturating_sub(3)..(x + 4).min(12) {
                    sum += plane[row * 12 + column];
                    count += 1.0;
                }
            }
            assert!((mean - sum / count).abs() < 1e-5, "{x}, {y}: {mean}");
        }
    }
}
