//! The codes of a block's coefficients (ITU-T T.81, annexes F.2 and G.2).

use super::bits::Bits;
use super::dct::BLOCK;
use super::fault::Fault;
use super::huffman::{END, Table};

/// Where the coefficients of a block, which come in zigzag order, lie in its rows (figure A.6).
#[rustfmt::skip]
pub const ZIGZAG: [u8; BLOCK] = [
     0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Reads the blocks of one component of a scan, and what their codes are held to.
pub struct Coder<'t> {
    /// Where first coefficients are coded.
    dc: Option<&'t Table>,
    /// Where others are.
    ac: Option<&'t Table>,
    /// First and last coefficient, in zigzag order.
    band: (usize, usize),
    dc_max: i32,
    /// By coefficient: how many bits its magnitude may have; beyond the last one none.
    bits_max: [u8; 256],
    /// Lowest bit of its coefficients that comes now.
    low: u8,
}

impl<'t> Coder<'t> {
    /// With the tables of first and of other coefficients, for a band of them down to the bit `low`, and
    /// the steps of their quantisation in zigzag order.
    pub fn new(
        (dc, ac): (Option<&'t Table>, Option<&'t Table>),
        band: (usize, usize),
        low: u8,
        steps: &[u16; BLOCK],
    ) -> Self {
        // By definition of the DCT pixels of 8 bits give no more than this, but for one step of rounding.
        // Encoders that sharpen clipped pixels exceed the AC bound, 928, by a quarter.
        const DC_MAX: i32 = 1024;
        const AC_MAX: i32 = 1280;
        let levels = |max: i32, step: u16| (max / i32::from(step) + 1) >> low;
        let mut bits_max = [0; 256];
        for k in band.0.max(1)..=band.1 {
            let bits = i32::BITS - levels(AC_MAX, steps[k]).leading_zeros();
            bits_max[k] = bits.clamp(1, 10) as u8;
        }
        Self {
            dc,
            ac,
            band,
            // Half-sent negative ones are rounded down.
            dc_max: levels(DC_MAX, steps[0]) + i32::from(low > 0),
            bits_max,
            low,
        }
    }

    /// A block's first coefficient, as a difference to the block before.
    #[inline]
    pub fn first_dc(
        &self,
        bits: &mut Bits<'_>,
        before: &mut i32,
        block: &mut [i16; BLOCK],
    ) -> Result<(), Fault> {
        let size = self.dc.ok_or(Fault::Code)?.symbol(bits)?;
        if size > 11 {
            return Err(Fault::Value);
        }
        *before += bits.difference(size.into());
        if before.abs() > self.dc_max {
            return Err(Fault::Value);
        }
        block[0] = (*before << self.low) as i16;
        Ok(())
    }

    /// All of a block's coefficients at once.
    pub fn sequential(
        &self,
        bits: &mut Bits<'_>,
        dc_before: &mut i32,
        block: &mut [i16; BLOCK],
    ) -> Result<(), Fault> {
        self.first_dc(bits, dc_before, block)?;
        let ac = self.ac.ok_or(Fault::Code)?;
        let (mut k, mut symbol) = (0, 0);
        while k < 63 {
            (k, symbol) = self.next(ac, bits, k, block)?;
        }
        match (k, symbol) {
            (63, _) | (_, 0) => Ok(()),
            _ => Err(Fault::Run),
        }
    }

    /// The coefficient behind that of index `k`, or behind zeros: its index and its code's symbol.
    #[inline]
    fn next(
        &self,
        ac: &Table,
        bits: &mut Bits<'_>,
        mut k: usize,
        block: &mut [i16; BLOCK],
    ) -> Result<(usize, u8), Fault> {
        bits.refill();
        let code = ac.code(bits)?;
        bits.skip(code.length.into());
        k += usize::from(code.advance);
        let size = code.size();
        if size > self.bits_max[k] {
            return Err(if k <= self.band.1 {
                Fault::Value
            } else {
                Fault::Run
            });
        }
        if size > 0 {
            block[usize::from(ZIGZAG[k & 63])] = (bits.difference(size.into()) << self.low) as i16;
        }
        Ok((k, code.symbol))
    }

    /// The higher bits of a band.
    #[inline]
    pub fn first_ac(
        &self,
        bits: &mut Bits<'_>,
        empty_blocks: &mut usize,
        block: &mut [i16; BLOCK],
    ) -> Result<(), Fault> {
        if *empty_blocks > 0 {
            *empty_blocks -= 1;
            return Ok(());
        }
        let ac = self.ac.ok_or(Fault::Code)?;
        let (first, last) = self.band;
        // The coefficient before the next one.
        let mut k = first - 1;
        while k < last {
            let symbol;
            (k, symbol) = self.next(ac, bits, k, block)?;
            if k >= END.into() {
                let zeros = u32::from(symbol >> 4);
                *empty_blocks = (1 << zeros) - 1 + bits.number(zeros);
                return Ok(());
            }
        }
        if k > last { Err(Fault::Run) } else { Ok(()) }
    }

    /// One more bit of every coefficient of a band that is not zero so far, and new ones.
    pub fn refine_ac(
        &self,
        bits: &mut Bits<'_>,
        empty_blocks: &mut usize,
        block: &mut [i16; BLOCK],
    ) -> Result<(), Fault> {
        let ac = self.ac.ok_or(Fault::Code)?;
        let (mut k, last) = self.band;
        let one = 1 << self.low;
        let refine = |coefficient: &mut i16, bits: &mut Bits<'_>| {
            let more = one * bits.number(1) as i16;
            *coefficient += more * coefficient.signum();
        };
        while *empty_blocks == 0 && k <= last {
            let symbol = ac.symbol(bits)?;
            let (mut zeros, size) = (symbol >> 4, symbol & 15);
            let new = match (zeros, size) {
                (_, 1) if bits.number(1) == 1 => one,
                (_, 1) => -one,
                (15, 0) => 0,
                (_, 0) => {
                    *empty_blocks = (1 << zeros) + bits.number(zeros.into());
                    break;
                }
                _ => return Err(Fault::Code),
            };
            // On to the coefficient behind so many that are zero still; each that is not brings a bit.
            loop {
                let Some(&at) = ZIGZAG[..=last].get(k) else {
                    return Err(Fault::Run);
                };
                k += 1;
                match &mut block[usize::from(at)] {
                    place @ 0 if zeros == 0 => {
                        *place = new;
                        break;
                    }
                    0 => zeros -= 1,
                    known => refine(known, bits),
                }
            }
        }
        if *empty_blocks > 0 {
            *empty_blocks -= 1;
            for &at in &ZIGZAG[k..=last] {
                let coefficient = &mut block[usize::from(at)];
                if *coefficient != 0 {
                    refine(coefficient, bits);
                }
            }
        }
        Ok(())
    }
}
