//! The kernel behind every layer: sums of products over runs of contiguous values.
//!
//! A convolution with channels last reads, for each of its rows, one contiguous run of
//! `kernel * channels` values. So its output pixel is a sum over a few runs, each value of which is
//! spread over a vector of output channels. A tile of `P` pixels times `V` vectors of channels stays
//! in registers; there is no unfolded copy of the input and no change of layout.

#![allow(unsafe_code)]
// Indices with constant bounds are what the compiler unrolls into registers.
#![allow(clippy::needless_range_loop)]

use super::isa::Kernel;
use super::number::Number;
use super::real::Real;
use super::shape::BLOCK;
use super::simd::Lanes;

/// Steps from pixel to pixel, in values.
#[derive(Clone, Copy, Debug, Default)]
pub struct Steps {
    /// To the next image.
    pub image: usize,
    /// To the next row.
    pub row: usize,
    /// To the next pixel of a row.
    pub column: usize,
}

/// What happens to a sum before it is stored.
#[derive(Clone, Copy)]
pub enum Finish<'a, T> {
    /// Stored as it is.
    Plain,
    /// Plus bias, padded to whole blocks.
    Bias(&'a [T]),
    /// Plus bias, plus the skip connection's values, then LeakyReLU with this slope.
    Leaky(&'a [T], T, Skip<T>),
    /// Plus the skip connection's gradient, then times the slope of the LeakyReLU whose outputs
    /// lie here, in the layout of the output.
    Gate(*const T, T, Skip<T>),
    /// Plus bias, plus the skip connection's values.
    Sum(&'a [T], Skip<T>),
    /// Plus bias, then ReLU6. Where it let a value through goes here, if anywhere, a bit for each value and a word
    /// for each vector, in the layout of the output.
    Clip(&'a [T], Option<*mut u16>),
    /// Zero where ReLU6 did not let the value through: the words of [`Finish::Clip`].
    Keep(*const u16),
}

/// ReLU6 keeps values from growing beyond this.
const MOST: f64 = 6.0;

/// Where the values that a skip connection adds lie, in the layout of the output, if there is one.
pub type Skip<T> = Option<*const T>;

/// One piece of a layer: some pixels and some blocks of output channels.
pub struct Correlation<'a, T> {
    /// Rows of an image, pixels of a row: the grid that pixels are numbered on.
    pub size: (usize, usize),
    /// Pixels to compute, numbered over images, rows, columns.
    pub pixels: std::ops::Range<usize>,
    /// Blocks of output channels to compute.
    pub blocks: std::ops::Range<usize>,
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
    /// `[blocks][runs][run_len][BLOCK]`.
    pub weights: &'a [T],
    /// Where pixel 0 is stored.
    pub output: *mut T,
    /// Steps of the output.
    pub output_steps: Steps,
    /// Offset of each block's channels from its pixel.
    pub block_offsets: &'a [usize],
    /// The end of the sum.
    pub finish: Finish<'a, T>,
}

/// A pixel's offsets in input and output.
#[derive(Clone, Copy)]
struct Place {
    input: usize,
    output: usize,
}

/// Walks over pixels without dividing.
struct Walk {
    size: (usize, usize),
    at: (usize, usize, usize),
    steps: (Steps, Steps),
}

impl Walk {
    #[inline(always)]
    fn next(&mut self) -> Place {
        let (image, row, column) = self.at;
        let offset = |steps: &Steps| image * steps.image + row * steps.row + column * steps.column;
        let place = Place {
            input: offset(&self.steps.0),
            output: offset(&self.steps.1),
        };
        self.at.2 += 1;
        if self.at.2 == self.size.1 {
            self.at = (image, row + 1, 0);
            if self.at.1 == self.size.0 {
                self.at = (image + 1, 0, 0);
            }
        }
        place
    }
}

impl<T: Real> Correlation<'_, T> {
    #[inline(always)]
    fn walk(&self) -> Walk {
        let (rows, columns) = self.size;
        let first = self.pixels.start;
        Walk {
            size: self.size,
            at: (
                first / (rows * columns),
                first / columns % rows,
                first % columns,
            ),
            steps: (self.input_steps, self.output_steps),
        }
    }

    /// The blocks from `block` on, as many as `V` vectors hold, for all pixels.
    #[inline(always)]
    unsafe fn column<L: Lanes<Real = T>, const V: usize, const P: usize>(&self, block: usize) {
        let block_step = self.runs * self.run_len * BLOCK;
        let weights = &self.weights[block * block_step..];
        let vector = |v: usize| {
            let value = v * L::LANES;
            (value / BLOCK, value % BLOCK)
        };
        assert!(weights.len() >= (V * L::LANES).div_ceil(BLOCK) * block_step);
        let mut walk = self.walk();
        let mut left = self.pixels.len();
        while left > 0 {
            let used = left.min(P);
            left -= used;
            let mut places = [Place {
                input: 0,
                output: 0,
            }; P];
            for p in 0..P {
                // A tile that is not full computes its last pixel several times.
                places[p] = if p < used { walk.next() } else { places[p - 1] };
            }
            // SAFETY: the caller promises that all runs and outputs of these pixels and blocks lie
            // within their buffers; the weights' length was checked.
            unsafe {
                let mut sums = [[L::splat(T::ZERO); V]; P];
                let mut inputs = [self.input; P];
                for p in 0..P {
                    inputs[p] = self.input.add(places[p].input);
                }
                let mut from = weights.as_ptr();
                for _ in 0..self.runs {
                    for j in 0..self.run_len {
                        let row = from.add(j * BLOCK);
                        let mut factors = [L::splat(T::ZERO); V];
                        for v in 0..V {
                            let (block, lane) = vector(v);
                            factors[v] = L::load(row.add(block * block_step + lane));
                        }
                        for p in 0..P {
                            let value = L::splat(*inputs[p].add(j));
                            for v in 0..V {
                                sums[p][v] = L::mul_add(value, factors[v], sums[p][v]);
                            }
                        }
                    }
                    for input in &mut inputs {
                        *input = input.wrapping_add(self.run_step);
                    }
                    from = from.add(self.run_len * BLOCK);
                }
                for p in 0..P {
                    if p < used {
                        for v in 0..V {
                            let (inner, lane) = vector(v);
                            let offset =
                                places[p].output + self.block_offsets[block + inner] + lane;
                            let channel = (block + inner) * BLOCK + lane;
                            finish::<L>(self.finish, sums[p][v], self.output, offset, channel);
                        }
                    }
                }
            }
        }
    }
}

/// Finishes a vector of sums and stores it `offset` values after `output`; `channel` is that of its
/// first value.
///
/// # Safety
/// Output, gate, words and skip connection must be valid there, the bias for the channels.
#[inline(always)]
pub unsafe fn finish<L: Lanes>(
    finish: Finish<'_, L::Real>,
    sum: L::Vector,
    output: *mut L::Real,
    offset: usize,
    channel: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let value = match finish {
            Finish::Plain => sum,
            Finish::Bias(bias) => L::add(sum, L::load(bias.as_ptr().add(channel))),
            Finish::Leaky(bias, slope, skip) => {
                let value = L::add(sum, L::load(bias.as_ptr().add(channel)));
                let value = plus::<L>(value, skip, offset);
                L::where_positive(value, value, L::mul(value, L::splat(slope)))
            }
            Finish::Gate(outputs, slope, skip) => {
                let sum = plus::<L>(sum, skip, offset);
                let output = L::load(outputs.add(offset));
                L::where_positive(output, sum, L::mul(sum, L::splat(slope)))
            }
            Finish::Sum(bias, skip) => {
                let value = L::add(sum, L::load(bias.as_ptr().add(channel)));
                plus::<L>(value, skip, offset)
            }
            Finish::Clip(bias, words) => {
                let value = L::add(sum, L::load(bias.as_ptr().add(channel)));
                let most = L::splat(Number::from_f64(MOST));
                if let Some(words) = words {
                    words.add(offset / L::LANES).write(L::inside(value, most));
                }
                L::clip(value, most)
            }
            Finish::Keep(words) => L::keep(*words.add(offset / L::LANES), sum),
        };
        L::store(output.add(offset), value);
    }
}

