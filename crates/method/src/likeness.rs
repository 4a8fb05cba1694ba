//! Whether a picture belongs to a model at all: what normal images have in common on the whole.
//!
//! A model judges whatever it is shown. A blank picture, one out of focus or one of something else gets
//! a score as any other, which means nothing. So a few numbers of each normal image are compared: how
//! bright, of which colour, how rich in contrast and how sharp it is, and where it is bright and dark.

use serde::{Deserialize, Serialize};

use super::anomaly_map::percentile;
use kizumi_image::picture::Picture;
use kizumi_image::remark::FileDoubt;

/// A picture may be this many times as far from the usual as the farthest of the normals, and further by
/// what follows: defects, and light that is not always the same, are no reason to complain. By
/// measurement on ten sets, where no defective image exceeds the sum: see docs/benchmark.md.
const REACH: f32 = 1.5;
/// In values of pixels, of `0.0..=1.0`.
const BRIGHTNESS: f32 = 0.1;
/// Likewise.
const COLOUR: f32 = 0.06;
/// In halvings.
const CONTRAST: f32 = 0.6;
/// Likewise.
const SHARPNESS: f32 = 1.0;
/// In values of pixels.
const LAYOUT: f32 = 0.05;

/// Cells a side in which a layout is looked at.
const CELLS: usize = 8;

/// The share of the cells, those most alike, that two layouts are compared by: the others may be defective.
const COMPARED: f32 = 0.75;

/// Added before taking logarithms: one step of 8 bits, and a quarter of it for mean differences.
const CONTRAST_FLOOR: f32 = 1.0 / 255.0;
const SHARPNESS_FLOOR: f32 = 0.25 / 255.0;

/// In what a picture is unlike the normal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unlike {
    /// It is much brighter or darker.
    Brightness,
    /// It has another hue.
    Colour,
    /// It is much flatter or much richer in contrast: blank, for one.
    Contrast,
    /// It is much softer or much sharper: out of focus, or noise.
    Sharpness,
    /// What is in it lies elsewhere, or is something else.
    Layout,
    /// It may not be what was photographed: its file's data and pixels do not agree.
    File,
    /// Two parts lie in it, and one of them is inspected.
    SeveralParts,
}

impl From<FileDoubt> for Unlike {
    fn from(doubt: FileDoubt) -> Self {
        match doubt {
            FileDoubt::Pixels => Self::File,
            FileDoubt::SeveralParts => Self::SeveralParts,
        }
    }
}

impl Unlike {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Brightness,
        Self::Colour,
        Self::Contrast,
        Self::Sharpness,
        Self::Layout,
        Self::File,
        Self::SeveralParts,
    ];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brightness => "unlike-model:brightness",
            Self::Colour => "unlike-model:colour",
            Self::Contrast => "unlike-model:contrast",
            Self::Sharpness => "unlike-model:sharpness",
            Self::Layout => "unlike-model:layout",
            Self::File => "doubtful-file",
            Self::SeveralParts => "two-parts",
        }
    }
}

/// A picture in few numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Traits {
    brightness: f32,
    /// Mean of each channel above that of all.
    colour: Vec<f32>,
    /// Binary logarithm of the standard deviation.
    contrast: f32,
    /// Binary logarithm of the mean absolute Laplacian.
    sharpness: f32,
    /// Mean of each cell above that of the picture, row by row; 0 where nothing counts.
    layout: Vec<f32>,
}

/// What normal images have in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    brightness: Usual,
    colour: Vec<Usual>,
    contrast: Usual,
    sharpness: Usual,
    /// The usual layout, and how far that of a normal is from it; `None` where places mean nothing.
    layout: Option<(Vec<f32>, f32)>,
}

/// A number of normal images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Usual {
    median: f32,
    /// How far the farthest is from it.
    reach: f32,
}

impl Traits {
    /// Of a picture, over the pixels that count: those where `counted` is not zero. `None` when none
    /// does.
    ///
    /// # Panics
    /// If `counted` has another shape.
    pub fn of(picture: &Picture, counted: Option<&Picture>) -> Option<Self> {
        let (height, width) = (picture.height, picture.width);
        let length = height * width;
        let counts = |at: usize| counted.is_none_or(|counted| counted.pixels[at] != 0.0);
        let places: Vec<usize> = (0..length).filter(|at| counts(*at)).collect();
        if places.is_empty() {
            return None;
        }
        let share = 1.0 / places.len() as f64;
        let mean_of = |value: &dyn Fn(usize) -> f32| -> f32 {
            let sum: f64 = places.iter().map(|at| f64::from(value(*at))).sum();
            (sum * share) as f32
        };
        let channels = picture.channels.max(1);
        let planes: Vec<&[f32]> = (0..picture.channels).map(|c| picture.plane(c)).collect();
        let grey: Vec<f32> = (0..length)
            .map(|at| planes.iter().map(|plane| plane[at]).sum::<f32>() / channels as f32)
            .collect();
        let brightness = mean_of(&|at| grey[at]);
        let variance = mean_of(&|at| (grey[at] - brightness).powi(2));
        let colour = planes
            .iter()
            .map(|plane| mean_of(&|at| plane[at]) - brightness);
        Some(Self {
            brightness,
            colour: colour.collect(),
            contrast: (variance.sqrt() + CONTRAST_FLOOR).log2(),
            sharpness: (laplacian(&grey, height, width, counts) + SHARPNESS_FLOOR).log2(),
            layout: cells(&grey, width, height, &places, brightness),
        })
    }
}

