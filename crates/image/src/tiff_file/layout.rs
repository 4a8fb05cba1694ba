//! How the pixels of one page of a TIFF file are stored, by its tags (TIFF 6.0; Adobe's and libtiff's additions).

use super::directory::{ByteOrder, Directory, damaged};
use crate::file_error::Reason;

mod tag {
    pub(super) const NEW_SUBFILE_TYPE: u16 = 254;
    pub(super) const SUBFILE_TYPE: u16 = 255;
    pub(super) const WIDTH: u16 = 256;
    pub(super) const HEIGHT: u16 = 257;
    pub(super) const BITS: u16 = 258;
    pub(super) const COMPRESSION: u16 = 259;
    pub(super) const PHOTOMETRIC: u16 = 262;
    pub(super) const FILL_ORDER: u16 = 266;
    pub(super) const STRIP_OFFSETS: u16 = 273;
    pub(super) const ORIENTATION: u16 = 274;
    pub(super) const SAMPLES: u16 = 277;
    pub(super) const ROWS_PER_STRIP: u16 = 278;
    pub(super) const STRIP_BYTES: u16 = 279;
    pub(super) const PLANES: u16 = 284;
    pub(super) const PREDICTOR: u16 = 317;
    pub(super) const COLOUR_MAP: u16 = 320;
    pub(super) const TILE_WIDTH: u16 = 322;
    pub(super) const TILE_HEIGHT: u16 = 323;
    pub(super) const TILE_OFFSETS: u16 = 324;
    pub(super) const TILE_BYTES: u16 = 325;
    pub(super) const SUB_DIRECTORIES: u16 = 330;
    pub(super) const INK_SET: u16 = 332;
    pub(super) const EXTRA_SAMPLES: u16 = 338;
    pub(super) const SAMPLE_FORMAT: u16 = 339;
    pub(super) const JPEG_TABLES: u16 = 347;
    pub(super) const CHROMA_SUBSAMPLING: u16 = 530;
    pub(super) const REFERENCE_LEVELS: u16 = 532;
}

/// The tags that are asked for.
pub(super) const TAGS: [u16; 27] = [
    tag::NEW_SUBFILE_TYPE,
    tag::SUBFILE_TYPE,
    tag::WIDTH,
    tag::HEIGHT,
    tag::BITS,
    tag::COMPRESSION,
    tag::PHOTOMETRIC,
    tag::FILL_ORDER,
    tag::STRIP_OFFSETS,
    tag::ORIENTATION,
    tag::SAMPLES,
    tag::ROWS_PER_STRIP,
    tag::STRIP_BYTES,
    tag::PLANES,
    tag::PREDICTOR,
    tag::COLOUR_MAP,
    tag::TILE_WIDTH,
    tag::TILE_HEIGHT,
    tag::TILE_OFFSETS,
    tag::TILE_BYTES,
    tag::SUB_DIRECTORIES,
    tag::INK_SET,
    tag::EXTRA_SAMPLES,
    tag::SAMPLE_FORMAT,
    tag::JPEG_TABLES,
    tag::CHROMA_SUBSAMPLING,
    tag::REFERENCE_LEVELS,
];

/// Those that say whether a page is a picture of its own, or a smaller one of another.
pub(super) const KIND_TAGS: [u16; 4] = [
    tag::NEW_SUBFILE_TYPE,
    tag::SUBFILE_TYPE,
    tag::WIDTH,
    tag::HEIGHT,
];

/// Those that say where the further pictures of a page lie.
pub(super) const WITHIN_TAGS: [u16; 1] = [tag::SUB_DIRECTORIES];

/// How the bytes of a strip or tile are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Fax4,
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
}

/// What was done to the values before they were compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Predictor {
    None,
    /// Each value is the difference to the one before it in its row.
    Horizontal,
    /// The same of the bytes of floating-point values, the highest bytes of a row first.
    FloatingPoint,
}

/// What the values of a pixel mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    Cmyk,
    YCbCr,
}

