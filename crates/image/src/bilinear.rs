//! Pictures enlarged or reduced between the four nearest pixels, and the same the other way round for
//! gradients.

use crate::picture::Picture;

/// From pictures of one size to pictures of another, pixels as areas: what PyTorch calls bilinear with
/// `align_corners=False`. When it reduces it leaves pixels out.
#[derive(Clone, Debug, PartialEq)]
pub struct Bilinear {
    down: Axis,
    across: Axis,
}

/// One side: which two pixels each new pixel lies between, and how near the second one is.
#[derive(Clone, Debug, PartialEq)]
struct Axis {
    from_px: usize,
    taps: Vec<(usize, usize, f32)>,
}

impl Bilinear {
    /// From `(height, width)` to another.
    pub fn new(from_px: (usize, usize), to_px: (usize, usize)) -> Self {
        Self {
            down: Axis::new(from_px.0, to_px.0),
            across: Axis::new(from_px.1, to_px.1),
        }
    }

    /// The picture in the other size.
    ///
    /// # Panics
    /// If it has not the size to start from.
    pub fn apply(&self, picture: &Picture) -> Picture {
        let (height, width) = (self.down.from_px, self.across.from_px);
        assert_eq!((picture.height, picture.width), (height, width));
        let mut pixels = Vec::new();
        for channel in 0..picture.channels {
            let plane = picture.plane(channel);
            for (above, below, nearer_below) in &self.down.taps {
                let (above, below) = (&plane[above * width..], &plane[below * width..]);
                pixels.extend(self.across.taps.iter().map(|(left, right, nearer_right)| {
                    let along =
                        |row: &[f32]| row[*left] + nearer_right * (row[*right] - row[*left]);
                    let (above, below) = (along(above), along(below));
                    above + nearer_below * (below - above)
                }));
            }
        }
        let (height, width) = (self.down.taps.len(), self.across.taps.len());
        Picture::new(picture.channels, height, width, pixels)
    }

    /// The gradient with respect to the picture from that with respect to what [`Self::apply`] makes of
    /// it: its transpose.
    ///
    /// # Panics
    /// If it has not the size that is arrived at.
    pub fn transpose(&self, gradient: &Picture) -> Picture {
        let size = (self.down.taps.len(), self.across.taps.len());
        assert_eq!((gradient.height, gradient.width), size);
        let (height, width) = (self.down.from_px, self.across.from_px);
        let mut back = Picture::filled(gradient.channels, height, width, 0.0);
        let planes = back.pixels.chunks_exact_mut((height * width).max(1));
        for (channel, back) in planes.enumerate() {
            let rows = gradient.plane(channel).chunks_exact(size.1.max(1));
            for (row, (above, below, nearer_below)) in rows.zip(&self.down.taps) {
                for (value, (left, right, nearer_right)) in row.iter().zip(&self.across.taps) {
                    for (y, share) in [(above, 1.0 - nearer_below), (below, *nearer_below)] {
                        back[y * width + left] += share * (1.0 - nearer_right) * value;
                        back[y * width + right] += share * nearer_right * value;
                    }
                }
            }
        }
        back
    }
}

impl Axis {
    fn new(from_px: usize, to_px: usize) -> Self {
        let last = from_px.saturating_sub(1);
        let ratio = from_px as f64 / to_px as f64;
        let tap = |to: usize| {
            let at = ((to as f64 + 0.5) * ratio - 0.5).max(0.0);
            let first = (at as usize).min(last);
            (first, (first + 1).min(last), (at - first as f64) as f32)
        };
        Self {
            from_px,
            taps: (0..to_px).map(tap).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wavy(channels: usize, height: usize, width: usize) -> Picture {
        Picture::from_fn(channels, height, width, |c, y, x| {
            ((c * 5 + y * 3 + x * 7) % 11) as f32 / 10.0
        })
    }

    #[test]
    fn pixels_are_areas_as_in_pytorch() {
        let picture = Picture::new(1, 1, 2, vec![0.0, 1.0]);
        let twice = Bilinear::new((1, 2), (1, 4)).apply(&picture);
        assert_eq!(twice.pixels, [0.0, 0.25, 0.75, 1.0]);
        let same = wavy(3, 5, 4);
        assert_eq!(Bilinear::new((5, 4), (5, 4)).apply(&same), same);
        let half = Bilinear::new((4, 4), (2, 2)).apply(&wavy(1, 4, 4));
        let expected = |y: usize, x: usize| {
            let of = wavy(1, 4, 4);
            let sum =
                of.at(0, y, x) + of.at(0, y, x + 1) + of.at(0, y + 1, x) + of.at(0, y + 1, x + 1);
            sum / 4.0
        };
        assert!((half.at(0, 0, 0) - expected(0, 0)).abs() < 1e-6);
        assert!((half.at(0, 1, 1) - expected(2, 2)).abs() < 1e-6);
    }

    #[test]
    fn the_transpose_gives_gradients_back() {
        // <A x, y> = <x, A^T y>.
        for (from, to) in [((8, 6), (16, 12)), ((7, 5), (11, 20)), ((12, 9), (5, 4))] {
            let between = Bilinear::new(from, to);
            let (x, y) = (wavy(3, from.0, from.1), wavy(3, to.0, to.1));
            let dot = |a: &Picture, b: &Picture| -> f64 {
                let pairs = a.pixels.iter().zip(&b.pixels);
                pairs.map(|(a, b)| f64::from(a * b)).sum()
            };
            let (there, back) = (dot(&between.apply(&x), &y), dot(&x, &between.transpose(&y)));
            assert!((there - back).abs() < 1e-4 * there.abs(), "{there}, {back}");
        }
    }
}
