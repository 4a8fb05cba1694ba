//! A map at the size of what is seen of the image file that it belongs to, without holding it in memory.

use super::picture::Picture;
use super::placement::Placement;

/// A map of the network's canvas, looked at with the pixels of the file's image, or of what is seen of it where
/// it is cropped: bilinear between
/// the centres of the map's pixels, which lie where the image's do (OpenCV's and PyTorch's usual
/// convention), and constant beyond the outermost ones. The padding around the image has no part in
/// it. An image smaller than the map is sampled in the same way.
#[derive(Clone, Debug)]
pub struct Enlarged<'a> {
    map: &'a Picture,
    counted: Option<&'a Picture>,
    columns: Vec<Tap>,
    rows: Vec<Tap>,
}

/// Where a pixel's centre lies among the centres of a row (or column) of the map.
#[derive(Clone, Copy, Debug)]
struct Tap {
    /// The last one that is not behind it, and the one after that.
    low: usize,
    high: usize,
    /// How far it is from one to the other.
    share: f32,
    /// The map's pixel that it lies in.
    inside: usize,
}

impl<'a> Enlarged<'a> {
    /// A one-channel map of the placement's canvas. Where `counted` is 0 the map says nothing:
    /// pixels whose centre lies there do not count, and the others are interpolated between the
    /// values that do.
    ///
    /// # Panics
    /// If map or `counted` have another size than the canvas.
    pub fn new(map: &'a Picture, placement: &Placement, counted: Option<&'a Picture>) -> Self {
        for picture in [Some(map), counted].into_iter().flatten() {
            assert_eq!(
                (picture.channels, picture.width, picture.height),
                (1, placement.canvas_px.0, placement.canvas_px.1),
                "a map has the size of the canvas"
            );
        }
        let (width, height) = placement.seen.size_px();
        Self {
            map,
            counted,
            columns: taps(width, placement.x, placement.width),
            rows: taps(height, placement.y, placement.height),
        }
    }

    /// Width and height of what is seen of the file's image.
    pub fn size_px(&self) -> (usize, usize) {
        (self.columns.len(), self.rows.len())
    }

    /// Whether a pixel of what is seen counts.
    pub fn counts(&self, x: usize, y: usize) -> bool {
        self.counted
            .is_none_or(|counted| counted.at(0, self.rows[y].inside, self.columns[x].inside) != 0.0)
    }

    /// Hands out every row of what is seen: its number and its values, those that do not count
    /// among them.
    pub fn for_each_row(&self, mut each: impl FnMut(usize, &[f32])) {
        let mut values = vec![0.0; self.columns.len()];
        let [mut upper, mut lower] = [Row::default(), Row::default()];
        for (y, tap) in self.rows.iter().enumerate() {
            // Going down, the lower row becomes the upper one.
            if upper.y != Some(tap.low) {
                std::mem::swap(&mut upper, &mut lower);
            }
            self.fill(&mut upper, tap.low);
            self.fill(&mut lower, tap.high);
            mix(&mut values, &upper.values, &lower.values, tap.share);
            if self.counted.is_some() {
                for (x, value) in values.iter_mut().enumerate() {
                    let (a, b) = (upper.weights[x], lower.weights[x]);
                    let weight = a + tap.share * (b - a);
                    // At least a quarter where the pixel itself counts.
                    if weight > 0.0 {
                        *value /= weight;
                    }
                }
            }
            each(y, &values);
        }
    }

    /// Makes `row` the map's row `y`, stretched, unless it is that already.
    fn fill(&self, row: &mut Row, y: usize) {
        if row.y.replace(y) == Some(y) {
            return;
        }
        let line = |picture: &'a Picture| &picture.pixels[y * picture.width..][..picture.width];
        let map = line(self.map);
        match self.counted.map(line) {
            None => stretch(&mut row.values, &self.columns, |x| map[x]),
            Some(counted) => {
                let weight = |x: usize| f32::from(u8::from(counted[x] != 0.0));
                stretch(&mut row.values, &self.columns, |x| match counted[x] {
                    0.0 => 0.0,
                    _ => map[x],
                });
                stretch(&mut row.weights, &self.columns, weight);
            }
        }
    }
}

/// A row of the map, stretched to the image's width.
#[derive(Default)]
struct Row {
    y: Option<usize>,
    values: Vec<f32>,
    /// How much of each value counts; empty where everything does.
    weights: Vec<f32>,
}

