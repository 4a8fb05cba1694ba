//! What a model remembers of the features of normal images, and what it says of others.

use rayon::prelude::*;

use kizumi_features::Undecided;
use kizumi_features::detector::{Detected, Finishing};
use kizumi_features::{
    Detector, DetectorBuilder, Distances, Measuring, Memory, MemoryBuilder, MemoryConfig, Sight,
};
use kizumi_image::bilinear::Bilinear;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::prepare::Prepared;
use kizumi_image::view::FeatureView;
use kizumi_kernel::features::FeatureNetwork;
use kizumi_method::maker::Fingerprint;

use crate::place_trial::PlaceTrial;

/// The side of the pictures that the projection's energy takes features of, in pixels: the network's
/// inputs, enlarged.
pub const ENERGY_SIDE_PX: usize = 256;

/// The most patches of images that memories are made of, those of 400 images at 512 px or 1 600 at 256 px:
/// features of more would take minutes, and say little new.
const MOST_PATCHES: usize = 400 * 64 * 64;

/// Groups of images for the unit of the energy's memory. It is one more scale of ω, by which the energy is
/// weighed: a few images tell it well enough, and nothing is decided by it.
const ENERGY_FOLDS: usize = 2;

/// Bytes of features that are held to measure that unit: those of 64 images.
const ENERGY_KEPT_BYTES: usize = 20 << 20;

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
        Sight::of_all(&FeatureNetwork::lite0(), views)
            .iter()
            .map(|sight| self.detection.distances(sight))
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

/// Which patches of an image count, row after row: those whose centre does not lie where `ignored`, of the
/// canvas, is 1. All of them where that leaves none.
pub(super) fn counted(
    ignored: &Picture,
    placement: &Placement,
    (rows, columns): (usize, usize),
) -> Option<Vec<bool>> {
    let centre = |i: usize, cells: usize, start: usize, length: usize| {
        start + (2 * i + 1) * length / (2 * cells)
    };
    let counts = |i: usize| {
        let y = centre(i / columns, rows, placement.y, placement.height);
        let x = centre(i % columns, columns, placement.x, placement.width);
        ignored.at(0, y, x) <= 0.5
    };
    let counted: Vec<bool> = (0..rows * columns).map(counts).collect();
    counted.contains(&true).then_some(counted)
}

impl Learned {
    /// How many images are remembered.
    pub fn images(&self) -> usize {
        self.images.len()
    }

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
    trial: PlaceTrial,
    /// Regions of the canvas that are left out, 1 where they are.
    ignored: Option<Picture>,
    /// How many images there are, and how many of them are taken in.
    taken: (usize, usize),
    images: Vec<usize>,
}

/// A normal image, to be remembered.
pub struct Remembered {
    /// Its number among all.
    pub image: usize,
    /// What is seen of the photograph at the resolution of the features.
    pub view: Picture,
    /// One of its inputs to the network.
    pub input: Picture,
    /// Where that lies on its canvas.
    pub placement: Placement,
}

impl MemoriesBuilder {
    /// Nothing taken yet of so many images, seen in views of about this size; what is random comes from
    /// `seed`. Patches where `ignored` is 1 are not remembered.
    pub fn new(images: usize, view: FeatureView, seed: u64, ignored: Option<Picture>) -> Self {
        let config = MemoryConfig {
            seed,
            ..MemoryConfig::default()
        };
        let energy = MemoryConfig {
            folds: ENERGY_FOLDS,
            kept_bytes: ENERGY_KEPT_BYTES,
            sift: false,
            ..config
        };
        let (rows, columns) = view.grid();
        let taken = images.min(MOST_PATCHES / (rows * columns));
        Self {
            trial: PlaceTrial::new(taken, seed),
            detection: DetectorBuilder::new(config),
            energy: MemoryBuilder::new(FeatureNetwork::CHANNELS, energy),
            ignored,
            taken: (images, taken),
            images: Vec::new(),
        }
    }

    /// Whether an image is taken in: of very many some that are evenly spread tell enough.
    pub fn wants(&self, image: usize) -> bool {
        let (images, taken) = self.taken;
        (image + 1) * taken / images > image * taken / images
    }

