//! A block of the network, in one direction: a product, a filter of each channel, a product.
//!
//! A block's inner values, six times as many as its outputs, never exist as a whole where that can be avoided: a
//! thread walks down its band of rows and keeps the few rows of the first product that the filter still reads.

#![allow(unsafe_code)]

use std::ops::Range;

use super::super::correlate::{Finish, Skip, Steps};
use super::super::isa::Isa;
use super::super::real::Real;
use super::super::team::Member;
use super::filter::{BORDER, Filter};
use super::product::{Grid, Product};

/// Pixels that the last product computes at once, so that its weights are fetched for several tiles.
const GROUP_PIXELS: usize = 32;
/// Bands share a grid as long as they compute at most one row in this many twice.
const ROWS_FOR_ONE_TWICE: usize = 8;
/// Pieces for each thread where bands would compute too much twice.
const PIECES: usize = 4;

/// A block in one direction.
#[derive(Debug)]
pub(super) struct Stage<T> {
    pub(super) first: Product<T>,
    pub(super) filter: Filter<T>,
    /// Without one, what the filter gives is the output.
    pub(super) last: Option<Product<T>>,
}

/// Where ReLU6 lets values through, a bit for each value, a word for each vector: rows of `width + 2 * BORDER`
/// pixels. Forward they are written, if anybody wants them; on the way back they are read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bits {
    Unwanted,
    Written(*mut u16),
    Read(*const u16),
}

/// A stage and all it works on.
pub(super) struct Work<'a, T> {
    pub(super) stage: &'a Stage<T>,
    pub(super) isa: Isa,
    /// Values in a vector.
    pub(super) lanes: usize,
    /// Where the first product reads its first pixel's first run, and its steps.
    pub(super) input: *const T,
    pub(super) input_steps: Steps,
    pub(super) run_step: usize,
    /// Rows and columns of what the first product gives.
    pub(super) size: (usize, usize),
    /// Of the first product and of the filter.
    pub(super) bits: [Bits; 2],
    /// Where the output's first pixel lies, and its steps.
    pub(super) output: *mut T,
    pub(super) output_steps: Steps,
    /// What is added to the output, in its layout.
    pub(super) skip: Skip<T>,
    /// Room for all that the first product gives, rows of `width + 2 * BORDER` pixels.
    pub(super) inner: *mut T,
}

// SAFETY: the members of a team write to disjoint rows, phase by phase.
unsafe impl<T: Send> Sync for Work<'_, T> {}

/// Rows of the first product; row `y` lies in slot `y % slots`.
#[derive(Clone, Copy)]
struct Slots<T> {
    values: *mut T,
    count: usize,
}

/// The part with this index when `all` are shared out among `parts`.
pub(super) fn part(all: usize, parts: usize, index: usize) -> Range<usize> {
    all * index / parts..all * (index + 1) / parts
}

