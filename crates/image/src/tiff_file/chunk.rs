//! From the bytes of a strip or tile to those of its pixels.

use std::io::Read;

use flate2::read::ZlibDecoder;
use weezl::BitOrder;
use weezl::decode::Configuration;

use super::directory::{ByteOrder, damaged};
use super::layout::{Compression, Layout, Predictor};
use crate::file_error::Reason;
use crate::jpeg;

const SHORT: Reason = Reason::Truncated("a strip or tile of the TIFF ends too early");

/// A strip or tile.
pub(super) struct Unpacked {
    /// Its rows, each of [`Layout::row_bytes`]. Numbers are in the file's byte order where `predictor` is none,
    /// else in little endian.
    pub(super) bytes: Vec<u8>,
    /// Whether it holds a byte more for each row, or several: they may be longer than the picture is wide.
    pub(super) holds_more: bool,
}

/// The first `rows` rows of the strip or tile at `index`, whatever it was compressed by.
///
/// # Errors
/// [`Reason::Truncated`] and [`Reason::Damaged`].
pub(super) fn unpacked(
    file: &[u8],
    layout: &Layout,
    index: usize,
    rows: usize,
) -> Result<Unpacked, Reason> {
    let (start, len) = layout.chunks[index];
    let end = start
        .checked_add(len)
        .filter(|end| *end <= file.len() as u64);
    let end = end.ok_or(Reason::Truncated(
        "a strip or tile lies behind the end of the TIFF",
    ))?;
    let packed = &file[start as usize..end as usize];
    let mirrored: Vec<u8>;
    let packed = match layout.low_bit_first && layout.compression != Compression::Jpeg {
        true => {
            mirrored = packed.iter().map(|byte| byte.reverse_bits()).collect();
            &mirrored
        }
        false => packed,
    };
    let bytes = rows * layout.row_bytes();
    let most = bytes + rows;
    let mut unpacked = match layout.compression {
        Compression::None => plain(packed, most, layout)?,
        Compression::Lzw => lzw(packed, bytes, most)?,
        Compression::Deflate => deflate(packed, bytes, most)?,
        Compression::PackBits => pack_bits(packed, most),
        Compression::Jpeg => jpeg_values(packed, layout, rows)?,
        Compression::Fax4 => fax4(packed, layout, rows)?,
    };
    if unpacked.len() < bytes {
        return Err(SHORT);
    }
    let holds_more = unpacked.len() >= most;
    unpacked.truncate(bytes);
    for row in unpacked.chunks_exact_mut(layout.row_bytes()) {
        match layout.predictor {
            Predictor::None => {}
            Predictor::Horizontal => add_up(row, layout),
            Predictor::FloatingPoint => add_up_bytes(row, layout.chunk_samples()),
        }
    }
    Ok(Unpacked {
        bytes: unpacked,
        holds_more,
    })
}

/// What is not compressed, `most` bytes of it. Tags that lost the number of bits mean a part of it only.
fn plain(packed: &[u8], most: usize, layout: &Layout) -> Result<Vec<u8>, Reason> {
    if packed.len() / 2 >= layout.chunk.1 * layout.row_bytes() {
        return Err(damaged("a strip or tile holds far more than its pixels"));
    }
    Ok(packed[..most.min(packed.len())].to_vec())
}

/// LZW as in TIFF 6.0, section 13: the `bytes` of the pixels, and up to `most`.
fn lzw(packed: &[u8], bytes: usize, most: usize) -> Result<Vec<u8>, Reason> {
    if matches!(packed, [0, second, ..] if second & 1 == 1) {
        let old = "a TIFF with LZW compression as before TIFF 5.0";
        return Err(Reason::Unsupported(old.into()));
    }
    // What lies behind the last pixel may be anything.
    let mut decoder = Configuration::with_tiff_size_switch(BitOrder::Msb, 8)
        .with_yield_on_full_buffer(true)
        .build();
    let mut unpacked = vec![0; most];
    let (mut from, mut to) = (0, 0);
    while to < most {
        let result = decoder.decode_bytes(&packed[from..], &mut unpacked[to..]);
        from += result.consumed_in;
        to += result.consumed_out;
        match result.status {
            Err(error) if to < bytes => return Err(damaged(error.to_string())),
            Err(_) => break,
            Ok(_) if result.consumed_in == 0 && result.consumed_out == 0 => break,
            Ok(_) => {}
        }
    }
    unpacked.truncate(to);
    Ok(unpacked)
}

fn deflate(packed: &[u8], bytes: usize, most: usize) -> Result<Vec<u8>, Reason> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => SHORT,
        _ => damaged(error.to_string()),
    };
    let mut unpacked = Vec::with_capacity(bytes + 1);
    // The checksum is behind the last byte.
    let mut decoder = ZlibDecoder::new(packed).take(most.max(bytes + 1) as u64);
    decoder.read_to_end(&mut unpacked).map_err(failed)?;
    Ok(unpacked)
}

