//! Convolutions of each channel by itself, and their transposes.
//!
//! With channels last, a vector holds neighbouring channels of a pixel, and so do the weights of a tap. A tile of
//! some pixels of a row stays in registers while the taps go by.
//!
//! Padding is TensorFlow's SAME for even sides: `kernel - stride` zeros in all, the odd one after the picture.
//! At stride 2 it is not symmetric: none before and one after for a kernel of 3, one and two for one of 5.

#![allow(unsafe_code)]
// Indices with constant bounds are what the compiler unrolls into registers.
#![allow(clippy::needless_range_loop)]

use std::ops::Range;

use super::super::correlate::{Finish, finish};
use super::super::isa::{Isa, Kernel};
use super::super::real::Real;
use super::super::simd::Lanes;

/// Zeros that the source's rows have on both sides, in pixels: enough for every filter here.
pub(super) const BORDER: usize = 2;

/// Taps along one axis: the first one relative to where a pixel reads, and how many there are.
#[derive(Clone, Copy, Debug)]
struct Taps {
    first: isize,
    count: usize,
}

/// What the pixels of one phase read.
#[derive(Debug)]
struct Phase<T> {
    rows: Taps,
    columns: Taps,
    /// `[rows][columns][channels]`.
    weights: Vec<T>,
}

/// A filter of each channel.
///
/// A transposed filter of stride 2 is four filters at once: pixels of even and odd rows and columns, its phases,
/// read different taps.
#[derive(Debug)]
pub(super) struct Filter<T> {
    pub(super) channels: usize,
    /// Source pixels from one pixel to the next.
    step: usize,
    /// Along each axis, 1 or 2.
    along: usize,
    /// `[along][along]`.
    phases: Vec<Phase<T>>,
    /// Of the outputs; zeros in a transposed filter.
    pub(super) bias: Vec<T>,
}

impl<T: Real> Filter<T> {
    /// Of a weight `[channels][kernel][kernel]`.
    pub(super) fn new(kernel: usize, stride: usize, weight: &[T], bias: Vec<T>) -> Self {
        let before = (kernel - stride) / 2;
        let taps: Vec<usize> = (0..kernel).collect();
        let first = -before.cast_signed();
        Self {
            channels: bias.len(),
            step: stride,
            along: 1,
            phases: vec![Phase::new(kernel, weight, (first, &taps), (first, &taps))],
            bias,
        }
    }

    /// The transpose of [`Self::new`]: from the gradient with respect to its outputs to that of its source.
    pub(super) fn transposed(kernel: usize, stride: usize, weight: &[T]) -> Self {
        let before = (kernel - stride) / 2;
        let channels = weight.len() / (kernel * kernel);
        // Pixel `stride * q + phase` was read as tap k by `o = q + (phase + before - k) / stride`.
        let of_phase = |phase: usize| {
            let taps: Vec<usize> = (0..kernel)
                .rev()
                .filter(|tap| (phase + before).abs_diff(*tap).is_multiple_of(stride))
                .collect();
            let distance = (phase + before).cast_signed() - taps[0].cast_signed();
            (distance / stride.cast_signed(), taps)
        };
        let along: Vec<_> = (0..stride).map(of_phase).collect();
        let phases = along.iter().flat_map(|(row, rows)| {
            let columns = along.iter();
            columns.map(move |(column, columns)| {
                Phase::new(kernel, weight, (*row, rows), (*column, columns))
            })
        });
        Self {
            channels,
            step: 1,
            along: stride,
            phases: phases.collect(),
            bias: vec![T::ZERO; channels],
        }
    }

    /// The rows of a source of `height` rows that these rows of the output read.
    pub(super) fn reads(&self, rows: Range<usize>, height: usize) -> Range<usize> {
        self.rows_of(rows.start, height).start..self.rows_of(rows.end - 1, height).end
    }

    fn rows_of(&self, row: usize, height: usize) -> Range<usize> {
        let taps = self.phases[row % self.along * self.along].rows;
        let first = (row / self.along * self.step).cast_signed() + taps.first;
        let clip = |at: isize| at.clamp(0, height.cast_signed()).cast_unsigned();
        clip(first)..clip(first + taps.count.cast_signed())
    }

    /// Rows that two neighbouring bands of the output both read.
    pub(super) fn overlap(&self) -> usize {
        let counts = self.phases.iter().map(|phase| phase.rows.count);
        counts.max().unwrap_or(0).saturating_sub(self.step)
    }

    /// Output rows of a source of `height` rows.
    pub(super) fn outputs(&self, height: usize) -> usize {
        height * self.along / self.step
    }

