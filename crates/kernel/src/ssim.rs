//! The structural dissimilarity of two pictures and its gradients (Wang et al. 2004).
//!
//! D(x, y) is the **sum** over channels and pixels of `1 - SSIM`, so that it compares with the sum
//! of squared errors; each term is in `0.0..=2.0`. SSIM looks through a Gaussian window of 11 x 11
//! pixels, as Bergmann et al. (2018) train with; at the borders the weights outside of the picture
//! are left out and the others sum to one. `compute::ssim` says the same with tensors.
//!
//! Of the window's means, written `B(.)`, four are needed: `B(x)`, `B(y)`, `B(x^2 + y^2)`, `B(xy)`.
//! The gradient goes back through the transpose of `B`. Before anything is squared the middle of
//! the range is subtracted, which changes no variance and keeps two bits of each.

use super::isa::{Isa, Loop};
use super::real::Real;

/// Pixels that the window reaches from its centre.
pub const RADIUS: usize = 5;

/// Pixels of the window along an axis.
const TAPS: usize = 2 * RADIUS + 1;

/// Standard deviation of the window in pixels.
const SIGMA: f64 = 1.5;

/// Keeps the comparison of the means stable: `(K1 * range)^2` with a range of 1.
pub const C1: f64 = 0.01 * 0.01;

/// Keeps the comparison of the variances stable: `(K2 * range)^2`.
pub const C2: f64 = 0.03 * 0.03;

/// The middle of the range.
pub const MIDDLE: f64 = 0.5;

/// Values that a loop works on at once.
const PARTS: usize = 16;

/// The window along an axis; its sum is one.
pub fn window() -> [f64; 2 * RADIUS + 1] {
    let weight = |i: usize| {
        let away = (i as f64 - RADIUS as f64) / SIGMA;
        libm::exp(-0.5 * away * away)
    };
    let total: f64 = (0..TAPS).map(weight).sum();
    std::array::from_fn(|i| weight(i) / total)
}

/// For each place of an axis of `len` pixels, the window's sum within the picture.
pub fn inside(len: usize) -> Vec<f64> {
    let window = window();
    (0..len)
        .map(|at| {
            let taps = RADIUS.saturating_sub(at)..TAPS.min(len + RADIUS - at);
            window[taps].iter().sum()
        })
        .collect()
}

/// Compares pictures of one size; keeps its buffers.
#[derive(Clone, Debug)]
pub struct Ssim<T> {
    isa: Isa,
    side: usize,
    room: Room<T>,
}

/// Buffers, and what depends on nothing but the side. Planes are filled up to whole parts.
#[derive(Clone, Debug)]
struct Room<T> {
    window: [T; TAPS],
    /// 1 over the window's sum within the picture, `[side][side]`; 0 where planes are filled up.
    scale: Vec<T>,
    /// A row with zeros on both sides.
    padded: Vec<T>,
    /// A plane that is blurred along its rows only; then each pixel's term of D.
    plane: Vec<T>,
    /// The blurred x, y, x^2 + y^2, xy; then D's derivatives by them, and these blurred.
    means: [Vec<T>; 4],
}

/// What is blurred, by its place among the means.
const X: usize = 0;
const Y: usize = 1;
const SQUARES: usize = 2;
const PRODUCT: usize = 3;

impl<T: Real> Ssim<T> {
    /// For pictures of `side` x `side` pixels.
    pub fn new(isa: Isa, side: usize) -> Self {
        let filled_up = (side * side).next_multiple_of(PARTS);
        let plane = vec![T::ZERO; filled_up];
        let (mut scale, inside) = (plane.clone(), inside(side));
        for (row, across) in scale.chunks_exact_mut(side.max(1)).zip(&inside) {
            for (scale, down) in row.iter_mut().zip(&inside) {
                *scale = T::from_f64(1.0 / (across * down));
            }
        }
        Self {
            isa,
            side,
            room: Room {
                window: window().map(T::from_f64),
                scale,
                padded: vec![T::ZERO; side + 2 * RADIUS],
                plane: plane.clone(),
                means: std::array::from_fn(|_| plane.clone()),
            },
        }
    }

