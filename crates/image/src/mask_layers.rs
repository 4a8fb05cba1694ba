//! Which pixels the parts of a mask mark: files, or the shapes of an annotation.

use std::path::Path;

use image::{DynamicImage, GrayImage};

use super::decode::Limits;
use super::dimensions::{lies_on_its_side, orientation};
use super::file_error::{FileError, Reason};
use super::mask::Photograph;
use super::mask_file;
use super::mask_oddity::MaskOddity;
use super::mask_source::MaskSource;
use super::placement::Placement;

/// The parts of the masks of an image.
pub(crate) struct Layers<'a> {
    /// The image.
    pub of: Photograph<'a>,
    /// How large it is, upright, and what of it is seen.
    pub placement: &'a Placement,
    /// What a file may cost.
    pub limits: Limits,
}

impl Layers<'_> {
    /// Gives the defective pixels of each part of a mask, of what is seen of the image, row after row, one part after the other. What is
    /// odd about the mask as a whole is returned.
    pub fn for_each(
        &self,
        mask: &MaskSource,
        mut each: impl FnMut(Vec<bool>),
    ) -> Result<Vec<MaskOddity>, FileError> {
        let mut oddities = Vec::new();
        let (mut largest, mut is_seen) = (0, false);
        let mut take = |layer: Vec<bool>, oddity: Option<MaskOddity>| {
            largest = largest.max(layer.iter().filter(|defective| **defective).count());
            if let Some(oddity) = oddity
                && !oddities.contains(&oddity)
            {
                oddities.push(oddity);
            }
            let layer = self.placement.seen_of_rows(layer);
            is_seen |= layer.contains(&true);
            each(layer);
        };
        match mask {
            MaskSource::Files(files) => {
                for file in files {
                    let picture = mask_file::picture(file, self.limits)?;
                    let (layer, oddity) =
                        self.upright(file, picture.size_px, |_| picture.defective)?;
                    take(layer, oddity);
                }
            }
            MaskSource::Outlines(outlines) => {
                // Shares are of the image as the tool showed it.
                let size_px = outlines.size_px.unwrap_or(self.placement.source_px);
                let (layer, oddity) =
                    self.upright(&outlines.file, size_px, |size_px| outlines.draw(size_px))?;
                take(layer, oddity);
            }
            MaskSource::Drawn(drawn) => {
                let marks = drawn.marks(self.limits)?;
                let (mask_px, image_px) = (marks.size_px, self.placement.source_px);
                if mask_px != image_px {
                    return Err(Reason::MaskSize { mask_px, image_px }.of(&drawn.file));
                }
                take(marks.marked, None);
            }
        }
        let (width, height) = self.placement.source_px;
        oddities.extend(MaskOddity::of_area(largest, width * height));
        oddities.extend((largest > 0 && !is_seen).then_some(MaskOddity::Outside));
        Ok(oddities)
    }

    /// What is drawn at `mask_px` (width, height), turned as the image was where that makes it fit.
    fn upright(
        &self,
        file: &Path,
        mask_px: (usize, usize),
        draw: impl FnOnce((usize, usize)) -> Vec<bool>,
    ) -> Result<(Vec<bool>, Option<MaskOddity>), FileError> {
        let (of, image_px) = (self.of, self.placement.source_px);
        let tag = || orientation(of.path);
        if mask_px == image_px {
            // Before a quarter turn the image had another size, unless it is square.
            let is_clear = !of.reoriented || image_px.0 != image_px.1 && lies_on_its_side(tag());
            let oddity = (!is_clear).then_some(MaskOddity::PerhapsNotTurned);
            return Ok((draw(mask_px), oddity));
        }
        if of.reoriented && mask_px == (image_px.1, image_px.0) && lies_on_its_side(tag()) {
            let layer = turned(draw(mask_px), mask_px, tag());
            return Ok((layer, Some(MaskOddity::Turned)));
        }
        Err(Reason::MaskSize { mask_px, image_px }.of(file))
    }
}

/// The same pixels turned and mirrored.
fn turned(
    layer: Vec<bool>,
    (width, height): (usize, usize),
    orientation: image::metadata::Orientation,
) -> Vec<bool> {
    let bytes = layer.into_iter().map(u8::from).collect();
    let image = GrayImage::from_raw(width as u32, height as u32, bytes)
        .expect("there is one byte for each pixel");
    let mut image = DynamicImage::ImageLuma8(image);
    image.apply_orientation(orientation);
    let bytes = image.into_luma8().into_raw();
    bytes.into_iter().map(|byte| byte > 0).collect()
}
