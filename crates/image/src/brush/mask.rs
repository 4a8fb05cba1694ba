//! A brush for masks of zeros and ones.

use serde::{Deserialize, Serialize};

use super::Line;
use crate::bitmap::Bitmap;
use crate::picture::Picture;

/// Marks regions, to be ignored for instance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MaskBrush {
    /// Half of its width, in pixels; a pixel is under it when its centre is. Below 0.71 it acts as
    /// that, half a pixel's diagonal, so that no dot falls between the centres.
    pub radius_px: f32,
    /// Whether it unmarks.
    pub erase: bool,
}

impl Default for MaskBrush {
    fn default() -> Self {
        Self {
            radius_px: 5.0,
            erase: false,
        }
    }
}

impl MaskBrush {
    /// Draws a line, with `from` and `to` equal a dot: pixels of the one-channel mask become 1, or 0
    /// when erasing. Returns whether anything changed. Places that are not finite draw nothing.
    ///
    /// # Panics
    /// If the mask has more than one channel.
    pub fn draw(&self, mask: &mut Picture, from: (f32, f32), to: (f32, f32)) -> bool {
        assert!(mask.channels <= 1, "a mask has one channel");
        let value = f32::from(u8::from(!self.erase));
        let size_px = (mask.width, mask.height);
        self.set(&mut mask.pixels, size_px, value, Line { from, to })
    }

    /// The same on marked pixels.
    pub fn mark(&self, marks: &mut Bitmap, from: (f32, f32), to: (f32, f32)) -> bool {
        let size_px = marks.size_px;
        self.set(&mut marks.marked, size_px, !self.erase, Line { from, to })
    }

    /// Gives the pixels below a line this value.
    fn set<T: Copy + PartialEq>(
        &self,
        pixels: &mut [T],
        (width, height): (usize, usize),
        value: T,
        line: Line,
    ) -> bool {
        let Line { from, to } = line;
        let finite = [from.0, from.1, to.0, to.1]
            .iter()
            .all(|place| place.is_finite());
        if !finite {
            return false;
        }
        // Half a diagonal of a pixel reaches the nearest centre from anywhere.
        let radius = self.radius_px.max(std::f32::consts::FRAC_1_SQRT_2);
        let mut changed = false;
        let (columns, rows) = line.area(radius, width, height);
        for y in rows {
            for x in columns.clone() {
                let pixel = &mut pixels[y * width + x];
                if *pixel != value && line.distance(x, y) <= radius {
                    *pixel = value;
                    changed = true;
                }
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRUSH: MaskBrush = MaskBrush {
        radius_px: 2.0,
        erase: false,
    };

    fn area(mask: &Picture) -> f32 {
        assert!(mask.pixels.iter().all(|value| [0.0, 1.0].contains(value)));
        mask.pixels.iter().sum()
    }

    #[test]
    fn a_stroke_has_no_gaps_and_comes_off_again() {
        let mut mask = Picture::filled(1, 20, 60, 0.0);
        assert!(BRUSH.draw(&mut mask, (5.0, 10.0), (55.0, 10.0)));
        // 50 x 4 and a disc of radius 2.
        assert!(
            (area(&mask) - (200.0 + 12.6)).abs() < 4.0,
            "{}",
            area(&mask)
        );
        assert!((5..55).all(|x| mask.at(0, 10, x) == 1.0));
        assert!(!BRUSH.draw(&mut mask, (5.0, 10.0), (55.0, 10.0)));
        let eraser = MaskBrush {
            erase: true,
            ..BRUSH
        };
        assert!(eraser.draw(&mut mask, (5.0, 10.0), (55.0, 10.0)));
        assert_eq!(area(&mask), 0.0);
    }

    #[test]
    fn the_finest_brush_marks_something_everywhere() {
        let finest = MaskBrush {
            radius_px: 0.0,
            erase: false,
        };
        for place in [(4.5, 4.5), (4.0, 4.0), (4.99, 4.01), (4.3, 4.8)] {
            let mut mask = Picture::filled(1, 9, 9, 0.0);
            assert!(finest.draw(&mut mask, place, place), "{place:?}");
            assert!(area(&mask) <= 4.0);
        }
    }

    #[test]
    fn outside_and_odd_places_do_nothing() {
        let mut mask = Picture::filled(1, 9, 9, 0.0);
        assert!(!BRUSH.draw(&mut mask, (-20.0, 3.0), (-10.0, 3.0)));
        assert!(!BRUSH.draw(&mut mask, (f32::NAN, 3.0), (4.0, 3.0)));
        assert!(!BRUSH.draw(&mut mask, (4.0, 3.0), (4.0, f32::INFINITY)));
        assert!(!BRUSH.draw(&mut Picture::default(), (0.0, 0.0), (1.0, 1.0)));
        assert_eq!(area(&mask), 0.0);
    }
}
