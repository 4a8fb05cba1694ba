//! From the outputs at strides 8 and 16 to features, and back.
//!
//! Both averaging and enlarging are linear and do the same to rows and to columns, so each output is made by one
//! small sparse matrix, used twice.

#![allow(unsafe_code)]

use super::super::isa::{Isa, Loop};
use super::super::real::Real;
use super::super::team::Member;
use super::pass::PIECES;
use super::stage::part;

/// A sparse matrix: for each place of a row or column, the places it is a sum over, with their weights.
#[derive(Debug)]
struct Axis<T>(Vec<Vec<(usize, T)>>);

/// The matrix of rows and that of columns.
#[derive(Debug)]
pub(super) struct Weave<T> {
    rows: Axis<T>,
    columns: Axis<T>,
    channels: usize,
}

/// Some channels of a map with channels last, in memory that the members of a team share.
#[derive(Clone, Copy)]
pub(super) struct Channels<T> {
    /// The first one of the first place.
    pub(super) values: *mut T,
    /// Values from one place to the next.
    pub(super) step: usize,
}

// SAFETY: the members of a team write to disjoint rows.
unsafe impl<T: Send> Sync for Channels<T> {}

impl<T: Real> Axis<T> {
    fn new(length: usize, sums: impl Fn(usize) -> Vec<(usize, f64)>) -> Self {
        let sums = |at: usize| -> Vec<(usize, T)> {
            let sums = sums(at).into_iter();
            sums.map(|(from, weight)| (from, T::from_f64(weight)))
                .collect()
        };
        Self((0..length).map(sums).collect())
    }

    /// The mean of each place and its neighbours; zeros beyond the ends count.
    fn averaged(length: usize) -> Self {
        Self::new(length, |at| {
            near(at, length).map(|from| (from, 1.0 / 3.0)).collect()
        })
    }

    /// The same, then enlarged to twice the length by interpolation; the ends go on as they are.
    fn enlarged(length: usize) -> Self {
        Self::new(2 * length, |at| {
            let nearest = at / 2;
            let other = if at.is_multiple_of(2) {
                nearest.saturating_sub(1)
            } else {
                (nearest + 1).min(length - 1)
            };
            let parts = [(nearest, 0.75 / 3.0), (other, 0.25 / 3.0)].into_iter();
            parts
                .flat_map(|(from, weight)| near(from, length).map(move |from| (from, weight)))
                .collect()
        })
    }

    fn transposed(&self, length: usize) -> Self {
        let mut sums = vec![Vec::new(); length];
        for (at, parts) in self.0.iter().enumerate() {
            for (from, weight) in parts {
                sums[*from].push((at, *weight));
            }
        }
        Self(sums)
    }
}

fn near(at: usize, length: usize) -> std::ops::Range<usize> {
    at.saturating_sub(1)..(at + 2).min(length)
}

impl<T: Real> Weave<T> {
    /// For the output at stride 8, of this height and width.
    pub(super) fn fine(channels: usize, (height, width): (usize, usize)) -> Self {
        Self {
            rows: Axis::averaged(height),
            columns: Axis::averaged(width),
            channels,
        }
    }

    /// For the output at stride 16, of this height and width.
    pub(super) fn coarse(channels: usize, (height, width): (usize, usize)) -> Self {
        Self {
            rows: Axis::enlarged(height),
            columns: Axis::enlarged(width),
            channels,
        }
    }

    /// From the gradient of what this one makes to that of an output of this height and width.
    pub(super) fn transposed(&self, (height, width): (usize, usize)) -> Self {
        Self {
            rows: self.rows.transposed(height),
            columns: self.columns.transposed(width),
            channels: self.channels,
        }
    }

    /// Makes one map from another of this width, together with the other members.
    ///
    /// # Safety
    /// Both must be valid for the sizes, and nobody but the members may use the channels that are written.
    pub(super) unsafe fn run(
        &self,
        member: &mut Member<'_>,
        isa: Isa,
        width: usize,
        from: Channels<T>,
        to: Channels<T>,
    ) {
        let pieces = PIECES * member.size;
        let (rows, columns) = (&self.rows.0, &self.columns.0);
        member.phase(pieces, |index| {
            for y in part(rows.len(), pieces, index) {
                T::with_scratch(width * self.channels, |sums| {
                    let row = Row {
                        // SAFETY: the caller's promise.
                        rows: rows[y]
                            .iter()
                            .map(|(y, weight)| unsafe {
                                (from.row(*y, width, self.channels), *weight)
                            })
                            .collect(),
                        step: from.step,
                        columns,
                        channels: self.channels,
                        sums,
                        // SAFETY: this row is this member's.
                        to: unsafe { to.row_mut(y, columns.len(), self.channels) },
                        to_step: to.step,
                    };
                    isa.run_loop(row);
                });
            }
        });
    }
}

impl<T> Channels<T> {
    /// From the first channel of a row's first place to the last of its last.
    unsafe fn row<'a>(self, y: usize, width: usize, channels: usize) -> &'a [T] {
        let start = self.values.wrapping_add(y * width * self.step);
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts(start, (width - 1) * self.step + channels) }
    }

    /// As [`Self::row`].
    unsafe fn row_mut<'a>(self, y: usize, width: usize, channels: usize) -> &'a mut [T] {
        let start = self.values.wrapping_add(y * width * self.step);
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(start, (width - 1) * self.step + channels) }
    }
}

/// One row of a map: first the sum of rows, then that of columns.
struct Row<'a, T> {
    rows: Vec<(&'a [T], T)>,
    step: usize,
    columns: &'a [Vec<(usize, T)>],
    channels: usize,
    sums: &'a mut [T],
    to: &'a mut [T],
    to_step: usize,
}

impl<T: Real> Loop for Row<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let channels = self.channels;
        self.sums.fill(T::ZERO);
        for (row, weight) in &self.rows {
            for (sums, place) in self
                .sums
                .chunks_exact_mut(channels)
                .zip(row.chunks(self.step))
            {
                for (sum, value) in sums.iter_mut().zip(&place[..channels]) {
                    *sum += *value * *weight;
                }
            }
        }
        for (to, sums) in self.to.chunks_mut(self.to_step).zip(self.columns) {
            let to = &mut to[..channels];
            to.fill(T::ZERO);
            for (from, weight) in sums {
                let from = &self.sums[from * channels..][..channels];
                for (to, from) in to.iter_mut().zip(from) {
                    *to += *from * *weight;
                }
            }
        }
    }
}
