//! The layers in order, forward and back.

use super::super::real::Real;
use super::FeatureMap;
use super::layers::{Depthwise, Pointwise, Stem, add, gate, relu6, rows};

/// What a picture's values enter the network by: `(x - MEAN) / DEVIATION`.
const MEAN: f64 = 0.498;
const DEVIATION: f64 = 0.502;
/// The block whose output is the last at stride 8.
const LAST_OF_8: usize = 4;

/// An inverted residual block (Sandler et al. 2018, arXiv 1801.04381) without squeeze and excitation.
#[derive(Debug)]
pub(super) struct Block<T> {
    pub(super) expand: Option<Pointwise<T>>,
    pub(super) depthwise: Depthwise<T>,
    pub(super) project: Pointwise<T>,
}

/// The network up to stride 16.
#[derive(Debug)]
pub(super) struct Trunk<T> {
    pub(super) stem: Stem<T>,
    pub(super) blocks: Vec<Block<T>>,
}

/// The outputs of every ReLU6.
#[derive(Debug, Default)]
pub(super) struct Kept<T> {
    stem: FeatureMap<T>,
    /// After expansion, if there is one, and after the depthwise convolution.
    blocks: Vec<(Option<FeatureMap<T>>, FeatureMap<T>)>,
}

impl<T: Real> Block<T> {
    fn forward(&self, x: &FeatureMap<T>, kept: Option<&mut Kept<T>>) -> FeatureMap<T> {
        let expanded = self.expand.as_ref().map(|expand| {
            let mut expanded = expand.forward(x);
            relu6(&mut expanded);
            expanded
        });
        let mut filtered = self.depthwise.forward(expanded.as_ref().unwrap_or(x));
        relu6(&mut filtered);
        let mut output = self.project.forward(&filtered);
        if self.has_skip(x, &output) {
            add(&mut output, x);
        }
        if let Some(kept) = kept {
            kept.blocks.push((expanded, filtered));
        }
        output
    }

    fn back(
        &self,
        gradient: &FeatureMap<T>,
        kept: &(Option<FeatureMap<T>>, FeatureMap<T>),
    ) -> FeatureMap<T> {
        let mut inner = self.project.back(gradient);
        gate(&mut inner, &kept.1);
        inner = self.depthwise.back(&inner);
        if let (Some(expand), Some(expanded)) = (&self.expand, &kept.0) {
            gate(&mut inner, expanded);
            inner = expand.back(&inner);
        }
        if self.has_skip(&inner, gradient) {
            add(&mut inner, gradient);
        }
        inner
    }

    /// A block adds to its input where that has the shape of its output.
    fn has_skip(&self, input: &FeatureMap<T>, output: &FeatureMap<T>) -> bool {
        (input.channels, input.height) == (self.project.outputs(), output.height)
    }
}

impl<T: Real> Trunk<T> {
    /// The outputs at strides 8 and 16 of planes `[channels][height][width]`.
    pub(super) fn forward(
        &self,
        planes: &[T],
        [channels, height, width]: [usize; 3],
        mut kept: Option<&mut Kept<T>>,
    ) -> [FeatureMap<T>; 2] {
        let (mean, deviation) = (T::from_f64(MEAN), T::from_f64(DEVIATION));
        let picture = rows(height, width, 3, |y, row| {
            for (i, to) in row.iter_mut().enumerate() {
                let value = planes[(i % 3 % channels * height + y) * width + i / 3];
                *to = (value - mean) / deviation;
            }
        });
        let mut x = self.stem.forward(&picture);
        relu6(&mut x);
        if let Some(kept) = &mut kept {
            kept.stem = x.clone();
        }
        let mut of_8 = FeatureMap::default();
        for (number, block) in self.blocks.iter().enumerate() {
            x = block.forward(&x, kept.as_deref_mut());
            if number == LAST_OF_8 {
                of_8 = x.clone();
            }
        }
        [of_8, x]
    }

    /// The gradient with respect to the planes of a picture of that many channels.
    pub(super) fn back(
        &self,
        outputs: &[FeatureMap<T>; 2],
        channels: usize,
        kept: &Kept<T>,
    ) -> Vec<T> {
        let [of_8, of_16] = outputs;
        let mut gradient = of_16.clone();
        for (number, block) in self.blocks.iter().enumerate().rev() {
            if number == LAST_OF_8 {
                add(&mut gradient, of_8);
            }
            gradient = block.back(&gradient, &kept.blocks[number]);
        }
        gate(&mut gradient, &kept.stem);
        let picture = self.stem.back(&gradient);
        let deviation = T::from_f64(DEVIATION);
        let plane = picture.height * picture.width;
        let mut planes = vec![T::ZERO; channels * plane];
        for (i, value) in picture.values.iter().enumerate() {
            planes[i % 3 % channels * plane + i / 3] += *value / deviation;
        }
        planes
    }
}
