//! The orientation tag of an image file, wherever its format puts it.

use std::io::{Read, Seek, SeekFrom};

use image::metadata::Orientation;

/// What a block of EXIF is at most: it has to fit into a segment of a JPEG.
const MOST_BYTES: u64 = 1 << 16;

/// What a PNG says beside its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PngExtras {
    /// Before its pixels or behind them.
    pub(super) orientation: Orientation,
    /// Whether it is an animation as well.
    pub(super) is_animated: bool,
}

/// Looks through a PNG; of a damaged one, as far as it goes.
pub(super) fn png_extras(mut file: impl Read + Seek) -> PngExtras {
    let mut extras = PngExtras {
        orientation: Orientation::NoTransforms,
        is_animated: false,
    };
    let mut at = 8;
    while let Some(&[a, b, c, d, ref kind @ ..]) = bytes(&mut file, at, 8).as_deref() {
        let len = u64::from(u32::from_be_bytes([a, b, c, d]));
        match kind {
            b"eXIf" => extras.orientation = orientation(&mut file, at + 8, len),
            b"acTL" => extras.is_animated = true,
            b"IEND" => break,
            _ => {}
        }
        at += len + 12;
    }
    extras
}

/// The orientation of a WebP.
pub(super) fn webp_orientation(mut file: impl Read + Seek) -> Orientation {
    let mut at = 12;
    while let Some(&[ref kind @ .., a, b, c, d]) = bytes(&mut file, at, 8).as_deref() {
        let len = u64::from(u32::from_le_bytes([a, b, c, d]));
        if kind == b"EXIF" {
            return orientation(&mut file, at + 8, len);
        }
        at += 8 + len.next_multiple_of(2);
    }
    Orientation::NoTransforms
}

/// The orientation in a block of EXIF; several programs put in front of it what a JPEG has there. A broken
/// one is no reason to refuse the pixels.
fn orientation(file: &mut (impl Read + Seek), at: u64, len: u64) -> Orientation {
    let block = bytes(file, at, len.min(MOST_BYTES)).unwrap_or_default();
    let block = block.strip_prefix(b"Exif\0\0").unwrap_or(&block);
    Orientation::from_exif_chunk(block).unwrap_or(Orientation::NoTransforms)
}

fn bytes(file: &mut (impl Read + Seek), at: u64, len: u64) -> Option<Vec<u8>> {
    let mut bytes = vec![0; len as usize];
    file.seek(SeekFrom::Start(at)).ok()?;
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
