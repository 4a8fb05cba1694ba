//! A region of a map as marked pixels of the image file.

use super::bitmap::Bitmap;
use super::on_source::OnSource;
use super::picture::Picture;
use super::placement::Placement;

/// What of the file lies in the connected region of a one-channel `map` above `threshold` that the map's pixel `at`
/// (column, row) belongs to; pixels that touch at a corner are connected. Between its pixels the map is as
/// `OnSource` has it, so the edge is as fine as the file. `None` where the pixel is not above the threshold.
///
/// # Panics
/// If the map has more than one channel.
pub fn region_marks(
    map: &Picture,
    threshold: f32,
    at: (usize, usize),
    placement: &Placement,
) -> Option<Bitmap> {
    assert!(map.channels <= 1, "only one-channel maps have regions");
    let is_above = |(x, y): (usize, usize)| map.at(0, y, x) > threshold;
    if at.0 >= map.width || at.1 >= map.height || !is_above(at) {
        return None;
    }
    let mut inside = vec![false; map.pixels.len()];
    let mut waiting = vec![at];
    inside[at.1 * map.width + at.0] = true;
    let ((mut left, mut top), (mut right, mut bottom)) = (at, at);
    while let Some((x, y)) = waiting.pop() {
        (left, top) = (left.min(x), top.min(y));
        (right, bottom) = (right.max(x), bottom.max(y));
        for near_y in y.saturating_sub(1)..(y + 2).min(map.height) {
            for near_x in x.saturating_sub(1)..(x + 2).min(map.width) {
                let known = &mut inside[near_y * map.width + near_x];
                if !*known && is_above((near_x, near_y)) {
                    *known = true;
                    waiting.push((near_x, near_y));
                }
            }
        }
    }
    // Values between pixels reach one further.
    let columns = (left as f64 - 1.0, right as f64 + 2.0);
    let rows = (top as f64 - 1.0, bottom as f64 + 2.0);
    let per_map_px = |canvas: usize, map: usize| canvas as f64 / map as f64;
    let wide = per_map_px(placement.canvas_px.0, map.width);
    let high = per_map_px(placement.canvas_px.1, map.height);
    let corners = [
        (columns.0, rows.0),
        (columns.1, rows.0),
        (columns.0, rows.1),
        (columns.1, rows.1),
    ];
    let corners = corners.map(|(x, y)| placement.source_from_canvas(x * wide, y * high));
    let (width, height) = placement.source_px;
    let span = |values: [f64; 4], end: usize| {
        let low = values.into_iter().fold(f64::INFINITY, f64::min);
        let high = values.into_iter().fold(f64::NEG_INFINITY, f64::max);
        // Below 0 these conversions limit.
        (low.floor() as usize).min(end)..(high.ceil() as usize).min(end)
    };
    let on_source = OnSource::new(map, placement);
    let mut marks = Bitmap::empty(placement.source_px);
    for y in span(corners.map(|(_, y)| y), height) {
        for x in span(corners.map(|(x, _)| x), width) {
            marks.marked[y * width + x] = on_source.tap(x, y).is_some_and(|tap| {
                on_source.value(&tap) > threshold && tap.touches(&inside, map.width)
            });
        }
    }
    Some(marks)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::crop::Crop;
    use crate::input::{Aspect, DataConfig};

    /// A block of 4 x 2 pixels from (8, 16), and another one far from it.
    fn map() -> Picture {
        Picture::from_fn(1, 64, 64, |_, y, x| {
            let one = (8..12).contains(&x) && (16..18).contains(&y);
            let other = (40..44).contains(&x) && (40..44).contains(&y);
            f32::from(u8::from(one || other))
        })
    }

    /// The smallest rectangle around what is marked: left, top, right, bottom; and how much that is.
    fn extent(marks: &Bitmap) -> ([usize; 4], usize) {
        let (width, _) = marks.size_px;
        let marked = marks.marked.iter().enumerate().filter(|(_, one)| **one);
        let places = marked.map(|(index, _)| (index % width, index / width));
        let start = ([usize::MAX, usize::MAX, 0, 0], 0);
        places.fold(start, |([left, top, right, bottom], count), (x, y)| {
            let around = [left.min(x), top.min(y), right.max(x), bottom.max(y)];
            (around, count + 1)
        })
    }

    #[test]
    fn the_region_below_a_point_is_marked_in_the_file_and_no_other() {
        let data = DataConfig {
            size_px: 64,
            aspect: Aspect::Stretch,
            ..DataConfig::default()
        };
        let placement = Placement::new((640, 320), &data).unwrap();
        let marks = region_marks(&map(), 0.5, (9, 17), &placement).unwrap();
        assert_eq!(marks.size_px, (640, 320));
        // Halfway between inside and outside is the edge of the pixels, but for their corners.
        let ([left, top, right, bottom], count) = extent(&marks);
        assert!(
            left.abs_diff(80) <= 1 && right.abs_diff(119) <= 1,
            "{left} {right}"
        );
        assert!(
            top.abs_diff(80) <= 1 && bottom.abs_diff(89) <= 1,
            "{top} {bottom}"
        );
        assert!((340..=440).contains(&count), "{count}");
        assert_eq!(region_marks(&map(), 0.5, (30, 30), &placement), None);
        assert_eq!(region_marks(&map(), 0.5, (64, 0), &placement), None);
    }

    #[test]
    fn a_region_in_a_crop_lies_in_the_whole_file() {
        let data = DataConfig {
            size_px: 64,
            crop: Some(Crop::new("100,200,64,64".parse().unwrap())),
            ..DataConfig::default()
        };
        let placement = Placement::new((300, 400), &data).unwrap();
        let marks = region_marks(&map(), 0.5, (41, 41), &placement).unwrap();
        let ([left, top, right, bottom], _) = extent(&marks);
        assert_eq!([left, top, right, bottom], [140, 240, 143, 243]);
    }
}