impl Meaning {
    /// Values of a pixel that are its colour.
    pub(super) fn channels(self) -> usize {
        match self {
            Self::WhiteIsZero | Self::BlackIsZero | Self::Palette => 1,
            Self::Rgb | Self::YCbCr => 3,
            Self::Cmyk => 4,
        }
    }
}

/// What the first value behind the colours is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alpha {
    None,
    /// The colours are multiplied by it already.
    Associated,
    Unassociated,
}

/// One page.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) order: ByteOrder,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Of each value: 1 to 16, or 32 where they are floating-point ones.
    pub(super) bits: usize,
    pub(super) is_float: bool,
    /// Values of a pixel.
    pub(super) samples: usize,
    pub(super) meaning: Meaning,
    pub(super) alpha: Alpha,
    pub(super) compression: Compression,
    pub(super) predictor: Predictor,
    /// Whether the lowest bit of a byte is the first one.
    pub(super) low_bit_first: bool,
    /// Whether each value of the pixels has strips or tiles of its own.
    pub(super) is_planar: bool,
    pub(super) is_tiled: bool,
    /// Width and height of a strip or tile.
    pub(super) chunk: (usize, usize),
    /// Where each strip or tile begins, and how many bytes it has.
    pub(super) chunks: Vec<(u64, u64)>,
    /// Whether the file does not say how many.
    pub(super) lacks_lengths: bool,
    /// Red, green, blue, one after the other; 16 bits a value.
    pub(super) palette: Vec<u64>,
    pub(super) jpeg_tables: Vec<u8>,
    /// As in EXIF, 1 to 8.
    pub(super) orientation: u8,
}

/// Width and height of a page, as they are stored.
pub(super) fn stored_px(page: &Directory) -> (u64, u64) {
    let side = |tag| page.first(tag).unwrap_or(0);
    (side(tag::WIDTH), side(tag::HEIGHT))
}

/// How a page is to be turned, as in EXIF.
pub(super) fn orientation(page: &Directory) -> u8 {
    let orientation = page.first(tag::ORIENTATION);
    orientation.map_or(1, |value| u8::try_from(value).unwrap_or(1))
}

/// Whether a page is no picture of its own: a smaller version of another one, or what is transparent in it.
pub(super) fn is_secondary(page: &Directory) -> bool {
    let kind = page.first(tag::NEW_SUBFILE_TYPE).unwrap_or(0);
    kind & 0b101 != 0 || page.first(tag::SUBFILE_TYPE) == Some(2)
}

/// Where the further pictures of a page lie.
pub(super) fn sub_directories(page: &Directory) -> &[u64] {
    page.all(tag::SUB_DIRECTORIES)
}

/// Whether a page has integers of 16 bits a value, of which fewer may be used.
pub(super) fn has_sixteen_bits(page: &Directory) -> bool {
    page.first(tag::BITS) == Some(16)
        && matches!(page.first(tag::SAMPLE_FORMAT), None | Some(1 | 4))
}

