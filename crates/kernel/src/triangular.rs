//! Products of lower triangular matrices with many vectors, and the squared lengths of what comes out.
//!
//! As in [`super::nearest`], a tile of a few vectors times two vectors of rows stays in registers; what lies
//! above the diagonal is not multiplied.

#![allow(unsafe_code)]
// Indices with constant bounds are what the compiler unrolls into registers.
#![allow(clippy::needless_range_loop)]

use super::isa::{Isa, Kernel};
use super::shape::BLOCK;
use super::simd::Lanes;

/// Vectors that a piece of the matrix is multiplied with before the next piece is read.
const GROUP: usize = 64;

/// The most vectors of a tile, of any instruction set.
const MAX_TILE: usize = 8;

/// Blocks of rows that a step of any instruction set takes divide this.
const BLOCKS: usize = 2;

/// Rows of the largest step.
const STEP: usize = BLOCK * BLOCKS;

/// A lower triangular matrix, packed for being multiplied.
#[derive(Clone, Debug, PartialEq)]
pub struct Lower {
    size: usize,
    /// `[blocks of rows][columns][BLOCK]`.
    values: Vec<f32>,
}

impl Lower {
    /// Packs a matrix `[size][size]`; what lies above its diagonal counts as zero.
    ///
    /// # Panics
    /// If it is not square.
    pub fn new(size: usize, matrix: &[f32]) -> Self {
        assert_eq!(matrix.len(), size * size, "a square matrix");
        let blocks = size.div_ceil(BLOCK).next_multiple_of(BLOCKS);
        let mut values = vec![0.0; blocks * size * BLOCK];
        for row in 0..size {
            for column in 0..=row {
                let at = (row / BLOCK * size + column) * BLOCK + row % BLOCK;
                values[at] = matrix[row * size + column];
            }
        }
        Self { size, values }
    }

    /// The product with each of the vectors, `[count][size]`.
    ///
    /// # Panics
    /// If the lengths differ or are not of whole vectors.
    pub fn apply(&self, isa: Isa, vectors: &[f32], products: &mut [f32]) {
        assert_eq!(vectors.len(), products.len());
        assert!(vectors.len().is_multiple_of(self.size));
        let group = GROUP * self.size;
        for (vectors, products) in vectors.chunks(group).zip(products.chunks_mut(group)) {
            // SAFETY: whole vectors, as many as products.
            unsafe {
                isa.run(Apply {
                    matrix: self,
                    vectors,
                    products,
                });
            }
        }
    }

    /// The squared length of the product with each of the vectors, `[lengths.len()][size]`.
    ///
    /// # Panics
    /// If the lengths do not agree.
    pub fn squares(&self, isa: Isa, vectors: &[f32], squares: &mut [f32]) {
        assert_eq!(vectors.len(), squares.len() * self.size);
        let groups = vectors.chunks(GROUP * self.size);
        for (vectors, squares) in groups.zip(squares.chunks_mut(GROUP)) {
            // SAFETY: whole vectors, as many as squares.
            unsafe {
                isa.run(Squares {
                    matrix: self,
                    vectors,
                    squares,
                });
            }
        }
    }

    /// The rows from `start` on, as many as `V` vectors hold, times the vectors from `first` on, as many as
    /// `P`; beyond the last one of `count` it is the last one.
    ///
    /// # Safety
    /// `vectors` must hold `count` vectors, and the first row lie on a block's edge.
    #[inline(always)]
    unsafe fn tile<L: Lanes<Real = f32>, const V: usize, const P: usize>(
        &self,
        start: usize,
        vectors: *const f32,
        first: usize,
        count: usize,
    ) -> [[L::Vector; V]; P] {
        // SAFETY: the matrix is padded to whole steps; the rest is the caller's promise.
        unsafe {
            let mut sums = [[L::splat(0.0); V]; P];
            let mut from = [vectors; P];
            for p in 0..P {
                from[p] = vectors.add((first + p).min(count - 1) * self.size);
            }
            let rows = self.values.as_ptr().add(start / BLOCK * self.size * BLOCK);
            let mut offsets = [0; V];
            for v in 0..V {
                let (block, lane) = (v * L::LANES / BLOCK, v * L::LANES % BLOCK);
                offsets[v] = block * self.size * BLOCK + lane;
            }
            for column in 0..self.size.min(start + V * L::LANES) {
                let row = rows.add(column * BLOCK);
                let mut factors = [L::splat(0.0); V];
                for v in 0..V {
                    factors[v] = L::load(row.add(offsets[v]));
                }
                for p in 0..P {
                    let value = L::splat(*from[p].add(column));
                    for v in 0..V {
                        sums[p][v] = L::mul_add(value, factors[v], sums[p][v]);
                    }
                }
            }
            sums
        }
    }
}

