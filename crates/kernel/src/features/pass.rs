//! A picture's way through the network, and its gradient's way back.

#![allow(unsafe_code)]

use super::super::correlate::{Finish, Steps};
use super::super::real::Real;
use super::super::team::Member;
use super::join::Channels;
use super::product::Grid;
use super::stage::{Bits, Work, part};
use super::trunk::{Room, Size, Trunk};
use super::weights::{DEVIATION, LAST_OF_8, MEAN};

/// Phases of a team in either direction, at most: two for each of eleven blocks, and what comes before and after.
pub(super) const PHASES: usize = 25;
/// Pieces for each thread in passes over pictures.
pub(super) const PIECES: usize = 4;

/// A pass's buffers, shared by the members of a team.
pub(super) struct Pass<'a, T> {
    trunk: &'a Trunk<T>,
    size: Size,
    picture: *mut T,
    stem: *mut T,
    maps: [*mut T; 3],
    inner: *mut T,
    /// What ReLU6 lets through at every block.
    bits: Vec<[Bits; 2]>,
}

// SAFETY: the members of a team write to disjoint pieces, phase by phase.
unsafe impl<T: Send> Sync for Pass<'_, T> {}

impl<'a, T: Real> Pass<'a, T> {
    /// Over a picture of this size; the room must be for it.
    fn new(
        trunk: &'a Trunk<T>,
        size: Size,
        room: &'a mut Room<T>,
        bits: impl Fn(usize) -> Bits,
    ) -> Self {
        let mut at = 0;
        let mut next = |words: usize| {
            at += words;
            bits(at - words)
        };
        let words = trunk
            .blocks
            .iter()
            .map(|block| block.words(size, trunk.lanes));
        Self {
            trunk,
            size,
            picture: room.picture.as_mut_ptr(),
            stem: room.stem.as_mut_ptr(),
            maps: room.maps.each_mut().map(|map| map.as_mut_ptr()),
            inner: room.inner.as_mut_ptr(),
            bits: words.map(|words| words.map(&mut next)).collect(),
        }
    }

    /// A pass forward, which keeps what its gradient needs if it is given words for it.
    pub(super) fn forward(
        trunk: &'a Trunk<T>,
        size: Size,
        room: &'a mut Room<T>,
        kept: Option<&'a mut Vec<u16>>,
    ) -> Self {
        let kept = kept.map(|kept| kept.as_mut_ptr());
        Self::new(trunk, size, room, |at| match kept {
            Some(kept) => Bits::Written(kept.wrapping_add(at)),
            None => Bits::Unwanted,
        })
    }

    /// A pass back.
    pub(super) fn back(
        trunk: &'a Trunk<T>,
        size: Size,
        room: &'a mut Room<T>,
        kept: &'a [u16],
    ) -> Self {
        // Another size may have left values where this one has its border.
        let (channels, (height, width)) = (trunk.blocks[0].forward.filter.channels, size.at(2));
        let mut rows = room
            .stem
            .chunks_exact_mut((width + 1) * channels)
            .take(height + 1);
        rows.next()
            .into_iter()
            .for_each(|above| above.fill(T::ZERO));
        rows.for_each(|row| row[..channels].fill(T::ZERO));
        Self::new(trunk, size, room, |at| {
            Bits::Read(kept.as_ptr().wrapping_add(at))
        })
    }

    /// Where a block's output lies, or the gradient with respect to it.
    fn map(&self, number: usize) -> *mut T {
        self.maps[if number == LAST_OF_8 { 2 } else { number % 2 }]
    }

    /// The same as channels of a map.
    pub(super) fn channels(&self, number: usize) -> Channels<T> {
        Channels {
            values: self.map(number),
            step: self.trunk.blocks[number].channels(),
        }
    }

    /// Steps of a block's output.
    fn steps(&self, number: usize) -> Steps {
        let block = &self.trunk.blocks[number];
        let channels = block.channels();
        Steps {
            image: 0,
            row: self.size.at(block.strides[1]).1 * channels,
            column: channels,
        }
    }

