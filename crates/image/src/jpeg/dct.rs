//! The inverse discrete cosine transform of a block (ITU-T T.81, A.3.3), in whole numbers.
//!
//! After Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications"
//! (ICASSP 1989), with the precision of libjpeg's accurate transform: every step rounds as there, so that
//! the values are those that nearly every other program reads.

use wide::{i16x8, i32x8, u8x16};

/// Values in a block.
pub const BLOCK: usize = 64;

/// Binary digits behind the point of the factors.
const FACTOR_BITS: i32 = 13;

/// Binary digits behind the point that columns keep for the rows.
const KEPT_BITS: i32 = 2;

/// The values, 0 to 255, of a block from its coefficients and the steps of their quantisation; row by row.
#[inline]
pub fn values(coefficients: &[i16; BLOCK], steps: &[[i16; 8]; 8]) -> [[u8; 8]; 8] {
    if coefficients[1..]
        .iter()
        .all(|&coefficient| coefficient == 0)
    {
        // What the transform makes of it, too.
        let mean = coefficients[0].wrapping_mul(steps[0][0]).saturating_add(4) >> 3;
        return [[mean.saturating_add(128).clamp(0, 255) as u8; 8]; 8];
    }
    let (coefficients, _) = coefficients.as_chunks();
    let mut rows = [i16x8::ZERO; 8];
    for y in 0..8 {
        rows[y] = i16x8::new(coefficients[y]) * i16x8::new(steps[y]);
    }
    let columns = rounded(transform(rows), FACTOR_BITS - KEPT_BITS);
    let rows = transform(i16x8::transpose(columns));
    let rows = i16x8::transpose(rounded(rows, FACTOR_BITS + KEPT_BITS + 3));
    let mut values = [[0; 8]; 8];
    for y in 0..8 {
        let shifted = rows[y].saturating_add(i16x8::splat(128));
        let twice = u8x16::narrow_i16x8(shifted, shifted).to_array();
        if let Some(row) = twice.first_chunk() {
            values[y] = *row;
        }
    }
    values
}

/// Sums without so many digits.
#[inline(always)]
fn rounded(sums: [i32x8; 8], digits: i32) -> [i16x8; 8] {
    let half = i32x8::splat(1 << (digits - 1));
    // A loop: mapped arrays are not always inlined, and this is every block.
    let mut rows = [i16x8::ZERO; 8];
    for y in 0..8 {
        rows[y] = i16x8::from_i32x8_saturate((sums[y] + half) >> digits);
    }
    rows
}

/// The transform of every column of eight rows, times 2^[`FACTOR_BITS`] and the square root of 8. Sums that no
/// picture gives wrap around.
#[inline(always)]
fn transform(rows: [i16x8; 8]) -> [i32x8; 8] {
    let times = |row: i16x8, factor: f64| {
        let factor = (factor * f64::from(1 << FACTOR_BITS) + 0.5) as i16;
        row.widening_mul(i16x8::splat(factor))
    };
    let up = |row: i16x8| i32x8::from_i16x8(row) << FACTOR_BITS;
    let [s0, s1, s2, s3, s4, s5, s6, s7] = rows;

    let both = times(s2 + s6, 0.541_196_100);
    let turned = both - times(s6, 1.847_759_065);
    let other = both + times(s2, 0.765_366_865);
    let (sum, difference) = (up(s0 + s4), up(s0 - s4));
    let even = [
        sum + other,
        difference + turned,
        difference - turned,
        sum - other,
    ];

    let (far, near) = (s7 + s3, s5 + s1);
    let both = times(far, 1.175_875_602) + times(near, 1.175_875_602);
    let far = both - times(far, 1.961_570_560);
    let near = both - times(near, 0.390_180_644);
    let outer = times(s7 + s1, 0.899_976_223);
    let inner = times(s5 + s3, 2.562_915_447);
    let odd = [
        times(s1, 1.501_321_110) - outer + near,
        times(s3, 3.072_711_026) - inner + far,
        times(s5, 2.053_119_869) - inner + near,
        times(s7, 0.298_631_336) - outer + far,
    ];

    [
        even[0] + odd[0],
        even[1] + odd[1],
        even[2] + odd[2],
        even[3] + odd[3],
        even[3] - odd[3],
        even[2] - odd[2],
        even[1] - odd[1],
        even[0] - odd[0],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the definition, in float64.
    fn reference(coefficients: &[i16; BLOCK], steps: &[[i16; 8]; 8]) -> [f64; BLOCK] {
        let basis = |x: usize, u: usize| {
            let scale = if u == 0 { 0.5_f64.sqrt() } else { 1.0 };
            scale / 2.0 * (std::f64::consts::PI * ((2 * x + 1) * u) as f64 / 16.0).cos()
        };
        std::array::from_fn(|at| {
            let sum: f64 = (0..BLOCK)
                .map(|k| {
                    let value = f64::from(coefficients[k]) * f64::from(steps[k / 8][k % 8]);
                    value * basis(at / 8, k / 8) * basis(at % 8, k % 8)
                })
                .sum();
            (sum + 128.0).clamp(0.0, 255.0)
        })
    }

    #[test]
    fn blocks_are_within_rounding_of_the_definition() {
        let mut state = 1_u32;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        for count in [1, 2, 3, 10, 64] {
            for _ in 0..200 {
                let steps = [[1 + random(20) as i16; 8]; 8];
                let mut coefficients = [0; BLOCK];
                for coefficient in &mut coefficients[..count] {
                    *coefficient = random(41) as i16 - 20;
                }
                let exact = reference(&coefficients, &steps);
                for (value, exact) in values(&coefficients, &steps)
                    .as_flattened()
                    .iter()
                    .zip(exact)
                {
                    assert!(
                        (f64::from(*value) - exact).abs() < 0.6,
                        "{value} for {exact}"
                    );
                }
            }
        }
    }

    #[test]
    fn coefficients_that_no_picture_has_give_some_values() {
        values(&[i16::MAX; BLOCK], &[[i16::MAX; 8]; 8]);
        values(&[i16::MIN; BLOCK], &[[i16::MAX; 8]; 8]);
    }
}
