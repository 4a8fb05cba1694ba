//! What a model remembers of the features of normal images, and what it says of others.

use rayon::prelude::*;

use kizumi_features::detector::{Detected, Finishing};
use kizumi_features::{
    Detector, DetectorBuilder, Distances, Measuring, Memory, MemoryBuilder, MemoryConfig, Sight,
};
use kizumi_image::bilinear::Bilinear;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::prepare::Prepared;
use kizumi_kernel::features::{FeatureMap, FeatureNetwork};
use kizumi_method::maker::Fingerprint;

/// The side of the pictures that the projection's energy takes features of, in pixels: the network's
/// inputs, enlarged.
pub const ENERGY_SIDE_PX: usize = 256;

/// The most images that memories are made of: features of more would take minutes, and say little new.
const MOST_IMAGES: usize = 400;

/// Both memories of a model. Clones share the patches.
#[derive(Clone, Debug)]
pub struct Memories {
    /// Of the files' second views: it says where an image is unlike normal ones.
    pub detection: Detector,
    /// Of the network's inputs, enlarged to [`ENERGY_SIDE_PX`]: the projection lowers the distance to it,
    /// which knows x_t in no other size.
    pub energy: Memory,
    fingerprint: Fingerprint,
}

impl Memories {
    /// Both of a model.
    pub fn new(detection: Detector, energy: Memory) -> Self {
        let fingerprint = Fingerprint::both(detection.fingerprint(), energy.fingerprint());
        Self {
            detection,
            energy,
            fingerprint,
        }
    }

    /// Stands for both.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// How far the features of images are from normal ones, on the grid of their patches: 1 is what 99 % of
    /// the patches of normal images do not exceed.
    pub fn distances(&self, views: &[Picture]) -> Vec<Distances> {
        views
            .par_iter()
            .map(|view| self.distances_of(view))
            .collect()
    }

    fn distances_of(&self, view: &Picture) -> Distances {
        let sight = Sight::of(&FeatureNetwork::lite0(), view);
        self.detection.distances(&sight)
    }

    /// The same for a file as it was prepared, on its canvas; one channel. `None` where it was not viewed.
    pub fn distance_of(&self, prepared: &Prepared) -> Option<Picture> {
        let view = prepared.view.as_ref()?;
        Some(self.distance_map(view, &prepared.placement))
    }

    /// The same for one view, on the canvas; one channel.
    pub fn distance_map(&self, view: &Picture, placement: &Placement) -> Picture {
        self.distances_of(view).on_canvas(placement)
    }
}

/// The view of an image whose canvas was `before` and is `after`: what changed there is enlarged and added,
/// so that the rest keeps the detail that a canvas does not have. All have the same channels.
///
/// # Panics
/// If a canvas has not the placement's size.
pub fn view_with_change(
    view: &Picture,
    before: &Picture,
    after: &Picture,
    placement: &Placement,
) -> Picture {
    let Placement {
        x,
        y,
        width,
        height,
        ..
    } = *placement;
    let change = Picture::from_fn(view.channels, height, width, |c, row, column| {
        after.at(c, y + row, x + column) - before.at(c, y + row, x + column)
    });
    let change = Bilinear::new((height, width), (view.height, view.width)).apply(&change);
    let pairs = view.pixels.iter().zip(&change.pixels);
    Picture {
        pixels: pairs
            .map(|(value, change)| (value + change).clamp(0.0, 1.0))
            .collect(),
        ..*view
    }
}

/// What was learned of normal images.
pub struct Learned {
    /// The memories of all.
    pub memories: Memories,
    /// What each image is like to a memory of the others.
    leave_out: Vec<Option<Distances>>,
    /// The numbers of the images that they are of, ascending.
    images: Vec<usize>,
}

impl Learned {
    /// How far the features of an image are from those of the others; `None` where that is not known.
    pub fn left_out(&self, image: usize) -> Option<&Distances> {
        let number = self.images.binary_search(&image).ok()?;
        self.leave_out[number].as_ref()
    }
}

/// Memories in the making.
pub struct MemoriesBuilder {
    detection: DetectorBuilder,
    energy: MemoryBuilder,
    /// One of so many images is taken in.
    stride: usize,
    images: Vec<usize>,
}

/// A normal image, to be remembered.
pub struct Remembered {
    /// Its number among all.
    pub image: usize,
    /// The whole photograph at the resolution of the features.
    pub view: Picture,
    /// One of its inputs to the network.
    pub input: Picture,
}

impl MemoriesBuilder {
    /// Nothing taken yet of so many images; what is random comes from `seed`.
    pub fn new(images: usize, seed: u64) -> Self {
        let config = MemoryConfig {
            seed,
            ..MemoryConfig::default()
        };
        Self {
            detection: DetectorBuilder::new(config),
            energy: MemoryBuilder::new(FeatureNetwork::CHANNELS, config),
            stride: images.div_ceil(MOST_IMAGES).max(1),
            images: Vec::new(),
        }
    }

    /// Whether an image is taken in: of very many every so many tell enough.
    pub fn wants(&self, image: usize) -> bool {
        image.is_multiple_of(self.stride)
    }

    /// Takes images in, in the order of their numbers.
    pub fn add(&mut self, images: &[Remembered]) {
        let network = FeatureNetwork::lite0();
        let features: Vec<(Sight, FeatureMap)> = images
            .par_iter()
            .map(|one| {
                let input = network.embed(&energy_view(&one.input).apply(&one.input));
                (Sight::of(&network, &one.view), input)
            })
            .collect();
        self.images.extend(images.iter().map(|one| one.image));
        for (sight, input) in features {
            self.detection.add(&sight, None);
            self.energy.add(&input, None);
        }
    }

    /// All images are taken: what is left to do with them, some of it a step.
    pub fn close(self) -> MemoriesMaking {
        MemoriesMaking {
            detection: self.detection.close(),
            energy: self.energy.close(),
            images: self.images,
        }
    }
}

/// Memories whose images are all taken.
pub struct MemoriesMaking {
    detection: Finishing,
    energy: Measuring,
    images: Vec<usize>,
}

impl MemoriesMaking {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.detection.is_done() && self.energy.is_done()
    }

    /// Does some of what is left.
    pub fn step(&mut self) {
        match self.detection.is_done() {
            true => self.energy.step(),
            false => self.detection.step(),
        }
    }

    /// The memories; `None` without an image.
    pub fn finish(self) -> Option<Learned> {
        let Detected {
            detector,
            leave_out,
        } = self.detection.finish()?;
        Some(Learned {
            memories: Memories::new(detector, self.energy.finish()?.memory),
            leave_out,
            images: self.images,
        })
    }
}

/// From an input to the network to what the energy's features are taken of.
pub fn energy_view(input: &Picture) -> Bilinear {
    let size = (input.height, input.width);
    Bilinear::new(size, (ENERGY_SIDE_PX, ENERGY_SIDE_PX))
}
