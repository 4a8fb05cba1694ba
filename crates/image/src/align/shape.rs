//! A part as points with the directions of their edges, and how alike a place of a picture is.

use serde::{Deserialize, Serialize};

use super::directions::Directions;
use super::text;

/// Degrees between the turns that are tried everywhere.
const STEP_DEGREES: usize = 6;

/// Places with a likeness that is a maximum within this many pixels are one.
const APART_PX: usize = 3;

/// Points around a centre, each with the direction that its edge has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// To the right of the centre and below it, in whole pixels, point after point.
    pub offsets: Vec<(i16, i16)>,
    /// Their directions, of doubled angle, 127 for 1: both parts, point after point.
    #[serde(with = "text")]
    pub directions: Vec<i8>,
}

/// Where a shape may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The centre, in pixels.
    pub x: f32,
    /// The centre, in pixels.
    pub y: f32,
    /// Clockwise, in degrees.
    pub degrees: f32,
    /// At most 1.
    pub likeness: f32,
}

impl Shape {
    /// At most `most` of the pixels around the centre of `directions` whose direction is at least `least` long, evenly
    /// picked. Its width and height are odd, the centre is that of the pixel in the middle.
    pub fn of(directions: &Directions, least: f32, most: usize) -> Self {
        let (width, height) = (directions.width, directions.height);
        let strong: Vec<usize> = (0..width * height)
            .filter(|i| directions.re[*i].hypot(directions.im[*i]) >= least)
            .collect();
        let count = strong.len().min(most);
        let picked = (0..count).map(|i| strong[i * strong.len() / count]);
        let mut shape = Self::default();
        for i in picked {
            let offset = |at: usize, length: usize| (at as isize - (length / 2) as isize) as i16;
            shape
                .offsets
                .push((offset(i % width, width), offset(i / width, height)));
            for part in [directions.re[i], directions.im[i]] {
                shape.directions.push((part * 127.0).round() as i8);
            }
        }
        shape
    }

    /// # Errors
    /// When it has no points, or not as many directions.
    pub fn validate(&self) -> Result<(), String> {
        match self.offsets.len() {
            0 => Err("the part to align to has no edges".into()),
            points if points * 2 != self.directions.len() => {
                Err("the part to align to is inconsistent".into())
            }
            _ => Ok(()),
        }
    }

    /// The smallest and the largest offset of its points: across, down.
    pub fn reach(&self) -> [(f32, f32); 2] {
        let range = |offsets: &mut dyn Iterator<Item = i16>| {
            let range = offsets.fold((i16::MAX, i16::MIN), |(low, high), at| {
                (low.min(at), high.max(at))
            });
            (f32::from(range.0), f32::from(range.1))
        };
        [
            range(&mut self.offsets.iter().map(|(x, _)| *x)),
            range(&mut self.offsets.iter().map(|(_, y)| *y)),
        ]
    }

    /// The share of its points, at one place, that lie in the rectangle that it takes up at another.
    pub fn overlap(&self, at: Place, other: Place) -> f32 {
        let [across, down] = self.reach();
        let (sin, cos) = at.degrees.to_radians().sin_cos();
        let (other_sin, other_cos) = other.degrees.to_radians().sin_cos();
        let is_inside = |(x, y): &&(i16, i16)| {
            let (x, y) = (f32::from(*x), f32::from(*y));
            let x_from = at.x + cos * x - sin * y - other.x;
            let y_from = at.y + sin * x + cos * y - other.y;
            let x = other_cos * x_from + other_sin * y_from;
            let y = other_cos * y_from - other_sin * x_from;
            (across.0..=across.1).contains(&x) && (down.0..=down.1).contains(&y)
        };
        let inside = self.offsets.iter().filter(is_inside).count();
        inside as f32 / self.offsets.len().max(1) as f32
    }

    /// The same where a pixel shows so many times as much of the photograph.
    pub fn reduced(&self, by: f64) -> Self {
        let mut offsets = Vec::new();
        let mut directions = Vec::new();
        let mut taken = std::collections::HashSet::new();
        let own = self.directions.as_chunks::<2>().0.iter();
        for ((x, y), direction) in self.offsets.iter().zip(own) {
            let reduced = |at: i16| (f64::from(at) / by).round() as i16;
            let at = (reduced(*x), reduced(*y));
            if taken.insert(at) {
                offsets.push(at);
                directions.extend(direction);
            }
        }
        Self {
            offsets,
            directions,
        }
    }

    fn points(&self) -> impl Iterator<Item = (f32, f32, f32, f32)> {
        let directions = self.directions.as_chunks::<2>().0.iter();
        self.offsets.iter().zip(directions).map(|((x, y), part)| {
            let [re, im] = part.map(|part| f32::from(part) / 127.0);
            (f32::from(*x), f32::from(*y), re, im)
        })
    }

    /// The same points turned about the centre.
    pub fn turned(&self, degrees: f32) -> Turned {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (sin2, cos2) = (2.0 * degrees.to_radians()).sin_cos();
        let mut lengths = 0.0;
        let points = self.points().map(|(x, y, re, im)| {
            lengths += re.hypot(im);
            [
                cos * x - sin * y,
                sin * x + cos * y,
                cos2 * re - sin2 * im,
                sin2 * re + cos2 * im,
            ]
        });
        let points = points.collect();
        Turned {
            points,
            share: 1.0 / lengths.max(f32::MIN_POSITIVE),
        }
    }

    /// How alike the directions around a point are; 1 is as alike as can be.
    pub fn likeness(&self, directions: &Directions, x: f32, y: f32, degrees: f32) -> f32 {
        self.turned(degrees).likeness(directions, x, y)
    }

