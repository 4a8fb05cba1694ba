//! The edge of a mask as line segments.

use egui::{Pos2, pos2};

use crate::data::picture::Picture;

/// The edges between mask (above 0.5) and background in picture pixels, runs of them joined into
/// one segment each.
pub fn border(mask: &Picture) -> Vec<[Pos2; 2]> {
    let inside = |x: isize, y: isize| {
        let within =
            (0..mask.width as isize).contains(&x) && (0..mask.height as isize).contains(&y);
        within && mask.at(0, y as usize, x as usize) > 0.5
    };
    let (width, height) = (mask.width as isize, mask.height as isize);
    let mut segments = Vec::new();
    let mut collect = |lines: isize,
                       places: isize,
                       edge: &dyn Fn(isize, isize) -> bool,
                       at: &dyn Fn(isize, isize) -> Pos2| {
        for line in 0..=lines {
            let mut from = None;
            for place in 0..=places {
                match (place < places && edge(line, place), from) {
                    (true, None) => from = Some(place),
                    (false, Some(start)) => {
                        segments.push([at(line, start), at(line, place)]);
                        from = None;
                    }
                    _ => {}
                }
            }
        }
    };
    collect(
        height,
        width,
        &|y, x| inside(x, y - 1) != inside(x, y),
        &|y, x| pos2(x as f32, y as f32),
    );
    collect(
        width,
        height,
        &|x, y| inside(x - 1, y) != inside(x, y),
        &|x, y| pos2(x as f32, y as f32),
    );
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_border_of_a_block_is_its_four_sides() {
        let mask = Picture::from_fn(1, 6, 6, |_, y, x| {
            f32::from((2..4).contains(&y) && (1..6).contains(&x))
        });
        let segments = border(&mask);
        assert_eq!(segments.len(), 4, "{segments:?}");
        let length: f32 = segments.iter().map(|[a, b]| a.distance(*b)).sum();
        assert_eq!(length, 2.0 * (5.0 + 2.0));
    }

    #[test]
    fn an_empty_mask_has_no_border() {
        assert!(border(&Picture::filled(1, 4, 4, 0.0)).is_empty());
    }
}
