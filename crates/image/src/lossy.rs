//! Which files hold their pixels with loss.

use std::io::Cursor;

use image::ImageFormat;
use tiff::decoder::Decoder;
use tiff::tags::Tag;

/// Whether the pixels of a file were compressed with loss, as far as its head says.
pub(crate) fn is_lossy(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Jpeg => true,
        ImageFormat::WebP => is_lossy_webp(bytes),
        ImageFormat::Tiff => is_jpeg_in_tiff(bytes),
        _ => false,
    }
}

/// The chunks of a WebP follow 12 bytes of head; `VP8 ` is the lossy kind, `VP8L` the lossless.
fn is_lossy_webp(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some(([name @ .., a, b, c, d], after)) = rest.split_first_chunk::<8>() {
        if name == b"VP8 " {
            return true;
        }
        // Chunks are padded to an even length.
        let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        let end = length.saturating_add(length % 2);
        rest = after.get(end..).unwrap_or_default();
    }
    false
}

fn is_jpeg_in_tiff(bytes: &[u8]) -> bool {
    /// Old-style and new-style JPEG, and JPEG as some scanners number it.
    const JPEG: [u16; 3] = [6, 7, 34892];
    let compression = |bytes| {
        let mut decoder = Decoder::new(Cursor::new(bytes)).ok()?;
        decoder.find_tag_unsigned(Tag::Compression).ok()?
    };
    super::guarded::guarded(|| compression(bytes))
        .flatten()
        .is_some_and(|compression| JPEG.contains(&compression))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chunk_of_the_pixels_tells_whether_a_webp_is_lossy() {
        let webp = |chunks: &[&[u8]]| [b"RIFF\0\0\0\0WEBP", &chunks.concat()[..]].concat();
        let extended = b"VP8X\x03\0\0\0abc\0";
        assert!(is_lossy(&webp(&[b"VP8 \x01\0\0\0x"]), ImageFormat::WebP));
        assert!(is_lossy(
            &webp(&[extended, b"VP8 \x01\0\0\0x"]),
            ImageFormat::WebP
        ));
        assert!(!is_lossy(&webp(&[b"VP8L\x01\0\0\0x"]), ImageFormat::WebP));
        assert!(!is_lossy(
            &webp(&[extended, b"VP8L\x01\0\0\0x"]),
            ImageFormat::WebP
        ));
        assert!(!is_lossy(b"RIFF", ImageFormat::WebP));
    }
}
