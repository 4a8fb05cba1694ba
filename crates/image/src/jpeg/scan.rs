//! The data of one scan, walked code by code (ITU-T T.81, annexes F.2 and G.2).

use super::bits::{Bits, unescape};
use super::fault::Fault;
use super::frame::{Component, Frame};
use super::huffman::{END, Table};
use super::tables::Tables;
use super::{END_MISSING, malformed};
use crate::file_error::Reason;

/// What a scan brings of which components: the segment of an SOS marker (B.2.3).
pub struct Scan {
    parts: Vec<Part>,
    /// First and last coefficient, in zigzag order.
    band: (usize, usize),
    /// Lowest bit of its coefficients that came before, 0 for none.
    high: u8,
    /// Lowest bit of its coefficients that comes now.
    low: u8,
}

/// A component of a scan.
#[derive(Clone, Copy)]
struct Part {
    component: usize,
    dc: usize,
    ac: usize,
}

/// What goes on from block to block and is forgotten at restart markers.
#[derive(Default)]
struct Running {
    /// By part: the first coefficient of the block before.
    dc: [i32; 4],
    /// Further blocks whose band holds nothing new.
    empty_blocks: usize,
}

/// What the codes of a part are held to.
struct Coder<'t> {
    /// Where first coefficients are coded.
    dc: Option<&'t Table>,
    /// Where others are.
    ac: Option<&'t Table>,
    band: (usize, usize),
    dc_max: i32,
    /// By coefficient: how many bits its magnitude may have; beyond the last one none.
    bits_max: [u8; 256],
}

impl Scan {
    /// From its segment, noting in the frame what the scan brings.
    ///
    /// # Errors
    /// [`Reason::Damaged`] where it is malformed or does not fit to the scans before.
    pub fn begin(segment: &[u8], frame: &mut Frame) -> Result<Self, Reason> {
        let wrong = || malformed("scan header");
        let (&count, rest) = segment.split_first().ok_or_else(wrong)?;
        let (parts, rest) = rest
            .split_at_checked(2 * usize::from(count))
            .ok_or_else(wrong)?;
        let &[first, last, bits] = rest else {
            return Err(wrong());
        };
        let mut scan = Self {
            parts: Vec::new(),
            band: (first.into(), last.into()),
            high: bits >> 4,
            low: bits & 15,
        };
        for &[id, tables] in parts.as_chunks::<2>().0 {
            let component = frame.find(id).ok_or_else(wrong)?;
            let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
            if dc > 3 || ac > 3 || scan.parts.iter().any(|part| part.component == component) {
                return Err(wrong());
            }
            scan.parts.push(Part { component, dc, ac });
        }
        let single = count == 1;
        let fits = match (frame.progressive, scan.band) {
            (false, band) => band == (0, 63) && scan.high == 0 && scan.low == 0,
            (true, (0, last)) => last == 0,
            (true, (first, last)) => single && first <= last && last < 64,
        };
        if !fits || count == 0 || scan.low > 13 || scan.high > 0 && scan.high != scan.low + 1 {
            return Err(wrong());
        }
        for part in &scan.parts {
            let component = &mut frame.components[part.component];
            if scan.band.0 > 0 && component.lowest_bits[0].is_none() {
                return Err(Reason::Damaged("a scan is missing".into()));
            }
            for bit in &mut component.lowest_bits[scan.band.0..=scan.band.1] {
                if bit.unwrap_or(0) != scan.high || scan.high == 0 && bit.is_some() {
                    return Err(Reason::Damaged("a scan is missing or comes twice".into()));
                }
                *bit = Some(scan.low);
            }
            if frame.progressive && scan.band.0 > 0 && component.nonzero.is_empty() {
                component.nonzero = vec![0; component.blocks.0 * component.blocks.1];
            }
        }
        Ok(scan)
    }

    /// Whether this scan brings every component of its frame.
    pub fn is_whole(&self, frame: &Frame) -> bool {
        self.parts.len() == frame.components.len()
    }

    /// Whether it refers to a Huffman table that is not defined.
    pub fn lacks_tables(&self, tables: &Tables) -> bool {
        let (first, last) = self.band;
        self.parts.iter().any(|part| {
            first == 0 && self.high == 0 && tables.dc[part.dc].is_none()
                || last > 0 && tables.ac[part.ac].is_none()
        })
    }

