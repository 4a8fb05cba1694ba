//! One component of a picture as values, and its rows at the size of the picture.

use super::frame::{Component, Frame};

/// The values of a component.
pub struct Plane {
    values: Vec<u8>,
    /// Values in a row, of which the last ones may lie beyond the picture.
    stride: usize,
    /// Columns and rows that lie within the picture.
    size: (usize, usize),
    /// Horizontal and vertical sampling factor.
    sampling: (usize, usize),
    /// The largest ones of the picture.
    sampling_max: (usize, usize),
}

impl Plane {
    /// From what the scans have brought, which is used up.
    fn new(component: &mut Component, frame_px: (usize, usize), max: (usize, usize)) -> Self {
        let samples = std::mem::take(&mut component.samples);
        let (h, v) = component.sampling;
        Self {
            stride: 8 * component.stride,
            values: samples.into_values(),
            size: (
                (frame_px.0 * h).div_ceil(max.0),
                (frame_px.1 * v).div_ceil(max.1),
            ),
            sampling: (h, v),
            sampling_max: max,
        }
    }

    /// All planes of a frame.
    pub fn all(frame: &mut Frame) -> Vec<Self> {
        let (px, max) = ((frame.width, frame.height), frame.sampling_max);
        let components = frame.components.iter_mut();
        components
            .map(|component| Self::new(component, px, max))
            .collect()
    }

    fn stored(&self, y: usize) -> &[u8] {
        &self.values[y * self.stride..][..self.size.0]
    }

    /// Row `y` of the picture. What is sampled at half the resolution is enlarged by a triangle filter, with
    /// the roundings of libjpeg; other factors, and planes of two columns, repeat their values.
    pub fn row(&self, y: usize, row: &mut [u8], scratch: &mut Vec<u16>) {
        let ((h, v), (h_max, v_max)) = (self.sampling, self.sampling_max);
        let is_halved = (2 * h == h_max, 2 * v == v_max);
        let last = self.size.1 - 1;
        // The nearest stored row and the one on the other side.
        let near = self.stored((y * v / v_max).min(last));
        let other = match y % 2 {
            0 => (y / 2).saturating_sub(1),
            _ => (y / 2 + 1).min(last),
        };
        match (is_halved, h == h_max, v == v_max) {
            (_, true, true) => row.copy_from_slice(&near[..row.len()]),
            ((true, _), _, true) if near.len() > 2 => {
                scratch.clear();
                scratch.extend(near.iter().map(|&value| u16::from(value)));
                widen::<2>(scratch, [1, 2], row);
            }
            ((_, true), true, _) => {
                // Up and down alternately, so that the mean stays.
                let rounding = 1 + (y % 2) as u16;
                for ((place, &near), &other) in row.iter_mut().zip(near).zip(self.stored(other)) {
                    *place = ((3 * u16::from(near) + u16::from(other) + rounding) >> 2) as u8;
                }
            }
            ((true, true), ..) if near.len() > 2 => {
                scratch.clear();
                let pairs = near.iter().zip(self.stored(other));
                scratch.extend(pairs.map(|(&near, &other)| 3 * u16::from(near) + u16::from(other)));
                widen::<4>(scratch, [8, 7], row);
            }
            _ => {
                for (x, place) in row.iter_mut().enumerate() {
                    *place = near[(x * h / h_max).min(near.len() - 1)];
                }
            }
        }
    }
}

/// Two values of each: three parts of it and one of its neighbour on that side, at the ends itself; rounded
/// and without `SHIFT` bits.
fn widen<const SHIFT: u16>(sums: &[u16], rounding: [u16; 2], row: &mut [u8]) {
    let [left, right] = rounding;
    let mix = |this: u16, beside: u16, rounding: u16| (3 * this + beside + rounding) >> SHIFT;
    let (Some(&first), Some(&last)) = (sums.first(), sums.last()) else {
        return;
    };
    row[0] = mix(first, first, left) as u8;
    let (pairs, rest) = row[1..].as_chunks_mut::<2>();
    // Plain slices of one length, and both values at once: compilers make vector instructions of it.
    let count = pairs.len().min(sums.len() - 1);
    let (pairs, these, others) = (&mut pairs[..count], &sums[..count], &sums[1..][..count]);
    for i in 0..count {
        let both = mix(these[i], others[i], right) | mix(others[i], these[i], left) << 8;
        pairs[i] = both.to_le_bytes();
    }
    if let [end] = rest {
        *end = mix(last, last, right) as u8;
    }
}
