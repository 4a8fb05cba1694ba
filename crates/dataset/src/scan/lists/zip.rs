//! The texts in a ZIP archive, as spreadsheets are.

use std::io::Read;

use flate2::read::DeflateDecoder;

/// The most that is unpacked.
const MAX_UNPACKED_BYTES: u64 = 8 << 20;

/// Where a spreadsheet of Excel keeps its texts: behind the sheets, which may be long.
const TEXTS: &[u8] = b"sharedStrings";

/// The XML of the archive with these bytes, the texts of a spreadsheet first, then file after file; empty where
/// it is none, and as much as can be read where it is damaged.
pub(super) fn xml_in(archive: &[u8]) -> String {
    let mut entries = Vec::new();
    let mut at = directory_of(archive).unwrap_or(archive.len());
    let mut packed_len = 0;
    while let Some((entry, next)) = Entry::at(archive, at) {
        at = next;
        // More than there is: several entries are one and the same.
        packed_len += entry.packed_len;
        if packed_len > archive.len() {
            break;
        }
        entries.push(entry);
    }
    let has_texts = |entry: &Entry<'_>| entry.name.windows(TEXTS.len()).any(|part| part == TEXTS);
    entries.sort_by_key(|entry| !has_texts(entry));
    let mut text = Vec::new();
    for entry in entries {
        let left = MAX_UNPACKED_BYTES.saturating_sub(text.len() as u64);
        if let Some(packed) = entry
            .packed(archive)
            .filter(|_| entry.name.ends_with(b".xml"))
        {
            // What comes before damage is text, too.
            let _ = match entry.method {
                0 => packed.take(left).read_to_end(&mut text),
                8 => DeflateDecoder::new(packed)
                    .take(left)
                    .read_to_end(&mut text),
                _ => Ok(0),
            };
            text.push(b'\n');
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Where the list of the files begins; the end of the archive says it.
fn directory_of(archive: &[u8]) -> Option<usize> {
    let end = archive.windows(4).rposition(|four| four == b"PK\x05\x06")?;
    number(archive, end + 16, 4)
}

/// A file in the archive.
struct Entry<'a> {
    name: &'a [u8],
    method: usize,
    packed_len: usize,
    header: usize,
}

impl<'a> Entry<'a> {
    /// The one that the list has at `at`, and where the next is.
    fn at(archive: &'a [u8], at: usize) -> Option<(Self, usize)> {
        if archive.get(at..)?.get(..4)? != b"PK\x01\x02" {
            return None;
        }
        let number = |offset, len| number(archive, at + offset, len);
        let name_end = at + 46 + number(28, 2)?;
        let entry = Self {
            name: archive.get(at + 46..name_end)?,
            method: number(10, 2)?,
            packed_len: number(20, 4)?,
            header: number(42, 4)?,
        };
        Some((entry, name_end + number(30, 2)? + number(32, 2)?))
    }

    fn packed(&self, archive: &'a [u8]) -> Option<&'a [u8]> {
        let number = |offset| number(archive, self.header + offset, 2);
        let start = self.header + 30 + number(26)? + number(28)?;
        archive.get(start..)?.get(..self.packed_len)
    }
}

/// A number of two or four bytes, the lowest first.
fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.get(..len)?;
    Some(
        bytes
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | usize::from(*byte)),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    /// An archive of these files, packed where that is said.
    pub(in super::super) fn archive(files: &[(&str, &str, bool)]) -> Vec<u8> {
        let (mut archive, mut directory) = (Vec::new(), Vec::new());
        for (name, text, is_packed) in files {
            let mut data = text.as_bytes().to_vec();
            if *is_packed {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(&data).unwrap();
                data = encoder.finish().unwrap();
            }
            let mut fields = [0; 26];
            fields[4] = u8::from(*is_packed) * 8;
            fields[14..18].copy_from_slice(&(data.len() as u32).to_le_bytes());
            fields[22] = name.len() as u8;
            directory.extend([&b"PK\x01\x02\0\0"[..], &fields, &[0; 10]].concat());
            directory.extend((archive.len() as u32).to_le_bytes());
            directory.extend(name.as_bytes());
            archive.extend([&b"PK\x03\x04"[..], &fields, name.as_bytes(), &data].concat());
        }
        let start = archive.len() as u32;
        archive.extend(directory);
        archive.extend([&b"PK\x05\x06"[..], &[0; 12], &start.to_le_bytes(), &[0; 2]].concat());
        archive
    }

    #[test]
    fn the_xml_of_an_archive_is_read_packed_or_not() {
        let archive = archive(&[
            ("a.xml", "<t>one</t>", false),
            ("b.png", "<t>no</t>", true),
            ("c/d.xml", "<t>two</t>", true),
        ]);
        assert_eq!(xml_in(&archive), "<t>one</t>\n<t>two</t>\n");
        for bytes in [&b""[..], b"PK\x05\x06", &archive[..40], &archive[9..]] {
            assert!(!xml_in(bytes).contains("two"));
        }
    }

    #[test]
    fn texts_behind_a_long_sheet_are_read() {
        let sheet = "<v>1</v>".repeat(2 << 20);
        let archive = archive(&[
            ("xl/sheet1.xml", &sheet, true),
            ("xl/sharedStrings.xml", "<t>OK</t>", true),
        ]);
        assert!(xml_in(&archive).contains("<t>OK</t>"));
    }

    #[test]
    fn a_file_that_is_listed_again_and_again_is_not_read_as_often() {
        let once = archive(&[("a.xml", &"<t>one</t>".repeat(50), false)]);
        let start = directory_of(&once).unwrap();
        let (files, directory) = once.split_at(start);
        let (entry, end) = directory.split_at(directory.len() - 22);
        let archive = [files, &entry.repeat(40), end].concat();
        let read = xml_in(&archive);
        assert!(read.contains("one") && read.len() < 2 * archive.len());
    }
}
