//! Convolutions whose sums run over a few contiguous values: 1 x 1, the first one, and their transposes.

#![allow(unsafe_code)]

use super::super::correlate::{Correlation, Finish, Steps};
use super::super::isa::Isa;
use super::super::real::Real;
use super::super::shape::{BLOCK, padded};

/// Packed weights for [`Correlation`].
#[derive(Debug)]
pub(super) struct Product<T> {
    runs: usize,
    run_len: usize,
    /// `[blocks][runs][run_len][BLOCK]`.
    weights: Vec<T>,
    /// Padded to whole blocks.
    pub(super) bias: Vec<T>,
    /// Where each block of output channels lies.
    offsets: Vec<usize>,
}

/// Where a product reads and writes.
#[derive(Clone, Copy)]
pub(super) struct Grid<T> {
    /// Rows of pixels, and pixels of a row.
    pub(super) size: (usize, usize),
    /// The first value of the first pixel's first run.
    pub(super) input: *const T,
    pub(super) input_steps: Steps,
    /// From one run to the next.
    pub(super) run_step: usize,
    /// The first pixel's first channel.
    pub(super) output: *mut T,
    pub(super) output_steps: Steps,
}

impl<T: Real> Product<T> {
    /// The product whose weight for an output and the value `i` of run `r` is `weight(output, r, i)`.
    pub(super) fn new(
        (outputs, runs, run_len): (usize, usize, usize),
        bias: Vec<T>,
        weight: impl Fn(usize, usize, usize) -> T,
    ) -> Self {
        let blocks = padded(outputs) / BLOCK;
        let block_len = runs * run_len * BLOCK;
        let packed = |i: usize| {
            let output = i / block_len * BLOCK + i % BLOCK;
            let (run, value) = (i % block_len / BLOCK / run_len, i / BLOCK % run_len);
            if output < outputs {
                weight(output, run, value)
            } else {
                T::ZERO
            }
        };
        let mut bias = bias;
        bias.resize(blocks * BLOCK, T::ZERO);
        Self {
            runs,
            run_len,
            weights: (0..blocks * block_len).map(packed).collect(),
            bias,
            offsets: (0..blocks).map(|block| block * BLOCK).collect(),
        }
    }

    /// 1 x 1 of a weight `[outputs][inputs]`.
    pub(super) fn pointwise(inputs: usize, weight: &[T], bias: Vec<T>) -> Self {
        Self::new(
            (weight.len() / inputs, 1, inputs),
            bias,
            |output, _, input| weight[output * inputs + input],
        )
    }

    /// The transpose of [`Self::pointwise`].
    pub(super) fn transposed(inputs: usize, weight: &[T]) -> Self {
        let outputs = weight.len() / inputs;
        Self::new((inputs, 1, outputs), Vec::new(), |input, _, output| {
            weight[output * inputs + input]
        })
    }

    /// Channels of the output in memory.
    pub(super) fn channels(&self) -> usize {
        self.bias.len()
    }

    /// Computes all of a grid.
    ///
    /// # Safety
    /// All runs and outputs, and what the finish names in the layout of the output, must be valid, and nobody else
    /// may use the outputs meanwhile.
    pub(super) unsafe fn apply(&self, isa: Isa, grid: Grid<T>, finish: Finish<'_, T>) {
        let correlation = Correlation {
            size: grid.size,
            pixels: 0..grid.size.0 * grid.size.1,
            blocks: 0..self.offsets.len(),
            input: grid.input,
            input_steps: grid.input_steps,
            runs: self.runs,
            run_len: self.run_len,
            run_step: grid.run_step,
            weights: &self.weights,
            output: grid.output,
            output_steps: grid.output_steps,
            block_offsets: &self.offsets,
            finish,
        };
        // SAFETY: the caller's promise.
        unsafe { T::run(isa, correlation) };
    }
}
