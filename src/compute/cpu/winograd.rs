//! Convolutions with fewer multiplications: Winograd's minimal filtering on tiles of 4 x 4 values.
//!
//! A tile's values are combined (`B^T d B`), multiplied by combined weights (`G g G^T`), summed over
//! channels, and combined again (`A^T m A`): 16 multiplications make 2 x 2 outputs of a 3 x 3 kernel
//! (36 directly) or 3 x 3 outputs of a 2 x 2 kernel (36 directly). The points are 0, 1, -1 and
//! infinity, whose factors are 1 and 1/2, so hardly a digit is lost.
//! (S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin, S. Gray, "Fast Algorithms
//! for Convolutional Neural Networks", CVPR 2016.)
//!
//! A 4 x 4 kernel of stride 2 is a 2 x 2 kernel on each of the four phases of its input, and the
//! transposed one makes each of the four phases of its output with a 2 x 2 kernel.

#![allow(unsafe_code)]
// Indices with constant bounds are what the compiler unrolls into registers.
#![allow(clippy::needless_range_loop)]

use super::correlate::{Correlation, Finish, Steps, finish};
use super::isa::Kernel;
use super::map::Op;
use super::real::Real;
use super::shape::{BLOCK, Shape};
use super::simd::Lanes;

/// Side of a tile.
const SIDE: usize = 4;

/// Values of a tile.
const VALUES: usize = SIDE * SIDE;

/// Tiles of a piece.
pub const TILES: usize = 16;

/// Blocks of output channels whose products are kept at a time.
const GROUP: usize = 2;

/// The combined weights of a map, and how its tiles lie.
#[derive(Clone, Debug)]
pub struct Winograd<T> {
    op: Op,
    source: Shape,
    destination: Shape,
    /// Outputs along a tile's side: 2 for a 3 x 3 kernel, 3 for 2 x 2.
    outputs: usize,
    /// Tiles along the picture's side.
    tiles: usize,
    /// Input channels over all phases of the input.
    sources: usize,
    /// Blocks of output channels over all phases of the output.
    blocks: usize,
    /// `[VALUES][blocks][sources][BLOCK]`.
    weights: Vec<T>,
}

impl<T: Real> Winograd<T> {
    /// For a map of kind `op`, or `None` where the direct way is better.
    pub fn new(op: Op, source: Shape, destination: Shape) -> Option<Self> {
        let (from, to) = (source.channels(), destination.channels());
        let side = source.side();
        let (outputs, tiles, sources, blocks) = match op {
            Op::Same if side.is_multiple_of(2) => (2, side / 2, from, to / BLOCK),
            // Combined weights are four times as many; where few pixels share them, fetching them
            // takes longer than multiplying.
            Op::Down if from >= BLOCK && side >= 32 => {
                (3, (side / 2).div_ceil(3), 4 * from, to / BLOCK)
            }
            Op::Up if side >= 16 => (3, (side + 1).div_ceil(3), from, 4 * to / BLOCK),
            Op::Picture => (3, (side + 1).div_ceil(3), from, 1),
            _ => return None,
        };
        Some(Self {
            op,
            source,
            destination,
            outputs,
            tiles,
            sources,
            blocks,
            weights: vec![T::ZERO; VALUES * blocks * sources * BLOCK],
        })
    }

    /// Combines weights in the layout of [`super::map::Map`].
    pub fn combine(&mut self, isa: super::isa::Isa, direct: &[T]) {
        let mut weights = std::mem::take(&mut self.weights);
        isa.run_loop(Combine {
            map: self,
            direct,
            weights: &mut weights,
        });
        self.weights = weights;
    }

    /// Groups of blocks that are pieces of their own, so that small pictures have several.
    fn splits(&self) -> usize {
        if self.tiles * self.tiles > 4 * TILES {
            1
        } else {
            self.blocks.div_ceil(GROUP)
        }
    }

    fn bands(&self) -> usize {
        (self.tiles * self.tiles).div_ceil(TILES)
    }

    /// Pieces of one image: see [`super::map::Map::pieces`].
    pub fn pieces(&self) -> usize {
        self.bands() * self.splits()
    }

    /// Computes one piece: see [`super::map::Map::piece`].
    ///
    /// # Safety
    /// As there.
    pub unsafe fn piece(
        &self,
        isa: super::isa::Isa,
        piece: usize,
        source: *const T,
        destination: *mut T,
        finish: Finish<'_, T>,
    ) {
        let (bands, splits) = (self.bands(), self.splits());
        let (split, band) = (piece / bands, piece % bands);
        let groups = self.blocks.div_ceil(GROUP);
        let groups = split * groups / splits..(split + 1) * groups / splits;
        let tiles = band * TILES..((band + 1) * TILES).min(self.tiles * self.tiles);
        T::with_scratch(VALUES * TILES * (self.sources + GROUP * BLOCK), |scratch| {
            let (combined, products) = scratch.split_at_mut(VALUES * TILES * self.sources);
            let piece = Piece {
                map: self,
                tiles,
                groups,
                source,
                destination,
                finish,
                combined,
                products,
            };
            // SAFETY: the caller's promise.
            unsafe { T::run(isa, piece) };
        });
    }
}

/// `G g G^T` for all weights of a map.
struct Combine<'a, T> {
    map: &'a Winograd<T>,
    direct: &'a [T],
    weights: &'a mut [T],
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

impl<T: Real> super::isa::Loop for Combine<'_, T> {
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

/// Some tiles and some groups of blocks.
struct Piece<'a, T> {
    map: &'a Winograd<T>,
    tiles: std::ops::Range<usize>,
    groups: std::ops::Range<usize>,
    source: *const T,
    destination: *mut T,
    finish: Finish<'a, T>,
    /// `[VALUES][TILES][sources]`.
    combined: &'a mut [T],
    /// `[VALUES][TILES][GROUP * BLOCK]`.
    products: &'a mut [T],
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
