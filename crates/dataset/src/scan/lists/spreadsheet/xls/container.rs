//! The streams in an OLE document, which is what a workbook is kept in: a file system of sectors in a file.

use super::texts::number;

const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Sectors of the table of sectors that stand in the header.
const IN_HEADER: usize = 109;

/// From here on numbers of sectors are none.
const NONE: usize = 0xffff_fffa;

const ENTRY_BYTES: usize = 128;
const SMALL_BYTES: usize = 64;

/// A document by its sectors.
struct Document<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    /// The number of the sector that follows each.
    next: Vec<usize>,
}

/// The first stream of one of these names; `None` where there is none, or the document is damaged.
pub(super) fn stream(bytes: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    if !bytes.starts_with(MAGIC) {
        return None;
    }
    let header = |at| number(bytes, at, 4);
    let sector_bytes = match number(bytes, 30, 2)? {
        shift @ (9 | 12) => 1 << shift,
        _ => return None,
    };
    let mut document = Document {
        bytes,
        sector_bytes,
        next: Vec::new(),
    };
    let mut tables: Vec<usize> = (0..IN_HEADER)
        .filter_map(|at| header(76 + 4 * at))
        .collect();
    let (mut more, mut left) = (header(68)?, bytes.len() / sector_bytes);
    while more < NONE && left > 0 {
        let sector = document.sector(more)?;
        let numbers = numbers(sector);
        let (last, own) = numbers.split_last()?;
        tables.extend(own);
        (more, left) = (*last, left - 1);
    }
    // No table has more sectors than the file.
    tables.truncate(bytes.len() / sector_bytes + 1);
    for table in tables.into_iter().filter(|table| *table < NONE) {
        let numbers = numbers(document.sector(table)?);
        document.next.extend(numbers);
    }
    let directory = document.chain(header(48)?)?;
    let entries = directory.chunks_exact(ENTRY_BYTES);
    let root = entries.clone().next()?;
    let entry = entries.clone().find(|entry| {
        let name = name_of(entry);
        names.contains(&name.as_str())
    })?;
    let (start, len) = (number(entry, 116, 4)?, number(entry, 120, 4)?);
    let mut stream = match len < header(56)? {
        false => document.chain(start)?,
        true => {
            // Small ones lie in a stream of their own.
            let small = Document {
                bytes: &document.chain(number(root, 116, 4)?)?,
                sector_bytes: SMALL_BYTES,
                next: numbers(&document.chain(header(60)?)?),
            };
            small.chain_from(start, 0)?
        }
    };
    stream.truncate(len);
    Some(stream)
}

fn name_of(entry: &[u8]) -> String {
    let len = number(entry, 64, 2).unwrap_or(0).min(64).saturating_sub(2);
    let letters = entry[..len].as_chunks::<2>().0.iter();
    let letters: Vec<u16> = letters.map(|two| u16::from_le_bytes(*two)).collect();
    String::from_utf16_lossy(&letters)
}

fn numbers(sector: &[u8]) -> Vec<usize> {
    let numbers = sector.as_chunks::<4>().0.iter();
    numbers
        .map(|four| u32::from_le_bytes(*four) as usize)
        .collect()
}

impl Document<'_> {
    /// The header is as long as a sector.
    fn sector(&self, at: usize) -> Option<&[u8]> {
        self.part(at, self.sector_bytes)
    }

    fn part(&self, at: usize, before: usize) -> Option<&[u8]> {
        let start = at.checked_mul(self.sector_bytes)?.checked_add(before)?;
        let rest = self.bytes.get(start..)?;
        // The last one may be cut short.
        let part = &rest[..rest.len().min(self.sector_bytes)];
        (!part.is_empty()).then_some(part)
    }

    /// The bytes of a sector and of those that follow it.
    fn chain(&self, start: usize) -> Option<Vec<u8>> {
        self.chain_from(start, self.sector_bytes)
    }

    fn chain_from(&self, start: usize, before: usize) -> Option<Vec<u8>> {
        let mut found = Vec::new();
        let mut at = start;
        while at < NONE {
            found.extend_from_slice(self.part(at, before)?);
            // Going round in a circle.
            if found.len() > self.bytes.len() {
                return None;
            }
            at = *self.next.get(at)?;
        }
        Some(found)
    }
}
