//! The values of a page's pixels, in the order in which people count them: row after row, pixel after pixel.

use super::chunk::unpacked;
use super::directory::ByteOrder;
use super::layout::{Layout, Predictor};
use crate::file_error::Reason;

/// All values of a page, [`Layout::samples`] a pixel.
pub(super) enum Values {
    /// Of up to 8 bits.
    U8(Vec<u8>),
    /// Of 9 to 16 bits.
    U16(Vec<u16>),
    /// Floating-point ones.
    F32(Vec<f32>),
}

impl Values {
    /// Reads all strips or tiles, and says of `holds_more` whether some hold more than the picture.
    ///
    /// # Errors
    /// [`Reason::Truncated`] and [`Reason::Damaged`].
    pub(super) fn read(
        file: &[u8],
        layout: &Layout,
        holds_more: &mut bool,
    ) -> Result<Self, Reason> {
        let order = match layout.predictor {
            Predictor::None => layout.order,
            // What was added up is little endian.
            Predictor::Horizontal | Predictor::FloatingPoint => ByteOrder::Little,
        };
        Ok(match (layout.is_float, layout.bits) {
            (true, _) => Self::F32(assembled(file, layout, holds_more, |row, _| {
                let of = match order {
                    ByteOrder::Little => f32::from_le_bytes,
                    ByteOrder::Big => f32::from_be_bytes,
                };
                row.as_chunks().0.iter().copied().map(of).collect()
            })?),
            (false, 8) => Self::U8(assembled(file, layout, holds_more, |row, _| row.to_vec())?),
            (false, 16) => Self::U16(assembled(file, layout, holds_more, |row, _| {
                let of = match order {
                    ByteOrder::Little => u16::from_le_bytes,
                    ByteOrder::Big => u16::from_be_bytes,
                };
                row.as_chunks().0.iter().copied().map(of).collect()
            })?),
            (false, bits @ ..8) => Self::U8(assembled(file, layout, holds_more, |row, count| {
                packed(row, bits, count).map(|value| value as u8).collect()
            })?),
            (false, bits) => Self::U16(assembled(file, layout, holds_more, |row, count| {
                packed(row, bits, count).collect()
            })?),
        })
    }
}

/// `count` numbers of up to 16 bits, one directly behind the other, the highest bit first.
fn packed(row: &[u8], bits: usize, count: usize) -> impl Iterator<Item = u16> {
    (0..count).map(move |at| {
        let first = at * bits;
        // 16 bits that begin anywhere lie in 3 bytes.
        let bytes = (first / 8..first / 8 + 3).map(|at| row.get(at).copied().unwrap_or(0));
        let window = bytes.fold(0u32, |window, byte| window << 8 | u32::from(byte));
        (window >> (24 - bits - first % 8) & ((1 << bits) - 1)) as u16
    })
}

/// All strips or tiles in their places. `numbers` gives the values of a row of one, of which it is told the
/// count.
fn assembled<T: Copy + Default>(
    file: &[u8],
    layout: &Layout,
    holds_more: &mut bool,
    numbers: impl Fn(&[u8], usize) -> Vec<T>,
) -> Result<Vec<T>, Reason> {
    let (width, samples, own) = (layout.width, layout.samples, layout.chunk_samples());
    let (across, down) = layout.grid();
    let mut values = vec![T::default(); width * layout.height * samples];
    for index in 0..across * down * (samples / own) {
        let (plane, place) = (index / (across * down), index % (across * down));
        let (left, top) = (
            place % across * layout.chunk.0,
            place / across * layout.chunk.1,
        );
        let rows = layout.chunk.1.min(layout.height - top);
        let columns = layout.chunk.0.min(width - left);
        let unpacked = unpacked(file, layout, index, layout.stored_rows(place / across))?;
        *holds_more |= unpacked.holds_more;
        for (y, row) in unpacked
            .bytes
            .chunks_exact(layout.row_bytes())
            .take(rows)
            .enumerate()
        {
            let row = numbers(row, layout.chunk.0 * own);
            let start = ((top + y) * width + left) * samples + plane;
            match own == samples {
                true => values[start..start + columns * own].copy_from_slice(&row[..columns * own]),
                false => {
                    let target = values[start..].iter_mut().step_by(samples);
                    target
                        .zip(&row[..columns])
                        .for_each(|(target, value)| *target = *value);
                }
            }
        }
    }
    Ok(values)
}