    /// Walks the data behind the header and gives the position of the marker that ends them.
    ///
    /// # Errors
    /// [`Reason::Damaged`] with what is wrong, and where.
    pub fn walk(
        &self,
        bytes: &[u8],
        at: usize,
        frame: &mut Frame,
        tables: &Tables,
    ) -> Result<usize, Reason> {
        let coders: Vec<Coder<'_>> = self
            .parts
            .iter()
            .map(|part| self.coder(part, &frame.components[part.component], tables))
            .collect::<Result<_, _>>()?;
        let mut nonzero = match self.parts[..] {
            [part] => std::mem::take(&mut frame.components[part.component].nonzero),
            _ => Vec::new(),
        };
        let progressive = frame.progressive;
        let walked = self.mcus(bytes, at, frame, tables, |bits, running, part, mcu| {
            let coder = &coders[part];
            match (progressive, self.band.0, self.high) {
                (false, ..) => coder.sequential(bits, &mut running.dc[part]),
                (true, 0, 0) => coder.first_dc(bits, &mut running.dc[part]),
                (true, 0, _) => {
                    bits.number(1);
                    Ok(())
                }
                (true, _, 0) => coder.first_ac(bits, &mut running.empty_blocks, &mut nonzero[mcu]),
                (true, ..) => coder.refine_ac(bits, &mut running.empty_blocks, &mut nonzero[mcu]),
            }
        });
        if let [part] = self.parts[..] {
            frame.components[part.component].nonzero = nonzero;
        }
        walked
    }

    fn coder<'t>(
        &self,
        part: &Part,
        component: &Component,
        tables: &'t Tables,
    ) -> Result<Coder<'t>, Reason> {
        // By definition of the DCT pixels of 8 bits give no more than this, but for one step of rounding.
        // Encoders that sharpen clipped pixels exceed the AC bound, 928, by a quarter.
        const DC_MAX: i32 = 1024;
        const AC_MAX: i32 = 1280;
        let steps = tables.quantisation[component.quantisation]
            .as_ref()
            .ok_or_else(|| Reason::Damaged("a quantisation table is missing".into()))?;
        let levels = |max: i32, step: u16| (max / i32::from(step) + 1) >> self.low;
        let mut bits_max = [0; 256];
        for k in self.band.0.max(1)..=self.band.1 {
            let bits = i32::BITS - levels(AC_MAX, steps[k]).leading_zeros();
            bits_max[k] = bits.clamp(1, 10) as u8;
        }
        Ok(Coder {
            dc: tables.dc[part.dc].as_ref(),
            ac: tables.ac[part.ac].as_ref(),
            band: self.band,
            // Half-sent negative ones are rounded down.
            dc_max: levels(DC_MAX, steps[0]) + i32::from(self.low > 0),
            bits_max,
        })
    }

    /// Calls `block` for every block in the order of the data: bits, what goes on, index of the part,
    /// number of the MCU. Gives the position of the marker behind.
    fn mcus(
        &self,
        bytes: &[u8],
        mut at: usize,
        frame: &Frame,
        tables: &Tables,
        mut block: impl FnMut(&mut Bits<'_>, &mut Running, usize, usize) -> Result<(), Fault>,
    ) -> Result<usize, Reason> {
        let ((wide, high), blocks) = match self.parts[..] {
            [part] => (frame.components[part.component].blocks, vec![1]),
            _ => {
                let blocks = |part: &Part| {
                    let (h, v) = frame.components[part.component].sampling;
                    h * v
                };
                (frame.mcus(), self.parts.iter().map(blocks).collect())
            }
        };
        let mcus = wide * high;
        let interval = match tables.restart_interval {
            0 => mcus,
            interval => interval,
        };
        let intervals = mcus.div_ceil(interval);
        let found = if intervals > 1 {
            1 + restarts(&bytes[at..])
        } else {
            1
        };
        if found < intervals {
            let lost = intervals - found;
            let lost = format!("{lost} of {intervals} restart intervals are missing");
            return Err(damaged(&bytes[at..], lost));
        }
        let mut data = Vec::new();
        for number in 0..intervals {
            let mut mcu = number * interval;
            let end = mcus.min(mcu + interval);
            at = unescape(bytes, at, &mut data);
            let mut bits = Bits::new(&data);
            let mut running = Running::default();
            let mut walk = || {
                while mcu < end && !bits.ran_out() {
                    for (part, &count) in blocks.iter().enumerate() {
                        for _ in 0..count {
                            block(&mut bits, &mut running, part, mcu)?;
                        }
                    }
                    mcu += 1;
                }
                bits.end()?;
                if running.empty_blocks > 0 {
                    return Err(Fault::Run);
                }
                Ok(())
            };
            let mut walked = walk();
            if number + 1 < intervals && walked.is_ok() {
                at += bytes[at..].iter().take_while(|&&byte| byte == 0xFF).count();
                let marker = bytes.get(at).map(|&code| usize::from(code));
                if marker == Some(0xD0 + number % 8) {
                    at += 1;
                } else {
                    walked = Err(Fault::Restart);
                }
            }
            if let Err(fault) = walked {
                let row_px = mcu / wide * frame.height / high;
                return Err(damaged(&bytes[at..], fault.words(row_px, frame.height)));
            }
        }
        Ok(at)
    }
}

