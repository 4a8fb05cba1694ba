//! Which pixels of an image file are marked.

use super::mask_regions::MaskRegions;
use super::outlines::{Outlines, Shape};

/// One truth value a pixel, row after row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    /// Width and height, in pixels.
    pub size_px: (usize, usize),
    /// Which pixels are marked; as many as there are.
    pub marked: Vec<bool>,
}

impl Bitmap {
    /// Nothing marked.
    pub fn empty(size_px: (usize, usize)) -> Self {
        Self {
            size_px,
            marked: vec![false; size_px.0 * size_px.1],
        }
    }

    /// What shapes cover, their coordinates in pixels of the image.
    pub fn of_shapes(size_px: (usize, usize), shapes: Vec<Shape>) -> Self {
        let outlines = Outlines {
            file: Default::default(),
            size_px: Some(size_px),
            shapes,
        };
        Self {
            size_px,
            marked: outlines.draw(size_px),
        }
    }

    /// Whether a pixel is marked; none beyond the edges is.
    pub fn at(&self, x: usize, y: usize) -> bool {
        x < self.size_px.0 && y < self.size_px.1 && self.marked[y * self.size_px.0 + x]
    }

    /// Whether no pixel is marked.
    pub fn is_empty(&self) -> bool {
        !self.marked.contains(&true)
    }

    /// Marks what another one of the same size marks, or takes that away. Gives whether anything changed.
    pub fn combine(&mut self, other: &Self, erase: bool) -> bool {
        let mut changed = false;
        if other.size_px == self.size_px {
            for (marked, other) in self.marked.iter_mut().zip(&other.marked) {
                if *other && *marked == erase {
                    *marked = !erase;
                    changed = true;
                }
            }
        }
        changed
    }
}

/// Where the regions lie.
impl From<&MaskRegions> for Bitmap {
    fn from(regions: &MaskRegions) -> Self {
        let mut marks = Self::empty(regions.size_px());
        for run in regions.runs() {
            let row = run.y as usize * marks.size_px.0;
            marks.marked[row + run.start as usize..row + run.end as usize].fill(true);
        }
        marks
    }
}
