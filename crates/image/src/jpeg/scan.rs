//! The data of one scan, read code by code (ITU-T T.81, annexes F.2 and G.2).

use super::bits::{Bits, unescape};
use super::coder::Coder;
use super::dct::BLOCK;
use super::fault::Fault;
use super::frame::Frame;
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

impl Scan {
    /// From its segment, noting in the frame what the scan brings.
    ///
    /// # Errors
    /// [`Reason::Damaged`] where it is malformed, does not fit to the scans before, or its table of
    /// quantisation is missing.
    pub fn begin(segment: &[u8], frame: &mut Frame, tables: &Tables) -> Result<Self, Reason> {
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
            if component.lowest_bits[0].is_none() {
                if scan.band.0 > 0 {
                    return Err(Reason::Damaged("a scan is missing".into()));
                }
                component.steps = tables.quantisation[component.quantisation]
                    .ok_or_else(|| Reason::Damaged("a quantisation table is missing".into()))?;
                component.samples.quantise(&component.steps);
            }
            for bit in &mut component.lowest_bits[scan.band.0..=scan.band.1] {
                if bit.unwrap_or(0) != scan.high || scan.high == 0 && bit.is_some() {
                    return Err(Reason::Damaged("a scan is missing or comes twice".into()));
                }
                *bit = Some(scan.low);
            }
        }
        Ok(scan)
    }

    /// Whether it refers to a Huffman table that is not defined.
    pub fn lacks_tables(&self, tables: &Tables) -> bool {
        let (first, last) = self.band;
        self.parts.iter().any(|part| {
            first == 0 && self.high == 0 && tables.dc[part.dc].is_none()
                || last > 0 && tables.ac[part.ac].is_none()
        })
    }

    /// Reads the data behind the header into the samples of the frame, and gives the position of the
    /// marker that ends them.
    ///
    /// # Errors
    /// [`Reason::Damaged`] with what is wrong, and where.
    pub fn read(
        &self,
        bytes: &[u8],
        at: usize,
        frame: &mut Frame,
        tables: &Tables,
    ) -> Result<usize, Reason> {
        let coders = self.parts.iter();
        let coders: Vec<Coder<'_>> = coders
            .map(|part| {
                let (dc, ac) = (tables.dc[part.dc].as_ref(), tables.ac[part.ac].as_ref());
                let steps = &frame.components[part.component].steps;
                Coder::new((dc, ac), self.band, self.low, steps)
            })
            .collect();
        let mut samples: Vec<_> = self
            .parts
            .iter()
            .map(|part| std::mem::take(&mut frame.components[part.component].samples))
            .collect();
        let progressive = frame.progressive;
        let read = self.mcus(bytes, at, frame, tables, |bits, running, part, block| {
            let coder = &coders[part];
            let samples = &mut samples[part];
            if !progressive {
                let mut whole = [0; BLOCK];
                coder.sequential(bits, &mut running.dc[part], &mut whole)?;
                samples.set(block, &whole);
                return Ok(());
            }
            let block = samples.block(block);
            match (self.band.0, self.high) {
                (0, 0) => coder.first_dc(bits, &mut running.dc[part], block),
                (0, _) => {
                    block[0] |= (bits.number(1) as i16) << self.low;
                    Ok(())
                }
                (_, 0) => coder.first_ac(bits, &mut running.empty_blocks, block),
                (_, _) => coder.refine_ac(bits, &mut running.empty_blocks, block),
            }
        });
        for (part, samples) in self.parts.iter().zip(samples) {
            frame.components[part.component].samples = samples;
        }
        read
    }

    /// Calls `block` for every block in the order of the data: bits, what goes on, index of the part,
    /// index among its blocks. Gives the position of the marker behind.
    fn mcus(
        &self,
        bytes: &[u8],
        mut at: usize,
        frame: &Frame,
        tables: &Tables,
        mut block: impl FnMut(&mut Bits<'_>, &mut Running, usize, usize) -> Result<(), Fault>,
    ) -> Result<usize, Reason> {
        // Blocks of each part in an MCU: columns, rows, and blocks in a row of the picture.
        let ((wide, high), blocks) = match self.parts[..] {
            [part] => {
                let component = &frame.components[part.component];
                (component.blocks, vec![(1, 1, component.stride)])
            }
            _ => {
                let blocks = |part: &Part| {
                    let component = &frame.components[part.component];
                    let (h, v) = component.sampling;
                    (h, v, component.stride)
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
                    let (x, y) = (mcu % wide, mcu / wide);
                    for (part, &(h, v, stride)) in blocks.iter().enumerate() {
                        for row in y * v..(y + 1) * v {
                            for column in x * h..(x + 1) * h {
                                block(&mut bits, &mut running, part, row * stride + column)?;
                            }
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
