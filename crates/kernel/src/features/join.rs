//! From the network's outputs at strides 8 and 16 to features, and back.

use super::super::real::Real;
use super::layers::rows;
use super::{FeatureMap, FeatureNetwork};

/// Averages over 3 x 3 places, enlarges that of stride 16, puts both side by side.
pub(super) fn join<T: Real>([fine, coarse]: &[FeatureMap<T>; 2]) -> FeatureMap<T> {
    let (fine, coarse) = (average(fine), average(coarse));
    rows(
        fine.height,
        fine.width,
        FeatureNetwork::CHANNELS,
        |y, row| {
            for (x, to) in row.chunks_exact_mut(FeatureNetwork::CHANNELS).enumerate() {
                let (own, enlarged) = to.split_at_mut(fine.channels);
                own.copy_from_slice(place(&fine, y, x));
                for (from_y, weight_y) in halfway(y, coarse.height) {
                    for (from_x, weight_x) in halfway(x, coarse.width) {
                        let weight = T::from_f64(weight_y * weight_x);
                        for (to, from) in enlarged.iter_mut().zip(place(&coarse, from_y, from_x)) {
                            *to += *from * weight;
                        }
                    }
                }
            }
        },
    )
}

/// The gradients with respect to both outputs, from that with respect to the features.
pub(super) fn part<T: Real>(gradient: &FeatureMap<T>) -> [FeatureMap<T>; 2] {
    let (height, width) = (gradient.height, gradient.width);
    let fine_channels = gradient.channels - COARSE_CHANNELS;
    let fine = rows(height, width, fine_channels, |y, row| {
        for (x, to) in row.chunks_exact_mut(fine_channels).enumerate() {
            to.copy_from_slice(&place(gradient, y, x)[..fine_channels]);
        }
    });
    let coarse = rows(height / 2, width / 2, COARSE_CHANNELS, |y, row| {
        for (x, to) in row.chunks_exact_mut(COARSE_CHANNELS).enumerate() {
            for (from_y, weight_y) in reached(y, height) {
                for (from_x, weight_x) in reached(x, width) {
                    let weight = T::from_f64(weight_y * weight_x);
                    let from = &place(gradient, from_y, from_x)[fine_channels..];
                    for (to, from) in to.iter_mut().zip(from) {
                        *to += *from * weight;
                    }
                }
            }
        }
    });
    // The average is its own transpose.
    [average(&fine), average(&coarse)]
}

/// Of stride 16.
const COARSE_CHANNELS: usize = 112;

fn place<T: Real>(map: &FeatureMap<T>, y: usize, x: usize) -> &[T] {
    &map.values[(y * map.width + x) * map.channels..][..map.channels]
}

/// The mean of each place and its neighbours; zeros beyond the border count.
fn average<T: Real>(map: &FeatureMap<T>) -> FeatureMap<T> {
    let ninth = T::from_f64(1.0 / 9.0);
    rows(map.height, map.width, map.channels, |y, row| {
        for (x, to) in row.chunks_exact_mut(map.channels).enumerate() {
            for from_y in y.saturating_sub(1)..(y + 2).min(map.height) {
                for from_x in x.saturating_sub(1)..(x + 2).min(map.width) {
                    for (to, from) in to.iter_mut().zip(place(map, from_y, from_x)) {
                        *to += *from;
                    }
                }
            }
            for to in to {
                *to = *to * ninth;
            }
        }
    })
}

/// The two places of a row half as fine, `side` long, that a place is interpolated from, with their weights.
fn halfway(at: usize, side: usize) -> [(usize, f64); 2] {
    let near = at / 2;
    let far = if at.is_multiple_of(2) {
        near.saturating_sub(1)
    } else {
        (near + 1).min(side - 1)
    };
    [(near, 0.75), (far, 0.25)]
}

/// The places of a row twice as fine, `side` long, that are interpolated from a place, with its weights.
fn reached(at: usize, side: usize) -> impl Iterator<Item = (usize, f64)> {
    let around = (2 * at).saturating_sub(1)..(2 * at + 3).min(side);
    around.flat_map(move |to| {
        let parts = halfway(to, side / 2).into_iter();
        parts.filter_map(move |(from, weight)| (from == at).then_some((to, weight)))
    })
}
