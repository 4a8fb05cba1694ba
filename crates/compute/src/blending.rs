//! Texture mode: the tiles of an image are blended back without seams, each as it comes.

use super::tiling::Tiling;
use kizumi_image::picture::Picture;
use kizumi_method::iterate::{Iterate, IterateScalars};

/// A picture in the making: each tile weighs most in its middle and little at its rim, where a network
/// sees the least context.
pub struct Blend {
    tiling: Tiling,
    /// What a tile's row or column weighs.
    rim: Vec<f32>,
    sum: Picture,
}

impl Blend {
    /// Without any tile.
    pub fn new(tiling: &Tiling, channels: usize) -> Self {
        Self {
            rim: rim_weights(tiling.size_px),
            sum: Picture::filled(channels, tiling.height_px, tiling.width_px, 0.0),
            tiling: tiling.clone(),
        }
    }

    /// Adds a tile, counted row after row; each is to be added once.
    ///
    /// # Panics
    /// If it has another shape than the tiling's.
    pub fn add(&mut self, index: usize, tile: &Picture) {
        let Self { tiling, rim, sum } = self;
        let (size, width, height) = (tiling.size_px, sum.width, sum.height);
        assert_eq!(
            (tile.channels, tile.height, tile.width),
            (sum.channels, size, size),
            "a tile has the tiling's size"
        );
        if tiling.len() == 1 {
            sum.pixels.copy_from_slice(&tile.pixels);
            return;
        }
        let (top, left) = tiling.corner(index);
        for (row, values) in tile.pixels.chunks_exact(size).enumerate() {
            let (channel, y) = (row / size, row % size);
            let start = (channel * height + top + y) * width + left;
            let sums = &mut sum.pixels[start..start + size];
            for ((sum, value), across) in sums.iter_mut().zip(values).zip(&*rim) {
                *sum += rim[y] * across * value;
            }
        }
    }

    /// The picture, once every tile was added.
    pub fn finish(self) -> Picture {
        let Self {
            tiling,
            rim,
            mut sum,
        } = self;
        if tiling.len() > 1 {
            // A pixel's weights are those of its row times those of its column.
            let down = covering(&tiling.tops_px, tiling.height_px, &rim);
            let across = covering(&tiling.lefts_px, tiling.width_px, &rim);
            let rows = sum.pixels.chunks_exact_mut(tiling.width_px);
            for (row, down) in rows.zip(down.iter().cycle()) {
                for (value, across) in row.iter_mut().zip(&across) {
                    *value /= down * across;
                }
            }
        }
        sum
    }
}

/// An iterate in the making.
pub struct IterateBlend {
    scalars: IterateScalars,
    shift_squared: f32,
    iterate: Blend,
    reconstruction: Blend,
    gradient: Option<Blend>,
    /// Once a tile has one.
    distance: Option<Blend>,
}

impl IterateBlend {
    /// Without any tile; the gradient stays empty where it is not wanted.
    pub fn new(tiling: &Tiling, channels: usize, with_gradient: bool) -> Self {
        let blend = || Blend::new(tiling, channels);
        Self {
            scalars: IterateScalars {
                alpha: f32::INFINITY,
                ..Default::default()
            },
            shift_squared: 0.0,
            iterate: blend(),
            reconstruction: blend(),
            gradient: with_gradient.then(blend),
            distance: None,
        }
    }

    /// Adds the iterate of a tile. Sums add up over the tiles (a pixel counts once for each tile that
    /// shows it), the largest change is the largest of all, t the most steps of a tile.
    ///
    /// # Panics
    /// As [`Blend::add`].
    pub fn add(&mut self, index: usize, tile: &Iterate) {
        let (all, own) = (&mut self.scalars, &tile.scalars);
        all.t = all.t.max(own.t);
        all.energy += own.energy;
        all.reconstruction_error += own.reconstruction_error;
        all.regulariser += own.regulariser;
        all.feature_distance += own.feature_distance;
        all.largest_change = all.largest_change.max(own.largest_change);
        all.alpha = all.alpha.min(own.alpha);
        self.shift_squared += own.reconstruction_shift.powi(2);
        self.iterate.add(index, &tile.iterate);
        self.reconstruction.add(index, &tile.reconstruction);
        if let Some(gradient) = &mut self.gradient {
            gradient.add(index, &tile.gradient);
        }
        if let Some(distance) = &tile.distance {
            let new = || Blend::new(&self.iterate.tiling, 1);
            self.distance.get_or_insert_with(new).add(index, distance);
        }
    }

