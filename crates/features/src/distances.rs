//! How far an image's patches are from normal ones.

use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;

/// The distance of each patch of an image to its nearest normal patch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distances {
    /// Rows of patches.
    pub height: usize,
    /// Patches of a row.
    pub width: usize,
    /// sqrt(D) of each patch, row after row; 1 is what 99 of 100 patches of normal images stay below.
    pub values: Vec<f32>,
    /// The number of each patch's nearest one in the memory.
    pub nearest: Vec<u32>,
}

impl Distances {
    /// A map of one channel of any size: bilinear between the centres of the patches, constant beyond
    /// the outermost ones.
    pub fn resampled(&self, height: usize, width: usize) -> Picture {
        let rows: Vec<Tap> = taps(self.height, height);
        let columns: Vec<Tap> = taps(self.width, width);
        Picture::from_fn(1, height, width, |_, y, x| {
            let (row, column) = (&rows[y], &columns[x]);
            let along = |y: usize| {
                let line = &self.values[y * self.width..][..self.width];
                mix(line[column.low], line[column.high], column.share)
            };
            mix(along(row.low), along(row.high), row.share)
        })
    }

    /// The same in other units.
    pub(crate) fn in_units_of(mut self, unit: f32) -> Self {
        self.values.iter_mut().for_each(|value| *value /= unit);
        self
    }

    /// The mean of these distances, of patches, and the roots of those of Gaussians on the same grid: theirs
    /// grow faster with whatever is unlike normal.
    pub(crate) fn with_roots_of(mut self, gaussians: &Self) -> Self {
        for (value, other) in self.values.iter_mut().zip(&gaussians.values) {
            *value = 0.5 * (*value + other.sqrt());
        }
        self
    }

    /// In each place the larger one of this and of other distances, which may be on another grid.
    pub(crate) fn or_larger(mut self, other: &Self) -> Self {
        let other = other.resampled(self.height, self.width);
        for (value, other) in self.values.iter_mut().zip(other.pixels) {
            *value = value.max(other);
        }
        self
    }

    /// The distances of a whole file on its placement's canvas, one channel; 0 in the padding.
    pub fn on_canvas(&self, placement: &Placement) -> Picture {
        let inside = self.resampled(placement.height, placement.width);
        if placement.fills_canvas() {
            return inside;
        }
        let (width, height) = placement.canvas_px;
        let mut canvas = Picture::filled(1, height, width, 0.0);
        for (y, row) in inside.pixels.chunks_exact(inside.width).enumerate() {
            let start = (placement.y + y) * width + placement.x;
            canvas.pixels[start..start + row.len()].copy_from_slice(row);
        }
        canvas
    }
}

/// Where a pixel's centre lies among the centres of a row of patches.
struct Tap {
    low: usize,
    high: usize,
    share: f32,
}

/// The taps of `pixels` over `patches`.
fn taps(patches: usize, pixels: usize) -> Vec<Tap> {
    let tap = |i: usize| {
        let centre = (i as f64 + 0.5) * patches as f64 / pixels as f64 - 0.5;
        let centre = centre.clamp(0.0, (patches - 1) as f64);
        let low = centre.floor();
        Tap {
            low: low as usize,
            high: (low as usize + 1).min(patches - 1),
            share: (centre - low) as f32,
        }
    };
    (0..pixels).map(tap).collect()
}

fn mix(low: f32, high: f32, share: f32) -> f32 {
    low + share * (high - low)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_image::input::{Aspect, DataConfig};

    fn ramp() -> Distances {
        Distances {
            height: 2,
            width: 4,
            values: vec![0.0, 1.0, 2.0, 3.0, 10.0, 11.0, 12.0, 13.0],
            nearest: vec![0; 8],
        }
    }

    #[test]
    fn a_ramp_stays_a_ramp_between_the_outermost_centres() {
        let map = ramp().resampled(4, 8);
        assert_eq!(
            map.pixels[..8],
            [0.0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.0]
        );
        assert_eq!(map.at(0, 1, 0), 2.5);
        assert_eq!(map.at(0, 3, 7), 13.0);
        assert_eq!(ramp().resampled(2, 4).pixels, ramp().values);
    }

    #[test]
    fn distances_of_a_file_lie_where_its_pixels_do() {
        let config = DataConfig {
            size_px: 64,
            aspect: Aspect::Letterbox,
            ..DataConfig::default()
        };
        let placement = Placement::new((200, 100), &config).unwrap();
        let map = ramp().on_canvas(&placement);
        assert_eq!((map.channels, map.height, map.width), (1, 64, 64));
        assert_eq!((map.at(0, 15, 63), map.at(0, 16, 63)), (0.0, 3.0));
        assert_eq!((map.at(0, 47, 0), map.at(0, 48, 0)), (10.0, 0.0));
    }

    #[test]
    fn in_each_place_the_larger_distance_stays() {
        let coarse = Distances {
            height: 1,
            width: 2,
            values: vec![2.5, 0.0],
            nearest: vec![7; 2],
        };
        let joined = ramp().or_larger(&coarse);
        assert_eq!(
            joined.values,
            [2.5, 1.875, 2.0, 3.0, 10.0, 11.0, 12.0, 13.0]
        );
        assert_eq!(joined.nearest, ramp().nearest);
    }

    #[test]
    fn distances_of_gaussians_count_by_their_roots() {
        let gaussians = Distances {
            values: vec![0.0, 1.0, 4.0, 9.0, 16.0, 25.0, 36.0, 49.0],
            ..ramp()
        };
        let joined = ramp().with_roots_of(&gaussians);
        assert_eq!(joined.values, [0.0, 1.0, 2.0, 3.0, 7.0, 8.0, 9.0, 10.0]);
    }
}