struct Apply<'a> {
    matrix: &'a Lower,
    vectors: &'a [f32],
    products: &'a mut [f32],
}

impl Kernel<f32> for Apply<'_> {
    type Output = ();

    /// # Safety
    /// As many whole vectors as products.
    #[inline(always)]
    unsafe fn run<L: Lanes<Real = f32>, const V: usize, const P: usize>(self) {
        let size = self.matrix.size;
        let (count, width) = (self.vectors.len() / size, V * L::LANES);
        let mut lanes = [0.0; STEP];
        for start in (0..size).step_by(width) {
            for first in (0..count).step_by(P) {
                // SAFETY: the caller's promise; a step is no longer than the room for its lanes.
                unsafe {
                    let vectors = self.vectors.as_ptr();
                    let sums = self.matrix.tile::<L, V, P>(start, vectors, first, count);
                    for p in 0..P.min(count - first) {
                        for v in 0..V {
                            L::store(lanes.as_mut_ptr().add(v * L::LANES), sums[p][v]);
                        }
                        let rows = width.min(size - start);
                        self.products[(first + p) * size + start..][..rows]
                            .copy_from_slice(&lanes[..rows]);
                    }
                }
            }
        }
    }
}

struct Squares<'a> {
    matrix: &'a Lower,
    vectors: &'a [f32],
    squares: &'a mut [f32],
}

impl Kernel<f32> for Squares<'_> {
    type Output = ();

    /// # Safety
    /// As many whole vectors as squares, at most [`GROUP`].
    #[inline(always)]
    unsafe fn run<L: Lanes<Real = f32>, const V: usize, const P: usize>(self) {
        let size = self.matrix.size;
        let (count, width) = (self.squares.len(), V * L::LANES);
        let mut sums = [[0.0; STEP]; GROUP + MAX_TILE];
        for start in (0..size).step_by(width) {
            for first in (0..count).step_by(P) {
                // SAFETY: the caller's promise; a step is no longer than the room for its lanes.
                unsafe {
                    let vectors = self.vectors.as_ptr();
                    let products = self.matrix.tile::<L, V, P>(start, vectors, first, count);
                    for p in 0..P {
                        let sums = sums[first + p].as_mut_ptr();
                        for v in 0..V {
                            let (sum, product) = (sums.add(v * L::LANES), products[p][v]);
                            L::store(sum, L::mul_add(product, product, L::load(sum)));
                        }
                    }
                }
            }
        }
        for (square, sums) in self.squares.iter_mut().zip(&sums) {
            *square = sums[..width].iter().sum();
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    #[test]
    fn products_and_their_lengths_are_those_of_the_definition_with_every_instruction_set() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let mut random = |count: usize| -> Vec<f32> {
            (0..count).map(|_| rng.random_range(-1.0..1.0)).collect()
        };
        for (size, count) in [(1, 1), (5, 3), (16, 9), (33, 70), (152, 131)] {
            let (matrix, vectors) = (random(size * size), random(size * count));
            let lower = Lower::new(size, &matrix);
            for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
                let (mut products, mut squares) = (vec![0.0; size * count], vec![0.0; count]);
                lower.apply(isa, &vectors, &mut products);
                lower.squares(isa, &vectors, &mut squares);
                for (i, vector) in vectors.chunks_exact(size).enumerate() {
                    let mut square = 0.0;
                    for row in 0..size {
                        let pairs = matrix[row * size..][..=row].iter().zip(vector);
                        let exact: f64 = pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                        let ours = f64::from(products[i * size + row]);
                        assert!(
                            (ours - exact).abs() < 1e-4,
                            "{isa:?} {size}: {ours} {exact}"
                        );
                        square += exact * exact;
                    }
                    let ours = f64::from(squares[i]);
                    let near = (ours - square).abs() < 1e-4 * (1.0 + square);
                    assert!(near, "{isa:?} {size}: {ours} {square}");
                }
            }
        }
    }
}
