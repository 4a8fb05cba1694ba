//! What is odd about the pixels of a BMP: numbers that its palette lacks, pixels that its runs skip, and more data
//! than pixels.

use image::DynamicImage;

use super::file_error::Reason;
use super::png_data::indices_of;
use super::remark::Remark;

/// Bytes before the header of the picture.
const FILE_HEAD_BYTES: usize = 14;

/// Looks at a BMP that was decoded. Pixels that its runs skip get the first colour of the palette, as Pillow gives
/// them: no standard says what they are.
///
/// # Errors
/// [`Reason::Truncated`] where its runs end before the picture does.
pub(super) fn look(bytes: &[u8], image: &mut DynamicImage) -> Result<Vec<Remark>, Reason> {
    let Some(head) = Head::of(bytes) else {
        return Ok(Vec::new());
    };
    let found = match head.is_packed {
        true => runs(bytes, &head)?,
        false => rows(bytes, &head),
    };
    let skipped: Vec<usize> = (0..found.is_skipped.len())
        .filter(|at| found.is_skipped[*at])
        .collect();
    if let (false, DynamicImage::ImageRgb8(pixels)) = (skipped.is_empty(), image) {
        for at in &skipped {
            let (x, y) = (at % head.width, head.height - 1 - at / head.width);
            pixels.put_pixel(x as u32, y as u32, image::Rgb(head.first_colour));
        }
    }
    let remarks = [
        found.holds_more.then_some(Remark::DataLeftOver),
        (found.outside > 0).then_some(Remark::OutsidePalette {
            pixels: found.outside,
        }),
        (!skipped.is_empty()).then_some(Remark::NeverWritten {
            pixels: skipped.len(),
        }),
    ];
    Ok(remarks.into_iter().flatten().collect())
}

/// What the headers say.
struct Head {
    width: usize,
    height: usize,
    bits: usize,
    /// Whether the pixels are stored in runs.
    is_packed: bool,
    /// Where the pixels begin.
    data_at: usize,
    /// Colours of the palette; 0 without one.
    colours: usize,
    first_colour: [u8; 3],
    /// Where a colour profile begins behind the pixels.
    profile_at: Option<usize>,
}

impl Head {
    /// `None` for headers of old kinds with other fields, whose pixels are never packed.
    fn of(bytes: &[u8]) -> Option<Self> {
        const V5_BYTES: usize = 124;
        let number = |at: usize| {
            let bytes = bytes.get(at..)?.first_chunk()?;
            Some(u32::from_le_bytes(*bytes) as usize)
        };
        let field = |at: usize| number(FILE_HEAD_BYTES + at);
        let head_bytes = field(0).filter(|bytes| *bytes >= 40)?;
        let bits = field(14)? & 0xFFFF;
        let data_at = number(10)?;
        let palette_at = FILE_HEAD_BYTES + head_bytes;
        let colours = match (bits, field(32)?) {
            (9.., _) => 0,
            (_, 0) => 1 << bits,
            (_, used) => used,
        };
        let blue_green_red = bytes.get(palette_at..palette_at + 3);
        let first_colour =
            blue_green_red.map_or([0; 3], |colour| [colour[2], colour[1], colour[0]]);
        let profile = head_bytes >= V5_BYTES && field(116)? > 0;
        Some(Self {
            width: field(4)?,
            height: (field(8)? as i32).unsigned_abs() as usize,
            bits,
            is_packed: matches!(field(16)?, 1 | 2),
            data_at,
            colours: colours.min(data_at.saturating_sub(palette_at) / 4),
            first_colour,
            profile_at: profile
                .then(|| field(112))
                .flatten()
                .map(|at| FILE_HEAD_BYTES + at),
        })
    }
}

/// What was found among the pixels.
#[derive(Default)]
struct Found {
    /// Pixels of a number that the palette lacks.
    outside: usize,
    /// Whether there is more than fits.
    holds_more: bool,
    /// Of each pixel, from the lowest row upwards, whether no run sets it; empty where none are packed.
    is_skipped: Vec<bool>,
}

/// Of pixels that are stored row after row, each of a multiple of four bytes.
fn rows(bytes: &[u8], head: &Head) -> Found {
    let row_bytes = (head.width * head.bits).div_ceil(32) * 4;
    let data = bytes.get(head.data_at..).unwrap_or_default();
    let end = head
        .profile_at
        .unwrap_or(bytes.len())
        .saturating_sub(head.data_at);
    let is_sparse = (1..=8).contains(&head.bits) && head.colours < 1 << head.bits;
    let outside = |row: &[u8]| {
        let indices = indices_of(row, head.bits, head.width);
        indices.filter(|index| *index >= head.colours).count()
    };
    Found {
        outside: match is_sparse {
            true => data
                .chunks_exact(row_bytes)
                .take(head.height)
                .map(outside)
                .sum(),
            false => 0,
        },
        // A byte more for each row may be a column more.
        holds_more: end >= (row_bytes + 1) * head.height,
        is_skipped: Vec::new(),
    }
}

