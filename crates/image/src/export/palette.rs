//! A few colours for many: the palette that all frames of a GIF share.

use std::collections::HashMap;

/// Bits of each channel that tell colours apart while they are counted. Seven leave 128 greys,
/// more than a palette with other colours can spare.
const BITS: u32 = 7;

/// Colours that are remembered while frames are translated.
const CACHE_LEN: usize = 1 << 16;

/// The colours of all frames, counted.
#[derive(Default)]
pub(super) struct ColourCount {
    bins: HashMap<[u8; 3], Bin>,
}

#[derive(Clone, Copy, Default)]
struct Bin {
    count: u64,
    sum: [u64; 3],
}

impl ColourCount {
    /// Counts the pixels of an interleaved RGB image.
    pub fn add(&mut self, rgb: &[u8]) {
        for pixel in rgb.as_chunks::<3>().0 {
            let bin = self.bins.entry(pixel.map(|byte| byte >> (8 - BITS)));
            let bin = bin.or_default();
            bin.count += 1;
            for (sum, byte) in bin.sum.iter_mut().zip(pixel) {
                *sum += u64::from(*byte);
            }
        }
    }

    /// At most `len` colours that stand for all.
    ///
    /// The set of colours is split where that lowers the squared error most, again and again
    /// (X. Wu, "Efficient statistical computations for optimal color quantization", Graphics Gems
    /// II, 1991, on a list of colours instead of a cube). A colour weighs as the root of its count,
    /// so that a few glowing pixels keep their colours beside a large grey photograph.
    pub fn palette(&self, len: usize) -> Palette {
        let mut colours: Vec<Colour> = self.bins.values().map(Bin::colour).collect();
        // A hash map has no order; the palette must not depend on it.
        colours.sort_by(|a, b| a.rgb.partial_cmp(&b.rgb).expect("means are finite"));
        let mut boxes = vec![Split::best(&mut colours)];
        while boxes.len() < len {
            let Some((worst, _)) = boxes
                .iter()
                .enumerate()
                .filter(|(_, split)| split.gain > 0.0)
                .max_by(|(_, a), (_, b)| a.gain.total_cmp(&b.gain))
            else {
                break;
            };
            let (low, high) = boxes.swap_remove(worst).halves();
            boxes.push(Split::best(low));
            boxes.push(Split::best(high));
        }
        Palette {
            colours: boxes.iter().map(|split| split.mean()).collect(),
            cache: HashMap::new(),
        }
    }
}

impl Bin {
    fn colour(&self) -> Colour {
        Colour {
            rgb: self.sum.map(|sum| sum as f64 / self.count as f64),
            weight: (self.count as f64).sqrt(),
        }
    }
}

#[derive(Clone, Copy)]
struct Colour {
    rgb: [f64; 3],
    weight: f64,
}

/// Weighted sums over colours; the squared error to their mean follows from them.
#[derive(Clone, Copy, Default)]
struct Sums {
    weight: f64,
    rgb: [f64; 3],
    square: f64,
}

impl Sums {
    fn add(&mut self, colour: &Colour, sign: f64) {
        let weight = sign * colour.weight;
        self.weight += weight;
        for (sum, value) in self.rgb.iter_mut().zip(colour.rgb) {
            *sum += weight * value;
            self.square += weight * value * value;
        }
    }

    fn error(&self) -> f64 {
        let square_of_sums: f64 = self.rgb.iter().map(|sum| sum * sum).sum();
        (self.square - square_of_sums / self.weight).max(0.0)
    }
}

/// Colours in an order, and the place where splitting them lowers the error most.
struct Split<'a> {
    colours: &'a mut [Colour],
    sums: Sums,
    at: usize,
    gain: f64,
}

