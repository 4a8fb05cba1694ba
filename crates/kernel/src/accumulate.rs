//! The kernel behind every weight gradient: outer products of two pictures, summed over pixels.
//!
//! The gradient of a correlation's weights has their own layout, `[blocks][runs][run_len][BLOCK]`:
//! each value of a run times each channel of the other picture's pixel. A tile of `P` values times
//! `V` vectors of channels stays in registers while all pixels go by.

#![allow(unsafe_code)]
// Indices with constant bounds are what the compiler unrolls into registers.
#![allow(clippy::needless_range_loop)]

use super::correlate::Steps;
use super::isa::Kernel;
use super::real::Real;
use super::shape::BLOCK;
use super::simd::Lanes;

/// Adds one picture's (or several vectors') share to the gradient of a correlation's weights.
pub struct Accumulation<'a, T> {
    /// Images, rows, columns to sum over.
    pub size: (usize, usize, usize),
    /// The first value of pixel 0's first run.
    pub input: *const T,
    /// Steps of the input.
    pub input_steps: Steps,
    /// Runs a pixel.
    pub runs: usize,
    /// Values in a run.
    pub run_len: usize,
    /// From one run to the next.
    pub run_step: usize,
    /// Pixel 0 of the picture whose channels make up the vectors.
    pub other: *const T,
    /// Its steps.
    pub other_steps: Steps,
    /// `[blocks][runs][run_len][BLOCK]`, added to.
    pub gradient: &'a mut [T],
    /// Blocks of the other picture's channels to do.
    pub blocks: std::ops::Range<usize>,
}

impl<T: Real> Accumulation<'_, T> {
    #[inline(always)]
    unsafe fn tile<L: Lanes<Real = T>, const V: usize, const P: usize>(
        &mut self,
        block: usize,
        run: usize,
        first: usize,
    ) {
        let block_step = self.runs * self.run_len * BLOCK;
        let at = block * block_step + (run * self.run_len + first) * BLOCK;
        let vector = |v: usize| {
            let value = v * L::LANES;
            (value / BLOCK, value % BLOCK)
        };
        let last = (V * L::LANES).div_ceil(BLOCK) - 1;
        assert!(at + last * block_step + P * BLOCK <= self.gradient.len());
        let (images, rows, columns) = self.size;
        // SAFETY: the caller promises that the runs and the other picture's pixels lie within their
        // buffers; the gradient's length was checked.
        unsafe {
            let gradient = self.gradient.as_mut_ptr().add(at);
            let mut sums = [[L::splat(T::ZERO); V]; P];
            for image in 0..images {
                for row in 0..rows {
                    let place = |steps: &Steps| image * steps.image + row * steps.row;
                    let mut input = self
                        .input
                        .add(place(&self.input_steps) + run * self.run_step + first);
                    let mut other = self.other.add(place(&self.other_steps) + block * BLOCK);
                    for _ in 0..columns {
                        let mut factors = [L::splat(T::ZERO); V];
                        for v in 0..V {
                            factors[v] = L::load(other.add(v * L::LANES));
                        }
                        for p in 0..P {
                            let value = L::splat(*input.add(p));
                            for v in 0..V {
                                sums[p][v] = L::mul_add(value, factors[v], sums[p][v]);
                            }
                        }
                        input = input.wrapping_add(self.input_steps.column);
                        other = other.wrapping_add(self.other_steps.column);
                    }
                }
            }
            for p in 0..P {
                for v in 0..V {
                    let (inner, lane) = vector(v);
                    let to = gradient.add(inner * block_step + p * BLOCK + lane);
                    L::store(to, L::add(L::load(to), sums[p][v]));
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn column<L: Lanes<Real = T>, const V: usize, const P: usize>(&mut self, block: usize) {
        for run in 0..self.runs {
            let mut first = 0;
            // SAFETY: the caller's promise.
            unsafe {
                while first + P <= self.run_len {
                    self.tile::<L, V, P>(block, run, first);
                    first += P;
                }
                while first + 4 <= self.run_len {
                    self.tile::<L, V, 4>(block, run, first);
                    first += 4;
                }
                while first < self.run_len {
                    self.tile::<L, V, 1>(block, run, first);
                    first += 1;
                }
            }
        }
    }
}

impl<T: Real> Kernel<T> for Accumulation<'_, T> {
    type Output = ();

    /// # Safety
    /// The runs of all pixels must lie within the input's buffer, and all pixels' channels of the
    /// blocks within the other picture's.
    #[inline(always)]
    unsafe fn run<L: Lanes<Real = T>, const V: usize, const P: usize>(mut self) {
        let mut block = self.blocks.start;
        let step = (V * L::LANES).div_ceil(BLOCK);
        // SAFETY: the caller's promise.
        unsafe {
            while block + step <= self.blocks.end {
                self.column::<L, V, P>(block);
                block += step;
            }
            if L::LANES == BLOCK {
                while block < self.blocks.end {
                    self.column::<L, 1, P>(block);
                    block += 1;
                }
            }
        }
    }
}
