//! Coordinates as they stand in annotation files.

/// Beyond this no image reaches: whoever writes it has made a mistake.
const FARTHEST_PX: f32 = 1e7;

/// A point.
///
/// # Errors
/// When it is none, or absurdly far away.
pub(super) fn point(x: f32, y: f32) -> Result<[f32; 2], String> {
    match x.abs() <= FARTHEST_PX && y.abs() <= FARTHEST_PX {
        true => Ok([x, y]),
        false => Err(format!("has a point at {x}, {y}")),
    }
}

/// The points of x and y in turn.
///
/// # Errors
/// As [`point`], and when an x has no y.
pub(super) fn flat(values: &[f32]) -> Result<Vec<[f32; 2]>, String> {
    match values.as_chunks::<2>() {
        (points, []) => points.iter().map(|[x, y]| point(*x, *y)).collect(),
        _ => Err(format!("has {} coordinates, an odd number", values.len())),
    }
}
