//! Huffman tables (ITU-T T.81, annexes C and F.2.2.3).

use super::bits::Bits;
use super::fault::Fault;

/// Codes up to this length are looked up; longer ones are rare.
const LOOKUP_BITS: u32 = 10;

/// A code and what it means.
#[derive(Clone, Copy, Debug, Default)]
pub struct Code {
    /// In bits.
    pub length: u8,
    /// What it stands for.
    pub symbol: u8,
    /// By how many coefficients it goes on, where it is one of AC coefficients: [`END`] or more where it
    /// is the last one.
    pub advance: u8,
}

/// An advance beyond every block.
pub const END: u8 = 128;

impl Code {
    fn new(length: u8, symbol: u8) -> Self {
        let (zeros, size) = (symbol >> 4, symbol & 15);
        Self {
            length,
            symbol,
            advance: match (zeros, size) {
                (..15, 0) => END,
                _ => zeros + 1,
            },
        }
    }

    /// How many bits the magnitude behind it has.
    #[inline]
    pub fn size(self) -> u8 {
        self.symbol & 15
    }
}

/// The codes of a table.
pub struct Table {
    /// The code that these bits begin with; of length 0 where it is longer, or none.
    lookup: Vec<Code>,
    /// By length: the first code that is too large to be of it.
    ends: [usize; 17],
    /// By length: where the symbol of code 0 would be in `symbols`.
    offsets: [usize; 17],
    symbols: Vec<u8>,
}

impl Table {
    /// The table with `counts[i]` codes of length `i + 1` for the symbols in their order; `None` where
    /// so many codes are not possible.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            lookup: vec![Code::default(); 1 << LOOKUP_BITS],
            ends: [0; 17],
            offsets: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0, 0);
        for (&count, length) in counts.iter().zip(1..) {
            code <<= 1;
            table.offsets[length] = usize::wrapping_sub(index, code);
            for _ in 0..count {
                if code >= 1 << length {
                    return None;
                }
                if let Some(unread) = LOOKUP_BITS.checked_sub(length as u32) {
                    let first = code << unread;
                    let entry = Code::new(length as u8, *symbols.get(index)?);
                    table.lookup[first..first + (1 << unread)].fill(entry);
                }
                code += 1;
                index += 1;
            }
            table.ends[length] = code;
        }
        (index == symbols.len()).then_some(table)
    }

    /// The next code, whose bits are not passed over yet. At least 16 bits must be held.
    #[inline]
    pub fn code(&self, bits: &Bits<'_>) -> Result<Code, Fault> {
        match self.lookup[bits.peek(LOOKUP_BITS)] {
            Code { length: 0, .. } => self.long_code(bits),
            code => Ok(code),
        }
    }

    #[inline(never)]
    fn long_code(&self, bits: &Bits<'_>) -> Result<Code, Fault> {
        for length in LOOKUP_BITS + 1..=16 {
            let code = bits.peek(length);
            if code < self.ends[length as usize] {
                let index = code.wrapping_add(self.offsets[length as usize]);
                let symbol = *self.symbols.get(index).ok_or(Fault::Code)?;
                return Ok(Code::new(length as u8, symbol));
            }
        }
        Err(Fault::Code)
    }

    /// The symbol of the next code.
    #[inline]
    pub fn symbol(&self, bits: &mut Bits<'_>) -> Result<u8, Fault> {
        bits.refill();
        let code = self.code(bits)?;
        bits.skip(code.length.into());
        Ok(code.symbol)
    }
}
