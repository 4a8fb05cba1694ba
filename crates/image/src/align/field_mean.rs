//! What edges have in common around several places.

use super::directions::Directions;

/// The mean of directions around places, each turned back.
pub struct FieldMean {
    sum: Directions,
    count: usize,
}

impl FieldMean {
    /// Of nothing yet; as far to each side of the centre as `half_px` (across, down).
    pub fn new(half_px: (f64, f64)) -> Self {
        let side = |half: f64| 2 * (half.ceil().max(1.0) as usize) + 1;
        Self {
            sum: Directions::none(side(half_px.0), side(half_px.1)),
            count: 0,
        }
    }

    /// Adds those around a point (x, y), which are turned clockwise by so many degrees.
    pub fn add(&mut self, directions: &Directions, (x, y): (f64, f64), degrees: f32) {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (sin2, cos2) = (2.0 * degrees.to_radians()).sin_cos();
        let (width, height) = (self.sum.width, self.sum.height);
        for row in 0..height {
            let down = row as f32 - (height / 2) as f32;
            for column in 0..width {
                let right = column as f32 - (width / 2) as f32;
                let (re, im) = directions.at(
                    x as f32 + cos * right - sin * down,
                    y as f32 + sin * right + cos * down,
                );
                let i = row * width + column;
                self.sum.re[i] += cos2 * re + sin2 * im;
                self.sum.im[i] += cos2 * im - sin2 * re;
            }
        }
        self.count += 1;
    }

    /// The mean; nothing of nothing.
    pub fn mean(mut self) -> Directions {
        let share = 1.0 / self.count.max(1) as f32;
        let parts = self.sum.re.iter_mut().chain(&mut self.sum.im);
        parts.for_each(|part| *part *= share);
        self.sum
    }
}
