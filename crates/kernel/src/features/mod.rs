//! The frozen network: features that say where a picture is unlike others.
//!
//! EfficientNet-Lite0, trained on ImageNet, up to its last output at stride 16; the program carries its
//! weights (`assets/features`). Features of a picture are the last outputs at strides 8 and 16, each averaged
//! over 3 x 3 places, that of stride 16 enlarged bilinearly to the grid of stride 8. Forward, and the gradient
//! with respect to the picture; the weights never change.
//!
//! - [`weights`]: the file. `packing`, `trunk`: the blocks and the room for a pass. `pass`: through all of them.
//! - `stage`: a block in one direction. `product`, `filter`: its convolutions.
//! - `join`: from the two outputs to features.

#![allow(unsafe_code)]

mod filter;
mod join;
mod packing;
mod pass;
mod product;
mod stage;
mod trunk;
pub mod weights;

use std::borrow::Borrow;
use std::sync::{Arc, OnceLock};

use kizumi_image::picture::Picture;
use rayon::prelude::*;

use super::isa::Isa;
use super::real::Real;
use super::team::{self, Member};
use join::{Channels, Weave};
use pass::{PHASES, Pass};
use trunk::{Kept, Size, Trunk};
use weights::{LAST_OF_8, Lite0};

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
    kept: Kept,
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
        LITE0
            .get_or_init(|| Arc::new(Self::with_isa(Isa::current())))
            .clone()
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
    pub fn embed_all<P: Borrow<Picture> + Sync>(&self, pictures: &[P]) -> Vec<FeatureMap> {
        let embed = |picture: &P, run: Run| {
            let picture = picture.borrow();
            self.pass(&picture.pixels, shape(picture), None, run)
        };
        if pictures.len() < rayon::current_num_threads() {
            let each = pictures.iter();
            return each.map(|picture| embed(picture, Run::Together)).collect();
        }
        // A thread that has a picture to itself keeps it in its cache.
        let each = pictures.par_iter();
        each.map(|picture| embed(picture, Run::Alone)).collect()
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

/// Who computes a picture.
#[derive(Clone, Copy)]
enum Run {
    Alone,
    Together,
}

impl Run {
    fn program(self, program: impl Fn(&mut Member<'_>) + Sync) {
        match self {
            Self::Alone => team::alone(PHASES, program),
            Self::Together => team::run(PHASES, program),
        }
    }
}

impl<T: Real> FeatureNetwork<T> {
    /// EfficientNet-Lite0 on an instruction set.
    pub fn with_isa(isa: Isa) -> Self {
        Self {
            trunk: packing::pack(Lite0::read(), isa),
        }
    }

    /// [`FeatureNetwork::embed`] of planes `[channels][height][width]`.
    ///
    /// # Panics
    /// As there.
    pub fn embed_planes(&self, planes: &[T], shape: [usize; 3]) -> FeatureMap<T> {
        self.pass(planes, shape, None, Run::Together)
    }

    /// [`FeatureNetwork::trace`] of planes `[channels][height][width]`.
    ///
    /// # Panics
    /// As there.
    pub fn trace_planes(self: &Arc<Self>, planes: &[T], shape: [usize; 3]) -> Trace<T> {
        let mut kept = self.trunk.kept(checked(shape, planes.len()));
        let features = self.pass(planes, shape, Some(&mut *kept), Run::Together);
        Trace {
            network: self.clone(),
            channels: shape[0],
            features,
            kept,
        }
    }

    fn pass(
        &self,
        planes: &[T],
        shape: [usize; 3],
        kept: Option<&mut Vec<u16>>,
        run: Run,
    ) -> FeatureMap<T> {
        let size = checked(shape, planes.len());
        let (height, width) = size.at(FeatureNetwork::STRIDE);
        let mut features = FeatureMap::zeros(FeatureNetwork::CHANNELS, height, width);
        let to = parts(features.values.as_mut_ptr());
        let joints = self.joints(size);
        let mut room = self.trunk.room(size);
        let pass = Pass::forward(&self.trunk, size, &mut room, kept);
        run.program(|member| {
            // SAFETY: room and words are for this size, and only the members use them and the features.
            unsafe {
                pass.run(member, planes, shape[0]);
                for (joint, to) in joints.iter().zip(to) {
                    let from = pass.channels(joint.block);
                    joint
                        .weave
                        .run(member, self.trunk.isa, joint.width, from, to);
                }
            }
        });
        drop(room);
        features
    }

    /// How features are made from the two outputs.
    fn joints(&self, size: Size) -> [Joint<T>; 2] {
        let (fine, coarse) = (size.at(8), size.at(16));
        [
            Joint {
                block: LAST_OF_8,
                weave: Weave::fine(FINE_CHANNELS, fine),
                width: fine.1,
            },
            Joint {
                block: self.trunk.blocks.len() - 1,
                weave: Weave::coarse(FeatureNetwork::CHANNELS - FINE_CHANNELS, coarse),
                width: coarse.1,
            },
        ]
    }
}

/// Features of stride 8.
const FINE_CHANNELS: usize = 40;

/// A block whose output becomes features.
struct Joint<T> {
    block: usize,
    weave: Weave<T>,
    /// Of the output.
    width: usize,
}

/// The features of stride 8 and those of stride 16 of a map that begins here.
fn parts<T>(values: *mut T) -> [Channels<T>; 2] {
    [0, FINE_CHANNELS].map(|first| Channels {
        values: values.wrapping_add(first),
        step: FeatureNetwork::CHANNELS,
    })
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
        let stride = FeatureNetwork::STRIDE;
        let size = Size {
            height: gradient.height * stride,
            width: gradient.width * stride,
        };
        let trunk = &self.network.trunk;
        let joints = self.network.joints(size).map(|joint| Joint {
            weave: joint
                .weave
                .transposed(size.at(trunk.blocks[joint.block].strides[1])),
            width: gradient.width,
            ..joint
        });
        let mut planes = vec![T::ZERO; self.channels * size.height * size.width];
        let to = Planes(planes.as_mut_ptr());
        let mut room = trunk.room(size);
        let pass = Pass::back(trunk, size, &mut room, &self.kept);
        // They are read only.
        let from = parts(gradient.values.as_ptr().cast_mut());
        Run::Together.program(|member| {
            // SAFETY: room and words are for this size, and only the members use the room and the planes.
            unsafe {
                for (joint, from) in joints.iter().zip(from) {
                    let to = pass.channels(joint.block);
                    joint.weave.run(member, trunk.isa, joint.width, from, to);
                }
                pass.run_back(member, to.start(), self.channels);
            }
        });
        drop(room);
        planes
    }
}

/// Planes that the members of a team share.
struct Planes<T>(*mut T);

// SAFETY: the members of a team write to disjoint rows.
unsafe impl<T: Send> Sync for Planes<T> {}

impl<T> Planes<T> {
    fn start(&self) -> *mut T {
        self.0
    }
}

fn checked(shape: [usize; 3], values: usize) -> Size {
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
    assert_eq!(
        values,
        channels * height * width,
        "a picture has all of its values"
    );
    Size { height, width }
}

#[cfg(test)]
mod tests;