    /// Writes one row of the output, `width` pixels. `source(y)` is where the first pixel of a source's row lies.
    ///
    /// # Safety
    /// All of the source's rows that [`Self::reads`] names, [`BORDER`] pixels of zeros on both sides included, and
    /// the output and what the finish names must be valid, and nobody else may use the output meanwhile.
    pub(super) unsafe fn row(
        &self,
        isa: Isa,
        (row, height): (usize, usize),
        source: impl Fn(usize) -> *const T,
        width: usize,
        output: *mut T,
        finish: Finish<'_, T>,
    ) {
        let reads = self.rows_of(row, height);
        let begin = (row / self.along * self.step).cast_signed();
        for (column, phase) in self.phases[row % self.along * self.along..][..self.along]
            .iter()
            .enumerate()
        {
            let skipped = (reads.start.cast_signed() - begin - phase.rows.first).cast_unsigned();
            let mut rows = [std::ptr::null(); 5];
            let taps = reads.clone().zip(&mut rows);
            let offset = phase.columns.first * self.channels.cast_signed();
            taps.for_each(|(y, at)| *at = source(y).wrapping_offset(offset));
            let filtering = Filtering {
                rows: &rows[..reads.len()],
                columns: phase.columns.count,
                step: self.step,
                channels: self.channels,
                weights: &phase.weights[skipped * phase.columns.count * self.channels..],
                pixels: width / self.along,
                output,
                offset: column * self.channels,
                output_step: self.along * self.channels,
                finish,
            };
            // SAFETY: the caller's promise; the border is as wide as the taps reach.
            unsafe { T::run(isa, filtering) };
        }
    }
}

impl<T: Real> Phase<T> {
    fn new(
        kernel: usize,
        weight: &[T],
        rows: (isize, &[usize]),
        columns: (isize, &[usize]),
    ) -> Self {
        let channels = weight.len() / (kernel * kernel);
        let taps = |(first, taps): (isize, &[usize])| Taps {
            first,
            count: taps.len(),
        };
        let mut weights = Vec::new();
        for row in rows.1 {
            for column in columns.1 {
                let of = |channel: usize| weight[(channel * kernel + row) * kernel + column];
                weights.extend((0..channels).map(of));
            }
        }
        Self {
            rows: taps(rows),
            columns: taps(columns),
            weights,
        }
    }
}

/// One row of one phase.
struct Filtering<'a, T> {
    /// Where the first tap of pixel 0 lies in each row of taps.
    rows: &'a [*const T],
    /// Taps in a row.
    columns: usize,
    /// Source pixels from one pixel to the next.
    step: usize,
    channels: usize,
    /// `[rows][columns][channels]`.
    weights: &'a [T],
    pixels: usize,
    output: *mut T,
    /// Of pixel 0 from the output.
    offset: usize,
    /// From one pixel to the next.
    output_step: usize,
    finish: Finish<'a, T>,
}

impl<T: Real> Filtering<'_, T> {
    #[inline(always)]
    unsafe fn all<L: Lanes<Real = T>, const P: usize, const COLUMNS: usize, const STEP: usize>(
        &self,
    ) {
        assert!(self.weights.len() >= self.rows.len() * COLUMNS * self.channels);
        for channel in (0..self.channels).step_by(L::LANES) {
            let mut pixel = 0;
            // SAFETY: the caller's promise; the weights' length was checked.
            unsafe {
                while pixel + P <= self.pixels {
                    self.tile::<L, P, COLUMNS, STEP>(channel, pixel);
                    pixel += P;
                }
                while pixel < self.pixels {
                    self.tile::<L, 1, COLUMNS, STEP>(channel, pixel);
                    pixel += 1;
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn tile<L: Lanes<Real = T>, const P: usize, const COLUMNS: usize, const STEP: usize>(
        &self,
        channel: usize,
        pixel: usize,
    ) {
        let channels = self.channels;
        // SAFETY: the caller's promise.
        unsafe {
            let mut sums = [L::splat(T::ZERO); P];
            let mut weights = self.weights.as_ptr().add(channel);
            for row in self.rows {
                let from = row.wrapping_add(pixel * STEP * channels + channel);
                for column in 0..COLUMNS {
                    let weight = L::load(weights);
                    weights = weights.wrapping_add(channels);
                    for p in 0..P {
                        let value = L::load(from.wrapping_add((p * STEP + column) * channels));
                        sums[p] = L::mul_add(value, weight, sums[p]);
                    }
                }
            }
            for p in 0..P {
                let offset = self.offset + (pixel + p) * self.output_step + channel;
                finish::<L>(self.finish, sums[p], self.output, offset, channel);
            }
        }
    }
}

impl<T: Real> Kernel<T> for Filtering<'_, T> {
    type Output = ();

    /// # Safety
    /// The taps' values, the output and what the finish names must be valid, and nobody else may use the output.
    #[inline(always)]
    unsafe fn run<L: Lanes<Real = T>, const V: usize, const P: usize>(self) {
        // SAFETY: the caller's promise.
        unsafe {
            match (self.columns, self.step) {
                (1, 1) => self.all::<L, P, 1, 1>(),
                (2, 1) => self.all::<L, P, 2, 1>(),
                (3, 1) => self.all::<L, P, 3, 1>(),
                (5, 1) => self.all::<L, P, 5, 1>(),
                (3, 2) => self.all::<L, P, 3, 2>(),
                (5, 2) => self.all::<L, P, 5, 2>(),
                (columns, step) => unreachable!("no filter has {columns} taps at step {step}"),
            }
        }
    }
}
