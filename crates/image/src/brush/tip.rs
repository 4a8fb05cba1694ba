//! What a brush leaves, and how its edge falls off.

use serde::{Deserialize, Serialize};

use crate::picture::Picture;

/// How a stroke looks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Brush {
    /// What it leaves.
    pub ink: Ink,
    /// Half of its width, in pixels; below a half it becomes fainter instead of thinner.
    pub radius_px: f32,
    /// `0.0..=1.0`: at 1 the edge is as sharp as pixels allow, at 0 it fades from the middle on.
    pub hardness: f32,
    /// The most that one stroke covers, `0.0..=1.0`.
    pub opacity: f32,
    /// Each pixel of the stroke is lighter or darker by up to this, `0.0..=1.0`.
    pub noise: f32,
    /// Which noise; a painting's strokes differ all the same.
    pub seed: u64,
}

/// What a brush leaves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ink {
    /// Red, green and blue in `0.0..=1.0`; on a grey picture their Rec. 601 luma.
    Colour([f32; 3]),
    /// The original.
    Eraser,
}

impl Default for Brush {
    fn default() -> Self {
        Self {
            ink: Ink::Colour([0.0; 3]),
            radius_px: 3.0,
            hardness: 0.8,
            opacity: 1.0,
            noise: 0.0,
            seed: 0,
        }
    }
}

impl Brush {
    /// The share of a pixel's colour that this brush takes at a distance from its line: linear over
    /// an edge that ends half a pixel outside the radius, so that a hard one is anti-aliased.
    pub(super) fn cover(&self, distance_px: f32) -> f32 {
        let radius = self.radius();
        let edge = (radius * (1.0 - self.hardness.clamp(0.0, 1.0))).max(1.0);
        let fine = (2.0 * radius).min(1.0);
        self.opacity.clamp(0.0, 1.0) * fine * ((radius + 0.5 - distance_px) / edge).clamp(0.0, 1.0)
    }

    pub(super) fn radius(&self) -> f32 {
        self.radius_px.max(0.0)
    }

    /// The colour in a picture's channels.
    pub(super) fn colour(&self, channels: usize) -> Option<Vec<f32>> {
        match self.ink {
            Ink::Colour(rgb) => {
                let colour = Picture::new(3, 1, 1, rgb.to_vec());
                Some(colour.with_channels(channels).pixels)
            }
            Ink::Eraser => None,
        }
    }
}
