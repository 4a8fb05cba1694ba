//! Texts in the records of a workbook. Long ones go on in the next record, and may change their width there.

/// Bits of what stands before a text.
const IS_WIDE: u8 = 1;
const HAS_SOUNDS: u8 = 4;
const HAS_RUNS: u8 = 8;

/// A number, the lowest byte first.
pub(super) fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.get(..len)?;
    let add = |number, byte: &u8| number << 8 | usize::from(*byte);
    Some(bytes.iter().rev().fold(0, add))
}

/// What a record says, and those that it is continued in.
pub(super) struct Chunks<'a> {
    chunks: Vec<&'a [u8]>,
    chunk: usize,
    at: usize,
}

impl<'a> Chunks<'a> {
    pub fn new(chunks: &[&'a [u8]]) -> Self {
        Self {
            chunks: chunks.to_vec(),
            chunk: 0,
            at: 0,
        }
    }

    /// All texts of a workbook, each known by its number; up to where they are damaged.
    pub fn texts(mut self) -> Vec<String> {
        // How many there are is said first, and not believed.
        self.at = 8;
        let mut texts = Vec::new();
        while let Some(len) = self.number(2) {
            let Some(text) = self.text(len) else { break };
            texts.push(text);
        }
        texts
    }

    /// A text of so many letters; empty where it is damaged.
    pub fn text_once(mut self, len: usize) -> String {
        self.text(len).unwrap_or_default()
    }

    /// As [`Chunks::text_once`]; `None` where it is damaged.
    pub fn text(&mut self, len: usize) -> Option<String> {
        let flags = self.byte()?;
        let runs = if flags & HAS_RUNS != 0 {
            self.number(2)?
        } else {
            0
        };
        let sounds = if flags & HAS_SOUNDS != 0 {
            self.number(4)?
        } else {
            0
        };
        let mut is_wide = flags & IS_WIDE != 0;
        let mut letters = Vec::new();
        while letters.len() < len {
            if self.at >= self.chunks.get(self.chunk)?.len() {
                self.next_chunk();
                is_wide = self.byte()? & IS_WIDE != 0;
            }
            let letter = self.number(if is_wide { 2 } else { 1 })?;
            letters.push(letter as u16);
        }
        self.skip(4 * runs + sounds)?;
        Some(String::from_utf16_lossy(&letters))
    }

    fn next_chunk(&mut self) {
        self.chunk += 1;
        self.at = 0;
    }

    fn byte(&mut self) -> Option<u8> {
        self.number(1).map(|byte| byte as u8)
    }

    /// A number, in the next record where this one has ended.
    fn number(&mut self, len: usize) -> Option<usize> {
        if self.at >= self.chunks.get(self.chunk)?.len() {
            self.next_chunk();
        }
        let found = number(self.chunks.get(self.chunk)?, self.at, len)?;
        self.at += len;
        Some(found)
    }

    fn skip(&mut self, mut len: usize) -> Option<()> {
        while len > 0 {
            let left = self.chunks.get(self.chunk)?.len().saturating_sub(self.at);
            let step = len.min(left);
            self.at += step;
            len -= step;
            if len > 0 {
                self.next_chunk();
            }
        }
        Some(())
    }
}
