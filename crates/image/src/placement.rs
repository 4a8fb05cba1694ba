//! Where an image file's pixels lie in what the network sees.

use image::DynamicImage;
use serde::{Deserialize, Serialize};

use super::align::{Pose, seen_of_image, seen_of_rows};
use super::crop::Area;
use super::file_error::Reason;
use super::outline::Segment;
use super::picture::Picture;
use super::remark::Remark;
use crate::input::{Aspect, DataConfig, Mode};

/// The most pixels a resized image may have in texture mode.
const MAX_TEXTURE_PX: u64 = 64_000_000;

/// A rectangle of the canvas that holds what is seen of the source image, resized: all of it, or a crop. The
/// canvas is the network's square input in object mode, the resized image itself in texture mode.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// Width and height of the source, in pixels, upright.
    pub source_px: (usize, usize),
    /// The part of the source that is seen; where it is aligned, of the reference.
    pub seen: Area,
    /// How the source lies against the reference, where it is aligned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pose: Option<Pose>,
    /// Width and height of the canvas, in pixels.
    pub canvas_px: (usize, usize),
    /// Left edge of the rectangle.
    pub x: usize,
    /// Top edge of the rectangle.
    pub y: usize,
    /// Width of the rectangle, at least 1.
    pub width: usize,
    /// Height of the rectangle, at least 1.
    pub height: usize,
}

impl Placement {
    /// Places an image of `source_px` (width, height) as the configuration asks.
    ///
    /// # Errors
    /// [`Reason::OtherSize`] and [`Reason::CropBeyond`] for an image that the crop does not fit;
    /// [`Reason::TooNarrow`] when texture mode would enlarge a sliver to an enormous image.
    pub fn new(source_px: (usize, usize), config: &DataConfig) -> Result<Self, Reason> {
        let side = config.size_px;
        let seen = config.area_of(source_px)?;
        let (width, height) = seen.size_px();
        let scaled = |length: usize, scale: f64| ((length as f64 * scale).round() as usize).max(1);
        let placed = match (config.mode, config.aspect) {
            (Mode::Object, Aspect::Stretch) => Self {
                source_px,
                seen,
                pose: None,
                canvas_px: (side, side),
                x: 0,
                y: 0,
                width: side,
                height: side,
            },
            (Mode::Object, Aspect::Letterbox) => {
                let scale = side as f64 / width.max(height) as f64;
                let (inner_width, inner_height) = (scaled(width, scale), scaled(height, scale));
                Self {
                    source_px,
                    seen,
                    pose: None,
                    canvas_px: (side, side),
                    x: (side - inner_width) / 2,
                    y: (side - inner_height) / 2,
                    width: inner_width,
                    height: inner_height,
                }
            }
            (Mode::Texture, _) => {
                let shorter = width.min(height);
                let target = shorter.min(config.texture_side_px).max(side);
                let scale = target as f64 / shorter as f64;
                let (inner_width, inner_height) = (scaled(width, scale), scaled(height, scale));
                let pixels = inner_width as u64 * inner_height as u64;
                if pixels > MAX_TEXTURE_PX {
                    return Err(Reason::TooNarrow {
                        width,
                        height,
                        pixels,
                    });
                }
                Self {
                    source_px,
                    seen,
                    pose: None,
                    canvas_px: (inner_width, inner_height),
                    x: 0,
                    y: 0,
                    width: inner_width,
                    height: inner_height,
                }
            }
        };
        Ok(placed)
    }

    /// Places a decoded image, upright; where the configuration aligns, the part is looked for in it.
    ///
    /// # Errors
    /// Those of [`Placement::new`], and [`Reason::PartNotFound`].
    pub fn of_image(image: &DynamicImage, config: &DataConfig) -> Result<Self, Reason> {
        Ok(Self::with_remark(image, config)?.0)
    }

    /// The same, and that another part lies in the image, if so.
    ///
    /// # Errors
    /// As [`Placement::of_image`].
    pub fn with_remark(
        image: &DynamicImage,
        config: &DataConfig,
    ) -> Result<(Self, Option<Remark>), Reason> {
        let placed = Self::new((image.width() as usize, image.height() as usize), config)?;
        let align = config.align.as_ref();
        let template = align.and_then(|align| align.template.as_ref());
        Ok(match template {
            Some(template) => {
                let found = template.find(image)?;
                let remark = found.second.map(|_| Remark::SeveralParts);
                (placed.posed(Some(found.pose)), remark)
            }
            None => (placed, None),
        })
    }

    /// A photograph of which all is seen, at its own size.
    pub fn whole(source_px: (usize, usize)) -> Self {
        Self {
            source_px,
            seen: Area::whole(source_px),
            pose: None,
            canvas_px: source_px,
            x: 0,
            y: 0,
            width: source_px.0,
            height: source_px.1,
        }
    }

    /// The same of a photograph that is aligned.
    #[must_use]
    pub fn posed(self, pose: Option<Pose>) -> Self {
        Self { pose, ..self }
    }

