//! A JPEG's frame: its size, its components and what of them the scans have brought.

use super::dct::BLOCK;
use super::malformed;
use super::samples::Samples;
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
    /// Its number, or a letter.
    pub id: u8,
    /// Horizontal and vertical sampling factor: blocks of each interleaved MCU.
    pub sampling: (usize, usize),
    /// Which quantisation table.
    pub quantisation: usize,
    /// Blocks in a row and rows of blocks in a scan of this component alone.
    pub blocks: (usize, usize),
    /// By coefficient in zigzag order: lowest bit that a scan has brought, `None` before any.
    pub lowest_bits: [Option<u8>; BLOCK],
    /// Blocks in a row of `samples`: of scans of several components the last ones may lie beyond the picture.
    pub stride: usize,
    /// What its scans have brought.
    pub samples: Samples,
    /// The steps of quantisation in zigzag order that its first scan refers to.
    pub steps: [u16; BLOCK],
}

impl Frame {
    /// From the segment of a start-of-frame marker, 0xC0 to 0xCF or 0xF7.
    ///
    /// # Errors
    /// [`Reason::Unsupported`] for what is not coded by the sequential or progressive DCT with Huffman
    /// codes at 8 bits; [`Reason::Damaged`]; those of `fits`, which is told width, height and the bytes
    /// of memory that a pixel takes.
    pub fn parse(
        code: u8,
        segment: &[u8],
        fits: impl Fn(u32, u32, u64) -> Result<(), Reason>,
    ) -> Result<Self, Reason> {
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
        // Each value as it is stored and as it is shown, and until the last scan of a progressive one its coefficient.
        let progressive = code == 0xC2;
        let value_bytes = if progressive { 4 } else { 2 };
        fits(width as u32, height as u32, value_bytes * u64::from(count))?;
        let max = |side: fn((usize, usize)) -> usize| {
            let sides = components
                .iter()
                .map(|component| side(factors(component[1])));
            sides.max().unwrap_or(1)
        };
        let (h_max, v_max) = (max(|factors| factors.0), max(|factors| factors.1));
        let mcus = (width.div_ceil(8 * h_max), height.div_ceil(8 * v_max));
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
                lowest_bits: [None; BLOCK],
                stride: mcus.0 * h,
                samples: Samples::new(mcus.0 * h, mcus.1 * v, progressive),
                steps: [1; BLOCK],
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
