//! The numbers that the kernels compute with: `f32` at work, `f64` where a test wants more digits.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// A floating-point number.
pub trait Number:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;

    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// As `f64`.
    fn to_f64(self) -> f64;
    /// Square root.
    fn sqrt(self) -> Self;
    /// e to this power. Written without branches, so that a loop over it becomes vectors.
    fn exp(self) -> Self;
    /// The natural logarithm of a number that is positive and not subnormal. What is not finite
    /// becomes NaN. Written without branches, as `exp`.
    fn ln(self) -> Self;
    /// Absolute value.
    fn abs(self) -> Self;
    /// Whether it is neither NaN nor infinite.
    fn is_finite(self) -> bool;
    /// 1, -1, or 0 for zero and NaN.
    #[inline(always)]
    fn sign(self) -> Self {
        let up = if self > Self::ZERO {
            Self::ONE
        } else {
            Self::ZERO
        };
        let down = if self < Self::ZERO {
            Self::ONE
        } else {
            Self::ZERO
        };
        up - down
    }

    /// 1 / (1 + e^-x).
    #[inline(always)]
    fn sigmoid(self) -> Self {
        Self::ONE / (Self::ONE + (-self).exp())
    }
}

impl Number for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f32::sqrt(self)
    }
    /// `2^n * p(r)` with `x = n ln 2 + r` and the Taylor polynomial of degree 7, whose error on
    /// `|r| <= ln 2 / 2` is below the rounding of `f32`. Saturates at e^-87 and e^88; NaN stays NaN.
    #[inline(always)]
    fn exp(self) -> Self {
        // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
        const ROUND: f32 = 12_582_912.0;
        // ln 2 in two parts: the first has few bits, so `n * LN_2_HIGH` is exact.
        const LN_2_HIGH: f32 = 0.693_359_4;
        const LN_2_LOW: f32 = -2.121_944_4e-4;
        let x = if self < -87.0 { -87.0 } else { self };
        let x = if x > 88.0 { 88.0 } else { x };
        let shifted = x * std::f32::consts::LOG2_E + ROUND;
        let n = shifted - ROUND;
        let r = x - n * LN_2_HIGH - n * LN_2_LOW;
        let mut p = 1.0 / 5040.0;
        for term in [
            1.0 / 720.0,
            1.0 / 120.0,
            1.0 / 24.0,
            1.0 / 6.0,
            0.5,
            1.0,
            1.0,
        ] {
            p = p * r + term;
        }
        let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits());
        let power = f32::from_bits(exponent.wrapping_add(127) << 23);
        p * power
    }
    /// `n ln 2 + ln (1 + r)` with `x = 2^n (1 + r)` and 1 + r between the roots of 1/2 and 2; the
    /// polynomial is that of the Cephes library's `logf`, good to the rounding of `f32`.
    #[inline(always)]
    fn ln(self) -> Self {
        const ROOT_OF_HALF: u32 = 0x3f35_04f3;
        const LN_2_HIGH: f32 = 0.693_359_4;
        const LN_2_LOW: f32 = -2.121_944_4e-4;
        let bits = self.to_bits();
        let n = bits.wrapping_sub(ROOT_OF_HALF).cast_signed() >> 23;
        let r = f32::from_bits(bits.wrapping_sub((n << 23).cast_unsigned())) - 1.0;
        let n = n as f32;
        let mut p = 7.037_683_6e-2;
        for term in [
            -1.151_461e-1,
            1.167_699_9e-1,
            -1.242_014_1e-1,
            1.424_932_3e-1,
            -1.666_805_8e-1,
            2.000_071_5e-1,
            -2.499_999_4e-1,
            3.333_333e-1,
        ] {
            p = p * r + term;
        }
        let square = r * r;
        let small = p * r * square + n * LN_2_LOW - 0.5 * square;
        // What is not finite came out as some number.
        small + r + n * LN_2_HIGH + 0.0 * self
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f32::abs(self)
    }
    #[inline(always)]
    fn is_finite(self) -> bool {
        f32::is_finite(self)
    }
}

impl Number for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        f64::exp(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        f64::ln(self)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn is_finite(self) -> bool {
        f64::is_finite(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_keeps_the_digits_of_f32() {
        for i in -8600..8800 {
            let x = i as f32 / 100.0;
            let (ours, exact) = (Number::exp(x), f64::from(x).exp());
            let error = (f64::from(ours) - exact).abs() / exact;
            assert!(error < 3e-7, "e^{x}: {ours} against {exact}");
        }
        assert!(Number::exp(f32::NAN).is_nan());
        assert_eq!(
            Number::sigmoid(-1e30f32),
            1.0 / (1.0 + Number::exp(88.0f32))
        );
    }

    #[test]
    fn ln_keeps_the_digits_of_f32() {
        for i in -20_000..2_000 {
            let x = (i as f32 / 1_000.0).exp2();
            let (ours, exact) = (Number::ln(x), f64::from(x).ln());
            let error = (f64::from(ours) - exact).abs() / exact.abs().max(1e-30);
            assert!(error < 3e-7, "ln {x}: {ours} against {exact}");
        }
        assert_eq!(Number::ln(1.0f32), 0.0);
        assert!(Number::ln(f32::NAN).is_nan());
    }
}