    /// The pixels of the source, decoded, that are seen, as large as [`Placement::seen`].
    pub fn seen_of(&self, source: DynamicImage) -> DynamicImage {
        match &self.pose {
            Some(pose) => seen_of_image(source, self.seen, pose),
            None => self.seen.of_image(source),
        }
    }

    /// Those of values of the source's pixels, row after row; the default where it has none.
    ///
    /// # Panics
    /// If there are not as many as the source has pixels.
    pub fn seen_of_rows<T: Copy + Default>(&self, values: Vec<T>) -> Vec<T> {
        match &self.pose {
            Some(pose) => seen_of_rows(&values, self.source_px, self.seen, pose),
            None => self.seen.of_rows(values, self.source_px),
        }
    }

    /// 1 where a pixel counts, 0 in the padding, beyond the source and where `ignored` is 1; `None` where every
    /// pixel counts.
    ///
    /// # Panics
    /// If `ignored` has another size than the canvas.
    pub fn counted(&self, ignored: Option<&Picture>) -> Option<Picture> {
        let Some(ignored) = ignored else {
            return (!self.fills_canvas() || self.reaches_beyond()).then(|| self.validity());
        };
        assert_eq!(
            (ignored.width, ignored.height),
            self.canvas_px,
            "ignored regions are drawn on the canvas"
        );
        let mut counted = self.validity();
        for (counts, ignored) in counted.pixels.iter_mut().zip(&ignored.pixels) {
            if *ignored > 0.5 {
                *counts = 0.0;
            }
        }
        Some(counted)
    }

    /// Whether only a part of the source is seen, or all of it otherwise than it is.
    pub fn is_cropped(&self) -> bool {
        self.pose.is_some() || self.seen != Area::whole(self.source_px)
    }

    /// Whether some of what is seen lies beyond the source, which only an aligned one does.
    fn reaches_beyond(&self) -> bool {
        let Area {
            x,
            y,
            width,
            height,
        } = self.seen;
        let corners = [
            (x, y),
            (x + width, y),
            (x, y + height),
            (x + width, y + height),
        ];
        let is_beyond = |pose: Pose| {
            corners.iter().any(|(x, y)| {
                let point = pose.photograph_from_reference((*x as f64, *y as f64));
                !self.has_source(point)
            })
        };
        self.pose.is_some_and(is_beyond)
    }

    fn has_source(&self, (x, y): (f64, f64)) -> bool {
        let (width, height) = self.source_px;
        (0.0..=width as f64).contains(&x) && (0.0..=height as f64).contains(&y)
    }

    /// The edges of the rectangle, in pixels of the canvas.
    pub fn edges(&self) -> [Segment; 4] {
        let (left, top) = (self.x as f32, self.y as f32);
        let (right, bottom) = (left + self.width as f32, top + self.height as f32);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        std::array::from_fn(|i| [corners[i], corners[(i + 1) % 4]])
    }

    /// Whether the rectangle covers the whole canvas.
    pub fn fills_canvas(&self) -> bool {
        (self.width, self.height) == self.canvas_px
    }

    /// One channel of the canvas' size: 1 where the source lies, 0 in the padding and beyond the source.
    pub fn validity(&self) -> Picture {
        let (width, height) = self.canvas_px;
        let columns = self.x..self.x + self.width;
        let rows = self.y..self.y + self.height;
        let reaches_beyond = self.reaches_beyond();
        let is_of_source = |x: usize, y: usize| {
            !reaches_beyond
                || self.has_source(self.source_from_canvas(x as f64 + 0.5, y as f64 + 0.5))
        };
        Picture::from_fn(1, height, width, |_, y, x| {
            let inside = rows.contains(&y) && columns.contains(&x) && is_of_source(x, y);
            f32::from(u8::from(inside))
        })
    }

    /// Source pixels that a canvas pixel shows: across, down.
    pub fn source_per_canvas(&self) -> (f64, f64) {
        (
            self.seen.width as f64 / self.width as f64,
            self.seen.height as f64 / self.height as f64,
        )
    }

    /// Source coordinates of a canvas point; pixel centres lie at `.5`. Points in the padding lie
    /// outside of what is seen.
    pub fn source_from_canvas(&self, x: f64, y: f64) -> (f64, f64) {
        let seen = self.seen;
        let point = (
            seen.x as f64 + (x - self.x as f64) * seen.width as f64 / self.width as f64,
            seen.y as f64 + (y - self.y as f64) * seen.height as f64 / self.height as f64,
        );
        self.pose
            .map_or(point, |pose| pose.photograph_from_reference(point))
    }

