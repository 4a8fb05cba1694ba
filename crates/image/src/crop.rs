//! The part of a photograph that a model sees.

use std::fmt;
use std::str::FromStr;

use image::DynamicImage;
use serde::{Deserialize, Serialize};

use crate::file_error::Reason;

/// The shortest side of a crop, in pixels: below it there is nothing to learn from.
pub const SHORTEST_PX: usize = 16;

/// An upright rectangle of an image file's pixels, upright by its orientation tag. Written as `X,Y,WIDTH,HEIGHT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its first column.
    pub x: usize,
    /// Its first row.
    pub y: usize,
    /// Its columns.
    pub width: usize,
    /// Its rows.
    pub height: usize,
}

impl Area {
    /// All of an image of this size (width, height).
    pub fn whole((width, height): (usize, usize)) -> Self {
        Self {
            x: 0,
            y: 0,
            width,
            height,
        }
    }

    /// Width and height.
    pub fn size_px(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Whether it lies in an image of this size (width, height).
    pub fn is_within(&self, (width, height): (usize, usize)) -> bool {
        let ends = |start: usize, length: usize, end: usize| {
            start.checked_add(length).is_some_and(|last| last <= end)
        };
        ends(self.x, self.width, width) && ends(self.y, self.height, height)
    }

    /// The image's pixels in it.
    pub fn of_image(&self, image: DynamicImage) -> DynamicImage {
        let size_px = (image.width() as usize, image.height() as usize);
        if *self == Self::whole(size_px) {
            return image;
        }
        let [x, y, width, height] =
            [self.x, self.y, self.width, self.height].map(|length| length as u32);
        image.crop_imm(x, y, width, height)
    }

    /// The values of its pixels, row after row, of those of an image of `size_px` (width, height).
    ///
    /// # Panics
    /// If it does not lie in the image.
    pub fn of_rows<T: Copy>(&self, values: Vec<T>, size_px: (usize, usize)) -> Vec<T> {
        if *self == Self::whole(size_px) {
            return values;
        }
        let rows = values.chunks_exact(size_px.0).skip(self.y);
        let rows = rows.take(self.height);
        rows.flat_map(|row| &row[self.x..self.x + self.width])
            .copied()
            .collect()
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            x,
            y,
            width,
            height,
        } = self;
        write!(f, "{x},{y},{width},{height}")
    }
}

impl FromStr for Area {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Option<Vec<usize>> = text
            .split(',')
            .map(|part| part.trim().parse().ok())
            .collect();
        match parts.as_deref() {
            Some(&[x, y, width, height]) => Ok(Self {
                x,
                y,
                width,
                height,
            }),
            _ => Err("expected X,Y,WIDTH,HEIGHT in whole pixels, as in 120,80,640,480".into()),
        }
    }
}

/// The same rectangle of every photograph. Photographs of another size are refused: where the part lies in them,
/// and how large it is, nothing says, not even where they have the same shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crop {
    /// The rectangle.
    pub area: Area,
    /// Width and height of the photographs; `None` until they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photograph_px: Option<(usize, usize)>,
}

impl Crop {
    /// Of photographs of which nothing is known yet.
    pub fn new(area: Area) -> Self {
        Self {
            area,
            photograph_px: None,
        }
    }

    /// The same of photographs that have the size (width, height) of most of these.
    #[must_use]
    pub fn of_most(self, sizes_px: &[(usize, usize)]) -> Self {
        let count = |size: &(usize, usize)| sizes_px.iter().filter(|own| *own == size).count();
        // The last of several maxima is taken, and that is to be the first in the list.
        let most = sizes_px.iter().rev().max_by_key(|size| count(size));
        Self {
            photograph_px: most.copied(),
            ..self
        }
    }

    /// The rectangle in an image of `image_px` (width, height).
    ///
    /// # Errors
    /// [`Reason::OtherSize`] and [`Reason::CropBeyond`].
    pub fn area_of(&self, image_px: (usize, usize)) -> Result<Area, Reason> {
        let area = self.area;
        match self.photograph_px {
            Some(photograph_px) if photograph_px != image_px => Err(Reason::OtherSize {
                image_px,
                photograph_px,
            }),
            _ if !area.is_within(image_px) => Err(Reason::CropBeyond {
                crop: area,
                image_px,
            }),
            _ => Ok(area),
        }
    }

