//! The directions in which normal patches vary most.

use rand::RngExt;

use kizumi_image::seeded;
use kizumi_kernel::isa::{Isa, Loop};

use crate::whitening::{covariance, mean};

/// Directions.
pub(crate) const AXES: usize = 32;

/// Of subspace iteration; the covariances of features are settled after a quarter of them.
const ITERATIONS: usize = 40;

/// What rounding leaves of a vector that lies in the span of others, as a share of its length.
const ROUNDING: f64 = 1e-9;

/// Added to variances: patches that are all alike have none.
const SMALLEST_VARIANCE: f64 = 1e-6;

/// A map of features to their principal components, each of variance 1 among normal patches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Axes {
    /// What features are less before.
    pub mean: Vec<f32>,
    /// `[channels][AXES]`.
    pub weights: Vec<f32>,
}

impl Axes {
    /// Those of normal patches, `[count][channels]`.
    ///
    /// # Panics
    /// If there is none.
    pub fn of(channels: usize, patches: &[f32]) -> Self {
        let mean = mean(channels, patches);
        let covariance = covariance(channels, patches, &mean);
        let mut weights = vec![0.0; channels * AXES];
        for (axis, (direction, variance)) in principal(channels, &covariance).iter().enumerate() {
            let scale = 1.0 / (variance + SMALLEST_VARIANCE).sqrt();
            for (channel, value) in direction.iter().enumerate() {
                weights[channel * AXES + axis] = (value * scale) as f32;
            }
        }
        Self {
            mean: mean.into_iter().map(|value| value as f32).collect(),
            weights,
        }
    }

    /// The components of patches `[count][channels]`.
    pub fn components(&self, patches: &[f32]) -> Vec<[f32; AXES]> {
        let mut components = vec![[0.0; AXES]; patches.len() / self.mean.len()];
        Isa::current().run_loop(Components {
            axes: self,
            patches,
            components: &mut components,
        });
        components
    }
}

struct Components<'a> {
    axes: &'a Axes,
    patches: &'a [f32],
    components: &'a mut [[f32; AXES]],
}

impl Loop for Components<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Axes { mean, weights } = self.axes;
        let patches = self.patches.chunks_exact(mean.len());
        for (patch, components) in patches.zip(self.components) {
            let mut sums = [0.0; AXES];
            let rows = weights.as_chunks::<AXES>().0;
            for ((value, mean), row) in patch.iter().zip(mean).zip(rows) {
                let value = value - mean;
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum += value * weight;
                }
            }
            *components = sums;
        }
    }
}

/// The eigenvectors of the largest eigenvalues of a covariance, `[size][size]`, with these values, by subspace
/// iteration; fewer where it has fewer rows.
fn principal(size: usize, covariance: &[f64]) -> Vec<(Vec<f64>, f64)> {
    let times = |vector: &[f64]| -> Vec<f64> {
        let rows = covariance.chunks_exact(size);
        rows.map(|row| dot(row, vector)).collect()
    };
    // Whatever is not orthogonal to an eigenvector leads to it.
    let mut start = seeded::rng(0, "axes", 0);
    let mut basis: Vec<Vec<f64>> = (0..AXES.min(size))
        .map(|_| (0..size).map(|_| start.random_range(-1.0..1.0)).collect())
        .collect();
    orthonormalise(&mut basis);
    for _ in 0..ITERATIONS {
        basis = basis.iter().map(|vector| times(vector)).collect();
        orthonormalise(&mut basis);
    }
    basis
        .into_iter()
        .map(|vector| {
            let variance = dot(&times(&vector), &vector).max(0.0);
            (vector, variance)
        })
        .collect()
}

/// Makes vectors orthogonal to those before them, and of length 1; nothing of those that lie among them.
fn orthonormalise(basis: &mut [Vec<f64>]) {
    for at in 0..basis.len() {
        let (before, rest) = basis.split_at_mut(at);
        let vector = &mut rest[0];
        let whole = dot(vector, vector).sqrt();
        // Twice: what is left of nearly parallel ones is rounding.
        for other in before.iter().chain(before.iter()) {
            let share = dot(other, vector);
            for (value, other) in vector.iter_mut().zip(other) {
                *value -= share * other;
            }
        }
        let length = dot(vector, vector).sqrt();
        let scale = if length > ROUNDING * whole {
            1.0 / length
        } else {
            0.0
        };
        vector.iter_mut().for_each(|value| *value *= scale);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_uncorrelated_of_variance_one_and_ordered() {
        // Forty features that vary together by very different amounts.
        let channels = 40;
        let patches: Vec<f32> = (0..3_000)
            .flat_map(|patch| {
                (0..channels).map(move |channel| {
                    let wave = |speed: f32| (patch as f32 * speed).sin();
                    let own = wave(0.37 + 0.611 * channel as f32);
                    own * 0.9_f32.powi(channel) + 0.5 * wave(0.21)
                })
            })
            .collect();
        let axes = Axes::of(channels as usize, &patches);
        let components = axes.components(&patches).concat();
        let mean = mean(AXES, &components);
        let covariance = covariance(AXES, &components, &mean);
        for row in 0..AXES {
            for column in 0..AXES {
                let expected = f64::from(u8::from(row == column));
                let value = covariance[row * AXES + column];
                assert!((value - expected).abs() < 0.02, "{row} {column} {value}");
            }
        }
        let weight = |axis: usize| -> f32 {
            let of_axis = axes.weights.iter().skip(axis).step_by(AXES);
            of_axis.map(|weight| weight * weight).sum()
        };
        assert!(weight(0) < weight(5) && weight(5) < weight(30));
    }

    #[test]
    fn patches_that_are_all_alike_have_no_components() {
        let axes = Axes::of(40, &[0.5; 400]);
        assert_eq!(axes.components(&[0.5; 40])[0], [0.0; AXES]);
        assert!(axes.weights.iter().all(|weight| weight.is_finite()));
    }

    #[test]
    fn fewer_features_than_axes_have_as_many_as_there_are() {
        let patches: Vec<f32> = (0..90).map(|i| (i * i % 11) as f32).collect();
        let components = Axes::of(3, &patches).components(&patches);
        assert!(components.iter().all(|one| one[3..] == [0.0; AXES - 3]));
    }
}
