//! What is odd about the compressed data of a PNG, and about the numbers of its palette: decoders stop at the last
//! pixel, and look at nothing behind it.

use std::io::Cursor;

use flate2::{Decompress, FlushDecompress, Status};

use super::file_error::Reason;
use super::remark::Remark;

/// Where passes of interlacing begin, across and down, and their steps (PNG, 8.2).
const ADAM7: [[usize; 4]; 7] = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
];

/// Looks at a PNG that was decoded.
///
/// # Errors
/// [`Reason::Damaged`] where the checksum of the pixels is wrong.
pub(super) fn look(bytes: &[u8]) -> Result<Vec<Remark>, Reason> {
    let Some(head) = Head::of(bytes) else {
        return Ok(Vec::new());
    };
    let mut remarks = Vec::from_iter(left_over(bytes, head.data_bytes())?);
    if let Some(pixels @ 1..) = outside_palette(bytes, &head) {
        remarks.push(Remark::OutsidePalette { pixels });
    }
    Ok(remarks)
}

struct Head {
    width: usize,
    height: usize,
    bits: usize,
    colour_type: u8,
    is_interlaced: bool,
}

impl Head {
    fn of(bytes: &[u8]) -> Option<Self> {
        let (_, head) = chunks(bytes).find(|(kind, _)| *kind == b"IHDR")?;
        let &[a, b, c, d, e, f, g, h, bits, colour_type, _, _, interlace] = head else {
            return None;
        };
        Some(Self {
            width: u32::from_be_bytes([a, b, c, d]) as usize,
            height: u32::from_be_bytes([e, f, g, h]) as usize,
            bits: bits.into(),
            colour_type,
            is_interlaced: interlace != 0,
        })
    }

    /// Bytes of the filtered rows, which begin with that of their filter.
    fn data_bytes(&self) -> usize {
        const ALPHA: u8 = 4;
        let values = match self.colour_type & !ALPHA {
            2 => 3,
            _ => 1,
        } + usize::from(self.colour_type & ALPHA != 0);
        let pass = |[left, top, across, down]: [usize; 4]| {
            let columns = self.width.saturating_sub(left).div_ceil(across);
            let rows = self.height.saturating_sub(top).div_ceil(down);
            match columns {
                0 => 0,
                _ => rows * (1 + (columns * values * self.bits).div_ceil(8)),
            }
        };
        match self.is_interlaced {
            true => ADAM7.into_iter().map(pass).sum(),
            false => pass([0, 0, 1, 1]),
        }
    }
}

/// What is odd about what lies behind the `needed` bytes of the pixels.
fn left_over(bytes: &[u8], needed: usize) -> Result<Option<Remark>, Reason> {
    let mut inflate = Decompress::new(true);
    let mut out = vec![0; 1 << 16];
    let mut is_at_end = false;
    for (_, mut data) in chunks(bytes).filter(|(kind, _)| *kind == b"IDAT") {
        while !data.is_empty() {
            if is_at_end {
                return Ok(Some(Remark::DataLeftOver));
            }
            let (read, written) = (inflate.total_in(), inflate.total_out());
            let status = inflate.decompress(data, &mut out, FlushDecompress::None);
            let status = status.map_err(|_| match inflate.total_out() < needed as u64 {
                true => Reason::Damaged("its compressed data are broken".into()),
                false => Reason::Damaged("the checksum of its pixels is wrong".into()),
            })?;
            if inflate.total_out() > needed as u64 {
                return Ok(Some(Remark::DataLeftOver));
            }
            data = &data[(inflate.total_in() - read) as usize..];
            is_at_end = status == Status::StreamEnd;
            if inflate.total_in() == read && inflate.total_out() == written {
                break;
            }
        }
    }
    Ok((!is_at_end).then_some(Remark::ChecksumMissing))
}

/// How many pixels have a number that the palette does not have; `None` without a palette, or with a full one.
fn outside_palette(bytes: &[u8], head: &Head) -> Option<usize> {
    let is_palette = head.colour_type == 3;
    let (_, palette) = chunks(bytes).find(|(kind, _)| *kind == b"PLTE")?;
    let colours = palette.len() / 3;
    if !is_palette || colours >= 1 << head.bits {
        return None;
    }
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().ok()?;
    let mut indices = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut indices).ok()?;
    let of_row = |row: &[u8]| {
        indices_of(row, head.bits, head.width)
            .filter(|at| *at >= colours)
            .count()
    };
    let rows = indices.chunks_exact(frame.line_size);
    Some(rows.map(of_row).sum())
}

/// The numbers of a row, the highest bits of a byte first.
pub(super) fn indices_of(row: &[u8], bits: usize, width: usize) -> impl Iterator<Item = usize> {
    let in_byte = 8 / bits;
    let index = move |at: usize| {
        let shift = 8 - bits - at % in_byte * bits;
        usize::from(row[at / in_byte] >> shift) & ((1 << bits) - 1)
    };
    (0..width).map(index)
}

