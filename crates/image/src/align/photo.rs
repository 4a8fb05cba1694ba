//! A photograph as small as the part is looked for in it.

use image::DynamicImage;
use serde::{Deserialize, Serialize};

use super::directions::Directions;
use crate::file_error::Reason;
use crate::picture::Picture;
use crate::resize::{resize, resize_picture};
use crate::smooth::gaussian;

/// The longer side of what is kept of a photograph, in pixels.
const LONGEST_PX: usize = 1024;

/// The longer side of a part where it is measured, and where it is looked for everywhere.
const PART_PX: (f64, f64) = (200.0, 56.0);

/// The longer side of a picture that is searched everywhere, at most.
const LONGEST_SEARCHED_PX: f64 = 160.0;

/// Standard deviation of what takes off noise before rings are compared, in pixels.
const SIGMA_PX: f32 = 0.6;

/// Pixels of a photograph that one pixel of the two levels shows, along each side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scales {
    /// Where a part is measured.
    pub fine_px: f64,
    /// Where it is looked for everywhere.
    pub coarse_px: f64,
}

impl Scales {
    /// For a part and photographs whose longer sides have so many pixels.
    pub fn of_part(part_px: f64, photograph_px: usize) -> Self {
        let photograph_px = photograph_px as f64;
        let fine_px = (part_px / PART_PX.0).max(photograph_px / LONGEST_PX as f64);
        let coarse_px = (part_px / PART_PX.1).max(photograph_px / LONGEST_SEARCHED_PX);
        let fine_px = fine_px.max(1.0);
        Self {
            fine_px,
            coarse_px: coarse_px.max(fine_px),
        }
    }

    /// # Errors
    /// When no picture can have them.
    pub fn validate(&self) -> Result<(), String> {
        match self.fine_px >= 1.0 && self.coarse_px >= self.fine_px && self.coarse_px < 1e4 {
            true => Ok(()),
            false => Err("the scales of the part to align to are out of range".into()),
        }
    }
}

/// A photograph in grey.
#[derive(Clone, Debug)]
pub struct Photo {
    picture: Picture,
    /// Its own width and height.
    pub photograph_px: (usize, usize),
}

impl Photo {
    /// Of a decoded image.
    ///
    /// # Errors
    /// As [`resize`].
    pub fn of(image: &DynamicImage) -> Result<Self, Reason> {
        let longer = image.width().max(image.height()) as usize;
        Self::within(image, LONGEST_PX.min(longer))
    }

    /// Of a decoded image, of which so many pixels become one, along each side.
    ///
    /// # Errors
    /// As [`resize`].
    pub fn reduced(image: &DynamicImage, pixels: f64) -> Result<Self, Reason> {
        let longer = f64::from(image.width().max(image.height()));
        Self::within(image, (longer / pixels).ceil() as usize)
    }

    /// With so many pixels along the longer side.
    fn within(image: &DynamicImage, longest_px: usize) -> Result<Self, Reason> {
        let photograph_px = (image.width() as usize, image.height() as usize);
        let longer = photograph_px.0.max(photograph_px.1).max(1);
        let side = |length: usize| (length * longest_px).div_ceil(longer).max(1);
        let (width, height) = (side(photograph_px.0), side(photograph_px.1));
        let picture = resize(image, width, height)?.with_channels(1).to_picture();
        Ok(Self {
            picture,
            photograph_px,
        })
    }

    /// At these scales.
    pub fn levels(&self, scales: Scales) -> Levels {
        let (wide, high) = self.photograph_px;
        let side = |length: usize, scale: f64| ((length as f64 / scale).round() as usize).max(1);
        let at = |scale: f64| {
            let (width, height) = (side(wide, scale), side(high, scale));
            resize_picture(&self.picture, width, height)
        };
        let (fine, coarse) = (at(scales.fine_px), at(scales.coarse_px));
        let share = |whole: usize, part: usize| whole as f64 / part as f64;
        Levels {
            photograph_per_fine: (share(wide, fine.width), share(high, fine.height)),
            fine_per_coarse: (
                share(fine.width, coarse.width),
                share(fine.height, coarse.height),
            ),
            grey: gaussian(&fine, SIGMA_PX),
            fine: Directions::of(&fine),
            coarse: Directions::of(&coarse),
        }
    }
}

/// A photograph at two scales.
#[derive(Clone, Debug)]
pub struct Levels {
    /// Its grey, finely.
    pub grey: Picture,
    /// Its edges, finely.
    pub fine: Directions,
    /// Its edges, coarsely.
    pub coarse: Directions,
    /// Pixels of the photograph for one of the fine level: across, down.
    pub photograph_per_fine: (f64, f64),
    /// Pixels of the fine level for one of the coarse one: across, down.
    pub fine_per_coarse: (f64, f64),
}

impl Levels {
    /// A point of the fine level, of one of the photograph.
    pub fn fine_point(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (
            x / self.photograph_per_fine.0,
            y / self.photograph_per_fine.1,
        )
    }
}
