//! What of the part's rectangle is ground: something else in every photograph, and no business of whoever inspects the
//! part.
//!
//! Ground goes on beyond the rectangle: a pixel shows it when it is as bright as what lies around the rectangle, in one
//! photograph as in another. That also finds what is seen through a hole.

use super::ring::grey;
use super::shape::Place;
use crate::picture::Picture;
use crate::smooth::gaussian;

/// Of fewer photographs nobody knows what is something else in every one.
const FEWEST: usize = 10;

/// The least correlation, over all photographs, of a pixel of the ground with what lies around the rectangle.
const LEAST_CORRELATION: f32 = 0.8;

/// And by how much it changes at least, as a share of what lies around: along its edge a part shows a little of the ground.
const LEAST_SLOPE: f32 = 0.5;

/// How far around the rectangle is looked at, as a share of its half sides.
const AROUND: (f32, f32) = (1.04, 1.24);

/// The standard deviation of the ground over all photographs, of 1, at least: ground that is the same everywhere is as
/// good as a part.
const LEAST_SD: f32 = 0.04;

/// How many times as much as that of the part, each as a share of its mean: light alone changes both alike.
const TIMES: f32 = 2.0;

/// The share of the rectangle that the part takes at least, and the ground.
const LEAST_PART: f64 = 0.2;
const LEAST_GROUND: f64 = 0.03;

/// Ground in pieces of a smaller share of the rectangle is none.
const LEAST_PIECE: f64 = 0.005;

/// Standard deviation of what takes single points out, in pixels.
const SIGMA_PX: f32 = 1.5;

/// Where the ground is, 1 there, in the part's rectangle at the scale of `greys`; `None` where nothing is, or where that
/// cannot be told. `greys` are photographs with the places of the part's centre, `half_px` half of the rectangle
/// (across, down).
pub(super) fn ground(greys: &[(&Picture, Place)], half_px: (f64, f64)) -> Option<Picture> {
    let seen = greys.iter().filter_map(|(grey, place)| {
        let around = around(grey, *place, half_px)?;
        Some((turned_back(grey, *place, half_px), around))
    });
    let (photographs, around): (Vec<Picture>, Vec<f32>) = seen.unzip();
    if photographs.len() < FEWEST {
        return None;
    }
    let (width, height) = (photographs[0].width, photographs[0].height);
    let goes_with = (0..width * height).map(|i| {
        let values: Vec<f32> = photographs.iter().map(|one| one.pixels[i]).collect();
        let (correlation, slope) = against(&values, &around);
        correlation >= LEAST_CORRELATION && slope >= LEAST_SLOPE
    });
    let mut is_ground: Vec<bool> = goes_with.collect();
    let least_px = (LEAST_PIECE * is_ground.len() as f64) as usize;
    drop_pieces(&mut is_ground, width, least_px);
    let part: Vec<f32> = photographs
        .iter()
        .map(|photograph| mean_where(photograph, &is_ground, false))
        .collect();
    let (mean, sd) = moments(&around);
    let (part_mean, part_sd) = moments(&part);
    let differs = sd >= LEAST_SD && sd * part_mean >= TIMES * part_sd * mean;
    let share = |of: &[bool]| of.iter().filter(|is| **is).count() as f64 / of.len() as f64;
    let part = 1.0 - share(&is_ground);
    (differs && part >= LEAST_PART && share(&is_ground) >= LEAST_GROUND).then(|| {
        let pixels = is_ground.into_iter().map(|is| f32::from(u8::from(is)));
        Picture::new(1, height, width, pixels.collect())
    })
}

/// A point beside the centre of a part, in its photograph.
fn point(place: Place, (right, down): (f32, f32)) -> (f32, f32) {
    let (sin, cos) = place.degrees.to_radians().sin_cos();
    (
        place.x + cos * right - sin * down,
        place.y + sin * right + cos * down,
    )
}