/// The mean absolute difference between a pixel and its four neighbours, times four; 0 without a pixel
/// all of whose neighbours count.
fn laplacian(grey: &[f32], height: usize, width: usize, counts: impl Fn(usize) -> bool) -> f32 {
    let (mut sum, mut number) = (0.0f64, 0usize);
    for y in 1..height.saturating_sub(1) {
        for x in 1..width.saturating_sub(1) {
            let at = y * width + x;
            let around = [at - width, at + width, at - 1, at + 1];
            if counts(at) && around.iter().all(|at| counts(*at)) {
                let others: f32 = around.iter().map(|at| grey[*at]).sum();
                sum += f64::from((4.0 * grey[at] - others).abs());
                number += 1;
            }
        }
    }
    (sum / number.max(1) as f64) as f32
}

fn cells(grey: &[f32], width: usize, height: usize, places: &[usize], mean: f32) -> Vec<f32> {
    let mut sums = vec![(0.0f64, 0usize); CELLS * CELLS];
    for &at in places {
        let (y, x) = (at / width, at % width);
        let (sum, number) = &mut sums[y * CELLS / height * CELLS + x * CELLS / width];
        *sum += f64::from(grey[at] - mean);
        *number += 1;
    }
    let means = sums.into_iter();
    let means = means.map(|(sum, number)| (sum / number.max(1) as f64) as f32);
    means.collect()
}

impl Likeness {
    /// Of normal images; `None` without any. Layouts are compared where images show the same thing in the
    /// same place, `by_place`.
    pub fn new(normals: &[Traits], by_place: bool) -> Option<Self> {
        let usual = |of: &dyn Fn(&Traits) -> f32| Usual::new(normals.iter().map(of).collect());
        let of_all = |of: fn(&Traits) -> &Vec<f32>| -> Option<Vec<Usual>> {
            let length = of(normals.first()?).len();
            let one = |place: usize| usual(&|traits| of(traits).get(place).copied().unwrap_or(0.0));
            (0..length).map(one).collect()
        };
        let layout = of_all(|traits| &traits.layout)?;
        let layout: Vec<f32> = layout.iter().map(|cell| cell.median).collect();
        let reach = normals.iter().map(|traits| apart(&traits.layout, &layout));
        let reach = reach.fold(0.0, f32::max);
        Some(Self {
            brightness: usual(&|traits| traits.brightness)?,
            colour: of_all(|traits| &traits.colour)?,
            contrast: usual(&|traits| traits.contrast)?,
            sharpness: usual(&|traits| traits.sharpness)?,
            layout: by_place.then_some((layout, reach)),
        })
    }

    /// Whether it is what [`Likeness::new`] makes of pictures: finite, and nothing reaches less far than 0.
    pub fn is_valid(&self) -> bool {
        let usual = [self.brightness, self.contrast, self.sharpness];
        let usual = usual.iter().chain(&self.colour);
        let (layout, reach) = self.layout.clone().unwrap_or_default();
        let reaches = usual.clone().map(|usual| usual.reach).chain([reach]);
        let places = usual.map(|usual| usual.median).chain(layout);
        reaches.clone().chain(places).all(f32::is_finite)
            && reaches.clone().all(|reach| reach >= 0.0)
    }

    /// In what a picture is unlike the normal ones; `None` when it is like them. Where several things
    /// are, the farthest off.
    pub fn unlike(&self, picture: &Traits) -> Option<Unlike> {
        let colours = self.colour.iter().zip(&picture.colour);
        let colours = colours.map(|(usual, value)| usual.excess(*value, COLOUR));
        let layout = self.layout.as_ref().map_or(0.0, |(usual, reach)| {
            apart(&picture.layout, usual) / (REACH * reach + LAYOUT)
        });
        let excesses = [
            self.brightness.excess(picture.brightness, BRIGHTNESS),
            colours.fold(0.0, f32::max),
            self.contrast.excess(picture.contrast, CONTRAST),
            self.sharpness.excess(picture.sharpness, SHARPNESS),
            layout,
        ];
        let excesses = Unlike::ALL.into_iter().zip(excesses);
        let (unlike, excess) = excesses.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        (excess > 1.0).then_some(unlike)
    }
}

