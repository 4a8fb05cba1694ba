//! The terms of L_r that compare pixel by pixel, with their derivatives written out: what
//! `compute::distance` says with tensors.

use super::real::Real;
use kizumi_method::config::CROSS_ENTROPY_EDGE;

/// A term of L_r between a pixel `x` and its reconstruction `f`, times `counted`, which is 0 or 1.
/// To be inlined into loops over pixels.
pub(super) trait Term<T> {
    /// The term, and its derivative with respect to x alone.
    fn direct(x: T, f: T, counted: T) -> (T, T);

    /// Its derivative with respect to the reconstruction before the sigmoid that f came out of.
    fn back(x: T, f: T, counted: T) -> T;
}

/// `(x - f)^2`.
pub(super) struct Squared;

impl<T: Real> Term<T> for Squared {
    #[inline(always)]
    fn direct(x: T, f: T, counted: T) -> (T, T) {
        let two = T::ONE + T::ONE;
        let residual = (x - f) * counted;
        (residual * residual, two * residual * counted)
    }

    #[inline(always)]
    fn back(x: T, f: T, counted: T) -> T {
        let two = T::ONE + T::ONE;
        -(two * counted * counted * (x - f)) * f * (T::ONE - f)
    }
}

/// `|x - f|`.
pub(super) struct Absolute;

impl<T: Real> Term<T> for Absolute {
    #[inline(always)]
    fn direct(x: T, f: T, counted: T) -> (T, T) {
        let residual = (x - f) * counted;
        (residual.abs(), residual.sign())
    }

    #[inline(always)]
    fn back(x: T, f: T, counted: T) -> T {
        -((x - f) * counted).sign() * f * (T::ONE - f)
    }
}

/// `-(x ln f + (1 - x) ln (1 - f))`, f kept away from 0 and 1.
pub(super) struct CrossEntropy;

impl<T: Real> Term<T> for CrossEntropy {
    #[inline(always)]
    fn direct(x: T, f: T, counted: T) -> (T, T) {
        let low = T::from_f64(CROSS_ENTROPY_EDGE);
        let high = T::ONE - low;
        let f = if f < low { low } else { f };
        let f = if f > high { high } else { f };
        let (of_one, of_zero) = (f.ln(), (T::ONE - f).ln());
        let slope = of_zero - of_one;
        (counted * (x * slope - of_zero), counted * slope)
    }

    /// The slopes of term and sigmoid make `f - x` together; where f is kept away from an end the
    /// term does not depend on it.
    #[inline(always)]
    fn back(x: T, f: T, counted: T) -> T {
        let low = T::from_f64(CROSS_ENTROPY_EDGE);
        let free = if f < low { T::ZERO } else { counted };
        let free = if f > T::ONE - low { T::ZERO } else { free };
        free * (f - x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Number;

    /// Against central differences, in x and in what goes into the sigmoid.
    fn check<D: Term<f64>>(expected: fn(f64, f64) -> f64) {
        let at = |x: f64, z: f64| D::direct(x, z.sigmoid(), 1.0).0;
        for (x, z) in [(0.3, 0.9), (0.8, -1.2), (0.0, 0.1), (1.0, 3.0)] {
            let f = z.sigmoid();
            let h = 1e-6;
            let (value, slope) = D::direct(x, f, 1.0);
            assert!((value - expected(x, f)).abs() < 1e-12);
            let by_x = (at(x + h, z) - at(x - h, z)) / (2.0 * h);
            let by_z = (at(x, z + h) - at(x, z - h)) / (2.0 * h);
            assert!((slope - by_x).abs() < 1e-8, "{slope} against {by_x}");
            let back = D::back(x, f, 1.0);
            assert!((back - by_z).abs() < 1e-8, "{back} against {by_z}");
            let ignored = (D::direct(x, f, 0.0), D::back(x, f, 0.0));
            assert_eq!(ignored, ((0.0, 0.0), 0.0));
        }
    }

    #[test]
    fn derivatives_agree_with_central_differences() {
        check::<Squared>(|x, f| (x - f).powi(2));
        check::<Absolute>(|x, f| (x - f).abs());
        check::<CrossEntropy>(|x, f| -(x * f.ln() + (1.0 - x) * (1.0 - f).ln()));
    }

    #[test]
    fn equal_pixels_have_no_absolute_slope() {
        assert_eq!(Absolute::direct(0.5, 0.5, 1.0), (0.0, 0.0));
        assert_eq!(Absolute::back(0.5f32, 0.5, 1.0), 0.0);
    }

    #[test]
    fn cross_entropy_is_finite_at_the_ends() {
        // 20 ln 2, and next to nothing.
        for (x, f, expected) in [
            (1.0f32, 0.0f32, 13.862_944),
            (0.0, 1.0, 13.862_944),
            (1.0, 1.0, 1e-6),
        ] {
            let (value, slope) = CrossEntropy::direct(x, f, 1.0);
            assert!((value - expected).abs() < 1e-5, "{value}");
            assert!((slope.abs() - 13.862_944).abs() < 1e-5, "{slope}");
            assert_eq!(CrossEntropy::back(x, f, 1.0), 0.0);
        }
        assert!(CrossEntropy::direct(0.5f32, f32::NAN, 1.0).0.is_nan());
    }
}
