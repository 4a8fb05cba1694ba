//! The text of a file, in whatever encoding it was written.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};

/// How much of a file tells its encoding.
const SAMPLE_BYTES: usize = 64 << 10;

/// What stands between the cells of a list, of any kind.
pub(super) const BETWEEN_CELLS: [char; 14] = [
    ',', ';', '\t', '|', '"', '\'', '<', '>', '{', '}', '[', ']', '\r', '\n',
];

/// The text of these bytes: UTF-8; UTF-16, with a byte order mark or without; else the encoding of systems
/// without Unicode in which `is_known` knows most cells, such as the Shift-JIS of Japanese spreadsheets. The
/// end may be cut off.
pub(super) fn text_of(bytes: &[u8], is_known: &dyn Fn(&str) -> bool) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    // Names and numbers of ASCII, of which UTF-16 makes every other byte a zero.
    let zeros = |at: usize| {
        sample
            .iter()
            .skip(at)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    if zeros(1) > sample.len() / 8 {
        return utf16(bytes, u16::from_le_bytes);
    }
    if zeros(0) > sample.len() / 8 {
        return utf16(bytes, u16::from_be_bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => legacy_of(sample, is_known)
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|two| unit(*two));
    String::from_utf16_lossy(&units.collect::<Vec<u16>>())
}

/// The encoding of bytes that are no Unicode.
fn legacy_of(sample: &[u8], is_known: &dyn Fn(&str) -> bool) -> &'static Encoding {
    // A letter of several bytes may be cut in two at the end; no line feed is part of one.
    let whole_lines = sample.iter().rposition(|byte| *byte == b'\n');
    let sample = &sample[..whole_lines.unwrap_or(sample.len())];
    let mut best = (None, WINDOWS_1252);
    for encoding in [SHIFT_JIS, EUC_JP, GB18030, BIG5, EUC_KR, WINDOWS_1252] {
        let text = encoding.decode_without_bom_handling_and_without_replacement(sample);
        let cells = text.as_ref().map(|text| text.split(BETWEEN_CELLS));
        let known = cells.map(|cells| cells.filter(|cell| is_known(cell.trim())).count());
        // Of equally good ones the first.
        if known > best.0 {
            best = (known, encoding);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_known(cell: &str) -> bool {
        ["良品", "不良", "합격", "gut", "größe.png"].contains(&cell)
    }

    #[test]
    fn a_list_is_read_in_the_encoding_that_its_words_are_of() {
        for (text, encoding) in [
            ("画像,判定\na.png,良品\nb.png,不良\n", SHIFT_JIS),
            ("画像,判定\na.png,良品\nb.png,不良\n", EUC_JP),
            ("图像,判定\na.png,良品\nb.png,不良\n", GB18030),
            ("이미지,판정\na.png,합격\n", EUC_KR),
            ("datei;urteil\ngröße.png;gut\n", WINDOWS_1252),
        ] {
            let bytes = encoding.encode(text).0;
            assert_eq!(text_of(&bytes, &is_known), text, "{}", encoding.name());
        }
    }

    #[test]
    fn unicode_is_known_without_a_byte_order_mark_and_cut_off() {
        let text = "image,label\na.png,良品\n";
        assert_eq!(text_of(text.as_bytes(), &is_known), text);
        let with_mark = format!("\u{feff}{text}");
        assert_eq!(text_of(with_mark.as_bytes(), &is_known), text);
        for unit in [u16::to_le_bytes, u16::to_be_bytes] {
            for text in [text, &with_mark] {
                let bytes: Vec<u8> = text.encode_utf16().flat_map(unit).collect();
                let read = text_of(&bytes, &is_known);
                assert_eq!(
                    read.trim_start_matches('\u{feff}'),
                    text.trim_start_matches('\u{feff}')
                );
            }
        }
        let cut = &"a.png,良品".as_bytes()[..11];
        assert_eq!(text_of(cut, &is_known), "a.png,良\u{fffd}");
    }
}
