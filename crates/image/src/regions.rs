//! Where a map is above a threshold: connected regions.

use serde::{Deserialize, Serialize};

use super::outline::{Segment, trace};
use super::picture::Picture;

/// A connected region. Lengths are in map pixels; pixel `(x, y)` covers `x..x + 1`, `y..y + 1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// How many pixels it has.
    pub area_px: usize,
    /// The largest value in it.
    pub peak: f32,
    /// The pixel (x, y) of the largest value; of several the first, row after row.
    pub peak_at: (usize, usize),
    /// Mean of the pixels' centres, (x, y).
    pub centroid: (f32, f32),
    /// The smallest rectangle around it.
    pub bounds: Bounds,
    /// Whether it is smaller than the minimum area, so that it does not count.
    pub filtered: bool,
    /// Its border, also around holes.
    pub outline: Vec<Segment>,
}

/// A rectangle of pixels; right and bottom are just outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// First column.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// Column after the last.
    pub right: usize,
    /// Row after the last.
    pub bottom: usize,
}

impl Bounds {
    /// Width and height in pixels.
    pub fn size_px(&self) -> (usize, usize) {
        (self.right - self.left, self.bottom - self.top)
    }

    fn pixel(x: usize, y: usize) -> Self {
        Self {
            left: x,
            top: y,
            right: x + 1,
            bottom: y + 1,
        }
    }

    fn include(&mut self, x: usize, y: usize) {
        self.left = self.left.min(x);
        self.top = self.top.min(y);
        self.right = self.right.max(x + 1);
        self.bottom = self.bottom.max(y + 1);
    }
}

/// The regions of a one-channel map whose values are above the threshold, the highest peak first.
/// Pixels that touch at a corner are connected. A value that is not a number is never above. Those
/// below `min_area_px` come along, as filtered. Linear time in the map's pixels.
///
/// # Panics
/// If the map has more than one channel.
pub fn regions(map: &Picture, threshold: f32, min_area_px: usize) -> Vec<Region> {
    assert!(map.channels <= 1, "only one-channel maps have regions");
    let mut labels = vec![0u32; map.pixels.len()];
    let mut regions = Vec::new();
    for start in 0..map.pixels.len() {
        if labels[start] == 0 && map.pixels[start] > threshold {
            let label = regions.len() as u32 + 1;
            let mut region = flood(map, threshold, &mut labels, start, label);
            region.filtered = region.area_px < min_area_px;
            regions.push(region);
        }
    }
    trace(
        map.width,
        map.height,
        |x, y| labels[y * map.width + x],
        |label, segment| regions[label as usize - 1].outline.push(segment),
    );
    // Stable: equal peaks stay in the order of their first pixels.
    regions.sort_by(|a, b| b.peak.total_cmp(&a.peak));
    regions
}

