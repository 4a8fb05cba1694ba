//! The linear part of a layer, in one direction: its packed weights and how to apply them.
//!
//! A layer's input gradient is again one of these maps, with sources and destinations exchanged:
//! [`Op::Down`] and [`Op::Up`] are each other's, as are [`Op::Collapse`] and [`Op::Expand`], and
//! [`Op::Same`] is its own with the kernel turned by half a circle.

#![allow(unsafe_code)]

use super::accumulate::Accumulation;
use super::correlate::{Correlation, Finish, Steps};
use super::isa::{Isa, Loop};
use super::real::Real;
use super::shape::{BLOCK, Shape};
use super::winograd::Winograd;

/// Pixels of a piece: enough work to be worth claiming.
const PIECE_PIXELS: usize = 64;

/// Pixels of a piece of a small picture, so that there are pieces for several threads.
const SMALL_PIECE_PIXELS: usize = 32;

/// Blocks of output channels of a piece: as many as the widest tile holds.
const PIECE_BLOCKS: usize = 2;

/// The kinds of maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// 3 x 3, stride 1, padding 1: grid to grid of the same side.
    Same,
    /// 4 x 4, stride 2, padding 1: grid to grid of half the side.
    Down,
    /// Transposed 4 x 4, stride 2, padding 1: grid to grid of twice the side. Each of the four
    /// output phases is a 2 x 2 correlation of its own.
    Up,
    /// As `Up`, to a picture: the four phases of all channels are one block of a 3 x 3 correlation.
    Picture,
    /// The whole grid to a vector.
    Collapse,
    /// A vector to the whole grid.
    Expand,
}

/// A map with its weights.
#[derive(Clone, Debug)]
pub struct Map<T> {
    /// Its kind.
    pub op: Op,
    /// What it reads.
    pub source: Shape,
    /// What it writes.
    pub destination: Shape,
    /// `[phases][blocks][runs][run_len][BLOCK]`.
    pub weights: Vec<T>,
    runs: usize,
    run_len: usize,
    run_step: usize,
    blocks: usize,
    phases: usize,
    block_offsets: Vec<usize>,
    /// Channels that carry something; the others are padding.
    channels: (usize, usize),
    winograd: Option<Winograd<T>>,
}

impl<T: Real> Map<T> {
    /// A map between two shapes, its weights all zero. `channels` are those of source and
    /// destination that carry something.
    ///
    /// # Panics
    /// If the shapes do not fit the kind.
    pub fn new(op: Op, source: Shape, destination: Shape, channels: (usize, usize)) -> Self {
        let width = source.channels();
        let (phases, runs, run_len) = match op {
            Op::Same | Op::Picture => (1, 3, 3 * width),
            Op::Down => (1, 4, 4 * width),
            Op::Up => (4, 2, 2 * width),
            Op::Collapse => (1, source.side(), source.side() * width),
            Op::Expand => (1, 1, width),
        };
        let block_offsets: Vec<usize> = match (op, destination) {
            (Op::Picture, Shape::Planes { channels, .. }) => {
                assert!(4 * channels <= BLOCK, "a picture has at most four channels");
                vec![0]
            }
            (Op::Expand, Shape::Grid { side, channels }) => (0..side * side)
                .flat_map(|pixel| {
                    let start = pixel / side * destination.row() + pixel % side * channels;
                    (0..channels / BLOCK).map(move |block| start + block * BLOCK)
                })
                .collect(),
            (_, shape) => (0..shape.channels() / BLOCK)
                .map(|block| block * BLOCK)
                .collect(),
        };
        let blocks = block_offsets.len();
        Self {
            op,
            source,
            destination,
            weights: vec![T::ZERO; phases * blocks * runs * run_len * BLOCK],
            runs,
            run_len,
            run_step: source.row(),
            blocks,
            phases,
            block_offsets,
            channels,
            winograd: Winograd::new(op, source, destination),
        }
    }