    /// Takes images in, in the order of their numbers.
    pub fn add(&mut self, images: &[Remembered]) {
        let network = FeatureNetwork::lite0();
        let views: Vec<&Picture> = images.iter().map(|one| &one.view).collect();
        let sights = Sight::of_all(&network, &views);
        let inputs = images.par_iter().map(|one| &one.input);
        let inputs: Vec<Picture> = inputs
            .map(|input| energy_view(input).apply(input))
            .collect();
        let inputs = network.embed_all(&inputs);
        for ((one, sight), input) in images.iter().zip(sights).zip(inputs) {
            let ignored = self.ignored.as_ref();
            let fine = (sight.fine.height, sight.fine.width);
            let of_view = ignored.and_then(|ignored| counted(ignored, &one.placement, fine));
            self.detection.add(&sight, of_view);
            self.trial.take(&one.view);
            // Regions are left out of whole images alone, and their only input is the canvas.
            let (width, height) = one.placement.canvas_px;
            let canvas = Placement {
                x: 0,
                y: 0,
                width,
                height,
                ..one.placement
            };
            let grid = (input.height, input.width);
            let of_input = ignored.and_then(|ignored| counted(ignored, &canvas, grid));
            self.energy.add(&input, of_input);
            self.images.push(one.image);
        }
    }

    /// All images are taken: what is left to do with them, some of it a step.
    pub fn close(self) -> MemoriesMaking {
        MemoriesMaking {
            detection: Detection::Making(Box::new(self.detection.close())),
            energy: self.energy.close(),
            trial: self.trial,
            images: self.images,
        }
    }
}

/// Memories whose images are all taken.
pub struct MemoriesMaking {
    detection: Detection,
    energy: Measuring,
    trial: PlaceTrial,
    images: Vec<usize>,
}

/// How far the detector is.
enum Detection {
    Making(Box<Finishing>),
    /// Learned, with the steps that it took: views are spoilt and measured.
    Trying(Box<Undecided>, usize),
    /// No patch counts.
    Nothing,
}

impl MemoriesMaking {
    /// The share of the work that is done.
    pub fn share(&self) -> f32 {
        let detection = match &self.detection {
            Detection::Making(making) => making.progress(),
            Detection::Trying(_, steps) => (*steps, *steps),
            Detection::Nothing => (0, 0),
        };
        let parts = [detection, self.energy.progress(), self.trial.progress()];
        let done: usize = parts.iter().map(|(done, _)| done).sum();
        let all: usize = parts.iter().map(|(_, all)| all).sum();
        done as f32 / all.max(1) as f32
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        let detection = match &self.detection {
            Detection::Making(_) => false,
            Detection::Trying(learned, _) => {
                let (done, all) = self.trial.progress();
                done == all || !learned.is_open()
            }
            Detection::Nothing => true,
        };
        detection && self.energy.is_done()
    }

    /// Does a part of a second's work.
    pub fn step(&mut self) {
        let energy = &mut self.energy;
        match &mut self.detection {
            Detection::Making(making) if !making.is_done() => {
                rayon::join(|| making.step(), || energy.step());
            }
            Detection::Making(making) => {
                let (_, steps) = making.progress();
                let nothing = std::mem::replace(&mut self.detection, Detection::Nothing);
                if let Detection::Making(making) = nothing
                    && let Some(learned) = making.finish()
                {
                    self.detection = Detection::Trying(Box::new(learned), steps);
                }
            }
            Detection::Trying(learned, _) => {
                let (done, all) = self.trial.progress();
                if learned.is_open() && done < all {
                    self.trial.step(learned);
                } else {
                    energy.step();
                }
            }
            Detection::Nothing => energy.step(),
        }
    }