/// The rectangle around a place as it lies in the reference.
fn turned_back(picture: &Picture, place: Place, half_px: (f64, f64)) -> Picture {
    let side = |half: f64| ((2.0 * half).round() as usize).max(1);
    let (width, height) = (side(half_px.0), side(half_px.1));
    let turned = Picture::from_fn(1, height, width, |_, row, column| {
        let right = column as f32 + 0.5 - width as f32 / 2.0;
        let down = row as f32 + 0.5 - height as f32 / 2.0;
        let (x, y) = point(place, (right, down));
        grey(picture, x, y)
    });
    gaussian(&turned, SIGMA_PX)
}

/// The mean of what lies around the rectangle; `None` where most of that is beyond the photograph.
fn around(picture: &Picture, place: Place, half_px: (f64, f64)) -> Option<f32> {
    let half = (half_px.0 as f32, half_px.1 as f32);
    let steps = (half.0.max(half.1) as usize).clamp(16, 256);
    let rings = 6;
    let (mut sum, mut count) = (0.0, 0);
    for ring in 0..rings {
        let share = ring as f32 / (rings - 1) as f32;
        let scale = AROUND.0 + share * (AROUND.1 - AROUND.0);
        for step in 0..steps {
            // Along the upper and lower sides, and along the others.
            let along = scale * (2.0 * (step as f32 + 0.5) / steps as f32 - 1.0);
            for (right, down) in [
                (along, -scale),
                (along, scale),
                (-scale, along),
                (scale, along),
            ] {
                let (x, y) = point(place, (right * half.0, down * half.1));
                let is_inside = (0.0..picture.width as f32).contains(&x)
                    && (0.0..picture.height as f32).contains(&y);
                if is_inside {
                    sum += grey(picture, x, y);
                    count += 1;
                }
            }
        }
    }
    (2 * count >= rings * steps * 4).then(|| sum / count as f32)
}

/// The mean of the pixels that are ground, or of those that are not.
fn mean_where(photograph: &Picture, is_ground: &[bool], ground: bool) -> f32 {
    let pixels = photograph.pixels.iter().zip(is_ground);
    let of = pixels.filter(|(_, is)| **is == ground);
    let (sum, count) = of.fold((0.0, 0), |(sum, count), (value, _)| {
        (sum + value, count + 1)
    });
    sum / count.max(1) as f32
}

/// Mean and standard deviation.
fn moments(values: &[f32]) -> (f32, f32) {
    let count = values.len().max(1) as f32;
    let mean = values.iter().sum::<f32>() / count;
    let squares = values.iter().map(|value| (value - mean).powi(2));
    (mean, (squares.sum::<f32>() / count).sqrt())
}

/// Pearson's coefficient of values with others, and by how much they grow for each unit of these; 0 where something is
/// constant.
fn against(values: &[f32], others: &[f32]) -> (f32, f32) {
    let ((a, a_sd), (b, b_sd)) = (moments(values), moments(others));
    let product = values.iter().zip(others).map(|(x, y)| (x - a) * (y - b));
    let both = product.sum::<f32>() / values.len() as f32;
    match a_sd * b_sd > 0.0 {
        true => (both / (a_sd * b_sd), both / (b_sd * b_sd)),
        false => (0.0, 0.0),
    }
}

/// Takes out connected pixels, by their four neighbours, that are fewer.
fn drop_pieces(set: &mut [bool], width: usize, least_px: usize) {
    let height = set.len() / width;
    let mut left = set.to_vec();
    for start in 0..set.len() {
        if !std::mem::take(&mut left[start]) {
            continue;
        }
        let (mut piece, mut at) = (vec![start], 0);
        while let Some(i) = piece.get(at).copied() {
            at += 1;
            let (x, y) = (i % width, i / width);
            let near = [
                (x > 0).then(|| i - 1),
                (x + 1 < width).then(|| i + 1),
                (y > 0).then(|| i - width),
                (y + 1 < height).then(|| i + width),
            ];
            let near = near.into_iter().flatten();
            piece.extend(near.filter(|near| std::mem::take(&mut left[*near])));
        }
        if piece.len() < least_px {
            piece.into_iter().for_each(|i| set[i] = false);
        }
    }
}
