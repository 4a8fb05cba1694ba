//! Painting with a round brush: defects onto pictures, and masks.
//!
//! Places are `(x, y)` in picture pixels, pixel `(x, y)` covering `x..x + 1`, `y..y + 1`; between
//! two places a stroke is a straight line, whatever the distance, so that a fast hand leaves no gaps.

mod mask;
mod painting;
mod tip;

use std::ops::Range;

pub use mask::MaskBrush;
pub use painting::{PAINTED_DIFFERENCE, Painting};
pub use tip::{Brush, Ink};

/// A straight piece of a stroke.
#[derive(Clone, Copy, Debug)]
struct Line {
    from: (f32, f32),
    to: (f32, f32),
}

impl Line {
    /// How far a pixel's centre is from it, in pixels.
    fn distance(&self, x: usize, y: usize) -> f32 {
        let (px, py) = (x as f32 + 0.5 - self.from.0, y as f32 + 0.5 - self.from.1);
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let square = dx * dx + dy * dy;
        let along = match square > 0.0 {
            true => ((px * dx + py * dy) / square).clamp(0.0, 1.0),
            false => 0.0,
        };
        (px - along * dx).hypot(py - along * dy)
    }

    /// The columns and rows of a picture whose centres may lie within `reach` of it.
    fn area(&self, reach: f32, width: usize, height: usize) -> (Range<usize>, Range<usize>) {
        let range = |a: f32, b: f32, len: usize| {
            // These conversions limit to what an integer holds, below at 0.
            let first = (a.min(b) - reach - 0.5).floor() as usize;
            let end = (a.max(b) + reach + 0.5).ceil() as usize;
            first.min(len)..end.min(len)
        };
        (
            range(self.from.0, self.to.0, width),
            range(self.from.1, self.to.1, height),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_to_the_piece_not_its_line() {
        let line = Line {
            from: (1.5, 1.5),
            to: (4.5, 1.5),
        };
        assert_eq!(line.distance(1, 1), 0.0);
        assert_eq!(line.distance(3, 1), 0.0);
        assert_eq!(line.distance(3, 3), 2.0);
        assert_eq!(line.distance(7, 5), 5.0);
        let dot = Line {
            from: (0.5, 0.5),
            to: (0.5, 0.5),
        };
        assert_eq!(dot.distance(3, 4), 5.0);
    }

    #[test]
    fn areas_stay_inside_the_picture() {
        let line = Line {
            from: (-1e30, 2.0),
            to: (1e30, 2.0),
        };
        assert_eq!(line.area(1.0, 8, 8), (0..8, 0..4));
        let outside = Line {
            from: (20.0, -9.0),
            to: (30.0, -8.0),
        };
        let (columns, rows) = outside.area(2.0, 8, 8);
        assert!(columns.is_empty() && rows.is_empty());
    }
}
