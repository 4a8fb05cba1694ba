//! Photographs that are many times as large as the part: it is looked for in a reduced copy, and measured where it may be.

use image::{DynamicImage, GenericImageView};

use super::photo::{Photo, Scales};
use super::pose::Pose;
use super::shape::Place;
use super::template::{Found, Template};
use crate::file_error::Reason;

/// The longer side, in pixels of the coarse level, of a photograph that is searched as it is.
const LONGEST_SEARCHED_PX: f64 = 400.0;

/// The longer side of a reduced copy, in its pixels.
const REDUCED_PX: f64 = 640.0;

/// The longer side of the part in a reduced copy, at least, in its pixels.
const PART_PX: f64 = 14.0;

/// Places of a reduced copy that are looked at closely.
const PLACES: usize = 12;

/// How far around a place the part is looked for, as a share of its longest reach.
const AROUND: f64 = 1.35;

/// Whether a photograph is too large to be searched as it is.
pub(super) fn is_large(template: &Template, image: &DynamicImage) -> bool {
    f64::from(longer(image)) / template.scales.coarse_px > LONGEST_SEARCHED_PX
}

fn longer(image: &DynamicImage) -> u32 {
    image.width().max(image.height())
}

/// What is most like the part in a large photograph, and whether there is another one.
///
/// # Errors
/// As [`Photo::of`].
pub(super) fn find(template: &Template, image: &DynamicImage) -> Result<Found, Reason> {
    let longer = f64::from(longer(image));
    let reach = template.coarse.reach().map(|(low, high)| high - low);
    let part_px = f64::from(reach[0].max(reach[1])) * template.scales.coarse_px;
    let smallest = template.scales.coarse_px;
    let reduced_px = (longer / REDUCED_PX).min(part_px / PART_PX).max(smallest);
    let shape = template
        .coarse
        .reduced(reduced_px / template.scales.coarse_px);
    let scales = Scales {
        fine_px: reduced_px,
        coarse_px: reduced_px,
    };
    let levels = Photo::reduced(image, reduced_px)?.levels(scales);
    let (across, down) = levels.photograph_per_fine;
    let field = shape.search(&levels.coarse, template.turns());
    let mut found: Vec<(Found, Place)> = Vec::new();
    for place in field.maxima(PLACES) {
        let centre = (f64::from(place.x) * across, f64::from(place.y) * down);
        found.push(measured(template, image, centre, part_px)?);
    }
    let best = found
        .iter()
        .max_by(|(a, _), (b, _)| a.likeness.total_cmp(&b.likeness));
    let Some((best, at)) = best.copied() else {
        return Ok(nowhere(template, image));
    };
    let others = found.iter().filter(|(other, place)| {
        other.likeness >= template.least_second() && template.is_beside(*place, at)
    });
    let second = others.max_by(|(a, _), (b, _)| a.likeness.total_cmp(&b.likeness));
    let second = second.map(|(other, _)| other.pose);
    Ok(Found {
        second: best.second.or(second),
        ..best
    })
}

/// The part in the piece of the photograph around a point, at its own resolution; and its place in pixels of the fine
/// level, counted from the photograph's corner.
fn measured(
    template: &Template,
    image: &DynamicImage,
    centre: (f64, f64),
    part_px: f64,
) -> Result<(Found, Place), Reason> {
    let side = 2.0 * AROUND * part_px;
    let span = |centre: f64, whole: u32| {
        let start = (centre - side / 2.0).clamp(0.0, f64::from(whole - 1)) as u32;
        let end = (centre + side / 2.0).clamp(1.0, f64::from(whole)) as u32;
        (start, end.max(start + 1) - start)
    };
    let ((x, width), (y, height)) = (
        span(centre.0, image.width()),
        span(centre.1, image.height()),
    );
    let piece = image.crop_imm(x, y, width, height);
    let levels = Photo::of(&piece)?.levels(template.scales);
    let found = template.find_in(&levels);
    let moved = |pose: Pose| Pose {
        centre: (pose.centre.0 + f64::from(x), pose.centre.1 + f64::from(y)),
        ..pose
    };
    let pose = moved(found.pose);
    let fine_px = template.scales.fine_px;
    let place = Place {
        x: (pose.centre.0 / fine_px) as f32,
        y: (pose.centre.1 / fine_px) as f32,
        degrees: pose.turn_degrees as f32,
        likeness: found.likeness,
    };
    let found = Found {
        pose,
        second: found.second.map(moved),
        ..found
    };
    Ok((found, place))
}

fn nowhere(template: &Template, image: &DynamicImage) -> Found {
    let (width, height) = image.dimensions();
    Found {
        pose: Pose {
            reference: template.centre,
            centre: (f64::from(width) / 2.0, f64::from(height) / 2.0),
            turn_degrees: 0.0,
        },
        likeness: 0.0,
        second: None,
    }
}
