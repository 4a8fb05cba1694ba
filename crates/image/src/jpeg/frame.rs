//! A JPEG's frame: its size, its components and what of them the scans have brought.

use super::malformed;
use crate::file_error::Reason;

/// The picture that the scans are of (ITU-T T.81, B.2.2).
pub struct Frame {
    /// Coefficients come in several scans, a few bits at a time.
    pub progressive: bool,
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Largest horizontal and vertical sampling factor.
    pub sampling_max: (usize, usize),
    /// Grey, or colours.
    pub components: Vec<Component>,
}

/// Grey, or one colour.
pub struct Component {
    id: u8,
    /// Horizontal and vertical sampling factor: blocks of each interleaved MCU.
    pub sampling: (usize, usize),
    /// Which quantisation table.
    pub quantisation: usize,
    /// Blocks in a row and rows of blocks in a scan of this component alone.
    pub blocks: (usize, usize),
    /// By coefficient in zigzag order: lowest bit that a scan has brought, `None` before any.
    pub lowest_bits: [Option<u8>; 64],
    /// By block: which coefficients but the first are not zero so far. Progressive frames alone.
    pub nonzero: Vec<u64>,
}

impl Frame {
    /// From the segment of a start-of-frame marker, 0xC0 to 0xCF or 0xF7.
    ///
    /// # Errors
    /// [`Reason::Unsupported`] for what is not coded by the sequential or progressive DCT with Huffman
    /// codes at 8 bits; [`Reason::TooManyPixels`], [`Reason::Damaged`].
    pub fn parse(code: u8, segment: &[u8], limit_px: u64) -> Result<Self, Reason> {
        let unsupported = |what: &str| Err(Reason::Unsupported(format!("JPEG with {what}")));
        match code {
            0xC0..=0xC2 => {}
            0xC3 => return unsupported("lossless coding"),
            0xF7 => return unsupported("JPEG-LS coding"),
            0xC5..=0xC7 => return unsupported("hierarchical coding"),
            _ => return unsupported("arithmetic coding"),
        }
        let &[bits, a, b, c, d, count, ref components @ ..] = segment else {
            return Err(malformed("frame header"));
        };
        let (height, width) = (be(a, b), be(c, d));
        if bits != 8 {
            return unsupported(&format!("{bits} bits a value"));
        }
        if height == 0 {
            return unsupported("its height behind its data");
        }
        let (components, rest) = components.as_chunks::<3>();
        let factors = |both: u8| (usize::from(both >> 4), usize::from(both & 15));
        let fair = |&[_, both, table]: &[u8; 3]| {
            let (h, v) = factors(both);
            (1..=4).contains(&h) && (1..=4).contains(&v) && table < 4
        };
        if !rest.is_empty()
            || width == 0
            || !(1..=4).contains(&count)
            || components.len() != usize::from(count)
            || !components.iter().all(fair)
        {
            return Err(malformed("frame header"));
        }
        if (width * height) as u64 > limit_px {
            return Err(Reason::TooManyPixels {
                width: width as u32,
                height: height as u32,
                limit_px,
            });
        }
        let max = |side: fn((usize, usize)) -> usize| {
            let sides = components
                .iter()
                .map(|component| side(factors(component[1])));
            sides.max().unwrap_or(1)
        };
        let (h_max, v_max) = (max(|factors| factors.0), max(|factors| factors.1));
        let progressive = code == 0xC2;
        let components = components.iter().map(|&[id, both, table]| {
            let (h, v) = factors(both);
            let blocks = (
                (width * h).div_ceil(8 * h_max),
                (height * v).div_ceil(8 * v_max),
            );
            Component {
                id,
                sampling: (h, v),
                quantisation: table.into(),
                blocks,
                lowest_bits: [None; 64],
                nonzero: Vec::new(),
            }
        });
        Ok(Self {
            progressive,
            width,
            height,
            sampling_max: (h_max, v_max),
            components: components.collect(),
        })
    }

    /// Whether the first component is not the finest one, or a factor is 3.
    pub fn has_rare_sampling(&self) -> bool {
        let three = |component: &Component| component.sampling.0 == 3 || component.sampling.1 == 3;
        self.components[0].sampling != self.sampling_max || self.components.iter().any(three)
    }

    /// MCUs in a row and rows of them in a scan of several components.
    pub fn mcus(&self) -> (usize, usize) {
        let (h_max, v_max) = self.sampling_max;
        (
            self.width.div_ceil(8 * h_max),
            self.height.div_ceil(8 * v_max),
        )
    }

    /// The component with this identifier.
    pub fn find(&self, id: u8) -> Option<usize> {
        self.components
            .iter()
            .position(|component| component.id == id)
    }

    /// Checks that the scans brought every bit of every component.
    ///
    /// # Errors
    /// Which part is missing.
    pub fn complete(&self) -> Result<(), Reason> {
        let count = self.components.len();
        for (number, component) in (1..).zip(&self.components) {
            if component.lowest_bits[0].is_none() {
                return Err(Reason::Damaged(format!(
                    "component {number} of {count} is missing"
                )));
            }
            if component.lowest_bits.iter().any(|&bit| bit != Some(0)) {
                return Err(Reason::Truncated(
                    "a progressive JPEG without its last scans, which hold the details",
                ));
            }
        }
        Ok(())
    }
}

/// Two bytes, the higher one first.
pub fn be(high: u8, low: u8) -> usize {
    u16::from_be_bytes([high, low]).into()
}