    /// # Errors
    /// When it is too small, or reaches beyond the photographs.
    pub fn validate(&self) -> Result<(), String> {
        let Area { width, height, .. } = self.area;
        if width.min(height) < SHORTEST_PX {
            return Err(format!(
                "a crop of {width} x {height} pixels is too small: each side needs {SHORTEST_PX}"
            ));
        }
        match self.photograph_px {
            Some((wide, high)) if !self.area.is_within((wide, high)) => Err(format!(
                "the crop {} reaches beyond photographs of {wide} x {high} pixels",
                self.area
            )),
            _ => Ok(()),
        }
    }
}

/// As its rectangle.
impl fmt::Display for Crop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.area.fmt(f)
    }
}

/// Of photographs of which nothing is known yet.
impl FromStr for Crop {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let crop = Self::new(text.parse()?);
        crop.validate()?;
        Ok(crop)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma};

    fn area(text: &str) -> Area {
        text.parse().unwrap()
    }

    #[test]
    fn an_area_is_read_as_it_is_written() {
        let read = area("120, 80,640,480");
        assert_eq!((read.x, read.y, read.size_px()), (120, 80, (640, 480)));
        assert_eq!(read.to_string(), "120,80,640,480");
        for odd in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "-1,0,20,20",
            "1.5,0,20,20",
            "a,b,c,d",
        ] {
            let error = odd.parse::<Area>().unwrap_err();
            assert!(error.contains("X,Y,WIDTH,HEIGHT"), "{odd}: {error}");
        }
    }

    #[test]
    fn pixels_and_rows_are_cut_alike() {
        let area = area("3,1,4,2");
        let image = GrayImage::from_fn(10, 5, |x, y| Luma([(10 * y + x) as u8]));
        let rows = image.as_raw().clone();
        let cut = area.of_image(image.clone().into()).into_luma8();
        assert_eq!(cut.dimensions(), (4, 2));
        assert_eq!(cut.as_raw(), &[13, 14, 15, 16, 23, 24, 25, 26]);
        assert_eq!(cut.as_raw(), &area.of_rows(rows.clone(), (10, 5)));
        let whole = Area::whole((10, 5));
        assert_eq!(whole.of_rows(rows, (10, 5)), *image.as_raw());
        assert_eq!(whole.of_image(image.clone().into()).into_luma8(), image);
    }

    #[test]
    fn photographs_of_another_size_or_that_are_too_small_are_refused() {
        let crop = Crop::new(area("100,50,200,100"));
        assert_eq!(crop.area_of((300, 150)), Ok(crop.area));
        let refused = crop.area_of((299, 150)).unwrap_err().to_string();
        assert!(
            refused.contains("299 x 150") && refused.contains("100,50,200,100"),
            "{refused}"
        );
        let known = crop.of_most(&[(50, 50), (600, 400), (640, 480), (600, 400)]);
        assert_eq!(known.photograph_px, Some((600, 400)));
        assert_eq!(known.area_of((600, 400)), Ok(crop.area));
        // Not even the same shape.
        let refused = known.area_of((1200, 800)).unwrap_err().to_string();
        assert!(
            refused.contains("1200 x 800") && refused.contains("600 x 400"),
            "{refused}"
        );
        assert_eq!(crop.of_most(&[(3, 4), (5, 6)]).photograph_px, Some((3, 4)));
        assert_eq!(crop.of_most(&[]), crop);
    }

    #[test]
    fn what_is_too_small_or_lies_outside_is_no_crop() {
        assert_eq!(Crop::new(area("0,0,16,16")).validate(), Ok(()));
        assert_eq!("0,0,16,16".parse(), Ok(Crop::new(area("0,0,16,16"))));
        for small in ["0,0,15,200", "0,0,200,0"] {
            let error = small.parse::<Crop>().unwrap_err();
            assert!(error.contains("too small"), "{error}");
        }
        let beyond = Crop::new(area("90,0,20,20")).of_most(&[(100, 100)]);
        assert!(beyond.validate().unwrap_err().contains("100 x 100"));
        let far = Area {
            x: usize::MAX,
            ..area("0,0,20,20")
        };
        assert!(!far.is_within((100, 100)), "no overflow");
    }
}
