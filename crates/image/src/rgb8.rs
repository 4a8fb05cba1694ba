//! Pictures for people: 8-bit RGB as it goes to a file or a screen.

use std::borrow::Borrow;

use serde::{Deserialize, Serialize};

use super::picture::Picture;

/// Separators between the panels of a strip.
const SEPARATOR: [u8; 3] = [128; 3];

/// An interleaved 8-bit RGB image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rgb8 {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// `height * width * 3` bytes, row after row.
    pub bytes: Vec<u8>,
}

impl From<&Picture> for Rgb8 {
    /// Grey is repeated in all three channels; values are clamped to `0.0..=1.0`.
    fn from(picture: &Picture) -> Self {
        Self::new(picture.width, picture.height, picture.to_rgb8())
    }
}

impl Rgb8 {
    /// An image of the given bytes.
    ///
    /// # Panics
    /// If `bytes.len()` is not `width * height * 3`: the caller's arithmetic is wrong.
    pub fn new(width: usize, height: usize, bytes: Vec<u8>) -> Self {
        assert_eq!(bytes.len(), width * height * 3, "byte count must match");
        Self {
            width,
            height,
            bytes,
        }
    }

    /// An image of one colour.
    pub fn filled(width: usize, height: usize, colour: [u8; 3]) -> Self {
        Self::new(width, height, colour.repeat(width * height))
    }

    fn row(&self, y: usize) -> &[u8] {
        &self.bytes[y * self.width * 3..(y + 1) * self.width * 3]
    }

    /// Half as wide and high, each pixel the mean of four; a last odd row or column is left out.
    /// An image of one row or column keeps it.
    pub fn halved(&self) -> Self {
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut bytes = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            let rows = [2 * y, 2 * y + 1].map(|y| self.row(y.min(self.height - 1)));
            for x in 0..width {
                let columns = [2 * x, 2 * x + 1].map(|x| x.min(self.width - 1) * 3);
                for channel in 0..3 {
                    let four = rows
                        .iter()
                        .flat_map(|row| columns.map(|at| row[at + channel]));
                    let sum: u16 = four.map(u16::from).sum();
                    bytes.push(((sum + 2) / 4) as u8);
                }
            }
        }
        Self::new(width, height, bytes)
    }

    /// Every pixel becomes a square of `factor` by `factor`, so that network pixels stay visible.
    /// 0 acts as 1.
    pub fn upscaled(&self, factor: usize) -> Self {
        let factor = factor.max(1);
        let mut bytes = Vec::with_capacity(self.bytes.len() * factor * factor);
        for y in 0..self.height {
            let row: Vec<u8> = self
                .row(y)
                .chunks_exact(3)
                .flat_map(|pixel| pixel.repeat(factor))
                .collect();
            bytes.extend(row.repeat(factor));
        }
        Self::new(self.width * factor, self.height * factor, bytes)
    }

    /// The smallest whole factor that brings the shorter side of `width` x `height` pixels to at
    /// least `side_px`; 1 if it is there already, or if there are no pixels.
    pub fn factor_for(width: usize, height: usize, side_px: usize) -> usize {
        match width.min(height) {
            0 => 1,
            side => side_px.div_ceil(side).max(1),
        }
    }

    /// Panels from left to right, top-aligned, `gap_px` of grey between them; what is lower than
    /// the highest is filled with grey.
    pub fn side_by_side<P: Borrow<Self>>(panels: &[P], gap_px: usize) -> Self {
        let panels = || panels.iter().map(Borrow::borrow);
        let gaps = gap_px * panels().count().saturating_sub(1);
        let width = panels().map(|panel| panel.width).sum::<usize>() + gaps;
        let height = panels().map(|panel| panel.height).max().unwrap_or(0);
        let mut strip = Self::filled(width, height, SEPARATOR);
        let mut left = 0;
        for panel in panels() {
            strip.put(panel, left, 0);
            left += panel.width + gap_px;
        }
        strip
    }

    /// Panels below each other, left-aligned, `gap_px` of grey between them; what is narrower than
    /// the widest is filled with grey.
    pub fn stacked(panels: &[Self], gap_px: usize) -> Self {
        let gaps = gap_px * panels.len().saturating_sub(1);
        let width = panels.iter().map(|panel| panel.width).max().unwrap_or(0);
        let height = panels.iter().map(|panel| panel.height).sum::<usize>() + gaps;
        let mut column = Self::filled(width, height, SEPARATOR);
        let mut top = 0;
        for panel in panels {
            column.put(panel, 0, top);
            top += panel.height + gap_px;
        }
        column
    }

    /// Lays a picture that fits in over this one.
    fn put(&mut self, panel: &Self, left: usize, top: usize) {
        for y in 0..panel.height {
            let start = ((top + y) * self.width + left) * 3;
            self.bytes[start..start + panel.width * 3].copy_from_slice(panel.row(y));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reds(image: &Rgb8) -> Vec<u8> {
        image.bytes.iter().step_by(3).copied().collect()
    }

    fn numbered(width: usize, height: usize) -> Rgb8 {
        let bytes = (0..width * height).flat_map(|i| [i as u8; 3]).collect();
        Rgb8::new(width, height, bytes)
    }

    #[test]
    fn halving_averages_four_and_keeps_slivers() {
        let image = Rgb8::new(2, 2, [[0u8; 3], [10; 3], [20; 3], [31; 3]].concat());
        assert_eq!(image.halved(), Rgb8::filled(1, 1, [15; 3]));
        let sliver = Rgb8::filled(1, 5, [7; 3]).halved();
        assert_eq!((sliver.width, sliver.height), (1, 2));
        assert_eq!(sliver.bytes, [7; 6]);
    }

    #[test]
    fn upscaling_repeats_pixels() {
        let image = numbered(2, 2).upscaled(2);
        assert_eq!((image.width, image.height), (4, 4));
        assert_eq!(
            reds(&image),
            [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]
        );
        assert_eq!(numbered(3, 2).upscaled(0), numbered(3, 2));
    }

    #[test]
    fn the_factor_reaches_the_side() {
        assert_eq!(Rgb8::factor_for(64, 64, 256), 4);
        assert_eq!(Rgb8::factor_for(100, 60, 256), 5);
        assert_eq!(Rgb8::factor_for(20, 20, 10), 1);
        assert_eq!(Rgb8::factor_for(0, 0, 10), 1);
    }

    #[test]
    fn panels_stand_side_by_side() {
        let strip = Rgb8::side_by_side(&[numbered(1, 2), numbered(2, 1)], 1);
        assert_eq!((strip.width, strip.height), (4, 2));
        assert_eq!(reds(&strip), [0, 128, 0, 1, 1, 128, 128, 128]);
        assert_eq!(Rgb8::side_by_side::<Rgb8>(&[], 5), Rgb8::default());
    }

    #[test]
    fn panels_stand_below_each_other() {
        let column = Rgb8::stacked(&[numbered(1, 2), numbered(2, 1)], 1);
        assert_eq!((column.width, column.height), (2, 4));
        assert_eq!(reds(&column), [0, 128, 1, 128, 128, 128, 0, 1]);
        assert_eq!(Rgb8::stacked(&[], 5), Rgb8::default());
    }

    #[test]
    fn a_picture_becomes_rgb() {
        let picture = Picture::new(1, 1, 2, vec![0.0, 1.0]);
        assert_eq!(Rgb8::from(&picture).bytes, [0, 0, 0, 255, 255, 255]);
    }
}
