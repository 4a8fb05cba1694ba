//! The values of one component, block by block.

use super::coder::ZIGZAG;
use super::dct::{BLOCK, values};

/// Blocks of a component as they come. Those of sequential scans, which are whole, become values at once;
/// those of progressive ones wait for their last scan.
#[derive(Default)]
pub struct Samples {
    /// Blocks in a row.
    wide: usize,
    /// Steps of quantisation, row by row.
    steps: [[i16; 8]; 8],
    coefficients: Vec<[i16; BLOCK]>,
    values: Vec<u8>,
}

impl Samples {
    /// For so many columns and rows of blocks, of which those at the end may lie beyond the picture.
    pub fn new(wide: usize, high: usize, progressive: bool) -> Self {
        let coefficients = if progressive { wide * high } else { 0 };
        Self {
            wide,
            steps: [[1; 8]; 8],
            coefficients: vec![[0; BLOCK]; coefficients],
            values: vec![0; wide * high * BLOCK],
        }
    }

    /// Sets the steps of quantisation, which come in zigzag order.
    pub fn quantise(&mut self, steps: &[u16; BLOCK]) {
        for (&at, &step) in ZIGZAG.iter().zip(steps) {
            // Larger ones are of no use: products that no picture gives wrap around.
            self.steps[usize::from(at) / 8][usize::from(at) % 8] = step.cast_signed();
        }
    }

    /// The coefficients so far of a block of a progressive picture, row by row.
    #[inline]
    pub fn block(&mut self, at: usize) -> &mut [i16; BLOCK] {
        &mut self.coefficients[at]
    }

    /// Makes values of all coefficients of a block.
    #[inline]
    pub fn set(&mut self, at: usize, coefficients: &[i16; BLOCK]) {
        let values = values(coefficients, &self.steps);
        let stride = 8 * self.wide;
        let first = at / self.wide * 8 * stride + at % self.wide * 8;
        for (y, values) in values.iter().enumerate() {
            if let Some(row) = self.values[first + y * stride..].first_chunk_mut() {
                *row = *values;
            }
        }
    }

    /// All values, in rows of 8 times as many as there are blocks in a row.
    pub fn into_values(mut self) -> Vec<u8> {
        for (at, block) in std::mem::take(&mut self.coefficients).iter().enumerate() {
            self.set(at, block);
        }
        self.values
    }
}
