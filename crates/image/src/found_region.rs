//! Where an image is defective, for programs: regions in pixels of the image file.

use serde::{Deserialize, Serialize};

use super::crop::Area;
use super::picture::Picture;
use super::placement::Placement;
use super::regions::{Region, regions};

/// The most regions of an image that are written, those of the highest peaks: a map of noise has thousands.
pub const MOST: usize = 50;

/// A connected region of a map, in pixels of the image file, upright; `x` goes right and `y` down from the left
/// upper corner of the image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundRegion {
    /// How many pixels of the file it covers.
    pub area: u64,
    /// The same in square millimetres, where somebody has said how large a pixel is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_mm2: Option<f32>,
    /// Of the smallest rectangle around it.
    pub height: u64,
    /// The largest distance between two of its points, to a tenth of a pixel.
    #[serde(default)]
    pub length: f32,
    /// The same in millimetres, where somebody has said how large a pixel is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_mm: Option<f32>,
    /// The largest value in it.
    pub peak: f32,
    /// Where that is.
    pub peak_x: u64,
    /// Where that is.
    pub peak_y: u64,
    /// Of the smallest rectangle around it.
    pub width: u64,
    /// Its left edge.
    pub x: u64,
    /// Its upper edge.
    pub y: u64,
}

/// What of a map is above the threshold of pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundRegions {
    /// The threshold.
    pub threshold: f32,
    /// How many regions there are.
    pub count: usize,
    /// The first [`MOST`] of them, the highest peak first.
    pub first: Vec<FoundRegion>,
}

impl FoundRegion {
    /// A region of a map of `map_px` (width, height), as it lies in the file. What lies in the padding of `placement`
    /// is cut off.
    pub fn of(region: &Region, map_px: (usize, usize), placement: &Placement) -> Self {
        // Maps may be finer than the canvas.
        let per_map_px = |canvas: usize, map: usize| canvas as f64 / map.max(1) as f64;
        let (wide, high) = (
            per_map_px(placement.canvas_px.0, map_px.0),
            per_map_px(placement.canvas_px.1, map_px.1),
        );
        // What is aligned lies anywhere in the file.
        let seen = match placement.pose {
            Some(_) => Area::whole(placement.source_px),
            None => placement.seen,
        };
        let within = |(x, y): (f64, f64)| {
            let (x, y) = placement.source_from_canvas(x * wide, y * high);
            let (right, bottom) = (seen.x + seen.width, seen.y + seen.height);
            (
                x.clamp(seen.x as f64, right as f64),
                y.clamp(seen.y as f64, bottom as f64),
            )
        };
        let (across, down) = placement.source_per_canvas();
        let px_area = across * wide * down * high;
        let corners = region.outline.iter().flatten();
        let corners = corners.map(|(x, y)| within((f64::from(*x), f64::from(*y))));
        let corners: Vec<(f64, f64)> = corners.collect();
        let nowhere = (f64::INFINITY, f64::NEG_INFINITY);
        let ((left, right), (top, bottom)) =
            corners
                .iter()
                .fold((nowhere, nowhere), |(across, down), (x, y)| {
                    let spanned = |(low, high): (f64, f64), at: f64| (low.min(at), high.max(at));
                    (spanned(across, *x), spanned(down, *y))
                });
        let (peak_x, peak_y) = region.peak_at;
        let peak = within((peak_x as f64 + 0.5, peak_y as f64 + 0.5));
        let whole = |value: f64| value.round() as u64;
        let below = |value: f64, end: usize| (value as u64).min(end.max(1) as u64 - 1);
        Self {
            area: whole(region.area_px as f64 * px_area).max(1),
            area_mm2: None,
            height: whole(bottom) - whole(top),
            length: (extent(&corners) * 10.0).round() as f32 / 10.0,
            length_mm: None,
            peak: region.peak,
            peak_x: below(peak.0, seen.x + seen.width),
            peak_y: below(peak.1, seen.y + seen.height),
            width: whole(right) - whole(left),
            x: whole(left),
            y: whole(top),
        }
    }

    /// The same with its size in millimetres, where a pixel of the file has so many.
    pub fn measured(self, mm_per_px: Option<f32>) -> Self {
        Self {
            area_mm2: mm_per_px.map(|mm| self.area as f32 * mm * mm),
            length_mm: mm_per_px.map(|mm| self.length * mm),
            ..self
        }
    }
}

impl FoundRegions {
    /// Those of a one-channel `map` above `threshold`.
    ///
    /// # Panics
    /// If the map has more than one channel.
    pub fn of(map: &Picture, threshold: f32, placement: &Placement) -> Self {
        let all = regions(map, threshold, 0);
        let map_px = (map.width, map.height);
        let first = all.iter().take(MOST);
        Self {
            threshold,
            count: all.len(),
            first: first
                .map(|region| FoundRegion::of(region, map_px, placement))
                .collect(),
        }
    }
}

/// Directions in which an extent is looked for: half a circle in steps that are wrong by less than a thousandth.
const DIRECTIONS: usize = 64;