    /// Width and height of the pictures in pixels.
    pub fn side(&self) -> usize {
        self.side
    }

    /// D(x, y) of pictures `[channels][side][side]` with values in `0.0..=1.0`. `counted`,
    /// `[side][side]`, is the weight of each pixel's term, usually 0 or 1; the windows of the
    /// others see every pixel all the same.
    ///
    /// # Panics
    /// If the lengths do not match the side.
    pub fn value(&mut self, x: &[T], y: &[T], counted: Option<&[T]>) -> T {
        self.compare(x, y, counted, [None, None], None)
    }

    /// [`Self::value`]; `gradient_y` becomes its gradient with respect to y.
    ///
    /// # Panics
    /// As [`Self::value`].
    pub fn gradient(&mut self, x: &[T], y: &[T], counted: Option<&[T]>, gradient_y: &mut [T]) -> T {
        self.compare(x, y, counted, [None, Some(gradient_y)], None)
    }

    /// [`Self::value`]; `gradient_x` and `gradient_y` become its gradients with respect to both.
    ///
    /// # Panics
    /// As [`Self::value`].
    pub fn gradients(
        &mut self,
        x: &[T],
        y: &[T],
        counted: Option<&[T]>,
        gradient_x: &mut [T],
        gradient_y: &mut [T],
    ) -> T {
        let gradients = [Some(gradient_x), Some(gradient_y)];
        self.compare(x, y, counted, gradients, None)
    }

    /// [`Self::value`]; `map`, `[side][side]`, becomes the channels' mean of `(1 - SSIM) / 2`,
    /// which is in `0.0..=1.0`.
    ///
    /// # Panics
    /// As [`Self::value`].
    pub fn map(&mut self, x: &[T], y: &[T], counted: Option<&[T]>, map: &mut [T]) -> T {
        assert_eq!(map.len(), self.side * self.side, "a map is one plane");
        map.fill(T::ZERO);
        self.compare(x, y, counted, [None, None], Some(map))
    }

    fn compare(
        &mut self,
        x: &[T],
        y: &[T],
        counted: Option<&[T]>,
        mut gradients: [Option<&mut [T]>; 2],
        mut map: Option<&mut [T]>,
    ) -> T {
        let len = self.side * self.side;
        assert_eq!(x.len(), y.len(), "the pictures are alike");
        assert!(len > 0 && x.len().is_multiple_of(len), "planes of the side");
        assert!(counted.is_none_or(|counted| counted.len() == len));
        for gradient in gradients.iter().flatten() {
            assert_eq!(gradient.len(), x.len(), "a gradient is like its picture");
        }
        let share = T::from_f64(0.5 * len as f64 / x.len() as f64);
        let mut total = 0.0;
        for start in (0..x.len()).step_by(len) {
            let range = start..start + len;
            total += self.isa.run_loop(Channel {
                side: self.side,
                room: &mut self.room,
                x: &x[range.clone()],
                y: &y[range.clone()],
                counted,
                gradients: gradients
                    .each_mut()
                    .map(|all| all.as_deref_mut().map(|all| &mut all[range.clone()])),
                map: map.as_deref_mut(),
                share,
            });
        }
        T::from_f64(total)
    }
}

/// One channel of two pictures; gives its part of D.
struct Channel<'a, T> {
    side: usize,
    room: &'a mut Room<T>,
    x: &'a [T],
    y: &'a [T],
    counted: Option<&'a [T]>,
    gradients: [Option<&'a mut [T]>; 2],
    /// Gets `share` of each pixel's term added.
    map: Option<&'a mut [T]>,
    share: T,
}

