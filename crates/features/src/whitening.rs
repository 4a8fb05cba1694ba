//! Features in which every direction varies alike among normal patches.
//!
//! With mean m and covariance S of normal patches, y = W (phi - m), W the inverse of the Cholesky factor of
//! S + r I. So |y - n|^2 is the squared Mahalanobis distance: directions in which normal patches hardly vary
//! weigh the most, and a small r keeps their noise within bounds.

use rayon::prelude::*;

use kizumi_kernel::features::FeatureMap;
use kizumi_kernel::isa::{Isa, Loop};
use kizumi_kernel::triangular::Lower;

/// r, as a share of the mean variance of a feature.
const RIDGE: f64 = 0.01;

/// r where nothing varies at all.
const SMALLEST_RIDGE: f64 = 1e-6;

/// Patches that a thread works on at a time.
const TOGETHER: usize = 256;

/// A linear map of features, `channels` in and as many out.
#[derive(Clone, Debug, PartialEq)]
pub struct Whitening {
    /// m.
    mean: Vec<f32>,
    /// W, `[outputs][inputs]`: below the diagonal and on it.
    weights: Vec<f32>,
    /// The same, packed.
    packed: Lower,
}

impl Whitening {
    /// That of some normal patches, `[count][channels]`.
    ///
    /// # Panics
    /// If there is none.
    pub(crate) fn of(channels: usize, patches: &[f32]) -> Self {
        let count = patches.len() / channels;
        assert!(count > 0, "no patch to learn from");
        let mean = mean(channels, patches);
        let mut covariance = covariance(channels, patches, &mean);
        let trace: f64 = (0..channels).map(|i| covariance[i * channels + i]).sum();
        let ridge = (RIDGE * trace / channels as f64).max(SMALLEST_RIDGE);
        for i in 0..channels {
            covariance[i * channels + i] += ridge;
        }
        let factor = cholesky(channels, covariance);
        let weights = lower_inverse(channels, &factor);
        Self::new(
            mean.into_iter().map(|value| value as f32).collect(),
            weights.into_iter().map(|value| value as f32).collect(),
        )
    }

    /// That of mean and weights `[outputs][inputs]`, of which those above the diagonal count as zero.
    ///
    /// # Panics
    /// If the weights are not as many as two means make.
    pub(crate) fn new(mean: Vec<f32>, weights: Vec<f32>) -> Self {
        let channels = mean.len();
        assert_eq!(weights.len(), channels * channels, "a square matrix");
        Self {
            packed: Lower::new(channels, &weights),
            mean,
            weights,
        }
    }

    /// m.
    pub(crate) fn mean(&self) -> &[f32] {
        &self.mean
    }

    /// W, `[outputs][inputs]`.
    pub(crate) fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// y of features.
    pub(crate) fn apply(&self, features: &FeatureMap) -> FeatureMap {
        FeatureMap {
            values: self.apply_all(&features.values),
            ..*features
        }
    }

    /// y of patches, `[count][channels]`.
    pub(crate) fn apply_all(&self, patches: &[f32]) -> Vec<f32> {
        let channels = self.mean.len();
        let mut white = vec![0.0; patches.len()];
        white
            .par_chunks_mut(TOGETHER * channels)
            .zip(patches.par_chunks(TOGETHER * channels))
            .for_each(|(white, patches)| {
                let means = self.mean.iter().cycle();
                let centred: Vec<f32> = patches.iter().zip(means).map(|(a, b)| a - b).collect();
                self.packed.apply(Isa::current(), &centred, white);
            });
        white
    }

    /// The gradient by the features of what has this gradient by y.
    pub(crate) fn back(&self, gradient: &FeatureMap) -> FeatureMap {
        let channels = self.mean.len();
        let mut values = vec![0.0; gradient.values.len()];
        values
            .par_chunks_mut(TOGETHER * channels)
            .zip(gradient.values.par_chunks(TOGETHER * channels))
            .for_each(|(to, from)| {
                Isa::current().run_loop(Transposed {
                    size: channels,
                    matrix: &self.weights,
                    from,
                    to,
                });
            });
        FeatureMap {
            values,
            ..*gradient
        }
    }
}

/// Adds the products of a transposed lower triangular matrix `[size][size]` with vectors.
pub(crate) struct Transposed<'a> {
    pub(crate) size: usize,
    pub(crate) matrix: &'a [f32],
    pub(crate) from: &'a [f32],
    pub(crate) to: &'a mut [f32],
}

