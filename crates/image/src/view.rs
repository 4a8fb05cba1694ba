//! The second view of a file: all that is seen of the photograph, at a resolution of its own, for frozen features.

use image::DynamicImage;
use serde::{Deserialize, Serialize};

use crate::file_error::Reason;
use crate::input::Mode;
use crate::picture::Picture;
use crate::placement::Placement;
use crate::resize::resize;

/// Pixels a patch, along each side: the stride of the features' grid.
pub const PATCH_PX: usize = 8;

/// Both sides of a view are multiples of this, the network's largest stride.
const MULTIPLE_PX: usize = 16;

/// The longest side that a view may have, in pixels: that of the largest area in the longest shape.
const LONGEST_PX: usize = 2912;

/// The most pixels that a view may have: the largest resolution, its sides rounded up.
const MOST_PX: usize = 1_100_000;

/// The longer side is at most this many times the shorter one; what is longer is squeezed.
const MAX_ASPECT: f64 = 8.0;

/// A file that is smaller than [`FeatureView::SMALLEST_PX`] is enlarged to it, but at most so many times
/// along each side.
const MAX_ENLARGEMENT: f64 = 2.0;

/// The size of the picture that features are taken of: all that is seen of the file, in its own shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureView {
    /// Width in pixels, a multiple of 16.
    pub width_px: usize,
    /// Height in pixels, a multiple of 16.
    pub height_px: usize,
}

impl FeatureView {
    /// What can be wished for: the side of a square of the same area, in pixels.
    pub const RESOLUTIONS_PX: [usize; 5] = [256, 384, 512, 768, 1024];

    /// The usual one.
    pub const RESOLUTION_PX: usize = 512;

    /// The resolution that even small files are looked at in: below it the network knows too little.
    pub const SMALLEST_PX: usize = 256;

    /// The view of a file of `source_px` (width, height) at a resolution: the side of a square of the
    /// same area. What the file does not have is not made up: it is enlarged only where it is tiny.
    pub fn new(source_px: (usize, usize), resolution_px: usize) -> Self {
        let (width, height) = (source_px.0.max(1) as f64, source_px.1.max(1) as f64);
        let own = (width * height).sqrt();
        let least = (own * MAX_ENLARGEMENT).min(Self::SMALLEST_PX as f64);
        let side = own.min(resolution_px as f64).max(least);
        Self::of_shape(width / height, side)
    }

    /// The view of files of these sizes (width, height): that of their medians. `None` without any.
    pub fn of_files(sources_px: &[(usize, usize)], resolution_px: usize) -> Option<Self> {
        let median = |side: &dyn Fn(&(usize, usize)) -> usize| {
            let mut sides: Vec<usize> = sources_px.iter().map(side).collect();
            sides.sort_unstable();
            sides.get(sides.len() / 2).copied()
        };
        let width = median(&|source| source.0)?;
        let height = median(&|source| source.1)?;
        Some(Self::new((width, height), resolution_px))
    }

    /// The view of a picture whose features have so many rows and columns.
    pub fn of_grid(height: usize, width: usize) -> Self {
        Self {
            width_px: width * PATCH_PX,
            height_px: height * PATCH_PX,
        }
    }

    /// The view of one file, of which so many pixels (width, height) are seen, among those that this is the view of: the same for objects; for textures one
    /// of the same area, in the shape of the file.
    pub fn of_file(&self, source_px: (usize, usize), mode: Mode) -> Self {
        match mode {
            Mode::Object => *self,
            Mode::Texture => Self::new(source_px, self.resolution_px()),
        }
    }

    /// The side of a square of the same area, in pixels.
    pub fn resolution_px(&self) -> usize {
        ((self.width_px * self.height_px) as f64).sqrt().round() as usize
    }

    fn of_shape(aspect: f64, side: f64) -> Self {
        let stretch = aspect.clamp(1.0 / MAX_ASPECT, MAX_ASPECT).sqrt();
        let rounded = |length: f64| {
            let multiples = (length / MULTIPLE_PX as f64).round() as usize;
            multiples.max(2) * MULTIPLE_PX
        };
        Self {
            width_px: rounded(side * stretch),
            height_px: rounded(side / stretch),
        }
    }

    /// Rows and columns of the features' grid.
    pub fn grid(&self) -> (usize, usize) {
        (self.height_px / PATCH_PX, self.width_px / PATCH_PX)
    }

    /// # Errors
    /// Which side is out of range.
    pub fn validate(self) -> Result<(), String> {
        for side in [self.width_px, self.height_px] {
            let in_range = (2 * MULTIPLE_PX..=LONGEST_PX).contains(&side);
            if !in_range || !side.is_multiple_of(MULTIPLE_PX) {
                return Err(format!(
                    "a view's side of {side} px is no multiple of {MULTIPLE_PX} from {} to {LONGEST_PX}",
                    2 * MULTIPLE_PX
                ));
            }
        }
        match self.width_px * self.height_px {
            0..=MOST_PX => Ok(()),
            pixels => Err(format!("a view of {pixels} pixels has over {MOST_PX}")),
        }
    }