/// Labels everything connected with a pixel and measures it.
fn flood(map: &Picture, threshold: f32, labels: &mut [u32], start: usize, label: u32) -> Region {
    let place = |index: usize| (index % map.width, index / map.width);
    let (x, y) = place(start);
    let mut bounds = Bounds::pixel(x, y);
    let (mut area_px, mut sum_x, mut sum_y) = (0, 0, 0);
    let mut peak_index = start;
    // A pixel is labelled when it is put here, so it comes here once.
    let mut waiting = vec![start];
    labels[start] = label;
    while let Some(index) = waiting.pop() {
        let (x, y) = place(index);
        area_px += 1;
        sum_x += x;
        sum_y += y;
        bounds.include(x, y);
        let (value, peak) = (map.pixels[index], map.pixels[peak_index]);
        if value > peak || (value == peak && index < peak_index) {
            peak_index = index;
        }
        for near_y in y.saturating_sub(1)..(y + 2).min(map.height) {
            for near_x in x.saturating_sub(1)..(x + 2).min(map.width) {
                let near = near_y * map.width + near_x;
                if labels[near] == 0 && map.pixels[near] > threshold {
                    labels[near] = label;
                    waiting.push(near);
                }
            }
        }
    }
    let mean = |sum: usize| (sum as f64 / area_px as f64 + 0.5) as f32;
    Region {
        area_px,
        peak: map.pixels[peak_index],
        peak_at: place(peak_index),
        centroid: (mean(sum_x), mean(sum_y)),
        bounds,
        filtered: false,
        outline: Vec::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::outline::{outline, tests::drawn};
    use super::*;
    use proptest::prelude::*;

    fn areas(rows: &[&str]) -> Vec<usize> {
        let mut areas: Vec<usize> = regions(&drawn(rows), 0.5, 0)
            .iter()
            .map(|region| region.area_px)
            .collect();
        areas.sort_unstable();
        areas
    }

    #[test]
    fn corners_connect() {
        assert_eq!(areas(&["#..", ".#.", "..#"]), [3]);
        assert_eq!(areas(&["#.#", ".#.", "#.#"]), [5]);
        assert_eq!(areas(&["#..#", "#..#"]), [2, 2]);
        // Met from two sides only further down.
        assert_eq!(areas(&["#...#", "#...#", ".#.#.", "..#.."]), [7]);
    }

    #[test]
    fn nested_regions_stay_apart() {
        let rows = ["#####", "#...#", "#.#.#", "#...#", "#####"];
        assert_eq!(areas(&rows), [1, 16]);
        let found = regions(&drawn(&rows), 0.5, 2);
        let (ring, dot) = (&found[0], &found[1]);
        assert!(!ring.filtered && dot.filtered);
        assert_eq!(ring.centroid, (2.5, 2.5));
        assert_eq!(dot.centroid, (2.5, 2.5));
        assert_eq!(
            (ring.bounds.size_px(), dot.bounds.size_px()),
            ((5, 5), (1, 1))
        );
        // Outside and around the hole; and the dot's four sides.
        assert_eq!((ring.outline.len(), dot.outline.len()), (8, 4));
    }

    #[test]
    fn rows_do_not_wrap_around() {
        assert_eq!(areas(&["..#", "#..", "..."]), [1, 1]);
    }

    #[test]
    fn everything_is_measured() {
        #[rustfmt::skip]
        let map = Picture::new(1, 4, 5, vec![
            0.0, 0.6, 0.7, 0.0, 0.0,
            0.0, 0.0, 0.7, 0.0, 0.9,
            0.0, 0.0, 0.0, 0.0, 0.8,
            0.5, 0.0, 0.0, 0.0, 0.8,
        ]);
        let found = regions(&map, 0.5, 0);
        assert_eq!(found.len(), 2);
        let right = &found[0];
        assert_eq!((right.area_px, right.peak, right.peak_at), (3, 0.9, (4, 1)));
        assert_eq!(right.centroid, (4.5, 2.5));
        assert_eq!(
            right.bounds,
            Bounds {
                left: 4,
                top: 1,
                right: 5,
                bottom: 4
            }
        );
        let upper = &found[1];
        assert_eq!((upper.area_px, upper.peak, upper.peak_at), (3, 0.7, (2, 0)));
        let third = 5.0 / 3.0;
        assert!((upper.centroid.0 - (third + 0.5)).abs() < 1e-6);
        assert!((upper.centroid.1 - (1.0 / 3.0 + 0.5)).abs() < 1e-6);
    }

    #[test]
    fn odd_values_do_no_harm() {
        let odd = [f32::NAN, 1.0, f32::INFINITY, f32::NEG_INFINITY];
        let found = regions(&Picture::new(1, 1, 4, odd.to_vec()), 0.5, 0);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].area_px, found[0].peak), (2, f32::INFINITY));
        assert_eq!(
            regions(&Picture::new(1, 1, 4, odd.to_vec()), f32::NAN, 0),
            []
        );
        assert_eq!(regions(&Picture::default(), 0.0, 0), []);
        assert_eq!(regions(&Picture::filled(1, 9, 9, 0.5), 0.5, 0), []);
    }

    #[test]
    fn a_large_map_takes_no_deep_stack() {
        let map = Picture::from_fn(1, 700, 700, |_, y, x| {
            f32::from(u8::from(x % 2 == 0 || y == 699))
        });
        let found = regions(&map, 0.5, 0);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].area_px, 350 * 699 + 700);
    }

    /// The definition: spreads the smallest index until nothing changes.
    fn naive(map: &Picture, threshold: f32) -> Vec<usize> {
        let above = |index: usize| map.pixels[index] > threshold;
        let mut owner: Vec<usize> = (0..map.pixels.len()).collect();
        loop {
            let before = owner.clone();
            for a in (0..owner.len()).filter(|&a| above(a)) {
                for b in (0..owner.len()).filter(|&b| above(b)) {
                    let apart = |a: usize, b: usize| a.abs_diff(b) > 1;
                    let far =
                        apart(a % map.width, b % map.width) || apart(a / map.width, b / map.width);
                    if !far {
                        owner[a] = owner[a].min(owner[b]);
                    }
                }
            }
            if owner == before {
                break;
            }
        }
        let mut areas = vec![0; owner.len()];
        for index in (0..owner.len()).filter(|&index| above(index)) {
            areas[owner[index]] += 1;
        }
        areas.retain(|&area| area > 0);
        areas.sort_unstable();
        areas
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn agrees_with_the_definition(
            (width, values) in (1usize..9).prop_flat_map(|width| {
                (Just(width), prop::collection::vec(0u8..8, width * 7))
            }),
        ) {
            let map = Picture::new(1, 7, width, values.iter().map(|&v| f32::from(v)).collect());
            let found = regions(&map, 4.0, 0);
            let mut areas: Vec<usize> = found.iter().map(|region| region.area_px).collect();
            areas.sort_unstable();
            prop_assert_eq!(areas, naive(&map, 4.0));
            prop_assert!(found.is_sorted_by(|a, b| a.peak >= b.peak));
            for region in &found {
                let (x, y) = region.peak_at;
                prop_assert_eq!(map.at(0, y, x), region.peak);
            }
            // Together the regions' borders are the border of all that is above.
            let mask = Picture {
                pixels: map.pixels.iter().map(|&v| f32::from(u8::from(v > 4.0))).collect(),
                ..map
            };
            let length = |segments: &[Segment]| -> f32 {
                segments.iter().map(|[a, b]| (b.0 - a.0) + (b.1 - a.1)).sum()
            };
            let apart: f32 = found.iter().map(|region| length(&region.outline)).sum();
            prop_assert_eq!(apart, length(&outline(&mask)));
        }
    }
}