impl Layout {
    /// Reads the tags of a page.
    ///
    /// # Errors
    /// [`Reason::Unsupported`] for what is not read, [`Reason::Damaged`] for what cannot be.
    pub(super) fn of(page: &Directory, order: ByteOrder) -> Result<Self, Reason> {
        let number = |tag, otherwise| page.first(tag).unwrap_or(otherwise);
        let (width, height) = stored_px(page);
        let (Ok(width_px), Ok(height_px)) = (u32::try_from(width), u32::try_from(height)) else {
            return Err(damaged(format!("{width} x {height} pixels")));
        };
        if width == 0 || height == 0 {
            return Err(Reason::NoPixels {
                width: width_px,
                height: height_px,
            });
        }
        let samples = number(tag::SAMPLES, 1) as usize;
        let bits = page.all(tag::BITS);
        if bits.is_empty() && samples > 1 {
            return Err(damaged("it does not say how many bits its values have"));
        }
        let bits = match (
            bits.first(),
            bits.iter().all(|each| Some(each) == bits.first()),
        ) {
            (first, true) => first.copied().unwrap_or(1),
            _ => {
                return Err(unsupported(format!(
                    "{bits:?} bits in the values of a pixel"
                )));
            }
        };
        let is_float = is_float(page.all(tag::SAMPLE_FORMAT), bits)?;
        let compression = compression(number(tag::COMPRESSION, 1))?;
        let meaning = meaning(page, compression, bits)?;
        let channels = meaning.channels();
        if !(channels..=channels + 64).contains(&samples) {
            return Err(damaged(format!("{samples} values a pixel")));
        }
        let predictor = match (number(tag::PREDICTOR, 1), compression) {
            (1, _) => Predictor::None,
            // Where nothing was compressed by repetition there is none, whatever the tag says.
            (
                _,
                Compression::None | Compression::Fax4 | Compression::Jpeg | Compression::PackBits,
            ) => Predictor::None,
            (2, _) if matches!(bits, 8 | 16 | 32) => Predictor::Horizontal,
            (3, _) if is_float => Predictor::FloatingPoint,
            (other, _) => {
                return Err(unsupported(format!(
                    "predictor {other} of {bits} bits a value"
                )));
            }
        };
        let is_tiled = page.first(tag::TILE_OFFSETS).is_some();
        let chunk = match is_tiled {
            true => (number(tag::TILE_WIDTH, 0), number(tag::TILE_HEIGHT, 0)),
            false => (width, number(tag::ROWS_PER_STRIP, height).min(height)),
        };
        let is_planar = number(tag::PLANES, 1) == 2 && samples > 1;
        let mut layout = Self {
            order,
            width: width as usize,
            height: height as usize,
            bits: bits as usize,
            is_float,
            samples,
            meaning,
            alpha: alpha(page.all(tag::EXTRA_SAMPLES), channels, samples),
            compression,
            predictor,
            low_bit_first: number(tag::FILL_ORDER, 1) == 2,
            is_planar,
            is_tiled,
            chunk: (chunk.0 as usize, chunk.1 as usize),
            chunks: Vec::new(),
            lacks_lengths: page.all(lengths_tag(is_tiled)).is_empty(),
            palette: page.all(tag::COLOUR_MAP).to_vec(),
            jpeg_tables: page
                .all(tag::JPEG_TABLES)
                .iter()
                .map(|byte| *byte as u8)
                .collect(),
            orientation: orientation(page),
        };
        layout.validate_chunk()?;
        layout.chunks = layout.chunks_of(page);
        layout.validate()?;
        Ok(layout)
    }

    /// Where the strips or tiles lie. Those that are not compressed are as long as their pixels need.
    fn chunks_of(&self, page: &Directory) -> Vec<(u64, u64)> {
        let offsets = match self.is_tiled {
            true => tag::TILE_OFFSETS,
            false => tag::STRIP_OFFSETS,
        };
        let offsets = page.all(offsets).iter().copied();
        if !(self.lacks_lengths && self.compression == Compression::None) {
            let lengths = page.all(lengths_tag(self.is_tiled)).iter().copied();
            return offsets.zip(lengths).collect();
        }
        let (across, down) = self.grid();
        let length = |index: usize| self.stored_rows(index / across % down) * self.row_bytes();
        let offsets = offsets.enumerate();
        offsets
            .map(|(index, offset)| (offset, length(index) as u64))
            .collect()
    }

    /// Strips or tiles of one plane, across and down.
    pub(super) fn grid(&self) -> (usize, usize) {
        (
            self.width.div_ceil(self.chunk.0),
            self.height.div_ceil(self.chunk.1),
        )
    }

    /// Rows that a strip or tile holds in this row of the grid: a strip may end with the picture, a tile does not.
    pub(super) fn stored_rows(&self, row: usize) -> usize {
        match self.is_tiled {
            true => self.chunk.1,
            false => self.chunk.1.min(self.height - row * self.chunk.1),
        }
    }