    /// From planes `[channels][height][width]` to the outputs of all blocks.
    ///
    /// # Safety
    /// The planes must be of the picture's size. Nobody but the members may use the room meanwhile.
    pub(super) unsafe fn run(&self, member: &mut Member<'_>, planes: &[T], channels: usize) {
        let Size { height, width } = self.size;
        let pieces = PIECES * member.size;
        let row = (width + 1) * 3;
        let (mean, scale) = (T::from_f64(MEAN), T::from_f64(1.0 / DEVIATION));
        member.phase(pieces, |index| {
            for y in part(height + 1, pieces, index) {
                // SAFETY: this row is this member's.
                let to = unsafe { std::slice::from_raw_parts_mut(self.picture.add(y * row), row) };
                let values = if y < height { width * 3 } else { 0 };
                to[values..].fill(T::ZERO);
                for channel in 0..3 {
                    let from = &planes[channel % channels * height * width..][..height * width];
                    let from = from.chunks_exact(width).nth(y).unwrap_or_default();
                    for (to, from) in to[channel..].iter_mut().step_by(3).zip(from) {
                        *to = (*from - mean) * scale;
                    }
                }
            }
        });
        for (number, block) in self.trunk.blocks.iter().enumerate() {
            let picture = Steps {
                image: 0,
                row: 2 * row,
                column: 6,
            };
            let (input, input_steps, run_step) = match number {
                0 => (self.picture, picture, row),
                _ => (self.map(number - 1), self.steps(number - 1), 0),
            };
            let work = Work {
                stage: &block.forward,
                isa: self.trunk.isa,
                lanes: self.trunk.lanes,
                input,
                input_steps,
                run_step,
                size: self.size.at(block.strides[0]),
                bits: self.bits[number],
                output: self.map(number),
                output_steps: self.steps(number),
                skip: block.skip.then_some(input.cast_const()),
                inner: self.inner,
            };
            // SAFETY: the caller's promise; room and words are for this size.
            unsafe { work.run(member) };
        }
    }

    /// From the gradients with respect to both outputs, which lie in their maps, to that with respect to planes
    /// `[channels][height][width]`, which are written.
    ///
    /// # Safety
    /// As [`Self::run`]; nobody but the members may use the planes either.
    pub(super) unsafe fn run_back(&self, member: &mut Member<'_>, planes: *mut T, channels: usize) {
        let (height, width) = self.size.at(2);
        let stem = self.trunk.blocks[0].forward.filter.channels;
        let stem = Steps {
            image: 0,
            row: (width + 1) * stem,
            column: stem,
        };
        for (number, block) in self.trunk.blocks.iter().enumerate().rev() {
            let gradient = self.map(number);
            let (output, output_steps) = match number {
                0 => (self.stem.wrapping_add(stem.row + stem.column), stem),
                _ => (self.map(number - 1), self.steps(number - 1)),
            };
            let skip = match number {
                // The gradient with respect to the features comes in beside that of the later blocks.
                _ if number == LAST_OF_8 + 1 => Some(output.cast_const()),
                _ => block.skip.then_some(gradient.cast_const()),
            };
            let [first, filter] = self.bits[number];
            let work = Work {
                stage: &block.back,
                isa: self.trunk.isa,
                lanes: self.trunk.lanes,
                input: gradient,
                input_steps: self.steps(number),
                run_step: 0,
                size: self.size.at(block.strides[1]),
                bits: [filter, first],
                output,
                output_steps,
                skip,
                inner: self.inner,
            };
            // SAFETY: the caller's promise; room and words are for this size.
            unsafe { work.run(member) };
        }
        let pieces = PIECES * member.size;
        member.phase(pieces, |index| {
            for y in part(height, pieces, index) {
                // SAFETY: the caller's promise; these rows are this member's.
                unsafe { self.pixels(y, stem, planes, channels) };
            }
        });
    }

    /// Two rows of pixels from two rows of the first convolution's gradient.
    unsafe fn pixels(&self, y: usize, stem: Steps, planes: *mut T, channels: usize) {
        let Size { height, width } = self.size;
        let product = &self.trunk.pixels;
        let outputs = product.channels();
        T::with_scratch(width / 2 * outputs, |values| {
            let grid = Grid {
                size: (1, width / 2),
                input: self.stem.wrapping_add(y * stem.row).cast_const(),
                input_steps: stem,
                run_step: stem.row,
                output: values.as_mut_ptr(),
                output_steps: Steps {
                    image: 0,
                    row: 0,
                    column: outputs,
                },
            };
            // SAFETY: the caller's promise.
            unsafe { product.apply(self.trunk.isa, grid, Finish::Plain) };
            for row in 0..2 {
                for channel in 0..channels {
                    let start = (channel * height + 2 * y + row) * width;
                    // SAFETY: these rows are this member's.
                    let to = unsafe { std::slice::from_raw_parts_mut(planes.add(start), width) };
                    for (to, from) in to.chunks_exact_mut(2).zip(values.chunks_exact(outputs)) {
                        let from = &from[row * 6..][..6];
                        if channels == 1 {
                            to[0] = from[0] + from[1] + from[2];
                            to[1] = from[3] + from[4] + from[5];
                        } else {
                            to[0] = from[channel];
                            to[1] = from[3 + channel];
                        }
                    }
                }
            }
        });
    }
}