impl Loop for Transposed<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let vectors = self.from.chunks_exact(self.size);
        for (from, to) in vectors.zip(self.to.chunks_exact_mut(self.size)) {
            for (row, (value, weights)) in from
                .iter()
                .zip(self.matrix.chunks_exact(self.size))
                .enumerate()
            {
                for (to, weight) in to[..=row].iter_mut().zip(weights) {
                    *to += value * weight;
                }
            }
        }
    }
}

/// The mean of patches, `[count][channels]`; zero of none.
pub(crate) fn mean(channels: usize, patches: &[f32]) -> Vec<f64> {
    let mut mean = vec![0.0; channels];
    for patch in patches.chunks_exact(channels) {
        for (sum, value) in mean.iter_mut().zip(patch) {
            *sum += f64::from(*value);
        }
    }
    let share = channels as f64 / patches.len().max(1) as f64;
    mean.iter_mut().for_each(|sum| *sum *= share);
    mean
}

/// The covariance of at least one patch, `[channels][channels]`. Always summed in the same order, however many threads there are.
pub(crate) fn covariance(channels: usize, patches: &[f32], mean: &[f64]) -> Vec<f64> {
    let count = patches.len() / channels;
    let stride = channels.next_multiple_of(TILE);
    let mut centred = vec![0.0; count * stride];
    centred
        .par_chunks_mut(stride)
        .zip(patches.par_chunks(channels))
        .with_min_len(TOGETHER)
        .for_each(|(centred, patch)| {
            let differences = patch.iter().zip(mean);
            for (to, (value, mean)) in centred.iter_mut().zip(differences) {
                *to = f64::from(*value) - mean;
            }
        });
    let mut sums = vec![0.0; stride * stride];
    sums.par_chunks_mut(TILE * stride)
        .enumerate()
        .for_each(|(band, sums)| {
            Isa::current().run_loop(Products {
                centred: &centred,
                stride,
                band,
                sums,
            });
        });
    let mut covariance = vec![0.0; channels * channels];
    for row in 0..channels {
        for column in 0..=row {
            let value = sums[row * stride + column] / count as f64;
            covariance[row * channels + column] = value;
            covariance[column * channels + row] = value;
        }
    }
    covariance
}

/// Rows and columns of the covariance whose sums stay in registers.
const TILE: usize = 8;

/// Sums of products of a band of features, [`TILE`] of them, with each of those up to the last of the band.
struct Products<'a> {
    /// `[count][stride]`.
    centred: &'a [f64],
    stride: usize,
    band: usize,
    /// `[TILE][stride]`.
    sums: &'a mut [f64],
}

impl Loop for Products<'_> {
    type Output = ();

    // Indices with constant bounds are what the compiler unrolls into registers.
    #[allow(clippy::needless_range_loop)]
    #[inline(always)]
    fn run(self) {
        // As many patches as stay in the second cache.
        const PIECE: usize = 128;
        let stride = self.stride;
        let own = self.band * TILE;
        for piece in self.centred.chunks(PIECE * stride) {
            for first in (0..=own).step_by(TILE) {
                let mut tile = [[0.0; TILE]; TILE];
                for patch in piece.chunks_exact(stride) {
                    let rows = patch[own..].first_chunk::<TILE>();
                    let columns = patch[first..].first_chunk::<TILE>();
                    let (Some(rows), Some(columns)) = (rows, columns) else {
                        break;
                    };
                    for r in 0..TILE {
                        for c in 0..TILE {
                            tile[r][c] += rows[r] * columns[c];
                        }
                    }
                }
                for (to, from) in self.sums.chunks_exact_mut(stride).zip(tile) {
                    for (to, from) in to[first..first + TILE].iter_mut().zip(from) {
                        *to += from;
                    }
                }
            }
        }
    }
}

/// L with L L^T = the matrix, which must be symmetric and positive definite; `size` rows.
pub(crate) fn cholesky(size: usize, mut matrix: Vec<f64>) -> Vec<f64> {
    for i in 0..size {
        for j in 0..=i {
            let (row, other) = (&matrix[i * size..][..j], &matrix[j * size..][..j]);
            let sum: f64 = row.iter().zip(other).map(|(a, b)| a * b).sum();
            let rest = matrix[i * size + j] - sum;
            matrix[i * size + j] = if i == j {
                rest.max(SMALLEST_RIDGE * SMALLEST_RIDGE).sqrt()
            } else {
                rest / matrix[j * size + j]
            };
        }
        matrix[i * size + i + 1..(i + 1) * size].fill(0.0);
    }
    matrix
}

