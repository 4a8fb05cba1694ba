//! How image files become network inputs.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::align::Align;
use crate::crop::{Area, Crop};
use crate::depth::Depth;
use crate::file_error::Reason;
use crate::setting::{Allowed, InvalidSetting, Setting, require, require_within};
use crate::view::FeatureView;

/// The side lengths the network is built for, in pixels.
pub const NETWORK_SIZES_PX: [usize; 3] = [64, 128, 256];

/// What one network input shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The whole image, resized.
    #[default]
    Object,
    /// A crop of the image; at test overlapping tiles cover it.
    Texture,
}

/// How an image of another shape becomes square in object mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aspect {
    /// Both sides are resized to the network's size; proportions change.
    #[default]
    Stretch,
    /// Proportions stay; the rest is filled with black and left out of maps and scores.
    Letterbox,
}

/// How image files become network inputs. Part of the model file: training and test must agree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// Whole images or crops.
    pub mode: Mode,
    /// Side of the network's square input, one of [`NETWORK_SIZES_PX`].
    pub size_px: usize,
    /// 1 or 3; `None` takes 1 when every training image is grey, else 3.
    pub channels: Option<usize>,
    /// Object mode only.
    pub aspect: Aspect,
    /// Texture mode only: images are scaled down so that the shorter side is at most this, and up
    /// so that it is at least `size_px`.
    pub texture_side_px: usize,
    /// Share of the normal images kept for calibration and previews, `0.0..1.0`.
    pub validation_fraction: f32,
    /// The part of each photograph that becomes an input, in every mode; `None` for all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crop: Option<Crop>,
    /// That the part is looked for in each photograph and turned and moved to where it lies in one of them, in which
    /// the crop is meant; `None` to take photographs as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub align: Option<Align>,
    /// How many millimetres of the part lie in a pixel of the file, along a side, where a person has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mm_per_px: Option<f32>,
    /// Which value of a file of 16 bits is white: that of the images that are trained on.
    #[serde(default = "Depth::untold")]
    pub depth: Depth,
    /// The size of the second view, which frozen features are of; `None` where nothing is remembered
    /// of them, as in files from before there was any, and until the size of the files is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<FeatureView>,
}

impl Default for DataConfig {
    fn default() -> Self {
        Self {
            mode: Mode::Object,
            size_px: 128,
            channels: None,
            aspect: Aspect::Stretch,
            texture_side_px: 512,
            validation_fraction: 0.1,
            crop: None,
            align: None,
            mm_per_px: None,
            depth: Depth::ByFile,
            view: None,
        }
    }
}

/// The millimetres that a pixel of a file may have, from a sixth of a wavelength of light on.
pub const MM_PER_PX: RangeInclusive<f32> = 1e-4..=1e4;

/// # Errors
/// If it is not in [`MM_PER_PX`]; names the range.
pub fn validate_scale(mm_per_px: f32) -> Result<(), InvalidSetting> {
    require_within(Setting::MmPerPx, mm_per_px, MM_PER_PX)
}

impl DataConfig {
    /// The part of an image of `image_px` (width, height) that becomes an input.
    ///
    /// # Errors
    /// As [`Crop::area_of`].
    pub fn area_of(&self, image_px: (usize, usize)) -> Result<Area, Reason> {
        match self.crop {
            Some(crop) => crop.area_of(image_px),
            None => Ok(Area::whole(image_px)),
        }
    }

    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        validate_size(self.size_px)?;
        if let Some(channels) = self.channels {
            validate_channels(channels)?;
        }
        if let Some(mm_per_px) = self.mm_per_px {
            validate_scale(mm_per_px)?;
        }
        require_within(Setting::TextureSide, self.texture_side_px, 32..=8192)?;
        let fraction = self.validation_fraction;
        require_within(Setting::ValidationFraction, fraction, 0.0..=0.9)?;
        self.depth.validate()?;
        let stored = InvalidSetting::stored;
        let crop = self.crop.map_or(Ok(()), |crop| crop.validate());
        crop.map_err(stored(Setting::Crop))?;
        let align = self.align.as_ref().map_or(Ok(()), Align::validate);
        align.map_err(stored(Setting::Align))?;
        let view = self.view.map_or(Ok(()), FeatureView::validate);
        view.map_err(stored(Setting::View))
    }
}

/// # Errors
/// If a network cannot have an input of this side in pixels.
pub fn validate_size(size_px: usize) -> Result<(), InvalidSetting> {
    let sizes = NETWORK_SIZES_PX.map(|size| size as u32).to_vec();
    let known = NETWORK_SIZES_PX.contains(&size_px);
    require(known, Setting::Size, size_px, Allowed::OneOf(sizes))
}

/// # Errors
/// If it is neither 1 nor 3.
pub fn validate_channels(channels: usize) -> Result<(), InvalidSetting> {
    let allowed = Allowed::OneOf(vec![1, 3]);
    require(
        matches!(channels, 1 | 3),
        Setting::Channels,
        channels,
        allowed,
    )
}
