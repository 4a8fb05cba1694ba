//! Pictures in the precision of their file, a quarter or half as large as [`Picture`]s. A data set
//! is held in memory like this.

use serde::{Deserialize, Serialize};

use super::picture::Picture;
use super::placement::Placement;

/// A planar picture, `[channels, height, width]`, whose values are integers of its file's depth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompactPicture {
    /// 1 (grey) or 3 (RGB).
    pub channels: usize,
    /// Height in pixels.
    pub height: usize,
    /// Width in pixels.
    pub width: usize,
    /// `channels * height * width` values, plane after plane, row after row.
    pub samples: Samples,
}

/// Values of a [`CompactPicture`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Samples {
    /// 255 is white.
    U8(Vec<u8>),
    /// 65535 is white.
    U16(Vec<u16>),
    /// 1 is white.
    F32(Vec<f32>),
}

/// A value that stands for a share of white.
pub trait Sample: Copy + Default {
    /// The share, `0.0..=1.0`.
    fn to_unit(self) -> f32;
    /// The nearest value to a share; shares outside `0.0..=1.0` are clamped.
    fn from_unit(unit: f32) -> Self;
}

impl Sample for u8 {
    fn to_unit(self) -> f32 {
        f32::from(self) / 255.0
    }
    fn from_unit(unit: f32) -> Self {
        (unit * 255.0).round() as Self
    }
}

impl Sample for u16 {
    fn to_unit(self) -> f32 {
        f32::from(self) / 65_535.0
    }
    fn from_unit(unit: f32) -> Self {
        (unit * 65_535.0).round() as Self
    }
}

impl Sample for f32 {
    fn to_unit(self) -> f32 {
        self
    }
    fn from_unit(unit: f32) -> Self {
        unit.clamp(0.0, 1.0)
    }
}

impl CompactPicture {
    /// The same values as shares of white.
    pub fn to_picture(&self) -> Picture {
        fn units<T: Sample>(samples: &[T]) -> Vec<f32> {
            samples.iter().map(|sample| sample.to_unit()).collect()
        }
        let pixels = match &self.samples {
            Samples::U8(samples) => units(samples),
            Samples::U16(samples) => units(samples),
            Samples::F32(samples) => units(samples),
        };
        Picture::new(self.channels, self.height, self.width, pixels)
    }

    /// The same picture with 1 or 3 channels: grey is repeated, RGB becomes Rec. 601 luma.
    pub fn with_channels(self, channels: usize) -> Self {
        fn convert<T: Sample>(samples: Vec<T>, from: usize, to: usize) -> Vec<T> {
            match (from, to) {
                (3, 1) => {
                    let len = samples.len() / 3;
                    let (red, rest) = samples.split_at(len);
                    let (green, blue) = rest.split_at(len);
                    let luma = |i: usize| {
                        0.299 * red[i].to_unit()
                            + 0.587 * green[i].to_unit()
                            + 0.114 * blue[i].to_unit()
                    };
                    (0..len).map(|i| T::from_unit(luma(i))).collect()
                }
                (1, 3) => samples.repeat(3),
                _ => samples,
            }
        }
        let from = self.channels;
        let samples = match self.samples {
            Samples::U8(samples) => Samples::U8(convert(samples, from, channels)),
            Samples::U16(samples) => Samples::U16(convert(samples, from, channels)),
            Samples::F32(samples) => Samples::F32(convert(samples, from, channels)),
        };
        Self {
            channels,
            samples,
            ..self
        }
    }

    /// A black canvas with this picture in its rectangle, whose size must be the picture's.
    pub fn on_canvas(self, placement: &Placement) -> Self {
        if placement.fills_canvas() {
            return self;
        }
        let samples = match self.samples {
            Samples::U8(samples) => Samples::U8(pad(&samples, self.channels, placement)),
            Samples::U16(samples) => Samples::U16(pad(&samples, self.channels, placement)),
            Samples::F32(samples) => Samples::F32(pad(&samples, self.channels, placement)),
        };
        Self {
            channels: self.channels,
            height: placement.canvas_px.1,
            width: placement.canvas_px.0,
            samples,
        }
    }
}

/// Planes of the placement's rectangle, set into planes of its canvas; the rest is zero.
pub(super) fn pad<T: Copy + Default>(
    samples: &[T],
    channels: usize,
    placement: &Placement,
) -> Vec<T> {
    let (canvas_width, canvas_height) = placement.canvas_px;
    let mut canvas = vec![T::default(); channels * canvas_width * canvas_height];
    for (row, values) in samples.chunks_exact(placement.width).enumerate() {
        let (channel, y) = (row / placement.height, row % placement.height);
        let start = (channel * canvas_height + placement.y + y) * canvas_width + placement.x;
        canvas[start..start + placement.width].copy_from_slice(values);
    }
    canvas
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crop::Area;

    fn compact(channels: usize, samples: Samples) -> CompactPicture {
        CompactPicture {
            channels,
            height: 1,
            width: 2,
            samples,
        }
    }

    #[test]
    fn units_reach_zero_and_one_at_every_depth() {
        let ends = [0.0, 1.0];
        let depths = [
            Samples::U8(vec![0, 255]),
            Samples::U16(vec![0, 65_535]),
            Samples::F32(vec![0.0, 1.0]),
        ];
        for samples in depths {
            assert_eq!(compact(1, samples).to_picture().pixels, ends);
        }
    }

    #[test]
    fn every_integer_survives_the_round_trip() {
        assert!((0..=u8::MAX).all(|value| u8::from_unit(value.to_unit()) == value));
        assert!((0..=u16::MAX).all(|value| u16::from_unit(value.to_unit()) == value));
        assert_eq!((u8::from_unit(-1.0), u8::from_unit(2.0)), (0, 255));
    }

    #[test]
    fn channels_convert_as_pictures_do() {
        let rgb = compact(3, Samples::U8(vec![255, 10, 0, 20, 0, 30]));
        let by_picture = rgb.to_picture().with_channels(1);
        let grey = rgb.with_channels(1);
        for (a, b) in grey.to_picture().pixels.iter().zip(&by_picture.pixels) {
            assert!((a - b).abs() <= 0.5 / 255.0 + 1e-6, "{a} {b}");
        }
        let repeated = grey.clone().with_channels(3);
        assert_eq!(repeated.with_channels(1), grey);
    }

    #[test]
    fn canvas_is_black_around_the_picture() {
        let placement = Placement {
            source_px: (2, 1),
            pose: None,
            seen: Area::whole((2, 1)),
            canvas_px: (4, 3),
            x: 1,
            y: 1,
            width: 2,
            height: 1,
        };
        let rgb = compact(3, Samples::U8(vec![1, 2, 3, 4, 5, 6])).on_canvas(&placement);
        let Samples::U8(samples) = &rgb.samples else {
            panic!("depth changed")
        };
        assert_eq!((rgb.height, rgb.width, samples.len()), (3, 4, 36));
        assert_eq!(samples[12..24], [0, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0]);
    }
}