impl<T: Real> Work<'_, T> {
    fn rows(&self) -> usize {
        self.stage.filter.outputs(self.size.0)
    }

    fn width(&self) -> usize {
        self.stage.filter.outputs(self.size.1)
    }

    /// Values of a row of the first product, borders included.
    fn inner_row(&self) -> usize {
        (self.size.1 + 2 * BORDER) * self.stage.filter.channels
    }

    /// Does all of it with the other members, in at most two phases.
    ///
    /// # Safety
    /// All pointers must be valid for their sizes, and nobody but the members may touch what is written.
    pub(super) unsafe fn run(&self, member: &mut Member<'_>) {
        let (rows, members) = (self.rows(), member.size);
        let twice = (members - 1) * self.stage.filter.overlap();
        if twice * ROWS_FOR_ONE_TWICE <= self.size.0 {
            // SAFETY: the caller's promise; bands are disjoint.
            member.phase(members, |index| unsafe {
                self.band(part(rows, members, index))
            });
            return;
        }
        let pieces = |rows: usize| rows.min(PIECES * members);
        let all = Slots {
            values: self.inner,
            count: self.size.0,
        };
        let inner = self.size.0;
        member.phase(pieces(inner), |index| {
            let rows = part(inner, pieces(inner), index);
            // SAFETY: the caller's promise; pieces are disjoint.
            unsafe { self.fill(rows.clone(), rows, all) };
        });
        member.phase(pieces(rows), |index| {
            let rows = part(rows, pieces(rows), index);
            let room = rows.len() * self.width() * self.stage.filter.channels;
            T::with_scratch(room, |filtered| {
                // SAFETY: as above.
                unsafe { self.empty(rows, all, filtered.as_mut_ptr()) };
            });
        });
    }

    /// Some rows of the output, together with all that they are made from.
    unsafe fn band(&self, rows: Range<usize>) {
        let filter = &self.stage.filter;
        let group = GROUP_PIXELS.div_ceil(self.width());
        let groups = || {
            rows.clone()
                .step_by(group)
                .map(|y| y..(y + group).min(rows.end))
        };
        let reads = |rows: Range<usize>| filter.reads(rows, self.size.0);
        let slots = groups().map(|rows| reads(rows).len()).max().unwrap_or(0);
        let (inner, filtered) = (
            slots * self.inner_row(),
            group * self.width() * filter.channels,
        );
        // Rows that other bands compute, too, are theirs to remember.
        let own = |row: usize| row * self.size.0 / self.rows();
        let own = own(rows.start)..own(rows.end);
        T::with_scratch(inner + filtered, |room| {
            let (values, filtered) = room.split_at_mut(inner);
            let slots = Slots {
                values: values.as_mut_ptr(),
                count: slots,
            };
            let mut filled = 0;
            for rows in groups() {
                let reads = reads(rows.clone());
                // SAFETY: the caller's promise; the slots hold what a group reads.
                unsafe {
                    self.fill(filled.max(reads.start)..reads.end, own.clone(), slots);
                    self.empty(rows, slots, filtered.as_mut_ptr());
                }
                filled = reads.end;
            }
        });
    }

    /// Computes rows of the first product. What ReLU6 let through is written for `own` rows alone.
    unsafe fn fill(&self, rows: Range<usize>, own: Range<usize>, slots: Slots<T>) {
        let channels = self.stage.filter.channels;
        let mut y = rows.start;
        while y < rows.end {
            let slot = y % slots.count;
            let ends = [y + slots.count - slot, own.start, own.end, rows.end];
            let end = ends
                .into_iter()
                .filter(|end| *end > y)
                .min()
                .unwrap_or(rows.end);
            let bits = match self.bits[0] {
                Bits::Written(_) if !own.contains(&y) => Bits::Unwanted,
                bits => bits,
            };
            let first = &self.stage.first;
            // SAFETY: the caller's promise; the rows lie in their slots one after another.
            unsafe {
                let to = slots.values.add(slot * self.inner_row());
                for row in 0..end - y {
                    let row = to.add(row * self.inner_row());
                    row.write_bytes(0, BORDER * channels);
                    let right = row.add((BORDER + self.size.1) * channels);
                    right.write_bytes(0, BORDER * channels);
                }
                let grid = Grid {
                    size: (end - y, self.size.1),
                    input: self.input.add(y * self.input_steps.row),
                    input_steps: self.input_steps,
                    run_step: self.run_step,
                    output: to.add(BORDER * channels),
                    output_steps: Steps {
                        image: 0,
                        row: self.inner_row(),
                        column: channels,
                    },
                };
                first.apply(
                    self.isa,
                    grid,
                    self.relu6(bits, y * self.inner_row(), &first.bias),
                );
            }
            y = end;
        }
    }

    /// Computes rows of the output from those of the first product; `filtered` is room for what is between.
    unsafe fn empty(&self, rows: Range<usize>, slots: Slots<T>, filtered: *mut T) {
        let Stage { filter, last, .. } = self.stage;
        let (channels, width) = (filter.channels, self.width());
        let source = |y: usize| {
            let at = y % slots.count * self.inner_row() + BORDER * channels;
            slots.values.wrapping_add(at).cast_const()
        };
        let bits_row = (width + 2 * BORDER) * channels;
        for y in rows.clone() {
            let finish = self.relu6(self.bits[1], y * bits_row, &filter.bias);
            let to = match last {
                Some(_) => filtered.wrapping_add((y - rows.start) * width * channels),
                None => self.output.wrapping_add(y * self.output_steps.row),
            };
            // SAFETY: the caller's promise.
            unsafe { filter.row(self.isa, (y, self.size.0), source, width, to, finish) };
        }
        let Some(last) = last else { return };
        let start = rows.start * self.output_steps.row;
        let grid = Grid {
            size: (rows.len(), width),
            input: filtered.cast_const(),
            input_steps: Steps {
                image: 0,
                row: width * channels,
                column: channels,
            },
            run_step: 0,
            output: self.output.wrapping_add(start),
            output_steps: self.output_steps,
        };
        let skip = self.skip.map(|values| values.wrapping_add(start));
        // SAFETY: the caller's promise.
        unsafe { last.apply(self.isa, grid, Finish::Sum(&last.bias, skip)) };
    }

    /// ReLU6, or on the way back its gradient, from the `start`th value on.
    fn relu6<'a>(&self, bits: Bits, start: usize, bias: &'a [T]) -> Finish<'a, T> {
        let start = start / self.lanes;
        match bits {
            Bits::Unwanted => Finish::Clip(bias, None),
            Bits::Written(bits) => Finish::Clip(bias, Some(bits.wrapping_add(start))),
            Bits::Read(bits) => Finish::Keep(bits.wrapping_add(start)),
        }
    }
}