    /// Strips or tiles that the picture is made of.
    fn expected_chunks(&self) -> usize {
        let (across, down) = self.grid();
        across * down * if self.is_planar { self.samples } else { 1 }
    }

    /// Whether there are more strips or tiles.
    pub(super) fn has_more_chunks(&self) -> bool {
        self.chunks.len() > self.expected_chunks()
    }

    /// Values of a pixel in one strip or tile.
    pub(super) fn chunk_samples(&self) -> usize {
        if self.is_planar { 1 } else { self.samples }
    }

    /// Bytes of a row of a strip or tile.
    pub(super) fn row_bytes(&self) -> usize {
        (self.chunk.0 * self.chunk_samples() * self.bits).div_ceil(8)
    }

    fn validate_chunk(&self) -> Result<(), Reason> {
        // A tile may be larger than the picture, but not without end.
        let most = (self.width * self.height).saturating_mul(4).max(1 << 20);
        let (width, height) = self.chunk;
        if !(1..=most).contains(&width.saturating_mul(height)) {
            return Err(damaged(format!("tiles of {width} x {height} pixels")));
        }
        Ok(())
    }

    fn validate(&self) -> Result<(), Reason> {
        let expected = self.expected_chunks();
        if self.lacks_lengths && self.compression != Compression::None {
            return Err(damaged("it does not say how long its strips or tiles are"));
        }
        if self.chunks.len() < expected {
            let found = self.chunks.len();
            return Err(damaged(format!("{found} of {expected} strips or tiles")));
        }
        if lie_upon_one_another(&self.chunks[..expected]) {
            return Err(damaged("strips or tiles lie upon one another"));
        }
        if self.meaning == Meaning::Palette && self.palette.len() < 3 << self.bits {
            let found = self.palette.len();
            return Err(damaged(format!(
                "a palette of {found} values for {} bits",
                self.bits
            )));
        }
        Ok(())
    }
}

fn unsupported(what: impl Into<String>) -> Reason {
    Reason::Unsupported(format!("a TIFF with {}", what.into()))
}

/// Whether the values are floating-point ones; refuses all but them, of 32 bits, and integers of up to 16.
fn is_float(formats: &[u64], bits: u64) -> Result<bool, Reason> {
    let format = formats.first().copied().unwrap_or(1);
    if formats.iter().any(|other| *other != format) {
        return Err(unsupported("values of several kinds in a pixel"));
    }
    match (format, bits) {
        (1 | 4, 1..=16) => Ok(false),
        (3, 32) => Ok(true),
        (1 | 4, _) => Err(unsupported(format!(
            "integers of {bits} bits; up to 16 are read"
        ))),
        (2, _) => Err(unsupported(format!(
            "signed integers of {bits} bits; unsigned ones are read"
        ))),
        (3, _) => Err(unsupported(format!(
            "floating-point values of {bits} bits; 32 are read"
        ))),
        _ => Err(unsupported("complex numbers")),
    }
}

fn compression(code: u64) -> Result<Compression, Reason> {
    let name = match code {
        1 => return Ok(Compression::None),
        4 => return Ok(Compression::Fax4),
        5 => return Ok(Compression::Lzw),
        7 => return Ok(Compression::Jpeg),
        8 | 0x80B2 => return Ok(Compression::Deflate),
        0x8005 => return Ok(Compression::PackBits),
        2 | 3 => "CCITT group 3",
        6 => "old-style JPEG",
        34712 | 33003 | 33005 => "JPEG 2000",
        34887 => "LERC",
        34925 => "LZMA",
        50000 => "Zstandard",
        50001 => "WebP",
        50002 | 52546 => "JPEG XL",
        _ => return Err(unsupported(format!("compression {code}"))),
    };
    Err(unsupported(format!(
        "{name} compression; none, LZW, Deflate, PackBits, JPEG and CCITT group 4 are read"
    )))
}