    /// The memories; `None` without an image.
    pub fn finish(mut self) -> Option<Learned> {
        while !self.is_done() {
            self.step();
        }
        let Detection::Trying(learned, _) = self.detection else {
            return None;
        };
        let Detected {
            detector,
            leave_out,
        } = learned.decided_by(&self.trial.finish());
        let [energy] = self.energy.finish()?;
        Some(Learned {
            memories: Memories::new(detector, energy.memory),
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

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_image::crop::Area;

    const SIDE_PX: usize = 128;

    /// Waves that differ a little from image to image, and a dark spot where one is wanted.
    fn picture(image: usize, spot: Option<(usize, usize)>, side: usize) -> Picture {
        let scale = 256.0 / side as f32;
        Picture::from_fn(1, side, side, |_, y, x| {
            let (y, x) = (y as f32 * scale, x as f32 * scale);
            let wave = (0.21 * x + 0.02 * image as f32).sin() * (0.17 * y).cos();
            let near = |(top, left): (usize, usize)| {
                (top as f32..top as f32 + 40.0).contains(&y)
                    && (left as f32..left as f32 + 40.0).contains(&x)
            };
            match spot.is_some_and(near) {
                true => 0.05,
                false => 0.5 + 0.4 * wave,
            }
        })
    }

    fn placement() -> Placement {
        Placement {
            source_px: (256, 256),
            seen: Area::whole((256, 256)),
            pose: None,
            canvas_px: (SIDE_PX, SIDE_PX),
            x: 0,
            y: 0,
            width: SIDE_PX,
            height: SIDE_PX,
        }
    }

    /// Of images that all have a spot at the upper left.
    fn learned(ignored: Option<Picture>) -> Learned {
        let view = FeatureView::new((256, 256), 256);
        let mut builder = MemoriesBuilder::new(6, view, 0, ignored);
        let spot = Some((40, 40));
        let images: Vec<Remembered> = (0..6)
            .map(|image| Remembered {
                image,
                view: picture(image, spot, 256),
                input: picture(image, spot, SIDE_PX),
                placement: placement(),
            })
            .collect();
        builder.add(&images);
        let learned = builder.close().finish();
        learned.expect("there are images")
    }

    fn upper_left() -> Picture {
        Picture::from_fn(1, SIDE_PX, SIDE_PX, |_, y, x| {
            f32::from(u8::from(y < SIDE_PX / 2 && x < SIDE_PX / 2))
        })
    }

    #[test]
    fn a_flaw_that_is_ignored_in_one_place_is_one_elsewhere() {
        let ignoring = learned(Some(upper_left()));
        let spoilt = picture(2, Some((180, 180)), 256);
        let at_the_spot = |learned: &Learned| {
            let map = learned.memories.distance_map(&spoilt, &placement());
            map.at(0, 100, 100)
        };
        let (knowing, ignoring_it) = (at_the_spot(&learned(None)), at_the_spot(&ignoring));
        assert!(ignoring_it > 2.0 * knowing, "{knowing} {ignoring_it}");
        // Nor does the energy's memory know it.
        let far = |learned: &Learned| {
            let input = picture(2, Some((180, 180)), SIDE_PX);
            let view = energy_view(&input).apply(&input);
            let features = FeatureNetwork::lite0().embed(&view);
            learned.memories.energy.distances(&features).values[25 * 32 + 25]
        };
        assert!(far(&ignoring) > 2.0 * far(&learned(None)));
        // What is left out measures nothing either.
        let own = ignoring.left_out(0).expect("measured");
        assert_eq!(own.values[5 * 32 + 5], 0.0);
        assert!(own.values[25 * 32 + 25] > 0.0);
    }

    #[test]
    fn patches_count_by_their_centres() {
        let (ignored, whole) = (upper_left(), placement());
        let counts = counted(&ignored, &whole, (2, 4)).expect("some do");
        assert_eq!(counts, [false, false, true, true, true, true, true, true]);
        // The photograph fills the lower right of the canvas alone.
        let inside = Placement {
            x: SIDE_PX / 2,
            y: SIDE_PX / 2,
            width: SIDE_PX / 2,
            height: SIDE_PX / 2,
            ..whole
        };
        assert_eq!(counted(&ignored, &inside, (2, 2)), Some(vec![true; 4]));
        let all = Picture::filled(1, SIDE_PX, SIDE_PX, 1.0);
        assert_eq!(counted(&all, &whole, (2, 2)), None);
    }

    #[test]
    fn of_very_many_images_some_are_remembered() {
        let wanted = |images: usize, side: usize| {
            let view = FeatureView::new((side, side), side);
            let builder = MemoriesBuilder::new(images, view, 0, None);
            (0..images).filter(|image| builder.wants(*image)).count()
        };
        assert_eq!(wanted(762, 256), 762);
        assert_eq!(wanted(400, 512), 400);
        assert_eq!(wanted(801, 512), 400);
    }
}