    /// Takes note of changed weights.
    pub fn refresh(&mut self, isa: Isa) {
        if let Some(winograd) = &mut self.winograd {
            winograd.combine(isa, &self.weights);
        }
    }

    /// Visits every weight that carries something: its index, and its source channel, destination
    /// channel, row and column of the kernel.
    pub fn each_weight(&self, mut visit: impl FnMut(usize, [usize; 4])) {
        let (sources, destinations) = self.channels;
        let width = self.source.channels();
        let block_len = self.runs * self.run_len * BLOCK;
        let mut correlation =
            |start: usize,
             taps: (usize, usize),
             lanes: usize,
             place: &dyn Fn(usize, usize, usize) -> Option<[usize; 3]>| {
                for lane in 0..lanes {
                    for row in 0..taps.0 {
                        for column in 0..taps.1 {
                            let Some([destination, ky, kx]) = place(lane, row, column) else {
                                continue;
                            };
                            let at = start
                                + lane / BLOCK * block_len
                                + (row * self.run_len + column * width) * BLOCK
                                + lane % BLOCK;
                            for source in 0..sources {
                                visit(at + source * BLOCK, [source, destination, ky, kx]);
                            }
                        }
                    }
                }
            };
        match self.op {
            Op::Same | Op::Down | Op::Collapse => {
                let taps = (self.runs, self.run_len / width);
                correlation(0, taps, destinations, &|lane, row, column| {
                    Some([lane, row, column])
                });
            }
            Op::Up => {
                for phase in 0..4 {
                    let start = phase * self.blocks * block_len;
                    correlation(start, (2, 2), destinations, &|lane, row, column| {
                        Some([lane, 3 - phase / 2 - 2 * row, 3 - phase % 2 - 2 * column])
                    });
                }
            }
            Op::Picture => {
                correlation(0, (3, 3), 4 * destinations, &|lane, row, column| {
                    let phase = lane / destinations;
                    let row = row.checked_sub(phase / 2).filter(|row| *row < 2)?;
                    let column = column.checked_sub(phase % 2).filter(|column| *column < 2)?;
                    Some([
                        lane % destinations,
                        3 - phase / 2 - 2 * row,
                        3 - phase % 2 - 2 * column,
                    ])
                });
            }
            Op::Expand => {
                let (side, padded) = (self.destination.side(), self.destination.channels());
                correlation(0, (1, 1), side * side * padded, &|lane, _, _| {
                    let (pixel, channel) = (lane / padded, lane % padded);
                    (channel < destinations).then_some([channel, pixel / side, pixel % side])
                });
            }
        }
    }

    fn grid(&self) -> (usize, usize) {
        let side = match self.op {
            Op::Same | Op::Down => self.destination.side(),
            Op::Up | Op::Picture => self.source.side(),
            Op::Collapse | Op::Expand => 1,
        };
        (side, side)
    }

    fn is_dense(&self) -> bool {
        matches!(self.op, Op::Collapse | Op::Expand)
    }

    fn piece_pixels(&self) -> usize {
        let (rows, columns) = self.grid();
        if rows * columns <= 4 * PIECE_PIXELS {
            SMALL_PIECE_PIXELS.min(rows * columns)
        } else {
            PIECE_PIXELS
        }
    }

    fn bands(&self) -> usize {
        let (rows, columns) = self.grid();
        (rows * columns).div_ceil(self.piece_pixels())
    }

    /// Pieces that together make up the map, for one image, or for all images of a dense map.
    pub fn pieces(&self) -> usize {
        if let Some(winograd) = &self.winograd {
            return winograd.pieces();
        }
        self.phases * self.bands() * self.blocks.div_ceil(PIECE_BLOCKS)
    }

    /// Steps of the source, from image to image, row to row, pixel to pixel of [`Map::grid`].
    fn source_steps(&self) -> Steps {
        let stride = if self.op == Op::Down { 2 } else { 1 };
        Steps {
            image: self.source.count(),
            row: stride * self.source.row(),
            column: stride * self.source.channels(),
        }
    }