/// Of runs of 4 or 8 bits a pixel, the lowest row first.
fn runs(bytes: &[u8], head: &Head) -> Result<Found, Reason> {
    const CUT: Reason = Reason::Truncated("pixels are missing");
    let (width, height) = (head.width, head.height);
    let mut found = Found {
        is_skipped: vec![true; width * height],
        ..Found::default()
    };
    let mut data = bytes
        .get(head.data_at..)
        .unwrap_or_default()
        .iter()
        .copied();
    let (mut x, mut y) = (0, 0);
    let mut next = || data.next().ok_or(CUT);
    while y < height {
        let (count, what) = (next()?, next()?);
        let (count, indices): (usize, Vec<u8>) = match (count, what) {
            (0, 0) => {
                (x, y) = (0, y + 1);
                continue;
            }
            (0, 1) if x < width || y + 1 < height => return Err(CUT),
            (0, 1) => break,
            (0, 2) => {
                (x, y) = (x + usize::from(next()?), y + usize::from(next()?));
                continue;
            }
            (0, count) => {
                let count = usize::from(count);
                let padded = (count * head.bits).div_ceil(16) * 2;
                (
                    count,
                    (0..padded).map(|_| next()).collect::<Result<_, _>>()?,
                )
            }
            (count, index) => (
                count.into(),
                vec![index; (usize::from(count) * head.bits).div_ceil(8)],
            ),
        };
        for index in indices_of(&indices, head.bits, count) {
            match x < width {
                true => found.is_skipped[y * width + x] = false,
                false => found.holds_more = true,
            }
            found.outside += usize::from(x < width && index >= head.colours);
            x += 1;
        }
    }
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::decode::{Backdrop, Decoded, Limits, decode_bytes};

    /// 4 x 3 pixels with a palette of these many colours, the first one green.
    fn file(bits: u16, compression: u32, colours: u32, data: &[u8]) -> Vec<u8> {
        let data_at = FILE_HEAD_BYTES as u32 + 40 + 4 * colours;
        let mut file = b"BM".to_vec();
        for number in [data_at + data.len() as u32, 0, data_at, 40, 4, 3] {
            file.extend(number.to_le_bytes());
        }
        file.extend([1, 0]);
        file.extend(bits.to_le_bytes());
        for number in [compression, 0, 0, 0, colours, 0] {
            file.extend(number.to_le_bytes());
        }
        file.extend([0, 255, 0, 0]);
        for colour in 1..colours as u8 {
            file.extend([colour, colour, 200, 0]);
        }
        file.extend(data);
        file
    }

    fn decoded(file: &[u8]) -> Result<Decoded, Reason> {
        decode_bytes(file, Limits::HARD, Backdrop::White)
    }

    #[test]
    fn pixels_that_runs_skip_have_the_first_colour_of_the_palette_and_are_said() {
        // From below: a row that ends early, one of which two pixels are skipped, and a whole one.
        let by_bytes = [3, 5, 0, 0, 1, 6, 0, 2, 2, 0, 1, 6, 0, 0, 4, 7, 0, 0, 0, 1];
        let by_halves = [
            3, 0x55, 0, 0, 1, 0x66, 0, 2, 2, 0, 1, 0x66, 0, 0, 4, 0x77, 0, 0, 0, 1,
        ];
        for (bits, compression, data) in [(8, 1, by_bytes), (4, 2, by_halves)] {
            let read = decoded(&file(bits, compression, 16, &data)).unwrap();
            assert_eq!(read.remarks, [Remark::NeverWritten { pixels: 3 }]);
            let at = |x, y| read.image.to_rgb8().get_pixel(x, y).0;
            for (x, y) in [(3, 2), (1, 1), (2, 1)] {
                assert_eq!(at(x, y), [0, 255, 0], "{x}, {y}");
            }
            assert_eq!(
                (at(0, 2), at(3, 1), at(0, 0)),
                ([200, 5, 5], [200, 6, 6], [200, 7, 7])
            );
        }
    }

    #[test]
    fn runs_that_end_before_the_picture_are_cut_off() {
        let whole = [4, 5, 0, 0, 4, 6, 0, 0, 4, 7, 0, 1];
        assert_eq!(decoded(&file(8, 1, 16, &whole)).unwrap().remarks, []);
        let early = [4, 5, 0, 0, 4, 6, 0, 1];
        let refused = decoded(&file(8, 1, 16, &early)).unwrap_err();
        assert!(matches!(refused, Reason::Truncated(_)), "{refused}");
        // Longer than a row: the rest has no place.
        let long = [4, 5, 0, 0, 6, 6, 0, 0, 4, 7, 0, 1];
        assert_eq!(
            decoded(&file(8, 1, 16, &long)).unwrap().remarks,
            [Remark::DataLeftOver]
        );
    }

    #[test]
    fn numbers_that_the_palette_of_a_bmp_lacks_are_said() {
        let rows = [1, 2, 9, 3, 1, 2, 3, 4, 15, 1, 1, 1];
        let runs = [0, 4, 1, 2, 9, 3, 0, 0, 4, 5, 0, 0, 1, 15, 3, 1, 0, 1];
        let halves = [0x12, 0x93, 0, 0, 0x12, 0x34, 0, 0, 0xF1, 0x11, 0, 0];
        for (bits, compression, data) in [(8, 0, &rows[..]), (8, 1, &runs), (4, 0, &halves)] {
            let remarks = |colours| {
                decoded(&file(bits, compression, colours, data))
                    .unwrap()
                    .remarks
            };
            assert_eq!(remarks(16), []);
            assert_eq!(remarks(8), [Remark::OutsidePalette { pixels: 2 }]);
        }
    }

    #[test]
    fn a_bmp_with_more_data_than_pixels_is_marked() {
        let mut data = vec![5; 12];
        data.extend([0; 2]);
        assert_eq!(decoded(&file(8, 0, 16, &data)).unwrap().remarks, []);
        data.extend([0; 2]);
        assert_eq!(
            decoded(&file(8, 0, 16, &data)).unwrap().remarks,
            [Remark::DataLeftOver]
        );
    }
}
