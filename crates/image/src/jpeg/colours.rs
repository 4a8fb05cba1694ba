//! What the components of a JPEG mean, and grey or RGB from them.

use image::{DynamicImage, ImageBuffer};

use super::frame::Frame;
use super::plane::Plane;
use crate::file_error::Reason;

/// What the components are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Brightness.
    Grey,
    /// Brightness, and blue and red as differences to it (JFIF 1.02, section 7).
    YCbCr,
    /// Colours as they are shown.
    Rgb,
    /// What cyan, magenta, yellow and black inks let through.
    Cmyk,
    /// The inks themselves, their first three as YCbCr; black as what it lets through.
    Ycck,
}

/// What segments for programs say about the picture.
#[derive(Default)]
pub struct Hints {
    is_jfif: bool,
    /// The major and minor number of JFIF, where there is no such revision of it.
    pub unknown_revision: Option<(u8, u8)>,
    /// As Adobe's segment numbers it: 0 for colours as they are, 1 for YCbCr, 2 for YCCK.
    adobe_transform: Option<u8>,
    /// The first block of EXIF.
    pub exif: Option<Vec<u8>>,
}

impl Hints {
    /// Takes the segment of an APPn marker.
    pub fn read(&mut self, code: u8, segment: &[u8]) {
        match (code, segment) {
            (0xE0, [b'J', b'F', b'I', b'F', 0, more @ ..]) => {
                self.is_jfif = true;
                self.unknown_revision = match *more {
                    [1, ..] | [] => None,
                    [major, ref minor @ ..] => Some((major, minor.first().copied().unwrap_or(0))),
                };
            }
            (0xE1, [b'E', b'x', b'i', b'f', 0, _, block @ ..]) if self.exif.is_none() => {
                self.exif = Some(block.to_vec());
            }
            (
                0xEE,
                [
                    b'A',
                    b'd',
                    b'o',
                    b'b',
                    b'e',
                    _,
                    _,
                    _,
                    _,
                    _,
                    _,
                    transform,
                    ..,
                ],
            ) => {
                self.adobe_transform = Some(*transform);
            }
            _ => {}
        }
    }

    /// What the components of a frame are, as libjpeg decides it.
    ///
    /// # Errors
    /// [`Reason::Unsupported`] for two components.
    pub fn colours(&self, frame: &Frame) -> Result<Colours, Reason> {
        let ids = frame.components.iter().map(|component| component.id);
        match (&*ids.collect::<Vec<_>>(), self.adobe_transform) {
            ([_], _) => Ok(Colours::Grey),
            ([_, _, _], _) if self.is_jfif => Ok(Colours::YCbCr),
            ([_, _, _], Some(0)) => Ok(Colours::Rgb),
            ([b'R', b'G', b'B'], None) => Ok(Colours::Rgb),
            ([_, _, _], _) => Ok(Colours::YCbCr),
            ([_, _, _, _], Some(2)) => Ok(Colours::Ycck),
            ([_, _, _, _], _) => Ok(Colours::Cmyk),
            _ => Err(Reason::Unsupported("JPEG with two colours".into())),
        }
    }
}

/// A decoded JPEG, its components apart.
pub struct Jpeg {
    /// Width in pixels.
    pub width_px: usize,
    /// Height in pixels.
    pub height_px: usize,
    /// What its components are.
    pub colours: Colours,
    /// Its first block of EXIF.
    pub exif: Option<Vec<u8>>,
    /// The major and minor number of JFIF in its header, where there is no such revision of it.
    pub unknown_revision: Option<(u8, u8)>,
    pub(super) planes: Vec<Plane>,
}

impl Jpeg {
    /// How many values a pixel has as it is stored.
    pub fn components(&self) -> usize {
        self.planes.len()
    }

    /// The components of all pixels as they are stored, pixel by pixel.
    pub fn stored(&self) -> Vec<u8> {
        self.pixels(self.components(), |rows, pixels| {
            let count = rows.len();
            for (component, row) in rows.iter().enumerate() {
                for (pixel, &value) in pixels.chunks_exact_mut(count).zip(row) {
                    pixel[component] = value;
                }
            }
        })
    }

