//! Whether a PNG or a WebP holds all of its picture. Decoders fill what is missing and succeed; in an
//! inspection that is a false or a missed defect. For JPEG see [`super::jpeg`].

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

/// Checks that a WebP is as long as its RIFF header says and holds a single frame.
///
/// # Errors
/// [`Reason::Truncated`] when bytes are missing, [`Reason::Animated`] for an animation.
pub fn check_webp(bytes: &[u8]) -> Result<(), Reason> {
    const ANIMATION_FLAG: u8 = 0x02;
    let truncated = Reason::Truncated("the WebP is shorter than its header says");
    let Some(&[a, b, c, d]) = bytes.get(4..8) else {
        return Err(truncated);
    };
    if (bytes.len() as u64) < 8 + u64::from(u32::from_le_bytes([a, b, c, d])) {
        return Err(truncated);
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
        let mut webp = b"RIFF\x0e\0\0\0WEBPVP8X\x0a\0\0\0\0\0".to_vec();
        assert_eq!(check_webp(&webp), Ok(()));
        webp[20] = 0x02;
        assert_eq!(check_webp(&webp), Err(Reason::Animated));
        webp.pop();
        assert!(matches!(check_webp(&webp), Err(Reason::Truncated(_))));
        assert!(matches!(check_webp(b"RIFF"), Err(Reason::Truncated(_))));
    }
}
