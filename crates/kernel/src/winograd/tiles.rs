//! The kernel: combines the values of some tiles, multiplies, and separates the outputs.

#![allow(unsafe_code)]
// Indices with constant bounds are what the compiler unrolls into registers.
#![allow(clippy::needless_range_loop)]

use super::{GROUP, SIDE, TILES, VALUES, Winograd};
use crate::correlate::{Correlation, Finish, Steps, finish};
use crate::isa::Kernel;
use crate::map::Op;
use crate::real::Real;
use crate::shape::BLOCK;
use crate::simd::Lanes;

/// Some tiles and some groups of blocks.
pub(super) struct Piece<'a, T> {
    pub(super) map: &'a Winograd<T>,
    pub(super) tiles: std::ops::Range<usize>,
    pub(super) groups: std::ops::Range<usize>,
    pub(super) source: *const T,
    pub(super) destination: *mut T,
    pub(super) finish: Finish<'a, T>,
    /// `[VALUES][TILES][sources]`.
    pub(super) combined: &'a mut [T],
    /// `[VALUES][TILES][GROUP * BLOCK]`.
    pub(super) products: &'a mut [T],
}

/// `B^T` applied to one row or column.
#[inline(always)]
unsafe fn combine<L: Lanes>(d: [L::Vector; SIDE]) -> [L::Vector; SIDE] {
    // SAFETY: the caller has the instructions.
    unsafe {
        [
            L::sub(d[0], d[2]),
            L::add(d[1], d[2]),
            L::sub(d[2], d[1]),
            L::sub(d[1], d[3]),
        ]
    }
}

/// `A^T` applied to one row or column: `M` outputs of three.
#[inline(always)]
unsafe fn separate<L: Lanes, const M: usize>(m: [L::Vector; SIDE]) -> [L::Vector; 3] {
    // SAFETY: the caller has the instructions.
    unsafe {
        let (sum, difference) = (L::add(m[1], m[2]), L::sub(m[1], m[2]));
        if M == 2 {
            [L::add(m[0], sum), L::sub(difference, m[3]), sum]
        } else {
            [L::add(m[0], sum), difference, L::sub(sum, m[3])]
        }
    }
}