    /// A decoded file at this size, in 1 or 3 channels as it is.
    ///
    /// # Errors
    /// As [`resize`].
    pub fn picture(&self, image: &DynamicImage) -> Result<Picture, Reason> {
        Ok(resize(image, self.width_px, self.height_px)?.to_picture())
    }

    /// Which patches count, row after row: those whose centre lies on a pixel of the placement's canvas
    /// that does. `counted` is 0 in padding and ignored regions.
    ///
    /// # Panics
    /// If `counted` has another size than the canvas.
    pub fn counted(&self, placement: &Placement, counted: &Picture) -> Vec<bool> {
        assert_eq!(
            (counted.width, counted.height),
            placement.canvas_px,
            "what counts is drawn on the canvas"
        );
        let (rows, columns) = self.grid();
        let inside = |i: usize, cells: usize, start: usize, length: usize| {
            start + (2 * i + 1) * length / (2 * cells)
        };
        let mut counts = Vec::with_capacity(rows * columns);
        for row in 0..rows {
            let y = inside(row, rows, placement.y, placement.height);
            for column in 0..columns {
                let x = inside(column, columns, placement.x, placement.width);
                counts.push(counted.at(0, y, x) > 0.5);
            }
        }
        counts
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::input::{Aspect, DataConfig};

    fn view(source_px: (usize, usize), resolution_px: usize) -> (usize, usize) {
        let FeatureView {
            width_px,
            height_px,
        } = FeatureView::new(source_px, resolution_px);
        (width_px, height_px)
    }

    #[test]
    fn a_view_has_the_shape_of_the_photograph_and_the_area_asked_for() {
        assert_eq!(view((700, 700), 512), (512, 512));
        assert_eq!(view((1130, 460), 512), (800, 320));
        assert_eq!(view((460, 1130), 512), (320, 800));
        assert_eq!(view((2048, 1024), 256), (368, 176));
    }

    #[test]
    fn only_a_tiny_file_is_enlarged() {
        assert_eq!(view((300, 300), 512), (304, 304));
        assert_eq!(view((128, 128), 512), (256, 256));
        assert_eq!(view((200, 200), 1024), (256, 256));
        assert_eq!(view((50, 50), 512), (96, 96));
    }

    #[test]
    fn no_shape_leads_to_a_view_without_end() {
        for source_px in [(0, 0), (1, 1), (1, 1_000_000), (60_000, 3), (4000, 3000)] {
            for resolution_px in FeatureView::RESOLUTIONS_PX {
                let (width, height) = view(source_px, resolution_px);
                assert!(width.is_multiple_of(16) && height.is_multiple_of(16));
                assert!(width.min(height) >= 32, "{source_px:?}: {width} x {height}");
                assert!(width * height <= resolution_px * resolution_px * 5 / 4);
            }
        }
    }

    #[test]
    fn files_of_several_sizes_have_the_view_of_their_medians() {
        let sizes = [(640, 400), (100, 4000), (800, 300), (600, 400), (700, 420)];
        let view = FeatureView::of_files(&sizes, 512).unwrap();
        assert_eq!(view, FeatureView::new((640, 400), 512));
        assert_eq!(FeatureView::of_files(&[], 512), None);
        assert_eq!(view.of_file((400, 640), Mode::Object), view);
        let upright = view.of_file((400, 640), Mode::Texture);
        assert_eq!(
            (upright.width_px, upright.height_px),
            (view.height_px, view.width_px)
        );
    }

    #[test]
    fn odd_sides_are_refused() {
        for side in [0, 16, 100, 1 << 20] {
            let odd = FeatureView {
                width_px: 128,
                height_px: side,
            };
            assert!(odd.validate().is_err(), "{side}");
        }
        assert_eq!(FeatureView::new((40_000, 3), 1024).validate(), Ok(()));
    }

    #[test]
    fn patches_on_padding_or_ignored_regions_do_not_count() {
        let config = DataConfig {
            aspect: Aspect::Letterbox,
            ..DataConfig::default()
        };
        let placement = Placement::new((512, 256), &config).unwrap();
        let view = FeatureView::new((512, 256), 256);
        let (rows, columns) = view.grid();
        let all = view.counted(&placement, &placement.validity());
        assert_eq!(all, vec![true; rows * columns]);
        // The left half of the file.
        let ignored = Picture::from_fn(1, 128, 128, |_, _, x| f32::from(u8::from(x < 64)));
        let counted = placement.counted(Some(&ignored)).unwrap();
        for (i, counts) in view.counted(&placement, &counted).into_iter().enumerate() {
            assert_eq!(counts, i % columns >= columns / 2, "patch {i}");
        }
    }
}
