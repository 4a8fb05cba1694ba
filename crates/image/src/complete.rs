//! Whether a file reaches its own end. Decoders fill what is missing from a truncated JPEG with
//! grey and succeed; in an inspection that is a false or a missed defect.

use super::file_error::Reason;

/// Checks that a JPEG holds its end-of-image marker.
///
/// The segments are walked (ITU-T T.81, annex B), so neither an embedded thumbnail's marker nor
/// bytes after the end mislead. Trailing bytes are allowed: several cameras append data.
///
/// # Errors
/// [`Reason::Truncated`] when the file ends before its image does.
pub fn check_jpeg(bytes: &[u8]) -> Result<(), Reason> {
    const MISSING: Reason = Reason::Truncated("the JPEG end marker is missing");
    const END_OF_IMAGE: u8 = 0xD9;
    // Entropy-coded data escapes 0xFF as FF 00 and may hold restart markers.
    let in_scan = |code: u8| code == 0x00 || (0xD0..=0xD7).contains(&code);
    let mut at = 2;
    while let Some(offset) = bytes.get(at..).and_then(|rest| find(rest, 0xFF)) {
        at += offset + 1;
        match bytes.get(at) {
            None => return Err(MISSING),
            Some(&END_OF_IMAGE) => return Ok(()),
            // A fill byte: the next 0xFF may start the marker.
            Some(0xFF) => {}
            Some(&code) if in_scan(code) || code == 0x01 || code == 0xD8 => at += 1,
            // A segment; its length counts the two length bytes. Scan data follows SOS directly.
            Some(_) => {
                let Some(&[high, low]) = bytes.get(at + 1..at + 3) else {
                    return Err(MISSING);
                };
                at += 1 + usize::from(u16::from_be_bytes([high, low])).max(2);
            }
        }
    }
    Err(MISSING)
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

fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    bytes.iter().position(|&byte| byte == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SOI, an APP1 segment with a thumbnail's end marker inside, SOS, scan data, EOI.
    const JPEG: &[u8] = &[
        0xFF, 0xD8, 0xFF, 0xE1, 0x00, 0x06, 0xFF, 0xD9, 0xFF, 0xD9, 0xFF, 0xFF, 0xDA, 0x00, 0x02,
        0x11, 0xFF, 0x00, 0x22, 0xFF, 0xD0, 0x33, 0xFF, 0xD9,
    ];

    #[test]
    fn only_the_images_own_end_marker_counts() {
        assert_eq!(check_jpeg(JPEG), Ok(()));
        for len in 0..JPEG.len() {
            assert!(check_jpeg(&JPEG[..len]).is_err(), "{len} bytes");
        }
    }

    #[test]
    fn bytes_after_the_end_are_allowed() {
        let mut longer = JPEG.to_vec();
        longer.extend([0, 0xFF, 0xE0, 7]);
        assert_eq!(check_jpeg(&longer), Ok(()));
    }

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
