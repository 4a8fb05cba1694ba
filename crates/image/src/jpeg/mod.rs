//! JPEG, from its bytes to pixels; or why it does not hold all of its picture.
//!
//! Decoders fill what is missing with grey and succeed; in an inspection that is a false or a missed
//! defect. So every segment and every code of every block is held to the standard (ITU-T T.81): what an
//! encoder cannot have written is damage. The pixels are those of libjpeg, to the last bit.

mod bits;
mod coder;
mod colours;
mod dct;
mod fault;
mod frame;
mod huffman;
mod plane;
mod samples;
mod scan;
mod tables;

use self::colours::Hints;
pub use self::colours::{Colours, Jpeg};
use self::frame::{Frame, be};
use self::plane::Plane;
use self::scan::Scan;
use self::tables::Tables;
pub use self::tables::USUAL_HUFFMAN;
use crate::file_error::Reason;

/// Scans that are read at most: encoders write under 20, and each may cost a walk through the whole picture.
const MOST_SCANS: usize = 100;

/// Decodes a JPEG, from its first to its last byte. Bytes behind its end marker are allowed: several
/// cameras append data. `fits` is told its width, height and the bytes of memory that a pixel
/// takes, before anything is decoded.
///
/// # Errors
/// Those of `fits`, [`Reason::Truncated`], [`Reason::Damaged`], or [`Reason::Unsupported`] for a kind that
/// is not read.
pub fn read(
    bytes: &[u8],
    fits: impl Fn(u32, u32, u64) -> Result<(), Reason>,
) -> Result<Jpeg, Reason> {
    let mut tables = Tables::default();
    let mut frame: Option<Frame> = None;
    let mut hints = Hints::default();
    let mut at = 2;
    let mut scans = 0;
    loop {
        let code;
        (code, at) = marker(bytes, at)?;
        match code {
            // Parameters do not follow: TEM, RST of an interval without anything in it.
            0x01 | 0xD0..=0xD7 => continue,
            0xD8 => return Err(Reason::Damaged("it begins a second time".into())),
            0xD9 => break,
            // Reserved, of hierarchical JPEGs, or of JPEG-LS and the like: of no use to what is read, so that it
            // was another marker.
            0x02..=0xBF | 0xDE | 0xDF | 0xF0..=0xF6 | 0xF8..=0xFD => {
                return Err(malformed("marker"));
            }
            _ => {}
        }
        let segment = segment(bytes, at)?;
        at += 2 + segment.len();
        match code {
            0xC4 => tables.define_huffman(segment)?,
            0xDB => tables.define_quantisation(segment)?,
            0xDD => tables.define_restarts(segment)?,
            // JPG, DAC: of no use to what is read.
            0xC8 | 0xCC => {}
            0xC0..=0xCF | 0xF7 if frame.is_some() => return Err(malformed("frame header")),
            0xC0..=0xCF | 0xF7 => frame = Some(Frame::parse(code, segment, &fits)?),
            0xDA if scans == MOST_SCANS => {
                let many = format!("JPEG with more than {MOST_SCANS} scans");
                return Err(Reason::Unsupported(many));
            }
            0xDA => {
                scans += 1;
                let frame = frame
                    .as_mut()
                    .ok_or_else(|| malformed("order of segments"))?;
                let scan = Scan::begin(segment, frame, &tables)?;
                if scan.lacks_tables(&tables) {
                    tables.define_usual();
                }
                if scan.lacks_tables(&tables) {
                    return Err(Reason::Damaged("a Huffman table is missing".into()));
                }
                at = scan.read(bytes, at, frame, &tables)?;
            }
            0xE0..=0xEF => hints.read(code, segment),
            _ => {}
        }
    }
    let mut frame = frame.ok_or_else(|| Reason::Damaged("it holds no picture".into()))?;
    frame.complete()?;
    Ok(Jpeg {
        width_px: frame.width,
        height_px: frame.height,
        colours: hints.colours(&frame)?,
        planes: Plane::all(&mut frame),
        exif: hints.exif,
        unknown_revision: hints.unknown_revision,
    })
}

/// The code of the marker at a position, behind fill bytes, and the position behind it.
fn marker(bytes: &[u8], at: usize) -> Result<(u8, usize), Reason> {
    let rest = bytes.get(at..).unwrap_or_default();
    let fill = rest.iter().take_while(|&&byte| byte == 0xFF).count();
    match rest.get(fill) {
        None => Err(END_MISSING),
        Some(0) => Err(malformed("marker")),
        Some(_) if fill == 0 => Err(Reason::Damaged(format!(
            "stray bytes lie between its segments, {at} bytes from its beginning"
        ))),
        Some(&code) => Ok((code, at + fill + 1)),
    }
}

/// What a marker's segment holds; its length counts its own two bytes.
fn segment(bytes: &[u8], at: usize) -> Result<&[u8], Reason> {
    let &[high, low] = bytes.get(at..at + 2).ok_or(END_MISSING)? else {
        return Err(END_MISSING);
    };
    if be(high, low) < 2 {
        return Err(malformed("segment's length"));
    }
    bytes.get(at + 2..at + be(high, low)).ok_or(END_MISSING)
}

const END_MISSING: Reason = Reason::Truncated("the JPEG end marker is missing");

/// That a part of a JPEG is not what the standard says.
fn malformed(what: &str) -> Reason {
    Reason::Damaged(format!("a {what} is malformed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A progressive JPEG of one black block, whose coefficients but the first come alone: above this bit, and
    /// then each bit below it.
    fn one_by_one(low: u8) -> Vec<u8> {
        let mut file = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
        file.extend([1; 64]);
        file.extend([0xFF, 0xC2, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
        // One code, of one bit: no difference to the block before, or no further coefficient.
        for table in [0x00, 0x10] {
            file.extend([0xFF, 0xC4, 0, 20, table, 1]);
            file.extend([0; 16]);
        }
        let mut scan = |k: u8, bits: u8| {
            file.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, k, k, bits, 0x7F]);
        };
        scan(0, 0);
        for k in 1..64 {
            scan(k, low);
            for bit in (0..low).rev() {
                scan(k, (bit + 1) << 4 | bit);
            }
        }
        file.extend([0xFF, 0xD9]);
        file
    }

    fn refused(file: &[u8]) -> Option<Reason> {
        read(file, |_, _, _| Ok(())).err()
    }

    #[test]
    fn a_table_behind_a_marker_of_nothing_is_missed() {
        let file = one_by_one(0);
        let tables = file.windows(2).position(|pair| pair == [0xFF, 0xC4]);
        let tables = tables.unwrap_or_default();
        for flipped in [0x84, 0x44, 0xDE, 0xF4] {
            let mut wrong = file.clone();
            wrong[tables + 1] = flipped;
            assert_eq!(refused(&wrong), Some(malformed("marker")));
        }
    }

    #[test]
    fn more_scans_than_any_encoder_writes_are_not_read() {
        assert_eq!(refused(&one_by_one(0)), None);
        let many = Reason::Unsupported("JPEG with more than 100 scans".into());
        assert_eq!(refused(&one_by_one(1)), Some(many));
    }
}
