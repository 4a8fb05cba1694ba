//! What a projection does with each pixel, in one pass over the values where possible.

use std::marker::PhantomData;

use super::isa::Loop;
use super::real::Real;
use super::term::Term;
use kizumi_method::config::Regulariser;

/// Sums are kept in this many parts, so that a loop becomes vectors and digits are kept.
const PARTS: usize = 16;

/// `x = clamp(from - clamp(alpha * gradient (*) gate (*) moving, -longest, longest), 0, 1)`; gives the
/// largest change.
pub(super) struct Step<'a, T> {
    pub(super) x: &'a mut [T],
    pub(super) from: &'a [T],
    pub(super) reconstruction: &'a [T],
    pub(super) gradient: &'a [T],
    pub(super) moving: Option<&'a [T]>,
    pub(super) alpha: T,
    pub(super) weighted: bool,
    pub(super) longest: T,
}

impl<T: Real> Loop for Step<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run(self) -> T {
        let mut largest = [T::ZERO; PARTS];
        let ones = [T::ONE; PARTS];
        let (alpha, longest) = (self.alpha, self.longest);
        for start in (0..self.x.len()).step_by(PARTS) {
            let block = start..start + PARTS;
            let x = &mut self.x[block.clone()];
            let (from, reconstruction, gradient) = (
                &self.from[block.clone()],
                &self.reconstruction[block.clone()],
                &self.gradient[block.clone()],
            );
            let moving = self.moving.map_or(&ones[..], |all| &all[block]);
            for i in 0..PARTS {
                let residual = from[i] - reconstruction[i];
                let gate = if self.weighted {
                    residual * residual
                } else {
                    T::ONE
                };
                // NaN passes through all comparisons and is found in the energy.
                let step = gradient[i] * gate * moving[i] * alpha;
                let step = if step > longest { longest } else { step };
                let step = if step < -longest { -longest } else { step };
                let moved = from[i] - step;
                let moved = if moved < T::ZERO { T::ZERO } else { moved };
                let moved = if moved > T::ONE { T::ONE } else { moved };
                let change = (moved - from[i]).abs();
                x[i] = moved;
                largest[i] = if change > largest[i] {
                    change
                } else {
                    largest[i]
                };
            }
        }
        largest
            .into_iter()
            .fold(T::ZERO, |a, b| if b > a { b } else { a })
    }
}

/// The part of the gradient that does not go through the network, `dL_r/dx + lambda * dR/dx`, and
/// the sums `(L_r, R)`, with L_r pixel by pixel.
pub(super) struct Residual<'a, T, D> {
    pub(super) distance: PhantomData<D>,
    pub(super) x: &'a [T],
    pub(super) original: &'a [T],
    pub(super) counted: Option<&'a [T]>,
    pub(super) lambda: T,
    pub(super) regulariser: Regulariser,
    pub(super) reconstruction: &'a [T],
    pub(super) gradient: &'a mut [T],
}

impl<T: Real, D: Term<T>> Loop for Residual<'_, T, D> {
    type Output = (T, T);

    #[inline(always)]
    fn run(self) -> (T, T) {
        let (mut errors, mut penalties) = ([T::ZERO; PARTS], [T::ZERO; PARTS]);
        let ones = [T::ONE; PARTS];
        for start in (0..self.x.len()).step_by(PARTS) {
            let block = start..start + PARTS;
            let gradient = &mut self.gradient[block.clone()];
            let (x, original, reconstruction) = (
                &self.x[block.clone()],
                &self.original[block.clone()],
                &self.reconstruction[block.clone()],
            );
            let counted = self.counted.map_or(&ones[..], |all| &all[block]);
            for i in 0..PARTS {
                let (error, direct) = D::direct(x[i], reconstruction[i], counted[i]);
                let change = (x[i] - original[i]) * counted[i];
                errors[i] += error;
                let (penalty, slope) = penalty(self.regulariser, change);
                penalties[i] += penalty;
                gradient[i] = direct + self.lambda * slope;
            }
        }
        (sum(errors), sum(penalties))
    }
}

/// Adds `lambda * dR/dx` to the gradient; gives the sum R. The half of [`Residual`] that is left
/// where L_r does not go pixel by pixel.
pub(super) struct Penalty<'a, T> {
    pub(super) x: &'a [T],
    pub(super) original: &'a [T],
    pub(super) counted: Option<&'a [T]>,
    pub(super) lambda: T,
    pub(super) regulariser: Regulariser,
    pub(super) gradient: &'a mut [T],
}

impl<T: Real> Loop for Penalty<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run(self) -> T {
        let mut penalties = [T::ZERO; PARTS];
        let ones = [T::ONE; PARTS];
        for start in (0..self.x.len()).step_by(PARTS) {
            let block = start..start + PARTS;
            let gradient = &mut self.gradient[block.clone()];
            let (x, original) = (&self.x[block.clone()], &self.original[block.clone()]);
            let counted = self.counted.map_or(&ones[..], |all| &all[block]);
            for i in 0..PARTS {
                let change = (x[i] - original[i]) * counted[i];
                let (penalty, slope) = penalty(self.regulariser, change);
                penalties[i] += penalty;
                gradient[i] += self.lambda * slope;
            }
        }
        sum(penalties)
    }
}

/// A pixel's part of R, and its derivative.
#[inline(always)]
fn penalty<T: Real>(regulariser: Regulariser, change: T) -> (T, T) {
    match regulariser {
        Regulariser::L1 => (change.abs(), change.sign()),
        Regulariser::L2 => (change * change, (T::ONE + T::ONE) * change),
    }
}

#[inline(always)]
fn sum<T: Real>(parts: [T; PARTS]) -> T {
    parts.into_iter().fold(T::ZERO, |a, b| a + b)
}

pub(super) struct Add<'a, T> {
    pub(super) to: &'a mut [T],
    pub(super) what: &'a [T],
}

impl<T: Real> Loop for Add<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (to, what) in self.to.iter_mut().zip(self.what) {
            *to += *what;
        }
    }
}