impl<'a> Split<'a> {
    fn best(colours: &'a mut [Colour]) -> Self {
        let mut sums = Sums::default();
        for colour in colours.iter() {
            sums.add(colour, 1.0);
        }
        let (mut best_axis, mut at, mut gain) = (0, 0, 0.0);
        for axis in 0..3 {
            sort_along(colours, axis);
            let (mut low, mut high) = (Sums::default(), sums);
            for i in 1..colours.len() {
                low.add(&colours[i - 1], 1.0);
                high.add(&colours[i - 1], -1.0);
                let gained = sums.error() - low.error() - high.error();
                if gained > gain {
                    (best_axis, at, gain) = (axis, i, gained);
                }
            }
        }
        sort_along(colours, best_axis);
        Self {
            colours,
            sums,
            at,
            gain,
        }
    }

    fn halves(self) -> (&'a mut [Colour], &'a mut [Colour]) {
        self.colours.split_at_mut(self.at)
    }

    fn mean(&self) -> [u8; 3] {
        let mean = |sum: f64| (sum / self.sums.weight.max(f64::MIN_POSITIVE)).round() as u8;
        self.sums.rgb.map(mean)
    }
}

fn sort_along(colours: &mut [Colour], axis: usize) {
    colours.sort_by(|a, b| a.rgb[axis].total_cmp(&b.rgb[axis]));
}

/// Colours, and which one is nearest to any other.
pub(super) struct Palette {
    colours: Vec<[u8; 3]>,
    cache: HashMap<[u8; 3], u8>,
}

impl Palette {
    /// Red, green and blue of each colour.
    pub fn bytes(&self) -> Vec<u8> {
        self.colours.as_flattened().to_vec()
    }

    /// The number of the nearest colour, by Euclidean distance. No dithering: a pixel that did not
    /// change from one frame to the next must not flicker.
    pub fn index(&mut self, rgb: [u8; 3]) -> u8 {
        if self.cache.len() >= CACHE_LEN {
            self.cache.clear();
        }
        let colours = &self.colours;
        *self.cache.entry(rgb).or_insert_with(|| {
            let distance = |colour: &[u8; 3]| -> u32 {
                let channels = colour.iter().zip(rgb);
                channels.map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
            };
            let nearest = (0..colours.len()).min_by_key(|&i| distance(&colours[i]));
            nearest.unwrap_or(0) as u8
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colormap::Colormap;

    fn palette_of(rgb: &[u8], len: usize) -> Palette {
        let mut count = ColourCount::default();
        count.add(rgb);
        count.palette(len)
    }

    #[test]
    fn few_colours_are_kept_exactly() {
        let colours = [[0, 0, 0], [255, 255, 255], [200, 30, 30], [202, 30, 30]];
        let mut palette = palette_of(colours.as_flattened(), 255);
        assert_eq!(palette.colours.len(), 4);
        for colour in colours {
            let index = palette.index(colour);
            assert_eq!(palette.colours[usize::from(index)], colour);
        }
    }

    #[test]
    fn there_are_never_more_than_asked_for() {
        let rgb: Vec<u8> = (0..30_000u32).map(|i| ((i * 7919) >> 3) as u8).collect();
        for len in [2, 17, 255] {
            assert_eq!(palette_of(&rgb, len).colours.len(), len);
        }
        assert_eq!(palette_of(&[], 255).index([9, 9, 9]), 0);
    }

    /// A grey photograph beside a heatmap of which a thousandth glows.
    #[test]
    fn photograph_and_heatmap_both_look_right() {
        let mut rgb = Vec::new();
        for i in 0..100_000usize {
            rgb.extend([(i * 256 / 100_000) as u8; 3]);
            let value = if i % 1000 == 0 { i as f32 / 1e5 } else { 0.02 };
            rgb.extend(Colormap::Inferno.rgb(value));
        }
        let mut palette = palette_of(&rgb, 255);
        let mut worst = 0;
        for pixel in rgb.as_chunks::<3>().0 {
            let index = palette.index(*pixel);
            let shown = palette.colours[usize::from(index)];
            for (a, b) in shown.into_iter().zip(*pixel) {
                worst = worst.max(a.abs_diff(b));
            }
        }
        assert!(worst <= 4, "{worst} of 255");
    }
}
