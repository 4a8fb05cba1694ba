//! Points in pixel space: what an energy is evaluated at, and what it says there.

use super::real::Real;

/// The fixed part of one image's energy.
#[derive(Clone, Debug)]
pub struct Fixed<T> {
    /// x_0, `[channels][size][size]`.
    pub original: Vec<T>,
    /// 1 where a pixel counts, 0 where it is ignored, `[size][size]`.
    pub counted: Option<Vec<T>>,
    /// 1 where a pixel may move, 0 where it stays, `[size][size]`; those that count if `None`.
    pub moving: Option<Vec<T>>,
    /// Weight of the regulariser.
    pub lambda: T,
}

/// One image's x with the energy there.
#[derive(Clone, Debug, Default)]
pub struct Point<T> {
    /// x, `[channels][size][size]`.
    pub x: Vec<T>,
    /// f(x).
    pub reconstruction: Vec<T>,
    /// Gradient of E with respect to x.
    pub gradient: Vec<T>,
    /// L_r(x).
    pub reconstruction_error: T,
    /// R(x - x_0) without lambda.
    pub regulariser: T,
    /// The largest |x - from.x| of the step that led here.
    pub largest_change: T,
}

impl<T: Real> Point<T> {
    /// Room for a picture of `length` values, at `x`.
    pub fn at(x: Vec<T>) -> Self {
        let length = x.len();
        Self {
            x,
            reconstruction: vec![T::ZERO; length],
            gradient: vec![T::ZERO; length],
            ..Default::default()
        }
    }

    /// E.
    pub fn energy(&self, lambda: T) -> T {
        self.reconstruction_error + self.regulariser * lambda
    }
}

/// A step that leads to the point at which the energy is wanted.
#[derive(Clone, Copy)]
pub struct StepFrom<'a, T> {
    /// Where it starts.
    pub point: &'a Point<T>,
    /// Step size.
    pub alpha: T,
    /// Whether each pixel's update is weighted by its (x - f(x))^2.
    pub weighted: bool,
}

/// One image to evaluate.
pub struct Evaluation<'a, T> {
    /// Its energy's fixed part.
    pub fixed: &'a Fixed<T>,
    /// If given, x is the step's end; else x is what `point` says.
    pub from: Option<StepFrom<'a, T>>,
    /// Filled in.
    pub point: &'a mut Point<T>,
}