/// The inverse of a lower triangular matrix.
pub(crate) fn lower_inverse(size: usize, lower: &[f64]) -> Vec<f64> {
    let mut inverse = vec![0.0; size * size];
    for column in 0..size {
        for i in column..size {
            let own = f64::from(u8::from(i == column));
            let sum: f64 = (column..i)
                .map(|k| lower[i * size + k] * inverse[k * size + column])
                .sum();
            inverse[i * size + column] = (own - sum) / lower[i * size + i];
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_image::seeded;
    use rand::RngExt;

    const CHANNELS: usize = 5;

    /// Patches whose features vary together, and by very different amounts.
    fn patches(count: usize) -> Vec<f32> {
        let mut rng = seeded::rng(7, "whitening tests", 0);
        let mut patches = Vec::new();
        for _ in 0..count {
            let [a, b, c, d, e] = std::array::from_fn(|_| rng.random_range(-1.0f32..1.0));
            patches.extend([3.0 + 40.0 * a, a + b, 9.0 * c - b, 0.2 * d, e + c]);
        }
        patches
    }

    #[test]
    fn whitened_patches_vary_alike_in_every_direction() {
        let patches = patches(4000);
        let whitening = Whitening::of(CHANNELS, &patches);
        let white = whitening.apply_all(&patches);
        let mean = super::mean(CHANNELS, &white);
        assert!(mean.iter().all(|mean| mean.abs() < 1e-3), "{mean:?}");
        let covariance = super::covariance(CHANNELS, &white, &mean);
        // The ridge holds small directions down: none varies more than 1.
        for i in 0..CHANNELS {
            let variance = covariance[i * CHANNELS + i];
            assert!(
                variance > 0.0 && variance < 1.001,
                "feature {i}: {variance}"
            );
        }
        assert!((covariance[0] - 1.0).abs() < 0.02);
    }

    #[test]
    fn the_covariance_is_that_of_the_definition() {
        // More features than a tile has, and not a multiple of it.
        let (channels, count) = (19, 300);
        let mut rng = seeded::rng(8, "whitening tests", 1);
        let patches: Vec<f32> = (0..channels * count)
            .map(|_| rng.random_range(-1.0..3.0))
            .collect();
        let mean = mean(channels, &patches);
        let covariance = covariance(channels, &patches, &mean);
        for i in 0..channels {
            for j in 0..channels {
                let products = patches
                    .chunks_exact(channels)
                    .map(|patch| (f64::from(patch[i]) - mean[i]) * (f64::from(patch[j]) - mean[j]));
                let expected = products.sum::<f64>() / count as f64;
                assert!((covariance[i * channels + j] - expected).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_factors_inverse_undoes_the_factor() {
        let matrix = vec![4.0, 2.0, -2.0, 2.0, 10.0, 2.0, -2.0, 2.0, 6.0];
        let factor = cholesky(3, matrix.clone());
        let inverse = lower_inverse(3, &factor);
        let product = |a: &[f64], b: &dyn Fn(usize, usize) -> f64, i: usize, j: usize| -> f64 {
            (0..3).map(|k| a[i * 3 + k] * b(k, j)).sum()
        };
        for i in 0..3 {
            for j in 0..3 {
                let squared = product(&factor, &|k, j| factor[j * 3 + k], i, j);
                assert!((squared - matrix[i * 3 + j]).abs() < 1e-12);
                let one = product(&inverse, &|k, j| factor[k * 3 + j], i, j);
                assert!((one - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_gradient_goes_back_through_the_transposed_matrix() {
        let whitening = Whitening::of(CHANNELS, &patches(500));
        let map = |values: Vec<f32>| FeatureMap {
            channels: CHANNELS,
            height: 1,
            width: 2,
            values,
        };
        let (features, gradient) = (map(patches(2)), map(vec![0.5; 2 * CHANNELS]));
        // Of a linear map: <gradient, W (x - m)> = <W^T gradient, x - m>.
        let dot = |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let forward = dot(&gradient.values, &whitening.apply(&features).values);
        let means = whitening.mean().repeat(2);
        let centred: Vec<f32> = features
            .values
            .iter()
            .zip(&means)
            .map(|(a, b)| a - b)
            .collect();
        let back = dot(&whitening.back(&gradient).values, &centred);
        assert!(
            (forward - back).abs() < 1e-3 * forward.abs().max(1.0),
            "{forward} {back}"
        );
    }

    #[test]
    fn patches_that_are_all_alike_are_no_trouble() {
        let whitening = Whitening::of(2, &[1.0, 2.0, 1.0, 2.0]);
        assert!(
            whitening
                .apply_all(&[1.0, 2.0])
                .iter()
                .all(|value| *value == 0.0)
        );
        assert!(
            whitening
                .apply_all(&[1.5, 2.0])
                .iter()
                .all(|value| value.is_finite())
        );
    }
}