    /// Computes the whole map for one image, on this thread.
    ///
    /// # Panics
    /// If the values are not those of the shapes.
    pub fn apply(&self, isa: Isa, source: &[T], destination: &mut [T]) {
        assert_eq!(source.len(), self.source.count());
        assert_eq!(destination.len(), self.destination.count());
        let (source, destination) = (source.as_ptr(), destination.as_mut_ptr());
        for piece in 0..self.pieces() {
            // SAFETY: both have their shapes, and nobody else has the destination.
            unsafe { self.piece(isa, piece, 1, source, destination, Finish::Plain) };
        }
    }

    /// Computes one piece of the map for the image at `source`, or for `images` images one after
    /// another where the map is dense. Gates and skip connections are to lie in the destination's layout.
    /// `destination` is written inside its border only.
    ///
    /// [`Op::Picture`] knows [`Finish::Plain`] and [`Finish::Bias`], which it follows by a sigmoid.
    ///
    /// # Safety
    /// `source`, `destination`, a gate and a skip connection must be valid for their shapes, times `images` where the
    /// map is dense, and nobody may touch this piece of the destination meanwhile.
    pub unsafe fn piece(
        &self,
        isa: Isa,
        piece: usize,
        images: usize,
        source: *const T,
        destination: *mut T,
        finish: Finish<'_, T>,
    ) {
        if let Some(winograd) = &self.winograd {
            // SAFETY: the caller's promise.
            unsafe { winograd.piece(isa, piece, source, destination, finish) };
            return;
        }
        let bands = self.bands();
        let (group, phase, band) = (
            piece / bands / self.phases,
            piece / bands % self.phases,
            piece % bands,
        );
        let (rows, columns) = self.grid();
        let pixels = if self.is_dense() {
            0..images
        } else {
            let length = self.piece_pixels();
            band * length..((band + 1) * length).min(rows * columns)
        };
        let first = group * PIECE_BLOCKS;
        let blocks = first..(first + PIECE_BLOCKS).min(self.blocks);
        let block_len = self.runs * self.run_len * BLOCK;
        let weights = &self.weights[phase * self.blocks * block_len..][..self.blocks * block_len];
        let correlation = Correlation {
            size: (rows, columns),
            pixels: pixels.clone(),
            blocks,
            input: source,
            input_steps: self.source_steps(),
            runs: self.runs,
            run_len: self.run_len,
            run_step: self.run_step,
            weights,
            output: destination,
            output_steps: Steps::default(),
            block_offsets: &self.block_offsets,
            finish,
        };
        if self.op == Op::Picture {
            // SAFETY: the caller's promise.
            unsafe { self.picture_piece(isa, correlation, destination) };
            return;
        }
        let (to, stride) = (self.destination, if self.op == Op::Up { 2 } else { 1 });
        let into = match self.op {
            // The first tap of a phase is one row further down for the lower phases.
            Op::Up => phase / 2 * self.source.row() + phase % 2 * self.source.channels(),
            Op::Collapse => self.source.interior(),
            _ => 0,
        };
        let out = to.interior()
            + if self.op == Op::Up {
                phase / 2 * to.row() + phase % 2 * to.channels()
            } else {
                0
            };
        // SAFETY: both offsets lie within the shapes.
        let (input, output) = unsafe { (source.add(into), destination.add(out)) };
        // SAFETY: gates and skip connections have the destination's layout.
        let moved = |from: *const T| unsafe { from.add(out) };
        let finish = match finish {
            Finish::Gate(outputs, slope, skip) => {
                Finish::Gate(moved(outputs), slope, skip.map(moved))
            }
            Finish::Leaky(bias, slope, skip) => Finish::Leaky(bias, slope, skip.map(moved)),
            other => other,
        };
        let correlation = Correlation {
            input,
            output,
            output_steps: Steps {
                image: to.count(),
                row: stride * to.row(),
                column: stride * to.channels(),
            },
            finish,
            ..correlation
        };
        // SAFETY: the caller's promise; the runs stay within the source's border.
        unsafe { T::run(isa, correlation) };
    }