    /// The reverse of [`Placement::source_from_canvas`].
    pub fn canvas_from_source(&self, x: f64, y: f64) -> (f64, f64) {
        let seen = self.seen;
        let (x, y) = self
            .pose
            .map_or((x, y), |pose| pose.reference_from_photograph((x, y)));
        (
            self.x as f64 + (x - seen.x as f64) * self.width as f64 / seen.width as f64,
            self.y as f64 + (y - seen.y as f64) * self.height as f64 / seen.height as f64,
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::crop::Crop;

    fn config(mode: Mode, aspect: Aspect) -> DataConfig {
        DataConfig {
            mode,
            aspect,
            ..DataConfig::default()
        }
    }

    fn rectangle(placement: Placement) -> (usize, usize, usize, usize) {
        (placement.x, placement.y, placement.width, placement.height)
    }

    #[test]
    fn stretch_fills_the_square() {
        let placed = Placement::new((2048, 1024), &config(Mode::Object, Aspect::Stretch)).unwrap();
        assert_eq!(rectangle(placed), (0, 0, 128, 128));
        assert!(placed.fills_canvas());
        assert_eq!(placed.source_from_canvas(64.0, 64.0), (1024.0, 512.0));
    }

    #[test]
    fn letterbox_keeps_proportions_and_marks_the_padding() {
        let letterbox = config(Mode::Object, Aspect::Letterbox);
        let placed = Placement::new((200, 100), &letterbox).unwrap();
        assert_eq!(rectangle(placed), (0, 32, 128, 64));
        let validity = placed.validity();
        assert_eq!(validity.pixels.iter().sum::<f32>(), 128.0 * 64.0);
        assert_eq!((validity.at(0, 31, 5), validity.at(0, 32, 5)), (0.0, 1.0));
        assert_eq!(placed.source_from_canvas(0.0, 32.0), (0.0, 0.0));
        assert_eq!(placed.source_from_canvas(128.0, 96.0), (200.0, 100.0));
        assert_eq!(placed.canvas_from_source(200.0, 0.0), (128.0, 32.0));

        let sliver = Placement::new((1, 50_000), &letterbox).unwrap();
        assert_eq!(rectangle(sliver), (63, 0, 1, 128));
    }

    #[test]
    fn padding_and_ignored_regions_do_not_count() {
        let stretch = config(Mode::Object, Aspect::Stretch);
        let letterbox = config(Mode::Object, Aspect::Letterbox);
        let full = Placement::new((200, 100), &stretch).unwrap();
        let padded = Placement::new((200, 100), &letterbox).unwrap();
        assert_eq!(full.counted(None), None);
        assert_eq!(padded.counted(None), Some(padded.validity()));
        let left = Picture::from_fn(1, 128, 128, |_, _, x| f32::from(u8::from(x < 32)));
        let sum = |placement: Placement| {
            let counted = placement.counted(Some(&left)).unwrap();
            assert_eq!((counted.at(0, 64, 31), counted.at(0, 64, 32)), (0.0, 1.0));
            counted.pixels.iter().sum::<f32>()
        };
        assert_eq!(sum(full), 128.0 * 96.0);
        assert_eq!(sum(padded), 64.0 * 96.0);
    }

    #[test]
    fn texture_bounds_the_shorter_side_from_both_ends() {
        let texture = config(Mode::Texture, Aspect::Stretch);
        let canvas = |source| Placement::new(source, &texture).unwrap().canvas_px;
        assert_eq!(canvas((2048, 1024)), (1024, 512));
        assert_eq!(canvas((400, 300)), (400, 300));
        assert_eq!(canvas((100, 64)), (200, 128));
    }

    #[test]
    fn texture_refuses_to_blow_up_a_sliver() {
        let refused = Placement::new((1, 1_000_000), &config(Mode::Texture, Aspect::Stretch));
        assert!(matches!(refused, Err(Reason::TooNarrow { .. })));
    }

    #[test]
    fn a_crop_is_placed_as_a_photograph_of_its_size() {
        let crop = Crop::new("300,100,200,100".parse().unwrap());
        for (mode, aspect) in [
            (Mode::Object, Aspect::Stretch),
            (Mode::Object, Aspect::Letterbox),
            (Mode::Texture, Aspect::Stretch),
        ] {
            let whole = config(mode, aspect);
            let cropped = DataConfig {
                crop: Some(crop),
                ..whole.clone()
            };
            let own = Placement::new((200, 100), &whole).unwrap();
            let placed = Placement::new((800, 600), &cropped).unwrap();
            assert_eq!(rectangle(placed), rectangle(own));
            assert_eq!(placed.canvas_px, own.canvas_px);
            assert_eq!(placed.source_per_canvas(), own.source_per_canvas());
            for point in [(0.0, 0.0), (200.0, 100.0), (31.5, 90.5)] {
                let (x, y) = own.canvas_from_source(point.0, point.1);
                assert_eq!(
                    placed.source_from_canvas(x, y),
                    (300.0 + point.0, 100.0 + point.1)
                );
                assert_eq!(
                    placed.canvas_from_source(300.0 + point.0, 100.0 + point.1),
                    (x, y)
                );
            }
        }
    }

    #[test]
    fn an_image_that_the_crop_does_not_fit_has_no_place() {
        let crop = Crop::new("300,100,200,100".parse().unwrap());
        let mut data = DataConfig {
            crop: Some(crop),
            ..DataConfig::default()
        };
        let refused = Placement::new((499, 600), &data);
        assert!(matches!(refused, Err(Reason::CropBeyond { .. })));
        data.crop = Some(crop.of_most(&[(800, 600)]));
        assert!(Placement::new((800, 600), &data).is_ok());
        let refused = Placement::new((1600, 1200), &data);
        assert!(matches!(refused, Err(Reason::OtherSize { .. })));
    }
}