impl<T: Real> Loop for Channel<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let (side, x, y, room) = (self.side, self.x, self.y, self.room);
        let inner = RADIUS..RADIUS + side;
        for which in [X, Y, SQUARES, PRODUCT] {
            for row in 0..side {
                let range = row * side..(row + 1) * side;
                let (x, y) = (&x[range.clone()], &y[range.clone()]);
                centre(which, x, y, &mut room.padded[inner.clone()]);
                along_row(&room.window, &room.padded, &mut room.plane[range]);
            }
            let (plane, out) = (&room.plane, &mut room.means[which]);
            along_columns(&room.window, plane, side, out);
            multiply(out, &room.scale);
        }
        let [gradient_x, gradient_y] = self.gradients;
        let back = gradient_x.is_some() || gradient_y.is_some();
        if back {
            terms::<T, true>(room, self.counted);
        } else {
            terms::<T, false>(room, self.counted);
        }
        if let Some(map) = self.map {
            for (to, term) in map.iter_mut().zip(&room.plane) {
                *to += *term * self.share;
            }
        }
        let total = sum(&room.plane[..side * side], side);
        for which in [X, Y, SQUARES, PRODUCT] {
            let needed = match which {
                X => gradient_x.is_some(),
                Y => gradient_y.is_some(),
                _ => back,
            };
            if !needed {
                continue;
            }
            for row in 0..side {
                let range = row * side..(row + 1) * side;
                room.padded[inner.clone()].copy_from_slice(&room.means[which][range.clone()]);
                along_row(&room.window, &room.padded, &mut room.plane[range]);
            }
            along_columns(&room.window, &room.plane, side, &mut room.means[which]);
        }
        let [by_x, by_y, by_squares, by_product] = &room.means;
        if let Some(gradient) = gradient_x {
            combine(gradient, by_x, by_squares, by_product, x, y);
        }
        if let Some(gradient) = gradient_y {
            combine(gradient, by_y, by_squares, by_product, y, x);
        }
        total
    }
}

/// What is blurred, from values whose middle is subtracted.
#[inline(always)]
fn centre<T: Real>(which: usize, x: &[T], y: &[T], out: &mut [T]) {
    let middle = T::from_f64(MIDDLE);
    match which {
        X => {
            for (out, x) in out.iter_mut().zip(x) {
                *out = *x - middle;
            }
        }
        Y => {
            for (out, y) in out.iter_mut().zip(y) {
                *out = *y - middle;
            }
        }
        SQUARES => {
            for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
                let (x, y) = (*x - middle, *y - middle);
                *out = x * x + y * y;
            }
        }
        _ => {
            for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
                *out = (*x - middle) * (*y - middle);
            }
        }
    }
}

/// The window's sums along a row that has zeros on both sides.
#[inline(always)]
fn along_row<T: Real>(window: &[T; TAPS], padded: &[T], out: &mut [T]) {
    let (parts, rest) = out.as_chunks_mut::<PARTS>();
    let whole = parts.len() * PARTS;
    for (part, start) in parts.iter_mut().zip((0..).step_by(PARTS)) {
        let mut sums = [T::ZERO; PARTS];
        for (tap, weight) in window.iter().enumerate() {
            let values = &padded[start + tap..start + tap + PARTS];
            for i in 0..PARTS {
                sums[i] += *weight * values[i];
            }
        }
        *part = sums;
    }
    for (at, out) in (whole..).zip(rest) {
        *out = T::ZERO;
        for (weight, value) in window.iter().zip(&padded[at..]) {
            *out += *weight * *value;
        }
    }
}

/// The window's sums along the columns of a plane; what lies outside is zero.
#[inline(always)]
fn along_columns<T: Real>(window: &[T; TAPS], plane: &[T], side: usize, out: &mut [T]) {
    for row in 0..side {
        let first = row.saturating_sub(RADIUS);
        let last = (row + RADIUS + 1).min(side);
        let window = &window[first + RADIUS - row..last + RADIUS - row];
        let above = &plane[first * side..];
        let (parts, rest) = out[row * side..(row + 1) * side].as_chunks_mut::<PARTS>();
        let whole = parts.len() * PARTS;
        for (part, start) in parts.iter_mut().zip((0..).step_by(PARTS)) {
            let mut sums = [T::ZERO; PARTS];
            for (tap, weight) in window.iter().enumerate() {
                let values = &above[tap * side + start..tap * side + start + PARTS];
                for i in 0..PARTS {
                    sums[i] += *weight * values[i];
                }
            }
            *part = sums;
        }
        for (at, out) in (whole..).zip(rest) {
            *out = T::ZERO;
            for (tap, weight) in window.iter().enumerate() {
                *out += *weight * above[tap * side + at];
            }
        }
    }
}