    /// Grey or RGB, as it is stored: not turned.
    pub fn picture(&self) -> DynamicImage {
        let (width, height) = (self.width_px as u32, self.height_px as u32);
        let rgb = match self.colours {
            Colours::Grey => {
                return ImageBuffer::from_raw(width, height, self.stored())
                    .map(DynamicImage::ImageLuma8)
                    .expect("one value of each pixel");
            }
            Colours::Rgb => self.stored(),
            Colours::YCbCr => self.pixels(3, to_rgb),
            Colours::Cmyk => self.inked(|cmy| cmy),
            // Its YCbCr is of the inks, and what is stored as inks is what they let through.
            Colours::Ycck => self.inked(|ycc| rgb(ycc).map(|ink| 255 - ink)),
        };
        ImageBuffer::from_raw(width, height, rgb)
            .map(DynamicImage::ImageRgb8)
            .expect("three values of each pixel")
    }

    /// RGB below what black ink lets through.
    fn inked(&self, rgb: impl Fn([u8; 3]) -> [u8; 3]) -> Vec<u8> {
        self.pixels(3, |rows, pixels| {
            for (x, pixel) in pixels.as_chunks_mut().0.iter_mut().enumerate() {
                let black = u16::from(rows[3][x]);
                *pixel = rgb([rows[0][x], rows[1][x], rows[2][x]])
                    .map(|colour| ((u16::from(colour) * black + 127) / 255) as u8);
            }
        })
    }

    /// `count` values of each pixel, which `fill` makes from the components of a row.
    fn pixels(&self, count: usize, fill: impl Fn(&[Vec<u8>], &mut [u8])) -> Vec<u8> {
        let mut pixels = vec![0; self.width_px * self.height_px * count];
        let mut rows = vec![vec![0; self.width_px]; self.components()];
        let mut scratch = Vec::new();
        let out = pixels.chunks_exact_mut(self.width_px * count);
        for (y, out) in out.enumerate() {
            for (row, plane) in rows.iter_mut().zip(&self.planes) {
                plane.row(y, row, &mut scratch);
            }
            fill(&rows, out);
        }
        pixels
    }
}

/// A row of RGB from one of YCbCr.
fn to_rgb(rows: &[Vec<u8>], pixels: &mut [u8]) {
    let [ys, cbs, crs, ..] = rows else { return };
    let (pixels, _) = pixels.as_chunks_mut();
    let count = pixels.len().min(ys.len()).min(cbs.len()).min(crs.len());
    let (pixels, ys) = (&mut pixels[..count], &ys[..count]);
    let (cbs, crs) = (&cbs[..count], &crs[..count]);
    for x in 0..count {
        pixels[x] = rgb([ys[x], cbs[x], crs[x]]);
    }
}

/// RGB of YCbCr, in whole numbers of 16 binary digits, rounded as libjpeg does.
#[inline(always)]
fn rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    const fn factor(of: f64) -> i32 {
        (of * 65536.0 + 0.5) as i32
    }
    const HALF: i32 = 1 << 15;
    const RED: i32 = factor(1.402);
    const GREEN: [i32; 2] = [factor(0.344_14), factor(0.714_14)];
    const BLUE: i32 = factor(1.772);
    let [y, cb, cr] = [y.into(), i32::from(cb) - 128, i32::from(cr) - 128];
    let red = y + ((RED * cr + HALF) >> 16);
    let green = y + ((HALF - GREEN[0] * cb - GREEN[1] * cr) >> 16);
    let blue = y + ((BLUE * cb + HALF) >> 16);
    let clamped = |colour: i32| colour.clamp(0, 255) as u8;
    // Written out: mapped arrays are not always inlined, and this is every pixel.
    [clamped(red), clamped(green), clamped(blue)]
}
