//! Gaussians, each of one kind of normal patches.

use rayon::prelude::*;

use kizumi_kernel::isa::{Isa, Loop};
use kizumi_kernel::triangular::Lower;

use crate::whitening::Transposed;

/// The most Gaussians.
pub(crate) const MOST: usize = 64;

/// Of how many Gaussians, those with the nearest means, the nearest one is looked for.
const TRIED: usize = 3;

/// Patches that a thread works on at a time, at most: enough for several to share each matrix.
const TOGETHER: usize = 512;

/// Means and covariances; |A (y - mu)| is a patch's distance to one of them, A the inverse of the Cholesky
/// factor of its covariance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gaussians {
    channels: usize,
    /// mu, `[count][channels]`.
    means: Vec<f32>,
    /// A, `[count][channels][channels]`: below the diagonal and on it.
    factors: Vec<f32>,
    /// The same, packed.
    packed: Vec<Lower>,
    centres: Centres,
}

/// Points that patches are assigned to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Centres {
    /// `[channels][MOST]`; zero where there are fewer points.
    values: Vec<[f32; MOST]>,
    /// -|c|^2 / 2 of each.
    offsets: Box<[f32; MOST]>,
}

impl Gaussians {
    /// Those of means `[count][channels]` and factors `[count][channels][channels]`.
    ///
    /// # Panics
    /// If there is none, there are more than [`MOST`], or the lengths do not agree.
    pub(crate) fn new(channels: usize, means: Vec<f32>, factors: Vec<f32>) -> Self {
        assert_eq!(
            factors.len(),
            means.len() * channels,
            "a factor for each mean"
        );
        let square = channels * channels;
        let packed = factors.chunks_exact(square);
        Self {
            channels,
            packed: packed.map(|one| Lower::new(channels, one)).collect(),
            centres: Centres::new(channels, &means),
            means,
            factors,
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.packed.len()
    }

    /// mu, `[count][channels]`.
    pub(crate) fn means(&self) -> &[f32] {
        &self.means
    }

    /// A, `[count][channels][channels]`.
    pub(crate) fn factors(&self) -> &[f32] {
        &self.factors
    }

    /// The nearest Gaussian to each patch, `[count][channels]`, and the squared distance to it.
    pub(crate) fn nearest(&self, patches: &[f32]) -> Vec<(u32, f32)> {
        let count = patches.len() / self.channels;
        let share = count.div_ceil(rayon::current_num_threads());
        let together = share.clamp(1, TOGETHER);
        let mut nearest = vec![(0, f32::INFINITY); count];
        nearest
            .par_chunks_mut(together)
            .zip(patches.par_chunks(together * self.channels))
            .for_each(|(nearest, patches)| self.nearest_of(patches, nearest));
        nearest
    }

    fn nearest_of(&self, patches: &[f32], nearest: &mut [(u32, f32)]) {
        let mut members = vec![Vec::new(); self.count()];
        let tried = self.centres.nearest::<TRIED>(patches);
        for (i, tried) in tried.iter().enumerate() {
            for &gaussian in &tried[..TRIED.min(self.count())] {
                members[gaussian].push(i);
            }
        }
        let (mut differences, mut squares) = (Vec::new(), Vec::new());
        for (gaussian, members) in members.iter().enumerate() {
            let mean = &self.means[gaussian * self.channels..][..self.channels];
            differences.clear();
            for &i in members {
                let patch = &patches[i * self.channels..][..self.channels];
                differences.extend(patch.iter().zip(mean).map(|(value, mean)| value - mean));
            }
            squares.clear();
            squares.resize(members.len(), 0.0);
            self.packed[gaussian].squares(Isa::current(), &differences, &mut squares);
            for (&i, &square) in members.iter().zip(&squares) {
                // Not a number stays one.
                if square < nearest[i].1 || square.is_nan() {
                    nearest[i] = (gaussian as u32, square);
                }
            }
        }
    }

    /// The squared distance of a patch to one of them, and its gradient by the patch.
    pub(crate) fn gradient(&self, patch: &[f32], gaussian: u32) -> (f32, Vec<f32>) {
        let (gaussian, size) = (gaussian as usize, self.channels);
        let mean = &self.means[gaussian * size..][..size];
        let difference: Vec<f32> = patch.iter().zip(mean).map(|(a, b)| a - b).collect();
        let mut product = vec![0.0; size];
        let isa = Isa::current();
        self.packed[gaussian].apply(isa, &difference, &mut product);
        let square = product.iter().map(|value| value * value).sum();
        product.iter_mut().for_each(|value| *value *= 2.0);
        let mut gradient = vec![0.0; size];
        isa.run_loop(Transposed {
            size,
            matrix: &self.factors[gaussian * size * size..][..size * size],
            from: &product,
            to: &mut gradient,
        });
        (square, gradient)
    }
}

impl Centres {
    /// Points `[count][channels]`.
    ///
    /// # Panics
    /// If there is none, or there are more than [`MOST`].
    pub(crate) fn new(channels: usize, points: &[f32]) -> Self {
        let count = points.len() / channels;
        assert!((1..=MOST).contains(&count), "{count} points");
        let mut centres = Self {
            values: vec![[0.0; MOST]; channels],
            offsets: Box::new([f32::NEG_INFINITY; MOST]),
        };
        for (i, point) in points.chunks_exact(channels).enumerate() {
            centres.offsets[i] = -0.5 * point.iter().map(|value| value * value).sum::<f32>();
            for (values, value) in centres.values.iter_mut().zip(point) {
                values[i] = *value;
            }
        }
        centres
    }

