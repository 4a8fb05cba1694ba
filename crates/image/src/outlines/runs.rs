//! Run-length encoded pixels, as COCO has them.

use serde::{Deserialize, Serialize};

use crate::bitmap::Bitmap;
use crate::decode::{Backdrop, Limits, decode_bytes};
use crate::file_error::Reason;
use crate::mask_file::MaskPicture;

/// Pixels of a rectangle, column after column: so many that are not defective, so many that are, and so on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// Left and top edge of the rectangle in the image; it may lie outside in part.
    at: (i64, i64),
    /// Its width and height.
    size_px: (usize, usize),
    counts: Vec<u32>,
}

impl Runs {
    /// The runs of a whole image of `size_px` (width, height).
    ///
    /// # Errors
    /// When they are not as many pixels as it has.
    pub fn new(size_px: (usize, usize), counts: Vec<u32>) -> Result<Self, String> {
        let total: u64 = counts.iter().map(|count| u64::from(*count)).sum();
        let (width, height) = size_px;
        if Some(total) != (width as u64).checked_mul(height as u64) {
            return Err(format!(
                "its runs have {total} pixels, not {width} x {height}"
            ));
        }
        Ok(Self {
            at: (0, 0),
            size_px,
            counts,
        })
    }

    /// As [`Runs::new`], from the text that pycocotools makes of the counts: six bits a character, from the
    /// third count on as the difference to the last but one (`rleToString` in maskApi.c).
    ///
    /// # Errors
    /// As [`Runs::new`], and when it is no such text.
    pub fn from_text(size_px: (usize, usize), text: &str) -> Result<Self, String> {
        const CONTINUES: i64 = 0x20;
        const NEGATIVE: i64 = 0x10;
        let broken = || "its compressed runs are damaged".to_owned();
        let mut counts: Vec<i64> = Vec::new();
        let mut bytes = text.bytes();
        while let Some(mut byte) = bytes.next() {
            let (mut count, mut shift) = (0i64, 0);
            loop {
                let bits = i64::from(byte) - 48;
                if !(0..64).contains(&bits) || shift > 30 {
                    return Err(broken());
                }
                count |= (bits & 0x1f) << shift;
                shift += 5;
                if bits & CONTINUES == 0 {
                    if bits & NEGATIVE != 0 {
                        count |= -1 << shift;
                    }
                    break;
                }
                byte = bytes.next().ok_or_else(broken)?;
            }
            if let [.., before, _] = counts[..]
                && counts.len() > 2
            {
                count += before;
            }
            counts.push(count);
        }
        let counts = counts.into_iter().map(u32::try_from);
        let counts = counts.collect::<Result<_, _>>().map_err(|_| broken())?;
        Self::new(size_px, counts)
    }

    /// The defective pixels of a picture file in memory, which lies `at` (left, top) in the image: see
    /// [`crate::mask::load_mask`].
    ///
    /// # Errors
    /// Those of [`decode_bytes`], and [`Reason::MarksTooDark`].
    pub fn from_picture(at: (i64, i64), bytes: &[u8]) -> Result<Self, Reason> {
        let decoded = decode_bytes(bytes, Limits::PARALLEL, Backdrop::Black)?;
        let MaskPicture { size_px, defective } = MaskPicture::of(&decoded)?;
        let marked = defective;
        let runs = Self::of(&Bitmap { size_px, marked });
        Ok(Self { at, ..runs })
    }

    /// The marked pixels of a whole image.
    pub fn of(marks: &Bitmap) -> Self {
        let (width, height) = marks.size_px;
        let mut counts = vec![0];
        let mut last = false;
        for x in 0..width {
            for y in 0..height {
                let now = marks.marked[y * width + x];
                if now != last {
                    counts.push(0);
                    last = now;
                }
                if let Some(count) = counts.last_mut() {
                    *count += 1;
                }
            }
        }
        Self {
            at: (0, 0),
            size_px: marks.size_px,
            counts,
        }
    }

    /// The reverse: the rectangle alone, wherever it lies.
    pub fn bitmap(&self) -> Bitmap {
        let mut marks = Bitmap::empty(self.size_px);
        let whole = Self {
            at: (0, 0),
            ..self.clone()
        };
        whole.mark(&mut marks.marked, self.size_px);
        marks
    }

    /// Marks those of an image of `image_px` (width, height); what lies outside is cut off.
    pub(super) fn mark(&self, defective: &mut [bool], image_px: (usize, usize)) {
        let (width, height) = image_px;
        let rows = self.size_px.1.max(1) as u64;
        let place = |start: i64, offset: u64, end: usize| {
            let at = start.checked_add(i64::try_from(offset).ok()?)?;
            usize::try_from(at).ok().filter(|at| *at < end)
        };
        let total = self.size_px.0 as u64 * self.size_px.1 as u64;
        let mut next = 0u64;
        for (index, count) in self.counts.iter().enumerate() {
            let end = (next + u64::from(*count)).min(total);
            if index % 2 == 1 {
                for pixel in next..end {
                    let x = place(self.at.0, pixel / rows, width);
                    let y = place(self.at.1, pixel % rows, height);
                    if let (Some(x), Some(y)) = (x, y) {
                        defective[y * width + x] = true;
                    }
                }
            }
            next = end;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;

    fn marked(runs: &Runs, image_px: (usize, usize)) -> Vec<usize> {
        let mut defective = vec![false; image_px.0 * image_px.1];
        runs.mark(&mut defective, image_px);
        let all = 0..defective.len();
        all.filter(|index| defective[*index]).collect()
    }

    #[test]
    fn counts_go_down_the_columns() {
        let runs = Runs::new((3, 2), vec![1, 2, 3]).unwrap();
        assert_eq!(marked(&runs, (3, 2)), [1, 3]);
        let full = Runs::new((3, 2), vec![0, 6]).unwrap();
        assert_eq!(marked(&full, (3, 2)).len(), 6);
    }

    #[test]
    fn counts_that_do_not_fill_the_image_are_refused() {
        let error = Runs::new((3, 2), vec![1, 2]).unwrap_err();
        assert!(error.contains("3 pixels, not 3 x 2"), "{error}");
        assert!(Runs::new((usize::MAX, 2), vec![1]).is_err());
        assert!(Runs::from_text((3, 2), "~~~").is_err());
        assert!(Runs::from_text((3, 2), "P").is_err(), "cut off");
    }

    #[test]
    fn compressed_counts_are_those_of_pycocotools() {
        // pycocotools.mask.encode of a 10 x 8 image (width x height) with rows 2 to 4 of columns 3 to 6 set:
        // counts 26 3 5 3 5 3 5 3 27.
        let text = "j03500000f0";
        let runs = Runs::from_text((10, 8), text).unwrap();
        assert_eq!(runs.counts, [26, 3, 5, 3, 5, 3, 5, 3, 27]);
    }

    #[test]
    fn a_picture_lies_where_it_is_put_and_is_cut_off_at_the_border() {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let picture = GrayImage::from_fn(2, 2, |x, y| Luma([u8::from(x == 1 || y == 1)]));
        picture
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        let at = |at| marked(&Runs::from_picture(at, bytes.get_ref()).unwrap(), (3, 3));
        assert_eq!(at((0, 0)), [1, 3, 4]);
        assert_eq!(at((2, 2)), [] as [usize; 0]);
        assert_eq!(at((-1, 0)), [0, 3]);
    }
}
