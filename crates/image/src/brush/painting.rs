//! Paint on a picture, to make a defect where there was none.

use rand::RngExt;

use super::{Brush, Ink, Line};
use crate::picture::Picture;
use crate::seeded;

/// A pixel differs from the original when one of its channels does by more than this: five of the
/// 255 steps of a byte, just enough to be seen.
pub const PAINTED_DIFFERENCE: f32 = 5.0 / 255.0;

/// A picture with strokes on it. The same strokes give the same picture, in however many pieces
/// they come.
#[derive(Clone, Debug, PartialEq)]
pub struct Painting {
    original: Picture,
    painted: Picture,
    /// How much of each pixel is paint, `0.0..=1.0`.
    cover: Vec<f32>,
    strokes: u64,
    current: Option<Stroke>,
}

/// A stroke that is being drawn: where it crosses itself, it does not cover twice.
#[derive(Clone, Debug, PartialEq)]
struct Stroke {
    brush: Brush,
    last: Option<(f32, f32)>,
    /// How much of each pixel it covers so far.
    cover: Vec<f32>,
    /// What is added to the colour in each pixel, -1 to 1 times the noise; empty without noise.
    noise: Vec<f32>,
    painted_before: Picture,
    cover_before: Vec<f32>,
}

impl Painting {
    /// Nothing painted yet.
    pub fn new(original: Picture) -> Self {
        Self {
            painted: original.clone(),
            cover: vec![0.0; original.plane_len()],
            strokes: 0,
            current: None,
            original,
        }
    }

    /// What it was painted on.
    pub fn original(&self) -> &Picture {
        &self.original
    }

    /// What it looks like now; values in `0.0..=1.0` where there is paint.
    pub fn painted(&self) -> &Picture {
        &self.painted
    }

    /// Whether it still is the original, to the last bit.
    pub fn is_clean(&self) -> bool {
        self.painted == self.original && self.cover.iter().all(|&cover| cover <= 0.5)
    }

    /// Where there is paint, as a ground truth: one channel, 1 where a pixel differs from the
    /// original by more than [`PAINTED_DIFFERENCE`] or is more than half paint, else 0.
    pub fn mask(&self) -> Picture {
        let (height, width) = (self.original.height, self.original.width);
        let differs = |i: usize| {
            (0..self.original.channels).any(|channel| {
                let difference = self.painted.plane(channel)[i] - self.original.plane(channel)[i];
                difference.abs() > PAINTED_DIFFERENCE
            })
        };
        let pixels = (0..self.original.plane_len())
            .map(|i| f32::from(u8::from(self.cover[i] > 0.5 || differs(i))))
            .collect();
        Picture::new(1, height, width, pixels)
    }

    /// Begins a stroke; the one before ends.
    pub fn begin(&mut self, brush: Brush) {
        let len = self.original.plane_len();
        let mut noise = Vec::new();
        if brush.noise > 0.0 && brush.ink != Ink::Eraser {
            let strength = brush.noise.min(1.0);
            let mut rng = seeded::rng(brush.seed, "brush noise", self.strokes);
            noise.extend((0..len).map(|_| strength * (2.0 * rng.random::<f32>() - 1.0)));
        }
        self.strokes += 1;
        self.current = Some(Stroke {
            brush,
            last: None,
            cover: vec![0.0; len],
            noise,
            painted_before: self.painted.clone(),
            cover_before: self.cover.clone(),
        });
    }

    /// Draws the current stroke on to `(x, y)`; the first place is a dot. Does nothing without a
    /// stroke or for a place that is not finite.
    pub fn draw_to(&mut self, place: (f32, f32)) {
        let Some(mut stroke) = self.current.take() else {
            return;
        };
        if place.0.is_finite() && place.1.is_finite() {
            let line = Line {
                from: stroke.last.unwrap_or(place),
                to: place,
            };
            stroke.last = Some(place);
            self.draw(&mut stroke, line);
        }
        self.current = Some(stroke);
    }

    /// Ends the current stroke.
    pub fn end(&mut self) {
        self.current = None;
    }

    /// A whole stroke along these places.
    pub fn stroke(&mut self, brush: Brush, places: &[(f32, f32)]) {
        self.begin(brush);
        for &place in places {
            self.draw_to(place);
        }
        self.end();
    }

