//! Combining the weights of a map: `G g G^T`.

// Indices with constant bounds are what the compiler unrolls into registers.
#![allow(clippy::needless_range_loop)]

use super::{SIDE, Winograd};
use crate::isa::Loop;
use crate::map::Op;
use crate::real::Real;
use crate::shape::BLOCK;

/// `G g G^T` for all weights of a map.
pub(super) struct Combine<'a, T> {
    pub(super) map: &'a Winograd<T>,
    pub(super) direct: &'a [T],
    pub(super) weights: &'a mut [T],
}

/// The vectors of a kernel's taps.
type Filter<T> = [[[T; BLOCK]; 3]; 3];

/// `G` for the points 0, 1, -1 and infinity, for a kernel of three or two taps.
#[inline(always)]
fn combined<T: Real>([a, b, c]: [T; 3], kernel: usize) -> [T; SIDE] {
    let half = T::from_f64(0.5);
    if kernel == 3 {
        let (even, odd) = ((a + c) * half, b * half);
        [a, even + odd, even - odd, c]
    } else {
        [a, (a + b) * half, (a - b) * half, b]
    }
}

impl<T: Real> Combine<'_, T> {
    /// The vectors of a block and a source.
    #[inline(always)]
    fn filter(&self, block: usize, source: usize, filter: &mut Filter<T>) {
        let channels = self.map.source.channels();
        if self.map.op == Op::Picture {
            // The 2 x 2 kernels of the four phases, which lie side by side in one block, cut out
            // of the 3 x 3 one that they make up.
            let of_phase = self.map.destination.channels();
            for lane in 0..4 * of_phase {
                let phase = lane / of_phase;
                for row in 0..2 {
                    for column in 0..2 {
                        let (ky, kx) = (row + phase / 2, column + phase % 2);
                        let tap = (ky * 3 + kx) * channels + source;
                        filter[row][column][lane] = self.direct[tap * BLOCK + lane];
                    }
                }
            }
            return;
        }
        let kernel = SIDE + 1 - self.map.outputs;
        for row in 0..kernel {
            for column in 0..kernel {
                let tap = match self.map.op {
                    Op::Same => ((block * 3 + row) * 3 + column) * channels + source,
                    Op::Down => {
                        let (phase, source) = (source / channels, source % channels);
                        let (ky, kx) = (2 * row + phase / 2, 2 * column + phase % 2);
                        ((block * 4 + ky) * 4 + kx) * channels + source
                    }
                    // The layout has the phases outermost, as the blocks here.
                    _ => ((block * 2 + row) * 2 + column) * channels + source,
                };
                filter[row][column].copy_from_slice(&self.direct[tap * BLOCK..][..BLOCK]);
            }
        }
    }
}

impl<T: Real> Loop for Combine<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Winograd {
            blocks,
            sources,
            outputs,
            ..
        } = *self.map;
        let kernel = SIDE + 1 - outputs;
        let mut filter = [[[T::ZERO; BLOCK]; 3]; 3];
        let mut rows = [[[T::ZERO; BLOCK]; 3]; SIDE];
        let mut row_of = [[T::ZERO; BLOCK]; SIDE];
        for block in 0..blocks {
            for source in 0..sources {
                self.filter(block, source, &mut filter);
                for column in 0..3 {
                    for lane in 0..BLOCK {
                        let taps = [
                            filter[0][column][lane],
                            filter[1][column][lane],
                            filter[2][column][lane],
                        ];
                        let values = combined(taps, kernel);
                        for row in 0..SIDE {
                            rows[row][column][lane] = values[row];
                        }
                    }
                }
                for row in 0..SIDE {
                    for lane in 0..BLOCK {
                        let taps = [rows[row][0][lane], rows[row][1][lane], rows[row][2][lane]];
                        let values = combined(taps, kernel);
                        for column in 0..SIDE {
                            row_of[column][lane] = values[column];
                        }
                    }
                    for column in 0..SIDE {
                        let value = row * SIDE + column;
                        let at = ((value * blocks + block) * sources + source) * BLOCK;
                        self.weights[at..][..BLOCK].copy_from_slice(&row_of[column]);
                    }
                }
            }
        }
    }
}