/// What is wrong with data, or with a file that ends within them.
fn damaged(data: &[u8], words: String) -> Reason {
    if data.windows(2).any(|pair| pair == [0xFF, 0xD9]) {
        Reason::Damaged(words)
    } else {
        END_MISSING
    }
}

/// How many restart markers come before another marker.
fn restarts(data: &[u8]) -> usize {
    let escapes = data.windows(2).filter(|pair| pair[0] == 0xFF);
    escapes
        .map(|pair| pair[1])
        .take_while(|code| matches!(code, 0 | 0xD0..=0xD7 | 0xFF))
        .filter(|code| (0xD0..=0xD7).contains(code))
        .count()
}

impl Coder<'_> {
    /// A block's first coefficient, as a difference to the block before.
    #[inline]
    fn first_dc(&self, bits: &mut Bits<'_>, before: &mut i32) -> Result<(), Fault> {
        let size = self.dc.ok_or(Fault::Code)?.symbol(bits)?;
        if size > 11 {
            return Err(Fault::Value);
        }
        *before += bits.difference(size.into());
        if before.abs() > self.dc_max {
            return Err(Fault::Value);
        }
        Ok(())
    }

    /// All of a block's coefficients at once.
    fn sequential(&self, bits: &mut Bits<'_>, dc_before: &mut i32) -> Result<(), Fault> {
        self.first_dc(bits, dc_before)?;
        let ac = self.ac.ok_or(Fault::Code)?;
        let (mut k, mut symbol) = (0, 0);
        while k < 63 {
            bits.refill();
            let code = ac.code(bits)?;
            bits.skip(code.bits.into());
            k += usize::from(code.advance);
            symbol = code.symbol;
            if code.size() > self.bits_max[k] {
                return Err(if k < 64 { Fault::Value } else { Fault::Run });
            }
        }
        match (k, symbol) {
            (63, _) | (_, 0) => Ok(()),
            _ => Err(Fault::Run),
        }
    }

    /// The higher bits of a band.
    #[inline]
    fn first_ac(
        &self,
        bits: &mut Bits<'_>,
        empty_blocks: &mut usize,
        nonzero: &mut u64,
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
            bits.refill();
            let code = ac.code(bits)?;
            bits.skip(code.bits.into());
            if code.advance == END {
                let zeros = u32::from(code.symbol >> 4);
                *empty_blocks = (1 << zeros) - 1 + bits.number(zeros);
                return Ok(());
            }
            k += usize::from(code.advance);
            if code.size() > self.bits_max[k] {
                return Err(if k <= last { Fault::Value } else { Fault::Run });
            }
            *nonzero |= u64::from(code.size() > 0) << (k & 63);
        }
        if k > last { Err(Fault::Run) } else { Ok(()) }
    }

    /// One more bit of every coefficient of a band that is not zero so far, and new ones.
    fn refine_ac(
        &self,
        bits: &mut Bits<'_>,
        empty_blocks: &mut usize,
        nonzero: &mut u64,
    ) -> Result<(), Fault> {
        let ac = self.ac.ok_or(Fault::Code)?;
        let (mut k, last) = self.band;
        let known = *nonzero;
        let is_known = |k: usize| known >> k & 1 == 1;
        while *empty_blocks == 0 && k <= last {
            let symbol = ac.symbol(bits)?;
            let (mut zeros, size) = (symbol >> 4, symbol & 15);
            match (zeros, size) {
                (15, 0) | (_, 1) => {}
                (_, 0) => {
                    *empty_blocks = (1 << zeros) + bits.number(zeros.into());
                    break;
                }
                _ => return Err(Fault::Code),
            }
            // On to the coefficient behind so many that are zero still; each that is not brings a bit.
            let start = k;
            while k <= last && (zeros > 0 || is_known(k)) {
                zeros -= u8::from(!is_known(k));
                k += 1;
            }
            if k > last {
                return Err(Fault::Run);
            }
            let refined = (start..k).filter(|&k| is_known(k)).count();
            bits.pass(refined as u32 + u32::from(size));
            *nonzero |= u64::from(size) << k;
            k += 1;
        }
        if *empty_blocks > 0 {
            *empty_blocks -= 1;
            let refined = (k..=last).filter(|&k| is_known(k)).count();
            bits.pass(refined as u32);
        }
        Ok(())
    }
}
