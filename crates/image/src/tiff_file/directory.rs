//! The directories of a TIFF file: its pages, and what their tags say (TIFF 6.0, section 2; BigTIFF).

use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek, SeekFrom};

use crate::file_error::Reason;

/// Directories that are followed at most: no photograph has more, a chain without an end does.
const MOST_DIRECTORIES: usize = 10_000;

/// Numbers in the tags of a file that are read at most; offsets of the pieces of a large picture are not
/// nearly as many.
const MOST_NUMBERS: u64 = 1 << 23;

/// How often each byte of a file is read at most, on average. What lies apart is read three times at most:
/// while the pages are listed, while a picture within them is looked for, and when it is chosen.
const MOST_READINGS: u64 = 4;

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// An unsigned number of up to 8 bytes.
    pub(super) fn number(self, bytes: &[u8]) -> u64 {
        let append = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        match self {
            Self::Little => bytes.iter().rev().fold(0, append),
            Self::Big => bytes.iter().fold(0, append),
        }
    }
}

/// A page, or another picture: the values of its tags. A fraction is two of them.
#[derive(Debug, Default)]
pub(super) struct Directory {
    tags: BTreeMap<u16, Vec<u64>>,
}

impl Directory {
    /// All values of a tag; empty where it is missing.
    pub(super) fn all(&self, tag: u16) -> &[u64] {
        self.tags.get(&tag).map_or(&[], Vec::as_slice)
    }

    /// The first value of a tag, if there is one.
    pub(super) fn first(&self, tag: u16) -> Option<u64> {
        self.all(tag).first().copied()
    }
}

/// A TIFF file that is being read.
pub(super) struct Directories<R> {
    source: R,
    len: u64,
    pub(super) order: ByteOrder,
    /// 8 bytes an offset instead of 4.
    big: bool,
    first: u64,
    /// Bytes that may still be read.
    left_bytes: u64,
    /// Numbers of tags that may still be kept.
    left_numbers: u64,
}

impl<R: Read + Seek> Directories<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// When it is none, or cut off.
    pub(super) fn open(mut source: R) -> Result<Self, Reason> {
        let len = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
        let mut file = Self {
            source,
            len,
            order: ByteOrder::Little,
            big: false,
            first: 0,
            left_bytes: len.saturating_mul(MOST_READINGS),
            left_numbers: MOST_NUMBERS,
        };
        let head = file.bytes(0, 8)?;
        file.order = match &head[..2] {
            b"II" => ByteOrder::Little,
            b"MM" => ByteOrder::Big,
            _ => return Err(damaged("it has no TIFF header")),
        };
        (file.big, file.first) = match file.order.number(&head[2..4]) {
            42 => (false, file.order.number(&head[4..8])),
            43 if file.order.number(&head[4..6]) == 8 => (true, file.number(8, 8)?),
            _ => return Err(damaged("it has no TIFF header")),
        };
        Ok(file)
    }

    /// Where the pages are, one after the other, and these of their tags.
    ///
    /// # Errors
    /// When one of them is damaged or cut off, there is none, or their chain has no end.
    pub(super) fn pages(&mut self, tags: &[u16]) -> Result<Vec<(u64, Directory)>, Reason> {
        let mut pages = Vec::new();
        let mut next = self.first;
        let mut seen = HashSet::new();
        while next != 0 {
            if !seen.insert(next) || seen.len() > MOST_DIRECTORIES {
                return Err(damaged("its chain of pages has no end"));
            }
            let (page, after) = self.directory(next, tags)?;
            pages.push((next, page));
            next = after;
        }
        if pages.is_empty() {
            return Err(damaged("it has no page"));
        }
        Ok(pages)
    }

    /// These tags of one directory, and where the next one is; 0 behind the last.
    ///
    /// # Errors
    /// When it is damaged or cut off, or its tags hold more than is read.
    pub(super) fn directory(&mut self, at: u64, tags: &[u16]) -> Result<(Directory, u64), Reason> {
        let (count_bytes, entry_bytes, word) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.number(at, count_bytes)?;
        // There are no more tags than that.
        if count > 1 << 16 {
            return Err(damaged(format!("a directory of {count} tags")));
        }
        let entries_bytes = count * entry_bytes;
        let entries = self.bytes(at + count_bytes, entries_bytes + word)?;
        let (entries, next) = entries.split_at(entries_bytes as usize);
        let mut directory = Directory::default();
        for entry in entries.chunks_exact(entry_bytes as usize) {
            let tag = self.order.number(&entry[..2]) as u16;
            let Some(size) = value_bytes(self.order.number(&entry[2..4])) else {
                continue;
            };
            let (count, value) = entry[4..].split_at(word as usize);
            let count = self.order.number(count);
            // Comments and colour profiles may be long, and nobody asks for them. The first one counts where
            // a tag comes twice.
            if !tags.contains(&tag) || directory.tags.contains_key(&tag) {
                continue;
            }
            let left = self
                .left_numbers
                .checked_sub(count.saturating_mul(size.numbers));
            self.left_numbers = left.ok_or_else(|| {
                let most = format!("a TIFF with more than {MOST_NUMBERS} numbers in its tags");
                Reason::Unsupported(most)
            })?;
            let bytes = match count * size.of_value() {
                bytes if bytes <= word => value[..bytes as usize].to_vec(),
                bytes => self.bytes(self.order.number(value), bytes)?,
            };
            let numbers = bytes.chunks_exact(size.of_number as usize);
            let numbers = numbers.map(|bytes| self.order.number(bytes)).collect();
            directory.tags.insert(tag, numbers);
        }
        Ok((directory, self.order.number(next)))
    }

    fn number(&mut self, at: u64, len: u64) -> Result<u64, Reason> {
        Ok(self.order.number(&self.bytes(at, len)?))
    }

    fn bytes(&mut self, at: u64, len: u64) -> Result<Vec<u8>, Reason> {
        if at.checked_add(len).is_none_or(|end| end > self.len) {
            return Err(Reason::Truncated("the TIFF points behind its end"));
        }
        let left = self.left_bytes.checked_sub(len);
        self.left_bytes = left.ok_or_else(|| damaged("its tags lie one upon another"))?;
        let mut bytes = vec![0; len as usize];
        let read = self.source.seek(SeekFrom::Start(at));
        read.and_then(|_| self.source.read_exact(&mut bytes))
            .map_err(unreadable)?;
        Ok(bytes)
    }
}

/// How large the values of a field's type are, in bytes.
struct ValueBytes {
    of_number: u64,
    numbers: u64,
}

impl ValueBytes {
    fn of_value(&self) -> u64 {
        self.of_number * self.numbers
    }
}

/// `None` for types without unsigned numbers, which no tag that is asked for has.
fn value_bytes(kind: u64) -> Option<ValueBytes> {
    let (of_number, numbers) = match kind {
        // BYTE, UNDEFINED.
        1 | 7 => (1, 1),
        3 => (2, 1),
        // LONG, IFD.
        4 | 13 => (4, 1),
        5 => (4, 2),
        // LONG8, IFD8.
        16 | 18 => (8, 1),
        _ => return None,
    };
    Some(ValueBytes { of_number, numbers })
}

pub(super) fn damaged(what: impl Into<String>) -> Reason {
    Reason::Damaged(what.into())
}

fn unreadable(error: std::io::Error) -> Reason {
    Reason::Unreadable(error.to_string())
}