fn meaning(page: &Directory, compression: Compression, bits: u64) -> Result<Meaning, Reason> {
    let meaning = match page.first(tag::PHOTOMETRIC) {
        Some(0) => Meaning::WhiteIsZero,
        Some(1) => Meaning::BlackIsZero,
        Some(2) => Meaning::Rgb,
        Some(3) => Meaning::Palette,
        Some(5) => Meaning::Cmyk,
        Some(6) => Meaning::YCbCr,
        None => return Err(damaged("it does not say what its values mean")),
        Some(8..=10) => return Err(unsupported("L*a*b* colours")),
        Some(32803) => return Err(unsupported("a camera's raw colour filter pattern")),
        Some(34892) => return Err(unsupported("a camera's raw colours")),
        Some(other) => return Err(unsupported(format!("colours of kind {other}"))),
    };
    let jpeg = compression == Compression::Jpeg;
    match meaning {
        _ if jpeg && bits != 8 => Err(unsupported(format!("JPEG of {bits} bits; 8 are read"))),
        Meaning::Cmyk if jpeg => Err(unsupported("CMYK colours compressed as JPEG")),
        Meaning::Cmyk if !matches!(page.first(tag::INK_SET), None | Some(1)) => Err(unsupported(
            "inks other than cyan, magenta, yellow and black",
        )),
        Meaning::Palette if bits > 8 => Err(unsupported(format!(
            "palette indices of {bits} bits; up to 8 are read"
        ))),
        // What libtiff takes for granted where the tags are missing.
        Meaning::YCbCr if !jpeg && (page.all(tag::CHROMA_SUBSAMPLING) != [1, 1] || bits != 8) => {
            Err(unsupported(
                "YCbCr colours of lower resolution that are not compressed as JPEG",
            ))
        }
        Meaning::YCbCr if !jpeg && !has_full_range(page.all(tag::REFERENCE_LEVELS)) => {
            Err(unsupported("YCbCr colours of a range other than 0 to 255"))
        }
        meaning => Ok(meaning),
    }
}

/// Whether the levels of black and white of Y, Cb and Cr, fractions, are those of JPEG; the usual ones
/// where there are none.
fn has_full_range(levels: &[u64]) -> bool {
    let usual = [0, 255, 128, 255, 128, 255];
    let levels = levels.as_chunks::<2>().0.iter();
    levels
        .zip(usual)
        .all(|([numerator, denominator], level)| *numerator == level * denominator)
}

fn alpha(extra: &[u64], channels: usize, samples: usize) -> Alpha {
    match extra.first() {
        _ if samples == channels => Alpha::None,
        Some(1) => Alpha::Associated,
        Some(2) => Alpha::Unassociated,
        // Several programs write an alpha channel without saying so.
        None if samples == channels + 1 => Alpha::Unassociated,
        _ => Alpha::None,
    }
}

/// Whether strips or tiles share some of their bytes, or those of the file's head. Programs that write tiles of
/// one colour once only have them in common as a whole; all of them are the same in no picture.
fn lie_upon_one_another(chunks: &[(u64, u64)]) -> bool {
    /// Bytes before the first directory can begin.
    const HEAD_BYTES: u64 = 8;
    let mut places: Vec<(u64, u64)> = chunks.iter().copied().filter(|chunk| chunk.1 > 0).collect();
    places.sort_unstable();
    let count = places.len();
    places.dedup();
    let overlap = |pair: &[(u64, u64)]| pair[0].0.saturating_add(pair[0].1) > pair[1].0;
    places.first().is_some_and(|first| first.0 < HEAD_BYTES)
        || count > 1 && places.len() == 1
        || places.windows(2).any(overlap)
}

/// The tag that says how many bytes strips or tiles have.
fn lengths_tag(is_tiled: bool) -> u16 {
    match is_tiled {
        true => tag::TILE_BYTES,
        false => tag::STRIP_BYTES,
    }
}
