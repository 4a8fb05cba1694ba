//! Whether a PNG or a WebP holds all of its picture. Decoders fill what is missing and succeed; in an
//! inspection that is a false or a missed defect. For JPEG see [`super::jpeg`].

use std::borrow::Cow;
use std::io::Cursor;

use flate2::Crc;
use image::{DynamicImage, ImageFormat, ImageReader};

use super::file_error::Reason;

/// Checks the checksum of every chunk of a PNG, up to its last one.
///
/// # Errors
/// [`Reason::Truncated`] when that is missing, [`Reason::Damaged`] with the chunk that is.
pub fn check_png(bytes: &[u8]) -> Result<(), Reason> {
    const MISSING: Reason = Reason::Truncated("the end chunk of the PNG is missing");
    const SIGNATURE_BYTES: usize = 8;
    let mut rest = bytes.get(SIGNATURE_BYTES..).ok_or(MISSING)?;
    loop {
        let (&[a, b, c, d], chunk) = rest.split_first_chunk().ok_or(MISSING)?;
        let len = 4 + u32::from_be_bytes([a, b, c, d]) as usize;
        let (chunk, behind) = chunk.split_at_checked(len).ok_or(MISSING)?;
        let (&sum, behind) = behind.split_first_chunk().ok_or(MISSING)?;
        let mut crc = Crc::new();
        crc.update(chunk);
        let kind = &chunk[..4];
        if crc.sum() != u32::from_be_bytes(sum) {
            let kind = kind.escape_ascii();
            return Err(Reason::Damaged(format!(
                "the checksum of a chunk, {kind}, is wrong"
            )));
        }
        if kind == b"IEND" {
            return Ok(());
        }
        rest = behind;
    }
}

/// Checks that a WebP and its chunks are as long as their headers say, and that it holds a single frame.
///
/// # Errors
/// [`Reason::Truncated`] when bytes are missing, [`Reason::Animated`] for an animation.
pub fn check_webp(bytes: &[u8]) -> Result<(), Reason> {
    const ANIMATION_FLAG: u8 = 0x02;
    let truncated = Reason::Truncated("the WebP is shorter than its header says");
    let Some(&[a, b, c, d]) = bytes.get(4..8) else {
        return Err(truncated);
    };
    let end = 8 + u64::from(u32::from_le_bytes([a, b, c, d]));
    if (bytes.len() as u64) < end {
        return Err(truncated);
    }
    let mut at = 12;
    while at + 8 <= end
        && let Some(&[_, _, _, _, a, b, c, d]) = bytes.get(at as usize..at as usize + 8)
    {
        let len = u64::from(u32::from_le_bytes([a, b, c, d]));
        if at + 8 + len > end {
            return Err(Reason::Truncated("a chunk of the WebP ends beyond it"));
        }
        at += 8 + len.next_multiple_of(2);
    }
    let extended = bytes.get(12..16) == Some(b"VP8X".as_slice());
    if extended
        && bytes
            .get(20)
            .is_some_and(|flags| flags & ANIMATION_FLAG != 0)
    {
        return Err(Reason::Animated);
    }
    Ok(())
}

/// Checks that the data of a WebP are needed to their end.
///
/// Its entropy coders make some picture of any data: damage shows where they stop. So the file is decoded
/// without the last bytes of each part, which has to fail or to give another picture than `whole`.
///
/// # Errors
/// [`Reason::Damaged`].
pub fn check_webp_data(bytes: &[u8], whole: &DynamicImage) -> Result<(), Reason> {
    let parts = chunks(bytes);
    for (index, &(kind, data)) in parts.iter().enumerate() {
        // Encoders of lossy data fill up to four bytes at their end. A decoder takes one that is missing as
        // zeros, which may end the picture, even alike where the last blocks lie outside of it.
        let needed = match kind {
            b"VP8 " if !is_shown_frame(data) => {
                return Err(Reason::Damaged("its frame header is malformed".into()));
            }
            b"VP8 " => 16,
            b"VP8L" | b"ALPH" => 2,
            _ => continue,
        };
        let Some(kept) = data.len().checked_sub(needed) else {
            continue;
        };
        let mut shorter = parts.clone();
        shorter[index].1 = &data[..kept];
        let shorter = Cursor::new(webp_of(&shorter));
        let decoded = ImageReader::with_format(shorter, ImageFormat::WebP).decode();
        if decoded.is_ok_and(|decoded| decoded == *whole) {
            return Err(Reason::Damaged(
                "its picture ends before its data do".into(),
            ));
        }
    }
    Ok(())
}

/// A WebP for the decoder, which takes one byte more than there is for a zero, so that damage may look like a
/// picture. Encoders end either part of lossy data with a zero: left to the decoder, nothing is left beyond.
pub fn webp_for_decoder(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut parts = chunks(bytes);
    // What the decoder may complain about is left as it is.
    let is_plain = webp_of(&parts) == bytes;
    let lossy = parts.iter_mut().find(|(kind, _)| *kind == b"VP8 ");
    if let (true, Some((_, data))) = (is_plain, lossy)
        && let Some(without) = without_last_zeros(data)
    {
        *data = &without;
        return webp_of(&parts).into();
    }
    bytes.into()
}

