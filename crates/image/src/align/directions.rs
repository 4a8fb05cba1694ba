//! Directions of edges.

use crate::picture::Picture;
use crate::smooth::gaussian;

/// Standard deviation of the smoothing before gradients are taken, in pixels.
const SIGMA_PX: f32 = 0.8;

/// Gradients below this, of white a pixel, are noise, whatever the picture: a level of 8 bits.
const NOISE: f32 = 1.0 / 255.0;

/// At each pixel a direction of doubled angle, so that opposite gradients are alike, as long as the edge there is
/// certain: 0 on flat ground, nearly 1 where the gradient is far above that of most pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Directions {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// The part along the first axis, row after row.
    pub re: Vec<f32>,
    /// The other part.
    pub im: Vec<f32>,
}

impl Directions {
    /// Nothing anywhere.
    pub fn none(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            re: vec![0.0; width * height],
            im: vec![0.0; width * height],
        }
    }

    /// Those of a one-channel picture.
    pub fn of(picture: &Picture) -> Self {
        let smooth = gaussian(picture, SIGMA_PX);
        let (width, height) = (smooth.width, smooth.height);
        let at = |x: usize, y: usize| smooth.pixels[y * width + x];
        let mut directions = Self::none(width, height);
        let mut strengths = vec![0.0f32; width * height];
        for y in 0..height {
            let (above, below) = (y.saturating_sub(1), (y + 1).min(height - 1));
            for x in 0..width {
                let (left, right) = (x.saturating_sub(1), (x + 1).min(width - 1));
                let across = (at(right, y) - at(left, y)) / (right - left).max(1) as f32;
                let down = (at(x, below) - at(x, above)) / (below - above).max(1) as f32;
                let i = y * width + x;
                strengths[i] = across.hypot(down);
                directions.re[i] = across;
                directions.im[i] = down;
            }
        }
        let mut sorted = strengths.clone();
        let usual = match sorted.len() {
            0 => 0.0,
            len => *sorted.select_nth_unstable_by(len / 2, f32::total_cmp).1,
        };
        let noise = usual.max(NOISE);
        let parts = directions.re.iter_mut().zip(&mut directions.im);
        for ((re, im), strength) in parts.zip(strengths) {
            // The square of the gradient has the doubled angle and the square of its length.
            let doubled = (*re * *re - *im * *im, 2.0 * *re * *im);
            let share = 1.0 / (strength * strength + noise * noise);
            (*re, *im) = (doubled.0 * share, doubled.1 * share);
        }
        directions
    }

    /// The direction at a point between pixels, whose centres lie at `.5`; nothing outside.
    pub fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (x - left, y - top);
        let (left, top) = (left as isize, top as isize);
        let (width, height) = (self.width as isize, self.height as isize);
        if left >= 0 && top >= 0 && left + 1 < width && top + 1 < height {
            let i = top as usize * self.width + left as usize;
            let below = i + self.width;
            let mix = |plane: &[f32]| {
                let upper = plane[i] + across * (plane[i + 1] - plane[i]);
                let lower = plane[below] + across * (plane[below + 1] - plane[below]);
                upper + down * (lower - upper)
            };
            return (mix(&self.re), mix(&self.im));
        }
        let mut sum = (0.0, 0.0);
        for (row, by_row) in [(top, 1.0 - down), (top + 1, down)] {
            for (column, by_column) in [(left, 1.0 - across), (left + 1, across)] {
                if (0..height).contains(&row) && (0..width).contains(&column) {
                    let i = row as usize * self.width + column as usize;
                    sum.0 += by_row * by_column * self.re[i];
                    sum.1 += by_row * by_column * self.im[i];
                }
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_has_one_direction_whichever_side_is_light() {
        let step = |light: bool| {
            Directions::of(&Picture::from_fn(1, 20, 20, |_, _, x| {
                f32::from(u8::from((x < 10) == light))
            }))
        };
        for light in [false, true] {
            let (re, im) = step(light).at(10.0, 10.0);
            assert!(re > 0.95 && im.abs() < 1e-6, "{re}, {im}");
            assert_eq!(step(light).at(4.0, 10.0), (0.0, 0.0));
        }
        // An edge that lies across has the opposite one.
        let across = Picture::from_fn(1, 20, 20, |_, y, _| f32::from(u8::from(y < 10)));
        assert!(Directions::of(&across).at(10.0, 10.0).0 < -0.95);
        assert_eq!(step(true).at(-40.0, 500.0), (0.0, 0.0));
    }
}
