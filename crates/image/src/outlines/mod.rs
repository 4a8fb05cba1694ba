//! Defective areas that an annotation draws as shapes instead of as a picture.

mod fill;
mod runs;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use fill::fill;
pub use runs::Runs;

/// The most points that the shapes of one image may have: nobody draws as many.
pub const MAX_POINTS: usize = 1_000_000;

/// What an annotation draws on one image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outlines {
    /// The file that it stands in.
    pub file: PathBuf,
    /// Width and height of the image as the annotation knows it; `None` where its points are shares of
    /// them.
    pub size_px: Option<(usize, usize)>,
    /// What is defective is covered by one of them at least.
    pub shapes: Vec<Shape>,
}

/// Coordinates are finite: whoever reads them from a file sees to it.
impl Eq for Outlines {}

/// A defective area. Pixel (x, y) reaches from there to (x + 1, y + 1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A closed polygon by its corners; where it crosses itself the even-odd rule holds, as in
    /// everything that draws such annotations (pycocotools, Pillow, OpenCV).
    Polygon(Vec<[f32; 2]>),
    /// Pixels of a rectangle.
    Runs(Runs),
}

impl Shape {
    /// An upright rectangle between two opposite corners.
    pub fn rectangle([left, top]: [f32; 2], [right, bottom]: [f32; 2]) -> Self {
        Self::Polygon(vec![
            [left, top],
            [right, top],
            [right, bottom],
            [left, bottom],
        ])
    }

    /// A circle.
    pub fn circle([x, y]: [f32; 2], radius: f32) -> Self {
        // With as many corners no chord is farther than a tenth of a pixel from its arc.
        let corners = (8.0 * radius.abs().sqrt()).clamp(16.0, 4096.0) as usize;
        let corner = |index: usize| {
            let angle = std::f32::consts::TAU * index as f32 / corners as f32;
            [x + radius * angle.cos(), y + radius * angle.sin()]
        };
        Self::Polygon((0..corners).map(corner).collect())
    }

    /// A line through points, `width` wide, with round ends.
    pub fn line(points: &[[f32; 2]], width: f32) -> Vec<Self> {
        let half = width / 2.0;
        let round = points.iter().map(|point| Self::circle(*point, half));
        let segments = points.windows(2).filter_map(|pair| {
            let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
            let (dx, dy) = (bx - ax, by - ay);
            let length = dx.hypot(dy);
            let (nx, ny) = (-dy / length * half, dx / length * half);
            let corners = vec![
                [ax + nx, ay + ny],
                [bx + nx, by + ny],
                [bx - nx, by - ny],
                [ax - nx, ay - ny],
            ];
            (length > 0.0).then_some(Self::Polygon(corners))
        });
        round.chain(segments).collect()
    }
}

