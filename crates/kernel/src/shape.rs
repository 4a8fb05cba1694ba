//! How the values of one image lie in memory between the layers.
//!
//! Channels come last, so that one vector holds neighbouring channels of a pixel. A grid has a
//! border of zeros one pixel wide, so that no kernel needs to know where a picture ends.

/// Channels of a block: one AVX-512 vector of `f32`. Hidden channels are padded to whole blocks;
/// the padding stays zero.
pub const BLOCK: usize = 16;

/// `channels` padded to whole blocks.
pub fn padded(channels: usize) -> usize {
    channels.next_multiple_of(BLOCK)
}

/// The values of one image between two layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `[side + 2][side + 2][channels]` with a border of zeros.
    Grid {
        /// Pixels along each side, without the border.
        side: usize,
        /// Channels in memory.
        channels: usize,
    },
    /// `[channels]`.
    Vector {
        /// Channels in memory.
        channels: usize,
    },
    /// `[channels][side][side]`: a picture as the rest of the program knows it.
    Planes {
        /// Pixels along each side.
        side: usize,
        /// Channels.
        channels: usize,
    },
}

impl Shape {
    /// Values of one image.
    #[inline(always)]
    pub fn count(self) -> usize {
        match self {
            Self::Grid { side, channels } => (side + 2) * (side + 2) * channels,
            Self::Vector { channels } => channels,
            Self::Planes { side, channels } => side * side * channels,
        }
    }

    /// Channels in memory.
    #[inline(always)]
    pub fn channels(self) -> usize {
        match self {
            Self::Grid { channels, .. }
            | Self::Vector { channels }
            | Self::Planes { channels, .. } => channels,
        }
    }

    /// Pixels along each side, without the border.
    #[inline(always)]
    pub fn side(self) -> usize {
        match self {
            Self::Grid { side, .. } | Self::Planes { side, .. } => side,
            Self::Vector { .. } => 1,
        }
    }

    /// Values from one row to the next.
    #[inline(always)]
    pub fn row(self) -> usize {
        match self {
            Self::Grid { side, channels } => (side + 2) * channels,
            Self::Vector { channels } => channels,
            Self::Planes { side, .. } => side,
        }
    }

    /// Where the first pixel inside the border lies.
    #[inline(always)]
    pub fn interior(self) -> usize {
        match self {
            Self::Grid { channels, .. } => self.row() + channels,
            Self::Vector { .. } | Self::Planes { .. } => 0,
        }
    }
}