/// The chunks of a PNG: kind and content.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (len, behind) = rest.split_first_chunk()?;
        let (kind, behind) = behind.split_first_chunk()?;
        let (content, behind) = behind.split_at_checked(u32::from_be_bytes(*len) as usize)?;
        rest = behind.get(4..)?;
        Some((kind, content))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use flate2::write::ZlibEncoder;
    use flate2::{Compression, Crc};

    use super::*;
    use crate::decode::{Backdrop, Limits, decode_bytes};

    fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let mut crc = Crc::new();
        crc.update(kind);
        crc.update(content);
        let len = (content.len() as u32).to_be_bytes();
        [&len[..], kind, content, &crc.sum().to_be_bytes()].concat()
    }

    fn zlib(rows: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(rows).unwrap();
        encoder.finish().unwrap()
    }

    /// 4 x 3 pixels of 8 bits, with these compressed data in two chunks.
    fn file(colour_type: u8, palette: &[u8], data: &[u8]) -> Vec<u8> {
        let head = [0, 0, 0, 4, 0, 0, 0, 3, 8, colour_type, 0, 0, 0];
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        file.extend(chunk(b"IHDR", &head));
        if !palette.is_empty() {
            file.extend(chunk(b"PLTE", palette));
        }
        let (first, last) = data.split_at(data.len() / 2);
        file.extend(chunk(b"IDAT", first));
        file.extend(chunk(b"IDAT", last));
        file.extend(chunk(b"IEND", &[]));
        file
    }

    fn remarks(file: &[u8]) -> Result<Vec<Remark>, Reason> {
        decode_bytes(file, Limits::HARD, Backdrop::White).map(|decoded| decoded.remarks)
    }

    const ROWS: [u8; 15] = [0, 1, 2, 3, 4, 0, 5, 6, 7, 8, 0, 9, 1, 2, 3];

    #[test]
    fn a_png_whose_pixels_have_a_wrong_checksum_is_refused() {
        let mut data = zlib(&ROWS);
        assert_eq!(remarks(&file(0, &[], &data)), Ok(vec![]));
        *data.last_mut().unwrap() ^= 1;
        let wrong = Reason::Damaged("the checksum of its pixels is wrong".into());
        assert_eq!(remarks(&file(0, &[], &data)), Err(wrong));
        for kept in [data.len() - 4, data.len() - 1] {
            let cut = file(0, &[], &data[..kept]);
            assert_eq!(remarks(&cut), Ok(vec![Remark::ChecksumMissing]));
        }
    }

    #[test]
    fn a_png_with_more_data_than_pixels_is_marked() {
        let more_rows = zlib(&[&ROWS[..], &[0, 1, 2, 3, 4]].concat());
        let a_byte_more = zlib(&[&ROWS[..], &[0]].concat());
        let behind_the_end = [&zlib(&ROWS)[..], b"more"].concat();
        for data in [more_rows, a_byte_more, behind_the_end] {
            let found = remarks(&file(0, &[], &data)).unwrap();
            assert_eq!(found, [Remark::DataLeftOver]);
            assert!(!found[0].is_harmless());
        }
    }

    #[test]
    fn a_png_with_numbers_that_its_palette_lacks_is_marked() {
        let palette = [7; 30];
        let data = zlib(&ROWS);
        assert_eq!(remarks(&file(3, &palette, &data)), Ok(vec![]));
        let outside = vec![Remark::OutsidePalette { pixels: 2 }];
        assert_eq!(remarks(&file(3, &palette[..24], &data)), Ok(outside));
    }

    #[test]
    fn the_data_of_every_kind_of_png_are_as_long_as_its_pixels_need() {
        use image::{DynamicImage, ImageFormat};
        for (width, height) in [(1, 1), (5, 3), (17, 9)] {
            let grey = DynamicImage::new_luma8(width, height);
            let kinds = [
                grey.to_luma_alpha8().into(),
                grey.to_rgb8().into(),
                grey.to_rgba16().into(),
                DynamicImage::from(grey.to_luma16()),
                grey,
            ];
            for image in kinds {
                let mut bytes = Cursor::new(Vec::new());
                image.write_to(&mut bytes, ImageFormat::Png).unwrap();
                assert_eq!(
                    left_over(
                        bytes.get_ref(),
                        Head::of(bytes.get_ref()).unwrap().data_bytes()
                    ),
                    Ok(None)
                );
            }
        }
        // Passes that hold nothing have no rows either.
        let interlaced = |width, height| {
            let head = Head {
                width,
                height,
                bits: 1,
                colour_type: 0,
                is_interlaced: true,
            };
            head.data_bytes()
        };
        assert_eq!(interlaced(1, 1), 2);
        // 1, 0, 0, 1, 2 x 1, 3 x 1 and 2 rows of 5 x 5, 4 x 4 and so on: each with its filter.
        assert_eq!(interlaced(8, 8), 2 * (1 + 1 + 1 + 2 + 2 + 4 + 4));
    }
}