    /// The image's iterate, once every tile was added.
    pub fn finish(self) -> Iterate {
        Iterate {
            scalars: IterateScalars {
                reconstruction_shift: self.shift_squared.sqrt(),
                ..self.scalars
            },
            iterate: self.iterate.finish(),
            reconstruction: self.reconstruction.finish(),
            gradient: self.gradient.map(Blend::finish).unwrap_or_default(),
            distance: self.distance.map(Blend::finish),
        }
    }
}

/// What all tiles together weigh along one side.
fn covering(starts_px: &[usize], length_px: usize, rim: &[f32]) -> Vec<f32> {
    let mut weights = vec![0.0; length_px];
    for start in starts_px {
        let covered = &mut weights[*start..*start + rim.len()];
        for (weight, own) in covered.iter_mut().zip(rim) {
            *weight += own;
        }
    }
    weights
}

/// A raised cosine over the outer quarters, 1 in the middle, never 0.
fn rim_weights(size_px: usize) -> Vec<f32> {
    let ramp = size_px as f32 / 4.0;
    let weight = |i: usize| {
        let from_rim = (i.min(size_px - 1 - i) as f32 + 0.5) / ramp;
        if from_rim >= 1.0 {
            1.0
        } else {
            0.5 - 0.5 * (std::f32::consts::PI * from_rim).cos()
        }
    };
    (0..size_px).map(weight).collect()
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
            let mut blend = Blend::new(&tiling, 3);
            // In any order.
            for index in (0..tiling.len()).rev() {
                blend.add(index, &tiling.tile(&picture, index));
            }
            let back = blend.finish();
            assert_eq!((back.height, back.width), (height, width));
            for (a, b) in back.pixels.iter().zip(&picture.pixels) {
                assert!((a - b).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn a_single_tile_is_kept_to_the_bit() {
        let picture = Picture::from_fn(1, 32, 32, |_, y, x| (y * 32 + x) as f32 / 1023.0);
        let tiling = Tiling::new(32, 32, 32);
        let mut blend = Blend::new(&tiling, 1);
        blend.add(0, &picture);
        assert_eq!(blend.finish(), picture);
    }

    #[test]
    fn sums_add_up_and_extremes_stay() {
        let tiling = Tiling::new(32, 56, 32);
        let tile = |t: usize, alpha: f32| Iterate {
            scalars: IterateScalars {
                t,
                energy: 2.0,
                alpha,
                reconstruction_shift: 3.0,
                ..Default::default()
            },
            iterate: Picture::filled(1, 32, 32, 0.5),
            reconstruction: Picture::filled(1, 32, 32, 0.25),
            gradient: Picture::filled(1, 32, 32, 1.0),
            distance: None,
        };
        for with_gradient in [false, true] {
            let mut blend = IterateBlend::new(&tiling, 1, with_gradient);
            blend.add(0, &tile(3, 0.5));
            blend.add(1, &tile(7, 0.25));
            let blended = blend.finish();
            let IterateScalars {
                t, energy, alpha, ..
            } = blended.scalars;
            assert_eq!((t, energy, alpha), (7, 4.0, 0.25));
            assert!((blended.scalars.reconstruction_shift - 18f32.sqrt()).abs() < 1e-6);
            assert!((blended.iterate.at(0, 5, 28) - 0.5).abs() < 1e-6);
            let gradient = if with_gradient { 32 * 56 } else { 0 };
            assert_eq!(blended.gradient.pixels.len(), gradient);
        }
    }
}
