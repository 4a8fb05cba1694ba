//! The frozen network: features that say where a picture is unlike others.
//!
//! EfficientNet-Lite0, trained on ImageNet, up to its last output at stride 16; the program carries its
//! weights (`assets/features`). Features of a picture are the last outputs at strides 8 and 16, each averaged
//! over 3 x 3 places, that of stride 16 enlarged bilinearly to the grid of stride 8. Forward, and the gradient
//! with respect to the picture; the weights never change.
//!
//! - `weights`: the file. `layers`: its convolutions. `trunk`: all of them in order.
//! - `join`: from the two outputs to features.

mod join;
mod layers;
mod trunk;
mod weights;

use std::sync::{Arc, OnceLock};

use kizumi_image::picture::Picture;
use rayon::prelude::*;

use super::real::Real;
use trunk::{Kept, Trunk};

/// Features of one picture, channels last: `[height][width][channels]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeatureMap<T = f32> {
    /// Features of a place.
    pub channels: usize,
    /// Rows of places.
    pub height: usize,
    /// Places in a row.
    pub width: usize,
    /// `height * width * channels` values.
    pub values: Vec<T>,
}

impl<T: Real> FeatureMap<T> {
    /// A map of zeros.
    pub fn zeros(channels: usize, height: usize, width: usize) -> Self {
        Self {
            channels,
            height,
            width,
            values: vec![T::ZERO; channels * height * width],
        }
    }
}

/// The frozen network. `f32` at work, `f64` where a test wants more digits.
#[derive(Debug)]
pub struct FeatureNetwork<T = f32> {
    trunk: Trunk<T>,
}

/// What the gradient needs of a picture's way through the network.
#[derive(Debug)]
pub struct Trace<T = f32> {
    network: Arc<FeatureNetwork<T>>,
    channels: usize,
    features: FeatureMap<T>,
    kept: Kept<T>,
}

impl FeatureNetwork {
    /// Pixels of a picture along each side of a place of [`FeatureMap`].
    pub const STRIDE: usize = 8;
    /// Features of a place: 40 of stride 8, then 112 of stride 16.
    pub const CHANNELS: usize = 152;
    /// The sides of a picture must be multiples of this, and twice as long at least.
    pub const SIDE_STEP: usize = 16;

    /// EfficientNet-Lite0, read once.
    pub fn lite0() -> Arc<Self> {
        static LITE0: OnceLock<Arc<FeatureNetwork>> = OnceLock::new();
        LITE0.get_or_init(|| Arc::new(Self::read())).clone()
    }

    /// Features of a picture of 1 or 3 channels with values in `0..=1`; one channel is taken for all three.
    ///
    /// # Panics
    /// If a side is not a multiple of [`Self::SIDE_STEP`] or less than twice that, or the channels are
    /// neither 1 nor 3: the caller's arithmetic is wrong.
    pub fn embed(&self, picture: &Picture) -> FeatureMap {
        self.embed_planes(&picture.pixels, shape(picture))
    }

    /// Features of several pictures, as [`Self::embed`].
    ///
    /// # Panics
    /// As [`Self::embed`].
    pub fn embed_all(&self, pictures: &[Picture]) -> Vec<FeatureMap> {
        let each = pictures.par_iter();
        each.map(|picture| self.embed(picture)).collect()
    }

    /// Features of a picture together with what their gradient needs.
    ///
    /// # Panics
    /// As [`Self::embed`].
    pub fn trace(self: &Arc<Self>, picture: &Picture) -> Trace {
        self.trace_planes(&picture.pixels, shape(picture))
    }
}

impl Trace {
    /// The gradient with respect to the picture of whatever has this gradient with respect to its features.
    ///
    /// # Panics
    /// If the gradient has another shape than the features.
    pub fn back(&self, gradient: &FeatureMap) -> Picture {
        let stride = FeatureNetwork::STRIDE;
        let (height, width) = (gradient.height * stride, gradient.width * stride);
        Picture::new(self.channels, height, width, self.back_planes(gradient))
    }
}

fn shape(picture: &Picture) -> [usize; 3] {
    [picture.channels, picture.height, picture.width]
}

impl<T: Real> FeatureNetwork<T> {
    /// EfficientNet-Lite0 for numbers of this type.
    pub fn read() -> Self {
        Self {
            trunk: weights::lite0(),
        }
    }

    /// [`FeatureNetwork::embed`] of planes `[channels][height][width]`.
    ///
    /// # Panics
    /// As there.
    pub fn embed_planes(&self, planes: &[T], shape: [usize; 3]) -> FeatureMap<T> {
        join::join(&self.trunk.forward(planes, checked(shape), None))
    }

    /// [`FeatureNetwork::trace`] of planes `[channels][height][width]`.
    ///
    /// # Panics
    /// As there.
    pub fn trace_planes(self: &Arc<Self>, planes: &[T], shape: [usize; 3]) -> Trace<T> {
        let mut kept = Kept::default();
        let outputs = self.trunk.forward(planes, checked(shape), Some(&mut kept));
        Trace {
            network: self.clone(),
            channels: shape[0],
            features: join::join(&outputs),
            kept,
        }
    }
}

impl<T: Real> Trace<T> {
    /// The picture's features.
    pub fn features(&self) -> &FeatureMap<T> {
        &self.features
    }

    /// [`Trace::back`] as planes `[channels][height][width]`.
    ///
    /// # Panics
    /// As there.
    pub fn back_planes(&self, gradient: &FeatureMap<T>) -> Vec<T> {
        let shape = |map: &FeatureMap<T>| [map.channels, map.height, map.width];
        assert_eq!(
            shape(gradient),
            shape(&self.features),
            "a gradient has its features' shape"
        );
        let outputs = join::part(gradient);
        self.network.trunk.back(&outputs, self.channels, &self.kept)
    }
}

fn checked(shape: [usize; 3]) -> [usize; 3] {
    let [channels, height, width] = shape;
    let step = FeatureNetwork::SIDE_STEP;
    assert!(matches!(channels, 1 | 3), "a picture has 1 or 3 channels");
    assert!(
        [height, width]
            .iter()
            .all(|side| side.is_multiple_of(step) && *side >= 2 * step),
        "sides of {height} x {width} are to be multiples of {step}, and {} at least",
        2 * step
    );
    shape
}

#[cfg(test)]
mod tests;