impl<T: Real> Piece<'_, T> {
    /// Combines the values of all tiles.
    #[inline(always)]
    unsafe fn combine_tiles<L: Lanes<Real = T>>(&mut self) {
        let Winograd {
            op,
            source,
            outputs,
            tiles,
            sources,
            ..
        } = *self.map;
        let (stride, phases) = if op == Op::Down { (2, 4) } else { (1, 1) };
        let (channels, last) = (source.channels(), source.side() + 1);
        for (index, tile) in self.tiles.clone().enumerate() {
            let (y, x) = (tile / tiles * outputs, tile % tiles * outputs);
            for phase in 0..phases {
                // The last tiles reach beyond the border, which is zero like all that follows it.
                let (mut rows, mut columns) = ([0; SIDE], [0; SIDE]);
                for i in 0..SIDE {
                    rows[i] = (stride * (y + i) + phase / 2).min(last) * source.row();
                    columns[i] = (stride * (x + i) + phase % 2).min(last) * channels;
                }
                for channel in (0..channels).step_by(L::LANES) {
                    // SAFETY: inside the source's border; the scratch has room for all tiles.
                    unsafe {
                        let mut values = [[L::splat(T::ZERO); SIDE]; SIDE];
                        for i in 0..SIDE {
                            for j in 0..SIDE {
                                let at = rows[i] + columns[j] + channel;
                                values[i][j] = L::load(self.source.add(at));
                            }
                        }
                        for i in 0..SIDE {
                            values[i] = combine::<L>(values[i]);
                        }
                        for j in 0..SIDE {
                            let column = combine::<L>([
                                values[0][j],
                                values[1][j],
                                values[2][j],
                                values[3][j],
                            ]);
                            for i in 0..SIDE {
                                let at = ((i * SIDE + j) * TILES + index) * sources;
                                let to = self.combined.as_mut_ptr();
                                L::store(to.add(at + phase * channels + channel), column[i]);
                            }
                        }
                    }
                }
            }
        }
    }

    /// The products of all tiles with one group of blocks.
    #[inline(always)]
    unsafe fn multiply<L: Lanes<Real = T>, const V: usize, const P: usize>(
        &mut self,
        first: usize,
        blocks: usize,
    ) {
        let Winograd {
            sources,
            blocks: all,
            ref weights,
            ..
        } = *self.map;
        let tiles = self.tiles.len();
        for value in 0..VALUES {
            let correlation = Correlation {
                size: (1, TILES),
                pixels: 0..tiles,
                blocks: 0..blocks,
                input: self.combined[value * TILES * sources..].as_ptr(),
                input_steps: Steps {
                    column: sources,
                    ..Steps::default()
                },
                runs: 1,
                run_len: sources,
                run_step: 0,
                weights: &weights[(value * all + first) * sources * BLOCK..]
                    [..blocks * sources * BLOCK],
                output: self.products[value * TILES * GROUP * BLOCK..].as_mut_ptr(),
                output_steps: Steps {
                    column: GROUP * BLOCK,
                    ..Steps::default()
                },
                block_offsets: &[0, BLOCK],
                finish: Finish::Plain,
            };
            // SAFETY: the scratch has room for all tiles and blocks of a group.
            unsafe { correlation.run::<L, V, P>() };
        }
    }

    /// The outputs of one tile for some channels of the group in `products`.
    #[inline(always)]
    unsafe fn outputs<L: Lanes<Real = T>, const M: usize>(
        &self,
        index: usize,
        channel: usize,
    ) -> [[L::Vector; 3]; 3] {
        // SAFETY: inside the scratch.
        unsafe {
            let mut values = [[L::splat(T::ZERO); SIDE]; SIDE];
            for i in 0..SIDE {
                for j in 0..SIDE {
                    let at = ((i * SIDE + j) * TILES + index) * GROUP * BLOCK + channel;
                    values[i][j] = L::load(self.products.as_ptr().add(at));
                }
            }
            let mut rows = [[L::splat(T::ZERO); 3]; SIDE];
            for i in 0..SIDE {
                rows[i] = separate::<L, M>(values[i]);
            }
            let mut outputs = [[L::splat(T::ZERO); 3]; 3];
            for j in 0..M {
                let column = separate::<L, M>([rows[0][j], rows[1][j], rows[2][j], rows[3][j]]);
                for i in 0..M {
                    outputs[i][j] = column[i];
                }
            }
            outputs
        }
    }

    /// Stores the outputs of one group of blocks.
    #[inline(always)]
    unsafe fn store<L: Lanes<Real = T>, const M: usize>(&self, first: usize, blocks: usize) {
        let Winograd {
            op,
            destination,
            tiles,
            ..
        } = *self.map;
        let side = destination.side();
        let of_phase = destination.channels() / BLOCK;
        let (stride, size) = if op == Op::Up {
            (2, side / 2)
        } else {
            (1, side)
        };
        for (index, tile) in self.tiles.clone().enumerate() {
            let (y, x) = (tile / tiles * M, tile % tiles * M);
            for block in 0..blocks {
                let phase = (first + block) / of_phase;
                let (down, right) = (phase / 2, phase % 2);
                for lane in (0..BLOCK).step_by(L::LANES) {
                    let channel = (first + block) % of_phase * BLOCK + lane;
                    // SAFETY: inside the destination's border, by the checks below.
                    unsafe {
                        let values = self.outputs::<L, M>(index, block * BLOCK + lane);
                        for i in 0..M {
                            for j in 0..M {
                                // Lower and right phases come out one place further up and left.
                                let (y, x) =
                                    ((y + i).wrapping_sub(down), (x + j).wrapping_sub(right));
                                if y < size && x < size {
                                    let at = destination.interior()
                                        + (stride * y + down) * destination.row()
                                        + (stride * x + right) * destination.channels();
                                    finish::<L>(
                                        self.finish,
                                        values[i][j],
                                        self.destination,
                                        at + channel,
                                        channel,
                                    );
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Spreads the outputs of the one block over the planes of a picture.
    #[inline(always)]
    unsafe fn store_picture<L: Lanes<Real = T>>(&self) {
        let Winograd {
            destination, tiles, ..
        } = *self.map;
        let (side, channels) = (destination.side(), destination.channels());
        let bias: Option<[T; BLOCK]> = match self.finish {
            Finish::Bias(bias) => Some(std::array::from_fn(|lane| bias[lane % channels])),
            _ => None,
        };
        for (index, tile) in self.tiles.clone().enumerate() {
            let mut values = [[[T::ZERO; BLOCK]; 3]; 3];
            for lane in (0..BLOCK).step_by(L::LANES) {
                // SAFETY: inside the scratch; a block has room for its vectors.
                unsafe {
                    let vectors = self.outputs::<L, 3>(index, lane);
                    for i in 0..3 {
                        for j in 0..3 {
                            L::store(values[i][j].as_mut_ptr().add(lane), vectors[i][j]);
                        }
                    }
                }
            }
            if let Some(bias) = bias {
                for value in values.iter_mut().flatten() {
                    for lane in 0..BLOCK {
                        value[lane] = (value[lane] + bias[lane]).sigmoid();
                    }
                }
            }
            let (y, x) = (tile / tiles * 3, tile % tiles * 3);
            for phase in 0..4 {
                let (down, right) = (phase / 2, phase % 2);
                for i in 0..3 {
                    let row = (2 * (y + i) + down).wrapping_sub(2 * down);
                    for j in 0..3 {
                        let column = (2 * (x + j) + right).wrapping_sub(2 * right);
                        if row < side && column < side {
                            for channel in 0..channels {
                                let at = (channel * side + row) * side + column;
                                // SAFETY: inside the planes.
                                unsafe {
                                    let value = values[i][j][phase * channels + channel];
                                    self.destination.add(at).write(value);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl<T: Real> Kernel<T> for Piece<'_, T> {
    type Output = ();

    /// # Safety
    /// Source, destination and gate must be valid for their shapes, and nobody else may use this
    /// piece of the destination meanwhile.
    #[inline(always)]
    unsafe fn run<L: Lanes<Real = T>, const V: usize, const P: usize>(mut self) {
        // SAFETY: the caller's promise.
        unsafe {
            self.combine_tiles::<L>();
            for group in self.groups.clone() {
                let first = group * GROUP;
                let blocks = GROUP.min(self.map.blocks - first);
                self.multiply::<L, V, P>(first, blocks);
                match self.map.op {
                    Op::Picture => self.store_picture::<L>(),
                    Op::Same => self.store::<L, 2>(first, blocks),
                    _ => self.store::<L, 3>(first, blocks),
                }
            }
        }
    }
}
