//! Texture mode: overlapping tiles of the network's size cover an image of any size and are blended
//! back without seams.

use crate::data::iterate::{Iterate, IterateScalars};
use crate::data::picture::Picture;

/// Where the tiles of an image lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiling {
    /// Side of a tile, in pixels.
    size_px: usize,
    height_px: usize,
    width_px: usize,
    tops_px: Vec<usize>,
    lefts_px: Vec<usize>,
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

    fn corners(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.tops_px
            .iter()
            .flat_map(|&top| self.lefts_px.iter().map(move |&left| (top, left)))
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
        let columns = self.lefts_px.len();
        let (top, left) = (
            self.tops_px[index / columns],
            self.lefts_px[index % columns],
        );
        let size = self.size_px;
        Picture::from_fn(picture.channels, size, size, |channel, y, x| {
            picture.at(channel, top + y, left + x)
        })
    }

    /// Blends tiles back: each weighs most in its middle and little at its rim, where a network
    /// sees the least context.
    pub fn blend(&self, tiles: &[Picture]) -> Picture {
        if let [only] = tiles {
            return only.clone();
        }
        let channels = tiles.first().map_or(1, |tile| tile.channels);
        let mut sum = Picture::filled(channels, self.height_px, self.width_px, 0.0);
        let mut weights = vec![0.0f32; self.height_px * self.width_px];
        let rim: Vec<f32> = (0..self.size_px)
            .map(|i| rim_weight(i, self.size_px))
            .collect();
        for (tile, (top, left)) in tiles.iter().zip(self.corners()) {
            for y in 0..self.size_px {
                for x in 0..self.size_px {
                    let weight = rim[y] * rim[x];
                    let at = (top + y) * self.width_px + left + x;
                    weights[at] += weight;
                    for channel in 0..channels {
                        sum.pixels[channel * weights.len() + at] += weight * tile.at(channel, y, x);
                    }
                }
            }
        }
        for plane in sum.pixels.chunks_exact_mut(weights.len()) {
            plane
                .iter_mut()
                .zip(&weights)
                .for_each(|(value, weight)| *value /= weight);
        }
        sum
    }

    /// Blends the iterates of all tiles into the image's. Sums add up over the tiles (a pixel
    /// counts once for each tile that shows it), the largest change is the largest of all, t the
    /// most steps of a tile.
    pub fn blend_iterates(&self, tiles: &[Iterate]) -> Iterate {
        if let [only] = tiles {
            return only.clone();
        }
        let pictures = |of: fn(&Iterate) -> &Picture| -> Vec<Picture> {
            tiles.iter().map(|tile| of(tile).clone()).collect()
        };
        let mut scalars = IterateScalars {
            alpha: f32::INFINITY,
            ..Default::default()
        };
        let mut shift_squared = 0.0;
        for tile in tiles.iter().map(|tile| &tile.scalars) {
            scalars.t = scalars.t.max(tile.t);
            scalars.energy += tile.energy;
            scalars.reconstruction_error += tile.reconstruction_error;
            scalars.regulariser += tile.regulariser;
            shift_squared += tile.reconstruction_shift.powi(2);
            scalars.largest_change = scalars.largest_change.max(tile.largest_change);
            scalars.alpha = scalars.alpha.min(tile.alpha);
        }
        scalars.reconstruction_shift = shift_squared.sqrt();
        Iterate {
            scalars,
            iterate: self.blend(&pictures(|tile| &tile.iterate)),
            reconstruction: self.blend(&pictures(|tile| &tile.reconstruction)),
            gradient: self.blend(&pictures(|tile| &tile.gradient)),
        }
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

/// A raised cosine over the outer quarters, 1 in the middle, never 0.
fn rim_weight(i: usize, size_px: usize) -> f32 {
    let ramp = size_px as f32 / 4.0;
    let from_rim = (i.min(size_px - 1 - i) as f32 + 0.5) / ramp;
    if from_rim >= 1.0 {
        1.0
    } else {
        0.5 - 0.5 * (std::f32::consts::PI * from_rim).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blending_what_was_cut_gives_the_picture_back() {
        for (height, width) in [(64, 64), (64, 200), (131, 97)] {
            let picture = Picture::from_fn(3, height, width, |c, y, x| {
                ((c * 7 + y * 3 + x * 5) % 11) as f32 / 10.0
            });
            let tiling = Tiling::new(height, width, 64);
            let back = tiling.blend(&tiling.cut(&picture));
            assert_eq!((back.height, back.width), (height, width));
            for (a, b) in back.pixels.iter().zip(&picture.pixels) {
                assert!((a - b).abs() < 1e-5);
            }
        }
    }

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