impl Outlines {
    /// Which pixels of an image of `size_px` (width, height) are defective, row after row: those whose
    /// centre lies in a shape, and of a shape that has no centre in it the pixels of its corners, so that
    /// no defect vanishes.
    pub fn draw(&self, size_px: (usize, usize)) -> Vec<bool> {
        let mut defective = vec![false; size_px.0 * size_px.1];
        let scale = match self.size_px {
            Some(_) => (1.0, 1.0),
            None => (size_px.0 as f64, size_px.1 as f64),
        };
        for shape in &self.shapes {
            match shape {
                Shape::Polygon(corners) => {
                    let corners: Vec<(f64, f64)> = corners
                        .iter()
                        .map(|[x, y]| (f64::from(*x) * scale.0, f64::from(*y) * scale.1))
                        .collect();
                    fill(&mut defective, size_px, &corners);
                }
                Shape::Runs(runs) => runs.mark(&mut defective, size_px),
            }
        }
        defective
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(size_px: (usize, usize), shapes: Vec<Shape>) -> Vec<String> {
        let outlines = Outlines {
            file: "a.json".into(),
            size_px: Some(size_px),
            shapes,
        };
        rows(&outlines.draw(size_px), size_px.0)
    }

    fn rows(defective: &[bool], width: usize) -> Vec<String> {
        let cell = |defective: &bool| if *defective { '#' } else { '.' };
        let row = |row: &[bool]| row.iter().map(cell).collect();
        defective.chunks(width).map(row).collect()
    }

    #[test]
    fn a_rectangle_covers_the_pixels_between_its_corners_whichever_they_are() {
        let expected = [".....", ".###.", ".###.", "....."];
        let there = Shape::rectangle([1.0, 1.0], [4.0, 3.0]);
        assert_eq!(drawn((5, 4), vec![there]), expected);
        let back = Shape::rectangle([4.0, 3.0], [1.0, 1.0]);
        assert_eq!(drawn((5, 4), vec![back]), expected);
    }

    #[test]
    fn shapes_that_overlap_are_united() {
        let one = Shape::rectangle([0.0, 0.0], [3.0, 2.0]);
        let other = Shape::rectangle([2.0, 0.0], [4.0, 1.0]);
        assert_eq!(drawn((5, 2), vec![one, other]), ["####.", "###.."]);
    }

    #[test]
    fn a_seam_to_an_inner_ring_leaves_a_hole() {
        // As polygons with holes are written where a format has none: out along a seam and back.
        let ring = [
            [0.0, 0.0],
            [5.0, 0.0],
            [5.0, 5.0],
            [0.0, 5.0],
            [0.0, 0.0],
            [2.0, 2.0],
            [2.0, 3.0],
            [3.0, 3.0],
            [3.0, 2.0],
            [2.0, 2.0],
        ];
        let expected = ["#####", "#####", "##.##", "#####", "#####"];
        assert_eq!(drawn((5, 5), vec![Shape::Polygon(ring.into())]), expected);
    }

    #[test]
    fn a_circle_has_the_area_of_one() {
        let outlines = Outlines {
            file: "a.json".into(),
            size_px: Some((100, 100)),
            shapes: vec![Shape::circle([50.0, 50.0], 30.0)],
        };
        let area = outlines.draw((100, 100)).iter().filter(|one| **one).count();
        let exact = std::f64::consts::PI * 900.0;
        assert!((area as f64 / exact - 1.0).abs() < 0.01, "{area}");
    }

    #[test]
    fn a_line_is_as_wide_as_was_asked() {
        let line = Shape::line(&[[2.0, 2.5], [8.0, 2.5]], 3.0);
        let rows = drawn((10, 5), line);
        assert_eq!(rows[0], "..........");
        assert_eq!(rows[2], ".########.");
        assert!(rows[1].contains("######") && rows[3].contains("######"));
        // A point twice is no segment.
        let dot = Shape::line(&[[2.0, 2.0], [2.0, 2.0]], 2.0);
        assert!(drawn((4, 4), dot)[1].contains("##"));
    }

    #[test]
    fn what_is_smaller_than_a_pixel_does_not_vanish() {
        let speck = vec![[2.6, 1.6], [2.8, 1.6], [2.8, 1.8]];
        let expected = ["....", "..#.", "...."];
        assert_eq!(drawn((4, 3), vec![Shape::Polygon(speck)]), expected);
        let point = Shape::Polygon(vec![[3.0, 2.0]]);
        assert_eq!(drawn((4, 3), vec![point])[2], "...#");
    }

    #[test]
    fn what_lies_outside_is_cut_off_and_what_is_absurd_takes_no_time() {
        let wide = Shape::rectangle([-1e7, 1.0], [1e7, 2.0]);
        assert_eq!(drawn((3, 3), vec![wide]), ["...", "###", "..."]);
        let far = Shape::rectangle([1e7, 1e7], [2e7, 2e7]);
        assert_eq!(drawn((3, 2), vec![far]), ["...", "..."]);
        assert_eq!(drawn((3, 1), vec![Shape::Polygon(Vec::new())]), ["..."]);
    }

    #[test]
    fn shares_are_of_the_images_own_size() {
        let outlines = Outlines {
            file: "a.txt".into(),
            size_px: None,
            shapes: vec![Shape::rectangle([0.25, 0.5], [0.75, 1.0])],
        };
        assert_eq!(rows(&outlines.draw((8, 2)), 8), ["........", "..####.."]);
        assert_eq!(rows(&outlines.draw((4, 2)), 4), ["....", ".##."]);
    }
}
