//! The bits of entropy-coded data (ITU-T T.81, B.1.1.5 and F.2.2.5).

use super::fault::Fault;

/// What the data between two markers hold, escapes undone, from a position on; and the position of the
/// marker behind them, or the end of the file.
pub fn unescape(bytes: &[u8], mut at: usize, data: &mut Vec<u8>) -> usize {
    data.clear();
    loop {
        let rest = &bytes[at..];
        let plain = until_ff(rest);
        data.extend_from_slice(&rest[..plain]);
        at += plain;
        if rest.get(plain + 1) != Some(&0) {
            return at;
        }
        data.push(0xFF);
        at += 2;
    }
}

/// How many bytes come before the first 0xFF.
fn until_ff(bytes: &[u8]) -> usize {
    // A few dozen bytes are compared at once where no branch is within.
    let has_ff = |chunk: &[u8; 32]| chunk.iter().fold(false, |any, &byte| any | (byte == 0xFF));
    let chunks = bytes.as_chunks().0;
    let plain = 32 * chunks.iter().position(has_ff).unwrap_or(chunks.len());
    let rest = bytes[plain..].iter().position(|&byte| byte == 0xFF);
    rest.map_or(bytes.len(), |rest| plain + rest)
}

/// Reads bits; beyond the end of the data they are zero.
pub struct Bits<'a> {
    data: &'a [u8],
    /// Of the next byte that is not held, and how many zeros are held instead of bytes.
    at: usize,
    /// The next bits, the first one on top; below the lowest `count` may be more of them.
    held: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    /// Reads [unescaped](unescape) data.
    pub fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            held: 0,
            count: 0,
        }
    }

    /// Holds 56 bits at least: a code and the magnitude behind it are no more than 32.
    #[inline]
    pub fn refill(&mut self) {
        let word = match self.data.get(self.at..self.at + 8) {
            Some(word) => u64::from_be_bytes(word.try_into().expect("eight bytes")),
            None => self.last_word(),
        };
        self.held |= word >> self.count;
        self.at += ((63 - self.count) / 8) as usize;
        self.count |= 56;
    }

    #[inline(never)]
    fn last_word(&self) -> u64 {
        let rest = self.data.get(self.at..).unwrap_or_default();
        let mut word = [0; 8];
        for (byte, &rest) in word.iter_mut().zip(rest) {
            *byte = rest;
        }
        u64::from_be_bytes(word)
    }

    /// The next `count` bits, 1 to 16, which must be held.
    #[inline]
    pub fn peek(&self, count: u32) -> usize {
        (self.held >> (64 - count)) as usize
    }

    /// Passes over `count` bits, fewer than 56, which must be held.
    #[inline]
    pub fn skip(&mut self, count: u32) {
        self.held <<= count;
        self.count -= count;
    }

    /// The next `count` bits, 0 to 16, as a number.
    #[inline]
    pub fn number(&mut self, count: u32) -> usize {
        self.refill();
        // Twice, as a shift by 64 is none.
        let number = (self.held >> 1) >> (63 - count);
        self.skip(count);
        number as usize
    }

    /// A difference of `size` bits, 0 to 16, which must be held (F.2.2.1, EXTEND).
    #[inline]
    pub fn difference(&mut self, size: u32) -> i32 {
        let number = ((self.held >> 1) >> (63 - size)) as i32;
        // Negative where the first bit is 0; a branch would be guessed wrong half of the time.
        let negative = !((self.held as i64 >> 63) as i32);
        self.skip(size);
        number + ((1 - (1 << size)) & negative)
    }

    fn bits_read(&self) -> usize {
        8 * self.at - self.count as usize
    }

    /// Whether more was read than there is.
    #[inline]
    pub fn ran_out(&self) -> bool {
        self.bits_read() > 8 * self.data.len()
    }

    /// Checks that all was read but for the bits that fill the last byte.
    pub fn end(&self) -> Result<(), Fault> {
        match self.data.len().checked_sub(self.bits_read().div_ceil(8)) {
            None => Err(Fault::RanOut),
            Some(0) => Ok(()),
            Some(bytes) => Err(Fault::LeftOver(bytes)),
        }
    }
}