    /// How alike every place with its centre in the picture is, in any turn if it `turns`.
    pub fn search(&self, directions: &Directions, turns: bool) -> Field {
        let (width, height) = (directions.width, directions.height);
        let reach = self.offsets.iter().map(|(x, y)| {
            let (x, y) = (f32::from(*x), f32::from(*y));
            x.hypot(y).ceil() as usize + 1
        });
        let reach = reach.max().unwrap_or(0);
        let padded = Padded::new(directions, reach);
        let mut best = vec![(f32::NEG_INFINITY, 0usize); width * height];
        let mut sums = vec![0.0f32; width * height];
        for degrees in (0..if turns { 360 } else { 1 }).step_by(STEP_DEGREES) {
            let turned = self.turned(degrees as f32);
            sums.fill(0.0);
            for [x, y, re, im] in &turned.points {
                let start = (reach as isize + y.round() as isize) as usize * padded.width
                    + (reach as isize + x.round() as isize) as usize;
                for (row, sums) in sums.chunks_exact_mut(width).enumerate() {
                    let start = start + row * padded.width;
                    let (own_re, own_im) = (
                        &padded.re[start..start + width],
                        &padded.im[start..start + width],
                    );
                    for ((sum, own_re), own_im) in sums.iter_mut().zip(own_re).zip(own_im) {
                        *sum += re * own_re + im * own_im;
                    }
                }
            }
            for (best, sum) in best.iter_mut().zip(&sums) {
                let likeness = sum * turned.share;
                if likeness > best.0 {
                    *best = (likeness, degrees);
                }
            }
        }
        Field { best, width }
    }

    /// The most alike place near one, found by smaller and smaller steps; as it is turned, unless it `turns`.
    pub fn climb(&self, directions: &Directions, from: Place, turns: bool) -> Place {
        const HALVINGS: i32 = 5;
        let mut best = Place {
            likeness: self.likeness(directions, from.x, from.y, from.degrees),
            ..from
        };
        let (mut step_px, mut step_degrees) = (2.0, 3.0);
        for _ in 0..HALVINGS {
            // It ends: each round but the last of these is more alike.
            loop {
                let before = best.likeness;
                let turned = self.turned(best.degrees);
                for (x, y) in [
                    (step_px, 0.0),
                    (-step_px, 0.0),
                    (0.0, step_px),
                    (0.0, -step_px),
                ] {
                    let (x, y) = (best.x + x, best.y + y);
                    let likeness = turned.likeness(directions, x, y);
                    if likeness > best.likeness {
                        best = Place {
                            x,
                            y,
                            likeness,
                            ..best
                        };
                    }
                }
                for by in [step_degrees, -step_degrees].into_iter().filter(|_| turns) {
                    let degrees = best.degrees + by;
                    let likeness = self.likeness(directions, best.x, best.y, degrees);
                    if likeness > best.likeness {
                        best = Place {
                            degrees,
                            likeness,
                            ..best
                        };
                    }
                }
                // The sum is one of rounded numbers.
                if best.likeness <= before + 1e-6 {
                    break;
                }
            }
            step_px /= 2.0;
            step_degrees /= 2.0;
        }
        best
    }
}

/// Points of a shape in one turn: x, y and both parts of the direction.
pub struct Turned {
    points: Vec<[f32; 4]>,
    /// One over the sum of the directions' lengths.
    share: f32,
}

impl Turned {
    /// How alike the directions around a point are; 1 is as alike as can be.
    pub fn likeness(&self, directions: &Directions, x: f32, y: f32) -> f32 {
        let sum: f32 = self
            .points
            .iter()
            .map(|[right, down, re, im]| {
                let own = directions.at(x + right, y + down);
                re * own.0 + im * own.1
            })
            .sum();
        sum * self.share
    }
}

/// Directions with nothing around them.
struct Padded {
    width: usize,
    re: Vec<f32>,
    im: Vec<f32>,
}

impl Padded {
    fn new(directions: &Directions, by: usize) -> Self {
        let width = directions.width + 2 * by;
        let padded = |plane: &[f32]| {
            let mut all = vec![0.0; width * (directions.height + 2 * by)];
            for (y, row) in plane.chunks_exact(directions.width).enumerate() {
                all[(y + by) * width + by..][..row.len()].copy_from_slice(row);
            }
            all
        };
        Self {
            width,
            re: padded(&directions.re),
            im: padded(&directions.im),
        }
    }
}

/// How alike the places of a picture are: at each pixel the best turn.
pub struct Field {
    /// Likenesses, with their turns in degrees, row after row.
    best: Vec<(f32, usize)>,
    width: usize,
}

impl Field {
    /// The most alike places that are not next to one another, at most so many, the best first.
    pub fn maxima(mut self, places: usize) -> Vec<Place> {
        let mut found = Vec::with_capacity(places);
        for _ in 0..places {
            let most = self
                .best
                .iter()
                .enumerate()
                .max_by(|a, b| a.1.0.total_cmp(&b.1.0));
            let Some((at, &(likeness, degrees))) = most else {
                break;
            };
            if likeness == f32::NEG_INFINITY {
                break;
            }
            let (x, y) = (at % self.width, at / self.width);
            found.push(Place {
                x: x as f32 + 0.5,
                y: y as f32 + 0.5,
                degrees: degrees as f32,
                likeness,
            });
            for row in self
                .best
                .chunks_exact_mut(self.width)
                .skip(y.saturating_sub(APART_PX))
                .take(2 * APART_PX + 1)
            {
                for near in row
                    .iter_mut()
                    .skip(x.saturating_sub(APART_PX))
                    .take(2 * APART_PX + 1)
                {
                    near.0 = f32::NEG_INFINITY;
                }
            }
        }
        found
    }
}