fn stretch(out: &mut Vec<f32>, columns: &[Tap], at: impl Fn(usize) -> f32) {
    out.clear();
    out.extend(columns.iter().map(|tap| {
        let (low, high) = (at(tap.low), at(tap.high));
        low + tap.share * (high - low)
    }));
}

fn mix(out: &mut [f32], low: &[f32], high: &[f32], share: f32) {
    for ((out, low), high) in out.iter_mut().zip(low).zip(high) {
        *out = low + share * (high - low);
    }
}

/// The taps of `len` pixels over `inner` ones of the map that begin at `start`.
fn taps(len: usize, start: usize, inner: usize) -> Vec<Tap> {
    (0..len)
        .map(|i| {
            let centre = (i as f64 + 0.5) * inner as f64 / len as f64 - 0.5;
            let centre = centre.clamp(0.0, (inner - 1) as f64);
            let low = centre.floor();
            Tap {
                low: start + low as usize,
                high: start + (low as usize + 1).min(inner - 1),
                share: (centre - low) as f32,
                inside: start + (2 * i + 1) * inner / (2 * len),
            }
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::input::{Aspect, DataConfig};

    fn placement(source_px: (usize, usize), size_px: usize, aspect: Aspect) -> Placement {
        let config = DataConfig {
            size_px,
            aspect,
            ..DataConfig::default()
        };
        Placement::new(source_px, &config).unwrap()
    }

    fn rows(map: &Picture, placement: &Placement, counted: Option<&Picture>) -> Vec<Vec<f32>> {
        let enlarged = Enlarged::new(map, placement, counted);
        let mut rows = Vec::new();
        enlarged.for_each_row(|y, row| {
            assert_eq!(y, rows.len());
            rows.push(row.to_vec());
        });
        assert_eq!(enlarged.size_px(), placement.source_px);
        rows
    }

    #[test]
    fn the_same_size_is_the_map_itself() {
        let map = Picture::from_fn(1, 16, 16, |_, y, x| (y * 16 + x) as f32 / 7.0);
        let same = rows(&map, &placement((16, 16), 16, Aspect::Stretch), None);
        assert_eq!(same.concat(), map.pixels);
    }

    #[test]
    fn a_ramp_stays_a_ramp_between_the_outermost_centres() {
        let map = Picture::from_fn(1, 4, 4, |_, y, x| (10 * y + x) as f32);
        let tall = rows(&map, &placement((8, 12), 4, Aspect::Stretch), None);
        assert_eq!((tall.len(), tall[0].len()), (12, 8));
        // Twice as wide: centres at -0.25, 0.25, 0.75 ..., the first one clamped.
        assert_eq!(
            tall[0],
            [0.0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.0],
            "the first row is clamped, too"
        );
        // Three times as high: the second row is the map's first one, then thirds.
        for (y, offset) in [(1, 0.0), (2, 10.0 / 3.0), (3, 20.0 / 3.0), (4, 10.0)] {
            assert!((tall[y][1] - 0.25 - offset).abs() < 1e-5, "{y}");
        }
        assert_eq!(tall[11][7], 33.0);
    }

    #[test]
    fn padding_has_no_part_in_it() {
        let placed = placement((40, 20), 16, Aspect::Letterbox);
        assert_eq!((placed.y, placed.height), (4, 8));
        let map = Picture::from_fn(
            1,
            16,
            16,
            |_, y, _| {
                if (4..12).contains(&y) { 1.0 } else { 99.0 }
            },
        );
        let validity = placed.validity();
        for counted in [None, Some(&validity)] {
            let rows = rows(&map, &placed, counted);
            assert!(rows.concat().iter().all(|value| *value == 1.0));
        }
    }

    #[test]
    fn what_does_not_count_is_not_mixed_in() {
        let map = Picture::from_fn(1, 4, 4, |_, _, x| if x < 2 { 5.0 } else { 0.0 });
        let counted = Picture::from_fn(1, 4, 4, |_, _, x| f32::from(u8::from(x < 2)));
        let placed = placement((16, 8), 4, Aspect::Stretch);
        let enlarged = Enlarged::new(&map, &placed, Some(&counted));
        enlarged.for_each_row(|y, row| {
            for (x, value) in row.iter().enumerate() {
                assert_eq!(enlarged.counts(x, y), x < 8);
                assert!(x >= 8 || *value == 5.0, "{x}: {value}");
            }
        });
    }
}