impl Usual {
    fn new(values: Vec<f32>) -> Option<Self> {
        let median = percentile(values.clone(), 50.0)?;
        let off = values.iter().map(|value| (value - median).abs());
        Some(Self {
            median,
            reach: off.fold(0.0, f32::max),
        })
    }

    /// How far a value is from the usual, 1 being as far as it may.
    fn excess(self, value: f32, tolerance: f32) -> f32 {
        (value - self.median).abs() / (REACH * self.reach + tolerance)
    }
}

/// Root mean square difference of the cells that are most alike.
fn apart(a: &[f32], b: &[f32]) -> f32 {
    let mut squares: Vec<f32> = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).collect();
    squares.sort_by(f32::total_cmp);
    squares.truncate((squares.len() as f32 * COMPARED) as usize);
    (squares.iter().sum::<f32>() / squares.len().max(1) as f32).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_image::smooth::gaussian;

    const SIDE: usize = 64;

    /// A bright disc with fine grain on a dark ground, another grain for every number.
    fn part(number: usize) -> Picture {
        Picture::from_fn(1, SIDE, SIDE, |_, y, x| {
            let grain = ((7 * x + 13 * y + 29 * number) % 17) as f32 / 17.0 - 0.5;
            let (dy, dx) = (y as f32 - 32.0, x as f32 - 32.0);
            let ground = if dy.hypot(dx) < 20.0 { 0.7 } else { 0.2 };
            ground + 0.08 * grain + 0.004 * (number % 5) as f32
        })
    }

    fn traits(picture: &Picture) -> Traits {
        Traits::of(picture, None).unwrap()
    }

    fn likeness() -> Likeness {
        let normals: Vec<Traits> = (0..12).map(|number| traits(&part(number))).collect();
        Likeness::new(&normals, true).unwrap()
    }

    fn changed(by: impl Fn(usize, usize, f32) -> f32) -> Picture {
        let part = part(20);
        Picture::from_fn(1, SIDE, SIDE, |_, y, x| by(y, x, part.at(0, y, x)))
    }

    #[test]
    fn normal_and_defective_parts_belong_to_the_model() {
        let likeness = likeness();
        let chip = changed(|y, x, value| {
            let inside = (20..36).contains(&y) && (12..28).contains(&x);
            if inside { 0.1 } else { value }
        });
        let darker = changed(|_, _, value| 0.95 * value);
        let soft = gaussian(&part(20), 0.5);
        for picture in [part(20), chip, darker, soft] {
            assert_eq!(likeness.unlike(&traits(&picture)), None);
        }
    }

    #[test]
    fn what_is_wrong_with_a_picture_is_named() {
        let likeness = likeness();
        let blank = Picture::filled(1, SIDE, SIDE, 0.35);
        let elsewhere = changed(|y, x, _| part(20).at(0, y, (x + 24) % SIDE));
        for (picture, expected) in [
            (blank, Unlike::Contrast),
            (gaussian(&part(20), 3.0), Unlike::Sharpness),
            (changed(|_, _, value| value + 0.2), Unlike::Brightness),
            (elsewhere, Unlike::Layout),
        ] {
            assert_eq!(likeness.unlike(&traits(&picture)), Some(expected));
        }
    }

    #[test]
    fn another_hue_is_named() {
        let of = |tint: [f32; 3]| {
            let part = part(3);
            traits(&Picture::from_fn(3, SIDE, SIDE, |c, y, x| {
                part.at(0, y, x) + tint[c]
            }))
        };
        let likeness = Likeness::new(&[of([0.0; 3])], false).unwrap();
        assert_eq!(likeness.unlike(&of([0.02, 0.0, -0.02])), None);
        let leaf = likeness.unlike(&of([-0.1, 0.2, -0.1]));
        assert_eq!(leaf, Some(Unlike::Colour));
    }

    #[test]
    fn pixels_that_do_not_count_say_nothing() {
        let counted = Picture::from_fn(1, SIDE, SIDE, |_, y, _| f32::from(y >= 16));
        let painted = changed(|y, _, value| if y < 16 { 1.0 } else { value });
        let of = |picture: &Picture| Traits::of(picture, Some(&counted)).unwrap();
        assert_eq!(of(&painted), of(&part(20)));
        let nothing = Picture::filled(1, SIDE, SIDE, 0.0);
        assert_eq!(Traits::of(&part(0), Some(&nothing)), None);
        assert_eq!(Likeness::new(&[], true), None);
    }

    #[test]
    fn it_survives_a_model_file() {
        let likeness = likeness();
        let text = serde_json::to_string(&likeness).unwrap();
        assert_eq!(serde_json::from_str::<Likeness>(&text).unwrap(), likeness);
    }
}