    /// The points nearest to each patch, the nearest first; arbitrary ones where there are fewer points.
    pub(crate) fn nearest<const N: usize>(&self, patches: &[f32]) -> Vec<[usize; N]> {
        let mut nearest = vec![[0; N]; patches.len() / self.values.len()];
        Isa::current().run_loop(Nearest {
            centres: self,
            patches,
            nearest: &mut nearest,
        });
        nearest
    }
}

struct Nearest<'a, const N: usize> {
    centres: &'a Centres,
    patches: &'a [f32],
    nearest: &'a mut [[usize; N]],
}

impl<const N: usize> Loop for Nearest<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Centres { values, offsets } = self.centres;
        let patches = self.patches.chunks_exact(values.len());
        for (patch, nearest) in patches.zip(self.nearest) {
            let mut closeness = **offsets;
            for (value, centres) in patch.iter().zip(values) {
                for (closeness, centre) in closeness.iter_mut().zip(centres) {
                    *closeness += value * centre;
                }
            }
            for nearest in nearest {
                let mut best = 0;
                for i in 1..MOST {
                    if closeness[i] > closeness[best] {
                        best = i;
                    }
                }
                closeness[best] = f32::NEG_INFINITY;
                *nearest = best;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two in the plane: a round one, and a long one along x.
    fn two() -> Gaussians {
        let means = vec![0.0, 0.0, 10.0, 0.0];
        let factors = vec![1.0, 0.0, 0.0, 1.0, 0.25, 0.0, 0.5, 2.0];
        Gaussians::new(2, means, factors)
    }

    #[test]
    fn the_nearest_is_so_in_its_own_metric() {
        // The third lies nearer to the first mean, but the second Gaussian reaches far along x.
        let nearest = two().nearest(&[1.0, 0.0, 10.0, 1.0, 4.0, 3.0]);
        assert_eq!(nearest[0], (0, 1.0));
        assert_eq!(nearest[1], (1, 4.0));
        // (-6 / 4)^2 + (-6 / 2 + 2 * 3)^2 = 11.25.
        assert_eq!(nearest[2], (1, 11.25));
    }

    #[test]
    fn the_gradient_is_that_of_central_differences() {
        let (gaussians, patch) = (two(), [4.0, 3.0]);
        let (square, gradient) = gaussians.gradient(&patch, 1);
        assert_eq!(square, 11.25);
        for i in 0..2 {
            let moved = |step: f32| {
                let mut moved = patch;
                moved[i] += step;
                gaussians.gradient(&moved, 1).0
            };
            let slope = moved(0.5) - moved(-0.5);
            assert!(
                (slope - gradient[i]).abs() < 1e-4,
                "{slope} {}",
                gradient[i]
            );
        }
    }

    #[test]
    fn what_is_not_a_number_is_no_panic() {
        let nearest = two().nearest(&[f32::NAN, 0.0, 1.0, 0.0]);
        assert!(nearest[0].1.is_nan());
        assert_eq!(nearest[1], (0, 1.0));
    }
}
