//! The network: its blocks, and the room that a pass through them needs.

use super::super::isa::{Isa, Kernel};
use super::super::number::Number;
use super::super::real::Real;
use super::super::simd::Lanes;
use super::super::spare::{Loan, Spare};
use super::filter::BORDER;
use super::product::Product;
use super::stage::Stage;

/// A block in both directions. The first product of the first block is the network's first convolution instead of an expansion.
#[derive(Debug)]
pub(super) struct Block<T> {
    pub(super) forward: Stage<T>,
    pub(super) back: Stage<T>,
    /// Pixels of the picture along a side of a place that the filter reads, and of one of the output.
    pub(super) strides: [usize; 2],
    /// Whether it adds to its input.
    pub(super) skip: bool,
}

/// The network up to stride 16.
#[derive(Debug)]
pub(super) struct Trunk<T> {
    pub(super) blocks: Vec<Block<T>>,
    /// From the gradient of the first convolution's outputs, 2 x 2 of them, to that of 2 x 2 pixels: output
    /// `(row * 2 + column) * 3 + channel`.
    pub(super) pixels: Product<T>,
    pub(super) isa: Isa,
    /// Values in a vector.
    pub(super) lanes: usize,
    rooms: Spare<Room<T>>,
    words: Spare<Vec<u16>>,
}

/// Where ReLU6 let values through, of all blocks one after another.
pub(super) type Kept = Loan<Vec<u16>>;

/// What a pass works on.
#[derive(Debug, Default)]
pub(super) struct Room<T> {
    /// Channels last, with a row and a column of zeros after it.
    pub(super) picture: Vec<T>,
    /// The gradient of the first convolution's outputs, with a row and a column of zeros before it.
    pub(super) stem: Vec<T>,
    /// Outputs of blocks, or their gradients, by turns; that of the last block at stride 8 is the last one.
    pub(super) maps: [Vec<T>; 3],
    /// What the first product of a block gives.
    pub(super) inner: Vec<T>,
}

/// A picture's height and width in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Size {
    /// Rows and columns of places at a stride.
    pub(super) fn at(self, stride: usize) -> (usize, usize) {
        (self.height / stride, self.width / stride)
    }
}

impl<T: Real> Block<T> {
    /// Channels of its output in memory.
    pub(super) fn channels(&self) -> usize {
        self.forward.last.as_ref().map_or(0, Product::channels)
    }

    /// Words that say where ReLU6 let the first product's values through, and the filter's.
    pub(super) fn words(&self, size: Size, lanes: usize) -> [usize; 2] {
        self.strides.map(|stride| {
            let (height, width) = size.at(stride);
            height * (width + 2 * BORDER) * self.forward.filter.channels / lanes
        })
    }
}

impl<T: Real> Trunk<T> {
    /// A network of these blocks.
    pub(super) fn new(blocks: Vec<Block<T>>, pixels: Product<T>, isa: Isa) -> Self {
        Self {
            blocks,
            pixels,
            isa,
            lanes: lanes::<T>(isa),
            rooms: Spare::default(),
            words: Spare::default(),
        }
    }

    /// Room for a pass over a picture of this size.
    pub(super) fn room(&self, size: Size) -> Loan<Room<T>> {
        let mut room = self.rooms.lend(size.height * size.width, Room::default);
        let (mut map, mut inner) = (0, 0);
        for block in &self.blocks {
            let [from, to] = block.strides.map(|stride| size.at(stride));
            map = map.max(to.0 * to.1 * block.channels());
            inner = inner.max(from.0 * (from.1 + 2 * BORDER) * block.forward.filter.channels);
        }
        let (height, width) = size.at(2);
        let stem = (height + 1) * (width + 1) * self.blocks[0].forward.filter.channels;
        grow(&mut room.picture, (size.height + 1) * (size.width + 1) * 3);
        grow(&mut room.stem, stem);
        grow(&mut room.inner, inner);
        room.maps.iter_mut().for_each(|one| grow(one, map));
        room
    }

    /// Room for what a pass over a picture of this size keeps.
    pub(super) fn kept(&self, size: Size) -> Kept {
        let words = |block: &Block<T>| block.words(size, self.lanes);
        let length = self.blocks.iter().flat_map(words).sum();
        let mut kept = self.words.lend(length, Vec::new);
        grow(&mut kept, length);
        kept
    }
}

fn grow<V: Copy + Default>(values: &mut Vec<V>, length: usize) {
    if values.len() < length {
        values.resize(length, V::default());
    }
}

#[allow(unsafe_code)]
fn lanes<T: Real>(isa: Isa) -> usize {
    struct Count;

    impl<T: Number> Kernel<T> for Count {
        type Output = usize;

        #[inline(always)]
        unsafe fn run<L: Lanes<Real = T>, const V: usize, const P: usize>(self) -> usize {
            L::LANES
        }
    }

    // SAFETY: counting has no conditions.
    unsafe { T::run(isa, Count) }
}
