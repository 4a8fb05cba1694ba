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
    exif_orientation(block)
}

/// The orientation in a block of EXIF that begins with its byte order. The standard has it in 16 bits; several
/// programs write it in 8 or 32, and viewers turn the image all the same.
pub(super) fn exif_orientation(block: &[u8]) -> Orientation {
    let orientation = match block {
        [b'I', b'I', 42, 0, ..] => tagged(block, |bytes| {
            bytes
                .iter()
                .rev()
                .fold(0, |all, &byte| all << 8 | u32::from(byte))
        }),
        [b'M', b'M', 0, 42, ..] => tagged(block, |bytes| {
            bytes
                .iter()
                .fold(0, |all, &byte| all << 8 | u32::from(byte))
        }),
        _ => None,
    };
    orientation.unwrap_or(Orientation::NoTransforms)
}

/// The value of the orientation tag in the first directory, with numbers in the order of the file.
fn tagged(block: &[u8], number: impl Fn(&[u8]) -> u32) -> Option<Orientation> {
    const ORIENTATION: u32 = 0x0112;
    let directory = block.get(number(block.get(4..8)?) as usize..)?;
    let (count, entries) = directory.split_at_checked(2)?;
    let entries = entries.as_chunks::<12>().0.iter();
    let mut entries = entries.take(number(count) as usize);
    let entry = entries.find(|entry| number(&entry[..2]) == ORIENTATION)?;
    // BYTE, SHORT, LONG.
    let size = match number(&entry[2..4]) {
        1 => 1,
        3 => 2,
        4 => 4,
        _ => return None,
    };
    let value = u8::try_from(number(&entry[8..8 + size])).ok()?;
    Orientation::from_exif(value)
}

fn bytes(file: &mut (impl Read + Seek), at: u64, len: u64) -> Option<Vec<u8>> {
    let mut bytes = vec![0; len as usize];
    file.seek(SeekFrom::Start(at)).ok()?;
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with one tag of this type, in the order of small or of large ends.
    fn block(kind: u16, value: u32, is_little: bool) -> Vec<u8> {
        let short = |value: u16| match is_little {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let long = |value: u32| match is_little {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let value = match (kind, is_little) {
            (1, _) => [value as u8, 0, 0, 0],
            (3, _) => [short(value as u16), [0; 2]]
                .concat()
                .try_into()
                .unwrap_or_default(),
            _ => long(value),
        };
        let order: &[u8] = if is_little { b"II" } else { b"MM" };
        let tag = [short(0x0112), short(kind)].concat();
        [
            order,
            &short(42),
            &long(8),
            &short(1),
            &tag,
            &long(1),
            &value,
        ]
        .concat()
    }

    #[test]
    fn the_orientation_is_read_in_whatever_size_it_was_written() {
        for kind in [1, 3, 4] {
            for is_little in [true, false] {
                let block = block(kind, 6, is_little);
                assert_eq!(exif_orientation(&block), Orientation::Rotate90, "{kind}");
                for len in 0..block.len() {
                    exif_orientation(&block[..len]);
                }
            }
        }
        assert_eq!(
            exif_orientation(&block(3, 9, true)),
            Orientation::NoTransforms
        );
        assert_eq!(
            exif_orientation(&block(5, 6, true)),
            Orientation::NoTransforms
        );
    }
}
