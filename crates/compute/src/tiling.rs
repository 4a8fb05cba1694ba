//! Texture mode: overlapping tiles of the network's size cover an image of any size.

use kizumi_image::picture::Picture;

/// Where the tiles of an image lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiling {
    /// Side of a tile, in pixels.
    pub(super) size_px: usize,
    pub(super) height_px: usize,
    pub(super) width_px: usize,
    pub(super) tops_px: Vec<usize>,
    pub(super) lefts_px: Vec<usize>,
}

impl Tiling {
    /// Tiles that overlap by at least a quarter of their side and keep within the image, which
    /// must be at least `size_px` on both sides. An image of exactly the tile's size is one tile.
    pub fn new(height_px: usize, width_px: usize, size_px: usize) -> Self {
        Self {
            size_px,
            height_px,
            width_px,
            tops_px: offsets(height_px, size_px),
            lefts_px: offsets(width_px, size_px),
        }
    }

    /// Number of tiles.
    pub fn len(&self) -> usize {
        self.tops_px.len() * self.lefts_px.len()
    }

    /// A tiling has at least one tile.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Top and left of a tile, counted row after row.
    ///
    /// # Panics
    /// If `index` is not below [`Tiling::len`].
    pub fn corner(&self, index: usize) -> (usize, usize) {
        let columns = self.lefts_px.len();
        (
            self.tops_px[index / columns],
            self.lefts_px[index % columns],
        )
    }

    /// Cuts a picture into tiles, row after row.
    pub fn cut(&self, picture: &Picture) -> Vec<Picture> {
        (0..self.len())
            .map(|index| self.tile(picture, index))
            .collect()
    }

    /// One tile of a picture.
    ///
    /// # Panics
    /// If `index` is not below [`Tiling::len`].
    pub fn tile(&self, picture: &Picture, index: usize) -> Picture {
        let (top, left) = self.corner(index);
        let size = self.size_px;
        Picture::from_fn(picture.channels, size, size, |channel, y, x| {
            picture.at(channel, top + y, left + x)
        })
    }
}

/// Evenly spread offsets of tiles that overlap by at least a quarter.
fn offsets(length_px: usize, size_px: usize) -> Vec<usize> {
    let room = length_px.saturating_sub(size_px);
    let stride = (size_px * 3 / 4).max(1);
    let steps = room.div_ceil(stride);
    (0..=steps)
        .map(|i| (i * room).checked_div(steps).unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_overlap_by_a_quarter_and_keep_within() {
        for length in 64..400 {
            let offsets = offsets(length, 64);
            assert_eq!(offsets.first(), Some(&0));
            assert_eq!(offsets.last(), Some(&(length - 64)));
            assert!(offsets.windows(2).all(|pair| pair[1] - pair[0] <= 48));
        }
    }
}