    /// A band of low-resolution pixels, all four phases at once, spread over the planes.
    unsafe fn picture_piece(&self, isa: Isa, correlation: Correlation<'_, T>, destination: *mut T) {
        let mut block = [T::ZERO; PIECE_PIXELS * BLOCK];
        let pixels = correlation.pixels.clone();
        let columns = correlation.size.1;
        let (finish, side, channels) = (
            correlation.finish,
            self.destination.side(),
            self.destination.channels(),
        );
        let start = pixels.start * BLOCK;
        let correlation = Correlation {
            // Pixels are numbered from the picture's first one, the block from the band's.
            output: block.as_mut_ptr().wrapping_sub(start),
            output_steps: Steps {
                image: 0,
                row: columns * BLOCK,
                column: BLOCK,
            },
            finish: Finish::Plain,
            ..correlation
        };
        // SAFETY: the caller's promise; the band fits the block.
        unsafe { T::run(isa, correlation) };
        if let Finish::Bias(bias) = finish {
            let biases: [T; BLOCK] = std::array::from_fn(|lane| bias[lane % channels.max(1)]);
            isa.run_loop(Squash {
                values: &mut block,
                biases,
            });
        }
        for (pixel, values) in pixels.zip(block.chunks_exact(BLOCK)) {
            let (y, x) = (pixel / columns * 2, pixel % columns * 2);
            for phase in 0..4 {
                for channel in 0..channels {
                    let at = (channel * side + y + phase / 2) * side + x + phase % 2;
                    // SAFETY: inside the planes.
                    unsafe {
                        destination
                            .add(at)
                            .write(values[phase * channels + channel])
                    };
                }
            }
        }
    }

    /// Adds one image's share, or that of `images` images of a dense map, to the gradient of the
    /// weights of a map of kind [`Op::Same`], [`Op::Down`] or [`Op::Collapse`]: `source` is what the
    /// map reads, `other` what comes back for what it writes. `blocks` are of the destination.
    ///
    /// # Safety
    /// `source` and `other` must be valid for their shapes, times `images`.
    pub unsafe fn accumulate(
        &self,
        isa: Isa,
        images: usize,
        source: *const T,
        other: *const T,
        gradient: &mut [T],
        blocks: std::ops::Range<usize>,
    ) {
        let (rows, columns) = self.grid();
        let into = match self.op {
            Op::Collapse => self.source.interior(),
            _ => 0,
        };
        let to = self.destination;
        // SAFETY: the interior lies within the shapes.
        let (input, other) = unsafe { (source.add(into), other.add(to.interior())) };
        let accumulation = Accumulation {
            size: (images, rows, columns),
            input,
            input_steps: self.source_steps(),
            runs: self.runs,
            run_len: self.run_len,
            run_step: self.run_step,
            other,
            other_steps: Steps {
                image: to.count(),
                row: to.row(),
                column: to.channels(),
            },
            gradient,
            blocks,
        };
        // SAFETY: the caller's promise.
        unsafe { T::run(isa, accumulation) };
    }

    /// Blocks of destination channels.
    pub fn blocks(&self) -> usize {
        self.blocks
    }
}

/// Sigmoid of a band of [`Op::Picture`], bias added.
struct Squash<'a, T> {
    values: &'a mut [T],
    biases: [T; BLOCK],
}

impl<T: Real> Loop for Squash<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for pixel in self.values.chunks_exact_mut(BLOCK) {
            for (value, bias) in pixel.iter_mut().zip(&self.biases) {
                *value = (*value + *bias).sigmoid();
            }
        }
    }
}
