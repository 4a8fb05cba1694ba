//! Points in pixel space: what an energy is evaluated at, and what it says there.

use super::real::Real;

/// The fixed part of one image's energy.
#[derive(Clone, Debug)]
pub struct Fixed<T> {
    /// x_0, `[channels][size][size]`.
    pub original: Vec<T>,
    /// 1 where a pixel counts, 0 where it is ignored, `[size][size]`.
    pub counted: Option<Vec<T>>,
    /// How much of its step a pixel takes, `0.0..=1.0`, `[size][size]`: 0 where it stays, 1 where it may
    /// move, less where something outside the network gates it; those that count move if `None`.
    pub moving: Option<Vec<T>>,
    /// Weight of the regulariser.
    pub lambda: T,
    /// Weight of the distance of features, which is computed elsewhere: see [`Point::add_features`].
    pub omega: T,
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
    /// D, without omega.
    pub feature_distance: T,
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
    pub fn energy(&self, fixed: &Fixed<T>) -> T {
        self.reconstruction_error
            + self.regulariser * fixed.lambda
            + self.feature_distance * fixed.omega
    }

    /// Adds `omega * D` to an energy that was just evaluated, `gradient` being that of D at x. An
    /// evaluation knows nothing of features and starts without.
    pub fn add_features(&mut self, fixed: &Fixed<T>, distance: T, gradient: &[T]) {
        self.feature_distance = distance;
        for (sum, slope) in self.gradient.iter_mut().zip(gradient) {
            *sum += fixed.omega * *slope;
        }
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
    /// The furthest that a pixel may move, infinite if there is no limit.
    pub longest: T,
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