/// Lossy data (RFC 6386, 9.1) without the zeros that their first part, whose size their first three bytes hold,
/// and their last part end with; `None` where either ends otherwise.
fn without_last_zeros(data: &[u8]) -> Option<Vec<u8>> {
    const HEAD_BYTES: usize = 10;
    let &[a, b, c, ..] = data else { return None };
    let tag = u32::from_le_bytes([a, b, c, 0]);
    let end = HEAD_BYTES + (tag >> 5) as usize;
    let (first, last) = data.split_at_checked(end)?;
    let (&0, last) = last.split_last()? else {
        return None;
    };
    let (&0, first) = first.get(3..)?.split_last()? else {
        return None;
    };
    // The size begins behind five bits.
    let [a, b, c, _] = tag.checked_sub(1 << 5)?.to_le_bytes();
    Some([&[a, b, c], first, last].concat())
}

/// Whether lossy data are of one of the four profiles, and to be shown (RFC 6386, 9.1).
fn is_shown_frame(data: &[u8]) -> bool {
    data.first()
        .is_some_and(|tag| tag >> 1 & 7 < 4 && tag & 0x10 != 0)
}

/// The chunks of a WebP: kind and content.
fn chunks(bytes: &[u8]) -> Vec<(&[u8; 4], &[u8])> {
    let mut chunks = Vec::new();
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some((kind, behind)) = rest.split_first_chunk()
        && let Some((&len, behind)) = behind.split_first_chunk()
        && let Some((content, behind)) = behind.split_at_checked(u32::from_le_bytes(len) as usize)
    {
        chunks.push((kind, content));
        rest = behind.get(content.len() % 2..).unwrap_or_default();
    }
    chunks
}

/// A WebP of chunks.
fn webp_of(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WEBP".to_vec();
    for (kind, content) in chunks {
        file.extend(*kind);
        file.extend((content.len() as u32).to_le_bytes());
        file.extend(*content);
        file.resize(file.len().next_multiple_of(2), 0);
    }
    let len = file.len() as u32 - 8;
    file[4..8].copy_from_slice(&len.to_le_bytes());
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webp_length_and_animation() {
        let mut webp = webp_of(&[(b"VP8X", &[0; 10])]);
        assert_eq!(check_webp(&webp), Ok(()));
        webp[20] = 0x02;
        assert_eq!(check_webp(&webp), Err(Reason::Animated));
        webp.pop();
        assert!(matches!(check_webp(&webp), Err(Reason::Truncated(_))));
        assert!(matches!(check_webp(b"RIFF"), Err(Reason::Truncated(_))));
    }

    #[test]
    fn a_webp_whose_chunk_ends_beyond_it_is_cut_off() {
        let mut webp = webp_of(&[(b"VP8X", &[0; 10]), (b"VP8L", &[1; 3])]);
        assert_eq!(check_webp(&webp), Ok(()));
        // Bytes behind it belong to nobody.
        webp.extend([b'x'; 40]);
        assert_eq!(check_webp(&webp), Ok(()));
        let length = 12 + 18 + 4;
        for byte in [0, 3] {
            let mut wrong = webp.clone();
            wrong[length + byte] |= 0x40;
            let refused = Reason::Truncated("a chunk of the WebP ends beyond it");
            assert_eq!(check_webp(&wrong), Err(refused));
        }
    }

    /// A file of lossy data in two parts.
    fn lossy(first: &[u8], last: &[u8]) -> Vec<u8> {
        let tag = (first.len() as u32) << 5 | 0x10;
        let head = [0x9D, 0x01, 0x2A, 8, 0, 8, 0];
        let data = [&tag.to_le_bytes()[..3], &head, first, last].concat();
        webp_of(&[(b"VP8 ", &data), (b"EXIF", b"turned")])
    }

    #[test]
    fn the_zeros_that_end_the_data_of_a_webp_are_left_to_the_decoder() {
        let for_decoder = |first: &[u8], last: &[u8]| {
            let file = lossy(first, last);
            let made = webp_for_decoder(&file);
            (made != file).then(|| made.into_owned())
        };
        let shorter = for_decoder(&[1, 2, 0], &[3, 0, 0]);
        assert_eq!(shorter, Some(lossy(&[1, 2], &[3, 0])));
        assert_eq!(for_decoder(&[1, 2], &[3, 0]), None);
        assert_eq!(for_decoder(&[1, 0], &[3]), None);
        assert_eq!(for_decoder(&[], &[0]), None);
        let mut cut = lossy(&[1, 0], &[0]);
        cut.truncate(30);
        assert_eq!(*webp_for_decoder(&cut), cut[..]);
    }
}
