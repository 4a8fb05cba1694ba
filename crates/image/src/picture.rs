//! Pictures as the network sees them.

use serde::{Deserialize, Serialize};

/// A planar picture: `[channels, height, width]`, row-major, normally in `0.0..=1.0`.
///
/// Anomaly maps are one-channel pictures whose values may exceed 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Number of planes: 1 (grey, maps) or 3 (RGB).
    pub channels: usize,
    /// Height in pixels.
    pub height: usize,
    /// Width in pixels.
    pub width: usize,
    /// `channels * height * width` values, plane after plane, row after row.
    pub pixels: Vec<f32>,
}

impl Picture {
    /// A picture of one value everywhere.
    pub fn filled(channels: usize, height: usize, width: usize, value: f32) -> Self {
        Self {
            channels,
            height,
            width,
            pixels: vec![value; channels * height * width],
        }
    }

    /// A picture of the given values.
    ///
    /// # Panics
    /// If `pixels.len()` is not `channels * height * width`: the caller's arithmetic is wrong.
    pub fn new(channels: usize, height: usize, width: usize, pixels: Vec<f32>) -> Self {
        assert_eq!(
            pixels.len(),
            channels * height * width,
            "pixel count must match the shape"
        );
        Self {
            channels,
            height,
            width,
            pixels,
        }
    }

    /// A picture whose value at `(channel, y, x)` is `value(channel, y, x)`.
    pub fn from_fn(
        channels: usize,
        height: usize,
        width: usize,
        mut value: impl FnMut(usize, usize, usize) -> f32,
    ) -> Self {
        let mut pixels = Vec::with_capacity(channels * height * width);
        for channel in 0..channels {
            for y in 0..height {
                for x in 0..width {
                    pixels.push(value(channel, y, x));
                }
            }
        }
        Self {
            channels,
            height,
            width,
            pixels,
        }
    }

    /// Pixels of one plane: `height * width`.
    pub fn plane_len(&self) -> usize {
        self.height * self.width
    }

    /// One plane, row after row.
    pub fn plane(&self, channel: usize) -> &[f32] {
        let len = self.plane_len();
        &self.pixels[channel * len..(channel + 1) * len]
    }

    /// The value at `(channel, y, x)`.
    pub fn at(&self, channel: usize, y: usize, x: usize) -> f32 {
        self.pixels[(channel * self.height + y) * self.width + x]
    }

    /// The values pixel after pixel, all channels of one before those of the next.
    pub fn interleaved(&self) -> impl Iterator<Item = f32> {
        let len = self.plane_len();
        (0..len * self.channels).map(move |i| {
            let (pixel, channel) = (i / self.channels, i % self.channels);
            self.pixels[channel * len + pixel]
        })
    }

    /// Whether every value is finite.
    pub fn is_finite(&self) -> bool {
        self.pixels.iter().all(|value| value.is_finite())
    }

    /// The largest value, or negative infinity for an empty picture.
    pub fn max(&self) -> f32 {
        self.pixels
            .iter()
            .copied()
            .fold(f32::NEG_INFINITY, f32::max)
    }

    /// The same picture with 1 or 3 channels: grey is repeated, RGB becomes Rec. 601 luma.
    pub fn with_channels(self, channels: usize) -> Self {
        if channels == self.channels {
            return self;
        }
        let len = self.plane_len();
        let grey: Vec<f32> = if self.channels == 3 {
            let (red, green, blue) = (self.plane(0), self.plane(1), self.plane(2));
            (0..len)
                .map(|i| 0.299 * red[i] + 0.587 * green[i] + 0.114 * blue[i])
                .collect()
        } else {
            self.plane(0).to_vec()
        };
        Self {
            channels,
            height: self.height,
            width: self.width,
            pixels: grey.repeat(channels),
        }
    }

    /// Interleaved 8-bit RGB, `height * width * 3` bytes; values are clamped to `0.0..=1.0`.
    pub fn to_rgb8(&self) -> Vec<u8> {
        let len = self.plane_len();
        let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        let mut bytes = Vec::with_capacity(len * 3);
        for i in 0..len {
            for channel in 0..3 {
                bytes.push(byte(self.pixels[channel.min(self.channels - 1) * len + i]));
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_becomes_rgb_and_back() {
        let grey = Picture::from_fn(1, 2, 3, |_, y, x| (y * 3 + x) as f32 / 6.0);
        let rgb = grey.clone().with_channels(3);
        assert_eq!(rgb.plane(2), grey.plane(0));
        let back = rgb.with_channels(1);
        for (a, b) in back.pixels.iter().zip(&grey.pixels) {
            assert!((a - b).abs() < 1e-6);
        }
    }

    #[test]
    fn rgb8_clamps_and_interleaves() {
        let picture = Picture::new(3, 1, 2, vec![-1.0, 0.0, 0.5, 1.0, 2.0, 0.0]);
        assert_eq!(picture.to_rgb8(), [0, 128, 255, 0, 255, 0]);
    }
}