/// Adds what a skip connection brings.
///
/// # Safety
/// Its values must be valid there.
#[inline(always)]
unsafe fn plus<L: Lanes>(value: L::Vector, skip: Skip<L::Real>, offset: usize) -> L::Vector {
    match skip {
        // SAFETY: the caller's promise.
        Some(values) => unsafe { L::add(value, L::load(values.add(offset))) },
        None => value,
    }
}

impl<T: Real> Kernel<T> for Correlation<'_, T> {
    type Output = ();

    /// # Safety
    /// All runs of the pixels must lie within the input's buffer, all pixels of the blocks within
    /// the output's and the gate's, and nobody else may use those outputs meanwhile.
    #[inline(always)]
    unsafe fn run<L: Lanes<Real = T>, const V: usize, const P: usize>(self) {
        let mut block = self.blocks.start;
        let step = (V * L::LANES).div_ceil(BLOCK);
        // SAFETY: the caller's promise.
        unsafe {
            while block + step <= self.blocks.end {
                self.column::<L, V, P>(block);
                block += step;
            }
            // Only where a vector is a whole block can one be left over.
            if L::LANES == BLOCK {
                while block < self.blocks.end {
                    self.column::<L, 1, P>(block);
                    block += 1;
                }
            }
        }
    }
}
