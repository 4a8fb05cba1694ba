//! What a threshold found, against what is there.

use super::metrics::Confusion;
use kizumi_image::picture::Picture;
use kizumi_image::rgb8::Rgb8;

/// What became of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Finding {
    /// Normal and not flagged, or not counted.
    Nothing,
    /// Defective and flagged.
    Hit,
    /// Defective and not flagged.
    Miss,
    /// Normal and flagged.
    FalseAlarm,
}

impl Finding {
    /// Those with a colour, for a legend.
    pub const COLOURED: [Self; 3] = [Self::Hit, Self::Miss, Self::FalseAlarm];

    /// Its colour as RGB8, of the set that Okabe and Ito (2008) chose for all kinds of colour
    /// vision: bluish green, vermilion and sky blue.
    pub fn rgb(self) -> Option<[u8; 3]> {
        match self {
            Self::Nothing => None,
            Self::Hit => Some([0, 158, 115]),
            Self::Miss => Some([213, 94, 0]),
            Self::FalseAlarm => Some([86, 180, 233]),
        }
    }
}

/// The findings of every pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Row after row.
    pub findings: Vec<Finding>,
    /// Of the pixels that count.
    pub confusion: Confusion,
}

impl Comparison {
    /// Compares a map above a threshold with a mask above 0.5, where `counted` is not 0; all are of
    /// one channel. `None` if the mask or `counted` has another size than the map.
    pub fn new(
        map: &Picture,
        threshold: f32,
        mask: &Picture,
        counted: Option<&Picture>,
    ) -> Option<Self> {
        let size = (1, map.height, map.width);
        let fits = |picture: &Picture| (picture.channels, picture.height, picture.width) == size;
        if !fits(map) || !fits(mask) || !counted.is_none_or(fits) {
            return None;
        }
        let mut confusion = Confusion::default();
        let findings = (0..map.pixels.len())
            .map(|i| {
                if counted.is_some_and(|counted| counted.pixels[i] == 0.0) {
                    return Finding::Nothing;
                }
                let (count, finding) = match (mask.pixels[i] > 0.5, map.pixels[i] > threshold) {
                    (true, true) => (&mut confusion.found, Finding::Hit),
                    (true, false) => (&mut confusion.missed, Finding::Miss),
                    (false, true) => (&mut confusion.false_alarm, Finding::FalseAlarm),
                    (false, false) => (&mut confusion.true_pass, Finding::Nothing),
                };
                *count += 1;
                finding
            })
            .collect();
        Some(Self {
            width: map.width,
            height: map.height,
            findings,
            confusion,
        })
    }

    /// The findings' colours over the original (of any size and at its size; the findings are
    /// stretched by nearest pixel). `opacity` is `0.0..=1.0`.
    pub fn over(&self, original: &Picture, opacity: f32) -> Rgb8 {
        let mut image = Rgb8::from(original);
        if self.findings.is_empty() {
            return image;
        }
        let opacity = opacity.clamp(0.0, 1.0);
        for (i, pixel) in image.bytes.chunks_exact_mut(3).enumerate() {
            let (x, y) = (i % original.width, i / original.width);
            let row = y * self.height / original.height;
            let column = x * self.width / original.width;
            if let Some(colour) = self.findings[row * self.width + column].rgb() {
                for (byte, colour) in pixel.iter_mut().zip(colour) {
                    let (below, above) = (f32::from(*byte), f32::from(colour));
                    *byte = (below + opacity * (above - below) + 0.5) as u8;
                }
            }
        }
        image
    }

    /// The findings' colours alone as interleaved RGBA8 (alpha not multiplied in), transparent where
    /// there is nothing; `height * width * 4` bytes.
    pub fn to_rgba8(&self) -> Vec<u8> {
        let colour = |finding: &Finding| match finding.rgb() {
            Some([red, green, blue]) => [red, green, blue, 255],
            None => [0; 4],
        };
        self.findings.iter().flat_map(colour).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn row(values: [f32; 5]) -> Picture {
        Picture::new(1, 1, 5, values.to_vec())
    }

    fn compared(counted: Option<&Picture>) -> Comparison {
        let map = row([0.9, 0.1, 0.9, 0.5, f32::NAN]);
        Comparison::new(&map, 0.5, &row([1.0, 1.0, 0.0, 0.0, 1.0]), counted).unwrap()
    }

    #[test]
    fn every_pixel_is_one_of_four() {
        let comparison = compared(None);
        use Finding::*;
        assert_eq!(comparison.findings, [Hit, Miss, FalseAlarm, Nothing, Miss]);
        let expected = Confusion {
            true_pass: 1,
            false_alarm: 1,
            missed: 2,
            found: 1,
            ..Confusion::default()
        };
        assert_eq!(comparison.confusion, expected);
    }

    #[test]
    fn what_does_not_count_is_nothing() {
        let comparison = compared(Some(&row([0.0, 1.0, 0.0, 1.0, 1.0])));
        assert_eq!(comparison.findings[0], Finding::Nothing);
        assert_eq!(comparison.findings[2], Finding::Nothing);
        let confusion = comparison.confusion;
        assert_eq!((confusion.found, confusion.false_alarm), (0, 0));
        assert_eq!((confusion.missed, confusion.true_pass), (2, 1));
    }

    #[test]
    fn sizes_must_agree() {
        let map = Picture::filled(1, 2, 2, 0.0);
        let other = Picture::filled(1, 2, 3, 0.0);
        assert_eq!(Comparison::new(&map, 0.5, &other, None), None);
        assert_eq!(Comparison::new(&map, 0.5, &map, Some(&other)), None);
        let rgb = Picture::filled(3, 2, 2, 0.0);
        assert_eq!(Comparison::new(&rgb, 0.5, &map, None), None);
    }

    #[test]
    fn colours_lie_over_the_original() {
        let original = Picture::filled(3, 2, 10, 1.0);
        let comparison = compared(None);
        let image = comparison.over(&original, 1.0);
        assert_eq!((image.width, image.height), (10, 2));
        let pixel = |x: usize| &image.bytes[x * 3..x * 3 + 3];
        assert_eq!(pixel(1), Finding::Hit.rgb().unwrap());
        assert_eq!(pixel(2), Finding::Miss.rgb().unwrap());
        assert_eq!(pixel(5), Finding::FalseAlarm.rgb().unwrap());
        assert_eq!(pixel(7), [255; 3]);
        assert_eq!(image.bytes[..30], image.bytes[30..]);
        assert_eq!(comparison.over(&original, 0.0), Rgb8::from(&original));
        let half = comparison.over(&original, 0.5);
        assert_eq!(half.bytes[..3], [128, 207, 185]);
        let rgba = comparison.to_rgba8();
        assert_eq!(rgba[..4], [0, 158, 115, 255]);
        assert_eq!(rgba[12..16], [0; 4]);
    }
}
