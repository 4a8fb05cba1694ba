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

mod tiles;
mod weights;

use tiles::Piece;
use weights::Combine;

use super::correlate::Finish;
use super::isa::Isa;
use super::map::Op;
use super::real::Real;
use super::shape::{BLOCK, Shape};

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
    pub fn combine(&mut self, isa: Isa, direct: &[T]) {
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
        isa: Isa,
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