/// The largest distance between two of these points, to a thousandth (the maximum Feret diameter).
fn extent(points: &[(f64, f64)]) -> f64 {
    let along = |step: usize| {
        let angle = std::f64::consts::PI * step as f64 / DIRECTIONS as f64;
        let (across, down) = (angle.cos(), angle.sin());
        let nowhere = (f64::INFINITY, f64::NEG_INFINITY);
        let (low, high) = points.iter().fold(nowhere, |(low, high), (x, y)| {
            let at = x * across + y * down;
            (low.min(at), high.max(at))
        });
        (high - low).max(0.0)
    };
    (0..DIRECTIONS).map(along).fold(0.0, f64::max)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::crop::Crop;
    use crate::input::{Aspect, DataConfig};

    /// A map of 64 x 64 with a block of 4 x 2 pixels from (8, 16), the highest in its middle.
    fn map() -> Picture {
        Picture::from_fn(1, 64, 64, |_, y, x| {
            let inside = (8..12).contains(&x) && (16..18).contains(&y);
            match (inside, (x, y) == (10, 17)) {
                (_, true) => 3.0,
                (true, _) => 2.0,
                _ => 0.5,
            }
        })
    }

    fn placed(source_px: (usize, usize), aspect: Aspect) -> Placement {
        let data = DataConfig {
            size_px: 64,
            aspect,
            ..DataConfig::default()
        };
        Placement::new(source_px, &data).unwrap()
    }

    #[test]
    fn regions_are_in_pixels_of_the_file() {
        // 10 times as wide, 5 times as high.
        let found = FoundRegions::of(&map(), 1.0, &placed((640, 320), Aspect::Stretch));
        let region = FoundRegion {
            area: 8 * 50,
            area_mm2: None,
            height: 10,
            length: 41.2,
            length_mm: None,
            peak: 3.0,
            peak_x: 105,
            peak_y: 87,
            width: 40,
            x: 80,
            y: 80,
        };
        assert_eq!((found.count, &found.first[..]), (1, &[region][..]));
        // Letterboxed: 10 times as large either way, 16 rows of padding above.
        let found = FoundRegions::of(&map(), 1.0, &placed((640, 320), Aspect::Letterbox));
        let FoundRegion {
            x,
            y,
            width,
            height,
            area,
            ..
        } = found.first[0];
        assert_eq!((x, y, width, height, area), (80, 0, 40, 20, 800));
    }

    #[test]
    fn regions_in_a_crop_are_in_pixels_of_the_whole_file() {
        for aspect in [Aspect::Stretch, Aspect::Letterbox] {
            let alone = FoundRegions::of(&map(), 1.0, &placed((640, 320), aspect));
            let data = DataConfig {
                size_px: 64,
                aspect,
                crop: Some(Crop::new("700,500,640,320".parse().unwrap())),
                ..DataConfig::default()
            };
            let placement = Placement::new((3000, 2000), &data).unwrap();
            let found = FoundRegions::of(&map(), 1.0, &placement);
            let alone = &alone.first[0];
            let moved = FoundRegion {
                x: 700 + alone.x,
                y: 500 + alone.y,
                peak_x: 700 + alone.peak_x,
                peak_y: 500 + alone.peak_y,
                ..*alone
            };
            assert_eq!(found.first, [moved]);
        }
        // To the last column and row of the crop, not of the file.
        let everything = Picture::filled(1, 64, 64, 2.0);
        let data = DataConfig {
            size_px: 64,
            crop: Some(Crop::new("10,20,30,40".parse().unwrap())),
            ..DataConfig::default()
        };
        let placement = Placement::new((100, 100), &data).unwrap();
        let region = FoundRegions::of(&everything, 1.0, &placement).first[0];
        let FoundRegion {
            x,
            y,
            width,
            height,
            area,
            ..
        } = region;
        assert_eq!((x, y, width, height, area), (10, 20, 30, 40, 1200));
    }

    #[test]
    fn nothing_above_the_threshold_is_no_region_and_noise_is_cut_short() {
        let placement = placed((64, 64), Aspect::Stretch);
        assert_eq!(FoundRegions::of(&map(), 5.0, &placement).count, 0);
        let dots = Picture::from_fn(1, 64, 64, |_, y, x| f32::from(u8::from(y % 2 + x % 2 == 0)));
        let found = FoundRegions::of(&dots, 0.5, &placement);
        assert_eq!((found.count, found.first.len()), (1024, MOST));
    }

    #[test]
    fn a_region_is_as_long_as_its_farthest_points_lie_apart() {
        let diagonal = Picture::from_fn(1, 64, 64, |_, y, x| f32::from(u8::from(x == y && x < 30)));
        let found = FoundRegions::of(&diagonal, 0.5, &placed((64, 64), Aspect::Stretch));
        let longest = found
            .first
            .iter()
            .map(|region| region.length)
            .fold(0.0, f32::max);
        assert!((longest - 30.0 * 2.0_f32.sqrt()).abs() < 0.1, "{longest}");
        let region = FoundRegions::of(&map(), 1.0, &placed((640, 320), Aspect::Stretch)).first[0];
        let measured = region.measured(Some(0.05));
        assert_eq!(
            (measured.area_mm2, measured.length_mm),
            (Some(1.0), Some(41.2 * 0.05))
        );
        assert_eq!(region.measured(None), region);
    }

    #[test]
    fn fields_are_written_in_the_order_that_they_are_read_in() {
        let found = FoundRegions::of(&map(), 1.0, &placed((64, 64), Aspect::Stretch));
        let measured = found.first.iter().map(|region| region.measured(Some(0.1)));
        let text = serde_json::to_string(&measured.collect::<Vec<_>>()).unwrap();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read.to_string(), text);
    }
}