#[inline(always)]
fn multiply<T: Real>(values: &mut [T], by: &[T]) {
    for (value, by) in values.iter_mut().zip(by) {
        *value = *value * *by;
    }
}

/// Each pixel's term of D, into the plane; with `BACK`, D's derivatives by the blurred values
/// before their scale, in place of these.
#[inline(always)]
fn terms<T: Real, const BACK: bool>(room: &mut Room<T>, counted: Option<&[T]>) {
    let (c1, c2) = (T::from_f64(C1), T::from_f64(C2));
    let (middle, two) = (T::from_f64(MIDDLE), T::from_f64(2.0));
    let [by_x, by_y, by_squares, by_product] = &mut room.means;
    for start in (0..room.plane.len()).step_by(PARTS) {
        let block = start..start + PARTS;
        let (by_x, by_y) = (&mut by_x[block.clone()], &mut by_y[block.clone()]);
        let by_squares = &mut by_squares[block.clone()];
        let by_product = &mut by_product[block.clone()];
        let (plane, scale) = (&mut room.plane[block.clone()], &room.scale[block]);
        let mut weights = [T::ONE; PARTS];
        if let Some(counted) = counted {
            let counted = &counted[start..];
            let len = counted.len().min(PARTS);
            weights[..len].copy_from_slice(&counted[..len]);
        }
        for i in 0..PARTS {
            // The means without the middle, and with it.
            let (u, v) = (by_x[i], by_y[i]);
            let (x, y) = (u + middle, v + middle);
            let a1 = two * x * y + c1;
            let b1 = x * x + y * y + c1;
            let a2 = two * (by_product[i] - u * v) + c2;
            let b2 = by_squares[i] - u * u - v * v + c2;
            let both = T::ONE / (b1 * b2);
            let ssim = a1 * a2 * both;
            plane[i] = weights[i] * (T::ONE - ssim);
            if BACK {
                // SSIM = a1 a2 / (b1 b2); D has its negative.
                let weight = -weights[i] * scale[i] * two;
                let (over_b1, over_b2) = (b2 * both, b1 * both);
                by_x[i] = weight * ((y * a2 - v * a1) * both - ssim * (x * over_b1 - u * over_b2));
                by_y[i] = weight * ((x * a2 - u * a1) * both - ssim * (y * over_b1 - v * over_b2));
                by_product[i] = weight * a1 * both;
                // Twice the derivative: that of a square is wanted twice.
                by_squares[i] = -(weight * ssim * over_b2);
            }
        }
    }
}

/// The gradient with respect to one picture from the parts that came back through the window.
#[inline(always)]
fn combine<T: Real>(
    gradient: &mut [T],
    by_own: &[T],
    by_squares: &[T],
    by_product: &[T],
    own: &[T],
    other: &[T],
) {
    let middle = T::from_f64(MIDDLE);
    let parts = by_own.iter().zip(by_squares).zip(by_product);
    let pictures = own.iter().zip(other);
    for ((gradient, ((mean, squares), product)), (own, other)) in
        gradient.iter_mut().zip(parts).zip(pictures)
    {
        *gradient = *mean + *squares * (*own - middle) + *product * (*other - middle);
    }
}

/// The sum of some values, each row's on its own, so that digits are kept.
#[inline(always)]
fn sum<T: Real>(values: &[T], side: usize) -> f64 {
    let mut total = 0.0;
    for row in values.chunks_exact(side) {
        let (parts, rest) = row.as_chunks::<PARTS>();
        let mut sums = [T::ZERO; PARTS];
        for part in parts {
            for (sum, value) in sums.iter_mut().zip(part) {
                *sum += *value;
            }
        }
        for value in sums.iter().chain(rest) {
            total += value.to_f64();
        }
    }
    total
}

#[cfg(test)]
#[path = "ssim_tests.rs"]
mod tests;
