//! The picture being spoilt.

use super::PERCEPTIBLE;
use super::region::{Bounds, Region};

/// A picture of 1 or 3 square planes, how it was, and another one to take pieces from.
pub struct Canvas<'a> {
    pixels: &'a mut [f32],
    clean: Vec<f32>,
    donor: &'a [f32],
    side: usize,
    channels: usize,
    /// Holds everything that was changed.
    touched: Bounds,
}

impl<'a> Canvas<'a> {
    /// Wraps `channels` planes of `side` x `side` pixels.
    ///
    /// # Panics
    /// If the lengths do not match or there are neither 1 nor 3 channels.
    pub fn new(pixels: &'a mut [f32], channels: usize, side: usize, donor: &'a [f32]) -> Self {
        assert!(matches!(channels, 1 | 3), "pictures are grey or RGB");
        assert_eq!(
            pixels.len(),
            channels * side * side,
            "pixel count must match the shape"
        );
        assert_eq!(donor.len(), pixels.len(), "the donor has the same shape");
        Self {
            clean: pixels.to_vec(),
            pixels,
            donor,
            side,
            channels,
            touched: Bounds::default(),
        }
    }

    /// Width and height in pixels.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Number of planes: 1 or 3.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// How large a length given for 128 pixels is in this picture.
    pub fn scale(&self) -> f32 {
        self.side as f32 / 128.0
    }

    /// One plane of the picture before the first corruption.
    pub fn clean(&self, channel: usize) -> &[f32] {
        let len = self.side * self.side;
        &self.clean[channel * len..(channel + 1) * len]
    }

    /// One plane of the other picture.
    pub fn donor(&self, channel: usize) -> &[f32] {
        let len = self.side * self.side;
        &self.donor[channel * len..(channel + 1) * len]
    }

    /// One plane as it is now.
    pub fn plane(&self, channel: usize) -> &[f32] {
        let len = self.side * self.side;
        &self.pixels[channel * len..(channel + 1) * len]
    }

    /// Each channel's mean where the region weighs, as the picture is now; channels that do not
    /// exist repeat the first.
    pub fn mean(&self, region: &Region) -> [f32; 3] {
        let total: f32 = region.weights.iter().sum();
        let mut means = [0.5; 3];
        for (channel, mean) in means.iter_mut().enumerate().take(self.channels) {
            let plane = self.plane(channel);
            let mut sum = 0.0;
            for (row, weights) in region.rows() {
                let start = row * self.side + region.bounds.x;
                sum += weights
                    .iter()
                    .zip(&plane[start..])
                    .map(|(weight, value)| weight * value)
                    .sum::<f32>();
            }
            if total > 0.0 {
                *mean = sum / total;
            }
        }
        if self.channels == 1 {
            means = [means[0]; 3];
        }
        means
    }

    /// Replaces the values of the region: `change` gets the channel, the index within the region,
    /// the region's weight and the value, and returns the new value, which is held in `0..=1`.
    pub fn change(&mut self, region: &Region, change: impl Fn(usize, usize, f32, f32) -> f32) {
        let (len, bounds) = (self.side * self.side, region.bounds);
        for channel in 0..self.channels {
            let plane = &mut self.pixels[channel * len..(channel + 1) * len];
            for (row, weights) in region.rows() {
                let first = (row - bounds.y) * bounds.width;
                let start = row * self.side + bounds.x;
                for (i, (weight, value)) in weights.iter().zip(&mut plane[start..]).enumerate() {
                    *value = change(channel, first + i, *weight, *value).clamp(0.0, 1.0);
                }
            }
        }
        self.touched = self.touched.join(bounds);
    }

    /// Whether a change is to be seen within the bounds.
    pub fn shows(&self, bounds: Bounds) -> bool {
        (0..self.channels).any(|channel| {
            let (now, then) = (self.plane(channel), self.clean(channel));
            (bounds.y..bounds.y + bounds.height).any(|row| {
                let start = row * self.side + bounds.x;
                let range = start..start + bounds.width;
                now[range.clone()]
                    .iter()
                    .zip(&then[range])
                    .any(|(a, b)| (a - b).abs() > PERCEPTIBLE)
            })
        })
    }

    /// Whether any change so far is to be seen.
    pub fn shows_any(&self) -> bool {
        self.shows(self.touched)
    }

    /// 1 where some channel changed by more than [`PERCEPTIBLE`], else 0.
    pub fn mask(&self) -> Vec<f32> {
        let mut mask = vec![0.0; self.side * self.side];
        let bounds = self.touched;
        for channel in 0..self.channels {
            let (now, then) = (self.plane(channel), self.clean(channel));
            for row in bounds.y..bounds.y + bounds.height {
                let start = row * self.side + bounds.x;
                let range = start..start + bounds.width;
                let values = now[range.clone()].iter().zip(&then[range.clone()]);
                for (mark, (a, b)) in mask[range].iter_mut().zip(values) {
                    if (a - b).abs() > PERCEPTIBLE {
                        *mark = 1.0;
                    }
                }
            }
        }
        mask
    }
}