/// PackBits as in TIFF 6.0, section 9: `most` bytes, or a run more.
fn pack_bits(packed: &[u8], most: usize) -> Vec<u8> {
    let mut unpacked = Vec::with_capacity(most + 128);
    let mut packed = packed.iter();
    while unpacked.len() < most
        && let Some(&head) = packed.next()
    {
        match head as i8 {
            -128 => {}
            repeated @ ..0 => {
                let Some(&value) = packed.next() else { break };
                unpacked.resize(unpacked.len() + 1 - isize::from(repeated) as usize, value);
            }
            literal => {
                let Some((values, rest)) = packed.as_slice().split_at_checked(literal as usize + 1)
                else {
                    break;
                };
                unpacked.extend(values);
                packed = rest.iter();
            }
        }
    }
    unpacked
}

/// A JPEG in the colours that it is stored in, as high as the strip or tile; its tables may lie apart.
fn jpeg_values(packed: &[u8], layout: &Layout, rows: usize) -> Result<Vec<u8>, Reason> {
    // What lies apart is a JPEG without an image: its end and the other's start are left out.
    let tables = match layout.jpeg_tables.as_slice() {
        [tables @ .., 0xFF, 0xD9] => tables,
        tables => tables,
    };
    let image = if tables.is_empty() {
        packed
    } else {
        packed.get(2..).ok_or(SHORT)?
    };
    let whole = [tables, image].concat();
    let (wide, high) = layout.chunk;
    let jpeg = jpeg::read(&whole, |width, height, _| {
        // Some writers fill the last rows of blocks.
        let heights = rows..=rows.max(high).next_multiple_of(16);
        if width as usize == wide && heights.contains(&(height as usize)) {
            return Ok(());
        }
        Err(damaged(format!(
            "a strip or tile of {wide} x {rows} pixels holds a JPEG of {width} x {height}"
        )))
    })?;
    if jpeg.components() != layout.chunk_samples() {
        return Err(damaged(format!(
            "a strip or tile of {} values a pixel holds a JPEG of {}",
            layout.chunk_samples(),
            jpeg.components()
        )));
    }
    let mut unpacked = jpeg.stored();
    unpacked.truncate(rows * layout.row_bytes());
    Ok(unpacked)
}

/// CCITT group 4, 1 for black.
fn fax4(packed: &[u8], layout: &Layout, rows: usize) -> Result<Vec<u8>, Reason> {
    if layout.bits != 1 {
        return Err(damaged("CCITT group 4 has one bit a pixel"));
    }
    let (Ok(width), Ok(height)) = (u16::try_from(layout.chunk.0), u16::try_from(rows)) else {
        return Err(Reason::Unsupported(format!(
            "a TIFF with CCITT group 4 strips of {} x {rows} pixels; up to {} a side are read",
            layout.chunk.0,
            u16::MAX
        )));
    };
    let mut unpacked = Vec::with_capacity(rows * layout.row_bytes());
    let enough = fax::decoder::decode_g4(packed.iter().copied(), width, Some(height), |line| {
        let start = unpacked.len();
        unpacked.resize(start + layout.row_bytes(), 0u8);
        for (x, colour) in fax::decoder::pels(line, width).enumerate() {
            if colour == fax::Color::Black {
                unpacked[start + x / 8] |= 0x80 >> (x % 8);
            }
        }
    });
    match enough {
        Some(()) if unpacked.len() >= rows * layout.row_bytes() => {
            unpacked.truncate(rows * layout.row_bytes());
            Ok(unpacked)
        }
        _ => Err(SHORT),
    }
}

/// Undoes [`Predictor::Horizontal`] in a row, and makes its numbers little endian.
fn add_up(row: &mut [u8], layout: &Layout) {
    let (size, stride) = (layout.bits / 8, layout.chunk_samples() * layout.bits / 8);
    if layout.order == ByteOrder::Big {
        row.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
    for at in (stride..row.len()).step_by(size) {
        let before = ByteOrder::Little.number(&row[at - stride..at - stride + size]);
        let value = before.wrapping_add(ByteOrder::Little.number(&row[at..at + size]));
        row[at..at + size].copy_from_slice(&value.to_le_bytes()[..size]);
    }
}

/// Undoes [`Predictor::FloatingPoint`] in a row of values of 4 bytes, and makes them little endian.
fn add_up_bytes(row: &mut [u8], samples: usize) {
    for at in samples..row.len() {
        row[at] = row[at].wrapping_add(row[at - samples]);
    }
    let planes = row.to_vec();
    let values = row.len() / 4;
    for (at, value) in row.chunks_exact_mut(4).enumerate() {
        // The highest bytes of all values come first.
        for (byte, place) in value.iter_mut().rev().zip(0..4) {
            *byte = planes[place * values + at];
        }
    }
}