    fn draw(&mut self, stroke: &mut Stroke, line: Line) {
        let (width, height) = (self.original.width, self.original.height);
        let colour = stroke.brush.colour(self.original.channels);
        let reach = stroke.brush.radius() + 0.5;
        let (columns, rows) = line.area(reach, width, height);
        for y in rows {
            for x in columns.clone() {
                let cover = stroke.brush.cover(line.distance(x, y));
                let i = y * width + x;
                if cover > stroke.cover[i] {
                    stroke.cover[i] = cover;
                    self.blend(stroke, i, colour.as_deref());
                }
            }
        }
    }

    /// Lays a pixel of the stroke over what was there before the stroke.
    fn blend(&mut self, stroke: &Stroke, i: usize, colour: Option<&[f32]>) {
        let share = stroke.cover[i];
        // Written so that a share of 1 gives the second value to the last bit.
        let mixed = |before: f32, after: f32| (1.0 - share) * before + share * after;
        let len = self.original.plane_len();
        for channel in 0..self.original.channels {
            let at = channel * len + i;
            let ink = match colour {
                Some(colour) => {
                    let noise = stroke.noise.get(i).copied().unwrap_or(0.0);
                    (colour[channel] + noise).clamp(0.0, 1.0)
                }
                None => self.original.pixels[at],
            };
            self.painted.pixels[at] = mixed(stroke.painted_before.pixels[at], ink);
        }
        let paint = f32::from(u8::from(colour.is_some()));
        self.cover[i] = mixed(stroke.cover_before[i], paint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey() -> Picture {
        Picture::from_fn(1, 24, 32, |_, y, x| 0.3 + 0.01 * (x % 5 + y % 3) as f32)
    }

    fn brush() -> Brush {
        Brush {
            ink: Ink::Colour([1.0; 3]),
            radius_px: 4.0,
            hardness: 1.0,
            ..Brush::default()
        }
    }

    fn area(mask: &Picture) -> f32 {
        mask.pixels.iter().sum()
    }

    #[test]
    fn a_dot_is_a_disc() {
        let mut painting = Painting::new(Picture::filled(1, 24, 32, 0.0));
        painting.stroke(brush(), &[(16.3, 12.1)]);
        // The sum of an anti-aliased disc is its area wherever its centre lies.
        let sum = area(painting.painted());
        let disc = std::f32::consts::PI * 16.0;
        assert!((sum - disc).abs() < 0.03 * disc, "{sum} of {disc}");
        assert_eq!(painting.painted().at(0, 12, 16), 1.0);
        assert_eq!(painting.painted().at(0, 12, 22), 0.0);
    }

    #[test]
    fn strokes_have_no_gaps_and_pieces_do_not_matter() {
        let mut fast = Painting::new(grey());
        fast.stroke(brush(), &[(4.0, 5.0), (28.0, 5.0)]);
        assert!((4..28).all(|x| fast.painted().at(0, 5, x) == 1.0));
        let mut slow = Painting::new(grey());
        let places: Vec<(f32, f32)> = (4..=28).map(|x| (x as f32, 5.0)).collect();
        slow.stroke(brush(), &places);
        for (a, b) in fast.painted().pixels.iter().zip(&slow.painted().pixels) {
            assert!((a - b).abs() < 1e-5);
        }
    }

    #[test]
    fn a_stroke_that_crosses_itself_covers_once() {
        let half = Brush {
            opacity: 0.5,
            ..brush()
        };
        let mut painting = Painting::new(Picture::filled(1, 24, 32, 0.0));
        painting.stroke(half, &[(16.0, 12.0), (20.0, 12.0), (16.0, 12.0)]);
        assert_eq!(painting.painted().at(0, 12, 17), 0.5);
        painting.stroke(half, &[(16.0, 12.0)]);
        assert_eq!(painting.painted().at(0, 12, 17), 0.75);
    }

    #[test]
    fn soft_edges_fall_outwards_and_fine_brushes_fade() {
        let soft = Brush {
            hardness: 0.0,
            radius_px: 8.0,
            ..brush()
        };
        let mut painting = Painting::new(Picture::filled(1, 24, 32, 0.0));
        painting.stroke(soft, &[(16.5, 12.5)]);
        let row: Vec<f32> = (16..25).map(|x| painting.painted().at(0, 12, x)).collect();
        assert!(row.is_sorted_by(|a, b| a > b), "{row:?}");
        assert_eq!(row[0], 1.0);
        let fine = |radius_px| Brush {
            radius_px,
            ..brush()
        };
        assert_eq!(fine(0.25).cover(0.0), 0.375);
        assert_eq!(fine(0.0).cover(0.0), 0.0);
        assert_eq!(fine(f32::NAN).cover(0.0), 0.0);
    }

    #[test]
    fn noise_is_seeded_and_new_for_every_stroke() {
        let noisy = |seed| {
            let brush = Brush {
                ink: Ink::Colour([0.5; 3]),
                noise: 0.2,
                seed,
                ..brush()
            };
            let mut painting = Painting::new(grey());
            painting.stroke(brush, &[(8.0, 12.0)]);
            painting.stroke(brush, &[(24.0, 12.0)]);
            painting.painted().clone()
        };
        assert_eq!(noisy(1), noisy(1));
        assert_ne!(noisy(1), noisy(2));
        let painted = noisy(1);
        let window =
            |left: usize| -> Vec<f32> { (left..left + 4).map(|x| painted.at(0, 12, x)).collect() };
        assert_ne!(window(6), window(22));
        for value in window(6) {
            assert!((0.3..=0.7).contains(&value), "{value}");
        }
        assert!(window(6).iter().any(|value| (value - 0.5).abs() > 0.02));
    }

    #[test]
    fn the_eraser_brings_the_original_back() {
        let mut painting = Painting::new(grey());
        painting.stroke(brush(), &[(10.0, 10.0), (20.0, 14.0)]);
        assert!(!painting.is_clean() && area(&painting.mask()) > 50.0);
        let eraser = Brush {
            ink: Ink::Eraser,
            radius_px: 40.0,
            ..brush()
        };
        painting.stroke(eraser, &[(15.0, 12.0)]);
        assert!(painting.is_clean());
        assert_eq!(painting.painted(), &grey());
        assert_eq!(area(&painting.mask()), 0.0);
    }

    #[test]
    fn the_mask_is_what_can_be_seen_or_was_covered() {
        let flat = Picture::filled(3, 24, 32, 0.5);
        let with = |ink, opacity| {
            let mut painting = Painting::new(flat.clone());
            let brush = Brush {
                ink: Ink::Colour(ink),
                opacity,
                ..brush()
            };
            painting.stroke(brush, &[(16.0, 12.0)]);
            painting.mask()
        };
        let mask = with([0.5, 0.5, 0.9], 1.0);
        assert_eq!((mask.channels, mask.height, mask.width), (1, 24, 32));
        assert!((area(&mask) - 50.0).abs() < 16.0, "{}", area(&mask));
        assert!(mask.pixels.iter().all(|value| [0.0, 1.0].contains(value)));
        // Barely there: less than the bound.
        assert_eq!(area(&with([0.5, 0.5, 0.9], 0.04)), 0.0);
        // Faint, but more than it.
        assert!(area(&with([0.5, 0.5, 0.9], 0.06)) > 30.0);
        // The same colour, but covered.
        assert!(area(&with([0.5; 3], 1.0)) > 30.0);
    }

    #[test]
    fn colours_become_luma_on_grey() {
        let red = Brush {
            ink: Ink::Colour([1.0, 0.0, 0.0]),
            ..brush()
        };
        let mut painting = Painting::new(grey());
        painting.stroke(red, &[(16.0, 12.0)]);
        assert!((painting.painted().at(0, 12, 16) - 0.299).abs() < 1e-6);
        let mut painting = Painting::new(grey().with_channels(3));
        painting.stroke(red, &[(16.0, 12.0)]);
        let pixel = [0, 1, 2].map(|channel| painting.painted().at(channel, 12, 16));
        assert_eq!(pixel, [1.0, 0.0, 0.0]);
    }

    #[test]
    fn odd_places_do_nothing() {
        let mut painting = Painting::new(grey());
        painting.draw_to((3.0, 3.0));
        painting.stroke(brush(), &[(f32::NAN, 3.0), (3.0, f32::INFINITY)]);
        painting.stroke(brush(), &[(-50.0, -50.0), (-40.0, 90.0)]);
        painting.stroke(brush(), &[]);
        assert!(painting.is_clean());
        Painting::new(Picture::default()).stroke(brush(), &[(0.0, 0.0)]);
    }
}
