//! How training images are varied.

use serde::{Deserialize, Serialize};

/// Random changes of a training image; a value of zero (or `false`) switches a part off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AugmentConfig {
    /// Rotation, uniform in plus or minus this many degrees.
    pub rotation_deg: f32,
    /// Shift of each axis, uniform in plus or minus this share of the side.
    pub shift_fraction: f32,
    /// Scale, uniform in one plus or minus this.
    pub scale_fraction: f32,
    /// Bend: a smooth field of shifts, each uniform in plus or minus this share of the side (Simard et
    /// al. 2003).
    pub warp_fraction: f32,
    /// Brightness, added to all channels alike: uniform in plus or minus this.
    pub brightness: f32,
    /// Contrast about the middle grey: uniform in one plus or minus this.
    pub contrast: f32,
    /// Mirror left and right, half of the time.
    pub flip_horizontal: bool,
    /// Mirror top and bottom, half of the time.
    pub flip_vertical: bool,
}

impl Default for AugmentConfig {
    /// Enough that a few dozen images are not learned by heart: see docs/benchmark.md.
    fn default() -> Self {
        Self {
            rotation_deg: 10.0,
            shift_fraction: 0.04,
            scale_fraction: 0.1,
            warp_fraction: 0.03,
            brightness: 0.03,
            contrast: 0.06,
            flip_horizontal: false,
            flip_vertical: false,
        }
    }
}

impl AugmentConfig {
    /// Every part off.
    pub fn off() -> Self {
        Self {
            rotation_deg: 0.0,
            shift_fraction: 0.0,
            scale_fraction: 0.0,
            warp_fraction: 0.0,
            brightness: 0.0,
            contrast: 0.0,
            flip_horizontal: false,
            flip_vertical: false,
        }
    }
}
