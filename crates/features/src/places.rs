//! What is normal in each place of an image.
//!
//! Where parts always lie alike, a patch that is normal in one place is a defect in another: a lead that is
//! bent onto the board, a bright edge within a dark face. So each cell of a grid over the image has a Gaussian
//! of its own (PaDiM, Defard et al. 2020), of the principal components of features. Where parts lie anyhow, it
//! says nothing: its share of the distance follows from how much of what varies among normal patches their
//! place explains.

use kizumi_kernel::features::FeatureMap;
use kizumi_kernel::isa::{Isa, Loop};
use rayon::prelude::*;

use crate::axes::{AXES, Axes};
use crate::distances::Distances;

/// Rows and columns of cells, whatever the shape of the image.
pub(crate) const SIDE: usize = 16;
pub(crate) const CELLS: usize = SIDE * SIDE;

/// Up to this share of variance that places explain they have no say, ...
const EXPLAINED_LITTLE: f64 = 0.5;

/// ... and from this one on half of it.
const EXPLAINED_MUCH: f64 = 0.75;
const LARGEST_SHARE: f64 = 0.5;

/// Gaussians of places. y = W (phi - m) of a patch's features, and its distance |A (y - mu)|, A the inverse of
/// the Cholesky factor of its cell's covariance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Places {
    pub axes: Axes,
    /// mu, `[CELLS][AXES]`.
    pub means: Vec<f32>,
    /// A, `[CELLS][AXES][AXES]`, transposed: above the diagonal and on it.
    pub factors: Vec<f32>,
    pub weight: Weight,
}

/// How distances by place count beside those of memories.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Weight {
    /// Of distances by place: what 99 of 100 normal patches stay below.
    pub unit: f32,
    /// Their share, above 0 and at most one half.
    pub share: f32,
    /// Of both together: what 99 of 100 normal patches stay below.
    pub joint_unit: f32,
}

/// Shares of distances by place that are tried.
pub(crate) const SHARES: [f32; 3] = [0.0, 0.25, 0.5];

/// The usual share of distances by place, when places explain such a share of the variance of normal patches.
pub(crate) fn share(explained: f64) -> f32 {
    let rise = (explained - EXPLAINED_LITTLE) / (EXPLAINED_MUCH - EXPLAINED_LITTLE);
    (LARGEST_SHARE * rise.clamp(0.0, 1.0)) as f32
}

/// The cell of a patch, by its row and column in a grid of so many.
pub(crate) fn cell(at: usize, height: usize, width: usize) -> usize {
    let (row, column) = (at / width, at % width);
    (row * SIDE / height) * SIDE + column * SIDE / width
}

impl Places {
    /// The distance of each patch to what is normal in its place, in units.
    pub fn distances(&self, features: &FeatureMap) -> Distances {
        let squares = squares(&self.axes, &self.means, &self.factors, features);
        Distances {
            height: features.height,
            width: features.width,
            values: squares
                .into_iter()
                .map(|square| square.sqrt() / self.weight.unit)
                .collect(),
            nearest: Vec::new(),
        }
    }

    /// Distances of memories with those by place, in the unit of both.
    pub fn joined(&self, memories: Distances, features: &FeatureMap) -> Distances {
        let places = self.distances(features);
        joined(memories, &places, self.weight.share).in_units_of(self.weight.joint_unit)
    }

    /// All that it consists of.
    pub fn blocks(&self) -> [&[f32]; 7] {
        let weight = &self.weight;
        let numbers = [&weight.unit, &weight.share, &weight.joint_unit].map(std::slice::from_ref);
        let [unit, share, joint_unit] = numbers;
        let Axes { mean, weights } = &self.axes;
        [
            mean,
            weights,
            &self.means,
            &self.factors,
            unit,
            share,
            joint_unit,
        ]
    }
}

/// The mean of distances of memories and the roots of those by place, weighed: the latter grow faster with
/// whatever is unlike normal.
pub(crate) fn joined(mut memories: Distances, places: &Distances, share: f32) -> Distances {
    let places = places.resampled(memories.height, memories.width);
    for (value, place) in memories.values.iter_mut().zip(&places.pixels) {
        // A patch that does not count is no distance away, whatever its place is.
        if *value > 0.0 {
            *value = (1.0 - share) * *value + share * place.sqrt();
        }
    }
    memories
}

/// The squared distance of each patch to the Gaussian of its cell, or to the only one.
pub(crate) fn squares(
    axes: &Axes,
    means: &[f32],
    factors: &[f32],
    features: &FeatureMap,
) -> Vec<f32> {
    let FeatureMap {
        channels,
        height,
        width,
        ..
    } = *features;
    let rows = features.values.par_chunks(channels * width).enumerate();
    rows.flat_map_iter(|(row, patches)| {
        let mut squares = vec![0.0; width];
        Isa::current().run_loop(OfRow {
            components: &axes.components(patches),
            cells: |column| match means.len() {
                AXES => 0,
                _ => cell(row * width + column, height, width),
            },
            means,
            factors,
            squares: &mut squares,
        });
        squares
    })
    .collect()
}

struct OfRow<'a, C> {
    components: &'a [[f32; AXES]],
    cells: C,
    means: &'a [f32],
    factors: &'a [f32],
    squares: &'a mut [f32],
}

impl<C: Fn(usize) -> usize> Loop for OfRow<'_, C> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (means, rows) = (
            self.means.as_chunks::<AXES>().0,
            self.factors.as_chunks::<AXES>().0,
        );
        for (column, (components, square)) in self.components.iter().zip(self.squares).enumerate() {
            let cell = (self.cells)(column);
            let mut product = [0.0; AXES];
            let columns = &rows[cell * AXES..][..AXES];
            for ((value, mean), column) in components.iter().zip(&means[cell]).zip(columns) {
                let value = value - mean;
                for (sum, factor) in product.iter_mut().zip(column) {
                    *sum += value * factor;
                }
            }
            *square = product.iter().map(|value| value * value).sum();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_grows_with_what_places_explain() {
        let shares = [-0.1, 0.4, 0.5, 0.625, 0.75, 1.0].map(share);
        assert_eq!(shares, [0.0, 0.0, 0.0, 0.25, 0.5, 0.5]);
    }

    #[test]
    fn cells_cover_grids_of_any_shape() {
        assert_eq!(cell(0, 7, 40), 0);
        assert_eq!(cell(7 * 40 - 1, 7, 40), (6 * SIDE / 7) * SIDE + 15);
        assert_eq!(cell(33, 32, 32), 0);
        assert_eq!(cell(2 * 32 + 2, 32, 32), SIDE + 1);
    }

    #[test]
    fn half_of_the_root_of_the_distance_by_place_is_added_to_half_of_the_other() {
        let of = |values: &[f32]| Distances {
            height: 1,
            width: values.len(),
            values: values.to_vec(),
            nearest: vec![3; values.len()],
        };
        let both = joined(of(&[1.0, 2.0]), &of(&[4.0, 9.0]), 0.5);
        assert_eq!(both.values, [1.5, 2.5]);
        assert_eq!(both.nearest, [3, 3]);
    }
}
